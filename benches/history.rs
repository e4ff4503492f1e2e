//! What ten years of monitoring cost: `cargo bench --bench history`.
//!
//! Fifty monitors that run every minute: fourteen days of raw log, ten years of day rows. Measured is the time on the clock
//! of the parts, and of `upfront record` and `upfront build` as processes of their own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that fails should stop")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use upfront::load::{Ask, LogWindow, read_monitoring};

const MONITORS: u32 = 50;
const LOG_DAYS: i64 = 14;
const YEARS: i64 = 10;
const NOW: &str = "2026-11-24T12:00:00Z";
const CONFIG: &str = "title = \"Bench\"\nurl = \"https://status.example\"\n";

fn main() {
    let memory = Path::new("/dev/shm");
    let scratch = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder");
    let root = scratch.path();
    generate(root);
    let config = upfront::load::load(root).expect("a site").value.config;
    for (name, log) in [("open window", LogWindow::Open), ("all of the log", LogWindow::All)] {
        let ask = Ask { now: NOW.parse().expect("a time"), network: false, stdin: None, log };
        let read = || read_monitoring(root, &config, &ask, Vec::new()).value;
        let monitoring = read();
        let results: usize = monitoring.series.values().map(|series| series.checks.len()).sum();
        let best = (0..5).map(|_| millis(read)).fold(f64::INFINITY, f64::min);
        println!("read_monitoring, {name}: {best:.0} ms ({results} results, {} rows)", monitoring.days.len());
    }
    for arguments in ["record own", "record own", "build", "build"] {
        let run = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_upfront"));
            command.args(arguments.split(' ')).args(["--now", NOW]).current_dir(root).stdout(Stdio::null());
            assert!(command.status().expect("upfront").success());
        };
        println!("upfront {arguments}: {:.0} ms", millis(run));
    }
    println!("peak of this process: {} MiB", peak_kib() / 1024);
}

fn millis<T>(work: impl FnOnce() -> T) -> f64 {
    let started = Instant::now();
    drop(std::hint::black_box(work()));
    started.elapsed().as_secs_f64() * 1000.0
}

/// `VmHWM` of <https://docs.kernel.org/filesystems/proc.html>; 0 where there is no such file.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn generate(root: &Path) {
    let now: Timestamp = NOW.parse().expect("a time");
    let today: Date = "2026-11-24".parse().expect("a day");
    let day = |days: i64| today.checked_sub(SignedDuration::from_hours(24 * days)).expect("a day");
    let mut config = CONFIG.to_owned();
    for monitor in 0..MONITORS {
        let _ = writeln!(config, "[[component]]\nid = \"m{monitor}\"\nname = \"Monitor {monitor}\"");
    }
    config += "[[feed]]\nid = \"own\"\nfile = \"own.ndjson\"\n";
    write(root, "upfront.toml", &config);
    fs::create_dir_all(root.join("incidents")).expect("a folder");
    write(root, "own.ndjson", &minutes(now.as_millisecond() - 3_600_000, now.as_millisecond()));
    for days in 0..=LOG_DAYS {
        let start = upfront::model::day_start_ms(day(days)).expect("a day");
        let end = (start + upfront::model::DAY_MS).min(now.as_millisecond() - 60_000);
        write(root, &format!("history/log/main/own/{}.ndjson", day(days)), &minutes(start, end));
    }
    for days in 3..YEARS * 365 {
        let day = day(days);
        let path = format!("history/days/{:04}/{:02}/{:02}.ndjson", day.year(), day.month(), day.day());
        write(root, &path, &rows(day, days));
    }
}

/// A result a minute of each monitor; now and then one fails.
fn minutes(from_ms: i64, to_ms: i64) -> String {
    let mut text = String::new();
    for at_ms in (from_ms..to_ms).step_by(60_000) {
        let at = Timestamp::from_millisecond(at_ms).expect("a time");
        for monitor in 0..i64::from(MONITORS) {
            let noise = (at_ms / 60_000 * 31 + monitor * 17) % 997;
            let status = if noise == 0 { "down" } else { "up" };
            let latency = 20 + noise * 7 % 90;
            let _ = writeln!(
                text,
                "{{\"monitor\":\"m{monitor}\",\"at\":\"{at}\",\"status\":\"{status}\",\"latency_ms\":{latency},\"location\":\"osl\"}}"
            );
        }
    }
    text
}

/// About 315 bytes each, of 45 buckets.
fn rows(day: Date, seed: i64) -> String {
    let mut monitors: Vec<String> = (0..MONITORS).map(|monitor| format!("own:m{monitor}")).collect();
    monitors.sort_unstable();
    let mut text = String::new();
    for (index, monitor) in monitors.iter().enumerate() {
        let start = (seed * 613 + index as i64 * 997) % 80_000;
        let buckets: Vec<String> = (0..45).map(|bucket| format!("1,{}", 20 + (bucket * 7 + index) % 23)).collect();
        let count: usize = 4 + (0..45).map(|bucket| 20 + (bucket * 7 + index) % 23).sum::<usize>();
        let _ = writeln!(
            text,
            "{{\"v\":1,\"d\":\"{day}\",\"m\":\"{monitor}\",\"sh\":\"main\",\"n\":1440,\"f\":3,\"iv\":[[{start},{},\"d\",1000]],\
             \"lat\":{{\"n\":{count},\"sum\":201344120,\"min\":20000,\"max\":110000,\"h\":[205,4,{}]}}}}",
            start + 180,
            buckets.join(",")
        );
    }
    text
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}
