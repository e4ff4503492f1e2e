//! Commands, flags and help with examples; no logic.
