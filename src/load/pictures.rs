//! Pictures that published text shows, and where relative links between posts lead.
//!
//! A picture is published beneath the page of its incident, under a plain name. Only files of the site are: what a page
//! shows from elsewhere would tell a third party who reads it, and be gone when the third party is. SVG is refused,
//! since it can hold scripts, and so is whatever is not by its first bytes what its name says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pulldown_cmark::{Event, Parser, Tag};

use super::files;
use crate::diag::{Code, Diagnostic, Loaded, Source};
use crate::model::{Incident, LinkTargets, Markdown, Picture, Rfo, Slug, Target, path_of};

/// The largest picture that is published, in bytes. A reader on a bad line waits for each.
const PICTURE_BYTES_MAX: u64 = 8 << 20;

/// All pictures, in the order of the posts that show them, and all link targets.
pub(super) fn find(root: &Path, incidents: &[Incident], rfos: &[Rfo]) -> Loaded<(Vec<Picture>, LinkTargets)> {
    let mut finder = Finder { root, links: LinkTargets::default(), pictures: Pictures::default(), diagnostics: vec![] };
    for incident in incidents {
        let slug = &incident.slug;
        finder.links.add_post(incident.source.clone(), Target::Incident(slug.clone()), slug.clone());
        for text in texts(incident) {
            finder.look(&incident.source, slug, text);
        }
    }
    for rfo in rfos {
        finder.links.add_post(rfo.source.clone(), Target::Rfo(rfo.slug.clone()), rfo.slug.clone());
        for text in std::iter::once(&rfo.body).chain(rfo.follow_ups.iter().map(|promise| &promise.what)) {
            finder.look(&rfo.source, &rfo.slug, text);
        }
    }
    Loaded { value: (finder.pictures.list, finder.links), diagnostics: finder.diagnostics }
}

/// All text of an incident that may show a picture.
fn texts(incident: &Incident) -> impl Iterator<Item = &Markdown> {
    let facts = [&incident.intro, &incident.works, &incident.meanwhile];
    facts.into_iter().flatten().chain(incident.updates.iter().map(|update| &update.body))
}

/// So many mistakes in one text are told; a writer who has put right a hundred will see the next ones.
const WRONG_MAX: usize = 100;

struct Finder<'a> {
    root: &'a Path,
    links: LinkTargets,
    pictures: Pictures,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Default)]
struct Pictures {
    list: Vec<Picture>,
    /// Names taken beneath each incident, and by which file.
    names: BTreeMap<Slug, BTreeSet<String>>,
    found: BTreeMap<(Slug, String), ()>,
}

impl Finder<'_> {
    fn look(&mut self, source: &str, slug: &Slug, text: &Markdown) {
        // Most text shows none, and is then not parsed: it is once more when it becomes HTML.
        if !text.text.contains("![") {
            return;
        }
        let markdown = format!("{}\n\n{}", text.text, text.definitions);
        let shown = Parser::new(&markdown).filter_map(|event| match event {
            Event::Start(Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        });
        let shown: BTreeSet<String> = shown.collect();
        // Read once more, and once, where something is wrong with any.
        let mut again: Option<Arc<Source>> = None;
        let mut wrong = 0;
        for href in shown {
            if wrong >= WRONG_MAX {
                break;
            }
            if let Err(told) = self.picture(source, slug, &href) {
                wrong += 1;
                let source = again.get_or_insert_with(|| files::source_again(self.root, source));
                let start = source.text().find(&href).unwrap_or(0);
                let end = if href.is_empty() || !source.text().contains(&href) { start } else { start + href.len() };
                self.diagnostics.push(told.outcome("published, without this picture").at(source, start..end));
            }
        }
    }

    fn picture(&mut self, source: &str, slug: &Slug, href: &str) -> Result<(), Diagnostic> {
        let told = |message: String| Diagnostic::warning(Code::PICTURE, message);
        let Some(path) = path_of(source, href) else {
            return Err(told("only pictures of the site itself are shown".to_owned())
                .cure("put the picture beside the post and write its name: `![what it shows](graph.png)`"));
        };
        let key = (slug.clone(), path);
        if self.pictures.found.contains_key(&key) {
            return Ok(());
        }
        let (_, path) = &key;
        let kind = Kind::of_name(path).ok_or_else(|| {
            told(format!("`{href}` is not a kind of picture that is published"))
                .cure("png, jpg, gif, webp and avif are; svg is not, since it can hold scripts")
        })?;
        let file = picture_file(self.root, path, kind).map_err(|why| match why {
            Refused::Missing => told(format!("there is no picture `{href}`")).cure("look at how its name is written"),
            Refused::Outside => {
                told(format!("`{href}` is a link that leads out of the site")).cure("put the picture itself here")
            }
            Refused::TooLarge(bytes) => told(format!("`{href}` is too large: {} MiB", bytes.div_ceil(1 << 20)))
                .cure(format!("at most {} MiB are published; make it smaller", PICTURE_BYTES_MAX >> 20)),
            Refused::NotAPicture => told(format!("`{href}` does not hold what its name says"))
                .cure("save it as png, jpg, gif, webp or avif once more"),
        })?;
        let name = self.pictures.free_name(slug, path, kind);
        self.links.add_picture(slug.clone(), path.clone(), name.clone());
        self.pictures.list.push(Picture { incident: slug.clone(), name, file });
        self.pictures.found.insert(key, ());
        Ok(())
    }
}

