//! A mail on its way to a server (RFC 5321): to each recipient by itself, so that none takes it from another.

mod server;

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::SmtpConnection;

use super::Mail;
use crate::net::Trouble;

/// How long a goodbye may take; whether it is heard does not matter.
const QUIT_WITHIN: Duration = Duration::from_secs(2);

/// What is said of a server that does not.
const LATE: &str = "it did not answer in time";

/// Why a recipient has it not, or perhaps not.
enum Missed {
    /// The server will never take it for this one.
    Refused(String),
    /// It did not now: it asks us to come again, or there was no way to it.
    NotNow(String),
    Perhaps(String),
}

pub(super) fn send(root: &Path, mail: &Mail) -> Result<Option<String>, Trouble> {
    let mut clerk = Clerk::new(root, mail);
    let (mut taken, mut refused, mut not_now, mut perhaps) = (0, Vec::new(), Vec::new(), Vec::new());
    for to in &mail.to {
        let parsed = mail.from.parse::<Address>().ok().zip(to.parse::<Address>().ok());
        let envelope = parsed.and_then(|(from, to)| Envelope::new(Some(from), vec![to]).ok());
        let handed = envelope.map_or_else(|| Err(Missed::Refused("no address".to_owned())), |to| clerk.hand(to));
        match handed {
            Ok(()) => taken += 1,
            Err(Missed::Refused(why)) => refused.push((to, why)),
            Err(Missed::NotNow(why)) => not_now.push((to, why)),
            Err(Missed::Perhaps(why)) => perhaps.push((to, why)),
        }
    }
    clerk.quit();
    let refused_for = (!refused.is_empty()).then(|| format!("refused for {}", listed(&refused)));
    if taken > 0 && not_now.is_empty() && perhaps.is_empty() {
        return Ok(refused_for);
    }
    let may_have_arrived = taken > 0 || !perhaps.is_empty();
    let why = match (&not_now[..], &perhaps[..]) {
        // All have the same trouble.
        ([(_, why), rest @ ..], []) | ([], [(_, why), rest @ ..])
            if taken == 0 && refused.is_empty() && rest.iter().all(|(_, other)| other == why) =>
        {
            why.clone()
        }
        _ => {
            let taken = match taken {
                0 => "it takes the mail for nobody".to_owned(),
                n => format!("it took the mail for {n} of {}", mail.to.len()),
            };
            let not_now = (!not_now.is_empty()).then(|| format!("not now for {}", listed(&not_now)));
            let perhaps = (!perhaps.is_empty()).then(|| format!("perhaps for {}", listed(&perhaps)));
            [Some(taken), perhaps, not_now, refused_for].into_iter().flatten().collect::<Vec<_>>().join("; ")
        }
    };
    // Whoever has it must not get it again, so that it waits for a person who knows the rest.
    Err(Trouble { why, may_have_arrived })
}

/// "`a`, `b`: why; `c`: why".
fn listed(missed: &[(&String, String)]) -> String {
    let mut out = String::new();
    for (at, (to, why)) in missed.iter().enumerate() {
        out += &format!("`{to}`");
        match missed.get(at + 1) {
            Some((_, next)) if next == why => out += ", ",
            Some(_) => out += &format!(": {why}; "),
            None => out += &format!(": {why}"),
        }
    }
    out
}

enum Order {
    /// Be connected.
    Connect,
    Hand(Envelope),
    Quit,
}

/// Who speaks to the server, in a thread of its own: a server that drips keeps it busy for ever, and nobody else. It sends
/// nothing that it was not told to, so what was given up does not go out later.
struct Clerk {
    orders: Sender<Order>,
    answers: Receiver<Result<(), Missed>>,
    /// For each order.
    timeout: Duration,
    /// Why there is no use in asking again.
    lost: Option<String>,
}

impl Clerk {
    fn new(root: &Path, mail: &Mail) -> Clerk {
        let (orders, ordered) = mpsc::channel();
        let (answering, answers) = mpsc::channel();
        let timeout = Duration::try_from(mail.timeout).unwrap_or_default();
        let (root, mail) = (root.to_owned(), mail.clone());
        thread::spawn(move || work(&root, &mail, &ordered, &answering));
        Clerk { orders, answers, timeout, lost: None }
    }

    fn ask(&self, order: Order, within: Duration) -> Option<Result<(), Missed>> {
        self.orders.send(order).ok()?;
        self.answers.recv_timeout(within).ok()
    }

    fn hand(&mut self, to: Envelope) -> Result<(), Missed> {
        if self.lost.is_none() {
            self.lost = match self.ask(Order::Connect, self.timeout) {
                Some(Ok(())) => None,
                Some(Err(Missed::Refused(why) | Missed::NotNow(why) | Missed::Perhaps(why))) => Some(why),
                None => Some(LATE.to_owned()),
            };
        }
        if let Some(why) = &self.lost {
            return Err(Missed::NotNow(why.clone()));
        }
        self.ask(Order::Hand(to), self.timeout).unwrap_or_else(|| {
            self.lost = Some(LATE.to_owned());
            Err(Missed::Perhaps(LATE.to_owned()))
        })
    }

    fn quit(&self) {
        if self.lost.is_none() {
            let _ = self.ask(Order::Quit, self.timeout.min(QUIT_WITHIN));
        }
    }
}

fn work(root: &Path, mail: &Mail, orders: &Receiver<Order>, answers: &Sender<Result<(), Missed>>) {
    let mut connection: Option<SmtpConnection> = None;
    for order in orders {
        let answer = match order {
            // After a refusal it is closed, and some servers close it after each mail.
            Order::Connect if connection.as_mut().is_some_and(|one| !one.has_broken() && one.test_connected()) => {
                Ok(())
            }
            Order::Connect => match server::connect(root, mail) {
                Ok(new) => {
                    connection = Some(new);
                    Ok(())
                }
                Err(trouble) => Err(Missed::NotNow(trouble.why)),
            },
            Order::Hand(envelope) => match &mut connection {
                Some(connection) => connection.send(&envelope, &mail.message).map(drop).map_err(|error| missed(&error)),
                None => Err(Missed::NotNow("there is no connection".to_owned())),
            },
            Order::Quit => {
                if let Some(mut connection) = connection.take() {
                    let _ = connection.quit();
                }
                Ok(())
            }
        };
        if answers.send(answer).is_err() {
            return;
        }
    }
}

fn missed(error: &Error) -> Missed {
    let why = server::said(error);
    if error.is_permanent() || error.is_client() {
        Missed::Refused(why)
    } else if error.is_transient() {
        Missed::NotNow(why)
    } else {
        // It broke off, perhaps after the last byte.
        Missed::Perhaps(why)
    }
}
