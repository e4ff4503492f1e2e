//! Where the built site goes, how that is checked, and with what it is signed.

use jiff::SignedDuration;

use super::{Secret, SiteUrl, Slug};

/// All that the config says of publishing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Publishing {
    /// In the order of the files, which is the order in which they are served.
    pub targets: Vec<PublishTarget>,
    /// Names of those that have mistakes, and get nothing.
    pub left_out: Vec<String>,
    /// Other copies of the page, which readers are told of.
    pub mirrors: Vec<Mirror>,
    pub verify: VerifyRules,
    /// With what `status.json` and the list of files are signed.
    pub sign: Option<Signing>,
    /// Whether pages bring a service worker, so that a reader without a connection sees their last copy.
    pub offline_copy: bool,
}

/// `[[publish]]`: one place where the site is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PublishTarget {
    pub id: Slug,
    pub to: Destination,
    /// Where what was sent there is read; `None` where that cannot be fetched from here.
    pub url: Option<SiteUrl>,
    /// How long sending may take, all together.
    pub timeout: SignedDuration,
    /// How long to wait until the new build is really served.
    pub settle: SignedDuration,
}

/// What kind of place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// A folder of this machine, from the site's root.
    Folder {
        path: String,
    },
    /// `rsync` over `ssh`, or to a folder.
    Rsync {
        /// `user@host:/srv/status` or a folder.
        to: String,
        /// The command that connects, such as `ssh -p 2222 -i key`.
        ssh: Option<String>,
    },
    S3(S3),
    /// A branch of a git repository (GitHub, GitLab and Codeberg Pages).
    Git {
        /// Its address, or the name of a remote of the site's own repository.
        remote: String,
        branch: String,
        /// A folder in the branch, such as `docs`; empty for its root.
        folder: String,
    },
    /// The operator's own: run by `sh -c`, with the folder in `UPFRONT_FOLDER`.
    Command {
        command: String,
    },
}

/// A bucket behind any S3 API (AWS, R2, MinIO, Garage).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct S3 {
    /// `https://s3.eu-north-1.amazonaws.com`.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// Before every key, without slashes at its ends; may be empty.
    pub prefix: String,
    /// `https://endpoint/bucket/key` in place of `https://bucket.endpoint/key`.
    pub path_style: bool,
    pub access_key: Option<Secret>,
    pub secret_key: Option<Secret>,
    /// A file of certificates in place of the well-known authorities.
    pub ca_file: Option<String>,
}

/// `[[mirror]]`: another copy of the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mirror {
    pub url: SiteUrl,
    /// How readers know it; its host where that is not said.
    pub name: Option<String>,
}

/// `[verify]`: what `verify` asks of the site.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifyRules {
    /// Hosts of the provider, whose fate the page must not share.
    pub hosts: Vec<String>,
    /// A certificate must be good for so many days more.
    pub certificate_days: u32,
    /// A name server to ask, `address:port`; the machine's own where that is not said.
    pub name_server: Option<String>,
    /// A file of certificates in place of the well-known authorities.
    pub ca_file: Option<String>,
}

impl Default for VerifyRules {
    fn default() -> VerifyRules {
        VerifyRules { hosts: Vec::new(), certificate_days: 14, name_server: None, ca_file: None }
    }
}

/// `[sign]`: Ed25519 in minisign's format (<https://jedisct1.github.io/minisign/>).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signing {
    /// As `minisign -G` prints it: `RW…`, in one line.
    pub public_key: String,
    /// The secret key's file, or the variable that holds what is in it. `None` where others sign.
    pub key: Option<Secret>,
    /// What the secret key is encrypted with; `None` for one that is not.
    pub password: Option<Secret>,
}
