//! Agents whom callers prefer: named by the dialplan, or because they talked last.

use super::*;

mod remembered;
mod sticky_only;

/// A queue whose callers wait twenty seconds for the agents they prefer.
fn sticky() -> QueueConfig {
    QueueConfig {
        sticky_wait: 20,
        ..QueueConfig::named(QUEUE)
    }
}

/// The same, which remembers whom its callers talked to.
fn remembering() -> QueueConfig {
    QueueConfig {
        sticky_days: 30,
        ..sticky()
    }
}

/// Two agents; the first of them is the strategy's first choice.
fn two_agents(config: QueueConfig) -> Centre {
    let mut centre = Centre::with_queue(config);
    centre.agent("a1", 1, 1);
    centre.pass(1);
    centre.agent("a2", 1, 2);
    centre
}

fn wants(name: &str, agents: &str) -> JoinRequest {
    JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: format!("session-{name}"),
        new_member_uuid: format!("member-{name}"),
        cid_number: name.to_owned(),
        preferred: PreferredAgents::parse(agents).0,
        ..JoinRequest::default()
    }
}

impl Centre {
    fn joins(&mut self, request: JoinRequest) -> MemberId {
        match self.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, .. } => member,
            other => panic!("joining is answered with {other:?}"),
        }
    }

    fn caller_of(&mut self, name: &str, agents: &str) -> MemberId {
        self.joins(wants(name, agents))
    }

    /// Has an agent talk to somebody who has nothing to do with the rest.
    fn engage(&mut self, agent: &str) -> Ring {
        let name = format!("talks-to-{agent}");
        let member = self.caller_of(&name, agent);
        let ring = self.one_ring();
        assert_eq!(ring.agent, agent);
        self.talk(&ring, member);
        ring
    }

    fn rung(&mut self) -> Vec<(String, String)> {
        let rings = self.rings().into_iter();
        rings.map(|ring| (ring.member_uuid, ring.agent)).collect()
    }
}

fn pair(member: &str, agent: &str) -> (String, String) {
    (format!("member-{member}"), agent.to_owned())
}

#[test]
fn a_free_preferred_agent_is_chosen_in_place_of_the_strategys() {
    let mut centre = two_agents(QueueConfig::named(QUEUE));
    centre.caller_of("100", "nobody,a2");
    assert_eq!(centre.rung(), [pair("100", "a2")]);
}

#[test]
fn of_several_the_first_who_is_free_is_chosen() {
    let mut centre = two_agents(sticky());
    centre.agent("a3", 1, 3);
    centre.engage("a3");
    centre.caller_of("100", "a3,a2,a1");
    assert_eq!(centre.rung(), [pair("100", "a2")]);
}

#[test]
fn without_sticky_wait_nobody_waits_for_who_is_busy() {
    let mut centre = two_agents(QueueConfig::named(QUEUE));
    centre.engage("a2");
    centre.caller_of("100", "a2");
    assert_eq!(centre.rung(), [pair("100", "a1")]);
}

#[test]
fn who_is_busy_is_awaited_for_sticky_wait_and_no_longer() {
    let mut centre = two_agents(sticky());
    centre.engage("a2");
    centre.caller_of("100", "a2");
    centre.pass(19);
    assert_eq!(centre.rung(), []);
    centre.pass(1);
    assert_eq!(centre.rung(), [pair("100", "a1")]);
}

#[test]
fn who_becomes_free_takes_its_own_caller_before_others_who_have_waited_no_longer() {
    let mut centre = two_agents(sticky());
    let second = centre.engage("a2");
    centre.status("a1", "Logged Out");
    centre.caller("100");
    centre.pass(5);
    centre.caller_of("101", "a2");
    centre.hang_up(&second);
    assert_eq!(centre.rung(), [pair("101", "a2")]);
}

#[test]
fn nobody_who_has_waited_longer_than_sticky_wait_is_passed_over() {
    let mut centre = two_agents(sticky());
    let second = centre.engage("a2");
    centre.status("a1", "Logged Out");
    centre.caller("100");
    centre.pass(10);
    centre.caller_of("101", "a2");
    centre.pass(10);
    centre.hang_up(&second);
    assert_eq!(centre.rung(), [pair("100", "a2")]);
}

