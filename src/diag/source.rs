//! The text of a file, and where in it a byte is.

/// A file as it was read, for showing places in it.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    /// Where every place in it is, for a text that is not shown.
    unseen: Option<LineColumn>,
}

/// Both counted from 1; the column in characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

impl Source {
    /// `path` is what the reader is told, with `/` between its parts; `text` may be empty for a file that is no text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Source {
        Source { path: path.into(), text: text.into(), unseen: None }
    }

    /// A place in a file whose text nobody should see: what monitors report is private.
    pub fn unseen(path: impl Into<String>, at: LineColumn) -> Source {
        Source { path: path.into(), text: String::new(), unseen: Some(at) }
    }

    /// Whether there is a place in it, though its text is not shown.
    pub fn is_unseen(&self) -> bool {
        self.unseen.is_some()
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of a byte; an offset past the end, or inside a character, counts as the nearest one before it.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        if let Some(at) = self.unseen {
            return at;
        }
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        LineColumn {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}
