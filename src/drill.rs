//! A rehearsed outage: a copy of the site, a monitor that is made to fail, and how well the answer was.
//!
//! 1. [`struct@Copy`] is a folder with the site's config and theme and nothing else: no history, no incidents, no git. What is
//!    written there is gone afterwards.
//! 2. [`Failing`] is the monitor: results once a minute from several places, which fail for a while.
//! 3. [`post`] writes what a person says, as `upfront confirm` and `update` do.
//! 4. [`score`] says how it went, against what is promised.
//!
//! The clock, the terminal and the sending are the command's.

mod copy;
mod monitor;
pub mod post;
pub mod score;

use jiff::SignedDuration;

use crate::model::{Config, Feed, FeedKind, MonitorId, MonitorRef, Notices, Origin, Secret, Secrets, Slug};

pub use copy::Copy;
pub use monitor::Failing;

/// The one feed of a drill.
const FEED: &str = "drill";

/// The file that it is read from, in the copy.
const FEED_FILE: &str = "drill.ndjson";

/// How often the monitor says something.
pub const EVERY: SignedDuration = SignedDuration::from_mins(1);

/// The config as the drill needs it: one feed, one component that it watches, every channel, and nothing that is published.
/// `root` is where secrets of the real site are. `None` where the component has no name that a monitor can have.
pub fn config(mut config: Config, component: &Slug, root: &std::path::Path) -> Option<Config> {
    let feed = Slug::new(FEED)?;
    let monitor = MonitorRef { feed: feed.clone(), monitor: MonitorId::new(component.as_str())? };
    config.monitoring.feeds = vec![Feed {
        id: feed,
        kind: FeedKind::Upfront,
        from: Origin::File(FEED_FILE.to_owned()),
        interval: Some(EVERY),
        timeout: SignedDuration::from_secs(10),
        secrets: Secrets::default(),
        canary: None,
        options: std::collections::BTreeMap::new(),
    }];
    // What is drilled is the answer to a notice.
    config.monitoring.notices = Notices::On;
    for one in &mut config.components {
        let is_it = one.id == *component;
        one.watch.monitors = Some(if is_it { vec![monitor.clone()] } else { Vec::new() });
        one.watch.notices = None;
    }
    config.publishing.targets.clear();
    for channel in &mut config.channels {
        if !channel.drill {
            // It is only shown what would be sent there: secrets stay where they are.
            let names = std::mem::take(&mut channel.secrets).into_keys();
            channel.options.extend(names.map(|name| (name, "drill".to_owned())));
        }
        for secret in channel.secrets.values_mut() {
            if let Secret::File(path) = secret {
                *path = root.join(&*path).to_string_lossy().into_owned();
            }
        }
        channel.drill = false;
    }
    Some(config)
}
