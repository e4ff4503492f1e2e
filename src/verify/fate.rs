//! What the page shares with the provider that it reports on, so that both go at once: a domain, name servers, a network.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{Finding, host_of, listed};
use crate::diag::Code;

/// What name servers know.
pub trait Names {
    /// The addresses of a host.
    ///
    /// # Errors
    ///
    /// Why that cannot be known.
    fn addresses(&self, host: &str) -> Result<BTreeSet<IpAddr>, String>;

    /// The name servers that are asked for a host.
    ///
    /// # Errors
    ///
    /// Why that cannot be known.
    fn name_servers(&self, host: &str) -> Result<BTreeSet<String>, String>;
}

/// What `host` shares with any of `theirs`, a finding for each kind.
pub(super) fn look(host: &str, theirs: &[String], names: Result<&(dyn Names + Sync), &str>) -> Vec<Finding> {
    let theirs: Vec<String> = theirs.iter().map(|given| bare(given)).filter(|given| !given.is_empty()).collect();
    if theirs.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let under_one = domain(host)
        .map(|own| (theirs.iter().filter(|other| domain(other).as_ref() == Some(&own)).collect::<Vec<_>>(), own));
    let (under_one, own) = under_one.unwrap_or_default();
    if !under_one.is_empty() {
        let finding = shared(host, "a domain of its own");
        let found = format!("`{own}`, the domain of {} too", listed(under_one.iter().map(|other| other.as_str())));
        findings.push(finding.found(found).cure(
            "whoever loses the domain or its name servers loses the page as well: give one of the copies a name under another one",
        ));
    }
    let names = match names {
        Ok(names) => names,
        Err(why) => {
            findings.push(unknown(host, why));
            return findings;
        }
    };
    let apart: Vec<&String> = theirs.iter().filter(|other| !under_one.contains(other)).collect();
    // Of one domain the name servers are the same, which was said.
    let served = by(&apart, |host| names.name_servers(host), &mut findings);
    findings.extend(name_servers(host, &served, names));
    let theirs: Vec<&String> = theirs.iter().collect();
    let placed = by(&theirs, |host| names.addresses(host), &mut findings);
    findings.extend(addresses(host, &placed, names));
    // A host of which nothing is known is told once.
    let mut told = BTreeSet::new();
    findings.retain(|finding| finding.code != Code::FATE_UNKNOWN || told.insert(finding.at.clone()));
    findings
}

