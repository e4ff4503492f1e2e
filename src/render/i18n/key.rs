//! The texts that the program itself asks for. That each is in the built-in file is found when a theme is made.

macro_rules! texts {
    ($($name:ident)*) => {
        /// A text, named as in the file.
        #[allow(non_camel_case_types, reason = "a search for a text's name finds both its line and its use")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::render) enum T { $($name),* }

        impl T {
            pub(in crate::render) const ALL: &'static [(T, &'static str)] = &[$((T::$name, stringify!($name))),*];
        }
    };
}

texts! {
    dir page_title nav_status nav_history nav_reports nav_subscribe feed_atom feed_rss feed_json calendar api badge badge_uptime
    built built_from made_with state_operational state_under_maintenance state_degraded_performance
    state_partial_outage state_major_outage impact_none impact_minor impact_major impact_critical stage_investigating
    stage_identified stage_monitoring stage_resolved stage_scheduled stage_in_progress stage_verifying stage_completed
    stage_cancelled kind_incident kind_maintenance kind_info kind_false_alarm report report_published all_operational
    headline_more as_of no_trouble_since broken_for_you tell_support affected touched since until next_update
    since_for until_in next_by next_was_due next_broken next_none accounts_exactly accounts_between accounts_share
    latest_update all_updates follow_incident names_no_component add_to_calendar all_maintenance last_days today nothing_reported
    nothing_reported_between all_history since_time updates description_quiet description_open description_affected
    description_works description_next title_with_day was was_planned was_planned_for
    was_cancelled not_touched on_day window window_only window_until window_open
    report_link published_day updates_newest_first updates_oldest_first more_investigating more_identified
    more_monitoring more_updates incident_affects incident_affected maintenance_affects maintenance_affected
    permanent_link incident_feed description_over maintenance_lead maintenance_calendar history history_lead
    history_empty history_description month_description month_lead all count_incidents count_maintenance count_info
    count_false_alarms month_all later_month earlier_month all_reports reports_feed reports reports_lead reports_none
    reports_description reports_of_year reports_newest report_published_by report_published_on report_about
    report_after report_when report_for_whom report_cause report_promises report_table report_table_done promises_done
    promises_late promises_overdue promises_due promises_open promise_done promise_done_late promise_overdue
    promise_due promise_open promise_no_date the_incident component_no_trouble component_last_trouble component_since
    component_year component_now component_description follow_only part_of subscribe subscribe_lead subscribe_description
    not_found not_found_lead feed_title entry_title history_title time time_zone utc_offset
    day day_only day_year day_weekday day_weekday_year day_time day_year_time time_day month_year range
    range_day minutes minute_less hours days length_two in_length length_ago now percent number_group number_decimal
    list_separator list_last note_separator month_1 month_2 month_3 month_4 month_5 month_6 month_7 month_8 month_9 month_10
    month_11 month_12 weekday_1 weekday_2 weekday_3 weekday_4 weekday_5 weekday_6 weekday_7
    noticed unexplained no_data checking from_places bars_label bars_all_ok bars_ok bars_minor bars_partial bars_major
    bars_maintenance bars_none bars_summary bars_summary_none bars_marked bars_unmarked day_line day_line_of day_ok
    day_down day_partly day_degraded day_reported day_maintenance day_maintenance_only day_no_data day_not_monitored
    day_noticed day_unexplained mark_disturbed mark_degraded mark_reported mark_maintenance days_not_quiet
    days_all_quiet hours_24 span_days one_year span_all quarter uptime_under uptime_of_part uptime_too_little
    uptime_never uptime_of_checks uptime_nothing uptime_json uptime_csv group_summary group_mean group_all fact_down
    fact_no_loss fact_unknown checks_from fact_checks checks_state checks_since checks_last checks_fine
    checks_checking checks_silent latency_label milliseconds seconds rule rule_lead rule_down rule_partial
    rule_brownout rule_degraded_none rule_degraded rule_groups_mean rule_groups_all rule_link
    kind_notice noticed_at noticed_at_from not_confirmed_yet confirmed_at confirmed confirmed_not_yet
    what_checks_measured checks_saw_it checks_saw_it_from checks_saw_it_at checks_saw_it_at_from outage_of
    outage_short more_in_history headline_checks headline_silent silent_text checks_often checks_minute checks_every
    checks_and_words do_they_agree measured_for measured_of measured_list measured_all post_covers_all outside_one
    outside_many checks_agree checks_disagree_failing checks_disagree_failing_from checks_disagree_good
    disagrees_about differs_start differs_end since_open the_post plot_key plot_post plot_checks plot_failing detected
    by_checks by_checks_from by_checks_confirmed noticed_of first_failed withdrawn measured measured_start
    measured_detected measured_end measured_length measured_places measured_rule measured_unstable places_of
    rule_words count_notices
    bars_summary_part
    checks_recovering
    promises_dropped promise_dropped
    record record_notice record_after record_first_word record_after_promised record_longest record_silence record_silence_open
    record_named record_promised record_late record_late_of record_late_note rfo_waived rfo_running rfo_due rfo_overdue
    rfo_broken rfo_on_the_day rfo_days_early rfo_days_late both_receipt both_commit evidence_receipt evidence_commit
    evidence_written evidence_mixed evidence_receipts evidence_commits evidence_writtens evidence_moved_in
    edited edited_was edited_now
    report_kept report_corrected report_corrected_times report_same_cause report_measured
    record_made
    promises_title promises_none promises_lead promise_report_of report_on was_due column_kept column_late column_overdue
    column_open column_dropped promises_by_quarter promise_first_for promise_put_off promise_owner feed_promise_made
    feed_promise_done feed_promise_due
    nav_response response response_lead response_empty response_caption response_quarter period_so_far response_90_days
    response_we_promise response_median response_at_most response_silence response_silence_of response_kept promises
    response_components_caption response_component response_due_by promises_all response_proven response_unposted
    response_alarms promises_kept promises_not_due line_first_word line_silence line_late note_report_due
    note_report_overdue note_report_published response_incidents response_unposted_column response_word_median
    response_word_worst response_in_time response_notice response_reports account_minutes account_minutes_between
    account_minutes_unsaid million minute_short chart chart_promised chart_quarter chart_label chart_label_promised period_title
    period_title_so_far period_earlier period_later response_all period_cause period_lasted period_worst period_accounts
    period_minutes period_promises period_caption period_number period_lost period_uptime_caption
    measured_range
    announce_late announce_superseded announce_begins announce_ends announce_until announce_promise_done announce_test
    announce_next announce_why announce_test_title
    announced announced_at announced_unsure announced_never
    announce_test_text
    alarm_why alarm_unconfirmed alarm_update_overdue alarm_rfo_due alarm_promise_due alarm_feed_silent alarm_build_failed
    alarm_publish_failed alarm_answered alarm_works alarm_done alarm_over alarm_no_call alarm_components alarm_incidents alarm_reports alarm_promises alarm_feeds alarm_feed
    alarm_line_unconfirmed alarm_line_overdue alarm_line_rfo alarm_line_promise alarm_line_feed alarm_line_failed
    alarm_more alarm_again alarm_do alarm_over_count alarm_over_posted alarm_over_withdrawn alarm_over_itself
    alarm_over_reported alarm_over_done alarm_over_heard alarm_over_works alarm_over_gone
    signed_text
    offline_title offline_text
}
