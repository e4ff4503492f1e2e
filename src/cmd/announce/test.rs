//! `upfront announce --test`: a message that says it is a test, to each channel. Nothing of it is remembered.

use jiff::Timestamp;

use super::report::Report;
use super::{Themes, rehearsed};
use crate::announce::channel::{self, NotSent, Speaker};
use crate::announce::deliver::{self, Delivered, Outcome};
use crate::announce::message::{self, Thread, To};
use crate::announce::wire::Real;
use crate::cli;
use crate::cmd::{Edge, Failure, Status};
use crate::model::{Channel, Site};
use crate::render;

pub(super) fn run(
    edge: &Edge,
    site: &Site,
    themes: &Themes,
    now: Timestamp,
    args: &cli::Announce,
) -> Result<Status, Failure> {
    let mut report = Report { left_out: site.config.channels_left_out.clone(), ..Report::default() };
    for channel in &site.config.channels {
        let said = render::say_test(site, themes.of(channel), now);
        let key = format!("test/{now}");
        if args.dry_run {
            report.shown.push(rehearsed(edge, site, themes, channel, (&key, said, Thread::default()), now)?);
            continue;
        }
        let to = To { site, theme: themes.of(channel), channel };
        let message =
            message::compose(to, &key, said, Thread::default()).map_err(|error| Failure::Mistakes(vec![*error.0]))?;
        let outcome = match send(edge, site, channel, &message, now) {
            Ok(sent) => Outcome::Sent { link: sent.link, note: sent.note },
            Err(NotSent::Refused(why) | NotSent::Later { why, .. }) => Outcome::Failed(why),
            Err(NotSent::Unsure(why)) => Outcome::Unsure(why),
        };
        report.delivered.push(Delivered { channel: channel.id.clone(), key, subject: message.subject, outcome });
    }
    match args.json {
        true => edge.print(&format!("{:#}\n", report.json()))?,
        false => edge.say(&report.human(site).replace("; it is tried again", ""))?,
    }
    Ok(if report.is_fine() { Status::Fine } else { Status::FoundProblems })
}

fn send(
    edge: &Edge,
    site: &Site,
    channel: &Channel,
    message: &message::Message,
    now: Timestamp,
) -> Result<channel::Sent, NotSent> {
    let secrets = deliver::secrets(edge.root(), channel).map_err(NotSent::Refused)?;
    let wire = Real::new(edge.root(), channel.options.get("ca_file").map(String::as_str))?;
    channel::send(&Speaker { channel, secrets: &secrets, wire: &wire, site_url: &site.config.url, now }, message)
}
