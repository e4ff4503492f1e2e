//! `upfront announce`: news → channels, once.
//!
//! What the page does not show yet is not announced: it is looked for at the site's address, for some minutes. News that
//! is older than that goes out all the same: the page may be what is down.

mod list;
mod report;
mod test;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

pub(super) use self::report::Report;
use super::observed::{Observed, observe};
use super::publish::page_of;
use super::{Edge, Failure, Status};
use crate::announce::alarm::{self, Call, Health};
use crate::announce::channel::{self, Speaker};
use crate::announce::deliver::{self, Delivered, Outgoing, Reach, Sender, Turn};
use crate::announce::message::{self, To};
use crate::announce::news::{self, News};
use crate::announce::plan::{self, Item, Plan};
use crate::announce::wire::{Real, Rehearsal, Wire};
use crate::cli;
use crate::derive::{self, Derived};
use crate::load::history::deliveries::{self, read_deliveries_at};
use crate::model::{Channel, Config, DeliveryState, Site, Slug};
use crate::net::Web;
use crate::publish::live;
use crate::record::share;
use crate::render::{self, Theme};

/// News that is older goes out though the page does not show it.
const ANYWAY_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How often the page is looked at while it does not show the news.
const LOOK_EVERY: Duration = Duration::from_secs(3);

pub(super) fn run(edge: &Edge, args: &cli::Announce) -> Result<Status, Failure> {
    let Observed { site, now, diagnostics } = observe(edge, args.now, false)?;
    // First what may be why a channel cannot be used.
    edge.tell(&diagnostics);
    if site.config.channels.is_empty() {
        let cure = "add `[[channel]]` to `upfront.toml`, or to `upfront.private.toml`; see docs/announcing.md";
        return Err(Failure::new("no channel can be used, so there is nobody to tell").cure(cure));
    }
    let site = chosen(site, &args.channels)?;
    if args.list {
        return list::run(edge, &site, now, args.json);
    }
    let themes = Themes::new(&site)?;
    if args.test {
        return test::run(edge, &site, &themes, now, args);
    }
    let derived = derive::derive(&site, now);
    let mut report = if args.dry_run {
        rehearse(edge, &site, &derived, &themes)?
    } else {
        let Some(turn) = Turn::take(edge.root(), now)? else {
            let cure = "wait until it has ended; nothing is sent twice";
            return Err(Failure::new("another `upfront announce` or `upfront run` is announcing just now").cure(cure));
        };
        let manner = Manner { wait: args.wait.unwrap_or(ANYWAY_AFTER), push: args.push, health: &Health::default() };
        announce(edge, &site, &derived, &themes, &turn, manner)?
    };
    report.left_out = site.config.channels_left_out.clone();
    match args.json {
        true => edge.print(&format!("{:#}\n", report.json()))?,
        false => edge.say(&report.human(&site))?,
    }
    Ok(if report.is_fine() { Status::Fine } else { Status::FoundProblems })
}

/// The site with no other channels than those that were named.
fn chosen(mut site: Site, names: &[String]) -> Result<Site, Failure> {
    for name in names {
        if site.config.channels_left_out.contains(name) {
            return Err(Failure::new(format!("`{name}` has a mistake in the config")).cure("it is told above"));
        }
        if !site.config.channels.iter().any(|channel| channel.id.as_str() == name) {
            let known = site.config.channels.iter().map(|channel| channel.id.as_str());
            return Err(Failure::unknown("channel", name, known));
        }
    }
    if !names.is_empty() {
        site.config.channels_left_out.clear();
        site.config.channels.retain(|channel| names.iter().any(|name| name == channel.id.as_str()));
    }
    Ok(site)
}

/// The theme in each language that a channel speaks.
pub(super) struct Themes {
    own: Theme,
    others: BTreeMap<String, Theme>,
}

impl Themes {
    /// # Errors
    ///
    /// What is wrong with the theme.
    pub fn new(site: &Site) -> Result<Themes, Failure> {
        let mut others = BTreeMap::new();
        for language in site.config.channels.iter().filter_map(|channel| channel.language.clone()) {
            // A language without a file would speak English, which the site's own words are better than.
            let is_there = site.theme.0.contains_key(&format!("i18n/{language}.toml"));
            if is_there && language != site.config.language && !others.contains_key(&language) {
                let config = Config { language: language.clone(), ..site.config.clone() };
                others.insert(language, Theme::new(&site.theme, &config)?);
            }
        }
        Ok(Themes { own: Theme::new(&site.theme, &site.config)?, others })
    }

    pub fn of(&self, channel: &Channel) -> &Theme {
        channel.language.as_ref().and_then(|language| self.others.get(language)).unwrap_or(&self.own)
    }
}

