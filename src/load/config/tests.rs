//! The config format as promises: what is read, and what is said.

use snapbox::{assert_data_eq, str};

use super::*;
use crate::model::Slug;

mod monitoring;

/// A site that needs nothing more.
const SMALL: &str = "title = \"T\"\nurl = \"https://status.example\"\n[[component]]\nname = \"IMAP\"\n";

/// What is said of a config, one line for each, and whether it can be used.
fn check(text: &str, expected: impl snapbox::IntoData) {
    let (verdict, diagnostics) = match super::check(text, Private::default()) {
        Ok(loaded) => ("built", loaded.diagnostics),
        Err(diagnostics) => ("not built", diagnostics),
    };
    let mut said = String::new();
    for told in diagnostics {
        let place = told.place.map_or(String::new(), |place| {
            let at = place.source.line_column(place.span.start);
            format!("{}:{}", at.line, at.column)
        });
        said += &format!("{place} {:?}[{}] {} | {}\n", told.severity, told.code, told.message, told.cure);
    }
    assert_data_eq!(said + verdict, expected);
}

/// `head` stands before the first table, `tail` behind the last.
fn check_in_small(head: &str, tail: &str, expected: impl snapbox::IntoData) {
    check(&format!("{head}\n{SMALL}{tail}"), expected);
}

fn read(head: &str, tail: &str) -> Option<Config> {
    super::check(&format!("{head}\n{SMALL}{tail}"), Private::default()).ok().map(|loaded| loaded.value)
}

