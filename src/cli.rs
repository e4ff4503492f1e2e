//! Commands, flags and help with examples; no logic.

#![allow(rustdoc::bare_urls, reason = "these comments are the help text, where a link has no brackets")]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod moment;

pub use moment::{Moment, NoMoment};

/// A status page that stays up while everything else is down.
#[derive(Debug, Parser)]
#[command(name = "upfront", version, propagate_version = true, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  upfront init status                        begin a site in the folder status
  upfront new \"Mail is slow\" -c smtp         say so; what readers see first
  upfront update -t monitoring -m \"…\"        say more about what is open
  upfront serve                              look at it while you write
  upfront build                              make public/, ready for any web server

Exit status: 0 fine, 1 found problems, 2 could not run.";

/// Flags of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The site's folder: the one that holds upfront.toml
    #[arg(short = 'C', long, value_name = "FOLDER", global = true, default_value = ".")]
    pub site: PathBuf,
    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub color: Color,
    /// Say nothing but what went wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Begin a site
    Init(Init),
    /// Write the first word about an incident, maintenance or announcement
    New(New),
    /// Add an update to an incident
    Update(Update),
    /// Add the last update to an incident
    Resolve(Resolve),
    /// Begin the report on an incident (reason for outage)
    Rfo(Rfo),
    /// Build the site
    Build(Build),
    /// Show the site while you write, and rebuild it at each change
    Serve(Serve),
    /// Say everything that is wrong with the site
    Check(Check),
    /// Fold what feeds say into history
    Record(Record),
    /// Show what detection would have published, with several thresholds side by side
    Replay(Replay),
    /// Print the record of a quarter or a year, for customers
    Report(Report),
    /// Say why the page says what it says
    Explain(Explain),
    /// Tell readers that a person is looking into a notice
    Confirm(Confirm),
    /// Send the built site to where it is served, and see that it is
    Publish(Publish),
    /// Tell channels of the news, once
    Announce(Announce),
    /// Play a rehearsed outage, and score how it is answered
    Drill(Drill),
    /// Record, build, publish and announce, again and again
    Run(Run),
    /// Look at what readers really get: newest, whole, signed, and independent of the provider
    Verify(Verify),
    /// Make a pair of keys to sign the site with
    Key(Key),
    /// Print the JSON Schema of a file, for editors
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page
    #[command(after_help = "Example:\n  upfront man > ~/.local/share/man/man1/upfront.1")]
    Man,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront init
  upfront init status --title \"Fjordpost status\" --url https://status.fjordpost.example \\
    --component IMAP --component Webmail --time-zone Europe/Oslo")]
pub struct Init {
    /// Where the site begins; made if need be
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// What readers call the page, such as "Fjordpost status"
    #[arg(long)]
    pub title: Option<String>,
    /// Where it will be published, such as https://status.fjordpost.example
    #[arg(long)]
    pub url: Option<String>,
    /// What it reports on, by name; give it once for each
    #[arg(long = "component", value_name = "NAME")]
    pub components: Vec<String>,
    /// The zone that its times are in, such as Europe/Oslo
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
}

/// Where the words come from, and what happens with the file afterwards. Shared by all commands that write.
#[derive(Clone, Debug, Args)]
pub struct Words {
    /// What to say; - reads standard input. Without it $EDITOR opens
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Commit and push the file as well
    #[arg(long)]
    pub push: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront new \"Mail is slow\"
  upfront new \"IMAP logins failing\" -c imap -i major -m \"We are looking into it.\" --push
  upfront new \"New disks\" -k maintenance -c imap -m \"IMAP stops for a while.\" \\
    --starts \"2026-12-01 02:00\" --ends 04:00
  monitoring-report | upfront new \"Sending is delayed\" -m -")]
