//! The server: tells who may ask, and sends what [`super::answer`] says.
//!
//! It listens on the loopback address. A page elsewhere could still reach it through a name of its own that leads to
//! that address (DNS rebinding), and read drafts; so only requests for a name of the loopback itself are answered.

use std::io::{Cursor, Write};
use std::sync::mpsc::{self, Sender};

use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use super::answer::Answer;
use crate::cmd::watch::Wake;

/// What a browser asks of the thread that holds the site.
pub(super) enum Asked {
    /// For a path with its query.
    Page { url: String, reply: Sender<Answer> },
    /// To hear when a page changes.
    Listen { query: String, connection: Box<dyn Write + Send> },
}

/// Takes requests, for ever, and passes on what may be answered.
pub(super) fn take_all(server: &Server, asking: &Sender<Wake<Asked>>) {
    loop {
        // An error is of one connection, or the server has ended and so has the program.
        if let Ok(request) = server.recv() {
            take(request, asking);
        }
    }
}

fn take(request: Request, asking: &Sender<Wake<Asked>>) {
    let host = header(&request, "Host").unwrap_or_default();
    if !is_loopback(host) {
        return send(request, Answer::text(403, "This server answers only to localhost.\n"));
    }
    if !matches!(request.method(), Method::Get | Method::Head) {
        return send(request, Answer::text(405, "This server only shows.\n"));
    }
    if let Some(query) = request.url().strip_prefix("/-/events?") {
        let query = query.to_owned();
        // Nobody is left to listen to when the program ends.
        let _ = asking.send(Wake::Asked(Asked::Listen { query, connection: request.into_writer() }));
        return;
    }
    let (reply, answers) = mpsc::channel();
    let _ = asking.send(Wake::Asked(Asked::Page { url: request.url().to_owned(), reply }));
    if let Ok(answer) = answers.recv() {
        send(request, answer);
    }
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
