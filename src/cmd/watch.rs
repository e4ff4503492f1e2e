//! Waits until a file of the site changes.
//!
//! Only what a site is made of is watched: the files at its top, `incidents/` and `theme/`, and git's log of commits, for
//! a commit gives updates their minute. `public/`, `target/` and `node_modules/` never wake anybody, and neither do the
//! files that editors make beside the one that is saved.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// A save is several events: the site is read once it has been quiet for so long.
const QUIET: Duration = Duration::from_millis(15);

/// A folder that never becomes quiet is read all the same.
const UNQUIET_MAX: Duration = Duration::from_millis(200);

/// Folders at the top that are watched with all that is in them.
const FOLDERS: [&str; 2] = ["incidents", "theme"];

/// Names at the top that belong to no site.
const IGNORED: [&str; 3] = ["public", "target", "node_modules"];

/// What ends waiting.
pub(super) enum Wake<Q> {
    Changed(Change),
    /// A question of somebody else who has the sender.
    Asked(Q),
}

/// What an event means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    File,
    /// A watched folder itself came, went or was replaced: what is watched now may be another one.
    Folder,
}

pub(super) struct Watch<Q> {
    root: PathBuf,
    /// Files that are written because something changed, and are no change.
    ignored: Vec<PathBuf>,
    sender: Sender<Wake<Q>>,
    wakes: Receiver<Wake<Q>>,
    /// Held for what its end would end.
    watcher: Option<RecommendedWatcher>,
}

impl<Q: Send + 'static> Watch<Q> {
    /// Changes are counted from now on.
    pub(super) fn new(root: &Path, ignored: &[&Path]) -> notify::Result<Watch<Q>> {
        // Some systems tell events by the real path.
        let root = fs::canonicalize(root).map_err(notify::Error::io)?;
        let (sender, wakes) = mpsc::channel();
        let real = |path: &&Path| Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
        // A bare name lies in the folder that we are in.
        let here =
            ignored.iter().map(|path| if path.is_absolute() { path.to_path_buf() } else { Path::new(".").join(path) });
        let ignored: Vec<PathBuf> = here.filter_map(|path| real(&path.as_path())).collect();
        let watcher = Some(watcher(&root, &ignored, &sender)?);
        Ok(Watch { root, ignored, sender, wakes, watcher })
    }

    /// For those who ask while we wait.
    pub(super) fn sender(&self) -> Sender<Wake<Q>> {
        self.sender.clone()
    }

    /// The next change or question; `None` where there is none so long.
    pub(super) fn next(&self, patience: Duration) -> Option<Wake<Q>> {
        // `self` holds a sender, so an error is only that the time is over.
        self.wakes.recv_timeout(patience).ok()
    }

    /// Waits until a change is over. Questions meanwhile are about the site after it, and are returned.
    pub(super) fn settle(&mut self, first: Change) -> Vec<Q> {
        let (mut change, mut asked) = (first, Vec::new());
        let began = Instant::now();
        while began.elapsed() < UNQUIET_MAX {
            match self.next(QUIET) {
                Some(Wake::Changed(another)) => change = change.max(another),
                Some(Wake::Asked(question)) => asked.push(question),
                None => break,
            }
        }
        if change == Change::Folder {
            // The old one first: two would tell everything twice. What cannot be watched is still read each minute.
            self.watcher = None;
            self.watcher = watcher(&self.root, &self.ignored, &self.sender).ok();
        }
        asked
    }
}

fn watcher<Q: Send + 'static>(
    root: &Path,
    ignored: &[PathBuf],
    sender: &Sender<Wake<Q>>,
) -> notify::Result<RecommendedWatcher> {
    let (events_root, events_ignored, events) = (root.to_owned(), ignored.to_owned(), sender.clone());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let change = match event {
            Ok(event) if event.paths.iter().all(|path| events_ignored.contains(path)) && !event.paths.is_empty() => {
                None
            }
            Ok(event) => meaning(&events_root, &event),
            // Events were lost: look at everything.
            Err(_) => Some(Change::Folder),
        };
        if let Some(change) = change {
            // Nobody waits any more when the program ends.
            let _ = events.send(Wake::Changed(change));
        }
    })?;
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    for folder in FOLDERS {
        match root.join(folder) {
            folder if folder.is_dir() => watcher.watch(&folder, RecursiveMode::Recursive)?,
            _ => {}
        }
    }
    let git_log = root.join(".git/logs");
    if git_log.is_dir() {
        watcher.watch(&git_log, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}

/// What an event means for the site in `root`; `None` where it means nothing.
fn meaning(root: &Path, event: &Event) -> Option<Change> {
    if event.need_rescan() {
        return Some(Change::Folder);
    }
    match event.kind {
        // Reading is no change: we read ourselves.
        EventKind::Access(_) => return None,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => {}
    }
    let is_contents = matches!(event.kind, EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)));
    event.paths.iter().filter_map(|path| meaning_of_path(root, path, is_contents)).max()
}

