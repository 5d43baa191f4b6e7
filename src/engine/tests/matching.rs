//! Skills, priorities and levels that change: who serves whom, by the rules one by one.

use super::*;

const OTHER: &str = "sales@default";

fn skilled(required: &str) -> QueueConfig {
    QueueConfig {
        required_skills: RequiredSkills::parse(required).expect("required skills"),
        ..QueueConfig::named(QUEUE)
    }
}

fn wishing(skills: &str) -> CallerRequirements {
    CallerRequirements {
        skills: RequiredSkills::parse(skills).expect("required skills"),
        ..CallerRequirements::default()
    }
}

impl Centre {
    /// An agent without a tier.
    fn agent_with_skills(&mut self, name: &str, skills: &str) {
        let agent_type = AgentType::callback();
        self.tell(Input::AgentAdd {
            name: name.to_owned(),
            agent_type,
        });
        self.skills(name, skills);
        self.status(name, "Available");
    }

    fn skills(&mut self, name: &str, skills: &str) {
        self.set(name, AgentSetting::Skills(Skills::parse(skills).expect("skills")));
    }

    fn caller_wishing(&mut self, queue: &str, name: &str, requirements: CallerRequirements) -> MemberId {
        let request = JoinRequest {
            queue: queue.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            requirements,
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, .. } => member,
            other => panic!("joining is answered with {other:?}"),
        }
    }

    /// Who is rung: member and agent.
    fn pairs(&mut self) -> Vec<(String, String)> {
        let rings = self.rings().into_iter();
        rings.map(|ring| (ring.member_uuid, ring.agent)).collect()
    }
}

fn pair(member: &str, agent: &str) -> (String, String) {
    (format!("member-{member}"), agent.to_owned())
}

#[test]
fn agents_who_have_the_skills_serve_a_queue_without_tiers() {
    let mut centre = Centre::with_queue(skilled("german>=5,billing"));
    centre.agent_with_skills("weak", "german=4,billing");
    centre.caller("c");
    assert_eq!(centre.pairs(), []);
    centre.agent_with_skills("fit", "billing=2,german=9");
    assert_eq!(centre.pairs(), [pair("c", "fit")]);
    let serving: Vec<String> = centre
        .engine
        .queue_agent_rows(QUEUE, &AgentFilter::default())
        .into_iter()
        .map(|row| row.name)
        .collect();
    assert_eq!(serving, ["fit"]);
    assert_eq!(centre.engine.tier_rows(), [], "nobody made a tier");
    let saved = centre
        .outputs
        .iter()
        .any(|output| matches!(output, Output::Row(RowChange::Tier(_))));
    assert!(!saved, "none is saved");
}

#[test]
fn who_learns_a_skill_serves_at_once_and_who_forgets_it_no_longer() {
    let mut centre = Centre::with_queue(skilled("german"));
    centre.agent_with_skills("a", "");
    centre.caller("first");
    assert_eq!(centre.pairs(), []);
    centre.skills("a", "german");
    let ring = centre.one_ring();
    centre.skills("a", "french");
    centre.fail(&ring, HangupCause::NO_ANSWER);
    centre.pass(60);
    assert_eq!(centre.pairs(), []);
}

#[test]
fn an_agent_with_a_tier_needs_the_skills_too_and_keeps_its_level() {
    let mut centre = Centre::with_queue(skilled("german"));
    centre.agent("tiered", 3, 1);
    centre.agent_with_skills("skilled", "german");
    centre.caller("c1");
    assert_eq!(centre.pairs(), [pair("c1", "skilled")]);
    centre.caller("c2");
    assert_eq!(centre.pairs(), []);
    centre.skills("tiered", "german");
    assert_eq!(centre.pairs(), [pair("c2", "tiered")]);
    assert_eq!(centre.engine.tier_rows().len(), 1);
    centre.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "tiered".to_owned(),
    });
    assert_eq!(
        centre.engine.queue_agent_rows(QUEUE, &AgentFilter::default()).len(),
        2,
        "the skills still serve"
    );
    assert_eq!(centre.engine.tier_rows(), []);
}

#[test]
fn a_tier_for_who_serves_by_skill_is_new() {
    let mut centre = Centre::with_queue(skilled("german"));
    centre.agent_with_skills("a", "german");
    let set = Input::TierSet {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        setting: TierSetting::Level(2),
    };
    assert_eq!(centre.try_tell(set), Err(EngineError::TierNotFound));
    centre.tell(Input::TierAdd(TierConfig {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        level: 2,
        position: 1,
    }));
    assert_eq!(centre.engine.tier_rows().len(), 1);
    centre.caller("c");
    assert_eq!(centre.pairs(), [pair("c", "a")]);
}

