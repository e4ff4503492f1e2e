//! Livestatus on its own socket: `unix:/path` or `tcp://host:port`. A query a connection, and the answer until its end.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use super::{ReadError, Trouble, read_bounded};

/// Where it listens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Socket<'a> {
    Unix(&'a str),
    /// Host and port.
    Tcp(&'a str),
}

impl<'a> Socket<'a> {
    pub fn of(url: &'a str) -> Option<Socket<'a>> {
        url.strip_prefix("unix:").map(Socket::Unix).or_else(|| url.strip_prefix("tcp://").map(Socket::Tcp))
    }

    /// The answer to a query, all of it by `until`.
    pub fn send(&self, query: &str, until: Instant) -> Result<Vec<u8>, Trouble> {
        let talked = match *self {
            #[cfg(unix)]
            Socket::Unix(path) => talk(std::os::unix::net::UnixStream::connect(path), query, until),
            #[cfg(not(unix))]
            Socket::Unix(_) => return Err(Trouble::lasting("there are no Unix sockets here", "use `tcp://host:port`")),
            Socket::Tcp(address) => talk(connect(address, until), query, until),
        };
        talked.map_err(|error| match error {
            ReadError::TooLarge(trouble) => trouble,
            ReadError::Io(error) => broken(&error),
        })
    }
}

/// A stream whose waiting has an end.
trait Stream: Read + Write {
    fn wait_at_most(&self, time: Duration) -> io::Result<()>;
    /// Says that there is no more to come.
    fn end(&self) -> io::Result<()>;
}

impl Stream for TcpStream {
    fn wait_at_most(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time)).and_then(|()| self.set_write_timeout(Some(time)))
    }

    fn end(&self) -> io::Result<()> {
        self.shutdown(Shutdown::Write)
    }
}

#[cfg(unix)]
impl Stream for std::os::unix::net::UnixStream {
    fn wait_at_most(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time)).and_then(|()| self.set_write_timeout(Some(time)))
    }

    fn end(&self) -> io::Result<()> {
        self.shutdown(Shutdown::Write)
    }
}

/// Reads with less and less time to wait, so that an answer that drips does not go on for ever.
struct Until<S> {
    stream: S,
    until: Instant,
}

impl<S: Stream> Read for Until<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.wait_at_most(left(self.until)?)?;
        self.stream.read(buffer)
    }
}

fn talk<S: Stream>(stream: io::Result<S>, query: &str, until: Instant) -> Result<Vec<u8>, ReadError> {
    let asked = stream.and_then(|mut stream| {
        stream.wait_at_most(left(until)?)?;
        stream.write_all(query.as_bytes())?;
        stream.end()?;
        Ok(Until { stream, until })
    });
    read_bounded(asked.map_err(ReadError::Io)?, "its answer")
}

fn connect(address: &str, until: Instant) -> io::Result<TcpStream> {
    let mut last = io::Error::from(ErrorKind::NotFound);
    for address in address.to_socket_addrs().map_err(|_| io::Error::from(ErrorKind::NotFound))? {
        match TcpStream::connect_timeout(&address, left(until)?) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
}

fn broken(error: &io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::NotFound => Trouble::lasting("there is no such socket or host", "check `url`"),
        ErrorKind::PermissionDenied => {
            Trouble::lasting("its socket may not be opened", "let whoever runs `upfront` read and write it")
        }
        ErrorKind::ConnectionRefused => Trouble::lasting("the connection was refused", "check that it runs"),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => {
            Trouble::lasting("its socket did not answer in time", "give it a longer `timeout`, or look why it is slow")
        }
        kind => Trouble::lasting(format!("its socket broke off: {kind}"), "look at its log"),
    }
}
