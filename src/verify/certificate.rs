//! Whether the way to the page is encrypted, and for how much longer its certificate holds.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::{Asked, Finding, age, host_of};
use crate::diag::Code;
use crate::model::SiteUrl;
use crate::net::{Line, Timed, Trouble, roots};
use crate::publish::live::fresh;

/// How long the whole handshake may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Answers when the certificate ends.
pub(super) fn look(
    line: &dyn Line,
    url: &SiteUrl,
    asked: &Asked<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Timestamp> {
    let authority = url.authority();
    let host = host_of(authority);
    if url.as_str().starts_with("http:") {
        findings.extend(
            (!is_here(host)).then(|| {
                insecure(url.as_str(), "`http`").cure("let the host serve it by `https`, and set `url` to that")
            }),
        );
        return None;
    }
    let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    if port.is_none() {
        findings.extend(plain(line, authority));
    }
    let finding = Finding::error(Code::SERVED_CERTIFICATE, host);
    let expected = format!("a certificate that holds for at least {}", days(asked.rules.certificate_days.into()));
    let finding = finding.expected(expected).cure("renew it, and see why nothing renewed it by itself");
    let (ends, believed) =
        match handshake(host, port.unwrap_or(443), (asked.root, asked.rules.ca_file.as_deref()), TIMEOUT) {
            Ok(seen) => seen,
            // What cannot be reached at all was said by then.
            Err(_) => return None,
        };
    let left = ends.map(|ends| asked.now.duration_since(ends).as_secs().saturating_neg().div_euclid(86_400));
    match (believed, ends, left) {
        (_, Some(ends), Some(left)) if left < 0 => {
            findings.push(finding.found(format!("one that ended on {}", age::told(ends))));
        }
        (Err(why), _, _) => {
            findings.push(
                finding
                    .found(format!("one that is not believed: {why}"))
                    .cure("see what the host serves for this name"),
            );
        }
        (Ok(()), Some(ends), Some(left)) if left < asked.rules.certificate_days.into() => {
            findings.push(finding.found(format!("one that ends in {}, on {}", days(left), age::told(ends))));
        }
        (Ok(()), _, _) => {}
    }
    ends
}

fn days(n: i64) -> String {
    if n == 1 { "1 day".to_owned() } else { format!("{n} days") }
}

/// This very machine, where one tries things.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What the same host says without TLS. Nothing at all is fine.
fn plain(line: &dyn Line, authority: &str) -> Option<Finding> {
    let address = format!("http://{authority}/");
    let answer = line.call(&fresh(&address)).ok()?;
    let leads_to = answer.header("location").unwrap_or_default();
    if leads_to.starts_with("https://") || answer.status >= 400 {
        return None;
    }
    let found = format!("status {}", answer.status);
    Some(insecure(&address, &found).cure("let the host lead everybody from `http` to `https`"))
}

fn insecure(at: &str, found: &str) -> Finding {
    Finding::warning(Code::SERVED_INSECURE, at)
        .expected("only `https`, so that nobody on the way can change the page")
        .found(found)
}

type Seen = (Option<Timestamp>, Result<(), String>);

/// When the served certificate ends, and whether it is believed by the authorities of `believed` (see [`roots`]).
fn handshake(host: &str, port: u16, believed: (&Path, Option<&str>), timeout: Duration) -> Result<Seen, Trouble> {
    let no_tls = |error: Error| Trouble::new(format!("no TLS: {error}"));
    let until = Instant::now() + timeout;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let store = Arc::new(roots(believed.0, believed.1)?);
    let strict = WebPkiServerVerifier::builder_with_provider(store, Arc::clone(&provider)).build();
    let strict = strict.map_err(|error| Trouble::new(error.to_string()))?;
    let witness = Arc::new(Witness { strict, seen: Mutex::default() });
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(no_tls)?;
    let config = config.dangerous().with_custom_certificate_verifier(witness.clone()).with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Trouble::new("its host is no name for TLS"))?;
    let mut client = ClientConnection::new(Arc::new(config), name).map_err(no_tls)?;
    let mut stream = Timed::connect(host, port, until)?;
    let mut ended = Ok(());
    while client.is_handshaking() && ended.is_ok() {
        ended = client.complete_io(&mut stream).map(|_| ());
    }
    let seen = witness.seen.lock().ok().and_then(|mut seen| seen.take());
    let Some((ends, believed)) = seen else {
        return Err(Trouble::new("no TLS"));
    };
    Ok((ends, believed.and_then(|()| ended.map_err(|error| error.to_string()))))
}

/// Believes what the strict one believes, and remembers what it saw, so that of a certificate that ended one can tell when.
#[derive(Debug)]
struct Witness {
    strict: Arc<WebPkiServerVerifier>,
    seen: Mutex<Option<Seen>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let believed = self.strict.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        if let Ok(mut seen) = self.seen.lock() {
            *seen = Some((ends(end_entity), believed.as_ref().map(|_| ()).map_err(ToString::to_string)));
        }
        believed
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

fn ends(certificate: &[u8]) -> Option<Timestamp> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let ends = certificate.tbs_certificate().validity().not_after.to_unix_duration();
    Timestamp::from_second(i64::try_from(ends.as_secs()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Answer, Call, dripping};

    /// What a host says without TLS; `None` where nobody is there.
    struct Host(Option<(u16, &'static str)>);

    impl Line for Host {
        fn call(&self, call: &Call) -> Result<Answer, Trouble> {
            assert_eq!(call.url, "http://status.example/");
            let (status, leads_to) = self.0.ok_or_else(|| Trouble::new("the connection was refused"))?;
            let headers = vec![("location".to_owned(), leads_to.to_owned())];
            Ok(Answer { status, headers, ..Answer::default() })
        }
    }

    #[test]
    fn who_comes_without_tls_is_led_to_it_or_sent_away() {
        for (host, is_told) in [
            (Host(Some((308, "https://status.example/"))), false),
            (Host(None), false),
            (Host(Some((403, ""))), false),
            (Host(Some((200, ""))), true),
            (Host(Some((301, "http://www.status.example/"))), true),
        ] {
            assert_eq!(plain(&host, "status.example").is_some(), is_told, "{:?}", host.0);
        }
    }

    #[test]
    fn a_host_that_drips_is_left_in_time() {
        // The head of a record that never becomes whole.
        let port = dripping(&[0x16, 3, 3, 0x40, 0]).unwrap_or_default();
        let before = Instant::now();
        assert!(handshake("127.0.0.1", port, (Path::new("."), None), Duration::from_millis(300)).is_err());
        assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for bytes in [&b""[..], b"0", &[0x30, 0x82, 0xff, 0xff], &[0xff; 64]] {
            assert_eq!(ends(bytes), None);
        }
    }
}
