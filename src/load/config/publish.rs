//! `[[publish]]`, `[[mirror]]`, `[verify]`, `[sign]` and `offline_copy`: where the site goes, and how that is checked.
//!
//! A mistake here never stops a build: the news gets out by the ways that are right. Targets may stand in
//! `upfront.private.toml` as well.

use std::ops::Range;

use jiff::SignedDuration;
use toml::de::{DeTable, DeValue};

use super::reader::{Reader, Section, bracketed};
use super::{LIST_MAX, channels, numbers, secret, values, words};
use crate::diag::{Code, Diagnostic};
use crate::model::{Destination, Mirror, PublishTarget, Publishing, S3, Signing, SiteUrl, Slug, VerifyRules};

pub(in crate::load) const TARGET_KEYS: [&str; 21] = [
    "id",
    "kind",
    "url",
    "timeout",
    "settle",
    "path",
    "to",
    "ssh",
    "endpoint",
    "region",
    "bucket",
    "prefix",
    "path_style",
    "access_key_env",
    "access_key_file",
    "secret_key_env",
    "secret_key_file",
    "remote",
    "branch",
    "folder",
    "command",
];
// `ca_file` belongs to S3 alone.
pub(in crate::load) const CA_KEY: &str = "ca_file";
pub(in crate::load) const MIRROR_KEYS: [&str; 2] = ["url", "name"];
pub(in crate::load) const VERIFY_KEYS: [&str; 4] = ["hosts", "certificate_days", "name_server", "ca_file"];
pub(in crate::load) const SIGN_KEYS: [&str; 5] = ["public_key", "key_env", "key_file", "password_env", "password_file"];

const WITHOUT: &str = "built, without this place to publish to";
const TIMEOUT_DEFAULT: SignedDuration = SignedDuration::from_mins(5);
const SETTLE_DEFAULT: SignedDuration = SignedDuration::from_mins(3);

/// The kinds of place, as the config writes them.
pub(in crate::load) const KINDS: [(&str, Kind); 5] = [
    ("folder", Kind::Folder),
    ("rsync", Kind::Rsync),
    ("s3", Kind::S3),
    ("git", Kind::Git),
    ("command", Kind::Command),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load) enum Kind {
    Folder,
    Rsync,
    S3,
    Git,
    Command,
}

/// All but targets, which two files may hold.
pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Publishing {
    let mut publishing = Publishing { offline_copy: offline_copy(reader, site), ..Publishing::default() };
    reader.leniently("built, without this mirror", |reader| {
        for table in reader.tables(site, "mirror", &MIRROR_KEYS, &["url"]) {
            let name = reader.text(&table, "name").map(|name| name.value);
            let url = site_url(reader, &table);
            publishing.mirrors.extend(url.map(|url| Mirror { url, name }));
        }
    });
    reader.leniently("built; checked by default rules", |reader| verify(reader, site, &mut publishing.verify));
    publishing.sign = reader.leniently("built, without a signature", |reader| sign(reader, site));
    targets(reader, site, &mut publishing);
    publishing
}

