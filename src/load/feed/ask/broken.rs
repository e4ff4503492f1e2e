//! What went wrong on the way to an answer, in the words of whoever has to put it right.

use std::io::ErrorKind;

use super::Trouble;
use crate::model::Feed;

/// None of what the library says is repeated in `why`: it may hold names and addresses.
pub(super) fn trouble(error: &ureq::Error, feed: &Feed) -> Trouble {
    match error {
        ureq::Error::Timeout(_) => Trouble::out_of_time(feed),
        ureq::Error::HostNotFound => unknown_host(),
        // The standard library has no kind for it, only these words.
        ureq::Error::Io(io) if io.to_string().contains("lookup address") => unknown_host(),
        ureq::Error::ConnectionFailed => no_connection(),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => tls(error),
        ureq::Error::Io(io) => match io.kind() {
            ErrorKind::ConnectionRefused => {
                Trouble::lasting("the connection was refused", "check that it runs, and its port in `url`")
            }
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Trouble::out_of_time(feed),
            // That is how TLS errors arrive while bytes are read.
            ErrorKind::InvalidData => tls(error),
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => {
                Trouble::new("the connection broke before all was said", "look at its log; is it the right port?")
            }
            _ => no_connection(),
        },
        ureq::Error::Http(_) | ureq::Error::BadUri(_) => {
            Trouble::lasting("its address or its secret has characters that cannot be sent", "check both")
        }
        ureq::Error::Protocol(_) => Trouble::new("it does not answer in HTTP", "check the port in `url`"),
        _ => Trouble::new("its answer could not be read", "look at its log"),
    }
}

fn unknown_host() -> Trouble {
    Trouble::lasting("the name of its host is not known", "check `url`, and whether this machine can look up names")
}

fn no_connection() -> Trouble {
    Trouble::lasting("there is no way to its host", "check `url`, and the network of this machine")
}

/// The library's words say which of many things it was; they are for the operator alone.
fn tls(error: &ureq::Error) -> Trouble {
    let error = error.to_string();
    if error.contains("certificate") {
        let cure = format!("{error}; an authority of your own is named with `ca_file = \"…\"`");
        return Trouble::lasting("its TLS certificate is not accepted", cure);
    }
    Trouble::lasting("it does not speak TLS as we do", format!("{error}; is the port in `url` that of `https`?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::feed::adapter::sample;
    use crate::model::FeedKind;

    #[test]
    fn a_name_that_nobody_knows_is_told_apart_from_a_way_that_is_blocked() {
        let Some(feed) = sample::feed(FeedKind::Upfront, &[]) else { unreachable!("it is one") };
        let why = |words: &str| trouble(&ureq::Error::Io(std::io::Error::other(words)), &feed).why;
        let unknown = "failed to lookup address information: Name or service not known";
        assert_eq!(why(unknown), "the name of its host is not known");
        assert_eq!(why("Network is unreachable"), "there is no way to its host");
    }
}
