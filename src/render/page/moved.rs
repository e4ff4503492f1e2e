//! Small pages at the addresses that incidents and reports had before: a published URL keeps working on any host. Hosts
//! that can redirect do so by `_redirects`, and never show these.

use std::sync::Arc;

use serde::Serialize;

use super::frame::Shared;
use super::{All, keyed, print};
use crate::model::Slug;
use crate::render::output::{Output, RenderError};

/// All that the page may look at.
#[derive(Hash)]
struct Input<'a> {
    /// `incidents` or `rfo`.
    folder: &'static str,
    slug: &'a Slug,
    title: &'a str,
}

#[derive(Serialize)]
struct View<'a> {
    lang: &'a str,
    title: &'a str,
    /// From the old page to the new one.
    href: String,
    canonical: String,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>) {
    for incident in &all.site.incidents {
        for alias in &incident.aliases {
            let input = Input { folder: "incidents", slug: &incident.slug, title: &incident.title };
            outputs.extend(keyed(&format!("incidents/{alias}/index.html"), shared, input, make));
        }
    }
    for report in &all.site.rfos {
        for alias in &report.aliases {
            let input = Input { folder: "rfo", slug: &report.slug, title: &report.title };
            outputs.extend(keyed(&format!("rfo/{alias}/index.html"), shared, input, make));
        }
    }
}

fn make(shared: &Shared<'_>, input: &Input<'_>) -> Result<String, RenderError> {
    let view = View {
        lang: shared.theme.i18n.language(),
        title: input.title,
        href: format!("../../{}/{}/", input.folder, input.slug),
        canonical: format!("{}/{}/{}/", shared.config.url, input.folder, input.slug),
    };
    print(shared, "pages/moved.html", &view)
}
