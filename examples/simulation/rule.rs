//! The rules that are compared: our own with several thresholds, and those of others as far as ours can be set to them.

use jiff::SignedDuration;
use upfront::model::{Brownout, DetectionLimits};

pub struct Rule {
    pub name: &'static str,
    pub limits: DetectionLimits,
}

pub fn all() -> Vec<Rule> {
    let ours = DetectionLimits::default();
    let brownout = |fails| Brownout { fails, ..ours.brownout };
    let with = |name, limits| Rule { name, limits };
    vec![
        with("1 failure", in_a_row(1, 1)),
        with("2 in a row", in_a_row(2, 1)),
        with("3 in a row, 2 good", in_a_row(3, 2)),
        with("4 in a row", in_a_row(4, 1)),
        with("5 in a row", in_a_row(5, 1)),
        with("**upfront**", ours),
        with("`detection = \"fast\"`", DetectionLimits { detect_after: ours.fast_detect_after, ..ours }),
        with("`detect_after = \"5m\"`", DetectionLimits { detect_after: SignedDuration::from_mins(5), ..ours }),
        with("`hold = \"5m\"`", DetectionLimits { hold: SignedDuration::from_mins(5), ..ours }),
        with("`brownout_fails = 3`", DetectionLimits { brownout: Brownout { share: 200, ..brownout(3) }, ..ours }),
        with("`brownout_fails = 4`", DetectionLimits { brownout: Brownout { share: 266, ..brownout(4) }, ..ours }),
        with("no brown-outs", DetectionLimits { brownout: brownout(u32::MAX), ..ours }),
        with(
            "one place is enough",
            DetectionLimits { locations: 1, brownout: Brownout { locations: 1, ..ours.brownout }, ..ours },
        ),
    ]
}

/// So many failing results in a row, from anywhere, and so many good ones to end it: no hold, and each time a new notice.
fn in_a_row(fails: u32, good_results: u32) -> DetectionLimits {
    let ours = DetectionLimits::default();
    DetectionLimits {
        detect_after: SignedDuration::ZERO,
        fails,
        locations: 1,
        brownout: Brownout { fails: u32::MAX, ..ours.brownout },
        hold: SignedDuration::ZERO,
        good_results,
        relapse: SignedDuration::ZERO,
        unstable_openings: u32::MAX,
        ..ours
    }
}
