//! How a command that goes on for long is asked to end: SIGTERM or Ctrl-C, and once more for at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Signals that follow one another so soon are one.
const ONE_WISH: Duration = Duration::from_secs(1);

/// Whether somebody wants it to end.
pub(in crate::cmd) struct Stop(Arc<AtomicBool>);

impl Stop {
    #[expect(clippy::disallowed_methods, reason = "who asks twice wants it now, whatever main is at")]
    pub fn listen() -> std::io::Result<Stop> {
        let mut signals = Signals::new([SIGTERM, SIGINT])?;
        let asked = Arc::new(AtomicBool::new(false));
        let stop = Stop(Arc::clone(&asked));
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let mut first: Option<Instant> = None;
            for _ in signals.forever() {
                // The same wish comes twice where a shell or a container passes it on.
                if first.is_some_and(|first| first.elapsed() > ONE_WISH) {
                    std::process::exit(130);
                }
                first.get_or_insert_with(Instant::now);
                asked.store(true, Ordering::Relaxed);
            }
        })?;
        Ok(stop)
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
