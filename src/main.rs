//! The edge: arguments, the clock (read once), one command, exit status.

fn main() {}
