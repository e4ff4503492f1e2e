//! Dates in prose: `2022-03-29`, `29 March 2022`, `Tuesday 29 March`, `March 29th, 2022`. English names; what stands in
//! code, in a link's address or in a comment is none.

use std::ops::Range;

use jiff::civil::{Date, Weekday};

/// A date as it is written. It need not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// From the first byte of its weekday, or of itself, to its last.
    pub span: Range<usize>,
    pub weekday: Option<Weekday>,
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
}

impl Written {
    /// The date that is meant; without a year the one nearest to `near`. `None` where there is no such day.
    pub fn date(&self, near: Date) -> Option<Date> {
        let years = match self.year {
            Some(year) => year..=year,
            None => near.year().saturating_sub(1)..=near.year().saturating_add(1),
        };
        let dates = years.filter_map(|year| Date::new(year, self.month, self.day).ok());
        dates.min_by_key(|date| date.duration_since(near).abs())
    }

    /// Whether the calendar has no such day in any year (or not in the one that is named).
    pub fn is_none(&self) -> bool {
        // 2000 is a leap year.
        Date::new(self.year.unwrap_or(2000), self.month, self.day).is_err()
    }
}

/// The text with everything blanked that is not prose: code, addresses, comments. As long as before.
pub(super) fn prose(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    let mut blank = |range: Range<usize>| {
        for byte in out.get_mut(range).into_iter().flatten().filter(|byte| **byte != b'\n') {
            *byte = b'`';
        }
    };
    let (mut at, mut fence) = (0, None);
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        if fence.is_some() || mark.is_some() {
            blank(at..at + line.len());
        } else {
            for (open, close) in [("`", "`"), ("](", ")"), ("<", ">")] {
                let mut from = 0;
                while let Some(start) = line.get(from..).and_then(|rest| rest.find(open)).map(|start| from + start) {
                    let inner = start + open.len();
                    let Some(end) = line.get(inner..).and_then(|rest| rest.find(close)) else { break };
                    from = inner + end + close.len();
                    blank(at + start..at + from);
                }
            }
        }
        fence = match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => None,
            (Some(open), _) => Some(open),
            (None, mark) => mark,
        };
        at += line.len();
    }
    // Only whole characters of one line are blanked, so this loses nothing.
    String::from_utf8(out).unwrap_or_default()
}

/// Every date in it, in order.
pub(super) fn find(text: &str) -> Vec<Written> {
    let words = words(text);
    let gap = |index: usize| {
        let (before, after) = (words.get(index)?, words.get(index + 1)?);
        text.get(before.end..after.start)
    };
    let word = |index: usize| words.get(index).and_then(|span| text.get(span.clone()));
    let mut dates = Vec::new();
    let mut index = 0;
    while index < words.len() {
        let Some((mut written, next)) = iso(text, &words, index).or_else(|| named(&word, &gap, &words, index)) else {
            index += 1;
            continue;
        };
        if let Some(before) = index.checked_sub(1)
            && matches!(gap(before), Some(" " | ", " | "\n" | "\u{a0}"))
            && let Some(weekday) = word(before).and_then(weekday)
        {
            written.weekday = Some(weekday);
            written.span.start = words.get(before).map_or(written.span.start, |span| span.start);
        } else if gap(next - 1) == Some(" (")
            && let Some(weekday) = word(next).and_then(weekday)
        {
            written.weekday = Some(weekday);
        }
        dates.push(written);
        index = next;
    }
    dates
}

/// Runs of letters and digits.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(from..at);
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    words.extend(start.map(|from| from..text.len()));
    words
}

/// `2022-03-29`, perhaps with a time; and the index of the word after it.
fn iso(text: &str, words: &[Range<usize>], index: usize) -> Option<(Written, usize)> {
    let [year, month, day] = words.get(index..index + 3)? else { return None };
    let whole = |span: &Range<usize>, digits: usize| {
        let word = text.get(span.clone()).filter(|word| word.len() == digits)?;
        word.parse::<i16>().ok()
    };
    let is_joined = |before: &Range<usize>, after: &Range<usize>| text.get(before.end..after.start) == Some("-");
    if !is_joined(year, month) || !is_joined(month, day) {
        return None;
    }
    let day_word = text.get(day.clone())?;
    let digits = day_word.split('T').next()?;
    let written = Written {
        span: year.start..day.start + digits.len(),
        weekday: None,
        year: Some(whole(year, 4)?),
        month: i8::try_from(whole(month, 2)?).ok()?,
        day: (digits.len() == 2).then(|| digits.parse().ok())??,
    };
    // Part of a name, a number or an address is no date.
    let before = text.get(..year.start)?.chars().next_back();
    let mut after = text.get(day.end..)?.chars();
    let is_part = before.is_some_and(|c| "/-_.=#".contains(c))
        || match after.next() {
            Some('-' | '_' | '/') => true,
            Some('.') => after.next().is_some_and(char::is_alphanumeric),
            _ => false,
        };
    (!is_part).then_some((written, index + 3))
}

