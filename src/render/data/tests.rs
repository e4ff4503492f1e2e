//! The status and the archive for programs.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{assert_described, days_after, fixture, made};

#[test]
fn the_status_now() {
    let fixture = fixture();
    assert_data_eq!(made(&outputs(fixture.source(), &fixture.keys()), "status.json"), str![[r#"
{
  "version": 1,
  "page": {
    "title": "Fjordpost status",
    "url": "https://status.fjordpost.example",
    "time_zone": "Europe/Oslo"
  },
  "built": "2022-03-30T12:00:00Z",
  "state": "degraded_performance",
  "components": [
    {
      "id": "imap",
      "name": "IMAP",
      "group": "mail",
      "state": "degraded_performance",
      "url": "https://status.fjordpost.example/components/imap/"
    },
    {
      "id": "pop",
      "name": "POP",
      "group": "mail",
      "state": "operational",
      "url": "https://status.fjordpost.example/components/pop/"
    },
    {
      "id": "web",
      "name": "Website",
      "group": null,
      "state": "operational",
      "url": "https://status.fjordpost.example/components/web/"
    }
  ],
  "incidents": [
    {
      "id": "2022-03-30-slow",
      "slug": "2022-03-30-slow",
      "url": "https://status.fjordpost.example/incidents/2022-03-30-slow/",
      "kind": "incident",
      "title": "<b>&\"']]>; \\n, {title} ☃😀",
      "impact": "minor",
      "stage": "investigating",
      "components": [
        "imap"
      ],
      "started": "2022-03-30",
      "ended": null,
      "next_update": null,
      "updates": [
        {
          "id": "20220330-investigating",
          "stage": "investigating",
          "posted": "2022-03-30",
          "posted_from": "day",
          "text": "<b>&\"']]>; \\n, {title} ☃😀"
        }
      ],
      "rfo": null
    },
    {
      "id": "2022-03-29-logins",
      "slug": "2022-03-29-imap-logins",
      "url": "https://status.fjordpost.example/incidents/2022-03-29-imap-logins/",
      "kind": "incident",
      "title": "IMAP logins failing",
      "impact": "major",
      "stage": "resolved",
      "components": [
        "imap",
        "pop"
      ],
      "started": "2022-03-29T09:20:00Z",
      "ended": "2022-03-29T22:05:00Z",
      "next_update": null,
      "updates": [
        {
          "id": "20220329-0920-investigating",
          "stage": "investigating",
          "posted": "2022-03-29T09:20:00Z",
          "posted_from": "written",
          "text": "Some of you can't log in. We look into it."
        },
        {
          "id": "20220329-1012-identified",
          "stage": "identified",
          "posted": "2022-03-29T10:12:00Z",
          "posted_from": "written",
          "text": "Somebody tries many passwords; see planned work.\n\nUse webmail < IMAP."
        },
        {
          "id": "20220329-2205-resolved",
          "stage": "resolved",
          "posted": "2022-03-29T22:05:00Z",
          "posted_from": "written",
          "text": "All logins work."
        }
      ],
      "rfo": "https://status.fjordpost.example/rfo/2022-03-29-imap-logins/"
    },
    {
      "id": "2022-03-01-alarm",
      "slug": "2022-03-01-alarm",
      "url": "https://status.fjordpost.example/incidents/2022-03-01-alarm/",
      "kind": "false_alarm",
      "title": "Website not reached",
      "impact": "none",
      "stage": "note",
      "components": [
        "web"
      ],
      "started": "2022-03-01T12:00:00Z",
      "ended": "2022-03-01T12:00:00Z",
      "next_update": null,
      "updates": [
        {
          "id": "20220301-1200-note",
          "stage": "note",
          "posted": "2022-03-01T12:00:00Z",
          "posted_from": "written",
          "text": "A check was wrong."
        }
      ],
      "rfo": null
    }
  ],
  "maintenance": [
    {
      "id": "2022-04-03-disks",
      "slug": "2022-04-03-disks",
      "url": "https://status.fjordpost.example/incidents/2022-04-03-disks/",
      "kind": "maintenance",
      "title": "New disks, faster POP",
      "impact": "none",
      "stage": "scheduled",
      "components": [
        "pop"
      ],
      "started": "2022-04-02T22:00:00Z",
      "ended": null,
      "next_update": null,
      "planned": {
        "starts": "2022-04-02T22:00:00Z",
        "ends": "2022-04-03T02:00:00Z"
      },
      "updates": [
        {
          "id": "20220328-0800-scheduled",
          "stage": "scheduled",
          "posted": "2022-03-28T08:00:00Z",
          "posted_from": "git",
          "text": "We replace the disks of all POP servers, one after the other; each is away for about five minutes.\n\nNo mail is lost."
        }
      ],
      "rfo": null
    }
  ]
}

"#]].raw());
}

#[test]
fn what_is_long_over_is_only_in_the_archive() {
    let mut fixture = fixture();
    fixture.derived.now = days_after("2022-03-30T12:00:00Z", 200);
    let outputs = outputs(fixture.source(), &fixture.keys());
    assert!(!made(&outputs, "status.json").contains("2022-03-29-imap-logins"));
    assert!(made(&outputs, "data/2022.json").contains("2022-03-29-imap-logins"));
}

#[test]
fn a_year_of_the_archive_does_not_depend_on_the_clock() {
    let mut fixture = fixture();
    let year = |fixture: &crate::render::fixture::Fixture| {
        let outputs = outputs(fixture.source(), &fixture.keys());
        let key = outputs.iter().find(|output| output.path.as_str() == "data/2021.json").unwrap().key;
        (made(&outputs, "data/2021.json"), key)
    };
    let before = year(&fixture);
    fixture.derived.now = days_after("2022-03-30T12:00:00Z", 1);
    assert_eq!(year(&fixture), before);
    fixture.site.incidents[2].title = "Other".to_owned();
    let after = year(&fixture);
    assert_ne!(after.0, before.0);
    assert_ne!(after.1, before.1);
}

#[test]
fn every_field_is_described_by_the_schema() {
    let fixture = fixture();
    let outputs = outputs(fixture.source(), &fixture.keys());
    let schema: serde_json::Value = serde_json::from_str(&made(&outputs, "status.schema.json")).unwrap();
    for path in ["status.json", "data/2021.json"] {
        let file: serde_json::Value = serde_json::from_str(&made(&outputs, path)).unwrap();
        assert_described(&file, &schema, &schema);
    }
}

#[test]
fn who_was_measured_has_its_uptime_in_the_status() {
    let mut fixture = fixture();
    fixture.measured("imap");
    let status: serde_json::Value =
        serde_json::from_str(&made(&outputs(fixture.source(), &fixture.keys()), "status.json")).unwrap();
    let expected = str![[r#"
{
  "url": "https://status.fjordpost.example/components/imap/uptime.json",
  "windows": [
    {
      "window": "24h",
      "percent": "97.91",
      "coverage_permille": 1000,
      "lost_minutes": 31
    },
    {
      "window": "7d",
      "percent": null,
      "coverage_permille": 428,
      "lost_minutes": 31
    }
  ]
}
"#]];
    assert_data_eq!(serde_json::to_string_pretty(&status["components"][0]["uptime"]).unwrap(), expected);
    assert!(status["components"][1].get("uptime").is_none());
}
