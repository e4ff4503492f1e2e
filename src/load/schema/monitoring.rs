//! What monitors and collectors write, as other programs see it: our feed, a line of a log, a row of a day.

use schemars::JsonSchema;
use serde_json::Value;

use super::schema_of;

/// Of our own feed, a JSON document.
pub fn feed() -> Value {
    schema_of::<FeedFile>()
}

/// Of a line of a log, NDJSON.
pub fn log() -> Value {
    schema_of::<LogLine>()
}

/// Of a line of `history/days/`.
pub fn day() -> Value {
    schema_of::<DayLine>()
}

/// Of a line of `history/receipts.ndjson`.
pub fn receipt() -> Value {
    schema_of::<ReceiptLine>()
}

/// Of a line of `history/deliveries.ndjson`.
pub fn delivery() -> Value {
    schema_of::<DeliveryLine>()
}

/// A step of telling a channel one piece of news.
#[derive(JsonSchema)]
#[schemars(title = "Delivery")]
struct DeliveryLine {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    v: u32,
    /// When, with a zone.
    #[schemars(extend("examples" = ["2026-03-24T10:54:02Z"]))]
    at: String,
    /// What was told: an update by its incident's page and its anchor there, a report by its page, a kept promise by its anchor there.
    #[schemars(extend("examples" = ["incidents/2026-03-24-imap/#u-20260324-1053-investigating"]))]
    news: String,
    /// The channel's `id` in the config.
    #[schemars(extend("examples" = ["mail"]))]
    channel: String,
    /// How far it came. Of one delivery `sent` counts before all else, then the latest line.
    state: DeliveryWord,
    /// Which run of which machine wrote it.
    #[schemars(extend("examples" = ["3f9a01bc-77d2e0aa"]))]
    by: Option<String>,
    /// What the channel calls the message, for answers to it.
    #[schemars(extend("examples" = ["103270115826048975"]))]
    remote: Option<String>,
    /// Where it can be read.
    #[schemars(extend("examples" = ["https://social.example/@status/103270115826048975"]))]
    link: Option<String>,
    /// Why it failed or is unsure, or what is worth knowing of what was sent. Holds no secret.
    why: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum DeliveryWord {
    Claimed,
    Sent,
    Failed,
    Unsure,
    GivenUp,
}

/// What was seen live at the site's address, and had not been seen there before.
#[derive(JsonSchema)]
#[schemars(title = "Publishing receipt")]
struct ReceiptLine {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    v: u32,
    /// When it was fetched, with a zone.
    #[schemars(extend("examples" = ["2026-03-24T10:53:10Z"]))]
    at: String,
    /// The address of the site that was fetched.
    #[schemars(extend("examples" = ["https://status.fjordpost.example"]))]
    url: String,
    /// Updates, by their incident's page and their anchor there, and reports by their page; without the site's address.
    #[schemars(extend("examples" = [["incidents/2026-03-24-imap/#u-20260324-1052-investigating", "rfo/2026-03-24-imap/"]]))]
    live: Vec<String>,
}

/// What monitors report, newest or all that is known. Keys that are not named here are passed over.
#[derive(JsonSchema)]
#[schemars(title = "Feed")]
struct FeedFile {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// When it was made, with a zone.
    #[schemars(extend("examples" = ["2026-11-24T11:59:00Z"]))]
    generated: Option<String>,
    /// From this moment on nothing in it holds any more. Without it that is three intervals after `generated`, and at least five minutes.
    #[schemars(extend("examples" = ["2026-11-24T12:04:00Z"]))]
    expires: Option<String>,
    /// What there is to know of monitors besides their results.
    monitors: Option<Vec<MonitorObject>>,
    /// Any number of runs of each monitor, in any order.
    results: Option<Vec<ResultObject>>,
    /// Stretches, for sources that report only changes.
    spans: Option<Vec<SpanObject>>,
}

/// One line of a log.
#[derive(JsonSchema)]
#[schemars(title = "Log line", untagged)]
enum LogLine {
    Result(ResultObject),
    Span(SpanObject),
    Monitor(MonitorObject),
    Heartbeat(HeartbeatObject),
}

/// One run of a monitor.
#[derive(JsonSchema)]
struct ResultObject {
    /// The monitor's id: up to 128 letters and digits, with `.`, `_`, `/` and `-` between them.
    #[schemars(extend("examples" = ["imap"]))]
    monitor: String,
    /// When it ran, with a zone.
    #[schemars(extend("examples" = ["2026-11-24T11:58:00Z"]))]
    at: String,
    /// What came of it.
    status: StatusWord,
    /// How long a good answer took, in milliseconds.
    #[schemars(extend("examples" = [12.5]))]
    latency_ms: Option<f64>,
    /// Where it ran. Private.
    #[schemars(extend("examples" = ["osl"]))]
    location: Option<String>,
    /// At most 500 characters. Private.
    message: Option<String>,
    /// `false` for a failure that the source itself has not confirmed yet. It fails all the same.
    confirmed: Option<bool>,
    /// Of two records of the same run the greater one counts.
    rev: Option<u16>,
}

/// A stretch in which a monitor was in one state.
#[derive(JsonSchema)]
struct SpanObject {
    /// The monitor's id.
    #[schemars(extend("examples" = ["imap"]))]
    monitor: String,
    /// When it began, with a zone.
    #[schemars(extend("examples" = ["2026-11-24T11:02:00Z"]))]
    from: String,
    /// When it ended; `null` while it goes on.
    to: Option<String>,
    /// Which state.
    status: StatusWord,
    /// `false` for a failure that the source itself has not confirmed yet.
    confirmed: Option<bool>,
    /// Of two records of the same stretch the greater one counts.
    rev: Option<u16>,
}

/// What there is to know of a monitor besides its results.
#[derive(JsonSchema)]
struct MonitorObject {
    /// The monitor's id.
    #[schemars(extend("examples" = ["imap"]))]
    id: String,
    /// What its own system calls it. Private.
    name: Option<String>,
    /// How often it runs, in seconds.
    #[schemars(extend("examples" = [60]))]
    interval_s: Option<f64>,
    /// Monitors of the same feed without which this one cannot be up.
    parents: Option<Vec<String>>,
    /// Whether it is switched off now.
    paused: Option<bool>,
}

/// "I asked, and it answered".
#[derive(JsonSchema)]
struct HeartbeatObject {
    /// The id of the feed that was asked.
    #[schemars(extend("examples" = ["nodeping"]))]
    feed: String,
    /// When, with a zone.
    #[schemars(extend("examples" = ["2026-11-24T11:59:00Z"]))]
    at: String,
    /// How often it is asked, in seconds.
    #[schemars(extend("examples" = [60]))]
    every_s: Option<u32>,
    /// How many monitors it spoke of.
    #[schemars(extend("examples" = [50]))]
    monitors: Option<u32>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum StatusWord {
    Up,
    Paused,
    Maintenance,
    Degraded,
    Unknown,
    Partial,
    Down,
}

/// One UTC day of one monitor, as one collector saw it.
#[derive(JsonSchema)]
#[schemars(title = "Day row")]
struct DayLine {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    v: u32,
    /// The UTC day.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    d: String,
    /// The monitor, with its feed before it.
    #[schemars(extend("examples" = ["nodeping:imap-ssl"]))]
    m: String,
    /// The collector that wrote it.
    #[schemars(extend("examples" = ["oslo-1"]))]
    sh: String,
    /// Distinct results.
    n: u32,
    /// How many of them failed.
    f: u32,
    /// Stretches in seconds from midnight UTC: from, to, a letter, and what it weighs in thousandths. `d` down, `p` partly
    /// down, `g` degraded, `x` maintenance, `n` not monitored, `?` unknown; everything else is up.
    #[schemars(extend("examples" = [[[36728, 40868, "d", 1000], [57600, 61200, "x"]]]))]
    iv: Vec<Vec<NumberOrLetter>>,
    /// Latencies of good results, in microseconds.
    lat: Option<LatencyObject>,
    /// The source itself summed it up: how long it was down is right, when is not known.
    imported: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum NumberOrLetter {
    Number(u32),
    Letter(String),
}

/// A histogram of 16 buckets an octave.
#[derive(JsonSchema)]
struct LatencyObject {
    /// How many.
    n: u64,
    /// Their sum.
    sum: u64,
    min: u32,
    max: u32,
    /// The first bucket and its count, then for each further one its distance from the one before and its count.
    h: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::feed::adapter::upfront::{Line, write_line};
    use crate::load::feed::{ReadMonitor, ReadResult, ReadSpan};
    use crate::model::{
        CheckStatus, DayInterval, DayRow, DayState, DeliveryState, Heartbeat, Histogram, MonitorId, MonitorRef, Slug,
        Span,
    };

