//! Fetches the site back through its public address, until the new build is really served.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use super::built::{Built, sum};
use super::live::fresh;
use crate::net::{Line, Trouble};

/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The files that tell one build from another: they hold its time.
const TELLING: [&str; 2] = ["status.json", "index.html"];

/// What hosts read and do not serve.
const UNSERVED: [&str; 3] = ["_headers", "_redirects", super::SENT];

/// Waits until the new build is served at `url`, at most `settle`; then fetches `pages` (paths of files) as well. Answers
/// those that are served as they were built.
///
/// # Errors
///
/// What is served instead.
pub fn fetch_back(
    line: &dyn Line,
    url: &str,
    built: &Built,
    pages: &[String],
    settle: Duration,
) -> Result<BTreeSet<String>, Trouble> {
    let until = Instant::now().checked_add(settle);
    loop {
        let seen = TELLING.iter().map(|path| (path, look(line, url, built, path))).find(|(_, seen)| *seen != Seen::New);
        let Some((path, seen)) = seen else { break };
        if until.is_none_or(|until| Instant::now() >= until) {
            return Err(Trouble::new(seen.told(&format!("{url}/{path}"))));
        }
        thread::sleep(LOOK_EVERY.min(settle.max(Duration::from_millis(50))));
    }
    let is_served = |path: &&String| !UNSERVED.contains(&path.as_str()) && look(line, url, built, path) == Seen::New;
    Ok(pages.iter().filter(is_served).cloned().collect())
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    /// The very bytes of the build.
    New,
    /// Something else.
    Other,
    Status(u16),
    Nothing(String),
}

impl Seen {
    fn told(&self, url: &str) -> String {
        match self {
            Seen::New => format!("{url} is the new one"),
            Seen::Other => format!("{url} is still another build's"),
            Seen::Status(status) => format!("{url} answers {status}"),
            Seen::Nothing(why) => format!("{url} cannot be read: {why}"),
        }
    }
}

fn look(line: &dyn Line, url: &str, built: &Built, path: &str) -> Seen {
    // As readers ask for it.
    let address = match path.strip_suffix("index.html") {
        Some(folder) => format!("{url}/{folder}"),
        None => format!("{url}/{path}"),
    };
    match line.call(&fresh(&address)) {
        Ok(answer) if answer.is_good() => match built.files.get(path) {
            Some(known) if *known == sum(&answer.body) => Seen::New,
            _ => Seen::Other,
        },
        Ok(answer) => Seen::Status(answer.status),
        Err(trouble) => Seen::Nothing(trouble.why),
    }
}
