//! Secrets, kept out of all that is written down or shown.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::encoded;

/// The shortest secret that is looked for, in bytes: shorter ones are in every other word.
const BYTES_MIN: usize = 4;

/// The same of a part of an address, and of base64, which may be words or letters of other meaning.
const PART_BYTES_MIN: usize = 8;

/// With `…` in the place of every secret: as it stands, as JSON, HTML and addresses write it, and in base64, alone or
/// within a longer text. Of a secret address every part is one: a server that knows no such page repeats its path.
pub(in crate::announce) fn without_secrets(text: &str, secrets: &BTreeMap<String, String>) -> String {
    let mut forms = BTreeSet::new();
    for secret in secrets.values().filter(|secret| secret.len() >= BYTES_MIN) {
        write_forms(secret, &mut forms);
        for part in parts(secret) {
            write_forms(&part, &mut forms);
        }
    }
    // A longer one may hold a shorter one.
    let mut forms: Vec<String> = forms.into_iter().collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.iter().fold(text.to_owned(), |text, form| text.replace(form.as_str(), "…"))
}

fn write_forms(secret: &str, forms: &mut BTreeSet<String>) {
    let json = serde_json::Value::from(secret).to_string();
    let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(&json).to_owned();
    forms.insert(json.replace('/', "\\/"));
    forms.insert(json);
    forms.insert(secret.replace('&', "&amp;"));
    forms.insert(encoded(secret));
    forms.insert(lower_hex(&encoded(secret)));
    forms.extend(in_base64(secret).filter(|form| form.len() >= PART_BYTES_MIN));
    forms.insert(secret.to_owned());
}

/// `%2F` as `%2f`.
fn lower_hex(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        out = format!("{out}%{}{rest}", hex.to_ascii_lowercase());
    }
    out
}

/// What stays the same of a text in base64, whatever stands before and behind it: `user:secret` is no other secret.
fn in_base64(secret: &str) -> impl Iterator<Item = String> {
    [0, 1, 2].into_iter().flat_map(move |before| {
        let bytes = [&[0; 2][..before], secret.as_bytes()].concat();
        // Six bits a character: those with a bit of what is before or behind are not ours alone.
        let ours = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
        [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)]
            .map(|text| text.get(ours.clone()).unwrap_or_default().to_owned())
    })
}

/// What is secret of a secret address: its login, its path with and without the query, and each long part of these.
fn parts(url: &str) -> Vec<String> {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else { return Vec::new() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let target = target.split('#').next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let login = authority.rsplit_once('@').map_or("", |(login, _)| login);
    let whole = [login, login.split_once(':').map_or("", |(_, password)| password), target, path];
    let values = query.split('&').flat_map(|pair| [pair, pair.split_once('=').map_or("", |(_, value)| value)]);
    let long = path.split('/').chain(values).chain([path.trim_matches('/'), query]);
    let whole = whole.into_iter().map(|part| part.trim_end_matches('/')).filter(|part| part.len() >= BYTES_MIN);
    let parts = whole.chain(long.filter(|part| part.len() >= PART_BYTES_MIN));
    parts.flat_map(|part| [part.to_owned(), decoded(part)]).collect()
}

/// Without percent-encoding, as servers write it into their answers.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, more)) = rest.split_first() {
        let hex = more.get(..2).filter(|_| byte == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(meant) => {
                out.push(meant);
                rest = more.get(2..).unwrap_or_default();
            }
            None => {
                out.push(byte);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
