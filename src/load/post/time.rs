//! Times as people write them → moments, with everything that is doubtful told.
//!
//! Two steps, because a heading that says only `14:05` can be understood only beside the others: [`written::scan`]
//! finds what stands there, [`Written::resolve`] makes a moment of it. The rules are those of docs/writing.md: without a zone the
//! site's zone holds; a time that clocks skip is moved on by the gap; one that exists twice is the earlier, unless that is
//! before the update before it.

mod written;
mod zone;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset};
use jiff::{SignedDuration, Timestamp};

use super::teller::{Teller, quoted};
use crate::diag::Code;
use crate::model::Zone;

pub(super) use written::{Written, ZoneWritten, scan, trim_separators};

use zone::Abbreviation;

/// Around a written time: what it is measured against.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// The day of a time that says none, and the year of a day that says none.
    pub day: Option<Date>,
    /// The update before it, for an hour that exists twice.
    pub not_before: Option<Timestamp>,
}

/// What a written time turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    At(Timestamp),
    Day(Date),
    /// A time without a day, and nothing else says one; or nothing that could be read.
    Unknown,
}

impl Written {
    /// The day it says, with the year of the context if it says none.
    pub(super) fn day(&self, context: Context) -> Option<Date> {
        self.date.or_else(|| {
            let (month, day) = self.month_day?;
            Date::new(context.day?.year(), month, day).ok()
        })
    }

    /// The moment it means. Tells what is doubtful; `at` is where the text that was scanned stands in the file.
    pub(super) fn resolve(&self, site: &Zone, context: Context, at: usize, tell: &mut Teller) -> Resolved {
        self.tell_problems(at, tell);
        let day = self.day(context);
        self.tell_weekday(day, at, tell);
        let day_or_context = day.or(context.day.filter(|_| !self.is_broken_date()));
        match (day_or_context, self.time) {
            (Some(day), Some(time)) => {
                self.moment(day, time, site, context, at, tell).map_or(Resolved::Day(day), Resolved::At)
            }
            (Some(_), None) | (None, _) => day.map_or(Resolved::Unknown, Resolved::Day),
        }
    }

    fn moment(
        &self,
        day: Date,
        time: Time,
        site: &Zone,
        context: Context,
        at: usize,
        tell: &mut Teller,
    ) -> Option<Timestamp> {
        let day = if self.is_midnight_after { day.tomorrow().ok()? } else { day };
        let local = day.to_datetime(time);
        match &self.zone {
            ZoneWritten::None => self.in_site_zone(local, site, context, at, tell),
            ZoneWritten::Offset(offset) => offset.to_timestamp(local).ok(),
            ZoneWritten::Named(tz) => tz.to_ambiguous_timestamp(local).compatible().ok(),
            ZoneWritten::Abbreviation(name) => match zone::abbreviation(name, local, site) {
                Abbreviation::Is(offset) => offset.to_timestamp(local).ok(),
                Abbreviation::Doubtful(why) => {
                    let moment = site.tz.to_ambiguous_timestamp(local).compatible().ok()?;
                    tell.warning(Code::TIME_ZONE, self.span_at(at), why)
                        .cure(format!("write it as `{}`", exact(local, site.tz.to_offset(moment))))
                        .outcome(format!("read as a time in {}", site.name));
                    Some(moment)
                }
            },
        }
    }

