//! JSON Schemas (<https://json-schema.org/draft/2020-12>) of what people write, so that editors complete and explain it.
//!
//! These types are only descriptions: nothing is read into them, since reading recovers from mistakes that a schema
//! would refuse. A test keeps the keys the same.

// Nobody makes values of these types, so no field is ever read.
#![expect(dead_code, reason = "descriptions, of which no value is made")]

use std::collections::BTreeMap;

mod monitoring;
mod sending;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use sending::{ChannelTable, MirrorTable, PublishTable, SignTable, VerifyTable};

pub use monitoring::{day, delivery, feed, log, receipt};

/// Of the front matter of an incident, maintenance or announcement.
pub fn incident() -> Value {
    schema_of::<IncidentFile>()
}

/// Of the front matter of a report.
pub fn rfo() -> Value {
    schema_of::<RfoFile>()
}

/// Of `upfront.toml`.
pub fn config() -> Value {
    schema_of::<ConfigFile>()
}

fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    schema.to_value()
}

/// Front matter of a file in `incidents/`. Every key may be left out, and so may front matter itself.
#[derive(JsonSchema)]
#[schemars(title = "Incident", deny_unknown_fields)]
struct IncidentFile {
    /// What readers see first. Without it the file's name says it.
    #[schemars(extend("examples" = ["IMAP and POP logins failing"]))]
    title: Option<String>,
    /// What it is; `incident` if nothing is said.
    kind: Option<KindWord>,
    /// Ids of components or groups that are touched.
    #[schemars(extend("examples" = [["imap", "pop"]]))]
    components: Option<OneOrMore>,
    /// How bad it is for readers; at least `minor` if nothing is said.
    impact: Option<ImpactWord>,
    /// For whom, in a few plain words.
    #[schemars(extend("examples" = ["About 12 % of accounts"]))]
    affected: Option<String>,
    /// How many accounts: a number, a range or a share.
    #[schemars(extend("examples" = [4100, "3000-4100", "12.5 %"]))]
    accounts: Option<Accounts>,
    /// What still works.
    #[schemars(extend("examples" = ["Webmail, sending and receiving work. No mail is lost."]))]
    works: Option<String>,
    /// What readers can do meanwhile.
    #[schemars(extend("examples" = ["Use webmail: same address, same password."]))]
    meanwhile: Option<String>,
    /// The notices that it is about, by the last part of their address, where that does not follow from its components and
    /// times.
    #[schemars(extend("examples" = [["2026-11-24-1102-imap"]]))]
    covers: Option<OneOrMore>,
    /// When you will write again. Without a zone it is in the site's.
    #[schemars(extend("examples" = ["2022-03-29T14:30:00+02:00", "14:30"]))]
    next_update: Option<String>,
    /// When the impact began, if it was before the first update.
    #[schemars(extend("examples" = ["2022-03-29 11:00"]))]
    started: Option<String>,
    /// By which day its report comes, whatever the config promises.
    #[schemars(extend("examples" = ["2022-04-05"]))]
    rfo_due: Option<String>,
    /// Why no report is owed; readers see it.
    #[schemars(extend("examples" = ["The same fault as on 3 March; its report covers both."]))]
    rfo_waived: Option<String>,
    /// When planned work is to start.
    #[schemars(extend("examples" = ["2022-04-10 22:00"]))]
    starts: Option<String>,
    /// When planned work is to end.
    #[schemars(extend("examples" = ["2022-04-11 02:00"]))]
    ends: Option<String>,
    /// The day it was written, if the file's name does not begin with it.
    #[schemars(extend("examples" = ["2022-03-29"]))]
    date: Option<String>,
    /// Names that the file had before; their addresses lead here.
    #[schemars(extend("examples" = [["2022-03-29-imap"]]))]
    aliases: Option<OneOrMore>,
}