#[test]
fn nobody_of_a_queue_with_a_higher_priority_is_passed_over_nor_of_one_without_sticky_wait() {
    for priority in [0, 5] {
        let mut centre = two_agents(sticky());
        let other = QueueConfig {
            priority,
            sticky_wait: if priority > 0 { 600 } else { 0 },
            ..QueueConfig::named("other@default")
        };
        centre.tell(Input::LoadQueue(other));
        centre.tell(Input::TierAdd(TierConfig {
            queue: "other@default".to_owned(),
            agent: "a2".to_owned(),
            level: 1,
            position: 1,
        }));
        let second = centre.engage("a2");
        centre.joins(JoinRequest {
            queue: "other@default".to_owned(),
            ..wants("100", "")
        });
        centre.pass(1);
        centre.caller_of("101", "a2");
        centre.hang_up(&second);
        assert_eq!(centre.rung(), [pair("100", "a2")], "priority {priority}");
    }
}

#[test]
fn who_waits_for_an_agent_keeps_the_place_for_the_others() {
    let mut centre = two_agents(sticky());
    let first = centre.engage("a1");
    let second = centre.engage("a2");
    let member = centre.caller_of("100", "a2");
    centre.pass(1);
    centre.caller("101");
    assert_eq!(centre.engine.position_of(member), Some(1));
    centre.hang_up(&first);
    assert_eq!(centre.rung(), [pair("101", "a1")]);
    centre.caller("102");
    centre.pass(20);
    centre.hang_up(&second);
    assert_eq!(centre.rung(), [pair("100", "a2")]);
}

#[test]
fn who_is_away_holds_nobody_up() {
    let away: [fn(&mut Centre); 5] = [
        |centre| centre.status("a2", "Logged Out"),
        |centre| centre.status("a2", "On Break"),
        |centre| {
            centre.tell(Input::TierPause {
                queue: QUEUE.to_owned(),
                agent: "a2".to_owned(),
                reason: String::new(),
            });
        },
        |centre| {
            centre.tell(Input::TierDel {
                queue: QUEUE.to_owned(),
                agent: "a2".to_owned(),
            });
        },
        |centre| {
            centre.tell(Input::AgentDel { name: "a2".to_owned() });
        },
    ];
    for (case, leave) in away.into_iter().enumerate() {
        let mut centre = two_agents(sticky());
        leave(&mut centre);
        centre.caller_of("100", "a2");
        assert_eq!(centre.rung(), [pair("100", "a1")], "away before: {case}");

        let mut centre = two_agents(sticky());
        centre.engage("a2");
        centre.caller_of("100", "a2");
        assert_eq!(centre.rung(), []);
        leave(&mut centre);
        assert_eq!(centre.rung(), [pair("100", "a1")], "away while waiting: {case}");
    }
}

#[test]
fn who_comes_back_in_time_gets_its_own_caller() {
    let mut centre = two_agents(sticky());
    centre.engage("a1");
    centre.status("a2", "On Break");
    centre.caller("100");
    centre.caller_of("101", "a2");
    assert_eq!(centre.rung(), []);
    centre.status("a2", "Available");
    assert_eq!(centre.rung(), [pair("101", "a2")]);
}

#[test]
fn skills_and_levels_hold_for_preferred_agents_too() {
    let mut centre = two_agents(QueueConfig {
        tier_rules_apply: true,
        tier_rule_wait_second: 10,
        ..sticky()
    });
    centre.agent("second", 2, 1);
    centre.caller_of("100", "second");
    assert_eq!(
        centre.rung(),
        [pair("100", "a1")],
        "a level that is not open is not waited for"
    );
    let skilled = JoinRequest {
        requirements: CallerRequirements {
            skills: RequiredSkills::parse("gold").expect("skills"),
            ..CallerRequirements::default()
        },
        ..wants("101", "a2")
    };
    centre.set("a1", AgentSetting::Skills(Skills::parse("gold").expect("skills")));
    centre.joins(skilled);
    centre.pass(60);
    assert_eq!(centre.rung(), [], "a2 lacks the skill, a1 is rung");
    centre.set("a2", AgentSetting::Skills(Skills::parse("gold").expect("skills")));
    assert_eq!(centre.rung(), [pair("101", "a2")]);
}

