//! A small client of name servers (RFC 1035): asks the machine's own, or a given one, over UDP, and over TCP where the
//! answer is too long. Only names and addresses of hosts that the operator named are asked for.

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QTYPE, Question, RCODE, TYPE};

use super::fate::Names;

/// How long one server may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// As many servers are read of `resolv.conf` as the C library reads.
const SERVERS_MAX: usize = 3;

/// The longest answer over UDP that is read, in bytes.
const UDP_BYTES_MAX: usize = 4096;

const PORT: u16 = 53;

/// Whom to ask.
#[derive(Clone, Debug)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
}

impl Resolver {
    /// `given` is an address, with or without a port; without it the machine's own servers are asked.
    ///
    /// # Errors
    ///
    /// Where none is known.
    pub fn new(given: Option<&str>) -> Result<Resolver, String> {
        let servers = match given {
            Some(given) => {
                let server = server(given).ok_or_else(|| format!("`{given}` is no address of a name server"))?;
                vec![server]
            }
            None => own(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default()),
        };
        match servers.is_empty() {
            true => Err("no name server is known (`[verify] name_server`)".to_owned()),
            false => Ok(Resolver { servers }),
        }
    }

    /// The answers of the first server that gives any.
    fn ask(&self, host: &str, of: TYPE) -> Result<Vec<RData<'static>>, String> {
        let name = Name::new(host).map_err(|_| format!("`{host}` cannot be a name"))?;
        let mut why = String::new();
        for server in &self.servers {
            // A lost packet is no missing name.
            for _ in 0..2 {
                match exchange(*server, &name, of) {
                    Ok(found) => return Ok(found),
                    Err(error) => why = format!("the name server {server} gives no answer: {error}"),
                }
            }
        }
        Err(why)
    }
}

impl Names for Resolver {
    fn addresses(&self, host: &str) -> Result<BTreeSet<IpAddr>, String> {
        if let Ok(address) = host.parse() {
            return Ok([address].into());
        }
        let mut found = BTreeSet::new();
        for of in [TYPE::A, TYPE::AAAA] {
            for data in self.ask(host, of)? {
                match data {
                    RData::A(a) => _ = found.insert(IpAddr::V4(Ipv4Addr::from(a.address))),
                    RData::AAAA(a) => _ = found.insert(IpAddr::V6(Ipv6Addr::from(a.address))),
                    // Names on the way to them.
                    _ => {}
                }
            }
        }
        if found.is_empty() { Err("no address".to_owned()) } else { Ok(found) }
    }

    fn name_servers(&self, host: &str) -> Result<BTreeSet<String>, String> {
        let end = psl::domain_str(host).unwrap_or(host).len();
        let mut at = host;
        // The servers of a host are those of the nearest name above it that has any.
        while at.len() >= end {
            let found = self.ask(at, TYPE::NS)?.into_iter().filter_map(|data| match data {
                RData::NS(name) => Some(name.0.to_string().trim_end_matches('.').to_ascii_lowercase()),
                _ => None,
            });
            let found: BTreeSet<String> = found.collect();
            if !found.is_empty() {
                return Ok(found);
            }
            at = match at.split_once('.') {
                Some((_, rest)) => rest,
                None => break,
            };
        }
        Err("no name servers".to_owned())
    }
}

fn server(given: &str) -> Option<SocketAddr> {
    given.parse().ok().or_else(|| given.parse().ok().map(|address: IpAddr| SocketAddr::new(address, PORT)))
}

/// `nameserver 192.0.2.53`, one a line (resolv.conf(5)).
fn own(file: &str) -> Vec<SocketAddr> {
    let named = file.lines().filter_map(|line| line.trim().strip_prefix("nameserver")?.split_whitespace().next());
    named.filter_map(server).take(SERVERS_MAX).collect()
}

fn exchange(server: SocketAddr, name: &Name<'_>, of: TYPE) -> io::Result<Vec<RData<'static>>> {
    let bad = |_| io::Error::from(io::ErrorKind::InvalidData);
    // Hard to guess, so that nobody else answers in its place.
    let id = RandomState::new().hash_one(name.to_string()) as u16;
    let mut query = Packet::new_query(id);
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    query.questions.push(Question::new(name.clone(), QTYPE::TYPE(of), CLASS::IN.into(), false));
    let query = query.build_bytes_vec().map_err(bad)?;
    let until = Instant::now() + TIMEOUT;
    let answer = by_udp(server, &query, until)?;
    let is_cut_off = Packet::parse(&answer).map_err(bad)?.has_flags(PacketFlag::TRUNCATION);
    let answer = if is_cut_off { by_tcp(server, &query, until)? } else { answer };
    let packet = Packet::parse(&answer).map_err(bad)?;
    let is_ours = packet.id() == id && packet.questions.first().is_some_and(|asked| asked.qname == *name);
    match (is_ours, packet.rcode()) {
        (true, RCODE::NoError) => {}
        // There is no such name, which is an answer.
        (true, RCODE::NameError) => return Ok(Vec::new()),
        (true, code) => return Err(io::Error::other(format!("{code:?}"))),
        (false, _) => return Err(io::ErrorKind::InvalidData.into()),
    }
    Ok(packet.answers.into_iter().map(|record| record.rdata.into_owned()).collect())
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}

fn by_udp(server: SocketAddr, query: &[u8], until: Instant) -> io::Result<Vec<u8>> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(server)?;
    socket.send(query)?;
    let mut buffer = vec![0; UDP_BYTES_MAX];
    loop {
        if Instant::now() >= until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        socket.set_read_timeout(Some(left(until)))?;
        let read = socket.recv(&mut buffer)?;
        // A late answer to another question is not ours.
        if read >= 12 && buffer.get(..2) == query.get(..2) {
            buffer.truncate(read);
            return Ok(buffer);
        }
    }
}

fn by_tcp(server: SocketAddr, query: &[u8], until: Instant) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, left(until))?;
    stream.set_read_timeout(Some(left(until)))?;
    stream.set_write_timeout(Some(left(until)))?;
    let length = u16::try_from(query.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    stream.write_all(&[&length.to_be_bytes(), query].concat())?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; u16::from_be_bytes(length).into()];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_as_the_system_writes_them() {
        let told = |file: &str| own(file).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let file =
            "# a comment\nsearch example\nnameserver 192.0.2.53\n nameserver\t2001:db8::53 \nnameserver fe80::1%eth0\n";
        assert_eq!(told(file), "192.0.2.53:53 [2001:db8::53]:53");
        assert_eq!(told(""), "");
        let given = |text: &str| server(text).map(|server| server.to_string());
        assert_eq!(given("127.0.0.1:5353").as_deref(), Some("127.0.0.1:5353"));
        assert_eq!(given("::1").as_deref(), Some("[::1]:53"));
        assert_eq!(given("ns.example"), None);
        assert!(Resolver::new(Some("ns.example")).is_err());
    }
}