/// What a file is about.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum KindWord {
    Incident,
    Maintenance,
    Info,
    FalseAlarm,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum ImpactWord {
    None,
    Minor,
    Major,
    Critical,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Accounts {
    Exactly(u64),
    Text(String),
}

/// Front matter of a report: `rfo.md` beside an incident's `index.md`, or a file with `rfo_for`.
#[derive(JsonSchema)]
#[schemars(title = "Report", deny_unknown_fields)]
struct RfoFile {
    /// The slug of the incident it explains: the name of its file without `.md`.
    #[schemars(extend("examples" = ["2022-03-29-imap-logins-failing"]))]
    rfo_for: Option<String>,
    /// Without it the incident's title says it.
    #[schemars(extend("examples" = ["A password attack on IMAP and POP"]))]
    title: Option<String>,
    /// The day, or the minute, it was published.
    #[schemars(extend("examples" = ["2022-04-04"]))]
    published: Option<String>,
    /// Why it happened, in a few words.
    #[schemars(extend("examples" = ["Password attack"]))]
    cause: Option<String>,
    /// When it began, where the report knows better than the posts.
    #[schemars(extend("examples" = ["2022-03-29 10:59"]))]
    started: Option<String>,
    /// When it ended.
    #[schemars(extend("examples" = ["2022-03-29 23:10"]))]
    ended: Option<String>,
    /// How long it lasted.
    #[schemars(extend("examples" = ["13 h 5 min"]))]
    duration: Option<String>,
    /// Who wrote it.
    #[schemars(extend("examples" = [["Ingrid Solheim", "The mail team"]]))]
    authors: Option<OneOrMore>,
    /// What is promised: one `[[follow_up]]` for each.
    follow_up: Option<Vec<FollowUpTable>>,
    /// As `published`.
    #[schemars(extend("examples" = ["2022-04-04"]))]
    date: Option<String>,
    /// Names that the file had before; their addresses lead here.
    #[schemars(extend("examples" = [["2022-03-29-imap"]]))]
    aliases: Option<OneOrMore>,
}

/// A promise.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct FollowUpTable {
    /// What will be done.
    #[schemars(extend("examples" = ["Limit the rate of logins per network"]))]
    what: String,
    /// By which day.
    #[schemars(extend("examples" = ["2022-05-01"]))]
    due: Option<String>,
    /// The day it was done; leave it out while it is not.
    #[schemars(extend("examples" = ["2022-04-20"]))]
    done: Option<Done>,
    /// The team that does it.
    #[schemars(extend("examples" = ["Network"]))]
    owner: Option<String>,
    /// Why it will not be done any more; readers see it.
    #[schemars(extend("examples" = ["The servers it was for are gone."]))]
    dropped: Option<String>,
    /// Where it can be seen.
    #[schemars(extend("examples" = ["https://example.org/changes/17"]))]
    link: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Done {
    Day(String),
    Yes(bool),
}

/// The config of a status page. `title`, `url` and one `[[component]]` are enough.
#[derive(JsonSchema)]
#[schemars(title = "upfront.toml", deny_unknown_fields)]
struct ConfigFile {
    /// The address of this schema, for editors that look for it here.
    #[schemars(rename = "$schema")]
    schema: Option<String>,
    /// What readers call the page.
    #[schemars(extend("examples" = ["Fjordpost status"]))]
    title: String,
    /// The address it is published at.
    #[schemars(extend("examples" = ["https://status.fjordpost.example"]))]
    url: String,
    /// The IANA zone that its times are in; UTC if nothing is said.
    #[schemars(extend("examples" = ["Europe/Oslo"], "default" = "UTC"))]
    time_zone: Option<String>,
    /// The language of the page's own words, as a tag of BCP 47; English if nothing is said.
    #[schemars(extend("examples" = ["en", "nb", "pt-BR"], "default" = "en"))]
    language: Option<String>,
    /// One sentence on what the page reports on.
    #[schemars(extend("examples" = ["How Fjordpost's mail service is doing."]))]
    description: Option<String>,
    /// A picture shown beside the name, as a path from this file.
    #[schemars(extend("examples" = ["theme/static/logo.svg"]))]
    logo: Option<String>,
    /// Where a reader goes for whom it is broken all the same.
    #[schemars(extend("examples" = ["https://fjordpost.example/support", "mailto:help@fjordpost.example"]))]
    support: Option<String>,
    /// A line or two of Markdown in the foot of every page.
    #[schemars(extend("examples" = ["Fjordpost AS, Bergen. This page is hosted elsewhere than our mail."]))]
    footer: Option<String>,
    /// What is to be done whenever somebody writes; `new` and `update` print it.
    #[schemars(extend("examples" = [["Is the on-call lead told?", "Does the switchboard know?"]]))]
    checklist: Option<Vec<String>>,
    /// What it reports on, in the order that readers see: one `[[component]]` for each.
    #[schemars(length(min = 1))]
    component: Vec<ComponentTable>,
    /// Groups of components that need an id or a description of their own: one `[[group]]` for each.
    group: Option<Vec<GroupTable>>,
    /// Further links in the foot of every page: one `[[link]]` for each.
    link: Option<Vec<LinkTable>>,
    /// Colours and fonts.
    brand: Option<BrandTable>,
    /// What readers may count on.
    promise: Option<PromiseTable>,
    /// What readers see of changes to what was published.
    show_edits: Option<ShowEditsWord>,
    /// How many accounts there are in all: what a share of them is a share of.
    #[schemars(range(min = 1), extend("examples" = [41000]))]
    accounts: Option<u32>,
    /// Where results of monitors come from: one `[[feed]]` for each.
    feed: Option<Vec<FeedTable>>,
    /// The numbers by which outages are told from noise.
    detection: Option<DetectionTable>,
    /// What the page says by itself, in words that you approved beforehand.
    notice: Option<NoticeTable>,
    /// What counts how much as downtime.
    uptime: Option<UptimeTable>,
    /// Places of monitors as readers may know them, by the feeds' own codes.
    #[schemars(extend("examples" = [{"osl": "Oslo"}]))]
    places: Option<BTreeMap<String, String>>,
    /// Where `upfront publish` sends the site: one `[[publish]]` for each place.
    publish: Option<Vec<PublishTable>>,
    /// Other copies of the page, which readers are told of: one `[[mirror]]` for each.
    mirror: Option<Vec<MirrorTable>>,
    /// What `upfront verify` asks of the site.
    verify: Option<VerifyTable>,
    /// With what `status.json` and the list of files are signed.
    sign: Option<SignTable>,
    /// Whether a reader without a connection sees the last copy, by a service worker.
    offline_copy: Option<bool>,
    /// Where news is announced, and who is called when nobody acts: one `[[channel]]` for each.
    channel: Option<Vec<ChannelTable>>,
    /// Whether incident pages say which channel had which update when.
    show_deliveries: Option<bool>,
}

/// A part of the service that readers know by name. `id` or `name` must be there.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ComponentTable {
    /// Stands in addresses and feeds: lower-case letters, digits and `-`. Made of the name if it is left out.
    #[schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), extend("examples" = ["imap"]))]
    id: Option<String>,
    /// What readers call it.
    #[schemars(extend("examples" = ["IMAP"]))]
    name: Option<String>,
    /// One plain sentence on what it is for.
    #[schemars(extend("examples" = ["Reading mail with a mail program."]))]
    description: Option<String>,
    /// The name or id of the group it stands in.
    #[schemars(extend("examples" = ["Mail"]))]
    group: Option<String>,
    /// The monitors that speak for it, each with its feed's id; without this the monitor of its own id.
    #[schemars(extend("examples" = [["nodeping:imap-ssl", "nagios:imap01/IMAP"]]))]
    monitors: Option<Vec<String>>,
    /// Good results that took at least so long are degraded.
    #[schemars(extend("examples" = ["2s", "800ms"]))]
    slow_after: Option<String>,
    /// What becomes of an outage that monitors see here and nobody has written about.
    notices: Option<NoticesWord>,
    /// `fast` publishes sooner, at the price of about one false notice a year.
    detection: Option<DetectionWord>,
}

