//! Boxes of a cluster: what they have is taken over at any time, one is given up and comes back, and each says its own part.

use super::*;
use crate::engine::centre::member::Application;
use crate::engine::centre::offer::Stage;
use std::collections::BTreeMap;

/// The box that most of it happens on, another one, and the leader's.
const HERE: &str = "here";
const THERE: &str = "there";
const LEADER: &str = "single_box";

/// What boxes keep to be told: the requests and rings that they have read.
#[derive(Default, Clone)]
struct Home {
    requests: BTreeMap<MemberId, JoinRequest>,
    rings: BTreeMap<OfferId, Ring>,
}

impl Home {
    fn note(&mut self, outputs: &[Output]) {
        for output in outputs {
            if let Output::Ring(ring) = output {
                self.rings.insert(ring.offer, ring.clone());
            }
        }
    }

    /// What a box has, as far as the engine knows it.
    fn report(&self, engine: &Engine, now: Timestamp, instance: &str) -> BoxReport {
        let is_its = |id: &MemberId| {
            engine
                .members
                .get(id)
                .is_some_and(|member| member.row.instance_id == instance)
        };
        let callers = self
            .requests
            .iter()
            .filter(|(id, _)| is_its(id))
            .filter_map(|(id, request)| {
                let member = &engine.members[id];
                let application = match member.application {
                    Application::Runs => ApplicationReport::Runs,
                    Application::IsToEnd => ApplicationReport::IsToEnd,
                    Application::HasEnded => ApplicationReport::HasEnded,
                };
                let playing = member.heard.as_ref().and_then(|heard| heard.playing);
                Some(CallerReport {
                    request: request.clone(),
                    member: Some(*id),
                    stay: Some(engine.stay(*id)?),
                    age: Span::ZERO,
                    announcement: playing.map(|(id, ..)| id),
                    application,
                })
            });
        let mut report = BoxReport {
            instance: instance.to_owned(),
            callers: callers.collect(),
            ..BoxReport::default()
        };
        for (id, offer) in engine.offers.iter().filter(|(_, offer)| is_its(&offer.member)) {
            let stage = match offer.stage {
                Stage::Ringing | Stage::Cancelling(_) | Stage::Calling => OfferStage::Ringing,
                Stage::Connecting { .. } => OfferStage::Connecting(offer.agent_uuid.clone()),
                Stage::Bridged { .. } => {
                    report.talks.extend(engine.talk(*id).map(|talk| TalkReport {
                        offer: *id,
                        member: offer.member,
                        talk,
                    }));
                    continue;
                }
            };
            report.offers.push(OfferReport {
                ring: self.rings[id].clone(),
                stage,
                age: now.since(offer.answered),
                answered: now.since(offer.answered),
            });
        }
        report
    }
}

fn settings() -> Settings {
    Settings {
        cdrs: Some(true),
        ..Settings::default()
    }
}

impl Centre {
    fn cluster(config: QueueConfig) -> Self {
        let mut centre = Self::with_settings(settings(), config);
        centre.tell(boxes());
        centre
    }

    fn tell_of(&mut self, instance: &str, input: Input) -> Reply {
        self.tell_late(instance, 0, input)
    }

    fn tell_late(&mut self, instance: &str, age: i64, input: Input) -> Reply {
        let reply = self
            .engine
            .handle_input_of(self.now, instance, Span::from_secs(age), input);
        self.collect();
        reply.expect("the engine accepts the input")
    }

    fn joins_at(&mut self, instance: &str, name: &str, home: &mut Home) -> MemberId {
        let request = request(name);
        let Reply::Joined { member, .. } = self.tell_of(instance, Input::MemberJoin(request.clone())) else {
            panic!("{name} joins");
        };
        home.requests.insert(member, request);
        member
    }

    /// A new leader: restored from the rows, and told what the boxes have.
    fn successor(&self, config: QueueConfig, reports: Vec<BoxReport>) -> Self {
        let mut engine = Engine::new(settings(), 2);
        for _ in 0..10_000 {
            engine.next_id();
        }
        let mut after = Self {
            engine,
            now: self.now,
            outputs: Vec::new(),
        };
        after.tell(boxes());
        after.tell(Input::Restore(self.snapshot()));
        after.tell(Input::LoadQueue(config));
        after.outputs.clear();
        after.tell(Input::BoxesReport(reports));
        after
    }

