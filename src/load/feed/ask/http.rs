//! Feeds over HTTP.
//!
//! Redirects are followed here and not by the library: a secret must not go to another host, and no answer may come over
//! plain HTTP where HTTPS was asked for. An answer that is the same as last time is not sent again; see [`Cache`].

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::header::{ACCEPT, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION};
use ureq::http::{self, HeaderName, Response};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

use super::cache::{Cache, Validators};
use super::login::{self, Login};
use super::{Question, ReadError, Trouble, address, broken, read_bounded};
use crate::load::feed::{Request, adapter};
use crate::load::files;
use crate::model::Feed;

const REDIRECTS_MAX: usize = 5;

/// The largest file of certificates, in bytes.
const CA_BYTES_MAX: u64 = 1 << 20;

/// One feed's own connection.
pub(super) struct Client<'a> {
    feed: &'a Feed,
    url: &'a str,
    login: Login,
    agent: Agent,
    cache: Cache,
}

/// What one address said.
enum Said {
    Bytes(Vec<u8>),
    SeeThere(String),
}

impl<'a> Client<'a> {
    /// Reads the feed's secrets and certificates.
    pub fn new(question: &Question<'a>, url: &'a str) -> Result<Client<'a>, Trouble> {
        let feed = question.feed;
        let mut tls = TlsConfig::builder();
        if let Some(path) = feed.options.get("ca_file") {
            tls = tls.root_certs(own_roots(question, path)?);
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("upfront/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            .build()
            .new_agent();
        let login = Login::of(question.root, feed, adapter::of(feed.kind).auth)?;
        Ok(Client { feed, url, login, agent, cache: Cache::of(question.root, feed) })
    }

    /// What to call the answer in diagnostics: its address, and which request it was where only the query tells that.
    pub fn name(&self, request: &Request) -> String {
        let shown = address::shown(&address::join(self.url, &request.path));
        if shown.ends_with('…') && !request.name.is_empty() { format!("{shown} ({})", request.name) } else { shown }
    }

    /// The body of the answer, which must be there by `until`, redirects included.
    pub fn send(&self, request: &Request, until: Instant) -> Result<Vec<u8>, Trouble> {
        let mut url = address::join(self.url, &request.path);
        if address::is_whole(&request.path) && !address::is_own(self.url, &url) {
            return Err(Trouble::new(
                "its next page is said to be on another host",
                "only the feed's own host is asked",
            ));
        }
        for _ in 0..=REDIRECTS_MAX {
            match self.send_to(&url, request, until)? {
                Said::Bytes(bytes) => return Ok(bytes),
                Said::SeeThere(there) => url = there,
            }
        }
        Err(Trouble::new(format!("it redirects more than {REDIRECTS_MAX} times"), "write the last address as `url`"))
    }

    fn send_to(&self, url: &str, request: &Request, until: Instant) -> Result<Said, Trouble> {
        let broken = |error: ureq::Error| broken::trouble(&error, self.feed);
        // What another host says is not kept beside what this one said with a secret.
        let kept = request.body.is_none().then(|| self.cache.kept(&request.name, url)).flatten();
        let validators = kept.as_ref().map(|(validators, _)| validators);
        let mut response = self.exchange(url, request, validators, until).map_err(broken)?;
        let status = response.status().as_u16();
        match (status, kept) {
            (304, Some((_, bytes))) => Ok(Said::Bytes(bytes)),
            (301 | 302 | 303 | 307 | 308, _) => self.see_there(url, request, &response),
            (200..=299, _) => {
                let validators = validators_of(&response);
                let bytes =
                    read_bounded(response.body_mut().as_reader(), "its answer").map_err(|error| match error {
                        ReadError::TooLarge(trouble) => trouble,
                        ReadError::Io(error) => broken(error.into()),
                    })?;
                if request.body.is_none() {
                    self.cache.keep(&request.name, url, &validators, &bytes);
                }
                Ok(Said::Bytes(bytes))
            }
            _ => Err(Trouble::status(status, &login::sent(self.feed), &address::shown(url))),
        }
    }

    fn exchange(
        &self,
        url: &str,
        request: &Request,
        validators: Option<&Validators>,
        until: Instant,
    ) -> Result<Response<Body>, ureq::Error> {
        // Nothing but a time-out comes of no time at all; zero would mean that there is no limit.
        let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let mut builder = http::Request::builder().uri(url).header(ACCEPT, "application/json, */*;q=0.1");
        if address::is_own(self.url, url)
            && let Some((name, value)) = self.login.header(request.body.as_deref())
        {
            builder = builder.header(name, value);
        }
        for (name, value) in validators.iter().flat_map(|validators| conditions(validators)) {
            builder = builder.header(name, value);
        }
        match &request.body {
            None => {
                let request = builder.method("GET").body(()).map_err(ureq::Error::Http)?;
                self.agent.run(self.agent.configure_request(request).timeout_global(Some(left)).build())
            }
            Some(body) => {
                let builder = builder.method("POST").header(CONTENT_TYPE, login::content_type(body));
                let request = builder.body(self.login.body(body)).map_err(ureq::Error::Http)?;
                self.agent.run(self.agent.configure_request(request).timeout_global(Some(left)).build())
            }
        }
    }

    fn see_there(&self, url: &str, request: &Request, response: &Response<Body>) -> Result<Said, Trouble> {
        let cure = "write the address that it leads to as `url`";
        if request.body.is_some() {
            return Err(Trouble::new("it redirects what is posted to it", cure));
        }
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let Some(there) = location.and_then(|location| address::resolve(url, location)) else {
            return Err(Trouble::new("it redirects to what is no address of the web", cure));
        };
        if address::lowers(url, &there) {
            return Err(Trouble::new("it redirects from `https` to `http`, where anybody could answer", cure));
        }
        Ok(Said::SeeThere(there))
    }
}

fn validators_of(response: &Response<Body>) -> Validators {
    let text = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Validators { etag: text(ETAG), last_modified: text(LAST_MODIFIED) }
}

/// "Only if it is not that one any more."
fn conditions(validators: &Validators) -> impl Iterator<Item = (HeaderName, &str)> {
    let etag = validators.etag.as_deref().map(|etag| (IF_NONE_MATCH, etag));
    etag.into_iter().chain(validators.last_modified.as_deref().map(|modified| (IF_MODIFIED_SINCE, modified)))
}

/// The certificates that a feed's own may be signed with, instead of those that browsers know.
fn own_roots(question: &Question<'_>, path: &str) -> Result<RootCerts, Trouble> {
    let trouble = |why: &str| Trouble::lasting(format!("its `ca_file` {why}"), "a file of certificates in PEM");
    let on_disk = question.root.join(path);
    if !fs::metadata(&on_disk).is_ok_and(|meta| meta.is_file()) {
        return Err(trouble("is not there"));
    }
    let pem = files::read(&on_disk, CA_BYTES_MAX).map_err(|_| trouble("cannot be read"))?;
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let certificates: Vec<Certificate<'static>> = parse_pem(&pem).filter_map(certificate).collect();
    if certificates.is_empty() {
        Err(trouble("holds no certificate"))
    } else {
        Ok(RootCerts::Specific(Arc::new(certificates)))
    }
}
