//! Every parameter of a queue, set while somebody waits: it has its effect on who waits, or the reason is here why it cannot.

use super::*;

/// What becomes of a parameter that is set while somebody waits.
enum Effect {
    /// It is seen on who waits: the trial plays it.
    AtOnce(fn(&str)),
    /// It says what happens at a later moment, and is looked at then; the trial or the reason is with that moment.
    Later(&'static str),
    /// It is about the door, and who waits is through.
    Door,
}

use Effect::{AtOnce, Door, Later};

fn effect_of(parameter: &str) -> Effect {
    match parameter {
        "strategy" => AtOnce(|_| {
            let mut centre = two_agents(QueueConfig::named(QUEUE));
            centre.caller("100");
            centre.one_ring();
            centre.set_here("strategy", "ring-all");
            assert_eq!(centre.one_ring().agent, "a2");
        }),
        "moh-sound" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig::named(QUEUE));
            centre.set_here("moh-sound", "other.wav");
            assert_eq!(centre.holds()[0].moh_sound.as_deref(), Some("other.wav"));
        }),
        "exit-keys" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig::named(QUEUE));
            centre.set_here("exit-keys", "5");
            let way_out = &centre.holds()[0].way_out;
            assert_eq!((way_out.keys.as_str(), way_out.parting('5')), ("5", None));
        }),
        "exit-context" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig::named(QUEUE));
            centre.set_here("exit-context", "menu");
            let parting = centre.holds()[0].way_out.parting('5').expect("a way out");
            assert_eq!(parting.destination.as_deref(), Some("5 XML menu"));
        }),
        "announce-sound" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig {
                announce_frequency: 5,
                ..QueueConfig::named(QUEUE)
            });
            centre.hears_within("announce-sound", "a.wav", 5);
        }),
        "announce-frequency" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig {
                announce_sound: Some("a.wav".to_owned()),
                ..QueueConfig::named(QUEUE)
            });
            centre.hears_within("announce-frequency", "5", 5);
        }),
        "announce-position" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig::named(QUEUE));
            centre.hears_within("announce-position", "yes", 60);
        }),
        "announce-holdtime" => Later("it goes with a place that is told"),
        "announce-position-limit" => Later("it counts when a place is told"),
        "announce-round-seconds" => Later("it counts when a wait is told"),
        "announce-position-frequency" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig {
                announce_position: PositionTold::Yes,
                announce_position_frequency: 3600,
                announce_position_min_frequency: 0,
                ..QueueConfig::named(QUEUE)
            });
            centre.hears_out();
            centre.hears_within("announce-position-frequency", "30", 30);
        }),
        "announce-position-min-frequency" => Later("it counts when a place has changed"),
        "periodic-announce-sounds" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig::named(QUEUE));
            centre.hears_within("periodic-announce-sounds", "a.wav,b.wav", 60);
        }),
        "periodic-announce-frequency" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig {
                periodic_announce_sounds: Some("a.wav".to_owned()),
                periodic_announce_frequency: 3600,
                ..QueueConfig::named(QUEUE)
            });
            centre.hears_within("periodic-announce-frequency", "10", 10);
        }),
        "periodic-announce-random" => Later("it chooses the next sound"),
        "periodic-announce-relative" => Later("it counts when the next sound ends"),
        "record-template" => AtOnce(|value| {
            assert_eq!(
                connected("record-template", value).record_template.as_deref(),
                Some(value)
            )
        }),
        "member-delay" => AtOnce(|_| assert_eq!(connected("member-delay", "3").delay, 3)),
        "agent-announce-sound" => AtOnce(|value| assert_eq!(connected("agent-announce-sound", value).sounds, [value])),
        "agent-announce-wait" => AtOnce(|_| assert!(!connected("agent-announce-wait", "true").sounds.is_empty())),
        "cid-name-prefix" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig::named(QUEUE));
            centre.set_here("cid-name-prefix", "VIP ");
            centre.agent("a1", 1, 1);
            assert_eq!(centre.one_ring().cid_name_prefix, "VIP ");
        }),
        "time-base-score" => {
            Later("a score is what one begins with, as in stock: nobody in line is overtaken for a change of it")
        }
        "ring-progressively-delay" => AtOnce(|_| {
            let mut centre = two_agents(QueueConfig {
                strategy: "ring-progressively".to_owned(),
                ring_progressively_delay: 600,
                ..QueueConfig::named(QUEUE)
            });
            centre.caller("100");
            centre.one_ring();
            centre.set_here("ring-progressively-delay", "5");
            centre.pass(5);
            assert_eq!(centre.one_ring().agent, "a2");
        }),
        "retry-delay" => AtOnce(|_| {
            let mut centre = Centre::with_queue(QueueConfig {
                retry_delay: 600,
                ..QueueConfig::named(QUEUE)
            });
            centre.agent("a1", 1, 1);
            centre.caller("100");
            let ring = centre.one_ring();
            centre.fail(&ring, HangupCause::NO_ANSWER);
            centre.agent("a2", 1, 2);
            centre.pass(5);
            assert_eq!(centre.rings(), []);
            centre.set_here("retry-delay", "0");
            assert_eq!(centre.rings().len(), 1);
        }),
        "tier-rules-apply" => AtOnce(|_| {
            let mut centre = on_the_second_level(true);
            centre.set_here("tier-rules-apply", "false");
            assert_eq!(centre.one_ring().agent, "a2");
        }),
        "tier-rule-wait-second" => AtOnce(|_| {
            let mut centre = on_the_second_level(true);
            centre.set_here("tier-rule-wait-second", "1");
            assert_eq!(centre.one_ring().agent, "a2");
        }),
        "tier-rule-wait-multiply-level" => AtOnce(|_| {
            let mut centre = on_the_second_level(true);
            centre.set_here("tier-rule-wait-second", "6");
            assert_eq!(centre.rings(), []);
            centre.set_here("tier-rule-wait-multiply-level", "false");
            assert_eq!(centre.one_ring().agent, "a2");
        }),
        "tier-rule-no-agent-no-wait" => AtOnce(|_| {
            let mut centre = on_the_second_level(false);
            centre.set_here("tier-rule-no-agent-no-wait", "true");
            assert_eq!(centre.one_ring().agent, "a2");
        }),
        "discard-abandoned-after" => AtOnce(|_| {
            let mut centre = Centre::with_queue(QueueConfig::named(QUEUE));
            let member = centre.caller("100");
            centre.leave(member);
            centre.set_here("discard-abandoned-after", "3");
            centre.pass(5);
            assert_eq!(centre.engine.member_count(QUEUE), 0);
        }),
        "max-wait-time" => AtOnce(|_| released_by("max-wait-time", "20", 10)),
        "max-wait-time-with-no-agent" => AtOnce(|_| released_by("max-wait-time-with-no-agent", "20", 15)),
        "max-wait-time-with-no-agent-time-reached" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig {
                max_wait_time_with_no_agent: 5,
                max_wait_time_with_no_agent_time_reached: 600,
                ..QueueConfig::named(QUEUE)
            });
            centre.set_here("max-wait-time-with-no-agent-time-reached", "0");
            centre.pass(0);
            assert!(centre.is_let_go());
        }),
        "leave-when-empty" => AtOnce(|_| released_by("leave-when-empty", "yes", 0)),
        "dissuade-wait" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig {
                dissuade_hangup: true,
                ..QueueConfig::named(QUEUE)
            });
            centre.set_here("dissuade-wait", "15");
            centre.pass(5);
            assert!(centre.is_let_go());
        }),
        "dissuade-sound" | "dissuade-hangup" | "dissuade-destination" => {
            Later("it says what becomes of who is dissuaded then")
        }
        "skip-agents-with-external-calls" => AtOnce(|_| {
            let mut centre = Centre::with_queue(QueueConfig::named(QUEUE));
            centre.agent("a1", 1, 1);
            centre.tell(Input::ExternalCallStarted { agent: "a1".to_owned() });
            centre.caller("100");
            assert_eq!(centre.rings(), []);
            centre.set_here("skip-agents-with-external-calls", "false");
            assert_eq!(centre.one_ring().agent, "a1");
        }),
        "ring-in-use" => AtOnce(|_| {
            let mut centre = Centre::with_queue(QueueConfig {
                ring_in_use: false,
                ..QueueConfig::named(QUEUE)
            });
            centre.agent("a1", 1, 1);
            centre.set("a1", AgentSetting::Contact("user/a1@pbx".to_owned()));
            centre.tell(Input::DeviceState {
                device: "a1@pbx".to_owned(),
                in_use: true,
            });
            centre.caller("100");
            assert_eq!(centre.rings(), []);
            centre.set_here("ring-in-use", "true");
            assert_eq!(centre.one_ring().agent, "a1");
        }),
        "priority" => AtOnce(|_| {
            let other = "other@default";
            let mut centre = Centre::with_queue(QueueConfig::named(QUEUE));
            centre.tell(Input::LoadQueue(QueueConfig::named(other)));
            centre.agent("a1", 1, 1);
            centre.status("a1", "Logged Out");
            centre.tell(Input::TierAdd(TierConfig {
                queue: other.to_owned(),
                agent: "a1".to_owned(),
                level: 1,
                position: 1,
            }));
            centre.tell(Input::MemberJoin(JoinRequest {
                queue: other.to_owned(),
                session_uuid: "first".to_owned(),
                new_member_uuid: "first".to_owned(),
                ..JoinRequest::default()
            }));
            centre.pass(10);
            centre.caller("100");
            centre.set_here("priority", "5");
            centre.status("a1", "Available");
            assert_eq!(centre.one_ring().queue, QUEUE);
        }),
        "required-skills" => AtOnce(|_| {
            let mut centre = Centre::with_queue(QueueConfig {
                required_skills: RequiredSkills::parse("german").expect("skills"),
                ..QueueConfig::named(QUEUE)
            });
            centre.agent("a1", 1, 1);
            centre.caller("100");
            assert_eq!(centre.rings(), []);
            centre.set_here("required-skills", "");
            assert_eq!(centre.one_ring().agent, "a1");
        }),
        "skill-relax-seconds" => AtOnce(|_| {
            let mut centre = Centre::with_queue(QueueConfig {
                required_skills: RequiredSkills::parse("german>=2").expect("skills"),
                ..QueueConfig::named(QUEUE)
            });
            centre.agent("a1", 1, 1);
            centre.set("a1", AgentSetting::Skills(Skills::parse("german=1").expect("skills")));
            centre.caller("100");
            centre.pass(10);
            assert_eq!(centre.rings(), []);
            centre.set_here("skill-relax-seconds", "5");
            assert_eq!(centre.one_ring().agent, "a1");
        }),
        "level-rules" => AtOnce(|_| {
            let mut centre = Centre::with_queue(QueueConfig {
                level_rules: LevelRules::parse("0:1").expect("rules"),
                ..QueueConfig::named(QUEUE)
            });
            centre.agent("a2", 2, 1);
            centre.caller("100");
            assert_eq!(centre.rings(), []);
            centre.set_here("level-rules", "0:2");
            assert_eq!(centre.one_ring().agent, "a2");
        }),
        "position-variable" => AtOnce(|_| {
            let mut centre = waiting(QueueConfig::named(QUEUE));
            centre.outputs.clear();
            centre.set_here("position-variable", "3");
            centre.pass(1);
            let tells = |change: &VariableChange| change.name == "cc_position" && change.value.as_deref() == Some("1");
            let told = centre.outputs.iter().any(|output| match output {
                Output::Variables { changes, .. } => changes.iter().any(tells),
                _ => false,
            });
            assert!(told);
        }),
        "sticky-wait" => AtOnce(|_| waits_for_the_second("sticky-wait", "10", &["a1"])),
        "sticky-only" => AtOnce(|_| waits_for_the_second("sticky-only", "true", &[])),
        "sticky-days" | "sticky-key" => Later("it counts when a talk begins and when its caller comes again"),
        "chat-dispatch-policy" => Later("it chooses the agent of the next chat"),
        "cc-export-vars" => Later("it goes with the next phone that rings"),
        "timeout-priority" => Later("it counts when max-wait-time is reached"),
        "agent-no-answer-status" => Later("it counts when an agent has not answered"),
        "autopause" | "autopause-busy" | "autopause-unavailable" | "autopause-delay" => {
            Later("it counts when an offer has failed")
        }
        "wrap-up-time" | "max-wrap-up-time" => Later("it counts when a talk ends"),
        "abandoned-resume-allowed" => Later("it counts when a caller comes back"),
        "welcome-sound"
        | "max-queue-length"
        | "reject-on-no-agents"
        | "join-empty"
        | "dissuade-queue-size"
        | "dissuade-estimated-wait" => Door,
        key if key.starts_with("callback-") => Later("it counts when callbacks are offered, asked for or attempted"),
        unknown => panic!("{unknown}: nobody has said what becomes of it for who waits"),
    }
}

