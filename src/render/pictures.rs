//! The pictures that published text shows, beneath the page of whoever shows them. They are copied as they are.

use super::output::{Class, Content, Output, SitePath};
use crate::model::Site;

/// In the order of the site's pictures; those of a path that cannot be one of the site are left out.
pub(super) fn outputs<'a>(site: &'a Site) -> impl Iterator<Item = Output<'a>> {
    site.pictures.iter().filter_map(|picture| {
        let path = SitePath::new(format!("incidents/{}/{}", picture.incident, picture.name))?;
        // What the file holds is seen only by reading it, which is as much work as copying it.
        let key = None;
        Some(Output { path, class: Class::Asset, key, content: Content::Copied(picture.file.clone()) })
    })
}