/// What is known of each; what is not is told.
fn by<T>(
    hosts: &[&String],
    ask: impl Fn(&str) -> Result<BTreeSet<T>, String>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, BTreeSet<T>> {
    let mut known = BTreeMap::new();
    for host in hosts {
        match ask(host) {
            Ok(found) => _ = known.insert((*host).clone(), found),
            Err(why) => findings.push(unknown(host, &why)),
        }
    }
    known
}

fn name_servers(host: &str, theirs: &BTreeMap<String, BTreeSet<String>>, names: &dyn Names) -> Option<Finding> {
    if theirs.is_empty() || host.parse::<IpAddr>().is_ok() {
        return None;
    }
    let own = match names.name_servers(host) {
        Ok(own) => own,
        Err(why) => return Some(unknown(host, &why)),
    };
    // Two names of one company fall together, whatever their numbers.
    let whose = |servers: &BTreeSet<String>| -> BTreeSet<String> {
        servers.iter().map(|server| domain(server).unwrap_or_else(|| server.clone())).collect()
    };
    let own_whose = whose(&own);
    let same =
        theirs.iter().filter(|(_, servers)| !whose(servers).is_disjoint(&own_whose)).map(|(host, _)| host.as_str());
    let same: Vec<&str> = same.collect();
    if same.is_empty() {
        return None;
    }
    let found = format!("those of {} ({})", listed(same), listed(own.iter().map(String::as_str)));
    let cure = "when they do not answer nobody finds the page either: let others serve the name of one of the copies";
    Some(shared(host, "name servers of its own").found(found).cure(cure))
}

fn addresses(host: &str, theirs: &BTreeMap<String, BTreeSet<IpAddr>>, names: &dyn Names) -> Option<Finding> {
    if theirs.is_empty() {
        return None;
    }
    let own = match names.addresses(host) {
        Ok(own) => own,
        Err(why) => return Some(unknown(host, &why)),
    };
    let networks: BTreeSet<(u8, u128)> = own.iter().map(network).collect();
    let near = |addresses: &BTreeSet<IpAddr>| addresses.iter().any(|address| networks.contains(&network(address)));
    let same: Vec<&str> =
        theirs.iter().filter(|(_, addresses)| near(addresses)).map(|(host, _)| host.as_str()).collect();
    if same.is_empty() {
        return None;
    }
    let own: Vec<String> = own.iter().map(ToString::to_string).collect();
    let found = format!("{}, in the network of {}", listed(own.iter().map(String::as_str)), listed(same));
    let cure = "one broken line or one attack takes both away: serve the page, or a copy of it, from elsewhere";
    Some(shared(host, "an address in a network of its own").found(found).cure(cure))
}

/// What is routed, broken and attacked together: /24, or /48.
fn network(address: &IpAddr) -> (u8, u128) {
    match address.to_canonical() {
        IpAddr::V4(address) => (4, u128::from(address.to_bits() >> 8)),
        IpAddr::V6(address) => (6, address.to_bits() >> 80),
    }
}

/// What one registers: `fjordpost.example` of `imap.fjordpost.example`.
fn domain(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host.parse::<IpAddr>().is_ok() {
        return None;
    }
    psl::domain_str(&host).map(str::to_owned)
}

/// Some write an address or a port where a host is wanted.
fn bare(given: &str) -> String {
    let rest = given.split_once("://").map_or(given, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    // An address of IPv6 without brackets has colons too.
    let host = if authority.parse::<IpAddr>().is_ok() { authority } else { host_of(authority) };
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn shared(host: &str, expected: &str) -> Finding {
    Finding::warning(Code::SHARED_FATE, host).expected(expected)
}

fn unknown(host: &str, why: &str) -> Finding {
    let finding = Finding::note(Code::FATE_UNKNOWN, host).expected("to be known to name servers").found(why);
    finding.cure("see `[verify] hosts`; `name_server` names another server to ask")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `host addresses; name servers` a line.
    struct Told(&'static str);

    impl Told {
        fn of(&self, host: &str, part: usize) -> Result<Vec<&str>, String> {
            let line = self.0.lines().map(str::trim).find_map(|line| line.strip_prefix(host)?.strip_prefix(": "));
            let line = line.ok_or_else(|| "no such name".to_owned())?;
            Ok(line.split(';').nth(part).unwrap_or_default().split_whitespace().collect())
        }
    }

    impl Names for Told {
        fn addresses(&self, host: &str) -> Result<BTreeSet<IpAddr>, String> {
            Ok(self.of(host, 0)?.into_iter().filter_map(|address| address.parse().ok()).collect())
        }

        fn name_servers(&self, host: &str) -> Result<BTreeSet<String>, String> {
            Ok(self.of(host, 1)?.into_iter().map(str::to_owned).collect())
        }
    }

    const NAMES: &str = "status.fjordpost.example: 198.51.100.7 2001:db8:1::7; ns1.fjordpost.example
        fjordpost-status.example: 198.51.100.7; a.dns.example b.dns.example
        elsewhere.example: 2001:db8:9::1; ns.elsewhere.example
        imap.fjordpost.example: 192.0.2.1 2001:db8:1:2::1; ns1.fjordpost.example
        other.example: 198.51.100.200; c.dns.example";

    fn check(host: &str, theirs: &[&str], expected: &[&str]) {
        let theirs: Vec<String> = theirs.iter().map(|&host| host.to_owned()).collect();
        let found = look(host, &theirs, Ok(&Told(NAMES)));
        let told: Vec<String> = found.iter().map(|finding| format!("{} {}", finding.code, finding.found)).collect();
        assert_eq!(told, expected, "{host}");
    }

    #[test]
    fn a_shared_domain_network_or_name_server_is_told_once_each() {
        check("elsewhere.example", &["imap.fjordpost.example", "other.example"], &[]);
        check(
            "status.fjordpost.example",
            &["https://imap.fjordpost.example:993/", "other.example"],
            &[
                "shared-fate `fjordpost.example`, the domain of `imap.fjordpost.example` too",
                "shared-fate `198.51.100.7`, `2001:db8:1::7`, in the network of `imap.fjordpost.example`, `other.example`",
            ],
        );
        check(
            "fjordpost-status.example",
            &["other.example"],
            &[
                "shared-fate those of `other.example` (`a.dns.example`, `b.dns.example`)",
                "shared-fate `198.51.100.7`, in the network of `other.example`",
            ],
        );
        check("elsewhere.example", &["gone.example"], &["fate-unknown no such name"]);
        check("elsewhere.example", &[], &[]);
        let without = look("a.example", &["b.example".to_owned()], Err("no name server is known"));
        assert_eq!(without.len(), 1, "{without:?}");
    }

    #[test]
    fn a_domain_is_what_one_registers() {
        for (host, expected) in [
            ("imap.fjordpost.example", Some("fjordpost.example")),
            ("a.b.fjordpost.co.uk.", Some("fjordpost.co.uk")),
            ("FJORDPOST.github.io", Some("fjordpost.github.io")),
            ("192.0.2.1", None),
            ("::1", None),
            ("localhost", None),
        ] {
            assert_eq!(domain(host).as_deref(), expected, "{host}");
        }
    }
}
