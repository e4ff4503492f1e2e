//! The names by which a file may call a component: its id, its name, or those of its group.

use std::ops::Range;

use super::teller::{Teller, quoted};
use super::word::{did_you_mean, fold};
use crate::diag::Code;
use crate::model::{Config, Slug};

/// The components and groups of a config.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a>(pub &'a Config);

impl<'a> Names<'a> {
    /// The ids of the components that a name stands for: one, or those of a group.
    pub(super) fn find(&self, name: &str) -> Option<Vec<Slug>> {
        let config = self.0;
        let by_id = config.components.iter().find(|component| component.id.as_str() == name);
        if let Some(component) = by_id {
            return Some(vec![component.id.clone()]);
        }
        let is_named = |id: &Slug, other: &str| {
            id.as_str().eq_ignore_ascii_case(name) || other.eq_ignore_ascii_case(name) || fold(other) == fold(name)
        };
        if let Some(component) = config.components.iter().find(|component| is_named(&component.id, &component.name)) {
            return Some(vec![component.id.clone()]);
        }
        let group = config.groups.iter().find(|group| is_named(&group.id, &group.name))?;
        let members = config.components.iter().filter(|component| component.group.as_ref() == Some(&group.id));
        Some(members.map(|component| component.id.clone()).collect())
    }

    pub(super) fn tell_unknown(&self, name: &str, span: Range<usize>, outcome: &str, tell: &mut Teller) {
        tell.error(Code::UNKNOWN_COMPONENT, span, format!("no component is called {}", quoted(name)))
            .cure(did_you_mean(name, self.all()))
            .outcome(outcome);
    }

    fn all(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        let config = self.0;
        let ids = config.components.iter().map(|component| component.id.as_str());
        ids.chain(config.groups.iter().map(|group| group.id.as_str()))
    }
}
