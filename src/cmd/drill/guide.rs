//! What whoever plays a drill reads meanwhile: a line for each thing that happens, and what is to be done about it.

use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use super::{Drill, clock};
use crate::cmd::Failure;
use crate::derive::Derived;
use crate::model::Site;

/// How long before a promised word is due one is reminded of it.
const REMIND_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// What was said to whoever plays, so that it is said once.
#[derive(Debug, Default)]
pub(super) struct Said {
    notice: bool,
    recovering: bool,
    closed: bool,
    reminded: Option<Timestamp>,
}

impl Drill<'_> {
    /// What whoever plays should know now.
    pub(super) fn guide(&mut self, site: &Site, derived: &Derived) -> Result<(), Failure> {
        let at = derived.now.to_zoned_datetime(site.config.zone.tz.clone());
        let Some(detection) = site.detections.first() else { return Ok(()) };
        let is_published = detection.published.is_some_and(|published| published <= derived.now);
        if is_published && !std::mem::replace(&mut self.said.notice, true) {
            self.line(&at, "the page says by itself that the checks fail; no person has confirmed it")?;
            self.hint(
                "type what you tell readers, and Enter; `monitoring:` or `resolved:` before it says how far it is",
            )?;
        }
        if detection.recovering.is_some() && !std::mem::replace(&mut self.said.recovering, true) {
            self.line(&at, "the checks are good again")?;
            self.hint("tell readers: `monitoring: …`")?;
        }
        if detection.closed.is_some() && !std::mem::replace(&mut self.said.closed, true) {
            self.line(&at, "nothing failed for the whole hold: as far as the monitors know it is over")?;
            self.hint("tell readers: `resolved: …`")?;
        }
        let open = derived.incidents.iter().filter_map(|facts| facts.next_update).map(|next| next.at).min();
        let due = open.filter(|due| due.duration_since(derived.now) <= REMIND_BEFORE);
        if let Some(due) = due.filter(|due| self.said.reminded != Some(*due)) {
            self.said.reminded = Some(due);
            let due = due.to_zoned_datetime(site.config.zone.tz.clone());
            self.line(&at, &format!("the next word is promised by {}", clock(&due)))?;
        }
        Ok(())
    }

    /// A line with the drill's time.
    pub(super) fn line(&self, at: &ZonedDateTime, what: &str) -> Result<(), Failure> {
        if self.args.json { Ok(()) } else { self.edge.say(&format!("{}  {what}\n", clock(at))) }
    }

    fn hint(&self, what: &str) -> Result<(), Failure> {
        if self.person.is_asked() { self.list(&format!("→ {what}\n")) } else { Ok(()) }
    }

    pub(super) fn list(&self, lines: &str) -> Result<(), Failure> {
        if self.args.json {
            return Ok(());
        }
        lines.lines().try_for_each(|line| self.edge.say(&format!("         {line}\n")))
    }
}