#[test]
fn what_is_required_is_relaxed_as_time_passes() {
    let mut centre = Centre::with_queue(QueueConfig {
        skill_relax_seconds: 30,
        ..skilled("german>=5,gold")
    });
    centre.agent_with_skills("german", "german=5");
    centre.agent_with_skills("beginner", "german");
    centre.agent_with_skills("none", "gold");
    centre.caller("c1");
    centre.caller("c2");
    centre.caller("c3");
    assert_eq!(centre.pairs(), []);
    centre.pass(29);
    assert_eq!(centre.pairs(), []);
    centre.pass(1);
    assert_eq!(centre.pairs(), [pair("c1", "german")]);
    centre.pass(29);
    assert_eq!(centre.pairs(), []);
    centre.pass(1);
    assert_eq!(centre.pairs(), [pair("c2", "beginner")]);
    centre.pass(600);
    assert_eq!(centre.pairs(), [], "the skill named first is never dropped");
}

#[test]
fn a_caller_may_ask_for_more_than_the_queue() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("plain", 1, 1);
    centre.caller_wishing(QUEUE, "c", wishing("gold"));
    assert_eq!(centre.pairs(), []);
    centre.caller("other");
    assert_eq!(centre.pairs(), [pair("other", "plain")]);
    centre.agent("golden", 9, 1);
    centre.skills("golden", "gold=3");
    assert_eq!(centre.pairs(), [pair("c", "golden")]);
}

#[test]
fn a_freed_agent_takes_from_the_queue_of_higher_priority_whatever_the_scores() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::LoadQueue(QueueConfig {
        priority: 5,
        ..QueueConfig::named(OTHER)
    }));
    centre.agent("a", 1, 1);
    centre.tell(Input::TierAdd(TierConfig {
        queue: OTHER.to_owned(),
        agent: "a".to_owned(),
        level: 1,
        position: 1,
    }));
    let talking = centre.caller("talking");
    let ring = centre.one_ring();
    centre.talk(&ring, talking);
    centre.caller_with_score("old", 500);
    centre.pass(100);
    centre.caller_wishing(OTHER, "new", CallerRequirements::default());
    centre.hang_up(&ring);
    assert_eq!(centre.pairs(), [pair("new", "a")]);
}

#[test]
fn levels_open_and_close_with_the_time_waited() {
    let mut centre = Centre::with_queue(QueueConfig {
        level_rules: LevelRules::parse("0:1,20:+1,40:9:3").expect("rules"),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("two", 2, 1);
    centre.agent("three", 3, 1);
    centre.caller("c1");
    centre.pass(19);
    assert_eq!(centre.pairs(), []);
    centre.caller("c2");
    centre.pass(1);
    let ring = centre.one_ring();
    assert_eq!((ring.member_uuid.as_str(), ring.agent.as_str()), ("member-c1", "two"));
    centre.pass(20);
    centre.fail(&ring, HangupCause::USER_BUSY);
    assert_eq!(centre.pairs(), [pair("c1", "three")], "level 2 is too low by now");
    centre.pass(5);
    assert_eq!(centre.pairs(), [pair("c2", "two")]);
}

#[test]
fn a_callers_own_levels_are_where_the_rules_begin() {
    let mut centre = Centre::with_queue(QueueConfig {
        level_rules: LevelRules::parse("10:+1").expect("rules"),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("three", 3, 1);
    let levels = LevelLimits {
        max: Some(2),
        ..LevelLimits::default()
    };
    let requirements = CallerRequirements {
        levels,
        ..CallerRequirements::default()
    };
    centre.caller_wishing(QUEUE, "c", requirements);
    assert_eq!(centre.pairs(), []);
    centre.pass(10);
    assert_eq!(centre.pairs(), [pair("c", "three")]);
}

#[test]
fn a_raised_level_puts_lower_ones_beside_it() {
    let mut centre = Centre::with_queue(QueueConfig {
        level_rules: LevelRules::parse("0:::2").expect("rules"),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("one", 1, 5);
    centre.agent("two", 2, 1);
    centre.caller("c");
    assert_eq!(centre.pairs(), [pair("c", "two")], "the position decides among equals");
}

#[test]
fn too_many_different_wishes_are_told_once_and_the_queues_own_rules_hold() {
    let mut centre = Centre::new("longest-idle-agent");
    for number in 0..1_010 {
        centre.caller_wishing(QUEUE, &format!("c{number}"), wishing(&format!("skill{number}")));
    }
    let warnings = centre.outputs.iter().filter(
        |output| matches!(output, Output::Notice(notice) if notice.level == NoticeLevel::Warning && notice.text.contains("1000 different")),
    );
    assert_eq!(warnings.count(), 1);
    centre.agent("plain", 1, 1);
    assert_eq!(centre.pairs(), [pair("c999", "plain")]);
}

#[test]
fn skills_outlast_a_restart() {
    let mut engine = Engine::new(Settings::default(), 1);
    let now = Timestamp::from_secs(1_000_000);
    let snapshot = Snapshot {
        agents: vec![AgentRow::new("a", "single_box", AgentType::callback())],
        skills: vec![("a".to_owned(), Skills::parse("german").expect("skills"))],
        ..Snapshot::default()
    };
    engine.handle_input(now, Input::Restore(snapshot)).expect("rows");
    engine
        .handle_input(now, Input::LoadQueue(skilled("german")))
        .expect("a queue");
    assert_eq!(engine.queue_agent_count(QUEUE, &AgentFilter::default()), 1);
}
