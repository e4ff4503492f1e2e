//! What must hold of each file of a site, whatever it was made of.

use std::str;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Whether a character acts instead of being seen: controls, and what turns the direction of text or ends its line.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Everything that is wrong with a file, in a few words each.
pub fn what_is_wrong(path: &str, bytes: &[u8]) -> Vec<String> {
    let mut wrong = Vec::new();
    if path.ends_with(".png") {
        return wrong;
    }
    if path.chars().any(|c| acts(c) || matches!(c, '<' | '>' | '"' | '\\' | ' '))
        || path.split('/').any(|part| part == "..")
    {
        wrong.push("is called so".to_owned());
    }
    let Ok(text) = str::from_utf8(bytes) else {
        wrong.push("is not UTF-8".to_owned());
        return wrong;
    };
    let may = |c: char| c == '\n' || c == '\t' || (c == '\r' && path.ends_with(".ics"));
    if let Some(c) = text.chars().find(|&c| acts(c) && !may(c)) {
        wrong.push(format!("holds {c:?}"));
    }
    // Our own style sheet and script are not made of what people write.
    if text.contains("1234000") && !path.starts_with("assets/") {
        wrong.push("holds what a template computed".to_owned());
    }
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => html(text, true, &mut wrong),
        "atom" | "rss" | "xml" | "svg" => xml(text, &mut wrong),
        "json" => match serde_json::from_str(text) {
            Ok(value) => json("", &value, &mut wrong),
            Err(error) => wrong.push(error.to_string()),
        },
        "ics" => calendar(text, &mut wrong),
        "txt" | "css" | "js" => {}
        _ if path == "_headers" => headers(text, &mut wrong),
        _ if path == "_redirects" => redirects(text, &mut wrong),
        _ if path == "SHA256SUMS" => sums(text, &mut wrong),
        _ => wrong.push("is a kind of file that nobody looked at".to_owned()),
    }
    wrong
}

/// A sum and a path on each line, and nothing else: what a line break in a path would add is read by `sha256sum`.
fn sums(text: &str, wrong: &mut Vec<String>) {
    let is_right = |line: &str| {
        let (sum, path) = line.split_at_checked(66).unwrap_or_default();
        sum.strip_suffix("  ").is_some_and(|sum| sum.bytes().all(|b| b.is_ascii_hexdigit())) && !path.is_empty()
    };
    wrong.extend(text.lines().filter(|line| !is_right(line)).map(|line| format!("has the line {line:?}")));
}

/// Every tag and attribute of a page, or of what stands in a feed.
fn html(text: &str, is_page: bool, wrong: &mut Vec<String>) {
    for tag in tags(text) {
        let name = tag.name.as_str();
        match name {
            "script" if is_page && tag.get("src").is_some_and(|src| src.contains("assets/upfront-")) => {}
            "script" | "iframe" | "object" | "embed" | "style" | "form" | "base" => wrong.push(format!("has <{name}>")),
            _ => {}
        }
        for (key, value) in &tag.attributes {
            if key.starts_with("on") || key == "style" || key == "srcdoc" {
                wrong.push(format!("<{name}> has {key}={value:?}"));
            }
            if matches!(key.as_str(), "href" | "src" | "content" | "action" | "xlink:href") && !leads_well(name, value)
            {
                wrong.push(format!("<{name}> leads to {value:?} by {key}"));
            }
        }
    }
}

/// Links lead by a few schemes or within the site; nothing is loaded from elsewhere.
fn leads_well(tag: &str, address: &str) -> bool {
    if tag == "meta" {
        return !address.to_ascii_lowercase().contains("url=javascript");
    }
    let scheme = address.split(['/', '#', '?']).next().unwrap_or_default().split_once(':').map(|(scheme, _)| scheme);
    let stays = scheme.is_none() && !address.starts_with("//") && !address.contains('\\');
    match tag {
        "img" | "script" => stays || address.starts_with("https://status.example/"),
        _ => stays || matches!(scheme, Some("http" | "https" | "mailto")),
    }
}

