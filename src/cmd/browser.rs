//! Shows a page in the user's browser. That it could not is told, and never fatal: the address is printed as well.

use std::process::{Command, Stdio};

use super::Edge;

/// Opens `url` with what the system uses for it, and does not wait for it.
pub(super) fn open(edge: &Edge, url: &str) {
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        // `start` takes its first quoted argument for the title of a window.
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(first)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        edge.note(&format!("could not open a browser (`{program}`: {error}); open {url}"));
    }
}

/// The `file://` URL of an absolute path (<https://www.rfc-editor.org/rfc/rfc8089>).
pub(super) fn file_url(path: &std::path::Path) -> String {
    let mut url = String::from("file://");
    let path = path.to_string_lossy().replace('\\', "/");
    if !path.starts_with('/') {
        url.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b':' | b'@' => {
                url.push(char::from(byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::file_url;
    use std::path::Path;

    #[test]
    fn a_path_with_any_characters_becomes_a_url() {
        assert_eq!(
            file_url(Path::new("/tmp/my site/100 % #1/ü.html")),
            "file:///tmp/my%20site/100%20%25%20%231/%C3%BC.html"
        );
    }
}