impl Centre {
    /// Sets a parameter as a command does.
    fn set_here(&mut self, key: &str, value: &str) {
        let parameter = find_parameter(QUEUE_PARAMETERS, key).expect("a parameter");
        let setting = parameter.assign(&QueueConfig::named(QUEUE), value).expect("a value");
        self.tell(Input::QueueSet {
            queue: QUEUE.to_owned(),
            setting,
        });
    }

    /// How those who wait were told to wait on.
    fn holds(&self) -> Vec<&Hold> {
        fn hold(output: &Output) -> Option<&Hold> {
            match output {
                Output::Hold { hold, .. } => Some(hold),
                _ => None,
            }
        }
        self.outputs.iter().filter_map(hold).collect()
    }

    fn is_let_go(&self) -> bool {
        self.outputs.iter().any(|output| matches!(output, Output::Release(_)))
    }

    /// What was told on entering has been heard.
    fn hears_out(&mut self) {
        let announce = self.outputs.drain(..).find_map(|output| match output {
            Output::Announce(announce) => Some(announce),
            _ => None,
        });
        let announce = announce.expect("an announcement");
        self.outputs.clear();
        self.tell(Input::AnnouncementEnded {
            member: announce.member,
            announcement: announce.announcement,
            end: AnnouncementEnd::Played,
        });
    }