pub struct New {
    /// What readers see first: "IMAP logins failing"
    pub title: String,
    #[command(flatten)]
    pub words: Words,
    /// A component or group that is touched; give it once for each
    #[arg(short, long = "component", value_name = "ID")]
    pub components: Vec<String>,
    /// How bad it is: none, minor, major or critical
    #[arg(short, long)]
    pub impact: Option<String>,
    /// For whom, in a few words: "About 12 % of accounts"
    #[arg(long)]
    pub affected: Option<String>,
    /// incident, maintenance, info or false_alarm
    #[arg(short, long, default_value = "incident")]
    pub kind: String,
    /// When the work starts (maintenance)
    #[arg(long, value_name = "TIME")]
    pub starts: Option<String>,
    /// When the work ends (maintenance)
    #[arg(long, value_name = "TIME")]
    pub ends: Option<String>,
    /// When you will write again: a time such as 14:30, or 30m from now
    #[arg(short = 'n', long, value_name = "WHEN")]
    pub next_update: Option<String>,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront update                           the one that is open; $EDITOR opens
  upfront update imap -t identified -n 30m -m \"A disk is full. We are moving mail to another one.\"
  upfront update imap -t monitoring -s imap=operational -m \"Logins work again.\" --push")]
pub struct Update {
    /// Which: a slug, a part of one or of a title. Without it the one that is open
    pub incident: Option<String>,
    #[command(flatten)]
    pub words: Words,
    /// investigating, identified, monitoring, resolved, or a maintenance's scheduled, in_progress, verifying,
    /// completed, cancelled. Without it the stage stays as it is
    #[arg(short = 't', long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// A component's new state, such as imap=operational, or short: ok, up, down, degraded, partial, major,
    /// maintenance. Give it once for each
    #[arg(short = 's', long = "state", value_name = "ID=STATE")]
    pub states: Vec<String>,
    /// When you will write again: a time such as 14:30, or 30m from now
    #[arg(short = 'n', long, value_name = "WHEN")]
    pub next_update: Option<String>,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront resolve -m \"Logins work again for everybody.\"
  upfront resolve imap --push")]
pub struct Resolve {
    /// Which: a slug, a part of one or of a title. Without it the one that is open
    pub incident: Option<String>,
    #[command(flatten)]
    pub words: Words,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront rfo
  upfront rfo imap-logins -m \"For thirteen hours one account in eight could not log in.\"")]
