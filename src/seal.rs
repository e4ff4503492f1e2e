//! The seal of a build: which files it consists of, and who made it.
//!
//! `SHA256SUMS` names every file of the site with its SHA-256, as `sha256sum` writes it, so that whoever has a copy of the
//! site can tell that it is whole. With a key, `SHA256SUMS.minisig` and `status.json.minisig` say who made it: Ed25519
//! in minisign's format (<https://jedisct1.github.io/minisign/>), which `minisign -V` checks. The comment that is
//! signed too holds the build's time, so that an old copy cannot pass for a new one.

use std::io::Cursor;

use base64::Engine as _;
use jiff::Timestamp;
use minisign::{PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};

use crate::render::{Class, Content, MakeSealed, Output, SitePath, Sums};

/// The list of files.
pub const SUMS: &str = "SHA256SUMS";

/// What is signed, and the ending of a signature's name.
pub const SIGNED: [&str; 2] = [SUMS, "status.json"];
pub const ENDING: &str = ".minisig";

/// A secret key that can be used.
pub struct Signer {
    key: SecretKey,
    public: PublicKey,
}

impl Signer {
    /// `text` is what a file of `minisign -G` holds; `password` is `None` for a key that is not encrypted (`-W`).
    ///
    /// # Errors
    ///
    /// Why it cannot be used: a sentence without secrets.
    pub fn new(text: &str, password: Option<String>, public_key: &str) -> Result<Signer, String> {
        let boxed = SecretKeyBox::from_string(text).map_err(|_| "it is no secret key of minisign".to_owned())?;
        let key = match (password, unchecked(text)) {
            (Some(password), None) => boxed.into_secret_key(Some(password)),
            (None, None) => boxed.into_unencrypted_secret_key(),
            (Some(_) | None, Some(key)) => Ok(key),
        };
        let key = key.map_err(|_| "its password is wrong, or missing".to_owned())?;
        let public = public(public_key)?;
        // A page that shows one key and is signed with another is believed by nobody.
        let own = PublicKey::from_secret_key(&key).map_err(|_| "it has no public key".to_owned())?;
        if own.to_base64() != public.to_base64() {
            return Err(format!(
                "it does not belong to the `public_key` that is shown; its own is `{}`",
                own.to_base64()
            ));
        }
        let signed = minisign::sign(Some(&public), &key, Cursor::new(b""), None, None);
        let holds = signed.is_ok_and(|signed| verify(public_key, b"", &signed.into_string()).is_ok());
        if holds { Ok(Signer { key, public }) } else { Err("it is damaged: what it signs does not hold".to_owned()) }
    }

    /// A signature, as its file holds it: the one from `before` where that says the same of the same bytes.
    fn sign(
        &self,
        name: &str,
        bytes: &[u8],
        at: Timestamp,
        site_url: &str,
        before: Option<Vec<u8>>,
    ) -> Option<Vec<u8>> {
        let trusted = format!("timestamp:{}\tfile:{name}\turl:{site_url}", at.as_second());
        let holds = |before: &Vec<u8>| {
            let text = String::from_utf8_lossy(before);
            verify(&self.public.to_base64(), bytes, &text).is_ok_and(|comment| comment == trusted)
        };
        if let Some(before) = before.filter(holds) {
            return Some(before);
        }
        let signed = minisign::sign(Some(&self.public), &self.key, Cursor::new(bytes), Some(&trusted), Some(UNTRUSTED));
        signed.ok().map(|signature| signature.into_string().into_bytes())
    }
}

/// The key of `minisign -G -W`, which writes no checksum where there is no password to be wrong.
fn unchecked(text: &str) -> Option<SecretKey> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text.lines().nth(1)?.trim()).ok()?;
    // Two bytes each of algorithm, of what it is encrypted with (nothing) and of checksum; 32 of checksum at the end.
    let is_plain = bytes.get(2..4)? == [0, 0];
    let has_none = bytes.get(bytes.len().checked_sub(32)?..)?.iter().all(|&byte| byte == 0);
    if is_plain && has_none { SecretKey::from_bytes(&bytes).ok() } else { None }
}

const UNTRUSTED: &str = "signature from upfront";

