//! Within every limit, what matters most is kept: the first sentence, and always the link.
#![expect(clippy::unwrap_used, reason = "a test's own input is right, or the test is wrong")]

use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use super::*;

const LINK: &str = "https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating";

fn facts(title: &str, body: &str) -> Facts {
    let end = sentence_ends(body).first().copied().unwrap_or(body.len());
    Facts {
        page: Page { title: "Test".to_owned(), url: "https://status.example".to_owned() },
        kind: "incident".to_owned(),
        slug: "2026-03-24-imap".to_owned(),
        title: title.to_owned(),
        stage: "investigating".to_owned(),
        stage_name: "Investigating".to_owned(),
        impact: "major".to_owned(),
        impact_name: "Major impact".to_owned(),
        components: Vec::new(),
        component_ids: Vec::new(),
        link: LINK.to_owned(),
        body: body.to_owned(),
        sentence: body[..end].to_owned(),
        posted: None,
        posted_text: String::new(),
        late: None,
        next_update: None,
        next_update_at: None,
        is_over: false,
        is_notice: false,
        is_test: false,
    }
}

/// As the theme's `announce/text.txt` prints it.
fn print(facts: &Facts, shown: &str) -> Result<String, RenderError> {
    let late = facts.late.as_ref().map_or(String::new(), |late| format!("{late}\n\n"));
    Ok(format!("{}: {}\n\n{late}{shown}\n\n{}", facts.stage_name, facts.title, facts.link))
}

fn fitted(limit: Limit, title: &str, body: &str) -> String {
    fit(limit, &facts(title, body), print).unwrap()
}

