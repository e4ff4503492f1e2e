//! Addresses of feeds: `http`, `https`, and what Livestatus listens on.

use crate::model::FeedKind;

/// What is wrong with the address of a feed, and the cure. The message holds no part of it, since it may hold a secret.
pub(super) fn mistake(url: &str, kind: FeedKind) -> Option<(String, String)> {
    let sockets = kind == FeedKind::Livestatus;
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        let cure = "take it out, or write it percent-encoded: a space is `%20`".to_owned();
        return Some(("there is white space in the address".to_owned(), cure));
    }
    if let Some(path) = url.strip_prefix("unix:").filter(|_| sockets) {
        let cure = "such as `unix:/var/lib/nagios/rw/live`".to_owned();
        return (!path.starts_with('/')).then(|| ("the path of the socket is not absolute".to_owned(), cure));
    }
    if let Some(address) = url.strip_prefix("tcp://").filter(|_| sockets) {
        let port = address.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port.parse::<u16>());
        let cure = "such as `tcp://mon.example:6557`".to_owned();
        return (!matches!(port, Some(Ok(1..)))).then(|| ("the address has no port".to_owned(), cure));
    }
    let lower = url.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let authority = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match authority {
        Some(authority) if authority.contains('@') => Some((
            "a user or password stands in the address".to_owned(),
            "write `user = \"…\"` and `password_env = \"…\"` below it instead".to_owned(),
        )),
        Some(authority) if authority.starts_with(|c: char| c.is_alphanumeric() || c == '[') => None,
        _ => {
            let cure = match sockets {
                true => "one that begins with `unix:/`, `tcp://`, `https://` or `http://`",
                false => "one that begins with `https://` or `http://`; a file is `file = \"…\"`",
            };
            Some(("this is not the address of a feed".to_owned(), cure.to_owned()))
        }
    }
}
