//! When each post of this repository's own, made-up site was first seen live: `history/receipts.ndjson`.
//!
//! ```console
//! $ cargo run --example demo_receipts
//! ```
//!
//! Half a minute or two after its heading, as a site that is published on every push; the same on every machine. Before the
//! autumn of 2025 there are none: the site was published by hand then, and its times are as written.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use upfront::model::{PostedAt, Slug};
use upfront::record::Recorder;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(loaded) = upfront::load::load(root) else {
        eprintln!("there is no site here");
        return;
    };
    let site = loaded.value;
    let from: Timestamp = "2025-09-01T00:00:00Z".parse().unwrap_or(Timestamp::MIN);
    let mut live: Vec<(Timestamp, String)> = Vec::new();
    for incident in &site.incidents {
        for update in &incident.updates {
            if let PostedAt::Written(at) = update.posted {
                live.push((at, format!("incidents/{}/#u-{}", incident.first_slug(), update.id)));
            }
        }
    }
    for rfo in &site.rfos {
        if let PostedAt::Day(day) = rfo.published
            && let Ok(at) = day.at(10, 20, 0, 0).to_zoned_datetime(site.config.zone.tz.clone())
        {
            live.push((at.timestamp(), format!("rfo/{}/", rfo.slug)));
        }
    }
    live.retain(|(at, _)| *at >= from);
    live.sort();
    let Some(collector) = Slug::new("main") else { return };
    for (at, address) in live {
        let seen = at + SignedDuration::from_secs(30 + spread(&address));
        let written = Recorder::open(root, &collector, seen)
            .and_then(|recorder| recorder.receipt(site.config.url.as_str(), &[address]));
        if let Err(error) = written {
            eprintln!("{}: {}", error.doing, error.error);
        }
    }
}

/// From 0 to 89 (FNV-1a, <https://datatracker.ietf.org/doc/draft-eastlake-fnv/>).
fn spread(text: &str) -> i64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    i64::try_from(hash % 90).unwrap_or(0)
}
