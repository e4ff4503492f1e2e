//! Quiet hours: when whoever is called sleeps, by the clock on their wall.

use jiff::Timestamp;

use crate::model::Quiet;

impl Quiet {
    /// When the quiet hours that it is in end; `None` where it is in none.
    pub(super) fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let local = now.to_zoned_datetime(self.zone.tz.clone());
        let time = local.time();
        let is_in = match self.from <= self.to {
            true => self.from <= time && time < self.to,
            false => self.from <= time || time < self.to,
        };
        if !is_in {
            return None;
        }
        let day = if time < self.to { local.date() } else { local.date().tomorrow().ok()? };
        let end = self.zone.tz.to_ambiguous_zoned_datetime(day.to_datetime(self.to));
        // The night in which that time does not exist, it ends when the clock goes forward over it.
        if matches!(end.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
            return self.zone.tz.following(now).next().map(|transition| transition.timestamp());
        }
        Some(end.compatible().ok()?.timestamp())
    }
}
