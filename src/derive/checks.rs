//! How often monitors run and from how many places: what a page may say of checks while all is quiet. Which places these
//! are stays private.

use std::collections::BTreeSet;

use crate::model::{Component, MonitorRef, Monitoring, Series};

/// So many of a monitor's newest results say how often it runs.
const RESULTS_LOOKED_AT: usize = 60;

/// How the monitors of some components run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Checks {
    /// How often, in ms: the middle one of all monitors; `None` where nothing says.
    pub every_ms: Option<i64>,
    /// Distinct places; 0 where none is named.
    pub places: usize,
}

/// `None` where none of the components has a monitor that was heard of.
pub fn checks<'a>(monitoring: &Monitoring, components: impl Iterator<Item = &'a Component>) -> Option<Checks> {
    let mut monitors: BTreeSet<&MonitorRef> = BTreeSet::new();
    for component in components {
        match &component.watch.monitors {
            Some(listed) => monitors.extend(listed),
            None => {
                monitors.extend(monitoring.series.keys().filter(|key| key.monitor.as_str() == component.id.as_str()))
            }
        }
    }
    let heard: Vec<&Series> = monitors.into_iter().filter_map(|monitor| monitoring.series.get(monitor)).collect();
    // What is switched off does not run.
    let heard: Vec<&Series> = heard.into_iter().filter(|series| !series.paused).collect();
    let places: BTreeSet<&str> = heard.iter().flat_map(|series| &series.places).map(|place| &**place).collect();
    let every_ms = middle(heard.iter().filter_map(|series| every_ms(series)).collect());
    (!heard.is_empty()).then_some(Checks { every_ms, places: places.len() })
}

/// As its source says it, or as its newest results show it.
fn every_ms(series: &Series) -> Option<i64> {
    if series.interval_ms.is_some() {
        return series.interval_ms;
    }
    let newest = series.checks.len().saturating_sub(RESULTS_LOOKED_AT);
    let newest = series.checks.get(newest..).unwrap_or_default();
    let gaps = newest.iter().zip(newest.iter().skip(1)).map(|(one, next)| next.at_ms.saturating_sub(one.at_ms));
    middle(gaps.filter(|&gap| gap > 0).collect())
}

fn middle(mut all: Vec<i64>) -> Option<i64> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

    use std::sync::Arc;

    use super::*;
    use crate::model::{Check, CheckStatus, MonitorId, Slug, Watch};

    fn component(id: &str) -> Component {
        Component {
            id: Slug::new(id).unwrap(),
            name: id.to_owned(),
            description: None,
            group: None,
            watch: Watch::default(),
        }
    }

    /// A monitor: its id, its stated interval in ms, its results in s, its places.
    type Heard<'a> = (&'a str, Option<i64>, &'a [i64], &'a [&'a str]);

    fn heard(of: &[Heard<'_>]) -> Monitoring {
        let mut monitoring = Monitoring::default();
        for (id, interval_ms, at, places) in of {
            let monitor = MonitorRef { feed: Slug::new("own").unwrap(), monitor: MonitorId::new(id).unwrap() };
            let check = |&at_s: &i64| Check {
                at_ms: at_s * 1000,
                latency_us: None,
                place: None,
                status: CheckStatus::Up,
                confirmed: true,
                rev: 0,
            };
            let series = Series {
                interval_ms: *interval_ms,
                checks: at.iter().map(check).collect(),
                places: places.iter().map(|&place| Arc::from(place)).collect(),
                ..Series::default()
            };
            monitoring.series.insert(monitor, series);
        }
        monitoring
    }

    #[track_caller]
    fn check(of: &[Heard<'_>], expected: Option<(Option<i64>, usize)>) {
        let components = ["imap", "pop"].map(component);
        let found = checks(&heard(of), components.iter());
        assert_eq!(found.map(|checks| (checks.every_ms, checks.places)), expected);
    }

    #[test]
    fn how_often_is_as_the_source_says_or_as_its_results_show() {
        check(&[("imap", Some(30_000), &[0, 60], &[])], Some((Some(30_000), 0)));
        check(&[("imap", None, &[0, 0, 60, 60, 120, 500], &[])], Some((Some(60_000), 0)));
        check(&[("imap", None, &[0], &[])], Some((None, 0)));
    }

    #[test]
    fn a_place_counts_once_however_many_monitors_it_has() {
        check(&[("imap", Some(1), &[], &["a", "b"]), ("pop", Some(1), &[], &["b", "c"])], Some((Some(1), 3)));
    }

    #[test]
    fn monitors_of_no_component_do_not_count() {
        check(&[("other", Some(1), &[], &["a"])], None);
    }
}
