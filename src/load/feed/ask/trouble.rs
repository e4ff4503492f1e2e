//! Why a feed did not answer. What is wrong is said without a secret, an address, a path or a monitor's name; those that
//! help to put it right stand in the cure, which only the operator's own terminal shows.

use crate::diag::{Code, Diagnostic};
use crate::model::{Feed, Secret};

/// Something that could not be got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::load::feed) struct Trouble {
    pub code: Code,
    /// What is wrong, after "feed `x`: ".
    pub why: String,
    /// For the operator's own terminal.
    pub cure: String,
    /// Whether asking for something else is no use either.
    lasting: bool,
}

impl Trouble {
    /// The answer to one request is missing.
    pub fn new(why: impl Into<String>, cure: impl Into<String>) -> Trouble {
        Trouble { code: Code::FEED_UNREACHABLE, why: why.into(), cure: cure.into(), lasting: false }
    }

    /// Whatever else is asked will fail as well.
    pub fn lasting(why: impl Into<String>, cure: impl Into<String>) -> Trouble {
        Trouble { lasting: true, ..Trouble::new(why, cure) }
    }

    /// The secret is the trouble.
    pub fn secret(why: impl Into<String>, cure: impl Into<String>) -> Trouble {
        Trouble { code: Code::FEED_SECRET, ..Trouble::lasting(why, cure) }
    }

    pub fn too_large(what: &str, bytes_max: u64) -> Trouble {
        let why = format!("{what} would be more than {} MiB", bytes_max >> 20);
        let cure = "ask for less: a shorter time, or fewer monitors";
        Trouble { code: Code::FEED_TOO_LARGE, ..Trouble::lasting(why, cure) }
    }

    pub fn too_many_requests(requests_max: usize) -> Trouble {
        let why = format!("it would take more than {requests_max} requests");
        let cure = "name the monitors that matter, or run `upfront record` more often";
        Trouble { code: Code::FEED_TOO_LARGE, ..Trouble::lasting(why, cure) }
    }

    pub fn out_of_time(feed: &Feed) -> Trouble {
        let why = format!("no answer within {} s", feed.timeout.as_secs());
        Trouble::lasting(why, "give it a longer `timeout`, or look why it is slow")
    }

    /// An answer that says by its status that it is none.
    pub fn status(status: u16, secrets: &[&Secret], what: &str) -> Trouble {
        match status {
            401 | 403 if secrets.is_empty() => Trouble::secret(
                format!("it wants a secret ({status})"),
                "name the variable that holds it: `token_env = \"…\"`, or `user` and `password_env`",
            ),
            401 | 403 => {
                let named: Vec<String> = secrets.iter().map(|secret| named(secret)).collect();
                let why = format!("it refuses the secret in {} ({status})", named.join(" and "));
                Trouble::secret(why, "check that it is whole, still valid, and allowed to read this")
            }
            404 | 410 => {
                Trouble::new(format!("there is nothing at its address ({status})"), format!("check `url`: {what}"))
            }
            429 => Trouble::lasting(
                "it was asked too often (429)",
                "run `upfront record` less often, or ask for fewer monitors",
            ),
            500..=599 => {
                Trouble::new(format!("it has trouble of its own ({status})"), "try again later, or look at its log")
            }
            _ => Trouble::new(format!("it answers with status {status}"), format!("check `url`: {what}")),
        }
    }

    pub fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// What is wrong, fit for everybody: not even how a secret is called.
    pub fn public_why(&self) -> &str {
        if self.code == Code::FEED_SECRET { "its secret is missing or was refused" } else { &self.why }
    }

    /// What to say of it. `all` is whether nothing else of the feed was got either.
    pub fn telling(&self, feed: &Feed, all: bool) -> Diagnostic {
        let outcome = if all { "nothing new is known of its monitors" } else { "what it did answer counts" };
        Diagnostic::warning(self.code, format!("feed `{}`: {}", feed.id, self.why)).cure(&self.cure).outcome(outcome)
    }
}

/// A secret's variable or file.
pub(super) fn named(secret: &Secret) -> String {
    match secret {
        Secret::Env(name) => format!("`{name}`"),
        Secret::File(path) => format!("the file `{path}`"),
    }
}
