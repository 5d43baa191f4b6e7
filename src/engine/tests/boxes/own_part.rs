//! Whose rows are ours, and what each box says of its own part.

use super::*;

#[test]
fn rows_of_every_box_are_ours_and_those_of_strangers_are_not() {
    let mut centre = Centre::with_settings(settings(), config("longest-idle-agent"));
    let agent_type = AgentType::parse("callback").expect("a known type");
    for instance in [HERE, "stranger"] {
        let mut row = AgentRow::new(instance, instance, agent_type.clone());
        row.status = AgentStatus::Available;
        row.contact = format!("user/{instance}");
        let changes = ChangesByOthers {
            agents: vec![ChangeByOthers::Added(row)],
            ..ChangesByOthers::default()
        };
        centre.tell(Input::RowsChanged(changes));
        centre.tell(Input::TierAdd(TierConfig {
            queue: QUEUE.to_owned(),
            agent: instance.to_owned(),
            level: 1,
            position: 1,
        }));
    }
    let mut home = Home::default();
    centre.caller("1");
    assert_eq!(centre.rings(), []);
    centre.tell(boxes());
    assert_eq!(centre.one_ring().agent, HERE);
    centre.joins_at(THERE, "2", &mut home);
    assert_eq!(centre.rings(), []);
    let rows = centre.snapshot().members;
    assert_eq!(
        rows.iter()
            .find(|row| row.uuid == "member-2")
            .map(|row| row.instance_id.as_str()),
        Some(THERE)
    );
    let refused = centre
        .engine
        .handle_input_of(centre.now, "stranger", Span::ZERO, Input::StatsReset);
    assert_eq!(refused, Err(EngineError::NotOfTheCluster));
}

#[test]
fn each_box_says_its_own_part_of_devices_and_calls() {
    let mut centre = Centre::cluster(config("longest-idle-agent"));
    centre.agent("a", 1, 1);
    let device = |in_use| Input::DeviceState {
        device: "a".to_owned(),
        in_use,
    };
    for instance in [HERE, THERE] {
        centre.tell_of(instance, device(true));
        centre.tell_of(instance, Input::ExternalCallStarted { agent: "a".to_owned() });
    }
    centre.tell_of(HERE, device(false));
    assert!(centre.engine.device_is_in_use("a"), "it is in use there");
    centre.tell(Input::BoxesReport(vec![BoxReport {
        instance: THERE.to_owned(),
        external_calls: vec!["a".to_owned(), "a".to_owned()],
        ..BoxReport::default()
    }]));
    assert!(!centre.engine.device_is_in_use("a"));
    assert_eq!(centre.agent_row("a").external_calls_count, 3);
    centre.gives_up(THERE);
    assert_eq!(centre.agent_row("a").external_calls_count, 1);
}

#[test]
fn who_stands_on_a_channel_gets_callers_of_its_box_alone() {
    let mut home = Home::default();
    let mut centre = Centre::cluster(config("longest-idle-agent"));
    centre.tell(Input::AgentAdd {
        name: "a".to_owned(),
        agent_type: AgentType::parse("uuid-standby").expect("a known type"),
    });
    centre.tell(Input::AgentSet {
        name: "a".to_owned(),
        setting: AgentSetting::Uuid("leg".to_owned()),
    });
    let stands = |state| Input::StandingLeg {
        agent_uuid: "leg".to_owned(),
        state,
    };
    centre.tell_of(HERE, stands(LegState::Alone));
    centre.status("a", "Available");
    centre.tell(Input::TierAdd(TierConfig {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        level: 1,
        position: 1,
    }));
    centre.joins_at(THERE, "1", &mut home);
    assert_eq!(centre.rings(), []);
    let asked = centre.engine.handle_input(
        centre.now,
        Input::DispatchMember {
            uuid: "member-1".to_owned(),
            agent: "a".to_owned(),
        },
    );
    assert_eq!(asked, Err(EngineError::NotEligible(WhyNot::OtherBox)));
    centre.joins_at(HERE, "2", &mut home);
    assert_eq!(centre.one_ring().member_uuid, "member-2");
}
