//! One record for each offer and each stay that has ended, whichever way.

use super::*;

fn recording(config: QueueConfig) -> Centre {
    let settings = Settings {
        cdrs: Some(true),
        ..Settings::default()
    };
    Centre::with_settings(settings, config)
}

fn usual() -> Centre {
    recording(QueueConfig::named(QUEUE))
}

fn ring_all() -> Centre {
    recording(QueueConfig {
        strategy: "ring-all".to_owned(),
        ..QueueConfig::named(QUEUE)
    })
}

fn resuming() -> Centre {
    recording(QueueConfig {
        abandoned_resume_allowed: true,
        ..QueueConfig::named(QUEUE)
    })
}

impl Centre {
    /// Takes the records put out since the last call; each was told as an event too.
    fn records(&mut self) -> Vec<CallRecord> {
        let outputs = std::mem::take(&mut self.outputs);
        let mut told = Vec::new();
        let mut records = Vec::new();
        for output in outputs {
            match output {
                Output::Event(event) if event.action() == "cdr" => {
                    told.push(event.header("CC-CDR-UUID").unwrap_or_default().to_owned());
                }
                Output::Row(RowChange::CallRecord(record)) => records.push(*record),
                _ => {}
            }
        }
        let written: Vec<_> = records.iter().map(|record| record.uuid.clone()).collect();
        assert_eq!(told, written, "events and records");
        records
    }

    /// The one record put out since the last call.
    fn record(&mut self) -> CallRecord {
        let mut records = self.records();
        assert_eq!(records.len(), 1, "{records:?}");
        records.remove(0)
    }

    /// Rings a first agent for a first caller after two seconds, and forgets what was put out so far.
    fn rung_after_two_seconds(&mut self) -> (Ring, MemberId) {
        let member = self.caller("100");
        self.pass(2);
        self.agent("a", 1, 1);
        let ring = self.one_ring();
        self.outputs.clear();
        (ring, member)
    }
}

/// What is looked at of most records: result, call type, cause, agent, and the three lengths in milliseconds.
fn gist(record: &CallRecord) -> (CallResult, i64, &str, &str, [i64; 3]) {
    let lengths = [record.wait_ms, record.pickup_ms, record.talk_ms];
    (record.result, record.call_type(), &record.cause, &record.agent, lengths)
}

#[test]
fn nothing_is_recorded_unless_it_is_asked_for() {
    let mut centre = Centre::new("longest-idle-agent");
    let (ring, member) = centre.rung_after_two_seconds();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    assert_eq!(centre.records(), []);
}

#[test]
fn a_call_that_was_answered_has_a_record_of_the_offer_and_one_of_the_stay() {
    let mut centre = usual();
    let (ring, member) = centre.rung_after_two_seconds();
    centre.now = centre.now + Span::from_millis(1500);
    centre.talk(&ring, member);
    centre.now = centre.now + Span::from_millis(30_250);
    centre.hang_up(&ring);
    let records = centre.records();
    let [offer, stay] = records.as_slice() else {
        panic!("two records: {records:?}");
    };
    let cause = "NORMAL_CLEARING";
    assert_eq!(gist(offer), (CallResult::Answered, 2, cause, "a", [2000, 1500, 30_250]));
    assert_eq!(gist(stay), (CallResult::Answered, 0, cause, "a", [3500, 1500, 30_250]));
    assert_eq!(
        (offer.offers, offer.rejections, stay.offers, stay.rejections),
        (1, 0, 1, 0)
    );
    let identities = (offer.uuid.as_str(), stay.uuid.as_str());
    assert_eq!(identities, ("member-100.1000000.o1", "member-100.1000000"));
    let times = (offer.received, offer.ended, stay.received, stay.ended);
    assert_eq!(times, (1_000_002, 1_000_033, 1_000_000, 1_000_033));
    let caller = (
        stay.caller_number.as_str(),
        stay.caller_name.as_str(),
        stay.session_uuid.as_str(),
    );
    assert_eq!(caller, ("100", "Caller 100", "session-100"));
    assert_eq!((stay.queue.as_str(), stay.agent_uuid.as_str()), (QUEUE, "leg-a"));
}

#[test]
fn an_offer_that_was_not_taken_is_recorded_with_the_reason_and_counts_for_the_stay() {
    for (cause, result) in [
        (HangupCause::CALL_REJECTED, CallResult::Rejected),
        (HangupCause::USER_BUSY, CallResult::Busy),
        (HangupCause::NO_ANSWER, CallResult::NoAnswer),
        (HangupCause::ALLOTTED_TIMEOUT, CallResult::NoAnswer),
        (HangupCause::USER_NOT_REGISTERED, CallResult::Failed),
        (HangupCause::DESTINATION_OUT_OF_ORDER, CallResult::Failed),
    ] {
        let mut centre = usual();
        let (ring, member) = centre.rung_after_two_seconds();
        centre.pass(7);
        centre.fail(&ring, cause.clone());
        let offer = centre.record();
        assert_eq!(gist(&offer), (result, -2, cause.as_str(), "a", [2000, 7000, 0]));
        assert_eq!((offer.offers, offer.rejections), (1, 0));
        centre.leave(member);
        let stay = centre.record();
        assert_eq!((stay.offers, stay.rejections), (1, 1), "{cause}");
    }
}