    fn order_of_line(&self) -> Vec<(String, Option<usize>)> {
        let members = self.engine.members.iter();
        let waiting = members.filter(|(_, member)| member.row.state.waits());
        let mut line: Vec<_> = waiting
            .map(|(id, member)| (member.row.uuid.clone(), self.engine.position_of(*id)))
            .collect();
        line.sort();
        line
    }

    fn taken_back(&mut self) -> Vec<OfferId> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let cancelled = outputs.filter_map(|output| match output {
            Output::CancelRing { offer, .. } => Some(offer),
            _ => None,
        });
        cancelled.collect()
    }
}

fn boxes() -> Input {
    Input::Boxes([LEADER, HERE, THERE].map(str::to_owned).to_vec())
}

fn config(strategy: &str) -> QueueConfig {
    QueueConfig {
        strategy: strategy.to_owned(),
        abandoned_resume_allowed: true,
        ..QueueConfig::named(QUEUE)
    }
}

fn request(name: &str) -> JoinRequest {
    JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: format!("session-{name}"),
        new_member_uuid: format!("member-{name}"),
        cid_number: name.to_owned(),
        cid_name: format!("Caller {name}"),
        ..JoinRequest::default()
    }
}

fn results(centre: &Centre) -> Vec<(String, CallResult)> {
    let outputs = centre.outputs.iter();
    let records = outputs.filter_map(|output| match output {
        Output::Row(RowChange::CallRecord(record)) => Some((record.instance_id.clone(), record.result)),
        _ => None,
    });
    records.collect()
}

#[test]
fn who_waits_keeps_the_place_under_a_new_leader() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    for (instance, name) in [(HERE, "1"), (THERE, "2"), (HERE, "3")] {
        before.joins_at(instance, name, &mut home);
        before.pass_for(Span::from_millis(1));
    }
    let first = request("4");
    let first = JoinRequest {
        position: Some(1),
        ..first
    };
    let Reply::Joined { member, .. } = before.tell_of(THERE, Input::MemberJoin(first.clone())) else {
        panic!("4 joins");
    };
    home.requests.insert(member, first);
    before.pass(3);
    let reports = [HERE, THERE].map(|instance| home.report(&before.engine, before.now, instance));
    let mut after = before.successor(config("longest-idle-agent"), reports.to_vec());
    assert_eq!(after.order_of_line(), before.order_of_line());
    assert!(results(&after).is_empty(), "nobody is lost");
    for centre in [&mut before, &mut after] {
        centre.agent("a", 1, 1);
    }
    let ring = before.one_ring();
    assert_eq!(after.one_ring().member_uuid, ring.member_uuid);
    assert_eq!(ring.member_uuid, "member-4");
    let row = |centre: &Centre| centre.snapshot().members;
    assert_eq!(row(&after), row(&before));
}

#[test]
fn a_ring_goes_on_under_a_new_leader_and_nobody_is_rung_for_it_twice() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.agent("a", 1, 1);
    let member = before.joins_at(HERE, "1", &mut home);
    home.note(&before.outputs);
    let ring = before.one_ring();
    before.pass(2);
    let report = home.report(&before.engine, before.now, HERE);
    let mut after = before.successor(config("longest-idle-agent"), vec![report]);
    assert_eq!(after.rings(), []);
    assert_eq!(after.agent_row("a").state, AgentState::Receiving);
    for centre in [&mut before, &mut after] {
        centre.outputs.clear();
        centre.talk(&ring, member);
        centre.pass(5);
        centre.hang_up(&ring);
    }
    assert_eq!(after.outputs, before.outputs);
}

