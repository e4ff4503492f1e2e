//! A world, a clock that goes on minute by minute, and who is called when. On 30 March 2022; times are UTC.
//!
//! ```text
//! imap 11:00 …                  published at 11:00, nobody does anything
//! imap 11:00 covered 11:07      a person posts at 11:07
//! imap 11:00 over 11:20 again 11:40 11:43      good from 11:20 on; fails again from 11:40, which is detected at 11:43
//! ```
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use snapbox::{assert_data_eq, str};

use super::*;
use crate::derive::{NextUpdate, promises::Owed};
use crate::load::built_in_theme;
use crate::model::{
    Alarm, Audience, Channel, ChannelKind, Choice, Delivery, DeliveryState, Detection, DetectionKind, Feed, FeedKind,
    FeedReading, FeedState, Heartbeat, HeldBack, MonitorId, MonitorRef, NewsKind, Origin, Outage, Places, Quiet,
    Secrets, Zone,
};
use crate::render::fixture::{fixture, slug};
use crate::render::{Theme, say_alarm};

#[test]
fn nobody_confirms_and_it_gets_louder() {
    let world = World::new("imap 11:00", &["sms after 5m", "boss after 15m"]);
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:15 boss: IMAP: nobody has confirmed it

"#]]
    );
}

#[test]
fn somebody_posts_and_the_louder_step_never_comes() {
    let world = World::new("imap 11:00 covered 11:07", &["sms after 5m", "boss after 15m"]);
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:07 sms: IMAP: posted

"#]]
    );
}

#[test]
fn what_ends_before_the_first_step_calls_nobody() {
    let world = World::new("imap 11:00 over 11:02", &["sms after 20m"]);
    assert_data_eq!(world.told("11:00", "12:00"), str![[""]]);
}

#[test]
fn nobody_is_called_for_what_is_good_again() {
    let world = World::new("imap 11:00 over 11:10", &["sms after 5m again 5m", "boss after 15m"]);
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:25 sms: IMAP: by itself

"#]]
    );
}

#[test]
fn what_ends_by_itself_is_said_to_whoever_was_called() {
    // It is over when nothing failed for the hold.
    let world = World::new("imap 11:00 over 11:10", &["sms after 5m", "boss after 1h"]);
    assert_data_eq!(
        world.told("11:00", "12:30"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:25 sms: IMAP: by itself

"#]]
    );
}

#[test]
fn a_wave_of_seven_is_one_message_and_one_all_clear() {
    let all: String = (0..7).map(|number| format!("c{number} 11:0{number} over 11:3{number}\n")).collect();
    let world = World::new(&all, &["sms after 5m", "boss after 15m"]);
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:05 sms: C0 C1 C2 C3 C4 C5: nobody has confirmed it
11:15 boss: C0 C1 C2 C3 C4 C5 C6: nobody has confirmed it
11:50 sms: C0 C1 C2 C3 C4 C5: by itself
11:51 boss: C0 C1 C2 C3 C4 C5 C6: by itself

"#]]
    );
}

#[test]
fn what_begins_long_after_a_wave_is_news() {
    let world = World::new("imap 11:00\nsmtp 11:30", &["sms after 5m"]);
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:35 sms: IMAP SMTP: nobody has confirmed it

"#]]
    );
}

#[test]
fn one_of_a_wave_that_nobody_confirms_is_told_when_the_others_are() {
    let world = World::new("imap 11:00 covered 11:10\nsmtp 11:06", &["sms after 5m"]);
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:10 sms: IMAP: posted
11:11 sms: SMTP: nobody has confirmed it

"#]]
    );
}

