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
        lengths.sort_unstable();
        let worst = *lengths.last()?;
        let middle = lengths.len() / 2;
        let upper = lengths.get(middle).copied()?;
        let median = match lengths.len() % 2 {
            0 => {
                let lower = lengths.get(middle - 1).copied()?;
                // Half of each, so that no two lengths are too long to be added.
                SignedDuration::from_secs(lower.as_secs() + (upper.as_secs() - lower.as_secs()) / 2)
            }
            _ => upper,
        };
        let of = u32::try_from(lengths.len()).unwrap_or(u32::MAX);
        let in_time = promised.map(|promised| {
            let kept = lengths.iter().filter(|length| length.as_mins() <= promised.as_mins()).count();
            Count { n: u32::try_from(kept).unwrap_or(of), of }
        });
        Some(Stats { median, worst, in_time, of })
    }
}
