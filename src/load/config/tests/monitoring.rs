//! Feeds, monitors and the numbers of detection, as promises.

use jiff::SignedDuration;
use snapbox::str;

use super::*;
use crate::model::{FeedKind, MonitoringConfig, Notices, Origin, Secret, UptimeRule, Watch};

fn monitoring(tail: &str) -> MonitoringConfig {
    let Some(config) = read("", tail) else { unreachable!("it is whole") };
    config.monitoring
}

fn watch(keys: &str) -> Watch {
    let feeds =
        "[[feed]]\nid = \"own\"\n[[feed]]\nid = \"nagios\"\nkind = \"nagios\"\nurl = \"https://mon.example/cgi\"\n";
    let Some(config) = read("", &format!("{keys}\n{feeds}")) else { unreachable!("it is whole") };
    let Some(component) = config.components.into_iter().next() else { unreachable!("there is one") };
    component.watch
}

#[test]
fn a_feed_needs_an_id_and_everything_else_has_a_default() {
    let config = monitoring("[[feed]]\nid = \"own\"\n");
    let Some(feed) = config.feeds.first() else { unreachable!("there is one") };
    assert_eq!((feed.kind, &feed.from, feed.timeout), (FeedKind::Upfront, &Origin::Log, SignedDuration::from_secs(10)));
    assert_eq!((config.notices, config.limits), (Notices::On, Default::default()));
    assert_eq!(config.uptime, UptimeRule::default());
}

#[test]
fn a_feed_with_everything_is_read() {
    let config = monitoring(
        "[[feed]]\nid = \"icinga\"\nkind = \"icinga2\"\nurl = \"https://mon.example:5665\"\ninterval = \"90s\"\n\
         timeout = \"3s\"\nuser = \"status\"\npassword_env = \"ICINGA_PASSWORD\"\ncanary = \"out!ping\"\n\
         ca_file = \"/etc/ca.pem\"\n[[feed]]\nid = \"own\"\nfile = \"feed.json\"\ntoken_file = \"/run/secret\"\n\
         [[feed]]\nid = \"pipe\"\nfile = \"-\"\n",
    );
    let [icinga, own, pipe] = config.feeds.as_slice() else { unreachable!("there are three") };
    assert_eq!(icinga.from, Origin::Url("https://mon.example:5665".to_owned()));
    assert_eq!((icinga.interval, icinga.timeout), (Some(SignedDuration::from_secs(90)), SignedDuration::from_secs(3)));
    assert_eq!(icinga.secrets.user.as_deref(), Some("status"));
    assert_eq!(icinga.secrets.password, Some(Secret::Env("ICINGA_PASSWORD".to_owned())));
    assert_eq!(icinga.canary.as_ref().map(|canary| canary.as_str()), Some("out/ping"));
    assert_eq!(icinga.options.get("ca_file").map(String::as_str), Some("/etc/ca.pem"));
    assert_eq!((&own.from, &pipe.from), (&Origin::File("feed.json".to_owned()), &Origin::Stdin));
    assert_eq!(own.secrets.token, Some(Secret::File("/run/secret".to_owned())));
}