/// Components that readers think of together. `id` or `name` must be there.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct GroupTable {
    /// Stands in addresses and feeds; unique among groups and components. Made of the name if it is left out.
    #[schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), extend("examples" = ["mail"]))]
    id: Option<String>,
    /// What readers call it.
    #[schemars(extend("examples" = ["Mail"]))]
    name: Option<String>,
    /// One plain sentence on it.
    #[schemars(extend("examples" = ["Everything that brings mail to you."]))]
    description: Option<String>,
}

/// A link in the foot of every page.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct LinkTable {
    /// What it says.
    #[schemars(extend("examples" = ["Our website"]))]
    name: String,
    /// Where it leads: `https:`, `http:`, `mailto:` or a path of the site.
    #[schemars(extend("examples" = ["https://fjordpost.example", "/maintenance/"]))]
    url: String,
}

/// The tokens that re-brand a site; what is left out keeps the theme's own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct BrandTable {
    /// The page. Paper against ink must stay at 12:1 or more.
    paper: Option<Colours>,
    /// The text.
    ink: Option<Colours>,
    /// The name, the current page and the focus ring.
    brand: Option<Colours>,
    /// Fonts for what people wrote, as CSS takes them.
    #[schemars(extend("examples" = ["Charter, \"Noto Serif\", serif"]))]
    voice: Option<String>,
    /// Fonts for what the machine states.
    #[schemars(extend("examples" = ["Roboto, sans-serif"]))]
    plain: Option<String>,
}

