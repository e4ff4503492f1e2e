//! The real ways out.

use std::io::Write as _;
use std::path::Path;

use super::{CommandRun, IrcSay, Mail, Wire, irc, mail};
use crate::net::{Answer, Call, Line as _, Trouble, Web, process};

/// Really sends.
#[derive(Debug)]
pub struct Real<'a> {
    root: &'a Path,
    web: Web,
}

impl<'a> Real<'a> {
    /// For one channel of the site in `root`; `ca_file` as the channel says.
    ///
    /// # Errors
    ///
    /// Where the file of certificates cannot be used.
    pub fn new(root: &'a Path, ca_file: Option<&str>) -> Result<Real<'a>, Trouble> {
        Ok(Real { root, web: Web::new(root, ca_file)? })
    }
}

impl Wire for Real<'_> {
    fn call(&self, call: &Call) -> Result<Answer, Trouble> {
        self.web.call(call)
    }

    fn mail(&self, mail: &Mail) -> Result<Option<String>, Trouble> {
        mail::send(self.root, mail)
    }

    fn irc(&self, say: &IrcSay) -> Result<(), Trouble> {
        irc::say(self.root, say)
    }

    fn run(&self, run: &CommandRun) -> Result<(), Trouble> {
        let mut command = process::shell(&run.command);
        command.current_dir(self.root).envs(&run.env);
        let ended = process::run(command, &run.stdin, run.timeout)?;
        match ended.success {
            true => Ok(()),
            // A program that says no has not sent it. What it says may hold whatever it knows: it is for whoever watches,
            // and never for a file, since those of `history/` are public.
            false => {
                let said = format!("{}\n", ended.last_words());
                let _ = std::io::stderr().write_all(said.as_bytes());
                Err(Trouble::new(format!("it ended with {}", ended.status)))
            }
        }
    }
}
