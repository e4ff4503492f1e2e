//! A full disk, a read-only one, and one that is mounted as the output folder. Each needs a file system of its own,
//! which only root may mount; elsewhere these tests say so and do nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use upfront::write::{WriteError, Written, write};

use super::{Files, files_in, outputs};

/// A file system that is unmounted when dropped.
struct Mount(PathBuf);

impl Mount {
    /// `None`, with a word about it, where mounting is not possible.
    fn new(at: &Path, options: &[&str]) -> Option<Mount> {
        fs::create_dir_all(at).expect("a folder");
        let done = cfg!(target_os = "linux")
            && Command::new("mount").args(options).arg(at).output().is_ok_and(|output| output.status.success());
        if !done {
            println!("skipped: mounting a file system needs Linux and root");
        }
        done.then(|| Mount(at.to_owned()))
    }

    fn small(at: &Path) -> Option<Mount> {
        Mount::new(at, &["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
    }

    /// Tries more than once: while a test beside this one starts a process, its copy of an open file keeps the disk busy.
    fn remount(&self, how: &str) {
        let once = || Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).output();
        let done = (0..50).any(|_| {
            let done = once().expect("mount").status.success();
            if !done {
                std::thread::sleep(Duration::from_millis(20));
            }
            done
        });
        assert!(done, "remounting as {how}");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn build(root: &Path, out: &Path, files: Files<'_>) -> Result<Written, WriteError> {
    write(root, out, &outputs(files, &AtomicUsize::new(0)), "test", &|_, _| {})
}

#[track_caller]
fn assert_fails_and_changes_nothing(root: &Path, out: &Path, disk: &Path, files: Files<'_>) {
    let before = files_in(disk);
    let error = build(root, out, files).expect_err("an error");
    assert!(matches!(error, WriteError::Io { .. }), "{error}");
    assert!(files_in(disk) == before, "nothing has changed");
}

#[test]
fn a_full_disk_leaves_the_old_site() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = folder.path().join("disk");
    let Some(_mount) = Mount::small(&disk) else { return };
    let (root, out) = (folder.path(), disk.join("public"));
    let long = "x".repeat(100_000);
    let too_much = [("index.html", long.as_str()), ("a.html", "a"), ("b/b.html", &long), ("c/c.html", &long)];
    assert_fails_and_changes_nothing(root, &out, &disk, &too_much);
    build(root, &out, &[("index.html", "1"), ("a.html", "a")]).expect("a build");
    assert_fails_and_changes_nothing(root, &out, &disk, &too_much);
    build(root, &out, &[("index.html", &long)]).expect("a build, now that there is room");
    assert_eq!(files_in(&out).keys().collect::<Vec<_>>(), ["index.html"]);
}

#[test]
fn a_read_only_disk_leaves_the_old_site() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = folder.path().join("disk");
    let Some(mount) = Mount::small(&disk) else { return };
    let (root, out) = (folder.path(), disk.join("public"));
    build(root, &out, &[("index.html", "1")]).expect("a build");
    mount.remount("ro");
    assert_fails_and_changes_nothing(root, &out, &disk, &[("index.html", "2"), ("new.html", "new")]);
    mount.remount("rw");
    build(root, &out, &[("index.html", "2")]).expect("a build");
}

#[test]
fn a_disk_that_is_the_output_folder_works_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, out) = (folder.path(), folder.path().join("public"));
    let Some(_mount) = Mount::small(&out) else { return };
    build(root, &out, &[("index.html", "1"), ("a/a.html", "a")]).expect("a build");
    build(root, &out, &[("index.html", "2"), ("b/b.html", "b")]).expect("a build");
    assert_eq!(files_in(&out).keys().collect::<Vec<_>>(), ["b/b.html", "index.html"]);
}

#[test]
fn so_does_a_folder_of_the_same_disk_that_is_mounted_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, out) = (folder.path(), folder.path().join("public"));
    fs::create_dir(root.join("volume")).expect("a folder");
    let volume = root.join("volume").to_string_lossy().into_owned();
    let Some(_mount) = Mount::new(&out, &["--bind", &volume]) else { return };
    build(root, &out, &[("index.html", "1"), ("a/a.html", "a")]).expect("a build");
    build(root, &out, &[("index.html", "2"), ("b/b.html", "b")]).expect("a build");
    assert_eq!(files_in(&out).keys().collect::<Vec<_>>(), ["b/b.html", "index.html"]);
}
