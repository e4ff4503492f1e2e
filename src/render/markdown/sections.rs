//! A report's body as sections, each with an address of its own.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::writer::Writer;
use super::{LinkContext, with_events};
use crate::model::{Markdown, Slug};
use crate::render::html::Html;

/// One part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct Section {
    /// `None` for what stands before the first heading.
    pub heading: Option<SectionHeading>,
    pub body: Html,
}

/// Its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct SectionHeading {
    /// Unique on the page, made of its words: `s-what-happened`.
    pub id: String,
    /// Inline HTML.
    pub title: Html,
}

/// The text, cut at its headings of the first and second level. The page writes those itself, at
/// `context.heading`; headings in the bodies are lower. Text before the first one is a section without heading.
pub(in crate::render) fn sections(markdown: &Markdown, context: &LinkContext<'_>) -> Vec<Section> {
    let parts = parts(markdown);
    let ids = ids(&parts);
    let known = ids.iter().flatten().cloned().collect();
    let section = |(part, id): (Part<'_>, Option<String>)| {
        let heading = id.map(|id| {
            let mut title = Writer::inline(context, &known, 32);
            part.title.into_iter().flatten().for_each(|event| title.event(event));
            SectionHeading { id, title: title.finish() }
        });
        let mut body = Writer::blocks(context, &known, 256);
        if heading.is_some() {
            body.follow_heading(context.heading);
        }
        part.body.into_iter().for_each(|event| body.event(event));
        Section { heading, body: body.finish() }
    };
    let sections = parts.into_iter().zip(ids).map(section);
    sections.filter(|section| section.heading.is_some() || !section.body.is_empty()).collect()
}

#[derive(Default)]
struct Part<'a> {
    /// What is in the heading; `None` before the first one.
    title: Option<Vec<Event<'a>>>,
    body: Vec<Event<'a>>,
}

fn parts(markdown: &Markdown) -> Vec<Part<'_>> {
    let mut done = Vec::new();
    let mut part = Part::default();
    let mut depth = 0_usize;
    let mut in_title = false;
    with_events(markdown, |event| {
        match &event {
            // A heading in a list or a quotation cuts nothing.
            Event::Start(Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. }) if depth == 0 => {
                done.push(std::mem::replace(&mut part, Part { title: Some(Vec::new()), body: Vec::new() }));
                in_title = true;
                depth += 1;
                return;
            }
            Event::End(TagEnd::Heading(_)) if in_title => {
                in_title = false;
                depth = 0;
                return;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        match &mut part.title {
            Some(title) if in_title => title.push(event),
            _ => part.body.push(event),
        }
    });
    done.push(part);
    done
}

/// An id for each part that has a heading with words in it.
fn ids(parts: &[Part<'_>]) -> Vec<Option<String>> {
    let mut taken = BTreeSet::new();
    let id = |part: &Part<'_>| {
        let words = words(part.title.as_ref()?);
        if words.trim().is_empty() {
            return None;
        }
        let slug = Slug::from_text(&words).map_or_else(|| "part".to_owned(), |slug| slug.as_str().to_owned());
        let mut id = format!("s-{slug}");
        let mut count = 1_u32;
        while !taken.insert(id.clone()) {
            count += 1;
            id = format!("s-{slug}-{count}");
        }
        Some(id)
    };
    parts.iter().map(id).collect()
}

fn words(title: &[Event<'_>]) -> String {
    let word = |event: &Event<'_>| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        Event::SoftBreak | Event::HardBreak => " ".to_owned(),
        _ => String::new(),
    };
    title.iter().map(word).collect()
}