#[test]
fn three_keys_are_enough() {
    let config = read("", "");
    let Some(config) = config else { unreachable!("it is whole") };
    assert_eq!(config.title, "T");
    assert_eq!(config.zone.name, "UTC");
    assert_eq!(config.language, "en");
    assert_eq!(config.components.first().map(|component| component.id.as_str()), Some("imap"));
    assert_eq!(config.promise, crate::model::Promise::default());
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    check(
        "",
        str![[r#"
1:1 Error[config-key-missing] the config has no `title` | what readers call the page: `title = "Fjordpost status"`
1:1 Error[config-key-missing] the config has no `url` | the address it is published at, such as `https://status.fjordpost.example`
1:1 Error[config-key-missing] the config has no `component` | what readers know by name: `[[component]]` on a line of its own, and `name = "IMAP"` below
not built
"#]],
    );
}

#[test]
fn a_misspelt_key_that_must_be_there_is_one_mistake() {
    check(
        "titel = \"T\"\nurl = \"https://status.example\"\n[[components]]\nname = \"IMAP\"\n",
        str![[r#"
1:1 Error[unknown-key] the config has no key `titel` | did you mean `title`?
3:3 Error[unknown-key] the config has no key `components` | did you mean `component`?
not built
"#]],
    );
}

#[test]
fn a_key_nobody_knows_is_left_out() {
    check_in_small(
        "timezone = \"Europe/Oslo\"",
        "monitor = [\"a\"]\n[promise]\nupdates = \"10m\"\n[colours]\n",
        str![[r#"
1:1 Warning[unknown-key] the config has no key `timezone` | did you mean `time_zone`?
6:1 Warning[unknown-key] `[[component]]` has no key `monitor` | did you mean `monitors`?
8:1 Warning[unknown-key] `[promise]` has no key `updates` | it knows `rebuild`, `first_post`, `next_update`, `rfo`, `rfo_impact` and `rfo_outage`
9:2 Warning[unknown-key] the config has no key `colours` | it knows `title`, `url`, `time_zone`, `language`, `description`, `logo`, `support`, `footer`, `checklist`, `component`, `group`, `link`, `brand`, `promise`, `show_edits`, `accounts`, `feed`, `detection`, `notice`, `uptime`, `places`, `publish`, `mirror`, `verify`, `sign`, `offline_copy`, `channel` and `show_deliveries`
built
"#]],
    );
}

#[test]
fn what_is_not_toml_is_said_with_its_place_and_hides_no_other_mistake() {
    check(
        "title = \"T\nurl = \"ftp://status.example\"\n[[component]]\nname = \"IMAP\"\n",
        str![[r#"
1:11 Error[config-syntax] this is not TOML: invalid basic string, expected `"` | look at quotes, brackets and commas: text stands in `"`, and each key on a line of its own
2:7 Error[config-value] `ftp://status.example` is not the address of a site | the address it is published at, such as `https://status.fjordpost.example`
not built
"#]],
    );
}

#[test]
fn a_value_of_the_wrong_type_is_said() {
    check(
        "title = 5\nurl = [\"https://status.example\"]\nchecklist = \"call\"\n[component]\nname = \"IMAP\"\n",
        str![[r#"
1:9 Error[wrong-type] `title` is a number | it is text in quotes: `title = "…"`
2:7 Error[wrong-type] `url` is a list | it is text in quotes: `url = "…"`
3:13 Error[wrong-type] `checklist` is text | it is a list of texts, such as `["Call the on-call lead"]`
4:1 Error[wrong-type] `component` is a table | it is a list: write `[[component]]` before each
not built
"#]],
    );
}

#[test]
fn a_zone_that_nobody_knows_has_a_nearest_one() {
    for (zone, cure) in [
        ("Europe/Olso", "did you mean `Europe/Oslo`?"),
        ("oslo", "did you mean `Europe/Oslo`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("nowhere in particular at all", "a name of the IANA database, such as `Europe/Oslo`"),
    ] {
        assert_eq!(values::zone_cure(zone), cure, "{zone}");
        assert!(values::zone(zone).is_none(), "{zone}");
    }
    assert_eq!(values::zone("europe/oslo").map(|zone| zone.name).as_deref(), Some("Europe/Oslo"));
}

#[test]
fn links_lead_to_the_web_to_mail_or_into_the_site() {
    for good in ["https://a.example/x?y#z", "http://a.example", "mailto:help@a.example", "MAILTO:a@b.example"] {
        assert!(values::is_outer_link(good), "{good}");
    }
    for bad in
        ["javascript:alert(1)", "help@a.example", "https://", "https:///x", "mailto:x", "https://a\" x", "data:x"]
    {
        assert!(!values::is_outer_link(bad), "{bad}");
    }
    assert!(values::is_site_path("/maintenance/"));
    assert!(!values::is_site_path("//elsewhere.example"));
    assert!(!values::is_site_path("/../x"));
    check_in_small(
        "support = \"help@fjordpost.example\"",
        "[[link]]\nname = \"Us\"\nurl = \"javascript:alert(1)\"\n",
        str![[r#"
1:11 Error[config-value] `help@fjordpost.example` is not an address that a link may have | write `mailto:help@fjordpost.example`
8:7 Error[config-value] `javascript:alert(1)` is not an address that a link may have | an address that begins with `https://`, `mailto:` or, for a page of the site, `/`
not built
"#]],
    );
}

#[test]
fn a_group_is_made_by_naming_it_and_keeps_the_order_of_its_first_component() {
    let config = read(
        "",
        "group = \"Mail\"\n[[component]]\nid = \"web\"\ngroup = \"other\"\n[[component]]\nname = \"POP\"\ngroup = \"mail\"\n\
         [[group]]\nid = \"other\"\nname = \"All else\"\n",
    );
    let Some(config) = config else { unreachable!("it is whole") };
    let groups: Vec<(&str, &str)> =
        config.groups.iter().map(|group| (group.id.as_str(), group.name.as_str())).collect();
    assert_eq!(groups, [("mail", "Mail"), ("other", "All else")]);
    let of: Vec<Option<&str>> =
        config.components.iter().map(|component| component.group.as_ref().map(Slug::as_str)).collect();
    assert_eq!(of, [Some("mail"), Some("other"), Some("mail")]);
}

#[test]
fn components_and_groups_have_ids_of_their_own() {
    check_in_small(
        "",
        "group = \"IMAP\"\n[[component]]\nid = \"Web Mail\"\n[[component]]\nname = \"日本\"\n[[component]]\nid = \"imap\"\n[[component]]\n",
        str![[r#"
6:9 Error[config-value] a component already has the id `imap` | give one of them another `id`: components and groups share their addresses and feeds
8:6 Error[config-value] `Web Mail` cannot be an id, since it stands in addresses | write `web-mail`; `name` may be anything
10:8 Error[config-value] no id can be made of `日本` | add one of plain letters: `id = "mail"`
12:6 Error[config-value] a group already has the id `imap` | give one of them another `id`: components and groups share their addresses and feeds
13:1 Error[config-key-missing] `[[component]]` has no `name` | what readers call it: `name = "IMAP"`
not built
"#]],
    );
}

#[test]
fn a_group_that_is_misspelt_or_unused_is_said() {
    check_in_small(
        "",
        "group = \"Mial\"\n[[group]]\nname = \"Mail\"\n",
        str![[r#"
6:9 Warning[unknown-word] no group is called `Mial` | did you mean `Mail`?
7:1 Warning[config-value] no component stands in the group `Mail` | write `group = "mail"` below a `[[component]]`
built
"#]],
    );
}

#[test]
fn one_colour_is_for_light_and_two_are_for_both() {
    let brand = read("", "[brand]\npaper = \"#FFF\"\nink = [\"#000\", \"#fff\"]\nbrand = { dark = \"#ABCDEF\" }\n");
    let Some(Config { brand, .. }) = brand else { unreachable!("it is whole") };
    let pair = |light: &str, dark: &str| Some(crate::model::Pair { light: light.to_owned(), dark: dark.to_owned() });
    assert_eq!(brand.paper, pair("#ffffff", "#141517"));
    assert_eq!(brand.ink, pair("#000000", "#ffffff"));
    assert_eq!(brand.brand, pair("#1a4a5e", "#abcdef"));
}

#[test]
fn colours_that_cannot_be_read_are_said() {
    check_in_small(
        "",
        "[brand]\npaper = \"#888\"\nink = \"#777\"\nbrand = \"#ffff00\"\n",
        str![[r#"
8:7 Warning[contrast] `ink` #777777 on `paper` #888888 has a contrast of 1.2:1 (light) | take colours further apart: 12:1 or more, so that everybody can read it
9:9 Warning[contrast] `brand` #ffff00 on `paper` #888888 has a contrast of 3.3:1 (light) | take colours further apart: 4.5:1 or more, so that everybody can read it
built
"#]],
    );
    check_in_small(
        "",
        "[brand]\npaper = \"white\"\nink = [\"#000\"]\nvoice = \"serif; } body { display: none\"\nplain = \"\\\"Open\"\n",
        str![[r##"
7:9 Error[config-value] `white` is not a colour | write it as `#1a4a5e` or `#145`
8:7 Error[wrong-type] `ink` is a list | it is a colour such as `"#1a4a5e"`, or two: `["<light>", "<dark>"]`
9:9 Error[config-value] `serif; } body { display: none` is not a list of fonts | names with commas between, such as `Charter, "Noto Serif", serif`
10:9 Error[config-value] `"Open` is not a list of fonts | names with commas between, such as `Charter, "Noto Serif", serif`
not built
"##]],
    );
}

#[test]
fn lengths_of_time_are_read_as_people_write_them() {
    for (text, minutes) in [("5m", 5), ("30 min", 30), ("2h", 120), ("1 day", 1440), ("1h 30m", 90), ("PT5M", 5)] {
        let expected = Some(jiff::SignedDuration::from_mins(minutes));
        assert_eq!(values::duration(text), expected, "{text}");
    }
    for text in ["5", "soon", "-5m", "0m", "5 working days", "2 years", ""] {
        assert_eq!(values::duration(text), None, "{text}");
    }
}

#[test]
fn control_and_direction_characters_are_taken_out_of_text() {
    let config = read("description = \"a\\u202Eb\\u0007c\\nd\"", "");
    assert_eq!(config.and_then(|config| config.description).as_deref(), Some("abc d"));
}

#[test]
fn languages_are_tags() {
    for good in ["en", "nb", "pt-BR", "zh-Hant-TW"] {
        assert!(values::is_language(good), "{good}");
    }
    for bad in ["e", "english-languages", "../en", "en_GB", "", "en-"] {
        assert!(!values::is_language(bad), "{bad}");
    }
}

#[test]
fn promises_that_are_none_are_told() {
    check_in_small(
        "accounts = 0\nshow_edits = \"ful\"",
        "[promise]\nfirst_post = \"soon\"\nrfo = \"5 moons\"\nrfo_impact = \"serious\"\n",
        str![[r#"
1:12 Error[config-value] `accounts` is not a whole number from 1 to 4294967295 | such as `accounts = 1`
2:14 Error[config-value] `show_edits` cannot be `ful` | did you mean `full`?
8:14 Error[config-value] `soon` is not a length of time from a minute to a year | such as `"5m"`, `"30 min"`, `"2h"` or `"1 day"`
9:7 Error[config-value] `5 moons` is not a number of days from 0 to 366 | such as `"5 working days"` (Monday to Friday) or `"7 days"`
10:14 Error[config-value] `rfo_impact` cannot be `serious` | one of `minor`, `major`, `critical`
not built
"#]],
    );
    check_in_small(
        "",
        "[promise]\nrfo_outage = \"2h\"\nrfo_impact = \"minor\"\n",
        str![[r#"
7:14 Warning[config-value] `rfo_outage` does nothing without `rfo` | say how soon a report comes: `rfo = "5 working days"`
8:14 Warning[config-value] `rfo_impact` does nothing without `rfo` | say how soon a report comes: `rfo = "5 working days"`
built
"#]],
    );
}