    fn keys(object: &Value) -> Vec<String> {
        let mut keys: Vec<String> = object.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
        keys.sort_unstable();
        keys
    }

    /// That a line with everything in it has the keys of the schema.
    #[track_caller]
    fn check(schema: &Value, line: &[u8]) {
        let line: Value = serde_json::from_slice(line).unwrap_or_default();
        assert_eq!(keys(&line), keys(&schema["properties"]));
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(property["description"].is_string(), "{key}");
        }
    }

    #[test]
    fn each_line_that_is_written_has_the_keys_of_its_schema() {
        let Some(monitor) = MonitorId::new("imap") else { return };
        let result = ReadResult {
            monitor: monitor.clone(),
            at_ms: 0,
            status: CheckStatus::Up,
            confirmed: false,
            latency_us: Some(1),
            location: Some("osl".to_owned()),
            message: Some("text".to_owned()),
            rev: 1,
        };
        let span = Span { from_ms: 0, to_ms: None, status: CheckStatus::Up, confirmed: false, rev: 1 };
        let span = ReadSpan { monitor: monitor.clone(), span };
        let set_up = ReadMonitor {
            id: monitor.clone(),
            name: Some("IMAP".to_owned()),
            interval_ms: Some(1),
            parents: vec![monitor],
            paused: true,
        };
        let heartbeat = Heartbeat { at_ms: 0, every_s: 60, monitors: 1 };
        let lines = [
            Line::Result(&result),
            Line::Span(&span),
            Line::Monitor(&set_up),
            Line::Heartbeat { feed: "own", heartbeat: &heartbeat },
        ];
        let schema = log();
        for (index, line) in lines.into_iter().enumerate() {
            let mut text = Vec::new();
            write_line(&mut text, line);
            check(&schema["anyOf"][index], &text);
        }
        let words = serde_json::to_string(&schema).unwrap_or_default();
        for status in CheckStatus::ALL {
            assert!(words.contains(&format!("\"{}\"", status.word())), "{}", status.word());
        }
    }

