//! What pages promise, on a made-up site (see [`sample`]).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod answered;
mod machine;
pub(in crate::render) mod sample;
mod watched;

use std::collections::BTreeMap;

use snapbox::{IntoData as _, assert_data_eq, str};

use crate::derive::{Derived, derive};
use crate::model::{
    Brand, Impact, Incident, IncidentStatus, Kind, MaintenanceStatus, Markdown, Mirror, Pair, Signing, Site, SiteUrl,
};
use crate::render::output::{Key, Output};
use crate::render::render;
use sample::{at, incident, site, slug, theme};

const OUTAGE: &str = "2022-03-29T12:18:00Z";
const OVERDUE: &str = "2022-03-29T12:41:00Z";
const WORK: &str = "2022-04-20T00:20:00Z";
const QUIET: &str = "2022-04-12T07:40:00Z";

const BAD_TUESDAY: &str = "incidents/2022-03-29-imap-logins-failing/index.html";

/// Every file of the site with its key, by path.
fn keyed_files(site: &Site, derived: &Derived) -> BTreeMap<String, (Option<Key>, Vec<u8>)> {
    let theme = theme(site);
    let outputs = render(site, derived, &theme);
    let make = |output: &Output<'_>| (output.path.to_string(), (output.key, crate::write::bytes(output).unwrap()));
    let files: BTreeMap<_, _> = outputs.iter().map(make).collect();
    assert_eq!(files.len(), outputs.len(), "a path stands twice");
    files
}

fn files((site, derived): &(Site, Derived)) -> BTreeMap<String, String> {
    let text =
        |(path, (_, bytes)): (String, (Option<Key>, Vec<u8>))| (path, String::from_utf8_lossy(&bytes).into_owned());
    keyed_files(site, derived).into_iter().map(text).collect()
}

fn page(now: &str, path: &str) -> String {
    files(&site(now)).remove(path).unwrap()
}