struct TagOf {
    name: String,
    attributes: Vec<(String, String)>,
}

impl TagOf {
    fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// Start tags, read as a browser reads them: a `<` before a letter begins one, wherever it stands.
fn tags(text: &str) -> Vec<TagOf> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(rest.len());
        let mut tag = TagOf { name: rest[..end].to_ascii_lowercase(), attributes: Vec::new() };
        rest = &rest[end..];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let Some(end) = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '=')) else { break };
            let key = rest[..end].to_ascii_lowercase();
            rest = &rest[end..];
            if key.is_empty() {
                break;
            }
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                let inner = if quote.is_some() { &after[1..] } else { after };
                let end = match quote {
                    Some(quote) => inner.find(quote),
                    None => inner.find(|c: char| c.is_whitespace() || c == '>'),
                };
                let end = end.unwrap_or(inner.len());
                value = &inner[..end];
                rest = inner[end..].strip_prefix(['"', '\'']).unwrap_or(&inner[end..]);
            }
            tag.attributes.push((key, unescaped(value)));
        }
        tags.push(tag);
    }
    tags
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// Well-formed, without a type of its own, and what its texts hold as HTML is harmless as well.
fn xml(text: &str, wrong: &mut Vec<String>) {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_u32;
    let mut inner = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::DocType(_)) => wrong.push("has a type of its own".to_owned()),
            Ok(Event::Start(tag)) => {
                depth += 1;
                inner.clear();
                attributes(&tag, wrong);
            }
            Ok(Event::Empty(tag)) => attributes(&tag, wrong),
            Ok(Event::Text(text)) => inner.push_str(&text),
            Ok(Event::GeneralRef(name)) => inner.push_str(&format!("&{};", &*name)),
            Ok(Event::CData(text)) => inner.push_str(&text),
            Ok(Event::End(tag)) => {
                depth = depth.saturating_sub(1);
                let name = tag.name().as_ref().to_owned();
                // The description of the whole feed is plain.
                let is_item = depth > 2 || name != "description";
                if is_item && matches!(name.as_str(), "content" | "description" | "summary") {
                    html(&unescaped(&inner), false, wrong);
                }
                inner.clear();
            }
            Ok(_) => {}
            Err(error) => {
                wrong.push(format!("is not well-formed: {error}"));
                return;
            }
        }
    }
    if depth != 0 {
        wrong.push("does not end".to_owned());
    }
}

fn attributes(tag: &quick_xml::events::BytesStart<'_>, wrong: &mut Vec<String>) {
    let name = tag.name().as_ref().to_owned();
    if name == "script" || name == "foreignObject" {
        wrong.push(format!("has <{name}>"));
    }
    for attribute in tag.attributes() {
        match attribute {
            Ok(attribute) => {
                let key = attribute.key.as_ref().to_owned();
                let value = unescaped(&attribute.value);
                if key.starts_with("on") || (key == "href" && !leads_well(&name, &value)) {
                    wrong.push(format!("<{name}> has {key}={value:?}"));
                }
            }
            Err(error) => wrong.push(format!("<{name}>: {error}")),
        }
    }
}

/// Every text is clean, and what a program shows as HTML is harmless.
fn json(key: &str, value: &serde_json::Value, wrong: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => {
            // Statuspage ends the lines of a body so.
            let may = |c: char| matches!(c, '\n' | '\t') || (c == '\r' && key == "body");
            if let Some(c) = text.chars().find(|&c| acts(c) && !may(c)) {
                wrong.push(format!("`{key}` holds {c:?}"));
            }
            if key.ends_with("html") {
                html(text, false, wrong);
            }
            if key.ends_with("url") && !leads_well("a", text) {
                wrong.push(format!("`{key}` leads to {text:?}"));
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| json(key, value, wrong)),
        serde_json::Value::Object(object) => object.iter().for_each(|(key, value)| json(key, value, wrong)),
        _ => {}
    }
}

