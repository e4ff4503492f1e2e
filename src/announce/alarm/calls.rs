//! Who is called now, by what is known of earlier calls.

use jiff::{SignedDuration, Timestamp};

use super::ended::{self, Ended};
use super::{Call, Health, Trouble, What, since_of};
use crate::announce::plan::{is_chosen, is_over};
use crate::derive::Derived;
use crate::model::{Alarm, Audience, Channel, Deliveries, Delivery, DeliveryState, Impact, Site, When};

/// What begins so soon after what a channel has heard belongs to the same wave.
const WAVE: SignedDuration = SignedDuration::from_mins(10);

/// The first pause after a failure, and the longest one: somebody must come.
const PAUSE_FIRST: SignedDuration = SignedDuration::from_mins(1);
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(5);

/// An all-clear that failed so often is no help any more.
const OVER_TRIES_MAX: u32 = 30;

/// What is known while calls are planned.
#[derive(Clone, Copy)]
pub(super) struct Planner<'a> {
    pub site: &'a Site,
    pub derived: &'a Derived,
    pub health: &'a Health,
    pub deliveries: &'a Deliveries,
    pub ours: &'a dyn Fn(&str) -> bool,
    /// All that is wrong now, by since.
    pub troubles: &'a [Trouble],
}

/// What a channel knows of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Not,
    /// It failed, and is tried again then.
    Waits(Timestamp),
    /// It heard it, or is hearing it now.
    Yes(Timestamp),
}

/// A trouble as a channel knows it.
struct Known<'a> {
    trouble: &'a Trouble,
    first: Heard,
    /// Where it has heard it: when it last did.
    last: Option<Timestamp>,
    /// What it hears next: the address, and whether that failed before.
    next: (u32, Heard),
}

/// Calls, and when something is due next.
#[derive(Default)]
struct Found {
    calls: Vec<Call>,
    due: Option<Timestamp>,
}

impl Found {
    fn due(&mut self, at: Timestamp) {
        self.due = Some(self.due.map_or(at, |known| known.min(at)));
    }
}

impl<'a> Planner<'a> {
    pub(super) fn plan(self) -> (Vec<Call>, Option<Timestamp>) {
        let mut found = Found::default();
        for (index, channel) in self.site.config.channels.iter().enumerate() {
            let Audience::Staff(alarm) = &channel.audience else { continue };
            if channel.drill {
                continue;
            }
            let mut own = Found::default();
            for &when in &alarm.when {
                self.wrong(&mut own, index, channel, alarm, when);
                self.over(&mut own, index, channel, when);
            }
            own.due.into_iter().for_each(|at| found.due(at));
            // Nothing is remembered of what was not sent: at their end it is asked again what is so.
            match alarm.quiet.as_ref().and_then(|quiet| quiet.until(self.derived.now)) {
                Some(until) if !own.calls.is_empty() => found.due(until),
                Some(_) => {}
                None => found.calls.append(&mut own.calls),
            }
        }
        let now = self.derived.now;
        (found.calls, found.due.filter(|due| *due > now))
    }

    fn wrong(self, found: &mut Found, index: usize, channel: &Channel, alarm: &Alarm, when: When) {
        let now = self.derived.now;
        let wanted = self.troubles.iter().filter(|one| one.when == when && self.wants(channel, one));
        let known: Vec<Known<'a>> = wanted.map(|one| self.known(channel, one)).collect();
        let mut is_due = false;
        for one in known.iter().filter(|one| one.last.is_none() && !one.trouble.is_fading) {
            let due = one.trouble.since.saturating_add(alarm.after).unwrap_or(Timestamp::MAX);
            match one.first {
                Heard::Yes(_) => {}
                _ if follows(one.trouble, &known) => {}
                Heard::Waits(until) => found.due(until),
                Heard::Not if due <= now => is_due = true,
                Heard::Not => found.due(due),
            }
        }
        let again = self.again(found, alarm, &known);
        if !is_due && !again {
            return;
        }
        let is_wave = is_wave(when);
        let mut call = Call { channel: index, when, keys: Vec::new(), what: What::Over(Vec::new()) };
        let (mut troubles, mut times) = (Vec::new(), 1);
        for one in &known {
            let new = one.last.is_none();
            if !new && again {
                times = times.max(one.next.0);
                call.keys.push(repeated(&one.trouble.key(), one.next.0));
            } else if new {
                call.keys.push(one.trouble.key());
            }
            if is_wave || new || again {
                troubles.push(one.trouble.clone());
            }
        }
        call.what = What::Wrong { troubles, times };
        found.calls.push(call);
    }

