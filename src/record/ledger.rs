//! The ledger: a line for each detection, and one more for each correction of it.
//!
//! While an outage goes on its counts of results grow with every run. They are written down with the next thing that
//! happens to it, and at its end; so a long outage is a few lines and not one a minute.

use std::collections::BTreeMap;
use std::path::Path;

use super::{RecordError, place};
use crate::load::history::{entry, ledger};
use crate::model::{Detection, Outage, Slug};

/// What became of a detection in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub id: Slug,
    pub what: What,
}

/// See [`Noted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Opened,
    Closed,
    Corrected,
}

pub(super) fn append(root: &Path, detections: &[Detection]) -> Result<Vec<Noted>, RecordError> {
    let bytes = place::read(root, ledger::PATH).map_err(RecordError::writing(ledger::PATH))?;
    let known: BTreeMap<Slug, Detection> =
        ledger::fold(&bytes).value.into_iter().map(|detection| (detection.id.clone(), detection)).collect();
    let mut lines = String::new();
    let mut noted = Vec::new();
    for detection in detections {
        let old = known.get(&detection.id);
        if old.is_some_and(|old| steady(old) == steady(detection)) {
            continue;
        }
        let what = match old {
            None if detection.is_open() => What::Opened,
            // Also one that was over before anybody looked.
            None => What::Closed,
            Some(old) if old.is_open() && !detection.is_open() => What::Closed,
            Some(_) => What::Corrected,
        };
        let revision = old.map_or(0, |old| old.revision).saturating_add(1);
        lines += &entry::write(&Detection { revision, ..detection.clone() });
        lines.push('\n');
        noted.push(Noted { id: detection.id.clone(), what });
    }
    if !lines.is_empty() {
        place::append(root, ledger::PATH, &bytes, lines.as_bytes()).map_err(RecordError::writing(ledger::PATH))?;
    }
    Ok(noted)
}

/// What of a detection is worth a line of its own.
fn steady(detection: &Detection) -> Detection {
    let count = |outage: &Outage| match outage.end {
        Some(_) => outage.clone(),
        None => Outage { fails: 0, results: 0, ..outage.clone() },
    };
    let outages = detection.outages.iter().map(count).collect();
    Detection { revision: 0, outages, ..detection.clone() }
}
