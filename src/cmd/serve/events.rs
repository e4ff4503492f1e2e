//! Tells pages that they changed: Server-Sent Events (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
//!
//! A page says which one it is and with which tag it was sent. It hears one word, and only when it would be sent with
//! another tag: an edit of one incident leaves the others where their readers have scrolled to.

use std::io::{self, Write};

use super::answer::answer;
use super::site::Shown;
use crate::check::percent_decoded;

/// More pages than anybody has open; the one that listens longest is let go.
const LISTENERS_MAX: usize = 64;

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
                    X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\nretry: 500\n\n";
const CHANGED: &str = "data: changed\n\n";
/// A comment, which finds out who is gone.
const STILL_HERE: &str = ":\n\n";

/// Pages that are open in a browser.
#[derive(Default)]
pub(super) struct Listeners(Vec<Listener>);

struct Listener {
    page: String,
    tag: String,
    connection: Box<dyn Write + Send>,
}

impl Listeners {
    /// Takes a page in that listens from now on. `query` is `page=…&tag=…`.
    pub(super) fn add(&mut self, query: &str, connection: Box<dyn Write + Send>, shown: &Shown<'_>) {
        let field = |name: &str| {
            let found = query.split('&').find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
            percent_decoded(found.unwrap_or_default())
        };
        let mut listener = Listener { page: field("page"), tag: field("tag"), connection };
        if send(&mut *listener.connection, HEAD).is_ok() && listener.tell(shown) {
            if self.0.len() >= LISTENERS_MAX {
                self.0.remove(0);
            }
            self.0.push(listener);
        }
    }

    /// Tells every page that would be sent with another tag now.
    pub(super) fn tell(&mut self, shown: &Shown<'_>) {
        self.0.retain_mut(|listener| listener.tell(shown));
    }
}

impl Listener {
    /// Whether it still listens.
    fn tell(&mut self, shown: &Shown<'_>) -> bool {
        let tag = answer(shown, &self.page).tag;
        let word = if tag == self.tag { STILL_HERE } else { CHANGED };
        // A page that could not reload is told again only when it changes again.
        self.tag = tag;
        send(&mut *self.connection, word).is_ok()
    }
}

fn send(connection: &mut dyn Write, text: &str) -> io::Result<()> {
    connection.write_all(text.as_bytes())?;
    connection.flush()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex, PoisonError};

    use super::Listeners;
    use crate::cmd::serve::answer::answer;
    use crate::cmd::serve::answer::tests::output;
    use crate::cmd::serve::site::Shown;
    use crate::render::Output;

    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<u8>>>);

    impl Heard {
        fn text(&self) -> String {
            String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
        }
    }

    impl Write for Heard {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn listen(listeners: &mut Listeners, page: &str, tag: &str, at: &Shown<'_>) -> Heard {
        let heard = Heard::default();
        listeners.add(&format!("page={}&tag={tag}", page.replace('/', "%2F")), Box::new(heard.clone()), at);
        heard
    }

    fn site(front: &'static str) -> [Output<'static>; 2] {
        [output("index.html", front), output("other/index.html", "other")]
    }

    #[test]
    fn only_a_page_that_changed_is_told() {
        let (before, after) = (site("one"), site("two"));
        let (before, after) = (Shown::new("/", &[], &before), Shown::new("/", &[], &after));
        let mut listeners = Listeners::default();
        let front = listen(&mut listeners, "/", &answer(&before, "/").tag, &before);
        let other = listen(&mut listeners, "/other/", &answer(&before, "/other/").tag, &before);
        listeners.tell(&before);
        assert!(!front.text().contains("data:"), "{}", front.text());
        listeners.tell(&after);
        assert!(front.text().ends_with("data: changed\n\n"), "{}", front.text());
        assert!(!other.text().contains("data:"), "{}", other.text());
    }

    #[test]
    fn a_page_that_changed_while_it_was_loading_is_told_at_once() {
        let (before, after) = (site("one"), site("two"));
        let (before, after) = (Shown::new("/", &[], &before), Shown::new("/", &[], &after));
        let front = listen(&mut Listeners::default(), "/", &answer(&before, "/").tag, &after);
        assert!(front.text().ends_with("data: changed\n\n"), "{}", front.text());
    }
}