/// How to announce.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner<'a> {
    /// How long the page may take to show it.
    pub wait: SignedDuration,
    /// Whether claims are pushed before anything is sent.
    pub push: bool,
    /// What is known of the steps before.
    pub health: &'a Health,
}

/// Sends what is to be sent now: staff's calls and public news at the same time, so that neither waits for the other.
pub(super) fn announce(
    edge: &Edge,
    site: &Site,
    derived: &Derived,
    themes: &Themes,
    turn: &Turn,
    manner: Manner<'_>,
) -> Result<Report, Failure> {
    let clock = edge.ticking();
    let collector = Slug::new("main").ok_or_else(|| Failure::new("no collector"))?;
    let reach = |channel: &Channel| -> Result<Box<dyn Wire + '_>, crate::net::Trouble> {
        Ok(Box::new(Real::new(edge.root(), channel.options.get("ca_file").map(String::as_str))?))
    };
    let reach: &Reach<'_> = &reach;
    let theme_of = |channel: &Channel| themes.of(channel);
    let sender =
        Sender { root: edge.root(), site, themes: &theme_of, reach, clock: &clock, turn, collector: &collector };

    // Somebody may have sent it while we read the site.
    deliveries::readable(edge.root()).map_err(|why| {
        let failure = Failure::new(format!("nothing is sent, for nobody knows what was sent before: {why}"));
        failure.cure("`history/deliveries.ndjson` may be shortened from its beginning; what is older than a day is not sent again")
    })?;
    let deliveries = read_deliveries_at(edge.root(), clock()).value;
    let (calls, due) = alarm::plan(site, derived, manner.health, &deliveries, &|by| turn.is_over(by));
    let calls = outgoing_calls(site, derived, themes, &calls);
    let news = news::news(site, derived);
    let plan = plan::plan(site, derived, &news, &deliveries, &|by| turn.is_over(by));
    let why_unsure = "whoever sent it was stopped before the channel answered";
    let (called, told) = std::thread::scope(|scope| {
        // They are this machine's own, so that no claim of them is pushed.
        let called = scope.spawn(move || deliver::deliver(sender, calls, false));
        let noted = deliver::note(sender, &plan.unsure, DeliveryState::Unsure, why_unsure).and_then(|()| {
            let why = "it failed until it was no news any more";
            deliver::note(sender, &plan.given_up, DeliveryState::GivenUp, why)
        });
        let told = noted
            .map_err(Failure::from)
            .and_then(|()| when_live(edge, sender, derived, themes, (&news, &plan), manner));
        (called.join().unwrap_or_default(), told)
    });
    let (told, held_back) = told?;
    let mut report = Report::of(&news, &plan, &held_back, why_unsure);
    report.call_at = due;
    report.delivered.extend(called);
    report.delivered.extend(told);
    if manner.push && !report.delivered.is_empty() {
        // What could not be pushed goes with the next push.
        let _ = share::push(edge.root(), "Announce", &mut || {});
    }
    Ok(report)
}

/// Calls of staff, said in each channel's language.
pub(super) fn outgoing_calls(site: &Site, derived: &Derived, themes: &Themes, calls: &[Call]) -> Vec<Outgoing> {
    let one = |call: &Call| {
        let channel = site.config.channels.get(call.channel)?;
        let said = render::say_alarm(site, derived, themes.of(channel), call);
        let (key, also) = call.keys.split_first()?;
        Some(Outgoing {
            channel: call.channel,
            key: key.clone(),
            also: also.to_vec(),
            thread: call.thread(),
            since: derived.now,
            said,
        })
    };
    calls.iter().filter_map(one).collect()
}

/// What is to be sent, said in each channel's language.
pub(super) fn outgoing(site: &Site, derived: &Derived, themes: &Themes, news: &[News], send: &[Item]) -> Vec<Outgoing> {
    let one = |item: &Item| {
        let (one, channel) = (news.get(item.news)?, site.config.channels.get(item.channel)?);
        let said = render::say(site, derived, themes.of(channel), one, item.late, item.superseded)?;
        Some(Outgoing {
            channel: item.channel,
            key: one.key.clone(),
            also: Vec::new(),
            thread: format!("incidents/{}/", one.thread),
            since: one.at,
            said,
        })
    };
    send.iter().filter_map(one).collect()
}

