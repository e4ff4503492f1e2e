//! Texts that mean harm: nothing in them becomes a header, a command, a mention or markup.

use snapbox::{assert_data_eq, str};

use super::*;

const TITLES: [&str; 8] = [
    "Line\r\nBcc: victim@example.org\r\n\r\nNOTICE #x :gone",
    "<script>alert(1)</script> & <!channel> <@U1>",
    "@everyone @here @channel @room @admins",
    "👨‍👩‍👧‍👦👨‍👩‍👧‍👦 family",
    "\u{202e}evil\u{202c} עברית العربية",
    "z\u{0300}\u{0301}\u{0302}\u{0303} \u{0}\u{7}\u{1b}[31m \u{feff}",
    "**bold** _under_ `code` [text](https://evil.example) ||spoiler|| # head",
    "\"quotes\" \\ back\\slash 'single' $(reboot) `reboot`",
];

fn hostile(title: &str) -> Message {
    let mut message = first();
    message.subject = format!("{title}: Investigating");
    message.text = format!("Investigating: {title}\n\n{title}\n\n{}", message.facts.link);
    message.facts.title = title.to_owned();
    message.facts.body = format!("{title}\n\n{}", "long".repeat(20_000));
    message
}

fn replies() -> Vec<Reply> {
    vec![json(200, r#"{"ok":true,"status":1,"did":"d","accessJwt":"j"}"#), json(200, r#"{"uri":"u","cid":"c"}"#)]
}

#[test]
fn no_text_leaves_its_place() {
    for title in TITLES {
        let message = hostile(title);
        for kind in ChannelKind::ALL {
            let wire = Script::of(replies());
            let answered = outcome(&channel(kind), &wire, &message);
            assert!(answered.starts_with("sent"), "{kind:?} {title:?}: {answered}");
            for call in wire.calls.borrow().iter() {
                assert!(call.url.bytes().all(|b| b.is_ascii_graphic()), "{}", call.url);
                for (name, value) in &call.headers {
                    assert!(!value.chars().any(char::is_control), "{kind:?} {name}");
                }
            }
        }
    }
}

#[test]
fn what_is_long_stays_within_what_a_vendor_takes() {
    let mut message = hostile("&<>*_");
    message.text = format!("{}\n\n{}", "&*".repeat(1400), message.facts.link);
    for (kind, key, most) in [
        (ChannelKind::Slack, "/blocks/0/text/text", 3000),
        (ChannelKind::Discord, "/embeds/0/description", 4096),
        (ChannelKind::Teams, "/attachments", 28_000),
    ] {
        let wire = Script::of(replies());
        assert!(outcome(&channel(kind), &wire, &message).starts_with("sent"));
        let body: serde_json::Value = serde_json::from_slice(&wire.calls.borrow()[0].body).unwrap();
        let text = body.pointer(key).map_or(String::new(), ToString::to_string);
        assert!(text.chars().count() <= most, "{kind:?}: {}", text.chars().count());
        assert!(body.to_string().contains("&"), "{kind:?}: something of it is there");
    }
}

#[test]
fn a_mail_has_the_headers_that_we_gave_it_and_no_others() {
    for title in TITLES {
        let wire = Script::of(replies());
        let mut message = hostile(title);
        // Thirty updates before this one.
        message.thread.earlier = (0..30).map(|n| format!("<{n:032}@status.fjordpost.example>")).collect();
        message.thread.first = message.thread.earlier.first().cloned();
        message.thread.last = message.thread.earlier.last().cloned();
        outcome(&channel(ChannelKind::Email), &wire, &message);
        let mail = String::from_utf8(wire.mails.borrow()[0].message.clone()).unwrap();
        assert!(mail.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n', '\0'])), "{mail}");
        let head = mail.split("\r\n\r\n").next().unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(
            names.join(" "),
            "From Date Message-ID Subject To In-Reply-To References List-Id List-Unsubscribe List-Unsubscribe-Post \
             List-Archive Auto-Submitted Precedence MIME-Version Content-Type",
            "{title:?}"
        );
    }
}

#[test]
fn several_recipients_do_not_see_each_other() {
    let mut channel = channel(ChannelKind::Email);
    channel.options.insert("to".to_owned(), "a@one.example, Bo <b@two.example>".to_owned());
    let wire = Script::of(replies());
    assert!(outcome(&channel, &wire, &first()).starts_with("sent"));
    let mail = wire.mails.borrow()[0].clone();
    assert_eq!(mail.to, ["a@one.example", "b@two.example"]);
    let text = String::from_utf8(mail.message).unwrap();
    assert!(!text.contains("one.example") && !text.contains("two.example"), "{text}");
    assert!(text.contains("\r\nTo: \"Fjordpost status\" <status@fjordpost.example>\r\n"), "{text}");

    channel.options.insert("to".to_owned(), "a@one.example, nobody".to_owned());
    assert_eq!(outcome(&channel, &Script::default(), &first()), "refused: `nobody` is no address of mail");
    channel.options.insert("to".to_owned(), "a@one.example".to_owned());
    channel.options.insert("list_id".to_owned(), "x\r\nBcc: v@example.org".to_owned());
    let answered = outcome(&channel, &Script::default(), &first());
    assert_eq!(answered, "refused: `List-Id` would hold characters that no header may have");
}

#[test]
fn what_markdown_would_read_is_read_as_it_was_written() {
    let mut out = String::new();
    for text in [
        "*a* _b_ ~~c~~ ||d|| `e` [f](g) <h>",
        "# heading\n- item\n> quote\n1 - 2",
        "see https://a.example/x_y_z now",
        "https://a.example/[click](https://evil.example) https://a/_x_**y**`z`",
    ] {
        out += &format!("{}\n", as_markdown(text));
    }
    for text in ["@everyone and help@fjordpost.example", "(@here)", "@@channel"] {
        out += &format!("{}\n", without_mentions(text).replace('\u{200b}', "|"));
    }
    assert_data_eq!(
        out,
        str![[r#"
/*a/* /_b/_ /~/~c/~/~ /|/|d/|/| /`e/` /[f/](g) /<h>
/# heading
/- item
/> quote
1 - 2
see https://a.example/x_y_z now
https://a.example/%5Bclick%5D(https://evil.example) https://a/%5Fx_%2A%2Ay%2A%2A%60z%60
@|everyone and help@fjordpost.example
(@|here)
@|@|channel

"#]]
    );
}

#[test]
fn a_cut_keeps_what_readers_take_for_one_character() {
    let family = "👨‍👩‍👧‍👦";
    assert_eq!(cut("short", 5), "short");
    assert_eq!(cut("longer", 5), "long…");
    assert_eq!(cut(&family.repeat(3), 15), format!("{family}{family}…"));
    assert_eq!(cut(&format!("a{}", "\u{300}".repeat(20)), 5), "…");
}

#[test]
fn secrets_are_hidden_as_they_stand_and_as_json_writes_them() {
    let secrets = pairs(&[("token", "a\"b\\c"), ("url", "https://x.example/a"), ("short", "abc")]);
    assert_eq!(without_secrets(r#"{"p":"a\"b\\c"} a"b\c https://x.example/a abc"#, &secrets), r#"{"p":"…"} … … abc"#);
}

#[test]
fn of_a_secret_address_no_part_is_shown() {
    let secrets =
        pairs(&[("url", "https://me:pa55word@hooks.example/hooks/s3cr3t?key=qu3ry-s3cr3t&n=a%20long%20value")]);
    for text in [
        "Cannot POST /hooks/s3cr3t",
        "Cannot POST \\/hooks\\/s3cr3t",
        "no %2Fhooks%2Fs3cr3t here",
        "no %2fhooks%2fs3cr3t here",
        "key qu3ry-s3cr3t is unknown",
        "no /hooks/s3cr3t?key=qu3ry-s3cr3t&amp;n=a",
        "n is 'a long value'",
        "login me:pa55word",
        // base64 of the path, and of `status:` and the query's value.
        "L2hvb2tzL3MzY3IzdA==",
        "c3RhdHVzOnF1M3J5LXMzY3IzdA==",
    ] {
        let shown = without_secrets(text, &secrets);
        let leaks =
            ["s3cr3t", "pa55", "long", "L2hvb2tzL3MzY3Iz", "F1M3J5LXMzY3"].iter().any(|part| shown.contains(part));
        assert!(!leaks && shown.contains('…'), "{text}: {shown}");
    }
    assert_eq!(without_secrets("hooks.example said no", &secrets), "hooks.example said no");
}

#[test]
fn a_secret_is_hidden_before_what_is_said_is_cut() {
    for before in 0..500 {
        let reply = json(401, &format!("{}token-s3cret", "x".repeat(before)));
        let answered = outcome(&channel(ChannelKind::Webhook), &Script::of([reply]), &first());
        assert!(!answered.contains("token-"), "{before}: {answered}");
        assert!(answered.chars().count() < 500, "{answered}");
    }
    let page = "<!doctype html><style>p{}</style><p>Not <b>here</b></p><script>if (1<2) x()</script><i";
    let answered = outcome(&channel(ChannelKind::Webhook), &Script::of([json(501, page)]), &first());
    assert_eq!(answered, "later: it answers 501 Not here");
}

#[test]
fn only_links_of_the_web_are_kept() {
    let answer = r#"{"id":"9","url":"javascript:alert(1)"}"#;
    let answered = outcome(&channel(ChannelKind::Mastodon), &Script::of([json(200, answer)]), &first());
    assert_eq!(answered, "sent; called 9");
}

#[test]
fn a_post_is_the_same_record_when_git_knows_another_time_for_it() {
    let key = |posted: &str| {
        let mut message = first();
        message.facts.posted = Some(posted.parse().unwrap());
        let wire = Script::of(replies());
        outcome(&channel(ChannelKind::Bluesky), &wire, &message);
        let body: serde_json::Value = serde_json::from_slice(&wire.calls.borrow()[1].body).unwrap();
        body["rkey"].to_string()
    };
    assert_eq!(key("2026-03-24T10:53:00Z"), key("2026-03-24T10:59:30Z"));
}
