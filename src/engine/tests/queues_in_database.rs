//! Queues of the table `queues`.

use super::*;

const NAME: &str = "night@default";

impl Centre {
    /// A call centre whose database keeps queues; callcenter.conf.xml has [`QUEUE`].
    fn keeping() -> Self {
        let settings = Settings {
            queues_from_db: true,
            ..Settings::default()
        };
        Self::with_settings(settings, QueueConfig::named(QUEUE))
    }

    /// The changes of the table since the last call.
    fn queue_rows(&mut self) -> Vec<RowChange> {
        let outputs = std::mem::take(&mut self.outputs);
        let rows = outputs.into_iter().filter_map(|output| match output {
            Output::Row(change @ (RowChange::Queue(_) | RowChange::QueueGone(_))) => Some(change),
            _ => None,
        });
        rows.collect()
    }

    fn set_queue(&mut self, queue: &str, key: &str, value: &str) {
        let parameter = find_parameter(QUEUE_PARAMETERS, key).expect("a known parameter");
        let setting = parameter
            .assign(&QueueConfig::named(queue), value)
            .expect("a value that it takes");
        let queue = queue.to_owned();
        self.tell(Input::QueueSet { queue, setting });
    }

    fn max_wait_of(&self, queue: &str) -> Option<u32> {
        self.engine.queue_config(queue).map(|config| config.max_wait_time)
    }

    fn told_by_others(&mut self, change: ChangeByOthers<QueueConfig>) {
        self.tell(Input::RowsChanged(ChangesByOthers {
            queues: vec![change],
            ..ChangesByOthers::default()
        }));
    }
}

fn limited(seconds: u32) -> QueueConfig {
    QueueConfig {
        max_wait_time: seconds,
        ..QueueConfig::named(NAME)
    }
}

#[test]
fn a_queue_is_added_changed_and_deleted_and_its_row_follows() {
    let mut centre = Centre::keeping();
    centre.tell(Input::QueueAdd(NAME.to_owned()));
    centre.set_queue(NAME, "max_wait_time", "7");
    assert_eq!(
        centre.queue_rows(),
        [
            RowChange::Queue(Box::new(limited(0))),
            RowChange::Queue(Box::new(limited(7)))
        ]
    );
    let again = centre.try_tell(Input::QueueAdd(NAME.to_owned()));
    assert_eq!(again, Err(EngineError::QueueExists));
    centre.tell(Input::QueueDel(NAME.to_owned()));
    assert_eq!(centre.queue_rows(), [RowChange::QueueGone(NAME.to_owned())]);
    assert!(!centre.engine.queue_is_loaded(NAME));
}

#[test]
fn a_queue_of_the_xml_has_no_row_and_is_not_deleted() {
    let mut centre = Centre::keeping();
    centre.set_queue(QUEUE, "max_wait_time", "7");
    let refused = centre.try_tell(Input::QueueDel(QUEUE.to_owned()));
    assert_eq!(refused, Err(EngineError::QueueNotInDatabase));
    let refused = centre.try_tell(Input::QueueAdd(QUEUE.to_owned()));
    assert_eq!(refused, Err(EngineError::QueueExists));
    assert_eq!(centre.queue_rows(), []);
    assert_eq!(centre.max_wait_of(QUEUE), Some(7));
}

#[test]
fn without_the_setting_there_are_no_queues_to_add() {
    let mut centre = Centre::new("longest-idle-agent");
    let refused = centre.try_tell(Input::QueueAdd(NAME.to_owned()));
    assert_eq!(refused, Err(EngineError::QueuesNotInDatabase));
}

#[test]
fn nobody_is_left_behind_in_a_queue_that_is_deleted() {
    let mut centre = Centre::keeping();
    centre.told_by_others(ChangeByOthers::Added(QueueConfig::named(NAME)));
    centre.agent("a1", 1, 1);
    centre.tell(Input::TierAdd(TierConfig {
        queue: NAME.to_owned(),
        agent: "a1".to_owned(),
        level: 1,
        position: 1,
    }));
    let request = |session: &str| JoinRequest {
        queue: NAME.to_owned(),
        session_uuid: session.to_owned(),
        new_member_uuid: format!("member-of-{session}"),
        cid_number: "100".to_owned(),
        ..JoinRequest::default()
    };
    let join = |centre: &mut Centre, session: &str| match centre.tell(Input::MemberJoin(request(session))) {
        Reply::Joined { member, .. } => member,
        other => panic!("{other:?}"),
    };
    let first = join(&mut centre, "one");
    let ring = centre.one_ring();
    centre.talk(&ring, first);
    let second = join(&mut centre, "two");
    let refused = centre.try_tell(Input::QueueDel(NAME.to_owned()));
    assert_eq!(refused, Err(EngineError::QueueInUse { waiting: 1, talking: 1 }));
    centre.tell(Input::MemberExit {
        member: second,
        exit: MemberExit {
            channel_up: false,
            reason: None,
            key: None,
        },
    });
    let refused = centre.try_tell(Input::QueueDel(NAME.to_owned()));
    assert_eq!(refused, Err(EngineError::QueueInUse { waiting: 0, talking: 1 }));
    centre.hang_up(&ring);
    // What is left is the place of the one who gave up.
    assert_eq!(centre.engine.member_count(NAME), 1);
    centre.tell(Input::QueueDel(NAME.to_owned()));
    assert_eq!(
        (centre.engine.member_count(NAME), centre.engine.tier_count(NAME)),
        (0, 0)
    );
    centre.pass(100_000);
}

