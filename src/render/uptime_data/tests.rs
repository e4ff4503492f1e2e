//! Uptime for programs: JSON and CSV, and that they say the same.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{assert_described, fixture, made};

#[test]
fn a_file_holds_every_part_in_milliseconds_and_the_number_as_printed() {
    let mut fixture = fixture();
    fixture.measured("imap");
    let file: serde_json::Value =
        serde_json::from_str(&made(&outputs(fixture.source()), "components/imap/uptime.json")).unwrap();
    let expected = str![[r#"
{
  "version": 1,
  "component": "imap",
  "name": "IMAP",
  "built": "2022-03-30T12:00:00Z",
  "time_zone": "Europe/Oslo",
  "rule": {
    "url": "https://status.fjordpost.example/uptime/",
    "major_outage": 1000,
    "partial_outage": 500,
    "degraded_performance": 0,
    "brownout_min": 300,
    "groups": "mean"
  },
  "windows": [
    {
      "window": "24h",
      "start": "2022-03-29T12:00:00Z",
      "end": "2022-03-30T12:00:00Z",
      "window_ms": 86400000,
      "up_ms": 84599500,
      "trouble_ms": 1800500,
      "maintenance_ms": 0,
      "unknown_ms": 0,
      "not_monitored_ms": 0,
      "lost": 1800500000,
      "percent_thousandths": 97916,
      "percent": "97.91",
      "coverage_permille": 1000,
      "results": 1440,
      "failing": 31
    },
    {
      "window": "7d",
      "start": "2022-03-23T12:00:00Z",
      "end": "2022-03-30T12:00:00Z",
      "window_ms": 604800000,
      "up_ms": 257399500,
      "trouble_ms": 1800500,
      "maintenance_ms": 0,
      "unknown_ms": 0,
      "not_monitored_ms": 345600000,
      "lost": 1800500000,
      "percent_thousandths": 99305,
      "percent": null,
      "coverage_permille": 428,
      "results": 1440,
      "failing": 31
    }
  ],
  "days": [
    {
      "day": "2022-03-30",
      "class": "partial",
      "incidents": [
        "2022-03-29-imap-logins"
      ],
      "window_ms": 86400000,
      "up_ms": 84599500,
      "trouble_ms": 1800500,
      "maintenance_ms": 0,
      "unknown_ms": 0,
      "not_monitored_ms": 0,
      "lost": 1800500000,
      "percent_thousandths": 97916,
      "percent": "97.91",
      "coverage_permille": 1000,
      "results": 1440,
      "failing": 31
    }
  ],
  "latency": [
    {
      "day": "2022-03-29",
      "count": 1409,
      "p50_us": 12000,
      "p95_us": 20500,
      "p99_us": 41000
    }
  ],
  "slices": [
    {
      "from": "2022-03-29T22:00:00Z",
      "to": "2022-03-29T22:30:00.5Z",
      "ms": 1800500,
      "what": "trouble",
      "weight": 1000,
      "of": "2022-03-29-imap-logins"
    }
  ]
}

"#]];
    assert_data_eq!(serde_json::to_string_pretty(&file).unwrap() + "\n", expected.raw());
}

#[test]
fn every_field_is_described_by_the_schema() {
    let mut fixture = fixture();
    fixture.measured("imap");
    fixture.derived.group_uptime = vec![fixture.derived.components[0].uptime.clone()];
    let outputs = outputs(fixture.source());
    let schema: serde_json::Value = serde_json::from_str(&made(&outputs, "uptime.schema.json")).unwrap();
    for path in ["components/imap/uptime.json", "groups/mail/uptime.json"] {
        let file: serde_json::Value = serde_json::from_str(&made(&outputs, path)).unwrap();
        assert_described(&file, &schema, &schema);
    }
}

#[test]
fn a_group_names_the_members_that_were_measured() {
    let mut fixture = fixture();
    fixture.measured("imap");
    fixture.derived.group_uptime = vec![fixture.derived.components[0].uptime.clone()];
    let file: serde_json::Value =
        serde_json::from_str(&made(&outputs(fixture.source()), "groups/mail/uptime.json")).unwrap();
    assert_eq!((&file["group"], &file["members"]), (&"mail".into(), &serde_json::json!(["imap"])));
}

#[test]
fn slices_are_a_table_of_rfc_4180() {
    let mut fixture = fixture();
    fixture.measured("imap");
    assert_data_eq!(
        made(&outputs(fixture.source()), "components/imap/uptime.csv").replace('\r', "<CR>"),
        str![[r#"
component,from,to,seconds,what,weight,of<CR>
imap,2022-03-29T22:00:00Z,2022-03-29T22:30:00.5Z,1800.5,trouble,1000,2022-03-29-imap-logins<CR>

"#]]
        .raw()
    );
}

#[test]
fn who_was_never_measured_has_no_file() {
    assert!(outputs(fixture().source()).is_empty());
}
