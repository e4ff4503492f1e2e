//! Badges, as pictures and for programs.

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{HOSTILE, fixture, made, slug};

#[test]
fn a_badge_says_its_state_in_words() {
    let fixture = fixture();
    let outputs = outputs(fixture.source());
    assert_data_eq!(
        made(&outputs, "badge/imap.svg"),
        str![[r##"
<svg xmlns="http://www.w3.org/2000/svg" width="196" height="20" viewBox="0 0 196 20" role="img" aria-labelledby="t">
<title id="t">IMAP: Degraded performance</title>
<rect width="196" height="20" rx="3" fill="#33302b"/>
<path d="M42 0h151a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-151z" fill="#654600"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" aria-hidden="true">
<text x="7" y="14" textLength="28">IMAP</text>
<text x="49" y="14" textLength="140">Degraded performance</text>
</g>
</svg>

"##]]
        .raw()
    );
    assert!(made(&outputs, "badge/mail.svg").contains("<title id=\"t\">Mail: Degraded performance</title>"));
    assert!(made(&outputs, "badge/status.svg").contains("Fjordpost status: Degraded performance"));
}

#[test]
fn a_hostile_name_is_only_text() {
    let svg = svg(HOSTILE, "Operational", "#000");
    assert!(!svg.contains("<b>") && svg.contains("&lt;b&gt;"));
}

#[test]
fn a_component_called_status_does_not_hide_the_whole() {
    let mut fixture = fixture();
    fixture.site.config.components[2].id = slug("status");
    let outputs = outputs(fixture.source());
    assert_eq!(outputs.iter().filter(|output| output.path.as_str() == "badge/status.svg").count(), 1);
    assert!(made(&outputs, "badge/status.svg").contains("Fjordpost status"));
}

#[test]
fn uptime_has_a_badge_where_a_number_alone_is_the_truth() {
    let mut fixture = fixture();
    fixture.measured("imap");
    assert!(outputs(fixture.source()).iter().all(|output| output.path.as_str() != "badge/imap-uptime.svg"));
    fixture.uptime("imap").windows[0].span = Span::Days90;
    let outputs = outputs(fixture.source());
    assert!(
        made(&outputs, "badge/imap-uptime.svg").contains("<title id=\"t\">IMAP, 90\u{a0}days: 97,91\u{a0}%</title>")
    );
}

#[test]
fn a_component_whose_name_ends_in_uptime_keeps_its_badge() {
    let mut fixture = fixture();
    fixture.measured("imap");
    fixture.uptime("imap").windows[0].span = Span::Days90;
    fixture.site.config.components[1].id = slug("imap-uptime");
    let outputs = outputs(fixture.source());
    assert_eq!(outputs.iter().filter(|output| output.path.as_str() == "badge/imap-uptime.svg").count(), 1);
    assert!(made(&outputs, "badge/imap-uptime.svg").contains("POP: Operational"));
}
