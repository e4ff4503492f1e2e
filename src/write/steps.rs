//! In which order staged files are put in place and old ones removed, so that no link dangles after any of the steps.
//!
//! New files come first: nothing that stands links to them yet. Then those that changed: whatever they link to is there,
//! new or old. Then the old ones go: nothing links to them any more. Within each, what is linked comes before what links
//! to it ([`Class`](crate::render::Class)), for the sake of anchors. Pure: what can be done is [`apply`](super::apply)'s matter.
//!
//! One case cannot be had without a gap: a file becomes a folder, or a folder a file. Then the old ones go first.

use std::collections::BTreeSet;
use std::iter::successors;

use crate::render::Output;

use super::list::List;
use super::stage::Fate;

/// One change to the folder. Paths are relative to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Removes a file, if it is still ours.
    Remove(&'a str),
    /// Removes a folder, if it is empty.
    RemoveFolder(&'a str),
    /// Makes a folder, if there is none.
    MakeFolder(&'a str),
    /// Renames the staged file of that number.
    Move { number: usize, to: &'a str },
}

/// Everything that is to be done. `outputs` are sorted by path, with one fate each.
pub(super) fn steps<'a>(outputs: &'a [&Output<'_>], fates: &[Fate], old: &List<'a>) -> Vec<Step<'a>> {
    let created = moves(outputs, fates, |fate| matches!(fate, Fate::Created(_)));
    let changed = moves(outputs, fates, |fate| matches!(fate, Fate::Changed(_)));
    let folders: BTreeSet<&str> = created.iter().flat_map(|(_, to)| folders_of(to)).collect();
    let files: BTreeSet<&str> = created.iter().map(|(_, to)| *to).collect();
    let (in_the_way, gone): (Vec<&str>, Vec<&str>) = gone(outputs, old)
        .into_iter()
        .partition(|path| folders.contains(path) || folders_of(path).any(|folder| files.contains(folder)));

    let mut steps = Vec::with_capacity(created.len() + folders.len() + changed.len() + gone.len());
    remove(&mut steps, &in_the_way);
    steps.extend(folders.into_iter().map(Step::MakeFolder));
    steps.extend(created.into_iter().chain(changed).map(|(number, to)| Step::Move { number, to }));
    remove(&mut steps, &gone);
    steps
}

/// The folders that hold the path, the innermost first.
pub(super) fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    successors(folder_of(path), |folder| folder_of(folder))
}

fn folder_of(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(folder, _)| folder)
}

fn moves<'a>(outputs: &'a [&Output<'_>], fates: &[Fate], which: fn(&Fate) -> bool) -> Vec<(usize, &'a str)> {
    let chosen = outputs.iter().zip(fates).enumerate().filter(|(_, (_, fate))| which(fate));
    let mut moves: Vec<_> = chosen.map(|(n, (output, _))| (output.class, n, output.path.as_str())).collect();
    moves.sort_unstable();
    moves.into_iter().map(|(_, number, to)| (number, to)).collect()
}

/// Files of the last build that this one doesn't have, in the order in which they go.
fn gone<'a>(outputs: &[&Output<'_>], old: &List<'a>) -> Vec<&'a str> {
    let is_gone = |path: &str| outputs.binary_search_by(|output| output.path.as_str().cmp(path)).is_err();
    let mut gone: Vec<_> =
        old.entries.iter().filter(|(path, _)| is_gone(path)).map(|(path, entry)| (entry.class, *path)).collect();
    gone.sort_unstable();
    gone.into_iter().rev().map(|(_, path)| path).collect()
}

