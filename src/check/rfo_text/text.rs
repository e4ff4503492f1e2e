//! Dates in a report's text that cannot be meant: days that no calendar has, weekdays that do not fit, the year of another
//! incident, days after the report came out that nothing speaks of as to come.
//!
//! It would rather miss a slip than doubt what is right: what is said of earlier or later days in so many words is left
//! alone. Those words are English; of other languages only weekdays and the calendar are looked at.

use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::dates::{Written, find, weekday_name};

/// What dates are held against. All in the site's zone.
#[derive(Clone, Debug)]
pub(super) struct Known<'a> {
    pub began: Date,
    pub ended: Date,
    /// `None` where nothing dates the report.
    pub published: Option<Date>,
    /// Days that follow-ups name, and those on which the text was changed.
    pub named: &'a [Date],
    pub english: bool,
}

/// Where, what is wrong with it, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub span: Range<usize>,
    pub what: String,
    pub cure: String,
}

/// In a text of which only prose is left.
pub(super) fn check(text: &str, known: &Known<'_>) -> Vec<Finding> {
    find(text).iter().filter_map(|written| finding(text, written, known)).collect()
}

fn finding(text: &str, written: &Written, known: &Known<'_>) -> Option<Finding> {
    let told = |what: String, cure: String| Some(Finding { span: written.span.clone(), what, cure });
    let as_written = text.get(written.span.clone())?.split_whitespace().collect::<Vec<_>>().join(" ");
    if written.is_none() {
        return told(format!("there is no such day: {as_written}"), "put the date right".to_owned());
    }
    let date = written.date(known.began)?;
    if let Some(weekday) = written.weekday
        && weekday != date.weekday()
        // Without its year, a day far from the incident may be of any.
        && (written.year.is_some() || (days(date, known.began).abs() < 120))
    {
        let right = weekday_name(date.weekday());
        return told(
            format!("{date} is a {right}, not a {}", weekday_name(weekday)),
            "put one of them right".to_owned(),
        );
    }
    if !known.english || known.named.contains(&date) || is_elsewhere(text, written) {
        return None;
    }
    if let Some(near) = in_the_incident(date, known) {
        let what = format!("the incident was in {}, not in {}", near.year(), date.year());
        return told(what, format!("is {near} meant?"));
    }
    // Of a row the record of events says where it lies.
    let line = text.get(..written.span.start)?.rsplit('\n').next()?;
    if line.trim_start().starts_with('|') {
        return None;
    }
    let published = known.published.filter(|published| days(date, *published) > 1)?;
    let what = format!("{date} is after the report was published, on {published}");
    told(what, "put the date right; of what is to come, say so: \"by\", \"will\"".to_owned())
}

/// The day in the year of the incident on which it was under way, where another year is written.
fn in_the_incident(date: Date, known: &Known<'_>) -> Option<Date> {
    let (first, last) = (known.began.saturating_sub(1.day()), known.ended.saturating_add(1.day()));
    if (first..=last).contains(&date) || date.year().abs_diff(known.began.year()) > 10 {
        return None;
    }
    let years = [first.year(), last.year()].into_iter();
    years.filter_map(|year| Date::new(year, date.month(), date.day()).ok()).find(|date| (first..=last).contains(date))
}

/// From `other` to `date`, in days.
fn days(date: Date, other: Date) -> i64 {
    date.duration_since(other).as_hours() / 24
}

/// So much around a date is read, in bytes, however long its sentence is.
const AROUND: usize = 400;

/// Whether its sentence, or the heading above it, speaks of another time than that of the incident.
fn is_elsewhere(text: &str, written: &Written) -> bool {
    const BEGINS: [&str; 24] = [
        "plan",
        "schedul",
        "expect",
        "expir",
        "correct",
        "edit",
        "updat",
        "amend",
        "complet",
        "finish",
        "promis",
        "intend",
        "similar",
        "earlier",
        "previous",
        "review",
        "improv",
        "prevent",
        "anniversar",
        "begin",
        "start",
        "year",
        "follow",
        "chang",
    ];
    const WORDS: [&str; 31] = [
        "by", "until", "till", "from", "before", "after", "will", "shall", "would", "should", "must", "can", "due",
        "next", "going", "deadline", "latest", "added", "done", "since", "valid", "later", "aim", "hope", "want",
        "last", "again", "ago", "then", "once", "promise",
    ];
    let speaks = |part: &str| {
        part.split(|c: char| !c.is_alphanumeric()).any(|word| {
            let word = word.to_ascii_lowercase();
            WORDS.contains(&&*word) || BEGINS.iter().any(|begin| word.starts_with(begin))
        })
    };
    speaks(sentence(text, &written.span)) || heading(text, written.span.start).is_some_and(speaks)
}

