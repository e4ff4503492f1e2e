//! Where the site goes, and which folders a build must never be let loose on.
//!
//! Beside an output folder `public` stand, while or after a build: `.public.upfront`, the [list](super::list) of what was
//! written, and `.public.staging`, only while a build runs or after one was killed.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::WriteError;

/// Folders of a site that hold what people wrote or what cannot be made again.
const SOURCE: [&str; 7] = ["incidents", "theme", "history", "drafts", "src", ".git", ".github"];

/// An output folder that may be written, and its neighbours.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder itself, with all links resolved.
    pub out: PathBuf,
    /// Whether it stands already.
    pub exists: bool,
    /// The folder it stands in.
    beside: PathBuf,
    name: OsString,
}

impl Place {
    /// Resolves `out` and refuses it where a build could harm something.
    pub fn find(root: &Path, out: &Path) -> Result<Place, WriteError> {
        let shown = out.display();
        let root =
            root.canonicalize().map_err(WriteError::io(|| format!("find the site's folder `{}`", root.display())))?;
        let out = resolve(out)?;
        if let Some(why) = danger(&root, &out) {
            return Err(WriteError::Refused(format!(
                "the output folder `{shown}` {why}; choose a folder of its own, such as `public`"
            )));
        }
        let exists = match fs::metadata(&out) {
            Ok(meta) if meta.is_dir() => true,
            Ok(_) => {
                return Err(WriteError::Refused(format!(
                    "the output folder `{shown}` is a file; remove it or choose another name"
                )));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(WriteError::Io { doing: format!("look at the output folder `{shown}`"), error }),
        };
        let (Some(beside), Some(name)) = (out.parent(), out.file_name()) else {
            return Err(WriteError::Refused(format!("the output folder `{shown}` has no name")));
        };
        let (beside, name) = (beside.to_owned(), name.to_owned());
        Ok(Place { out, exists, beside, name })
    }

    /// The folder that the output folder stands in.
    pub fn beside(&self) -> &Path {
        &self.beside
    }

    /// The list of what was written.
    pub fn list(&self) -> PathBuf {
        self.neighbour(".upfront")
    }

    /// Where the next list is written before it takes the place of the last.
    pub fn list_to_be(&self) -> PathBuf {
        self.neighbour(".upfront.new")
    }

    /// The staging folder, as long as it is on the output's file system.
    pub fn staging_beside(&self) -> PathBuf {
        self.neighbour(".staging")
    }

    /// The staging folder for an output folder on which a file system of its own is mounted.
    pub fn staging_within(&self) -> PathBuf {
        self.out.join(".upfront-staging")
    }

    fn neighbour(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(ending);
        self.beside.join(name)
    }
}

/// What is wrong with `out`, to be read after its name.
fn danger(root: &Path, out: &Path) -> Option<&'static str> {
    if out == root {
        return Some("is the site's own folder");
    }
    if root.starts_with(out) {
        return Some("holds the site's own folder");
    }
    if std::env::home_dir().is_some_and(|home| home.starts_with(out)) {
        return Some("is or holds your home folder");
    }
    if out.components().any(|part| part.as_os_str() == ".git") {
        return Some("lies in a git repository's own data");
    }
    if out.join("upfront.toml").exists() {
        return Some("is the source of a site: it holds an `upfront.toml`");
    }
    let first = out.strip_prefix(root).ok()?.components().next()?;
    let is_first = |name: &&str| first.as_os_str().eq_ignore_ascii_case(name);
    SOURCE.iter().any(is_first).then_some("lies in the site's source")
}

