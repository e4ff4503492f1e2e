//! A file's bytes as text, in a way that gives every byte back.
//!
//! Most files are UTF-8. Windows still leaves UTF-16 with a byte order mark, and old editors some 8-bit encoding that
//! nothing names. The last is kept byte for byte, and what is put into it is pure ASCII, with character references
//! (<https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references>) for the rest: right in all of them.

use std::fmt::Write as _;

/// A decoded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    text: String,
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Some 8-bit encoding that contains ASCII. Each byte stands in the text as the character of its number.
    Bytes,
}

impl Text {
    /// `None` where encoding the text again would not give the same bytes: broken UTF-16.
    pub fn decode(bytes: &[u8]) -> Option<Text> {
        let text = match bytes {
            [0xff, 0xfe, ..] => Text { text: from_utf16(bytes, u16::from_le_bytes)?, encoding: Encoding::Utf16Le },
            [0xfe, 0xff, ..] => Text { text: from_utf16(bytes, u16::from_be_bytes)?, encoding: Encoding::Utf16Be },
            _ => match std::str::from_utf8(bytes) {
                Ok(text) => Text { text: text.to_owned(), encoding: Encoding::Utf8 },
                Err(_) => Text { text: bytes.iter().map(|&b| char::from(b)).collect(), encoding: Encoding::Bytes },
            },
        };
        Some(text)
    }

    /// The text, a byte order mark included.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `words` as they can be put into this file.
    pub fn insertable(&self, words: &str) -> String {
        if self.encoding != Encoding::Bytes {
            return words.to_owned();
        }
        let mut ascii = String::with_capacity(words.len());
        for c in words.chars() {
            match c {
                '\0'..='\x7f' => ascii.push(c),
                // Between status and time in a heading, where a reference would be in the way.
                '·' => ascii.push('-'),
                _ => _ = write!(ascii, "&#{};", u32::from(c)),
            }
        }
        ascii
    }

    /// `text`, made of this file's text and of what is [`insertable`](Text::insertable), in this file's encoding.
    pub fn encode(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Bytes => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        }
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
    String::from_utf16(&units).ok()
}

/// The line ending that most of the text has; of equals, the Unix one.
pub fn line_ending(text: &str) -> &'static str {
    let (mut lf, mut crlf, mut cr) = (0, 0, 0);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, bytes.peek()) {
            (b'\r', Some(b'\n')) => {
                bytes.next();
                crlf += 1;
            }
            (b'\r', _) => cr += 1,
            (b'\n', _) => lf += 1,
            _ => {}
        }
    }
    match () {
        () if crlf > lf && crlf >= cr => "\r\n",
        () if cr > lf => "\r",
        () => "\n",
    }
}

/// Where the text begins, past a byte order mark.
pub fn start(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The lines of `text` with the byte each begins at, line endings included.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(if text.contains('\n') { '\n' } else { '\r' }).map(move |line| {
        let begin = at;
        at += line.len();
        (begin, line)
    })
}