#[test]
fn the_second_offer_of_a_stay_says_that_there_was_one_before() {
    let mut centre = usual();
    let (first, _) = centre.rung_after_two_seconds();
    centre.agent("b", 1, 2);
    centre.fail(&first, HangupCause::CALL_REJECTED);
    let second = centre.one_ring();
    centre.fail(&second, HangupCause::CALL_REJECTED);
    let records = centre.records();
    let numbers: Vec<_> = records
        .iter()
        .map(|r| (r.agent.as_str(), r.offers, r.rejections))
        .collect();
    assert_eq!(numbers, [("a", 1, 0), ("b", 2, 1)]);
}

#[test]
fn a_caller_who_leaves_is_recorded_with_the_reason_and_the_offer_as_withdrawn() {
    let mut centre = usual();
    let (ring, member) = centre.rung_after_two_seconds();
    centre.pass(3);
    centre.leave(member);
    assert_eq!(
        gist(&centre.record()),
        (CallResult::Abandoned, 1, "BREAK_OUT", "", [5000, 0, 0])
    );
    centre.now = centre.now + Span::from_millis(40);
    centre.fail(&ring, HangupCause::NO_ANSWER);
    let offer = centre.record();
    assert_eq!(
        gist(&offer),
        (CallResult::Withdrawn, 3, "ORIGINATOR_CANCEL", "a", [2000, 3040, 0])
    );
}

#[test]
fn a_caller_whose_time_is_over_is_recorded_with_that_reason() {
    let mut centre = recording(QueueConfig {
        max_wait_time: 20,
        ..QueueConfig::named(QUEUE)
    });
    let member = centre.caller("100");
    centre.pass(20);
    let released = centre.outputs.iter().find_map(|output| match output {
        Output::Release(release) => Some(release.reason),
        _ => None,
    });
    centre.tell(Input::MemberExit {
        member,
        exit: MemberExit {
            channel_up: true,
            reason: released,
            key: None,
        },
    });
    assert_eq!(
        gist(&centre.record()),
        (CallResult::Abandoned, 1, "TIMEOUT", "", [20_000, 0, 0])
    );
}

#[test]
fn whoever_loses_the_race_has_a_withdrawn_offer() {
    let mut centre = ring_all();
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 1);
    let member = centre.caller("100");
    let rings = centre.rings();
    let (winner, loser) = (&rings[0], &rings[1]);
    centre.outputs.clear();
    centre.talk(winner, member);
    centre.fail(loser, HangupCause::LOSE_RACE);
    let lost = centre.record();
    assert_eq!((lost.result, lost.cause.as_str()), (CallResult::Withdrawn, "LOSE_RACE"));
    centre.hang_up(winner);
    let stay = centre.records().pop().expect("the stay");
    assert_eq!(
        (stay.result, stay.offers, stay.rejections),
        (CallResult::Answered, 2, 0)
    );
}

#[test]
fn an_agent_who_vanishes_before_the_bridge_is_a_failed_offer_and_the_caller_waits_on() {
    let mut centre = usual();
    let (ring, _) = centre.rung_after_two_seconds();
    centre.pass(4);
    centre.answer(&ring);
    centre.now = centre.now + Span::from_millis(100);
    centre.fail_bridge(&ring);
    let offer = centre.record();
    assert_eq!(
        gist(&offer),
        (CallResult::Failed, -2, "NORMAL_CLEARING", "a", [2000, 4000, 0])
    );
    assert_eq!(offer.agent_uuid, "leg-a");
}

#[test]
fn a_caller_who_is_gone_before_the_bridge_has_withdrawn_the_offer() {
    let mut centre = usual();
    let (ring, member) = centre.rung_after_two_seconds();
    centre.answer(&ring);
    centre.leave(member);
    let stay = centre.record();
    assert_eq!((stay.result, stay.cause.as_str()), (CallResult::Abandoned, "NONE"));
    centre.tell(Input::BridgeFailed {
        offer: ring.offer,
        member_up: false,
        agent_left: false,
        cause: HangupCause::ORIGINATOR_CANCEL,
    });
    assert_eq!(centre.record().result, CallResult::Withdrawn);
}

#[test]
fn an_offer_of_a_deleted_agent_is_recorded_too() {
    let mut centre = usual();
    let (ring, member) = centre.rung_after_two_seconds();
    centre.talk(&ring, member);
    centre.tell(Input::AgentDel { name: "a".to_owned() });
    centre.hang_up(&ring);
    let agents: Vec<_> = centre.records().into_iter().map(|record| record.agent).collect();
    assert_eq!(agents, ["a", "a"]);
}

