//! The attributes of an HTML page. It reads what our own renderer writes: no recovery from broken markup, and the text
//! of `script` and `style` is passed over.

use std::ops::Range;

/// `href="/feed.atom"`, without its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// As it stands there, with HTML escapes.
    pub(super) value: &'a str,
    /// Of the value, in the page.
    pub(super) span: Range<usize>,
}

/// All attributes that have a value, in the order of the page.
pub(super) fn attributes(html: &str) -> impl Iterator<Item = Attribute<'_>> {
    Attributes { html, at: 0, in_tag: false }
}

struct Attributes<'a> {
    html: &'a str,
    at: usize,
    in_tag: bool,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        loop {
            if !self.in_tag {
                self.enter_tag()?;
            }
            match self.attribute() {
                Some(attribute) => return Some(attribute),
                None => self.in_tag = false,
            }
        }
    }
}

impl<'a> Attributes<'a> {
    fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    /// Behind the name of the next opening tag.
    fn enter_tag(&mut self) -> Option<()> {
        loop {
            self.at += self.rest().find('<')? + 1;
            let rest = self.rest();
            if rest.starts_with("!--") {
                self.at += rest.find("-->")?;
                continue;
            }
            let name_len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            if name_len > 0 {
                self.at += name_len;
                self.in_tag = true;
                return Some(());
            }
        }
    }

    /// The next attribute of this tag with a value; `None` behind its `>`.
    fn attribute(&mut self) -> Option<Attribute<'a>> {
        loop {
            self.at += self.rest().find(|c: char| !c.is_ascii_whitespace() && c != '/')?;
            let rest = self.rest();
            if rest.starts_with('>') {
                self.leave_tag();
                return None;
            }
            let name_len = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
            let name = rest.get(..name_len)?;
            // A stray `=` or quote would stop us otherwise.
            self.at += name_len.max(usize::from(rest.starts_with('=')));
            let Some(raw) = self.rest().strip_prefix('=') else { continue };
            let (quote_len, value_len) = match raw.bytes().next()? {
                quote @ (b'"' | b'\'') => (1, raw.get(1..)?.find(char::from(quote))?),
                _ => (0, raw.find(|c: char| c.is_ascii_whitespace() || c == '>')?),
            };
            let start = self.at + 1 + quote_len;
            self.at = start + value_len + quote_len;
            return Some(Attribute {
                name,
                value: self.html.get(start..start + value_len)?,
                span: start..start + value_len,
            });
        }
    }

    /// Behind the tag, and behind the text of a script or a style.
    fn leave_tag(&mut self) {
        let before = self.html.get(..self.at).unwrap_or_default();
        let tag = before.rfind('<').and_then(|at| before.get(at + 1..)).unwrap_or_default();
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if matches!(name, "script" | "style") {
            self.at += self.rest().find("</").unwrap_or(self.rest().len());
        }
    }
}

/// A value without HTML escapes: those that our renderer makes, and numbers.
pub(super) fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let known = after.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        match known {
            Some((c, after)) => {
                text.push(c);
                rest = after;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{attributes, unescaped};

    fn check(html: &str, expected: &[(&str, &str)]) {
        let found: Vec<_> = attributes(html).map(|attribute| (attribute.name, attribute.value)).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn attributes_are_read_in_every_way_they_can_be_quoted() {
        check(
            "<a class='x y' href=\"/a?b=1\">t</a><img src=x.png alt>",
            &[("class", "x y"), ("href", "/a?b=1"), ("src", "x.png")],
        );
        check("<br/><link rel=icon href=\"/f.svg\"/>", &[("rel", "icon"), ("href", "/f.svg")]);
    }

    #[test]
    fn comments_scripts_and_text_hold_none() {
        check(
            "<!-- <a href=\"x\"> --> a < b href=\"y\" <script id=s>'<a href=\"z\">'</script><p id=p>",
            &[("id", "s"), ("id", "p")],
        );
    }

    #[test]
    fn broken_markup_ends_quietly() {
        for html in ["<a href=\"x", "<a =\"x\">", "<", "<a", "<!--", "<a href=", "<a \"'=>", "<script>"] {
            attributes(html).for_each(drop);
        }
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescaped("/a?b=1&amp;c=&#39;&#x2F;&quot;&nope;&"), "/a?b=1&c='/\"&nope;&");
    }
}
