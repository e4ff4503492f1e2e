//! How a component was at an instant, ordered so that of all that is said of it the greatest counts.

/// First what is left out whatever else was the case, then planned work, then trouble, then what nobody knows. An
/// instant with none of them was good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// No monitor of it knows. Where a false alarm was withdrawn, the index of the post that says so.
    Unknown(Option<usize>),
    Trouble(Trouble),
    /// Announced in time by the post of that index.
    Maintenance(usize),
    /// Before the first result, or switched off.
    NotMonitored,
}

/// Something was wrong. Of several at once the heaviest counts, never their sum; of equals what people wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Trouble {
    /// Thousandths.
    pub weight: u16,
    pub by_people: bool,
    /// The index of the incident or notice about it.
    pub of: Option<usize>,
}
