//! What `explain` is asked about: a component, a notice, or everything that is not as it should be.

use super::Failure;
use crate::derive::Derived;
use crate::diag::nearest;
use crate::model::{ComponentState, Site};

/// By index into the config's components or the site's detections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Component(usize),
    Detection(usize),
}

/// What a word means; without one everything that is not simply operational.
pub(super) fn subjects(word: Option<&str>, site: &Site, derived: &Derived) -> Result<Vec<Subject>, Failure> {
    let Some(word) = word else { return Ok(noteworthy(derived)) };
    let components = &site.config.components;
    if let Some(index) = components.iter().position(|known| known.id.as_str() == word || known.name == word) {
        return Ok(vec![Subject::Component(index)]);
    }
    if let Some(group) = site.config.groups.iter().find(|group| group.id.as_str() == word || group.name == word) {
        let of_group = components.iter().enumerate().filter(|(_, known)| known.group.as_ref() == Some(&group.id));
        return Ok(of_group.map(|(index, _)| Subject::Component(index)).collect());
    }
    let detections = site.detections.iter();
    if let Some(index) = detections.clone().position(|known| known.id.as_str() == word) {
        return Ok(vec![Subject::Detection(index)]);
    }
    let parts: Vec<usize> = detections
        .clone()
        .enumerate()
        .filter(|(_, known)| known.id.as_str().contains(word))
        .map(|(at, _)| at)
        .collect();
    if let Some(&newest) = parts.last() {
        return match parts.as_slice() {
            [_] => Ok(vec![Subject::Detection(newest)]),
            _ => {
                Err(ambiguous(word, parts.iter().filter_map(|&at| site.detections.get(at)).map(|one| one.id.as_str())))
            }
        };
    }
    Err(unknown(word, site))
}

fn noteworthy(derived: &Derived) -> Vec<Subject> {
    let is_noteworthy = |(_, facts): &(usize, &crate::derive::ComponentFacts)| {
        facts.state != ComponentState::Operational
            || facts.watched.as_ref().is_some_and(|watched| watched.silent || watched.checking)
    };
    let components: Vec<_> = derived.components.iter().enumerate().filter(is_noteworthy).collect();
    // A component tells of its own outages that are under way.
    let is_told = |index: &usize| {
        let mut of_components = components.iter().filter_map(|(_, facts)| facts.watched.as_ref());
        of_components.any(|watched| watched.detections.contains(index))
    };
    let unexplained = derived.unexplained.iter().filter(|index| !is_told(index));
    let unexplained: Vec<_> = unexplained.map(|&index| Subject::Detection(index)).collect();
    components.iter().map(|&(index, _)| Subject::Component(index)).chain(unexplained).collect()
}

fn ambiguous<'a>(word: &str, ids: impl Iterator<Item = &'a str>) -> Failure {
    let list: String = ids.map(|id| format!("\n  {id}")).collect();
    Failure::new(format!("several outages fit `{word}`")).cure(format!("say which:{list}"))
}

fn unknown(word: &str, site: &Site) -> Failure {
    let components = site.config.components.iter().map(|component| component.id.as_str());
    let detections = site.detections.iter().map(|detection| detection.id.as_str());
    let failure = Failure::new(format!("no component and no outage is called `{word}`"));
    match nearest(word, components.chain(detections)) {
        Some(near) => failure.cure(format!("did you mean `{near}`?")),
        None => failure.cure("components stand in upfront.toml, outages in history/notices.ndjson"),
    }
}
