//! How a feed's secrets go with a request.

use std::path::Path;

use super::secret;
use super::trouble::Trouble;
use crate::load::feed::{Auth, json};
use crate::model::{Feed, Secret};

/// Where the token stands in a body that an adapter wrote.
const TOKEN: &str = "{token}";

/// What to send.
pub(super) enum Login {
    Nobody,
    /// The value of the header `Authorization`.
    Authorization(String),
    Header(&'static str, String),
    /// The token itself, which stands in bodies; where one has no place for it, it goes as `Bearer`.
    Body(String),
}

impl Login {
    /// Reads the secrets. With a user it is `Basic` whatever the source is used to: somebody stands before it.
    pub fn of(root: &Path, feed: &Feed, auth: Auth) -> Result<Login, Trouble> {
        let read = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret::value(root, secret)).transpose();
        if let Some(user) = &feed.secrets.user {
            let password = read(&feed.secrets.password)?.unwrap_or_default();
            return Ok(Login::Authorization(basic(user, &password)));
        }
        let Some(token) = read(&feed.secrets.token)? else { return Ok(Login::Nobody) };
        Ok(match auth {
            Auth::Basic | Auth::Bearer => Login::Authorization(bearer(&token)),
            Auth::BasicToken => Login::Authorization(basic(&token, "")),
            Auth::Header(name) => Login::Header(name, token),
            Auth::Body => Login::Body(token),
        })
    }

    /// The header that it needs beside that body.
    pub fn header(&self, body: Option<&str>) -> Option<(&'static str, String)> {
        match self {
            Login::Nobody => None,
            Login::Authorization(value) => Some(("Authorization", value.clone())),
            Login::Header(name, token) => Some((name, token.clone())),
            Login::Body(_) if body.is_some_and(|body| body.contains(TOKEN)) => None,
            Login::Body(token) => Some(("Authorization", bearer(token))),
        }
    }

    /// The body with the token in its place.
    pub fn body(&self, body: &str) -> String {
        let Login::Body(token) = self else { return body.to_owned() };
        if is_json(body) {
            let quoted = serde_json::Value::from(token.as_str()).to_string();
            // It stands within quotes that the adapter wrote.
            let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
            body.replace(TOKEN, inner)
        } else {
            body.replace(TOKEN, &json::encode(token))
        }
    }
}

/// The type of a body: JSON or a form.
pub(super) fn content_type(body: &str) -> &'static str {
    if is_json(body) { "application/json" } else { "application/x-www-form-urlencoded" }
}

/// The secrets that are sent, to name them where they are refused.
pub(super) fn sent(feed: &Feed) -> Vec<&Secret> {
    let secrets = &feed.secrets;
    let secret = if secrets.user.is_some() { &secrets.password } else { &secrets.token };
    secret.iter().collect()
}

fn is_json(body: &str) -> bool {
    body.trim_start().starts_with(['{', '['])
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// <https://www.rfc-editor.org/rfc/rfc7617>
fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64(format!("{user}:{password}").as_bytes()))
}

/// <https://www.rfc-editor.org/rfc/rfc4648#section-4>
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * place) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")]
        {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        assert_eq!(basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    #[test]
    fn a_token_stands_where_the_body_has_a_place_for_it() {
        let login = Login::Body("a&\"b".to_owned());
        assert_eq!(login.body("api_key={token}&x=1"), "api_key=a%26%22b&x=1");
        assert_eq!(login.body("{\"auth\":\"{token}\"}"), "{\"auth\":\"a&\\\"b\"}");
        assert_eq!(login.header(Some("api_key={token}")), None);
        assert_eq!(login.header(Some("{}")), Some(("Authorization", "Bearer a&\"b".to_owned())));
        assert_eq!(
            (content_type(" {}"), content_type("a=b")),
            ("application/json", "application/x-www-form-urlencoded")
        );
    }
}
