//! `upfront announce`: who hears what, once.

mod plan;
