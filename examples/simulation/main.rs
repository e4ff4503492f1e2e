//! How often thresholds cry wolf, and how soon they notice: `cargo run --release --example simulation -- 60`.
//!
//! Monitors that do not exist are watched for so many years, with noise like that of real ones and with outages that are
//! known. `docs/detection.md` shows the table and says what follows from it. The same number of years gives the same
//! table: the dice are our own.

#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod dice;
mod measure;
mod rule;
mod year;

use measure::Tally;
use year::Year;

/// As many as `docs/detection.md` shows.
const YEARS_DEFAULT: u64 = 60;

fn main() {
    let years = std::env::args().nth(1).and_then(|years| years.parse().ok()).unwrap_or(YEARS_DEFAULT).max(1);
    let rules = rule::all();
    let mut tallies: Vec<Tally> = rules.iter().map(|_| Tally::default()).collect();
    for number in 0..years {
        let year = Year::of(number);
        for (rule, tally) in rules.iter().zip(&mut tallies) {
            tally.add(&year, rule);
        }
    }
    println!("{years} monitor-years, one check a minute from 5 places in turn\n");
    println!(
        "| rule | false a year | total: found, delay (p90) | 60 %: found, delay | 30 %: found, delay | notices | gap |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (rule, tally) in rules.iter().zip(&tallies) {
        println!("| {} | {} |", rule.name, tally.row(years));
    }
}
