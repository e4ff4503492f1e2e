//! Which channel had which update when, where the operator wants readers to know.

use super::{Input, first_day};
use crate::derive::Moment;
use crate::model::{Config, Deliveries, Delivery, DeliveryState, Incident, Slug};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::pen::{Pen, anchor};
use crate::render::time::Own;

/// The deliveries of each update, in the order of the config's channels. Nothing where readers are not to see them.
pub(super) fn deliveries<'a>(
    config: &'a Config,
    known: &'a Deliveries,
    incident: &Incident,
) -> Vec<Vec<(&'a Slug, &'a Delivery)>> {
    if !config.show_deliveries {
        return Vec::new();
    }
    let of_update = |id: &str| -> Vec<(&Slug, &Delivery)> {
        let news = format!("incidents/{}/#u-{id}", incident.first_slug());
        config.channels.iter().filter_map(|channel| Some((&channel.id, known.get(&news, &channel.id)?))).collect()
    };
    incident.updates.iter().map(|update| of_update(&update.id)).collect()
}

/// "Announced: mail 11:53, fediverse 11:54".
pub(super) fn line(pen: &Pen<'_>, input: &Input<'_>, index: usize) -> Option<Html> {
    let day = first_day(pen, input);
    let one = |(channel, delivery): &(&Slug, &Delivery)| {
        let name = Html::text(channel.as_str());
        match delivery.state {
            DeliveryState::Sent => {
                let name = delivery.link.as_ref().map_or(name.clone(), |link| anchor(link, &name));
                let time = pen.clock.near(Moment::At(delivery.at), day, Own::No);
                Some(pen.html(T::announced_at, &[("channel", &name), ("time", &time)]))
            }
            DeliveryState::Unsure => Some(pen.html(T::announced_unsure, &[("channel", &name)])),
            DeliveryState::GivenUp => Some(pen.html(T::announced_never, &[("channel", &name)])),
            // It is on its way.
            DeliveryState::Claimed | DeliveryState::Failed => None,
        }
    };
    let parts: Vec<Html> = input.deliveries.get(index)?.iter().filter_map(one).collect();
    (!parts.is_empty()).then(|| pen.html(T::announced, &[("list", &pen.listed(parts.into_iter()))]))
}
