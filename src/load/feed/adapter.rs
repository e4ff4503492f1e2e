//! One file for each kind of source; each names the document that it follows.

mod alertmanager;
#[cfg(test)]
mod bad_answers;
mod betterstack;
mod checkmk;
mod gather;
mod gatus;
mod healthchecks;
#[cfg(test)]
mod hostile;
mod icinga2;
mod labels;
mod livestatus;
mod monitors;
mod nagios;
mod nodeping;
mod pingdom;
mod prometheus;
#[cfg(test)]
pub(crate) mod sample;
mod statuspage;
#[cfg(test)]
mod understood;
pub(crate) mod upfront;
mod upptime;
mod uptime_kuma;
mod uptimerobot;
mod zabbix;

use super::{Adapter, Payload, Request};
use crate::model::{Feed, FeedKind, Origin};

/// How a source of that kind is asked and understood.
pub fn of(kind: FeedKind) -> Adapter {
    match kind {
        FeedKind::Upfront => upfront::ADAPTER,
        FeedKind::Nodeping => nodeping::ADAPTER,
        FeedKind::Nagios => nagios::ADAPTER,
        FeedKind::Livestatus => livestatus::ADAPTER,
        FeedKind::Checkmk => checkmk::ADAPTER,
        FeedKind::Icinga2 => icinga2::ADAPTER,
        FeedKind::UptimeKuma => uptime_kuma::ADAPTER,
        FeedKind::Gatus => gatus::ADAPTER,
        FeedKind::Prometheus => prometheus::ADAPTER,
        FeedKind::Alertmanager => alertmanager::ADAPTER,
        FeedKind::Healthchecks => healthchecks::ADAPTER,
        FeedKind::Uptimerobot => uptimerobot::ADAPTER,
        FeedKind::Pingdom => pingdom::ADAPTER,
        FeedKind::Betterstack => betterstack::ADAPTER,
        FeedKind::Zabbix => zabbix::ADAPTER,
        FeedKind::Statuspage => statuspage::ADAPTER,
        FeedKind::Upptime => upptime::ADAPTER,
    }
}

/// The feed's own address, once.
fn once(_: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    if answers.is_empty() { vec![Request { name: String::new(), path: String::new(), body: None }] } else { Vec::new() }
}

/// A path below the feed's address, whether that ends with a slash or not.
fn below(feed: &Feed, path: &str) -> String {
    match &feed.from {
        Origin::Url(url) if url.ends_with('/') => path.to_owned(),
        Origin::Url(_) | Origin::File(_) | Origin::Stdin | Origin::Log => format!("/{path}"),
    }
}

/// Whether the feed's address holds some text: it may lead straight to one answer.
fn address_has(feed: &Feed, text: &str) -> bool {
    matches!(&feed.from, Origin::Url(url) if url.contains(text))
}

/// A GET of a path below the feed's address.
fn get(feed: &Feed, name: impl Into<String>, path: &str) -> Request {
    Request { name: name.into(), path: below(feed, path), body: None }
}
