//! What a piece of news says, in the site's words: for channels, which have no page around it.

use jiff::{SignedDuration, Timestamp};

use super::escape::clean_into;
use super::html::Html;
use super::i18n::T;
use super::links::LinkContext;
use super::machine::{Source, fill};
use super::markdown;
use super::targets::Targets;
use super::theme::Theme;
use super::time::Clock;
use super::{RenderError, api_v2};
use crate::announce::message::{Facts, Page};
use crate::announce::news::{News, NewsOf};
use crate::derive::{Derived, IncidentFacts, Moment};
use crate::model::{Incident, Kind, MaintenanceStatus, Markdown, Site, Stage};

/// What is said of one piece of news, and the body as HTML with absolute links.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub facts: Facts,
    /// The body, with absolute links.
    pub html: Html,
    /// The body of Statuspage's webhook; `null` where it is about no incident.
    pub statuspage: serde_json::Value,
}

/// Says it. `late` and `superseded` as [`crate::announce::plan`] found them. `None` for what is not in the site.
pub fn say(site: &Site, derived: &Derived, theme: &Theme, news: &News, late: bool, superseded: bool) -> Option<Said> {
    let source = Source { site, derived, words: &theme.words, targets: Targets::new(site) };
    let teller = Teller { source, theme, clock: Clock { i18n: &theme.i18n, tz: &site.config.zone.tz } };
    let mut said = match news.of {
        NewsOf::Update { incident, update } => teller.update(news, incident, update),
        NewsOf::Begins { incident } => teller.by_the_clock(news, incident, MaintenanceStatus::InProgress),
        NewsOf::Ends { incident } => teller.by_the_clock(news, incident, MaintenanceStatus::Completed),
        NewsOf::Report { rfo } => teller.report(news, rfo),
        NewsOf::FollowUp { rfo, follow_up } => teller.follow_up(news, rfo, follow_up),
    }?;
    // What keeps words together on a page is only in the way of programs and telephones.
    for text in
        [&mut said.facts.posted_text, &mut said.facts.impact_name].into_iter().chain(&mut said.facts.next_update)
    {
        *text = spaced(text);
    }
    if superseded {
        let time = teller.clock.full_text(Moment::At(news.at));
        said.facts.late = Some(spaced(&theme.i18n.text(T::announce_superseded, &[("time", &time)])));
    } else if late {
        let time = teller.clock.full_text(Moment::At(news.written));
        said.facts.late = Some(spaced(&theme.i18n.text(T::announce_late, &[("time", &time)])));
    }
    Some(said)
}

/// With plain spaces in place of those that do not break.
pub(super) fn spaced(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// A message that says it is a test.
pub fn say_test(site: &Site, theme: &Theme, now: Timestamp) -> Said {
    let config = &site.config;
    let clock = Clock { i18n: &theme.i18n, tz: &config.zone.tz };
    let body = theme.i18n.text(T::announce_test_text, &[("site", &clean(&config.title))]);
    let facts = Facts {
        page: Page { title: clean(&config.title), url: config.url.to_string() },
        kind: "test".to_owned(),
        slug: "test".to_owned(),
        title: clean(&config.title),
        stage: "test".to_owned(),
        stage_name: theme.i18n.word(T::announce_test_title),
        impact: "none".to_owned(),
        impact_name: clean(theme.words.impact(crate::model::Impact::None)),
        components: Vec::new(),
        component_ids: Vec::new(),
        link: format!("{}/", config.url),
        body: body.clone(),
        sentence: body.clone(),
        posted: Some(seconds(now)),
        posted_text: spaced(&clock.full_text(Moment::At(now))),
        late: None,
        next_update: None,
        next_update_at: None,
        is_over: false,
        is_notice: false,
        is_test: true,
    };
    Said { facts, html: Html::trusted(format!("<p>{}</p>", Html::text(&body))), statuspage: serde_json::Value::Null }
}

/// Prints facts with a template of the theme, such as `announce/text.txt`. Lines end without spaces, and no two of them
/// in a row are empty.
///
/// # Errors
///
/// Where the template asks for what there is not.
pub fn message_text(theme: &Theme, template: &str, facts: &Facts, body: &str) -> Result<String, RenderError> {
    #[derive(serde::Serialize)]
    struct View<'a> {
        #[serde(flatten)]
        facts: &'a Facts,
        /// As much of it as fits.
        shown: &'a str,
    }
    let printed = theme.print_text(template, &View { facts, shown: body })?;
    let mut text = String::with_capacity(printed.len());
    for line in printed.lines().map(str::trim_end) {
        if !(line.is_empty() && (text.is_empty() || text.ends_with("\n\n"))) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    Ok(text)
}

/// When the next word is promised, as a sentence.
pub fn message_next(theme: &Theme, facts: &Facts) -> Option<String> {
    let at = facts.next_update.as_ref()?;
    Some(format!("{} {at}.", theme.i18n.word(T::announce_next)))
}

/// A whole mail in HTML, by the theme's `announce/mail.html`. `colours` are those of its impact, on light and on dark
/// paper; `unsubscribe` is where one leaves the list.
///
/// # Errors
///
/// Where the template asks for what there is not.
pub fn message_page(
    theme: &Theme,
    facts: &Facts,
    words: &Html,
    colours: (u32, u32),
    unsubscribe: Option<&str>,
) -> Result<String, RenderError> {
    #[derive(serde::Serialize)]
    struct View<'a> {
        #[serde(flatten)]
        facts: &'a Facts,
        language: &'a str,
        subject: String,
        words: &'a Html,
        colour: String,
        colour_dark: String,
        shows_impact: bool,
        why: String,
        unsubscribe: Option<&'a str>,
    }
    let view = View {
        facts,
        language: theme.i18n.language(),
        subject: message_subject(theme, facts),
        words,
        colour: format!("#{:06x}", colours.0),
        colour_dark: format!("#{:06x}", colours.1),
        shows_impact: facts.impact != "none",
        why: theme
            .i18n
            .text(if facts.kind == "alarm" { T::alarm_why } else { T::announce_why }, &[("site", &facts.page.title)]),
        unsubscribe,
    };
    Ok(String::from_utf8_lossy(&theme.print("announce/mail.html", &view)?).into_owned())
}

