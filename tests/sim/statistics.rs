//! The engine's figures are those of counting along.

use crate::ledger::{Finding, Ledger, Stage};
use callcenter_simulator::Scene;
use mod_callcenter::engine::{CancelReason, EngineError, Event, Input, Media, Reply};
use std::collections::{BTreeMap, BTreeSet};

/// What has been seen of each queue since the start of the process or the last reset.
#[derive(Default)]
pub struct Statistics {
    queues: BTreeMap<String, Seen>,
    /// Members who have been offered in their present stay.
    offered: BTreeSet<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Seen {
    calls: u64,
    refused: u64,
    distributed: u64,
    answered: u64,
    answered_chats: u64,
    abandoned: u64,
    released: u64,
}

impl Statistics {
    /// Before the ledger takes the input.
    pub fn input(&mut self, ledger: &Ledger, input: &Input, reply: &Result<Reply, EngineError>) {
        match (input, reply) {
            (Input::Restore(_), Ok(_)) => *self = Self::default(),
            (Input::StatsReset, Ok(_)) => self.queues.clear(),
            // Whoever comes to the place that was kept has been counted.
            (Input::MemberJoin(_), Ok(Reply::Joined { member_uuid, .. } | Reply::CalledBack { member_uuid, .. }))
                if is_called_back(ledger, member_uuid) => {}
            (Input::CallbackAdd { queue, .. }, Ok(_)) => {
                self.queues.entry(queue.clone()).or_default().calls += 1;
            }
            (Input::MemberJoin(request), Ok(reply)) => {
                let seen = self.queues.entry(request.queue.clone()).or_default();
                seen.calls += 1;
                match reply {
                    Reply::Joined { member_uuid, .. } | Reply::CalledBack { member_uuid, .. } => {
                        self.offered.remove(member_uuid);
                    }
                    _ => seen.refused += 1,
                }
            }
            (Input::OfferBridged { offer }, Ok(_)) => {
                let Some(offer) = ledger.offers.get(offer).filter(|offer| offer.stage == Stage::Answered) else {
                    return;
                };
                if !offer.earlier_stay && ledger.members.contains_key(&offer.member) {
                    let seen = self.queues.entry(offer.queue.clone()).or_default();
                    seen.answered += 1;
                    seen.answered_chats += u64::from(offer.media == Media::Chat);
                }
            }
            _ => {}
        }
    }

    pub fn event(&mut self, event: &Event) {
        let get = |name| event.header(name).unwrap_or_default().to_owned();
        let (queue, member) = (get("CC-Queue"), get("CC-Member-UUID"));
        let seen = self.queues.entry(queue).or_default();
        match event.action() {
            "agent-offering" => seen.distributed += u64::from(self.offered.insert(member)),
            "member-queue-end" if get("CC-Cause") == "Cancel" => {
                let reason = CancelReason::parse(&get("CC-Cancel-Reason"));
                let by_caller = [CancelReason::None, CancelReason::BreakOut, CancelReason::ExitWithKey];
                if reason.is_some_and(|reason| by_caller.contains(&reason)) {
                    seen.abandoned += 1;
                } else {
                    seen.released += 1;
                }
            }
            _ => {}
        }
    }

    pub fn are_right(&self, scene: &Scene<'_>) -> Finding {
        for queue in scene.driver.view(|engine, _| engine.queue_statistics(None)) {
            let counts = queue.counts;
            let shown = Seen {
                calls: counts.calls,
                refused: counts.refused,
                distributed: counts.distributed,
                answered: counts.answered,
                answered_chats: counts.answered_chats,
                abandoned: counts.abandoned,
                released: counts.released,
            };
            let seen = self.queues.get(&queue.name).copied().unwrap_or_default();
            if shown != seen {
                return Err(format!("{} shows {shown:?} and had {seen:?}", queue.name));
            }
        }
        Ok(())
    }
}

/// Whether a member is to be called back, or was and is still there.
fn is_called_back(ledger: &Ledger, uuid: &str) -> bool {
    ledger.members.get(uuid).is_some_and(|member| member.callback.is_some())
}
