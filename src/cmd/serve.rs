//! `upfront serve`: the site while somebody writes it, rebuilt at each change.
//!
//! 1. [`site`] builds it in memory: what a reader would get, or why nothing can be built.
//! 2. [`answer`] says what a browser gets for a path; a pure function.
//! 3. [`http`] is the server, on the loopback address only, and [`events`] tells pages that they changed.
//! 4. [`watch`] waits for the next change, the next minute or the next moment at which the site changes by itself.
//!
//! It writes nothing, and it is no server for readers: one person, one machine.

mod answer;
mod events;
mod http;
mod site;
mod watch;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tiny_http::Server;

use self::http::State;
use self::site::{Builder, Shown};
use self::watch::{Watch, Woken};
use super::{Edge, Failure, Status, browser};
use crate::cli;
use crate::diag::report::Report;

/// So many ports above the one asked for are tried where that is taken.
const PORTS_TRIED: u16 = 10;

/// Answers requests at the same time; a browser asks for a handful of files at once.
const WORKERS: usize = 4;

/// Serves the site until somebody ends the program.
pub(super) fn run(edge: &Edge, args: &cli::Serve) -> Result<Status, Failure> {
    let listener = listen(edge, args.port)?;
    let port = listener.local_addr().map_err(|error| unheard(args.port, &error))?.port();
    // Watching begins before reading, so that no change falls between the two.
    let mut watch = Watch::new(edge.root())
        .map_err(|error| Failure::new(format!("could not watch {}: {error}", edge.root().display())))?;
    let mut builder = Builder::new(edge.root());
    let (shown, mut due) = builder.build(now(edge, args));
    let mut told = tell(edge, &shown, String::new());
    let url = format!("http://127.0.0.1:{port}{}", shown.base());
    let state = Arc::new(State::new(shown));
    answer_in_background(listener, &state).map_err(|error| unheard(port, &*error))?;
    edge.print(&format!("Serving {url}\n"))?;
    edge.note("Save a file, and the page shows it. Ctrl-C ends this.");
    if args.open {
        browser::open(edge, &url);
    }
    loop {
        let woken = watch.wait(patience(edge, args, due));
        let began = Instant::now();
        let (shown, next_due) = builder.build(now(edge, args));
        due = next_due;
        if woken == Woken::ByChange {
            edge.note(&format!("rebuilt in {} ms", began.elapsed().as_millis()));
        }
        told = tell(edge, &shown, told);
        state.show(shown);
    }
}

/// The moment to show the site as of.
#[expect(clippy::disallowed_methods, reason = "serve goes on for hours: each of its builds reads the clock once")]
fn now(edge: &Edge, args: &cli::Serve) -> Timestamp {
    let clock = Edge { now: Timestamp::now(), ..edge.clone() };
    clock.now_or(args.now)
}

/// How long nothing needs to be built, though nobody writes anything: pages say how long ago something was, in minutes.
#[expect(clippy::disallowed_methods, reason = "how long to wait is counted from the real clock")]
fn patience(edge: &Edge, args: &cli::Serve, due: Option<Timestamp>) -> Duration {
    const MINUTE: SignedDuration = SignedDuration::from_mins(1);
    if args.now.is_some() {
        return Duration::from_secs(3600);
    }
    let clock = Timestamp::now();
    let minute = Edge { now: clock, ..edge.clone() }.now_or(None).saturating_add(MINUTE).unwrap_or(clock);
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

fn answer_in_background(
    listener: TcpListener,
    state: &Arc<State>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let server = Arc::new(Server::from_listener(listener, None)?);
    for _ in 0..WORKERS {
        let (server, state) = (Arc::clone(&server), Arc::clone(state));
        thread::Builder::new().name("answer".to_owned()).spawn(move || http::answer_all(&server, &state))?;
    }
    Ok(())
}

/// Tells what is wrong where that is news, and returns what was told.
fn tell(edge: &Edge, shown: &Shown, told: String) -> String {
    let diagnostics = shown.diagnostics();
    let now = Report::new(diagnostics, edge.root()).concise();
    if now != told {
        edge.tell(diagnostics);
        if diagnostics.is_empty() {
            edge.note("nothing is wrong any more");
        }
    }
    now
}
