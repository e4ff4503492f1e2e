//! Other programs: run with a bound on their time, and on what they say.

use std::io::{Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use super::Trouble;

/// How much of what a program says is kept, in bytes, of each of its two outputs.
const SAID_BYTES_MAX: usize = 64 << 20;

/// How often we look whether it has ended.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What git says after every failure on the way; the reason, with the address, stands before it.
const GENERAL: [&str; 3] = [
    "fatal: Could not read from remote repository.",
    "Please make sure you have the correct access rights",
    "and the repository exists.",
];

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub success: bool,
    /// "exit status 1", "signal 9".
    pub status: String,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Ended {
    /// The end of what it said, on one line: the reason, usually.
    pub fn last_words(&self) -> String {
        let said = if self.stderr.iter().any(|byte| !byte.is_ascii_whitespace()) { &self.stderr } else { &self.stdout };
        let text = String::from_utf8_lossy(said);
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !GENERAL.contains(line));
        let lines: Vec<&str> = lines.collect();
        let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join(" / ");
        last.chars().filter(|c| !c.is_control()).take(400).collect()
    }
}

/// `sh -c`, as operators write commands.
pub fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// Runs it with `stdin`, and waits. When its time is over it is killed with all that it started.
///
/// # Errors
///
/// Where it cannot be started, or took too long.
pub fn run(mut command: Command, stdin: &[u8], timeout: SignedDuration) -> Result<Ended, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, so that its children end with it.
    command.process_group(0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Trouble::new(format!("there is no program `{name}`: install it")),
        _ => Trouble::new(format!("`{name}` cannot be run: {error}")),
    })?;
    if let Some(mut pipe) = child.stdin.take() {
        let stdin = stdin.to_owned();
        // Whoever does not read it does not want it.
        thread::spawn(move || drop(pipe.write_all(&stdin)));
    }
    let (sender, heard) = mpsc::channel();
    if let Some(pipe) = child.stdout.take() {
        hear(pipe, false, sender.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        hear(pipe, true, sender);
    }
    let until = Instant::now().checked_add(Duration::try_from(timeout).unwrap_or_default());
    let status = wait(&mut child, until);
    let Some(status) = status else {
        kill(&mut child);
        return Err(Trouble {
            why: format!("it took longer than {} and was stopped", length(timeout)),
            may_have_arrived: true,
        });
    };
    let mut ended = Ended {
        success: status.success(),
        status: status.to_string().replace("exit status: ", "exit status "),
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    // A child of it may hold the pipes open for ever.
    let until = Instant::now() + Duration::from_millis(500);
    for _ in 0..2 {
        let Ok((is_stderr, said)) = heard.recv_timeout(until.saturating_duration_since(Instant::now())) else { break };
        *(if is_stderr { &mut ended.stderr } else { &mut ended.stdout }) = said;
    }
    Ok(ended)
}

/// Whole seconds or minutes.
fn length(timeout: SignedDuration) -> String {
    match timeout.as_secs() {
        seconds if seconds % 60 == 0 && seconds > 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

fn hear(mut pipe: impl Read + Send + 'static, is_stderr: bool, sender: mpsc::Sender<(bool, Vec<u8>)>) {
    thread::spawn(move || {
        let mut said = Vec::new();
        let mut bytes = [0; 8192];
        while let Ok(len) = pipe.read(&mut bytes)
            && len > 0
        {
            said.extend_from_slice(bytes.get(..len).unwrap_or_default());
            // The end is what matters.
            if said.len() > 2 * SAID_BYTES_MAX {
                said.drain(..said.len() - SAID_BYTES_MAX);
            }
        }
        let _ = sender.send((is_stderr, said));
    });
}

fn wait(child: &mut Child, until: Option<Instant>) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if until.is_none_or(|until| Instant::now() < until) => thread::sleep(LOOK_EVERY),
            Ok(None) | Err(_) => return None,
        }
    }
}

fn kill(child: &mut Child) {
    let id = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(id) = id {
        let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_git_the_reason_is_kept() {
        let said = "ssh: connect to host git.example port 22: Connection refused\nfatal: Could not read from remote \
                    repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n";
        let ended = Ended {
            success: false,
            status: "exit status 128".to_owned(),
            stdout: Vec::new(),
            stderr: said.as_bytes().to_owned(),
        };
        assert_eq!(ended.last_words(), "ssh: connect to host git.example port 22: Connection refused");
    }

    #[test]
    fn what_hangs_is_stopped_with_its_children_and_what_it_said_is_kept_otherwise() {
        let before = Instant::now();
        let hung = run(shell("sleep 60 & sleep 60"), b"", SignedDuration::from_millis(200));
        assert!(hung.is_err_and(|trouble| trouble.may_have_arrived));
        assert!(before.elapsed() < Duration::from_secs(20));
        let ended = run(shell("cat; echo no >&2; exit 3"), b"hello", SignedDuration::from_secs(20));
        let ended = ended.map(|ended| (ended.status.clone(), ended.stdout.clone(), ended.last_words()));
        assert_eq!(ended, Ok(("exit status 3".to_owned(), b"hello".to_vec(), "no".to_owned())));
        let missing = run(Command::new("no-such-program"), b"", SignedDuration::from_secs(1));
        assert_eq!(
            missing.map_err(|trouble| trouble.why),
            Err("there is no program `no-such-program`: install it".to_owned())
        );
    }
}
