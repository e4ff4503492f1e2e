//! Everything of the site that programs read: feeds, calendar, data, Statuspage's API, badges, and the files for
//! search engines and hosts. The pages stand in [`super::page`].
//!
//! Each format has a file of its own, which names the document it follows. None carries the time of the build, except
//! `status.json` and uptime, which is of the moment: a file changes only when there is something to say.

use jiff::Timestamp;

use super::keys::Keys;
use super::output::{Class, Content, Key, Output, SitePath};
use super::targets::Targets;
use super::{api_v2, badge, calendar, data, feed, headers, history_feed, record_data, sitemap, uptime_data};
use crate::derive::Derived;
use crate::model::{ComponentState, Impact, IncidentStatus, Kind, MaintenanceStatus, Site, Stage};

/// What all of them are made from.
#[derive(Clone, Copy)]
pub(in crate::render) struct Source<'a> {
    pub site: &'a Site,
    pub derived: &'a Derived,
    pub words: &'a FeedWords,
    pub targets: Targets<'a>,
}

/// The words that feeds, calendar and badges show, in the site's language. In a pattern a name in braces stands for what
/// is put there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::render) struct FeedWords {
    /// The title of a part's feed: `{site}: {name}`.
    pub feed_title: String,
    /// The title of an entry: `{title}: {stage}`.
    pub entry_title: String,
    /// The title of Statuspage's history feed: `{site} - Incident History`.
    pub history_title: String,
    /// What reports are called together, and what one adds to an incident: "Reports", "Report".
    pub reports: String,
    pub report: String,
    /// What is promised together, and what happens to one promise.
    pub promises: String,
    pub promise_made: String,
    pub promise_done: String,
    pub promise_overdue: String,
    /// `Due {day}.`
    pub promise_due: String,
    /// What planned work is called together: "Maintenance".
    pub maintenance: String,
    pub investigating: String,
    pub identified: String,
    pub monitoring: String,
    pub resolved: String,
    pub scheduled: String,
    pub in_progress: String,
    pub verifying: String,
    pub completed: String,
    pub cancelled: String,
    pub announcement: String,
    pub false_alarm: String,
    /// What no person has written about: "Noticed by our checks".
    pub noticed: String,
    pub impact_none: String,
    pub impact_minor: String,
    pub impact_major: String,
    pub impact_critical: String,
    pub operational: String,
    pub under_maintenance: String,
    pub degraded_performance: String,
    pub partial_outage: String,
    pub major_outage: String,
    /// What a badge of uptime is about: `{name}, 90 days`.
    pub uptime_days: String,
    /// `{number} %`, and what stands before its decimals.
    pub percent: String,
    pub number_decimal: String,
}

impl FeedWords {
    /// The stage of something of that kind.
    pub fn stage(&self, stage: Stage, kind: &Kind) -> &str {
        match stage {
            // No person says that somebody looks into it.
            Stage::Incident(IncidentStatus::Investigating) if *kind == Kind::Notice => &self.noticed,
            Stage::Incident(IncidentStatus::Investigating) => &self.investigating,
            Stage::Incident(IncidentStatus::Identified) => &self.identified,
            Stage::Incident(IncidentStatus::Monitoring) => &self.monitoring,
            Stage::Incident(IncidentStatus::Resolved) => &self.resolved,
            Stage::Maintenance(MaintenanceStatus::Scheduled) => &self.scheduled,
            Stage::Maintenance(MaintenanceStatus::InProgress) => &self.in_progress,
            Stage::Maintenance(MaintenanceStatus::Verifying) => &self.verifying,
            Stage::Maintenance(MaintenanceStatus::Completed) => &self.completed,
            Stage::Maintenance(MaintenanceStatus::Cancelled) => &self.cancelled,
            Stage::Note if *kind == Kind::FalseAlarm => &self.false_alarm,
            Stage::Note => &self.announcement,
        }
    }

    pub fn impact(&self, impact: Impact) -> &str {
        match impact {
            Impact::None => &self.impact_none,
            Impact::Minor => &self.impact_minor,
            Impact::Major => &self.impact_major,
            Impact::Critical => &self.impact_critical,
        }
    }

    pub fn state(&self, state: ComponentState) -> &str {
        match state {
            ComponentState::Operational => &self.operational,
            ComponentState::UnderMaintenance => &self.under_maintenance,
            ComponentState::DegradedPerformance => &self.degraded_performance,
            ComponentState::PartialOutage => &self.partial_outage,
            ComponentState::MajorOutage => &self.major_outage,
        }
    }
}

/// All that programs read. `pages` are the site's pages, for search engines; `security` the headers that every
/// answer of a host should carry.
pub(in crate::render) fn outputs<'a>(
    source: Source<'a>,
    keys: &Keys,
    pages: Vec<sitemap::Page>,
    security: &[(&str, String)],
) -> Vec<Output<'a>> {
    let mut outputs = feed::outputs(source, keys);
    outputs.extend(calendar::outputs(source));
    outputs.extend(data::outputs(source, keys));
    outputs.extend(record_data::outputs(source, keys));
    outputs.extend(uptime_data::outputs(source));
    outputs.extend(api_v2::outputs(source));
    outputs.extend(history_feed::outputs(source));
    outputs.extend(badge::outputs(source));
    outputs.extend(sitemap::outputs(source.site, pages));
    outputs.extend(headers::outputs(source.site, security));
    outputs
}

impl<'a> Source<'a> {
    /// The absolute address of a path of the site.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.site.config.url)
    }

    /// The address's host, without its port.
    pub fn host(&self) -> &'a str {
        let authority = self.site.config.url.authority();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}

/// An output whose bytes are the text that `make` returns. `None` for a path that cannot be one of the site.
pub(in crate::render) fn text<'a>(
    path: impl Into<String>,
    class: Class,
    key: Option<Key>,
    make: impl Fn() -> String + Send + Sync + 'a,
) -> Option<Output<'a>> {
    let path = SitePath::new(path)?;
    Some(Output { path, class, key, content: Content::made(move || Ok(make().into_bytes())) })
}

/// The pattern with what stands in braces put in. One pass: a value that holds braces stays as it is.
pub(in crate::render) fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(key, _)| *key == name)?;
            Some((value, tail))
        });
        match found {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// RFC 3339 in UTC, to the second: `2022-03-29T09:20:00Z`.
pub(in crate::render) fn rfc3339(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_pattern_stays_as_it_is() {
        let filled = fill("{title}: {stage} {x} {", &[("title", "{stage}"), ("stage", "Resolved")]);
        assert_eq!(filled, "{stage}: Resolved {x} {");
    }
}
