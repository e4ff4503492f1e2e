//! One round: pull, record, build, publish and announce at the same time, push.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

use super::state::{PlaceState, State, Step};
use super::told;
use crate::announce::alarm::Health;
use crate::announce::deliver::{Outcome, Turn};
use crate::cli::{self, Global};
use crate::cmd::announce::{self, Manner, Themes};
use crate::cmd::build::{self, Built};
use crate::cmd::observed::observe_at;
use crate::cmd::publish::{self, Look};
use crate::cmd::stop::Stop;
use crate::cmd::{Edge, Failure, record};
use crate::derive::{self, Derived};
use crate::diag::report::Report;
use crate::load;
use crate::model::Site;
use crate::publish::How;
use crate::publish::built::Built as Folder;
use crate::record::share;

/// How old what is published may grow while nothing happens, where nothing else is said.
const REFRESH: SignedDuration = SignedDuration::from_mins(10);

/// How long readers' side may take to show a new build before the loop goes on.
const SETTLE_MAX: Duration = Duration::from_secs(60);

/// How often the watchdog is fed while places and channels take their time.
const ALIVE_EVERY: Duration = Duration::from_secs(5);

/// How long news waits for the page in a round; the next round looks again.
const WAIT: SignedDuration = SignedDuration::from_secs(45);

/// What the end of a round says about the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outlook {
    /// When something is due.
    pub due: Option<Timestamp>,
    /// Something failed that may work in a moment.
    pub is_soon: bool,
    /// Nothing is left to decide or to send.
    pub is_settled: bool,
}

/// One round. It never fails: what does is in the state, and told where it is news.
pub(super) fn round(edge: &Edge, args: &cli::Run, state: &mut State, stop: &Stop) -> Outlook {
    let begun = Instant::now();
    let edge = &Edge { now: (edge.clock)(), ..edge.clone() };
    // Seconds count for what is detected, though pages say minutes.
    let second = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    let now = edge.now.round(second).unwrap_or(edge.now);
    let mut round = Round { edge, args, state, now };
    let outlook = round.go(stop);
    state.rounds += 1;
    state.round = (now, SignedDuration::try_from(begun.elapsed()).unwrap_or_default());
    outlook
}

struct Round<'a> {
    edge: &'a Edge,
    args: &'a cli::Run,
    state: &'a mut State,
    now: Timestamp,
}

