//! How often thresholds cry wolf, and how soon they notice: `cargo run --release --example simulation -- 600`.
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
use rayon::prelude::*;
use year::Year;

/// As many as `docs/detection.md` shows: a rule that is wrong once in fourteen years needs hundreds to be measured.
const YEARS_DEFAULT: u64 = 600;

fn main() {
    let years = std::env::args().nth(1).and_then(|years| years.parse().ok()).unwrap_or(YEARS_DEFAULT).max(1);
    let rules = rule::all();
    let of_year = |number| {
        let year = Year::of(number);
        rules.iter().map(|rule| Tally::of(&year, rule)).collect::<Vec<Tally>>()
    };
    let none = || rules.iter().map(|_| Tally::default()).collect();
    let both = |a: Vec<Tally>, b: Vec<Tally>| a.into_iter().zip(b).map(|(a, b)| a.and(b)).collect();
    let tallies: Vec<Tally> = (0..years).into_par_iter().map(of_year).reduce(none, both);
    println!("{years} monitor-years, one check a minute from 5 places in turn\n");
    println!(
        "| rule | false a year | total: found, delay (p90) | 60 %: found, delay | 30 %: found, delay | notices | gap |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (rule, tally) in rules.iter().zip(&tallies) {
        println!("| {} | {} |", rule.name, tally.row(years));
    }
}
