//! Monitors of which several answers told something.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::load::feed::{ReadMonitor, Reading};
use crate::model::MonitorId;

/// Makes one monitor of all that have the same id. Of two names or intervals the first counts; parents are gathered.
pub(super) fn join(reading: &mut Reading) {
    let mut by_id: BTreeMap<MonitorId, ReadMonitor> = BTreeMap::new();
    for monitor in std::mem::take(&mut reading.monitors) {
        match by_id.entry(monitor.id.clone()) {
            Entry::Vacant(free) => {
                free.insert(monitor);
            }
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.name = known.name.take().or(monitor.name);
                known.interval_ms = known.interval_ms.or(monitor.interval_ms);
                known.paused |= monitor.paused;
                known.parents.extend(monitor.parents);
                known.parents.sort_unstable();
                known.parents.dedup();
            }
        }
    }
    reading.monitors = by_id.into_values().collect();
}