fn meaning_of_path(root: &Path, path: &Path, is_contents: bool) -> Option<Change> {
    let Ok(inside) = path.strip_prefix(root) else { return None };
    let mut parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
    let Some(first) = parts.next() else {
        // The folder of the site itself.
        return (!is_contents).then_some(Change::Folder);
    };
    let name = inside.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if first == ".git" {
        return (name == "HEAD").then_some(Change::File);
    }
    let is_top = parts.next().is_none();
    if is_top && FOLDERS.contains(&&*first) {
        return (!is_contents).then_some(Change::Folder);
    }
    let is_ignored = is_top && (IGNORED.contains(&&*first) || first.starts_with('.'));
    (!is_ignored && !is_passing(&name)).then_some(Change::File)
}

/// Files that an editor makes while it saves: Vim, Emacs, Kate, gedit, `sed -i`.
fn is_passing(name: &str) -> bool {
    name == "4913"
        || name.ends_with('~')
        || name.starts_with(".#")
        || (name.starts_with('#') && name.ends_with('#'))
        || [".swp", ".swo", ".swx", ".tmp", ".kate-swp"].iter().any(|ending| name.ends_with(ending))
        || name.starts_with(".goutputstream")
        || (name.starts_with("sed") && name.len() == 9 && !name.contains('.'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at what it takes for granted")]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::Duration;

    use super::{Change, Wake, Watch, meaning_of_path};

    #[test]
    fn what_a_site_is_made_of_wakes_and_nothing_else() {
        let check = |path: &str, expected: Option<Change>| {
            assert_eq!(meaning_of_path(Path::new("/site"), &Path::new("/site").join(path), false), expected, "{path}");
        };
        check("upfront.toml", Some(Change::File));
        check("incidents/2022/a/index.md", Some(Change::File));
        check("theme/static/css/x.css", Some(Change::File));
        check(".git/logs/HEAD", Some(Change::File));
        check("incidents", Some(Change::Folder));
        check("", Some(Change::Folder));
        for path in
            ["public", ".public.list", "target", ".git", "incidents/.a.md.swp", "incidents/a.md~", "incidents/4913"]
        {
            check(path, None);
        }
    }

    /// Long enough for a busy machine; only a test that fails waits so long.
    const LONG: Duration = Duration::from_secs(10);

    /// Waits until something changed and all is quiet again.
    fn woken(watch: &mut Watch<()>, patience: Duration) -> bool {
        match watch.next(patience) {
            Some(Wake::Changed(change)) => {
                watch.settle(change);
                true
            }
            Some(Wake::Asked(_)) | None => false,
        }
    }

    #[test]
    fn a_folder_that_is_replaced_is_still_watched() {
        let site = tempfile::tempdir().unwrap();
        let path = |name: &str| site.path().join(name);
        fs::create_dir(path("incidents")).unwrap();
        fs::write(path("incidents/a.md"), "a").unwrap();
        let mut watch = Watch::new(site.path(), &[]).unwrap();

        fs::write(path("incidents/a.md"), "b").unwrap();
        assert!(woken(&mut watch, LONG));

        fs::create_dir(path("next")).unwrap();
        fs::write(path("next/a.md"), "c").unwrap();
        fs::rename(path("incidents"), path("old")).unwrap();
        fs::rename(path("next"), path("incidents")).unwrap();
        assert!(woken(&mut watch, LONG));
        while woken(&mut watch, Duration::from_millis(100)) {}

        fs::write(path("incidents/a.md"), "d").unwrap();
        assert!(woken(&mut watch, LONG));
    }

    #[test]
    fn reading_wakes_nobody() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir(site.path().join("incidents")).unwrap();
        fs::write(site.path().join("incidents/a.md"), "a").unwrap();
        let mut watch = Watch::new(site.path(), &[]).unwrap();
        fs::read(site.path().join("incidents/a.md")).unwrap();
        fs::read_dir(site.path().join("incidents")).unwrap().for_each(drop);
        assert!(!woken(&mut watch, Duration::from_millis(150)));
    }
}
