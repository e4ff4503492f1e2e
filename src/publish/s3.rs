//! Any S3 API: AWS, Cloudflare R2, MinIO, Garage (<https://docs.aws.amazon.com/AmazonS3/latest/API/>).
//!
//! Each object is put whole, which S3 promises; eight at a time; what fails for a moment is tried again.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use rusty_s3::actions::{DeleteObject, GetObject, PutObject};
use rusty_s3::{Credentials, S3Action as _, UrlStyle};

use super::built::Built;
use super::media::{cache_control, content_type};
use super::store::Store;
use crate::model::S3;
use crate::net::{self, Answer, Call, Line as _, Trouble, Web};

/// How many objects are under way at a time.
const WORKERS: usize = 8;

/// How often one is tried.
const TRIES: u32 = 5;

/// The first pause before a further try; each is twice as long.
const PAUSE: Duration = Duration::from_millis(250);

/// How long one request may take.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(30);

/// How long a signature holds.
const SIGNED_FOR: Duration = Duration::from_secs(300);

pub(super) struct Bucket {
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    prefix: String,
    web: Web,
    until: Instant,
}

impl Bucket {
    pub fn new(root: &Path, s3: &S3, until: Instant) -> Result<Bucket, Trouble> {
        let secret = |secret: &Option<crate::model::Secret>| match secret {
            Some(secret) => net::secret(root, secret).map_err(Trouble::new),
            None => Err(Trouble::new("its keys are not named (`access_key_env`, `secret_key_env`)")),
        };
        let style = if s3.path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let endpoint = s3.endpoint.parse().map_err(|_| Trouble::new("its `endpoint` is no address"))?;
        let bucket = rusty_s3::Bucket::new(endpoint, style, s3.bucket.clone(), s3.region.clone());
        Ok(Bucket {
            bucket: bucket
                .map_err(|error| Trouble::new(format!("its `endpoint` or `bucket` cannot be used: {error}")))?,
            credentials: Credentials::new(secret(&s3.access_key)?, secret(&s3.secret_key)?),
            prefix: if s3.prefix.is_empty() { String::new() } else { format!("{}/", s3.prefix) },
            // Objects are pages and pictures.
            web: Web::new(root, s3.ca_file.as_deref())?.bytes_max(64 << 20),
            until,
        })
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// Tries until it works, or the time is over.
    fn ask(&self, call: impl Fn() -> Call) -> Result<Answer, Trouble> {
        let mut pause = PAUSE;
        let mut tried = 0;
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Trouble::new("it took too long"));
            }
            let timeout = SignedDuration::try_from(left).map_or(TIMEOUT, |left| left.min(TIMEOUT));
            let answer = self.web.call(&Call { timeout, ..call() });
            tried += 1;
            let passes = match &answer {
                Ok(answer) => matches!(answer.status, 408 | 429 | 500..=599),
                Err(_) => true,
            };
            if !passes || tried >= TRIES || self.until.saturating_duration_since(Instant::now()) < pause {
                return answer;
            }
            thread::sleep(pause);
            pause *= 2;
        }
    }

    fn put_one(&self, path: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let key = self.key(path);
        let (kind, cache) = (content_type(path), cache_control(path));
        let answer = self.ask(|| {
            let mut action = PutObject::new(&self.bucket, Some(&self.credentials), &key);
            action.headers_mut().insert("content-type", kind);
            action.headers_mut().insert("cache-control", cache);
            let call = Call::new("PUT", action.sign(SIGNED_FOR).to_string(), TIMEOUT);
            Call { body: bytes.to_owned(), ..call.header("content-type", kind).header("cache-control", cache) }
        })?;
        if answer.is_good() { Ok(()) } else { Err(refused(path, &answer)) }
    }

    /// Does it for each path, several at a time; the first error ends it.
    fn each(&self, paths: &[String], what: impl Fn(&str) -> Result<(), Trouble> + Sync) -> Result<(), Trouble> {
        let next = AtomicUsize::new(0);
        let failed: Mutex<Option<Trouble>> = Mutex::new(None);
        let work = || {
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Err(trouble) = what(path) {
                    if let Ok(mut failed) = failed.lock() {
                        failed.get_or_insert(trouble);
                    }
                    // The others stop as well.
                    next.store(paths.len(), Ordering::Relaxed);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..WORKERS.min(paths.len()) {
                scope.spawn(work);
            }
        });
        failed.into_inner().ok().flatten().map_or(Ok(()), Err)
    }
}

impl Store for Bucket {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let key = self.key(path);
        let answer = self.ask(|| {
            Call::new(
                "GET",
                GetObject::new(&self.bucket, Some(&self.credentials), &key).sign(SIGNED_FOR).to_string(),
                TIMEOUT,
            )
        })?;
        match answer.status {
            200..=299 => Ok(Some(answer.body)),
            // Of what is not there a key that may not list the bucket hears 403. One that may do nothing hears it again with the
            // first file.
            403 | 404 => Ok(None),
            _ => Err(refused(path, &answer)),
        }
    }

    fn put(&self, built: &Built, paths: &[String]) -> Result<(), Trouble> {
        self.each(paths, |path| self.put_one(path, &built.bytes(path)?))
    }

    fn put_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.put_one(path, bytes)
    }

    fn remove(&self, _built: &Built, paths: &[String]) -> Result<(), Trouble> {
        self.each(paths, |path| {
            let key = self.key(path);
            let answer = self.ask(|| {
                let action = DeleteObject::new(&self.bucket, Some(&self.credentials), &key);
                Call::new("DELETE", action.sign(SIGNED_FOR).to_string(), TIMEOUT)
            })?;
            if answer.is_good() || answer.status == 404 { Ok(()) } else { Err(refused(path, &answer)) }
        })
    }
}

/// S3 says why in XML: `<Code>AccessDenied</Code><Message>…`.
fn refused(path: &str, answer: &Answer) -> Trouble {
    let text = String::from_utf8_lossy(&answer.body);
    let part = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        rest.split_once("</").map(|(part, _)| part.chars().filter(|c| !c.is_control()).take(200).collect::<String>())
    };
    let why = match (part("Code"), part("Message")) {
        (Some(code), Some(message)) => format!(" {code}: {message}"),
        (Some(code), None) => format!(" {code}"),
        _ => String::new(),
    };
    Trouble::new(format!("it answers {}{why} (`{path}`)", answer.status))
}
