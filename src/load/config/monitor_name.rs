//! Names of monitors as people write them in the config: an id, or what the foreign system itself calls it.
//!
//! `nagios:imap01/Backup age (passive)` is what the operator reads in Nagios; the id that the adapter gives it is
//! `imap01/Backup_20age_20_28passive_29` ([`MonitorId::escaped`]). Both may be written. What is an id of our own feed is
//! taken as it stands, since whoever writes the feed has chosen it.

use crate::model::{FeedKind, MonitorId};

/// What to do about a name that cannot be one.
pub(super) const CURE: &str = "write it as `upfront record --check` shows it";

/// The id of the monitor of that name in a feed of that kind.
pub(super) fn id(kind: FeedKind, name: &str) -> Option<MonitorId> {
    let as_it_stands = MonitorId::new(name);
    // Several labels may make an id of several parts.
    let has_labels = matches!(kind, FeedKind::Prometheus | FeedKind::Alertmanager);
    let fits = has_labels || name.matches('/').count() < parts_max(kind, name);
    if kind == FeedKind::Upfront || (as_it_stands.is_some() && is_escaped(name) && fits) {
        return as_it_stands;
    }
    // Icinga itself writes `host!service`.
    let parts = name.splitn(parts_max(kind, name), |c| c == '/' || (c == '!' && kind == FeedKind::Icinga2));
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    MonitorId::escaped(&parts)
}

/// Of how many parts the adapter of that kind makes an id. The last may itself have `/` in it: a service, an address.
fn parts_max(kind: FeedKind, name: &str) -> usize {
    match kind {
        FeedKind::Gatus if name.starts_with("suite/") => 3,
        // Host and service, group and name, job and instance, alert and instance.
        FeedKind::Nagios
        | FeedKind::Livestatus
        | FeedKind::Checkmk
        | FeedKind::Icinga2
        | FeedKind::Gatus
        | FeedKind::Prometheus
        | FeedKind::Alertmanager => 2,
        FeedKind::Upfront
        | FeedKind::Nodeping
        | FeedKind::UptimeKuma
        | FeedKind::Healthchecks
        | FeedKind::Uptimerobot
        | FeedKind::Pingdom
        | FeedKind::Betterstack
        | FeedKind::Zabbix
        | FeedKind::Statuspage
        | FeedKind::Upptime => 1,
    }
}

/// Whether each `_` begins an escape that [`MonitorId::escaped`] would have made. `imap_01` is none, since nobody has a
/// control character in a name: it is a name that is still to be escaped.
fn is_escaped(id: &str) -> bool {
    let mut rest = id.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| byte == b'_') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|digits| digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')));
        rest = match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            _ if rest.first() == Some(&b'_') => rest.get(1..).unwrap_or_default(),
            Some(0x7f) | Some(0..0x20) | None => return false,
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => return false,
            Some(_) => rest.get(2..).unwrap_or_default(),
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: FeedKind, name: &str, expected: Option<&str>) {
        assert_eq!(id(kind, name).as_ref().map(MonitorId::as_str), expected, "{name}");
    }

    #[test]
    fn names_of_foreign_systems_are_escaped_and_ids_stand() {
        let nagios = FeedKind::Nagios;
        check(nagios, "imap01/IMAP", Some("imap01/IMAP"));
        check(nagios, "imap01/Backup age (passive)", Some("imap01/Backup_20age_20_28passive_29"));
        check(nagios, "imap01/Backup_20age_20_28passive_29", Some("imap01/Backup_20age_20_28passive_29"));
        check(nagios, "imap_01", Some("imap__01"));
        check(nagios, "imap__01", Some("imap__01"));
        check(nagios, "db01/Disk /var", Some("db01/Disk_20_2fvar"));
        check(FeedKind::Icinga2, "db01!disk", Some("db01/disk"));
        check(FeedKind::Gatus, "core/front_end", Some("core/front__end"));
        check(FeedKind::Prometheus, "web/https://a.example/", Some("web/https_3a_2f_2fa.example_2f"));
        check(nagios, "db01/sda1/usage", Some("db01/sda1_2fusage"));
        check(FeedKind::Gatus, "suite/core/log in", Some("suite/core/log_20in"));
        check(FeedKind::Prometheus, "prod/web/imap", Some("prod/web/imap"));
        check(FeedKind::Healthchecks, "backup/nightly", Some("backup_2fnightly"));
        check(nagios, "", None);
        check(nagios, &"é".repeat(100), None);
    }

    #[test]
    fn an_id_of_our_own_feed_is_taken_as_it_stands() {
        check(FeedKind::Upfront, "imap_01", Some("imap_01"));
        check(FeedKind::Upfront, "imap 01", None);
    }
}
