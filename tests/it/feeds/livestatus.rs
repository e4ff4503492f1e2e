//! Livestatus on its sockets.

use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::thread;

use super::{check, site};

const HOSTS: &str = r#"[["name","state","state_type","has_been_checked","last_check","last_time_up","last_time_down"],
["imap01",0,1,1,1795521580,1795521580,0]]"#;

/// Answers a query once it has ended.
fn answer(stream: &mut (impl std::io::Read + std::io::Write)) {
    let mut query = String::new();
    stream.read_to_string(&mut query).unwrap();
    let rows = if query.starts_with("GET hosts\n") { HOSTS } else { "[]" };
    stream.write_all(rows.as_bytes()).unwrap();
}

fn asks(url: &str) {
    let site = site(&format!("[[feed]]\nid = \"live\"\nkind = \"livestatus\"\nurl = \"{url}\"\n"));
    let all = check(&site, "");
    assert!(all.contains("imap01"), "{all}");
}

#[test]
fn a_unix_socket_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live");
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || listener.incoming().flatten().for_each(|mut stream| answer(&mut stream)));
    asks(&format!("unix:{}", path.display()));
}

#[test]
fn a_tcp_socket_is_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || listener.incoming().flatten().for_each(|mut stream| answer(&mut stream)));
    asks(&format!("tcp://{address}"));
}

#[test]
fn a_socket_that_says_nothing_costs_its_time_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("tcp://{}", listener.local_addr().unwrap());
    let site = site(&format!("[[feed]]\nid = \"live\"\nkind = \"livestatus\"\nurl = \"{url}\"\ntimeout = \"1s\"\n"));
    let all = check(&site, "");
    assert!(all.contains("its socket did not answer in time"), "{all}");
}
