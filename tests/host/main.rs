//! Tests in a real FreeSWITCH, beside the stock module wherever the two must do the same.
//!
//! `make host-test` runs them. Each test starts private FreeSWITCHes on free ports of the loopback address.
//! They are skipped, and say so, where no FreeSWITCH is installed.

mod admission;
mod adoption;
mod announcements;
mod bad_input;
#[allow(dead_code, reason = "tests/documents uses the rest of it")]
#[path = "../documents/blocks.rs"]
mod blocks;
mod call_records;
mod caller_variables;
mod chats;
mod check;
mod choice_order;
mod clock;
mod commands;
mod contacts;
mod crash;
mod database;
mod database_trouble;
mod devices;
mod dispatch;
mod documents;
mod drivers;
mod failed_offers;
// The benches in a real FreeSWITCH use the rest of it.
#[allow(dead_code, unused_imports)]
mod harness;
mod hold_sound_and_talk;
mod hostile;
mod instances;
mod json_lists;
mod layout;
mod leaving_while_ringing;
mod load;
mod matching;
mod memory;
mod old_database;
mod one_call;
mod pauses;
mod presence;
#[path = "../servers/private.rs"]
mod private;
mod queue_log;
mod queues_in_database;
mod recorded_talk;
mod recorded_transfers;
#[path = "../servers/refusals.rs"]
mod refusals;
mod reload;
mod replies;
mod rows_by_others;
mod rules_for_who_waits;
mod rush;
mod scenarios;
mod security;
mod server_away;
mod server_troubles;
mod servers;
mod settings;
mod sip_call;
mod sip_transfers;
mod standing_legs;
mod standing_sip_legs;
mod statistics;
mod threads;
mod true_values;
mod tutorial_at_run_time;
mod tutorial_in_xml;
mod unload;
mod vanished_phones;
mod welcome;
mod whose_doing;
mod words;
mod xml_curl;
