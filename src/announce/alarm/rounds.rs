//! Since when a detection asks for a person. What came back after it was taken to be over is a new question; what only
//! flaps is the old one, or the louder steps would never come.

use jiff::Timestamp;

use crate::model::{Detection, DetectionLimits};

/// Since its notice came out, or, where it was over in between, since it was detected again.
pub(super) fn since(detection: &Detection, limits: &DetectionLimits) -> Timestamp {
    let first = detection.published.unwrap_or(detection.detected);
    let mut hold = if detection.unstable { limits.hold.max(limits.unstable_hold) } else { limits.hold };
    let mut since = first;
    for &opening in detection.openings.iter().skip(1) {
        let ends = detection.outages.iter().filter_map(|outage| outage.end);
        let Some(over) = ends.filter(|end| *end <= opening).max() else { continue };
        let starts = detection.outages.iter().map(|outage| outage.start);
        let Some(begun) = starts.filter(|start| *start >= over && *start <= opening).min() else { continue };
        if begun.duration_since(over) >= hold {
            since = since.max(opening);
            // As the detection itself holds longer after a relapse.
            hold = hold.saturating_mul(2).min(limits.hold_max).max(hold);
        }
    }
    since
}
