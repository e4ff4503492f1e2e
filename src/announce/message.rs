//! News in the words of one channel.

use jiff::Timestamp;
use serde::Serialize;

use unicode_segmentation::UnicodeSegmentation as _;

use super::channel;
use crate::model::{Channel, ChannelKind, Impact, NewsKind, Site, Slug};
use crate::render::{self, RenderError, Said, Theme};

/// What a link counts where links count the same, in characters (Mastodon, X).
const LINK_CHARS: usize = 23;

/// How long the text of a kind of channel may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// In characters (Unicode scalar values), every link counted as 23 of them.
    Chars(usize),
    /// In what readers take for one character (Bluesky, UAX #29).
    Graphemes(usize),
    /// In bytes of UTF-8.
    Bytes(usize),
    /// As X weighs them: most characters of CJK and emoji are two, every link is 23.
    Weighted(usize),
    None,
}

/// One message, ready for its channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The address of what it tells of; see [`crate::model::Deliveries`].
    pub key: String,
    /// The same for the same news in the same channel, for ever: 32 hexadecimal digits.
    pub idempotency: String,
    /// One line: `Investigating: IMAP and POP logins failing`.
    pub subject: String,
    /// Plain text within the channel's limit; the link is in it, unless its kind has another place for that.
    pub text: String,
    /// The update's body as HTML that any mail program shows; for e-mail, Matrix and Discourse.
    pub html: String,
    /// For e-mail the whole mail in HTML; else empty.
    pub page: String,
    pub facts: Facts,
    /// When the next word is promised, as a sentence.
    pub next: Option<String>,
    pub thread: Thread,
    /// A test, marked as one in every text.
    pub is_test: bool,
    /// The whole incident as the webhook of Statuspage sends it; `null` where there is none.
    pub statuspage: serde_json::Value,
}

/// What a message says, for templates and for programs. This is the body of our own webhook.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    /// The page's name and address.
    pub page: Page,
    /// `incident`, `maintenance`, `announcement`, `notice`, `report`, `follow_up`, `alarm`.
    pub kind: String,
    /// The incident's slug, which stays the same for all its updates; the report's.
    pub slug: String,
    pub title: String,
    /// `investigating` …; empty for what has no stages.
    pub stage: String,
    /// The same as readers see it: "Investigating".
    pub stage_name: String,
    /// `none`, `minor`, `major`, `critical`.
    pub impact: String,
    /// The same as readers see it: "Major impact".
    pub impact_name: String,
    /// The names of the components that it touches.
    pub components: Vec<String>,
    /// Their ids.
    pub component_ids: Vec<String>,
    /// Where it can be read.
    pub link: String,
    /// The update, as plain text.
    pub body: String,
    /// Its first sentence.
    pub sentence: String,
    /// When it was posted, in UTC.
    pub posted: Option<Timestamp>,
    /// The same in the site's zone, as readers see it: "24 March 2026, 11:53 CET".
    pub posted_text: String,
    /// "posted at 11:53, told at 12:40", where it is told late; and that a newer update was told before.
    pub late: Option<String>,
    /// When the next word is promised, as readers see it.
    pub next_update: Option<String>,
    /// The same in UTC, for programs.
    pub next_update_at: Option<Timestamp>,
    /// Nothing more is to be expected: resolved, completed, withdrawn.
    pub is_over: bool,
    /// What machines found and no person has confirmed.
    pub is_notice: bool,
    pub is_test: bool,
}

/// The page that it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page {
    pub title: String,
    pub url: String,
}

/// What was told in this channel before about the same incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// The same for all messages of an incident: its first slug.
    pub id: String,
    /// What the channel calls the first message, and the last one.
    pub first: Option<String>,
    pub last: Option<String>,
    /// What it calls all earlier ones, oldest first; a mail's `References` are made of them.
    pub earlier: Vec<String>,
}

impl Facts {
    /// How bad it is.
    pub fn impact(&self) -> Impact {
        match self.impact.as_str() {
            "minor" => Impact::Minor,
            "major" => Impact::Major,
            "critical" => Impact::Critical,
            _ => Impact::None,
        }
    }

    /// What kind of news; `None` for an alarm.
    pub fn news_kind(&self) -> Option<NewsKind> {
        NewsKind::ALL.into_iter().find(|kind| kind.word() == self.kind)
    }
}

