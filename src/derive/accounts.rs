//! Accounts × minutes: what an outage came to for all whom it touched. Never guessed: what is not said is counted as not said.

use jiff::SignedDuration;

use crate::model::{Accounts, Config};

/// A sum over incidents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AccountMinutes {
    /// From `least` to `most`: they differ where a range was given. Whole minutes, each incident rounded down.
    pub least: u64,
    pub most: u64,
    /// Incidents that are in it.
    pub counted: u32,
    /// Incidents of which nothing is said, or a share while the config does not say of how many.
    pub unsaid: u32,
}

impl AccountMinutes {
    /// Adds an incident of that length.
    pub fn add(&mut self, accounts: Option<&Accounts>, length: SignedDuration, config: &Config) {
        let minutes = u64::try_from(length.as_mins()).unwrap_or(0);
        let Some((least, most)) = accounts.and_then(|accounts| bounds(accounts, config)) else {
            self.unsaid += 1;
            return;
        };
        self.counted += 1;
        self.least = self.least.saturating_add(least.saturating_mul(minutes));
        self.most = self.most.saturating_add(most.saturating_mul(minutes));
    }
}

/// The least and the greatest number that it can be.
pub fn bounds(accounts: &Accounts, config: &Config) -> Option<(u64, u64)> {
    match *accounts {
        Accounts::Exactly(n) => Some((n, n)),
        Accounts::Between(least, most) => Some((least, most)),
        Accounts::Share(hundredths) => {
            let all = u128::from(config.accounts?);
            let n = u64::try_from(all * u128::from(hundredths) / 10_000).ok()?;
            Some((n, n))
        }
    }
}
