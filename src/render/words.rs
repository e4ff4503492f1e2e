//! The words of what programs read (see [`FeedWords`]), from the texts of the site.

use super::i18n::{I18n, T};
use super::machine::FeedWords;

pub(in crate::render) fn feed_words(i18n: &I18n) -> FeedWords {
    let word = |key| i18n.word(key);
    FeedWords {
        feed_title: i18n.pattern(T::feed_title),
        entry_title: i18n.pattern(T::entry_title),
        history_title: i18n.pattern(T::history_title),
        reports: word(T::reports),
        report: word(T::report),
        promises: word(T::promises),
        promise_made: word(T::feed_promise_made),
        promise_done: word(T::feed_promise_done),
        promise_overdue: word(T::promise_overdue),
        promise_due: i18n.pattern(T::feed_promise_due),
        maintenance: word(T::kind_maintenance),
        investigating: word(T::stage_investigating),
        identified: word(T::stage_identified),
        monitoring: word(T::stage_monitoring),
        resolved: word(T::stage_resolved),
        scheduled: word(T::stage_scheduled),
        in_progress: word(T::stage_in_progress),
        verifying: word(T::stage_verifying),
        completed: word(T::stage_completed),
        cancelled: word(T::stage_cancelled),
        announcement: word(T::kind_info),
        false_alarm: word(T::kind_false_alarm),
        noticed: word(T::kind_notice),
        impact_none: word(T::impact_none),
        impact_minor: word(T::impact_minor),
        impact_major: word(T::impact_major),
        impact_critical: word(T::impact_critical),
        operational: word(T::state_operational),
        under_maintenance: word(T::state_under_maintenance),
        degraded_performance: word(T::state_degraded_performance),
        partial_outage: word(T::state_partial_outage),
        major_outage: word(T::state_major_outage),
        uptime_days: i18n.pattern(T::badge_uptime),
        percent: i18n.pattern(T::percent),
        number_decimal: word(T::number_decimal),
    }
}
