//! Bytes → text that the rest of the room need not doubt.
//!
//! UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252, which has a character for every byte.
//! Lines end in `\n`. Control and bidirectional formatting characters are out: they could reorder a line on a
//! terminal or a page (<https://trojansource.codes/>). The markers of an unfinished merge are blanked, and both sides kept.
//!
//! Held back: what is a picture, an archive or another binary in spite of its name, and pointers of Git LFS
//! (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>), whose text is elsewhere.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

use super::teller::{Teller, held_back};
use crate::diag::{Code, Diagnostic, Source};

/// The text of a file.
#[derive(Debug)]
pub(super) struct Decoded {
    pub source: Arc<Source>,
    /// The source with the markers of a merge overwritten by spaces, byte for byte, so that places stay right.
    /// `None` where there are none.
    pub blanked: Option<String>,
    pub tell: Teller,
}

/// Makes text of a file.
///
/// # Errors
///
/// The reason why the file is held back.
pub(super) fn decode(path: &str, bytes: &[u8]) -> Result<Decoded, Diagnostic> {
    if let Some(what) = binary_kind(bytes) {
        let message = format!("this file is {what}, not text");
        return Err(held_back(path, Code::FILE_NOT_TEXT, message, "give it its right name, or remove it"));
    }
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        let cure = "run `git lfs pull` before the build, or take `.md` files out of `.gitattributes`";
        let message = "a pointer of Git LFS stands where the text should be".to_owned();
        return Err(held_back(path, Code::FILE_LFS_POINTER, message, cure));
    }
    let (text, encoding) = to_unicode(bytes);
    let (text, removed) = clean(text);
    let source = Arc::new(Source::new(path, text));
    let mut tell = Teller::new(&source);
    if let Some(encoding) = encoding {
        let first = source.text().find(|c: char| !c.is_ascii()).unwrap_or(0);
        tell.warning(Code::FILE_ENCODING, first..first, format!("this file is not UTF-8; it was read as {encoding}"))
            .cure("save it as UTF-8")
            .outcome("published; look whether letters outside ASCII are right");
    }
    if let Some(removed) = removed {
        let count = removed.count;
        let what = if count == 1 { "character" } else { "characters" };
        tell.warning(
            Code::CONTROL_CHARACTERS,
            removed.first..removed.first,
            format!("{count} invisible control {what}, the first of them U+{:04X} here", u32::from(removed.what)),
        )
        .cure("delete them; they come with text that is copied from a terminal or a chat")
        .outcome("published, without them");
    }
    let blanked = blank_conflicts(source.text(), &mut tell);
    Ok(Decoded { source, blanked, tell })
}

/// What a file is, if it is surely no text.
fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF87a", "a GIF picture"),
        (b"GIF89a", "a GIF picture"),
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\x1f\x8b", "a gzip archive"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("a WebP picture");
    }
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let start = bytes.get(..8192).unwrap_or(bytes);
    let nuls = start.iter().filter(|&&byte| byte == 0).count();
    // One stray NUL is an accident; one byte in fifty is a format of its own.
    (!is_utf16 && nuls > 0 && nuls * 50 >= start.len()).then_some("binary data")
}

/// The text, and the name of its encoding where that is not UTF-8.
fn to_unicode(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    let as_other = |encoding: &'static Encoding| (encoding.decode_with_bom_removal(bytes).0, Some(encoding.name()));
    if bytes.starts_with(b"\xff\xfe") {
        return as_other(UTF_16LE);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return as_other(UTF_16BE);
    }
    let bytes_without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes_without_mark) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes_without_mark).0, Some("Windows-1252")),
    }
}

/// Characters that were taken out.
struct Removed {
    count: usize,
    what: char,
    /// Where the first one stood, in the cleaned text.
    first: usize,
}

/// Whether any byte is [`is_suspect`]. Nearly all bytes can be told by a table.
fn has_suspect(bytes: &[u8]) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] =
                byte < 0x20 && byte != 0x0a && byte != 0x09 || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xef);
            byte += 1;
        }
        table
    };
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| rest.iter().position(|&byte| TABLE[usize::from(byte)])) {
        let at = from + found;
        if is_suspect(bytes, at, bytes[at]) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Makes line ends `\n` and takes out what nobody can see.
fn clean(text: Cow<'_, str>) -> (String, Option<Removed>) {
    if !has_suspect(text.as_bytes()) {
        return (text.into_owned(), None);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut removed: Option<Removed> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                cleaned.push('\n');
            }
            c if is_invisible(c) => match &mut removed {
                Some(removed) => removed.count += 1,
                None => removed = Some(Removed { count: 1, what: c, first: cleaned.len() }),
            },
            c => cleaned.push(c),
        }
    }
    (cleaned, removed)
}

/// Whether the byte may begin a character that [`clean`] changes. Cheap, and never wrongly false.
fn is_suspect(bytes: &[u8], at: usize, byte: u8) -> bool {
    match byte {
        b'\n' | b'\t' => false,
        0..=0x1f | 0x7f | 0xd8 | 0xef => true,
        0xc2 => bytes.get(at + 1).is_some_and(|&next| next < 0xa0),
        0xe2 => match (bytes.get(at + 1), bytes.get(at + 2)) {
            (Some(0x80), Some(&last)) => last <= 0x8f || (0xa8..=0xae).contains(&last),
            (Some(0x81), Some(&last)) => last >= 0xa6,
            _ => false,
        },
        _ => false,
    }
}

/// Control characters but for tab and line end; marks that change the direction of writing; byte order marks within
/// a text; Unicode's own line ends.
fn is_invisible(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        c => c.is_control(),
    }
}

/// Which part of a merge conflict a line is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Base,
    Theirs,
}

