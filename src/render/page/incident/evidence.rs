//! Checks and words: what monitors measured of an incident beside what people wrote, and whether the two agree. For a
//! notice, which no person wrote, what was measured alone.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::Input;
use super::plot::{Said, plot};
use super::tracks::{Track, later, tracks};
use crate::derive::{Measured, Moment, Phase};
use crate::model::{Detection, Kind};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::lead::joined;
use crate::render::page::pen::{Fact, Pen};
use crate::render::time::Own;

/// So many components are named one by one.
const NAMED_MAX: usize = 3;

/// What a template prints as the section on evidence.
#[derive(Serialize)]
pub(super) struct Evidence {
    /// Whether it stands above the updates. While something is under way their newest word comes first.
    first: bool,
    title: String,
    /// Beside the title.
    small: Option<String>,
    text: Html,
    drawing: Html,
    key: Option<Html>,
    facts: Vec<Fact>,
}

/// `None` where monitors said nothing of it.
pub(super) fn evidence(pen: &Pen<'_>, input: &Input<'_>) -> Option<Evidence> {
    if input.detections.is_empty() {
        return None;
    }
    let day = super::first_day(pen, input);
    let tracks = tracks(pen.config(), &input.detections);
    let until = until(pen, input, &tracks);
    let said = said(pen, input);
    let label = label(pen, said.as_ref(), &tracks);
    let drawing = plot(pen, &label, said.as_ref(), &tracks, until);
    Some(match input.incident.kind {
        Kind::Notice => Evidence {
            first: true,
            title: pen.word(T::measured),
            small: None,
            text: Html::default(),
            drawing,
            key: None,
            facts: facts(pen, input),
        },
        _ => Evidence {
            first: input.phase == Phase::Over,
            title: pen.word(T::checks_and_words),
            small: Some(pen.word(T::do_they_agree)),
            text: joined(&sentences(pen, input, &tracks, day)),
            drawing,
            key: Some(pen.html(T::plot_key, &[("zone", &Html::text(&pen.clock.zone_text(until)))])),
            facts: Vec::new(),
        },
    })
}

fn said(pen: &Pen<'_>, input: &Input<'_>) -> Option<Said> {
    let at = |moment: Moment| moment.timestamp(pen.config());
    (input.incident.kind == Kind::Incident).then(|| Said {
        start: at(input.started),
        end: input.ended.map(at),
        worst: input.worst,
    })
}