#[test]
fn a_feed_that_cannot_be_used_is_left_out_and_the_site_is_built() {
    check_in_small(
        "",
        "[[feed]]\nurl = \"https://a.example\"\n\
         [[feed]]\nid = \"Node Ping\"\n\
         [[feed]]\nid = \"a\"\nkind = \"nodepign\"\nslug = \"x\"\n\
         [[feed]]\nid = \"b\"\nurl = \"ftp://a.example\"\n\
         [[feed]]\nid = \"c\"\nurl = \"https://a.example\"\nfile = \"x\"\n\
         [[feed]]\nid = \"d\"\n[[feed]]\nid = \"d\"\n\
         [[feed]]\nid = \"e\"\nkind = \"nagios\"\nurl = \"tcp://mon.example:6557\"\n\
         [[feed]]\nid = \"f\"\nkind = \"livestatus\"\nurl = \"tcp://mon.example\"\n",
        str![[r#"
6:1 Warning[config-key-missing] `[[feed]]` has no `id` | a short name of your own: `id = "nodeping"`
9:6 Warning[config-value] `Node Ping` cannot be the id of a feed | write `node-ping`
12:8 Warning[config-value] no kind of feed is called `nodepign` | did you mean `nodeping`?
16:7 Warning[config-value] this is not the address of a feed | one that begins with `https://` or `http://`; a file is `file = "…"`
19:7 Warning[config-value] a feed has `url` or `file`, not both | take one of them out
24:6 Warning[config-value] another feed already has the id `d` | give one of them another `id`; monitors are named with it
28:7 Warning[config-value] this is not the address of a feed | one that begins with `https://` or `http://`; a file is `file = "…"`
32:7 Warning[config-value] the address has no port | such as `tcp://mon.example:6557`
built
"#]],
    );
}

#[test]
fn a_key_of_a_feed_that_cannot_be_used_leaves_the_feed_as_it_is() {
    check_in_small(
        "",
        "[[feed]]\nid = \"own\"\ntimeout = \"an hour\"\ninterval = 60\ntimeuot = \"5s\"\ncanary = \"a b\"\n",
        str![[r#"
8:11 Warning[config-value] `an hour` is not a length of time from 1 s to 5 min | such as `"90s"`, `"3 min"`, `"2h"` or `"1 day"`
9:12 Warning[wrong-type] `interval` is a number | it is text in quotes: `interval = "…"`
10:1 Warning[unknown-key] `[[feed]]` has no key `timeuot` | it knows `id`, `kind`, `url`, `file`, `interval`, `timeout`, `token_env`, `token_file`, `user`, `password_env`, `password_file`, `canary` and `ca_file`
11:10 Warning[config-value] `a b` cannot be the name of a monitor | write it as `upfront record --check` shows it
built
"#]],
    );
    assert_eq!(monitoring("[[feed]]\nid = \"own\"\ntimeout = \"an hour\"\n").feeds.len(), 1);
}

#[test]
fn a_secret_in_the_config_is_told_of_and_never_shown() {
    let tail = "[[feed]]\nid = \"node-ping\"\ntoken = \"c0ffee-1\"\npassword = \"hunter2\"\npassword_env = \"s3cr-t\"\n\
                [[feed]]\nid = \"b\"\nurl = \"https://kari:pa55@a.example/?apikey=abc123\"\n";
    check_in_small(
        "",
        tail,
        str![[r#"
8:9 Warning[feed-secret] `token` holds a secret, which does not belong here | put it into the environment and name it: `token_env = "NODE_PING_TOKEN"`; change it if others saw it
9:12 Warning[feed-secret] `password` holds a secret, which does not belong here | put it into the environment and name it: `password_env = "NODE_PING_PASSWORD"`; change it if others saw it
10:16 Warning[feed-secret] `password_env` is not the name of an environment variable | put the secret into one, and write its name here: `password_env = "STATUS_PASSWORD"`
13:7 Warning[config-value] a user or password stands in the address | write `user = "…"` and `password_env = "…"` below it instead
built
"#]],
    );
    let Ok(loaded) = super::super::check(&format!("{SMALL}{tail}"), Private::default()) else {
        unreachable!("it is built")
    };
    for told in &loaded.diagnostics {
        let shown = told.place.as_ref().map_or("", |place| place.source.text());
        for secret in ["c0ffee", "hunter2", "s3cr", "pa55", "abc123"] {
            assert!(!format!("{told:?}{shown}").contains(secret), "{secret} in {told:?}");
        }
    }
}

#[test]
fn monitors_are_named_with_their_feed_and_foreign_names_are_escaped() {
    let named = |keys: &str| {
        let monitors = watch(keys).monitors.unwrap_or_default();
        monitors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(named("monitors = [\"own:imap\", \"own:imap\"]"), "own:imap");
    assert_eq!(
        named("monitors = [\"nagios:imap01/Backup age (passive)\"]"),
        "nagios:imap01/Backup_20age_20_28passive_29"
    );
    assert_eq!(watch("").monitors, None);
    assert_eq!(watch("monitors = []").monitors, Some(Vec::new()));
    assert_eq!(watch("monitors = [\"nowhere:x\"]").monitors, Some(Vec::new()), "not the monitor of its own id");
}

#[test]
fn a_monitor_of_a_feed_that_nobody_knows_is_told_with_the_nearest_one() {
    check_in_small(
        "",
        "monitors = [\"nodepign:imap\", \"imap\", \"other:x\", \"broken:x\", \"own:a b\"]\n\
         [[feed]]\nid = \"nodeping\"\n[[feed]]\nid = \"own\"\n[[feed]]\nid = \"broken\"\nkind = \"what\"\n",
        str![[r#"
6:13 Warning[unknown-monitor] no feed is called `nodepign` | did you mean `nodeping:imap`?
6:30 Warning[unknown-monitor] `imap` does not say whose monitor it is | write the feed's id before it: `nodeping:imap`
6:38 Warning[unknown-monitor] no feed is called `other` | add it: `[[feed]]`, and below it `id = "other"`
6:61 Warning[unknown-monitor] `a b` cannot be the name of a monitor | write it as `upfront record --check` shows it
13:8 Warning[config-value] no kind of feed is called `what` | one of `upfront`, `nodeping`, `nagios`, `livestatus`, `checkmk`, `icinga2`, `uptime-kuma`, `gatus`, `prometheus`, `alertmanager`, `healthchecks`, `uptimerobot`, `pingdom`, `betterstack`, `zabbix`, `statuspage`, `upptime`
built
"#]],
    );
}

#[test]
fn a_component_says_when_it_is_slow_and_how_fast_it_is_detected() {
    let watch = watch("slow_after = \"1500ms\"\nnotices = \"draft\"\ndetection = \"fast\"");
    assert_eq!((watch.slow_after_us, watch.notices, watch.fast), (Some(1_500_000), Some(Notices::Draft), true));
}

#[test]
fn every_number_of_detection_has_a_key() {
    let config = monitoring(
        "[detection]\nnotices = \"off\"\ndetect_after = \"15s\"\nhold = \"2h\"\nfails = 3\nbrownout_share = \"40 %\"\n",
    );
    assert_eq!(config.notices, Notices::Off);
    assert_eq!(config.limits.detect_after, SignedDuration::from_secs(15));
    assert_eq!((config.limits.fails, config.limits.brownout.share), (3, 400));
    // The most that relapses double it to is never less than it.
    assert_eq!(config.limits.hold_max, SignedDuration::from_hours(2));
}

#[test]
fn a_number_of_detection_that_cannot_be_used_stops_the_build() {
    check_in_small(
        "",
        "[detection]\nnotices = \"draf\"\ndetect_after = \"2 days\"\nfails = 0\nlocations = \"two\"\nbrownout_share = 40\n\
         hold = \"1h\"\nhold_max = \"30m\"\nrelaps = \"1h\"\n",
        str![[r#"
7:11 Error[config-value] `notices` cannot be `draf` | did you mean `draft`?
8:16 Error[config-value] `2 days` is not a length of time from 1 s to 1 day | such as `"90s"`, `"3 min"`, `"2h"` or `"1 day"`
9:9 Error[config-value] `fails` is not a whole number from 1 to 1000 | such as `fails = 1`
10:13 Error[wrong-type] `locations` is text | it is a whole number, such as `locations = 1`
11:18 Error[config-value] `40` is not a share from 0 to 1 | such as `0.333` or `"33.3 %"`
13:12 Error[config-value] `hold_max` is shorter than `hold` | relapses double `hold` up to `hold_max`: make it the larger of the two
14:1 Warning[unknown-key] `[detection]` has no key `relaps` | did you mean `relapse`?
not built
"#]],
    );
}

#[test]
fn notices_are_in_the_words_of_the_sites_language() {
    let tail = "[notice]\ntitle_down = \"{component} is down\"\nresolved = \"Over.\"\n\
                [notice.nb]\ntitle_down = \"{component} er nede\"\n[notice.de]\ntitle_down = \"{component} fehlt\"\n";
    let down = |language: &str| {
        let config = read(&format!("language = \"{language}\""), tail).map(|config| config.monitoring.texts);
        config.and_then(|texts| Some((texts.title_down?, texts.resolved?)))
    };
    assert_eq!(down("en"), Some(("{component} is down".to_owned(), "Over.".to_owned())));
    assert_eq!(down("nb"), Some(("{component} er nede".to_owned(), "Over.".to_owned())));
}

#[test]
fn a_placeholder_that_nothing_fills_is_told() {
    check_in_small(
        "",
        "[notice]\ntitle_down = \"{compnent} is down\"\ninvestigating = \"Since {start} {weather}\"\ntitel = \"x\"\n\
         [notice.nb]\ntitle_up = \"y\"\n",
        str![[r#"
7:14 Error[config-value] nothing is filled in for `{compnent}` | did you mean `{component}`?
8:17 Error[config-value] nothing is filled in for `{weather}` | it knows `{component}`, `{start}`, `{end}`, `{duration}`, `{places}`
9:1 Warning[unknown-key] `[notice]` has no key `titel` | it knows `title_down`, `title_partial`, `title_degraded`, `title_unstable`, `investigating`, `monitoring`, `resolved`, `places` and `places_unknown`
11:1 Warning[unknown-key] `[notice]` has no key `title_up` | it knows `title_down`, `title_partial`, `title_degraded`, `title_unstable`, `investigating`, `monitoring`, `resolved`, `places` and `places_unknown`
not built
"#]],
    );
}

#[test]
fn uptime_has_a_strict_rule_and_single_weights() {
    let uptime = |keys: &str| monitoring(&format!("[uptime]\n{keys}")).uptime;
    let strict = UptimeRule { partial: 1000, degraded: 0, brownout_min: 1000, group_all: false };
    assert_eq!(uptime("rule = \"strict\""), strict);
    assert_eq!(uptime("rule = \"strict\"\npartial = 0.3").partial, 300);
    let all = UptimeRule { degraded: 100, group_all: true, ..UptimeRule::default() };
    assert_eq!(uptime("degraded = \"10 %\"\ngroups = \"all\""), all);
}

#[test]
fn the_private_file_adds_feeds_and_places_and_stops_nothing() {
    let private = "[[feed]]\nid = \"own\"\n[[feed]]\nid = \"inside\"\nurl = \"http://mon.internal/\"\n[places]\nosl = \"X\"\n\
                   ams = \"Amsterdam\"\ntitle = 5\n[detection]\nfails = 9\n[[feed]\n";
    let public = format!("{SMALL}monitors = [\"inside:imap\"]\n[[feed]]\nid = \"own\"\n[places]\nosl = \"Oslo\"\n");
    let Ok(loaded) = super::super::check(&public, Private::of(private)) else { unreachable!("it is built") };
    let monitoring = &loaded.value.monitoring;
    assert_eq!(monitoring.feeds.iter().map(|feed| feed.id.as_str()).collect::<Vec<_>>(), ["own", "inside"]);
    assert_eq!(monitoring.places.get("osl").map(String::as_str), Some("Oslo"));
    assert_eq!(monitoring.places.get("ams").map(String::as_str), Some("Amsterdam"));
    let told: Vec<String> = loaded
        .diagnostics
        .iter()
        .map(|told| {
            let place =
                told.place.as_ref().map(|place| (place.source.path(), place.source.line_column(place.span.start).line));
            format!("{place:?} {:?} {}", told.severity, told.message)
        })
        .collect();
    assert_data_eq!(
        told.join("\n"),
        str![[r#"
Some(("upfront.private.toml", 2)) Warning another feed already has the id `own`
Some(("upfront.private.toml", 9)) Warning `title` is a number
Some(("upfront.private.toml", 10)) Warning `upfront.private.toml` has no key `detection`
Some(("upfront.private.toml", 12)) Warning this is not TOML: unclosed array table, expected `]`
"#]]
    );
}