#[test]
fn whole_sentences_are_kept_as_long_as_they_fit() {
    let body = "Logins fail since 11:40. We look at the proxies. Mail is received and kept.\n\nWebmail works!";
    let mut out = String::new();
    for limit in [400, 195, 190, 165, 140, 130, 115, 10] {
        out += &format!("-- {limit}\n{}\n", fitted(Limit::Bytes(limit), "IMAP down", body));
    }
    assert_data_eq!(
        out,
        str![[r#"
-- 400
Investigating: IMAP down

Logins fail since 11:40. We look at the proxies. Mail is received and kept.

Webmail works!

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
-- 195
Investigating: IMAP down

Logins fail since 11:40. We look at the proxies. Mail is received and kept. …

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
-- 190
Investigating: IMAP down

Logins fail since 11:40. We look at the proxies. Mail is received and kept. …

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
-- 165
Investigating: IMAP down

Logins fail since 11:40. We look at the proxies. …

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
-- 140
Investigating: IMAP down

Logins fail since 11:40. …

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
-- 130
Investigating: IMAP down

Logins fail since…

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
-- 115
Investigating: IMAP down

Login…

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
-- 10
https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating

"#]]
    );
}

#[test]
fn one_sentence_that_is_too_long_is_cut_between_words_and_one_word_between_characters() {
    let mut out = String::new();
    for body in [
        "Logins fail since 11:40 for everybody whose mailbox stands on one of the older machines in Bergen.",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftswartung ja.",
        "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
        "メールのログインができません。原因を調べています。",
    ] {
        out += &format!("{}\n---\n", fitted(Limit::Bytes(165), "IMAP", body));
    }
    assert_data_eq!(
        out,
        str![[r#"
Investigating: IMAP

Logins fail since 11:40 for everybody whose mailbox stands…

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
---
Investigating: IMAP

Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunt…

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
---
Investigating: IMAP

👨‍👩‍👧‍👦👨‍👩‍👧‍👦…

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
---
Investigating: IMAP

メールのログインができません。 …

https://status.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating
---

"#]]
    );
}

#[test]
fn a_title_that_is_too_long_gives_way_before_the_link() {
    let text = fitted(Limit::Bytes(130), &"very long ".repeat(40), "Logins fail.");
    assert!(text.len() <= 130 && text.ends_with(LINK) && text.starts_with("Investigating: very long"), "{text}");
    // Nothing fits but the link, or not even that: it still says where to look.
    assert_eq!(fitted(Limit::Bytes(20), "IMAP", "Logins fail."), LINK);
}

#[test]
fn what_is_told_late_says_so_within_the_limit() {
    let mut late = facts("IMAP down", &"Logins fail. ".repeat(60));
    late.late = Some("Written 24 March 2026, 11:53 CET; sent here late.".to_owned());
    let text = fit(Limit::Weighted(280), &late, print).unwrap();
    assert!(text.contains("sent here late.\n\nLogins fail. ") && Limit::Weighted(280).allows(&text), "{text}");
}

#[test]
fn each_vendor_counts_in_its_own_way() {
    let family = "👨‍👩‍👧‍👦";
    let url = format!("https://a.example/{}", "x".repeat(300));
    let cases: &[(Limit, &str, usize)] = &[
        // A link is 23, long or short.
        (Limit::Chars(0), "abc", 3),
        (Limit::Chars(0), "é", 1),
        (Limit::Chars(0), family, 7),
        (Limit::Chars(0), &url, 23),
        (Limit::Chars(0), "http://a.b", 23),
        (Limit::Chars(0), "a b", 3),
        // X makes links of bare names as well.
        (Limit::Weighted(0), "example.com", 23),
        (Limit::Weighted(0), "see example.com. ok", 4 + 23 + 3),
        (Limit::Weighted(0), "11:40 e.g. 3.5 ok...", 20),
        (Limit::Weighted(0), &url, 23),
        (Limit::Weighted(0), family, 2),
        (Limit::Weighted(0), "日本", 4),
        (Limit::Weighted(0), "“quoted”–", 9),
        (Limit::Weighted(0), "née", 3),
        // What readers take for one character.
        (Limit::Graphemes(0), family, 3),
        (Limit::Graphemes(0), "e\u{301}", 1),
        (Limit::Bytes(0), "é", 2),
    ];
    for &(limit, text, expected) in cases {
        let with = |max| match limit {
            Limit::Chars(_) => Limit::Chars(max),
            Limit::Graphemes(_) => Limit::Graphemes(max),
            Limit::Bytes(_) => Limit::Bytes(max),
            Limit::Weighted(_) => Limit::Weighted(max),
            Limit::None => Limit::None,
        };
        let counted = (0..1000).find(|&max| with(max).allows(text));
        assert_eq!(counted, Some(expected), "{limit:?} {text}");
    }
    // 300 graphemes of many bytes are more than the 3,000 that Bluesky takes.
    assert!(!Limit::Graphemes(300).allows(&family.repeat(200)));
    assert!(Limit::None.allows(&url));
}

#[test]
fn the_same_news_has_the_same_key_in_a_channel_and_another_one_elsewhere() {
    let slug = |text| Slug::new(text).unwrap();
    let key = idempotency("https://a.example", "incidents/x/#u-1", &slug("mail"));
    assert_eq!(key.len(), 32);
    assert_eq!(key, idempotency("https://a.example", "incidents/x/#u-1", &slug("mail")));
    assert_ne!(key, idempotency("https://a.example", "incidents/x/#u-1", &slug("chat")));
    assert_ne!(key, idempotency("https://b.example", "incidents/x/#u-1", &slug("mail")));
}

proptest! {
    #[test]
    fn whatever_is_written_fits_and_has_its_link(title in "\\PC{0,300}", body in "(\\PC|\n){0,1500}") {
        for limit in [Limit::Chars(500), Limit::Graphemes(300), Limit::Weighted(280), Limit::Bytes(400), Limit::None] {
            let text = fitted(limit, &title, &body);
            prop_assert!(limit.allows(&text), "{:?}: {}", limit, text);
            prop_assert!(text.contains(LINK), "{:?}: {}", limit, text);
            prop_assert!(text == LINK || text.contains("Investigating"), "{:?}: {}", limit, text);
        }
    }
}
