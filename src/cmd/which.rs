//! Which incident somebody means: a slug, a part of one, a part of a title, or nothing at all.

use super::Failure;
use crate::derive::{Derived, Phase};
use crate::diag::nearest;
use crate::model::{Incident, Kind, Site};

/// So many candidates are shown.
const SHOWN_MAX: usize = 10;

/// What the command is about to do, which decides what is likely meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Add an update.
    Update,
    /// Write a report.
    Report,
}

/// The index of the incident meant.
///
/// # Errors
///
/// Where none or several fit; the message lists the candidates.
pub fn which(site: &Site, derived: &Derived, query: Option<&str>, purpose: Purpose) -> Result<usize, Failure> {
    match query {
        Some(query) => named(site, derived, query, purpose),
        None => unnamed(site, derived, purpose),
    }
}

fn named(site: &Site, derived: &Derived, query: &str, purpose: Purpose) -> Result<usize, Failure> {
    // A file's path is what completion in a shell gives.
    let query = query.trim().trim_end_matches("/index.md");
    let stem = query.rsplit('/').next().unwrap_or(query).trim_end_matches(".md");
    let is = |incident: &Incident| {
        incident.slug.as_str() == stem
            || incident.source == query
            || incident.aliases.iter().any(|a| a.as_str() == stem)
    };
    if let Some(index) = site.incidents.iter().position(is) {
        return Ok(index);
    }
    let part = stem.to_lowercase();
    let fits =
        |incident: &Incident| incident.slug.as_str().contains(&part) || incident.title.to_lowercase().contains(&part);
    let found: Vec<usize> = (0..site.incidents.len()).filter(|&i| fits(&site.incidents[i])).collect();
    let likely: Vec<usize> = found.iter().copied().filter(|&i| is_likely(derived, i, purpose)).collect();
    match (found.as_slice(), likely.as_slice()) {
        ([], _) => Err(nothing(site, query)),
        ([only], _) | (_, [only]) => Ok(*only),
        _ => {
            let candidates = if likely.is_empty() { &found } else { &likely };
            Err(Failure::new(format!("{} incidents fit `{query}`", candidates.len()))
                .cure(list(site, derived, candidates)))
        }
    }
}

fn unnamed(site: &Site, derived: &Derived, purpose: Purpose) -> Result<usize, Failure> {
    let candidates = match purpose {
        Purpose::Update => {
            let under_way = [derived.open.as_slice(), &derived.maintenance_active].concat();
            if under_way.is_empty() { derived.maintenance_upcoming.clone() } else { under_way }
        }
        Purpose::Report => {
            let owed = (0..site.incidents.len()).filter(|&i| is_likely(derived, i, purpose) && is_disturbance(site, i));
            // The last one that ended.
            let last = owed.max_by_key(|&i| derived.incidents[i].ended.map(|ended| ended.timestamp(&site.config)));
            last.into_iter().collect()
        }
    };
    match (candidates.as_slice(), purpose) {
        ([only], _) => Ok(*only),
        ([], Purpose::Update) => {
            let newest: Vec<usize> = newest_first(derived, site, 0..site.incidents.len()).collect();
            let cure = "to begin one: upfront new \"What readers notice\"";
            let listed = if newest.is_empty() { String::new() } else { format!("; {}", list(site, derived, &newest)) };
            Err(Failure::new("nothing is open").cure(format!("{cure}{listed}")))
        }
        ([], Purpose::Report) => Err(Failure::new("no incident is over and without a report")
            .cure("name one: upfront rfo followed by a part of its name")),
        _ => Err(Failure::new(format!("{} are open: say which", candidates.len())).cure(list(
            site,
            derived,
            &candidates,
        ))),
    }
}

fn is_likely(derived: &Derived, index: usize, purpose: Purpose) -> bool {
    let Some(facts) = derived.incidents.get(index) else { return false };
    match purpose {
        Purpose::Update => facts.phase != Phase::Over,
        Purpose::Report => facts.phase == Phase::Over && facts.rfo.is_none(),
    }
}

fn is_disturbance(site: &Site, index: usize) -> bool {
    site.incidents.get(index).is_some_and(|incident| incident.kind == Kind::Incident)
}

fn nothing(site: &Site, query: &str) -> Failure {
    let failure = Failure::new(format!("no incident fits `{query}`"));
    let slugs = site.incidents.iter().map(|incident| incident.slug.as_str());
    let titles = site.incidents.iter().map(|incident| incident.title.as_str());
    // A slug without its date is what people remember.
    let bare = |slug: &str| slug.get(11..).unwrap_or(slug).to_owned();
    let bares: Vec<String> = slugs.clone().map(bare).collect();
    let close = nearest(query, slugs.chain(titles).chain(bares.iter().map(String::as_str)));
    let incident = close.and_then(|close| {
        site.incidents.iter().find(|i| i.slug.as_str() == close || i.title == close || bare(i.slug.as_str()) == close)
    });
    match incident {
        Some(incident) => failure.cure(format!("did you mean `{}`?", incident.slug)),
        None => failure.cure("give a slug or a part of a title"),
    }
}

fn newest_first(derived: &Derived, site: &Site, indexes: impl IntoIterator<Item = usize>) -> std::vec::IntoIter<usize> {
    let mut indexes: Vec<usize> = indexes.into_iter().collect();
    let started = |i: usize| derived.incidents.get(i).map(|facts| facts.started.timestamp(&site.config));
    indexes.sort_by_key(|&i| std::cmp::Reverse(started(i)));
    indexes.into_iter()
}

fn list(site: &Site, derived: &Derived, candidates: &[usize]) -> String {
    let mut text = String::from("one of");
    for index in newest_first(derived, site, candidates.iter().copied()).take(SHOWN_MAX) {
        if let Some(incident) = site.incidents.get(index) {
            text += &format!("\n  {}  {}", incident.slug, incident.title);
        }
    }
    if let Some(more) = candidates.len().checked_sub(SHOWN_MAX).filter(|&more| more > 0) {
        text += &format!("\n  … and {more} older");
    }
    text
}

#[cfg(test)]
pub(super) mod tests;
