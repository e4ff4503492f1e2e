//! `/uptime/`: how uptime is counted, in plain words and with this site's own weights. Only where something is measured.

use std::sync::Arc;

use serde::Serialize;

use super::frame::{Nav, Place, Shared};
use super::lead::Lead;
use super::pen::{About, Page, Pen};
use super::{All, keyed, print};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::output::{Class, Output, RenderError};

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    weights: Vec<String>,
    groups: Option<String>,
}

/// Whether the site has this page, so that others may link to it.
pub(super) fn is_there(all: All<'_>) -> bool {
    let components = all.derived.components.iter();
    components.into_iter().any(|component| component.uptime.is_some() || component.watched.is_some())
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>) {
    if is_there(all) {
        outputs.extend(keyed("uptime/index.html", Class::Leaf, shared, (), make));
    }
}

fn make(shared: &Shared<'_>, (): &()) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../");
    let title = pen.word(T::rule);
    let lead = pen.word(T::rule_lead);
    let view = View {
        weights: weights(&pen),
        groups: (!pen.config().groups.is_empty()).then(|| {
            let all = pen.config().monitoring.uptime.group_all;
            pen.word(if all { T::rule_groups_all } else { T::rule_groups_mean })
        }),
        page: pen.page(About {
            frame: pen.frame(Nav::Status, Place::Below)?,
            title: &title,
            description: lead.clone(),
            path: "uptime/",
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead { title: title.clone(), lines: vec![Html::text(&lead)], ..Lead::default() },
    };
    print(shared, "pages/uptime.html", &view)
}

fn weights(pen: &Pen<'_>) -> Vec<String> {
    let rule = pen.config().monitoring.uptime;
    let percent = |permille: u16| pen.permille(permille);
    let degraded = match rule.degraded {
        0 => pen.word(T::rule_degraded_none),
        weight => pen.text(T::rule_degraded, &[("percent", &percent(weight))]),
    };
    vec![
        pen.word(T::rule_down),
        pen.text(T::rule_partial, &[("percent", &percent(rule.partial))]),
        pen.text(T::rule_brownout, &[("percent", &percent(rule.brownout_min))]),
        degraded,
    ]
}
