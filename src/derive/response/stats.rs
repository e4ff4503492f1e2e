//! What many lengths of time come to.

use jiff::SignedDuration;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Count {
    pub n: u32,
    pub of: u32,
}

/// Of at least one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stats {
    /// Of an even number the mean of the middle two, rounded down to the second.
    pub median: SignedDuration,
    pub worst: SignedDuration,
    /// How many were in time; `None` where nothing is promised.
    pub in_time: Option<Count>,
    pub of: u32,
}

impl Stats {
    /// `None` of no lengths. What is just as long as promised, to the minute, is in time.
    pub fn of(lengths: &mut [SignedDuration], promised: Option<SignedDuration>) -> Option<Stats> {
        let _ = (lengths, promised);
        None
    }
}