/// Sends each piece of news once the page shows it, or once it is old enough; nothing waits for what is not there yet. Answers
/// what became of them, and the news that the page does not show after all this time, by its place.
fn when_live(
    edge: &Edge,
    sender: Sender<'_>,
    derived: &Derived,
    themes: &Themes,
    (news, plan): (&[News], &Plan),
    manner: Manner<'_>,
) -> Result<(Vec<Delivered>, Vec<usize>), Failure> {
    let mut missing: Vec<usize> = plan.send.iter().map(|item| item.news).collect();
    missing.dedup();
    missing.retain(|&index| news.get(index).is_some_and(|one| !one.seen_live) && !manner.wait.is_zero());
    let ca_file = sender.site.config.publishing.verify.ca_file.as_deref();
    let web = match missing.is_empty() {
        true => None,
        false => Some(Web::new(edge.root(), ca_file).map_err(|trouble| Failure::new(trouble.why))?),
    };
    let until = Instant::now().checked_add(Duration::try_from(manner.wait).unwrap_or_default());
    let (mut unsent, mut delivered) = (plan.send.clone(), Vec::new());
    loop {
        if let Some(web) = &web {
            look(web, sender.site, news, &mut missing, (sender.clock)());
        }
        let (mut ready, rest): (Vec<Item>, Vec<Item>) =
            unsent.into_iter().partition(|item| !missing.contains(&item.news));
        unsent = rest;
        for item in &mut ready {
            // What was to be told before it waits for the page.
            item.superseded &= !unsent.iter().any(|newer| is_newer(news, *newer, *item));
        }
        if !ready.is_empty() {
            let ready = outgoing(sender.site, derived, themes, news, &ready);
            delivered.extend(deliver::deliver(sender, ready, manner.push));
        }
        if unsent.is_empty() || until.is_none_or(|until| Instant::now() >= until) {
            return Ok((delivered, missing));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Whether one tells the same channel newer news of the same incident than the other.
fn is_newer(news: &[News], newer: Item, item: Item) -> bool {
    let thread = |item: Item| news.get(item.news).map(|one| &one.thread);
    newer.channel == item.channel && newer.news < item.news && thread(newer) == thread(item)
}

/// Strikes out what the page shows by now, and what is old enough to go out all the same.
fn look(web: &Web, site: &Site, news: &[News], missing: &mut Vec<usize>, now: Timestamp) {
    let pages: Vec<(String, String)> =
        missing.iter().filter_map(|&index| Some((index.to_string(), page_of(site, news.get(index)?)?))).collect();
    let live = live::live(web, site.config.url.as_str(), &pages);
    missing.retain(|index| !live.contains(&index.to_string()));
    missing.retain(|&index| news.get(index).is_some_and(|one| now.duration_since(one.at) < ANYWAY_AFTER));
}

/// Shows what would be sent, and sends nothing.
fn rehearse(edge: &Edge, site: &Site, derived: &Derived, themes: &Themes) -> Result<Report, Failure> {
    let news = news::news(site, derived);
    let plan = plan::plan(site, derived, &news, &site.deliveries, &|_| false);
    let (calls, due) = alarm::plan(site, derived, &Health::default(), &site.deliveries, &|_| false);
    let mut report = Report::of(&news, &plan, &[], "it is not known whether it arrived");
    report.call_at = due;
    let calls = outgoing_calls(site, derived, themes, &calls);
    for one in calls.into_iter().chain(outgoing(site, derived, themes, &news, &plan.send)) {
        let Some(channel) = site.config.channels.get(one.channel) else { continue };
        let thread = deliver::thread(&site.deliveries, channel, &one.thread, &one.key);
        report.shown.push(rehearsed(edge, site, themes, channel, (&one.key, one.said, thread), derived.now)?);
    }
    Ok(report)
}

/// One message as it would be sent.
fn rehearsed(
    edge: &Edge,
    site: &Site,
    themes: &Themes,
    channel: &Channel,
    (key, said, thread): (&str, render::Said, message::Thread),
    now: Timestamp,
) -> Result<report::Shown, Failure> {
    let secrets = deliver::secrets(edge.root(), channel);
    let missing = secrets.as_ref().err().cloned();
    // Without its secrets it is shown with dots in their places.
    let values =
        secrets.unwrap_or_else(|_| channel.secrets.keys().map(|name| (name.clone(), "…".to_owned())).collect());
    let wire = Rehearsal::hiding(&values);
    let message = message::compose(To { site, theme: themes.of(channel), channel }, key, said, thread)
        .map_err(|error| Failure::Mistakes(vec![*error.0]))?;
    let speaker = Speaker { channel, secrets: &values, wire: &wire, site_url: &site.config.url, now };
    let refused = match channel::send(&speaker, &message) {
        Ok(_) => None,
        Err(channel::NotSent::Refused(why) | channel::NotSent::Later { why, .. } | channel::NotSent::Unsure(why)) => {
            Some(why)
        }
    };
    Ok(report::Shown {
        channel: channel.id.clone(),
        kind: channel.kind,
        subject: message.subject,
        missing: missing.or(refused),
        text: wire.shown(),
    })
}