#[test]
fn the_table_counts_for_a_name_that_the_xml_has_too() {
    let mut centre = Centre::keeping();
    let snapshot = Snapshot {
        queues: vec![limited(7)],
        ..Snapshot::default()
    };
    centre.tell(Input::Restore(snapshot));
    centre.tell(Input::LoadQueue(limited(99)));
    assert_eq!(centre.max_wait_of(NAME), Some(7));
}

#[test]
fn rows_changed_by_others_take_effect_at_once() {
    let mut centre = Centre::keeping();
    centre.told_by_others(ChangeByOthers::Added(limited(7)));
    assert_eq!(centre.max_wait_of(NAME), Some(7));
    centre.told_by_others(ChangeByOthers::Changed {
        before: limited(7),
        after: limited(8),
    });
    assert_eq!(centre.max_wait_of(NAME), Some(8));
    // A command was faster than the one who wrote 9 over 8.
    centre.set_queue(NAME, "max_wait_time", "20");
    centre.told_by_others(ChangeByOthers::Changed {
        before: limited(8),
        after: limited(9),
    });
    assert_eq!(centre.max_wait_of(NAME), Some(20));
    centre.told_by_others(ChangeByOthers::Gone(limited(20)));
    assert_eq!(centre.max_wait_of(NAME), None);
}

/// The queues of the table are there before the agents of the tables are.
#[test]
fn who_was_available_before_a_restart_is_offered_the_first_caller_after_it() {
    let mut before = Centre::keeping();
    before.tell(Input::QueueAdd(NAME.to_owned()));
    before.agent("a", 1, 1);
    before.tell(Input::TierAdd(TierConfig {
        queue: NAME.to_owned(),
        agent: "a".to_owned(),
        level: 1,
        position: 1,
    }));
    let snapshot = Snapshot {
        queues: vec![QueueConfig::named(NAME)],
        agents: before.engine.agent_rows(),
        tiers: before.engine.tier_rows(),
        ..Snapshot::default()
    };
    let mut after = Centre::keeping();
    after.tell(Input::Restore(snapshot));
    after.tell(Input::Adopt(Found::default()));
    after.tell(Input::MemberJoin(JoinRequest {
        queue: NAME.to_owned(),
        session_uuid: "session-c1".to_owned(),
        ..JoinRequest::default()
    }));
    assert_eq!(after.one_ring().agent, "a");
}

#[test]
fn a_queue_of_the_table_that_was_unloaded_is_loaded_for_the_next_caller() {
    let mut centre = Centre::keeping();
    centre.told_by_others(ChangeByOthers::Added(limited(7)));
    centre.tell(Input::UnloadQueue(NAME.to_owned()));
    centre.told_by_others(ChangeByOthers::Changed {
        before: limited(7),
        after: limited(8),
    });
    assert_eq!(centre.max_wait_of(NAME), None, "unloaded stays unloaded");
    centre.tell(Input::MemberJoin(JoinRequest {
        queue: NAME.to_owned(),
        session_uuid: "one".to_owned(),
        new_member_uuid: "m1".to_owned(),
        ..JoinRequest::default()
    }));
    assert_eq!(centre.max_wait_of(NAME), Some(8));
}

#[test]
fn who_waited_while_a_queue_was_unloaded_comes_before_the_caller_who_loads_it() {
    let mut centre = Centre::keeping();
    centre.told_by_others(ChangeByOthers::Added(QueueConfig::named(NAME)));
    let join = |centre: &mut Centre, uuid: &str| {
        centre.tell(Input::MemberJoin(JoinRequest {
            queue: NAME.to_owned(),
            session_uuid: format!("session-of-{uuid}"),
            new_member_uuid: uuid.to_owned(),
            ..JoinRequest::default()
        }));
    };
    join(&mut centre, "first");
    centre.tell(Input::UnloadQueue(NAME.to_owned()));
    centre.agent("a1", 1, 1);
    // A tier of a queue that is not loaded can only be inserted by SQL.
    centre.tell(Input::RowsChanged(ChangesByOthers {
        tiers: vec![ChangeByOthers::Added(TierRow {
            queue: NAME.to_owned(),
            agent: "a1".to_owned(),
            state: TierState::Ready,
            level: 1,
            position: 1,
        })],
        ..ChangesByOthers::default()
    }));
    join(&mut centre, "second");
    assert_eq!(centre.one_ring().member_uuid, "first");
}

/// A caller has brought it back since: what holds then is that caller's word, not that of whoever unloaded it before.
#[test]
fn a_queue_that_a_caller_has_loaded_again_is_not_unloaded_any_more() {
    let mut centre = Centre::keeping();
    centre.told_by_others(ChangeByOthers::Added(QueueConfig::named(NAME)));
    assert!(centre.engine.queue_is_new("elsewhere@default"));
    centre.tell(Input::UnloadQueue(NAME.to_owned()));
    assert!(!centre.engine.queue_is_new(NAME), "it waits for a caller, or a command");
    let member = match centre.tell(Input::MemberJoin(JoinRequest {
        queue: NAME.to_owned(),
        session_uuid: "one".to_owned(),
        new_member_uuid: "m1".to_owned(),
        ..JoinRequest::default()
    })) {
        Reply::Joined { member, .. } => member,
        reply => panic!("{reply:?}"),
    };
    centre.leave(member);
    centre.tell(Input::QueueDel(NAME.to_owned()));
    assert!(
        centre.engine.queue_is_new(NAME),
        "the next tier of the configuration loads it"
    );
}