pub struct Rfo {
    /// Which: a slug, a part of one or of a title. Without it the last one that was resolved and has no report
    pub incident: Option<String>,
    #[command(flatten)]
    pub words: Words,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront build
  upfront build --strict --out /srv/www/status
  upfront build --now 2022-03-29T12:18:00Z --out /tmp/then   as if it were that moment
  upfront build --json | jq -r .due.at                       when it must be built again

Without --now the moment is the clock's, in whole minutes: what pages show. Mistakes in posts are told and repaired; \
a mistake in upfront.toml or in the theme ends the build with status 2, before anything is written.")]
pub struct Build {
    /// The folder to write; by default `public` in the site's folder
    #[arg(short, long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Take this for the present moment; what is written counts all the same
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// End with status 1 if a mistake was repaired
    #[arg(long)]
    pub strict: bool,
    /// Show the front page in the browser afterwards
    #[arg(long)]
    pub open: bool,
    /// Ask no feed that has an address; history says what is known
    #[arg(long)]
    pub offline: bool,
    /// Print a report for programs on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront record                              ask every feed of upfront.toml
  upfront record nodeping                     only this one
  upfront record --check nodeping             say what was understood, and keep nothing
  my-check | upfront record own               the feed `own` on standard input
  upfront record --collector oslo             when several machines record for one page

History is in history/: days and the ledger belong in git, history/log/ does not. Run it as often as you like, \
side by side as well: the same results make the same bytes.")]
pub struct Record {
    /// The feeds to ask, by id; without any, all of upfront.toml
    #[arg(value_name = "FEED")]
    pub feeds: Vec<String>,
    /// Say in a table what was understood of the feeds, and keep nothing
    #[arg(long)]
    pub check: bool,
    /// The name of this machine among those that record for this page
    #[arg(long, value_name = "NAME", env = "UPFRONT_COLLECTOR", default_value = "main")]
    pub collector: String,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Print a report for programs on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront replay
  upfront replay imap --detect-after 2m --detect-after 3m --detect-after 5m
  upfront replay --real outages.csv           component,from,to of what really happened: shares of false notices
  upfront replay --from 2026-11-01 --json")]
pub struct Replay {
    /// Components; without any, all that have monitors
    #[arg(value_name = "COMPONENT")]
    pub components: Vec<String>,
    /// A `detect_after` to try; give it once for each
    #[arg(long, value_name = "TIME")]
    pub detect_after: Vec<String>,
    /// A `hold` to try; give it once for each
    #[arg(long, value_name = "TIME")]
    pub hold: Vec<String>,
    /// A file with what really happened: a line `component,from,to` each
    #[arg(long, value_name = "FILE")]
    pub real: Option<PathBuf>,
    /// Results from this day on
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Print a report for programs on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront explain                   every component that is not simply operational
  upfront explain imap              one of them
  upfront explain 2026-11-24-1102-imap        a notice: what decided it, what covers it")]
pub struct Explain {
    /// A component or a notice; without it, everything that is not simply operational
    #[arg(value_name = "COMPONENT|NOTICE")]
    pub subject: Option<String>,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Print it for programs on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront confirm                             the one that is open
  upfront confirm 2026-11-24-1102-imap --push
  upfront confirm imap -m \"A power supply has failed. A colleague is on the way.\"")]
pub struct Confirm {
    /// Which: an id or a part of one. Without it the one that is open
    pub notice: Option<String>,
    #[command(flatten)]
    pub words: Words,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront serve
  upfront serve --port 0 --open                   any port that is free
  upfront serve --now 2022-03-29T12:18:00Z        as if it were that moment

Answers only this machine. Writes nothing: `upfront build` does.")]
pub struct Serve {
    /// The port on the loopback address; one of the next ten where it is taken, 0 for any
    #[arg(short, long, default_value_t = 8000)]
    pub port: u16,
    /// Take this for the present moment; what is written counts all the same
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Show the front page in the browser
    #[arg(long)]
    pub open: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront check
  upfront check --format github                   in a workflow: annotates the pull request
  upfront check --format concise                  for editors: file:line:column: message

Looks for everything that a build would tell, and for updates that are overdue, reports whose dates contradict their \
incident, links that lead nowhere, and what looks private. For people it is told on standard error; the other formats \
are the result, on standard output. Ends with status 1 on errors and warnings.")]
pub struct Check {
    /// How to print: for people, one line each, for programs, or as annotations of a GitHub workflow
    #[arg(long, default_value = "human")]
    pub format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Take this for the present moment; what is written counts all the same
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront report > q3.html                        the last quarter that is over, as one file
  upfront report 2026-q1 --out record.html        that quarter, to be printed or sent
  upfront report 2026 --json                      that year as data

Incidents, minutes, causes, first words, silences, promises and uptime, each against the period before. The page has its \
style in it and no script; its links lead to the site.")]
pub struct Report {
    /// A quarter (2026-q1), a year (2026), or this-quarter, last-quarter, this-year, last-year
    #[arg(value_name = "PERIOD", default_value = "last-quarter")]
    pub period: String,
    /// Write it there; without this it goes to standard output
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// As data
    #[arg(long)]
    pub json: bool,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront publish --build                     build, send to every [[publish]] of upfront.toml, look at it
  upfront publish mirror --dry-run            how many files would be sent there
  upfront publish --sent                      others have sent it: wait until it is served, and write that down

Only what changed is sent: what is linked before what links to it, removals last. A place that has a `url`, or serves \
the site's own, is fetched back until the new build is served, and what readers see there for the first time is written to \
history/receipts.ndjson. Each place is reported for itself; ends with status 1 where one failed.")]
pub struct Publish {
    /// Places, by id; without any, all of upfront.toml
    #[arg(value_name = "TARGET", conflicts_with = "sent")]
    pub targets: Vec<String>,
    /// Build first
    #[arg(long)]
    pub build: bool,
    /// The built folder; by default `public` in the site's folder
    #[arg(short, long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Say how many files would be sent, and send nothing
    #[arg(long, conflicts_with = "all")]
    pub dry_run: bool,
    /// Send every file, whatever was sent before
    #[arg(long)]
    pub all: bool,
    /// Do not look whether it is served
    #[arg(long)]
    pub no_wait: bool,
    /// Send nothing, since others have: only look at the site's address, and write down what is live
    #[arg(long, conflicts_with_all = ["dry_run", "all", "no_wait"])]
    pub sent: bool,
    /// Print a report for programs on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront announce --dry-run                  show exactly what would be sent
  upfront announce --test mail                send a message that says it is a test
  upfront announce                            send each new update to each channel, once
  upfront announce --list mail                what that channel had, and when

What is new is what came out in the last 24 hours and is not in history/deliveries.ndjson. It is sent once the page shows it, \
and after five minutes in any case. An edited update is not sent again.")]
pub struct Announce {
    /// Channels, by id; without any, all of upfront.toml
    #[arg(value_name = "CHANNEL")]
    pub channels: Vec<String>,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Send a marked test to each channel, staff's as well
    #[arg(long)]
    pub test: bool,
    /// Say what was sent where in the last 30 days, newest first, and send nothing
    #[arg(long, conflicts_with_all = ["dry_run", "test", "push", "wait"])]
    pub list: bool,
    /// Push each claim before anything is sent, and the outcome after it: for several machines with one history
    #[arg(long)]
    pub push: bool,
    /// How long to wait for the page to show the news: 90s, 3m; 0s does not look
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub wait: Option<jiff::SignedDuration>,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Print a report for programs on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront run                                       until it is stopped, once a minute
  upfront run --pull --push                         with a clone of the site, beside other machines
  upfront run --until-settled --for 20m             in CI, when a monitor calls: until the outage is decided

A round is: record the feeds, build, publish to the places of upfront.toml, announce to its channels. The next one comes after \
--every, when a file of the site changes, or when something is due. Whatever fails in a round is told and tried again in the \
next; nothing but a broken set-up at its beginning ends the loop. SIGTERM or Ctrl-C ends it after the step under way; a second \
one at once. Under systemd (Type=notify) it says that it is ready, how it does, and feeds the watchdog.")]
pub struct Run {
    /// How long from one round to the next: 30s, 1m, 5m
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = length)]
    pub every: jiff::SignedDuration,
    /// How old what is published may grow while nothing happens; less than what `[promise] rebuild` promises
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub refresh: Option<jiff::SignedDuration>,
    /// End as soon as no monitor leaves it open what it means, and everything is out
    #[arg(long)]
    pub until_settled: bool,
    /// End after this time in any case
    #[arg(long = "for", value_name = "TIME", value_parser = length)]
    pub at_most: Option<jiff::SignedDuration>,
    /// Fetch what others pushed at the beginning of each round
    #[arg(long)]
    pub pull: bool,
    /// Commit and push history/ at the end of each round, and each claim before anything is sent
    #[arg(long)]
    pub push: bool,
    /// The name of this machine among those that record for this page
    #[arg(long, value_name = "NAME", env = "UPFRONT_COLLECTOR", default_value = "main")]
    pub collector: String,
    /// Write after each round how it went, as JSON
    #[arg(long, value_name = "FILE")]
    pub health: Option<PathBuf>,
    /// Write after each round how it went, for Prometheus
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront verify                                      the site's address and all its mirrors
  upfront verify https://status.fjordpost.example     any page made with upfront, without its files
  upfront verify --full --json                        every file, and a report for a program

Looks whether what is served is the newest build (of `public`, or of the copies), whole, the same everywhere, signed, with the right \
headers and a certificate that holds, and younger than promised; and what the page shares with the hosts of `[verify] hosts`. \
Ends with status 1 where anything is wrong; notes are not.")]
pub struct Verify {
    /// Addresses; without any, those of upfront.toml
    #[arg(value_name = "URL")]
    pub urls: Vec<String>,
    /// Fetch every file, and not only those that matter most
    #[arg(long)]
    pub full: bool,
    /// The public key (RW…), or a file that holds it; by default that of upfront.toml
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// A host of the provider, whose fate the page must not share; adds to `[verify] hosts`
    #[arg(long, value_name = "HOST")]
    pub host: Vec<String>,
    /// The built folder; by default `public` in the site's folder
    #[arg(short, long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Take this for the present moment
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Print a report for programs on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  upfront key ~/.config/status.key            write the secret key, print what belongs into upfront.toml

The key is not encrypted, as `minisign -G -W` makes it. `minisign` and `upfront verify` both check what is signed with it.")]
pub struct Key {
    /// The file for the secret key; never one that is there already
    pub file: PathBuf,
}

/// A length of time of at most a day.
fn length(text: &str) -> Result<jiff::SignedDuration, String> {
    let length = crate::load::duration(text).filter(|length| length.as_secs() <= 86_400);
    length.ok_or_else(|| "a length of time of at most a day, such as `90s` or `3m`".to_owned())
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront drill                               fail the first component; you answer at the terminal
  upfront drill -c imap --speed 60            one second is a minute
  upfront drill --hands-off --json            a made-up person answers; for a timer
  upfront drill --hands-off --answer-after never      who is called when nobody does

It plays in a copy of the site, which is gone afterwards. Only channels with `drill = true` are told, marked as a drill; \
of all others it says what they would be told. Status 1 says that a promise of `[promise]` was missed.")]
pub struct Drill {
    /// What fails, by id or name; the first component if nothing is said
    #[arg(short, long, value_name = "ID")]
    pub component: Option<String>,
    /// How long it fails: 20m
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub outage: Option<jiff::SignedDuration>,
    /// How many times as fast as ours its clock goes, or max; 10 at a terminal, max without
    #[arg(long, value_name = "TIMES", value_parser = speed)]
    pub speed: Option<Speed>,
    /// Nobody is asked: a made-up person answers
    #[arg(long)]
    pub hands_off: bool,
    /// When the made-up person first writes, counted from the notice: 4m, or never
    #[arg(long, value_name = "TIME", value_parser = answer_after)]
    pub answer_after: Option<AnswerAfter>,
    /// Tell readers of the drill as well: an announcement in incidents/, marked as a drill
    #[arg(long)]
    pub public: bool,
    /// Play in this folder, and leave it there
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,
    /// Take this for the moment at which it begins
    #[arg(long, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Print the score for programs on standard output
    #[arg(long)]
    pub json: bool,
}

/// How fast the clock of a drill goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    Times(f64),
    /// As fast as it can.
    Max,
}

/// When a made-up person answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerAfter {
    After(jiff::SignedDuration),
    Never,
}

fn speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed::Max);
    }
    let times = text.parse().ok().filter(|times| (0.1..=10_000.0).contains(times));
    times.map(Speed::Times).ok_or_else(|| "a number such as 60, or max".to_owned())
}

fn answer_after(text: &str) -> Result<AnswerAfter, String> {
    if text == "never" { Ok(AnswerAfter::Never) } else { length(text).map(AnswerAfter::After) }
}

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Concise,
    Json,
    Github,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront schema config > upfront.schema.json
  upfront schema incident
  upfront schema log                          what a line of a feed's log may say")]
pub struct Schema {
    /// Of what
    pub of: SchemaOf,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The front matter of an incident
    Incident,
    /// The front matter of a report
    Rfo,
    /// upfront.toml
    Config,
    /// Our own feed of monitor results
    Feed,
    /// A line of a log of results
    Log,
    /// A line of a day in history/
    Day,
    /// A line of the receipts in history/
    Receipt,
    /// A line of the deliveries in history/
    Delivery,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  upfront completions bash > ~/.local/share/bash-completion/completions/upfront
  upfront completions fish > ~/.config/fish/completions/upfront.fish")]
pub struct Completions {
    pub shell: clap_complete::Shell,
}
