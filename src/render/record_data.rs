//! `/response.json` and `/promises.json`: what stands behind `/response/` and `/promises/`, for programs, each with its JSON
//! Schema in the same folder (`*.schema.json`).
//!
//! The formats have a version; within one, fields are added and never change their meaning. Times are RFC 3339 in UTC, lengths whole
//! seconds, rounded down. Neither file says when it was built: it changes when a fact does.

use schemars::JsonSchema;
use serde::Serialize;

use super::json_feed::json;
use super::keys::Keys;
use super::machine::{Source, rfc3339, text};
use super::markdown;
use super::output::{Class, Key, Output};
use crate::derive::promises::Owed;
use crate::derive::response::record::{Period as RecordPeriod, Standing, Stretch};
use crate::derive::response::{Gap, PostedBy, Response, Stats};
use crate::derive::{FollowUpState, IncidentFacts, Moment};
use crate::model::{Config, Incident, Kind};

/// The version of both formats.
const VERSION: u32 = 1;

pub(in crate::render) fn outputs<'a>(source: Source<'a>, keys: &Keys) -> impl Iterator<Item = Output<'a>> {
    let incidents: Vec<Option<Key>> = (0..source.site.incidents.len()).map(|index| keys.incident(index)).collect();
    let rfos: Vec<Option<Key>> = (0..source.site.rfos.len()).map(|index| keys.rfo(index)).collect();
    let config = &source.site.config;
    // What is open counts in the record as it stands, so that its minutes stand for it.
    let record_key = Key::of(&(config, &source.derived.record, incidents));
    let promises_key = Key::of(&(config, &source.derived.promises, rfos));
    [
        text("response.json", Class::Index, Some(record_key), move || compact(&record(source))),
        text("response.schema.json", Class::Asset, None, move || json(&schemars::schema_for!(Record))),
        text("promises.json", Class::Index, Some(promises_key), move || json(&promises(source))),
        text("promises.schema.json", Class::Asset, None, move || json(&schemars::schema_for!(Promises))),
    ]
    .into_iter()
    .flatten()
}

/// Without white space: it holds every incident there was.
fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

/// How people answered: each incident, and each quarter and year.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Response record of a site made with upfront")]
struct Record {
    /// Of this format.
    version: u32,
    /// What the operator promised.
    promise: Promise,
    /// Newest first.
    periods: Vec<Period>,
    /// Disturbances that a person wrote about, newest first.
    incidents: Vec<OneIncident>,
}

