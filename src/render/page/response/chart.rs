//! Time to the first word, quarter by quarter, as a drawing: a mark at the median, a line up to the slowest, and what was
//! promised. Each line of the grid is several times the one below it, since a day and a minute stand in one picture.

use std::fmt::Write as _;

use jiff::SignedDuration;
use serde::Serialize;

use crate::derive::response::Standing;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::pen::Pen;

/// The newest quarters that are drawn.
const QUARTERS_MAX: usize = 8;

const WIDTH: f64 = 640.0;
const LEFT: f64 = 84.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 190.0;

/// The lines of the grid, in minutes.
const GRID: [i64; 8] = [1, 5, 20, 60, 4 * 60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60];

#[derive(Serialize)]
pub(super) struct Chart {
    caption: String,
    drawing: Html,
}

/// `None` where fewer than two quarters have a first word.
pub(super) fn chart(pen: &Pen<'_>, quarters: &[Standing]) -> Option<Chart> {
    let mut shown: Vec<&Standing> = quarters.iter().take(QUARTERS_MAX).collect();
    shown.reverse();
    let drawn = shown.iter().filter(|standing| standing.all.first_word.is_some()).count();
    let promised = pen.config().promise.first_post;
    let key = if promised.is_some() { T::chart_promised } else { T::chart };
    (drawn > 1).then(|| Chart { caption: pen.word(key), drawing: drawing(pen, &shown, promised) })
}

fn drawing(pen: &Pen<'_>, shown: &[&Standing], promised: Option<SignedDuration>) -> Html {
    let worst = shown.iter().filter_map(|standing| standing.all.first_word.as_ref()).map(|stats| stats.worst).max();
    let highest = worst.into_iter().chain(promised).max().map_or(1, |length| length.as_mins());
    let lines = GRID.iter().position(|line| *line >= highest).map_or(GRID.len(), |at| at + 1).max(3);
    let grid = GRID.get(..lines).unwrap_or(&GRID);
    let top = grid.last().copied().unwrap_or(1);
    let y = |length: SignedDuration| {
        let minutes = length.as_secs_f64() / 60.0;
        // From half a minute up, so that the lowest line has room below it.
        let share = (minutes.max(0.5) * 2.0).ln() / ((top * 2) as f64).ln();
        BOTTOM - share.min(1.0) * (BOTTOM - TOP)
    };
    let step = (WIDTH - LEFT) / (shown.len().max(1) as f64);
    let mut svg = String::new();
    let label = Html::text(&label(pen, shown, promised));
    let _ = write!(
        svg,
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} 244\" role=\"img\" aria-label=\"{label}\"><path class=\"g\" d=\""
    );
    for line in grid {
        let _ = write!(svg, "M{LEFT} {:.0}H{WIDTH}", y(SignedDuration::from_mins(*line)));
    }
    svg.push_str("\"/>");
    for line in grid {
        let text = Html::text(&pen.clock.length(line.unsigned_abs()));
        let at = y(SignedDuration::from_mins(*line)) + 4.0;
        let _ = write!(svg, "<text x=\"{:.0}\" y=\"{at:.0}\" text-anchor=\"end\">{text}</text>", LEFT - 8.0);
    }
    if let Some(promised) = promised {
        let _ = write!(svg, "<path class=\"d\" d=\"M{LEFT} {:.1}H{WIDTH}\"/>", y(promised));
    }
    let mut year = 0;
    for (at, standing) in shown.iter().enumerate() {
        let x = LEFT + step * (at as f64 + 0.5);
        let quarter = standing.period.quarter.unwrap_or(1);
        let _ = write!(svg, "<text x=\"{x:.0}\" y=\"214\" text-anchor=\"middle\">Q{quarter}</text>");
        if standing.period.year != year {
            year = standing.period.year;
            let _ = write!(svg, "<text x=\"{x:.0}\" y=\"238\" text-anchor=\"middle\">{year}</text>");
        }
        let Some(stats) = &standing.all.first_word else { continue };
        let (median, worst) = (y(stats.median), y(stats.worst));
        let _ = write!(svg, "<path d=\"M{x:.0} {median:.1}V{worst:.1}m-6 0h12\"/>");
        let is_kept = promised.is_none_or(|promised| stats.median.as_mins() <= promised.as_mins());
        let _ = if is_kept {
            write!(svg, "<circle data-state=\"operational\" cx=\"{x:.0}\" cy=\"{median:.1}\" r=\"7\"/>")
        } else {
            write!(svg, "<path data-state=\"partial_outage\" d=\"M{x:.0} {:.1}l9 9-9 9-9-9z\"/>", median - 9.0)
        };
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

/// The whole in words.
fn label(pen: &Pen<'_>, shown: &[&Standing], promised: Option<SignedDuration>) -> String {
    let of = |standing: &&&Standing| standing.all.first_word.is_some();
    let parts: Vec<String> = shown
        .iter()
        .filter(of)
        .filter_map(|standing| {
            let stats = standing.all.first_word.as_ref()?;
            Some(pen.text(
                T::chart_quarter,
                &[
                    ("period", &pen.period(standing.period)),
                    ("median", &pen.clock.duration(stats.median)),
                    ("worst", &pen.clock.duration(stats.worst)),
                ],
            ))
        })
        .collect();
    let list = parts.join("; ");
    match promised {
        Some(promised) => {
            pen.text(T::chart_label_promised, &[("list", &list), ("promised", &pen.clock.duration(promised))])
        }
        None => pen.text(T::chart_label, &[("list", &list)]),
    }
}