    /// Sets a parameter, after which an announcement comes within so many seconds that would not have come without.
    fn hears_within(&mut self, key: &str, value: &str, seconds: i64) {
        let hears = |centre: &Self| {
            centre
                .outputs
                .iter()
                .any(|output| matches!(output, Output::Announce(_)))
        };
        assert!(!hears(self), "{key}: something was heard before");
        self.set_here(key, value);
        self.pass(seconds);
        assert!(hears(self), "{key}: nothing was heard");
    }
}

/// Somebody has waited ten seconds where nobody serves.
fn waiting(config: QueueConfig) -> Centre {
    let mut centre = Centre::with_queue(config);
    centre.caller("100");
    centre.pass(10);
    centre
}

/// Somebody has waited ten seconds for a busy agent whom it prefers; who is rung in the next minute, once the parameter is set.
fn waits_for_the_second(key: &str, value: &str, rung: &[&str]) {
    let mut centre = two_agents(QueueConfig {
        sticky_wait: 20,
        ..QueueConfig::named(QUEUE)
    });
    for name in ["100", "101"] {
        centre.tell(Input::MemberJoin(JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: name.to_owned(),
            new_member_uuid: name.to_owned(),
            preferred: PreferredAgents::one("a2"),
            ..JoinRequest::default()
        }));
    }
    assert_eq!(centre.one_ring().agent, "a2");
    centre.pass(10);
    assert_eq!(centre.rings(), []);
    centre.set_here(key, value);
    let at_once = centre.rings();
    let now: Vec<&str> = at_once.iter().map(|ring| ring.agent.as_str()).collect();
    assert_eq!(now, rung, "{key}");
    centre.pass(60);
    assert_eq!(centre.rings(), [], "{key}");
}

