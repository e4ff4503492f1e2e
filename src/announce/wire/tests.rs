//! Servers that never come to an end.
#![expect(clippy::unwrap_used, reason = "a test's own input is right, or the test is wrong")]

use std::path::Path;
use std::time::{Duration, Instant};

use super::*;
use crate::net::dripping;

const TIMEOUT: SignedDuration = SignedDuration::from_millis(300);

fn mail(port: u16, to: &[&str]) -> Mail {
    Mail {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        login: None,
        ca_file: None,
        timeout: TIMEOUT,
        from: "status@fjordpost.example".to_owned(),
        to: to.iter().map(|&to| to.to_owned()).collect(),
        message: b"Subject: S\r\n\r\nB\r\n".to_vec(),
    }
}

#[test]
fn a_server_that_drips_holds_up_nobody() {
    let before = Instant::now();
    let greeting = mail::send(Path::new("."), &mail(dripping(b"220 ").unwrap(), &["a@one.example", "b@one.example"]));
    assert_eq!(greeting, Err(Trouble::new("it did not answer in time")), "nothing was sent");
    for tls in [Tls::Implicit, Tls::None] {
        let say = IrcSay {
            host: "127.0.0.1".to_owned(),
            // The head of a record of TLS that never becomes whole; without TLS, a line without an end.
            port: dripping(&[0x16, 3, 3, 0x40, 0]).unwrap(),
            tls,
            ca_file: None,
            nick: "n".to_owned(),
            login: None,
            channel: "#c".to_owned(),
            channel_key: None,
            lines: vec!["hello".to_owned()],
            timeout: TIMEOUT,
        };
        let said = irc::say(Path::new("."), &say);
        assert_eq!(said, Err(Trouble::new("it did not answer in time")), "{tls:?}");
    }
    assert!(before.elapsed() < Duration::from_secs(4), "{:?}", before.elapsed());
}

#[test]
fn a_port_without_tls_and_one_where_nobody_is_are_said_in_words() {
    let why = |tls, port| {
        let mail = Mail { tls, timeout: SignedDuration::from_secs(3), ..mail(port, &["a@one.example"]) };
        mail::send(Path::new("."), &mail).unwrap_err().why
    };
    let port = dripping(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    assert_eq!(
        why(Tls::Implicit, port),
        format!(
            "no connection to 127.0.0.1:{port}: no TLS: what answers at that port does not speak it; try another port, \
             or another `tls`"
        )
    );
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(why(Tls::None, free), format!("no connection to 127.0.0.1:{free}: it was refused"));
}
