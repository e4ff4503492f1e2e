//! Badges: small pictures of a state, for a README or an intranet page. `/badge/status.svg` shows the worst of all, and
//! `/badge/<id>.svg` a component or a group. `/badge/<id>-uptime.svg` shows the uptime of 90 days, where there is a number.
//!
//! The state stands in words; the colour only repeats it. Each is an SVG with a title, loads nothing and needs no font: the
//! text is stretched to the room that was measured for it.

use super::escape::{attribute_into, text_into};
use super::machine::{FeedWords, Source, fill, text};
use super::output::{Class, Output};
use crate::derive::uptime::{Figure, Span, Sum, Uptime};
use crate::model::{ComponentState, Config};

const HEIGHT: usize = 20;
/// Of a letter of average width at 11 px.
const LETTER_WIDTH: usize = 7;
const PADDING: usize = 7;
/// Behind a number, which no colour judges. Dark enough for white text at 7:1.
const PLAIN: &str = "#4f4a42";

/// A badge for the site, each component and each group.
pub(in crate::render) fn outputs<'a>(source: Source<'a>) -> Vec<Output<'a>> {
    let config = &source.site.config;
    let states = || config.components.iter().zip(&source.derived.components);
    let components = states().map(|(component, facts)| (component.id.as_str(), component.name.as_str(), facts.state));
    let groups = config.groups.iter().filter_map(|group| {
        let members = states().filter(|(component, _)| component.group.as_ref() == Some(&group.id));
        Some((group.id.as_str(), group.name.as_str(), members.map(|(_, facts)| facts.state).max()?))
    });
    // A part that is called `status` would stand in the way of the whole.
    let parts = components.chain(groups).filter(|(id, ..)| *id != "status");
    let whole = ("status", config.title.as_str(), source.derived.overall);
    let badge = move |(id, name, state): (&str, &'a str, ComponentState)| {
        text(format!("badge/{id}.svg"), Class::Index, None, move || svg(name, source.words.state(state), colour(state)))
    };
    [whole].into_iter().chain(parts).filter_map(badge).chain(of_uptime(source)).collect()
}

/// A badge of the uptime of each component and group that has a number. An id that ends in `-uptime` keeps its own badge.
fn of_uptime<'a>(source: Source<'a>) -> Vec<Output<'a>> {
    let config = &source.site.config;
    let components = config.components.iter().zip(&source.derived.components);
    let components = components.map(|(one, facts)| (one.id.as_str(), one.name.as_str(), facts.uptime.as_deref()));
    let groups = config.groups.iter().zip(&source.derived.group_uptime);
    let groups = groups.map(|(one, uptime)| (one.id.as_str(), one.name.as_str(), uptime.as_deref()));
    let badge = |(id, name, uptime): (&str, &str, Option<&Uptime>)| {
        let sum = uptime?.window(Span::Days90)?.sum;
        let name = fill(&source.words.uptime_days, &[("name", name)]);
        let number = number(&sum, source.words)?;
        let id = format!("{id}-uptime");
        let free = !is_id(config, &id);
        free.then(|| text(format!("badge/{id}.svg"), Class::Index, None, move || svg(&name, &number, PLAIN)))?
    };
    components.chain(groups).filter_map(badge).collect()
}

fn is_id(config: &Config, id: &str) -> bool {
    let components = config.components.iter().map(|component| &component.id);
    components.chain(config.groups.iter().map(|group| &group.id)).any(|other| other.as_str() == id)
}

/// In the site's language, with its sign; `None` where so little was measured that a number alone would mislead.
fn number(sum: &Sum, words: &FeedWords) -> Option<String> {
    let Figure::Known { printed, measured_percent: None } = sum.figure() else { return None };
    let number = printed.to_string().replace('.', &words.number_decimal);
    Some(fill(&words.percent, &[("number", &number)]))
}

/// Dark enough for white text at 7:1.
fn colour(state: ComponentState) -> &'static str {
    match state {
        ComponentState::Operational => "#0f5733",
        ComponentState::UnderMaintenance => "#224c93",
        ComponentState::DegradedPerformance => "#654600",
        ComponentState::PartialOutage => "#863600",
        ComponentState::MajorOutage => "#9d0d23",
    }
}

fn svg(name: &str, state: &str, colour: &str) -> String {
    let (left, right) = (width(name) + 2 * PADDING, width(state) + 2 * PADDING);
    let whole = left + right;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"{HEIGHT}\" viewBox=\"0 0 {whole} {HEIGHT}\" \
         role=\"img\" aria-labelledby=\"t\">\n<title id=\"t\">"
    );
    attribute_into(&mut svg, name);
    svg.push_str(": ");
    attribute_into(&mut svg, state);
    svg.push_str(&format!(
        "</title>\n<rect width=\"{whole}\" height=\"{HEIGHT}\" rx=\"3\" fill=\"#33302b\"/>\n\
         <path d=\"M{left} 0h{}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{}z\" fill=\"{colour}\"/>\n\
         <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,Geneva,sans-serif\" font-size=\"11\" aria-hidden=\"true\">\n",
        right - 3,
        right - 3,
    ));
    for (x, words) in [(PADDING, name), (left + PADDING, state)] {
        svg.push_str(&format!("<text x=\"{x}\" y=\"14\" textLength=\"{}\">", width(words)));
        text_into(&mut svg, words);
        svg.push_str("</text>\n");
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// In pixels. Letters of East Asia and symbols are about twice as wide.
fn width(words: &str) -> usize {
    let wide = |c: char| if c >= '\u{1100}' { 2 } else { 1 };
    words.chars().map(wide).sum::<usize>().max(1) * LETTER_WIDTH
}

#[cfg(test)]
mod tests;
