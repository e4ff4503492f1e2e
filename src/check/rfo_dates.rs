//! Reports whose dates contradict their incident, or each other. By days, in the site's zone: a report seldom has more.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{Checked, locate};
use crate::derive::{Moment, RfoFacts};
use crate::diag::{Code, Diagnostic};
use crate::model::{PostedAt, Rfo};

/// Times may differ by so much before it is said, and lengths by a tenth.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (rfo, facts) in checked.site.rfos.iter().zip(&checked.derived.rfos) {
        published(checked, rfo, facts, &mut diagnostics);
        follow_ups(checked, rfo, facts, &mut diagnostics);
        own_times(checked, rfo, facts, &mut diagnostics);
    }
    diagnostics
}

/// A report comes after what it reports on.
fn published(checked: &Checked<'_>, rfo: &Rfo, facts: &RfoFacts, diagnostics: &mut Vec<Diagnostic>) {
    let config = &checked.site.config;
    let Some(incident) = facts.incident.and_then(|index| checked.derived.incidents.get(index)) else { return };
    if rfo.published == PostedAt::Unknown {
        return;
    }
    let published = facts.published.day(config);
    let (what, cure) = match incident.ended.map(|ended| ended.day(config)) {
        Some(ended) if published < ended => (
            format!("the report is published on {published}, before the incident ended on {ended}"),
            "put the date right",
        ),
        Some(_) => return,
        None => (
            format!("the report is published on {published}, but its incident has not ended"),
            "resolve the incident: `upfront resolve`",
        ),
    };
    diagnostics.push(at(checked, rfo, "published", facts.published.day(config), &mut 0, what).cure(cure));
}

/// A promise is kept after the incident, not in the future, and due after it is made.
fn follow_ups(checked: &Checked<'_>, rfo: &Rfo, facts: &RfoFacts, diagnostics: &mut Vec<Diagnostic>) {
    let config = &checked.site.config;
    let today = Moment::At(checked.derived.now).day(config);
    let began = facts
        .incident
        .and_then(|index| checked.derived.incidents.get(index))
        .map(|incident| incident.started.day(config));
    let published = (rfo.published != PostedAt::Unknown).then(|| facts.published.day(config));
    let (mut done_from, mut due_from) = (0, 0);
    for follow_up in &rfo.follow_ups {
        if let Some(done) = follow_up.done {
            let what = match began {
                Some(began) if done < began => {
                    Some(format!("a follow-up was done on {done}, before the incident began on {began}"))
                }
                _ if done > today => Some(format!("a follow-up was done on {done}, which is still to come")),
                _ => None,
            };
            diagnostics.extend(what.map(|what| {
                at(checked, rfo, "done", done, &mut done_from, what).cure("put the date right, or take `done` out")
            }));
        }
        if let (Some(due), Some(published)) = (follow_up.due, published)
            && due < published
            && follow_up.done.is_none_or(|done| done > due)
        {
            let what = format!("a follow-up is due on {due}, before the report was published on {published}");
            diagnostics.push(at(checked, rfo, "due", due, &mut due_from, what).cure("put the date right"));
        }
    }
}

/// What a report says in its keys of when it began, ended and how long it lasted. A report may know better than the posts;
/// but where monitors measured, posts or measurements must bear it out, and a length must be that of something.
fn own_times(checked: &Checked<'_>, rfo: &Rfo, facts: &RfoFacts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(incident) = facts.incident.and_then(|index| checked.derived.incidents.get(index)) else { return };
    let at = |moment: Option<Moment>| match moment {
        Some(Moment::At(at)) => Some(at),
        Some(Moment::Day(_)) | None => None,
    };
    let (measured_start, measured_end) =
        incident.measured.as_ref().map_or((None, None), |measured| (Some(measured.start), measured.end));
    let (started, ended) = (at(Some(incident.started)), at(incident.ended));
    let source = checked.source(&rfo.source);
    let mut tell = |key: &str, what: String| {
        let span = locate::key(source.text(), key).unwrap_or_default();
        let told = Diagnostic::warning(Code::RFO_DATES, what).at(&source, span).cure("put one of the two right");
        diagnostics.push(told.outcome("published as it is"));
    };
    if let (Some(started), Some(ended)) = (rfo.started, rfo.ended)
        && ended < started
    {
        tell("ended", "by this report it ended before it started".to_owned());
    }
    for (key, said, posts, measured) in
        [("started", rfo.started, started, measured_start), ("ended", rfo.ended, ended, measured_end)]
    {
        let Some((said, measured)) = said.zip(measured) else { continue };
        let differs = |known: Timestamp| said.duration_since(known).abs() > TOLERANCE;
        if differs(measured) && posts.is_none_or(differs) {
            let at = measured.to_zoned_datetime(checked.site.config.zone.tz.clone()).strftime("%Y-%m-%d %H:%M %Z");
            tell(key, format!("by this report it {key} neither when its posts say nor when checks measured, {at}"));
        }
    }
    let lengths = [rfo.ended.zip(rfo.started), measured_end.zip(measured_start), ended.zip(started)];
    let lengths = lengths.into_iter().flatten().map(|(to, from)| to.duration_since(from));
    let lengths: Vec<SignedDuration> = lengths.filter(SignedDuration::is_positive).collect();
    if let Some((said, first)) = rfo.duration.zip(lengths.first()) {
        let tolerance = |known: &SignedDuration| TOLERANCE.max(*known / 10);
        if lengths.iter().all(|known| (said - *known).abs() > tolerance(known)) {
            tell("duration", format!("by this report it lasted {said:#}, by its times {first:#}"));
        }
    }
}

/// At the date of that key, searched from `from` on, which then is behind it.
fn at(checked: &Checked<'_>, rfo: &Rfo, key: &str, date: Date, from: &mut usize, what: String) -> Diagnostic {
    let source = checked.source(&rfo.source);
    let span = locate::value(source.text(), key, &date.to_string(), *from);
    *from = span.as_ref().map_or(*from, |span| span.end);
    Diagnostic::warning(Code::RFO_DATES, what).at(&source, span.unwrap_or_default()).outcome("published as it is")
}
