//! The web as everything but feeds uses it: one request, one bounded answer.
//!
//! [`Line`] is what carries a request. [`Web`] really sends it; a rehearsal shows it; a test answers it. No redirect is
//! followed: a secret must not go to another host, and whoever asks decides. TLS is checked against the roots of Mozilla,
//! or against a file of the operator's own.

pub mod git;
pub mod process;
mod roots;
mod secret;
mod timed;

use std::fmt;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

pub use roots::roots;
pub use secret::secret;
pub use timed::Timed;
#[cfg(test)]
pub(crate) use timed::dripping;

/// The longest answer that is read, in bytes, where nothing else is said.
pub const BYTES_MAX: u64 = 8 << 20;

/// The largest file of certificates, in bytes.
const CA_BYTES_MAX: u64 = 1 << 20;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Such as `POST`.
    pub method: &'static str,
    pub url: String,
    /// In the order in which they are sent.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How long all of it may take.
    pub timeout: SignedDuration,
}

/// What came back, whatever its status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What happened, to be read after the name of whom was asked. Holds no secret.
    pub why: String,
    /// Whether the request may have arrived all the same.
    pub may_have_arrived: bool,
}

/// What carries requests.
pub trait Line {
    /// Sends it, and waits for the answer.
    ///
    /// # Errors
    ///
    /// Where there was none.
    fn call(&self, call: &Call) -> Result<Answer, Trouble>;
}

/// The real web.
#[derive(Debug)]
pub struct Web {
    agent: Agent,
    bytes_max: u64,
}

