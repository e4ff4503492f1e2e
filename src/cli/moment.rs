//! The value of `--now`, as people write a moment. Zones other than the site's are offsets only.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A moment, or what a clock on the wall shows at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// With `Z` or an offset, as in RFC 3339.
    At(Timestamp),
    /// Without: in the site's zone.
    Local(DateTime),
}

/// The text is no moment. Says how to write one.
#[derive(Clone, Copy, Debug)]
pub struct NoMoment;

impl Moment {
    /// The moment, for a site in this zone. An hour that a clock change leaves out is the one after it, one that comes
    /// twice the first.
    pub fn in_zone(self, zone: &TimeZone) -> Timestamp {
        match self {
            Moment::At(at) => at,
            // Only the very last days of the year 9999 are out of reach.
            Moment::Local(local) => {
                local.to_zoned_datetime(zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
            }
        }
    }
}

impl FromStr for Moment {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Moment, NoMoment> {
        let text = text.trim();
        if let Ok(at) = text.parse() {
            return Ok(Moment::At(at));
        }
        let formats = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
        let local = formats.into_iter().find_map(|format| DateTime::strptime(format, text).ok());
        local.map(Moment::Local).ok_or(NoMoment)
    }
}

impl fmt::Display for NoMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "write YYYY-MM-DDThh:mm, with Z or an offset, or else in the site's time zone: \
             2026-11-25T04:00Z, 2026-11-25T04:00+01:00 or \"2026-11-25 04:00\"",
        )
    }
}

impl std::error::Error for NoMoment {}
