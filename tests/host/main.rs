//! Tests in a real FreeSWITCH, beside the stock module wherever the two must do the same.
//!
//! `make host-test` runs them. Each test starts private FreeSWITCHes on free ports of the loopback address.
//! They are skipped, and say so, where no FreeSWITCH is installed.

mod bad_input;
mod choice_order;
mod crash;
mod database;
mod failed_offers;
mod harness;
mod leaving_while_ringing;
mod load;
mod one_call;
mod reaction_time;
mod reload;
mod replies;
mod rows_by_others;
mod rush;
mod scenarios;
mod sip_call;
mod threads;
mod true_values;
mod tutorial_at_run_time;
mod tutorial_in_xml;
mod unload;
