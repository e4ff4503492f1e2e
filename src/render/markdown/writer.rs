//! Events of the parser → HTML.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Tag, TagEnd};

use crate::render::escape;
use crate::render::html::Html;
use crate::render::links::{self, Href, LinkContext};

/// Writes HTML as the events come.
pub(super) struct Writer<'c> {
    context: &'c LinkContext<'c>,
    /// Ids of the page that a fragment may name.
    sections: &'c BTreeSet<String>,
    html: String,
    /// Only inline content; blocks become spaces.
    inline: bool,
    /// The highest heading that may stand here.
    floor: u8,
    /// The level of the last heading, so that none is skipped.
    level: u8,
    /// For each link that is open, where its tag stands in `html`; `None` where it must not be one.
    links: Vec<Option<Range<usize>>>,
    /// The picture whose description is being read, and how many others stand in that description.
    picture: Option<Picture>,
    table: Table,
    /// The raw HTML block that is being read.
    raw: Option<String>,
}

struct Picture {
    target: String,
    alt: String,
    nested: usize,
}

/// Where in a table we are.
#[derive(Default)]
struct Table {
    /// The text of the head's cells, for small screens where each cell stands alone.
    columns: Vec<String>,
    column: usize,
    in_head: bool,
}

impl<'c> Writer<'c> {
    /// For blocks. `sections` are the ids of the page that a fragment may name.
    pub fn blocks(context: &'c LinkContext<'c>, sections: &'c BTreeSet<String>, len: usize) -> Writer<'c> {
        Writer {
            context,
            sections,
            html: String::with_capacity(len + len / 4 + 16),
            inline: false,
            floor: context.heading,
            level: context.heading.saturating_sub(1),
            links: Vec::new(),
            picture: None,
            table: Table::default(),
            raw: None,
        }
    }

    /// For inline content only.
    pub fn inline(context: &'c LinkContext<'c>, sections: &'c BTreeSet<String>, len: usize) -> Writer<'c> {
        Writer { inline: true, ..Writer::blocks(context, sections, len) }
    }

    /// Says that the page itself wrote a heading of that level just before.
    pub fn follow_heading(&mut self, level: u8) {
        self.floor = level + 1;
        self.level = level;
    }

    pub fn finish(mut self) -> Html {
        if self.inline {
            self.html.truncate(self.html.trim_end().len());
        }
        Html::trusted(self.html)
    }

    pub fn event(&mut self, event: Event<'_>) {
        if self.picture.is_some() {
            return self.describe(event);
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.code(&code),
            Event::Html(text) => match &mut self.raw {
                Some(raw) => raw.push_str(&text),
                None => self.text(&text),
            },
            Event::InlineHtml(tag) if is_comment(&tag) => {}
            Event::InlineHtml(tag) => self.text(&tag),
            Event::SoftBreak => self.html.push(if self.inline { ' ' } else { '\n' }),
            Event::HardBreak if self.inline => self.html.push(' '),
            Event::HardBreak => self.html.push_str("<br>\n"),
            Event::Rule if self.inline => self.gap(),
            Event::Rule => self.html.push_str("<hr>\n"),
            // Extensions that are off; their text would be all there is to show.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => self.text(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.table.in_head
            && let Some(column) = self.table.columns.last_mut()
        {
            column.push_str(text);
        }
        escape::text_into(&mut self.html, text);
    }

    fn code(&mut self, code: &str) {
        self.html.push_str("<code>");
        self.text(code);
        self.html.push_str("</code>");
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => self.open_link(&format!("mailto:{dest_url}"), ""),
            Tag::Link { dest_url, title, .. } => self.open_link(&dest_url, &title),
            Tag::Image { dest_url, .. } => {
                self.picture = Some(Picture { target: dest_url.into_string(), alt: String::new(), nested: 0 });
            }
            Tag::HtmlBlock => self.raw = Some(String::new()),
            Tag::CodeBlock(_) if self.inline => self.html.push_str("<code>"),
            _ if self.inline => self.gap(),
            tag => self.start_block(tag),
        }
    }

    fn start_block(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.html.push_str("<p>"),
            Tag::Heading { level, .. } => self.open_heading(level),
            Tag::BlockQuote(_) => self.html.push_str("<blockquote>\n"),
            // Long lines are scrolled, which a keyboard can do only where it can stand.
            Tag::CodeBlock(_) if self.context.is_feed() => self.html.push_str("<pre><code>"),
            Tag::CodeBlock(_) => self.html.push_str("<pre tabindex=\"0\"><code>"),
            Tag::List(None) => self.html.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.html.push_str("<ol>\n"),
            Tag::List(Some(first)) => {
                self.html.push_str("<ol start=\"");
                self.html.push_str(&first.to_string());
                self.html.push_str("\">\n");
            }
            Tag::Item => self.html.push_str("<li>"),
            Tag::Table(_) => {
                self.table = Table::default();
                self.html.push_str(if self.context.is_feed() { "<table>\n" } else { "<table class=\"stack\">\n" });
            }
            Tag::TableHead => {
                self.table.in_head = true;
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.table.column = 0;
                self.html.push_str("<tr>");
            }
            Tag::TableCell => self.open_cell(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.html.push_str("</em>"),
            TagEnd::Strong => self.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.html.push_str("</del>"),
            TagEnd::Link => self.close_link(),
            TagEnd::HtmlBlock => self.close_raw(),
            TagEnd::CodeBlock if self.inline => self.html.push_str("</code> "),
            _ if self.inline => self.gap(),
            tag => self.end_block(tag),
        }
    }

    fn end_block(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.html.push_str("</p>\n"),
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::BlockQuote(_) => self.html.push_str("</blockquote>\n"),
            TagEnd::CodeBlock => self.html.push_str("</code></pre>\n"),
            TagEnd::List(true) => self.html.push_str("</ol>\n"),
            TagEnd::List(false) => self.html.push_str("</ul>\n"),
            TagEnd::Item => self.html.push_str("</li>\n"),
            TagEnd::Table => self.html.push_str("</tbody></table>\n"),
            TagEnd::TableHead => {
                self.table.in_head = false;
                self.html.push_str("</tr></thead>\n<tbody>");
            }
            TagEnd::TableRow => self.html.push_str("</tr>\n"),
            TagEnd::TableCell => {
                let heads = self.table.in_head || self.table.column == 0;
                self.table.column += 1;
                self.html.push_str(if heads { "</th>" } else { "</td>" });
            }
            _ => {}
        }
    }

    /// A space between what were blocks.
    fn gap(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with(' ') {
            self.html.push(' ');
        }
    }

    fn open_heading(&mut self, written: HeadingLevel) {
        let wanted = (written as u8).max(2) - 2 + self.context.heading;
        self.level = wanted.max(self.floor).min(self.level + 1).min(6);
        self.push_heading("<h", self.level);
    }

    fn close_heading(&mut self) {
        // An empty one would be announced all the same.
        if self.html.ends_with('>')
            && self.html.get(self.html.len().saturating_sub(4)..).is_some_and(|tag| tag.starts_with("<h"))
        {
            self.html.truncate(self.html.len() - 4);
            return;
        }
        self.push_heading("</h", self.level);
        self.html.push('\n');
    }

    fn push_heading(&mut self, start: &str, level: u8) {
        self.html.push_str(start);
        self.html.push(char::from(b'0' + level.clamp(1, 6)));
        self.html.push('>');
    }

    /// On a phone each cell stands on a line of its own, under the words of its column.
    fn open_cell(&mut self) {
        if self.table.in_head {
            self.table.columns.push(String::new());
            self.html.push_str("<th scope=\"col\">");
        } else if self.table.column == 0 {
            self.html.push_str("<th scope=\"row\">");
        } else if self.context.is_feed() {
            self.html.push_str("<td>");
        } else {
            self.html.push_str("<td data-l=\"");
            let column = self.table.columns.get(self.table.column).map_or("", String::as_str);
            escape::attribute_into(&mut self.html, column);
            self.html.push_str("\">");
        }
    }

    fn open_link(&mut self, target: &str, title: &str) {
        let start = self.html.len();
        let href = links::href(target, self.context, self.sections);
        if let Some(href) = &href {
            self.push_link(href, title);
        }
        self.links.push(href.map(|_| start..self.html.len()));
    }

    fn close_link(&mut self) {
        match self.links.pop().flatten() {
            // Without words nobody could follow it.
            Some(tag) if tag.end == self.html.len() => self.html.truncate(tag.start),
            Some(_) => self.html.push_str("</a>"),
            None => {}
        }
    }

    fn push_link(&mut self, href: &Href, title: &str) {
        let (url, tail) = match href {
            // The reader's page is nobody else's business, on any host and with any headers.
            Href::Out(url) if !self.context.is_feed() && url.starts_with(['h', 'H']) => (url, "\" rel=\"noreferrer"),
            Href::Out(url) | Href::Own(url) => (url, ""),
        };
        self.html.push_str("<a href=\"");
        escape::attribute_into(&mut self.html, url);
        self.html.push_str(tail);
        if !title.is_empty() {
            self.html.push_str("\" title=\"");
            escape::attribute_into(&mut self.html, title);
        }
        self.html.push_str("\">");
    }

    /// The events inside a picture's brackets: only their text counts.
    fn describe(&mut self, event: Event<'_>) {
        let Some(picture) = &mut self.picture else { return };
        match event {
            Event::Start(Tag::Image { .. }) => picture.nested += 1,
            Event::End(TagEnd::Image) if picture.nested > 0 => picture.nested -= 1,
            Event::End(TagEnd::Image) => self.close_picture(),
            Event::InlineHtml(tag) if is_comment(&tag) => {}
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => picture.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => picture.alt.push(' '),
            _ => {}
        }
    }

    fn close_picture(&mut self) {
        let Some(picture) = self.picture.take() else { return };
        match links::picture(&picture.target, self.context) {
            Some(url) if !self.inline => {
                self.html.push_str("<img src=\"");
                escape::attribute_into(&mut self.html, &url);
                self.html.push_str("\" alt=\"");
                escape::attribute_into(&mut self.html, &picture.alt);
                self.html.push_str(match self.context.is_feed() {
                    true => "\">",
                    false => "\" loading=\"lazy\" decoding=\"async\">",
                });
            }
            Some(url) => self.link_picture(Some(Href::Own(url)), picture),
            None => self.link_picture(links::href(&picture.target, self.context, self.sections), picture),
        }
    }

    /// A picture that is not shown is named, and can be followed.
    fn link_picture(&mut self, href: Option<Href>, picture: Picture) {
        let name = if picture.alt.trim().is_empty() { &picture.target } else { &picture.alt };
        // A link holds no other.
        match href.filter(|_| !self.links.iter().any(Option::is_some)) {
            Some(href) => {
                self.push_link(&href, "");
                self.text(name);
                self.html.push_str("</a>");
            }
            None => self.text(name),
        }
    }

    fn close_raw(&mut self) {
        let raw = without_comments(&self.raw.take().unwrap_or_default());
        let raw = raw.trim();
        if raw.is_empty() {
            return;
        }
        if self.inline {
            self.gap();
            self.text(raw);
            self.gap();
        } else {
            self.html.push_str("<p>");
            self.text(raw);
            self.html.push_str("</p>\n");
        }
    }
}

pub(super) fn is_comment(tag: &str) -> bool {
    tag.starts_with("<!--")
}

/// Raw HTML less its comments; one that is not closed reaches to the end, as CommonMark has it.
pub(super) fn without_comments(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}