/// `29 March`, `29th of March 2022`, `March 29, 2022`; and the index of the word after it.
fn named<'a>(
    word: &impl Fn(usize) -> Option<&'a str>,
    gap: &impl Fn(usize) -> Option<&'a str>,
    words: &[Range<usize>],
    index: usize,
) -> Option<(Written, usize)> {
    let is_space = |gap: Option<&str>| matches!(gap, Some(" " | "\n" | "\u{a0}" | "\u{202f}"));
    if !is_space(gap(index)) {
        return None;
    }
    let (month, day, last) = match (word(index).and_then(day), word(index).and_then(month)) {
        (Some(day), _) => {
            let of = usize::from(word(index + 1) == Some("of") && is_space(gap(index + 1)));
            (word(index + 1 + of).and_then(month)?, day, index + 1 + of)
        }
        (None, Some(month)) => {
            // "March 11:00" is a time.
            let is_time = gap(index + 1) == Some(":");
            (month, word(index + 1).filter(|_| !is_time).and_then(day)?, index + 1)
        }
        (None, None) => return None,
    };
    let year = word(last + 1)
        .filter(|_| is_space(gap(last)) || gap(last) == Some(", "))
        .filter(|word| word.len() == 4)
        .and_then(|word| word.parse::<i16>().ok())
        .filter(|year| (1990..2100).contains(year));
    let last = last + usize::from(year.is_some());
    let span = words.get(index)?.start..words.get(last)?.end;
    Some((Written { span, weekday: None, year, month, day }, last + 1))
}

/// `29`, `29th`
fn day(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    (digits.len() <= 2).then(|| digits.parse::<i8>().ok())?.filter(|day| *day > 0)
}

/// In full or in three letters, with its capital ("may" is another word).
fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let is = |name: &&str| *name == word || name.get(..3) == Some(word) || (word == "Sept" && **name == *"September");
    MONTHS.iter().position(is).and_then(|at| i8::try_from(at + 1).ok())
}

fn weekday(word: &str) -> Option<Weekday> {
    match word {
        "Monday" | "Mon" => Some(Weekday::Monday),
        "Tuesday" | "Tue" | "Tues" => Some(Weekday::Tuesday),
        "Wednesday" | "Wed" => Some(Weekday::Wednesday),
        "Thursday" | "Thu" | "Thur" | "Thurs" => Some(Weekday::Thursday),
        "Friday" | "Fri" => Some(Weekday::Friday),
        "Saturday" | "Sat" => Some(Weekday::Saturday),
        "Sunday" | "Sun" => Some(Weekday::Sunday),
        _ => None,
    }
}

pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::{find, prose};

    #[test]
    fn dates_are_found_as_people_write_them() {
        let cases: &[(&str, &[&str])] = &[
            ("On 2022-03-29 it broke", &["2022-3-29"]),
            ("at 2022-03-29T11:02+02:00.", &["2022-3-29"]),
            ("2022-03-29.", &["2022-3-29"]),
            ("Tuesday, 29 March 2022, and Wed 30 Mar.", &["Tuesday 2022-3-29", "Wednesday 3-30"]),
            ("the 1st of May\n2022", &["2022-5-1"]),
            ("March 29th, 2022 and Sept 3", &["2022-3-29", "9-3"]),
            ("2022-03-29 (Monday)", &["Monday 2022-3-29"]),
            ("24 to 28\u{a0}March", &["3-28"]),
            ("31 April, 30 February 2022", &["4-31", "2022-2-30"]),
            // No dates: parts of names and addresses, times, verbs, numbers.
            ("2022-03-29-imap, a/2022-03-29.md, v1-2022-03-29, 2022-03-29.log", &[]),
            ("since March 11:00, 5 may log in, 123 March, 0 May, in March 2022", &[]),
            ("12022-03-29 2022-3-29 2022-03-2911", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = find(text)
                .into_iter()
                .map(|date| {
                    let weekday = date.weekday.map_or(String::new(), |day| format!("{} ", super::weekday_name(day)));
                    let year = date.year.map_or(String::new(), |year| format!("{year}-"));
                    format!("{weekday}{year}{}-{}", date.month, date.day)
                })
                .collect();
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_prose_is_blanked_and_nothing_moves() {
        let text = "På `2022-03-29`, [29 March](/2022-03-29/), <https://x/2022-03-29> 30 March.\n```\n2022-01-01 å\n```\n31 March";
        let prose = prose(text);
        assert_eq!(prose.len(), text.len());
        let found: Vec<&str> = find(&prose).into_iter().filter_map(|date| text.get(date.span)).collect();
        assert_eq!(found, ["29 March", "30 March", "31 March"]);
    }
}
