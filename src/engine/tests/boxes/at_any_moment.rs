//! At any moment another engine, restored from the rows and told what the boxes have, goes on as the one before would have.
//!
//! All happens at whole seconds, one thing at a time: rows know agents by the second.

use super::*;
use crate::engine::centre::offer::Offer;
use crate::engine::vocabulary::names::header;
use proptest::prelude::{any, prop, prop_oneof, proptest, Just, ProptestConfig};
use proptest::strategy::Strategy as Generator;

const AGENTS: [&str; 3] = ["a", "b", "c"];

/// Something that happens; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Join(bool),
    Leave(usize),
    Answer(usize),
    Bridge(usize),
    Fail(usize),
    HangUp(usize),
    Break(usize),
    Score(usize, i64),
    Pass(i64),
}

fn step() -> impl Generator<Value = Step> {
    let which = || any::<usize>();
    prop_oneof![
        3 => any::<bool>().prop_map(Step::Join),
        1 => which().prop_map(Step::Leave),
        2 => which().prop_map(Step::Answer),
        2 => which().prop_map(Step::Bridge),
        1 => which().prop_map(Step::Fail),
        2 => which().prop_map(Step::HangUp),
        1 => which().prop_map(Step::Break),
        1 => (which(), -50_i64..50).prop_map(|(member, score)| Step::Score(member, score)),
        1 => (1_i64..40).prop_map(Step::Pass),
        1 => Just(Step::Pass(1)),
    ]
}

/// What offers there are, by how far they are.
fn offers(centre: &Centre, stage: fn(&str) -> bool) -> Vec<OfferId> {
    let name = |offer: &Offer| match offer.stage {
        Stage::Ringing => "ringing",
        Stage::Cancelling(_) => "cancelled",
        Stage::Calling => "calling",
        Stage::Connecting { .. } if offer.has_lost_member() => "lost",
        Stage::Connecting { .. } => "connecting",
        Stage::Bridged { .. } if offer.has_lost_member() => "bridged for nobody",
        Stage::Bridged { .. } => "bridged",
    };
    let offers = centre.engine.offers.iter().filter(|(_, offer)| stage(name(offer)));
    offers.map(|(id, _)| *id).collect()
}

fn pick<T: Copy>(all: &[T], which: usize) -> Option<T> {
    all.get(which.checked_rem(all.len())?).copied()
}

/// Those whose application runs and who were not served: others are known in one engine alone.
fn waiting(centre: &Centre) -> Vec<MemberId> {
    let members = centre.engine.members.iter();
    let waiting = members.filter(|(_, member)| !member.has_exited() && !member.is_served());
    waiting.map(|(id, _)| *id).collect()
}

fn request_of(count: usize) -> JoinRequest {
    JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: format!("session-{count}"),
        new_member_uuid: format!("member-{count}"),
        cid_number: format!("{count}"),
        cid_name: format!("Caller {count}"),
        ..JoinRequest::default()
    }
}

/// The input a step stands for, as things are.
fn input(centre: &Centre, count: usize, step: &Step) -> Option<(&'static str, Input)> {
    let members = waiting(centre);
    let of = |which| pick(&members, which);
    let offer = |which, stage: fn(&str) -> bool| pick(&offers(centre, stage), which);
    let input = match *step {
        Step::Join(is_here) => {
            let instance = if is_here { HERE } else { THERE };
            return Some((instance, Input::MemberJoin(request_of(count))));
        }
        Step::Leave(which) => Input::MemberExit {
            member: of(which)?,
            exit: MemberExit {
                channel_up: false,
                reason: None,
                key: None,
            },
        },
        Step::Answer(which) => Input::OfferAnswered {
            offer: offer(which, |stage| stage == "ringing")?,
            agent_uuid: format!("leg-{count}"),
        },
        Step::Bridge(which) => Input::OfferBridged {
            offer: offer(which, |stage| stage == "connecting")?,
        },
        Step::Fail(which) => Input::OfferFailed {
            offer: offer(which, |stage| stage == "ringing")?,
            end: RingEnd::NotTaken(HangupCause::named("CALL_REJECTED")),
        },
        Step::HangUp(which) => Input::AgentLegEnded {
            offer: offer(which, |stage| stage == "bridged")?,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Agent,
        },
        Step::Break(which) => {
            let name = AGENTS[which % AGENTS.len()];
            let status = centre.agent_row(name).status;
            let status = match status.wants_calls() {
                true => "On Break",
                false => "Available",
            };
            Input::AgentSet {
                name: name.to_owned(),
                setting: AgentSetting::Status(status.to_owned()),
            }
        }
        Step::Score(which, base_score) => Input::MemberScore {
            uuid: centre.engine.members.get(&of(which)?)?.row.uuid.clone(),
            base_score,
        },
        Step::Pass(_) => return None,
    };
    Some((HERE, input))
}

