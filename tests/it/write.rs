//! What `write` promises, with sites made of a few words.

mod disk;
mod kill;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use snapbox::{assert_data_eq, str};
use upfront::diag::{Code, Diagnostic, Severity};
use upfront::render::{Class, Content, Key, Output, RenderError, SitePath};
use upfront::write::{WriteError, Written, write};

/// A site's folder with an output folder `public` in it, and how many pages were made so far.
struct Place {
    folder: tempfile::TempDir,
    made: AtomicUsize,
}

/// The files of a site: path and text. The text is also the key, unless it ends with `!`.
type Files<'a> = &'a [(&'a str, &'a str)];

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("incidents")).expect("a folder");
        Place { folder, made: AtomicUsize::new(0) }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn out(&self) -> PathBuf {
        self.root().join("public")
    }

    fn list(&self) -> PathBuf {
        self.root().join(".public.upfront")
    }

    /// Puts a file there that is not ours.
    fn put(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn try_build(&self, files: Files<'_>, built_by: &str) -> Result<Written, WriteError> {
        write(self.root(), &self.out(), &outputs(files, &self.made), built_by, &|_, _| {})
    }

    #[track_caller]
    fn build(&self, files: Files<'_>) -> Written {
        self.try_build(files, "test").expect("a build that works")
    }

    #[track_caller]
    fn refused(&self, files: Files<'_>) -> String {
        let before = self.show();
        let error = self.try_build(files, "test").expect_err("a build that is refused");
        assert_eq!(self.show(), before, "nothing has changed");
        assert!(matches!(error, WriteError::Refused(_)));
        error.to_string()
    }

    /// How many pages the work makes.
    fn pages_made(&self, work: impl FnOnce()) -> usize {
        let before = self.made.load(Ordering::Relaxed);
        work();
        self.made.load(Ordering::Relaxed) - before
    }

    /// Everything beneath the site's folder, a line each, but for the list and empty folders of the source.
    fn show(&self) -> String {
        let files = files_in(self.root()).into_iter().filter(|(path, _)| path != ".public.upfront");
        files.map(|(path, text)| format!("{path}: {}\n", String::from_utf8_lossy(&text))).collect()
    }
}

fn outputs<'a>(files: Files<'a>, made: &'a AtomicUsize) -> Vec<Output<'a>> {
    let output = |(path, text): &(&'a str, &'a str)| {
        let text = *text;
        let class = match *path {
            "index.html" => Class::Front,
            path if path.ends_with(".css") => Class::Asset,
            path if path.starts_with("incidents/") => Class::Leaf,
            _ => Class::Index,
        };
        let make = move || {
            made.fetch_add(1, Ordering::Relaxed);
            Ok(text.into())
        };
        let key = (!text.ends_with('!')).then(|| Key::of(&text));
        Output { path: SitePath::new(*path).expect("a path"), class, key, content: Content::made(make) }
    };
    files.iter().map(output).collect()
}

/// All files beneath, with their bytes, by path; an empty folder as a path that
/// ends with `/`, a link as one that ends with `@`.
fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).min_depth(1).into_iter().filter_map(Result::ok);
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).expect("beneath").to_str().expect("text").to_owned();
        if entry.file_type().is_dir() {
            let is_empty = fs::read_dir(entry.path()).expect("a folder").next().is_none();
            return is_empty.then(|| (path + "/", Vec::new()));
        }
        if let Ok(target) = fs::read_link(entry.path()) {
            return Some((path + "@", target.into_os_string().into_encoded_bytes()));
        }
        Some((path, fs::read(entry.path()).expect("a file")))
    };
    entries.filter_map(read).collect()
}

