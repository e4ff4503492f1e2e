//! Small pages at the addresses that incidents and reports had before: a published URL keeps working on any host. Hosts
//! that can redirect do so by `_redirects`, and never show these.

use std::sync::Arc;

use serde::Serialize;

use super::frame::Shared;
use super::{All, keyed, print};
use crate::render::headers;
use crate::render::output::{Class, Output, RenderError};

/// All that the page may look at.
#[derive(Hash)]
struct Input {
    /// Where it is now, from the site's root.
    to: String,
}

#[derive(Serialize)]
struct View<'a> {
    lang: &'a str,
    /// From the old page to the new one.
    href: String,
    canonical: String,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>) {
    for (old, to) in headers::redirects(all.site) {
        outputs.extend(keyed(old.as_str(), Class::Leaf, shared, Input { to }, make));
    }
}

fn make(shared: &Shared<'_>, input: &Input) -> Result<Vec<u8>, RenderError> {
    let view = View {
        lang: shared.theme.i18n.language(),
        // What has moved stood in a folder of `incidents/` or `rfo/`.
        href: format!("../../{}", input.to),
        canonical: format!("{}/{}", shared.config.url, input.to),
    };
    print(shared, "pages/moved.html", &view)
}