impl Round<'_> {
    fn go(&mut self, stop: &Stop) -> Outlook {
        if self.args.pull {
            let root = self.edge.root();
            self.step(Step::Pull, || share::pull(root).and_then(|()| pull_history(root)));
        }
        self.record();
        let Some(built) = self.build() else { return self.call_staff() };
        if stop.is_asked() {
            return Outlook::default();
        }
        self.left_out(&built.site);
        let mut outlook = self.send(&built);
        if self.args.push {
            let root = self.edge.root();
            self.step(Step::Push, || share::push(root, "Record", &mut || {}));
        }
        let undecided = derive::explain::is_undecided(&built.site, self.now);
        outlook.is_settled &= !undecided && self.state.is_fine();
        let due = built.derived.due.as_ref().map(|due| due.at);
        let again = self.state.places.values().filter_map(PlaceState::again_at);
        outlook.due = again.chain(outlook.due).chain(due).min();
        self.state.last = Some(built.site);
        outlook
    }

    /// Does a step, whatever becomes of it.
    fn step<T>(&mut self, step: Step, what: impl FnOnce() -> Result<T, String>) -> Option<T> {
        let ended = guarded(what);
        let (done, ended) = match ended {
            Ok(done) => (Some(done), Ok(())),
            Err(why) => (None, Err(why)),
        };
        let told = self.state.went(step, self.now, ended);
        self.tell(told);
        done
    }

    /// A line with its time, as logs want it.
    fn tell(&self, what: Option<String>) {
        if let Some(what) = what {
            self.edge.note(&format!("{} {what}", self.now));
        }
    }

    fn record(&mut self) {
        let (edge, now, collector) = (self.edge, self.now, &self.args.collector);
        let recorded = self.step(Step::Record, || {
            let loaded = load::load(edge.root()).map_err(|told| said(edge, told.into()))?;
            let feeds = loaded.value.config.monitoring.feeds.clone();
            let collector = record::collector(collector).map_err(|failure| said(edge, failure))?;
            record::record(edge, loaded.value, now, (&feeds, None), &collector).map_err(|failure| said(edge, failure))
        });
        let Some(recorded) = recorded else { return };
        let told = recorded.report.happened(&recorded.site);
        self.state.feeds.retain(|id, _| recorded.report.feeds.iter().any(|feed| feed.feed == *id));
        for feed in recorded.report.feeds {
            let told = self.state.heard(feed.feed, feed.failed, now);
            self.tell(told);
        }
        self.state.detections_open = recorded.site.detections.iter().filter(|one| one.is_open()).count();
        told.into_iter().for_each(|line| self.tell(Some(line)));
    }

    fn build(&mut self) -> Option<Built> {
        let (edge, now) = (self.edge, self.now);
        let built = self.step(Step::Build, || {
            let loaded = load::load(edge.root()).map_err(|told| said(edge, told.into()))?;
            let observed = observe_at(edge.root(), loaded, now, false);
            let built = build::build_into(edge, observed, &edge.inside("public"), &|_, _| {});
            built.map_err(|failure| said(edge, failure))
        })?;
        self.state.incidents_open = built.derived.open.len();
        let told = Report::new(&built.diagnostics, edge.root()).concise();
        if told != self.state.diagnostics {
            edge.tell(&built.diagnostics);
            self.state.diagnostics = told;
        }
        Some(built)
    }

    /// Publishes, and announces as soon as the page shows it: what hangs at one keeps the other waiting no longer than itself.
    fn send(&mut self, built: &Built) -> Outlook {
        // What is news is told afterwards, once.
        let global = Global { quiet: true, ..self.edge.global.clone() };
        let edge = &Edge { global, ..self.edge.clone() };
        let Built { site, derived, .. } = built;
        let facts = derive::fingerprint(site, derived);
        let health = self.state.health();
        let wanted = self.wanted(site, facts);
        let has_channels = !site.config.channels.is_empty();
        let (published, announced) = thread::scope(|scope| {
            let publishing = wanted.map(|places| {
                scope.spawn(move || {
                    guarded(|| {
                        let folder = Folder::read(&edge.inside("public")).map_err(|trouble| trouble.why)?;
                        let how = (How::Changes, Look::Until(SETTLE_MAX));
                        let report = publish::publish(edge, site, derived, &folder, &places, how);
                        report.map_err(|failure| said(edge, failure))
                    })
                })
            });
            let announcing =
                has_channels.then(|| scope.spawn(|| announce_once(edge, self.args, site, derived, &health)));
            let lost = || "it ended without a word".to_owned();
            // Each of both is bounded in time; until then we are well.
            let is_over = || {
                publishing.as_ref().is_none_or(thread::ScopedJoinHandle::is_finished)
                    && announcing.as_ref().is_none_or(thread::ScopedJoinHandle::is_finished)
            };
            let mut fed = Instant::now();
            while !is_over() {
                thread::sleep(Duration::from_millis(20));
                if fed.elapsed() > ALIVE_EVERY {
                    told::alive();
                    fed = Instant::now();
                }
            }
            (
                publishing.map(|running| running.join().unwrap_or_else(|_| Err(lost()))),
                announcing.map(|running| running.join().unwrap_or_else(|_| Err(lost()))),
            )
        });
        if let Some(published) = published {
            self.published(facts, published);
        }
        let settled = Outlook { is_settled: true, ..Outlook::default() };
        announced.map_or(settled, |announced| self.announced(announced))
    }

    /// Nothing could be built: staff are to hear of it all the same, by what was known last.
    fn call_staff(&mut self) -> Outlook {
        let health = self.state.health();
        let announced = match &self.state.last {
            Some(site) if !site.config.channels.is_empty() => {
                let derived = derive::derive(site, self.now);
                announce_once(self.edge, self.args, site, &derived, &health)
            }
            Some(_) | None => return Outlook::default(),
        };
        self.announced(announced)
    }

    /// The places that are to be published to now; `None` where there is none.
    fn wanted(&self, site: &Site, facts: u64) -> Option<Vec<publish::Place>> {
        let promised = site.config.promise.rebuild.map_or(REFRESH, |promised| (promised / 2).min(REFRESH));
        let refresh = self.args.refresh.unwrap_or(promised);
        let is_wanted =
            |id: &str| self.state.places.get(id).is_none_or(|place| place.is_wanted(facts, refresh, self.now));
        let targets = &site.config.publishing.targets;
        let wanted: Vec<_> = targets.iter().filter(|target| is_wanted(target.id.as_str())).cloned().collect();
        (!wanted.is_empty()).then(|| publish::places(&site.config, &wanted, false))
    }

    fn published(&mut self, facts: u64, published: Result<publish::Report, String>) {
        let report = match published {
            Ok(report) => report,
            Err(why) => {
                self.step(Step::Publish, || Err::<(), String>(why));
                return;
            }
        };
        for placed in &report.placed {
            let place = self.state.places.entry(placed.name.clone()).or_default();
            let told = place.went(&placed.name, self.now, facts, placed.trouble());
            self.tell(told);
        }
        self.publishing_stands();
        let told = report.happened();
        self.tell(told.map(|what| format!("publish: {what}")));
    }

    /// Whether every place has what it should.
    fn publishing_stands(&mut self) {
        let failing: Vec<String> = self
            .state
            .places
            .iter()
            .filter_map(|(name, place)| Some(format!("{name}: {}", place.failed.as_ref()?.1)))
            .collect();
        // Each place has told it already.
        let ended = if failing.is_empty() { Ok(()) } else { Err(failing.join("; ")) };
        let _ = self.state.went(Step::Publish, self.now, ended);
    }

    /// Places of the config that have a mistake are as good as down, and so are channels.
    fn left_out(&mut self, site: &Site) {
        let config = &site.config;
        let known: Vec<&str> = config.publishing.targets.iter().map(|target| target.id.as_str()).collect();
        let left_out = &config.publishing.left_out;
        self.state.places.retain(|name, _| known.contains(&name.as_str()) || left_out.contains(name));
        for name in left_out {
            let place = self.state.places.entry(name.clone()).or_default();
            let told = place.went(name, self.now, 0, Some("the config has a mistake in it"));
            self.tell(told);
        }
        // One that failed and is no place any more fails no more.
        if self.state.steps.contains_key(&Step::Publish) || !left_out.is_empty() {
            self.publishing_stands();
        }
        let ended = match config.channels_left_out.as_slice() {
            [] => Ok(()),
            names => Err(format!("{}: the config has a mistake in it", names.join(", "))),
        };
        self.step(Step::Channels, || ended);
    }

    fn announced(&mut self, announced: Result<announce::Report, String>) -> Outlook {
        let report = match announced {
            Ok(report) => report,
            Err(why) => {
                self.step(Step::Announce, || Err::<(), String>(why));
                return Outlook::default();
            }
        };
        let mut failed = Vec::new();
        for one in &report.delivered {
            let (outcome, told) = match &one.outcome {
                Outcome::Sent { .. } => ("sent", Some(format!("announce: {}: sent: {}", one.channel, one.subject))),
                Outcome::Failed(why) => {
                    failed.push(format!("{}: {why}", one.channel));
                    ("failed", None)
                }
                Outcome::Unsure(why) => (
                    "unsure",
                    Some(format!(
                        "announce: {}: unsure, look whether it is there: {} ({why})",
                        one.channel, one.subject
                    )),
                ),
                Outcome::Elsewhere => ("elsewhere", None),
            };
            *self.state.messages.entry(outcome).or_default() += 1;
            self.tell(told);
        }
        let ended = if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) };
        let is_waiting = report.again_at.is_some();
        // While a failed one waits for its turn nothing was tried, so nothing is known to work again.
        if !(ended.is_ok() && is_waiting) {
            self.step(Step::Announce, || ended);
        }
        Outlook {
            due: report.again_at.into_iter().chain(report.call_at).min(),
            is_soon: !report.held_back.is_empty(),
            is_settled: report.again_at.is_none() && report.held_back.is_empty(),
        }
    }
}

