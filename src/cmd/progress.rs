//! A progress bar for work that takes longer than half a second, on a terminal and nowhere else.

use std::io::IsTerminal as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::Edge;

/// Work that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) struct Progress {
    /// `None` where nobody would see it.
    begun: Option<Instant>,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// Begins to count the time.
    pub(super) fn new(edge: &Edge) -> Progress {
        let seen = std::io::stderr().is_terminal() && !edge.global.quiet;
        Progress { begun: seen.then(Instant::now), bar: OnceLock::new() }
    }

    /// So many of all are done. From any thread.
    pub(super) fn at(&self, done: usize, all: usize) {
        if self.begun.is_some_and(|begun| begun.elapsed() >= PATIENCE) {
            let bar = self.bar.get_or_init(|| bar(all));
            bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn bar(all: usize) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:30} {pos} of {len} pages").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(u64::try_from(all).unwrap_or(u64::MAX)).with_style(style)
}