/// A key pair: the secret key's file, not encrypted, and the public key's line.
///
/// # Errors
///
/// Where the system has no random numbers.
pub fn new_key() -> Result<(String, String), String> {
    let pair = minisign::KeyPair::generate_unencrypted_keypair().map_err(|error| error.to_string())?;
    let secret = pair.sk.to_box(Some("upfront secret key")).map_err(|error| error.to_string())?;
    Ok((secret.to_string(), pair.pk.to_base64()))
}

/// The public key's own file, as `minisign -p` reads it.
pub fn public_key_file(public_key: &str) -> String {
    format!("untrusted comment: minisign public key of this page\n{public_key}\n")
}

fn public(line: &str) -> Result<PublicKey, String> {
    let unread = |_| "the public key cannot be read".to_owned();
    match line.contains('\n') {
        true => PublicKeyBox::from_string(line).and_then(PublicKeyBox::into_public_key).map_err(unread),
        false => PublicKey::from_base64(line).map_err(unread),
    }
}

/// Checks a signature of `bytes`; answers the comment that is signed with them.
///
/// # Errors
///
/// Why it does not hold.
pub fn verify(public_key: &str, bytes: &[u8], signature: &str) -> Result<String, String> {
    let key = public(public_key)?;
    let signature = SignatureBox::from_string(signature).map_err(|_| "it is no signature of minisign".to_owned())?;
    minisign::verify(&key, &signature, Cursor::new(bytes), true, false, false)
        .map_err(|_| "it is not by this key, or what it signs was changed".to_owned())?;
    signature.trusted_comment().map_err(|_| "its comment cannot be read".to_owned())
}

/// The build's own seal, to be written with the site.
pub fn outputs<'a>(signer: Option<&'a Signer>, at: Timestamp, site_url: &'a str) -> Vec<Output<'a>> {
    let sealed = |path: String, make: Box<MakeSealed<'a>>| {
        Some(Output { path: SitePath::new(path)?, class: Class::Seal, key: None, content: Content::Sealed(make) })
    };
    let list = sealed(SUMS.to_owned(), Box::new(|sums: &Sums<'_>| Ok(sums.list.as_bytes().to_owned())));
    let signatures = signer.into_iter().flat_map(|signer| {
        SIGNED.map(|name| {
            let make = move |sums: &Sums<'_>| {
                let bytes = match name {
                    SUMS => Some(sums.list.as_bytes().to_owned()),
                    other => (sums.bytes)(other),
                };
                let before = (sums.before)(&format!("{name}{ENDING}"));
                Ok(bytes.and_then(|bytes| signer.sign(name, &bytes, at, site_url, before)).unwrap_or_default())
            };
            sealed(format!("{name}{ENDING}"), Box::new(make))
        })
    });
    list.into_iter().chain(signatures.flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does() {
        let made = new_key();
        let Ok((secret, public)) = made else { unreachable!("there is randomness: {made:?}") };
        let signer = Signer::new(&secret, None, &public).unwrap_or_else(|why| unreachable!("{why}"));
        let at: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap_or_default();
        let sign =
            |at, before| signer.sign("status.json", b"{}", at, "https://status.example", before).unwrap_or_default();
        let signature = String::from_utf8(sign(at, None)).unwrap_or_default();
        let kept = |at| sign(at, Some(signature.clone().into_bytes())) == signature.as_bytes();
        assert!(kept(at), "the same bytes at the same time: the signature stays");
        assert!(!kept(at + jiff::SignedDuration::from_secs(1)), "a later build has one of its own");
        let comment = "timestamp:1795608000\tfile:status.json\turl:https://status.example";
        assert_eq!(verify(&public, b"{}", &signature), Ok(comment.to_owned()));
        assert!(verify(&public, b"{} ", &signature).is_err());
        assert!(verify(&public, b"{}", &signature.replace("1795608000", "1795608001")).is_err());
        let other = new_key().map(|(_, public)| public).unwrap_or_default();
        assert!(verify(&other, b"{}", &signature).is_err());
        let mismatch = Signer::new(&secret, None, &other).err().unwrap_or_default();
        assert!(mismatch.starts_with("it does not belong to the `public_key` that is shown"), "{mismatch}");
        assert!(Signer::new("nonsense", None, &public).is_err());
    }
}
