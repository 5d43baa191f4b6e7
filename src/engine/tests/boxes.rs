//! Boxes of a cluster: what they have is taken over at any time, one is given up and comes back, and each says its own part.

mod at_any_moment;
mod given_up;
mod own_part;
mod taken_over;

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
                    is_promised: false,
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

    fn gives_up(&mut self, instance: &str) {
        self.tell(Input::BoxGone {
            instance: instance.to_owned(),
        });
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

/// An agent talks to the first caller, who is here.
fn in_a_talk() -> (Centre, Home, Ring) {
    let (mut home, mut centre) = (Home::default(), Centre::cluster(config("longest-idle-agent")));
    centre.agent("a", 1, 1);
    let talks = centre.joins_at(HERE, "1", &mut home);
    let ring = centre.one_ring();
    centre.talk(&ring, talks);
    (centre, home, ring)
}

fn results(centre: &Centre) -> Vec<(String, CallResult)> {
    let outputs = centre.outputs.iter();
    let records = outputs.filter_map(|output| match output {
        Output::Row(RowChange::CallRecord(record)) => Some((record.instance_id.clone(), record.result)),
        _ => None,
    });
    records.collect()
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
