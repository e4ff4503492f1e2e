//! The codes of all diagnostics, in one place so that no two can be the same.

use std::fmt;

/// A stable name for a kind of mistake, in kebab-case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)*) => {
        impl Code {
            $($(#[doc = $doc])+ pub const $name: Code = Code($text);)*

            /// Every code with its meaning, in the order of this file; the reference page is made from it.
            pub const ALL: &[(Code, &str)] = &[$((Code::$name, concat!($($doc),+)),)*];
        }
    };
}

codes! {
    // Files.
    /// A file in `incidents/` could not be read.
    FILE_UNREADABLE = "file-unreadable";
    /// A file whose name says Markdown holds something else.
    FILE_NOT_TEXT = "file-not-text";
    /// A file is too large for an incident.
    FILE_TOO_LARGE = "file-too-large";
    /// A pointer of Git LFS stands where the text should be.
    FILE_LFS_POINTER = "file-lfs-pointer";
    /// A link leads out of the site, or to nothing.
    FILE_LINK_OUTSIDE = "file-link-outside";
    /// A file's text is not UTF-8.
    FILE_ENCODING = "file-encoding";
    /// A file's name is unusual: no date, an unknown ending, characters that cannot stand in a URL.
    FILE_NAME = "file-name";
    /// A file has no text.
    FILE_EMPTY = "file-empty";
    /// Two files would have the same URL.
    SLUG_TAKEN = "slug-taken";
    /// A post's file was renamed, and its old address leads nowhere.
    ADDRESS_CHANGED = "address-changed";
    // Front matter.
    /// Front matter was opened and not closed, or closed and not opened.
    FRONT_MATTER_UNCLOSED = "front-matter-unclosed";
    /// A line of front matter could not be read as it stands.
    FRONT_MATTER_SYNTAX = "front-matter-syntax";
    /// A key stands twice.
    FRONT_MATTER_DUPLICATE = "front-matter-duplicate";
    /// A key that front matter does not know.
    UNKNOWN_KEY = "unknown-key";
    /// A value has the wrong type.
    WRONG_TYPE = "wrong-type";
    /// A text is longer than pages can show.
    VALUE_TOO_LONG = "value-too-long";
    /// A word that is none of those expected.
    UNKNOWN_WORD = "unknown-word";
    /// A component or group that the config does not name.
    UNKNOWN_COMPONENT = "unknown-component";
    /// A merge was not finished.
    MERGE_CONFLICT = "merge-conflict";
    /// `draft` was set, but a draft is a draft by its place or name.
    DRAFT_KEY = "draft-key";
    // Headings and times.
    /// A heading is almost a status word.
    HEADING_WORD = "heading-word";
    /// A status heading has the wrong level.
    HEADING_LEVEL = "heading-level";
    /// What stands behind a status word could not be read.
    HEADING_REST = "heading-rest";
    /// A status that does not belong to this kind of file.
    STAGE_KIND = "stage-kind";
    /// A time could not be read.
    TIME_SYNTAX = "time-syntax";
    /// A time does not exist, or exists twice, because clocks change.
    TIME_CLOCK_CHANGE = "time-clock-change";
    /// A zone's abbreviation is unknown or stands for several zones.
    TIME_ZONE = "time-zone";
    /// A time lies in the future.
    TIME_FUTURE = "time-future";
    /// Times contradict each other.
    TIME_ORDER = "time-order";
    /// Nothing says when an update was posted.
    TIME_MISSING = "time-missing";
    /// Git's history is cut off, so that it cannot say when an update was posted.
    GIT_SHALLOW = "git-shallow";
    // Reports.
    /// A report names an incident that does not exist.
    RFO_INCIDENT = "rfo-incident";
    /// A second report for the same incident.
    RFO_TAKEN = "rfo-taken";
    /// A report's dates contradict its incident.
    RFO_DATES = "rfo-dates";
    /// A report is owed, and its day has passed.
    RFO_OVERDUE = "rfo-overdue";
    /// The day of a promise in a report has passed, and it is not done.
    FOLLOW_UP_OVERDUE = "follow-up-overdue";
    // Links, pictures and privacy.
    /// A link leads nowhere.
    LINK_DEAD = "link-dead";
    /// A link has a scheme that is not allowed.
    LINK_SCHEME = "link-scheme";
    /// A picture is missing, or not of a kind that is published.
    PICTURE = "picture";
    /// Raw HTML is shown as text, or a comment in it has no end.
    RAW_HTML = "raw-html";
    /// Control or bidirectional formatting characters were taken out.
    CONTROL_CHARACTERS = "control-characters";
    /// Something looks like a private address, host name or token.
    PRIVATE = "private";
    // The state of things.
    /// The next update is overdue.
    UPDATE_OVERDUE = "update-overdue";
    /// An open incident names no component, though the site has several.
    NO_COMPONENT = "no-component";
    // What posts say of notices.
    /// `covers` names a notice that does not exist.
    UNKNOWN_NOTICE = "unknown-notice";
    // Feeds and their monitors.
    /// A feed did not answer, or answered with something else than results.
    FEED_UNREACHABLE = "feed-unreachable";
    /// A feed's secret is missing, was refused, or stands where others can read it.
    FEED_SECRET = "feed-secret";
    /// The key that signs the site cannot be used.
    SIGNING_KEY = "signing-key";
    /// A feed says more than is read.
    FEED_TOO_LARGE = "feed-too-large";
    /// A feed's clock is ahead of ours.
    FEED_CLOCK = "feed-clock";
    /// A feed holds nothing of the last 40 days.
    FEED_OLD = "feed-old";
    /// A component names a monitor, or a feed, that does not exist.
    UNKNOWN_MONITOR = "unknown-monitor";
    // The config and the theme.
    /// `upfront.toml` is missing.
    CONFIG_MISSING = "config-missing";
    /// `upfront.toml` is not TOML.
    CONFIG_SYNTAX = "config-syntax";
    /// A key that must be in the config is missing.
    CONFIG_KEY_MISSING = "config-key-missing";
    /// A value in the config cannot be used.
    CONFIG_VALUE = "config-value";
    /// Paper and ink are too near each other to be read.
    CONTRAST = "contrast";
    /// A template cannot be used.
    THEME_TEMPLATE = "theme-template";
    /// A file of texts cannot be used.
    THEME_TEXT = "theme-text";
    // What feeds say.
    /// What a monitoring source answered is not the format that it should be: a web page, half a document, no JSON.
    FEED_SYNTAX = "feed-syntax";
    /// Something in a monitoring source's answer is not as its format says; it is left out.
    FEED_SHAPE = "feed-shape";
    // What `history/` keeps.
    /// A line of a day or of the ledger in `history/` cannot be used.
    HISTORY_LINE = "history-line";
    /// Results came after their day was closed for good.
    HISTORY_LATE = "history-late";
    // What `replay` is told.
    /// A line of what really happened could not be read.
    OUTAGE_LINE = "outage-line";
    // What `verify` finds.
    /// A file of the site is not served.
    SERVED_MISSING = "served-missing";
    /// An older build is served than there is.
    SERVED_OLD = "served-old";
    /// A file is served without its end.
    SERVED_CUT_OFF = "served-cut-off";
    /// A file is served otherwise than it was built.
    SERVED_CHANGED = "served-changed";
    /// A file is served as something that it is not.
    SERVED_TYPE = "served-type";
    /// A header is missing.
    SERVED_HEADER = "served-header";
    /// Readers may be shown an old copy for too long.
    SERVED_CACHE = "served-cache";
    /// The page can be read without TLS.
    SERVED_INSECURE = "served-insecure";
    /// A signature is missing, or does not hold.
    SERVED_SIGNATURE = "served-signature";
    /// A certificate ends soon, or is not believed.
    SERVED_CERTIFICATE = "served-certificate";
    /// The newest build is older than was promised.
    BUILD_OLD = "build-old";
    /// What takes the provider away takes the page away too.
    SHARED_FATE = "shared-fate";
    /// Name servers could not say what the page shares with the provider.
    FATE_UNKNOWN = "fate-unknown";
}
