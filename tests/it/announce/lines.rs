//! Connections that a test answers line by line, in the open or with TLS.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Whose word is taken for `localhost` in these tests.
pub const CA: &str = include_str!("tls/ca.pem");

pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// One connection.
pub struct Talk {
    stream: BufReader<Box<dyn Stream>>,
    plain: TcpStream,
}

impl Talk {
    /// The next line without its end; `None` when there is no more.
    pub fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        let len = self.stream.read_line(&mut line).ok()?;
        (len > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Lines with their ends; whoever does not listen does not matter.
    pub fn say(&mut self, lines: &str) {
        let text: String = lines.lines().map(|line| format!("{line}\r\n")).collect();
        let stream = self.stream.get_mut();
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// From here on in TLS, as the host of `tls/host.pem`.
    pub fn encrypt(self) -> Talk {
        let chain = vec![CertificateDer::from_pem_slice(include_bytes!("tls/host.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/host.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(chain, key).unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let stream: Box<dyn Stream> = Box::new(StreamOwned::new(connection, self.plain.try_clone().unwrap()));
        Talk { stream: BufReader::new(stream), plain: self.plain }
    }
}

/// Answers every connection so, each in a thread of its own, until the test is over; says at which port.
pub fn serve(talk: impl Fn(Talk) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let talk = Arc::new(talk);
    thread::spawn(move || {
        for plain in listener.incoming().map_while(Result::ok) {
            let talk = Arc::clone(&talk);
            thread::spawn(move || {
                let stream: Box<dyn Stream> = Box::new(plain.try_clone().unwrap());
                talk(Talk { stream: BufReader::new(stream), plain });
            });
        }
    });
    port
}
