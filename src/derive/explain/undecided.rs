//! Whether the monitors may say something else in a moment: an outage that is not one yet, or not over yet.

use jiff::{SignedDuration, Timestamp};

use super::failing;
use crate::derive::observe::Watchers;
use crate::model::{Detection, MonitorRef, Series, Site};

/// How long after the moment of a detection it must have come; afterwards it will not without new results.
const GRACE: SignedDuration = SignedDuration::from_mins(2);

/// Whether a monitor fails and it is not decided what of it, an outage is not told yet that will be, or one may be over.
pub fn is_undecided(site: &Site, now: Timestamp) -> bool {
    let open = || site.detections.iter().filter(|detection| detection.is_open());
    let is_unsettled = |one: &Detection| {
        one.recovering.is_some() || (one.published.is_none() && one.held_back.is_none() && one.covered_by.is_none())
    };
    let watchers = Watchers::of(site);
    let is_told = |monitor: &MonitorRef| {
        open().any(|detection| detection.outages.iter().any(|outage| outage.monitor == *monitor))
    };
    let may_become_one = |(monitor, series): (&MonitorRef, &Series)| {
        let after = watchers.rules(monitor).detect_after;
        let after_ms = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
        let grace_ms = i64::try_from(GRACE.as_millis()).unwrap_or(i64::MAX);
        let failing = failing(series, now.as_millisecond(), after_ms);
        failing.is_some_and(|failing| now.as_millisecond() <= failing.detected_ms.saturating_add(grace_ms))
            && !is_told(monitor)
    };
    open().any(is_unsettled) || site.monitoring.series.iter().any(may_become_one)
}
