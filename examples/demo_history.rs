//! What the monitors of this repository's own, made-up site reported on one day: a line a result, for `upfront record`.
//!
//! ```console
//! $ cargo run --release --example demo_history -- 2026-03-24 | upfront record outside --now 2026-03-24T23:59:59Z
//! ```
//!
//! `history/` was made so, day by day. The outages are those that `incidents/` tells of, one that nobody wrote about, and
//! a night in which the monitoring itself was off; the rest is noise, the same on every machine.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "small numbers"
)]
#![allow(clippy::cast_precision_loss, reason = "an example")]

use std::fmt::Write as _;
use std::io::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Where checks are made from, in turn.
const PLACES: [&str; 5] = ["osl", "bgo", "fra", "lon", "nyc"];

/// The monitors, with what an answer usually takes, in ms.
const MONITORS: [(&str, f64); 9] = [
    ("imap", 62.0),
    ("pop", 58.0),
    ("smtp", 84.0),
    ("receiving", 190.0),
    ("webmail", 310.0),
    ("calendar", 240.0),
    ("website", 120.0),
    ("login", 145.0),
    ("dns", 18.0),
];

/// What was wrong: the monitors, from when to when (UTC), how many of a hundred checks failed, and how many times as long
/// an answer took.
const TROUBLE: [(&str, &str, &str, u32, f64); 15] = [
    ("imap pop", "2026-03-24T09:58:50Z", "2026-03-24T17:31:00Z", 100, 1.0),
    ("imap", "2026-03-24T17:31:00Z", "2026-03-24T20:22:00Z", 55, 4.0),
    ("pop", "2026-03-24T17:31:00Z", "2026-03-24T21:34:00Z", 70, 3.0),
    ("smtp", "2026-03-24T09:59:30Z", "2026-03-24T20:20:00Z", 60, 3.0),
    ("smtp", "2026-05-19T09:13:00Z", "2026-05-19T10:21:00Z", 100, 1.0),
    ("webmail", "2026-05-19T09:14:00Z", "2026-05-19T10:18:00Z", 60, 2.0),
    ("webmail calendar website", "2026-06-18T13:45:20Z", "2026-06-18T15:53:00Z", 100, 1.0),
    ("imap pop", "2026-07-28T07:40:00Z", "2026-07-28T07:52:30Z", 10, 40.0),
    ("dns", "2026-08-25T08:02:00Z", "2026-08-25T09:25:00Z", 100, 1.0),
    ("dns", "2026-08-25T09:25:00Z", "2026-08-25T11:58:00Z", 40, 3.0),
    ("receiving", "2026-08-25T08:09:00Z", "2026-08-25T11:55:00Z", 0, 14.0),
    // Nobody wrote about this one.
    ("website", "2026-10-02T01:12:00Z", "2026-10-02T01:26:00Z", 100, 1.0),
    ("imap", "2026-10-13T12:04:00Z", "2026-10-13T13:40:00Z", 0, 32.0),
    ("webmail", "2026-11-10T09:58:20Z", "2026-11-10T10:23:00Z", 100, 1.0),
    ("calendar", "2026-11-19T14:24:00Z", "2026-11-20T07:28:00Z", 0, 11.0),
];

/// When the monitoring itself was off (UTC).
const SILENCE: (&str, &str) = ("2026-10-30T23:10:00Z", "2026-10-31T08:40:00Z");

fn main() {
    let Some(day) = std::env::args().nth(1).and_then(|arg| arg.parse::<Date>().ok()) else {
        eprintln!("which day? such as 2026-03-24");
        return;
    };
    // Whoever reads may have heard enough.
    let _ = std::io::stdout().write_all(results(day).as_bytes());
}

fn results(day: Date) -> String {
    let Ok(midnight) = day.to_zoned_datetime(TimeZone::UTC) else { return String::new() };
    let midnight_s = midnight.timestamp().as_second();
    let mut out = String::new();
    for (index, (monitor, usual_ms)) in MONITORS.iter().enumerate() {
        for minute in 0..1440_i64 {
            let place = (minute as usize + index) % PLACES.len();
            // Checks start at their own second, a little late.
            let mut dice = Dice::of(midnight_s + minute * 60, index as u64);
            let at_s = midnight_s + minute * 60 + index as i64 * 6 + dice.below(3) as i64;
            let Ok(at) = Timestamp::from_second(at_s) else { continue };
            if within(at, SILENCE.0, SILENCE.1) {
                continue;
            }
            let trouble = TROUBLE
                .iter()
                .find(|(of, from, to, ..)| of.split(' ').any(|of| of == *monitor) && within(at, from, to));
            let (percent, slower) = trouble.map_or((0, 1.0), |(.., percent, slower)| (*percent, *slower));
            let fails = dice.below(100) < percent || dice.below(2500) == 0;
            let far = if PLACES[place] == "nyc" { 85.0 } else { 8.0 * place as f64 };
            let busy = 1.0 + 0.35 * f64::from(u8::from((6 * 60..16 * 60).contains(&minute)));
            let took_ms = ((usual_ms * busy * (0.28 * dice.normal()).exp()) * slower + far).round();
            let place = PLACES[place];
            let _ = match fails {
                true => writeln!(out, r#"{{"monitor":"{monitor}","at":"{at}","status":"down","location":"{place}"}}"#),
                false => writeln!(
                    out,
                    r#"{{"monitor":"{monitor}","at":"{at}","status":"up","latency_ms":{took_ms},"location":"{place}"}}"#
                ),
            };
        }
    }
    out
}

fn within(at: Timestamp, from: &str, to: &str) -> bool {
    let moment = |text: &str| text.parse::<Timestamp>().unwrap_or(Timestamp::MAX);
    moment(from) <= at && at < moment(to)
}

/// SplitMix64, begun anew for each check.
struct Dice(u64);

impl Dice {
    fn of(second: i64, monitor: u64) -> Dice {
        Dice((second as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ monitor.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, limit: u32) -> u32 {
        (self.unit() * f64::from(limit)) as u32
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}
