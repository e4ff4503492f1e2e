//! Changes to the writer's own files, which keep every other byte.
