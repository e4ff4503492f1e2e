//! `/promises/feed.*`: an entry when a promise is made, when it is done, dropped or overdue. An entry's id is made of the
//! report and the promise's own words, so that it stays what it is when another promise is written above it.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::{ENTRIES_MAX, Entry, Format, categories, clean, feed, fill, part_title};
use crate::derive::{FollowUpState, Moment};
use crate::model::{FollowUp, Rfo};
use crate::render::keys::Keys;
use crate::render::machine::{Source, text};
use crate::render::output::{Class, Key, Output};
use crate::render::{atom, json_feed, markdown, rss};

pub(super) fn outputs<'a>(source: Source<'a>, keys: &Keys) -> impl Iterator<Item = Output<'a>> {
    let rfos: Vec<Option<Key>> = (0..source.site.rfos.len()).map(|index| keys.rfo(index)).collect();
    let slugs: Vec<_> = source.site.rfos.iter().map(|rfo| (&rfo.slug, &rfo.incident)).collect();
    let today = Moment::At(source.derived.now).day(&source.site.config);
    let touched: Vec<_> = source.derived.rfos.iter().map(|facts| keys.incident(facts.incident?)).collect();
    let key = Key::of(&(&source.site.config, source.words, rfos, slugs, touched, today));
    let formats: [(&str, Format); 3] = [("atom", atom::write), ("rss", rss::write), ("json", json_feed::write)];
    formats.into_iter().filter_map(move |(ending, write)| {
        let key = Key::of(&(key, ending));
        text(format!("promises/feed.{ending}"), Class::Index, Some(key), move || {
            write(&feed(source, "promises/", part_title(source, &source.words.promises), &entries(source)))
        })
    })
}

fn entries(source: Source<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (rfo, facts) in source.site.rfos.iter().zip(&source.derived.rfos) {
        let published = facts.published.day(&source.site.config);
        for (follow_up, state) in rfo.follow_ups.iter().zip(&facts.follow_ups) {
            let words = source.words;
            let mut add = |what: &'static str, word: &str, day: Date| {
                entries.extend(entry(source, rfo, follow_up, (what, word), day));
            };
            add("made", &words.promise_made, published);
            let missed = follow_up.due.filter(|_| matches!(state, FollowUpState::Overdue | FollowUpState::DoneLate(_)));
            if let Some(day) = missed.and_then(|due| due.checked_add(1.day()).ok()) {
                add("overdue", &words.promise_overdue, day);
            }
            if let Some(done) = follow_up.done {
                add("done", &words.promise_done, done.max(published));
            }
        }
    }
    // What is to come is no news yet.
    entries.retain(|entry| entry.at <= source.derived.now);
    entries.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    entries.truncate(ENTRIES_MAX);
    entries
}

fn entry(source: Source<'_>, rfo: &Rfo, follow_up: &FollowUp, (what, word): (&str, &str), day: Date) -> Option<Entry> {
    let config = &source.site.config;
    let at: Timestamp = day.to_zoned_datetime(config.zone.tz.clone()).ok()?.timestamp();
    let promise = markdown::plain(&follow_up.what);
    let id: String = blake3::hash(promise.as_bytes()).to_hex().chars().take(12).collect();
    let url = source.url("promises/");
    let incident = source.site.incidents.iter().find(|incident| Some(&incident.slug) == rfo.incident.as_ref());
    let link = crate::render::Html::text(&source.url(&format!("rfo/{}/", rfo.slug)));
    let due = follow_up.due.map_or(String::new(), |due| fill(&source.words.promise_due, &[("day", &due.to_string())]));
    let (promise_html, title) = (crate::render::Html::text(&promise), crate::render::Html::text(&rfo.title));
    Some(Entry {
        id: format!("tag:{},{:04}:promises/{}/{id}/{what}", source.host(), day.year(), rfo.slug),
        url,
        title: clean(&fill(&source.words.entry_title, &[("title", &promise), ("stage", word)])),
        at,
        content: format!(
            "<p>{promise_html}</p><p>{} <a href=\"{link}\">{title}</a></p>",
            crate::render::Html::text(&due)
        ),
        categories: incident.map_or(Vec::new(), |incident| categories(source, incident)),
    })
}
