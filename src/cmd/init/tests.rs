//! What is made of the answers.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn answers(title: &str) -> Answers {
    Answers {
        title: title.to_owned(),
        url: read_url("status.fjordpost.example/").unwrap().url,
        zone: "Europe/Oslo".to_owned(),
        components: read_components("IMAP, Web mail,,imap, 日本"),
    }
}

#[test]
fn the_config_is_toml_and_says_what_was_answered() {
    let config: toml::Table = answers("The \"{url}\" page").config().parse().unwrap();
    assert_eq!(config["title"].as_str(), Some("The \"{url}\" page"));
    assert_eq!(config["url"].as_str(), Some("https://status.fjordpost.example"));
    assert_eq!(config["time_zone"].as_str(), Some("Europe/Oslo"));
    let rebuild = config["promise"]["rebuild"].as_str();
    assert!(
        rebuild == Some("30m") && WORKFLOW.contains("cron: \"7-57/10 "),
        "a page is not old before a run is really late"
    );
    let ids: Vec<&str> = config["component"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["imap", "web-mail", "imap-2", "component"]);
}

#[test]
fn the_workflow_pins_every_action_and_may_do_no_more_than_it_needs() {
    for line in WORKFLOW.lines().filter(|line| line.contains("uses:")) {
        let pin = line.split_once('@').unwrap().1;
        let (commit, version) = pin.split_once(" # v").unwrap();
        assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()), "{line}");
        assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{line}");
    }
    let (head, jobs) = WORKFLOW.split_once("\njobs:\n").unwrap();
    assert!(head.contains("\npermissions: {}\n") && !head.contains(": write"));
    let (publish, watch) = jobs.split_once("\n  watch:\n").unwrap();
    let may_write = |job: &'static str| {
        let lines = job.lines().filter_map(|line| line.split('#').next());
        lines.filter_map(|line| line.trim().strip_suffix(": write")).collect::<Vec<_>>()
    };
    assert_eq!(may_write(publish), ["contents", "pages", "id-token"]);
    assert_eq!(may_write(watch), ["actions"]);
    // What is compiled on the spot comes before there is a key to the repository.
    assert!(publish.find("cargo install").unwrap() < publish.find("actions/checkout").unwrap());
}

#[test]
fn an_address_and_a_zone_are_read_kindly() {
    let whole = read_url("http://a.example").unwrap();
    assert_eq!((whole.url.as_str(), whole.note), ("http://a.example", None));
    let short = read_url("a.example/status").unwrap();
    assert_eq!(short.note.as_deref(), Some("note: the address is read as https://a.example/status"));
    for slip in ["not an address", "status", "http://localhost:8000", "status./a.b"] {
        assert!(read_url(slip).is_err(), "{slip}");
    }
    assert_eq!(known_zone("europe/oslo").as_deref(), Some("Europe/Oslo"));
    assert_eq!(nearest_zone("Oslo"), "did you mean `Europe/Oslo`?");
    assert_eq!(nearest_zone("Europe/Olso"), "did you mean `Europe/Oslo`?");
}