/// Who hears it, and what is known of earlier messages.
#[derive(Clone, Copy)]
pub struct To<'a> {
    pub site: &'a Site,
    pub theme: &'a Theme,
    pub channel: &'a Channel,
}

/// Puts what is said into the words of a channel: its template, within its limit, the link always there.
///
/// # Errors
///
/// Where a template of the theme asks for what there is not.
pub fn compose(to: To<'_>, key: &str, said: Said, thread: Thread) -> Result<Message, RenderError> {
    let Said { facts, html, statuspage } = said;
    let limit = channel::limit(to.channel.kind);
    let template = template(to, &facts);
    let text = fit(limit, &facts, |facts, shown| render::message_text(to.theme, &template, facts, shown))?;
    let subject = match facts.is_test {
        true => format!("[TEST] {}", render::message_subject(to.theme, &facts)),
        false => render::message_subject(to.theme, &facts),
    };
    // An update without words says its stage at least.
    let text = if text.is_empty() { subject.clone() } else { text };
    let idempotency = idempotency(to.site.config.url.as_str(), key, &to.channel.id);
    let is_test = facts.is_test;
    let page = match to.channel.kind {
        ChannelKind::Email => {
            let unsubscribe = to.channel.options.get("unsubscribe").map(String::as_str);
            render::message_page(
                to.theme,
                &facts,
                &html,
                (channel::colour(&facts), channel::colour_on_dark(&facts)),
                unsubscribe,
            )?
        }
        _ => String::new(),
    };
    let html = html.as_str().trim_end().to_owned();
    let next = render::message_next(to.theme, &facts);
    let key = key.to_owned();
    Ok(Message { key, idempotency, subject, text, html, page, facts, next, thread, is_test, statuspage })
}

/// The theme's own for this channel, for its kind, or the one for all.
fn template(to: To<'_>, facts: &Facts) -> String {
    let kind = to.channel.kind;
    let common = match kind {
        _ if facts.kind == "alarm" && kind != ChannelKind::Irc => "announce/alarm.txt",
        ChannelKind::Email => "announce/mail.txt",
        ChannelKind::Irc => "announce/line.txt",
        // They have a title of their own, with the link behind it.
        ChannelKind::Mattermost | ChannelKind::Discord | ChannelKind::Ntfy | ChannelKind::Pushover => {
            "announce/body.txt"
        }
        ChannelKind::Webhook
        | ChannelKind::Mastodon
        | ChannelKind::Bluesky
        | ChannelKind::X
        | ChannelKind::Matrix
        | ChannelKind::Slack
        | ChannelKind::Teams
        | ChannelKind::Telegram
        | ChannelKind::Discourse
        | ChannelKind::Command => "announce/text.txt",
    };
    // What a theme says of news on a kind of channel does not fit a call.
    let of_kind = (facts.kind != "alarm").then(|| format!("announce/{}.txt", kind.word()));
    let own = [to.channel.template.clone(), of_kind];
    own.into_iter().flatten().find(|name| to.theme.has_template(name)).unwrap_or_else(|| common.to_owned())
}

/// The same for the same news in the same channel of the same site, for ever.
fn idempotency(site_url: &str, key: &str, channel: &Slug) -> String {
    let hash = blake3::hash(format!("{site_url}\n{key}\n{channel}").as_bytes());
    hash.to_hex().chars().take(32).collect()
}

/// Prints with as much of the body as fits: all of it, else whole sentences of it, at least the first one; only where that
/// is too long by itself it is cut between two words, and then the title.
fn fit(
    limit: Limit,
    facts: &Facts,
    print: impl Fn(&Facts, &str) -> Result<String, RenderError>,
) -> Result<String, RenderError> {
    let whole = print(facts, &facts.body)?;
    if limit.allows(&whole) {
        return Ok(whole);
    }
    let ends = sentence_ends(&facts.body);
    // Longer is never shorter, so the longest that fits is found by halving.
    let fits = |end: usize| -> Result<Option<String>, RenderError> {
        let shown = facts.body.get(..end).unwrap_or_default().trim_end();
        let text = print(facts, &format!("{shown} …"))?;
        Ok(limit.allows(&text).then_some(text))
    };
    if let Some(text) = longest(&ends, fits)? {
        return Ok(text);
    }
    let shown = |end: usize| -> Result<Option<String>, RenderError> {
        let shown = facts.sentence.get(..end).unwrap_or_default().trim_end();
        let text = print(facts, &format!("{shown}…"))?;
        Ok(limit.allows(&text).then_some(text))
    };
    for ends in [word_ends(&facts.sentence), character_ends(&facts.sentence)] {
        if let Some(text) = longest(&ends, shown)? {
            return Ok(text);
        }
    }
    let titled = |end: usize| -> Result<Option<String>, RenderError> {
        let title = facts.title.get(..end).unwrap_or_default().trim_end();
        let short = Facts { title: format!("{title}…"), late: None, next_update: None, ..facts.clone() };
        let text = print(&short, "")?;
        Ok(limit.allows(&text).then_some(text))
    };
    let titles = character_ends(&facts.title);
    // The link alone still says where to look.
    Ok(longest(&titles, titled)?.unwrap_or_else(|| facts.link.clone()))
}

