//! Somebody sets FreeSWITCH's clock while calls go on: epochs follow it, and no deadline does.

use super::*;
use crate::engine::WallTime;

const HOUR: i64 = 3_600;

impl Centre {
    /// The clock shows so many seconds more than it did.
    fn set_clock(&mut self, by: i64) {
        let shown = self.engine.wall(self.now).secs() + by;
        self.tell(Input::ClockSet(WallTime::from_secs(shown)));
    }

    fn epoch(&self) -> i64 {
        self.engine.wall(self.now).secs()
    }
}

#[test]
fn ready_time_five_seconds_ahead_is_five_seconds_ahead() {
    for by in [-HOUR, HOUR] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a1", 1, 1);
        centre.pass(100);
        centre.set_clock(by);
        let ready = centre.epoch() + 5;
        centre.set("a1", AgentSetting::ReadyTime(ready));
        centre.caller("100");
        centre.pass(4);
        assert!(centre.rings().is_empty(), "not yet, with the clock set by {by}");
        centre.pass(1);
        assert_eq!(centre.rings().len(), 1, "ready, with the clock set by {by}");
    }
}

#[test]
fn a_pause_that_has_begun_ends_in_time_and_its_row_follows_the_clock() {
    for by in [-HOUR, HOUR] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a1", 1, 1);
        centre.pass(100);
        let ready = centre.epoch() + 5;
        centre.set("a1", AgentSetting::ReadyTime(ready));
        centre.caller("100");
        centre.pass(1);
        centre.set_clock(by);
        assert_eq!(centre.agent_row("a1").ready_time, centre.epoch() + 4, "{by}");
        centre.pass(3);
        assert!(centre.rings().is_empty(), "not yet, with the clock set by {by}");
        centre.pass(1);
        assert_eq!(centre.rings().len(), 1, "ready, with the clock set by {by}");
    }
}

#[test]
fn what_is_told_is_the_clock_s_and_the_score_is_what_was_waited() {
    for by in [-HOUR, HOUR] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.caller("100");
        let before = centre.epoch();
        centre.pass(10);
        centre.set_clock(by);
        centre.caller("200");
        centre.pass(5);
        let rows = centre.engine.member_rows(Some(QUEUE), centre.now);
        let told: Vec<_> = rows
            .iter()
            .map(|listing| (listing.row.joined_epoch, listing.score))
            .collect();
        assert_eq!(
            told,
            [(before, 15), (before + 10 + by, 5)],
            "with the clock set by {by}"
        );
        assert_eq!(centre.epoch(), before + 15 + by);
    }
}

#[test]
fn time_base_score_system_counts_what_the_call_has_lasted() {
    for by in [-HOUR, HOUR] {
        let mut centre = Centre::with_queue(QueueConfig {
            time_base_score: "system".to_owned(),
            ..QueueConfig::named(QUEUE)
        });
        let before = centre.epoch();
        centre.pass(10);
        centre.set_clock(by);
        let after = centre.epoch();
        centre.pass(10);
        // One was answered before the clock was set, the other after.
        for (name, answered_epoch) in [("100", before), ("200", after)] {
            centre.tell(Input::MemberJoin(JoinRequest {
                queue: QUEUE.to_owned(),
                session_uuid: format!("session-{name}"),
                new_member_uuid: format!("member-{name}"),
                answered_epoch,
                ..JoinRequest::default()
            }));
        }
        let rows = centre.engine.member_rows(Some(QUEUE), centre.now);
        let scores: Vec<_> = rows.iter().map(|listing| listing.row.base_score).collect();
        assert_eq!(scores, [20, 10], "with the clock set by {by}");
    }
}

#[test]
fn the_latest_place_is_taken_up_again_although_the_clock_was_set_back() {
    let mut centre = Centre::with_queue(QueueConfig {
        abandoned_resume_allowed: true,
        discard_abandoned_after: 600,
        ..QueueConfig::named(QUEUE)
    });
    let [first, second] = ["first", "second"].map(|name| {
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            cid_number: "100".to_owned(),
            ..JoinRequest::default()
        };
        match centre.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, .. } => member,
            other => panic!("joining is answered with {other:?}"),
        }
    });
    centre.leave(first);
    centre.pass(5);
    centre.set_clock(-HOUR);
    centre.leave(second);
    assert_eq!(centre.caller("100"), second, "the place left last");
}
