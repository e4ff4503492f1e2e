//! The headers that hosts are told to send.

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{fixture, made, slug};

#[test]
fn a_header_cannot_begin_another() {
    let text = headers(&[("Content-Security-Policy", "default-src 'self'\r\n  X-Evil: 1".to_owned())]);
    assert!(text.starts_with("/*\n  Content-Security-Policy: default-src 'self'  X-Evil: 1\n/assets/*\n"));
    assert!(text.contains("/status.json\n  Access-Control-Allow-Origin: *\n  Cache-Control: public, max-age=60\n"));
}

#[test]
fn a_renamed_incident_takes_its_report_and_feed_along() {
    let fixture = fixture();
    assert_data_eq!(
        made(&outputs(&fixture.site, &[]), "_redirects"),
        str![[r#"
/incidents/2022-03-29-logins/ /incidents/2022-03-29-imap-logins/ 301
/incidents/2022-03-29-logins/feed.atom /incidents/2022-03-29-imap-logins/feed.atom 301
/rfo/2022-03-29-logins/ /rfo/2022-03-29-imap-logins/ 301

"#]]
        .raw()
    );
    let pages: Vec<_> = redirects(&fixture.site).into_iter().map(|(old, new)| format!("{old} -> {new}\n")).collect();
    assert_data_eq!(
        pages.concat(),
        str![[r#"
incidents/2022-03-29-logins/index.html -> incidents/2022-03-29-imap-logins/
rfo/2022-03-29-logins/index.html -> rfo/2022-03-29-imap-logins/

"#]]
        .raw()
    );
}

#[test]
fn an_address_in_use_is_not_redirected() {
    let mut fixture = fixture();
    fixture.site.rfos.clear();
    fixture.site.incidents[0].aliases = vec![slug("2022-03-30-slow"), slug("old"), slug("old")];
    let pages: Vec<_> = redirects(&fixture.site).into_iter().map(|(old, _)| old.to_string()).collect();
    assert_eq!(pages, ["incidents/old/index.html"]);
}
