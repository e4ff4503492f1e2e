//! What a call of staff says: what is wrong since when, and the very command that helps.

use jiff::Timestamp;

use super::html::Html;
use super::i18n::T;
use super::markdown;
use super::message::{Said, clean, seconds, spaced};
use super::theme::Theme;
use super::time::Clock;
use crate::announce::alarm::{About, Call, Ended, How, Trouble, What};
use crate::announce::message::{Facts, Page};
use crate::derive::{self, Derived, Moment};
use crate::model::{Impact, Site, Slug, When};

/// So many components are named in the first line.
const NAMES_MAX: usize = 3;

/// So many are told one by one.
const LINES_MAX: usize = 10;

/// Says it. A page's link is that of what the call is about, where there is one page for all.
pub fn say_alarm(site: &Site, derived: &Derived, theme: &Theme, call: &Call) -> Said {
    let clock = Clock { i18n: &theme.i18n, tz: &site.config.zone.tz };
    Caller { site, derived, theme, clock }.say(call)
}

struct Caller<'a> {
    site: &'a Site,
    derived: &'a Derived,
    theme: &'a Theme,
    clock: Clock<'a>,
}

/// What is told, before it is put together.
struct Told {
    title: String,
    stage: String,
    /// What is so, a line each.
    lines: Vec<String>,
    /// What helps, as one may paste it into a shell.
    commands: Vec<String>,
    /// From the site's root.
    link: String,
    since: Timestamp,
    impact: Impact,
    components: Vec<Slug>,
}

