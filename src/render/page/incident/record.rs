//! Our response: when it was detected, when a person first wrote, how long the longest silence was, what was promised and
//! kept. And by what each update's time is known.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Input, first_day};
use crate::derive::Moment;
use crate::derive::promises::Owed;
use crate::derive::response::{Posted, PostedBy, Response};
use crate::model::Kind;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::lead::joined;
use crate::render::page::pen::{Fact, Pen, anchor};
use crate::render::time::Own;

/// What a template prints as the section on the response.
#[derive(Serialize)]
pub(super) struct Record {
    title: String,
    facts: Vec<Fact>,
    /// By what the times are known.
    evidence: Html,
}

/// `None` for what is no disturbance, and while no person has written about it.
pub(super) fn record(pen: &Pen<'_>, input: &Input<'_>) -> Option<Record> {
    let response = input.response.filter(|_| input.incident.kind == Kind::Incident)?;
    let day = first_day(pen, input);
    let facts = [
        detected(pen, response, day),
        notice(pen, response, day),
        first_word(pen, response, day),
        silence(pen, input, response, day),
        late(pen, response),
        resolved(pen, response, day),
        owed(pen, input),
    ];
    Some(Record {
        title: pen.word(T::record),
        facts: facts.into_iter().flatten().collect(),
        evidence: evidence(pen, response),
    })
}

fn near(pen: &Pen<'_>, at: Timestamp, day: Date) -> Html {
    pen.clock.near(Moment::At(at), day, Own::No)
}

fn detected(pen: &Pen<'_>, response: &Response, day: Date) -> Option<Fact> {
    let detected = response.detected?;
    Some(pen.fact(T::detected, near(pen, detected, day), Some(Html::text(&pen.word(T::by_checks)))))
}

fn notice(pen: &Pen<'_>, response: &Response, day: Date) -> Option<Fact> {
    let notice = response.notice?;
    let after = response.detected.map(|detected| after(pen, notice.duration_since(detected)));
    Some(pen.fact(T::record_notice, near(pen, notice, day), after))
}

fn after(pen: &Pen<'_>, length: SignedDuration) -> Html {
    Html::text(&pen.text(T::record_after, &[("length", &pen.clock.duration(length))]))
}

fn first_word(pen: &Pen<'_>, response: &Response, day: Date) -> Option<Fact> {
    let word = response.first_word?;
    let promised = pen.config().promise.first_post.map(|promised| pen.clock.duration(promised));
    let small = response.first_after.map(|length| match &promised {
        Some(promised) => {
            let length = pen.clock.duration(length);
            Html::text(&pen.text(T::record_after_promised, &[("length", &length), ("promised", promised)]))
        }
        None => after(pen, length),
    });
    Some(pen.fact(T::record_first_word, pen.clock.near(word.at, day, Own::No), small))
}

fn silence(pen: &Pen<'_>, input: &Input<'_>, response: &Response, day: Date) -> Option<Fact> {
    let gap = response.longest_silence()?;
    let id = input.incident.updates.get(gap.update).map(|update| format!("#u-{}", update.id))?;
    let from = anchor(&id, &near(pen, gap.from, day));
    let from = match gap.to {
        Some(to) => pen.html(T::record_silence, &[("from", &from), ("to", &near(pen, to, day))]),
        None => pen.html(T::record_silence_open, &[("from", &from)]),
    };
    let promised = gap.promised.map(|promised| {
        let key = if promised.named { T::record_named } else { T::record_promised };
        let until = Html::text(&pen.clock.duration(promised.at.duration_since(gap.from)));
        pen.html(key, &[("time", &near(pen, promised.at, day)), ("length", &until)])
    });
    let small = pen.listed([Some(from), promised].into_iter().flatten());
    let main = Html::text(&pen.clock.duration(gap.length));
    let fact = pen.fact(T::record_longest, main, Some(small));
    Some(fact)
}

fn late(pen: &Pen<'_>, response: &Response) -> Option<Fact> {
    let kept = response.kept();
    let of = usize::try_from(kept.of).ok().filter(|of| *of > 0)?;
    let main = pen.count(T::record_late_of, of, &[("late", &pen.clock.i18n.number(u64::from(kept.n)))]);
    Some(pen.fact(T::record_late, Html::text(&main), Some(Html::text(&pen.word(T::record_late_note)))))
}

fn resolved(pen: &Pen<'_>, response: &Response, day: Date) -> Option<Fact> {
    let resolved = response.resolved?;
    let length = pen.clock.between(response.started, resolved);
    let small = length.map(|length| Html::text(&pen.text(T::record_after, &[("length", &length)])));
    Some(pen.fact(T::stage_resolved, pen.clock.near(resolved, day, Own::No), small))
}

