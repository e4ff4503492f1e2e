//! What answers mean: arrived, refused, not now, or nobody knows.

use snapbox::{assert_data_eq, str};

use super::*;

/// The answers that all that speak HTTP understand alike, and those of a vendor's own.
fn told(kind: ChannelKind, own: Vec<(&str, Vec<Reply>)>) -> String {
    let session = || json(200, r#"{"did":"did:plc:u5","accessJwt":"jwt"}"#);
    let before = || if kind == ChannelKind::Bluesky { vec![session()] } else { Vec::new() };
    let one = |reply: Reply| before().into_iter().chain([reply]).collect::<Vec<Reply>>();
    let common = vec![
        ("refused", one(json(401, &format!("bad {}", secrets(kind).into_values().collect::<Vec<_>>().join(" "))))),
        ("later", one(json(503, "<h1>down\n</h1>"))),
        ("wait", one(with("retry-after", "7", json(429, "")))),
        ("gateway", one(json(504, ""))),
        ("not reached", one(Err(Trouble::new("the connection was refused")))),
        ("broken", one(broken())),
    ];
    let mut out = String::new();
    for (name, replies) in common.into_iter().chain(own) {
        let answered = outcome(&channel(kind), &Script::of(replies), &first());
        assert!(!answered.contains("s3cret"), "{kind:?} {name}: {answered}");
        out += &format!("{name}: {answered}\n");
    }
    out
}

#[test]
fn all_that_speak_http_understand_the_same_answers_alike() {
    let common = told(ChannelKind::Webhook, Vec::new());
    assert_data_eq!(
        &common,
        str![[r#"
refused: refused: it answers 401 bad … …
later: later: it answers 503 down
wait: after 7s: it answers 429
gateway: unsure: it answers 504
not reached: later: the connection was refused
broken: unsure: the connection broke before all was said

"#]]
    );
    for kind in ChannelKind::ALL {
        match kind {
            // See below.
            ChannelKind::Email | ChannelKind::Irc | ChannelKind::Command => {}
            // It calls nothing an answer that is not of its own shape, and hides its token in it.
            ChannelKind::Webhook
            | ChannelKind::Mastodon
            | ChannelKind::Bluesky
            | ChannelKind::X
            | ChannelKind::Matrix
            | ChannelKind::Slack
            | ChannelKind::Mattermost
            | ChannelKind::Discord
            | ChannelKind::Teams
            | ChannelKind::Telegram
            | ChannelKind::Discourse
            | ChannelKind::Ntfy
            | ChannelKind::Pushover => {
                let kind_of = |text: &str| -> Vec<String> {
                    text.lines().map(|line| line.split(": ").take(2).collect::<Vec<_>>().join(": ")).collect()
                };
                assert_eq!(kind_of(&told(kind, Vec::new())), kind_of(&common), "{kind:?}");
            }
        }
    }
}

#[test]
fn each_says_in_its_own_way_how_long_to_wait() {
    let wait = |kind, reply: Reply| {
        let before = match kind {
            ChannelKind::Bluesky => Some(json(200, r#"{"did":"did:plc:u5","accessJwt":"jwt"}"#)),
            _ => None,
        };
        let wire = Script::of(before.into_iter().chain([reply]));
        format!("{kind:?} {}\n", outcome(&channel(kind), &wire, &first()).split(':').next().unwrap())
    };
    let mut out = String::new();
    // The clock says 11:00, which is second 1774350000.
    out += &wait(ChannelKind::Mastodon, with("x-ratelimit-reset", "2026-03-24T11:05:00.000Z", json(429, "{}")));
    out += &wait(ChannelKind::Bluesky, with("ratelimit-reset", "1774350060", json(429, "{}")));
    out += &wait(ChannelKind::X, with("x-rate-limit-reset", "1774350900", json(429, "{}")));
    out += &wait(ChannelKind::X, with("x-rate-limit-reset", "1774340000", json(429, "{}")));
    let limited = r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2000}"#;
    out += &wait(ChannelKind::Matrix, json(429, limited));
    out += &wait(ChannelKind::Slack, with("retry-after", "30", json(429, r#"{"ok":false,"error":"ratelimited"}"#)));
    out += &wait(ChannelKind::Discord, json(429, r#"{"retry_after":0.65,"global":false}"#));
    out += &wait(ChannelKind::Telegram, json(429, r#"{"ok":false,"parameters":{"retry_after":3}}"#));
    let limited = r#"{"errors":["slow down"],"extras":{"wait_seconds":18}}"#;
    out += &wait(ChannelKind::Discourse, json(429, limited));
    out += &wait(ChannelKind::Webhook, with("retry-after", "-5", json(429, "")));
    assert_data_eq!(
        out,
        str![[r#"
Mastodon after 5m
Bluesky after 1m
X after 15m
X after 0s
Matrix after 2s
Slack after 30s
Discord after 650ms
Telegram after 3s
Discourse after 18s
Webhook later

"#]]
    );
}

#[test]
fn what_vendors_say_in_words_is_understood() {
    let said =
        |kind, replies: Vec<Reply>| format!("{}\n", outcome(&channel(kind), &Script::of(replies), &second(&["1"])));
    let mut out = String::new();
    out += &said(ChannelKind::Slack, vec![json(200, r#"{"ok":false,"error":"channel_not_found"}"#)]);
    out += &said(ChannelKind::Slack, vec![json(200, r#"{"ok":false,"error":"fatal_error"}"#)]);
    out += &said(
        ChannelKind::X,
        vec![json(403, r#"{"detail":"You are not allowed to create a Tweet with duplicate content."}"#)],
    );
    out += &said(ChannelKind::X, vec![json(403, r#"{"detail":"Forbidden"}"#)]);
    out += &said(ChannelKind::Telegram, vec![json(200, r#"{"ok":false,"description":"chat not found"}"#)]);
    out += &said(ChannelKind::Pushover, vec![json(400, r#"{"user":"invalid","status":0}"#)]);
    // What it would answer was deleted: it stands alone.
    out += &said(ChannelKind::Mastodon, vec![json(404, "{}"), json(200, r#"{"id":"9"}"#)]);
    // Nothing was posted by logging in.
    out += &said(ChannelKind::Bluesky, vec![broken()]);
    out += &said(ChannelKind::Bluesky, vec![json(401, r#"{"error":"AuthenticationRequired"}"#)]);
    out += &said(ChannelKind::Bluesky, vec![json(200, "{}")]);
    assert_data_eq!(
        out,
        str![[r#"
refused: it answers `channel_not_found`
later: it answers `fatal_error`
sent
refused: it answers 403 {"detail":"Forbidden"}
refused: it answers 200 {"ok":false,"description":"chat not found"}
refused: it answers 400 {"user":"invalid","status":0}
sent; called 9
later: the connection broke before all was said
refused: it answers 401 {"error":"AuthenticationRequired"}
refused: it logs us in without a session

"#]]
    );
}

#[test]
fn a_forum_takes_the_same_title_again_with_its_day() {
    let taken = || json(422, r#"{"action":"create_post","errors":["Title has already been used"]}"#);
    let wire = Script::of([taken(), json(200, r#"{"topic_id":13}"#)]);
    assert_eq!(
        outcome(&channel(ChannelKind::Discourse), &wire, &first()),
        "sent; called 13; read at https://forum.example/t/13"
    );
    let titles: Vec<String> = wire
        .calls
        .borrow()
        .iter()
        .map(|call| serde_json::from_slice::<serde_json::Value>(&call.body).unwrap()["title"].to_string())
        .collect();
    assert_eq!(
        titles,
        [r#""IMAP and POP logins failing""#, r#""IMAP and POP logins failing (24 March 2026, 11:53 CET)""#]
    );
    // An answer in a topic has no title that could be in the way.
    let wire = Script::of([taken()]);
    assert!(outcome(&channel(ChannelKind::Discourse), &wire, &second(&["12"])).starts_with("refused: "));
    assert_eq!(wire.calls.borrow().len(), 1);
}

#[test]
fn mail_irc_and_programs_say_whether_it_may_have_arrived() {
    for kind in [ChannelKind::Email, ChannelKind::Irc, ChannelKind::Command] {
        assert!(outcome(&channel(kind), &Script::of([json(0, "")]), &first()).starts_with("sent"), "{kind:?}");
        let never = Err(Trouble::new("no pass-s3cret"));
        let answered = outcome(&channel(kind), &Script::of([never]), &first());
        let hidden = if kind == ChannelKind::Command { "later: no pass-s3cret" } else { "later: no …" };
        assert_eq!(answered, hidden, "{kind:?}");
        assert!(outcome(&channel(kind), &Script::of([broken()]), &first()).starts_with("unsure: "), "{kind:?}");
    }
    let wire = Script::of([json(0, "refused for `a@b.example`")]);
    let answered = outcome(&channel(ChannelKind::Email), &wire, &first());
    assert!(answered.ends_with("; note: refused for `a@b.example`"), "{answered}");
}