fn offline_copy(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> bool {
    reader.leniently("built, without an offline copy", |reader| reader.flag(site, "offline_copy")).unwrap_or(false)
}

fn verify(reader: &mut Reader<'_>, site: &Section<'_, '_>, rules: &mut VerifyRules) {
    let Some(table) = reader.table(site, "verify", &VERIFY_KEYS) else { return };
    rules.hosts = reader.texts(&table, "hosts");
    rules.name_server = reader.text(&table, "name_server").map(|text| text.value);
    rules.ca_file = reader.text(&table, "ca_file").map(|text| text.value);
    if let Some(days) = numbers::count(reader, &table, "certificate_days", 0..=3650) {
        rules.certificate_days = days;
    }
}

fn sign(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Option<Signing> {
    let table = reader.table(site, "sign", &SIGN_KEYS)?;
    let cure = "the public key's line, as `upfront key` or `minisign -G` prints it: `public_key = \"RW…\"`";
    let text = reader.required_spanned(&table, "public_key", cure)?;
    // 42 bytes in base64: two of algorithm (`Ed`), eight of the key's id, 32 of the key.
    let is_key = text.value.len() == 56 && text.value.starts_with("RW");
    if !is_key {
        reader.value_error(&text.span, "this is no public key of minisign".to_owned(), cure);
        return None;
    }
    Some(Signing {
        public_key: text.value,
        key: secret::named(reader, &table, "key_env", "key_file"),
        password: secret::named(reader, &table, "password_env", "password_file"),
    })
}

/// Adds the targets of one file.
pub(super) fn targets(reader: &mut Reader<'_>, site: &Section<'_, '_>, publishing: &mut Publishing) {
    let Some(value) = reader.any(site, "publish") else { return };
    reader.leniently(WITHOUT, |reader| {
        let DeValue::Array(list) = value.get_ref() else {
            reader.wrong_type(value, "publish", "a list: write `[[publish]]` before each");
            return;
        };
        for value in list.iter() {
            let DeValue::Table(table) = value.get_ref() else {
                reader.wrong_type(value, "publish", "a list: write `[[publish]]` before each");
                continue;
            };
            if publishing.targets.len() >= LIST_MAX {
                return;
            }
            let before = reader.errors();
            let target = target(reader, table, value.span(), &publishing.targets);
            match target.filter(|_| reader.errors() == before) {
                Some(target) => publishing.targets.push(target),
                None => publishing.left_out.push(channels::name_of(table)),
            }
        }
    });
}

fn target(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    span: Range<usize>,
    others: &[PublishTarget],
) -> Option<PublishTarget> {
    let keys: Vec<&'static str> = TARGET_KEYS.into_iter().chain([CA_KEY]).collect();
    let section = reader.section_beside(table, span, bracketed("publish"), &keys, &["kind"], &secret::MISPLACED);
    let id = id(reader, &section, others);
    secret::misplaced_in(reader, &section, "secret_key_env", id.as_ref().map_or("publish", Slug::as_str));
    if !section.has("kind") {
        reader.missing(&section, "kind", "one of `folder`, `rsync`, `s3`, `git` and `command`");
        return None;
    }
    let kind = words::one_of(reader, &section, "kind", &KINDS)?;
    let to = destination(reader, &section, kind)?;
    let url = if section.has("url") { Some(site_url(reader, &section)?) } else { None };
    let length = |from, to| SignedDuration::from_secs(from)..=SignedDuration::from_secs(to);
    let (timeout, settle) = reader.leniently("built; what is usual is taken", |reader| {
        let timeout = numbers::duration(reader, &section, "timeout", length(1, 86_400));
        (timeout, numbers::duration(reader, &section, "settle", length(0, 86_400)))
    });
    let (timeout, settle) = (timeout.unwrap_or(TIMEOUT_DEFAULT), settle.unwrap_or(SETTLE_DEFAULT));
    Some(PublishTarget { id: id?, to, url, timeout, settle })
}

/// `None` where it is missing, cannot be one, or another target has it.
fn id(reader: &mut Reader<'_>, section: &Section<'_, '_>, others: &[PublishTarget]) -> Option<Slug> {
    let id = reader.required_spanned(section, "id", "a short name of your own: `id = \"cdn\"`")?;
    let slug = Slug::new(&id.value);
    match &slug {
        None => {
            let message = format!("`{}` cannot be the id of a place to publish to", id.value);
            reader.value_error(&id.span, message, "lower-case letters, digits and `-`, such as `cdn`");
        }
        Some(slug) if others.iter().any(|other| other.id == *slug) => {
            let message = format!("another `[[publish]]` already has the id `{slug}`");
            reader.value_error(&id.span, message, "give one of them another `id`");
            return None;
        }
        Some(_) => {}
    }
    slug
}

fn destination(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: Kind) -> Option<Destination> {
    let text = |reader: &mut Reader<'_>, key: &str| reader.text(section, key).map(|text| text.value);
    Some(match kind {
        Kind::Folder => {
            let path = reader.required_text(section, "path", "the folder it is copied to: `path = \"/srv/www\"`")?;
            Destination::Folder { path }
        }
        Kind::Rsync => {
            let cure = "where it goes: `to = \"deploy@web1.example:/srv/status\"`";
            Destination::Rsync { to: reader.required_text(section, "to", cure)?, ssh: text(reader, "ssh") }
        }
        Kind::S3 => {
            let endpoint = "the API's address: `endpoint = \"https://s3.eu-north-1.amazonaws.com\"`";
            let endpoint = reader.required_spanned(section, "endpoint", endpoint)?;
            if SiteUrl::new(&endpoint.value).is_none() {
                let message = format!("`{}` is not the address of an S3 API", values::clean(&endpoint.value, 200));
                reader.value_error(&endpoint.span, message, "an address that begins with `https://`");
                return None;
            }
            let access_key = secret::named(reader, section, "access_key_env", "access_key_file");
            let secret_key = secret::named(reader, section, "secret_key_env", "secret_key_file");
            for (key, there) in [("access_key_env", access_key.is_some()), ("secret_key_env", secret_key.is_some())] {
                if !there {
                    reader.missing(
                        section,
                        key,
                        "the variable that holds it, such as `AWS_ACCESS_KEY_ID` or `AWS_SECRET_ACCESS_KEY`",
                    );
                }
            }
            Destination::S3(S3 {
                endpoint: endpoint.value.trim_end_matches('/').to_owned(),
                region: text(reader, "region").unwrap_or_else(|| "auto".to_owned()),
                bucket: reader.required_text(section, "bucket", "its name: `bucket = \"status\"`")?,
                prefix: text(reader, "prefix").unwrap_or_default().trim_matches('/').to_owned(),
                path_style: reader.flag(section, "path_style").unwrap_or(true),
                access_key: Some(access_key?),
                secret_key: Some(secret_key?),
                ca_file: text(reader, CA_KEY),
            })
        }
        Kind::Git => Destination::Git {
            remote: text(reader, "remote").unwrap_or_else(|| "origin".to_owned()),
            branch: text(reader, "branch").unwrap_or_else(|| "pages".to_owned()),
            folder: text(reader, "folder").unwrap_or_default().trim_matches('/').to_owned(),
        },
        Kind::Command => {
            let cure = "what `sh` runs; the folder is in `$UPFRONT_FOLDER`: `command = \"scp -r \\\"$UPFRONT_FOLDER\\\" web1:\"`";
            Destination::Command { command: reader.required_text(section, "command", cure)? }
        }
    })
}

fn site_url(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<SiteUrl> {
    let cure = "the address at which it is read, such as `https://status.fjordpost.example`";
    let text = reader.required_spanned(section, "url", cure)?;
    let url = SiteUrl::new(&text.value);
    if url.is_none() {
        let message = format!("`{}` is not the address of a site", values::clean(&text.value, 200));
        reader.tell(Diagnostic::error(Code::CONFIG_VALUE, message).cure(cure).outcome(WITHOUT), &text.span);
    }
    url
}
