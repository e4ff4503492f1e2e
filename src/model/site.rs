//! A whole site, read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Config, Deliveries, Detection, Incident, LinkTargets, Monitoring, Rfo, Slug};

/// All that `load` found. The rest of the program needs no file of the site, except the pictures, which are copied.
#[derive(Clone, Debug)]
pub struct Site {
    pub config: Config,
    /// In the order of their source paths.
    pub incidents: Vec<Incident>,
    /// In the order of their source paths.
    pub rfos: Vec<Rfo>,
    /// Pictures that published text shows.
    pub pictures: Vec<Picture>,
    /// Where relative links in posts lead.
    pub links: LinkTargets,
    pub theme: ThemeFiles,
    /// What monitors reported.
    pub monitoring: Monitoring,
    /// The outages that it adds up to, by start; made by [`crate::derive::observe`], as are the notices among the incidents.
    pub detections: Vec<Detection>,
    /// What was announced where.
    pub deliveries: Deliveries,
    /// The commit that was built, shortened, where the site is in git and its files are as committed.
    pub commit: Option<String>,
}

/// A picture that an incident or a report shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// The slug of the incident it is published beneath: `/incidents/<slug>/<name>`.
    pub incident: Slug,
    /// One plain file name.
    pub name: String,
    /// The file to copy.
    pub file: PathBuf,
}

/// The files of the theme by their path inside it (`templates/pages/index.html`): the built-in ones, overridden one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ThemeFiles(pub BTreeMap<String, Vec<u8>>);
