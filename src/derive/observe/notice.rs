//! A detection → the notice that upfront publishes of it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::hold::notices_of;
use super::wording::{self, Word};
use crate::model::{
    ComponentState, Detection, DetectionKind, Evidence, Impact, Incident, IncidentStatus, Kind, Markdown, Notices,
    PostedAt, Site, Slug, Stage, Update,
};

/// A notice that came so much later than its detection was kept silent; less is the time between two builds.
const SILENT_MIN: SignedDuration = SignedDuration::from_mins(5);

/// The notice of a detection that was published. `None` where it was not, or where the config knows none of its
/// components any more.
pub(in crate::derive) fn notice(site: &Site, detection: &Detection) -> Option<Incident> {
    let published = detection.published?;
    let is_told = |id: &&Slug| site.config.component(id).is_some() && notices_of(site, id) == Notices::On;
    let mut components: Vec<Slug> = detection.components.iter().filter(is_told).cloned().collect();
    if components.is_empty() {
        // It stays what it was published as, whatever the config says by now.
        components = detection.components.iter().filter(|id| site.config.component(id).is_some()).cloned().collect();
    }
    if components.is_empty() {
        return None;
    }
    Some(Incident {
        slug: detection.id.clone(),
        aliases: Vec::new(),
        source: String::new(),
        kind: Kind::Notice,
        title: wording::title(&site.config, detection, &components),
        impact: impact(detection.kind),
        affected: None,
        accounts: None,
        works: None,
        meanwhile: None,
        covers: Vec::new(),
        next_update: None,
        started: Some(detection.start),
        rfo_waived: None,
        rfo_due: None,
        intro: None,
        updates: updates(site, detection, &components, published),
        components,
    })
}

/// As `notice`, of a detection that readers have not been told of: what would be published.
pub fn draft_notice(site: &Site, detection: &Detection) -> Option<Incident> {
    let published = Some(detection.published.unwrap_or(detection.detected));
    notice(site, &Detection { published, ..detection.clone() })
}

/// As bad as the state that it puts its components in.
fn impact(kind: DetectionKind) -> Impact {
    match kind {
        DetectionKind::Degraded => Impact::Minor,
        DetectionKind::Partial => Impact::Major,
        DetectionKind::Down => Impact::Critical,
    }
}

/// The worst that a detection says of each of those components, by the outages of its own monitors.
pub(in crate::derive) fn state_of(site: &Site, detection: &Detection, component: &Slug) -> ComponentState {
    let Some(known) = site.config.component(component) else { return detection.kind.state() };
    let speaks = |monitor: &crate::model::MonitorRef| match &known.watch.monitors {
        Some(listed) => listed.contains(monitor),
        None => monitor.monitor.as_str() == component.as_str(),
    };
    let own = detection.outages.iter().filter(|outage| speaks(&outage.monitor)).map(|outage| outage.kind.state());
    own.max().unwrap_or(detection.kind.state())
}

/// Investigating when it was detected and at each new opening, Monitoring when it may be over, Resolved when it is.
fn updates(site: &Site, detection: &Detection, components: &[Slug], published: Timestamp) -> Vec<Update> {
    let states: Vec<(Slug, ComponentState)> =
        components.iter().map(|id| (id.clone(), state_of(site, detection, id))).collect();
    let wait = site.config.monitoring.limits.group_wait.max(SILENT_MIN);
    // What was kept silent for a while was told then, and not when it was detected.
    let told = |at: Timestamp| if published.duration_since(at) > wait { published } else { at };
    let first = told(detection.detected);
    let mut updates: Vec<Update> = Vec::new();
    let mut add = |status: IncidentStatus, at: Timestamp, word: Word| {
        let at = updates.last().map_or(at, |last: &Update| match last.posted {
            PostedAt::Written(before) => at.max(before),
            PostedAt::FromGit(_) | PostedAt::Day(_) | PostedAt::Unknown => at,
        });
        let minute = at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%d-%H%M").to_string();
        let id = format!("{minute}-{}", status.word());
        if updates.iter().any(|known| known.id == id) {
            return;
        }
        let states = if status == IncidentStatus::Investigating { states.clone() } else { Vec::new() };
        let body = Markdown::new(wording::body(&site.config, detection, components, word));
        updates.push(Update {
            id,
            stage: Stage::Incident(status),
            posted: PostedAt::Written(at),
            body,
            states,
            line: 0,
            next: None,
            evidence: Evidence::None,
            edits: Vec::new(),
        });
    };
    add(IncidentStatus::Investigating, first, Word::Investigating);
    for opening in detection.openings.iter().skip(1).filter(|opening| **opening > first) {
        add(IncidentStatus::Investigating, *opening, Word::Investigating);
    }
    if let Some(recovering) = detection.recovering {
        add(IncidentStatus::Monitoring, recovering.max(first), Word::Monitoring);
    }
    if let Some(closed) = detection.closed {
        add(IncidentStatus::Resolved, closed.max(first), Word::Resolved);
    }
    updates
}
