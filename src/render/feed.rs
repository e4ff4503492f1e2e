//! What stands in feeds: an entry for each update, and one for each report.
//!
//! Three formats say the same: [`atom`], [`rss`] and [`json_feed`]. An entry's id is made from the first slug and the
//! update's id, so it stays when a file is renamed or a text corrected; its time is that of the update, not that of the build.
//! Feeds of the site, of a component and of a group hold the newest [`ENTRIES_MAX`] entries; an incident's own holds all.
//! What a notice had said before an incident took its place stays in them under its old ids, and leads to the incident.

mod promises;

use std::cmp::Reverse;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::escape;
use super::html::Html;
use super::keys::Keys;
use super::links::LinkContext;
use super::machine::{Source, fill, text};
use super::output::{Class, Key, Output};
use super::{atom, json_feed, markdown, rss};
use crate::derive::Moment;
use crate::model::{Incident, Kind, Markdown, Rfo, Slug};

/// The most entries of a feed.
const ENTRIES_MAX: usize = 50;

/// A feed, whatever its format.
pub(in crate::render) struct Feed<'a> {
    pub title: String,
    pub description: &'a str,
    pub language: &'a str,
    /// Who speaks.
    pub author: &'a str,
    /// The page for people that says the same.
    pub page_url: String,
    /// Its own address, without the format's ending.
    pub stem_url: String,
    /// Newest first.
    pub entries: &'a [Entry],
}

/// How a feed is written down.
type Format = fn(&Feed<'_>) -> String;

/// One entry.
pub(in crate::render) struct Entry {
    /// A tag URI (RFC 4151), for ever the same.
    pub id: String,
    pub url: String,
    pub title: String,
    pub at: Timestamp,
    /// HTML with absolute links.
    pub content: String,
    pub categories: Vec<Category>,
}

/// What an entry is about: a component, and the impact or, where it is no disturbance, the kind.
pub(in crate::render) struct Category {
    pub term: String,
    pub label: String,
}

impl Feed<'_> {
    /// When its newest entry was posted: with no news a feed does not change.
    pub fn updated(&self) -> Timestamp {
        self.entries.iter().map(|entry| entry.at).max().unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Every feed of the site.
pub(in crate::render) fn outputs<'a>(source: Source<'a>, keys: &Keys) -> Vec<Output<'a>> {
    let config = &source.site.config;
    let picks = Picks::of(source);
    let shared = Key::of(&(config, source.words));
    let mut outputs = Vec::new();
    let mut add = |folder: String, title: String, posts: Vec<Post>| {
        let key = posts_key(source, keys, &posts, shared);
        outputs.extend(in_three_formats(source, folder, title, posts, key));
    };
    add(String::new(), config.title.clone(), picks.site);
    for (component, posts) in config.components.iter().zip(picks.components) {
        let title = part_title(source, &component.name);
        add(format!("components/{}/", component.id), title, posts);
    }
    for (group, posts) in config.groups.iter().zip(picks.groups) {
        let title = part_title(source, &group.name);
        add(format!("groups/{}/", group.id), title, posts);
    }
    outputs.extend(reports(source));
    outputs.extend(promises::outputs(source, keys));
    let key = |index| incident_key(source, keys, index, shared);
    outputs.extend((0..source.site.incidents.len()).filter_map(|index| of_incident(source, index, key(index))));
    outputs
}

fn part_title(source: Source<'_>, name: &str) -> String {
    fill(&source.words.feed_title, &[("site", &source.site.config.title), ("name", name)])
}

/// One feed in each format, beneath `folder` (empty, or with a slash at its end). The entries are made once.
fn in_three_formats<'a>(
    source: Source<'a>,
    folder: String,
    title: String,
    posts: Vec<Post>,
    key: Key,
) -> impl Iterator<Item = Output<'a>> {
    let formats: [(&str, Format); 3] = [("atom", atom::write), ("rss", rss::write), ("json", json_feed::write)];
    let shared = Arc::new((folder, title, posts, OnceLock::new()));
    formats.into_iter().filter_map(move |(ending, write)| {
        let shared = Arc::clone(&shared);
        let key = Key::of(&(key, &shared.0, &shared.1, ending));
        text(format!("{}feed.{ending}", shared.0), Class::Index, Some(key), move || {
            let (folder, title, posts, entries) = &*shared;
            let entries = entries.get_or_init(|| newest(source, posts.clone()));
            write(&feed(source, folder, title.clone(), entries))
        })
    })
}