impl Call {
    pub fn new(method: &'static str, url: impl Into<String>, timeout: SignedDuration) -> Call {
        Call { method, url: url.into(), headers: Vec::new(), body: Vec::new(), timeout }
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Call {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a body of JSON.
    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Call {
        let body = body.to_string().into_bytes();
        Call { body, ..self.header("content-type", "application/json; charset=utf-8") }
    }

    #[must_use]
    pub fn bearer(self, token: &str) -> Call {
        self.header("authorization", format!("Bearer {token}"))
    }
}

impl Answer {
    /// Whether it says that all is well.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Trouble {
    pub fn new(why: impl Into<String>) -> Trouble {
        Trouble { why: why.into(), may_have_arrived: false }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl Web {
    /// `ca_file` is a file of certificates, from the site's folder `root`, in place of the well-known authorities.
    ///
    /// # Errors
    ///
    /// Where that file cannot be used.
    pub fn new(root: &Path, ca_file: Option<&str>) -> Result<Web, Trouble> {
        let mut tls = TlsConfig::builder();
        if let Some(path) = ca_file {
            tls = tls.root_certs(own_roots(root, path)?);
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .user_agent(concat!("upfront/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            .build()
            .new_agent();
        Ok(Web { agent, bytes_max: BYTES_MAX })
    }

    /// With another bound on the length of answers.
    #[must_use]
    pub fn bytes_max(self, bytes_max: u64) -> Web {
        Web { bytes_max, ..self }
    }
}

impl Line for Web {
    fn call(&self, call: &Call) -> Result<Answer, Trouble> {
        let timeout = Duration::try_from(call.timeout).unwrap_or_default().max(Duration::from_millis(1));
        let mut builder = ureq::http::Request::builder().method(call.method).uri(&call.url);
        for (name, value) in &call.headers {
            builder = builder.header(name, value);
        }
        let at = at(&call.url);
        let broken = |error: ureq::Error| trouble(&error, &at);
        let has_body = !matches!(call.method, "GET" | "HEAD" | "DELETE");
        let mut response = if has_body {
            let request = builder.body(call.body.as_slice()).map_err(|error| broken(ureq::Error::Http(error)))?;
            self.agent.run(self.agent.configure_request(request).timeout_global(Some(timeout)).build())
        } else {
            let request = builder.body(()).map_err(|error| broken(ureq::Error::Http(error)))?;
            self.agent.run(self.agent.configure_request(request).timeout_global(Some(timeout)).build())
        }
        .map_err(broken)?;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let read = response.body_mut().as_reader().take(self.bytes_max + 1).read_to_end(&mut body);
        // It has answered, so it has understood the request.
        let late = |why: String| Trouble { why, may_have_arrived: true };
        read.map_err(|error| late(trouble(&error.into(), &at).why))?;
        if body.len() as u64 > self.bytes_max {
            return Err(late(format!("its answer is longer than {} MiB", self.bytes_max >> 20)));
        }
        Ok(Answer { status, headers, body })
    }
}

fn own_roots(root: &Path, path: &str) -> Result<RootCerts, Trouble> {
    let unread = || Trouble::new(format!("`{path}` holds no certificates that can be read (`ca_file`)"));
    let file = std::fs::File::open(root.join(path)).map_err(|_| unread())?;
    let mut pem = Vec::new();
    file.take(CA_BYTES_MAX).read_to_end(&mut pem).map_err(|_| unread())?;
    let certificates: Vec<Certificate<'static>> = parse_pem(&pem)
        .filter_map(Result::ok)
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() { Err(unread()) } else { Ok(RootCerts::Specific(Arc::new(certificates))) }
}

/// `host:port`, and nothing else of an address: the rest may be a secret.
fn at(url: &str) -> String {
    let Ok(url) = url.parse::<ureq::http::Uri>() else { return String::new() };
    let usual = if url.scheme_str() == Some("http") { 80 } else { 443 };
    format!("{}:{}", url.host().unwrap_or_default(), url.port_u16().unwrap_or(usual))
}

/// Why there is no TLS; where what answers speaks none, with what to try, such as `tls` of a channel.
pub fn no_tls(error: &dyn fmt::Display, or: &str) -> String {
    let text = error.to_string();
    match text.contains("InvalidContentType") {
        true => format!("no TLS: what answers at that port does not speak it; try another port, or another {or}"),
        false => format!("no TLS: {text}"),
    }
}

/// None of what the library says is repeated, but for TLS: it may hold names and addresses. `at` is whom we asked.
fn trouble(error: &ureq::Error, at: &str) -> Trouble {
    let never = |why: &str| Trouble::new(why);
    let away = |why: &str| Trouble::new(format!("{why} ({at})"));
    let perhaps = |why: &str| Trouble { why: why.to_owned(), may_have_arrived: true };
    match error {
        ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => away("it cannot be reached in time"),
        ureq::Error::Timeout(_) => perhaps("it did not answer in time"),
        ureq::Error::HostNotFound => away("the name of its host is not known"),
        // The standard library has no kind for it, only these words.
        ureq::Error::Io(io) if io.to_string().contains("lookup address") => away("the name of its host is not known"),
        ureq::Error::ConnectionFailed => away("there is no way to its host"),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => never(&no_tls(error, "address")),
        ureq::Error::Io(io) => match io.kind() {
            ErrorKind::ConnectionRefused => away("the connection was refused"),
            ErrorKind::InvalidData => never(&no_tls(error, "address")),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => perhaps("it did not answer in time"),
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => perhaps("the connection broke before all was said"),
            _ => away("there is no way to its host"),
        },
        ureq::Error::Http(_) | ureq::Error::BadUri(_) => {
            never("its address or a header has characters that cannot be sent")
        }
        ureq::Error::Protocol(_) => perhaps("it does not answer in HTTP"),
        _ => perhaps("its answer could not be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_not_reached_is_named_without_the_path() {
        // A port that was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).map(|at| at.port());
        let port = port.unwrap_or_default();
        let call =
            Call::new("POST", format!("http://u:p4ss@127.0.0.1:{port}/hooks/s3cr3t"), SignedDuration::from_secs(5));
        let why = Web::new(Path::new("."), None).and_then(|web| web.call(&call)).map_err(|trouble| trouble.why);
        assert_eq!(why.map(drop), Err(format!("the connection was refused (127.0.0.1:{port})")));
    }

    #[test]
    fn what_speaks_no_tls_is_said_in_words() {
        let error = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        assert_eq!(
            no_tls(&error, "`tls`"),
            "no TLS: what answers at that port does not speak it; try another port, or another `tls`"
        );
    }
}
