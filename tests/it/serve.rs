//! `upfront serve` as a browser meets it: over the wire, with a real watcher.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::site_test::TestSite;

const OPEN: &str = "## Investigating · 2022-03-29 11:20\nMail is slow.\n";

/// Longer than anything takes; only a test that fails waits so long.
const LONG: Duration = Duration::from_secs(20);

struct Serving {
    site: TestSite,
    child: Child,
    port: u16,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn new(site: TestSite, arguments: &str) -> Serving {
        let mut command = site.command(&format!("serve --port 0 {arguments}"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("Serving http://127.0.0.1:").and_then(|rest| rest.split('/').next());
        let port = port.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("no address: {line}"));
        Serving { site, child, port }
    }

    /// Sends a request as it is, and returns all that comes back.
    fn request(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.request(&format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port))
    }

    /// Waits until a page holds some text.
    fn until(&self, path: &str, text: &str) {
        let began = Instant::now();
        while !self.get(path).contains(text) {
            assert!(began.elapsed() < LONG, "{path} never says {text}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn serve() -> Serving {
    let site = TestSite::new(&[("incidents/2022-03-29-slow.md", OPEN)]);
    Serving::new(site, "--now 2022-03-29T12:18:00Z")
}

#[test]
fn a_page_is_served_with_its_type_its_tag_and_no_body_where_none_is_wanted() {
    let serving = serve();
    let page = serving.get("/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("Mail is slow."), "{page}");
    assert!(page.contains("Content-Type: text/html; charset=utf-8\r\n") && page.contains("nosniff"), "{page}");
    let head = serving.request("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    let tag = page.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
    let again = format!("GET / HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {tag}\r\nConnection: close\r\n\r\n");
    assert!(serving.request(&again).starts_with("HTTP/1.1 304 "));
    assert!(serving.get("/nothing").starts_with("HTTP/1.1 404 "));
    assert!(serving.get("/incidents/2022-03-29-slow").contains("\r\nLocation: /incidents/2022-03-29-slow/\r\n"));
}

#[test]
fn only_this_machine_may_ask_and_only_for_the_site() {
    let serving = serve();
    let evil = serving.request("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(evil.starts_with("HTTP/1.1 403 ") && !evil.contains("Mail is slow."), "{evil}");
    let post = serving.request("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert!(post.starts_with("HTTP/1.1 405 ") && post.contains("Allow: GET, HEAD"), "{post}");
    for path in ["/../upfront.toml", "/%2e%2e/upfront.toml", "/..%2fupfront.toml", "//upfront.toml", "/upfront.toml"] {
        assert!(serving.get(path).starts_with("HTTP/1.1 404 "), "{path}");
    }
}

#[test]
fn an_edit_is_shown_and_the_page_is_told() {
    let serving = serve();
    let page = serving.get("/incidents/2022-03-29-slow/");
    let tag = page.split("data-tag=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();

    let mut stream = TcpStream::connect(("127.0.0.1", serving.port)).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let query = format!("page=%2Fincidents%2F2022-03-29-slow%2F&tag={tag}");
    write!(stream, "GET /-/events?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut events = BufReader::new(stream).lines().map(Result::unwrap);
    assert!(events.any(|line| line == "Content-Type: text/event-stream"));

    serving.site.write("incidents/2022-03-29-slow.md", OPEN.replace("slow", "fast again"));
    assert!(events.any(|line| line == "data: changed"));
    assert!(serving.get("/").contains("Mail is fast again."));
}

#[test]
fn a_broken_config_is_shown_until_it_is_repaired_and_a_mistake_in_a_bar() {
    let serving = serve();
    let config = serving.site.read("upfront.toml");
    serving.site.write("upfront.toml", "title = \n");
    serving.until("/", "The site cannot be built");
    assert!(serving.get("/").starts_with("HTTP/1.1 500 "));
    serving.site.write("upfront.toml", config);
    serving.until("/", "Mail is slow.");

    serving.site.write("incidents/2022-03-29-b.md", "+++\ncomponents = [\"impa\"]\n+++\nSlow as well.\n");
    serving.until("/", "1 error in 1 file");
    serving.until("/-/diagnostics", "no component is called `impa`");
    serving.site.write("theme/i18n/en.toml", "histroy = \"Past\"\n");
    serving.until("/-/diagnostics", "no text is called `histroy`");
}

#[test]
fn a_folder_replaced_as_a_whole_is_read_and_watched() {
    let serving = serve();
    let site = &serving.site;
    site.write("next/2022-03-29-slow.md", OPEN.replace("slow", "new"));
    site.rename("incidents", "old");
    site.rename("next", "incidents");
    serving.until("/", "Mail is new.");
    site.write("incidents/2022-03-29-slow.md", OPEN.replace("slow", "newer"));
    serving.until("/", "Mail is newer.");
}

#[test]
fn a_port_that_is_taken_gives_way_to_the_next() {
    let first = serve();
    let site = TestSite::new(&[]);
    let mut command = site.command(&format!("serve --port {}", first.port));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let _ = child.kill();
    let _ = child.wait();
    assert!(line.starts_with("Serving http://127.0.0.1:") && !line.contains(&first.port.to_string()), "{line}");
}