struct Teller<'a> {
    source: Source<'a>,
    theme: &'a Theme,
    clock: Clock<'a>,
}

impl<'a> Teller<'a> {
    fn incident(&self, index: usize) -> Option<(&'a Incident, &'a IncidentFacts)> {
        let Source { site, derived, .. } = self.source;
        site.incidents.get(index).zip(derived.incidents.get(index))
    }

    fn update(&self, news: &News, index: usize, at: usize) -> Option<Said> {
        let (incident, facts) = self.incident(index)?;
        let update = incident.updates.get(at)?;
        let link = format!("incidents/{}/#u-{}", incident.slug, update.id);
        let body = Body::Written(&update.body, format!("incidents/{}/", incident.slug), &incident.source);
        let is_last = at + 1 == incident.updates.len();
        let next = facts.next_update.filter(|next| is_last && !next.overdue).map(|next| next.at);
        Some(self.about_incident(news, index, update.stage, &link, body, next))
    }

    fn by_the_clock(&self, news: &News, index: usize, status: MaintenanceStatus) -> Option<Said> {
        let (incident, _) = self.incident(index)?;
        let key = match status {
            MaintenanceStatus::Completed => T::announce_ends,
            MaintenanceStatus::Scheduled
            | MaintenanceStatus::InProgress
            | MaintenanceStatus::Verifying
            | MaintenanceStatus::Cancelled => T::announce_begins,
        };
        let until = match incident.kind {
            Kind::Maintenance(window) => window.ends.filter(|_| status == MaintenanceStatus::InProgress),
            Kind::Incident | Kind::Info | Kind::FalseAlarm | Kind::Notice => None,
        };
        let mut text = self.theme.i18n.word(key);
        if let Some(until) = until {
            let time = self.clock.full_text(Moment::At(until));
            text = format!("{text} {}", self.theme.i18n.text(T::announce_until, &[("time", &time)]));
        }
        let link = format!("incidents/{}/", incident.slug);
        Some(self.about_incident(news, index, Stage::Maintenance(status), &link, Body::Made(text), None))
    }

    fn about_incident(
        &self,
        news: &News,
        index: usize,
        stage: Stage,
        link: &str,
        body: Body<'_>,
        next: Option<Timestamp>,
    ) -> Said {
        let Source { site, words, .. } = self.source;
        let mut said = self.blank(news, &body);
        let Some(incident) = site.incidents.get(index) else { return said };
        self.touch(&mut said.facts, incident);
        let facts = &mut said.facts;
        facts.slug = incident.first_slug().to_string();
        facts.title = clean(&incident.title);
        facts.stage = stage.word().to_owned();
        facts.stage_name = clean(words.stage(stage, &incident.kind));
        facts.link = self.source.url(link);
        facts.is_over = stage.is_end() && incident.kind != Kind::Info;
        facts.is_notice = incident.kind == Kind::Notice;
        facts.next_update = next.map(|at| self.clock.full_text(Moment::At(at)));
        facts.next_update_at = next.map(seconds);
        said.statuspage = api_v2::webhook(self.source, index, news.at);
        said
    }

