//! A folder becomes a site: which files are read, what they are called, what is told.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it takes for granted")]

use std::fs;

use snapbox::{assert_data_eq, str};

use crate::site_test::{self, TestSite};

/// A post that needs nothing more.
const POST: &str = "## Investigating · 2022-03-29 11:20\nWe are looking into it.\n";

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

/// Pages of a site with an ordinary post in each of those files, and what is told.
fn check(files: &[&str], pages: impl snapbox::IntoData, said: impl snapbox::IntoData) {
    let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, POST)).collect();
    let site = TestSite::new(&files);
    assert_data_eq!(site.pages(), pages);
    assert_data_eq!(site.said(), said);
}

#[test]
fn posts_are_read_at_any_depth_in_the_order_of_their_paths() {
    check(
        &[
            "incidents/b.md",
            "incidents/a.markdown",
            "incidents/2021/01/c.MD",
            "incidents/1/2/3/4/5/6/7/8/9/10/deep.md",
            "incidents/2022-03-29-imap/index.md",
            "incidents/2022-03-29-imap/notes-for-readers.md",
        ],
        str![[r#"
deep < incidents/1/2/3/4/5/6/7/8/9/10/deep.md
c < incidents/2021/01/c.MD
2022-03-29-imap < incidents/2022-03-29-imap/index.md
notes-for-readers < incidents/2022-03-29-imap/notes-for-readers.md
a < incidents/a.markdown
b < incidents/b.md

"#]],
        str![""],
    );
}

#[test]
fn drafts_and_leftovers_are_never_read() {
    check(
        &[
            "incidents/drafts/a.md",
            "incidents/2022/Drafts/b.md",
            "incidents/_c.md",
            "incidents/_d/index.md",
            "incidents/.e.md",
            "incidents/f.md~",
            "incidents/#g.md#",
            "incidents/README.md",
            "incidents/CONTRIBUTING.md",
            "incidents/2022-03-29-graph.png",
        ],
        str![""],
        str![""],
    );
}

#[test]
fn a_post_with_an_odd_name_is_published_and_told() {
    check(
        &["incidents/2022-03-29-a", "incidents/2022-03-30-b.txt", "incidents/c.md.txt", "incidents/2022-04-01-d.docx"],
        str![[r#"
2022-03-29-a < incidents/2022-03-29-a
2022-03-30-b < incidents/2022-03-30-b.txt
c < incidents/c.md.txt

"#]],
        str![[r#"
incidents/2022-03-29-a:1:1 [file-name] this post's name has no ending = published
incidents/2022-03-30-b.txt:1:1 [file-name] this post's name ends in `.txt` = published
incidents/2022-04-01-d.docx:1:1 [file-name] this looks like a post, but its name does not end as one = not published
incidents/c.md.txt:1:1 [file-name] this post's name ends in `.txt` = published

"#]],
    );
}

#[test]
fn a_site_without_posts_is_a_site() {
    let site = TestSite::new(&[]);
    fs::remove_dir(site.path("incidents")).unwrap();
    assert_data_eq!(site.pages(), str![""]);
    assert_data_eq!(
        site.said(),
        str![[r#"
incidents:1:1 [file-unreadable] there is no folder `incidents` = 

"#]]
    );
}

#[cfg(unix)]
#[test]
fn what_would_block_or_leave_the_site_is_never_opened() {
    use std::os::unix::fs::symlink;

    let site = TestSite::new(&[("incidents/real.md", POST), ("kept/post.md", POST), ("kept/folder/x.md", POST)]);
    let secret = site.outside("secret.md", "the password");
    symlink(&secret, site.path("incidents/secret.md")).unwrap();
    symlink("../../secret.md", site.path("incidents/up.md")).unwrap();
    symlink("nowhere.md", site.path("incidents/dangling.md")).unwrap();
    symlink("../kept/post.md", site.path("incidents/linked.md")).unwrap();
    symlink("../kept/folder", site.path("incidents/folder")).unwrap();
    symlink("loop", site.path("incidents/loop")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(site.path("incidents/pipe.md")).status().unwrap();
    assert!(made.success());
    assert_data_eq!(
        site.pages(),
        str![[r#"
linked < incidents/linked.md
real < incidents/real.md

"#]]
    );
    assert_data_eq!(
        site.said(),
        str![[r#"
incidents/dangling.md:1:1 [file-link-outside] `dangling.md` is a link that leads out of the site, or to nothing = not followed
incidents/folder:1:1 [file-link-outside] this link does not lead to a file = not followed
incidents/loop:1:1 [file-link-outside] `loop` is a link that leads out of the site, or to nothing = not followed
incidents/pipe.md:1:1 [file-unreadable] this is a FIFO, not a file = not opened
incidents/secret.md:1:1 [file-link-outside] `secret.md` is a link that leads out of the site, or to nothing = not followed
incidents/up.md:1:1 [file-link-outside] `up.md` is a link that leads out of the site, or to nothing = not followed

"#]]
    );
}

#[cfg(unix)]
#[test]
fn a_config_that_links_out_of_the_site_is_not_read() {
    let site = TestSite::new(&[]);
    let secret = site.outside("secret", "the password");
    fs::remove_file(site.path("upfront.toml")).unwrap();
    std::os::unix::fs::symlink(secret, site.path("upfront.toml")).unwrap();
    let told = upfront::load::load(&site.root()).unwrap_err();
    let first = told.first().unwrap();
    assert_eq!(first.code.as_str(), "file-link-outside");
    assert_eq!(first.place.as_ref().unwrap().source.text(), "");
}

#[test]
fn a_missing_config_says_how_to_begin() {
    let site = TestSite::new(&[]);
    fs::remove_file(site.path("upfront.toml")).unwrap();
    let told = upfront::load::load(&site.root()).unwrap_err();
    let told: Vec<(&str, &str)> = told.iter().map(|told| (told.code.as_str(), told.cure.as_str())).collect();
    let cure = "`upfront init` begins a site; `-C <folder>` names another folder";
    assert_eq!(told, [("config-missing", cure)]);
}

#[test]
fn a_huge_file_is_held_back_and_the_others_appear() {
    let site = TestSite::new(&[("incidents/a.md", POST)]);
    let file = fs::File::create(site.path("incidents/huge.md")).unwrap();
    file.set_len(200 << 20).unwrap();
    assert_data_eq!(
        site.pages(),
        str![[r#"
a < incidents/a.md

"#]]
    );
    assert_data_eq!(
        site.said(),
        str![[r#"
incidents/huge.md:1:1 [file-too-large] this file is too large: 200 MiB = held back

"#]]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_published_and_told() {
    use std::os::unix::ffi::OsStrExt as _;

    let site = TestSite::new(&[]);
    let name = std::ffi::OsStr::from_bytes(b"2022-03-29-\xe5pen.md");
    fs::write(site.path("incidents").join(name), POST).unwrap();
    assert_data_eq!(
        site.pages(),
        str![[r#"
2022-03-29-pen < incidents/2022-03-29-�pen.md

"#]]
    );
    assert!(site.said().contains("[file-name] this file's name is not UTF-8 = published"), "{}", site.said());
}

#[test]
fn of_two_posts_with_one_address_the_later_gets_another() {
    check(
        &["incidents/2021/slow.md", "incidents/2022/slow.md", "incidents/2023/Slow.md", "incidents/slow-2.md"],
        str![[r#"
slow < incidents/2021/slow.md
slow-3 < incidents/2022/slow.md
slow-4 < incidents/2023/Slow.md
slow-2 < incidents/slow-2.md

"#]],
        str![[r#"
incidents/2022/slow.md:1:1 [slug-taken] `incidents/2021/slow.md` already has the address of this post = published as `slow-3`
incidents/2023/Slow.md:1:1 [slug-taken] `incidents/2021/slow.md` already has the address of this post = published as `slow-4`

"#]],
    );
}

#[test]
fn an_alias_never_takes_the_address_of_another_post() {
    let with_alias = |alias: &str| format!("+++\naliases = [\"{alias}\"]\n+++\n{POST}");
    let site = TestSite::new(&[
        ("incidents/a.md", &with_alias("old")),
        ("incidents/b.md", &with_alias("a")),
        ("incidents/c.md", &with_alias("old")),
    ]);
    assert_data_eq!(
        site.pages(),
        str![[r#"
a < incidents/a.md (old)
b < incidents/b.md
c < incidents/c.md

"#]]
    );
    assert_data_eq!(
        site.said(),
        str![[r#"
incidents/b.md:2:13 [slug-taken] another post already has the address `a` = published, without this alias
incidents/c.md:2:13 [slug-taken] another post already has the address `old` = published, without this alias

"#]]
    );
}

/// The front matter and body of a report on that incident.
fn report(rfo_for: &str) -> String {
    format!("+++\nrfo_for = \"{rfo_for}\"\npublished = 2022-04-04\n+++\nIn short.\n")
}

#[test]
fn a_report_named_like_a_year_leaves_the_archive_of_that_year_alone() {
    let site = TestSite::new(&[
        ("incidents/2021.md", &report("nobody")),
        ("incidents/2022.md", POST),
        ("incidents/2022-2.md", &report("nobody")),
        ("incidents/z.md", &report("2022").replace("published", "aliases = [\"2020\", \"old\"]\npublished")),
    ]);
    assert_data_eq!(
        site.pages(),
        str![[r#"
2022 < incidents/2022.md
rfo 2021-2 of nothing < incidents/2021.md
rfo 2022-2 of nothing < incidents/2022-2.md
rfo 2022-3 of 2022 < incidents/z.md

"#]]
    );
    assert_data_eq!(
        site.said(),
        str![[r#"
incidents/2021.md:1:1 [slug-taken] `/rfo/2021/` is the archive of that year = published as `2021-2`
incidents/2021.md:2:11 [rfo-incident] no incident is called `nobody` = published on its own
incidents/2022-2.md:2:11 [rfo-incident] no incident is called `nobody` = published on its own
incidents/z.md:1:1 [slug-taken] `/rfo/2022/` is the archive of that year = published as `2022-3`
incidents/z.md:3:13 [slug-taken] another post already has the address `2020` = published, without this alias

"#]]
    );
    assert_eq!(site.run("build --now 2022-05-01T12:00:00Z").status, Some(0));
    assert!(site.read("public/rfo/2022/index.html").contains("<title>Reports of 2022"));
    for report in ["2021-2", "2022-2", "2022-3"] {
        assert!(site.read(&format!("public/rfo/{report}/index.html")).contains("In short."), "{report}");
    }
    assert!(site.read("public/incidents/2022/index.html").contains("../../rfo/2022-3/"));
}

#[test]
fn a_report_finds_its_incident_by_folder_slug_alias_or_file() {
    let site = TestSite::new(&[
        ("incidents/2022-01-01-a/index.md", POST),
        ("incidents/2022-01-01-a/rfo.md", "+++\npublished = 2022-04-04\n+++\nIn short.\n"),
        ("incidents/2022-01-02-b.md", POST),
        ("incidents/2022-01-02-b/RFO.md", "+++\npublished = 2022-04-04\n+++\nIn short.\n"),
        ("incidents/2022-01-03-c.md", POST),
        ("incidents/2022-01-04-d.md", &format!("+++\naliases = [\"old-d\"]\n+++\n{POST}")),
        ("incidents/2022-01-05-Ünder.md", POST),
        ("incidents/z1.md", &report("2022-01-03-c")),
        ("incidents/z2.md", &report("old-d")),
        ("incidents/z3.md", &report("2022-01-05-Ünder.md")),
    ]);
    assert_data_eq!(
        site.pages(),
        str![[r#"
2022-01-01-a < incidents/2022-01-01-a/index.md
2022-01-02-b < incidents/2022-01-02-b.md
2022-01-03-c < incidents/2022-01-03-c.md
2022-01-04-d < incidents/2022-01-04-d.md (old-d)
2022-01-05-under < incidents/2022-01-05-Ünder.md
rfo 2022-01-01-a of 2022-01-01-a < incidents/2022-01-01-a/rfo.md
rfo 2022-01-02-b of 2022-01-02-b < incidents/2022-01-02-b/RFO.md
rfo 2022-01-03-c of 2022-01-03-c < incidents/z1.md
rfo 2022-01-04-d of 2022-01-04-d < incidents/z2.md
rfo 2022-01-05-under of 2022-01-05-under < incidents/z3.md

"#]]
    );
    assert_data_eq!(site.said(), str![""]);
}

#[test]
fn a_report_without_an_incident_is_published_on_its_own() {
    let site = TestSite::new(&[
        ("incidents/2022-01-01-imap.md", POST),
        ("incidents/first.md", &report("2022-01-01-imap")),
        ("incidents/nobody/rfo.md", "+++\npublished = 2022-04-04\n+++\nIn short.\n"),
        ("incidents/second.md", &report("2022-01-01-imap")),
        ("incidents/third.md", &report("2022-01-01-impa")),
    ]);
    assert_data_eq!(
        site.pages(),
        str![[r#"
2022-01-01-imap < incidents/2022-01-01-imap.md
rfo 2022-01-01-imap of 2022-01-01-imap < incidents/first.md
rfo nobody of nothing < incidents/nobody/rfo.md
rfo second of nothing < incidents/second.md
rfo third of nothing < incidents/third.md

"#]]
    );
    assert_data_eq!(
        site.said(),
        str![[r#"
incidents/nobody/rfo.md:1:1 [rfo-incident] no incident stands in the folder of this report = published on its own
incidents/second.md:2:11 [rfo-taken] `incidents/first.md` is already the report on this incident = published on its own
incidents/third.md:2:11 [rfo-incident] no incident is called `2022-01-01-impa` = published on its own

"#]]
    );
}

#[test]
fn pictures_beside_a_post_are_published_with_it() {
    let shows = |text: &str| format!("{POST}\n{text}\n");
    let site = TestSite::new(&[
        ("incidents/a/index.md", &shows("![Logins](Graph%201.png) ![again](Graph%201.png)")),
        (
            "incidents/a/rfo.md",
            &format!("{}![Logins][1]\n\n[1]: ../shared/Graph%201.png\n", "+++\npublished = 2022-04-04\n+++\n"),
        ),
        ("incidents/b.md", &shows("See [a](a/index.md), [its report](a/rfo.md) and [a draft](_c.md).")),
    ]);
    site.write("incidents/a/Graph 1.png", PNG);
    site.write("incidents/shared/Graph 1.png", PNG);
    let pictures: Vec<String> =
        site.site().pictures.iter().map(|picture| format!("{}/{}", picture.incident, picture.name)).collect();
    assert_eq!(pictures, ["a/graph-1.png", "a/graph-1-2.png"]);
    assert_data_eq!(site.said(), str![""]);
    let links = site.site().links;
    let leads = |source, path| links.resolve(source, path).map_or("nowhere".to_owned(), |target| target.to_string());
    assert_eq!(leads("incidents/b.md", "a/index.md"), "incidents/a/");
    assert_eq!(leads("incidents/b.md", "a/rfo.md"), "rfo/a/");
    assert_eq!(leads("incidents/b.md", "_c.md"), "nowhere");
    assert_eq!(leads("incidents/a/index.md", "Graph 1.png"), "incidents/a/graph-1.png");
    assert_eq!(leads("incidents/a/rfo.md", "../shared/Graph 1.png"), "incidents/a/graph-1-2.png");
}

#[test]
fn a_picture_that_is_not_the_sites_own_is_told_and_left_out() {
    let site = TestSite::new(&[(
        "incidents/a.md",
        &format!(
            "{POST}\n![1](missing.png)\n![2](https://elsewhere.example/x.png)\n![3](drawing.svg)\n![4](page.png)\n\
             ![5](../../secret.png)\n![6](huge.gif)\n"
        ),
    )]);
    site.write("incidents/drawing.svg", "<svg/>");
    site.write("incidents/page.png", "<script>");
    site.outside("secret.png", "");
    fs::File::create(site.path("incidents/huge.gif")).unwrap().set_len(9 << 20).unwrap();
    assert!(site.site().pictures.is_empty());
    assert_data_eq!(
        site.said(),
        str![[r#"
incidents/a.md:4:6 [picture] there is no picture `missing.png` = published, without this picture
incidents/a.md:5:6 [picture] only pictures of the site itself are shown = published, without this picture
incidents/a.md:6:6 [picture] `drawing.svg` is not a kind of picture that is published = published, without this picture
incidents/a.md:7:6 [picture] `page.png` does not hold what its name says = published, without this picture
incidents/a.md:8:6 [picture] only pictures of the site itself are shown = published, without this picture
incidents/a.md:9:6 [picture] `huge.gif` is too large: 9 MiB = published, without this picture

"#]]
    );
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let text = "See [b](b.md#resolved), [c](c.md), [x](../../x.md), [work](/maintenance/), [gone](/gone/),\n\
                [out](https://elsewhere.example), [run](javascript:alert(1)), [below](#resolved), [c again](c.md).\n";
    let site = TestSite::new(&[("incidents/a.md", &format!("{POST}\n{text}")), ("incidents/b.md", POST)]);
    let told = upfront::load::dead_links(&site.root(), &site.site(), &|path| path == "maintenance/index.html");
    assert_data_eq!(
        site_test::said(&told),
        str![[r#"
incidents/a.md:4:29 [link-dead] no post is called `c.md` = published, as text without a link
incidents/a.md:4:40 [link-dead] `../../x.md` leads out of the site's folder = published, as text without a link
incidents/a.md:4:83 [link-dead] the site has no page `/gone/` = 
incidents/a.md:5:41 [link-scheme] links with `javascript:` are not published = published, as text without a link

"#]]
    );
}

#[test]
fn one_file_of_the_theme_is_enough() {
    let site = TestSite::new(&[("theme/i18n/en.toml", "mine"), ("theme/static/new.css", "b"), ("theme/odd.txt", "c")]);
    let theme = site.site().theme.0;
    assert_eq!(theme.get("i18n/en.toml").unwrap(), b"mine");
    assert_eq!(theme.get("static/new.css").unwrap(), b"b");
    assert!(!theme.contains_key("odd.txt"));
    let built_in = upfront::load::built_in_theme().0;
    assert!(built_in.keys().all(|path| theme.contains_key(path)));
    assert_data_eq!(
        site.said(),
        str![[r#"
theme/odd.txt:1:1 [file-name] no theme has a file here = not used

"#]]
    );
}

#[test]
fn a_logo_anywhere_in_the_site_becomes_a_file_of_the_theme() {
    let config = |logo: &str| {
        format!("title = \"T\"\nurl = \"https://s.example\"\nlogo = \"{logo}\"\n[[component]]\nname = \"A\"\n")
    };
    let site = TestSite::new(&[("upfront.toml", &config("brand/Logo.SVG")), ("brand/Logo.SVG", "<svg/>")]);
    let loaded = site.site();
    assert_eq!(loaded.config.logo.as_deref(), Some("theme/static/site-logo.svg"));
    assert_eq!(loaded.theme.0.get("static/site-logo.svg").unwrap(), b"<svg/>");
    site.write("upfront.toml", config("../secret"));
    site.outside("secret", "");
    assert_eq!(site.site().config.logo, None);
    assert_data_eq!(
        site.said(),
        str![[r#"
upfront.toml:3:9 [config-value] there is no picture `../secret` in the site's folder = the page shows no logo

"#]]
    );
}

#[test]
fn the_number_of_threads_does_not_reach_the_result() {
    let names: Vec<String> = (0..200).map(|number| format!("incidents/{}.md", number * 7919 % 200)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), POST)).collect();
    let site = TestSite::new(&files);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| site.site().incidents)
    };
    assert!(with(1) == with(7));
}
