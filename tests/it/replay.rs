//! `upfront replay`: what other thresholds would have published.

use std::fmt::Write as _;

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const CONFIG: &str = "title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n\
                      [[component]]\nname = \"IMAP\"\n[[component]]\nname = \"Webmail\"\n\
                      [[feed]]\nid = \"own\"\nfile = \"feed.ndjson\"\n";

/// Eight days of IMAP, a check every two minutes from two places. It fails for four minutes on the 3rd, for two hours on
/// the 5th, and at single moments on the 7th.
fn site() -> TestSite {
    let mut feed = String::new();
    for minute in (0..8 * 1440).step_by(2) {
        let (day, hour, of_hour) = (minute / 1440 + 1, minute % 1440 / 60, minute % 60);
        let fails = matches!((day, hour, of_hour), (3, 10, 0..=4) | (5, 12..=13, _) | (7, _, 0));
        let status = if fails { "down" } else { "up" };
        let place = ["osl", "ber"][minute / 2 % 2];
        let _ = writeln!(
            feed,
            "{{\"monitor\":\"imap\",\"at\":\"2026-11-{day:02}T{hour:02}:{of_hour:02}:00Z\",\"status\":\"{status}\",\
             \"location\":\"{place}\"}}"
        );
    }
    TestSite::new(&[("upfront.toml", CONFIG), ("feed.ndjson", &feed)])
}

#[test]
fn thresholds_stand_side_by_side() {
    let ran = site().run("replay --now 2026-11-09T00:00Z");
    assert_data_eq!(
        ran.all(),
        str![[r#"
status 0
stdout:
imap: results of 7.9 days
   detect_after  hold  notices  a month  median delay  held back
             2m   15m        2      7.5            2m          0
*            3m   15m        2      7.5            4m          0
             5m   15m        1      3.8            6m          0

* as the site has it now

"#]]
    );
}

#[test]
fn what_really_happened_shows_which_were_false() {
    let site = site();
    site.write(
        "real.csv",
        "component,from,to\nimap,2026-11-05 13:00,2026-11-05 15:00\nimap,2026-11-06 08:00,2026-11-06 09:00\n",
    );
    let ran = site.run("replay imap --detect-after 3m --hold 15m --hold 1h --real real.csv --now 2026-11-09T00:00Z");
    assert_data_eq!(
        ran.all(),
        str![[r#"
status 0
stdout:
imap: results of 7.9 days
   detect_after  hold  notices  a month  median delay  held back     false  missed
*            3m   15m        2      7.5            4m          0  1 (50 %)  1 of 2
             3m    1h        2      7.5            4m          0  1 (50 %)  1 of 2

* as the site has it now

"#]]
    );
}

#[test]
fn the_page_about_detection_shows_what_is_printed() {
    let site = site();
    site.write("outages.csv", "imap,2026-11-05 13:00,2026-11-05 15:00\n");
    let ran = site.run("replay imap --real outages.csv --now 2026-11-09T00:00Z");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/detection.md")).unwrap();
    assert!(page.contains(&ran.stdout), "{}", ran.all());
}

#[test]
fn few_days_are_told() {
    let ran = site().run("replay --from 2026-11-06 --now 2026-11-09T00:00Z");
    assert_data_eq!(
        ran.stderr,
        str![[r#"
warning: the results cover 3.0 days; what goes wrong once a month does not show in so few

"#]]
    );
}

#[test]
fn a_program_reads_the_same_numbers() {
    let ran = site().run("replay --json --now 2026-11-09T00:00Z");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let tried = &report["components"][0]["thresholds"];
    assert_eq!(tried[1]["own"], true);
    assert_eq!(tried[1]["detect_after_s"], 180);
    assert_eq!(tried[1]["notices"], 2);
    assert_eq!(tried[1]["median_delay_s"], 240);
    assert_eq!(tried[2]["notices"], 1);
    assert_eq!(report["all"]["thresholds"][0]["notices"], 2);
    assert!(report["warning"].is_null());
}

#[test]
fn mistakes_are_told_with_their_cure() {
    let site = site();
    site.write("real.csv", "component,from,to\nimap,soon,2026-11-06 09:00\n");
    let ran = site.run("replay imao webmail --detect-after q --from yesterday --real real.csv");
    assert_data_eq!(
        ran.all(),
        str![[r#"
status 2
stderr:
error: no component is called `imao`
 |
 = did you mean `imap`?
error: `--detect-after q` is no length of time
 |
 = write it like 90s, 3m or 1h
error[outage-line]: `soon` is no time
 --> real.csv:2:1
  |
2 | imap,soon,2026-11-06 09:00
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^ write YYYY-MM-DDThh:mm, with Z or an offset, or else in the site's time zone: 2026-11-25T04:00Z, 2026-11-25T04:00+01:00 or "2026-11-25 04:00"

1 error in 1 file
error: `--from yesterday` is no day
 |
 = write it like 2026-11-01

"#]]
    );
}

#[test]
fn a_component_without_results_is_told() {
    let ran = site().run("replay webmail");
    assert_data_eq!(
        ran.stderr,
        str![[r#"
error: no results of `webmail` are recorded
 |
 = give it `monitors` in upfront.toml; there are results of `imap`

"#]]
    );
}

#[test]
fn a_site_without_results_is_told() {
    let ran = TestSite::new(&[]).run("replay");
    assert_data_eq!(
        ran.stderr,
        str![[r#"
error: no results of any component are recorded
 |
 = `upfront record` keeps what feeds say; `upfront record --check` shows what is understood of it

"#]]
    );
}
