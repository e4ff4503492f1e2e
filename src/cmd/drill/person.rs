//! Whoever answers a drill: somebody at the terminal, or a made-up person who does what they should.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use jiff::{SignedDuration, Timestamp};

use crate::cli::{self, AnswerAfter, Speed};
use crate::cmd::Failure;
use crate::drill::post::Words;
use crate::model::{IncidentStatus, Stage};

/// How long a made-up person takes to see it, where nothing is said.
const ANSWER_AFTER: SignedDuration = SignedDuration::from_mins(4);

/// How much earlier than promised they write again.
const EARLY: SignedDuration = SignedDuration::from_mins(2);

/// How fast the clock goes for somebody at a terminal, where nothing is said.
const SPEED: f64 = 10.0;

/// What is said where nobody says more.
const FIRST: &str = "A person is looking into it.";

/// See the module.
pub(super) enum Person {
    /// What they type comes line by line.
    There { lines: Receiver<String>, speed: f64 },
    /// `after` they were told; `None`: never.
    MadeUp { after: Option<SignedDuration>, speed: Option<f64> },
}

/// What a made-up person knows when they are asked.
pub(super) struct Ask {
    pub detected: Timestamp,
    pub is_good: bool,
    pub is_over: bool,
    /// The stage of their last word.
    pub last: Option<Stage>,
    pub due: Option<Timestamp>,
}

impl Person {
    pub fn new(args: &cli::Drill) -> Result<Person, Failure> {
        let speed = match args.speed {
            Some(Speed::Times(times)) => Some(times),
            Some(Speed::Max) | None => None,
        };
        if args.hands_off {
            let after = match args.answer_after {
                None => Some(ANSWER_AFTER),
                Some(AnswerAfter::After(after)) => Some(after),
                Some(AnswerAfter::Never) => None,
            };
            return Ok(Person::MadeUp { after, speed });
        }
        if args.answer_after.is_some() {
            return Err(Failure::new("--answer-after is for a made-up person").cure("add --hands-off"));
        }
        if args.speed == Some(Speed::Max) {
            let failure = Failure::new("nobody types as fast as --speed max");
            return Err(failure.cure("add --hands-off, or choose a speed such as 10"));
        }
        if !io::stdin().is_terminal() {
            let failure = Failure::new("nobody is at a terminal to answer the drill");
            return Err(failure.cure("add --hands-off to have a made-up person answer it"));
        }
        let (send, lines) = channel();
        let typing = move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        };
        let failed = |error| Failure::new(format!("could not listen to the terminal: {error}"));
        thread::Builder::new().name("terminal".to_owned()).spawn(typing).map_err(failed)?;
        Ok(Person::There { lines, speed: speed.unwrap_or(SPEED) })
    }

    /// How many times as fast as ours the drill's clock goes; `None` for as fast as it can.
    pub fn speed(&self) -> Option<f64> {
        match self {
            Person::There { speed, .. } => Some(*speed),
            Person::MadeUp { speed, .. } => *speed,
        }
    }

    /// Whether somebody is at the terminal.
    pub fn is_asked(&self) -> bool {
        matches!(self, Person::There { .. })
    }

    /// Whether they are made up.
    pub fn is_at_hand(&self) -> bool {
        matches!(self, Person::MadeUp { .. })
    }

    pub fn never_comes(&self) -> bool {
        matches!(self, Person::MadeUp { after: None, .. })
    }

    /// What somebody has typed.
    pub fn typed(&self) -> Option<Words> {
        match self {
            Person::There { lines, .. } => {
                let line = lines.try_recv().ok()?;
                let words = Words::read(&line);
                let text = if words.text.is_empty() { FIRST.to_owned() } else { words.text };
                Some(Words { text, ..words })
            }
            Person::MadeUp { .. } => None,
        }
    }

    /// What a made-up person says now, if they say something.
    pub fn answer(&self, ask: &Ask, now: Timestamp) -> Option<Words> {
        let Person::MadeUp { after: Some(after), .. } = self else { return None };
        let words = |status, text: &str| Some(Words { status: Some(status), text: text.to_owned() });
        let status = match ask.last {
            None if now.duration_since(ask.detected) >= *after => {
                return words(IncidentStatus::Investigating, FIRST);
            }
            None => return None,
            Some(Stage::Incident(status)) => status,
            Some(Stage::Maintenance(_) | Stage::Note) => return None,
        };
        if status == IncidentStatus::Resolved {
            return None;
        }
        if ask.is_over {
            return words(IncidentStatus::Resolved, "It works again.");
        }
        if ask.is_good && status != IncidentStatus::Monitoring {
            return words(IncidentStatus::Monitoring, "Our checks are good again. We keep an eye on it.");
        }
        let is_due = ask.due.is_some_and(|due| due.duration_since(now) <= EARLY);
        is_due.then(|| words(status, "We are still at it.")).flatten()
    }
}
