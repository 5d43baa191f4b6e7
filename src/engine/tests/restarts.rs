//! What a restart must not change: settings that were made by command, and when an agent is ready again.

use super::*;
use std::collections::BTreeMap;

impl Centre {
    /// Another engine that begins with what this one has written, at the same moment.
    fn after_a_crash(&self) -> Centre {
        let (mut configured, mut skills) = (BTreeMap::new(), BTreeMap::new());
        for output in &self.outputs {
            match output {
                Output::Row(RowChange::Configured { agent, setting, value }) => {
                    configured.insert((agent.clone(), setting.clone()), value.clone());
                }
                Output::Row(RowChange::AgentSkills {
                    agent,
                    skills: of_agent,
                }) => {
                    skills.insert(agent.clone(), of_agent.clone());
                }
                _ => (),
            }
        }
        let agents = self.engine.agent_rows();
        let limits = agents.iter().map(|row| {
            let limits = self.engine.agent_limits(&row.name).expect("the agent");
            (row.name.clone(), limits)
        });
        let configured = configured.into_iter();
        let mut after = Centre {
            engine: Engine::new(Settings::default(), 2),
            now: self.now,
            outputs: Vec::new(),
        };
        after.tell(Input::Restore(Snapshot {
            agent_limits: limits.collect(),
            configured: configured
                .filter_map(|((agent, setting), value)| Some((agent, setting, value?)))
                .collect(),
            skills: skills.into_iter().collect(),
            tiers: self.engine.tier_rows(),
            agents,
            ..Snapshot::default()
        }));
        after.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
        after
    }

    /// How many seconds pass until somebody who calls or writes now is offered to an agent.
    fn seconds_to_offer(&mut self, media: Media) -> i64 {
        let begun = self.now;
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{media:?}"),
            new_member_uuid: format!("member-{media:?}"),
            requirements: CallerRequirements {
                media,
                ..CallerRequirements::default()
            },
            ..JoinRequest::default()
        };
        self.tell(Input::MemberJoin(request));
        while self.rings().is_empty() {
            assert!(self.now < begun + Span::from_secs(1_000), "nobody is ever offered");
            self.pass(1);
        }
        self.now.since(begun).secs()
    }

    fn has_a_call(&mut self, queue: QueueConfig, media: Media) {
        self.tell(Input::LoadQueue(queue));
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: "session-first".to_owned(),
            new_member_uuid: "member-first".to_owned(),
            requirements: CallerRequirements {
                media,
                ..CallerRequirements::default()
            },
            ..JoinRequest::default()
        };
        let Reply::Joined { member, .. } = self.tell(Input::MemberJoin(request)) else {
            panic!("the caller is refused");
        };
        let ring = self.one_ring();
        self.talk(&ring, member);
        self.hang_up(&ring);
    }
}

/// Every setting of an agent that both `agent set` and the configuration have.
fn shared_settings(value: &str, skills: &str, contact: &str) -> AgentConfig {
    let attributes = AGENT_ATTRIBUTES.iter().map(|attribute| {
        let like = AgentRow::new("", "", AgentType::callback());
        attribute.assign(&like, value).expect("a value")
    });
    let limits = AGENT_LIMITS
        .iter()
        .map(|limit| limit.assign(&AgentLimits::default(), value).expect("a value"));
    AgentConfig {
        name: "a1".to_owned(),
        agent_type: AgentType::parse("callback").expect("a known type"),
        contact: Some(contact.to_owned()),
        status: Some(AgentStatus::LoggedOut),
        skills: Some(Skills::parse(skills).expect("skills")),
        attributes: attributes.collect(),
        limits: limits.collect(),
    }
}

/// What the agent has of these settings.
fn shared_values(centre: &Centre) -> Vec<String> {
    let row = centre.agent_row("a1");
    let limits = centre.engine.agent_limits("a1").expect("the agent");
    let attributes = AGENT_ATTRIBUTES.iter().map(|attribute| attribute.get(&row));
    let limits = AGENT_LIMITS.iter().map(|limit| limit.get(&limits));
    let mut values: Vec<String> = attributes.chain(limits).collect();
    values.push(row.contact);
    values.push(centre.engine.skills_of("a1").expect("the agent"));
    values
}