    fn in_site_zone(
        &self,
        local: DateTime,
        site: &Zone,
        context: Context,
        at: usize,
        tell: &mut Teller,
    ) -> Option<Timestamp> {
        let ambiguous = site.tz.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok(),
            AmbiguousOffset::Gap { before, after } => {
                let moment = before.to_timestamp(local).ok()?;
                let shown = after.to_datetime(moment);
                tell.warning(
                    Code::TIME_CLOCK_CHANGE,
                    self.span_at(at),
                    format!("{} does not exist in {}: clocks go forward over it", plain(local), site.name),
                )
                .cure(format!("write `{}` if that is meant", plain(shown)))
                .outcome(format!("read as {}", plain(shown)));
                Some(moment)
            }
            AmbiguousOffset::Fold { before, after } => {
                let (earlier, later) = (before.to_timestamp(local).ok()?, after.to_timestamp(local).ok()?);
                let takes_later = context.not_before.is_some_and(|bound| earlier < bound && bound <= later);
                let (moment, offset) = if takes_later { (later, after) } else { (earlier, before) };
                let name = |offset: Offset, moment| zone::name_or_offset(offset, moment, site);
                tell.warning(
                    Code::TIME_CLOCK_CHANGE,
                    self.span_at(at),
                    format!("{} exists twice in {}: clocks go back over it", plain(local), site.name),
                )
                .cure(format!(
                    "write `{} {}` or `{} {}`",
                    plain(local),
                    name(before, earlier),
                    plain(local),
                    name(after, later)
                ))
                .outcome(format!(
                    "read as the {} one, {}",
                    if takes_later { "later" } else { "earlier" },
                    name(offset, moment)
                ));
                Some(moment)
            }
        }
    }

    fn tell_problems(&self, at: usize, tell: &mut Teller) {
        if let Some(problem) = &self.problem {
            tell.error(Code::TIME_SYNTAX, self.span_at(at), problem.clone())
                .cure("write a time as `2022-03-29 11:20`")
                .outcome("published, without that time");
        }
        if let Some(date) = self.either_way {
            tell.warning(Code::TIME_SYNTAX, self.span_at(at), "day and month can be taken either way round here")
                .cure(format!("write `{date}` if that is meant"))
                .outcome(format!("read as {date}"));
        }
    }

    fn tell_weekday(&self, day: Option<Date>, at: usize, tell: &mut Teller) {
        if let (Some(weekday), Some(day)) = (self.weekday, day)
            && day.weekday() != weekday
        {
            tell.warning(
                Code::TIME_ORDER,
                self.span_at(at),
                format!("{day} is a {:?}, not a {weekday:?}", day.weekday()),
            )
            .cure("put the day or the weekday right")
            .outcome(format!("read as {day}"));
        }
    }

    fn span_at(&self, at: usize) -> std::ops::Range<usize> {
        self.span.start + at..self.span.end + at
    }
}

/// Reads a whole value of front matter as a time; tells what is left over.
pub(super) fn read_value(text: &str, site: &Zone, context: Context, at: usize, tell: &mut Teller) -> Resolved {
    let written = scan(text);
    if written.is_empty() && written.problem.is_none() {
        tell.error(Code::TIME_SYNTAX, at..at + text.len(), format!("{} is no time", quoted(text)))
            .cure("write a time as `2022-03-29 11:20`")
            .outcome("published, without it");
        return Resolved::Unknown;
    }
    written.resolve(site, context, at, tell)
}

/// The length of a day between two updates that needs no word: over midnight.
pub(super) const NIGHT_MAX: SignedDuration = SignedDuration::from_hours(12);

/// A local time as people read it: `2022-03-29 11:20`, with seconds only if there are any.
pub(super) fn plain(local: DateTime) -> String {
    let format = if local.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    local.strftime(format).to_string()
}

