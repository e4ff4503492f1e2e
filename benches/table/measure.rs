//! What a child process costs, from `/proc` (<https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>).

use std::fs;
use std::process::Command;
use std::time::Duration;

/// The kernel's unit in `/proc`, the same on every Linux that has a C library: `sysconf(_SC_CLK_TCK)` is 100.
const TICK: Duration = Duration::from_millis(10);

/// User and system time of the command, all its threads together. Exact to a tick, so add up many.
///
/// # Panics
///
/// If it cannot be run, or fails.
pub fn cpu_time(command: &mut Command) -> Duration {
    let before = children_ticks();
    let output = command.output().expect("a command that runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    TICK * (children_ticks() - before)
}

/// The most memory the command had at a time, in KiB, as long as it can be watched.
///
/// # Panics
///
/// If it cannot be run, or fails.
pub fn peak_kib(command: &mut Command) -> u64 {
    let mut child = command.spawn().expect("a command that runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or(peak, |line| peak.max(kib(line)));
        if let Some(status) = child.try_wait().expect("a child") {
            assert!(status.success(), "{command:?}");
            return peak;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

fn kib(line: &str) -> u64 {
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

/// `cutime` and `cstime`, the 16th and 17th field; the second, in parentheses, may hold spaces.
fn children_ticks() -> u32 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let (_, fields) = stat.rsplit_once(')').expect("a name in parentheses");
    fields.split_whitespace().skip(13).take(2).map(|ticks| ticks.parse::<u32>().expect("a number")).sum()
}