#[test]
fn an_answer_gets_its_connect_anew_and_what_the_last_leader_did_not_hear_is_done() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.agent("a", 1, 1);
    let member = before.joins_at(HERE, "1", &mut home);
    home.note(&before.outputs);
    let ring = before.one_ring();
    before.pass(2);
    before.answer(&ring);
    let told = home.report(&before.engine, before.now, HERE);
    let leg = "leg-a".to_owned();
    for stage in [
        OfferStage::Answered(leg.clone()),
        OfferStage::Connecting(leg.clone()),
        OfferStage::Bridged(leg),
    ] {
        let is_bridged = matches!(stage, OfferStage::Bridged(_));
        let mut report = told.clone();
        report.offers[0].stage = stage.clone();
        let mut after = before.successor(config("longest-idle-agent"), vec![report]);
        let connects = after
            .outputs
            .iter()
            .filter(|output| matches!(output, Output::Connect(_)));
        assert_eq!(connects.count(), usize::from(!is_bridged), "{stage:?}");
        assert_eq!(after.rings(), []);
        if !is_bridged {
            after.tell_of(HERE, Input::OfferBridged { offer: ring.offer });
        }
        after.tell_of(HERE, exit_of(member));
        assert_eq!(after.agent_row("a").state, AgentState::InAQueueCall);
        after.outputs.clear();
        after.hang_up(&ring);
        let told = results(&after);
        assert_eq!(told, vec![(HERE.to_owned(), CallResult::Answered); 2], "{stage:?}");
        assert_eq!(after.engine.holdings().members, 0);
    }
}

fn exit_of(member: MemberId) -> Input {
    Input::MemberExit {
        member,
        exit: MemberExit {
            channel_up: true,
            reason: None,
            key: None,
        },
    }
}

#[test]
fn a_box_is_given_up_and_comes_back_with_its_callers_on_their_places() {
    let mut home = Home::default();
    let mut centre = Centre::cluster(config("longest-idle-agent"));
    centre.agent("a", 1, 1);
    let talks = centre.joins_at(HERE, "1", &mut home);
    let ring = centre.one_ring();
    centre.talk(&ring, talks);
    centre.pass(5);
    for (instance, name) in [(HERE, "2"), (THERE, "3")] {
        centre.joins_at(instance, name, &mut home);
        centre.pass(1);
    }
    let told = home.report(&centre.engine, centre.now, HERE);
    let line = centre.order_of_line();
    centre.outputs.clear();
    centre.tell(Input::BoxGone {
        instance: HERE.to_owned(),
    });
    let lost = (HERE.to_owned(), CallResult::Lost);
    assert_eq!(results(&centre), [lost.clone(), lost]);
    assert_eq!(centre.one_ring().member_uuid, "member-3");
    centre.status("a", "On Break");
    centre.pass(3);
    centre.tell(Input::BoxesReport(vec![told]));
    let row = centre.snapshot().members;
    let waits = row.iter().find(|row| row.uuid == "member-2").expect("2 is there");
    assert_eq!((waits.abandoned_epoch, waits.rejoined_epoch), (0, 0));
    assert_eq!(centre.order_of_line(), line);
    let talk = row.iter().find(|row| row.uuid == "member-1").expect("1 talks");
    assert_eq!(talk.state, MemberState::Answered);
}

#[test]
fn a_talk_counts_before_a_ring_which_is_taken_back() {
    let mut home = Home::default();
    let mut centre = Centre::cluster(config("longest-idle-agent"));
    centre.agent("a", 1, 1);
    let talks = centre.joins_at(HERE, "1", &mut home);
    let ring = centre.one_ring();
    centre.talk(&ring, talks);
    let told = home.report(&centre.engine, centre.now, HERE);
    centre.tell(Input::BoxGone {
        instance: HERE.to_owned(),
    });
    centre.joins_at(THERE, "2", &mut home);
    let second = centre.one_ring();
    centre.tell(Input::BoxesReport(vec![told]));
    assert_eq!(centre.taken_back(), [second.offer]);
    assert_eq!(centre.agent_row("a").state, AgentState::InAQueueCall);
    // The talk is over before the other box has told that the phone is still.
    centre.hang_up(&ring);
    assert_eq!(centre.rings(), []);
    let end = RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL);
    let offer = second.offer;
    let late = centre
        .engine
        .handle_input_of(centre.now, THERE, Span::ZERO, Input::OfferFailed { offer, end });
    centre.collect();
    assert_eq!(late, Err(EngineError::OfferOver));
    assert_eq!(centre.one_ring().member_uuid, "member-2");
}

