//! A server on the loopback interface that answers as a test wants.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use tiny_http::{Header, Request, Response, StatusCode};
use upfront::publish::media::{cache_control, content_type};

/// What it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    /// With its query.
    pub path: String,
    /// `name: value`, names in lower case.
    pub headers: Vec<String>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| header.strip_prefix(name)?.strip_prefix(": "))
    }
}

pub struct Server {
    server: Arc<tiny_http::Server>,
    asked: Arc<Mutex<Vec<Asked>>>,
    thread: Option<JoinHandle<()>>,
}

/// A status, headers and a body.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Box<dyn Read + Send>,
}

impl Answer {
    pub fn status(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Box::new(Cursor::new(Vec::new())) }
    }

    pub fn of(bytes: impl Into<Vec<u8>>) -> Answer {
        Answer { body: Box::new(Cursor::new(bytes.into())), ..Answer::status(200) }
    }

    /// A file, or the index of a folder, or 404.
    pub fn file(folder: &Path, asked: &Asked) -> Answer {
        let path = asked.path.split('?').next().unwrap_or_default().trim_start_matches('/');
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        std::fs::read(folder.join(path)).map_or_else(|_| Answer::status(404), Answer::of)
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }
}

impl Server {
    /// A host of the files in a folder.
    pub fn of_folder(folder: &Path) -> Server {
        let folder = folder.to_owned();
        Server::new(move |asked| Answer::file(&folder, asked))
    }

    pub fn new(answer: impl Fn(&Asked) -> Answer + Send + 'static) -> Server {
        let server = Arc::new(tiny_http::Server::http("127.0.0.1:0").unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let thread = thread::spawn({
            let (server, asked) = (Arc::clone(&server), Arc::clone(&asked));
            move || {
                for mut request in server.incoming_requests() {
                    let seen = seen(&mut request);
                    asked.lock().unwrap().push(seen.clone());
                    // Each in a thread of its own: one that drips holds up no other.
                    let answer = answer(&seen);
                    thread::spawn(move || give(request, answer));
                }
            }
        });
        Server { server, asked, thread: Some(thread) }
    }

    pub fn url(&self, host: &str) -> String {
        format!("http://{host}:{}", self.server.server_addr().to_ip().unwrap().port())
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.server.unblock();
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn seen(request: &mut Request) -> Asked {
    let mut body = Vec::new();
    let _ = request.as_reader().read_to_end(&mut body);
    let headers = request.headers().iter();
    let headers = headers.map(|header| format!("{}: {}", header.field.as_str().as_str().to_lowercase(), header.value));
    Asked { method: request.method().to_string(), path: request.url().to_owned(), headers: headers.collect(), body }
}

fn give(request: Request, answer: Answer) {
    let headers = answer.headers.iter().map(|(name, value)| Header::from_bytes(*name, value.as_bytes()).unwrap());
    // Whoever asked may have heard enough.
    let _ = request.respond(Response::new(StatusCode(answer.status), headers.collect(), answer.body, None, None));
}

/// A header that every file of a good host has, with its value.
pub const GOOD: [(&str, &str); 5] = [
    ("access-control-allow-origin", "*"),
    ("content-security-policy", "default-src 'none'"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("permissions-policy", "interest-cohort=()"),
];

impl Answer {
    /// A file as a good host gives it out, with all headers.
    pub fn well_served(folder: &Path, asked: &Asked) -> Answer {
        let path = asked.path.trim_start_matches('/');
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        let mut answer = Answer::file(folder, asked);
        answer.headers.extend(GOOD.map(|(name, value)| (name, value.to_owned())));
        answer.header("content-type", content_type(&path)).header("cache-control", cache_control(&path))
    }

    pub fn without(mut self, name: &str) -> Answer {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// With other bytes.
    pub fn changed(mut self, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Answer {
        let mut bytes = Vec::new();
        self.body.read_to_end(&mut bytes).unwrap();
        self.body = Box::new(Cursor::new(change(bytes)));
        self
    }
}