fn feed<'a>(source: Source<'a>, folder: &str, title: String, entries: &'a [Entry]) -> Feed<'a> {
    let config = &source.site.config;
    Feed {
        title,
        description: config.description.as_deref().unwrap_or(&config.title),
        language: &config.language,
        author: &config.title,
        page_url: source.url(folder),
        stem_url: source.url(&format!("{folder}feed")),
        entries,
    }
}

fn reports(source: Source<'_>) -> Option<Output<'_>> {
    text("rfo/feed.atom", Class::Index, None, move || {
        let posts = source.derived.reports.iter().take(ENTRIES_MAX).map(|&index| Post::Report(index));
        let entries = newest(source, posts.collect());
        atom::write(&feed(source, "rfo/", part_title(source, &source.words.reports), &entries))
    })
}

fn of_incident<'a>(source: Source<'a>, index: usize, key: Key) -> Option<Output<'a>> {
    let incident = source.site.incidents.get(index)?;
    let report = source.derived.incidents.get(index).and_then(|facts| facts.rfo);
    text(format!("incidents/{}/feed.atom", incident.slug), Class::Leaf, Some(key), move || {
        let report = report.and_then(|report| brief_report(source, report));
        let mut entries: Vec<Entry> =
            report.into_iter().chain(entries(source, updates(source, incident, index))).collect();
        entries.sort_by_key(|entry| Reverse(entry.at));
        let title = part_title(source, &incident.title);
        atom::write(&feed(source, &format!("incidents/{}/", incident.slug), title, &entries))
    })
}

/// The fingerprint of everything that an incident's feed is made from. `shared` is that of what all of them are.
fn incident_key(source: Source<'_>, keys: &Keys, index: usize, shared: Key) -> Key {
    let targets = keys.incident_names_files(index).then(|| source.targets.key());
    Key::of(&(shared, keys.incident(index), targets))
}

/// The fingerprint of everything that a feed of these posts is made from.
fn posts_key(source: Source<'_>, keys: &Keys, posts: &[Post], shared: Key) -> Key {
    let of_report = |index: usize| source.derived.rfos.get(index).and_then(|facts| keys.incident(facts.incident?));
    let part = |post: &Post| match *post {
        Post::Update { incident, update } => (keys.incident(incident), None, (0, update)),
        Post::TakenOver { incident, notice, update } => (keys.incident(incident), None, (1 + notice, update)),
        Post::Report(index) => (keys.rfo(index), of_report(index), (0, 0)),
    };
    let parts: Vec<_> = posts.iter().map(part).collect();
    Key::of(&(shared, source.targets.key(), parts))
}

/// Something with an entry of its own, by its index in the site.
#[derive(Clone, Copy)]
enum Post {
    Update {
        incident: usize,
        update: usize,
    },
    /// What a notice said whose place the incident took.
    TakenOver {
        incident: usize,
        notice: usize,
        update: usize,
    },
    Report(usize),
}

fn updates(source: Source<'_>, incident: &Incident, index: usize) -> Vec<Post> {
    let own = (0..incident.updates.len()).map(|update| Post::Update { incident: index, update });
    let notices = source.derived.incidents.get(index).map_or(&[][..], |facts| &facts.taken_over);
    let of_notices = notices.iter().enumerate().flat_map(|(notice, taken)| {
        (0..taken.updates.len()).map(move |update| Post::TakenOver { incident: index, notice, update })
    });
    own.chain(of_notices).collect()
}

/// The notice whose place an incident took.
fn taken_over<'a>(source: Source<'a>, incident: usize, notice: usize) -> Option<&'a Incident> {
    source.derived.incidents.get(incident)?.taken_over.get(notice)
}

/// For each feed the posts that can be among its newest.
struct Picks {
    site: Vec<Post>,
    components: Vec<Vec<Post>>,
    groups: Vec<Vec<Post>>,
}

