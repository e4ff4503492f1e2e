//! Names that stand in URLs: of incidents, components and groups.

use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

/// The longest slug, in bytes. File systems stop at 255 bytes a name, and people at about this.
const LEN_MAX: usize = 100;

/// A name made only of `a`–`z`, `0`–`9` and single `-`, neither first nor last; 1 to 100 bytes.
///
/// It is therefore one whole path segment, the same on every file system, and needs no escape in a URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Arc<str>);

impl Slug {
    /// The slug that `text` already is, or `None` where it would have to be changed.
    pub fn new(text: &str) -> Option<Slug> {
        let slug = Slug::from_text(text)?;
        (slug.as_str() == text).then_some(slug)
    }

    /// The slug nearest to any text, or `None` where no letter or digit that could stand in it is left.
    ///
    /// # Example
    ///
    /// ```
    /// use upfront::model::Slug;
    ///
    /// assert_eq!(Slug::from_text("Förseningar i e-post!").unwrap().as_str(), "forseningar-i-e-post");
    /// assert_eq!(Slug::from_text("../../etc/passwd").unwrap().as_str(), "etc-passwd");
    /// assert_eq!(Slug::from_text("日本"), None);
    /// ```
    pub fn from_text(text: &str) -> Option<Slug> {
        let mut slug = String::with_capacity(text.len());
        for c in text.nfkd() {
            let plain = match c {
                'a'..='z' | '0'..='9' => Some(c),
                'A'..='Z' => Some(c.to_ascii_lowercase()),
                'ø' | 'Ø' => Some('o'),
                'æ' | 'Æ' => Some('a'),
                'ß' => Some('s'),
                'ł' | 'Ł' => Some('l'),
                'đ' | 'Đ' => Some('d'),
                // A mark that the decomposition split off its letter.
                '\u{300}'..='\u{36f}' | '\'' | '’' => continue,
                _ => None,
            };
            match plain {
                Some(c) => slug.push(c),
                None if slug.is_empty() || slug.ends_with('-') => {}
                None => slug.push('-'),
            }
            if slug.len() >= LEN_MAX {
                break;
            }
        }
        slug.truncate(slug.trim_end_matches('-').len());
        (!slug.is_empty()).then(|| Slug(slug.into()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