impl Caller<'_> {
    fn say(&self, call: &Call) -> Said {
        let told = match &call.what {
            What::Wrong { troubles, times } => self.wrong(call.when, troubles, *times),
            What::Over(ended) => self.over(ended),
        };
        let is_over = matches!(call.what, What::Over(_));
        let config = &self.site.config;
        let body = body(&told, &self.theme.i18n.word(T::alarm_do));
        let named = told.components.iter().filter_map(|id| config.component(id));
        let facts = Facts {
            page: Page { title: clean(&config.title), url: config.url.to_string() },
            kind: "alarm".to_owned(),
            slug: call.keys.first().and_then(|key| key.split('/').nth(2)).unwrap_or_default().to_owned(),
            title: clean(&told.title),
            stage: if is_over { "over".to_owned() } else { call.when.word().to_owned() },
            stage_name: clean(&told.stage),
            impact: told.impact.word().to_owned(),
            impact_name: spaced(&clean(self.theme.words.impact(told.impact))),
            components: named.map(|component| clean(&component.name)).collect(),
            component_ids: told.components.iter().map(Slug::to_string).collect(),
            link: format!("{}/{}", config.url, told.link),
            body: clean(&body),
            sentence: clean(told.lines.first().map_or("", String::as_str)),
            posted: Some(seconds(told.since)),
            posted_text: spaced(&self.clock.full_text(Moment::At(told.since))),
            late: None,
            next_update: None,
            next_update_at: None,
            is_over,
            is_notice: false,
            is_test: false,
        };
        Said { facts, html: html(&told), statuspage: serde_json::Value::Null }
    }

    fn wrong(&self, when: When, troubles: &[Trouble], times: u32) -> Told {
        let text = |key| self.theme.i18n.word(key);
        let stage = match when {
            When::Unconfirmed => text(T::alarm_unconfirmed),
            When::UpdateOverdue => text(T::alarm_update_overdue),
            When::RfoDue => text(T::alarm_rfo_due),
            When::PromiseDue => text(T::alarm_promise_due),
            When::FeedSilent => text(T::alarm_feed_silent),
            When::BuildFailed => text(T::alarm_build_failed),
            When::PublishFailed => text(T::alarm_publish_failed),
        };
        let mut lines: Vec<String> = troubles.iter().take(LINES_MAX).map(|one| self.line(one)).collect();
        if let Some(more) = troubles.len().checked_sub(LINES_MAX).filter(|&more| more > 0) {
            lines.push(self.theme.i18n.count(T::alarm_more, more as u64, &[]));
        }
        if times > 1 {
            lines.push(self.theme.i18n.count(T::alarm_again, u64::from(times), &[]));
        }
        let all: Vec<&Slug> = troubles.iter().flat_map(|one| &one.components).collect();
        let components: Vec<Slug> =
            self.site.config.components.iter().filter(|one| all.contains(&&one.id)).map(|one| one.id.clone()).collect();
        let link = match troubles {
            [only] => self.link(&only.about),
            _ => String::new(),
        };
        Told {
            title: self.title(when, troubles, &components),
            stage,
            lines,
            commands: commands(self.site, troubles, &components),
            link,
            since: troubles.iter().map(|one| one.since).min().unwrap_or(self.derived.now),
            impact: troubles.iter().map(|one| one.impact.unwrap_or(Impact::Major)).max().unwrap_or(Impact::Major),
            components,
        }
    }

    /// What it is about: by its name, or by how many they are.
    fn title(&self, when: When, troubles: &[Trouble], components: &[Slug]) -> String {
        let (name, count) = match (troubles, when) {
            ([only], _) => return self.name(&only.about),
            (_, When::Unconfirmed) if components.len() <= NAMES_MAX => return self.names(components),
            (_, When::Unconfirmed) => (T::alarm_components, components.len()),
            (all, When::UpdateOverdue) => (T::alarm_incidents, all.len()),
            (all, When::RfoDue) => (T::alarm_reports, all.len()),
            (all, When::PromiseDue) => (T::alarm_promises, all.len()),
            (all, When::FeedSilent) => (T::alarm_feeds, all.len()),
            (_, When::BuildFailed | When::PublishFailed) => return self.site.config.title.clone(),
        };
        self.theme.i18n.count(name, count as u64, &[])
    }

    /// `IMAP, POP and Webmail`
    fn names(&self, components: &[Slug]) -> String {
        let named = components.iter().filter_map(|id| self.site.config.component(id));
        let names: Vec<&str> = named.map(|component| component.name.as_str()).collect();
        match names.split_last() {
            Some((last, list @ [_, ..])) => {
                let list = list.join(&self.theme.i18n.word(T::list_separator));
                self.theme.i18n.text(T::list_last, &[("list", &list), ("last", last)])
            }
            Some((only, [])) => (*only).to_owned(),
            None => self.site.config.title.clone(),
        }
    }

    fn name(&self, about: &About) -> String {
        let title = |index: &usize| self.site.incidents.get(*index).map(|incident| incident.title.clone());
        let named = match about {
            About::Detection(index) => {
                let notice = self.site.detections.get(*index).and_then(|one| derive::draft_notice(self.site, one));
                notice.map(|notice| notice.title)
            }
            About::Incident(index) | About::Report(index) => title(index),
            About::FollowUp { rfo, follow_up } => {
                let rfo = self.site.rfos.get(*rfo);
                rfo.and_then(|rfo| rfo.follow_ups.get(*follow_up)).map(|one| markdown::plain(&one.what))
            }
            About::Feed { feed, .. } => self.site.config.monitoring.feeds.get(*feed).map(|feed| self.feed(&feed.id)),
            About::Build(_) | About::Publish(_) => None,
        };
        named.unwrap_or_else(|| self.site.config.title.clone())
    }

    fn feed(&self, id: &Slug) -> String {
        self.theme.i18n.text(T::alarm_feed, &[("feed", id.as_str())])
    }

    fn line(&self, trouble: &Trouble) -> String {
        let i18n = &self.theme.i18n;
        let name = self.name(&trouble.about);
        let time = self.clock.full_text(Moment::At(trouble.since));
        let day = self.clock.date_text(self.clock.day_of(Moment::At(trouble.since)));
        let line = match &trouble.about {
            About::Detection(index) => {
                // Since when it fails, not since when somebody is asked for.
                let start = self.site.detections.get(*index).map_or(trouble.since, |detection| detection.start);
                let time = self.clock.full_text(Moment::At(start));
                i18n.text(T::alarm_line_unconfirmed, &[("title", &name), ("time", &time)])
            }
            About::Incident(_) => i18n.text(T::alarm_line_overdue, &[("title", &name), ("time", &time)]),
            About::Report(_) => i18n.text(T::alarm_line_rfo, &[("title", &name), ("day", &day)]),
            About::FollowUp { rfo, .. } => {
                let report = self.site.rfos.get(*rfo).map_or("", |rfo| &rfo.title);
                i18n.text(T::alarm_line_promise, &[("what", &name), ("report", report), ("day", &day)])
            }
            About::Feed { why, .. } => {
                let why = why.as_ref().map_or(String::new(), |why| format!(" ({why})"));
                i18n.text(T::alarm_line_feed, &[("feed", &name), ("time", &time)]) + &why
            }
            About::Build(why) | About::Publish(why) => {
                i18n.text(T::alarm_line_failed, &[("time", &time), ("why", why)])
            }
        };
        spaced(&line)
    }

    fn link(&self, about: &About) -> String {
        let incident = |index: &usize| self.site.incidents.get(*index).map(|one| format!("incidents/{}/", one.slug));
        let link = match about {
            About::Detection(index) => {
                let detection = self.site.detections.get(*index);
                let published = detection.filter(|one| one.published.is_some() && one.held_back.is_none());
                published.map(|detection| format!("incidents/{}/", detection.id))
            }
            About::Incident(index) | About::Report(index) => incident(index),
            About::FollowUp { rfo, .. } => self.site.rfos.get(*rfo).map(|rfo| format!("rfo/{}/", rfo.slug)),
            About::Feed { .. } | About::Build(_) | About::Publish(_) => None,
        };
        link.unwrap_or_default()
    }

    fn over(&self, ended: &[Ended]) -> Told {
        let mut lines: Vec<String> = ended.iter().take(LINES_MAX).map(|one| self.ended(one)).collect();
        if let Some(more) = ended.len().checked_sub(LINES_MAX).filter(|&more| more > 0) {
            lines.push(self.theme.i18n.count(T::alarm_more, more as u64, &[]));
        }
        let title = match ended {
            [only] => self.name_of(only),
            all => self.theme.i18n.count(T::alarm_over_count, all.len() as u64, &[]),
        };
        let incident = |index: usize| self.site.incidents.get(index).map(|one| format!("incidents/{}/", one.slug));
        let link = match ended.first().map(|one| one.how) {
            Some(How::Posted { incident: index, .. } | How::Withdrawn { incident: index }) => incident(index),
            Some(How::Reported { rfo } | How::Done { rfo }) => {
                self.site.rfos.get(rfo).map(|rfo| format!("rfo/{}/", rfo.slug))
            }
            Some(How::ByItself { .. } | How::Heard { .. } | How::Works | How::Gone) | None => None,
        };
        Told {
            title,
            stage: self.theme.i18n.word(over_in_a_word(ended)),
            lines,
            commands: Vec::new(),
            link: link.unwrap_or_default(),
            since: self.derived.now,
            impact: Impact::None,
            components: Vec::new(),
        }
    }

    /// What it was about, by what its address says.
    fn name_of(&self, ended: &Ended) -> String {
        let site = self.site;
        let about = match ended.when {
            When::Unconfirmed => {
                site.detections.iter().position(|one| one.id.as_str() == ended.of).map(About::Detection)
            }
            When::UpdateOverdue | When::RfoDue => {
                site.incidents.iter().position(|one| one.first_slug().as_str() == ended.of).map(About::Incident)
            }
            When::FeedSilent => {
                let feed = site.config.monitoring.feeds.iter().position(|feed| feed.id.as_str() == ended.of);
                feed.map(|feed| About::Feed { feed, why: None })
            }
            When::BuildFailed | When::PublishFailed => Some(About::Build(String::new())),
            When::PromiseDue => None,
        };
        match (about, ended.how) {
            (Some(about), _) => self.name(&about),
            (None, How::Done { rfo }) => site.rfos.get(rfo).map_or(String::new(), |rfo| rfo.title.clone()),
            (None, _) => ended.of.clone(),
        }
    }

    fn ended(&self, ended: &Ended) -> String {
        let i18n = &self.theme.i18n;
        let name = self.name_of(ended);
        let timed = |key, at: Moment| i18n.text(key, &[("title", &name), ("time", &self.clock.full_text(at))]);
        let line = match ended.how {
            How::Posted { at, .. } => timed(T::alarm_over_posted, at),
            How::Withdrawn { .. } => i18n.text(T::alarm_over_withdrawn, &[("title", &name)]),
            How::ByItself { at } => timed(T::alarm_over_itself, Moment::At(at)),
            How::Reported { .. } => i18n.text(T::alarm_over_reported, &[("title", &name)]),
            How::Done { .. } => i18n.text(T::alarm_over_done, &[("title", &name)]),
            How::Heard { at } => timed(T::alarm_over_heard, Moment::At(at)),
            How::Works => i18n.text(T::alarm_over_works, &[("title", &name)]),
            How::Gone => i18n.text(T::alarm_over_gone, &[("title", &name)]),
        };
        spaced(&line)
    }
}