/// Removes the files, then the folders that they may have been the last in, from the inside out.
fn remove<'a>(steps: &mut Vec<Step<'a>>, paths: &[&'a str]) {
    let folders: BTreeSet<&str> = paths.iter().flat_map(|path| folders_of(path)).collect();
    steps.extend(paths.iter().copied().map(Step::Remove));
    steps.extend(folders.into_iter().rev().map(Step::RemoveFolder));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::list::{Entry, Stat, Sum};
    use super::*;
    use crate::render::{Class, Content, SitePath};

    /// Pages by path, each with the paths that it links to; what is linked exists.
    type Site = BTreeMap<&'static str, Vec<&'static str>>;

    const PATHS: [&str; 7] =
        ["index.html", "a.css", "b/index.html", "b/c/index.html", "d/index.html", "d/e.html", "f.html"];

    fn class(path: &str) -> Class {
        match path {
            "index.html" => Class::Front,
            "a.css" => Class::Asset,
            path if path.contains('/') => Class::Leaf,
            _ => Class::Index,
        }
    }

    fn any_site() -> impl Strategy<Value = Site> {
        (prop::collection::vec(any::<bool>(), PATHS.len()), prop::collection::vec(any::<u8>(), PATHS.len())).prop_map(
            |(there, links)| {
                let there: Vec<&str> = PATHS
                    .into_iter()
                    .zip(there)
                    .filter(|(path, there)| *path == "index.html" || *there)
                    .map(|(path, _)| path)
                    .collect();
                let chosen =
                    |bits: u8| (0..).zip(&there).filter(move |(n, _)| bits >> n & 1 == 1).map(|(_, path)| *path);
                there.iter().zip(links).map(|(path, bits)| (*path, chosen(bits).collect())).collect()
            },
        )
    }

    fn entry(path: &str) -> Entry {
        Entry { class: class(path), sum: Sum::of(b""), key: None, stat: Stat { size: 0, mtime_ns: 0 }, planned: false }
    }

    fn outputs(site: &Site) -> Vec<Output<'static>> {
        let output = |path: &&str| {
            SitePath::new(*path).map(|p| Output {
                class: class(path),
                path: p,
                key: None,
                content: Content::made(|| Ok(vec![])),
            })
        };
        site.keys().filter_map(output).collect()
    }

    fn all_steps(old: &Site, new: &Site) -> Vec<String> {
        with_steps(old, new, |steps| steps.iter().map(|step| format!("{step:?}")).collect())
    }

    fn with_steps<T>(old: &Site, new: &Site, then: impl FnOnce(&[Step<'_>]) -> T) -> T {
        let outputs = outputs(new);
        let outputs: Vec<&Output<'_>> = outputs.iter().collect();
        let fate = |path: &&'static str| match old.get(path) {
            None => Fate::Created(entry(path)),
            Some(links) if *links == new[path] => Fate::Unchanged(entry(path)),
            Some(_) => Fate::Changed(entry(path)),
        };
        let fates: Vec<Fate> = new.keys().map(fate).collect();
        let list = List { built_by: "".into(), entries: old.keys().map(|path| (*path, entry(path))).collect() };
        then(&steps(&outputs, &fates, &list))
    }

    /// A path that can be reached from the front page and isn't there.
    fn dangling(site: &Site) -> Option<&'static str> {
        let mut seen = BTreeSet::new();
        let mut left = vec!["index.html"];
        while let Some(path) = left.pop() {
            let Some(links) = site.get(path) else { return Some(path) };
            if seen.insert(path) {
                left.extend(links);
            }
        }
        None
    }

    proptest! {
        #[test]
        fn after_every_step_every_link_leads_somewhere(old in any_site(), new in any_site()) {
            with_steps(&old, &new, |steps| {
                let mut site = old.clone();
                for step in steps {
                    match step {
                        Step::Remove(gone) => site.retain(|path, _| path != gone),
                        Step::Move { number, .. } => {
                            site.extend(new.iter().nth(*number).map(|(path, links)| (*path, links.clone())));
                        }
                        Step::MakeFolder(_) | Step::RemoveFolder(_) => {}
                    }
                    prop_assert_eq!(dangling(&site), None, "after {:?} of {:?}", step, steps);
                }
                prop_assert_eq!(&site, &new);
                Ok(())
            })?;
        }
    }

    #[test]
    fn what_is_linked_comes_before_what_links_to_it() {
        let old = Site::from([("index.html", vec![]), ("f.html", vec![]), ("d/e.html", vec![])]);
        let new = Site::from([
            ("index.html", vec!["f.html", "a.css"]),
            ("f.html", vec!["b/c/index.html"]),
            ("a.css", vec![]),
            ("b/c/index.html", vec![]),
        ]);
        snapbox::assert_data_eq!(
            all_steps(&old, &new).join("\n"),
            snapbox::str![[r#"
MakeFolder("b")
MakeFolder("b/c")
Move { number: 0, to: "a.css" }
Move { number: 1, to: "b/c/index.html" }
Move { number: 2, to: "f.html" }
Move { number: 3, to: "index.html" }
Remove("d/e.html")
RemoveFolder("d")
"#]]
        );
    }

    #[test]
    fn what_stands_in_the_way_of_a_folder_goes_first() {
        let old = Site::from([("index.html", vec![]), ("b", vec![])]);
        let new = Site::from([("index.html", vec![]), ("b/index.html", vec![])]);
        snapbox::assert_data_eq!(
            all_steps(&old, &new).join("\n"),
            snapbox::str![[r#"
Remove("b")
MakeFolder("b")
Move { number: 0, to: "b/index.html" }
"#]]
        );
    }

    #[test]
    fn a_folder_in_the_way_of_a_file_goes_first() {
        let old = Site::from([("index.html", vec![]), ("b/c/index.html", vec![])]);
        let new = Site::from([("index.html", vec![]), ("b", vec![])]);
        snapbox::assert_data_eq!(
            all_steps(&old, &new).join("\n"),
            snapbox::str![[r#"
Remove("b/c/index.html")
RemoveFolder("b/c")
RemoveFolder("b")
Move { number: 0, to: "b" }
"#]]
        );
    }
}
