//! A site of any size, made of chance that is always the same: what the benchmarks build.
//!
//! Thirty components in six groups. `N` posts, spread evenly over twelve years and sorted into a folder a year: every tenth
//! is maintenance, each has three to six updates of one to three sentences, and every third incident has a report of some
//! five hundred words with a table and follow-ups. The last post of all is still open on the day of [`NOW`].

mod words;

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, ToSpan as _};

use words::{COMPONENTS, GROUPS, Words};

/// The moment as of which the site is built.
pub const NOW: &str = "2026-11-24T11:00:00Z";

/// Writes the site with `posts` incidents and maintenances into `folder`, which is made.
pub fn generate(folder: &Path, posts: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("upfront.toml"), config())?;
    for year in 2014..=2026 {
        fs::create_dir_all(folder.join(format!("incidents/{year}")))?;
    }
    (0..posts).try_for_each(|number| Post::new(number, posts).write(folder))
}

/// A post in the middle of the archive, from the site's folder: a benchmark edits it.
#[allow(dead_code, reason = "not every program that shares this module edits")]
pub fn file_to_edit(posts: usize) -> String {
    Post::new(posts / 2, posts).path("index.md")
}

fn config() -> String {
    let mut config = String::from(
        "title = \"Many posts\"\nurl = \"https://status.many.example\"\ntime_zone = \"Europe/Oslo\"\n\n[promise]\nrebuild = \"15m\"\n",
    );
    for (id, name) in COMPONENTS {
        let group = GROUPS.iter().find(|(_, ids)| ids.contains(&id)).map_or("", |(name, _)| name);
        let _ = write!(config, "\n[[component]]\nid = \"{id}\"\nname = \"{name}\"\ngroup = \"{group}\"\n");
    }
    config
}

struct Post {
    number: usize,
    begins: DateTime,
    title: String,
    is_maintenance: bool,
    has_report: bool,
    is_open: bool,
    words: Words,
}

impl Post {
    fn new(number: usize, of: usize) -> Post {
        let mut words = Words::new(number as u64);
        let is_open = number + 1 == of;
        // From 1 December 2014 to the day of NOW. Nothing begins at night, so that no time exists twice or not at all.
        let days = 4376 * (number + 1) / of.max(1);
        let day = date(2014, 12, 1).saturating_add((i64::try_from(days).unwrap_or(0)).days());
        let begins = day.at(if is_open { 8 } else { words.between(6, 14) as i8 }, words.between(0, 59) as i8, 0, 0);
        let is_maintenance = number % 10 == 4 && !is_open;
        let title = if is_maintenance { words.work() } else { words.trouble() };
        // Of thirty, one multiple of three is maintenance; another post makes up for it.
        let has_report = !is_maintenance && (number.is_multiple_of(3) || number % 30 == 25) && !is_open;
        Post { number, begins, title, is_maintenance, has_report, is_open, words }
    }

    /// One with a report is a folder of two files.
    fn path(&self, file: &str) -> String {
        let slug: String = self.title.to_lowercase().split(' ').take(4).collect::<Vec<_>>().join("-");
        let name = format!("incidents/{}/{}-{slug}-{}", self.begins.year(), self.begins.date(), self.number);
        if self.has_report { format!("{name}/{file}") } else { format!("{name}.md") }
    }

    fn write(mut self, site: &Path) -> io::Result<()> {
        let path = site.join(self.path("index.md"));
        let text = if self.is_maintenance { self.maintenance() } else { self.incident() };
        if self.has_report
            && let Some(folder) = path.parent()
        {
            fs::create_dir_all(folder)?;
            let report = self.report();
            fs::write(folder.join("rfo.md"), report)?;
        }
        fs::write(path, text)
    }

