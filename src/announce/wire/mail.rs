//! A mail on its way to a server (RFC 5321).

use std::net::ToSocketAddrs as _;
use std::path::Path;
use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::{ClientId, Extension};

use super::{Mail, Tls};
use crate::net::Trouble;

pub(super) fn send(root: &Path, mail: &Mail) -> Result<Option<String>, Trouble> {
    let mut connection = connect(root, mail)?;
    let mut refused = Vec::new();
    let mut taken = 0;
    let mut unsure = None;
    for to in &mail.to {
        let parsed = mail.from.parse::<Address>().ok().zip(to.parse::<Address>().ok());
        let Some(envelope) = parsed.and_then(|(from, to)| Envelope::new(Some(from), vec![to]).ok()) else {
            refused.push(format!("`{to}` is no address"));
            continue;
        };
        match connection.send(&envelope, &mail.message) {
            Ok(_) => taken += 1,
            Err(error) => {
                refused.push(format!("`{to}`: {}", said(&error)));
                if !(error.is_permanent() || error.is_transient() || error.is_client()) {
                    // It broke off, perhaps after the last byte.
                    unsure = Some(said(&error));
                    break;
                }
                // After a refusal the connection is closed: the others get one of their own.
                if connection.has_broken() {
                    connection = match connect(root, mail) {
                        Ok(again) => again,
                        Err(trouble) if taken == 0 => return Err(trouble),
                        // Whoever has it must not get it twice, so the others go without.
                        Err(trouble) => {
                            return Ok(Some(format!("refused for {}; {}", refused.join("; "), trouble.why)));
                        }
                    };
                }
            }
        }
    }
    let _ = connection.quit();
    match (taken, unsure) {
        (0, Some(why)) => Err(Trouble { why, may_have_arrived: true }),
        (0, None) => Err(Trouble::new(format!("it takes the mail for nobody: {}", refused.join("; ")))),
        (_, _) => Ok((!refused.is_empty()).then(|| format!("refused for {}", refused.join("; ")))),
    }
}

/// A connection that is encrypted and logged in as the mail asks for it. Nothing was sent by then.
fn connect(root: &Path, mail: &Mail) -> Result<SmtpConnection, Trouble> {
    let failed = |doing: &str| {
        let doing = doing.to_owned();
        move |error: Error| Trouble::new(format!("{doing}: {}", said(&error)))
    };
    let addresses = (mail.host.as_str(), mail.port).to_socket_addrs();
    let addresses: Vec<_> = addresses.map_err(|_| Trouble::new("the name of its host is not known"))?.collect();
    let hello = ClientId::Domain(sender_host(&mail.from));
    let timeout = Some(Duration::try_from(mail.timeout).unwrap_or_default().max(Duration::from_millis(1)));
    let tls = match mail.tls {
        Tls::None => None,
        Tls::Implicit | Tls::StartTls => Some(tls(root, mail)?),
    };
    let implicit = tls.as_ref().filter(|_| mail.tls == Tls::Implicit);
    let connected = SmtpConnection::connect(addresses.as_slice(), timeout, &hello, implicit, None);
    let mut connection = connected.map_err(failed("no connection"))?;
    if let Some(tls) = tls.filter(|_| mail.tls == Tls::StartTls) {
        if !connection.can_starttls() {
            return Err(Trouble::new(
                "it offers no STARTTLS, and mail is not sent in the open (`tls = \"none\"` would)",
            ));
        }
        connection.starttls(&tls, &hello).map_err(failed("STARTTLS"))?;
    }
    if let Some((user, password)) = &mail.login {
        let offers = |mechanism| connection.server_info().supports_feature(Extension::Authentication(mechanism));
        if !offers(Mechanism::Plain) && !offers(Mechanism::Login) {
            return Err(Trouble::new("it offers no way to log in that we know (PLAIN, LOGIN)"));
        }
        let credentials = Credentials::new(user.clone(), password.clone());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).map_err(failed("logging in"))?;
    }
    Ok(connection)
}

fn tls(root: &Path, mail: &Mail) -> Result<TlsParameters, Trouble> {
    let builder = TlsParameters::builder(mail.host.clone());
    let builder = match &mail.ca_file {
        None => builder.certificate_store(CertificateStore::WebpkiRoots),
        Some(path) => {
            let unread = || Trouble::new(format!("`{path}` holds no certificates that can be read (`ca_file`)"));
            let pem = std::fs::read(root.join(path)).map_err(|_| unread())?;
            let certificate = Certificate::from_pem(&pem).map_err(|_| unread())?;
            builder.certificate_store(CertificateStore::None).add_root_certificate(certificate)
        }
    };
    builder.build_rustls().map_err(|error| Trouble::new(format!("no TLS: {error}")))
}

/// What we call ourselves: the host of the sender's address.
fn sender_host(from: &str) -> String {
    from.rsplit_once('@').map_or_else(|| "localhost".to_owned(), |(_, host)| host.to_owned())
}

/// What the server said, or what happened; on one line.
fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    text.trim().to_owned()
}
