//! A receiver of webhooks, and everything around one message: again, edited, rehearsed, tested, two at once.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use snapbox::{assert_data_eq, str};

use super::{announce, heading, ledger, site, write};
use crate::server::{Answer, Asked, Server};
use crate::site_test::TestSite;

fn hook(host: &Server) -> TestSite {
    let url = host.url("127.0.0.1");
    site(&format!("[[channel]]\nid = \"hook\"\nkind = \"webhook\"\nurl = \"{url}/in\"\nsecret_file = \"secret\"\n"))
}

/// Checks the signature as docs/announcing.md says, and reads the body.
fn body(asked: &Asked) -> serde_json::Value {
    let signature = asked.header("x-upfront-signature").unwrap();
    let (at, signature) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"key-s3cret").unwrap();
    mac.update(&[at.as_bytes(), b".", &asked.body].concat());
    let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signature, expected);
    let body: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(body["id"].as_str(), asked.header("idempotency-key"));
    body
}

#[test]
fn each_update_arrives_once_signed_and_is_written_down() {
    let host = Server::new(|_| Answer::status(204));
    let site = hook(&host);
    assert_data_eq!(
        announce(&site).all(),
        str![[r#"
status 0
stdout:
hook       sent     IMAP logins failing: Investigating

"#]]
    );
    // An edit is no news, and neither is another run.
    write(&site, "Logins fail for everybody.\n");
    assert_data_eq!(
        announce(&site).all(),
        str![[r#"
status 0
stdout:
Nothing new to announce.

"#]]
    );
    write(&site, &format!("Logins fail.\n{}They work again.\n", heading("Resolved", 0)));
    assert_eq!(announce(&site).status, Some(0));
    assert_eq!(announce(&site).status, Some(0));
    let asked = host.asked();
    let told: Vec<String> = asked.iter().map(|asked| body(asked)["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("Investigating: IMAP logins failing\n\nLogins fail.\n\nhttps://status.example/"),
        "{told:?}"
    );
    assert!(told[1].starts_with("Resolved: IMAP logins failing\n\nThey work again.\n"), "{told:?}");
    assert_data_eq!(
        ledger(&site),
        str![[r#"
hook investigating claimed
hook investigating sent
hook resolved claimed
hook resolved sent

"#]]
    );
}

#[test]
fn a_rehearsal_shows_everything_but_secrets_and_sends_nothing() {
    let host = Server::new(|_| Answer::status(204));
    let site = hook(&host);
    let shown = site.run("announce --dry-run");
    assert_eq!(shown.status, Some(0), "{}", shown.all());
    assert!(shown.stdout.contains("== hook (webhook): IMAP logins failing: Investigating"), "{}", shown.stdout);
    assert!(
        shown.stdout.contains("\"body\": \"Logins fail.\"") && !shown.stdout.contains("s3cret"),
        "{}",
        shown.stdout
    );
    // Where a secret is missing, that is said, and the rest is shown.
    std::fs::remove_file(site.path("secret")).unwrap();
    let shown = site.run("announce --dry-run --test");
    assert_eq!(shown.status, Some(1), "{}", shown.all());
    assert!(shown.stdout.contains("It could not be sent so: its secret: `secret` is no file"), "{}", shown.stdout);
    assert!(shown.stdout.contains("This is a test. Nothing is wrong."), "{}", shown.stdout);
    assert!(host.asked().is_empty() && ledger(&site).is_empty());
}

#[test]
fn a_test_says_that_it_is_one_and_is_not_remembered() {
    let host = Server::new(|_| Answer::status(204));
    let site = hook(&host);
    let ran = site.run("announce --test");
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    let told = body(&host.asked()[0]);
    assert_eq!((&told["kind"], &told["is_test"]), (&"test".into(), &true.into()));
    let marked = ["subject", "text"].map(|key| told[key].as_str().unwrap().to_owned());
    assert!(marked[0].starts_with("[TEST] ") && marked[1].starts_with("This is a test."), "{marked:?}");
    assert!(ledger(&site).is_empty());
}

#[test]
fn what_the_page_does_not_show_waits_until_it_is_five_minutes_old() {
    let host = Server::new(|asked| if asked.method == "GET" { Answer::status(404) } else { Answer::status(204) });
    let url = host.url("127.0.0.1");
    let site = hook(&host);
    let config = site.read("upfront.toml").replace("https://status.example", &url);
    site.write("upfront.toml", config);
    let ran = site.run("announce --wait 1s");
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    assert!(
        ran.stdout.contains("not announced: incidents/imap/#u-") && ran.stdout.contains("is not at http"),
        "{}",
        ran.all()
    );
    assert!(host.asked().iter().all(|asked| asked.method == "GET") && ledger(&site).is_empty());
    // The page may be what is down.
    let text = site.read("incidents/imap.md");
    let old = heading("Investigating", 6);
    let lines: Vec<&str> =
        text.lines().map(|line| if line.starts_with("## ") { old.trim_end() } else { line }).collect();
    site.write("incidents/imap.md", lines.join("\n"));
    let ran = site.run("announce --wait 1s");
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    assert_eq!(host.asked().iter().filter(|asked| asked.method == "POST").count(), 1);
}

#[test]
fn what_is_refused_is_told_kept_and_tried_again_later() {
    let host = Server::new(|asked| {
        let token = asked.header("authorization").unwrap_or_default();
        Answer { status: 403, ..Answer::of(format!("who is {token}?")) }
    });
    let url = host.url("127.0.0.1");
    let site =
        site(&format!("[[channel]]\nid = \"hook\"\nkind = \"webhook\"\nurl = \"{url}\"\ntoken_file = \"secret\"\n"));
    assert_data_eq!(
        announce(&site).all(),
        str![[r#"
status 1
stdout:
hook       failed   IMAP logins failing: Investigating
    it answers 403 who is Bearer …?; it is tried again

"#]]
    );
    // Not before a minute is over.
    let report = site.run("announce --wait 0s --json");
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    let waits = announce(&site);
    assert!(waits.status == Some(1) && waits.stdout.contains("1 failed, tried again at "), "{}", waits.all());
    let listed = site.run("announce --list").stdout;
    assert!(listed.contains("  hook  failed    IMAP logins failing\n    incidents/imap/#u-"), "{listed}");
    let rehearsed = site.run("announce --dry-run --test").stdout;
    assert!(rehearsed.ends_with("== Nothing was sent. It would be:\n\nhook  1 message\n"), "{rehearsed}");
    assert!(report["again_at"].is_string() && report["deliveries"].as_array().unwrap().is_empty(), "{report}");
    assert_eq!(host.asked().len(), 1);
    assert!(!site.read("history/deliveries.ndjson").contains("s3cret"));
}

#[test]
fn two_at_once_tell_it_once() {
    let slow = Arc::new(AtomicUsize::new(0));
    let host = {
        let slow = Arc::clone(&slow);
        Server::new(move |_| {
            slow.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(300));
            Answer::status(204)
        })
    };
    let site = hook(&host);
    let start = || {
        let mut command = site.command("announce --wait 0s");
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both = [start(), start(), start()].map(|child| child.wait_with_output().unwrap());
    assert_eq!(slow.load(Ordering::Relaxed), 1, "{both:?}");
    for output in &both {
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let fine = ["sent ", "is announcing just now", "Nothing new to announce", "already "];
        assert!(fine.iter().any(|fine| said.contains(fine)), "{said}");
    }
    assert_eq!(ledger(&site), "hook investigating claimed\nhook investigating sent\n");
}

#[test]
fn a_name_that_no_channel_has_is_answered_with_the_nearest() {
    let host = Server::new(|_| Answer::status(204));
    let site = hook(&host);
    assert_data_eq!(
        site.run("announce hock").all(),
        str![[r#"
status 2
stderr:
error: no channel is called `hock`
 |
 = did you mean `hook`?

"#]]
    );
    assert_data_eq!(
        site.run("announce telephone").all(),
        str![[r#"
status 2
stderr:
error: no channel is called `telephone`
 |
 = one of hook

"#]]
    );
    assert_eq!(site.run("announce --wait 0s hook").status, Some(0));
    assert_eq!(host.asked().len(), 1);
    site.write("upfront.toml", super::HEAD);
    assert_data_eq!(
        announce(&site).all(),
        str![[r#"
status 2
stderr:
error: no channel can be used, so there is nobody to tell
 |
 = add `[[channel]]` to `upfront.toml`, or to `upfront.private.toml`; see docs/announcing.md

"#]]
    );
}

#[test]
fn a_server_that_repeats_a_secret_path_gets_it_into_no_file() {
    let server = Server::new(|asked| Answer {
        body: Box::new(std::io::Cursor::new(format!("Cannot POST {}", asked.path))),
        ..Answer::status(404)
    });
    let site = site("[[channel]]\nid = \"chat\"\nkind = \"mattermost\"\nurl_file = \"address\"\n");
    site.write("address", format!("{}/hooks/s3cr3t\n", server.url("127.0.0.1")));
    let ran = announce(&site);
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    let kept = site.read("history/deliveries.ndjson");
    assert!(kept.contains("it answers 404 Cannot POST …"), "{kept}");
    assert!(!kept.contains("s3cr3t") && !ran.all().contains("s3cr3t"), "{kept}{}", ran.all());
}

#[test]
fn what_the_page_shows_goes_out_while_the_rest_is_looked_for() {
    // It shows the one and never the other.
    let host = Server::new(|asked| match (asked.method.as_str(), asked.path.contains("/imap/")) {
        ("GET", true) => {
            // A minute may have ended since it was written.
            let ids = [2, 3].map(|ago| heading("", ago).replace(|c: char| !c.is_ascii_digit(), ""));
            let ids = ids.map(|id| format!("<p id=\"u-{}-{}-investigating\">", &id[..8], &id[8..12]));
            Answer::of(ids.concat())
        }
        ("GET", false) => Answer::status(404),
        _ => Answer::status(204),
    });
    let site = hook(&host);
    let config = site.read("upfront.toml").replace("https://status.example", &host.url("127.0.0.1"));
    site.write("upfront.toml", config.replace("time_zone = \"Europe/Oslo\"", "time_zone = \"UTC\""));
    let other = site.read("incidents/imap.md").replace("IMAP logins", "Other logins");
    site.write("incidents/other.md", other);
    let ran = site.run("announce --wait 2s");
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    assert!(ran.stdout.contains("not announced: incidents/other/#u-"), "{}", ran.all());
    let asked: Vec<String> = host.asked().iter().map(|asked| asked.method.clone()).collect();
    let posts: Vec<usize> = (0..asked.len()).filter(|&at| asked[at] == "POST").collect();
    assert!(posts.len() == 1 && posts[0] + 1 < asked.len(), "{asked:?}");
}

#[test]
fn staff_are_called_and_readers_told_at_the_same_time() {
    let site = site(
        "[[channel]]\nid = \"public\"\nkind = \"command\"\ncommand = \"touch told\"\n\
         [[channel]]\nid = \"staff\"\nkind = \"command\"\naudience = \"staff\"\nwhen = \"update_overdue\"\nafter = \"0s\"\n\
         command = \"for i in $(seq 50); do test -e told && exit 0; sleep 0.1; done; exit 1\"\n",
    );
    let text = site.read("incidents/imap.md");
    let next = heading("", 1).replace("##  · ", "").trim().replace(" UTC", ":00Z").replace(' ', "T");
    site.write("incidents/imap.md", text.replace("impact =", &format!("next_update = {next}\nimpact =")));
    let ran = announce(&site);
    assert!(ran.stdout.contains("staff      sent"), "{}", ran.all());
    assert_eq!(ran.status, Some(0), "{}", ran.all());
}

#[test]
fn a_claim_by_a_clock_that_is_hours_ahead_keeps_nobody_from_sending() {
    let host = Server::new(|_| Answer::status(204));
    let site = hook(&host);
    let ahead = heading("", -180).replace("##  · ", "").trim().replace(" UTC", ":00Z").replace(' ', "T");
    let news = site.run("announce --dry-run --json");
    let news: serde_json::Value = serde_json::from_str(&news.stdout).unwrap();
    let key = news["would_send"][0]["text"].as_str().unwrap();
    let key = key.lines().find(|line| line.contains("#u-")).and_then(|line| line.split("#u-").nth(1)).unwrap();
    let id: String = key.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    site.write(
        "history/deliveries.ndjson",
        format!(
            "{{\"v\":1,\"at\":\"{ahead}\",\"news\":\"incidents/imap/#u-{id}\",\"channel\":\"hook\",\
             \"state\":\"claimed\",\"by\":\"aaaaaaaa-bbbbbbbb\"}}\n"
        ),
    );
    let ran = announce(&site);
    assert!(ran.status == Some(0) && ran.stdout.contains("hook       sent"), "{}", ran.all());
    assert_eq!(host.asked().len(), 1);
    assert!(announce(&site).stdout.contains("Nothing new to announce."));
}