/// Overwrites the markers of unfinished merges, the common ancestor between them, and the second of two equal sides.
fn blank_conflicts(text: &str, tell: &mut Teller) -> Option<String> {
    if [&b"<<<<<<<"[..], b">>>>>>>"].iter().all(|marker| memmem::find(text.as_bytes(), marker).is_none()) {
        return None;
    }
    let mut blanks: Vec<Range<usize>> = Vec::new();
    let mut side: Option<Side> = None;
    let (mut ours, mut theirs) = (0..0, 0..0);
    // Lines of the common ancestor; they are text after all where no `=======` follows.
    let mut base: Vec<Range<usize>> = Vec::new();
    for (start, line) in lines(text) {
        let end = start + line.len();
        match (marker(line), side) {
            (Some('<'), None) => {
                side = Some(Side::Ours);
                ours = end..end;
                tell.error(Code::MERGE_CONFLICT, start..start + line.trim_end().len(), "a merge was not finished here")
                    .cure("keep the lines that are right, and delete the others and the markers")
                    .outcome("published, with both sides");
            }
            (Some('|'), Some(Side::Ours)) => {
                side = Some(Side::Base);
                ours.end = start;
            }
            (Some('='), Some(Side::Ours | Side::Base)) => {
                if side == Some(Side::Ours) {
                    ours.end = start;
                }
                side = Some(Side::Theirs);
                blanks.append(&mut base);
                theirs = end..end;
            }
            (Some('>'), _) => {
                if side == Some(Side::Theirs) {
                    theirs.end = start;
                    if text.get(ours.clone()) == text.get(theirs.clone()) {
                        blanks.push(theirs.clone());
                    }
                }
                side = None;
                base.clear();
            }
            (_, Some(Side::Base)) => {
                base.push(start..end);
                continue;
            }
            _ => continue,
        }
        blanks.push(start..end);
    }
    if blanks.is_empty() {
        return None;
    }
    Some(blank(text, &blanks))
}

/// The character that a conflict marker's line is made of.
fn marker(line: &str) -> Option<char> {
    let line = line.trim_end();
    let mark = line.chars().next().filter(|c| "<|=>".contains(*c))?;
    let rest = line.trim_start_matches(mark);
    let is_marker = line.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with(' '));
    (is_marker && (mark != '=' || rest.is_empty())).then_some(mark)
}

/// The text with these stretches of whole lines made of spaces. Line ends stay.
fn blank(text: &str, blanks: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in blanks {
        for byte in bytes.get_mut(range.clone()).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The lines of a text with their offsets; each with its line end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, codes: &[&str]) {
        let decoded = decode("a.md", bytes).unwrap();
        assert_eq!(decoded.blanked.as_deref().unwrap_or(decoded.source.text()), text);
        let told: Vec<_> = decoded.tell.into_diagnostics().iter().map(|told| told.code.as_str()).collect();
        assert_eq!(told, codes);
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        check("Mail – “slow”\tnow.\n".as_bytes(), "Mail – “slow”\tnow.\n", &[]);
    }

    #[test]
    fn every_encoding_in_use_is_read() {
        check("\u{feff}Så".as_bytes(), "Så", &[]);
        check(b"\xff\xfeS\0\xe5\0", "Så", &["file-encoding"]);
        check(b"\xfe\xff\0S\0\xe5", "Så", &["file-encoding"]);
        check(b"S\xe5 \x93quoted\x94", "Så “quoted”", &["file-encoding"]);
    }

    #[test]
    fn every_line_end_is_a_line_end() {
        check(b"a\r\nb\rc\n", "a\nb\nc\n", &[]);
    }

    #[test]
    fn what_nobody_sees_is_taken_out_and_told_once() {
        let text = "a\u{0}b\u{1b}[31m\u{202e}c\u{2066}d\u{feff}e\u{85}f\u{2028}g\u{200f}h\u{61c}i and some more text";
        check(text.as_bytes(), "ab[31mcdefghi and some more text", &["control-characters"]);
    }

    #[test]
    fn both_sides_of_a_merge_are_kept_and_the_ancestor_is_not() {
        check(
            b"<<<<<<< HEAD\nours\n||||||| base\nold\n=======\ntheirs\n>>>>>>> main\n",
            "            \nours\n            \n   \n       \ntheirs\n            \n",
            &["merge-conflict"],
        );
    }

    #[test]
    fn a_merge_that_never_ends_loses_nothing() {
        check(
            b"<<<<<<< HEAD\nours\n||||||| base\nold\n",
            "            \nours\n            \nold\n",
            &["merge-conflict"],
        );
    }

    #[test]
    fn two_equal_sides_of_a_merge_are_one() {
        check(
            b"<<<<<<< HEAD\nsame\n=======\nsame\n>>>>>>> main\n",
            "            \nsame\n       \n    \n            \n",
            &["merge-conflict"],
        );
    }

    #[test]
    fn a_setext_heading_is_no_conflict() {
        check(b"Title\n=======\n", "Title\n=======\n", &[]);
        check(b"a <<<<<<< b\n=======\n", "a <<<<<<< b\n=======\n", &[]);
    }

    #[test]
    fn what_is_no_text_is_held_back() {
        for (bytes, code) in [
            (&b"\x89PNG\r\n\x1a\n"[..], "file-not-text"),
            (b"\xff\xd8\xff\xe0", "file-not-text"),
            (b"RIFF\0\0\0\0WEBPVP8", "file-not-text"),
            (b"PK\x03\x04", "file-not-text"),
            (b"a\0b\0c\0", "file-not-text"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "file-lfs-pointer"),
        ] {
            assert_eq!(decode("a.md", bytes).unwrap_err().code.as_str(), code);
        }
    }
}
