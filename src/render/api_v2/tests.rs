//! The shapes of Statuspage's API, version 2.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{fixture, made};

#[test]
fn a_summary_in_statuspages_shape() {
    let fixture = fixture();
    assert_data_eq!(made(&outputs(fixture.source()), "api/v2/summary.json"), str![[r#"
{
  "page": {
    "id": "k04td6tmktm0",
    "name": "Fjordpost status",
    "url": "https://status.fjordpost.example",
    "time_zone": "Europe/Oslo",
    "updated_at": "2022-03-30T10:00:00.000Z"
  },
  "components": [
    {
      "id": "mxwxh8bb27j2",
      "name": "Mail",
      "status": "degraded_performance",
      "created_at": "2021-12-20T09:00:00.000Z",
      "updated_at": "2022-03-30T10:00:00.000Z",
      "position": 1,
      "description": null,
      "showcase": false,
      "start_date": null,
      "group_id": null,
      "page_id": "k04td6tmktm0",
      "group": true,
      "only_show_if_degraded": false,
      "components": [
        "nstyz8r8t755",
        "x068dazehbz9"
      ]
    },
    {
      "id": "nstyz8r8t755",
      "name": "IMAP",
      "status": "degraded_performance",
      "created_at": "2021-12-20T09:00:00.000Z",
      "updated_at": "2022-03-30T10:00:00.000Z",
      "position": 1,
      "description": null,
      "showcase": false,
      "start_date": null,
      "group_id": "mxwxh8bb27j2",
      "page_id": "k04td6tmktm0",
      "group": false,
      "only_show_if_degraded": false
    },
    {
      "id": "x068dazehbz9",
      "name": "POP",
      "status": "operational",
      "created_at": "2021-12-20T09:00:00.000Z",
      "updated_at": "2022-03-29T22:05:00.000Z",
      "position": 2,
      "description": null,
      "showcase": false,
      "start_date": null,
      "group_id": "mxwxh8bb27j2",
      "page_id": "k04td6tmktm0",
      "group": false,
      "only_show_if_degraded": false
    },
    {
      "id": "pwvckshzwqsd",
      "name": "Website",
      "status": "operational",
      "created_at": "2021-12-20T09:00:00.000Z",
      "updated_at": "2022-03-01T12:00:00.000Z",
      "position": 2,
      "description": null,
      "showcase": false,
      "start_date": null,
      "group_id": null,
      "page_id": "k04td6tmktm0",
      "group": false,
      "only_show_if_degraded": false
    }
  ],
  "incidents": [
    {
      "id": "8b40q2rhfzxv",
      "name": "<b>&\"']]>; \\n, {title} ☃😀",
      "status": "investigating",
      "created_at": "2022-03-30T10:00:00.000Z",
      "updated_at": "2022-03-30T10:00:00.000Z",
      "monitoring_at": null,
      "resolved_at": null,
      "impact": "minor",
      "shortlink": "https://status.fjordpost.example/incidents/2022-03-30-slow/",
      "started_at": "2022-03-30T10:00:00.000Z",
      "page_id": "k04td6tmktm0",
      "incident_updates": [
        {
          "id": "8c8pwgmjdfzy",
          "status": "investigating",
          "body": "<b>&\"']]>; \\n, {title} ☃😀",
          "incident_id": "8b40q2rhfzxv",
          "created_at": "2022-03-30T10:00:00.000Z",
          "updated_at": "2022-03-30T10:00:00.000Z",
          "display_at": "2022-03-30T10:00:00.000Z",
          "affected_components": [
            {
              "code": "nstyz8r8t755",
              "name": "Mail - IMAP",
              "old_status": "operational",
              "new_status": "degraded_performance"
            }
          ],
          "deliver_notifications": true,
          "custom_tweet": null,
          "tweet_id": null
        }
      ],
      "components": [
        {
          "id": "nstyz8r8t755",
          "name": "IMAP",
          "status": "degraded_performance",
          "created_at": "2021-12-20T09:00:00.000Z",
          "updated_at": "2022-03-30T10:00:00.000Z",
          "position": 1,
          "description": null,
          "showcase": false,
          "start_date": null,
          "group_id": "mxwxh8bb27j2",
          "page_id": "k04td6tmktm0",
          "group": false,
          "only_show_if_degraded": false
        }
      ]
    }
  ],
  "scheduled_maintenances": [
    {
      "id": "v0c41zbfgn96",
      "name": "New disks, faster POP",
      "status": "scheduled",
      "created_at": "2022-03-28T08:00:00.000Z",
      "updated_at": "2022-03-28T08:00:00.000Z",
      "monitoring_at": null,
      "resolved_at": null,
      "impact": "maintenance",
      "shortlink": "https://status.fjordpost.example/incidents/2022-04-03-disks/",
      "started_at": "2022-04-02T22:00:00.000Z",
      "page_id": "k04td6tmktm0",
      "incident_updates": [
        {
          "id": "thffmq9ddmbw",
          "status": "scheduled",
          "body": "We replace the disks of all POP servers, one after the other; each is away for about five minutes.\r\n\r\nNo mail is lost.",
          "incident_id": "v0c41zbfgn96",
          "created_at": "2022-03-28T08:00:00.000Z",
          "updated_at": "2022-03-28T08:00:00.000Z",
          "display_at": "2022-03-28T08:00:00.000Z",
          "affected_components": [
            {
              "code": "x068dazehbz9",
              "name": "Mail - POP",
              "old_status": "operational",
              "new_status": "operational"
            }
          ],
          "deliver_notifications": true,
          "custom_tweet": null,
          "tweet_id": null
        }
      ],
      "components": [
        {
          "id": "x068dazehbz9",
          "name": "POP",
          "status": "operational",
          "created_at": "2021-12-20T09:00:00.000Z",
          "updated_at": "2022-03-29T22:05:00.000Z",
          "position": 2,
          "description": null,
          "showcase": false,
          "start_date": null,
          "group_id": "mxwxh8bb27j2",
          "page_id": "k04td6tmktm0",
          "group": false,
          "only_show_if_degraded": false
        }
      ],
      "scheduled_for": "2022-04-02T22:00:00.000Z",
      "scheduled_until": "2022-04-03T02:00:00.000Z"
    }
  ],
  "status": {
    "indicator": "minor",
    "description": "Partially Degraded Service"
  }
}

"#]].raw());
}

#[test]
fn an_incident_with_a_report_is_in_postmortem_newest_update_first() {
    let fixture = fixture();
    let json: serde_json::Value =
        serde_json::from_str(&made(&outputs(fixture.source()), "api/v2/incidents.json")).unwrap();
    let names: Vec<_> = json["incidents"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap()).collect();
    assert_eq!(names[1..], ["IMAP logins failing", "Website not reached"]);
    let attack = &json["incidents"][1];
    assert_eq!(attack["status"], "postmortem");
    let updates: Vec<_> = attack["incident_updates"].as_array().unwrap().iter().map(|u| &u["status"]).collect();
    assert_eq!(updates, ["postmortem", "resolved", "identified", "investigating"]);
    assert_eq!(
        attack["incident_updates"][0]["body"],
        "It began at night. More below.\r\n\r\nCause\r\n\r\nWeak limits."
    );
    let first = &attack["incident_updates"][3]["affected_components"][0];
    assert_eq!((first["name"].as_str().unwrap(), &first["new_status"]), ("Mail - IMAP", &"partial_outage".into()));
}

#[test]
fn only_words_that_clients_know() {
    let fixture = fixture();
    let outputs = outputs(fixture.source());
    let all: serde_json::Value = serde_json::from_str(&made(&outputs, "api/v2/scheduled-maintenances.json")).unwrap();
    let status: Vec<_> = all["scheduled_maintenances"].as_array().unwrap().iter().map(|m| &m["status"]).collect();
    assert_eq!(status, ["scheduled", "completed"]);
}

#[test]
fn nothing_changes_with_the_clock_alone() {
    let mut fixture = fixture();
    let all = |fixture: &crate::render::fixture::Fixture| -> Vec<Vec<u8>> {
        outputs(fixture.source()).iter().map(|output| crate::write::bytes(output).unwrap()).collect()
    };
    let before = all(&fixture);
    assert_eq!(before.len(), 8);
    fixture.derived.now += jiff::SignedDuration::from_mins(7);
    assert_eq!(all(&fixture), before);
}

#[test]
fn an_id_is_twelve_letters_and_digits() {
    assert_eq!(id("component", "imap").len(), 12);
    assert_ne!(id("component", "imap"), id("incident", "imap"));
    assert!(id("page", "x").chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
}
