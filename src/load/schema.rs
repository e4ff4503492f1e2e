//! JSON Schemas (<https://json-schema.org/draft/2020-12>) of what people write, so that editors complete and explain it.
//!
//! These types are only descriptions: nothing is read into them, since reading recovers from mistakes that a schema
//! would refuse. A test keeps the keys the same.

// Nobody makes values of these types, so no field is ever read.
#![expect(dead_code, reason = "descriptions, of which no value is made")]

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

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
    /// How soon after an update the next one comes; `update` writes `next_update` from it.
    #[schemars(extend("examples" = ["30 min", "2h", "1 day"]))]
    next_update: Option<String>,
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
