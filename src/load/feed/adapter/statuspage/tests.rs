//! What is understood of upstream pages: small answers of our own, and published ones where they are there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{feed, sample, understood};
use crate::model::{FeedKind, Origin};

fn check(answer: &str, expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Statuspage, &[]), &[("", answer)]), expected);
}

fn check_sample(files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::Statuspage, &[]), files) {
        assert_data_eq!(found, expected);
    }
}

#[test]
fn components_are_monitors_as_of_now_and_red_since_they_were_turned_so() {
    let component = |id: u8, status: &str, more: &str| {
        format!(r#"{{"id":"c{id}","name":"API","status":"{status}","updated_at":"2026-11-24T12:00:00.5+02:00"{more}}}"#)
    };
    let components = [
        component(1, "operational", ""),
        component(2, "degraded_performance", ""),
        component(3, "partial_outage", ""),
        component(4, "major_outage", ""),
        component(5, "under_maintenance", ""),
        component(6, "major_outage", r#","group":true"#),
        component(7, "on_fire", ""),
    ];
    check(
        &format!(r#"{{"components":[{}]}}"#, components.join(",")),
        str![[r#"
c1 (API)
  1 × up 2026-11-24T10:20:00Z
c2 (API)
  1 × degraded 2026-11-24T10:20:00Z
  2026-11-24T10:00:00.5Z – 2026-11-24T10:20:00Z, seen degraded
c3 (API)
  1 × partial 2026-11-24T10:20:00Z
  2026-11-24T10:00:00.5Z – 2026-11-24T10:20:00Z, seen partial
c4 (API)
  1 × down 2026-11-24T10:20:00Z
  2026-11-24T10:00:00.5Z – 2026-11-24T10:20:00Z, seen down
c5 (API)
  1 × maintenance 2026-11-24T10:20:00Z
  2026-11-24T10:00:00.5Z – 2026-11-24T10:20:00Z, seen maintenance
warning: 1 left out: `on_fire` is no state that this kind of source is known to have (known are operational, degraded_performance, partial_outage, major_outage, under_maintenance)

"#]],
    );
}

#[test]
fn the_summary_is_asked_of_a_page_and_a_whole_address_is_asked_as_it_stands() {
    let path = |url: &str| -> Vec<String> {
        let feed = Feed { from: Origin::Url(url.to_owned()), ..feed(FeedKind::Statuspage, &[]) };
        requests(&feed, &[], 0, 0).into_iter().map(|request| request.path).collect()
    };
    assert_eq!(path("https://www.githubstatus.com/"), ["/api/v2/summary.json"]);
    assert_eq!(path("https://www.githubstatus.com/api/v2/summary.json"), [""]);
    assert_eq!(path("https://status.example/1.0/status/533c6539"), [""]);
}

#[test]
fn published_pages() {
    check_sample(
        &["statuspage/github_incident.json"],
        str![[r#"
b13yz5g2cw10 (API)
  1 × partial 2026-11-24T10:20:00Z
  2014-05-14T20:34:43.34Z – 2026-11-24T10:20:00Z, seen partial
9397cnvk62zn (Management Portal)
  1 × down 2026-11-24T10:20:00Z
  2014-05-14T20:34:44.47Z – 2026-11-24T10:20:00Z, seen down

"#]],
    );
    check_sample(
        &["statuspage/cloudamqp_maintenance.json"],
        str![[r#"
m9jl6sdbs4vb (Shared servers)
  1 × maintenance 2026-11-24T10:20:00Z
  2020-07-16T21:10:37.479Z – 2026-11-24T10:20:00Z, seen maintenance
8znl1vrnsx4h (Dedicated servers)
  1 × up 2026-11-24T10:20:00Z
98p3hvfxsy3f (Backend)
  1 × up 2026-11-24T10:20:00Z
pq5t8fffqs97 (Metrics)
  1 × up 2026-11-24T10:20:00Z
40lcs5t2s5gn (Heroku)
  1 × up 2026-11-24T10:20:00Z
1k3xg4mbpll3 (AWS route53)
  1 × up 2026-11-24T10:20:00Z
rqspk9wgbzd0 (Help Scout Email Processing)
  1 × up 2026-11-24T10:20:00Z
nn1d281s201s (AWS ec2-ap-northeast-1)
  1 × up 2026-11-24T10:20:00Z
byqy2ynqq3sn (AWS ec2-ap-northeast-2)
  1 × up 2026-11-24T10:20:00Z
1x8wpmjvsbc5 (AWS ec2-ap-southeast-1)
  1 × up 2026-11-24T10:20:00Z
ljhst81x9k7h (AWS ec2-ap-southeast-2)
  1 × up 2026-11-24T10:20:00Z
lwt2g2kf9t13 (AWS ec2-ca-central-1)
  1 × up 2026-11-24T10:20:00Z
4gnsvb8sv1fh (AWS ec2-eu-central-1)
  1 × up 2026-11-24T10:20:00Z
bwn9rnxz76kg (AWS ec2-eu-west-1)
  1 × up 2026-11-24T10:20:00Z
rxjz6hb3k64l (AWS ec2-eu-west-2)
  1 × up 2026-11-24T10:20:00Z
nvtyshc23s70 (AWS ec2-eu-west-3)
  1 × up 2026-11-24T10:20:00Z
24tqp1qhl5zq (AWS ec2-sa-east-1)
  1 × up 2026-11-24T10:20:00Z
4tmrjr8194m0 (AWS ec2-us-east-1)
  1 × up 2026-11-24T10:20:00Z
wb9j33lh8pzt (AWS ec2-us-east-2)
  1 × up 2026-11-24T10:20:00Z
z4wj8chrzwvq (AWS ec2-us-gov-west-1)
  1 × up 2026-11-24T10:20:00Z
txy6d07s0wf7 (AWS ec2-us-west-1)
  1 × up 2026-11-24T10:20:00Z
y585bnwzvdt8 (AWS ec2-us-west-2)
  1 × up 2026-11-24T10:20:00Z
l7qjkl13dnmq (Google Cloud Platform Google Compute Engine)
  1 × up 2026-11-24T10:20:00Z

"#]],
    );
}

#[test]
fn published_pages_of_status_io() {
    check_sample(
        &["statuspage/docker_partial.json"],
        str![[r#"
582c71aa40855b4d0e000240 (Docker Package Repositories)
  1 × up 2026-11-24T10:20:00Z
533c6539221ae15e3f000040 (Docker Hub Web)
  1 × up 2026-11-24T10:20:00Z
5342d1b837768a325c00000b (Docker Hub Registry)
  1 × up 2026-11-24T10:20:00Z
5342bc9420974b775d000008 (Docker Hub Automated Builds)
  1 × partial 2026-11-24T10:20:00Z
53a1c83e814a437c5a00075a (Docker.com Web)
  1 × up 2026-11-24T10:20:00Z
5347131d545b2f12640000bc (Docker Docs)
  1 × up 2026-11-24T10:20:00Z
55b15ea10a54eb8c71000ebf (Docker Community Forums)
  1 × up 2026-11-24T10:20:00Z
57f296dbe1401094660008e1 (Docker Support Site)
  1 × up 2026-11-24T10:20:00Z

"#]],
    );
    check_sample(
        &["statuspage/gitlab_maintenance.json"],
        str![[r#"
5b36dc6502d06804c0834a07 (Website)
  1 × up 2026-11-24T10:20:00Z
5b36e05f02d06804c0834a09 (API)
  1 × up 2026-11-24T10:20:00Z
5d2f74932676bc45e4927ead (Git (ssh and https))
  1 × up 2026-11-24T10:20:00Z
5b371ffc1d4f0004bf746dbf (Pages)
  1 × up 2026-11-24T10:20:00Z
5b36e07afc1f0804be9d754d (Registry)
  1 × up 2026-11-24T10:20:00Z
5b36e06c633e9004b3d624ad (CI/CD)
  1 × up 2026-11-24T10:20:00Z
5b371ff2ab905c04b1de922e (Background Processing)
  1 × up 2026-11-24T10:20:00Z
5c38362c5495bf472f8dfbae (Support Services)
  1 × up 2026-11-24T10:20:00Z
5c7d5bb83efc3204ba5f53c3 (packages.gitlab.com)
  1 × up 2026-11-24T10:20:00Z
5d02cb79b2e5f00a022b5fb4 (customers.gitlab.com)
  1 × up 2026-11-24T10:20:00Z
5d31c2f251014050f413e808 (version.gitlab.com)
  1 × up 2026-11-24T10:20:00Z
5d93c0defdc75b69cf385b1f (forum.gitlab.com)
  1 × up 2026-11-24T10:20:00Z
5e29c1403f4deb04c0d7f035 (Windows Runners (beta))
  1 × up 2026-11-24T10:20:00Z
5ed145987f9dc304bf8a9164 (Canary)
  1 × up 2026-11-24T10:20:00Z
5f4e8819413cdd04b6882c94 (dashboards.gitlab.com)
  1 × maintenance 2026-11-24T10:20:00Z

"#]],
    );
}