#[derive(Serialize, JsonSchema)]
struct Promise {
    first_post_s: Option<i64>,
    next_update_s: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
struct Period {
    /// `2026-q1` or `2026`.
    period: String,
    /// It is not over yet.
    so_far: bool,
    url: String,
    all: Sums,
    /// By id of the component; only those that something happened to.
    components: std::collections::BTreeMap<String, Sums>,
}

/// What a period comes to.
#[derive(Serialize, JsonSchema)]
struct Sums {
    /// Ids of incidents.
    incidents: Vec<String>,
    /// Ids of notices that nobody wrote about; they count with their whole length as time to the first word.
    unposted: Vec<String>,
    first_word: Option<Lengths>,
    /// From the detection to the automatic notice.
    notice: Option<Lengths>,
    /// The longest silence of each incident.
    silence: Option<Lengths>,
    updates_late: u32,
    /// Updates whose promised time has come.
    updates_promised: u32,
    /// First words that are known by a receipt or a commit, and all.
    first_words_proven: u32,
    first_words: u32,
    reports_in_time: u32,
    reports_due: u32,
    reports_overdue: u32,
    minutes: u64,
    /// At least and at most; null where no incident says how many accounts.
    account_minutes: Option<[u64; 2]>,
    /// Incidents of which nothing is said.
    accounts_unsaid: u32,
    promises: Tally,
}

#[derive(Serialize, JsonSchema)]
struct Lengths {
    median_s: i64,
    worst_s: i64,
    /// How many were in time, where something is promised.
    in_time: Option<u32>,
    of: u32,
}

#[derive(Serialize, JsonSchema)]
struct Tally {
    kept: u32,
    late: u32,
    overdue: u32,
    open: u32,
    dropped: u32,
}

#[derive(Serialize, JsonSchema)]
struct OneIncident {
    id: String,
    url: String,
    title: String,
    components: Vec<String>,
    started: String,
    detected: Option<String>,
    /// When the automatic notice was published.
    notice: Option<String>,
    first_word: Option<Posted>,
    /// From the detection, else from the start.
    first_word_s: Option<i64>,
    longest_silence: Option<Silence>,
    /// From one update to the next while it was open, oldest first.
    gaps: Vec<Silence>,
    updates_late: u32,
    updates_promised: u32,
    resolved: Option<String>,
    length_s: Option<i64>,
    /// `none`, `waived`, `running`, `due`, `overdue` or `published`.
    report: &'static str,
    report_due: Option<String>,
    updates: Vec<Posted>,
}

/// When an update was public, as far as is known.
#[derive(Serialize, JsonSchema)]
struct Posted {
    id: String,
    at: String,
    /// `receipt` (posted no later than), `commit` (first committed) or `written` (as written).
    by: &'static str,
    /// When its text was changed since.
    edited: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Silence {
    from: String,
    /// Null while it goes on.
    to: Option<String>,
    length_s: i64,
    /// By when the next word was promised.
    promised: Option<String>,
    /// How long after that it came, or has not come; null where it was kept.
    late_s: Option<i64>,
}

/// Every promise of every report.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Promises of a site made with upfront")]
struct Promises {
    /// Of this format.
    version: u32,
    all: Tally,
    /// Newest trouble first.
    promises: Vec<OnePromise>,
}

#[derive(Serialize, JsonSchema)]
struct OnePromise {
    what: String,
    /// `overdue`, `due`, `open`, `done_late`, `done` or `dropped`.
    state: &'static str,
    due: Option<String>,
    done: Option<String>,
    /// Days after it was due.
    late_days: Option<i32>,
    /// Days that it was due before, oldest first.
    due_before: Vec<String>,
    owner: Option<String>,
    /// Why it was dropped.
    dropped: Option<String>,
    link: Option<String>,
    /// The report that made it.
    report: String,
}

/// One period, the one before it, and the incidents of both.
#[derive(Serialize)]
struct OnePeriod {
    version: u32,
    period: Period,
    before: Option<Period>,
    incidents: Vec<OneIncident>,
}

pub(in crate::render) fn period_data(source: Source<'_>, wanted: RecordPeriod) -> Option<String> {
    let record = &source.derived.record;
    let standings = if wanted.quarter.is_some() { &record.quarters } else { &record.years };
    let at = standings.iter().position(|standing| standing.period == wanted)?;
    let (now, before) = (standings.get(at)?, standings.get(at + 1));
    let indexes = [Some(now), before].into_iter().flatten().flat_map(|standing| &standing.all.incidents);
    let incidents = indexes.filter_map(|&index| {
        let (incident, facts) = (source.site.incidents.get(index)?, source.derived.incidents.get(index)?);
        one(source, incident, facts, facts.response.as_ref()?)
    });
    Some(json(&OnePeriod {
        version: VERSION,
        period: period(source, now),
        before: before.map(|standing| period(source, standing)),
        incidents: incidents.collect(),
    }))
}

fn record(source: Source<'_>) -> Record {
    let record = &source.derived.record;
    let config = &source.site.config;
    let newest = record.years.iter().flat_map(|year| &year.all.incidents);
    let incidents = newest.filter_map(|&index| {
        let (incident, facts) = (source.site.incidents.get(index)?, source.derived.incidents.get(index)?);
        (incident.kind == Kind::Incident).then(|| one(source, incident, facts, facts.response.as_ref()?)).flatten()
    });
    Record {
        version: VERSION,
        promise: Promise {
            first_post_s: config.promise.first_post.map(|promised| promised.as_secs()),
            next_update_s: config.promise.next_update.map(|promised| promised.as_secs()),
        },
        periods: record.quarters.iter().chain(&record.years).map(|standing| period(source, standing)).collect(),
        incidents: incidents.collect(),
    }
}

fn period(source: Source<'_>, standing: &Standing) -> Period {
    let both = source.site.config.components.iter().zip(&standing.components);
    let told = both.filter(|(_, stretch)| !stretch.incidents.is_empty() || !stretch.unposted.is_empty());
    Period {
        period: standing.period.to_string(),
        so_far: standing.so_far,
        url: source.url(&format!("response/{}/", standing.period)),
        all: sums(source, &standing.all),
        components: told.map(|(component, stretch)| (component.id.to_string(), sums(source, stretch))).collect(),
    }
}

fn sums(source: Source<'_>, stretch: &Stretch) -> Sums {
    let incident = |&index: &usize| Some(source.site.incidents.get(index)?.first_slug().to_string());
    let detection = |&index: &usize| Some(source.site.detections.get(index)?.id.to_string());
    Sums {
        incidents: stretch.incidents.iter().filter_map(incident).collect(),
        unposted: stretch.unposted.iter().filter_map(detection).collect(),
        first_word: stretch.first_word.as_ref().map(lengths),
        notice: stretch.notice.as_ref().map(lengths),
        silence: stretch.silence.as_ref().map(lengths),
        updates_late: stretch.late.n,
        updates_promised: stretch.late.of,
        first_words_proven: stretch.proven.n,
        first_words: stretch.proven.of,
        reports_in_time: stretch.reports_in_time.n,
        reports_due: stretch.reports_in_time.of,
        reports_overdue: stretch.reports_overdue,
        minutes: stretch.minutes,
        account_minutes: (stretch.accounts.counted > 0).then_some([stretch.accounts.least, stretch.accounts.most]),
        accounts_unsaid: stretch.accounts.unsaid,
        promises: tally(stretch.promises),
    }
}

fn lengths(stats: &Stats) -> Lengths {
    Lengths {
        median_s: stats.median.as_secs(),
        worst_s: stats.worst.as_secs(),
        in_time: stats.in_time.map(|count| count.n),
        of: stats.of,
    }
}

fn tally(tally: crate::derive::promises::Tally) -> Tally {
    let crate::derive::promises::Tally { kept, late, overdue, open, dropped } = tally;
    Tally { kept, late, overdue, open, dropped }
}

fn one(source: Source<'_>, incident: &Incident, facts: &IncidentFacts, response: &Response) -> Option<OneIncident> {
    let config = &source.site.config;
    let updates: Vec<Posted> = incident
        .updates
        .iter()
        .zip(&response.posted)
        .map(|(update, posted)| Posted {
            id: update.id.clone(),
            at: moment(posted.at, config),
            by: match posted.by {
                PostedBy::Receipt => "receipt",
                PostedBy::Commit => "commit",
                PostedBy::Written(_) => "written",
            },
            edited: update.edits.iter().map(|edit| rfc3339(edit.at)).collect(),
        })
        .collect();
    let first = updates.first()?;
    let kept = response.kept();
    let (report, due) = match &facts.owed {
        Owed::No => ("none", None),
        Owed::Waived(_) => ("waived", None),
        Owed::Running => ("running", None),
        Owed::Due(day) => ("due", Some(*day)),
        Owed::Overdue(day) => ("overdue", Some(*day)),
        Owed::Published { due, .. } => ("published", *due),
    };
    Some(OneIncident {
        id: incident.first_slug().to_string(),
        url: source.url(&format!("incidents/{}/", incident.slug)),
        title: super::feed::clean(&incident.title),
        components: incident.components.iter().map(ToString::to_string).collect(),
        started: moment(response.started, config),
        detected: response.detected.map(rfc3339),
        notice: response.notice.map(rfc3339),
        first_word: Some(Posted {
            id: first.id.clone(),
            at: first.at.clone(),
            by: first.by,
            edited: first.edited.clone(),
        }),
        first_word_s: response.first_after.map(|length| length.as_secs()),
        longest_silence: response.longest_silence().map(silence),
        gaps: response.gaps.iter().map(silence).collect(),
        updates_late: kept.n,
        updates_promised: kept.of,
        resolved: response.resolved.map(|resolved| moment(resolved, config)),
        length_s: facts.length.map(|length| length.as_secs()),
        report,
        report_due: due.map(|day| day.to_string()),
        updates,
    })
}

fn silence(gap: &Gap) -> Silence {
    Silence {
        from: rfc3339(gap.from),
        to: gap.to.map(rfc3339),
        length_s: gap.length.as_secs(),
        promised: gap.promised.map(|promised| rfc3339(promised.at)),
        late_s: gap.late.map(|late| late.as_secs()),
    }
}

/// Where only the day is known it stands alone.
fn moment(moment: Moment, config: &Config) -> String {
    match moment {
        Moment::At(at) => rfc3339(at),
        Moment::Day(_) => moment.day(config).to_string(),
    }
}

fn promises(source: Source<'_>) -> Promises {
    let ledger = &source.derived.promises;
    let promise = |entry: &crate::derive::promises::Entry| {
        let rfo = source.site.rfos.get(entry.rfo)?;
        let follow_up = rfo.follow_ups.get(entry.follow_up)?;
        let (state, late_days) = match entry.state {
            FollowUpState::Overdue => ("overdue", None),
            FollowUpState::Due => ("due", None),
            FollowUpState::Open => ("open", None),
            FollowUpState::DoneLate(days) => ("done_late", Some(days)),
            FollowUpState::Done => ("done", None),
            FollowUpState::Dropped => ("dropped", None),
        };
        Some(OnePromise {
            what: markdown::plain(&follow_up.what),
            state,
            due: follow_up.due.map(|day| day.to_string()),
            done: follow_up.done.map(|day| day.to_string()),
            late_days,
            due_before: follow_up.due_before.iter().map(|(day, _)| day.to_string()).collect(),
            owner: follow_up.owner.clone(),
            dropped: follow_up.dropped.clone(),
            link: follow_up.link.clone(),
            report: source.url(&format!("rfo/{}/", rfo.slug)),
        })
    };
    Promises { version: VERSION, all: tally(ledger.all), promises: ledger.entries.iter().filter_map(promise).collect() }
}
