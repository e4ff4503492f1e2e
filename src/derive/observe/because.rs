//! Why a post is about a detection, or is not: the rule of `cover` that says so, for those who ask.

use jiff::Timestamp;

use super::cover::{Posts, Subject};
use crate::model::{Detection, Site, Slug};

/// Why a post covers a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// It says so itself: `covers`, or its own name.
    SaysSo,
    /// It began while the detection was under way, or shortly after.
    Began,
    /// It was open and fresh when the detection began.
    Fresh,
    /// None of these holds any more; it did once, and that is kept.
    Kept,
}

/// Why a post that is about the same component does not cover a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BecauseNot {
    /// People had said that it was over, at this moment (Unix ms).
    Over(i64),
    /// Its last word was too old: it was written at this moment (Unix ms).
    Stale(i64),
}

/// Knows for each detection what people wrote about it.
pub(in crate::derive) struct Reasons<'a> {
    posts: Posts<'a>,
}

impl<'a> Reasons<'a> {
    pub(in crate::derive) fn of(site: &'a Site, now: Timestamp) -> Reasons<'a> {
        Reasons { posts: Posts::of(site, now) }
    }

    /// The slug of the post that covers it, and why.
    pub(in crate::derive) fn covering(&self, detection: &Detection) -> Option<(&'a Slug, Because)> {
        let covered_by = detection.covered_by.as_ref()?;
        let is = |slug: &Slug, aliases: &[Slug]| slug == covered_by || aliases.contains(covered_by);
        let post = self.posts.all().find(|post| is(&post.incident.slug, &post.incident.aliases))?;
        let because = self.posts.because(post, &subject(detection)).unwrap_or(Because::Kept);
        Some((&post.incident.slug, because))
    }

    /// Posts that were begun before it, name one of its components and do not cover it: the newest one of them that was
    /// open then or is still, with the reason.
    pub(in crate::derive) fn passed_over(&self, detection: &Detection) -> Option<(&'a Slug, BecauseNot)> {
        if detection.covered_by.is_some() {
            return None;
        }
        let subject = subject(detection);
        let all = self.posts.all().filter_map(|post| Some((post, self.posts.because_not(post, &subject)?)));
        let newest = all.max_by_key(|(_, because)| match *because {
            BecauseNot::Over(at_ms) | BecauseNot::Stale(at_ms) => at_ms,
        });
        newest.map(|(post, because)| (&post.incident.slug, because))
    }
}

fn subject(detection: &Detection) -> Subject<'_> {
    Subject {
        id: &detection.id,
        components: detection.components.iter().collect(),
        start_ms: detection.start.as_millisecond(),
        end_ms: detection.end.map(Timestamp::as_millisecond),
        closed_ms: detection.closed.map(Timestamp::as_millisecond),
        pinned: detection.covered_by.as_ref(),
    }
}
