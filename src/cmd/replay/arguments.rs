//! What is to be replayed, as the command line says it.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::real;
use crate::cli;
use crate::cmd::{Failure, or_tell, when};
use crate::derive::replay::{Real, Thresholds, watched};
use crate::diag::nearest;
use crate::model::{DetectionLimits, Site, Slug};

/// Tried where the command line names none, beside the site's own.
const DETECT_AFTER: [SignedDuration; 3] =
    [SignedDuration::from_mins(2), SignedDuration::from_mins(3), SignedDuration::from_mins(5)];

#[derive(Debug)]
pub(super) struct Arguments {
    pub components: Vec<Slug>,
    /// By `detect_after`, then hold, each pair once; the site's own are among them.
    pub tried: Vec<Thresholds>,
    pub real: Option<Vec<Real>>,
    pub from: Option<Timestamp>,
    own: Thresholds,
}

impl Arguments {
    pub fn read(args: &cli::Replay, site: &Site) -> Result<Arguments, Failure> {
        let mut mistakes = Vec::new();
        let limits = &site.config.monitoring.limits;
        let components = or_tell(components(&args.components, site), &mut mistakes);
        let detect_after = or_tell(lengths("--detect-after", &args.detect_after), &mut mistakes);
        let hold = or_tell(lengths("--hold", &args.hold), &mut mistakes);
        let real = args.real.as_ref().map(|file| real::read(file, &site.config)).transpose();
        let real = or_tell(real, &mut mistakes);
        let from = args.from.as_deref().map(|day| first_moment(day, site)).transpose();
        let from = or_tell(from, &mut mistakes);
        match (components, detect_after, hold, real, from) {
            (Some(components), Some(detect_after), Some(hold), Some(real), Some(from)) => Ok(Arguments {
                components,
                tried: tried(&detect_after, &hold, limits),
                real,
                from,
                own: Thresholds::of(limits),
            }),
            _ => Err(Failure::All(mistakes)),
        }
    }

    /// Whether the site itself has these thresholds.
    pub fn is_own(&self, thresholds: &Thresholds) -> bool {
        *thresholds == self.own
    }
}

/// Every `detect_after` with every hold.
fn tried(detect_after: &[SignedDuration], hold: &[SignedDuration], limits: &DetectionLimits) -> Vec<Thresholds> {
    let own = Thresholds::of(limits);
    let detect_after = if detect_after.is_empty() { &DETECT_AFTER } else { detect_after };
    let own_hold = [own.hold];
    let hold = if hold.is_empty() { &own_hold } else { hold };
    let with = |&detect_after: &SignedDuration, &hold: &SignedDuration| {
        let fast_detect_after = if detect_after == own.detect_after { own.fast_detect_after } else { detect_after };
        Thresholds { detect_after, fast_detect_after, hold }
    };
    let mut all: Vec<Thresholds> =
        detect_after.iter().flat_map(|after| hold.iter().map(move |hold| with(after, hold))).collect();
    all.push(own);
    all.sort_by_key(|one| (one.detect_after, one.hold));
    all.dedup();
    all
}

fn lengths(flag: &str, given: &[String]) -> Result<Vec<SignedDuration>, Failure> {
    let read = |text: &String| {
        when::length(text).ok_or_else(|| {
            Failure::new(format!("`{flag} {text}` is no length of time")).cure("write it like 90s, 3m or 1h")
        })
    };
    given.iter().map(read).collect()
}

/// All that monitors speak for, where none is named.
fn components(named: &[String], site: &Site) -> Result<Vec<Slug>, Failure> {
    let watched = watched(site);
    if watched.is_empty() {
        let failure = Failure::new("no results of any component are recorded");
        return Err(failure
            .cure("`upfront record` keeps what feeds say; `upfront record --check` shows what is understood of it"));
    }
    if named.is_empty() {
        return Ok(watched);
    }
    named.iter().map(|id| component(id, site, &watched)).collect()
}

fn component(id: &str, site: &Site, watched: &[Slug]) -> Result<Slug, Failure> {
    if let Some(found) = watched.iter().find(|watched| watched.as_str() == id) {
        return Ok(found.clone());
    }
    let is_known = site.config.components.iter().any(|component| component.id.as_str() == id);
    if is_known {
        let cure = format!("give it `monitors` in upfront.toml; there are results of {}", listed(watched));
        return Err(Failure::new(format!("no results of `{id}` are recorded")).cure(cure));
    }
    let cure = match nearest(id, watched.iter().map(Slug::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there is {}", listed(watched)),
    };
    Err(Failure::new(format!("no component is called `{id}`")).cure(cure))
}

fn listed(ids: &[Slug]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

/// The midnight that a day begins with, in the site's zone.
fn first_moment(day: &str, site: &Site) -> Result<Timestamp, Failure> {
    let date: Option<Date> = day.parse().ok();
    let midnight = date.and_then(|date| date.to_zoned_datetime(site.config.zone.tz.clone()).ok());
    midnight
        .map(|at| at.timestamp())
        .ok_or_else(|| Failure::new(format!("`--from {day}` is no day")).cure("write it like 2026-11-01"))
}
