//! Why, in words: what first, then what it rests on, one step further in.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::Why;
use super::subject::Subject;
use crate::derive::detect::Rule;
use crate::derive::explain::{
    Because, BecauseNot, Evidence, OfComponent, OfDetection, OfMonitor, Said, SaidBy, Silent,
};
use crate::diag::report::shown;
use crate::model::{HeldBack, Kind, Places};

/// A component with its detections, or one detection.
pub(super) fn subject(why: &Why<'_>, subject: Subject) -> String {
    let (of_component, detections) = why.parts(subject);
    let mut text = of_component.map(|known| component(why, &known)).unwrap_or_default();
    for known in detections {
        text += &detection(why, &known);
    }
    text
}

fn component(why: &Why<'_>, known: &OfComponent) -> String {
    let Some(component) = why.config().components.get(known.component) else { return String::new() };
    let Some(facts) = why.derived.components.get(known.component) else { return String::new() };
    let mut text = format!("{}: {} ({})\n", component.id, facts.state.word(), shown(&component.name));
    for one in &known.said {
        text += &said(why, one);
    }
    if known.said.is_empty() {
        text += "  no post that is under way says anything of it\n";
    }
    for one in &known.monitors {
        text += &monitor(why, one);
    }
    if known.monitors.is_empty() {
        text += "  no monitor speaks for it\n";
    }
    text
}

/// `  incidents/2026-11-24-imap.md:14 says major_outage, by its impact critical: "Logins fail" (identified)`
fn said(why: &Why<'_>, said: &Said) -> String {
    let Some(incident) = why.site.incidents.get(said.incident) else { return String::new() };
    if incident.kind == Kind::Notice {
        return format!("  the notice {} says {}\n", incident.slug, said.state.word());
    }
    let update = incident.updates.get(said.update);
    let place = update.map_or(incident.source.clone(), |update| format!("{}:{}", incident.source, update.line));
    let by = match said.by {
        SaidBy::Heading => "in its heading".to_owned(),
        SaidBy::Impact => format!("by its impact {}", incident.impact.word()),
        SaidBy::Window => "since its work has begun".to_owned(),
    };
    let stage = update.map_or(String::new(), |update| format!(" ({})", update.stage.word()));
    format!("  {place} says {}, {by}: \"{}\"{stage}\n", said.state.word(), shown(&incident.title))
}

fn monitor(why: &Why<'_>, known: &OfMonitor) -> String {
    let mut text = format!("  monitor {}: ", known.monitor);
    match &known.newest {
        Some(newest) => {
            let word = newest.status.word();
            let confirmed = if newest.confirmed { "" } else { ", not confirmed by its source" };
            let since = if newest.is_span { "since" } else { "at" };
            let place = newest.place.as_deref().map(|place| format!(" from {}", shown(place))).unwrap_or_default();
            let _ = write!(text, "{word} {since} {}{place}{confirmed}", clock(why, newest.at_ms));
            if let Some(line) =
                why.line(&known.monitor, newest.place.as_deref(), newest.at_ms).filter(|_| !newest.is_span)
            {
                let _ = write!(text, " ({line})");
            }
        }
        None => text += "nothing was heard of it",
    }
    text.push('\n');
    if let Some(failing) = &known.failing {
        let results = if failing.results == 1 { "1 result".to_owned() } else { format!("{} results", failing.results) };
        let since = clock(why, failing.since_ms);
        let _ = write!(text, "    fails since {since}, {results} in a row");
        if failing.detected_ms > why.derived.now.as_millisecond() {
            let _ = write!(text, "; an outage from {} on if it goes on", clock(why, failing.detected_ms));
        }
        text.push('\n');
    }
    if let Some(silent) = &known.silent {
        let _ = writeln!(text, "    no data: {}", silence(why, silent));
    }
    if known.standing.is_some_and(|standing| standing.checking) {
        text += "    its row says \"checking\"\n";
    }
    text
}

fn silence(why: &Why<'_>, silent: &Silent) -> String {
    match silent {
        Silent::NoFeed => "no feed of that name is in the config".to_owned(),
        Silent::FeedFailed(reason) => format!("its feed could not be read: {}", shown(reason)),
        Silent::Expired(at) => format!("what its feed says held until {}", clock(why, at.as_millisecond())),
        Silent::Paused => "it is switched off".to_owned(),
        Silent::Never => "it was never heard of".to_owned(),
        Silent::Stale => "nothing was heard of it for too long".to_owned(),
    }
}