#[test]
fn a_caller_who_comes_back_begins_another_stay_even_in_the_same_second() {
    let mut centre = resuming();
    for _ in 0..3 {
        let member = centre.caller("100");
        centre.leave(member);
    }
    centre.pass(5);
    let member = centre.caller("100");
    centre.pass(1);
    centre.leave(member);
    let records = centre.records();
    let stays: Vec<_> = records.iter().map(|record| record.uuid.as_str()).collect();
    assert_eq!(
        stays,
        [
            "member-100.1000000",
            "member-100.1000000.1",
            "member-100.1000000.2",
            "member-100.1000005"
        ]
    );
    assert_eq!(records[3].wait_ms, 1000, "the time of this stay");
}

#[test]
fn no_two_stays_are_recorded_by_one_name_whatever_the_clock_is_set_to() {
    let mut centre = resuming();
    for (shown, passing) in [(0, 0), (-5, 0), (0, 5)] {
        let set_to = centre.engine.wall(centre.now).secs() + shown;
        centre.tell(Input::ClockSet(WallTime::from_secs(set_to)));
        centre.pass(passing);
        let member = centre.caller("100");
        centre.leave(member);
    }
    let records = centre.records();
    let stays: Vec<_> = records.iter().map(|record| record.uuid.as_str()).collect();
    assert_eq!(
        stays,
        ["member-100.1000000", "member-100.999995.1", "member-100.1000000.2"]
    );
}

#[test]
fn a_stay_that_began_later_than_it_is_now_keeps_its_name_for_itself() {
    let mut before = resuming();
    before.caller("100");
    let listed = before.engine.member_rows(Some(QUEUE), before.now).remove(0);
    let row = MemberRow {
        joined_epoch: 1_000_030,
        ..listed.row
    };
    let mut after = resuming();
    after.tell(Input::Restore(Snapshot {
        members: vec![row],
        ..Snapshot::default()
    }));
    after.pass(30);
    let member = after.caller("100");
    after.leave(member);
    assert_eq!(after.record().uuid, "member-100.1000030.1");
}

#[test]
fn a_stay_that_the_process_did_not_survive_is_recorded_once_as_lost() {
    let mut before = usual();
    let (ring, member) = before.rung_after_two_seconds();
    before.talk(&ring, member);
    before.caller("200");
    let rows: Vec<MemberRow> = ["member-100", "member-200"]
        .iter()
        .map(|uuid| {
            let rows = before.engine.member_rows(Some(QUEUE), before.now);
            rows.into_iter()
                .find(|listing| listing.row.uuid == *uuid)
                .expect("a row")
                .row
        })
        .collect();
    let mut after = usual();
    after.now = Timestamp::from_secs(1_000_060);
    let restored = |rows: &[MemberRow]| {
        Input::Restore(Snapshot {
            members: rows.to_vec(),
            ..Snapshot::default()
        })
    };
    after.tell(restored(&rows));
    after.tell(Input::Adopt(Found::default()));
    let records = after.records();
    let lost: Vec<_> = records.iter().map(|r| (r.uuid.as_str(), gist(r))).collect();
    let nobody = (CallResult::Lost, -1, "", "", [0, 0, 0]);
    let agent = (CallResult::Lost, -1, "", "a", [2000, 0, 0]);
    assert_eq!(lost, [("member-100.1000000", agent), ("member-200.1000002", nobody)]);

    let abandoned: Vec<MemberRow> = {
        let listings = after.engine.member_rows(Some(QUEUE), after.now);
        listings.into_iter().map(|listing| listing.row).collect()
    };
    let mut again = usual();
    again.tell(restored(&abandoned));
    again.tell(Input::Adopt(Found::default()));
    assert_eq!(again.records(), [], "they are known to have been abandoned");
}

#[test]
fn a_stay_that_had_ended_and_is_found_again_is_the_same_record() {
    let mut before = usual();
    let member = before.caller("100");
    let row = before.engine.member_rows(Some(QUEUE), before.now).remove(0).row;
    before.pass(9);
    before.leave(member);
    let ended = before.record();
    // The record was saved, and the row not yet.
    let mut after = usual();
    after.tell(Input::Restore(Snapshot {
        members: vec![row],
        ..Snapshot::default()
    }));
    after.tell(Input::Adopt(Found::default()));
    assert_eq!(after.record().uuid, ended.uuid);
}

#[test]
fn offers_and_stays_that_the_watchdog_ends_are_recorded() {
    let mut centre = usual();
    let (ring, member) = centre.rung_after_two_seconds();
    for _ in 0..2 {
        centre.tell(Input::NotFound {
            members: vec![member],
            offers: vec![ring.offer],
        });
    }
    let results: Vec<_> = centre
        .records()
        .iter()
        .map(|record| (record.kind, record.result))
        .collect();
    assert_eq!(
        results,
        [
            (RecordKind::Offer, CallResult::Withdrawn),
            (RecordKind::Member, CallResult::Abandoned)
        ]
    );
}