fn announce_once(
    edge: &Edge,
    args: &cli::Run,
    site: &Site,
    derived: &Derived,
    health: &Health,
) -> Result<announce::Report, String> {
    let announce = || {
        let Some(turn) = Turn::take(edge.root(), edge.now)? else {
            return Err(Failure::new("another `upfront announce` is announcing just now"));
        };
        let themes = Themes::new(site)?;
        let manner = Manner { wait: WAIT, push: args.push, health };
        announce::announce(edge, site, derived, &themes, &turn, manner)
    };
    guarded(|| announce().map_err(|failure| said(edge, failure)))
}

/// `history/` may lie on a branch of its own.
fn pull_history(root: &std::path::Path) -> Result<(), String> {
    let history = root.join("history");
    if history.join(".git").exists() { share::pull(&history) } else { Ok(()) }
}

/// A mistake of ours must not end a loop that goes on for years.
fn guarded<T>(what: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(what))
        .unwrap_or_else(|_| Err("upfront itself made a mistake; please report it".to_owned()))
}

/// A failure on one line.
fn said(edge: &Edge, failure: Failure) -> String {
    match failure {
        Failure::Said { what, .. } => what,
        Failure::Mistakes(diagnostics) => {
            let report = Report::new(&diagnostics, edge.root());
            report.concise().lines().collect::<Vec<_>>().join("; ")
        }
        Failure::All(failures) => failures.into_iter().map(|one| said(edge, one)).collect::<Vec<_>>().join("; "),
        Failure::ClosedPipe => "nobody reads our output any more".to_owned(),
    }
}