    fn report(&self, news: &News, index: usize) -> Option<Said> {
        let Source { site, derived, words, .. } = self.source;
        let rfo = site.rfos.get(index)?;
        let incident = derived.rfos.get(index)?.incident.and_then(|incident| site.incidents.get(incident));
        // A report is read on its page: what is sent is how it begins.
        let own = format!("rfo/{}/", rfo.slug);
        let first = markdown::plain(&rfo.body).split("\n\n").next().unwrap_or_default().to_owned();
        let mut said = self.blank(news, &Body::Made(first));
        if let Some(incident) = incident {
            self.touch(&mut said.facts, incident);
        }
        let facts = &mut said.facts;
        facts.slug = rfo.slug.to_string();
        facts.title = clean(&rfo.title);
        facts.stage = "report".to_owned();
        facts.stage_name = clean(&words.report);
        facts.link = self.source.url(&own);
        facts.is_over = true;
        Some(said)
    }

    fn follow_up(&self, news: &News, index: usize, at: usize) -> Option<Said> {
        let Source { site, derived, words, .. } = self.source;
        let rfo = site.rfos.get(index)?;
        let follow_up = rfo.follow_ups.get(at)?;
        let incident = derived.rfos.get(index)?.incident.and_then(|incident| site.incidents.get(incident));
        let what = markdown::plain(&follow_up.what);
        let text = self.theme.i18n.text(T::announce_promise_done, &[("report", &rfo.title)]);
        let mut said = self.blank(news, &Body::Made(text));
        if let Some(incident) = incident {
            self.touch(&mut said.facts, incident);
        }
        let facts = &mut said.facts;
        facts.slug = rfo.slug.to_string();
        facts.title = clean(&what);
        facts.stage = "done".to_owned();
        facts.stage_name = clean(&words.promise_done);
        facts.link = self.source.url(&format!("rfo/{}/", rfo.slug));
        facts.is_over = true;
        Some(said)
    }

    fn blank(&self, news: &News, body: &Body<'_>) -> Said {
        let config = &self.source.site.config;
        let (plain, sentence, html) = match body {
            Body::Written(markdown, own, file) => {
                let html = self.content(markdown, own, file);
                (markdown::plain(markdown), markdown::first_sentence(markdown), html)
            }
            Body::Made(text) => {
                let sentence = markdown::first_sentence(&Markdown::new(text.as_str()));
                (spaced(text), sentence, Html::trusted(format!("<p>{}</p>", Html::text(text))))
            }
        };
        let facts = Facts {
            page: Page { title: clean(&config.title), url: config.url.to_string() },
            kind: news.kind.word().to_owned(),
            slug: String::new(),
            title: String::new(),
            stage: String::new(),
            stage_name: String::new(),
            impact: "none".to_owned(),
            impact_name: clean(self.source.words.impact(crate::model::Impact::None)),
            components: Vec::new(),
            component_ids: Vec::new(),
            link: String::new(),
            body: clean(&plain),
            sentence: clean(&sentence),
            posted: Some(seconds(news.at)),
            posted_text: self.clock.full_text(Moment::At(news.at)),
            late: None,
            next_update: None,
            next_update_at: None,
            is_over: false,
            is_notice: false,
            is_test: false,
        };
        Said { facts, html, statuspage: serde_json::Value::Null }
    }

    fn touch(&self, facts: &mut Facts, incident: &Incident) {
        let config = &self.source.site.config;
        let components = incident.components.iter().filter_map(|id| config.component(id));
        for component in components {
            facts.components.push(clean(&component.name));
            facts.component_ids.push(component.id.to_string());
        }
        let impact = match incident.kind {
            Kind::Incident | Kind::Notice => incident.impact,
            Kind::Maintenance(_) | Kind::Info | Kind::FalseAlarm => crate::model::Impact::None,
        };
        facts.impact = impact.word().to_owned();
        facts.impact_name = clean(self.source.words.impact(impact));
    }

    fn content(&self, body: &Markdown, own: &str, file: &str) -> Html {
        let root = self.source.url("");
        let resolve = |file: &str, href: &str| self.source.targets.resolve(file, href);
        let context = LinkContext { root: &root, own, source: file, heading: 3, resolve: &resolve };
        markdown::html(body, &context)
    }
}

enum Body<'a> {
    /// By a person: the text, the page it stands on, the file it was written in.
    Written(&'a Markdown, String, &'a str),
    /// By the program.
    Made(String),
}

/// To whole seconds, as programs expect it.
pub(super) fn seconds(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_nanos(i64::from(at.subsec_nanosecond()))).unwrap_or(at)
}

pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    clean_into(&mut out, text);
    out
}

/// The line above a message: `{title}: {stage}`, as in feeds.
pub fn message_subject(theme: &Theme, facts: &Facts) -> String {
    let subject = fill(&theme.words.entry_title, &[("title", &facts.title), ("stage", &facts.stage_name)]);
    subject.split_whitespace().collect::<Vec<_>>().join(" ")
}