    fn incident(&mut self) -> String {
        let mut text = self.front_matter();
        let impact = ["minor", "minor", "major", "critical", "none"][self.words.below(5)];
        let _ = writeln!(text, "impact = \"{impact}\"");
        if self.words.below(2) == 0 {
            let _ = writeln!(text, "affected = \"About {} % of accounts\"", self.words.between(1, 90));
            let _ = writeln!(text, "works = \"{}\"", self.words.sentence());
        }
        if self.words.below(3) == 0 {
            let _ = writeln!(text, "meanwhile = \"{}\"", self.words.sentence());
        }
        text.push_str("+++\n");
        let updates = self.words.between(3, 6);
        let mut at = self.begins;
        for update in 0..updates {
            let is_last = update + 1 == updates;
            let stage = match update {
                0 => "Investigating",
                _ if is_last && !self.is_open => "Resolved",
                1 => "Identified",
                _ => "Monitoring",
            };
            self.update(&mut text, stage, at);
            at = at.saturating_add(SignedDuration::from_mins(self.words.between(5, 40) as i64));
        }
        text
    }

    fn maintenance(&mut self) -> String {
        let mut text = self.front_matter();
        let ends = self.begins.saturating_add(2.hours());
        let _ = writeln!(text, "kind = \"maintenance\"\nstarts = {}\nends = {ends}\n+++", self.begins);
        let mut at = self.begins.saturating_sub(3.days());
        for stage in ["Scheduled", "In progress", "Verifying", "Completed"] {
            self.update(&mut text, stage, at);
            at = if stage == "Scheduled" { self.begins } else { at.saturating_add(50.minutes()) };
        }
        text
    }

    fn front_matter(&mut self) -> String {
        let mut ids: Vec<&str> =
            (0..self.words.between(1, 3)).map(|_| COMPONENTS[self.words.below(COMPONENTS.len())].0).collect();
        ids.sort_unstable();
        ids.dedup();
        format!("+++\ntitle = \"{}\"\ncomponents = [\"{}\"]\n", self.title, ids.join("\", \""))
    }

    fn update(&mut self, text: &mut String, stage: &str, at: DateTime) {
        let _ = writeln!(text, "\n## {stage} · {} {}", at.date(), at.strftime("%H:%M"));
        for _ in 0..self.words.between(1, 3) {
            let sentence = self.words.sentence();
            let _ = writeln!(text, "{sentence}");
        }
    }

    fn report(&mut self) -> String {
        let published = self.begins.date().saturating_add(5.days());
        let mut text = format!(
            "+++\ntitle = \"Why: {}\"\npublished = {published}\ncause = \"{}\"\nauthors = [\"Operations\"]\n",
            self.title.to_lowercase(),
            self.words.cause(),
        );
        for follow_up in 0..self.words.between(1, 3) {
            let due = published.saturating_add(30.days());
            let _ = writeln!(text, "\n[[follow_up]]\nwhat = \"{}\"\ndue = {due}", self.words.promise());
            if follow_up == 0 {
                let _ = writeln!(text, "done = {}", published.saturating_add(12.days()));
            }
        }
        text.push_str("+++\n\n## In short\n\n");
        self.paragraphs(&mut text, 1);
        text.push_str("## Record of events\n\n| Time | What happened | Known from |\n|---|---|---|\n");
        let mut at = self.begins;
        for _ in 0..6 {
            let what = self.words.plain_sentence();
            let _ = writeln!(text, "| {} | {what} | {} |", at.strftime("%H:%M"), self.words.source());
            at = at.saturating_add(SignedDuration::from_mins(self.words.between(2, 20) as i64));
        }
        text.push_str("\n## Root cause\n\n");
        self.paragraphs(&mut text, 3);
        text.push_str("## What went well\n\n");
        for _ in 0..3 {
            let _ = writeln!(text, "- {}", self.words.sentence());
        }
        text.push_str("\n## What we change\n\n");
        self.paragraphs(&mut text, 1);
        text
    }

    fn paragraphs(&mut self, text: &mut String, count: usize) {
        for _ in 0..count {
            let sentences: Vec<String> = (0..5).map(|_| self.words.sentence()).collect();
            let _ = writeln!(text, "{}\n", sentences.join(" "));
        }
    }
}