#[test]
fn who_gains_the_skill_is_waited_for_and_who_loses_it_no_longer() {
    let mut centre = two_agents(QueueConfig {
        required_skills: RequiredSkills::parse("gold").expect("skills"),
        ..sticky()
    });
    let gold = || AgentSetting::Skills(Skills::parse("gold").expect("skills"));
    centre.set("a1", gold());
    centre.set("a2", gold());
    centre.engage("a2");
    centre.caller_of("100", "a2");
    assert_eq!(centre.rung(), []);
    centre.set("a2", AgentSetting::Skills(Skills::default()));
    assert_eq!(centre.rung(), [pair("100", "a1")]);
}

#[test]
fn who_has_declined_a_caller_is_not_preferred_by_it_any_more() {
    for strategy in ["longest-idle-agent", "top-down", "ring-all"] {
        let mut centre = two_agents(QueueConfig {
            strategy: strategy.to_owned(),
            ..sticky()
        });
        centre.caller_of("100", "a2");
        let ring = centre.one_ring();
        assert_eq!(ring.agent, "a2", "{strategy}");
        centre.fail(&ring, HangupCause::NO_ANSWER);
        let rung = centre.rung();
        assert!(rung.contains(&pair("100", "a1")), "{strategy}: {rung:?}");
    }
}

#[test]
fn where_all_phones_ring_the_preferred_ones_ring_first() {
    let mut centre = two_agents(QueueConfig {
        strategy: "ring-all".to_owned(),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a3", 1, 3);
    centre.caller_of("100", "a3,a2");
    let rings = centre.rings();
    let rung: Vec<&str> = rings.iter().map(|ring| ring.agent.as_str()).collect();
    assert_eq!(rung, ["a3", "a2"]);
    centre.fail(&rings[0], HangupCause::NO_ANSWER);
    centre.pass(30);
    assert_eq!(centre.rung(), [], "while one of them rings nobody else does");
    centre.fail(&rings[1], HangupCause::NO_ANSWER);
    let rung = centre.rung();
    assert!(rung.contains(&pair("100", "a1")), "{rung:?}");
}

#[test]
fn by_hand_a_caller_goes_to_anybody_unless_sticky_only() {
    for only in [false, true] {
        let mut centre = two_agents(QueueConfig {
            sticky_only: only,
            ..sticky()
        });
        centre.engage("a2");
        centre.caller_of("100", "a2");
        let given = centre.try_tell(Input::DispatchMember {
            uuid: "member-100".to_owned(),
            agent: "a1".to_owned(),
        });
        let expected = if only {
            Err(EngineError::NotEligible(WhyNot::OthersAlone))
        } else {
            Ok(Reply::Done)
        };
        assert_eq!(given, expected);
    }
}

#[test]
fn other_parameters_count_for_who_waits() {
    let mut centre = two_agents(sticky());
    centre.engage("a2");
    centre.caller_of("100", "a2");
    centre.pass(5);
    centre.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    assert_eq!(centre.rung(), [pair("100", "a1")]);
}

#[test]
fn chats_prefer_agents_as_calls_do() {
    let mut centre = two_agents(sticky());
    for agent in ["a1", "a2"] {
        centre.set(agent, most_chats("1"));
    }
    let chat = |name: &str| JoinRequest {
        requirements: CallerRequirements {
            media: Media::Chat,
            ..CallerRequirements::default()
        },
        ..wants(name, "a2")
    };
    centre.joins(chat("100"));
    assert_eq!(centre.rung(), [pair("100", "a2")]);
    centre.joins(chat("101"));
    centre.pass(19);
    assert_eq!(centre.rung(), []);
    centre.set("a2", most_chats("0"));
    assert_eq!(centre.rung(), [pair("101", "a1")]);
}

fn most_chats(number: &str) -> AgentSetting {
    let setting = AgentSetting::attribute("max_chats", number).expect("a known attribute");
    setting.expect("a value")
}