impl Picks {
    /// One pass over what was written about last: the newest fifty updates stand in the fifty incidents whose newest
    /// updates are the newest, so nothing older need be looked at.
    fn of(source: Source<'_>) -> Picks {
        let config = &source.site.config;
        let mut picks = Picks {
            site: Vec::new(),
            components: vec![Vec::new(); config.components.len()],
            groups: vec![Vec::new(); config.groups.len()],
        };
        let mut order: Vec<_> = source.derived.incidents.iter().enumerate().collect();
        order.sort_by_cached_key(|(index, facts)| (Reverse(facts.updated.timestamp(config)), *index));
        let mut room = Room::new(config.components.len(), config.groups.len());
        for (index, _) in order {
            if let Some(incident) = source.site.incidents.get(index) {
                picks.add(source, &mut room, &incident.components, &updates(source, incident, index));
            }
        }
        let mut room = Room::new(config.components.len(), config.groups.len());
        for &index in &source.derived.reports {
            let incident = source.derived.rfos.get(index).and_then(|facts| facts.incident);
            let incident = incident.and_then(|incident| source.site.incidents.get(incident));
            let components = incident.map_or(&[][..], |incident| &incident.components);
            picks.add(source, &mut room, components, &[Post::Report(index)]);
        }
        picks
    }

    /// Adds the posts to the feed of the site and of each of the components and their groups, where there is room.
    fn add(&mut self, source: Source<'_>, room: &mut Room, components: &[Slug], posts: &[Post]) {
        let config = &source.site.config;
        let add = |to: &mut Vec<Post>, left: &mut usize| {
            if *left > 0 {
                *left -= 1;
                to.extend_from_slice(posts);
            }
        };
        add(&mut self.site, &mut room.site);
        let mut touched = vec![false; self.groups.len()];
        for (at, component) in config.components.iter().enumerate() {
            if !components.contains(&component.id) {
                continue;
            }
            if let (Some(to), Some(left)) = (self.components.get_mut(at), room.components.get_mut(at)) {
                add(to, left);
            }
            let group = config.groups.iter().position(|group| Some(&group.id) == component.group.as_ref());
            if let Some(touched) = group.and_then(|group| touched.get_mut(group)) {
                *touched = true;
            }
        }
        for ((to, left), touched) in self.groups.iter_mut().zip(&mut room.groups).zip(touched) {
            if touched {
                add(to, left);
            }
        }
    }
}

/// How many more incidents or reports each feed takes.
struct Room {
    site: usize,
    components: Vec<usize>,
    groups: Vec<usize>,
}

impl Room {
    fn new(components: usize, groups: usize) -> Room {
        Room { site: ENTRIES_MAX, components: vec![ENTRIES_MAX; components], groups: vec![ENTRIES_MAX; groups] }
    }
}

fn newest(source: Source<'_>, mut posts: Vec<Post>) -> Vec<Entry> {
    sort(source, &mut posts);
    posts.truncate(ENTRIES_MAX);
    posts.into_iter().filter_map(|post| entry(source, post)).collect()
}

fn entries(source: Source<'_>, mut posts: Vec<Post>) -> Vec<Entry> {
    sort(source, &mut posts);
    posts.into_iter().filter_map(|post| entry(source, post)).collect()
}

/// Newest first; of one moment the later in the file first.
fn sort(source: Source<'_>, posts: &mut [Post]) {
    posts.sort_by_cached_key(|&post| {
        let place = match post {
            Post::Report(index) => (0, index, Reverse((0, 0))),
            Post::Update { incident, update } => (1, incident, Reverse((1, update))),
            // A machine's word stands below a person's of the same minute.
            Post::TakenOver { incident, update, .. } => (1, incident, Reverse((0, update))),
        };
        (Reverse(posted(source, post)), place)
    });
}

fn posted(source: Source<'_>, post: Post) -> Option<Timestamp> {
    let config = &source.site.config;
    let posted = match post {
        Post::Update { incident, update } => source.site.incidents.get(incident)?.updates.get(update)?.posted,
        Post::TakenOver { incident, notice, update } => {
            taken_over(source, incident, notice)?.updates.get(update)?.posted
        }
        Post::Report(index) => source.site.rfos.get(index)?.published,
    };
    Some(Moment::of(posted, source.derived.now, config).timestamp(config))
}

fn entry(source: Source<'_>, post: Post) -> Option<Entry> {
    let at = posted(source, post)?;
    match post {
        Post::Update { incident, update } => update_entry(source, source.site.incidents.get(incident)?, update, at),
        Post::TakenOver { incident, notice, update } => {
            let entry = update_entry(source, taken_over(source, incident, notice)?, update, at)?;
            let now = &source.site.incidents.get(incident)?.slug;
            Some(Entry { url: source.url(&format!("incidents/{now}/")), ..entry })
        }
        Post::Report(index) => report_entry(source, index, at, |rfo, _| {
            content(source, &rfo.body, &format!("rfo/{}/", rfo.slug), &rfo.source)
        }),
    }
}

