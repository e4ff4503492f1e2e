//! The file of what really happened: a line an outage, `component,from,to`. A head and empty lines may stand in it.
//!
//! ```text
//! component,from,to
//! imap,2026-11-24 11:02,2026-11-24 11:40
//! ```

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::cli::Moment;
use crate::cmd::Failure;
use crate::derive::replay::Real;
use crate::diag::{Code, Diagnostic, Source, nearest};
use crate::model::Config;

/// More than anybody writes down by hand, in bytes.
const BYTES_MAX: u64 = 4 << 20;

/// Every line of it, or all mistakes at once: a share of what was only half understood would be wrong.
pub(super) fn read(file: &Path, config: &Config) -> Result<Vec<Real>, Failure> {
    let unread = |why: String| Failure::new(format!("could not read {}: {why}", file.display()));
    let size = fs::metadata(file).map_err(|error| unread(error.to_string()))?;
    if !size.is_file() || size.len() > BYTES_MAX {
        return Err(unread("it is no file of lines `component,from,to`".to_owned()));
    }
    let text = fs::read_to_string(file).map_err(|error| unread(error.to_string()))?;
    let source = Arc::new(Source::new(file.display().to_string().as_str(), text.as_str()));
    let mut real = Vec::new();
    let mut mistakes = Vec::new();
    let mut begins = 0;
    for line in text.split_inclusive('\n') {
        let span = begins..begins + line.trim_end().len();
        begins += line.len();
        match read_line(line.trim(), config) {
            Ok(found) => real.extend(found),
            Err(_) if real.is_empty() && mistakes.is_empty() && is_head(line) => {}
            Err((message, cure)) => {
                mistakes.push(Diagnostic::error(Code::OUTAGE_LINE, message).at(&source, span).cure(cure));
            }
        }
    }
    if mistakes.is_empty() { Ok(real) } else { Err(Failure::Mistakes(mistakes)) }
}

fn is_head(line: &str) -> bool {
    let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"').to_ascii_lowercase());
    cells.next().as_deref() == Some("component")
}

/// `None` for a line without anything in it.
fn read_line(line: &str, config: &Config) -> Result<Option<Real>, (String, String)> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let cells: Vec<&str> = line.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
    let [id, from, to] = cells.as_slice() else {
        return Err((
            format!("a line has `component,from,to`, this one has {} of the three", cells.len().min(99)),
            "write it like imap,2026-11-24 11:02,2026-11-24 11:40".to_owned(),
        ));
    };
    let ids = || config.components.iter().map(|component| component.id.as_str());
    let component = config.components.iter().find(|component| component.id.as_str() == *id).ok_or_else(|| {
        let cure = nearest(id, ids()).map(|near| format!("did you mean `{near}`?"));
        let all = || format!("there is {}", ids().collect::<Vec<_>>().join(", "));
        (format!("no component is called `{id}`"), cure.unwrap_or_else(all))
    })?;
    let moment = |text: &str| {
        let read: Result<Moment, _> = text.parse();
        read.map(|moment| moment.in_zone(&config.zone.tz))
            .map_err(|cure| (format!("`{text}` is no time"), cure.to_string()))
    };
    let (from, to) = (moment(from)?, moment(to)?);
    if to <= from {
        return Err(("it ends before it began".to_owned(), "the earlier time stands first".to_owned()));
    }
    Ok(Some(Real { component: component.id.clone(), from, to }))
}
