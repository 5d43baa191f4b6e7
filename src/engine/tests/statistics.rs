//! Figures, and how long a caller will wait.

use super::*;

impl Centre {
    fn counts(&self) -> Counts {
        let queue = self.engine.queue_statistics(Some(QUEUE)).remove(0);
        let centre = self.engine.centre_statistics(self.now);
        assert_eq!(queue.counts, centre.counts, "there is one queue");
        queue.counts
    }

    fn live(&self) -> (Live, Live) {
        let queue = self.engine.queue_statistics(Some(QUEUE)).remove(0);
        (queue.live, self.engine.centre_statistics(self.now).live)
    }

    fn estimate(&self) -> Option<Span> {
        self.engine.queue_statistics(Some(QUEUE)).remove(0).estimated_wait
    }

    fn agent_counts(&self, name: &str) -> AgentCounts {
        self.engine.agent_statistics(Some(name)).remove(0).counts
    }
}

#[test]
fn a_talk_is_counted_in_its_queue_for_its_agent_and_for_all() {
    let mut centre = Centre::new("longest-idle-agent");
    let member = centre.caller("100");
    centre.pass(4);
    centre.agent("a1", 1, 1);
    let ring = centre.one_ring();
    centre.pass(6);
    centre.talk(&ring, member);
    centre.pass(30);
    centre.hang_up(&ring);
    let counts = centre.counts();
    assert_eq!((counts.calls, counts.distributed, counts.answered), (1, 1, 1));
    assert_eq!((counts.wait.average_ms(), counts.talk.average_ms()), (10_000, 30_000));
    assert_eq!((counts.service_level(), counts.service_level_2()), (100, 100));
    let agent = centre.agent_counts("a1");
    assert_eq!(
        (agent.distributed, agent.answered, agent.talk.average_ms()),
        (1, 1, 30_000)
    );
    centre.tell(Input::StatsReset);
    assert_eq!(centre.counts(), Counts::default());
    assert_eq!(centre.agent_counts("a1"), AgentCounts::default());
}

#[test]
fn callers_who_leave_are_counted_apart_from_those_who_are_let_go() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_wait_time: 30,
        max_queue_length: 2,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    let first = centre.caller("100");
    let second = centre.caller("101");
    let refused = Input::MemberJoin(JoinRequest {
        queue: QUEUE.to_owned(),
        ..JoinRequest::default()
    });
    assert!(matches!(centre.tell(refused), Reply::Refused { .. }));
    let (here, all) = centre.live();
    assert_eq!((here.on_hold, here.queued, here.agents, here.free_agents), (2, 1, 1, 0));
    assert_eq!((all, here.load()), (here, 100));
    centre.leave(first);
    centre.pass(31);
    centre.tell(Input::MemberExit {
        member: second,
        exit: MemberExit {
            channel_up: true,
            reason: Some(CancelReason::Timeout),
            key: None,
        },
    });
    let counts = centre.counts();
    assert_eq!((counts.calls, counts.refused), (3, 1));
    assert_eq!((counts.abandoned, counts.released, counts.answered), (1, 1, 0));
    assert_eq!((counts.service_level(), counts.service_level_2()), (0, 50));
    assert_eq!(centre.agent_counts("a1").abandoned, 1, "the phone rang for the first");
}

#[test]
fn who_is_offered_twice_is_distributed_once() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::USER_BUSY);
    centre.pass(2);
    centre.one_ring();
    assert_eq!(centre.counts().distributed, 1);
    assert_eq!(centre.agent_counts("a1").distributed, 2);
}

/// One agent who talks for a minute with each of four callers.
fn a_line_that_moves(centre: &mut Centre) {
    centre.agent("a1", 1, 1);
    let members: Vec<_> = (0..4).map(|caller| centre.caller(&format!("10{caller}"))).collect();
    for member in members {
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        centre.pass(60);
        centre.hang_up(&ring);
    }
}

#[test]
fn the_wait_is_estimated_by_the_pace_of_the_line() {
    let mut centre = Centre::new("longest-idle-agent");
    assert_eq!(centre.estimate(), None, "nobody is logged in");
    a_line_that_moves(&mut centre);
    assert_eq!(centre.estimate(), Some(Span::ZERO), "the agent is free");
    let member = centre.caller("200");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    // The first of the four was put through at once: that is no step of a line.
    assert_eq!(centre.estimate(), Some(Span::from_secs(60)));
    centre.caller("201");
    assert_eq!(centre.estimate(), Some(Span::from_secs(120)));
    centre.status("a1", "Logged Out");
    assert_eq!(centre.estimate(), None);
}

#[test]
fn a_long_estimated_wait_dissuades() {
    let mut centre = Centre::new("longest-idle-agent");
    a_line_that_moves(&mut centre);
    centre.tell(Input::LoadQueue(QueueConfig {
        dissuade_estimated_wait: 90,
        dissuade_hangup: true,
        ..QueueConfig::named(QUEUE)
    }));
    let member = centre.caller("200");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.caller("201");
    let third = Input::MemberJoin(JoinRequest {
        queue: QUEUE.to_owned(),
        ..JoinRequest::default()
    });
    let Reply::Refused { reason, .. } = centre.tell(third) else {
        panic!("two minutes are too long");
    };
    assert_eq!(reason, CancelReason::DissuadeEstimatedWait);
}
