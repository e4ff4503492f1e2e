//! What a `[[component]]` says about its monitors.

use jiff::SignedDuration;

use super::feeds::{Feeds, Named};
use super::reader::{At, Reader, Section};
use super::{monitor_name, numbers, words};
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::{MonitorRef, Slug, Watch};

const DETECTION: [(&str, bool); 2] = [("normal", false), ("fast", true)];

pub(super) fn read(reader: &mut Reader<'_>, component: &Section<'_, '_>, feeds: &Feeds) -> Watch {
    let slow = SignedDuration::from_millis(1)..=SignedDuration::from_hours(1);
    let slow_after = numbers::duration(reader, component, "slow_after", slow);
    Watch {
        monitors: monitors(reader, component, feeds),
        slow_after_us: slow_after.and_then(|slow_after| u32::try_from(slow_after.as_micros()).ok()),
        notices: words::notices(reader, component),
        fast: words::one_of(reader, component, "detection", &DETECTION).unwrap_or_default(),
    }
}

/// `None` where nothing is said. A list of which nothing can be used is an empty one: the component is then without a
/// monitor, and not with another one that nobody named.
fn monitors(reader: &mut Reader<'_>, component: &Section<'_, '_>, feeds: &Feeds) -> Option<Vec<MonitorRef>> {
    reader.leniently("built, without these monitors", |reader| {
        let expected = "a list of monitors, such as `[\"nodeping:imap-ssl\"]`";
        let texts = reader.spanned_texts(component, "monitors", expected)?;
        let mut monitors: Vec<MonitorRef> = Vec::new();
        for text in texts {
            match monitor(reader, &text, feeds) {
                Some(monitor) if !monitors.contains(&monitor) => monitors.push(monitor),
                _ => {}
            }
        }
        Some(monitors)
    })
}

fn monitor(reader: &mut Reader<'_>, text: &At<String>, feeds: &Feeds) -> Option<MonitorRef> {
    let mut tell = |message: String, cure: String| {
        let told = Diagnostic::warning(Code::UNKNOWN_MONITOR, message).cure(cure);
        reader.tell(told.outcome("built, without this monitor"), &text.span);
    };
    let Some((feed, name)) = text.value.split_once(':') else {
        let only = feeds.feeds.first().map_or("nodeping", |feed| feed.id.as_str());
        let message = format!("`{}` does not say whose monitor it is", text.value);
        tell(message, format!("write the feed's id before it: `{only}:{}`", text.value));
        return None;
    };
    let kind = match feeds.ids.get(feed.trim()) {
        Some(&Named::Kept(kind)) => kind,
        // What is wrong with that feed has been told.
        Some(Named::LeftOut) => return None,
        None => {
            let cure = match nearest(feed, feeds.ids.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}:{name}`?"),
                None => format!("add it: `[[feed]]`, and below it `id = \"{feed}\"`"),
            };
            tell(format!("no feed is called `{feed}`"), cure);
            return None;
        }
    };
    let monitor = monitor_name::id(kind, name.trim());
    if monitor.is_none() {
        tell(format!("`{name}` cannot be the name of a monitor"), monitor_name::CURE.to_owned());
    }
    Some(MonitorRef { feed: Slug::new(feed.trim())?, monitor: monitor? })
}
