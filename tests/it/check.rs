//! `upfront check` as its users meet it.

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

/// Sites here live at this moment.
const NOW: &str = "--now 2022-04-20T12:00:00Z";

const OVER: &str = "## Investigating · 2022-03-29 11:20\nSlow.\n\n## Resolved · 2022-03-29 21:05\nFast.\n";

#[track_caller]
fn check(files: &[(&str, &str)], expected: snapbox::data::Inline) {
    let ran = TestSite::new(files).run(&format!("check --format concise {NOW}"));
    assert_data_eq!(ran.all(), expected);
}

#[test]
fn a_site_in_order_has_nothing_wrong() {
    let site = TestSite::new(&[("incidents/2022-03-29-imap.md", OVER)]);
    assert_data_eq!(
        site.run(&format!("check {NOW}")).all(),
        str![[r#"
status 0
stdout:
nothing wrong

"#]]
    );
}

#[test]
fn an_overdue_update_is_told_where_it_was_promised() {
    let text = "+++\nimpact = \"minor\"\nnext_update = \"2022-04-19 14:30\"\n+++\n\n\
                ## Investigating · 2022-04-19 13:00\nSlow.\n";
    check(
        &[("incidents/2022-04-19-slow.md", text)],
        str![[r#"
status 1
stdout:
incidents/2022-04-19-slow.md:3:16: warning[update-overdue]: the next update was promised for 2022-04-19 14:30 CEST, 23 h 30 min ago; write it: `upfront update 2022-04-19-slow` (readers see that it is overdue)

"#]],
    );
}

#[test]
fn an_open_incident_without_components_is_noted_where_there_are_several_to_name() {
    let config = |components: &str| {
        format!("title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n{components}")
    };
    let two = config("[[component]]\nname = \"IMAP\"\n[[component]]\nname = \"POP\"\n");
    let noted = |config: &str, head: &str, end: &str| {
        let text = format!("+++\n{head}+++\n\n## Investigating · 2022-04-19 13:00\nSlow.\n{end}");
        let site = TestSite::new(&[("upfront.toml", config), ("incidents/2022-04-19-slow.md", &text)]);
        site.run(&format!("check --format concise {NOW}")).all()
    };
    assert_data_eq!(
        noted(&two, "impact = \"major\"\n", ""),
        str![[r#"
status 0
stdout:
incidents/2022-04-19-slow.md:2:11: note[no-component]: this open incident names no component; name those that are touched, such as `components = ["imap"]` (published; no component changes its state)

"#]]
    );
    let silent = [
        (&*two, "components = [\"pop\"]\n", ""),
        (&*two, "components = []\n", ""),
        (&*two, "impact = \"none\"\n", ""),
        (&*two, "impact = \"major\"\n", "## Resolved · 2022-04-19 14:00\nFast.\n"),
        (&*config("[[component]]\nname = \"IMAP\"\n"), "impact = \"major\"\n", ""),
    ];
    for (config, head, end) in silent {
        let all = noted(config, head, end);
        assert!(!all.contains("no-component"), "{head}{end}: {all}");
    }
}

#[test]
fn a_report_and_its_promises_come_in_order() {
    let rfo = |head: &str| format!("+++\nrfo_for = \"a\"\n{head}+++\n\nWe are sorry.\n");
    let followed = "published = 2022-04-05\n\
                    [[follow_up]]\nwhat = \"Test the failover\"\ndue = 2022-04-01\n\
                    [[follow_up]]\nwhat = \"More room\"\ndone = 2022-03-01\n\
                    [[follow_up]]\nwhat = \"Write it down\"\ndone = 2022-12-24\n\
                    [[follow_up]]\nwhat = \"Done at once\"\ndue = 2022-04-02\ndone = 2022-03-30\n";
    check(
        &[("incidents/a.md", OVER), ("incidents/a-report.md", &rfo("published = 2022-03-01\n"))],
        str![[r#"
status 1
stdout:
incidents/a-report.md:3:13: warning[rfo-dates]: the report is published on 2022-03-01, before the incident ended on 2022-03-29; put the date right (published as it is)

"#]],
    );
    check(
        &[("incidents/a.md", OVER), ("incidents/a-report.md", &rfo(followed))],
        str![[r#"
status 1
stdout:
incidents/a-report.md:6:7: note[follow-up-overdue]: this was promised by 2022-04-01; say when it was done: `done = …`; or why it will not be: `dropped = "…"` (readers see that it is overdue)
incidents/a-report.md:6:7: warning[rfo-dates]: a follow-up is due on 2022-04-01, before the report was published on 2022-04-05; put the date right (published as it is)
incidents/a-report.md:9:8: warning[rfo-dates]: a follow-up was done on 2022-03-01, before the incident began on 2022-03-29; put the date right, or take `done` out (published as it is)
incidents/a-report.md:12:8: warning[rfo-dates]: a follow-up was done on 2022-12-24, which is still to come; put the date right, or take `done` out (published as it is)

"#]],
    );
    let open = "## Investigating · 2022-03-29 11:20\nSlow.\n";
    check(
        &[("incidents/a.md", open), ("incidents/a-report.md", &rfo("published = 2022-04-05\n"))],
        str![[r#"
status 1
stdout:
incidents/a-report.md:3:13: warning[rfo-dates]: the report is published on 2022-04-05, but its incident has not ended; resolve the incident: `upfront resolve` (published as it is)

"#]],
    );
}

#[test]
fn links_that_lead_nowhere_are_told_once_each_where_they_are_written() {
    let text = format!(
        "{OVER}\nSee [the list](/maintenance/), [this](/incidents/2022-03-29-imap/), [that](/incidents/2022-03-29-imp/),\n\
         [other](2022-03-01-other.md), [gone](2022-03-01-gone.md), [draft](_draft.md), \
         [update](#u-20220329-0000-resolved), [section](#causes) and [out](https://elsewhere.example/x).\n"
    );
    check(
        &[
            ("incidents/2022-03-29-imap.md", &text),
            ("incidents/2022-03-01-other.md", OVER),
            ("incidents/_draft.md", OVER),
        ],
        str![[r#"
status 1
stdout:
incidents/2022-03-29-imap.md:7:76: warning[link-dead]: the link `/incidents/2022-03-29-imp/` leads nowhere; did you mean `/incidents/2022-03-29-imap/`? (published as it is)
incidents/2022-03-29-imap.md:8:38: warning[link-dead]: no post is called `2022-03-01-gone.md`; write the path from this file to the other, such as `../2021/2021-05-01-slow.md`; drafts have no page (published, as text without a link)
incidents/2022-03-29-imap.md:8:67: warning[link-dead]: no post is called `_draft.md`; write the path from this file to the other, such as `../2021/2021-05-01-slow.md`; drafts have no page (published, as text without a link)
incidents/2022-03-29-imap.md:8:88: warning[link-dead]: the link `#u-20220329-0000-resolved` leads to a page without that anchor; open the page, and copy the link that stands at the update's time (published as it is)
incidents/2022-03-29-imap.md:8:126: warning[link-dead]: this post has no section `#causes`; link to a heading of this post, or to an update by its anchor, `#u-…` (published, as text without a link)

"#]],
    );
}

#[test]
fn links_of_facts_and_promises_are_told_too() {
    let incident = format!(
        "+++\nworks = \"Webmail, see q.txt: [w](q.txt)\"\nmeanwhile = \"Use [m](nope.md), [m](nope.md)\"\n+++\n\n\
         {OVER}\n[d] is [there](/gone/), [here](nope.md).\n\n[d]: <../d.md>\n"
    );
    let report = "+++\nrfo_for = \"a\"\npublished = 2022-04-05\n[[follow_up]]\nwhat = \"Do [f](follow.md)\"\n\
                  due = 2022-05-05\n+++\n\nWe are [sorry](/gone).\n";
    check(
        &[("incidents/a.md", &incident), ("incidents/r.md", report)],
        str![[r#"
status 1
stdout:
incidents/a.md:2:34: warning[link-dead]: `q.txt` is not published: only posts and pictures are; link to where it can be found for good, with `https://` (published, as text without a link)
incidents/a.md:3:22: warning[link-dead]: no post is called `nope.md`; write the path from this file to the other, such as `../2021/2021-05-01-slow.md`; drafts have no page (published, as text without a link)
incidents/a.md:12:16: warning[link-dead]: the link `/gone/` leads nowhere; is the file there, and is it no draft? (published as it is)
incidents/a.md:14:7: warning[link-dead]: no post is called `../d.md`; write the path from this file to the other, such as `../2021/2021-05-01-slow.md`; drafts have no page (published, as text without a link)
incidents/r.md:5:16: warning[link-dead]: no post is called `follow.md`; write the path from this file to the other, such as `../2021/2021-05-01-slow.md`; drafts have no page (published, as text without a link)
incidents/r.md:9:16: warning[link-dead]: the link `/gone` leads nowhere; is the file there, and is it no draft? (published as it is)

"#]],
    );
}

#[test]
fn html_and_comments_without_an_end_are_told() {
    let text = format!("{OVER}\nIt was <b>slow</b>.\n\n<!-- ask Kari\n\nAnd more.\n");
    check(
        &[("incidents/2022-03-29-imap.md", &text)],
        str![[r#"
status 1
stdout:
incidents/2022-03-29-imap.md:7:8: note[raw-html]: `<b>` is shown as text; write Markdown, such as `**bold**`; what is meant as text may stand between backticks
incidents/2022-03-29-imap.md:9:1: warning[raw-html]: this comment has no end; write `-->` where it ends (published, without what stands below it)

"#]],
    );
}

#[test]
fn what_looks_private_is_told_and_drafts_are_left_alone() {
    let text = format!("{OVER}\nThe host mx1.osl.internal (10.1.2.3) is up. Ask kari@gmail.com, password=hunter2.\n");
    check(
        &[("incidents/2022-03-29-imap.md", &text), ("incidents/_draft.md", &text)],
        str![[r#"
status 1
stdout:
incidents/2022-03-29-imap.md:7:10: warning[private]: this looks like the name of a host inside a private network; say what it does instead: "a login server" (published as it is)
incidents/2022-03-29-imap.md:7:28: warning[private]: this looks like an address inside a private network; say what it does instead: "a login server" (published as it is)
incidents/2022-03-29-imap.md:7:49: note[private]: this is an e-mail address of another domain than the site's; is it meant to be public? (published as it is)
incidents/2022-03-29-imap.md:7:65: warning[private]: this looks like a password or token; take it out, and replace it where it is used: it may have been seen (published as it is)

"#]],
    );
}

#[test]
fn every_page_of_a_site_under_a_path_leads_somewhere() {
    let site = TestSite::new(&[("incidents/2022-03-29-imap.md", OVER)]);
    let config = site.read("upfront.toml").replace("https://status.example", "https://example.org/status");
    site.write("upfront.toml", config);
    assert_data_eq!(
        site.run(&format!("check {NOW}")).all(),
        str![[r#"
status 0
stdout:
nothing wrong

"#]]
    );
}

#[test]
fn programs_and_workflows_get_their_own_formats() {
    let text = "+++\ncomponents = [\"impa\"]\n+++\n\n## Investigating · 2022-03-29 11:20\nSlow.\n";
    let site = TestSite::new(&[("incidents/2022-03-29-slow.md", text)]);
    let json = site.run(&format!("check --json {NOW}"));
    assert_eq!((json.status, json.stderr.as_str()), (Some(1), ""));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["errors"], 1);
    assert_eq!(json["diagnostics"][0]["file"], "incidents/2022-03-29-slow.md");
    assert_eq!(json["diagnostics"][0]["line"], 2);
    assert_data_eq!(
        site.run(&format!("check --format github {NOW}")).all(),
        str![[r#"
status 1
stdout:
::error file=incidents/2022-03-29-slow.md,line=2,col=15,endColumn=21,title=unknown-component::no component is called `impa`; did you mean `imap`? (published, without this component)

"#]]
    );
}

#[test]
fn what_stops_a_build_is_told_in_the_format_asked_for() {
    let site = TestSite::new(&[]);
    site.write("upfront.toml", "title = \"Test\"\n");
    let json = site.run("check --json");
    assert_eq!(json.status, Some(2));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["diagnostics"][0]["code"], "config-key-missing");
}

#[test]
fn paths_lead_there_from_the_working_folder() {
    let text = "+++\ncomponents = [\"impa\"]\n+++\n\n## Investigating · 2022-03-29 11:20\nSlow.\n";
    let site = TestSite::new(&[("incidents/2022-03-29-slow.md", text)]);
    let mut command = site.command(&format!("-C site check --format concise {NOW}"));
    command.current_dir(site.path(".."));
    let ran = site.ended(&mut command);
    assert!(ran.stdout.starts_with("site/incidents/2022-03-29-slow.md:2:15: error["), "{}", ran.all());
}

#[test]
fn what_is_overdue_is_noted_and_fails_nothing() {
    let config = "title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n\
                  [promise]\nrfo = \"5 working days\"\n[[component]]\nname = \"IMAP\"\n";
    let post = format!("+++\nimpact = \"major\"\n+++\n\n{OVER}");
    let report = "+++\nrfo_for = \"2022-03-01-disk\"\npublished = 2022-03-04\n[[follow_up]]\nwhat = \"Watch the disks\"\ndue = 2022-04-19\n+++\nIt was full.\n";
    let earlier = OVER.replace("03-29", "03-01");
    check(
        &[
            ("upfront.toml", config),
            ("incidents/2022-03-29-imap.md", &post),
            ("incidents/2022-03-01-disk.md", &earlier),
            ("incidents/2022-03-04-report.md", report),
        ],
        str![[r#"
status 0
stdout:
incidents/2022-03-04-report.md:6:7: note[follow-up-overdue]: this was promised by 2022-04-19; say when it was done: `done = …`; or why it will not be: `dropped = "…"` (readers see that it is overdue)
incidents/2022-03-29-imap.md:1:1: note[rfo-overdue]: a report on this was owed by 2022-04-05; write it: `upfront rfo 2022-03-29-imap`; or say why none will come: `rfo_waived = "…"` (readers see that it is overdue)

"#]],
    );
}

#[test]
fn a_report_whose_own_times_nothing_bears_out_is_told() {
    let report = |keys: &str| format!("+++\npublished = 2022-04-04\n{keys}\n+++\nIt was the disk.\n");
    let told = |keys: &str| {
        let site = TestSite::new(&[
            ("incidents/2022-03-29-imap/index.md", OVER),
            ("incidents/2022-03-29-imap/rfo.md", &report(keys)),
        ]);
        site.run(&format!("check --format concise {NOW}")).stdout
    };
    assert_eq!(told("started = 2022-03-29 11:25\nended = 2022-03-29 21:00\nduration = \"10 h\""), "");
    // A report may know better than the posts, where nothing was measured.
    assert_eq!(told("started = 2022-03-29 08:00\nended = 2022-03-29 21:00\nduration = \"13 h\""), "");
    assert_data_eq!(
        told("started = 2022-03-29 10:20\nended = 2022-03-28 21:00\nduration = \"2 h\""),
        str![[r#"
incidents/2022-03-29-imap/rfo.md:4:9: warning[rfo-dates]: by this report it ended before it started; put one of the two right (published as it is)
incidents/2022-03-29-imap/rfo.md:5:13: warning[rfo-dates]: by this report it lasted 2h, by its times 9h 45m; put one of the two right (published as it is)

"#]]
    );
}

#[test]
fn dates_in_the_text_of_a_report_that_cannot_be_are_told() {
    let text = "+++\npublished = 2022-04-04\n+++\n\
        On Tuesday 29 March and on Monday, March 28, logins failed; since Friday 1 January 2021 nobody had looked. \
        We look again on Wednesday 30 March, and on Wednesday 29 March as well.\n\n\
        | Time | What happened |\n|---|---|\n| 10:57 CEST | More connections |\n| 11:20 | First word |\n\
        | 11:02 | Out of order |\n| 23:40 | Late |\n| 00:10 | The next day |\n| 27 March 08:00 | Long before |\n\
        | 2022-05-01 08:00 | After the report |\n";
    check(
        &[("incidents/2022-03-29-imap/index.md", OVER), ("incidents/2022-03-29-imap/rfo.md", text)],
        str![[r#"
status 1
stdout:
incidents/2022-03-29-imap/rfo.md:4:152: warning[rfo-dates]: 2022-03-29 is a Tuesday, not a Wednesday; put one of them right (published as it is)
incidents/2022-03-29-imap/rfo.md:10:3: warning[rfo-dates]: 11:02 is earlier than the row above it; put the time right, or the rows in order (published as it is)
incidents/2022-03-29-imap/rfo.md:13:12: warning[rfo-dates]: 2022-03-27 08:00 is more than a day before the incident began; put the date right (published as it is)
incidents/2022-03-29-imap/rfo.md:14:14: warning[rfo-dates]: 2022-05-01 08:00 is after the report; put the date right (published as it is)

"#]],
    );
}

#[test]
fn other_days_than_those_of_the_incident_are_told_only_where_they_cannot_be_meant() {
    let report = |text: &str| {
        let text = format!("+++\npublished = 2022-04-04\n+++\n{text}\n");
        let site =
            TestSite::new(&[("incidents/2022-03-29-imap/index.md", OVER), ("incidents/2022-03-29-imap/rfo.md", &text)]);
        site.run(&format!("check --format concise {NOW}")).stdout
    };
    let told = "On 29 March 2021 mail was slow. On 31 April it was fast. It was all well on 2 June.";
    assert_data_eq!(
        report(told),
        str![[r#"
incidents/2022-03-29-imap/rfo.md:4:4: warning[rfo-dates]: the incident was in 2022, not in 2021; is 2022-03-29 meant? (published as it is)
incidents/2022-03-29-imap/rfo.md:4:36: warning[rfo-dates]: there is no such day: 31 April; put the date right (published as it is)
incidents/2022-03-29-imap/rfo.md:4:77: warning[rfo-dates]: 2022-06-02 is after the report was published, on 2022-04-04; put the date right; of what is to come, say so: "by", "will" (published as it is)

"#]]
    );
    let fine = [
        "On 29 March 2022 mail was slow, as on 29 March 2021, a year before.",
        "We replace the last one by 2 June. Of 30 may log in on Monday: none.",
        "It said `Wednesday 29 March 2022`.\n\n```\nWed 29 Mar 2022 11:20\n```",
        "## Record of events\n\n| Time | What |\n|---|---|\n| 25 October | Reminder |\n| 11:20 | Slow |\n| 09:30 UTC | Slower |\n| 12:00 | Slow |",
        "## Record of events\n\n| Time | What |\n|---|---|\n| 21:05 | Fast |\n| 12:00 | Slower |\n| 11:20 | Slow |",
        "## What we change\n\n| Time | What |\n|---|---|\n| 2022-05-02 08:00 | Switch |",
    ];
    for text in fine {
        assert_eq!(report(text), "", "{text}");
    }
}

#[test]
fn the_reports_of_our_own_example_contradict_nothing() {
    let site = TestSite::new(&[]);
    let mut command = site.command("check --format concise --now 2026-11-25T12:00:00Z");
    let ran = site.ended(command.current_dir(env!("CARGO_MANIFEST_DIR")));
    assert!(!ran.all().contains("rfo-dates"), "{}", ran.all());
    assert!(ran.stdout.contains("[follow-up-overdue]"), "it was looked at: {}", ran.all());
}