/// The path without links and without `..`; what does not exist yet is kept as it is.
fn resolve(path: &Path) -> Result<PathBuf, WriteError> {
    let doing = || format!("find the output folder `{}`", path.display());
    let absolute = std::path::absolute(path).map_err(WriteError::io(doing))?;
    let mut known = absolute.as_path();
    let mut missing = Vec::new();
    loop {
        match known.canonicalize() {
            Ok(found) => return Ok(missing.iter().rev().fold(found, |path, name| path.join(name))),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(WriteError::Io { doing: doing(), error }),
        }
        if known.is_symlink() {
            let link = known.display();
            return Err(WriteError::Refused(format!(
                "`{link}` is a link that leads nowhere; remove it or make its target"
            )));
        }
        let (Some(parent), Some(Component::Normal(name))) = (known.parent(), known.components().next_back()) else {
            return Err(WriteError::Io { doing: doing(), error: io::Error::from(ErrorKind::NotFound) });
        };
        missing.push(name);
        known = parent;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail this way")]
mod tests {
    use super::*;
    use snapbox::{assert_data_eq, str};

    /// `~` stands for a fresh folder with the site `~/site` in it.
    #[track_caller]
    fn check(out: &str, expected: impl snapbox::IntoData) {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        fs::create_dir_all(base.join("site/incidents")).unwrap();
        fs::create_dir_all(base.join("other")).unwrap();
        fs::write(base.join("site/upfront.toml"), "").unwrap();
        fs::write(base.join("other/upfront.toml"), "").unwrap();
        fs::write(base.join("site/file"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("incidents", base.join("site/link")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("nothing", base.join("site/astray")).unwrap();
        let base = base.to_string_lossy().into_owned();
        let said = match Place::find(Path::new(&format!("{base}/site")), Path::new(&out.replace('~', &base))) {
            Ok(place) => format!("{} exists={} list={}", place.out.display(), place.exists, place.list().display()),
            Err(error) => error.to_string(),
        };
        assert_data_eq!(said.replace(&base, "~"), expected);
    }

    #[test]
    fn the_sites_own_public_folder_is_fine() {
        check("~/site/public", str!["~/site/public exists=false list=~/site/.public.upfront"]);
    }

    #[test]
    fn so_is_a_folder_anywhere_else_and_need_not_exist() {
        check("~/www/status/", str!["~/www/status exists=false list=~/www/.status.upfront"]);
        check("~/site/incidents/../build", str!["~/site/build exists=false list=~/site/.build.upfront"]);
    }

    #[test]
    fn the_source_is_refused_and_whatever_holds_it() {
        check(
            "~/site",
            str!["the output folder `~/site` is the site's own folder; choose a folder of its own, such as `public`"],
        );
        check(
            "~/site/.",
            str!["the output folder `~/site/.` is the site's own folder; choose a folder of its own, such as `public`"],
        );
        check(
            "~",
            str!["the output folder `~` holds the site's own folder; choose a folder of its own, such as `public`"],
        );
        check(
            "/",
            str!["the output folder `/` holds the site's own folder; choose a folder of its own, such as `public`"],
        );
    }

    #[test]
    fn so_is_what_lies_in_it() {
        check(
            "~/site/incidents",
            str![
                "the output folder `~/site/incidents` lies in the site's source; choose a folder of its own, such as `public`"
            ],
        );
        check(
            "~/site/Theme/static",
            str![
                "the output folder `~/site/Theme/static` lies in the site's source; choose a folder of its own, such as `public`"
            ],
        );
        check(
            "~/site/.git/x",
            str![
                "the output folder `~/site/.git/x` lies in a git repository's own data; choose a folder of its own, such as `public`"
            ],
        );
    }

    #[test]
    fn a_link_is_followed_first() {
        check(
            "~/site/link",
            str![
                "the output folder `~/site/link` lies in the site's source; choose a folder of its own, such as `public`"
            ],
        );
        check("~/site/astray", str!["`~/site/astray` is a link that leads nowhere; remove it or make its target"]);
    }

    #[test]
    fn another_site_a_file_and_a_home_are_refused() {
        check(
            "~/other",
            str![
                "the output folder `~/other` is the source of a site: it holds an `upfront.toml`; choose a folder of its own, such as `public`"
            ],
        );
        check("~/site/file", str!["the output folder `~/site/file` is a file; remove it or choose another name"]);
        if let Some(home) = std::env::home_dir().and_then(|home| home.canonicalize().ok()) {
            let root = Path::new("/nowhere/site");
            assert!(danger(root, &home).is_some() || root.starts_with(&home));
        }
    }
}
