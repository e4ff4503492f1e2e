//! Which places were heard of: a set that is emptied in no time.

/// Places by their index, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct PlaceSet {
    /// For each place the round in which it was last put in.
    rounds: Vec<u32>,
    round: u32,
    count: u16,
}

impl PlaceSet {
    pub fn insert(&mut self, place: Option<u16>) {
        let Some(place) = place else { return };
        let index = usize::from(place);
        if self.rounds.len() <= index {
            self.rounds.resize(index + 1, 0);
        }
        // Round 0 stands for "never", so the first is 1.
        let current = self.round.wrapping_add(1);
        if let Some(round) = self.rounds.get_mut(index)
            && *round != current
        {
            *round = current;
            self.count = self.count.saturating_add(1);
        }
    }

    pub fn count(&self) -> u16 {
        self.count
    }

    pub fn clear(&mut self) {
        if self.count > 0 {
            self.round = self.round.wrapping_add(1);
            self.count = 0;
        }
    }
}

/// How many results there are of each place.
#[derive(Clone, Debug, Default)]
pub(super) struct PlaceCounts {
    counts: Vec<u32>,
    distinct: u16,
}

impl PlaceCounts {
    pub fn add(&mut self, place: Option<u16>) {
        let Some(place) = place else { return };
        let index = usize::from(place);
        if self.counts.len() <= index {
            self.counts.resize(index + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(index) {
            if *count == 0 {
                self.distinct = self.distinct.saturating_add(1);
            }
            *count = count.saturating_add(1);
        }
    }

    pub fn remove(&mut self, place: Option<u16>) {
        let Some(count) = place.and_then(|place| self.counts.get_mut(usize::from(place))) else { return };
        if *count == 1 {
            self.distinct = self.distinct.saturating_sub(1);
        }
        *count = count.saturating_sub(1);
    }

    /// Of how many places there is any.
    pub fn distinct(&self) -> u16 {
        self.distinct
    }
}