fn update_entry(source: Source<'_>, incident: &Incident, update: usize, at: Timestamp) -> Option<Entry> {
    let update = incident.updates.get(update)?;
    let stage = source.words.stage(update.stage, &incident.kind);
    let own = format!("incidents/{}/", incident.slug);
    Some(Entry {
        id: format!("{}/{}", tag(source, incident.first_slug(), at, ""), update.id),
        url: source.url(&format!("{own}#u-{}", update.id)),
        title: clean(&fill(&source.words.entry_title, &[("title", &incident.title), ("stage", stage)])),
        at,
        content: content(source, &update.body, &own, &incident.source),
        categories: categories(source, incident),
    })
}

fn report_entry(
    source: Source<'_>,
    index: usize,
    at: Timestamp,
    content: impl Fn(&Rfo, &str) -> String,
) -> Option<Entry> {
    let rfo = source.site.rfos.get(index)?;
    let incident = source.derived.rfos.get(index).and_then(|facts| facts.incident);
    let incident = incident.and_then(|incident| source.site.incidents.get(incident));
    let own = format!("rfo/{}/", rfo.slug);
    // A report that shares its incident's slug was renamed with it.
    let with = incident.filter(|incident| incident.slug == rfo.slug).map(Incident::first_slug);
    let first_slug = rfo.aliases.first().or(with).unwrap_or(&rfo.slug);
    Some(Entry {
        id: tag(source, first_slug, at, "rfo/"),
        url: source.url(&own),
        title: clean(&fill(&source.words.entry_title, &[("title", &rfo.title), ("stage", &source.words.report)])),
        at,
        content: content(rfo, &source.url(&own)),
        categories: incident.map_or(Vec::new(), |incident| categories(source, incident)),
    })
}

/// A report in its incident's feed: only where it is, for the whole of it stands in the feed of reports.
fn brief_report(source: Source<'_>, index: usize) -> Option<Entry> {
    let at = posted(source, Post::Report(index))?;
    let link = |url: &str, title: &str| format!("<p><a href=\"{}\">{}</a></p>", Html::text(url), Html::text(title));
    report_entry(source, index, at, |rfo, url| link(url, &rfo.title))
}

/// `tag:status.example,2022:2022-03-29-imap`. The year is that of the slug, which nobody corrects, or else that of the post.
fn tag(source: Source<'_>, first_slug: &Slug, at: Timestamp, kind: &str) -> String {
    let dated = first_slug.as_str().split_once('-').map(|(year, _)| year);
    let year = match dated.filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit())) {
        Some(year) => year.to_owned(),
        None => format!("{:04}", Moment::At(at).day(&source.site.config).year()),
    };
    format!("tag:{},{year}:{kind}{first_slug}", source.host())
}

fn content(source: Source<'_>, body: &Markdown, own: &str, file: &str) -> String {
    let root = source.url("");
    let resolve = |file: &str, href: &str| source.targets.resolve(file, href);
    let context = LinkContext { root: &root, own, source: file, heading: 3, resolve: &resolve };
    markdown::html(body, &context).as_str().trim_end().to_owned()
}

fn categories(source: Source<'_>, incident: &Incident) -> Vec<Category> {
    let components = incident.components.iter().filter_map(|id| source.site.config.component(id));
    let component = components.map(|component| (component.id.as_str(), component.name.as_str()));
    let words = source.words;
    let notice = (incident.kind == Kind::Notice).then_some(("notice", words.noticed.as_str()));
    let kind = match incident.kind {
        Kind::Incident | Kind::Notice => (incident.impact.word(), words.impact(incident.impact)),
        Kind::Maintenance(_) => ("maintenance", words.maintenance.as_str()),
        Kind::Info => ("info", words.announcement.as_str()),
        Kind::FalseAlarm => ("false_alarm", words.false_alarm.as_str()),
    };
    component
        .chain([kind])
        .chain(notice)
        .map(|(term, label)| Category { term: term.to_owned(), label: clean(label) })
        .collect()
}

/// Text for formats that escape by themselves, without what must not leave the program.
pub(in crate::render) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape::clean_into(&mut out, text);
    out
}

#[cfg(test)]
mod takeover;
#[cfg(test)]
mod tests;
