//! `upfront serve`: the site while somebody writes it, rebuilt at each change.
//!
//! 1. [`site`] reads it: what a reader would get, each file made when it is asked for, or why nothing can be built.
//! 2. [`answer`] says what a browser gets for a path; a pure function.
//! 3. [`http`] is the server, on the loopback address only, and [`events`] tells pages that they changed.
//! 4. [`watch`](super::watch) waits for the next change, the next minute or the next moment at which the site changes by itself.
//!
//! One thread holds the site and answers; the others bring it questions and changes through one channel, so there is
//! nothing to lock, and a question that comes with a change is answered after it. It writes nothing, and it is no server
//! for readers: one person, one machine.

mod answer;
mod events;
mod http;
mod site;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tiny_http::Server;

use self::events::Listeners;
use self::http::Asked;
use self::site::Shown;
use super::watch::{Change, Wake, Watch};
use super::{Edge, Failure, Status, browser};
use crate::cli;
use crate::diag::Diagnostic;
use crate::diag::report::Report;

/// So many ports above the one asked for are tried where that is taken.
const PORTS_TRIED: u16 = 10;

/// Takes requests at the same time; a browser asks for a handful of files at once.
const WORKERS: usize = 4;

/// Serves the site until somebody ends the program.
pub(super) fn run(edge: &Edge, args: &cli::Serve) -> Result<Status, Failure> {
    let listener = listen(edge, args.port)?;
    let port = listener.local_addr().map_err(|error| unheard(args.port, &error))?.port();
    // Watching begins before reading, so that no change falls between the two.
    let mut watch = Watch::new(edge.root(), &[])
        .map_err(|error| Failure::new(format!("could not watch {}: {error}", edge.root().display())))?;
    take_in_background(listener, &watch.sender()).map_err(|error| unheard(port, &*error))?;

    let mut serving = Serving { edge, args, listeners: Listeners::default(), told: String::new(), asked: Vec::new() };
    let mut base = "/".to_owned();
    let (mut is_first, mut changed) = (true, None);
    loop {
        let change = site::with_site(
            edge.root(),
            |zone| now(edge, args, zone),
            &mut base,
            |shown, due| {
                if is_first {
                    serving.begin(&format!("http://127.0.0.1:{port}{}", shown.base))?;
                }
                if let Some(took) = changed.map(|at: Instant| at.elapsed()) {
                    edge.note(&format!("read again in {} ms", took.as_millis()));
                }
                Ok::<_, Failure>(serving.serve(&watch, shown, due))
            },
        )?;
        is_first = false;
        changed = change.map(|change| {
            serving.asked = watch.settle(change);
            Instant::now()
        });
    }
}

/// What goes on from one reading of the site to the next.
struct Serving<'a> {
    edge: &'a Edge,
    args: &'a cli::Serve,
    listeners: Listeners,
    /// The diagnostics that were told last.
    told: String,
    /// Questions that came with a change.
    asked: Vec<Asked>,
}

impl Serving<'_> {
    fn begin(&self, url: &str) -> Result<(), Failure> {
        self.edge.print(&format!("Serving {url}\n"))?;
        self.edge.note("Save a file, and the page shows it. Ctrl-C ends this.");
        if self.args.open {
            browser::open(self.edge, url);
        }
        Ok(())
    }

    /// Answers questions about what is shown until that is no longer true: a file changed, or, where none did, the time.
    fn serve(&mut self, watch: &Watch<Asked>, shown: &Shown<'_>, due: Option<Timestamp>) -> Option<Change> {
        self.listeners.tell(shown);
        for asked in std::mem::take(&mut self.asked) {
            self.answer(asked, shown);
        }
        self.tell(shown.diagnostics);
        let until = Instant::now() + patience(self.edge, self.args, due);
        loop {
            match watch.next(until.saturating_duration_since(Instant::now())) {
                Some(Wake::Asked(asked)) => self.answer(asked, shown),
                Some(Wake::Changed(change)) => return Some(change),
                None => return None,
            }
        }
    }

    fn answer(&mut self, asked: Asked, shown: &Shown<'_>) {
        match asked {
            // Whoever asked may be gone.
            Asked::Page { url, reply } => drop(reply.send(answer::answer(shown, &url))),
            Asked::Listen { query, connection } => self.listeners.add(&query, connection, shown),
        }
    }

    /// Tells what is wrong where that is news.
    fn tell(&mut self, diagnostics: &[Diagnostic]) {
        let now = Report::new(diagnostics, self.edge.root()).concise();
        if now != self.told {
            self.edge.tell(diagnostics);
            if diagnostics.is_empty() {
                self.edge.note("nothing is wrong any more");
            }
            self.told = now;
        }
    }
}

/// The moment to show the site as of.
#[expect(clippy::disallowed_methods, reason = "serve goes on for hours: each of its builds reads the clock once")]
fn now(edge: &Edge, args: &cli::Serve, zone: &TimeZone) -> Timestamp {
    let clock = Edge { now: Timestamp::now(), ..edge.clone() };
    clock.now_or(args.now, zone)
}

/// How long nothing needs to be built, though nobody writes anything: pages say how long ago something was, in minutes.
#[expect(clippy::disallowed_methods, reason = "how long to wait is counted from the real clock")]
fn patience(edge: &Edge, args: &cli::Serve, due: Option<Timestamp>) -> Duration {
    const MINUTE: SignedDuration = SignedDuration::from_mins(1);
    if args.now.is_some() {
        return Duration::from_secs(3600);
    }
    let clock = Timestamp::now();
    let minute =
        Edge { now: clock, ..edge.clone() }.now_or(None, &TimeZone::UTC).saturating_add(MINUTE).unwrap_or(clock);
    let next = due.filter(|&due| due > clock).map_or(minute, |due| due.min(minute));
    next.duration_since(clock).unsigned_abs().max(Duration::from_millis(10))
}

/// Binds the port, or one of the next ones where it is taken.
fn listen(edge: &Edge, port: u16) -> Result<TcpListener, Failure> {
    let mut taken = None;
    for tried in port..=port.saturating_add(if port == 0 { 0 } else { PORTS_TRIED }) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, tried)) {
            Ok(listener) => {
                if tried != port {
                    edge.note(&format!("port {port} is taken, so it is {tried}"));
                }
                return Ok(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => taken = Some(error),
            Err(error) => return Err(unheard(tried, &error)),
        }
    }
    let error = taken.unwrap_or_else(|| io::ErrorKind::AddrInUse.into());
    Err(unheard(port, &error).cure("choose another one with `--port`; 0 takes any that is free"))
}

fn unheard(port: u16, error: &(impl std::fmt::Display + ?Sized)) -> Failure {
    Failure::new(format!("could not listen on port {port}: {error}"))
}

fn take_in_background(
    listener: TcpListener,
    asking: &Sender<Wake<Asked>>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let server = Arc::new(Server::from_listener(listener, None)?);
    for _ in 0..WORKERS {
        let (server, asking) = (Arc::clone(&server), asking.clone());
        thread::Builder::new().name("http".to_owned()).spawn(move || http::take_all(&server, &asking))?;
    }
    Ok(())
}