    #[test]
    fn a_delivery_that_is_written_has_the_keys_and_states_of_its_schema() {
        use crate::load::history::deliveries;
        let Some(channel) = Slug::new("mail") else { return };
        let all = || Some("x".to_owned());
        let known = deliveries::Line::new(jiff::Timestamp::UNIX_EPOCH, "rfo/x/", &channel, DeliveryState::Sent);
        let line = deliveries::Line { by: all(), remote: all(), link: all(), why: all(), ..known };
        check(&delivery(), line.text().as_bytes());
        let words = serde_json::to_string(&delivery()).unwrap_or_default();
        for state in DeliveryState::ALL {
            assert!(words.contains(&format!("\"{}\"", state.word())), "{}", state.word());
        }
    }

    #[test]
    fn a_row_that_is_written_has_the_keys_of_its_schema() {
        let (Some(feed), Some(monitor)) = (Slug::new("own"), MonitorId::new("imap")) else { return };
        let row = DayRow {
            day: jiff::civil::date(2026, 11, 24),
            monitor: MonitorRef { feed, monitor },
            shard: "main".into(),
            results: 1,
            failing: 0,
            intervals: vec![DayInterval { from_s: 0, to_s: 1, state: DayState::Down, weight: 1000 }],
            latency: Some(Histogram::of([1])),
            imported: true,
        };
        let mut text = Vec::new();
        crate::load::history::row::write(&mut text, &row);
        check(&day(), &text);
    }
}
