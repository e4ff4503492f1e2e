//! `upfront publish`: the built folder → where it is served; then receipts of what readers really get.
//!
//! All places are sent to at the same time, so that one that hangs keeps no other waiting, and each is reported for itself.

mod report;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

pub(super) use self::report::{Placed, Report, Served};
use super::observed::{Observed, observe};
use super::{Edge, Failure, Status, build};
use crate::announce::news::{self, News, NewsOf};
use crate::cli;
use crate::derive::{self, Derived};
use crate::model::{Config, PublishTarget, Site, SiteUrl, Slug};
use crate::net::{Trouble, Web};
use crate::publish::built::Built;
use crate::publish::{self, How, fetch_back, live};
use crate::record::{Doing, RecordError, Recorder, Turn};

/// How long to wait until what others sent is served.
const SETTLE_OTHERS: Duration = Duration::from_secs(300);

/// What a host takes that nobody has said more of.
const SETTLE_USUAL: Duration = Duration::from_secs(180);

/// How long to wait for another one that publishes.
const TURN_MAX: Duration = Duration::from_secs(60);

pub(super) fn run(edge: &Edge, args: &cli::Publish) -> Result<Status, Failure> {
    let mut diagnostics = Vec::new();
    let out = args.out.clone().unwrap_or_else(|| edge.inside("public"));
    let observed = observe(edge, None, args.build)?;
    let (site, derived) = if args.build {
        let built = build::build_into(edge, observed, &out, &|_, _| {})?;
        diagnostics.extend(built.diagnostics);
        (built.site, built.derived)
    } else {
        let Observed { site, now, diagnostics: told } = observed;
        diagnostics.extend(told);
        let derived = derive::derive(&site, now);
        (site, derived)
    };
    // First what may be why there is no such place.
    edge.tell(&diagnostics);
    let targets = chosen(&site.config, &args.targets, args.sent)?;
    let built = Built::read(&out).map_err(|trouble| Failure::new(trouble.why))?;
    let how = match (args.dry_run, args.all) {
        (true, _) => How::Rehearse,
        (false, true) => How::All,
        (false, false) => How::Changes,
    };
    let places = places(&site.config, &targets, args.sent);
    let look = if args.no_wait || args.dry_run { Look::No } else { Look::Until(Duration::MAX) };
    let mut report = publish(edge, &site, &derived, &built, &places, (how, look))?;
    if args.targets.is_empty() && !args.sent {
        report.leave_out(&site.config.publishing.left_out);
    }
    match args.json {
        true => edge.print(&format!("{:#}\n", report.json()))?,
        false => edge.say(&report.human())?,
    }
    Ok(if report.is_fine() { Status::Fine } else { Status::FoundProblems })
}

/// The targets of these names; all without any.
fn chosen(config: &Config, names: &[String], sent: bool) -> Result<Vec<PublishTarget>, Failure> {
    let targets = &config.publishing.targets;
    if sent {
        return Ok(Vec::new());
    }
    if targets.is_empty() && config.publishing.left_out.is_empty() {
        let cure = "add `[[publish]]` to `upfront.toml`, or to `upfront.private.toml`; see docs/publishing.md";
        return Err(Failure::new("no place to publish to is known").cure(cure));
    }
    for name in names {
        if config.publishing.left_out.contains(name) {
            return Err(Failure::new(format!("`{name}` has a mistake in the config")).cure("it is told above"));
        }
        if !targets.iter().any(|target| target.id.as_str() == name) {
            let known = targets.iter().map(|target| target.id.as_str());
            return Err(Failure::unknown("place to publish to", name, known));
        }
    }
    let is_chosen = |target: &&PublishTarget| names.is_empty() || names.iter().any(|name| name == target.id.as_str());
    Ok(targets.iter().filter(is_chosen).cloned().collect())
}

/// Whether to look at what is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    No,
    /// Until it is the new build, at most so long and as long as the place may take.
    Until(Duration),
}

impl Look {
    /// How long to wait for another one that sends to the same place: a loop comes again.
    fn patience(self) -> Duration {
        match self {
            Look::Until(at_most) if at_most < Duration::MAX => Duration::ZERO,
            Look::No | Look::Until(_) => TURN_MAX,
        }
    }
}

/// A place with the address at which it is read.
pub(super) struct Place {
    /// `None` where others send.
    target: Option<PublishTarget>,
    url: Option<SiteUrl>,
}

impl Place {
    pub fn name(&self) -> String {
        self.target.as_ref().map_or_else(|| "site".to_owned(), |target| target.id.to_string())
    }

    fn settle(&self) -> Duration {
        self.target.as_ref().map_or(SETTLE_OTHERS, |target| Duration::try_from(target.settle).unwrap_or_default())
    }
}

/// The first target that has no address serves the site's own, unless another one does.
pub(super) fn places(config: &Config, targets: &[PublishTarget], sent: bool) -> Vec<Place> {
    if sent {
        return vec![Place { target: None, url: Some(config.url.clone()) }];
    }
    let all = &config.publishing.targets;
    let serves_site = |target: &&PublishTarget| target.url.as_ref() == Some(&config.url);
    let own = all.iter().find(serves_site).or_else(|| all.iter().find(|target| target.url.is_none()));
    let is_own = |target: &PublishTarget| own.is_some_and(|own| own.id == target.id);
    let url = |target: &PublishTarget| target.url.clone().or_else(|| is_own(target).then(|| config.url.clone()));
    targets.iter().map(|target| Place { url: url(target), target: Some(target.clone()) }).collect()
}