/// What helps. Several outages at once are one incident, as a rule.
/// Never "all clear" while a person has only begun to answer.
fn over_in_a_word(ended: &[Ended]) -> T {
    let word = |how: How| match how {
        How::Posted { .. } => T::alarm_answered,
        How::Heard { .. } | How::Works => T::alarm_works,
        How::Reported { .. } | How::Done { .. } => T::alarm_done,
        How::Withdrawn { .. } | How::ByItself { .. } | How::Gone => T::alarm_over,
    };
    let mut words = ended.iter().map(|one| word(one.how));
    let first = words.next().unwrap_or(T::alarm_over);
    if words.all(|other| other == first) { first } else { T::alarm_no_call }
}

fn commands(site: &Site, troubles: &[Trouble], components: &[Slug]) -> Vec<String> {
    let slug = |index: &usize| site.incidents.get(*index).map(|one| one.slug.to_string());
    if let ([_, _, ..], Some(When::Unconfirmed)) = (troubles, troubles.first().map(|one| one.when)) {
        let ids: Vec<&str> = components.iter().map(Slug::as_str).collect();
        return vec![format!("upfront new \"…\" -c {}", ids.join(","))];
    }
    let of = |one: &Trouble| match &one.about {
        About::Detection(_) => Some(format!("upfront confirm {}", one.of)),
        About::Incident(index) => slug(index).map(|slug| format!("upfront update {slug}")),
        About::Report(index) => slug(index).map(|slug| format!("upfront rfo {slug}")),
        About::FollowUp { rfo, .. } => site.rfos.get(*rfo).map(|rfo| format!("$EDITOR {}", rfo.source)),
        About::Feed { .. } => Some(format!("upfront record --check {}", one.of)),
        About::Build(_) => Some("upfront check".to_owned()),
        About::Publish(_) => Some("upfront publish".to_owned()),
    };
    let mut all: Vec<String> = troubles.iter().take(LINES_MAX).filter_map(of).collect();
    all.dedup();
    all
}

fn body(told: &Told, what_to_do: &str) -> String {
    let mut body = told.lines.join("\n");
    if !told.commands.is_empty() {
        body += &format!("\n\n{what_to_do}:\n{}", told.commands.join("\n"));
    }
    body
}

fn html(told: &Told) -> Html {
    let mut html = String::from("<p>");
    for (index, line) in told.lines.iter().enumerate() {
        let gap = if index == 0 { "" } else { "<br>" };
        html += &format!("{gap}{}", Html::text(line));
    }
    html += "</p>";
    for command in &told.commands {
        html += &format!("<pre><code>{}</code></pre>", Html::text(command));
    }
    Html::trusted(html)
}
