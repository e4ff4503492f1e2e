//! Who speaks for which component, by which rules, and what each monitor saw.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::derive::detect::{self, Episode, Rules, Standing};
use crate::model::{FeedState, MonitorRef, Series, Site, Slug};

/// The episodes of each monitor, by start.
pub(in crate::derive) type Episodes = BTreeMap<MonitorRef, Vec<Episode>>;

/// The monitors of a site, and whom they speak for.
pub(in crate::derive) struct Watchers<'a> {
    site: &'a Site,
    /// For each monitor that speaks for any, its components, by index into the config's.
    components: BTreeMap<&'a MonitorRef, Vec<usize>>,
    /// When what each feed says runs out (Unix ms).
    expires_ms: BTreeMap<&'a Slug, i64>,
}

impl<'a> Watchers<'a> {
    pub(in crate::derive) fn of(site: &'a Site) -> Watchers<'a> {
        let mut components: BTreeMap<&MonitorRef, Vec<usize>> = BTreeMap::new();
        for (index, component) in site.config.components.iter().enumerate() {
            for monitor in site.monitoring.monitors_of(&component.id, &component.watch) {
                components.entry(monitor).or_default().push(index);
            }
        }
        let expires_ms = site.monitoring.feeds.iter().filter_map(|reading| match reading.state {
            FeedState::Read { expires, .. } => Some((&reading.feed, expires?.as_millisecond())),
            FeedState::FromLog | FeedState::Failed(_) => None,
        });
        Watchers { site, components, expires_ms: expires_ms.collect() }
    }

    /// The components that a monitor speaks for, by index, ascending; none for a canary or a parent that readers do not know.
    pub(in crate::derive) fn components(&self, monitor: &MonitorRef) -> &[usize] {
        self.components.get(monitor).map_or(&[], Vec::as_slice)
    }

    /// What decides about a monitor. Where it speaks for several components, the most careful of them decides for all:
    /// the shortest wait and the shortest latency.
    pub(in crate::derive) fn rules(&self, monitor: &MonitorRef) -> Rules<'a> {
        let limits = &self.site.config.monitoring.limits;
        let watches = self.components(monitor).iter().filter_map(|&index| self.site.config.components.get(index));
        let watches: Vec<_> = watches.map(|component| &component.watch).collect();
        let fast = watches.iter().any(|watch| watch.fast);
        Rules {
            limits,
            detect_after: if fast { limits.fast_detect_after.min(limits.detect_after) } else { limits.detect_after },
            slow_after_us: watches.iter().filter_map(|watch| watch.slow_after_us).min(),
            expires_ms: self.expires_ms.get(&monitor.feed).copied(),
        }
    }

    /// All that every monitor saw up to `now`; of canaries and parents as well.
    pub(in crate::derive) fn episodes(&self, now: Timestamp) -> Episodes {
        let of = |(monitor, series): (&MonitorRef, &Series)| {
            let found = detect::episodes(series, &self.rules(monitor), now.as_millisecond());
            (monitor.clone(), found)
        };
        self.site.monitoring.series.par_iter().map(of).filter(|(_, found)| !found.is_empty()).collect()
    }

    /// How each monitor of a component stands at `now`; one that was never heard of is not among them, nor is one that is
    /// switched off on purpose: its silence says nothing.
    pub(in crate::derive) fn standings(&self, component: usize, now: Timestamp) -> Vec<Standing> {
        let Some(component) = self.site.config.components.get(component) else { return Vec::new() };
        let monitors = self.site.monitoring.monitors_of(&component.id, &component.watch).into_iter();
        let heard = monitors.filter_map(|monitor| Some((monitor, self.site.monitoring.series.get(monitor)?)));
        let heard = heard.filter(|(_, series)| !series.paused);
        heard.map(|(monitor, series)| detect::standing(series, &self.rules(monitor), now.as_millisecond())).collect()
    }

    /// Whether a monitor still speaks for a component, by what the config says today.
    pub(super) fn is_watched(&self, monitor: &MonitorRef) -> bool {
        !self.components(monitor).is_empty()
            && self.site.config.monitoring.feeds.iter().any(|feed| feed.id == monitor.feed)
    }
}