/// What a reader sees between two points of a page, a line for each block.
fn seen(html: &str, from: &str, to: &str) -> String {
    let part = html.split_once(from).unwrap().1.split_once(to).unwrap().0;
    let mut text = String::new();
    for piece in part.split('<') {
        let (tag, inside) = piece.split_once('>').unwrap_or(("", piece));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if !["time", "span", "a", "svg", "use", "code"].contains(&name) {
            text.push('\n');
        }
        // Word joiners are not seen.
        text.push_str(&inside.replace('\u{2060}', ""));
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn lead(html: &str) -> String {
    seen(html, "<div class=\"lead\">", "</dl>")
}

#[test]
fn the_front_page_answers_first_what_for_whom_since_when_and_what_next() {
    assert_data_eq!(
        lead(&page(OUTAGE, "index.html")),
        str![[r#"
Partial outage
IMAP and POP logins failing, and 1 more
Webmail, sending and receiving work. No mail is lost.
As of 14:18 CEST, Tuesday 29 March 2022.
Affected
About 12 % of accounts
4 100 accounts
Since
11:00 CEST, for 3 h 18 min
Next update
by 14:30 CEST, in 12 min
"#]]
        .raw()
    );
}

#[test]
fn a_word_that_was_not_kept_is_said_until_there_is_news() {
    let html = page(OVERDUE, "index.html");
    assert_data_eq!(
        seen(&html, "<dt>Next update", "</dl>"),
        str![[r#"
was due 14:30 CEST, 11 min ago
we have not kept our word; this line stays until we write
"#]]
        .raw()
    );
}

#[test]
fn a_resolved_incident_says_how_long_it_was_and_where_the_report_is() {
    assert_data_eq!(lead(&page(QUIET, BAD_TUESDAY)), str![[r#"
Resolved
IMAP and POP logins failing
Tuesday 29 March 2022, 11:00 CEST to Wednesday 30 March 2022, 00:05 CEST: 13 h 5 min. Major impact. Why it happened and what we change: the report
Affected
About 12 % of accounts
4 100 accounts
Touched
IMAP, POP
Report
Published 4 April 2022
"#]].raw());
}

#[test]
fn a_quiet_day_says_as_of_when_and_what_to_do_if_it_is_broken_all_the_same() {
    assert_data_eq!(
        seen(&page(QUIET, "index.html"), "<h1>", "<section"),
        str![[r#"
All systems operational
As of 09:40 CEST, Tuesday 12 April 2022. No trouble since 8 April 16:31 CEST.
Broken for you all the same? Tell support: one report is enough to make us look.
"#]]
        .raw()
    );
}

#[test]
fn the_last_days_come_newest_first_and_stretches_of_quiet_ones_are_written_forwards() {
    let days = |now: &str| {
        let html = page(now, "index.html");
        let recent = seen(&html, "<h2 id=\"recent\">", "</section>").replace('\u{a0}', " ");
        let titles = recent.lines().filter(|line| line.starts_with("Last") || line.contains("nothing"));
        titles.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(days(QUIET), "Last 7 days\n9 to 12 April: nothing reported\n6 to 7 April: nothing reported");
    assert_eq!(
        days("2022-04-03T10:00:00Z"),
        "Last 7 days\n30 March to 3 April: nothing reported\nMonday 28 March: nothing reported"
    );
}

#[test]
fn what_stands_above_is_not_told_again_among_the_last_days() {
    let (mut site, _) = site(OUTAGE);
    let news = incident("2022-03-29-news", "News", Impact::None, &[]);
    site.incidents.push(news.noted(Kind::Info, "2022-03-29T08:00:00Z", "We speak of it once."));
    let count = |now: &str| {
        let derived = derive(&site, at(now));
        let html = files(&(site.clone(), derived)).remove("index.html").unwrap();
        let (above, recent) = html.split_once("<h2 id=\"recent\">").unwrap();
        [above, recent].map(|part| (part.matches(">News<").count(), part.matches("We speak of it once.").count()))
    };
    assert_eq!(count(OUTAGE), [(1, 1), (1, 0)]);
    let later = "2022-04-04T12:00:00Z";
    assert_eq!(count(later), [(1, 1), (1, 0)]);
}

#[test]
fn the_front_page_says_why_it_is_worse_than_its_components() {
    let below_components = |components: &[&str], impact: Impact| {
        let (mut site, _) = site(QUIET);
        let slow = incident("2022-04-12-slow", "Mail is slow", impact, components);
        site.incidents.push(slow.told(IncidentStatus::Investigating, "2022-04-12T07:00:00Z", "We look."));
        let derived = derive(&site, at(QUIET));
        let html = files(&(site, derived)).remove("index.html").unwrap();
        seen(&html, "<h2 id=\"components\">", "</section>").contains("“Mail is slow” names no component.")
    };
    assert!(below_components(&[], Impact::Minor));
    assert!(!below_components(&["imap"], Impact::Minor));
    assert!(!below_components(&[], Impact::None));
}

#[test]
fn maintenance_under_way_is_the_headline_when_nothing_is_broken() {
    assert_data_eq!(
        lead(&page(WORK, "index.html")),
        str![[r#"
Under maintenance
Database upgrade, webmail read-only
As of 02:20 CEST, Wednesday 20 April 2022.
Touched
Webmail, Calendar and contacts
Since
02:00 CEST, for 20 min
Until
02:45 CEST, in 25 min
"#]]
        .raw()
    );
}

#[test]
fn work_that_was_called_off_says_when_it_should_have_been_and_not_that_it_was() {
    let (mut site, _) = site(QUIET);
    let work = site.incidents.iter_mut().find(|incident| incident.slug == slug("2022-04-20-database")).unwrap();
    let off = work.clone().planned(MaintenanceStatus::Cancelled, "2022-04-11T08:00:00Z", "We do it in May.");
    *work = Incident { affected: Some("Everybody".to_owned()), ..off };
    let derived = derive(&site, at(QUIET));
    let files = files(&(site, derived));
    let html = files.get("incidents/2022-04-20-database/index.html").unwrap();
    assert_data_eq!(
        lead(html),
        str![[r#"
Cancelled
Database upgrade, webmail read-only
It was planned for Wednesday 20 April 2022, 02:00–02:45 CEST: 45 min. Cancelled Monday 11 April 2022, 10:00 CEST.
Would have touched
Webmail, Calendar and contacts
"#]]
        .raw()
    );
    assert!(!html.contains("affected"));
    assert!(html.contains("Cancelled. Database upgrade, webmail read-only, 20\u{a0}April 2022, 02:00"));
    let row = |path: &str| seen(&files[path], "Database upgrade", "</li>");
    assert_data_eq!(
        ["index.html", "history/index.html", "components/webmail/index.html"].map(row).join("\n--\n"),
        str![[r#"
, webmail read-only Cancelled
We do it in May.
Maintenance · Webmail, Calendar and contacts
--
, webmail read-only Cancelled
11 April 10:00 CEST · Webmail, Calendar and contacts
--
, webmail read-only Cancelled
11 April 2022 · Maintenance
"#]]
        .raw()
    );
}

#[test]
fn while_it_runs_the_newest_word_comes_first_and_then_the_oldest() {
    let first = |now: &str| seen(&page(now, BAD_TUESDAY), "<ol class=\"tl\">", "</li>");
    assert!(first(OUTAGE).starts_with("Identified 13:58"), "{}", first(OUTAGE));
    assert!(first(QUIET).starts_with("Investigating 11:06"), "{}", first(QUIET));
}

#[test]
fn a_long_stretch_of_one_stage_is_folded_and_every_update_keeps_its_address() {
    let html = page(QUIET, BAD_TUESDAY);
    assert!(html.contains("15 more updates while identified"));
    let (site, _) = site(QUIET);
    let told = site.incidents.iter().find(|incident| incident.slug == slug("2022-03-29-imap-logins-failing"));
    for update in &told.unwrap().updates {
        assert!(html.contains(&format!("id=\"u-{}\"", update.id)), "{}", update.id);
    }
}

#[test]
fn programs_find_the_impact_and_what_was_affected() {
    let html = page(QUIET, BAD_TUESDAY);
    assert!(html.contains("<div class=\"impact-major\">"));
    assert!(html.contains("This incident affected: IMAP, POP."));
    let work = page(QUIET, "incidents/2022-03-29-cables/index.html");
    assert!(work.contains("<div class=\"impact-maintenance\">"));
    assert!(work.contains("This scheduled maintenance affected: Website and sign-up."));
}

#[test]
fn a_page_whose_facts_stay_the_same_keeps_its_bytes() {
    let (site, derived) = site(OUTAGE);
    let later = derive(&site, at("2022-03-29T12:19:00Z"));
    let (before, after) = (keyed_files(&site, &derived), keyed_files(&site, &later));
    let changed: Vec<&str> = before
        .iter()
        .filter(|(path, (_, bytes))| after.get(*path).is_none_or(|(_, other)| other != bytes))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_data_eq!(
        changed.join("\n"),
        str![[r#"
incidents/2022-03-29-cables/index.html
incidents/2022-03-29-calendar/index.html
incidents/2022-03-29-imap-logins-failing/index.html
index.html
response.json
response/2022-q1/index.html
response/2022/index.html
response/index.html
status.json
"#]]
        .raw()
    );
}

#[test]
fn a_key_stands_for_the_bytes() {
    let (site, derived) = site(OUTAGE);
    let mut seen: BTreeMap<(String, [u8; 16]), Vec<u8>> = BTreeMap::new();
    for seconds in [0, 60, 86_400, 86_400 * 30] {
        let derived = derive(&site, derived.now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap());
        for (path, (key, bytes)) in keyed_files(&site, &derived) {
            let Some(Key(key)) = key else { continue };
            let first = seen.entry((path.clone(), key)).or_insert_with(|| bytes.clone());
            assert_eq!(*first, bytes, "{path}");
        }
    }
}

#[test]
fn every_link_and_every_anchor_leads_somewhere() {
    for now in [OUTAGE, OVERDUE, WORK, QUIET] {
        let files = files(&site(now));
        for (path, html) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            for link in attributes(html, "href").chain(attributes(html, "src")) {
                check_link(&files, path, link);
            }
        }
    }
}

fn check_link(files: &BTreeMap<String, String>, page: &str, link: &str) {
    if link.starts_with("https://") {
        return;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let mut parts: Vec<&str> = match file.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => page.split('/').collect(),
    };
    parts.pop();
    for part in file.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            assert!(parts.pop().is_some(), "{page}: {link} leaves the site");
        } else {
            parts.push(part);
        }
    }
    if file.is_empty() {
        parts = page.split('/').collect();
    } else if file.ends_with('/') {
        parts.push("index.html");
    }
    let target = parts.join("/");
    let text = files.get(&target).unwrap_or_else(|| unreachable!("{page}: {link} leads to no {target}"));
    if let Some(anchor) = anchor {
        assert!(text.contains(&format!("id=\"{anchor}\"")), "{page}: {link} leads to no such place");
    }
}

fn attributes<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {name}=\"");
    let len = start.len();
    let found: Vec<&str> =
        html.match_indices(&start).filter_map(|(at, _)| html[at + len..].split('"').next()).collect();
    found.into_iter()
}

#[test]
fn no_page_has_inline_styles_or_scripts_or_asks_another_host() {
    for (path, html) in files(&site(OUTAGE)).iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!html.contains(" style="), "{path}");
        assert!(!html.contains("<style"), "{path}");
        assert!(html.matches("<script").count() == html.matches("<script src=").count(), "{path}");
        for source in attributes(html, "src") {
            assert!(!source.contains(':'), "{path}: {source}");
        }
    }
}

#[test]
fn what_looks_like_markup_or_a_template_is_text() {
    let (mut site, _) = site(QUIET);
    let hostile = "{{ page }} {% include \"x\" %} <script>alert(1)</script> \" onload=x '";
    let mut bad = incident("2022-04-12-hostile", hostile, Impact::Minor, &["imap"]);
    bad.affected = Some(hostile.to_owned());
    bad.works = Some(Markdown::new(hostile));
    site.incidents.push(bad.told(IncidentStatus::Investigating, "2022-04-12T07:00:00Z", hostile));
    hostile.clone_into(&mut site.config.title);
    hostile.clone_into(&mut site.config.components.first_mut().unwrap().name);
    let derived = derive(&site, at(QUIET));
    for (path, html) in files(&(site, derived)).iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!html.contains("<script>"), "{path}");
        for tag in html.split('<').filter_map(|piece| piece.split('>').next()) {
            // What stands in quotes is a value; what is left are names.
            let names: String = tag.split('"').step_by(2).collect();
            assert!(!names.contains("onload"), "{path}: {tag}");
        }
    }
}

#[test]
fn a_site_below_a_path_works_and_its_404_page_does_at_any_depth() {
    let (mut site, derived) = site(QUIET);
    site.config.url = SiteUrl::new("https://fjordpost.example/status").unwrap();
    let files = files(&(site, derived));
    let absolute =
        |path: &str| attributes(files.get(path).unwrap(), "href").filter(|link| link.starts_with('/')).count();
    assert_eq!(absolute("index.html"), 0);
    assert_eq!(absolute(BAD_TUESDAY), 0);
    let lost = files.get("404.html").unwrap();
    assert!(
        attributes(lost, "href")
            .all(|link| link.starts_with("/status/") || link.starts_with("https://") || link == "#main")
    );
}

#[test]
fn a_year_of_reports_counts_its_own() {
    let lead = |path| seen(&page(QUIET, path), "<div class=\"lead\">", "<section");
    assert!(lead("rfo/index.html").contains("2 published, newest first."), "{}", lead("rfo/index.html"));
    assert!(lead("rfo/2022/index.html").contains("1 published."), "{}", lead("rfo/2022/index.html"));
}

#[test]
fn a_report_is_introduced_in_whole_sentences() {
    let first_line = |authors: &[&str]| {
        let (mut site, derived) = site(QUIET);
        site.rfos[1].authors = authors.iter().map(|&name| name.to_owned()).collect();
        let html = files(&(site, derived)).remove("rfo/2022-03-29-imap-logins-failing/index.html").unwrap();
        seen(&html, "<h1>", "<dl").lines().nth(1).unwrap().replace('\u{a0}', " ")
    };
    let about = "About the incident “IMAP and POP logins failing”.";
    for (authors, by) in [
        (&[][..], ""),
        (&["Kari"], " by Kari"),
        (&["Kari", "Ola"], " by Kari and Ola"),
        (&["Kari", "Ola", "Eli"], " by Kari, Ola and Eli"),
    ] {
        assert_eq!(first_line(authors), format!("Reason for outage. Published 4 April 2022{by}. {about}"));
    }
}

#[test]
fn one_update_is_not_sorted_and_work_is_counted_in_windows() {
    assert!(page(QUIET, "incidents/2022-03-25-price/index.html").contains(">Update</h2>"));
    assert!(page(QUIET, BAD_TUESDAY).contains(">Updates, oldest first</h2>"));
    assert!(page(QUIET, "history/2022-03/index.html").contains("2\u{a0}maintenance windows"));
}

#[test]
fn the_year_of_a_component_leads_back_to_it() {
    let (mut site, _) = site(QUIET);
    for number in 1..25 {
        let time = format!("2022-02-{number:02}T10:00:00Z");
        let small = incident(&format!("2022-02-{number:02}-small"), "Small", Impact::Minor, &["imap"]);
        site.incidents.push(small.told(IncidentStatus::Resolved, &time, "Over."));
    }
    site.incidents.sort_by(|a, b| a.source.cmp(&b.source));
    let derived = derive(&site, at(QUIET));
    let html = files(&(site, derived)).remove("components/imap/2022/index.html").unwrap();
    assert_data_eq!(
        seen(&html, "<div class=\"lead\">", "<section"),
        str![[r#"
IMAP in 2022
How it is now: IMAP.
"#]]
        .raw()
    );
}

#[test]
fn an_old_address_leads_to_the_new_one() {
    let html = page(QUIET, "incidents/2022-03-29-logins/index.html");
    assert!(html.contains("content=\"0; url=../../incidents/2022-03-29-imap-logins-failing/\""));
}

#[test]
fn the_history_page_does_not_grow_with_the_archive() {
    let rows = |count: usize| {
        let (mut site, _) = site(QUIET);
        for number in 0..count {
            let slug = format!("2022-02-{:02}-{number:03}", number % 28 + 1);
            let time = format!("2022-02-{:02}T10:00:00Z", number % 28 + 1);
            let small = incident(&slug, "Small", Impact::Minor, &["imap"]);
            site.incidents.push(small.told(IncidentStatus::Resolved, &time, "Over."));
        }
        site.incidents.sort_by(|a, b| a.source.cmp(&b.source));
        let derived = derive(&site, at(QUIET));
        let files = files(&(site, derived));
        let count = |path: &str| files.get(path).unwrap().matches("data-k=").count();
        (count("history/index.html"), count("components/imap/index.html"), count("index.html"))
    };
    assert_eq!(rows(100), rows(200));
}

#[test]
fn five_tokens_rebrand_the_site() {
    let (mut site, derived) = site(QUIET);
    let colour = |light: &str, dark: &str| Some(Pair { light: light.to_owned(), dark: dark.to_owned() });
    site.config.brand = Brand {
        paper: colour("#ffffff", "#000000"),
        voice: Some("Georgia, serif".to_owned()),
        plain: Some("x; } body { display: none".to_owned()),
        ..Brand::default()
    };
    let files = files(&(site, derived));
    let css = files.iter().find(|(path, _)| path.ends_with(".css")).unwrap().1;
    let brand = css.rsplit_once("@layer tokens").unwrap().1;
    assert_eq!(
        brand,
        "{:root{--paper:#ffffff;--voice:Georgia, serif;}@media (prefers-color-scheme:dark){:root{--paper:#000000;}}}"
    );
    assert!(files.get("index.html").unwrap().contains("<meta name=\"theme-color\" content=\"#ffffff\""));
}

#[test]
fn style_sheet_and_script_stay_small() {
    let files = files(&site(QUIET));
    let size = |ending: &str| files.iter().filter(|(path, _)| path.ends_with(ending)).map(|(_, text)| text.len()).sum();
    let (css, js): (usize, usize) = (size(".css"), size(".js"));
    assert!(css <= 14 * 1024, "{css} bytes of CSS");
    assert!(js <= 5 * 1024, "{js} bytes of script");
}

#[test]
fn every_page_and_the_status_for_programs_name_the_other_copies() {
    let (mut site, derived) = site(QUIET);
    let without = files(&(site.clone(), derived.clone()));
    assert!(!without.get("index.html").unwrap().contains("Other copies"));
    assert!(!without.get("status.json").unwrap().contains("mirrors"));
    let mirror = |url, name: Option<&str>| Mirror { url: SiteUrl::new(url).unwrap(), name: name.map(str::to_owned) };
    site.config.publishing.mirrors =
        vec![mirror("https://a.example/status/", Some("North & <South>")), mirror("https://b.example", None)];
    let with = files(&(site, derived));
    for (path, page) in with.iter().filter(|(_, page)| page.contains("<footer")) {
        let links = "<li><a href=\"https://a.example/status/\">North &amp; &lt;South&gt;</a></li>\n  \
                     <li><a href=\"https://b.example/\">b.example</a></li>";
        assert!(page.contains(links), "{path}: {page}");
    }
    let status: serde_json::Value = serde_json::from_str(with.get("status.json").unwrap()).unwrap();
    assert_eq!(status["mirrors"][0]["url"], "https://a.example/status");
    assert_eq!(status["mirrors"][1], serde_json::json!({"url": "https://b.example", "name": null}));
}

#[test]
fn the_key_stands_where_one_subscribes() {
    let (mut site, derived) = site(QUIET);
    let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    site.config.publishing.sign = Some(Signing { public_key: key.to_owned(), key: None, password: None });
    let files = files(&(site, derived));
    let page = files.get("subscribe/index.html").unwrap();
    assert!(page.contains(&format!("minisign -Vm status.json -P {key}</code>")), "{page}");
    assert!(page.contains(&format!("<a href=\"../minisign.pub\"><code>{key}</code></a>")), "{page}");
}
