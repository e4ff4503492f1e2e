//! Beneath HTTP: certificates, and what name servers say.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use jiff::{SignedDuration, Timestamp};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use simple_dns::rdata::{A, NS, RData};
use simple_dns::{CLASS, Name, Packet, PacketFlag, RCODE, ResourceRecord};

use super::{NOW, built, config};
use crate::server::{Answer, GOOD};
use crate::site_test::TestSite;

/// A host with TLS, whose certificate ends after so many days from the tests' own present. Answers its port.
fn tls_host(site: &TestSite, days: i64) -> u16 {
    let at = |days: i64| {
        let now: Timestamp = "2026-11-25T12:02:00Z".parse().unwrap();
        now + SignedDuration::from_hours(days * 24)
    };
    let date = |at: Timestamp| {
        let date = jiff::tz::TimeZone::UTC.to_datetime(at);
        rcgen::date_time_ymd(date.year().into(), date.month() as u8, date.day() as u8)
    };
    let mut ca = CertificateParams::new([]).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = date(at(days));
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &ca).unwrap();
    site.write("ca.pem", ca.pem());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    serve(Arc::new(config), site.path("public"))
}

fn serve(config: Arc<ServerConfig>, folder: PathBuf) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (config, folder) = (Arc::clone(&config), folder.clone());
            thread::spawn(move || {
                let mut tcp = stream.unwrap();
                let mut tls = ServerConnection::new(config).unwrap();
                let mut stream = Stream::new(&mut tls, &mut tcp);
                let mut asked = Vec::new();
                let mut byte = [0];
                while !asked.ends_with(b"\r\n\r\n") {
                    // Whoever looks at the certificate alone asks for nothing.
                    if stream.read(&mut byte).unwrap_or(0) == 0 {
                        return;
                    }
                    asked.push(byte[0]);
                }
                let asked = String::from_utf8(asked).unwrap();
                let path = asked.split(' ').nth(1).unwrap().to_owned();
                let asked =
                    crate::server::Asked { method: "GET".to_owned(), path, headers: Vec::new(), body: Vec::new() };
                let mut answer = Answer::well_served(&folder, &asked);
                let mut body = Vec::new();
                answer.body.read_to_end(&mut body).unwrap();
                let mut head =
                    format!("HTTP/1.1 {} X\r\ncontent-length: {}\r\nconnection: close\r\n", answer.status, body.len());
                for (name, value) in &answer.headers {
                    head += &format!("{name}: {value}\r\n");
                }
                let _ = stream.write_all(&[head.as_bytes(), b"\r\n", &body[..]].concat());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            });
        }
    });
    port
}

#[test]
fn a_certificate_that_ends_soon_or_is_not_believed_is_told() {
    assert_eq!(GOOD.len(), 5);
    let said = |days: i64, more: &str, host: &str| {
        let site = built("");
        let port = tls_host(&site, days);
        config(&site, &format!("[verify]\n{more}"));
        let url = format!("https://{host}:{port}");
        site.run(&format!("verify {url} {NOW}")).all().replace(&url, "[URL]")
    };
    // The library's clock is the machine's; its day is not that of the test, so the certificate is of the far future.
    let good = said(20_000, "ca_file = \"ca.pem\"", "localhost");
    assert!(good.starts_with("status 0\n") && good.contains("certificate for 19999 days: nothing wrong"), "{good}");
    let soon = said(3000, "ca_file = \"ca.pem\"\ncertificate_days = 3650", "localhost");
    assert!(soon.contains("error[served-certificate]: localhost: expected a certificate that holds for at least 3650 days, found one that ends in 2999 days"), "{soon}");
    let stranger = said(3000, "", "localhost");
    assert!(stranger.contains("found one that is not believed: invalid peer certificate: UnknownIssuer"), "{stranger}");
    let ended = said(-30, "ca_file = \"ca.pem\"", "localhost");
    assert!(
        ended.contains(
            "localhost: expected a certificate that holds for at least 14 days, found one that ended on 2026-10-2"
        ),
        "{ended}"
    );
    let other = said(3000, "ca_file = \"ca.pem\"", "127.0.0.1");
    assert!(other.contains("not valid for name"), "{other}");
}

/// A name server of its own: answers over UDP that it is too long, and over TCP what it is.
fn name_server() -> u16 {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = tcp.local_addr().unwrap().port();
    let udp = UdpSocket::bind(("127.0.0.1", port)).unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((read, from)) = udp.recv_from(&mut buffer) {
            let is_long = String::from_utf8_lossy(&buffer).contains("imap");
            udp.send_to(&answer(&buffer[..read], is_long), from).unwrap();
        }
    });
    thread::spawn(move || {
        for stream in tcp.incoming() {
            let mut stream = stream.unwrap();
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            let mut query = vec![0; u16::from_be_bytes(length).into()];
            stream.read_exact(&mut query).unwrap();
            let answer = answer(&query, false);
            stream.write_all(&u16::try_from(answer.len()).unwrap().to_be_bytes()).unwrap();
            stream.write_all(&answer).unwrap();
        }
    });
    port
}

fn answer(query: &[u8], is_cut_off: bool) -> Vec<u8> {
    let query = Packet::parse(query).unwrap();
    let asked = query.questions[0].clone();
    let mut packet = Packet::new_reply(query.id());
    let name = asked.qname.to_string();
    let data = match (name.as_str(), u16::from(asked.qtype)) {
        _ if is_cut_off => Vec::new(),
        ("imap.fjordpost.example", 1) => vec![RData::A(A { address: 0x7f00_0002 })],
        ("fjordpost.example", 2) => vec![RData::NS(NS(Name::new_unchecked("ns1.dns.example")))],
        ("imap.fjordpost.example" | "fjordpost.example", _) => Vec::new(),
        (_, _) => {
            *packet.rcode_mut() = RCODE::NameError;
            Vec::new()
        }
    };
    if is_cut_off {
        packet.set_flags(PacketFlag::TRUNCATION);
    }
    packet.questions.push(asked.clone());
    packet.answers =
        data.into_iter().map(|data| ResourceRecord::new(asked.qname.clone(), CLASS::IN, 60, data)).collect();
    packet.build_bytes_vec().unwrap()
}

#[test]
fn what_the_page_shares_with_the_provider_is_told() {
    let site = built("");
    let host = super::host(&site, super::Has::newest);
    config(
        &site,
        &format!(
            "[verify]\nhosts = [\"imap.fjordpost.example\", \"gone.example\"]\nname_server = \"127.0.0.1:{}\"",
            name_server()
        ),
    );
    snapbox::assert_data_eq!(
        super::found(&site, &host, ""),
        snapbox::str![[r#"
status 1
shared-fate 127.0.0.1: an address in a network of its own | `127.0.0.1`, in the network of `imap.fjordpost.example`
fate-unknown gone.example: to be known to name servers | no name servers

"#]]
    );
    config(&site, "[verify]\nhosts = [\"imap.fjordpost.example\"]\nname_server = \"nobody\"");
    snapbox::assert_data_eq!(
        super::found(&site, &host, ""),
        snapbox::str![[r#"
status 0
fate-unknown 127.0.0.1: to be known to name servers | `nobody` is no address of a name server

"#]]
    );
}