/// Sends the folder to each place, fetches it back, and writes down what is live.
///
/// # Errors
///
/// Where nothing can be asked at all, or `history/` cannot be written.
pub(super) fn publish(
    edge: &Edge,
    site: &Site,
    derived: &Derived,
    built: &Built,
    places: &[Place],
    (how, look): (How, Look),
) -> Result<Report, Failure> {
    let clock = edge.ticking();
    let ca_file = site.config.publishing.verify.ca_file.as_deref();
    let web = Web::new(edge.root(), ca_file).map_err(|trouble| Failure::new(trouble.why))?;
    let pages = unseen(site, derived);
    // It was seen when it was seen, however long another place takes.
    let one = |place: &Place| {
        let (placed, live) = place_one(edge, &web, built, place, how, (look, &pages));
        (placed, live, clock())
    };
    let placed: Vec<(Placed, Vec<String>, Timestamp)> = thread::scope(|scope| {
        let running: Vec<_> = places.iter().map(|place| (place, scope.spawn(move || one(place)))).collect();
        let ended = |(place, running): (&Place, thread::ScopedJoinHandle<'_, _>)| {
            let lost = || (Placed::failed(place.name(), "it ended without a word".to_owned()), Vec::new(), clock());
            running.join().unwrap_or_else(|_| lost())
        };
        running.into_iter().map(ended).collect()
    });
    let mut report = Report { rehearsed: how == How::Rehearse, ..Report::default() };
    for (place, (placed, live, at)) in places.iter().zip(placed) {
        if let Some(url) = &place.url {
            report.receipts += receipt(edge.root(), url, &live, at)?;
        }
        report.placed.push(placed);
    }
    Ok(report)
}

/// Waits a while for another one that publishes there just now.
fn turn(edge: &Edge, place: &Slug, at_most: Duration) -> Result<Turn, String> {
    let begun = Instant::now();
    loop {
        match Turn::take(edge.root(), Doing::Publishing(place)) {
            Ok(Some(turn)) => return Ok(turn),
            Ok(None) if begun.elapsed() < at_most => thread::sleep(Duration::from_millis(100)),
            Ok(None) => return Err("another `upfront publish` or `upfront run` is sending there just now".to_owned()),
            Err(RecordError { doing, error }) => return Err(format!("{doing}: {error}")),
        }
    }
}

/// One place: sent to, and looked at. Answers the addresses that are live there, of `pages`.
fn place_one(
    edge: &Edge,
    web: &Web,
    built: &Built,
    place: &Place,
    how: How,
    (look, pages): (Look, &[(String, String)]),
) -> (Placed, Vec<String>) {
    let turn = match &place.target {
        Some(target) if how != How::Rehearse => turn(edge, &target.id, look.patience()).map(Some),
        Some(_) | None => Ok(None),
    };
    let _turn = match turn {
        Ok(turn) => turn,
        Err(why) => return (Placed::failed(place.name(), why), Vec::new()),
    };
    let sent = match &place.target {
        Some(target) => match publish::send(edge.root(), built, target, how) {
            Ok(sent) => Some(sent),
            Err(trouble) => return (Placed::failed(place.name(), trouble.why), Vec::new()),
        },
        None => None,
    };
    let mut placed = Placed { name: place.name(), url: place.url.clone(), sent, ..Placed::default() };
    let (Some(url), Look::Until(at_most)) = (&place.url, look) else { return (placed, Vec::new()) };
    // Who says that a host needs longer than others is believed.
    let is_slow = place.settle() > SETTLE_USUAL;
    let settle = if is_slow { place.settle() } else { place.settle().min(at_most) };
    let waits = || {
        let at_most = SignedDuration::try_from(settle).unwrap_or_default();
        edge.note(&format!("{}: waiting until {url} serves it, at most {at_most:#}", placed.name));
    };
    match fetch_back::fetch_back(web, url.as_str(), built, settle, &waits) {
        Ok(()) => {
            placed.served = Some(Served::New);
            (placed, live::live(web, url.as_str(), pages))
        }
        Err(Trouble { why, .. }) => {
            placed.served = Some(Served::Not(why));
            (placed, Vec::new())
        }
    }
}

/// What came out in the last day and was never seen live: its address, and where it is read.
fn unseen(site: &Site, derived: &Derived) -> Vec<(String, String)> {
    let fresh = news::news(site, derived);
    let page = |one: &News| Some((one.key.clone(), page_of(site, one)?));
    fresh.iter().filter(|one| !one.seen_live).filter_map(page).collect()
}

/// Where news is read, from the site's root.
pub(super) fn page_of(site: &Site, news: &News) -> Option<String> {
    Some(match news.of {
        NewsOf::Update { incident, update } => {
            let incident = site.incidents.get(incident)?;
            format!("incidents/{}/#u-{}", incident.slug, incident.updates.get(update)?.id)
        }
        NewsOf::Begins { incident } | NewsOf::Ends { incident } => {
            format!("incidents/{}/", site.incidents.get(incident)?.slug)
        }
        NewsOf::Report { rfo } | NewsOf::FollowUp { rfo, .. } => format!("rfo/{}/", site.rfos.get(rfo)?.slug),
    })
}

/// Writes down what was seen live just now; answers how much of it was not known to be.
fn receipt(root: &Path, url: &SiteUrl, live: &[String], now: Timestamp) -> Result<usize, RecordError> {
    match Slug::new("main") {
        Some(collector) if !live.is_empty() => Recorder::open(root, &collector, now)?.receipt(url.as_str(), live),
        _ => Ok(0),
    }
}
