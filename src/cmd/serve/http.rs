//! The server: tells who may ask, and sends what [`super::answer`] says.
//!
//! It listens on the loopback address. A page elsewhere could still reach it through a name of its own that leads to
//! that address (DNS rebinding), and read drafts; so only requests for a name of the loopback itself are answered.

use std::io::Cursor;
use std::sync::{Arc, PoisonError, RwLock};

use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use super::answer::{Answer, answer};
use super::events::Listeners;
use super::site::Shown;

/// What all requests share.
pub(super) struct State {
    shown: RwLock<Arc<Shown>>,
    listeners: Listeners,
}

impl State {
    pub(super) fn new(shown: Shown) -> State {
        State { shown: RwLock::new(Arc::new(shown)), listeners: Listeners::default() }
    }

    /// From now on this is what is shown.
    pub(super) fn show(&self, shown: Shown) {
        let shown = Arc::new(shown);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&shown);
        self.listeners.tell(&shown);
    }

    fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Answers requests, for ever.
pub(super) fn answer_all(server: &Server, state: &State) {
    loop {
        // An error is of one connection, or the server has ended and so has the program.
        if let Ok(request) = server.recv() {
            respond(request, state);
        }
    }
}

fn respond(request: Request, state: &State) {
    let shown = state.shown();
    let host = header(&request, "Host").unwrap_or_default();
    let answer = if !is_loopback(host) {
        Answer::text(403, "This server answers only to localhost.\n")
    } else if !matches!(request.method(), Method::Get | Method::Head) {
        Answer::text(405, "This server only shows.\n")
    } else if let Some(query) = request.url().strip_prefix("/-/events?") {
        let query = query.to_owned();
        return state.listeners.add(&query, request.into_writer(), &shown);
    } else {
        answer(&shown, request.url())
    };
    send(request, answer);
}

/// Whoever asked may be gone: that is their business.
fn send(request: Request, answer: Answer) {
    let tag = format!("\"{}\"", answer.tag);
    let known = header(&request, "If-None-Match").is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    let mut headers = vec![("ETag", tag), ("Cache-Control", "no-cache".to_owned())];
    headers.push(("X-Content-Type-Options", "nosniff".to_owned()));
    if known && answer.status == 200 {
        let _ = request.respond(with(headers, Response::empty(304)));
        return;
    }
    headers.push(("Content-Type", answer.content_type.to_owned()));
    if answer.status == 405 {
        headers.push(("Allow", "GET, HEAD".to_owned()));
    }
    headers.extend(answer.location.map(|location| ("Location", location)));
    let length = answer.body.len();
    let response = Response::new(StatusCode(answer.status), Vec::new(), Cursor::new(answer.body), Some(length), None);
    // With its length, not in chunks: `curl -I` then says how long a page is.
    let _ = request.respond(with(headers, response.with_chunked_threshold(usize::MAX)));
}

fn with<R: std::io::Read>(headers: Vec<(&str, String)>, mut response: Response<R>) -> Response<R> {
    for (name, value) in headers {
        // A value that cannot stand in a header is not ours; the answer is right without it.
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    response
}

fn header<'a>(request: &'a Request, name: &'static str) -> Option<&'a str> {
    request.headers().iter().find(|header| header.field.equiv(name)).map(|header| header.value.as_str())
}

/// Whether a `Host` is a name of the loopback address, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_the_loopback_are_answered() {
        for host in ["localhost", "LocalHost:8000", "127.0.0.1:8000", "[::1]:80", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "[::1].x", ":8000"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
