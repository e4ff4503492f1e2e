//! Every kind of bad feed, from a file and over HTTP.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use snapbox::{Data, assert_data_eq, str};

use super::{GOOD, NOW, site};
use crate::server::{Answer, Server};
use crate::site_test::TestSite;

/// What nothing of it may take longer than, on a slow machine in a debug build.
const TIME_MAX: Duration = Duration::from_secs(60);

/// What nothing of it may need more of at once, in KiB.
const MEMORY_MAX_KIB: u64 = 1 << 20;

/// What is said of a feed of those bytes: once from a file, and the same over HTTP.
fn check(bytes: &str, expected: impl Into<Data>) {
    let of_file = site("[[feed]]\nid = \"own\"\nfile = \"feed.json\"\n");
    of_file.write("feed.json", bytes);
    let from_file = bounded(&of_file);
    let body = bytes.to_owned();
    let server = Server::new(move |_| Answer::of(body.as_bytes()));
    let from_http = bounded(&of_address(&server));
    assert_eq!(from_http.replace(&server.url("127.0.0.1"), "feed.json"), from_file);
    assert_data_eq!(from_file, expected.into().raw());
}

fn of_address(server: &Server) -> TestSite {
    site(&format!("[[feed]]\nid = \"own\"\nurl = \"{}\"\n", server.url("127.0.0.1")))
}

/// Runs `record --check` to its end, within its bounds.
fn bounded(site: &TestSite) -> String {
    let begin = Instant::now();
    let mut command = site.command(&format!("record --check --now {NOW}"));
    let memory_kib = peak_memory_kib(&mut command, begin);
    assert!(begin.elapsed() < TIME_MAX, "{:?}", begin.elapsed());
    assert!(memory_kib < MEMORY_MAX_KIB, "{memory_kib} KiB");
    site.run(&format!("record --check --now {NOW}")).all()
}

/// 0 where it cannot be measured.
fn peak_memory_kib(command: &mut Command, begin: Instant) -> u64 {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut peak_kib = 0;
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > TIME_MAX {
            child.kill().unwrap();
        }
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak_kib = peak_kib.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    peak_kib
}

