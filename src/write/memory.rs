//! Outputs → memory, for `check`: the same site without a folder, with everything reused that did not change. What is
//! only copied, a picture, is known by its path and empty: nobody looks into it, and all of them may not fit; so is what
//! is made of all the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::render::{Content, Key, Output, RenderError};

/// What was collected last, by path. What is no longer part of the site is not kept.
#[derive(Clone, Debug, Default)]
pub struct Cache(BTreeMap<String, (Option<Key>, Arc<[u8]>)>);

/// The whole site by path. Only outputs with another [`Key`] than the last time, or without one, are made.
///
/// # Errors
///
/// The first page by path that cannot be made. The cache keeps what it had.
pub fn collect(outputs: &[Output<'_>], cache: &mut Cache) -> Result<BTreeMap<String, Arc<[u8]>>, RenderError> {
    let mut made: Vec<_> = outputs.par_iter().map(|output| (output.path.as_str(), make(output, cache))).collect();
    made.sort_by_key(|(path, _)| *path);
    let made = made.into_iter().map(|(path, bytes)| Ok((path.to_owned(), bytes?)));
    let kept = made.collect::<Result<BTreeMap<_, _>, RenderError>>()?;
    let site = kept.iter().map(|(path, (_, bytes))| (path.clone(), Arc::clone(bytes))).collect();
    cache.0 = kept;
    Ok(site)
}

fn make(output: &Output<'_>, cache: &Cache) -> Result<(Option<Key>, Arc<[u8]>), RenderError> {
    match cache.0.get(output.path.as_str()) {
        Some((key, bytes)) if key.is_some() && *key == output.key => Ok((*key, Arc::clone(bytes))),
        _ => match &output.content {
            Content::Made(make) => Ok((output.key, make()?.into())),
            Content::Copied(_) | Content::Sealed(_) => Ok((output.key, Arc::default())),
        },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail this way")]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::diag::{Code, Diagnostic, Severity};
    use crate::render::{Class, SitePath};

    fn output<'a>(path: &str, key: Option<u8>, bytes: &'a str, made: &'a AtomicUsize) -> Output<'a> {
        let make = move || {
            made.fetch_add(1, Ordering::Relaxed);
            Ok(bytes.into())
        };
        let key = key.map(|key| Key([key; 16]));
        Output { path: SitePath::new(path).unwrap(), class: Class::Leaf, key, content: Content::made(make) }
    }

    #[test]
    fn what_did_not_change_is_not_made_again() {
        let (made, mut cache) = (AtomicUsize::new(0), Cache::default());
        collect(
            &[output("a", Some(1), "a1", &made), output("b", Some(1), "b1", &made), output("c", None, "c1", &made)],
            &mut cache,
        )
        .unwrap();
        assert_eq!(made.load(Ordering::Relaxed), 3);
        let site = collect(
            &[output("c", None, "c2", &made), output("b", Some(2), "b2", &made), output("a", Some(1), "never", &made)],
            &mut cache,
        )
        .unwrap();
        assert_eq!(made.load(Ordering::Relaxed), 5);
        let site: Vec<_> = site.iter().map(|(path, bytes)| (path.as_str(), &**bytes)).collect();
        assert_eq!(site, [("a", &b"a1"[..]), ("b", b"b2"), ("c", b"c2")]);
    }

    #[test]
    fn a_page_that_cannot_be_made_leaves_the_cache_as_it_was() {
        let (made, mut cache) = (AtomicUsize::new(0), Cache::default());
        collect(&[output("a", Some(1), "a1", &made)], &mut cache).unwrap();
        let broken = Diagnostic {
            code: Code::FILE_UNREADABLE,
            severity: Severity::Error,
            message: "gone".into(),
            place: None,
            cure: String::new(),
            outcome: None,
        };
        let bad = Output {
            content: Content::made(move || Err(RenderError(Box::new(broken.clone())))),
            ..output("b", None, "", &made)
        };
        assert!(collect(&[output("a", Some(2), "a2", &made), bad], &mut cache).is_err());
        let site = collect(&[output("a", Some(1), "never", &made)], &mut cache).unwrap();
        assert_eq!(&*site["a"], b"a1");
    }
}
