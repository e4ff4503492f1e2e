//! To be made.
