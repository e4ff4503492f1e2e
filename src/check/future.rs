//! Updates whose time lies in the future. They count at once, for a wrong clock must not hold back the news; but the page
//! then states a time that has not come, and a wrong month or year would put the post in the wrong place for ever.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::derive::Moment;
use crate::diag::{Code, Diagnostic, Source};
use crate::model::{Incident, PostedAt, Site, Update};

/// Two clocks, and a heading written just before it is saved, may differ by this much.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What `build` and `check` tell of it. `read` gives the text of a file, asked only for those at fault.
pub fn future(site: &Site, now: Timestamp, read: impl Fn(&str) -> Option<Arc<Source>>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let limit = now.saturating_add(TOLERANCE).unwrap_or(Timestamp::MAX);
    for incident in &site.incidents {
        let late = |update: &&Update| matches!(update.posted, PostedAt::Written(at) if at > limit);
        let Some(first) = incident.updates.iter().find(late) else { continue };
        // One mistake, one message: a file with a wrong year has it in every heading. It is read once, however many.
        let count = incident.updates.iter().filter(late).count();
        diagnostics.push(told(site, incident, first, count, &read));
    }
    diagnostics
}

fn told(
    site: &Site,
    incident: &Incident,
    update: &Update,
    count: usize,
    read: &impl Fn(&str) -> Option<Arc<Source>>,
) -> Diagnostic {
    let source = read(&incident.source).unwrap_or_else(|| Arc::new(Source::new(incident.source.as_str(), "")));
    let at = Moment::of(update.posted, Timestamp::MIN, &site.config).timestamp(&site.config);
    let at = at.to_zoned_datetime(site.config.zone.tz.clone());
    let more = if count > 1 {
        format!(
            ", as {} of this post",
            if count == 2 { "is 1 more".to_owned() } else { format!("are {} more", count - 1) }
        )
    } else {
        String::new()
    };
    let span = line(source.text(), update.line);
    Diagnostic::warning(Code::TIME_FUTURE, format!("{} is in the future{more}", at.strftime("%Y-%m-%d %H:%M %Z")))
        .at(&source, span)
        .cure("write when it was posted, in the site's zone or with the zone behind it")
        .outcome("published, and counts at once")
}

/// A line of the text, counted from 1, without its end.
fn line(text: &str, number: u32) -> std::ops::Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n').take(number.saturating_sub(1) as usize) {
        start += line.len();
    }
    let len = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, |line| line.trim_end().len());
    start..start + len
}