#[test]
fn of_two_talks_the_newer_stays_and_of_two_rings_the_newer_terms() {
    for is_answered in [true, false] {
        let mut home = Home::default();
        let mut centre = Centre::cluster(config("longest-idle-agent"));
        centre.agent("a", 1, 1);
        let first = centre.joins_at(HERE, "1", &mut home);
        home.note(&centre.outputs);
        let older = centre.one_ring();
        if is_answered {
            centre.talk(&older, first);
        }
        let told = home.report(&centre.engine, centre.now, HERE);
        centre.tell(Input::BoxGone {
            instance: HERE.to_owned(),
        });
        centre.pass(2);
        let second = centre.joins_at(THERE, "2", &mut home);
        let newer = centre.one_ring();
        if is_answered {
            centre.talk(&newer, second);
        }
        centre.tell(Input::BoxesReport(vec![told]));
        assert_eq!(centre.taken_back(), [older.offer]);
        assert_eq!(centre.rings(), []);
        let expected = if is_answered {
            AgentState::InAQueueCall
        } else {
            AgentState::Receiving
        };
        assert_eq!(centre.agent_row("a").state, expected);
    }
}

#[test]
fn what_a_report_does_not_name_is_over() {
    let mut home = Home::default();
    let mut centre = Centre::cluster(config("longest-idle-agent"));
    centre.agent("a", 1, 1);
    let talks = centre.joins_at(HERE, "1", &mut home);
    let ring = centre.one_ring();
    centre.talk(&ring, talks);
    centre.joins_at(HERE, "2", &mut home);
    centre.joins_at(THERE, "3", &mut home);
    centre.tell(Input::BoxesReport(vec![BoxReport {
        instance: HERE.to_owned(),
        ..BoxReport::default()
    }]));
    assert_eq!(centre.one_ring().member_uuid, "member-3");
    assert_eq!(centre.order_of_line().len(), 1);
}

#[test]
fn what_has_happened_since_is_done_after_all_else_as_long_ago_as_it_was() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.agent("a", 1, 1);
    let talks = before.joins_at(HERE, "1", &mut home);
    let ring = before.one_ring();
    before.talk(&ring, talks);
    before.pass(20);
    let mut report = home.report(&before.engine, before.now, HERE);
    let ended = Input::AgentLegEnded {
        offer: ring.offer,
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Agent,
    };
    report.since.push((Span::from_secs(5), ended));
    report.callers.push(CallerReport {
        request: request("2"),
        member: None,
        stay: None,
        age: Span::from_secs(7),
        announcement: None,
        application: ApplicationReport::Runs,
    });
    let mut after = before.successor(config("longest-idle-agent"), Vec::new());
    let Reply::ReportsTaken(answers) = after.tell(Input::BoxesReport(vec![report])) else {
        panic!("reports are taken");
    };
    assert!(matches!(
        &answers[..],
        [LateAnswer {
            answer: Ok(Reply::Joined { .. }),
            ..
        }]
    ));
    let agent = after.agent_row("a");
    assert_eq!(agent.talk_time, 15);
    let rows = after.snapshot().members;
    assert_eq!(rows[0].joined_epoch, 1_000_020 - 7);
    assert_eq!(after.one_ring().member_uuid, "member-2");
}

#[test]
fn a_joining_whose_answer_was_lost_is_answered_once_more() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.joins_at(HERE, "1", &mut home);
    before.pass(3);
    let mut report = home.report(&before.engine, before.now, HERE);
    report.callers[0].member = None;
    report.callers[0].stay = None;
    let after = before.successor(config("longest-idle-agent"), vec![report]);
    assert_eq!(after.order_of_line(), before.order_of_line());
    assert_eq!(after.snapshot().members[0].joined_epoch, 1_000_000);
}

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
    centre.tell(Input::BoxGone {
        instance: THERE.to_owned(),
    });
    assert_eq!(centre.agent_row("a").external_calls_count, 1);
}
