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
        all.extend(outgoing(site, derived, themes, &news, &plan.send));
        let is_drilled = |one: &Outgoing| {
            site.config.channels.get(one.channel).is_some_and(|channel| self.drilled.contains(&channel.id))
        };
        all.iter_mut().for_each(|one| mark(one, is_drilled(one)));

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
            // A shape of its own has no room for the mark of a drill, or no words for this.
            Outcome::Sent { note: Some(why), .. } if is_nothing(&why) => Hearing::Nothing(why),
            Outcome::Sent { .. } | Outcome::Elsewhere if is_drilled => Hearing::Sent,
            Outcome::Sent { .. } | Outcome::Elsewhere => Hearing::Shown,
        };
        Heard { at: self.derived.now, channel: one.channel, subject: one.subject, how }
    }
}

/// What a channel says that has no words for something.
fn is_nothing(note: &str) -> bool {
    note.starts_with("nothing was sent")
}

/// What is to be done about a message of a drill; its link and its commands are of the real page, which knows nothing.
const DRILL: &str = "This is a drill: the link leads nowhere, and no `upfront` command answers it. Type your words in the \
                     terminal where `upfront drill` runs.";

/// Nobody may take it for the real thing. What has a shape of its own, with no room for that, is not sent.
fn mark(one: &mut Outgoing, is_sent: bool) {
    one.said.facts.is_test = true;
    one.said.facts.body = format!("{DRILL}\n\n{}", one.said.facts.body);
    one.said.facts.title = format!("DRILL: {}", one.said.facts.title);
    if is_sent {
        one.said.statuspage = serde_json::Value::Null;
    }
}