/// A local time that cannot be taken for another.
fn exact(local: DateTime, offset: Offset) -> String {
    format!("{} {}", plain(local), zone::offset_text(offset))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use snapbox::{IntoData, assert_data_eq, str};

    use super::*;
    use crate::diag::Source;

    /// Reads a time on the site of `zone`; the day of the update before it is 2022-03-29.
    fn read(zone: &str, text: &str, not_before: Option<&str>) -> String {
        let site = Zone { name: zone.to_owned(), tz: TimeZone::get(zone).unwrap() };
        let source = Arc::new(Source::new("a.md", text));
        let mut tell = Teller::new(&source);
        let context =
            Context { day: Some(date(2022, 3, 29)), not_before: not_before.map(|text| text.parse().unwrap()) };
        let mut shown = match read_value(text, &site, context, 0, &mut tell) {
            Resolved::At(at) => site.tz.to_datetime(at).to_string() + &zone::offset_text(site.tz.to_offset(at)),
            Resolved::Day(day) => day.to_string(),
            Resolved::Unknown => "unknown".to_owned(),
        };
        for told in tell.into_diagnostics() {
            let outcome = told.outcome.unwrap_or_default();
            shown += &format!("\n{}: {}\n  {}\n  {outcome}", told.code, told.message, told.cure);
        }
        shown
    }

    fn check(text: &str, expected: impl IntoData) {
        assert_data_eq!(read("Europe/Oslo", text, None), expected);
    }

    #[test]
    fn a_time_may_be_written_in_many_ways() {
        for text in [
            "2022-03-29 11:20",
            "2022-03-29T11:20",
            "2022-03-29T11:20:00",
            "2022-03-29, 11:20",
            "2022-03-29 at 11:20",
            "2022/03/29 11:20",
            "29 March 2022 11:20",
            "29. mar. 2022 11:20",
            "March 29, 2022 11:20",
            "Mar 29th, 2022, 11:20 am",
            "29.03.2022 11:20",
            "29.3.2022 kl. 11.20",
            "29/03/2022 11:20",
            "3/29/2022 11:20",
            "11:20 2022-03-29",
            "11:20, 29 March 2022",
            "Tuesday, 29 March 2022, 11:20",
            "29 March 11:20",
            "2022-03-29 11h20",
            "2022-03-29 1120",
            "11:20",
            "11.20",
            "11:20 AM",
            "11:20am",
            "1120 CEST",
            "2022-03-29 11:20 (CEST)",
            "2022-03-29 09:20Z",
            "2022-03-29T09:20:00.000Z",
            "2022-03-29 09:20 UTC",
            "0920 UTC",
            "2022-03-29 09:20 GMT",
            "2022-03-29T11:20:00+02:00",
            "2022-03-29T11:20+02:00[Europe/Oslo]",
            "2022-03-29 11:20 +0200",
            "2022-03-29 11:20 UTC+2",
            "2022-03-29 11:20 GMT+02:00",
            "2022-03-29 11:20 Europe/Oslo",
            "2022-03-29 05:20 EDT",
            "2022-03-29 05:20 America/New_York",
        ] {
            assert_eq!(read("Europe/Oslo", text, None), "2022-03-29T11:20:00+02:00", "{text}");
        }
    }

    #[test]
    fn a_day_alone_is_a_day() {
        check("2022-03-29", str!["2022-03-29"]);
        check("29 March", str!["2022-03-29"]);
    }

    #[test]
    fn twelve_is_noon_and_midnight() {
        check("12:05 am", str!["2022-03-29T00:05:00+02:00"]);
        check("12:05 pm", str!["2022-03-29T12:05:00+02:00"]);
        check("2022-03-29 24:00", str!["2022-03-30T00:00:00+02:00"]);
    }

    #[test]
    fn what_does_not_exist_is_told() {
        check(
            "2022-02-30 11:20",
            str![[r#"
unknown
time-syntax: there is no day `2022-02-30`
  write a time as `2022-03-29 11:20`
  published, without that time
"#]],
        );
        check(
            "2022-03-29 25:20",
            str![[r#"
2022-03-29
time-syntax: there is no time `25:20`
  write a time as `2022-03-29 11:20`
  published, without that time
"#]],
        );
        check(
            "soon",
            str![[r#"
unknown
time-syntax: `soon` is no time
  write a time as `2022-03-29 11:20`
  published, without it
"#]],
        );
    }

    #[test]
    fn a_weekday_that_contradicts_its_date_is_told() {
        check(
            "Monday, 29 March 2022 11:20",
            str![[r#"
2022-03-29T11:20:00+02:00
time-order: 2022-03-29 is a Tuesday, not a Monday
  put the day or the weekday right
  read as 2022-03-29
"#]],
        );
    }

    #[test]
    fn the_hour_that_oslo_skips_is_moved_on() {
        check(
            "2022-03-27 02:30",
            str![[r#"
2022-03-27T03:30:00+02:00
time-clock-change: 2022-03-27 02:30 does not exist in Europe/Oslo: clocks go forward over it
  write `2022-03-27 03:30` if that is meant
  read as 2022-03-27 03:30
"#]],
        );
    }

    #[test]
    fn the_hour_that_oslo_repeats_is_the_earlier_one() {
        check(
            "2022-10-30 02:30",
            str![[r#"
2022-10-30T02:30:00+02:00
time-clock-change: 2022-10-30 02:30 exists twice in Europe/Oslo: clocks go back over it
  write `2022-10-30 02:30 CEST` or `2022-10-30 02:30 CET`
  read as the earlier one, CEST
"#]],
        );
        check("2022-10-30 02:30 CEST", str!["2022-10-30T02:30:00+02:00"]);
        check("2022-10-30 02:30 CET", str!["2022-10-30T02:30:00+01:00"]);
    }

    #[test]
    fn the_hour_that_oslo_repeats_is_the_later_one_after_an_update_between() {
        assert_data_eq!(
            read("Europe/Oslo", "2022-10-30 02:30", Some("2022-10-30T00:45:00Z")),
            str![[r#"
2022-10-30T02:30:00+01:00
time-clock-change: 2022-10-30 02:30 exists twice in Europe/Oslo: clocks go back over it
  write `2022-10-30 02:30 CEST` or `2022-10-30 02:30 CET`
  read as the later one, CET
"#]]
        );
    }

    #[test]
    fn new_york_changes_clocks_on_its_own_nights() {
        assert!(read("America/New_York", "2022-03-13 02:30", None).starts_with("2022-03-13T03:30:00-04:00\n"));
        assert!(read("America/New_York", "2022-11-06 01:30", None).starts_with("2022-11-06T01:30:00-04:00\n"));
        assert_eq!(read("America/New_York", "2022-11-06 01:30 EST", None), "2022-11-06T01:30:00-05:00");
        assert_eq!(read("America/New_York", "2022-03-27 02:30", None), "2022-03-27T02:30:00-04:00");
    }

    #[test]
    fn an_abbreviation_means_what_the_sites_zone_means_by_it() {
        assert_eq!(read("Asia/Kolkata", "2022-03-29 11:20 IST", None), "2022-03-29T11:20:00+05:30");
        assert_eq!(read("Europe/Dublin", "2022-07-29 11:20 IST", None), "2022-07-29T11:20:00+01:00");
        assert_eq!(read("America/Chicago", "2022-03-29 11:20 CDT", None), "2022-03-29T11:20:00-05:00");
        check(
            "2022-03-29 11:20 IST",
            str![[r#"
2022-03-29T11:20:00+02:00
time-zone: `IST` stands for several zones
  write it as `2022-03-29 11:20 +02:00`
  read as a time in Europe/Oslo
"#]],
        );
        check(
            "2022-07-29 11:20 CET",
            str![[r#"
2022-07-29T11:20:00+02:00
time-zone: clocks in Europe/Oslo do not show `CET` at that time
  write it as `2022-07-29 11:20 +02:00`
  read as a time in Europe/Oslo
"#]],
        );
        check(
            "2022-07-29 11:20 XQT",
            str![[r#"
2022-07-29T11:20:00+02:00
time-zone: no zone is known as `XQT`
  write it as `2022-07-29 11:20 +02:00`
  read as a time in Europe/Oslo
"#]],
        );
    }

    #[test]
    fn day_and_month_that_can_be_swapped_are_told() {
        check(
            "03/04/2022 11:20",
            str![[r#"
2022-04-03T11:20:00+02:00
time-syntax: day and month can be taken either way round here
  write `2022-04-03` if that is meant
  read as 2022-04-03
"#]],
        );
    }

    #[test]
    fn words_around_a_time_are_kept_apart() {
        for (text, unread) in [
            ("2022-03-29 11:20 all good", "all good"),
            ("all mailboxes are back, 11:20", "all mailboxes are back"),
            ("11:20 for 12 of 30 customers", "for 12 of 30 customers"),
            ("11:20 – 12:00", "12:00"),
            ("finally!", "finally!"),
        ] {
            assert_eq!(scan(text).unread, unread, "{text}");
        }
    }
}
