//! What readers would miss if the site were not published anew.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::Derived;
use crate::model::Site;

/// Changes with everything that is news on a page, and with nothing that grows by itself: times of builds, lengths of what goes
/// on, figures of monitors. It holds within one process.
pub fn fingerprint(site: &Site, derived: &Derived) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&site.config, &site.theme, &site.pictures, &site.incidents, &site.rfos).hash(&mut hasher);
    site.config.show_deliveries.then_some(&site.deliveries).hash(&mut hasher);
    (&derived.overall, derived.silent_since.is_some(), &derived.unexplained).hash(&mut hasher);
    for facts in &derived.incidents {
        (facts.phase, facts.stage, &facts.states, facts.rfo).hash(&mut hasher);
    }
    for detection in &site.detections {
        (&detection.id, detection.is_open(), detection.published, &detection.covered_by).hash(&mut hasher);
    }
    // When a promised word or report becomes overdue, another moment is the nearest one.
    derived.due.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use crate::derive::derive;
    use crate::derive::tests::{at, site};

    #[test]
    fn it_changes_with_what_is_news_and_not_with_the_clock() {
        let text = "incident minor imap next=11:00\ninvestigating 10:00\n";
        let print = |text: &str, now: &str| {
            let site = site(text);
            super::fingerprint(&site, &derive(&site, at(now)))
        };
        let first = print(text, "10:05");
        assert_eq!(print(text, "10:20"), first, "only time has passed");
        assert_ne!(print(text, "11:01"), first, "the promised word is overdue");
        assert_ne!(print(&text.replace("minor", "major"), "10:05"), first);
    }
}
