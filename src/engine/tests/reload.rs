//! A whole configuration anew while callers wait.

use super::*;

/// A configuration of the queue with these parameters, served by these agents.
fn configuration(queue: QueueConfig, agents: &[&str]) -> Reconfiguration {
    let agent = |name: &&str| AgentConfig {
        name: (*name).to_owned(),
        agent_type: AgentType::callback(),
        contact: Some(format!("user/{name}")),
        status: Some(AgentStatus::Available),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    };
    let tier = |name: &&str| TierConfig {
        queue: QUEUE.to_owned(),
        agent: (*name).to_owned(),
        level: 1,
        position: 1,
    };
    Reconfiguration {
        settings: Some(Settings::default()),
        queues: vec![queue],
        agents: agents.iter().map(agent).collect(),
        tiers: Some(agents.iter().map(tier).collect()),
    }
}

fn plain(agents: &[&str]) -> Reconfiguration {
    configuration(QueueConfig::named(QUEUE), agents)
}

fn with_settings(settings: Settings) -> Reconfiguration {
    Reconfiguration {
        settings: Some(settings),
        ..plain(&[])
    }
}

impl Centre {
    fn reload(&mut self, new: Reconfiguration) -> Vec<String> {
        match self.tell(Input::Reconfigure(Box::new(new))) {
            Reply::Reconfigured(changes) => {
                let line = |change: ConfigChange| format!("{} {}: {}", change.about, change.name, change.change);
                changes.into_iter().map(line).collect()
            }
            reply => panic!("{reply:?}"),
        }
    }

    fn lets_somebody_go(&self) -> bool {
        self.outputs.iter().any(|output| matches!(output, Output::Release(_)))
    }
}

#[test]
fn a_reload_tells_what_has_changed_and_nothing_when_nothing_has() {
    let mut centre = Centre::new("longest-idle-agent");
    let first = centre.reload(plain(&["a1", "a2"]));
    let expected = [
        "agent a1: added",
        "agent a2: added",
        "tier support@default a1: added",
        "tier support@default a2: added",
    ];
    assert_eq!(first, expected);
    centre.actions();
    assert_eq!(centre.reload(plain(&["a1", "a2"])), Vec::<String>::new());
    assert_eq!(centre.actions(), Vec::<String>::new(), "and nobody else is told either");
    let mut changed = configuration(
        QueueConfig {
            max_wait_time: 9,
            priority: 2,
            ..QueueConfig::named(QUEUE)
        },
        &["a1", "a3"],
    );
    changed.agents[0].contact = Some("user/other".to_owned());
    changed.agents[0].skills = Some(Skills::parse("german=7").expect("skills"));
    changed.queues.push(QueueConfig::named("sales@default"));
    if let Some(tiers) = &mut changed.tiers {
        tiers[0].level = 3;
        tiers.push(TierConfig {
            queue: QUEUE.to_owned(),
            agent: "ghost".to_owned(),
            level: 1,
            position: 1,
        });
    }
    let expected = [
        "queue support@default: changed: max-wait-time, priority",
        "queue sales@default: loaded",
        "agent a1: changed: contact, skills",
        "agent a3: added",
        "agent a2: no longer configured: the agent stays until agent del",
        "tier support@default a1: changed: level",
        "tier support@default a3: added",
        "tier support@default ghost: left out: Agent not found!",
        "tier support@default a2: gone with its element",
    ];
    assert_eq!(centre.reload(changed), expected);
}

#[test]
fn a_queue_that_has_left_stays_with_its_callers_and_one_that_was_unloaded_stays_away() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.caller("100");
    let nothing = Reconfiguration {
        queues: Vec::new(),
        ..plain(&[])
    };
    let stays = "queue support@default: no longer configured: it stays loaded until queue unload";
    assert_eq!(centre.reload(nothing), [stays]);
    assert!(!centre.lets_somebody_go() && centre.engine.queue_is_loaded(QUEUE));
    centre.tell(Input::UnloadQueue(QUEUE.to_owned()));
    let stays_away = "queue support@default: unloaded by command: it stays so until queue load";
    assert_eq!(centre.reload(plain(&[])), [stays_away]);
    assert!(!centre.engine.queue_is_loaded(QUEUE));
}

#[test]
fn a_status_is_taken_only_where_the_configuration_has_changed_it() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.reload(plain(&["a1"]));
    centre.status("a1", "Logged Out");
    assert_eq!(centre.reload(plain(&["a1"])), Vec::<String>::new());
    let status = |centre: &Centre| centre.engine.agent_row("a1").map(|row| row.status);
    assert_eq!(status(&centre), Some(AgentStatus::LoggedOut));
    let mut on_break = plain(&["a1"]);
    on_break.agents[0].status = Some(AgentStatus::OnBreak);
    assert_eq!(centre.reload(on_break), ["agent a1: changed: status"]);
    assert_eq!(status(&centre), Some(AgentStatus::OnBreak));
}

/// One agent takes another's place, and the queue asks for somebody from now on: it is at no moment empty.
#[test]
fn nobody_leaves_a_queue_whose_agents_are_exchanged() {
    let left_when_empty = || QueueConfig {
        leave_when_empty: Some(Absences::PAUSED),
        ..QueueConfig::named(QUEUE)
    };
    let mut centre = Centre::with_queue(QueueConfig::named(QUEUE));
    centre.reload(plain(&["a1"]));
    centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a1");
    centre.caller("101");
    centre.reload(configuration(left_when_empty(), &["a2"]));
    assert!(!centre.lets_somebody_go());
    assert_eq!(centre.one_ring().agent, "a2");
    centre.reload(configuration(left_when_empty(), &[]));
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert!(centre.outputs.iter().all(|output| !matches!(output, Output::Ring(_))));
}