impl Pictures {
    /// The file's own name in plain letters; with a number where another file of this incident has it.
    fn free_name(&mut self, slug: &Slug, path: &str, kind: Kind) -> String {
        let file_name = path.rsplit('/').next().unwrap_or(path);
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
        let stem = Slug::from_text(stem).map_or("picture".to_owned(), |stem| stem.to_string());
        let taken = self.names.entry(slug.clone()).or_default();
        let mut name = format!("{stem}.{}", kind.ending());
        let mut number = 2;
        while taken.contains(&name) {
            name = format!("{stem}-{number}.{}", kind.ending());
            number += 1;
        }
        taken.insert(name.clone());
        name
    }
}

enum Refused {
    Missing,
    Outside,
    TooLarge(u64),
    NotAPicture,
}

/// The file to copy, where it may be published.
fn picture_file(root: &Path, path: &str, kind: Kind) -> Result<PathBuf, Refused> {
    let file = root.join(path);
    fs::metadata(&file).map_err(|_| Refused::Missing)?;
    let file = files::inside(root, &file).ok_or(Refused::Outside)?;
    let meta = fs::metadata(&file).map_err(|_| Refused::Missing)?;
    if !meta.is_file() {
        return Err(Refused::NotAPicture);
    }
    if meta.len() > PICTURE_BYTES_MAX {
        return Err(Refused::TooLarge(meta.len()));
    }
    let mut start = Vec::with_capacity(16);
    let opened = File::open(&file).map_err(|_| Refused::Missing)?;
    opened.take(16).read_to_end(&mut start).map_err(|_| Refused::Missing)?;
    if Kind::of_bytes(&start) == Some(kind) { Ok(file) } else { Err(Refused::NotAPicture) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Png,
    Jpeg,
    Gif,
    Webp,
    Avif,
}

impl Kind {
    fn of_name(path: &str) -> Option<Kind> {
        let ending = path.rsplit('/').next()?.rsplit_once('.')?.1.to_ascii_lowercase();
        match ending.as_str() {
            "png" => Some(Kind::Png),
            "jpg" | "jpeg" => Some(Kind::Jpeg),
            "gif" => Some(Kind::Gif),
            "webp" => Some(Kind::Webp),
            "avif" => Some(Kind::Avif),
            _ => None,
        }
    }

    /// By the signature that each format begins with.
    fn of_bytes(start: &[u8]) -> Option<Kind> {
        let at = |range: std::ops::Range<usize>| start.get(range).unwrap_or_default();
        if start.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Kind::Png)
        } else if start.starts_with(b"\xff\xd8\xff") {
            Some(Kind::Jpeg)
        } else if start.starts_with(b"GIF87a") || start.starts_with(b"GIF89a") {
            Some(Kind::Gif)
        } else if at(0..4) == b"RIFF" && at(8..12) == b"WEBP" {
            Some(Kind::Webp)
        } else if at(4..8) == b"ftyp" && matches!(at(8..12), b"avif" | b"avis" | b"mif1") {
            Some(Kind::Avif)
        } else {
            None
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Jpeg => "jpg",
            Kind::Gif => "gif",
            Kind::Webp => "webp",
            Kind::Avif => "avif",
        }
    }
}
