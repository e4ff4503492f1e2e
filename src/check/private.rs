//! What looks private: addresses inside the network, names of hosts there, keys, tokens and passwords, addresses of people.
//!
//! One pass over the text, no dictionary: it splits the text where no address and no token goes on, and looks at each
//! piece. It looks for what operators paste by accident (a log line, a command, a URL), and would rather miss something
//! odd than cry wolf: a check that is ignored finds nothing. Addresses and names reserved for documentation
//! (RFC 5737, RFC 3849, RFC 2606) are fine. Drafts are not looked at: they are not published.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::Checked;
use crate::diag::{Code, Diagnostic, Severity};

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let own = checked.site.config.url.authority();
    let mut diagnostics = Vec::new();
    for source in checked.sources.values() {
        diagnostics.extend(findings(source.text(), own).into_iter().map(|finding| {
            let diagnostic = match finding.what.severity() {
                Severity::Note => Diagnostic::note(Code::PRIVATE, finding.what.message()),
                Severity::Warning | Severity::Error => Diagnostic::warning(Code::PRIVATE, finding.what.message()),
            };
            diagnostic.at(source, finding.span).cure(finding.what.cure()).outcome("published as it is")
        }));
    }
    diagnostics
}

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Address,
    Host,
    /// Of whom or of what kind.
    Secret(&'static str),
    Person,
}

impl What {
    fn severity(self) -> Severity {
        match self {
            What::Address | What::Host | What::Secret(_) => Severity::Warning,
            What::Person => Severity::Note,
        }
    }

    /// Does not repeat what was found: messages end up in logs.
    fn message(self) -> String {
        match self {
            What::Address => "this looks like an address inside a private network".to_owned(),
            What::Host => "this looks like the name of a host inside a private network".to_owned(),
            What::Secret(kind) => format!("this looks like {kind}"),
            What::Person => "this is an e-mail address of another domain than the site's".to_owned(),
        }
    }

    fn cure(self) -> &'static str {
        match self {
            What::Address | What::Host => "say what it does instead: \"a login server\"",
            What::Secret(_) => "take it out, and replace it where it is used: it may have been seen",
            What::Person => "is it meant to be public?",
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Finding {
    what: What,
    span: Range<usize>,
}

/// Everything in a text, in its order; what stands there several times is found once.
fn findings(text: &str, own: &str) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for (start, run) in runs(text) {
        if let Some(finding) = look(run, start, own)
            && text.get(finding.span.clone()).is_some_and(|found| seen.insert(found))
        {
            findings.push(finding);
        }
    }
    findings.extend(private_keys(text));
    findings
}

/// `-----BEGIN PRIVATE KEY-----` and its relatives (RFC 7468).
fn private_keys(text: &str) -> impl Iterator<Item = Finding> {
    text.match_indices("-----BEGIN ").filter_map(|(start, begin)| {
        let label = text.get(start + begin.len()..)?.lines().next()?.split("-----").next()?;
        let end = start + begin.len() + label.len();
        (label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK"))
            .then_some(Finding { what: What::Secret("a private key"), span: start..end })
    })
}

/// The stretches of text in which an address or a token could stand.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let part = |c: char| c.is_ascii_alphanumeric() || "._:/@+=%-~&?#".contains(c);
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(part)?;
        let run = text.get(start..)?;
        let run = run.get(..run.find(|c| !part(c)).unwrap_or(run.len()))?;
        rest = start + run.len();
        Some((start, run))
    })
    // Nothing shorter is anything.
    .filter(|(_, run)| run.len() >= 3)
}