#[test]
fn without_settings_or_tiers_those_stay() {
    let mut centre = Centre::new("longest-idle-agent");
    let mut with_report = plain(&["a1"]);
    with_report.settings = Some(Settings {
        agent_report: true,
        ..Settings::default()
    });
    centre.reload(with_report);
    let says_nothing = Reconfiguration {
        settings: None,
        tiers: None,
        ..plain(&["a1"])
    };
    assert_eq!(centre.reload(says_nothing), Vec::<String>::new());
    assert!(centre.engine.settings().agent_report);
    assert_eq!(centre.engine.tier_rows().len(), 1);
}

/// Each setting is given another value: it holds at once and is shown, or holds as before and is named without its value.
#[test]
fn every_setting_holds_at_once_or_is_named_as_one_that_needs_an_unload() {
    for parameter in SETTINGS {
        let mut settings = Settings::default();
        let values = [
            "true",
            "false",
            "1234",
            "full",
            "everywhere",
            "name=id",
            "agent=id",
            "uuid=id",
            "other",
        ];
        let other = values.iter().find(|value| {
            let mut tried = Settings::default();
            let taken = parameter.configure(&mut tried, value).is_ok();
            taken && parameter.get(&tried) != parameter.get(&settings)
        });
        let Some(value) = other else {
            assert_eq!(parameter.name, "global-database-lock", "it has no other value");
            continue;
        };
        assert_eq!(parameter.configure(&mut settings, value), Ok(()));
        let mut centre = Centre::new("longest-idle-agent");
        let told = centre.reload(with_settings(settings.clone()));
        let holds = parameter.get(centre.engine.settings());
        let fresh = parameter.get(&Settings::default());
        if SETTINGS_AT_ONCE.contains(&parameter.name) {
            assert_eq!(told, [format!("setting {}: {fresh} -> {value}", parameter.name)]);
            assert_eq!(holds, parameter.get(&settings), "{parameter:?}");
            assert_eq!(centre.reload(with_settings(settings)), Vec::<String>::new());
        } else {
            let needs = "needs an unload: it holds as before until reload mod_callcenter";
            assert_eq!(told, [format!("setting {}: {needs}", parameter.name)]);
            assert_eq!(holds, fresh, "{parameter:?}");
            assert_eq!(
                centre.reload(with_settings(settings)),
                told,
                "it is told until it is done"
            );
        }
    }
    let known = |name: &&str| SETTINGS.iter().any(|setting| setting.name == *name);
    assert!(SETTINGS_AT_ONCE.iter().all(known));
}

#[test]
fn settings_take_effect_on_what_happens_next() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.reload(plain(&["a1"]));
    centre.actions();
    let mut new = plain(&["a1"]);
    new.settings = Some(Settings {
        reserve_agents: true,
        agent_originate_timeout: 7,
        wrap_up_time: 30,
        agent_report: true,
        ..Settings::default()
    });
    centre.reload(new);
    assert_eq!(centre.actions(), ["agent-report"], "who is free is told at once");
    let member = centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.timeout, 7);
    let reserved = centre
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Event(event) => event.header("CC-Agent-State").map(str::to_owned),
            _ => None,
        })
        .collect::<Vec<_>>();
    assert_eq!(reserved, ["Reserved", "Receiving"]);
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.caller("101");
    centre.pass(29);
    assert_eq!(centre.rings(), []);
    centre.pass(1);
    assert_eq!(centre.one_ring().agent, "a1");
}

/// `dispatch internal` holds until the setting itself is changed.
#[test]
fn what_was_switched_by_command_stays_until_its_setting_changes() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::InternalDispatching { on: false });
    centre.reload(plain(&[]));
    assert!(!centre.engine.dispatches());
    let off = Settings {
        internal_call_dispatching: false,
        ..Settings::default()
    };
    centre.reload(with_settings(off));
    assert!(!centre.engine.dispatches());
    centre.reload(plain(&[]));
    assert!(centre.engine.dispatches());
}

#[test]
fn lamps_are_lit_and_put_out_with_their_setting() {
    let lamps = |centre: &mut Centre| {
        let outputs = std::mem::take(&mut centre.outputs);
        let lamp = |output: Output| match output {
            Output::Presence(Presence::BlfKey { queue, lamp, is_lit }) => Some((blf_key_name(&queue, &lamp), is_lit)),
            _ => None,
        };
        outputs.into_iter().filter_map(lamp).collect::<Vec<_>>()
    };
    let mut centre = Centre::new("longest-idle-agent");
    centre.reload(plain(&["a1"]));
    centre.tell(Input::AgentPause {
        name: "a1".to_owned(),
        reason: String::new(),
    });
    assert_eq!(lamps(&mut centre), []);
    let lit = |is_lit| {
        [
            ("support_avail@default".to_owned(), is_lit),
            ("support_pause_a1@default".to_owned(), is_lit),
        ]
    };
    let mut watched = plain(&["a1"]);
    watched.settings = Some(Settings {
        agent_presence: true,
        ..Settings::default()
    });
    centre.reload(watched);
    assert_eq!(lamps(&mut centre), lit(true));
    centre.reload(plain(&["a1"]));
    assert_eq!(lamps(&mut centre), lit(false));
}