fn detection(why: &Why<'_>, known: &OfDetection) -> String {
    let Some(detection) = why.site.detections.get(known.detection) else { return String::new() };
    let ids: Vec<&str> = detection.components.iter().map(|id| id.as_str()).collect();
    let start = moment(why, detection.start);
    let life = match (detection.end, detection.recovering) {
        (Some(end), _) => format!("ended {}", moment(why, end)),
        (None, Some(at)) => format!("good again since {}, not yet for the hold", moment(why, at)),
        (None, None) => "still failing".to_owned(),
    };
    let mut text = format!("{}: {} of {}, from {start}, {life}\n", detection.id, detection.kind.word(), ids.join(", "));
    let places = match detection.places {
        Places { of: 0, .. } => String::new(),
        Places { failing, of } => format!(", from {failing} of {of} places"),
    };
    let detected = moment(why, detection.detected);
    let _ = writeln!(text, "  detected {detected}{places}, by: {}", shown(&detection.thresholds));
    for evidence in &known.evidence {
        text += &told(why, evidence);
    }
    if known.evidence.is_empty() {
        text += "  its results are no longer there: the ledger alone knows it\n";
    } else if known.in_ledger {
        text += "  the ledger holds it: it is gone on with, and not computed again\n";
    }
    text + &news(why, known)
}

/// Whether it has a notice, and what covers it.
fn news(why: &Why<'_>, known: &OfDetection) -> String {
    let Some(detection) = why.site.detections.get(known.detection) else { return String::new() };
    let mut text = match (&detection.held_back, detection.published) {
        (Some(why_not), _) => format!("  no notice: {}\n", held_back(why_not)),
        (None, Some(at)) => format!("  notice published {}\n", moment(why, at)),
        (None, None) => "  no notice yet: it waits for others of the same cause\n".to_owned(),
    };
    if let Some((index, because)) = known.covered
        && let Some(incident) = why.site.incidents.get(index)
    {
        let because = match because {
            Because::SaysSo => "it says so",
            Because::Began => "it began while the outage was under way, or shortly after",
            Because::Fresh => "it was open when the outage began, and its last word was fresh",
            Because::Kept => "it covered it once, and that is kept",
        };
        let verb = if detection.withdrawn { "withdrawn" } else { "covered" };
        let _ = writeln!(text, "  {verb} by {}: {because}", incident.source);
    } else if let Some(slug) = &detection.covered_by {
        let _ = writeln!(text, "  covered by {slug}, which is no longer there");
    }
    if let Some((index, because)) = known.passed_over
        && let Some(incident) = why.site.incidents.get(index)
    {
        let because = match because {
            BecauseNot::Over(at_ms) => format!("people had said at {} that it was over", clock(why, at_ms)),
            BecauseNot::Stale(at_ms) => format!("its last word, of {}, was too old", clock(why, at_ms)),
        };
        let _ = writeln!(text, "  not covered by {}: {because}", incident.source);
    }
    text
}

fn held_back(why_not: &HeldBack) -> String {
    match why_not {
        HeldBack::Maintenance(slug) => format!("announced maintenance, {slug}"),
        HeldBack::Incident(slug) => format!("people had written already, {slug}"),
        HeldBack::Parent(id) => format!("what it depends on is out, {id}"),
        HeldBack::SuspectSource(feed) => format!("the feed {feed} itself has trouble"),
        HeldBack::TooMany => "more of them today than are told one by one".to_owned(),
        HeldBack::Draft => "a draft was written instead, for `notices = \"draft\"`".to_owned(),
        HeldBack::Off => "`notices = \"off\"`".to_owned(),
    }
}

/// The results that decided, each with its place and its line in the log.
fn told(why: &Why<'_>, evidence: &Evidence) -> String {
    let rule = match evidence.rule {
        Rule::Total => "nothing but failing results for long enough",
        Rule::Brownout => "enough of the last results failed",
        Rule::Declared => "its source has said so for long enough",
        Rule::Degraded => "nothing but degraded or slow results for long enough",
    };
    let mut text = format!("  {}: {rule}\n", evidence.monitor);
    let half = evidence.results.len() / 2;
    for (index, result) in evidence.results.iter().enumerate() {
        if evidence.left_out > 0 && index == half {
            let _ = writeln!(text, "    … {} more …", evidence.left_out);
        }
        let confirmed = if result.confirmed { "" } else { ", not confirmed" };
        let latency = result.latency_us.map(|us| format!(" in {} ms", us / 1000)).unwrap_or_default();
        let place = result.place.as_deref().map(|place| format!(" from {}", shown(place))).unwrap_or_default();
        let line = why
            .line(&evidence.monitor, result.place.as_deref(), result.at_ms)
            .map(|line| format!("  {line}"))
            .unwrap_or_default();
        let at = clock(why, result.at_ms);
        let _ = writeln!(text, "    {at} {}{latency}{place}{confirmed}{line}", result.status.word());
    }
    text
}

fn moment(why: &Why<'_>, at: Timestamp) -> String {
    clock(why, at.as_millisecond())
}

/// The site's own time, with the day unless it is today's: `12:05:00 CET`.
fn clock(why: &Why<'_>, at_ms: i64) -> String {
    let Ok(at) = Timestamp::from_millisecond(at_ms) else { return "some time".to_owned() };
    let tz = &why.config().zone.tz;
    let at = at.to_zoned_datetime(tz.clone());
    let is_today = at.date() == why.derived.now.to_zoned_datetime(tz.clone()).date();
    at.strftime(if is_today { "%H:%M:%S %Z" } else { "%Y-%m-%d %H:%M:%S %Z" }).to_string()
}
