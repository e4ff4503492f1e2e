//! The exact requests: an ordinary update, and the one that ends the incident, in its thread.

use snapbox::{assert_data_eq, file};

use super::*;

/// Both, each with the answers that it gets, oldest first.
fn check(channel: &Channel, earlier: &[&str], replies: impl Fn() -> Vec<Reply>, expected: snapbox::Data) {
    let first = said(channel, &Script::of(replies()), &first());
    let second = said(channel, &Script::of(replies()), &second(earlier));
    assert_data_eq!(format!("== The first message\n{first}\n== A later one\n{second}"), expected.raw());
}

fn good(body: &'static str) -> impl Fn() -> Vec<Reply> {
    move || vec![json(200, body)]
}

#[test]
fn email() {
    let earlier = ["<0123456789abcdef0123456789abcdef@status.fjordpost.example>", "<2@status.fjordpost.example>"];
    check(&channel(ChannelKind::Email), &earlier, good(""), file!["email.txt"]);
}

#[test]
fn webhook() {
    check(&channel(ChannelKind::Webhook), &[], good(""), file!["webhook.txt"]);
}

#[test]
fn webhook_in_the_words_of_statuspage() {
    let mut channel = channel(ChannelKind::Webhook);
    channel.options.insert("format".to_owned(), "statuspage".to_owned());
    check(&channel, &[], good(""), file!["webhook_statuspage.txt"]);

    // It has none for a report.
    let message = Message { statuspage: serde_json::Value::Null, ..first() };
    let wire = Script::default();
    assert_eq!(
        outcome(&channel, &wire, &message),
        "sent; note: nothing was sent: the body of Statuspage has no words for this"
    );
    assert_eq!(wire.told(), "");
}

#[test]
fn mastodon() {
    let answer = r#"{"id":"103270115826048975","url":"https://social.example/@status/103270115826048975"}"#;
    check(&channel(ChannelKind::Mastodon), &["1", "2"], good(answer), file!["mastodon.txt"]);
}

#[test]
fn bluesky() {
    let replies = || {
        let session = r#"{"did":"did:plc:u5cwb2mwiv2bfq53cjufe6yn","accessJwt":"jwt"}"#;
        let put = r#"{"uri":"at://did:plc:u5/app.bsky.feed.post/3k43tv4rft22g","cid":"bafyrei1"}"#;
        vec![json(200, session), json(200, put)]
    };
    check(
        &channel(ChannelKind::Bluesky),
        &["at://did:plc:u5/app.bsky.feed.post/a cid1", "at://did:plc:u5/app.bsky.feed.post/b cid2"],
        replies,
        file!["bluesky.txt"],
    );
}

#[test]
fn x() {
    let answer = r#"{"data":{"id":"1445880548472328192","text":"…"}}"#;
    check(&channel(ChannelKind::X), &["1", "2"], good(answer), file!["x.txt"]);
}

#[test]
fn matrix() {
    let answer = r#"{"event_id":"$YUwRidLecu:matrix.example"}"#;
    check(&channel(ChannelKind::Matrix), &["$a", "$b"], good(answer), file!["matrix.txt"]);
}

#[test]
fn matrix_by_an_alias() {
    let mut channel = channel(ChannelKind::Matrix);
    channel.options.insert("room".to_owned(), "#status:matrix.example".to_owned());
    let wire = Script::of([json(200, r#"{"room_id":"!abc:matrix.example"}"#), json(200, r#"{"event_id":"$e"}"#)]);
    assert_eq!(
        outcome(&channel, &wire, &first()),
        "sent; called $e; read at https://matrix.to/#/%21abc%3Amatrix.example/%24e"
    );
    let called: Vec<String> = wire.calls.borrow().iter().map(|call| call.url.clone()).collect();
    assert_eq!(
        called,
        [
            "https://matrix.example/_matrix/client/v3/directory/room/%23status%3Amatrix.example",
            "https://matrix.example/_matrix/client/v3/rooms/%21abc%3Amatrix.example/send/m.room.message/\
             upfront-0123456789abcdef0123456789abcdef",
        ]
    );
    let wire = Script::of([json(404, r#"{"errcode":"M_NOT_FOUND"}"#)]);
    assert_eq!(
        outcome(&channel, &wire, &first()),
        r##"refused: the room `#status:matrix.example` is not found: it answers 404 {"errcode":"M_NOT_FOUND"}"##
    );
    // Nothing was said by asking for the room.
    assert_eq!(outcome(&channel, &Script::of([broken()]), &first()), "later: the connection broke before all was said");
}

#[test]
fn slack() {
    let answer = r#"{"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"}"#;
    check(&channel(ChannelKind::Slack), &["1.1", "2.2"], good(answer), file!["slack.txt"]);
}

#[test]
fn slack_by_a_webhook() {
    let mut channel = channel(ChannelKind::Slack);
    channel.secrets.clear();
    channel.options = pairs(&[("url", "https://hooks.example/services/T0/B0/x")]);
    let wire = Script::of([json(200, "ok")]);
    assert_eq!(outcome(&channel, &wire, &second(&["1.1"])), "sent");
    let call = wire.calls.borrow()[0].clone();
    assert_eq!(call.url, "https://hooks.example/services/T0/B0/x");
    let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["text", "unfurl_links", "unfurl_media", "blocks"], "no thread and no channel");
}

#[test]
fn mattermost() {
    check(&channel(ChannelKind::Mattermost), &[], good("ok"), file!["mattermost.txt"]);
}

#[test]
fn discord() {
    check(&channel(ChannelKind::Discord), &["1"], good(r#"{"id":"1034"}"#), file!["discord.txt"]);
}

#[test]
fn teams() {
    check(&channel(ChannelKind::Teams), &[], || vec![json(202, "")], file!["teams.txt"]);
}

#[test]
fn telegram() {
    let answer = r#"{"ok":true,"result":{"message_id":41,"date":1774349580}}"#;
    check(&channel(ChannelKind::Telegram), &["39", "40"], good(answer), file!["telegram.txt"]);
}

#[test]
fn discourse() {
    let answer = r#"{"id":77,"topic_id":12,"topic_slug":"imap-and-pop-logins-failing","post_number":1}"#;
    check(&channel(ChannelKind::Discourse), &["12", "12"], good(answer), file!["discourse.txt"]);
}

#[test]
fn ntfy() {
    check(&channel(ChannelKind::Ntfy), &[], good(r#"{"id":"sPs71M8A2T"}"#), file!["ntfy.txt"]);
}

#[test]
fn pushover() {
    check(&channel(ChannelKind::Pushover), &[], good(r#"{"status":1,"request":"647d2300"}"#), file!["pushover.txt"]);
}

#[test]
fn irc() {
    check(&channel(ChannelKind::Irc), &[], good(""), file!["irc.txt"]);
}

#[test]
fn command() {
    check(&channel(ChannelKind::Command), &[], good(""), file!["command.txt"]);
}