fn owed(pen: &Pen<'_>, input: &Input<'_>) -> Option<Fact> {
    let report = input.report.map(|report| pen.url(&format!("rfo/{}/", report.slug)));
    pen.owed(input.owed, report.as_deref())
}

impl Pen<'_> {
    /// How a report stands, as a fact; `None` where none is owed.
    pub(in crate::render::page) fn owed(&self, owed: &Owed, report: Option<&str>) -> Option<Fact> {
        let date = |day: &Date| self.clock.date(*day);
        let due = |key: T, day: &Date| self.html(key, &[("day", &date(day))]);
        Some(match owed {
            Owed::No => return None,
            Owed::Waived(reason) => {
                self.fact(T::report, Html::text(&self.word(T::rfo_waived)), Some(Html::text(reason)))
            }
            Owed::Running => self.fact(T::report, Html::text(&self.word(T::rfo_running)), None),
            Owed::Due(day) => self.fact(T::report, due(T::rfo_due, day), None),
            Owed::Overdue(day) => {
                let mark = self.overdue(self.word(T::promise_overdue));
                let main = due(T::rfo_overdue, day);
                Fact { mark: Some(mark), ..self.fact(T::report, main, Some(Html::text(&self.word(T::rfo_broken)))) }
            }
            Owed::Published { on, .. } => {
                let text = self.html(T::published_day, &[("day", &date(on))]);
                let main = match report {
                    Some(url) => anchor(url, &text),
                    None => text,
                };
                self.fact(T::report, main, self.kept_day(owed))
            }
        })
    }

    /// `a day before it was due`, `3 days late`; `None` where it was not owed.
    pub(in crate::render::page) fn kept_day(&self, owed: &Owed) -> Option<Html> {
        let Owed::Published { on, due: Some(due), .. } = owed else { return None };
        let days = on.until(*due).map_or(0, |span| span.get_days());
        let count = usize::try_from(days.unsigned_abs()).unwrap_or(0);
        Some(Html::text(&match days {
            0 => self.word(T::rfo_on_the_day),
            1.. => self.count(T::rfo_days_early, count, &[]),
            _ => self.count(T::rfo_days_late, count, &[]),
        }))
    }

    /// `written 11:20 CET, first committed 14:00 CET`: where both differ by more than a little.
    pub(in crate::render::page) fn both_times(&self, posted: &Posted, day: Date) -> Option<Html> {
        let written = self.clock.near(Moment::At(posted.written?), day, Own::No);
        let key = match posted.by {
            PostedBy::Receipt => T::both_receipt,
            PostedBy::Commit => T::both_commit,
            PostedBy::Written(_) => return None,
        };
        let seen = self.clock.near(posted.at, day, Own::No);
        Some(self.html(key, &[("written", &written), ("seen", &seen)]))
    }
}

/// One sentence for all of them where that can be.
fn evidence(pen: &Pen<'_>, response: &Response) -> Html {
    let count = |is: fn(&PostedBy) -> bool| response.posted.iter().filter(|posted| is(&posted.by)).count();
    let receipts = count(|by| matches!(by, PostedBy::Receipt));
    let commits = count(|by| matches!(by, PostedBy::Commit));
    let written = count(|by| matches!(by, PostedBy::Written(_)));
    let moved_in = response.posted.iter().find_map(|posted| match posted.by {
        PostedBy::Written(since) => since,
        PostedBy::Receipt | PostedBy::Commit => None,
    });
    let first = match (receipts, commits, written) {
        (_, 0, 0) => Html::text(&pen.word(T::evidence_receipt)),
        (0, _, 0) => Html::text(&pen.word(T::evidence_commit)),
        (0, 0, _) => Html::text(&pen.word(T::evidence_written)),
        _ => {
            let keys =
                [(T::evidence_receipts, receipts), (T::evidence_commits, commits), (T::evidence_writtens, written)];
            let parts = keys.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| Html::text(&pen.count(key, n, &[])));
            pen.html(T::evidence_mixed, &[("list", &pen.listed(parts))])
        }
    };
    let moved_in = moved_in.map(|at| {
        let day = pen.clock.date(pen.clock.day_of(Moment::At(at)));
        pen.html(T::evidence_moved_in, &[("day", &day)])
    });
    joined(&[Some(first), moved_in].into_iter().flatten().collect::<Vec<_>>())
}
