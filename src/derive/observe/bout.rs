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
    /// By start, never empty: it may have turned worse, or milder.
    pub stretches: Vec<Stretch>,
    pub start_ms: i64,
    pub detected_ms: i64,
    /// The first good result after the last failing one.
    pub end_ms: Option<i64>,
    pub recovering_ms: Option<i64>,
    pub closed_ms: Option<i64>,
    pub places: Places,
    pub unstable: bool,
    /// The announced maintenance that it lies in as a whole.
    pub quiet: Option<&'a Slug>,
    /// When the announced maintenance that it began in, and outlasted, kept it silent no more.
    pub released_ms: Option<i64>,
}

impl Bout<'_> {
    /// The worst that it was.
    pub(super) fn kind(&self) -> DetectionKind {
        self.stretches.iter().map(|stretch| stretch.kind).max().unwrap_or(DetectionKind::Degraded)
    }
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
    let parts = parts(episode, limits);
    for (index, &(opening_ms, stretches)) in parts.iter().enumerate() {
        let (Some(first), Some(last)) = (stretches.first(), stretches.last()) else { continue };
        let next = parts.get(index + 1).and_then(|(_, stretches)| stretches.first());
        let closed_ms = match next {
            None => episode.closed_ms,
            Some(next) => Some(closing(last, next, index, episode.unstable, limits)),
        };
        bouts.push(Bout {
            monitor,
            components: components.to_vec(),
            stretches: stretches.to_vec(),
            start_ms: first.start_ms,
            detected_ms: opening_ms,
            end_ms: if next.is_none() { episode.end_ms.or(last.end_ms) } else { last.end_ms.or(closed_ms) },
            recovering_ms: if next.is_none() { episode.recovering_ms } else { closed_ms },
            closed_ms,
            places: episode.places,
            unstable: episode.unstable,
            quiet: None,
            released_ms: None,
        });
    }
}

/// The openings of an episode that came after it was over, and the first: when each was decided, and its stretches. A
/// stretch that only turned worse or milder goes on with the one before it.
fn parts<'e>(episode: &'e Episode, limits: &DetectionLimits) -> Vec<(i64, &'e [Stretch])> {
    let all = episode.stretches.as_slice();
    let quiet_ms = super::ms(limits.hold) / 2;
    let opening_in = |from_ms: i64, until_ms: i64| {
        episode.openings.iter().copied().find(|opening| (from_ms..until_ms).contains(opening))
    };
    let mut parts: Vec<(i64, &[Stretch])> = Vec::new();
    let (mut begun, mut opening_ms) = (0, episode.detected_ms);
    for (index, pair) in (1..).zip(all.windows(2)) {
        let [before, stretch] = pair else { continue };
        let until_ms = all.get(index + 1).map_or(i64::MAX, |next| next.start_ms);
        let was_over = before.end_ms.is_some_and(|end_ms| stretch.start_ms.saturating_sub(end_ms) >= quiet_ms);
        if let (true, Some(opening)) = (was_over, opening_in(stretch.start_ms, until_ms)) {
            parts.push((opening_ms, all.get(begun..index).unwrap_or_default()));
            (begun, opening_ms) = (index, opening);
        }
    }
    parts.push((opening_ms, all.get(begun..).unwrap_or_default()));
    parts
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