    /// Whether what it has heard is to be said again.
    fn again(self, found: &mut Found, alarm: &Alarm, known: &[Known<'_>]) -> bool {
        let now = self.derived.now;
        let (Some(again), Some(last)) = (alarm.again, known.iter().filter_map(|one| one.last).max()) else {
            return false;
        };
        if known.iter().all(|one| one.trouble.is_fading) {
            return false;
        }
        let heard = known.iter().filter(|one| one.last.is_some());
        let waits = heard.filter_map(|one| match one.next.1 {
            Heard::Waits(until) => Some(until),
            Heard::Not | Heard::Yes(_) => None,
        });
        if let Some(until) = waits.max() {
            found.due(until);
            return false;
        }
        // A clock that went back must not silence it.
        if now.duration_since(last).abs() >= again {
            return true;
        }
        found.due(last.saturating_add(again).unwrap_or(Timestamp::MAX));
        false
    }

    fn over(self, found: &mut Found, index: usize, channel: &Channel, when: When) {
        let start = format!("alarm/{}/", when.word());
        let mut ended: Vec<(String, Ended)> = Vec::new();
        for (key, by_channel) in self.deliveries.beginning_with(&start) {
            let Some(since) = since_of(key) else { continue };
            let is_heard = by_channel.get(&channel.id).is_some_and(|delivery| match delivery.state {
                DeliveryState::Sent | DeliveryState::Unsure => true,
                DeliveryState::Claimed | DeliveryState::Failed | DeliveryState::GivenUp => false,
            });
            let still = self.troubles.iter().filter(|one| one.when == when);
            let goes_on = still.clone().any(|one| one.key() == *key);
            let wave_goes_on = is_wave(when)
                && still.clone().any(|one| {
                    let is_near = one.since.duration_since(since).abs() <= WAVE;
                    is_near && matches!(self.heard(channel, &one.key()), Heard::Yes(_))
                });
            // What is not known yet by a clock that went back is not over.
            if !is_heard || goes_on || wave_goes_on || since > self.derived.now {
                continue;
            }
            let over = format!("{key}/over");
            match self.heard(channel, &over) {
                Heard::Yes(_) => {}
                Heard::Waits(_) if self.tries(channel, &over) >= OVER_TRIES_MAX => {}
                Heard::Waits(until) => found.due(until),
                Heard::Not => {
                    let how = ended::ended(self.site, self.derived, self.health, when, key);
                    ended.extend(how.map(|how| (over, how)));
                }
            }
        }
        if ended.is_empty() {
            return;
        }
        ended.sort_by(|(_, a), (_, b)| (a.since, &a.of).cmp(&(b.since, &b.of)));
        let (keys, ended) = ended.into_iter().unzip();
        found.calls.push(Call { channel: index, when, keys, what: What::Over(ended) });
    }

    fn known(self, channel: &Channel, trouble: &'a Trouble) -> Known<'a> {
        let key = trouble.key();
        let first = self.heard(channel, &key);
        let mut known = Known { trouble, first, last: None, next: (1, first) };
        let mut heard = first;
        while let Heard::Yes(at) = heard {
            known.last = Some(at);
            known.next.0 += 1;
            heard = self.heard(channel, &repeated(&key, known.next.0));
            known.next.1 = heard;
        }
        known
    }

    fn heard(self, channel: &Channel, key: &str) -> Heard {
        let Some(known) = self.deliveries.get(key, &channel.id) else { return Heard::Not };
        let now = self.derived.now;
        match known.state {
            DeliveryState::Sent | DeliveryState::Unsure => Heard::Yes(known.at),
            DeliveryState::Claimed => {
                if is_over(known.by.as_deref(), known.at, now, self.ours) {
                    Heard::Not
                } else {
                    Heard::Yes(known.at)
                }
            }
            DeliveryState::Failed | DeliveryState::GivenUp => {
                let until = known.at.saturating_add(pause(known)).unwrap_or(now);
                if now >= until || now < known.at { Heard::Not } else { Heard::Waits(until) }
            }
        }
    }

    fn tries(self, channel: &Channel, key: &str) -> u32 {
        self.deliveries.get(key, &channel.id).map_or(0, |known| known.tries)
    }

    /// Whether the channel has chosen what it touches.
    fn wants(self, channel: &Channel, trouble: &Trouble) -> bool {
        let choice = &channel.choice;
        trouble.impact.unwrap_or(Impact::Critical) >= choice.impact
            && (choice.components.is_empty()
                || trouble.components.is_empty()
                || trouble.components.iter().any(|id| is_chosen(self.site, &choice.components, id)))
    }
}

/// Whether one belongs to a wave that the channel has heard of.
fn follows(one: &Trouble, known: &[Known<'_>]) -> bool {
    let heard = known.iter().filter(|other| other.last.is_some()).map(|other| other.trouble.since);
    is_wave(one.when) && heard.into_iter().any(|since| one.since.duration_since(since).abs() <= WAVE)
}

/// Whether several of them usually have one cause.
fn is_wave(when: When) -> bool {
    match when {
        When::Unconfirmed | When::FeedSilent => true,
        When::UpdateOverdue | When::RfoDue | When::PromiseDue | When::BuildFailed | When::PublishFailed => false,
    }
}

/// The address of what is said for the nth time.
fn repeated(key: &str, times: u32) -> String {
    if times <= 1 { key.to_owned() } else { format!("{key}/again-{times}") }
}

fn pause(known: &Delivery) -> SignedDuration {
    PAUSE_FIRST.saturating_mul(1 << known.tries.saturating_sub(1).min(6)).min(PAUSE_MAX)
}