/// Lines of at most 75 octets that end as they must, blocks that close, and no property that nobody meant.
fn calendar(text: &str, wrong: &mut Vec<String>) {
    const PROPERTIES: [&str; 27] = [
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "NAME",
        "X-WR-CALNAME",
        "SOURCE",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
        "UID",
        "DTSTAMP",
        "LAST-MODIFIED",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "URL",
        "CATEGORIES",
        "TZID",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "",
    ];
    if !text.ends_with("\r\n") || text.replace("\r\n", "").contains(['\r', '\n']) {
        wrong.push("has a line that does not end in CRLF".to_owned());
    }
    if let Some(line) = text.split("\r\n").find(|line| line.len() > 75) {
        wrong.push(format!("has a line of {} octets", line.len()));
    }
    let mut open = Vec::new();
    for line in text.replace("\r\n ", "").lines() {
        let name = line.split([':', ';']).next().unwrap_or_default();
        if !PROPERTIES.contains(&name) {
            wrong.push(format!("has a line {line:?}"));
        }
        match line.split_once(':') {
            Some(("BEGIN", block)) if !matches!(block, "VCALENDAR" | "VEVENT" | "VTIMEZONE" | "STANDARD") => {
                wrong.push(format!("begins {block}"));
            }
            Some(("BEGIN", block)) => open.push(block.to_owned()),
            Some(("END", block)) if open.pop().as_deref() != Some(block) => wrong.push(format!("ends {block}")),
            _ => {}
        }
    }
    if !open.is_empty() {
        wrong.push(format!("does not end {open:?}"));
    }
}

/// Paths of the site, and below each the headers that we mean.
fn headers(text: &str, wrong: &mut Vec<String>) {
    const HEADERS: [&str; 6] = [
        "Content-Security-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "Permissions-Policy",
        "Cache-Control",
        "Access-Control-Allow-Origin",
    ];
    for line in text.lines() {
        let header = line.strip_prefix("  ").and_then(|line| line.split_once(": ")).map(|(name, _)| name);
        let is_path = line.starts_with('/') && !line.contains(char::is_whitespace);
        if !is_path && !header.is_some_and(|name| HEADERS.contains(&name)) {
            wrong.push(format!("has a line {line:?}"));
        }
    }
}

/// From one path of the site to another, for good.
fn redirects(text: &str, wrong: &mut Vec<String>) {
    for line in text.lines() {
        let parts: Vec<&str> = line.split(' ').collect();
        let is_path = |path: &str| {
            path.starts_with('/') && !path.starts_with("//") && !path.contains("..") && !path.contains(['*', ':', '%'])
        };
        if !matches!(parts.as_slice(), [from, to, "301"] if is_path(from) && is_path(to)) {
            wrong.push(format!("has a line {line:?}"));
        }
    }
}

#[test]
fn what_is_wrong_is_seen() {
    for (path, text) in [
        ("a.html", "<p>a<script>b"),
        ("a.html", "<a href='javascript:x'>"),
        ("a.html", "<a title=\"x\"onclick=y>"),
        ("a.html", "<img src=//evil.example>"),
        ("a.html", "\u{202e}"),
        ("a.html", "1234000"),
        ("a.atom", "<a><b></a>"),
        ("a.atom", "<content>&lt;b onclick=x&gt;</content>"),
        ("a.json", "{\"content_html\": \"<script>\"}"),
        ("a.json", "{\"a\": \"\\u001b\"}"),
        ("a.ics", "BEGIN:VCALENDAR\r\nX-Owned: yes\r\nEND:VCALENDAR\r\n"),
        ("a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\r\n"),
        ("_headers", "/*\n  X-Owned: yes\n"),
        ("_redirects", "/* https://evil.example/ 301\n"),
        ("a.exe", ""),
        ("../a.txt", ""),
    ] {
        assert!(!what_is_wrong(path, text.as_bytes()).is_empty(), "{path}: {text}");
    }
}