#[test]
fn what_flaps_is_one_alarm_and_what_comes_back_is_another() {
    // Not good for as long as the hold: it never was over.
    let flapping = World::new("imap 11:00 over 11:04 again 11:10 11:13", &["sms after 5m", "boss after 15m"]);
    assert_data_eq!(
        flapping.told("11:00", "12:00"),
        str![[r#"
11:13 sms: IMAP: nobody has confirmed it
11:15 boss: IMAP: nobody has confirmed it

"#]]
    );
    let back = World::new("imap 11:00 over 11:10 again 11:40 11:43", &["sms after 5m", "boss after 15m"]);
    assert_data_eq!(
        back.told("11:00", "12:30"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:25 sms: IMAP: by itself
11:48 sms: IMAP: nobody has confirmed it
11:58 boss: IMAP: nobody has confirmed it

"#]]
    );
}

#[test]
fn it_is_said_again_until_somebody_acts() {
    let world = World::new("imap 11:00 covered 12:10", &["sms after 5m again 20m"]);
    assert_data_eq!(
        world.told("11:00", "13:00"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:25 sms: IMAP: nobody has confirmed it (2)
11:45 sms: IMAP: nobody has confirmed it (3)
12:05 sms: IMAP: nobody has confirmed it (4)
12:10 sms: IMAP: posted

"#]]
    );
}

#[test]
fn quiet_hours_postpone_what_is_still_so_at_their_end() {
    // In Oslo it is two hours later.
    let channels = ["sms after 5m quiet 13:00-14:30 Europe/Oslo", "boss after 15m"];
    let still = World::new("imap 11:00", &channels);
    assert_data_eq!(
        still.told("11:00", "13:00"),
        str![[r#"
11:15 boss: IMAP: nobody has confirmed it
12:30 sms: IMAP: nobody has confirmed it

"#]]
    );
    let over = World::new("imap 11:00 covered 12:00", &channels);
    assert_data_eq!(
        over.told("11:00", "13:00"),
        str![[r#"
11:15 boss: IMAP: nobody has confirmed it
12:00 boss: IMAP: posted

"#]]
    );
}

#[test]
fn quiet_hours_go_over_midnight_and_follow_the_clock_on_the_wall() {
    for (zone, hours, now, until) in [
        ("UTC", "22:00-07:00", "2022-03-29T21:59:00Z", "-"),
        ("UTC", "22:00-07:00", "2022-03-29T22:00:00Z", "2022-03-30T07:00:00Z"),
        ("UTC", "22:00-07:00", "2022-03-30T06:59:00Z", "2022-03-30T07:00:00Z"),
        ("UTC", "22:00-07:00", "2022-03-30T07:00:00Z", "-"),
        ("UTC", "12:00-13:00", "2022-03-30T12:30:00Z", "2022-03-30T13:00:00Z"),
        ("UTC", "12:00-12:00", "2022-03-30T12:00:00Z", "-"),
        // The night in which the clock goes forward is an hour shorter, the other one longer.
        ("Europe/Oslo", "22:00-07:00", "2022-03-26T22:00:00Z", "2022-03-27T05:00:00Z"),
        ("Europe/Oslo", "22:00-07:00", "2022-10-29T22:00:00Z", "2022-10-30T06:00:00Z"),
        // 02:30 does not exist then.
        ("Europe/Oslo", "22:00-02:30", "2022-03-26T22:00:00Z", "2022-03-27T01:00:00Z"),
    ] {
        let quiet = quiet(hours, zone);
        let at = quiet.until(now.parse().unwrap()).map_or("-".to_owned(), |at| at.to_string());
        assert_eq!(at, until, "{hours} {zone} {now}");
    }
}

#[test]
fn a_restart_and_a_clock_that_goes_back_say_nothing_twice() {
    let world = World::new("imap 11:00", &["sms after 5m", "boss after 15m"]);
    let mut known = Deliveries::default();
    let mut told = String::new();
    for minute in ["11:04", "11:05", "11:05", "11:09", "10:30", "11:02", "11:06", "11:16", "11:16", "10:00", "11:20"] {
        told += &world.minute(at(minute), &mut known);
    }
    assert_data_eq!(
        told,
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it
11:16 boss: IMAP: nobody has confirmed it

"#]]
    );
}

#[test]
fn what_a_channel_did_not_take_is_tried_again_soon() {
    let mut world = World::new("imap 11:00 covered 11:20", &["sms after 5m"]);
    world.down_until = Some(at("11:13"));
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:05 sms: IMAP: nobody has confirmed it (fails)
11:06 sms: IMAP: nobody has confirmed it (fails)
11:08 sms: IMAP: nobody has confirmed it (fails)
11:12 sms: IMAP: nobody has confirmed it (fails)
11:17 sms: IMAP: nobody has confirmed it
11:20 sms: IMAP: posted

"#]]
    );
}

#[test]
fn whoever_dies_over_a_call_has_not_made_it() {
    let world = World::new("imap 11:00", &["sms after 5m"]);
    let mut known = Deliveries::default();
    world.minute(at("11:05"), &mut known);
    for by_channel in known.0.values_mut() {
        let delivery = by_channel.get_mut(&slug("sms")).unwrap();
        *delivery = Delivery { by: Some("us-1".to_owned()), ..delivery_of(DeliveryState::Claimed, at("11:05"), 1) };
    }
    let (site, derived) = world.as_of(at("11:06"));
    let plan = |ours: bool| plan(&site, &derived, &world.health, &known, &|_| ours).0.len();
    // While somebody else is at it, it is theirs; what we left ourselves is to be done again.
    assert_eq!((plan(false), plan(true)), (0, 1));
}

#[test]
fn only_what_a_channel_has_chosen_calls_it() {
    let mut world = World::new("imap 11:00\nsmtp 11:30", &["sms after 5m", "boss after 5m"]);
    world.channels[0].choice.components = vec![slug("smtp")];
    world.channels[1].choice.impact = crate::model::Impact::Critical;
    world.kind = DetectionKind::Partial;
    assert_data_eq!(
        world.told("11:00", "12:00"),
        str![[r#"
11:35 sms: SMTP: nobody has confirmed it

"#]]
    );
}

#[test]
fn only_what_asks_for_a_person_calls_one() {
    for (held_back, is_called) in [
        (None, true),
        (Some(HeldBack::Draft), true),
        (Some(HeldBack::TooMany), true),
        (Some(HeldBack::Off), false),
        (Some(HeldBack::Parent(slug("x"))), false),
        (Some(HeldBack::SuspectSource(slug("own"))), false),
        (Some(HeldBack::Maintenance(slug("x"))), false),
    ] {
        let mut world = World::new("imap 11:00", &["sms after 5m"]);
        world.held_back = held_back.clone();
        assert_eq!(!world.told("11:00", "11:30").is_empty(), is_called, "{held_back:?}");
    }
}

#[test]
fn promises_to_readers_call_when_their_time_has_come() {
    let mut world = World::new("", &["sms when update_overdue,rfo_due after 10m"]);
    world.next_update = Some(at("11:30"));
    world.owed = Some(Owed::Due("2022-03-31".parse().unwrap()));
    // The day of the report begins at midnight in Oslo.
    assert_data_eq!(
        world.told("11:00", "23:00"),
        str![[r#"
11:40 sms: 1: the next update is overdue
22:10 sms: 0: the report is due

"#]]
    );
}

#[test]
fn a_silent_feed_calls_and_is_told_when_it_speaks() {
    let mut world = World::new("", &["sms when feed_silent after 10m"]);
    world.heard = vec![(at("11:00"), at("11:20")), (at("11:50"), at("13:00"))];
    assert_data_eq!(
        world.told("11:00", "12:30"),
        str![[r#"
11:30 sms: own: nothing is heard
11:50 sms: own: heard

"#]]
    );
}

#[test]
fn a_build_that_fails_calls_once_however_often_the_process_begins_anew() {
    let mut world = World::new("", &["sms when build_failed,publish_failed after 5m"]);
    let mut known = Deliveries::default();
    let mut told = String::new();
    let mut at_with = |minute: &str, failed: Option<&str>, is_known: bool| {
        world.health = Health {
            is_known,
            build_failed: failed.map(|since| (at(since), "no space left".to_owned())),
            ..Health::default()
        };
        told += &world.minute(at(minute), &mut known);
    };
    at_with("11:04", Some("11:00"), true);
    at_with("11:05", Some("11:00"), true);
    // Begun anew: it knows only that it failed just now. And somebody runs `announce` by hand, who knows nothing.
    at_with("11:30", Some("11:30"), true);
    at_with("11:36", Some("11:30"), true);
    at_with("11:40", None, false);
    at_with("11:50", None, true);
    at_with("12:00", Some("12:00"), true);
    at_with("12:05", Some("12:00"), true);
    assert_data_eq!(
        told,
        str![[r#"
11:05 sms: build: the page cannot be built
11:50 sms: build: works
12:05 sms: build: the page cannot be built

"#]]
    );
}

#[test]
fn it_is_said_when_somebody_is_to_be_called_next() {
    let world = World::new("imap 11:00", &["sms after 5m again 30m", "boss after 15m quiet 11:00-12:00 UTC"]);
    let mut known = Deliveries::default();
    let mut due = String::new();
    for minute in ["11:01", "11:05", "11:06", "11:20", "11:36", "12:00"] {
        world.minute(at(minute), &mut known);
        let (site, derived) = world.as_of(at(minute));
        let next = plan(&site, &derived, &world.health, &known, &|_| false).1;
        due += &format!("{minute} → {}\n", next.map_or("-".to_owned(), |at| at.strftime("%H:%M").to_string()));
    }
    assert_data_eq!(
        due,
        str![[r#"
11:01 → 11:05
11:05 → 11:15
11:06 → 11:15
11:20 → 11:35
11:36 → 12:00
12:00 → 12:06

"#]]
    );
}

#[test]
fn a_call_says_what_is_so_and_what_helps() {
    let world = World::new("imap 11:00\nsmtp 11:30", &["sms after 5m again 30m"]);
    let mut known = Deliveries::default();
    let mut said = String::new();
    for minute in ["11:05", "11:35", "12:05"] {
        let (site, derived) = world.as_of(at(minute));
        let theme = Theme::new(&built_in_theme(), &site.config).unwrap_or_else(|_| unreachable!("it is whole"));
        for call in plan(&site, &derived, &world.health, &known, &|_| false).0 {
            let facts = say_alarm(&site, &derived, &theme, &call).facts;
            said += &format!("{minute} {}: {}\n{}\n{}\n\n", facts.title, facts.stage_name, facts.body, facts.link);
        }
        world.minute(at(minute), &mut known);
    }
    assert_data_eq!(
        said,
        str![[r#"
11:05 IMAP: our checks fail: nobody has confirmed it
IMAP: our checks fail, since 30 March 2022, 12:57 CEST.

What to do:
upfront confirm 2022-03-30-1100-imap
https://status.fjordpost.example/incidents/2022-03-30-1100-imap/

11:35 IMAP and SMTP: nobody has confirmed it
IMAP: our checks fail, since 30 March 2022, 12:57 CEST.
SMTP: our checks fail, since 30 March 2022, 13:27 CEST.
Called 2 times; nobody has acted yet.

What to do:
upfront new "…" -c imap,smtp
https://status.fjordpost.example/

12:05 IMAP and SMTP: nobody has confirmed it
IMAP: our checks fail, since 30 March 2022, 12:57 CEST.
SMTP: our checks fail, since 30 March 2022, 13:27 CEST.
Called 3 times; nobody has acted yet.

What to do:
upfront new "…" -c imap,smtp
https://status.fjordpost.example/


"#]]
    );
}

/// What goes on, and whom it calls.
struct World {
    outages: Vec<Line>,
    channels: Vec<Channel>,
    health: Health,
    kind: DetectionKind,
    held_back: Option<HeldBack>,
    /// Of the second incident.
    next_update: Option<Timestamp>,
    /// Of the first one.
    owed: Option<Owed>,
    /// From when to when something is heard of the feed each minute.
    heard: Vec<(Timestamp, Timestamp)>,
    /// Channels take nothing until then.
    down_until: Option<Timestamp>,
}

struct Line {
    component: String,
    published: Timestamp,
    over: Option<Timestamp>,
    covered: Option<Timestamp>,
    /// Fails again from then on, which is detected then.
    again: Option<(Timestamp, Timestamp)>,
}

fn at(time: &str) -> Timestamp {
    format!("2022-03-30T{time}:00Z").parse().unwrap()
}

fn quiet(hours: &str, zone: &str) -> Quiet {
    let time = |text: &str| -> Time { format!("{text}:00").parse().unwrap() };
    let (from, to) = hours.split_once('-').unwrap();
    Quiet { from: time(from), to: time(to), zone: Zone { name: zone.to_owned(), tz: TimeZone::get(zone).unwrap() } }
}

fn delivery_of(state: DeliveryState, at: Timestamp, tries: u32) -> Delivery {
    Delivery { state, at, tries, by: None, remote: None, link: None, why: None }
}

/// `sms when unconfirmed after 5m again 30m quiet 22:00-07:00 Europe/Oslo`
fn channel(text: &str) -> Channel {
    let words: Vec<&str> = text.split_whitespace().collect();
    let after = |name: &str, nth: usize| words.iter().position(|word| *word == name).map(|at| words[at + nth]);
    let length = |text: &str| -> SignedDuration { text.parse().unwrap() };
    let when = after("when", 1).unwrap_or("unconfirmed").split(',');
    let when = when.map(|word| When::ALL.into_iter().find(|when| when.word() == word).unwrap()).collect();
    let alarm = Alarm {
        when,
        after: length(after("after", 1).unwrap()),
        again: after("again", 1).map(length),
        quiet: after("quiet", 1).map(|hours| quiet(hours, after("quiet", 2).unwrap())),
    };
    Channel {
        id: slug(words[0]),
        kind: ChannelKind::Ntfy,
        options: BTreeMap::new(),
        secrets: BTreeMap::new(),
        audience: Audience::Staff(alarm),
        choice: Choice { components: Vec::new(), impact: crate::model::Impact::None, news: NewsKind::ALL.to_vec() },
        language: None,
        template: None,
        timeout: SignedDuration::from_secs(10),
        drill: false,
    }
}

impl World {
    fn new(outages: &str, channels: &[&str]) -> World {
        World {
            outages: outages.lines().map(Line::new).collect(),
            channels: channels.iter().map(|text| channel(text)).collect(),
            health: Health::default(),
            kind: DetectionKind::Down,
            held_back: None,
            next_update: None,
            owed: None,
            heard: Vec::new(),
            down_until: None,
        }
    }

    fn as_of(&self, now: Timestamp) -> (Site, Derived) {
        let fixture = fixture();
        let (mut site, mut derived) = (fixture.site, fixture.derived);
        derived.now = now;
        let template = site.config.components[0].clone();
        for name in self.outages.iter().map(|line| &line.component) {
            if site.config.component(&slug(name)).is_none() {
                let own = crate::model::Component { id: slug(name), name: name.to_uppercase(), ..template.clone() };
                site.config.components.push(own);
            }
        }
        crate::load::fill_notice_texts(&mut site.config, &built_in_theme());
        site.config.channels = self.channels.clone();
        site.detections = self.outages.iter().filter_map(|line| self.detection(line, now)).collect();
        derived.incidents[1].next_update = self.next_update.map(|at| NextUpdate { at, overdue: at <= now });
        derived.incidents[0].owed = self.owed.clone().unwrap_or_default();
        if !self.heard.is_empty() {
            site.config.monitoring.feeds = vec![feed("own")];
            let all = self.heard.iter().map(|(from, to)| (*from, (*to).min(now))).filter(|(from, to)| from <= to);
            let beat =
                |(_, to): (Timestamp, Timestamp)| Heartbeat { at_ms: to.as_millisecond(), every_s: 60, monitors: 1 };
            let heartbeats = all.map(beat).collect();
            site.monitoring.feeds = vec![FeedReading { feed: slug("own"), state: FeedState::FromLog, heartbeats }];
        }
        (site, derived)
    }

    /// As it was known then.
    fn detection(&self, line: &Line, now: Timestamp) -> Option<Detection> {
        let hold = SignedDuration::from_mins(15);
        let mut outage = Outage {
            start: line.published - SignedDuration::from_mins(3),
            end: line.over.filter(|over| *over <= now),
            monitor: MonitorRef { feed: slug("own"), monitor: MonitorId::new(&line.component).unwrap() },
            kind: self.kind,
            fails: 3,
            results: 3,
        };
        let mut end = outage.end;
        let mut outages = vec![outage.clone()];
        let mut openings = vec![line.published];
        if let Some((start, detected)) = line.again.filter(|(_, detected)| *detected <= now) {
            outage.start = start;
            outage.end = None;
            outages.push(outage);
            openings.push(detected);
            end = None;
        }
        let closed = end.map(|end| end + hold).filter(|closed| *closed <= now);
        (line.published <= now).then(|| Detection {
            id: slug(&format!("2022-03-30-{}-{}", line.published.strftime("%H%M"), line.component)),
            components: vec![slug(&line.component)],
            kind: self.kind,
            start: outages[0].start,
            detected: line.published,
            outages,
            places: Places { failing: 3, of: 5 },
            recovering: end,
            end: closed.and(end),
            closed,
            openings,
            unstable: false,
            published: self.held_back.is_none().then_some(line.published),
            held_back: self.held_back.clone(),
            covered_by: line.covered.filter(|covered| *covered <= now).map(|_| slug("2022-03-30-slow")),
            withdrawn: false,
            thresholds: String::new(),
            revision: 1,
        })
    }

    /// Who is called in that minute; and what is then known of it.
    fn minute(&self, now: Timestamp, known: &mut Deliveries) -> String {
        let (site, derived) = self.as_of(now);
        let (calls, _) = plan(&site, &derived, &self.health, known, &|_| false);
        let mut said = String::new();
        for call in calls {
            let fails = self.down_until.is_some_and(|until| now < until);
            let channel = &site.config.channels[call.channel].id;
            let state = if fails { DeliveryState::Failed } else { DeliveryState::Sent };
            said += &format!("{} {channel}: {}", now.strftime("%H:%M"), told(&site, &call));
            said += if fails { " (fails)\n" } else { "\n" };
            for key in call.keys {
                let by_channel = known.0.entry(key).or_default();
                let tries = by_channel.get(channel).map_or(1, |before| before.tries + 1);
                by_channel.insert(channel.clone(), delivery_of(state, now, tries));
            }
        }
        said
    }

    fn told(&self, from: &str, to: &str) -> String {
        let mut known = Deliveries::default();
        let mut said = String::new();
        let (mut now, to) = (at(from), at(to));
        while now <= to {
            said += &self.minute(now, &mut known);
            now += SignedDuration::from_mins(1);
        }
        said
    }
}

fn feed(id: &str) -> Feed {
    Feed {
        id: slug(id),
        kind: FeedKind::Upfront,
        from: Origin::Log,
        interval: None,
        timeout: SignedDuration::from_secs(10),
        secrets: Secrets::default(),
        canary: None,
        options: BTreeMap::new(),
    }
}

fn told(site: &Site, call: &Call) -> String {
    let theme = Theme::new(&built_in_theme(), &site.config).unwrap_or_else(|_| unreachable!("it is whole"));
    let of = |about: &About| match about {
        About::Detection(index) => site.detections[*index].components[0].as_str().to_uppercase(),
        About::Incident(index) | About::Report(index) => index.to_string(),
        About::FollowUp { rfo, follow_up } => format!("{rfo}/{follow_up}"),
        About::Feed { feed, .. } => site.config.monitoring.feeds[*feed].id.to_string(),
        About::Build(_) => "build".to_owned(),
        About::Publish(_) => "publish".to_owned(),
    };
    match &call.what {
        What::Wrong { troubles, times } => {
            let all: Vec<String> = troubles.iter().map(|one| of(&one.about)).collect();
            let stage = say_alarm(site, &fixture().derived, &theme, call).facts.stage_name;
            let times = if *times > 1 { format!(" ({times})") } else { String::new() };
            format!("{}: {stage}{times}", all.join(" "))
        }
        What::Over(ended) => {
            let name = |of: &str| of.rsplit('-').next().unwrap_or(of).to_owned();
            let all: Vec<String> = ended
                .iter()
                .map(|one| match one.when {
                    When::Unconfirmed => name(&one.of).to_uppercase(),
                    _ => one.of.clone(),
                })
                .collect();
            let how = match ended[0].how {
                How::Posted { .. } => "posted",
                How::Withdrawn { .. } => "withdrawn",
                How::ByItself { .. } => "by itself",
                How::Reported { .. } => "reported",
                How::Done { .. } => "done",
                How::Heard { .. } => "heard",
                How::Works => "works",
                How::Gone => "gone",
            };
            format!("{}: {how}", all.join(" "))
        }
    }
}

impl Line {
    fn new(text: &str) -> Line {
        let words: Vec<&str> = text.split_whitespace().collect();
        let after = |name: &str, nth: usize| words.iter().position(|word| *word == name).map(|at| words[at + nth]);
        Line {
            component: words[0].to_owned(),
            published: at(words[1]),
            over: after("over", 1).map(at),
            covered: after("covered", 1).map(at),
            again: after("again", 1).map(at).zip(after("again", 2).map(at)),
        }
    }
}
