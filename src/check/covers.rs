//! `covers` that names no notice: the post then says that it is about something that nobody saw.

use super::{Checked, locate};
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::{Incident, Slug};

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let known = |id: &Slug| checked.site.detections.iter().any(|detection| detection.id == *id);
    let unknown = |incident: &Incident| incident.covers.iter().filter(|id| !known(id)).cloned().collect::<Vec<Slug>>();
    let incidents = checked.site.incidents.iter();
    incidents.flat_map(|incident| unknown(incident).into_iter().map(|id| told(checked, incident, &id))).collect()
}

fn told(checked: &Checked<'_>, incident: &Incident, id: &Slug) -> Diagnostic {
    let source = checked.source(&incident.source);
    let text = source.text();
    let span =
        locate::value(text, "covers", id.as_str(), 0).or_else(|| locate::key(text, "covers")).unwrap_or_default();
    let ids = checked.site.detections.iter().map(|detection| detection.id.as_str());
    let cure = match nearest(id.as_str(), ids) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "write the last part of the notice's address, such as `2026-11-24-1102-imap`".to_owned(),
    };
    Diagnostic::warning(Code::UNKNOWN_NOTICE, format!("no notice is called `{id}`"))
        .at(&source, span)
        .cure(cure)
        .outcome("published, and covers what it covers by its components and times")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::diag::Source;
    use crate::render::fixture::{detection, fixture, slug};

    #[test]
    fn the_nearest_notice_is_offered() {
        let mut fixture = fixture();
        let incident = &mut fixture.site.incidents[0];
        incident.covers = vec![slug("2022-03-29-0912-imap")];
        let text = "+++\ntitle = \"x\"\ncovers = [\"2022-03-29-0912-imap\"]\n+++\n";
        let path = incident.source.clone();
        let sources = BTreeMap::from([(path.clone(), Arc::new(Source::new(path.as_str(), text)))]);
        let files = BTreeMap::new();
        let (derived, sources, files) = (&fixture.derived, &sources, &files);
        let told = |site| check(&Checked { site, derived, sources, files });
        let found = told(&fixture.site);
        let place = found[0].place.as_ref().map(|place| (place.source.path().to_owned(), place.span.clone()));
        assert_eq!(place, Some((path, 27..47)));
        assert_eq!(found[0].cure, "write the last part of the notice's address, such as `2026-11-24-1102-imap`");
        let seen = |id: &str| crate::model::Site { detections: vec![detection(id)], ..fixture.site.clone() };
        let (near, same) = (seen("2022-03-29-0911-imap"), seen("2022-03-29-0912-imap"));
        assert_eq!(told(&near)[0].cure, "did you mean `2022-03-29-0911-imap`?");
        assert_eq!(told(&same).len(), 0);
    }
}
