//! Records that could not be used, counted, so that ten thousand of them are told in one sentence.

use std::collections::BTreeMap;

use super::whole;
use crate::diag::{Code, Diagnostic};
use crate::load::feed::Payload;
use crate::model::MonitorId;

/// What is told of a whole answer whose shape is another than its format's; nothing of it is used.
pub(in crate::load::feed) fn wrong_shape(payload: &Payload, message: impl Into<String>) -> Diagnostic {
    let told = Diagnostic::error(Code::FEED_SHAPE, message).outcome("nothing of it is used");
    whole(told.cure("check the kind of the feed, and its address"), &payload.name)
}

/// How many records of one answer were left out, by reason.
#[derive(Debug, Default)]
pub(in crate::load::feed) struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    /// One more. `why` completes "3 left out: …" and holds nothing private: "a service without `last_check`".
    pub(in crate::load::feed) fn count(&mut self, why: &'static str) {
        *self.0.entry(why).or_default() += 1;
    }

    /// The value, or one more without.
    pub(in crate::load::feed) fn need<T>(&mut self, value: Option<T>, why: &'static str) -> Option<T> {
        if value.is_none() {
            self.count(why);
        }
        value
    }

    /// The id that a foreign system's names become; one more where they cannot become any.
    pub(in crate::load::feed) fn id(&mut self, parts: &[&str]) -> Option<MonitorId> {
        self.need(MonitorId::escaped(parts), "a monitor whose name is empty, or longer than 128 bytes once escaped")
    }

    /// A warning for each reason.
    pub(in crate::load::feed) fn tell(self, payload: &Payload, diagnostics: &mut Vec<Diagnostic>) {
        for (why, count) in self.0 {
            let told = Diagnostic::warning(Code::FEED_SHAPE, format!("{count} left out: {why}"));
            diagnostics.push(whole(told.outcome("the rest is used"), &payload.name));
        }
    }
}