fn two_agents(config: QueueConfig) -> Centre {
    let mut centre = Centre::with_queue(config);
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    centre
}

/// Somebody has waited ten seconds for an agent of level 2, whose level opens much later; on level 1 somebody is logged in and has
/// no time, or nobody.
fn on_the_second_level(has_first: bool) -> Centre {
    let mut centre = Centre::with_queue(QueueConfig {
        tier_rules_apply: true,
        tier_rule_wait_second: 600,
        tier_rule_wait_multiply_level: true,
        tier_rule_no_agent_no_wait: false,
        ..QueueConfig::named(QUEUE)
    });
    if has_first {
        centre.agent("a1", 1, 1);
        centre.status("a1", "On Break");
    }
    centre.agent("a2", 2, 1);
    centre.caller("100");
    centre.pass(10);
    assert_eq!(centre.rings(), []);
    centre
}

/// What an agent is connected by who answers after the parameter was set, while the phone rang.
fn connected(key: &str, value: &str) -> Connect {
    let mut centre = Centre::with_queue(QueueConfig::named(QUEUE));
    centre.agent("a1", 1, 1);
    centre.caller("100");
    centre.pass(3);
    let ring = centre.one_ring();
    centre.set_here(key, value);
    centre.answer(&ring);
    let connect = centre.outputs.into_iter().find_map(|output| match output {
        Output::Connect(connect) => Some(connect),
        _ => None,
    });
    connect.expect("a bridge")
}