/// How far what goes on is drawn: to the moment of the build where the page says it, else to the last that is known.
fn until(pen: &Pen<'_>, input: &Input<'_>, tracks: &[Track<'_>]) -> Timestamp {
    let known = tracks.iter().flat_map(|track| &track.stretches).map(|(start, end)| end.unwrap_or(*start));
    let ended = input.ended.map(|ended| ended.timestamp(pen.config()));
    let last = known.chain(ended).max();
    input.live.map(|live| live.now).into_iter().chain(last).max().unwrap_or(Timestamp::MIN)
}

fn sentences(pen: &Pen<'_>, input: &Input<'_>, tracks: &[Track<'_>], day: Date) -> Vec<Html> {
    // A withdrawal says what it withdraws; there is nothing to compare.
    if input.incident.kind == Kind::FalseAlarm {
        return Vec::new();
    }
    let mut told = vec![compared(pen, input, tracks, day)];
    if let Some(measured) = input.measured {
        told.extend(differences(pen, input, measured));
        told.extend(agreement(pen, input, measured, day));
    }
    told.push(outside(pen, &input.outside, day));
    told
}

/// `For IMAP, checks measured 11:04–23:10 CEST; the post says 11:00–14:30 CEST.`
fn compared(pen: &Pen<'_>, input: &Input<'_>, tracks: &[Track<'_>], day: Date) -> Html {
    let post = match input.ended {
        Some(ended) => pen.clock.range_near(input.started, ended, day),
        None => pen.html(T::since_open, &[("time", &pen.clock.near(input.started, day, Own::No))]),
    };
    let name = |track: &Track<'_>| Html::text(&track.component.name);
    match tracks {
        [one] => pen.html(
            T::measured_for,
            &[("component", &name(one)), ("range", &range(pen, one.start(), one.end(), day)), ("post", &post)],
        ),
        several if several.len() <= NAMED_MAX => {
            let each = several.iter().map(|track| {
                let range = range(pen, track.start(), track.end(), day);
                pen.html(T::measured_of, &[("component", &name(track)), ("range", &range)])
            });
            pen.html(T::measured_list, &[("list", &pen.listed(each)), ("post", &post)])
        }
        many => {
            let start = many.iter().map(Track::start).min().unwrap_or(Timestamp::MIN);
            let end = many.iter().map(Track::end).reduce(later).flatten();
            pen.html(T::measured_all, &[("range", &range(pen, start, end, day)), ("post", &post)])
        }
    }
}

/// `11:04–23:10 CEST (12 h 6 min)`
fn range(pen: &Pen<'_>, start: Timestamp, end: Option<Timestamp>, day: Date) -> Html {
    match end {
        Some(end) => {
            let range = pen.clock.range_near(Moment::At(start), Moment::At(end), day);
            match pen.clock.between(Moment::At(start), Moment::At(end)) {
                Some(length) => pen.html(T::measured_range, &[("range", &range), ("length", &Html::text(&length))]),
                None => range,
            }
        }
        None => pen.html(T::since_open, &[("time", &pen.clock.near(Moment::At(start), day, Own::No))]),
    }
}

/// Where text and measurement differ by so much that it should be said.
fn differences(pen: &Pen<'_>, input: &Input<'_>, measured: &Measured) -> Vec<Html> {
    let length = |said: Moment, at: Timestamp| {
        let Moment::At(said) = said else { return None };
        pen.clock.between(Moment::At(said.min(at)), Moment::At(said.max(at)))
    };
    let start = measured.start_differs.then(|| length(input.started, measured.start)).flatten();
    let end = input.ended.zip(measured.end).filter(|_| measured.end_differs);
    let end = end.and_then(|(said, at)| length(said, at));
    let told = [(T::differs_start, start), (T::differs_end, end)].into_iter();
    told.filter_map(|(key, length)| Some(Html::text(&pen.text(key, &[("length", &length?)])))).collect()
}

fn agreement(pen: &Pen<'_>, input: &Input<'_>, measured: &Measured, day: Date) -> Option<Html> {
    if let Some(disagreement) = pen.disagreement(measured) {
        return Some(Html::trusted(format!("<strong>{}</strong>", Html::text(&disagreement))));
    }
    let end = measured.end.filter(|_| input.phase == Phase::Over && !measured.end_differs)?;
    Some(pen.html(T::checks_agree, &[("time", &pen.clock.near(Moment::At(end), day, Own::No))]))
}

/// What the checks saw about that time and the post does not cover.
fn outside(pen: &Pen<'_>, outside: &[&Detection], day: Date) -> Html {
    match outside {
        [] => Html::text(&pen.word(T::post_covers_all)),
        [one] => pen.html(T::outside_one, &[("range", &range(pen, one.start, one.end, day))]),
        many => Html::text(&pen.count(T::outside_many, many.len(), &[])),
    }
}

/// The drawing in words.
fn label(pen: &Pen<'_>, said: Option<&Said>, tracks: &[Track<'_>]) -> String {
    let range = |start: Timestamp, end: Option<Timestamp>| match end {
        Some(end) => pen.clock.range_text(Moment::At(start), Moment::At(end)),
        None => pen.text(T::since_open, &[("time", &pen.clock.full_text(Moment::At(start)))]),
    };
    let post = said.map(|said| pen.text(T::plot_post, &[("range", &range(said.start, said.end))]));
    let failing = |track: &Track<'_>| {
        let range = range(track.start(), track.end());
        pen.text(T::plot_failing, &[("component", &track.component.name), ("range", &range)])
    };
    let list: Vec<String> = tracks.iter().map(failing).collect();
    let checks = pen.text(T::plot_checks, &[("list", &list.join(&pen.word(T::list_separator)))]);
    post.into_iter().chain([checks]).collect::<Vec<_>>().join(" ")
}

/// What was measured of a notice, fact by fact.
fn facts(pen: &Pen<'_>, input: &Input<'_>) -> Vec<Fact> {
    let Some(detection) = input.detections.first() else { return Vec::new() };
    let at = |at: Timestamp| pen.clock.weekday(Moment::At(at), Own::Beside);
    let fact = |key: T, main: Html| pen.fact(key, main, None);
    let length = detection.end.and_then(|end| pen.clock.between(Moment::At(detection.start), Moment::At(end)));
    let places = (detection.places.of > 0).then(|| {
        let number = |number: u16| pen.number(usize::from(number));
        pen.text(
            T::places_of,
            &[("failing", &number(detection.places.failing)), ("count", &number(detection.places.of))],
        )
    });
    let unstable = detection.unstable.then(|| Html::text(&pen.word(T::measured_unstable)));
    [
        Some(fact(T::measured_start, at(detection.start))),
        Some(fact(T::measured_detected, at(detection.detected))),
        detection.end.map(|end| fact(T::measured_end, at(end))),
        length.map(|length| pen.fact(T::measured_length, Html::text(&length), unstable)),
        places.map(|places| fact(T::measured_places, Html::text(&places))),
        Some(fact(T::measured_rule, Html::text(&rule(pen, &detection.thresholds)))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `180 s, 2 places, hold 900 s` in words; as it stands where it is written otherwise.
fn rule(pen: &Pen<'_>, thresholds: &str) -> String {
    let parts: Vec<&str> = thresholds.split(", ").collect();
    let seconds = |text: &str| text.strip_suffix(" s")?.parse::<u32>().ok();
    let parsed = match parts.as_slice() {
        [after, places, hold] => (|| {
            let places = places.strip_suffix(" places").or_else(|| places.strip_suffix(" place"))?;
            Some((seconds(after)?, places.parse::<usize>().ok()?, seconds(hold.strip_prefix("hold ")?)?))
        })(),
        _ => None,
    };
    let Some((after, places, hold)) = parsed else { return thresholds.to_owned() };
    let length = |seconds: u32| pen.clock.duration(SignedDuration::from_secs(i64::from(seconds)));
    pen.count(T::rule_words, places, &[("after", &length(after)), ("hold", &length(hold))])
}