/// The gravest thing that a run holds.
fn look(run: &str, start: usize, own: &str) -> Option<Finding> {
    let finding = |what: What, part: &str| {
        // `part` is a part of `run`.
        let at = start + (part.as_ptr() as usize - run.as_ptr() as usize);
        Some(Finding { what, span: at..at + part.len() })
    };
    if let Some((kind, part)) = secret(run) {
        return finding(What::Secret(kind), part);
    }
    let mut person = None;
    for part in run.split(['/', '=', '?', '&', '#']) {
        let part = part.trim_end_matches(['.', ':', '-']);
        let host = part.rsplit('@').next().unwrap_or(part);
        if is_private_address(host) {
            return finding(What::Address, host);
        }
        if is_private_host(host.split(':').next().unwrap_or(host)) {
            return finding(What::Host, host);
        }
        if person.is_none() && is_person(part, own) {
            person = Some(part.strip_prefix("mailto:").unwrap_or(part));
        }
    }
    finding(What::Person, person?)
}

/// Shared address space (RFC 6598) counts as private; `Ipv4Addr::is_shared` is not stable yet.
fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    address.is_private() || address.is_loopback() || address.is_link_local() || (a == 100 && (64..128).contains(&b))
}

fn is_private_address(host: &str) -> bool {
    // `10.0.0.1:993` has a port.
    let without_port = match host.split_once(':') {
        Some((before, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => before,
        _ => host,
    };
    if let Ok(v4) = without_port.parse::<Ipv4Addr>() {
        return is_private_v4(v4);
    }
    let without_zone = host.split('%').next().unwrap_or(host);
    without_zone.parse::<Ipv6Addr>().is_ok_and(|v6| {
        v6.is_loopback()
            || v6.is_unique_local()
            || v6.is_unicast_link_local()
            || v6.to_ipv4_mapped().is_some_and(is_private_v4)
    })
}

/// Endings that never lead anywhere on the public net (RFC 6762, RFC 8375, and ICANN's `internal` among them).
const PRIVATE_ENDINGS: [&str; 8] =
    [".local", ".internal", ".lan", ".corp", ".intranet", ".home.arpa", ".localdomain", ".localhost"];

fn is_private_host(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    host == "localhost" || PRIVATE_ENDINGS.iter().any(|ending| host.strip_suffix(ending).is_some_and(is_name))
}

/// An e-mail address whose domain is not the site's, nor above or beside it, nor reserved for examples (RFC 2606).
fn is_person(part: &str, own: &str) -> bool {
    let Some((local, domain)) = part.strip_prefix("mailto:").unwrap_or(part).split_once('@') else { return false };
    let domain = domain.to_ascii_lowercase();
    let is_domain = domain.contains('.')
        && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        && domain.rsplit('.').next().is_some_and(|top| top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()));
    // `root@host:path` of scp has no port here, and a git remote is nobody's mailbox.
    let is_mailbox = !local.is_empty() && local != "git" && !local.contains(':');
    let own = own.split(':').next().unwrap_or(own);
    let above = own.split_once('.').map_or(own, |(_, above)| above);
    let within = |domain: &str, of: &str| domain == of || domain.strip_suffix(of).is_some_and(|d| d.ends_with('.'));
    let is_own = within(own, &domain) || (above.contains('.') && within(&domain, above));
    let is_example = ["example", "test", "invalid", "example.com", "example.net", "example.org"]
        .iter()
        .any(|reserved| within(&domain, reserved));
    is_domain && is_mailbox && !is_own && !is_example
}

/// Tokens that can be told by how they begin: prefix, the characters that follow at least, whose it is.
const TOKENS: [(&str, usize, &str); 19] = [
    ("AKIA", 16, "an access key of AWS"),
    ("ASIA", 16, "an access key of AWS"),
    ("AIza", 35, "a key of Google's APIs"),
    ("ghp_", 36, "a token of GitHub"),
    ("gho_", 36, "a token of GitHub"),
    ("ghu_", 36, "a token of GitHub"),
    ("ghs_", 36, "a token of GitHub"),
    ("ghr_", 36, "a token of GitHub"),
    ("github_pat_", 22, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("npm_", 36, "a token of npm"),
    ("xoxb-", 10, "a token of Slack"),
    ("xoxp-", 10, "a token of Slack"),
    ("xoxa-", 10, "a token of Slack"),
    ("xoxs-", 10, "a token of Slack"),
    ("sk_live_", 16, "a key of Stripe"),
    ("rk_live_", 16, "a key of Stripe"),
    ("SG.", 40, "a key of SendGrid"),
    ("hooks.slack.com/services/", 20, "an address that lets anybody write to a channel of Slack"),
];

/// Names whose value is nobody's business, in `name=value`.
const SECRET_NAMES: [&str; 10] =
    ["password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "access_key", "auth", "key"];

/// A key, token or password in a run, and what kind.
fn secret(run: &str) -> Option<(&'static str, &str)> {
    if let Some((_, rest)) = run.split_once("://")
        && let Some((user, _)) = rest.split('/').next().and_then(|authority| authority.rsplit_once('@'))
        && user.split_once(':').is_some_and(|(_, password)| is_value(password))
    {
        return Some(("a password in a URL", user));
    }
    for (prefix, least, kind) in TOKENS {
        if let Some((before, rest)) = run.split_once(prefix)
            && !before.ends_with(|c: char| c.is_ascii_alphanumeric())
            && rest.bytes().take_while(|&byte| is_token_byte(byte)).count() >= least
        {
            return run.get(before.len()..).map(|token| (kind, token));
        }
    }
    for part in run.split(['?', '&', '#']) {
        if let Some((name, value)) = part.split_once('=')
            && is_secret_name(name)
            && is_value(value)
        {
            return Some(("a password or token", part));
        }
    }
    let is_url = run.contains("://");
    let mut before = "";
    for part in run.split(['=', '?', '&', '#', ':']).flat_map(|part| part.split(move |c| is_url && c == '/')) {
        // A link to a commit is public already.
        let is_commit = matches!(before, "commit" | "commits" | "tree" | "blob");
        if is_jwt(part) {
            return Some(("a JSON Web Token", part));
        }
        if !is_commit && (is_hex(part) || is_base64(part)) {
            return Some(("a key or a token", part));
        }
        before = part;
    }
    None
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/')
}

/// `password`, and `DB_PASSWORD` and `x-auth-token` as well.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    SECRET_NAMES
        .iter()
        .any(|secret| name.strip_suffix(secret).is_some_and(|before| before.is_empty() || before.ends_with('_')))
}

/// Something that could be a value, and is no stand-in for one: `xxxx`, `...`.
fn is_value(value: &str) -> bool {
    let mut bytes = value.bytes();
    let first = bytes.next();
    value.len() >= 4 && bytes.any(|byte| Some(byte) != first)
}

/// RFC 7519: three parts of base64url, the first two of which are JSON objects.
fn is_jwt(part: &str) -> bool {
    let mut parts = part.split('.');
    let is_object = |part: Option<&str>| part.is_some_and(|part| part.starts_with("eyJ") && part.len() >= 10);
    is_object(parts.next()) && is_object(parts.next()) && parts.next().is_some()
}

/// At least 128 bits in hexadecimal.
fn is_hex(part: &str) -> bool {
    part.len() >= 32
        && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        && part.bytes().any(|byte| byte.is_ascii_alphabetic())
        && part.bytes().filter(u8::is_ascii_digit).count() >= 4
}

/// At least 40 characters of base64 that change between capitals, small letters and digits as no word does.
fn is_base64(part: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-');
    let class = |byte: u8| (byte.is_ascii_uppercase(), byte.is_ascii_lowercase(), byte.is_ascii_digit());
    let bytes = part.as_bytes();
    let changes = bytes.windows(2).filter(|pair| matches!(pair, [a, b] if class(*a) != class(*b))).count();
    bytes.len() >= 40
        && bytes.iter().all(|&byte| is_base64(byte))
        && bytes.iter().any(u8::is_ascii_uppercase)
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.iter().any(u8::is_ascii_digit)
        && changes >= bytes.len() / 4
}

#[cfg(test)]
mod tests {
    use super::findings;

    /// Each finding as `kind: text`.
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = findings(text, "status.fjordpost.example")
            .into_iter()
            .map(|finding| format!("{:?}: {}", finding.what, text.get(finding.span).unwrap_or("?")))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn private_addresses_are_found() {
        check("The server 10.1.2.3 is slow.", &["Address: 10.1.2.3"]);
        check("at 192.168.0.7:993, then", &["Address: 192.168.0.7:993"]);
        check("http://172.16.4.1/admin", &["Address: 172.16.4.1"]);
        check(
            "(127.0.0.1) 169.254.1.1 100.64.0.1",
            &["Address: 127.0.0.1", "Address: 169.254.1.1", "Address: 100.64.0.1"],
        );
        check(
            "fe80::1%eth0, fd12:3456::1 and [::1]:25",
            &["Address: fe80::1%eth0", "Address: fd12:3456::1", "Address: ::1"],
        );
        check("10.0.0.0/8", &["Address: 10.0.0.0"]);
    }

    #[test]
    fn public_addresses_and_those_of_examples_are_fine() {
        check("192.0.2.1 198.51.100.7 203.0.113.200 2001:db8::1 8.8.8.8 172.32.0.1", &[]);
        check("At 14:05:30 version 1.2.3.4 was installed; 2022-03-29 11:20.", &[]);
    }

    #[test]
    fn private_hosts_are_found() {
        check("mx1.osl.internal did not answer", &["Host: mx1.osl.internal"]);
        check("https://Grafana.LAN:3000/d/abc", &["Host: Grafana.LAN:3000"]);
        check("connect to localhost:8080 failed", &["Host: localhost:8080"]);
        check("See settings.local.json. It stayed local. Internal mail, corp. policy.", &[]);
    }

    #[test]
    fn tokens_are_found() {
        check("key AKIAIOSFODNN7EXAMPLE was", &["Secret(\"an access key of AWS\"): AKIAIOSFODNN7EXAMPLE"]);
        let github = format!("ghp_{}", "a1B2".repeat(9));
        check(&github, &[&format!("Secret(\"a token of GitHub\"): {github}")]);
        check("glpat-abcdefghij0123456789", &["Secret(\"a token of GitLab\"): glpat-abcdefghij0123456789"]);
        check(
            "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ",
            &["Secret(\"a JSON Web Token\"): eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ"],
        );
        check("password=hunter2", &["Secret(\"a password or token\"): password=hunter2"]);
        check("https://x.example/?a=1&auth_token=abc123", &["Secret(\"a password or token\"): auth_token=abc123"]);
        check("smtp://bob:hunter2@mx.example/", &["Secret(\"a password in a URL\"): bob:hunter2"]);
        check("d41d8cd98f00b204e9800998ecf8427e", &["Secret(\"a key or a token\"): d41d8cd98f00b204e9800998ecf8427e"]);
        let base64 = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY0";
        check(base64, &[&format!("Secret(\"a key or a token\"): {base64}")]);
        check(
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n",
            &["Secret(\"a private key\"): -----BEGIN OPENSSH PRIVATE KEY"],
        );
    }

    #[test]
    fn words_links_and_stand_ins_are_fine() {
        check("https://github.com/x/y/commit/da39a3ee5e6b4b0d3255bfef95601890afd80709", &[]);
        check(
            "/incidents/2022-03-29-imap-and-pop-logins-failing-for-some-accounts/#u-20220329-0920-investigating",
            &[],
        );
        check("password=... token=xxxx -----BEGIN CERTIFICATE-----", &[]);
        check("The password was changed; tokens: all of them. AKIA is a prefix, ghp_ too.", &[]);
        check("imap=degraded_performance pop=operational monkey=banana", &[]);
        check("12345678901234567890123456789012", &[]);
    }

    #[test]
    fn people_elsewhere_are_noted_and_the_sites_own_are_not() {
        check("Write to mailto:kari@gmail.com.", &["Person: kari@gmail.com"]);
        check("support@fjordpost.example a@status.fjordpost.example a@example.com git@github.com", &[]);
    }

    #[test]
    fn what_stands_there_twice_is_found_once() {
        check("10.1.2.3 and 10.1.2.3 and 10.1.2.4", &["Address: 10.1.2.3", "Address: 10.1.2.4"]);
    }
}
