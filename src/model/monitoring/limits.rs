//! The numbers by which outages are told from noise. `docs/detection.md` says where each default comes from.

use jiff::SignedDuration;

/// `[detection]`: each has a key of the same name (`brownout.fails` is `brownout_fails`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DetectionLimits {
    /// How long nothing but failing results must come. Default 3 min.
    pub detect_after: SignedDuration,
    /// As `detect_after`, for components with `detection = "fast"`. Default 2 min.
    pub fast_detect_after: SignedDuration,
    /// How many failing results in a row there must be at least. Default 2.
    pub fails: u32,
    /// From how many places, where the source has so many. Default 2.
    pub locations: u32,
    pub brownout: Brownout,
    /// How long nothing may fail until it is over. Default 15 min.
    pub hold: SignedDuration,
    /// To which length relapses may double the hold. Default 60 min.
    pub hold_max: SignedDuration,
    /// How many good results there must be since the last failing one until it is over. Default 5.
    pub good_results: u32,
    /// How soon after its end a new outage is the same one. Default 60 min.
    pub relapse: SignedDuration,
    /// So many openings within `unstable_window` make it unstable, and quiet of that length ends that. Defaults 3, 6 h.
    pub unstable_openings: u32,
    pub unstable_window: SignedDuration,
    /// The hold of what is unstable. Default 60 min.
    pub unstable_hold: SignedDuration,
    /// No result for so many intervals, and for `stale_min`: nothing is known any more. Defaults 3, 5 min.
    pub stale_intervals: u32,
    pub stale_min: SignedDuration,
    /// After so many failing results in a row a component's row says "checking". Default 2.
    pub checking_fails: u32,
    /// How long after announced maintenance its monitors stay silent. Default 10 min.
    pub maintenance_grace: SignedDuration,
    /// An incident opened so long before a detection is about it. Default 30 min.
    pub incident_before: SignedDuration,
    /// How long a detection waits for others of the same cause. Default 30 s.
    pub group_wait: SignedDuration,
    /// How long others of the same cause join it. Default 30 min.
    pub group_window: SignedDuration,
    /// Notices a component and UTC day. Default 3.
    pub per_day: u32,
    /// A source is suspect if so many of its monitors, and this share of them in thousandths, begin to fail within
    /// `suspect_window`. Defaults 3, 500, 3 min.
    pub suspect_monitors: u32,
    pub suspect_share: u32,
    pub suspect_window: SignedDuration,
}

/// When part of the results fail. Keys begin with `brownout_`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Brownout {
    /// How far back to look: this long, or this many results if that is more. Defaults 15 min, 15.
    pub window: SignedDuration,
    pub results: u32,
    /// How many must fail, which share of all in thousandths, and from how many places. Defaults 5, 333, 3.
    pub fails: u32,
    pub share: u32,
    pub locations: u32,
    /// The share where there is one place only. Default 500.
    pub share_of_one: u32,
}

impl Default for DetectionLimits {
    fn default() -> DetectionLimits {
        DetectionLimits {
            detect_after: SignedDuration::from_mins(3),
            fast_detect_after: SignedDuration::from_mins(2),
            fails: 2,
            locations: 2,
            brownout: Brownout::default(),
            hold: SignedDuration::from_mins(15),
            hold_max: SignedDuration::from_mins(60),
            good_results: 5,
            relapse: SignedDuration::from_mins(60),
            unstable_openings: 3,
            unstable_window: SignedDuration::from_hours(6),
            unstable_hold: SignedDuration::from_mins(60),
            stale_intervals: 3,
            stale_min: SignedDuration::from_mins(5),
            checking_fails: 2,
            maintenance_grace: SignedDuration::from_mins(10),
            incident_before: SignedDuration::from_mins(30),
            group_wait: SignedDuration::from_secs(30),
            group_window: SignedDuration::from_mins(30),
            per_day: 3,
            suspect_monitors: 3,
            suspect_share: 500,
            suspect_window: SignedDuration::from_mins(3),
        }
    }
}

impl Default for Brownout {
    fn default() -> Brownout {
        Brownout {
            window: SignedDuration::from_mins(15),
            results: 15,
            fails: 5,
            share: 333,
            locations: 3,
            share_of_one: 500,
        }
    }
}

/// What becomes of a detection that nothing covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notices {
    /// It is published by itself.
    #[default]
    On,
    /// `record` writes a draft that a person may publish, and nothing else.
    Draft,
    /// It counts in the history only.
    Off,
}

/// `[notice]`: wording that the operator approved beforehand, with `{component}`, `{start}`, `{places}`, `{duration}` and
/// the like in it. What is `None` is in the theme's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoticeTexts {
    pub title_down: Option<String>,
    pub title_partial: Option<String>,
    pub title_degraded: Option<String>,
    pub title_unstable: Option<String>,
    pub investigating: Option<String>,
    pub monitoring: Option<String>,
    pub resolved: Option<String>,
    /// "{failing} of {count} places", and what stands there where that is not known.
    pub places: Option<String>,
    pub places_unknown: Option<String>,
    /// How several names and lengths of time are put together; always the theme's own.
    pub list_last: Option<String>,
    pub list_more: Option<String>,
    pub days: Option<String>,
    pub hours: Option<String>,
    pub minutes: Option<String>,
}

/// `[uptime]`: what counts how much. Weights in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UptimeRule {
    /// `partial_outage` of people and of sources. Default 500.
    pub partial: u16,
    /// `degraded_performance`. Default 0.
    pub degraded: u16,
    /// A brown-out weighs its failing share, and at least this. Default 300.
    pub brownout_min: u16,
    /// A group is up while all of its members are; otherwise its number is their mean.
    pub group_all: bool,
}

impl Default for UptimeRule {
    fn default() -> UptimeRule {
        UptimeRule { partial: 500, degraded: 0, brownout_min: 300, group_all: false }
    }
}
