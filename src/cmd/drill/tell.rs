//! Telling channels of a drill: those that are for drills really, all others only in show.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::announce::{Themes, outgoing, outgoing_calls};
use crate::announce::alarm::{self, Health};
use crate::announce::deliver::{self, Outcome, Outgoing, Reach, Sender, Turn};
use crate::announce::wire::{Real, Rehearsal, Wire};
use crate::announce::{news, plan};
use crate::cmd::{Edge, Failure};
use crate::derive::Derived;
use crate::drill::score::{Heard, Hearing};
use crate::model::{Channel, Site, Slug};

/// What is known when channels are told.
pub(super) struct Told<'a> {
    pub edge: &'a Edge,
    /// The copy.
    pub root: &'a Path,
    pub site: &'a Site,
    pub derived: &'a Derived,
    pub themes: &'a Themes,
    /// Channels that are for drills.
    pub drilled: &'a BTreeSet<Slug>,
}

impl Told<'_> {
    /// Tells what is to be told, as `upfront announce` does, and says what came of it.
    pub fn tell(&self) -> Result<Vec<Heard>, Failure> {
        let Told { edge, site, derived, themes, .. } = *self;
        let turn = Turn::take(self.root, derived.now)?.ok_or_else(|| Failure::new("the copy is in use"))?;
        let ours = |by: &str| turn.is_over(by);
        let (calls, _) = alarm::plan(site, derived, &Health::default(), &site.deliveries, &ours);
        let mut all = outgoing_calls(site, derived, themes, &calls);
        let news = news::news(site, derived);
        let plan = plan::plan(site, derived, &news, &site.deliveries, &ours);
        all.extend(outgoing(site, derived, themes, &news, &plan, &[]));
        all.iter_mut().for_each(mark);

        let reach = |channel: &Channel| -> Result<Box<dyn Wire + '_>, crate::net::Trouble> {
            if !self.drilled.contains(&channel.id) {
                return Ok(Box::new(Rehearsal::default()));
            }
            Ok(Box::new(Real::new(edge.root(), channel.options.get("ca_file").map(String::as_str))?))
        };
        let reach: &Reach<'_> = &reach;
        let theme_of = |channel: &Channel| themes.of(channel);
        let clock = || derived.now;
        let collector = Slug::new("drill").ok_or_else(|| Failure::new("no collector"))?;
        let sender = Sender {
            root: self.root,
            site,
            themes: &theme_of,
            reach,
            clock: &clock,
            turn: &turn,
            collector: &collector,
        };
        let delivered = deliver::deliver(sender, all, false);
        Ok(delivered.into_iter().map(|one| self.heard(one)).collect())
    }

    fn heard(&self, one: deliver::Delivered) -> Heard {
        let is_drilled = self.drilled.contains(&one.channel);
        let how = match one.outcome {
            Outcome::Failed(why) | Outcome::Unsure(why) => Hearing::Failed(why),
            Outcome::Sent { .. } | Outcome::Elsewhere if is_drilled => Hearing::Sent,
            Outcome::Sent { .. } | Outcome::Elsewhere => Hearing::Shown,
        };
        Heard { at: self.derived.now, channel: one.channel, subject: one.subject, how }
    }
}

/// Nobody may take it for the real thing. What has a shape of its own, with no room for that, is not sent.
fn mark(one: &mut Outgoing) {
    one.said.facts.is_test = true;
    one.said.facts.title = format!("DRILL: {}", one.said.facts.title);
    one.said.statuspage = serde_json::Value::Null;
}
