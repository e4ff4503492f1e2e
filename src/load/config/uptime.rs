//! `[uptime]`: what counts how much as downtime.

use super::reader::{Reader, Section};
use super::{numbers, words};
use crate::model::UptimeRule;

pub(in crate::load) const KEYS: [&str; 5] = ["rule", "partial", "degraded", "brownout_min", "groups"];

/// What a partial outage and a brown-out weigh by the rule of that name.
const RULES: [(&str, UptimeRule); 2] = [
    ("weighted", UptimeRule { partial: 500, degraded: 0, brownout_min: 300, group_all: false }),
    ("strict", UptimeRule { partial: 1000, degraded: 0, brownout_min: 1000, group_all: false }),
];

const GROUPS: [(&str, bool); 2] = [("mean", false), ("all", true)];

/// A rule by its name, and single weights that differ from it.
pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> UptimeRule {
    let Some(table) = reader.table(site, "uptime", &KEYS) else { return UptimeRule::default() };
    let mut rule = words::one_of(reader, &table, "rule", &RULES).unwrap_or_default();
    let mut weight = |key, weight: &mut u16| {
        let read = numbers::thousandths(reader, &table, key).and_then(|share| u16::try_from(share).ok());
        *weight = read.unwrap_or(*weight);
    };
    weight("partial", &mut rule.partial);
    weight("degraded", &mut rule.degraded);
    weight("brownout_min", &mut rule.brownout_min);
    rule.group_all = words::one_of(reader, &table, "groups", &GROUPS).unwrap_or(rule.group_all);
    rule
}
