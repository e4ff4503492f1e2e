//! Feeds over HTTP: secrets, redirects, answers that did not change, and whatever goes wrong on the way.

use std::io::{self, Read};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use snapbox::{assert_data_eq, str};

use super::{GOOD, NOW, check, site};
use crate::server::{Answer, Server};
use crate::site_test::{Ran, TestSite};

const SECRET: &str = "s3cret-t0ken";

fn feed(url: &str, keys: &str) -> TestSite {
    site(&format!("[[feed]]\nid = \"own\"\nurl = \"{url}\"\n{keys}"))
}

/// Runs `record --check` with the secret in the environment.
fn run_with_secret(site: &TestSite) -> Ran {
    let ran = site.ended(site.command(&format!("record --check --now {NOW}")).env("OWN_TOKEN", SECRET));
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(SECRET), "{}{}", ran.stdout, ran.stderr);
    ran
}

/// The part of what was told that says what is wrong.
fn told(site: &TestSite) -> String {
    let ran = run_with_secret(site);
    let lines: Vec<&str> = ran.stderr.lines().filter(|line| !line.is_empty()).collect();
    format!("{}\n", lines.join("\n"))
}

#[test]
fn the_token_goes_with_the_request_and_is_shown_nowhere() {
    let server = Server::new(|_| Answer::of(GOOD));
    let site = feed(&server.url("127.0.0.1"), "token_env = \"OWN_TOKEN\"\n");
    assert_eq!(run_with_secret(&site).status, Some(0));
    assert_eq!(server.asked()[0].header("authorization"), Some("Bearer s3cret-t0ken"));
}

