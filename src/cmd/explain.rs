//! `upfront explain`: why the page says what it says, with the lines that it rests on.
//!
//! For the operator's own terminal: monitors, places and results are in it, which no page shows. Nothing is decided here;
//! [`crate::derive::explain`] asks again what decided.

mod json;
mod subject;
mod told;

use std::path::Path;

use self::subject::Subject;
use super::observed::{Observed, observe};
use super::{Edge, Failure, Status};
use crate::cli;
use crate::derive::{self, Derived, explain};
use crate::model::{Config, MonitorRef, Site};

/// Says why.
pub(super) fn run(edge: &Edge, args: &cli::Explain) -> Result<Status, Failure> {
    // What the page says now rests on what its build asked; what is known without asking is said here.
    let Observed { site, now, diagnostics } = observe(edge, args.now, false)?;
    let derived = derive::derive(&site, now);
    let subjects = subject::subjects(args.subject.as_deref(), &site, &derived)?;
    edge.tell(&diagnostics);
    let why = Why { root: edge.root(), site: &site, derived: &derived };
    if args.json {
        edge.print(&format!("{:#}\n", json::report(&why, &subjects)))?;
    } else {
        let text: Vec<String> = subjects.iter().map(|&subject| told::subject(&why, subject)).collect();
        let nothing = "everything is operational, and nothing is open or unexplained\n".to_owned();
        edge.print(&if text.is_empty() { nothing } else { text.join("\n") })?;
    }
    Ok(Status::Fine)
}

/// What is asked about.
struct Why<'a> {
    root: &'a Path,
    site: &'a Site,
    derived: &'a Derived,
}

impl Why<'_> {
    fn config(&self) -> &Config {
        &self.site.config
    }

    fn component(&self, index: usize) -> Option<explain::OfComponent> {
        explain::component(self.site, self.derived, index)
    }

    fn detection(&self, index: usize) -> Option<explain::OfDetection> {
        explain::detection(self.site, self.derived.now, index)
    }

    /// `file:line` of the result of a monitor, where the raw log still holds it.
    fn line(&self, monitor: &MonitorRef, place: Option<&str>, at_ms: i64) -> Option<String> {
        crate::load::log_line(self.root, monitor, place, at_ms)
    }

    /// Every component and detection that a subject is about, in the order in which they are told.
    fn parts(&self, subject: Subject) -> (Option<explain::OfComponent>, Vec<explain::OfDetection>) {
        match subject {
            Subject::Component(index) => {
                let component = self.component(index);
                let of = component.as_ref().map_or(&[][..], |component| &component.detections);
                let detections = of.iter().filter_map(|&at| self.detection(at)).collect();
                (component, detections)
            }
            Subject::Detection(index) => (None, self.detection(index).into_iter().collect()),
        }
    }
}
