//! One incident: its updates with what shows when they were public, and the silences between them.

use jiff::Timestamp;

use super::Response;
use crate::derive::IncidentFacts;
use crate::model::{Incident, Site};

/// `None` for planned work, announcements and withdrawn alarms.
pub(in crate::derive) fn response(
    site: &Site,
    incident: &Incident,
    facts: &IncidentFacts,
    now: Timestamp,
) -> Option<Response> {
    let _ = (site, incident, facts, now);
    None
}