#[test]
fn half_a_document() {
    check(
        &GOOD[..GOOD.len() / 2],
        str![[r#"
status 1
stdout:
own (upfront): its answer could not be understood
stderr:
error[feed-syntax]: this is cut off: it ends in the middle
--> feed.json:4:86
 = ask again, or raise `timeout`
 = nothing of it is used

1 error in 1 file

"#]],
    );
}

#[test]
fn nothing_at_all() {
    check(
        "",
        str![[r#"
status 1
stdout:
own (upfront): its answer could not be understood
stderr:
error[feed-syntax]: this is empty
--> feed.json:1:1
 = the source answered nothing: ask it by hand
 = nothing of it is used

1 error in 1 file

"#]],
    );
}

#[test]
fn a_web_page() {
    check(
        "<!doctype html>\n<title>Log in</title>\n",
        str![[r#"
status 1
stdout:
own (upfront): its answer could not be understood
stderr:
error[feed-syntax]: this is a web page, not JSON
--> feed.json:1:1
 = the address leads to a page for people, often one to log in at: check `url` and the secrets
 = nothing of it is used

1 error in 1 file

"#]],
    );
}

#[test]
fn another_version() {
    check(
        r#"{"version": 2, "results": []}"#,
        str![[r#"
status 1
stdout:
own (upfront): its answer could not be understood
stderr:
error[feed-shape]: this is version 2 of the feed, and only 1 is known
--> feed.json
 = a newer upfront may be able to read it
 = nothing of it is used

1 error in 1 file

"#]],
    );
}

#[test]
fn keys_that_stand_twice() {
    let twice = r#"{"version": 1, "results": [
{"monitor": "imap", "at": "2026-11-24T11:58:00Z", "status": "up", "status": "down"},
{"monitor": "imap", "at": "2026-11-24T11:59:00Z", "status": "up"}]}"#;
    check(
        twice,
        str![[r#"
status 1
stdout:
own (upfront): 1 monitor, 1 result
  monitor  state  newest (CET)        results  component
  imap     up     12:59:00, 60 s ago        1  imap
stderr:
error[feed-shape]: there are two of `status`
--> feed.json:2:74
 = it is left out

1 error in 1 file

"#]],
    );
}

#[test]
fn numbers_that_are_none() {
    let nan = r#"{"version": 1, "results": [{"monitor": "imap", "at": NaN, "status": "up"}]}"#;
    check(
        nan,
        str![[r#"
status 1
stdout:
own (upfront): its answer could not be understood
stderr:
error[feed-syntax]: this is not JSON: `NaN` is no number in it
--> feed.json:1:54
 = have the source leave out the key, or say `null`
 = nothing of it is used

1 error in 1 file

"#]],
    );
}

#[test]
fn a_hundred_thousand_brackets() {
    check(
        &"[".repeat(100_000),
        str![[r#"
status 1
stdout:
own (upfront): its answer could not be understood
stderr:
error[feed-shape]: this is JSON, but no feed
--> feed.json
 = write `{"version": 1, "results": […]}`, or a result a line in a file named `.ndjson`
 = nothing of it is used

1 error in 1 file

"#]],
    );
}

#[test]
fn times_in_the_future() {
    let future = r#"{"version": 1, "results": [
{"monitor": "imap", "at": "2026-11-24T12:04:00Z", "status": "up"},
{"monitor": "imap", "at": "2026-11-24T12:06:00Z", "status": "down"},
{"monitor": "imap", "at": "9999-12-31T23:59:59Z", "status": "down"}]}"#;
    check(
        future,
        str![[r#"
status 1
stdout:
own (upfront): 1 monitor, 1 result
  monitor  state  newest (CET)        results  component
  imap     up     13:04:00, in 4 min        1  imap
stderr:
warning[feed-clock]: feed `own`: 2 results are more than 5 minutes in the future
 |
 = set the clocks of both machines by NTP
 = left out

warning[feed-clock]: feed `own`: its clock is about 240 s ahead of ours
 |
 = set the clocks of both machines by NTP
 = its results count as they stand

2 warnings

"#]],
    );
}

#[test]
fn three_hundred_megabytes_in_a_file() {
    let site = site("[[feed]]\nid = \"own\"\nfile = \"feed.json\"\n");
    File::create(site.path("feed.json")).unwrap().set_len(300 << 20).unwrap();
    assert_data_eq!(
        bounded(&site),
        str![[r#"
status 1
stdout:
own (upfront): its file would be more than 32 MiB
stderr:
warning[feed-too-large]: feed `own`: its file would be more than 32 MiB
 |
 = ask for less: a shorter time, or fewer monitors
 = nothing new is known of its monitors

1 warning

"#]]
    );
}

#[test]
fn three_hundred_megabytes_over_http() {
    let server = Server::new(|_| Answer { body: Box::new(io::repeat(b'[').take(300 << 20)), ..Answer::status(200) });
    assert_data_eq!(
        bounded(&of_address(&server)),
        str![[r#"
status 1
stdout:
own (upfront): its answer would be more than 32 MiB
stderr:
warning[feed-too-large]: feed `own`: its answer would be more than 32 MiB
 |
 = ask for less: a shorter time, or fewer monitors
 = nothing new is known of its monitors

1 warning

"#]]
    );
}

#[test]
fn three_hundred_megabytes_squeezed_into_some_hundred_kilobytes() {
    let mut squeezed = Vec::new();
    let mut zeros = flate2::read::GzEncoder::new(io::repeat(b' ').take(300 << 20), flate2::Compression::fast());
    zeros.read_to_end(&mut squeezed).unwrap();
    let server = Server::new(move |_| Answer::of(squeezed.clone()).header("Content-Encoding", "gzip"));
    assert_data_eq!(
        bounded(&of_address(&server)),
        str![[r#"
status 1
stdout:
own (upfront): its answer would be more than 32 MiB
stderr:
warning[feed-too-large]: feed `own`: its answer would be more than 32 MiB
 |
 = ask for less: a shorter time, or fewer monitors
 = nothing new is known of its monitors

1 warning

"#]]
    );
}

#[cfg(unix)]
#[test]
fn a_fifo_is_never_opened() {
    let site = site("[[feed]]\nid = \"own\"\nfile = \"feed.json\"\n");
    assert!(Command::new("mkfifo").arg(site.path("feed.json")).status().unwrap().success());
    assert_data_eq!(
        bounded(&site),
        str![[r#"
status 1
stdout:
own (upfront): what it names is not a file
stderr:
warning[feed-unreachable]: feed `own`: what it names is not a file
 |
 = `feed.json` must be a regular file, or a folder of such
 = nothing new is known of its monitors

1 warning

"#]]
    );
}

#[test]
fn a_million_results_that_flap() {
    let site = site("[[feed]]\nid = \"own\"\nfile = \"feeds\"\n");
    for half in 0..2u64 {
        let mut lines = String::with_capacity(30 << 20);
        for number in 0..500_000u64 {
            let (second, status) = (half * 500_000 + number, if number % 2 == 0 { "up" } else { "down" });
            let at = jiff::Timestamp::from_second(1_795_521_600 - 1_000_000 + second as i64).unwrap();
            let _ = writeln!(lines, "{{\"monitor\":\"a\",\"at\":\"{at}\",\"status\":\"{status}\"}}");
        }
        site.write(&format!("feeds/{half}.ndjson"), lines);
    }
    assert_data_eq!(
        bounded(&site),
        str![[r#"
status 0
stdout:
own (upfront): 1 monitor, 1000000 results
  monitor  state  newest (CET)       results  component
  a        down   12:59:59, 1 s ago  1000000  no component

imap: no monitor speaks for it

"#]]
    );
}
