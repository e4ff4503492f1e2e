//! Feeds in files: one, or all in a folder.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::{Answers, BYTES_MAX, BYTES_OF_FEED_MAX, Question, Trouble};
use crate::load::feed::Payload;
use crate::load::files::{self, Unread};
use crate::model::FeedKind;

/// How many files of a folder are read.
const FILES_MAX: usize = 1000;

/// The file or the folder of that path, from the site's folder. A link is followed wherever it leads, since feeds are
/// written by other programs; what is no regular file then is never opened, because reading one may wait for ever.
pub(super) fn read(question: &Question<'_>, path: &str) -> Answers {
    let on_disk = question.root.join(path);
    match fs::metadata(&on_disk) {
        Err(error) => unreadable(path, &error).into(),
        Ok(meta) if meta.is_dir() => folder(question, path, &on_disk),
        Ok(meta) => match file(question, path, &on_disk, &meta) {
            Ok(payload) => Answers { payloads: vec![payload], troubles: Vec::new() },
            Err(trouble) => trouble.into(),
        },
    }
}

/// Its files in the order of their names. One that cannot be read leaves the others as they are.
fn folder(question: &Question<'_>, path: &str, on_disk: &Path) -> Answers {
    let mut answers = Answers::default();
    let mut names = match names(question.feed.kind, on_disk) {
        Ok(names) => names,
        Err(error) => return unreadable(path, &error).into(),
    };
    if names.len() > FILES_MAX {
        let why = format!("there are more than {FILES_MAX} files in its folder");
        answers.troubles.push(Trouble::new(why, "the last ones by name are read; move old ones away"));
        names = names.split_off(names.len() - FILES_MAX);
    }
    let mut bytes_len = 0usize;
    for name in names {
        let (shown, inner) = (format!("{}/{name}", path.trim_end_matches('/')), on_disk.join(&name));
        let payload = match fs::metadata(&inner) {
            Ok(meta) => file(question, &shown, &inner, &meta),
            Err(error) => Err(unreadable(&shown, &error)),
        };
        match payload {
            Ok(payload) => {
                bytes_len = bytes_len.saturating_add(payload.bytes.len());
                if bytes_len > BYTES_OF_FEED_MAX {
                    answers.troubles.push(Trouble::too_large("all files of its folder", BYTES_OF_FEED_MAX as u64));
                    return answers;
                }
                answers.payloads.push(payload);
            }
            Err(trouble) => answers.troubles.push(trouble),
        }
    }
    if answers.payloads.is_empty() && answers.troubles.is_empty() {
        answers.troubles.push(Trouble::new("there is no `.json` or `.ndjson` file in its folder", "check `file`"));
    }
    answers
}

fn names(kind: FeedKind, folder: &Path) -> Result<Vec<String>, std::io::Error> {
    let is_wanted = |name: &str| {
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        let yaml = kind == FeedKind::Upptime && ending == Some("yml");
        !name.starts_with('.') && (yaml || matches!(ending, Some("json" | "ndjson")))
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok().filter(|name| is_wanted(name)));
    }
    names.sort_unstable();
    Ok(names)
}

fn file(question: &Question<'_>, path: &str, on_disk: &Path, meta: &Metadata) -> Result<Payload, Trouble> {
    if !meta.is_file() {
        return Err(no_file(path));
    }
    let bytes = files::read(on_disk, BYTES_MAX).map_err(|unread| match unread {
        Unread::TooLarge(_) => Trouble::too_large("its file", BYTES_MAX),
        Unread::NoFile | Unread::Outside => no_file(path),
        Unread::Io(error) => unreadable(path, &error),
    })?;
    Ok(Payload { name: path.to_owned(), request: String::new(), bytes, asked_ms: written_ms(question, meta) })
}

/// What a file says was so when it was written: one that nobody writes any more does not stay "up" for ever.
fn written_ms(question: &Question<'_>, meta: &Metadata) -> i64 {
    let now_ms = question.now.as_millisecond();
    let written = meta.modified().ok().and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
    written.and_then(|since| i64::try_from(since.as_millis()).ok()).map_or(now_ms, |written_ms| written_ms.min(now_ms))
}

fn no_file(path: &str) -> Trouble {
    Trouble::new("what it names is not a file", format!("`{path}` must be a regular file, or a folder of such"))
}

fn unreadable(path: &str, error: &std::io::Error) -> Trouble {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            let cure = format!("`{path}` is looked for from the site's folder, unless it begins with `/`");
            Trouble::new("its file is not there", cure)
        }
        std::io::ErrorKind::PermissionDenied => {
            Trouble::new("its file may not be read", format!("let whoever runs `upfront` read `{path}`"))
        }
        kind => Trouble::new("its file cannot be read", format!("`{path}`: {kind}")),
    }
}
