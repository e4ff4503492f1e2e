//! What people wrote and what monitors measured, as bars above one another on one line of time.
//!
//! Names stand above their bars, so that long ones have room on a phone too. The label says in words all that it shows.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::tracks::Track;
use crate::model::ComponentState;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::pen::Pen;

const WIDTH: f64 = 720.0;
/// Of one name with its bar, and where in it the name's foot and the bar's head are.
const ROW: usize = 52;
const NAME: usize = 22;
const BAR: usize = 30;
const BAR_HEIGHT: usize = 12;
/// So many components are drawn.
const TRACKS_MAX: usize = 6;
/// Distances between times below, in minutes, of which the first is taken that gives at most `TICKS_MAX` of them.
const STEPS_MINUTES: [i64; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200, 129_600, 525_600];
const TICKS_MAX: i64 = 6;
const DAY_MINUTES: i64 = 1440;

/// What people said of it: from when to when, and how bad.
pub(super) struct Said {
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub worst: ComponentState,
}

/// A stretch of time as a width.
struct Scale {
    from_s: i64,
    to_s: i64,
}

/// `until` is how far what goes on is drawn.
pub(super) fn plot(pen: &Pen<'_>, label: &str, said: Option<&Said>, tracks: &[Track<'_>], until: Timestamp) -> Html {
    let tracks = tracks.get(..TRACKS_MAX).unwrap_or(tracks);
    let scale = Scale::new(said, tracks, until);
    let rows = tracks.len() + usize::from(said.is_some());
    let foot = rows * ROW + 8;
    let mut svg = String::with_capacity(2048);
    let _ = write!(
        svg,
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">",
        foot + 32,
        Html::text(label)
    );
    ticks(pen, &mut svg, &scale, foot);
    let mut top = 0;
    if let Some(said) = said {
        name(&mut svg, &pen.word(T::the_post), top);
        let (from, to) = (scale.x(said.start), scale.x(said.end.unwrap_or(until)));
        let _ = write!(
            svg,
            "<path data-state=\"{}\" d=\"M{from:.1} {}H{to:.1}v{BAR_HEIGHT}H{from:.1}z\"/>",
            said.worst.word(),
            top + BAR
        );
        top += ROW;
    }
    for track in tracks {
        name(&mut svg, &track.component.name, top);
        svg.push_str("<path class=\"m\" d=\"");
        for (start, end) in &track.stretches {
            let (from, to) = (scale.x(*start), scale.x(end.unwrap_or(until)));
            let _ = write!(svg, "M{from:.1} {}H{:.1}", top + BAR + BAR_HEIGHT / 2, to.max(from + 3.0));
        }
        svg.push_str("\"/>");
        top += ROW;
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

fn name(svg: &mut String, name: &str, top: usize) {
    let _ = write!(svg, "<text x=\"0\" y=\"{}\">{}</text>", top + NAME, Html::text(name));
}

/// Lines at even times of the clock on the wall, with their times below.
fn ticks(pen: &Pen<'_>, svg: &mut String, scale: &Scale, foot: usize) {
    let minutes = (scale.to_s - scale.from_s) / 60;
    let step = STEPS_MINUTES.into_iter().find(|step| minutes / step < TICKS_MAX).unwrap_or(DAY_MINUTES * 3650);
    let Ok(start) = Timestamp::from_second(scale.from_s) else { return };
    let step_s = step * 60;
    let offset_s = i64::from(pen.clock.tz.to_offset(start).seconds());
    let local = scale.from_s + offset_s;
    let first = local + (step_s - local.rem_euclid(step_s)) % step_s - offset_s;
    let at = (0..=TICKS_MAX).map(|n| first + n * step_s).take_while(|at| *at <= scale.to_s);
    let at: Vec<Timestamp> = at.filter_map(|at| Timestamp::from_second(at).ok()).collect();
    svg.push_str("<path class=\"g\" d=\"");
    for at in &at {
        let _ = write!(svg, "M{:.1} 0V{foot}", scale.x(*at));
    }
    svg.push_str("\"/>");
    for at in at {
        let x = scale.x(at);
        // A time at the edge stays inside.
        let (x, anchor) = match x {
            ..40.0 => (0.0, "start"),
            680.0.. => (WIDTH, "end"),
            _ => (x, "middle"),
        };
        let text = if step < DAY_MINUTES { pen.clock.time_text(at) } else { pen.clock.day_of_text(at) };
        let _ =
            write!(svg, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>", foot + 24, Html::text(&text));
    }
}

impl Scale {
    fn new(said: Option<&Said>, tracks: &[Track<'_>], until: Timestamp) -> Scale {
        let said = said.map(|said| (said.start, said.end));
        let all = || tracks.iter().flat_map(|track| track.stretches.iter().copied()).chain(said);
        let from = all().map(|(start, _)| start).min().unwrap_or(until).as_second();
        let to = all().map(|(_, end)| end.unwrap_or(until)).max().unwrap_or(until).as_second().max(from + 60);
        let margin = ((to - from) / 25).max(30);
        Scale { from_s: from - margin, to_s: to + margin }
    }

    fn x(&self, at: Timestamp) -> f64 {
        let part = (at.as_second().clamp(self.from_s, self.to_s) - self.from_s) as f64;
        part * WIDTH / (self.to_s - self.from_s).max(1) as f64
    }
}
