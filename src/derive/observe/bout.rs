//! One opening of one monitor's outage: what detections are put together from.

use super::planned::{Planned, Word};
use super::watch::{Episodes, Watchers};
use crate::derive::detect::{Episode, Stretch};
use crate::model::{DetectionKind, DetectionLimits, MonitorRef, Places, Site, Slug};

/// A stretch of an [`Episode`], from its opening to the moment it was taken to be over. A relapse is one of its own, since
/// people may have resolved what they wrote in between. Times in Unix ms.
#[derive(Clone, Debug)]
pub(super) struct Bout<'a> {
    pub monitor: &'a MonitorRef,
    /// By index into the config's, ascending; never empty.
    pub components: Vec<usize>,
    pub kind: DetectionKind,
    pub start_ms: i64,
    pub detected_ms: i64,
    /// The first good result after the last failing one.
    pub end_ms: Option<i64>,
    pub recovering_ms: Option<i64>,
    pub closed_ms: Option<i64>,
    pub fails: u32,
    pub results: u32,
    pub places: Places,
    pub unstable: bool,
    /// The announced maintenance that it lies in as a whole.
    pub quiet: Option<&'a Slug>,
    /// When the announced maintenance that it began in, and outlasted, kept it silent no more.
    pub released_ms: Option<i64>,
}

/// Every bout of every monitor that speaks for a component, in the order in which they were decided.
pub(super) fn all<'a>(
    site: &'a Site,
    watchers: &Watchers<'_>,
    planned: &Planned<'a>,
    episodes: &'a Episodes,
) -> Vec<Bout<'a>> {
    let mut bouts: Vec<Bout<'a>> = Vec::new();
    for (monitor, episodes) in episodes {
        let components = watchers.components(monitor);
        if components.is_empty() {
            continue;
        }
        for episode in episodes {
            of_episode(&mut bouts, monitor, components, episode, &site.config.monitoring.limits);
        }
    }
    bouts.iter_mut().for_each(|bout| silence(bout, site, planned));
    bouts.sort_by(|a, b| (a.detected_ms, a.start_ms, a.monitor).cmp(&(b.detected_ms, b.start_ms, b.monitor)));
    bouts
}

fn of_episode<'a>(
    bouts: &mut Vec<Bout<'a>>,
    monitor: &'a MonitorRef,
    components: &[usize],
    episode: &Episode,
    limits: &DetectionLimits,
) {
    let count = episode.stretches.len();
    for (index, stretch) in episode.stretches.iter().enumerate() {
        let is_last = index + 1 == count;
        let next = episode.stretches.get(index + 1);
        let closed_ms = match next {
            None => episode.closed_ms,
            Some(next) => Some(closing(stretch, next, index, episode.unstable, limits)),
        };
        bouts.push(Bout {
            monitor,
            components: components.to_vec(),
            kind: stretch.kind,
            start_ms: stretch.start_ms,
            detected_ms: episode.openings.get(index).copied().unwrap_or(episode.detected_ms),
            end_ms: if is_last { episode.end_ms.or(stretch.end_ms) } else { stretch.end_ms.or(closed_ms) },
            recovering_ms: if is_last { episode.recovering_ms } else { closed_ms },
            closed_ms,
            fails: stretch.fails,
            results: stretch.results,
            places: episode.places,
            unstable: episode.unstable,
            quiet: None,
            released_ms: None,
        });
    }
}

/// When a stretch was over that a relapse followed: its end and the hold, which doubles with each relapse.
fn closing(stretch: &Stretch, next: &Stretch, index: usize, unstable: bool, limits: &DetectionLimits) -> i64 {
    let end_ms = stretch.end_ms.unwrap_or(next.start_ms);
    let hold_ms = super::ms(limits.hold);
    let doubled = u32::try_from(index).ok().and_then(|by| hold_ms.checked_mul(1_i64.checked_shl(by.min(30))?));
    let hold_ms =
        if unstable { hold_ms } else { doubled.unwrap_or(i64::MAX).min(super::ms(limits.hold_max).max(hold_ms)) };
    end_ms.saturating_add(hold_ms).min(next.start_ms)
}

/// Takes out the components whose maintenance was announced, or the whole bout where that is all of them.
fn silence<'a>(bout: &mut Bout<'a>, site: &'a Site, planned: &Planned<'a>) {
    let word = |&index: &usize| match site.config.components.get(index) {
        Some(component) => planned.word(&component.id, bout.start_ms, bout.end_ms),
        None => Word::Nothing,
    };
    let words: Vec<(usize, Word<'a>)> = bout.components.iter().map(|index| (*index, word(index))).collect();
    let loud: Vec<usize> =
        words.iter().filter(|(_, word)| !matches!(word, Word::Silent(_))).map(|&(index, _)| index).collect();
    if loud.is_empty() {
        bout.quiet = words.iter().find_map(|(_, word)| if let Word::Silent(post) = word { Some(*post) } else { None });
        return;
    }
    let released = |(_, word): &(usize, Word<'a>)| if let Word::Released(at) = word { Some(*at) } else { None };
    bout.released_ms = words.iter().filter_map(released).max();
    bout.components = loud;
}
