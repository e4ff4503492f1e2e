//! `history/<slug>.yml` of Upptime: a flat mapping, read line by line as what it is, since its writer has put nothing else
//! into it for years. Nesting, lists and anchors are not read; what cannot be understood is not there.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// No such file is nearly as long.
const LINES_MAX: usize = 200;

/// What a site's file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Site {
    pub status: String,
    /// In ms, as written.
    pub response_ms: String,
    /// When it was first checked, and when the file was last written (Unix ms).
    pub start_ms: Option<i64>,
    pub updated_ms: Option<i64>,
}

impl Site {
    /// `None` where the file is of another kind: without `status`, or not text.
    pub fn read(bytes: &[u8]) -> Option<Site> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut site = Site::default();
        for line in text.lines().take(LINES_MAX) {
            let Some((key, value)) = line.split_once(": ") else { continue };
            let value = value.trim().trim_matches(['"', '\'']);
            match key {
                "status" => value.clone_into(&mut site.status),
                "responseTime" => value.clone_into(&mut site.response_ms),
                "startTime" => site.start_ms = moment_ms(value),
                "lastUpdated" => site.updated_ms = moment_ms(value),
                _ => {}
            }
        }
        (!site.status.is_empty()).then_some(site)
    }
}

/// The UTC day in which a moment lies.
pub(super) fn utc_day(ms: i64) -> Option<Date> {
    Timestamp::from_millisecond(ms).ok().map(|at| TimeZone::UTC.to_datetime(at).date())
}

fn moment_ms(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond).filter(|&ms| ms > 0)
}
