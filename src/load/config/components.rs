//! `[[component]]` and `[[group]]`: what readers know by name, in which order and how it is grouped.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::de::DeTable;

use super::feeds::Feeds;
use super::reader::{At, Reader, Section};
use super::watch;
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::{Component, Group, Slug};

pub(in crate::load) const COMPONENT_KEYS: [&str; 8] =
    ["id", "name", "description", "group", "monitors", "slow_after", "notices", "detection"];
pub(in crate::load) const GROUP_KEYS: [&str; 3] = ["id", "name", "description"];

/// The ids of components and groups, as far as they can be seen before the tables are read.
pub(super) fn ids(site: &DeTable<'_>) -> BTreeSet<String> {
    let lists = ["component", "group"].into_iter().filter_map(|key| site.get(key)?.get_ref().as_array());
    let tables = lists.flat_map(|list| list.iter()).filter_map(|value| value.get_ref().as_table());
    tables
        .flat_map(|table| {
            let text = |key: &str| table.get(key)?.get_ref().as_str();
            [text("id").or_else(|| text("name")), text("group")]
        })
        .flatten()
        .filter_map(|text| Some(Slug::from_text(text)?.to_string()))
        .collect()
}

/// Components in the order of the file, groups in that of their first component.
pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>, feeds: &Feeds) -> (Vec<Component>, Vec<Group>) {
    let mut ids = Ids::default();
    let mut defined: Vec<Defined> = Vec::new();
    for table in reader.tables(site, "group", &GROUP_KEYS, &[]) {
        if let Some((id, name, span)) = id_and_name(reader, &table) {
            ids.take(reader, &id, "group", &span);
            let description = reader.text(&table, "description").map(|text| text.value);
            defined.push(Defined { group: Group { id, name, description }, span: table.span() });
        }
    }
    let mut components = Vec::new();
    let mut used: Vec<Group> = Vec::new();
    let tables = reader.tables(site, "component", &COMPONENT_KEYS, &[]);
    if tables.is_empty() && (!site.has("component")) {
        let cure = "what readers know by name: `[[component]]` on a line of its own, and `name = \"IMAP\"` below";
        reader.missing(site, "component", cure);
    }
    for table in tables {
        let Some((id, name, span)) = id_and_name(reader, &table) else { continue };
        ids.take(reader, &id, "component", &span);
        let description = reader.text(&table, "description").map(|text| text.value);
        let group = reader.text(&table, "group").and_then(|text| group(reader, &text, &defined, &mut used, &mut ids));
        let watch = watch::read(reader, &table, feeds);
        components.push(Component { id, name, description, group, watch });
    }
    for Defined { group, span } in defined {
        if !used.iter().any(|used| used.id == group.id) {
            let told =
                Diagnostic::warning(Code::CONFIG_VALUE, format!("no component stands in the group `{}`", group.name));
            let cure = format!("write `group = \"{}\"` below a `[[component]]`", group.id);
            reader.tell(told.cure(cure).outcome("built, without this group"), &span);
        }
    }
    (components, used)
}

struct Defined {
    group: Group,
    span: Range<usize>,
}

/// Ids of components and groups, unique together, each with what has it.
#[derive(Default)]
struct Ids(BTreeMap<Slug, &'static str>);

impl Ids {
    fn take(&mut self, reader: &mut Reader<'_>, id: &Slug, what: &'static str, span: &Range<usize>) {
        if let Some(other) = self.0.insert(id.clone(), what) {
            let message = format!("a {other} already has the id `{id}`");
            let cure = "give one of them another `id`: components and groups share their addresses and feeds";
            reader.value_error(span, message, cure);
        }
    }
}

/// One of the two is enough. Also where the one that makes the id stands.
fn id_and_name(reader: &mut Reader<'_>, table: &Section<'_, '_>) -> Option<(Slug, String, Range<usize>)> {
    let id = reader.text(table, "id");
    let name = reader.text(table, "name");
    match (id, name) {
        (Some(id), name) => {
            let slug = slug_of_id(reader, &id)?;
            let name = name.map_or(id.value, |name| name.value);
            Some((slug, name, id.span))
        }
        (None, Some(name)) if !table.has("id") => match Slug::from_text(&name.value) {
            Some(slug) => Some((slug, name.value, name.span)),
            None => {
                let message = format!("no id can be made of `{}`", name.value);
                reader.value_error(&name.span, message, "add one of plain letters: `id = \"mail\"`");
                None
            }
        },
        (None, name) => {
            if name.is_none() && !table.has("id") {
                reader.missing(table, "name", "what readers call it: `name = \"IMAP\"`");
            }
            None
        }
    }
}

fn slug_of_id(reader: &mut Reader<'_>, id: &At<String>) -> Option<Slug> {
    let slug = Slug::new(&id.value);
    if slug.is_none() {
        let cure = match Slug::from_text(&id.value) {
            Some(near) => format!("write `{near}`; `name` may be anything"),
            None => "lower-case letters, digits and `-`, such as `imap`; `name` may be anything".to_owned(),
        };
        reader.value_error(&id.span, format!("`{}` cannot be an id, since it stands in addresses", id.value), cure);
    }
    slug
}

/// The id of the group of that name or id, defined or made here.
fn group(
    reader: &mut Reader<'_>,
    text: &At<String>,
    defined: &[Defined],
    used: &mut Vec<Group>,
    ids: &mut Ids,
) -> Option<Slug> {
    let is = |group: &&Group| group.id.as_str() == text.value || group.name == text.value;
    if let Some(group) = used.iter().find(is) {
        return Some(group.id.clone());
    }
    if let Some(group) = defined.iter().map(|defined| &defined.group).find(is) {
        used.push(group.clone());
        return Some(group.id.clone());
    }
    let Some(id) = Slug::from_text(&text.value) else {
        let message = format!("no id can be made of `{}`", text.value);
        reader.value_error(&text.span, message, "define it with an id: `[[group]]`, `id = \"mail\"`, `name = \"…\"`");
        return None;
    };
    if let Some(group) = used.iter().find(|group| group.id == id) {
        return Some(group.id.clone());
    }
    let names = defined.iter().flat_map(|Defined { group, .. }| [group.name.as_str(), group.id.as_str()]);
    if let Some(near) = nearest(&text.value, names) {
        let told = Diagnostic::warning(Code::UNKNOWN_WORD, format!("no group is called `{}`", text.value));
        reader.tell(told.cure(format!("did you mean `{near}`?")).outcome("built, with a group of its own"), &text.span);
    }
    ids.take(reader, &id, "group", &text.span);
    used.push(Group { id: id.clone(), name: text.value.clone(), description: None });
    Some(id)
}
