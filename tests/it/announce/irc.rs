//! Servers of IRC: one that is kind, and some that are not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::lines::{CA, Talk, serve};
use super::{announce, ledger, site};
use crate::site_test::TestSite;

#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Kind,
    /// The name is taken, once; a question before the welcome.
    Taken,
    RefusesNames,
    Invited,
    Kicks,
    Hangs,
    HangsAfterTheWords,
}

fn server(mood: Mood, tls: bool) -> (u16, Arc<Mutex<Vec<String>>>) {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let port = serve({
        let heard = Arc::clone(&heard);
        move |talk| {
            speak(if tls { talk.encrypt() } else { talk }, &heard, mood);
        }
    });
    (port, heard)
}

fn speak(mut talk: Talk, heard: &Mutex<Vec<String>>, mood: Mood) -> Option<()> {
    let mut nick = String::new();
    loop {
        let line = talk.hear()?;
        heard.lock().unwrap().push(line.clone());
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match (word, mood) {
            (_, Mood::Hangs) => std::thread::sleep(Duration::from_secs(60)),
            ("NICK", Mood::RefusesNames) => talk.say(":irc.example 432 * x :Erroneous nickname"),
            ("NICK", Mood::Taken) if !rest.ends_with('_') => talk.say(":irc.example 433 * fjord :Nickname is in use"),
            ("NICK", _) => {
                nick = rest.to_owned();
                if mood == Mood::Taken {
                    talk.say("PING :are you there");
                }
            }
            ("CAP", _) if rest == "END" => talk.say(&format!(":irc.example 001 {nick} :Welcome")),
            ("CAP", _) => talk.say(":irc.example CAP * ACK :sasl"),
            ("AUTHENTICATE", _) if rest == "PLAIN" => talk.say("AUTHENTICATE +"),
            ("AUTHENTICATE", _) => talk.say(":irc.example 903 fjord :Logged in"),
            ("PONG", Mood::Taken) => talk.say(&format!(":irc.example 001 {nick} :Welcome")),
            ("USER", Mood::Taken) => {}
            ("USER", _) if !heard.lock().unwrap().iter().any(|line| line.starts_with("CAP")) => {
                talk.say(&format!(":irc.example NOTICE * :hello\n@time=1 :irc.example 001 {nick} :Welcome"));
            }
            ("JOIN", Mood::Invited) => talk.say(":irc.example 473 fjord #status :Cannot join channel (+i)"),
            ("JOIN", _) => talk.say(&format!(":{nick}!f@x JOIN #status\n:irc.example 366 {nick} #status :End")),
            ("PRIVMSG", Mood::Kicks) => talk.say(&format!(":op!o@x KICK #status {nick} :no bots")),
            ("PING", Mood::HangsAfterTheWords) => std::thread::sleep(Duration::from_secs(60)),
            ("PING", _) => talk.say(&format!(":irc.example PONG irc.example {rest}")),
            _ => {}
        }
    }
}

fn irc_site(port: u16, more: &str) -> TestSite {
    site(&format!(
        "[[channel]]\nid = \"irc\"\nkind = \"irc\"\nhost = \"localhost\"\nport = {port}\nnick = \"fjord\"\n\
         channel = \"#status\"\ntimeout = \"2s\"\n{more}\n"
    ))
}

fn words(heard: &Mutex<Vec<String>>) -> Vec<String> {
    heard.lock().unwrap().iter().filter(|line| line.starts_with("PRIVMSG")).cloned().collect()
}

#[test]
fn it_says_one_line_with_the_link_and_leaves() {
    for (mood, tls, more) in [
        (Mood::Kind, false, "tls = \"none\""),
        (Mood::Taken, false, "tls = \"none\""),
        (Mood::Kind, true, "ca_file = \"ca.pem\"\npassword_file = \"secret\"\nchannel_key_file = \"secret\""),
    ] {
        let (port, heard) = server(mood, tls);
        let site = irc_site(port, more);
        site.write("ca.pem", CA);
        let ran = announce(&site);
        assert_eq!(ran.status, Some(0), "{}\n{:?}", ran.all(), heard.lock().unwrap());
        assert_eq!(announce(&site).status, Some(0));
        let said = words(&heard);
        assert_eq!(said.len(), 1, "{said:?}");
        let start = "PRIVMSG #status :Investigating: IMAP logins failing. Logins fail. https://status.example/incidents/imap/#u-";
        assert!(said[0].starts_with(start), "{said:?}");
        super::until("it says goodbye", || heard.lock().unwrap().iter().any(|line| line.starts_with("QUIT")));
        let all = heard.lock().unwrap().join("\n");
        assert_eq!(all.contains("JOIN #status key-s3cret"), tls, "{all}");
        // base64 of \0fjord\0key-s3cret
        assert_eq!(all.contains("AUTHENTICATE AGZqb3JkAGtleS1zM2NyZXQ="), tls, "{all}");
    }
}

#[test]
fn it_says_why_it_could_not_speak() {
    for (mood, why, state) in [
        (Mood::RefusesNames, "it does not take our name: Erroneous nickname", "failed"),
        (Mood::Invited, "it does not let us into the channel: Cannot join channel (+i)", "failed"),
        (Mood::Hangs, "it did not answer in time", "failed"),
        // Somebody may have read it.
        (Mood::Kicks, "it puts us out of the channel: no bots", "unsure"),
        (Mood::HangsAfterTheWords, "it did not answer in time", "unsure"),
    ] {
        let (port, heard) = server(mood, false);
        let site = irc_site(port, "tls = \"none\"");
        let ran = announce(&site);
        assert_eq!(ran.status, Some(1), "{}", ran.all());
        assert!(ran.stdout.contains(why), "{}\n{:?}", ran.stdout, heard.lock().unwrap());
        assert_eq!(ledger(&site), format!("irc investigating claimed\nirc investigating {state}\n"));
        assert_eq!(words(&heard).is_empty(), state == "failed");
    }
    let nobody = irc_site(1, "tls = \"none\"");
    assert!(announce(&nobody).stdout.contains("it cannot be reached"));
}