#[test]
fn a_user_goes_as_basic_whatever_the_source_is_used_to() {
    let server = Server::new(|_| Answer::of(GOOD));
    let site = feed(&server.url("127.0.0.1"), "user = \"Aladdin\"\npassword_file = \"pw\"\n");
    site.write("pw", "open sesame\n");
    run_with_secret(&site);
    assert_eq!(server.asked()[0].header("authorization"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
}

#[test]
fn a_secret_follows_no_redirect_to_another_host() {
    let other = Server::new(|_| Answer::of(GOOD));
    let there = other.url("localhost");
    let server = Server::new(move |asked| match asked.path.as_str() {
        "/" => Answer::status(302).header("Location", "/moved"),
        _ => Answer::status(307).header("Location", there.clone()),
    });
    let site = feed(&server.url("127.0.0.1"), "token_env = \"OWN_TOKEN\"\n");
    assert_eq!(run_with_secret(&site).status, Some(0));
    let own: Vec<_> = server.asked().iter().map(|asked| asked.header("authorization").is_some()).collect();
    assert_eq!(own, [true, true], "the feed's own host");
    assert_eq!(other.asked()[0].header("authorization"), None);
}

#[test]
fn redirects_come_to_an_end() {
    let round = Server::new(|_| Answer::status(302).header("Location", "/"));
    let away = Server::new(|_| Answer::status(302).header("Location", "file:///etc/passwd"));
    let all = [&round, &away].map(|server| told(&feed(&server.url("127.0.0.1"), "")));
    assert_eq!(round.asked().len(), 6);
    assert_data_eq!(
        all.concat(),
        str![[r#"
warning[feed-unreachable]: feed `own`: it redirects more than 5 times
 |
 = write the last address as `url`
 = nothing new is known of its monitors
1 warning
warning[feed-unreachable]: feed `own`: it redirects to what is no address of the web
 |
 = write the address that it leads to as `url`
 = nothing new is known of its monitors
1 warning

"#]]
    );
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let server = Server::new(|asked| match asked.header("if-none-match") {
        Some("\"v1\"") => Answer::status(304),
        _ => Answer::of(GOOD).header("ETag", "\"v1\""),
    });
    let site = feed(&server.url("127.0.0.1"), "");
    let first = check(&site, "");
    assert_eq!(check(&site, ""), first);
    assert_eq!(server.asked()[1].header("if-none-match"), Some("\"v1\""));
    assert_eq!(site.read("history/log/.gitignore"), "*\n", "what was answered is private");
    // Of a cache that somebody meddled with nothing is believed.
    for (path, bytes) in site.files("history/log/.cache/own") {
        site.write(&format!("history/log/.cache/own/{path}"), [&bytes[..], b" "].concat());
    }
    assert_eq!(check(&site, ""), first);
    assert_eq!(server.asked()[2].header("if-none-match"), None);
}

#[test]
fn a_status_that_is_no_answer_is_told_in_plain_words() {
    let server = Server::new(|asked| Answer::status(asked.path[1..4].parse().unwrap()));
    let mut all = String::new();
    for status in [401, 403, 404, 418, 429, 503] {
        all += &told(&feed(&format!("{}/{status}?key=abc", server.url("127.0.0.1")), "token_env = \"OWN_TOKEN\"\n"));
    }
    all += &told(&feed(&format!("{}/401", server.url("127.0.0.1")), ""));
    assert!(!all.contains("abc"), "{all}");
    assert_data_eq!(
        all.replace(&server.url("127.0.0.1"), "[URL]"),
        str![[r#"
warning[feed-secret]: feed `own`: it refuses the secret in `OWN_TOKEN` (401)
 |
 = check that it is whole, still valid, and allowed to read this
 = nothing new is known of its monitors
1 warning
warning[feed-secret]: feed `own`: it refuses the secret in `OWN_TOKEN` (403)
 |
 = check that it is whole, still valid, and allowed to read this
 = nothing new is known of its monitors
1 warning
warning[feed-unreachable]: feed `own`: there is nothing at its address (404)
 |
 = check `url`: [URL]/404?…
 = nothing new is known of its monitors
1 warning
warning[feed-unreachable]: feed `own`: it answers with status 418
 |
 = check `url`: [URL]/418?…
 = nothing new is known of its monitors
1 warning
warning[feed-unreachable]: feed `own`: it was asked too often (429)
 |
 = run `upfront record` less often, or ask for fewer monitors
 = nothing new is known of its monitors
1 warning
warning[feed-unreachable]: feed `own`: it has trouble of its own (503)
 |
 = try again later, or look at its log
 = nothing new is known of its monitors
1 warning
warning[feed-secret]: feed `own`: it wants a secret (401)
 |
 = name the variable that holds it: `token_env = "…"`, or `user` and `password_env`
 = nothing new is known of its monitors
1 warning

"#]]
    );
}

#[test]
fn a_secret_that_is_not_there_is_told_and_nobody_is_asked() {
    let server = Server::new(|_| Answer::of(GOOD));
    let all = ["token_env = \"NO_SUCH\"\n", "token_file = \"nowhere\"\n", "token_file = \"empty\"\n"].map(|key| {
        let site = feed(&server.url("127.0.0.1"), key);
        site.write("empty", "\n");
        told(&site)
    });
    assert!(server.asked().is_empty());
    assert_data_eq!(
        all.concat(),
        str![[r#"
warning[feed-secret]: feed `own`: the environment variable `NO_SUCH` is not set
 |
 = set it where `upfront` runs: `export NO_SUCH=…`
 = nothing new is known of its monitors
1 warning
warning[feed-secret]: feed `own`: the file `nowhere` cannot be read
 |
 = check that it is a file that may be read by whoever runs `upfront`
 = nothing new is known of its monitors
1 warning
warning[feed-secret]: feed `own`: there is no secret in the file `empty`
 |
 = put it there
 = nothing new is known of its monitors
1 warning

"#]]
    );
}

#[test]
fn nobody_there_or_nobody_who_speaks_http() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let rude = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = rude.local_addr().unwrap();
    thread::spawn(move || {
        for stream in rude.incoming().flatten() {
            let _ = io::Write::write_all(&mut { stream }, b"SSH-2.0-OpenSSH_9.2\r\n");
        }
    });
    let mut all = String::new();
    for url in [format!("http://{closed}"), format!("http://{address}"), format!("https://{address}")] {
        all += &told(&feed(&url, ""));
    }
    assert_data_eq!(
        all,
        str![[r#"
warning[feed-unreachable]: feed `own`: the connection was refused
 |
 = check that it runs, and its port in `url`
 = nothing new is known of its monitors
1 warning
warning[feed-unreachable]: feed `own`: it does not answer in HTTP
 |
 = check the port in `url`
 = nothing new is known of its monitors
1 warning
warning[feed-unreachable]: feed `own`: it does not speak TLS as we do
 |
 = io: received corrupt message of type InvalidContentType; is the port in `url` that of `https`?
 = nothing new is known of its monitors
1 warning

"#]]
    );
}

/// Gives a byte, then waits.
struct Drip;

impl Read for Drip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        thread::sleep(Duration::from_millis(300));
        buffer[0] = b' ';
        Ok(1)
    }
}

#[test]
fn a_slow_feed_costs_its_own_time_and_no_other_feed() {
    let server = Server::new(|_| Answer { body: Box::new(Drip), ..Answer::status(200) });
    let slow = |id: &str| format!("[[feed]]\nid = \"{id}\"\nurl = \"{}\"\ntimeout = \"1s\"\n", server.url("127.0.0.1"));
    let good = "[[feed]]\nid = \"own\"\nfile = \"feed.json\"\n";
    let site = site(&format!("{}{}{}{good}", slow("a"), slow("b"), slow("c")));
    site.write("feed.json", GOOD);
    let begin = Instant::now();
    let ran = run_with_secret(&site);
    assert!(begin.elapsed() < Duration::from_millis(2500), "{:?}", begin.elapsed());
    assert_data_eq!(
        ran.stdout,
        str![[r#"
a (upfront): no answer within 1 s

b (upfront): no answer within 1 s

c (upfront): no answer within 1 s

own (upfront): 2 monitors, 3 results, made at 12:59:30, holds until 13:04:30
  monitor  state              newest (CET)         latency  place  every  results  component     name
  imap     down, unconfirmed  12:59:00, 60 s ago            osl     60 s        2  imap          IMAP login
  webmail  up                 12:59:10, 50 s ago  340.5 ms                      1  no component

"#]]
    );
}
