//! The built folder → where it is served.

pub mod live;