#[test]
fn the_first_build_makes_the_folder() {
    let place = Place::new();
    let written = place.build(&[("index.html", "front"), ("incidents/imap/index.html", "imap"), ("a.css", "css")]);
    assert_eq!(written, Written { created: 3, ..Written::default() });
    assert_data_eq!(
        place.show(),
        str![[r#"
incidents/: 
public/a.css: css
public/incidents/imap/index.html: imap
public/index.html: front

"#]]
    );
}

#[test]
fn a_second_build_touches_nothing_and_makes_only_what_has_no_key() {
    let place = Place::new();
    let files = [("index.html", "front!"), ("a/index.html", "a"), ("b/index.html", "b")];
    place.build(&files);
    let times = |path: &str| fs::metadata(place.root().join(path)).and_then(|meta| meta.modified()).expect("a time");
    let before = [times("public/index.html"), times(".public.upfront"), times("public/a")];
    let made = place.pages_made(|| assert_eq!(place.build(&files), Written { unchanged: 3, ..Written::default() }));
    assert_eq!(made, 1);
    assert_eq!([times("public/index.html"), times(".public.upfront"), times("public/a")], before);
}

#[test]
fn what_changed_is_written_and_what_is_gone_is_removed_with_its_folder() {
    let place = Place::new();
    place.build(&[("index.html", "1"), ("incidents/a/b/index.html", "a"), ("c/index.html", "c")]);
    let written = place.build(&[("index.html", "2"), ("c/index.html", "c"), ("d/e.html", "new")]);
    assert_eq!(written, Written { created: 1, changed: 1, removed: 1, unchanged: 1 });
    assert_data_eq!(
        place.show(),
        str![[r#"
incidents/: 
public/c/index.html: c
public/d/e.html: new
public/index.html: 2

"#]]
    );
}

#[test]
fn a_file_with_another_key_and_the_same_bytes_is_not_written() {
    let place = Place::new();
    place.build(&[("index.html", "same!")]);
    let mut same = outputs(&[("index.html", "same!")], &place.made);
    same[0].key = Some(Key([1; 16]));
    let before = fs::metadata(place.out().join("index.html")).expect("a file").modified().expect("a time");
    let written = write(place.root(), &place.out(), &same, "test", &|_, _| {}).expect("a build");
    assert_eq!(written, Written { unchanged: 1, ..Written::default() });
    assert_eq!(fs::metadata(place.out().join("index.html")).expect("a file").modified().expect("a time"), before);
}

#[test]
fn another_program_makes_everything_again() {
    let place = Place::new();
    place.build(&[("index.html", "same")]);
    let made = place.pages_made(|| {
        place.try_build(&[("index.html", "same")], "another").expect("a build");
    });
    assert_eq!(made, 1);
}

#[test]
fn files_of_others_are_left_alone_and_so_are_their_folders() {
    let place = Place::new();
    place.put("public/CNAME", "status.example");
    place.put("public/.well-known/security.txt", "mail us");
    place.build(&[("index.html", "1"), (".well-known/ours.txt", "x"), ("a/index.html", "a")]);
    place.put("public/a/theirs.txt", "theirs");
    place.build(&[("index.html", "2")]);
    assert_data_eq!(
        place.show(),
        str![[r#"
incidents/: 
public/.well-known/security.txt: mail us
public/CNAME: status.example
public/a/theirs.txt: theirs
public/index.html: 2

"#]]
    );
}

#[test]
fn a_file_of_somebody_else_at_our_path_stops_the_build() {
    let place = Place::new();
    place.put("public/index.html", "the old site");
    let said = place.refused(&[("index.html", "1"), ("a/index.html", "a")]);
    assert_data_eq!(
        said,
        str![
            "the output folder holds files that upfront did not write, where files of the site would go: `index.html`; move them away, or build into an empty folder"
        ]
    );
    assert!(!place.list().exists(), "no list of a build that never was");
}

#[test]
fn unless_it_has_the_same_bytes() {
    let place = Place::new();
    place.put("public/index.html", "1");
    assert_eq!(place.build(&[("index.html", "1")]), Written { unchanged: 1, ..Written::default() });
    assert_eq!(place.build(&[("index.html", "2")]), Written { changed: 1, ..Written::default() });
}

#[test]
fn a_lost_or_damaged_list_costs_one_refusal_at_most_and_never_a_file() {
    for damage in ["", "upfront-list 1 test\nf", "<!doctype html>"] {
        let place = Place::new();
        place.build(&[("index.html", "1"), ("old.html", "old")]);
        fs::write(place.list(), damage).expect("a file");
        assert_eq!(place.build(&[("index.html", "1")]), Written { unchanged: 1, ..Written::default() });
        assert!(place.out().join("old.html").exists(), "not known to be ours any more");
        fs::write(place.list(), damage).expect("a file");
        place.refused(&[("index.html", "2")]);
    }
}

#[test]
fn what_somebody_did_to_our_files_is_put_right() {
    let place = Place::new();
    let files = [("index.html", "front"), ("a/index.html", "a"), ("b/index.html", "b")];
    place.build(&files);
    place.put("public/index.html", "FRONT");
    fs::remove_dir_all(place.out().join("b")).expect("a folder");
    assert_eq!(place.build(&files), Written { created: 1, changed: 1, unchanged: 1, removed: 0 });
    assert_data_eq!(
        place.show(),
        str![[r#"
incidents/: 
public/a/index.html: a
public/b/index.html: b
public/index.html: front

"#]]
    );
}

#[test]
fn a_copy_of_the_folder_with_other_times_is_not_made_again() {
    let place = Place::new();
    place.build(&[("index.html", "front")]);
    let file = fs::File::options().write(true).open(place.out().join("index.html")).expect("a file");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).expect("a time");
    let made = place.pages_made(|| {
        assert_eq!(place.build(&[("index.html", "front")]), Written { unchanged: 1, ..Written::default() });
    });
    assert_eq!(made, 0);
}

#[test]
fn a_page_that_cannot_be_made_leaves_the_old_site() {
    let place = Place::new();
    place.build(&[("index.html", "1"), ("a.html", "a"), ("b.html", "b")]);
    let before = place.show();
    let mut outputs = outputs(&[("index.html", "2"), ("new.html", "new")], &place.made);
    for (output, name) in outputs.iter_mut().rev().zip(["second by path", "first by path"]) {
        output.path = SitePath::new(format!("{}/index.html", &name[..1])).expect("a path");
        let diagnostic = Diagnostic {
            code: Code::FILE_UNREADABLE,
            severity: Severity::Error,
            message: name.into(),
            place: None,
            cure: String::new(),
            outcome: None,
        };
        output.content = Content::made(move || Err(RenderError(Box::new(diagnostic.clone()))));
    }
    let error = write(place.root(), &place.out(), &outputs, "test", &|_, _| {}).expect_err("an error");
    assert_eq!(error.to_string(), "first by path");
    assert_eq!(place.show(), before);
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let place = Place::new();
    place.build(&[("a", "file"), ("b/c/d.html", "deep"), ("b/e.html", "e")]);
    place.build(&[("a/index.html", "folder"), ("b", "file")]);
    assert_data_eq!(
        place.show(),
        str![[r#"
incidents/: 
public/a/index.html: folder
public/b: file

"#]]
    );
}

#[test]
fn a_folder_of_somebody_else_does_not_become_a_file() {
    let place = Place::new();
    place.build(&[("b/c.html", "c")]);
    place.put("public/b/theirs.txt", "theirs");
    place.refused(&[("b", "file")]);
    place.put("public/x/theirs.txt", "theirs");
    place.refused(&[("x", "file")]);
    place.put("public/y", "theirs");
    place.refused(&[("y/index.html", "page")]);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    let place = Place::new();
    place.build(&[("index.html", "1"), ("a/index.html", "a")]);
    place.put("elsewhere/index.html", "a");
    fs::remove_dir_all(place.out().join("a")).expect("a folder");
    std::os::unix::fs::symlink("../elsewhere", place.out().join("a")).expect("a link");
    place.refused(&[("index.html", "1"), ("a/new.html", "new")]);
    place.build(&[("index.html", "1")]);
    assert!(place.root().join("elsewhere/index.html").exists());

    std::os::unix::fs::symlink("../elsewhere/index.html", place.out().join("link.html")).expect("a link");
    place.refused(&[("index.html", "1"), ("link.html", "page")]);
}

#[cfg(unix)]
#[test]
fn an_empty_folder_stays_the_same_folder() {
    use std::os::unix::fs::MetadataExt;
    let place = Place::new();
    fs::create_dir(place.out()).expect("a folder");
    let number = || fs::metadata(place.out()).expect("a folder").ino();
    let before = number();
    place.build(&[("index.html", "1")]);
    assert_eq!(number(), before);
}

#[test]
fn what_a_killed_build_left_is_removed() {
    let place = Place::new();
    place.build(&[("index.html", "1")]);
    place.put(".public.staging/0", "half a pa");
    place.put("public/.upfront-staging/0", "half a pa");
    place.put(".public.upfront.new", "half a li");
    place.build(&[("index.html", "1")]);
    assert_data_eq!(
        place.show(),
        str![[r#"
incidents/: 
public/index.html: 1

"#]]
    );
}

#[test]
fn many_builds_at_once_wait_for_each_other() {
    let place = Place::new();
    let sites = ["site-1", "site-2", "site-3", "site-4"];
    std::thread::scope(|scope| {
        for text in sites {
            let place = &place;
            scope.spawn(move || place.build(&[("index.html", text), (text, text), ("a.html", text)]));
        }
    });
    let text = fs::read_to_string(place.out().join("index.html")).expect("a file");
    let expected = format!("incidents/: \npublic/a.html: {text}\npublic/index.html: {text}\npublic/{text}: {text}\n");
    assert_eq!(place.show(), expected);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let texts: Vec<(String, String)> =
        (0..200).map(|n| (format!("incidents/{}/{n}.html", n % 7), n.to_string())).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (&**path, &**text)).collect();
    let build = |threads| {
        let place = Place::new();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let written = pool.install(|| place.build(&files));
        (written, files_in(&place.out()))
    };
    assert_eq!(build(1), build(4));
}

#[test]
fn two_files_of_one_path_are_refused() {
    let place = Place::new();
    assert_data_eq!(place.refused(&[("a", "1"), ("a", "2")]), str!["two files of the site would be `a`"]);
}

#[test]
fn progress_is_told_to_the_end() {
    let place = Place::new();
    let last = AtomicUsize::new(0);
    let files = outputs(&[("a", "a"), ("b", "b")], &place.made);
    let progress = |done, of| {
        assert_eq!(of, 2);
        last.fetch_max(done, Ordering::Relaxed);
    };
    write(place.root(), &place.out(), &files, "test", &progress).expect("a build");
    assert_eq!(last.into_inner(), 2);
}