/// The last of the ends with which it fits; they are in rising order.
fn longest(
    ends: &[usize],
    fits: impl Fn(usize) -> Result<Option<String>, RenderError>,
) -> Result<Option<String>, RenderError> {
    let (mut low, mut high) = (0, ends.len());
    let mut best = None;
    while low < high {
        let middle = low + (high - low) / 2;
        let Some(&end) = ends.get(middle) else { break };
        match fits(end)? {
            Some(text) => {
                best = Some(text);
                low = middle + 1;
            }
            None => high = middle,
        }
    }
    Ok(best)
}

/// Behind each sentence and line.
fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let ends_here = match c {
            '.' | '!' | '?' => next.is_none_or(char::is_whitespace),
            '。' | '！' | '？' => true,
            _ => next == Some('\n'),
        };
        if ends_here {
            ends.push(at + c.len_utf8());
        }
    }
    ends
}

/// Behind each word but the last one.
fn word_ends(text: &str) -> Vec<usize> {
    text.match_indices(' ').map(|(at, _)| at).filter(|&at| at > 0).collect()
}

/// Behind each character but the last one: for a single word that is too long, and for what is written without spaces.
fn character_ends(text: &str) -> Vec<usize> {
    text.grapheme_indices(true).skip(1).map(|(at, _)| at).collect()
}

impl Limit {
    /// Whether the text may be sent.
    pub fn allows(self, text: &str) -> bool {
        match self {
            // Every link counts 23, whatever its length (Mastodon's documentation, 'Posting to your profile').
            Limit::Chars(max) => counted(text, |word| word.chars().count()) <= max,
            // And no more bytes than `app.bsky.feed.post` takes for that many graphemes.
            Limit::Graphemes(max) => text.graphemes(true).count() <= max && text.len() <= max.saturating_mul(10),
            Limit::Bytes(max) => text.len() <= max,
            Limit::Weighted(max) => counted(text, weight) <= max,
            Limit::None => true,
        }
    }
}

/// The sum over all words and what is between them, a link being 23.
fn counted(text: &str, count: impl Fn(&str) -> usize) -> usize {
    text.split_inclusive(char::is_whitespace)
        .map(|part| {
            let word = part.trim_end();
            let between = count(part.get(word.len()..).unwrap_or_default());
            between
                + match () {
                    () if word.starts_with("https://") || word.starts_with("http://") => LINK_CHARS,
                    // X makes links of bare names as well, and Mastodon none: the longer one is safe.
                    () if has_host(word) => count(word).max(LINK_CHARS),
                    () => count(word),
                }
        })
        .sum()
}

/// Whether something like `example.com` is in a word, or an address behind a bracket.
fn has_host(word: &str) -> bool {
    word.contains("://")
        || word.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').any(|part| {
            part.trim_end_matches('.')
                .rsplit_once('.')
                .is_some_and(|(name, end)| !name.is_empty() && end.len() >= 2 && end.chars().all(char::is_alphabetic))
        })
}

/// As X counts (its documentation, 'Counting characters'): one up to U+10FF and for some punctuation, two for all else; an
/// emoji is two, however many code points it has.
fn weight(text: &str) -> usize {
    let one = |c: char| matches!(u32::from(c), 0..=0x10FF | 0x2000..=0x200D | 0x2010..=0x201F | 0x2032..=0x2037);
    text.graphemes(true)
        .map(|grapheme| match grapheme.chars().all(one) {
            true => grapheme.chars().count(),
            false => 2,
        })
        .sum()
}

#[cfg(test)]
mod tests;
