//! Which file of the source stands where in the site, so that a link that works on the git host works on the page too:
//! `[the report](rfo.md)` or `![graph](graph.png)`, written beside the file.

use super::output::Key;
use crate::model::{Incident, Markdown, Rfo, Site};

/// Where the files of a site stand in it. Knows of the site nothing else, so that a page whose key holds
/// [`Targets::key_for`] its texts may have it.
#[derive(Clone, Copy)]
pub(in crate::render) struct Targets<'a> {
    site: &'a Site,
    key: Key,
}

impl<'a> Targets<'a> {
    pub(in crate::render) fn new(site: &'a Site) -> Targets<'a> {
        let incidents = site.incidents.iter().map(|incident| (&incident.source, &incident.slug));
        let reports = site.rfos.iter().map(|report| (&report.source, &report.slug));
        let pictures: Vec<_> = site.pictures.iter().map(|picture| (&picture.incident, &picture.name)).collect();
        let key = Key::of(&(incidents.collect::<Vec<_>>(), reports.collect::<Vec<_>>(), pictures));
        Targets { site, key }
    }

    /// Where the file that `href` names, seen from the file `source`, stands in the site; `None` for what is not
    /// published.
    pub(in crate::render) fn resolve(&self, source: &str, href: &str) -> Option<String> {
        let mut parts: Vec<&str> = folder(source).split('/').filter(|part| !part.is_empty()).collect();
        for part in href.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        let file = parts.join("/");
        if let Some(incident) = self.incident(&file).or_else(|| self.incident(&format!("{file}/index.md"))) {
            return Some(format!("incidents/{}/", incident.slug));
        }
        if let Some(report) = self.report(&file) {
            return Some(format!("rfo/{}/", report.slug));
        }
        self.picture(&file)
    }

    /// The fingerprint of all that is known here.
    pub(in crate::render) fn key(&self) -> Key {
        self.key
    }

    /// The same, where what is made of the texts may depend on it.
    pub(in crate::render) fn key_for<'t>(&self, texts: impl IntoIterator<Item = &'t Markdown>) -> Option<Key> {
        let names_files = |text: &Markdown| !text.definitions.is_empty() || super::links::may_name_files(&text.text);
        texts.into_iter().any(names_files).then_some(self.key)
    }

    /// A site's incidents stand in the order of their files, so this is quick in a large archive.
    fn incident(&self, file: &str) -> Option<&'a Incident> {
        let incidents = &self.site.incidents;
        let at = incidents.binary_search_by(|incident| incident.source.as_str().cmp(file)).ok()?;
        incidents.get(at)
    }

    fn report(&self, file: &str) -> Option<&'a Rfo> {
        let reports = &self.site.rfos;
        let at = reports.binary_search_by(|report| report.source.as_str().cmp(file)).ok()?;
        reports.get(at)
    }

    /// A picture stands beside the file of its incident.
    fn picture(&self, file: &str) -> Option<String> {
        let (folder, name) = file.rsplit_once('/')?;
        let beside = self.incident(&format!("{folder}/index.md"));
        let mut named = self.site.pictures.iter().filter(|picture| picture.name == name);
        let picture = named.find(|picture| match beside {
            Some(incident) => picture.incident == incident.slug,
            None => self.site.incidents.iter().any(|incident| {
                incident.slug == picture.incident && self::folder(&incident.source).trim_end_matches('/') == folder
            }),
        })?;
        Some(format!("incidents/{}/{}", picture.incident, picture.name))
    }
}

/// The folder that a file is in, with a slash at its end, or nothing.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::render::page::tests::sample;

    #[track_caller]
    fn check(source: &str, href: &str, path: Option<&str>) {
        let (mut site, _) = sample::site("2022-04-12T07:40:00Z");
        site.incidents.truncate(2);
        for (incident, (file, slug)) in site
            .incidents
            .iter_mut()
            .zip([("incidents/2021/slow.md", "slow"), ("incidents/2022-03-29-imap/index.md", "2022-03-29-imap")])
        {
            incident.source = file.to_owned();
            incident.slug = sample::slug(slug);
        }
        site.rfos.truncate(1);
        for report in &mut site.rfos {
            report.source = "incidents/2022-03-29-imap/rfo.md".to_owned();
            report.slug = sample::slug("2022-03-29-imap");
        }
        site.pictures.push(crate::model::Picture {
            incident: sample::slug("2022-03-29-imap"),
            name: "graph.png".to_owned(),
            file: "graph.png".into(),
        });
        assert_eq!(Targets::new(&site).resolve(source, href).as_deref(), path);
    }

    #[test]
    fn a_link_that_works_on_the_git_host_works_on_the_page() {
        check("incidents/2022-03-29-imap/index.md", "rfo.md", Some("rfo/2022-03-29-imap/"));
        check("incidents/2021/slow.md", "../2022-03-29-imap/", Some("incidents/2022-03-29-imap/"));
        check("incidents/2022-03-29-imap/rfo.md", "./../2021/slow.md", Some("incidents/slow/"));
        check("incidents/2022-03-29-imap/rfo.md", "graph.png", Some("incidents/2022-03-29-imap/graph.png"));
    }

    #[test]
    fn a_link_to_what_is_not_published_leads_nowhere() {
        check("incidents/2021/slow.md", "../drafts/secret.md", None);
        check("incidents/2021/slow.md", "../../../../etc/passwd", None);
        check("incidents/2021/slow.md", "graph.png", None);
        check("incidents/2021/slow.md", "", None);
    }
}
