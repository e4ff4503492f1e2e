//! Killed between the claim and the answer: nobody knows whether it arrived.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::mail::{After, mail_site, server};
use super::{announce, ledger, site, until};
use crate::server::{Answer, Server};
use crate::site_test::TestSite;

/// Starts it, and kills it when that is so.
fn kill_when(site: &TestSite, what: &str, is_so: impl FnMut() -> bool) {
    let mut command = site.command("announce --wait 0s");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until(what, is_so);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_webhook_gets_it_again_with_the_same_key() {
    let is_slow = Arc::new(AtomicBool::new(true));
    let host = {
        let is_slow = Arc::clone(&is_slow);
        Server::new(move |_| {
            while is_slow.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(10));
            }
            Answer::status(204)
        })
    };
    let url = host.url("127.0.0.1");
    let site = site(&format!("[[channel]]\nid = \"hook\"\nkind = \"webhook\"\nurl = \"{url}\"\n"));
    kill_when(&site, "it asks", || host.asked().len() == 1);
    is_slow.store(false, Ordering::Relaxed);
    assert_eq!(ledger(&site), "hook investigating claimed\n");
    let ran = announce(&site);
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    let keys: Vec<Option<String>> =
        host.asked().iter().map(|asked| asked.header("idempotency-key").map(str::to_owned)).collect();
    assert_eq!(keys.len(), 2);
    assert!(keys[0].is_some() && keys[0] == keys[1], "{keys:?}");
    assert_eq!(ledger(&site), "hook investigating claimed\nhook investigating claimed\nhook investigating sent\n");
    assert!(announce(&site).stdout.contains("Nothing new"));
}

#[test]
fn a_command_runs_again_with_the_same_key() {
    let site = site(
        "[[channel]]\nid = \"sms\"\nkind = \"command\"\n\
         command = \"cat > body; echo $UPFRONT_IDEMPOTENCY_KEY $UPFRONT_SHORT >> said; [ -e go ] || sleep 2\"\n",
    );
    let said = || std::fs::read_to_string(site.path("said")).unwrap_or_default();
    kill_when(&site, "it runs", || said().ends_with('\n'));
    site.write("go", "");
    assert_eq!(announce(&site).status, Some(0));
    let said = said();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert_eq!(lines[0], lines[1]);
    assert!(lines[0].contains(" IMAP logins failing: Investigating https://status.example/"), "{said}");
    let body: serde_json::Value = serde_json::from_str(&site.read("body")).unwrap();
    assert_eq!(body["id"].as_str(), lines[0].split(' ').next());
}

#[test]
fn a_mail_is_told_as_unsure_and_not_sent_twice() {
    let (port, taken) = server(After::Hang);
    let site = mail_site(port, "to = \"a@one.example\"");
    kill_when(&site, "it hands over the mail", || taken.all().len() == 1);
    let ran = announce(&site);
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    assert!(ran.stdout.contains("whoever sent it was stopped before the channel answered"), "{}", ran.stdout);
    assert!(announce(&site).stdout.contains("Nothing new"));
    assert_eq!(taken.all().len(), 1);
    assert_eq!(ledger(&site), "mail investigating claimed\nmail investigating unsure\n");
}

#[test]
fn what_a_command_says_is_in_no_file() {
    let site = site(
        "[[channel]]\nid = \"sms\"\nkind = \"command\"\n\
         command = \"echo POST https://sms.example/?key=k3y-of-sms >&2; exit 3\"\n",
    );
    let ran = super::announce(&site);
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    assert!(ran.stderr.contains("k3y-of-sms") && !ran.stdout.contains("k3y-of-sms"), "{}", ran.all());
    let kept = site.read("history/deliveries.ndjson");
    assert!(kept.contains("it ended with exit status 3") && !kept.contains("k3y-of-sms"), "{kept}");
}
