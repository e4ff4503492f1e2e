//! A reader of feeds who knew a notice goes on with the incident that took its place: nothing comes twice, nothing goes.

use super::outputs;
use crate::derive::{derive, observe};
use crate::model::{
    Detection, DetectionKind, Feed, FeedKind, Incident, IncidentStatus, Kind, Origin, Outage, PostedAt, Secrets, Site,
    Stage,
};
use crate::render::fixture::{detection, fixture, incident, made, slug, update};
use crate::render::{headers, history_feed};

const NOTICE: &str = "2022-04-01-0902-web";

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap_or_default()
}

/// The website has failed since 9:02, and this is what people wrote.
fn site(posts: Vec<Incident>) -> Site {
    let mut site = fixture().site;
    site.incidents = posts;
    site.rfos.clear();
    let monitor =
        crate::model::MonitorId::new("web").map(|monitor| crate::model::MonitorRef { feed: slug("own"), monitor });
    let start = at("2022-04-01T09:02:00Z");
    site.config.monitoring.feeds = vec![Feed {
        id: slug("own"),
        kind: FeedKind::Upfront,
        from: Origin::Log,
        interval: None,
        timeout: jiff::SignedDuration::from_secs(10),
        secrets: Secrets::default(),
        canary: None,
        options: std::collections::BTreeMap::new(),
    }];
    let watched = site.config.components.iter_mut().find(|component| component.id.as_str() == "web");
    watched.into_iter().for_each(|web| web.watch.monitors = Some(monitor.iter().cloned().collect()));
    let outage =
        monitor.map(|monitor| Outage { start, end: None, monitor, kind: DetectionKind::Down, fails: 4, results: 4 });
    site.monitoring.ledger = vec![Detection { outages: outage.into_iter().collect(), ..detection(NOTICE) }];
    site
}

fn first_word() -> Incident {
    let stage = Stage::Incident(IncidentStatus::Identified);
    let posted = PostedAt::Written(at("2022-04-01T09:20:00Z"));
    let updates = vec![update("20220401-0920-identified", stage, posted, "A disk is full.")];
    Incident {
        aliases: Vec::new(),
        ..incident("2022-04-01-disk-full", Kind::Incident, "Website down", &["web"], updates)
    }
}

/// The file of that path, of a site as of half past nine.
fn file(posts: Vec<Incident>, path: &str) -> String {
    let mut fixture = fixture();
    let now = at("2022-04-01T09:30:00Z");
    fixture.site = observe(site(posts), now);
    fixture.derived = derive(&fixture.site, now);
    let (source, keys) = (fixture.source(), fixture.keys());
    let all = outputs(source, &keys).into_iter().chain(history_feed::outputs(source));
    made(&all.chain(headers::outputs(&fixture.site, &[])).collect::<Vec<_>>(), path)
}

/// Each entry's id and address.
fn entries(posts: Vec<Incident>, path: &str) -> String {
    let feed: serde_json::Value = serde_json::from_str(&file(posts, path)).unwrap_or_default();
    let items = feed["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| format!("{} {}\n", item["id"], item["url"])).collect()
}

#[test]
fn an_entry_of_a_notice_stays_and_leads_to_the_incident() {
    for path in ["feed.json", "components/web/feed.json"] {
        snapbox::assert_data_eq!(
            entries(Vec::new(), path),
            snapbox::str![[r#"
"tag:status.fjordpost.example,2022:2022-04-01-0902-web/20220401-0905-investigating" "https://status.fjordpost.example/incidents/2022-04-01-0902-web/#u-20220401-0905-investigating"

"#]]
        );
        snapbox::assert_data_eq!(
            entries(vec![first_word()], path),
            snapbox::str![[r#"
"tag:status.fjordpost.example,2022:2022-04-01-disk-full/20220401-0920-identified" "https://status.fjordpost.example/incidents/2022-04-01-disk-full/#u-20220401-0920-identified"
"tag:status.fjordpost.example,2022:2022-04-01-0902-web/20220401-0905-investigating" "https://status.fjordpost.example/incidents/2022-04-01-disk-full/"

"#]]
        );
    }
}

#[test]
fn the_one_entry_of_the_history_goes_on_under_the_id_of_the_notice() {
    let id = |posts| {
        let feed = file(posts, "history.atom");
        feed.lines().filter(|line| line.contains(":Incident/")).collect::<Vec<_>>().join("\n")
    };
    let before = id(Vec::new());
    assert!(!before.is_empty());
    assert_eq!(id(vec![first_word()]), before);
    assert!(file(vec![first_word()], "history.rss").contains(&format!("/incidents/{NOTICE}/</guid>")));
}

#[test]
fn the_address_of_the_notice_leads_to_the_incident() {
    let rules = file(vec![first_word()], "_redirects");
    assert!(rules.contains(&format!("/incidents/{NOTICE}/ /incidents/2022-04-01-disk-full/ 301\n")), "{rules}");
    assert_eq!(file(Vec::new(), "_redirects"), "");
}

#[test]
fn a_file_of_the_notices_own_name_stands_where_it_stood() {
    let moved = Incident { slug: slug(NOTICE), ..first_word() };
    assert_eq!(file(vec![moved.clone()], "_redirects"), "");
    let entries = entries(vec![moved], "feed.json");
    assert!(entries.contains(&format!("{NOTICE}/20220401-0905-investigating")), "{entries}");
    assert_eq!(entries.lines().count(), 2);
}