/// Who has waited ten seconds without an agent is let go so many seconds after the parameter was set.
fn released_by(key: &str, value: &str, seconds: i64) {
    let mut centre = waiting(QueueConfig::named(QUEUE));
    centre.pass(1);
    assert!(!centre.is_let_go());
    centre.set_here(key, value);
    centre.pass(seconds);
    assert!(centre.is_let_go(), "{key}");
}

#[test]
fn every_parameter_of_a_queue_has_its_effect_on_who_waits_or_a_reason() {
    let holds = |name: &str| match effect_of(name) {
        AtOnce(trial) => std::panic::catch_unwind(|| trial("/tmp/some.wav")).is_ok(),
        Later(reason) => !reason.is_empty(),
        Door => true,
    };
    let names = QUEUE_PARAMETERS.iter().map(|parameter| parameter.name);
    let fail: Vec<_> = names.filter(|name| !holds(name)).collect();
    assert_eq!(fail, Vec::<&str>::new());
}

/// Who is through the door hears of what changes, and nobody of what stays.
#[test]
fn only_a_change_of_how_to_wait_is_told_and_a_chat_hears_nothing() {
    let mut centre = waiting(QueueConfig::named(QUEUE));
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "chat".to_owned(),
        new_member_uuid: "chat".to_owned(),
        requirements: CallerRequirements {
            media: Media::Chat,
            ..CallerRequirements::default()
        },
        ..JoinRequest::default()
    };
    centre.tell(Input::MemberJoin(request));
    centre.set_here("max-wait-time", "600");
    assert_eq!(centre.holds(), Vec::<&Hold>::new());
    centre.set_here("moh-sound", "other.wav");
    let sounds: Vec<_> = centre
        .holds()
        .into_iter()
        .map(|hold| hold.moh_sound.as_deref())
        .collect();
    assert_eq!(sounds, [Some("other.wav"), None]);
    centre.outputs.clear();
    let later = centre.caller("101");
    centre.leave(later);
    centre.set_here("moh-sound", "third.wav");
    assert_eq!(centre.holds().len(), 2, "who has left is not told");
}
