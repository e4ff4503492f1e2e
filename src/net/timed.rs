//! A connection with an end: whatever the other side does, one byte a second included, nothing waits beyond it.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use super::Trouble;

/// A stream on which nothing is read or written after `until`.
///
/// A timeout of the system holds for one call, and who drips never meets it; so each call gets what is left.
#[derive(Debug)]
pub struct Timed {
    stream: TcpStream,
    until: Instant,
}

impl Timed {
    /// Connects to the first address of the host that answers.
    ///
    /// # Errors
    ///
    /// Where none does by then.
    pub fn connect(host: &str, port: u16, until: Instant) -> Result<Timed, Trouble> {
        let unknown = |_| Trouble::new(format!("the name of its host is not known ({host})"));
        let addresses: Vec<_> = (host, port).to_socket_addrs().map_err(unknown)?.collect();
        for (at, address) in addresses.iter().enumerate() {
            // One that does not answer leaves time for those behind it.
            let share = u32::try_from(addresses.len() - at).unwrap_or(1);
            let left = until.saturating_duration_since(Instant::now()) / share;
            if let Ok(stream) = TcpStream::connect_timeout(address, left.max(Duration::from_millis(1))) {
                return Ok(Timed { stream, until });
            }
        }
        Err(Trouble::new(format!("it cannot be reached ({host}:{port})")))
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Timed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(bytes)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A server on this machine that begins with `first` and then drips zeros for five seconds, without an end; its port.
#[cfg(test)]
pub(crate) fn dripping(first: &'static [u8]) -> io::Result<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let _ = stream.write_all(first);
                for _ in 0..100 {
                    std::thread::sleep(Duration::from_millis(50));
                    let _ = stream.write_all(b"0");
                }
            });
        }
    });
    Ok(port)
}