/// A colour for light alone, or one for light and one for dark.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Colours {
    Light(#[schemars(regex(pattern = "^#([0-9A-Fa-f]{3}){1,2}$"))] String),
    Both([String; 2]),
    Named(ColourPair),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ColourPair {
    /// In light mode.
    #[schemars(extend("examples" = ["#1a4a5e"]))]
    light: Option<String>,
    /// In dark mode.
    #[schemars(extend("examples" = ["#92c7dc"]))]
    dark: Option<String>,
}

/// What readers may count on. Lengths of time from a minute to a year.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PromiseTable {
    /// How often the site is rebuilt; the page says so itself when that is overdue.
    #[schemars(extend("examples" = ["5m"]))]
    rebuild: Option<String>,
    /// How soon after it was detected (else after it began) a person has written about a disturbance.
    #[schemars(extend("examples" = ["10m"]))]
    first_post: Option<String>,
    /// How soon after an update the next one comes; `update` writes `next_update` from it.
    #[schemars(extend("examples" = ["30 min", "2h", "1 day"]))]
    next_update: Option<String>,
    /// How soon after the end of a serious disturbance its report comes. Without it none is owed.
    #[schemars(extend("examples" = ["5 working days", "7 days"]))]
    rfo: Option<String>,
    /// From which impact on a report is owed.
    rfo_impact: Option<RfoImpactWord>,
    /// For how long together a component must have been in major outage that a report is owed whatever the impact.
    #[schemars(extend("default" = "1h"))]
    rfo_outage: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", extend("default" = "major"))]
enum RfoImpactWord {
    Minor,
    Major,
    Critical,
}

/// What readers see of changes to what was published.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", extend("default" = "mark"))]
enum ShowEditsWord {
    /// That there was one, and when.
    Mark,
    /// What it said before as well.
    Full,
}

/// A feed. What its kind needs besides stands in `docs/feeds.md`. Secrets are named here, never written.
#[derive(JsonSchema)]
struct FeedTable {
    /// Its monitors are written `<id>:<monitor>`.
    #[schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), extend("examples" = ["nodeping"]))]
    id: String,
    /// Whose shape it has; our own if nothing is said.
    kind: Option<FeedKindWord>,
    /// Its address. With neither `url` nor `file` it is what `upfront record <id>` gets on standard input.
    #[schemars(extend("examples" = ["https://status.example/api/v1/endpoints/statuses"]))]
    url: Option<String>,
    /// Its file, or a folder of them, from the site's folder; `-` is standard input.
    #[schemars(extend("examples" = ["feed.json"]))]
    file: Option<String>,
    /// How often its monitors run, if it does not say.
    #[schemars(extend("examples" = ["1m"]))]
    interval: Option<String>,
    /// How long an answer may take.
    #[schemars(extend("examples" = ["10s"], "default" = "10s"))]
    timeout: Option<String>,
    /// The environment variable that holds its token.
    #[schemars(extend("examples" = ["NODEPING_TOKEN"]))]
    token_env: Option<String>,
    /// The file that holds its token.
    #[schemars(extend("examples" = ["/run/secrets/nodeping"]))]
    token_file: Option<String>,
    /// The user's name where it asks for one.
    #[schemars(extend("examples" = ["status"]))]
    user: Option<String>,
    /// The environment variable that holds the user's password.
    #[schemars(extend("examples" = ["NAGIOS_PASSWORD"]))]
    password_env: Option<String>,
    /// The file that holds the user's password.
    #[schemars(extend("examples" = ["/run/secrets/nagios"]))]
    password_file: Option<String>,
    /// A monitor of something that is not yours: while it fails as well, the feed itself is suspect.
    #[schemars(extend("examples" = ["elsewhere"]))]
    canary: Option<String>,
    /// A file of certificates (PEM) that its own may be signed with, instead of those that browsers know.
    #[schemars(extend("examples" = ["/etc/ssl/our-ca.pem"]))]
    ca_file: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum FeedKindWord {
    Upfront,
    Nodeping,
    Nagios,
    Livestatus,
    Checkmk,
    Icinga2,
    UptimeKuma,
    Gatus,
    Prometheus,
    Alertmanager,
    Healthchecks,
    Uptimerobot,
    Pingdom,
    Betterstack,
    Zabbix,
    Statuspage,
    Upptime,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum NoticesWord {
    /// It is published by itself.
    On,
    /// `record` writes a draft, and a person publishes it.
    Draft,
    /// It counts in the history only.
    Off,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum DetectionWord {
    Normal,
    Fast,
}

/// The numbers by which outages are told from noise. Each has a default that suits most.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct DetectionTable {
    /// What becomes of an outage that nobody has written about.
    #[schemars(extend("default" = "on"))]
    notices: Option<NoticesWord>,
    /// How long nothing but failing results must come.
    #[schemars(extend("default" = "3m"))]
    detect_after: Option<String>,
    /// The same for components with `detection = "fast"`.
    #[schemars(extend("default" = "2m"))]
    fast_detect_after: Option<String>,
    /// How many failing results in a row there must be at least.
    #[schemars(extend("default" = 2))]
    fails: Option<u32>,
    /// From how many places, where the feed has so many.
    #[schemars(extend("default" = 2))]
    locations: Option<u32>,
    /// How far back to look for a brown-out, in which part of the results fail.
    #[schemars(extend("default" = "15m"))]
    brownout_window: Option<String>,
    /// The same as a number of results, if that reaches further back.
    #[schemars(extend("default" = 15))]
    brownout_results: Option<u32>,
    /// How many of them must fail.
    #[schemars(extend("default" = 5))]
    brownout_fails: Option<u32>,
    /// Which share of them must fail.
    #[schemars(extend("default" = 0.333))]
    brownout_share: Option<ShareValue>,
    /// From how many places.
    #[schemars(extend("default" = 3))]
    brownout_locations: Option<u32>,
    /// The share where there is one place only.
    #[schemars(extend("default" = 0.5))]
    brownout_share_of_one: Option<ShareValue>,
    /// How long nothing may fail until an outage is over.
    #[schemars(extend("default" = "15m"))]
    hold: Option<String>,
    /// To which length relapses may double `hold`.
    #[schemars(extend("default" = "60m"))]
    hold_max: Option<String>,
    /// How many good results there must be until an outage is over.
    #[schemars(extend("default" = 5))]
    good_results: Option<u32>,
    /// How soon after its end a new outage is the same one.
    #[schemars(extend("default" = "60m"))]
    relapse: Option<String>,
    /// So many outages within `unstable_window` are one that comes and goes.
    #[schemars(extend("default" = 3))]
    unstable_openings: Option<u32>,
    /// See `unstable_openings`.
    #[schemars(extend("default" = "6h"))]
    unstable_window: Option<String>,
    /// The `hold` of what comes and goes.
    #[schemars(extend("default" = "60m"))]
    unstable_hold: Option<String>,
    /// Without a result for so many intervals nothing is known any more.
    #[schemars(extend("default" = 3))]
    stale_intervals: Option<u32>,
    /// The same as a length of time, if that is longer.
    #[schemars(extend("default" = "5m"))]
    stale_min: Option<String>,
    /// After so many failing results in a row a component's own row says that it is being checked.
    #[schemars(extend("default" = 2))]
    checking_fails: Option<u32>,
    /// How long after announced maintenance its monitors stay silent.
    #[schemars(extend("default" = "10m"))]
    maintenance_grace: Option<String>,
    /// An incident that was opened so long before an outage is about it.
    #[schemars(extend("default" = "30m"))]
    incident_before: Option<String>,
    /// How long an outage waits for others of the same cause.
    #[schemars(extend("default" = "30s"))]
    group_wait: Option<String>,
    /// How long others of the same cause join it.
    #[schemars(extend("default" = "30m"))]
    group_window: Option<String>,
    /// How many notices a component may have on one day (UTC).
    #[schemars(extend("default" = 3))]
    per_day: Option<u32>,
    /// A feed is suspect if so many of its monitors begin to fail within `suspect_window`.
    #[schemars(extend("default" = 3))]
    suspect_monitors: Option<u32>,
    /// And which share of them.
    #[schemars(extend("default" = 0.5))]
    suspect_share: Option<ShareValue>,
    /// See `suspect_monitors`.
    #[schemars(extend("default" = "3m"))]
    suspect_window: Option<String>,
}

/// From 0 to 1, or a percentage.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum ShareValue {
    Share(#[schemars(range(min = 0, max = 1))] f64),
    Percentage(#[schemars(regex(pattern = "^[0-9]+([.][0-9]+)? ?%$"))] String),
}

/// Texts with `{component}`, `{start}`, `{end}`, `{duration}` and `{places}`. Tables of other languages may stand in it.
#[derive(JsonSchema)]
struct NoticeTable {
    /// The title while all results fail.
    #[schemars(extend("examples" = ["{component} does not answer our checks"]))]
    title_down: Option<String>,
    /// The title while part of the results fail.
    #[schemars(extend("examples" = ["{component} answers only some of our checks"]))]
    title_partial: Option<String>,
    /// The title while answers are slow.
    #[schemars(extend("examples" = ["{component} is slow"]))]
    title_degraded: Option<String>,
    /// The title of what comes and goes.
    #[schemars(extend("examples" = ["{component} fails now and then"]))]
    title_unstable: Option<String>,
    /// The first update.
    #[schemars(extend("examples" = ["Our checks have failed since {start}, from {places}. Nobody has looked at it yet."]))]
    investigating: Option<String>,
    /// The update when results are good again.
    #[schemars(extend("examples" = ["Our checks succeed again. We keep watching."]))]
    monitoring: Option<String>,
    /// The last update.
    #[schemars(extend("examples" = ["It is over: from {start} to {end}, {duration}."]))]
    resolved: Option<String>,
    /// What stands for `{places}`.
    #[schemars(extend("examples" = ["{failing} of {count} places"]))]
    places: Option<String>,
    /// The same where the places are not known.
    #[schemars(extend("examples" = ["at least one place"]))]
    places_unknown: Option<String>,
}

/// What counts how much as downtime.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct UptimeTable {
    /// `strict` counts every partial outage as a whole one.
    #[schemars(extend("default" = "weighted"))]
    rule: Option<RuleWord>,
    /// The weight of a partial outage.
    #[schemars(extend("default" = 0.5))]
    partial: Option<ShareValue>,
    /// The weight of degraded performance.
    #[schemars(extend("default" = 0))]
    degraded: Option<ShareValue>,
    /// What a brown-out weighs at least; otherwise its share of failing results.
    #[schemars(extend("default" = 0.3))]
    brownout_min: Option<ShareValue>,
    /// The number of a group: the mean of its components, or the time in which all of them worked.
    #[schemars(extend("default" = "mean"))]
    groups: Option<GroupsWord>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum RuleWord {
    Weighted,
    Strict,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum GroupsWord {
    Mean,
    All,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{config, post};

    fn keys(table: &Value) -> Vec<&str> {
        let mut keys: Vec<&str> =
            table.as_object().into_iter().flat_map(|properties| properties.keys()).map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }

    fn check(table: &Value, expected: &[&str]) {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(keys(table), expected);
    }

    #[test]
    fn the_schema_of_the_config_has_the_keys_that_are_read() {
        let schema = config();
        let properties = &schema["properties"];
        check(properties, &config::KEYS);
        check(&properties["component"]["items"]["properties"], &config::COMPONENT_KEYS);
        check(&properties["group"]["items"]["properties"], &config::GROUP_KEYS);
        check(&properties["link"]["items"]["properties"], &config::LINK_KEYS);
        check(&properties["brand"]["properties"], &config::BRAND_KEYS);
        check(&properties["promise"]["properties"], &config::PROMISE_KEYS);
        check(&properties["feed"]["items"]["properties"], &config::FEED_KEYS);
        let targets: Vec<&str> = config::TARGET_KEYS.into_iter().chain([config::CA_KEY]).collect();
        check(&properties["publish"]["items"]["properties"], &targets);
        check(&properties["mirror"]["items"]["properties"], &config::MIRROR_KEYS);
        check(&properties["verify"]["properties"], &config::VERIFY_KEYS);
        check(&properties["sign"]["properties"], &config::SIGN_KEYS);
        let mut channels = std::collections::BTreeSet::from(config::CHANNEL_KEYS.map(str::to_owned));
        for keys in crate::model::ChannelKind::ALL.map(crate::model::ChannelKind::keys) {
            channels.extend(keys.options.iter().map(|key| (*key).to_owned()));
            channels.extend(keys.secrets.iter().flat_map(|name| [format!("{name}_env"), format!("{name}_file")]));
        }
        check(&properties["channel"]["items"]["properties"], &channels.iter().map(String::as_str).collect::<Vec<_>>());
        check(&properties["detection"]["properties"], &config::detection_keys());
        check(&properties["notice"]["properties"], &config::NOTICE_KEYS);
        check(&properties["uptime"]["properties"], &config::UPTIME_KEYS);
    }

    #[test]
    fn the_schema_of_the_config_knows_every_kind_of_feed_and_every_default() {
        let schema = config();
        let properties = &schema["properties"];
        let kinds = properties["feed"]["items"]["properties"]["kind"].to_string();
        for kind in crate::model::FeedKind::ALL {
            assert!(kinds.contains(&format!("\"{}\"", kind.word())), "{}", kind.word());
        }
        // As the schema says it, every default must be one that reading makes no difference with.
        let mut stated = String::new();
        for (key, value) in properties["detection"]["properties"].as_object().into_iter().flatten() {
            stated += &format!("{key} = {}\n", value["default"]);
        }
        assert_eq!(config::detection_of(&stated), Some(crate::model::DetectionLimits::default()), "{stated}");
    }

    #[test]
    fn the_schemas_of_front_matter_have_the_keys_that_are_read() {
        // `draft` is known only to say that it does nothing.
        let offered = |keys: &[&'static str]| keys.iter().copied().filter(|key| *key != "draft").collect::<Vec<_>>();
        check(&incident()["properties"], &offered(post::INCIDENT_KEYS));
        let report = rfo();
        check(&report["properties"], &offered(post::RFO_KEYS));
        check(&report["properties"]["follow_up"]["items"]["properties"], post::FOLLOW_UP_KEYS);
    }

    #[test]
    fn every_key_is_described() {
        for schema in [incident(), rfo(), config()] {
            for (key, value) in schema["properties"].as_object().into_iter().flatten() {
                assert!(value["description"].is_string(), "{key}");
            }
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert_eq!(schema["additionalProperties"], false);
        }
    }
}