#[test]
fn what_was_set_outlasts_reloads_and_restarts_until_the_configuration_changes_or_it_is_demanded() {
    let mut centre = Centre::new("longest-idle-agent");
    let config = shared_settings("3", "french", "user/1");
    centre.tell(Input::ApplyAgent(config.clone()));
    let as_configured = shared_values(&centre);
    for setting in AGENT_ATTRIBUTES.iter().map(|attribute| attribute.key()) {
        let setting = AgentSetting::attribute(&setting, "7").expect("known").expect("a value");
        centre.set("a1", setting);
    }
    for setting in AGENT_LIMITS.iter().map(|limit| limit.key()) {
        let setting = AgentSetting::attribute(&setting, "7").expect("known").expect("a value");
        centre.set("a1", setting);
    }
    centre.set("a1", AgentSetting::Contact("user/7".to_owned()));
    centre.set("a1", AgentSetting::Skills(Skills::parse("german=7").expect("skills")));
    let as_set = shared_values(&centre);
    assert!(as_set
        .iter()
        .zip(&as_configured)
        .all(|(set, configured)| set != configured));

    centre.tell(Input::ApplyAgent(config.clone()));
    assert_eq!(shared_values(&centre), as_set, "a reload");

    let mut after = centre.after_a_crash();
    after.tell(Input::ApplyAgent(config.clone()));
    assert_eq!(shared_values(&after), as_set, "a restart");

    after.tell(Input::ApplyAgent(AgentConfig {
        contact: Some("user/2".to_owned()),
        ..config.clone()
    }));
    assert_eq!(after.agent_row("a1").contact, "user/2", "what was changed there");
    let skills = after.engine.skills_of("a1").expect("the agent");
    assert_eq!(skills, "german=7", "what was not");

    after.status("a1", "Available");
    after.tell(Input::ReloadAgent(config.clone()));
    assert_eq!(shared_values(&after), as_configured, "on demand");
    assert_eq!(after.agent_row("a1").status, AgentStatus::Available);

    after.tell(Input::AgentDel { name: "a1".to_owned() });
    after.tell(Input::ApplyAgent(config));
    assert_eq!(shared_values(&after), as_configured, "everything is new to a new agent");
}

fn set_number(centre: &mut Centre, key: &str, value: i64) {
    let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
    centre.set("a1", setting.expect("a value"));
}

/// Something that keeps an agent from offers for a while.
type Happening = fn(&mut Centre);

const HAPPENINGS: &[(&str, Happening)] = &[
    ("nothing", |_| ()),
    ("a wrap-up of its own", |centre| {
        set_number(centre, "wrap_up_time", 60);
        centre.has_a_call(QueueConfig::named(QUEUE), Media::Audio);
    }),
    ("one that the queue shortens", |centre| {
        set_number(centre, "wrap_up_time", 60);
        let queue = QueueConfig {
            max_wrap_up_time: 2,
            ..QueueConfig::named(QUEUE)
        };
        centre.has_a_call(queue, Media::Audio);
    }),
    ("one that the agent ends before its time", |centre| {
        set_number(centre, "wrap_up_time", 60);
        centre.has_a_call(QueueConfig::named(QUEUE), Media::Audio);
        centre.set("a1", AgentSetting::ReadyTime(0));
    }),
    ("one of the queue", |centre| {
        let queue = QueueConfig {
            wrap_up_time: 40,
            ..QueueConfig::named(QUEUE)
        };
        centre.has_a_call(queue, Media::Audio);
    }),
    ("one of the queue after a chat", |centre| {
        let queue = QueueConfig {
            wrap_up_time: 40,
            ..QueueConfig::named(QUEUE)
        };
        centre.has_a_call(queue, Media::Chat);
    }),
    ("one of its own after a chat, shortened", |centre| {
        set_number(centre, "chat_wrap_up_time", 60);
        let queue = QueueConfig {
            max_wrap_up_time: 5,
            ..QueueConfig::named(QUEUE)
        };
        centre.has_a_call(queue, Media::Chat);
    }),
    ("a rejected call", |centre| {
        set_number(centre, "reject_delay_time", 30);
        let member = centre.caller("100");
        let ring = centre.one_ring();
        centre.fail(&ring, HangupCause::CALL_REJECTED);
        centre.leave(member);
    }),
    ("a ready time by hand", |centre| {
        let at = centre.now.secs() + 50;
        centre.set("a1", AgentSetting::ReadyTime(at));
    }),
];

#[test]
fn a_restart_makes_no_pause_shorter_or_longer() {
    for (what, happens) in HAPPENINGS {
        for media in [Media::Audio, Media::Chat] {
            let mut centre = Centre::new("longest-idle-agent");
            centre.agent("a1", 1, 1);
            set_number(&mut centre, "max_chats", 2);
            happens(&mut centre);
            centre.rings();
            let mut after = centre.after_a_crash();
            let (without, with) = (centre.seconds_to_offer(media), after.seconds_to_offer(media));
            assert_eq!(with, without, "{what}, {media:?}");
        }
    }
}

#[test]
fn an_agent_ends_a_wrap_up_before_its_time() {
    for queue in [
        QueueConfig::named(QUEUE),
        QueueConfig {
            wrap_up_time: 40,
            ..QueueConfig::named(QUEUE)
        },
    ] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a1", 1, 1);
        let own = if queue.wrap_up_time > 0 { 0 } else { 60 };
        set_number(&mut centre, "wrap_up_time", own);
        centre.has_a_call(queue.clone(), Media::Audio);
        centre.caller("100");
        assert!(centre.rings().is_empty());
        centre.set("a1", AgentSetting::ReadyTime(0));
        assert_eq!(centre.one_ring().agent, "a1");
    }
}