/// What stands around it up to a full stop, a blank line or the edge of its row.
fn sentence<'a>(text: &'a str, span: &Range<usize>) -> &'a str {
    let floor = text.floor_char_boundary(span.start.saturating_sub(AROUND));
    let ceiling = text.floor_char_boundary(span.end.saturating_add(AROUND));
    let before = text.get(floor..span.start).unwrap_or_default();
    let after = text.get(span.end..ceiling).unwrap_or_default();
    const ENDS: [&str; 7] = [". ", ".\n", "! ", "? ", "\n\n", "\n|", "\n- "];
    let from = ENDS.iter().filter_map(|end| before.rfind(end).map(|at| at + end.len())).max().unwrap_or(0);
    let to = ENDS.iter().filter_map(|end| after.find(end)).min().unwrap_or(after.len());
    text.get(floor + from..span.end + to).unwrap_or_default()
}

/// The heading of the section it stands in, where that is near.
fn heading(text: &str, at: usize) -> Option<&str> {
    let floor = text.floor_char_boundary(at.saturating_sub(20 * AROUND));
    let before = text.get(floor..at)?;
    before.lines().rev().find_map(|line| line.strip_prefix('#')).map(|line| line.trim_matches(['#', ' ']))
}

#[cfg(test)]
mod tests {
    use super::{Known, check};

    fn told(text: &str, english: bool) -> Vec<String> {
        let date = |text: &str| text.parse().unwrap_or_else(|_| unreachable!("a date of the test"));
        let named = [date("2022-05-15")];
        let known = Known {
            began: date("2022-03-29"),
            ended: date("2022-03-30"),
            published: Some(date("2022-04-04")),
            named: &named,
            english,
        };
        let findings = check(text, &known).into_iter();
        findings.map(|finding| format!("{}: {}", text.get(finding.span).unwrap_or_default(), finding.what)).collect()
    }

    #[test]
    fn only_clear_contradictions_are_told() {
        let cases: &[(&str, &[&str])] = &[
            ("On Tuesday 29 March 2022 logins failed.", &[]),
            (
                "On Wednesday, 29 March 2022 logins failed.",
                &["Wednesday, 29 March 2022: 2022-03-29 is a Tuesday, not a Wednesday"],
            ),
            ("On Monday 29 March it broke.", &["Monday 29 March: 2022-03-29 is a Tuesday, not a Monday"]),
            ("Since Monday 29 November they were alone.", &[]),
            ("On 31 April nothing was left.", &["31 April: there is no such day: 31 April"]),
            ("It broke on 29 March 2021.", &["29 March 2021: the incident was in 2022, not in 2021"]),
            ("It broke as it did a year before, on 29 March 2021.", &[]),
            ("Two servers were replaced on 24 February.", &[]),
            ("All mail was back on 2 June.", &["2 June: 2022-06-02 is after the report was published, on 2022-04-04"]),
            ("All of them will be replaced on 2 June.", &[]),
            ("We replace all of them by 2 June.", &[]),
            ("The switch-over is on 15 May.", &[]),
            ("## What we change\n\nA second cluster stands on 2 June.", &[]),
            (
                "It will hold. All mail was back on 2 June.",
                &["2 June: 2022-06-02 is after the report was published, on 2022-04-04"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(&told(text, true), expected, "{text}");
        }
    }

    #[test]
    fn of_another_language_only_the_calendar_is_held_against_it() {
        assert_eq!(told("Alt var bra 2022-06-02.", false), Vec::<String>::new());
        assert_eq!(told("Alt var bra 2022-02-30.", false), ["2022-02-30: there is no such day: 2022-02-30"]);
    }
}