fn act(centre: &mut Centre, home: &mut Home, count: usize, step: &Step) {
    if let Step::Pass(seconds) = step {
        centre.pass(*seconds);
    }
    let Some((instance, input)) = input(centre, count, step) else {
        return;
    };
    let request = match &input {
        Input::MemberJoin(request) => Some(request.clone()),
        _ => None,
    };
    let reply = centre.engine.handle_input_of(centre.now, instance, Span::ZERO, input);
    centre.collect();
    if let (Ok(Reply::Joined { member, .. }), Some(request)) = (reply, request) {
        home.requests.insert(member, request);
    }
    home.note(&centre.outputs);
    for offer in offers(centre, |stage| stage == "cancelled") {
        let end = RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL);
        centre.tell_of(HERE, Input::OfferFailed { offer, end });
    }
    // The agent of a caller who has left is hung up on at once.
    let cause = HangupCause::ORIGINATOR_CANCEL;
    for offer in offers(centre, |stage| stage == "lost") {
        let failed = Input::BridgeFailed {
            offer,
            member_up: false,
            agent_left: false,
            cause: cause.clone(),
        };
        centre.tell_of(HERE, failed);
    }
    home.note(&centre.outputs);
    centre.pass(1);
    home.note(&centre.outputs);
}

/// What is under way, without identities that each engine gives out.
fn told(centre: &Centre) -> Vec<String> {
    let told = centre.outputs.iter().filter_map(|output| match output {
        Output::Ring(ring) => Some(format!("{} for {}", ring.agent, ring.member_uuid)),
        Output::Connect(connect) => Some(format!("connect {}", connect.member_session_uuid)),
        Output::Event(event) => {
            let headers = event.headers.iter().filter(|(name, _)| *name != header::CDR_UUID);
            Some(format!("{:?}", headers.collect::<Vec<_>>()))
        }
        Output::Row(RowChange::CallRecord(record)) => {
            let uuid = String::new();
            Some(format!(
                "{:?}",
                CallRecord {
                    uuid,
                    ..(**record).clone()
                }
            ))
        }
        Output::Row(RowChange::Member(row)) => Some(format!("{row:?}")),
        _ => None,
    });
    told.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_successor_goes_on_as_the_engine_before_would_have(
        strategy in prop_oneof![
            Just("longest-idle-agent"), Just("agent-with-least-talk-time"), Just("agent-with-fewest-calls"), Just("ring-all"),
            Just("top-down")
        ],
        first in prop::collection::vec(step(), 1..40),
        then in prop::collection::vec(step(), 1..25),
    ) {
        let mut home = Home::default();
        let mut before = Centre::cluster(config(strategy));
        for (position, name) in AGENTS.iter().enumerate() {
            before.agent(name, 1, i64::try_from(position).unwrap_or(0) + 1);
            before.pass(1);
        }
        for (count, step) in first.iter().enumerate() {
            act(&mut before, &mut home, count, step);
        }
        let reports = [HERE, THERE].map(|instance| home.report(&before.engine, before.now, instance));
        let mut after = before.successor(config(strategy), reports.to_vec());
        assert_eq!(after.order_of_line(), before.order_of_line());
        assert_eq!(after.rings(), []);
        assert_eq!(after.engine.agent_rows(), before.engine.agent_rows());
        for centre in [&mut before, &mut after] {
            centre.outputs.clear();
        }
        let mut homes = [home.clone(), home];
        for (count, step) in then.iter().enumerate() {
            for (centre, home) in [&mut before, &mut after].into_iter().zip(&mut homes) {
                act(centre, home, 1_000 + count, step);
            }
            assert_eq!(told(&after), told(&before));
            assert_eq!(after.order_of_line(), before.order_of_line());
        }
    }
}
