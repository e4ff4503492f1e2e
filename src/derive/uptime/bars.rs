//! The days of the last three months, each with a class that says at a glance how it was.

use super::calendar::{Calendar, Day};
use super::people::Post;
use super::{Bar, BarClass, Sum};

/// How many days have a bar.
const BARS: usize = 90;

/// What a day may lose and still be a minor one, and still be a partial one: 5 min, 60 min, in thousandths of ms.
const MINOR_LOST_MAX: i128 = 5 * 60_000 * 1000;
const PARTIAL_LOST_MAX: i128 = 60 * 60_000 * 1000;

/// A day of which less was measured has no data, in percent.
const DATA_MIN_PERCENT: i128 = 10;

/// The last 90 days, oldest first. `days` are all of the calendar's.
pub(super) fn bars(days: &[Sum], posts: &[Post], calendar: &Calendar) -> Vec<Bar> {
    let range = calendar.recent(BARS);
    let Some((first_ms, _)) = calendar.limits(&range) else { return Vec::new() };
    let mut posts: Vec<&Post> = posts.iter().filter(|post| post.to_ms.max(post.from_ms) >= first_ms).collect();
    posts.sort_by_key(|post| (post.from_ms, post.index));
    let bar = |(day, sum): (&Day, &Sum)| {
        let touches = |post: &&&Post| {
            let begins = (day.from_ms..day.to_ms).contains(&post.from_ms);
            begins || (post.from_ms < day.to_ms && post.to_ms > day.from_ms)
        };
        let today: Vec<&Post> = posts.iter().filter(touches).copied().collect();
        let disturbed = today.iter().any(|post| post.disturbs);
        Bar {
            day: day.date,
            class: class(sum, disturbed),
            sum: *sum,
            sparse: sum.is_sparse(),
            incidents: today.iter().map(|post| post.index).collect(),
        }
    };
    let days = calendar.days.iter().zip(days).skip(range.start);
    days.map(bar).collect()
}

/// What was lost decides, however little of the day was measured: a bar that hides a loss would contradict the number.
fn class(sum: &Sum, disturbed: bool) -> BarClass {
    match sum.lost {
        PARTIAL_LOST_MAX.. => BarClass::Major,
        MINOR_LOST_MAX.. => BarClass::Partial,
        1.. => BarClass::Minor,
        _ if disturbed || sum.trouble_ms > 0 => BarClass::Minor,
        _ if sum.maintenance_ms > 0 => BarClass::Maintenance,
        _ if sum.measured_ms() == 0 || sum.covers_less_than(DATA_MIN_PERCENT) => BarClass::None,
        _ => BarClass::Ok,
    }
}
