//! A connection to a mail server: encrypted, logged in, understood.

use std::io::{self, ErrorKind};
use std::net::ToSocketAddrs as _;
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::{ClientId, Extension};

use super::super::{Mail, Tls};
use crate::net::{Trouble, no_tls};

/// A connection that is encrypted and logged in as the mail asks for it. Nothing was sent by then.
pub(super) fn connect(root: &Path, mail: &Mail) -> Result<SmtpConnection, Trouble> {
    let failed = |doing: &str| {
        let doing = doing.to_owned();
        move |error: Error| Trouble::new(format!("{doing}: {}", said(&error)))
    };
    let addresses = (mail.host.as_str(), mail.port).to_socket_addrs();
    let addresses: Vec<_> =
        addresses.map_err(|_| Trouble::new(format!("the name of its host is not known ({})", mail.host)))?.collect();
    let hello = ClientId::Domain(sender_host(&mail.from));
    let timeout = Duration::try_from(mail.timeout).unwrap_or_default().max(Duration::from_millis(1));
    // An address that does not answer leaves time for those behind it.
    let share = timeout / u32::try_from(addresses.len().max(1)).unwrap_or(1);
    let tls = match mail.tls {
        Tls::None => None,
        Tls::Implicit | Tls::StartTls => Some(tls(root, mail)?),
    };
    let implicit = tls.as_ref().filter(|_| mail.tls == Tls::Implicit);
    let connected = SmtpConnection::connect(addresses.as_slice(), Some(share), &hello, implicit, None);
    let mut connection = connected.map_err(failed(&format!("no connection to {}:{}", mail.host, mail.port)))?;
    connection.set_timeout(Some(timeout)).map_err(|_| Trouble::new("the connection broke before all was said"))?;
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
pub(super) fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        // The system's words for it help nobody.
        match inner.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
                return "it did not answer in time; is that the port of a mail server, and `tls` as it has it?"
                    .to_owned();
            }
            Some(ErrorKind::InvalidData) => return no_tls(&inner_text, "`tls`"),
            Some(ErrorKind::ConnectionRefused) => return "it was refused".to_owned(),
            Some(_) | None => {}
        }
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}
