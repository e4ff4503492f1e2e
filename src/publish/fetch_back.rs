//! Fetches the site back through its public address, until the new build is really served.

use std::thread;
use std::time::{Duration, Instant};

use super::built::{Built, sum};
use super::live::fresh;
use crate::net::{Line, Trouble};

/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The files that tell one build from another: they hold its time.
const TELLING: [&str; 2] = ["status.json", "index.html"];

/// Waits until the new build is served at `url`, at most `settle`. Calls `waits` once where it has to.
///
/// # Errors
///
/// What is served instead.
pub fn fetch_back(
    line: &dyn Line,
    url: &str,
    built: &Built,
    settle: Duration,
    waits: &dyn Fn(),
) -> Result<(), Trouble> {
    let until = Instant::now().checked_add(settle);
    let mut is_first = true;
    loop {
        let seen = TELLING.iter().map(|path| (path, look(line, url, built, path))).find(|(_, seen)| *seen != Seen::New);
        let Some((path, seen)) = seen else { return Ok(()) };
        if until.is_none_or(|until| Instant::now() >= until) {
            return Err(Trouble::new(seen.told(&address(url, path))));
        }
        if std::mem::take(&mut is_first) {
            waits();
        }
        // Several times, however short that is.
        thread::sleep(LOOK_EVERY.min((settle / 8).max(Duration::from_millis(20))));
    }
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    /// What was built.
    New,
    /// A page or list of another build.
    Other,
    /// The beginning of the new one.
    CutOff,
    Status(u16),
    Nothing(String),
}

impl Seen {
    fn told(&self, url: &str) -> String {
        match self {
            Seen::New => format!("{url} is the new one"),
            Seen::Other => format!("{url} is still another build's"),
            Seen::CutOff => format!("{url} is the new one, but cut off"),
            Seen::Status(status) => format!("{url} answers {status}"),
            Seen::Nothing(why) => format!("{url} cannot be read: {why}"),
        }
    }
}

/// As readers ask for it.
fn address(url: &str, path: &str) -> String {
    format!("{url}/{}", path.strip_suffix("index.html").unwrap_or(path))
}

fn look(line: &dyn Line, url: &str, built: &Built, path: &str) -> Seen {
    match line.call(&fresh(&address(url, path))) {
        Ok(answer) if answer.is_good() => compare(built, path, &answer.body),
        Ok(answer) => Seen::Status(answer.status),
        Err(trouble) => Seen::Nothing(trouble.why),
    }
}

fn compare(built: &Built, path: &str, served: &[u8]) -> Seen {
    if built.files.get(path).is_some_and(|known| *known == sum(served)) {
        return Seen::New;
    }
    let Ok(ours) = built.bytes(path) else { return Seen::Other };
    if ours.starts_with(served) {
        return Seen::CutOff;
    }
    // Some hosts rewrite pages on their way (addresses hidden from robots, a line for statistics): the page says itself of which
    // build it is.
    let is_rewritten = mark(&ours).is_some() && mark(served) == mark(&ours);
    match (is_rewritten, served.trim_ascii_end().ends_with(b"</html>")) {
        (true, true) => Seen::New,
        (true, false) => Seen::CutOff,
        (false, _) => Seen::Other,
    }
}

/// The time of the build, as the front page holds it.
fn mark(page: &[u8]) -> Option<&[u8]> {
    let begins = b"data-built=\"";
    let at = memchr::memmem::find(page, begins)? + begins.len();
    let rest = page.get(at..)?;
    rest.get(..memchr::memchr(b'"', rest)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::*;
    use crate::net::{Answer, Call};

    const PAGE: &str = "<html><time data-built=\"2026-11-25T18:49\"></time><a>mail</a></html>\n";

    /// Answers what is told, one list after another; the last one again and again.
    struct Host(Mutex<Vec<(u16, String)>>);

    impl Line for Host {
        fn call(&self, call: &Call) -> Result<Answer, Trouble> {
            if call.url.ends_with("status.json") {
                return Ok(Answer { status: 200, body: b"{}".to_vec(), ..Answer::default() });
            }
            let mut answers = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let next = if answers.len() > 1 { answers.remove(0) } else { answers.first().cloned().unwrap_or_default() };
            Ok(Answer { status: next.0, body: next.1.into_bytes(), ..Answer::default() })
        }
    }

    #[test]
    fn what_is_served_is_the_new_build_or_it_is_said_what_it_is() {
        let Ok(folder) = tempfile::tempdir() else { unreachable!("there is a place for it") };
        for (path, text) in [("index.html", PAGE), ("status.json", "{}")] {
            assert!(std::fs::write(folder.path().join(path), text).is_ok());
        }
        let files: BTreeMap<String, String> = [("index.html", PAGE), ("status.json", "{}")]
            .map(|(path, text)| (path.to_owned(), sum(text.as_bytes())))
            .into();
        let built = Built { folder: folder.path().to_owned(), files };
        let rewritten = PAGE.replace("mail", "[hidden]");
        let cut = PAGE.get(..50).unwrap_or_default().to_owned();
        let old = PAGE.replace("18:49", "18:48");
        let wrong = |what: &str| Err(Trouble::new(format!("https://status.example/ {what}")));
        for (answers, expected) in [
            (vec![(200, PAGE.to_owned())], Ok(())),
            (vec![(200, rewritten.clone())], Ok(())),
            (vec![(200, old.clone()), (404, String::new()), (200, PAGE.to_owned())], Ok(())),
            (vec![(200, old)], wrong("is still another build's")),
            (vec![(200, cut)], wrong("is the new one, but cut off")),
            (vec![(200, rewritten.replace("</html>", ""))], wrong("is the new one, but cut off")),
            (vec![(503, String::new())], wrong("answers 503")),
        ] {
            let host = Host(Mutex::new(answers.clone()));
            let seen = fetch_back(&host, "https://status.example", &built, Duration::from_millis(200), &|| {});
            assert_eq!(seen, expected, "{answers:?}");
        }
    }
}
