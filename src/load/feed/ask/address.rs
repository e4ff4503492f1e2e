//! Addresses of HTTP: put together, resolved, compared, and shown without what may be secret.

/// A feed's address and the path of a request, with exactly one `/` between them. The address's own query stays.
pub(super) fn join(base: &str, path: &str) -> String {
    if path.is_empty() {
        return base.to_owned();
    }
    if is_whole(path) {
        return path.to_owned();
    }
    let base = base.split('#').next().unwrap_or(base);
    let (base, base_query) = base.split_once('?').unwrap_or((base, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut joined = match path {
        "" => base.to_owned(),
        path => format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/')),
    };
    let queries: Vec<&str> = [base_query, query].into_iter().filter(|query| !query.is_empty()).collect();
    if !queries.is_empty() {
        joined = format!("{joined}?{}", queries.join("&"));
    }
    joined
}

/// Where a redirect leads, as seen from the address that gave it. `None` where that is not the web.
pub(super) fn resolve(from: &str, to: &str) -> Option<String> {
    let to = to.trim();
    let parts = Parts::of(from)?;
    if is_whole(to) {
        return Some(to.to_owned());
    }
    if to.starts_with("//") {
        return Some(format!("{}:{to}", parts.scheme));
    }
    let has_scheme = to.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    if to.is_empty() || has_scheme {
        return None;
    }
    let root = format!("{}://{}", parts.scheme, parts.authority);
    let path = parts.rest.split(['?', '#']).next().unwrap_or_default();
    Some(match to.chars().next() {
        Some('/') => format!("{root}{to}"),
        Some('?') => format!("{root}{path}{to}"),
        _ => format!("{root}{}/{to}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
    })
}

/// Whether a secret of `base` may go to `url`: the same host and port, and never from `https` to `http`.
pub(super) fn is_own(base: &str, url: &str) -> bool {
    let (Some(base), Some(url)) = (Parts::of(base), Parts::of(url)) else { return false };
    let ports = (base.port(), url.port());
    let same = base.scheme == url.scheme && ports.0 == ports.1;
    let raised = base.scheme == "http" && url.scheme == "https" && ports == (Some(80), Some(443));
    base.host() == url.host() && (same || raised)
}

/// Whether that leads from an encrypted address to one that is not.
pub(super) fn lowers(from: &str, to: &str) -> bool {
    let scheme = |url| Parts::of(url).map(|parts| parts.scheme);
    scheme(from).as_deref() == Some("https") && scheme(to).as_deref() != Some("https")
}

/// As it can be shown: what may be secret, before `@` and behind `?`, is `…`.
pub(super) fn shown(url: &str) -> String {
    let Some(parts) = Parts::of(url) else { return "…".to_owned() };
    let authority = match parts.authority.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => parts.authority.to_owned(),
    };
    let (path, more) = match parts.rest.find(['?', '#']) {
        Some(at) => (parts.rest.get(..at).unwrap_or_default(), "?…"),
        None => (parts.rest, ""),
    };
    format!("{}://{authority}{path}{more}", parts.scheme)
}

/// Whether it is an address of its own, and no path.
pub(super) fn is_whole(path: &str) -> bool {
    Parts::of(path).is_some()
}

struct Parts<'u> {
    /// `http` or `https`.
    scheme: String,
    authority: &'u str,
    /// Path, query and fragment; empty or from its first `/`, `?` or `#` on.
    rest: &'u str,
}

impl<'u> Parts<'u> {
    fn of(url: &'u str) -> Option<Parts<'u>> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let authority_len = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(authority_len)?;
        (matches!(scheme.as_str(), "http" | "https") && !authority.is_empty()).then_some(Parts {
            scheme,
            authority,
            rest,
        })
    }

    fn host_and_port(&self) -> (&'u str, Option<&'u str>) {
        let authority = self.authority.rsplit_once('@').map_or(self.authority, |(_, host)| host);
        match authority.rsplit_once(':') {
            // The colons inside of `[::1]` are none.
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        }
    }

    fn host(&self) -> String {
        self.host_and_port().0.to_ascii_lowercase()
    }

    fn port(&self) -> Option<u16> {
        match self.host_and_port().1 {
            None | Some("") => Some(if self.scheme == "https" { 443 } else { 80 }),
            Some(port) => port.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_joined_with_one_slash_and_both_queries_are_kept() {
        for (base, path, joined) in [
            ("https://a.example/x", "", "https://a.example/x"),
            ("https://a.example", "/y", "https://a.example/y"),
            ("https://a.example/", "/y", "https://a.example/y"),
            ("https://a.example/x/", "y?z=1", "https://a.example/x/y?z=1"),
            ("https://a.example/x?k=1", "y?z=1", "https://a.example/x/y?k=1&z=1"),
            ("https://a.example/x", "?z=1", "https://a.example/x?z=1"),
            ("https://a.example/x", "https://a.example/next", "https://a.example/next"),
        ] {
            assert_eq!(join(base, path), joined, "{base} {path}");
        }
    }

    #[test]
    fn a_redirect_is_seen_from_where_it_stands() {
        let from = "https://a.example:8443/x/y?q=1";
        for (to, resolved) in [
            ("https://b.example/", Some("https://b.example/")),
            ("//b.example/z", Some("https://b.example/z")),
            ("/z", Some("https://a.example:8443/z")),
            ("z?r=2", Some("https://a.example:8443/x/z?r=2")),
            ("?r=2", Some("https://a.example:8443/x/y?r=2")),
            ("ftp://b.example/", None),
            ("file:/etc/passwd", None),
            ("", None),
        ] {
            assert_eq!(resolve(from, to).as_deref(), resolved, "{to}");
        }
    }

    #[test]
    fn a_secret_goes_to_its_own_host_alone() {
        for (base, url, own) in [
            ("https://a.example/x", "https://A.example:443/y", true),
            ("https://a.example/x", "https://b.example/y", false),
            ("https://a.example/x", "https://a.example.evil.example/y", false),
            ("https://a.example/x", "https://a.example@evil.example/y", false),
            ("https://a.example/x", "https://evil.example\\@a.example/y", false),
            ("https://a.example/x", "http://a.example/y", false),
            ("http://a.example/x", "https://a.example/y", true),
            ("https://a.example/x", "https://a.example:8443/y", false),
            ("http://[::1]:80/", "http://[::1]/", true),
        ] {
            assert_eq!(is_own(base, url), own, "{base} {url}");
        }
    }

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        assert_eq!(shown("https://kari:pw@a.example/x?key=1#y"), "https://…@a.example/x?…");
        assert_eq!(shown("http://a.example:81/x"), "http://a.example:81/x");
    }
}
