//! Everything under one look. It copies under the engine's lock, so it copies what was asked for and nothing else; what it
//! counts is counted already, or is as much as there are calls under way.

use crate::engine::border::histogram::{Bounds, Histogram};
use crate::engine::border::overview::{
    AgentNumbers, AgentOverview, CallOverview, CallbackNumbers, CallbackOverview, Doing, Histograms, LeaverOverview,
    MemberOverview, Overview, OverviewRequest, QueueOverview, TierOverview,
};
use crate::engine::centre::agent::Agent;
use crate::engine::centre::callback::{Callback, CallbackStage};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::centre::queue::Queue;
use crate::engine::centre::tallies::Tallies;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{AgentId, QueueId, TierId};
use crate::engine::vocabulary::time::{Timestamp, WallTime};
use crate::engine::vocabulary::words::{AgentState, AgentStatus, Media};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Engine {
    /// The call centre at `now`, as far as it is asked for.
    pub fn overview(&self, now: Timestamp, request: &OverviewRequest) -> Overview {
        let mut known = self
            .agents
            .behind(request.agents_after)
            .filter(|(_, agent)| !agent.deleted);
        let shown: Vec<(&AgentId, &Agent)> = known.by_ref().take(request.agents).collect();
        let has_more = known.next().is_some();
        let names = self.queue_names();
        Overview {
            now: self.wall.shown(now),
            instance: self.settings.instance_id.clone(),
            events_everywhere: self.settings.cluster_events_everywhere,
            service_level_seconds: self.settings.service_level_seconds,
            wait_bounds: self.wait_bounds(),
            queues: self.queue_overviews(now, request),
            agents_next: shown.last().map(|(id, _)| **id).filter(|_| has_more),
            agents: shown
                .into_iter()
                .map(|(_, agent)| self.agent_overview(now, agent, &names, request))
                .collect(),
            repairs: self.repairs(),
            holdings: self.holdings(),
        }
    }

    fn wait_bounds(&self) -> Bounds {
        Bounds::of_waits(self.settings.service_level_seconds)
    }

    fn queue_overviews(&self, now: Timestamp, request: &OverviewRequest) -> Vec<QueueOverview> {
        if !request.with_queues {
            return Vec::new();
        }
        let talking = self.talks_by_queue();
        let numbers = self.numbers_by_queue(now);
        let loaded = self
            .queues
            .loaded()
            .iter()
            .filter_map(|id| Some((*id, self.queues.get(id)?)));
        let is_wanted = |queue: &Queue| {
            let wanted = request.queues.as_ref();
            wanted.is_none_or(|wanted| wanted.contains(&queue.name))
        };
        loaded
            .filter(|(_, queue)| is_wanted(queue))
            .filter_map(|(id, queue)| {
                let talking = talking.get(&id).copied().unwrap_or(0);
                let numbers = found(&numbers, id).map_or_else(AgentNumbers::default, |(_, numbers)| *numbers);
                self.queue_overview(now, (id, queue), (talking, numbers), request)
            })
            .collect()
    }

    fn talks_by_queue(&self) -> BTreeMap<QueueId, u32> {
        let mut talking = BTreeMap::new();
        let talks = self.offers.values().filter(|offer| offer.is_bridged());
        for offer in talks {
            *talking.entry(offer.queue).or_default() += 1;
        }
        talking
    }

    /// What the agents of each queue do, in the order of the queues' identities: one step through all tiers, which may be very many. To
    /// keep it along the way would cost an agent in many queues a step for each of them with every call. An agent's tiers mostly stand
    /// together, so the agent is looked up once.
    fn numbers_by_queue(&self, now: Timestamp) -> Vec<(QueueId, AgentNumbers)> {
        let agents = self.agents.iter().filter(|(_, agent)| !agent.deleted);
        let doing: Vec<(AgentId, Doing)> = agents.map(|(id, agent)| (*id, self.doing(now, agent).0)).collect();
        let queues: Vec<(QueueId, &Queue)> = self.queues.iter().map(|(id, queue)| (*id, queue)).collect();
        let mut numbers: Vec<(QueueId, AgentNumbers)> =
            queues.iter().map(|(id, _)| (*id, AgentNumbers::default())).collect();
        let mut last: Option<(AgentId, Doing)> = None;
        for tier in self.tiers.values() {
            let Some(id) = tier.agent else { continue };
            last = last
                .filter(|(known, _)| *known == id)
                .or_else(|| found(&doing, id).copied());
            let place = queues.binary_search_by_key(&tier.queue, |(id, _)| *id);
            let (Some((_, doing)), Ok(place)) = (last, place) else {
                continue;
            };
            let (Some((_, queue)), Some((_, numbers))) = (queues.get(place), numbers.get_mut(place)) else {
                continue;
            };
            numbers.known += 1;
            let is_idle = matches!(doing, Doing::Ready | Doing::Chatting | Doing::WrapUp | Doing::Held);
            let is_paused = is_idle && queue.is_paused(tier);
            count_agent(numbers, if is_paused { Doing::Paused } else { doing });
        }
        numbers
    }

    fn queue_overview(
        &self,
        now: Timestamp,
        (id, queue): (QueueId, &Queue),
        (talking, agents): (u32, AgentNumbers),
        request: &OverviewRequest,
    ) -> Option<QueueOverview> {
        let config = queue.config.as_ref()?;
        let counted = &queue.tallies.counted;
        let quarters = counted.quarters.since(request.midnight);
        let leavers = queue.tallies.leavers.iter().rev().take(request.leavers);
        Some(QueueOverview {
            name: queue.name.clone(),
            strategy: config.strategy.clone(),
            priority: config.priority,
            max_wait_seconds: config.max_wait_time,
            max_wait_with_no_agent_seconds: config.max_wait_time_with_no_agent,
            max_queue_length: config.max_queue_length,
            wrap_up_seconds: config.wrap_up_time,
            tier_rules_apply: config.tier_rules_apply,
            required_skills: config.required_skills.to_string(),
            live: self.live_of(id, queue),
            talking,
            oldest_joined: self.oldest_joined(queue),
            estimated_wait: self.estimated_wait(id, CallerRequirements::nothing()),
            agents,
            callbacks: self.callback_numbers(id),
            today: counted.quarters.sum_since(request.midnight),
            quarters: quarters
                .filter(|_| request.with_quarters)
                .map(|(began, tally)| (began, *tally))
                .collect(),
            total: counted.total,
            histograms: request.with_histograms.then(|| self.histograms(&queue.tallies)),
            members: self.member_overviews(now, queue, request.members),
            leavers: leavers.cloned().collect::<Vec<LeaverOverview>>(),
        })
    }

    fn callback_numbers(&self, queue: QueueId) -> CallbackNumbers {
        let mut numbers = CallbackNumbers::default();
        for callback in self.callbacks.of_queue(queue).filter_map(|id| self.callback_of(id)) {
            let number = match callback.stage {
                CallbackStage::Leaving | CallbackStage::Pending => &mut numbers.pending,
                CallbackStage::Attempting(_) => &mut numbers.attempting,
                CallbackStage::Arriving | CallbackStage::Here => &mut numbers.reached,
            };
            *number += 1;
        }
        numbers
    }

    fn callback_overview(&self, callback: &Callback) -> Box<CallbackOverview> {
        let is_pending = callback.stage == CallbackStage::Pending;
        Box::new(CallbackOverview {
            state: callback.stage.as_str(),
            number: callback.row.number.clone(),
            attempts: callback.row.attempts,
            last_end: callback.row.last_end.clone(),
            next_attempt: is_pending.then(|| self.wall.shown(callback.due)),
            expires: callback.expires.map(|at| self.wall.shown(at)),
        })
    }

    /// Members have their numbers in the order in which they joined; before the first who waits there are those who talk, and those who
    /// have just given up.
    fn oldest_joined(&self, queue: &Queue) -> Option<WallTime> {
        if queue.line_length() == 0 {
            return None;
        }
        let mut members = queue.members.iter().filter_map(|id| self.members.get(id));
        let oldest = members.find(|member| member.waits_at.is_some())?;
        Some(self.wall.shown(oldest.joined))
    }

    fn histograms(&self, tallies: &Tallies) -> Box<Histograms> {
        let waits = |histogram: &Histogram| {
            let mut histogram = histogram.clone();
            histogram.rebound(self.wait_bounds());
            histogram
        };
        Box::new(Histograms {
            answered_waits: waits(&tallies.answered_waits),
            abandoned_waits: waits(&tallies.abandoned_waits),
            released_waits: waits(&tallies.released_waits),
            talks: tallies.talks.clone(),
            rings: tallies.rings.clone(),
        })
    }

    fn member_overviews(&self, now: Timestamp, queue: &Queue, most: usize) -> Vec<MemberOverview> {
        let places = (0..most).map_while(|before| queue.waiting_order.nth(before));
        let members = places.filter_map(|place| self.members.get(&place.member));
        members
            .enumerate()
            .map(|(before, member)| self.member_overview(now, member, before + 1))
            .collect()
    }

    fn member_overview(&self, now: Timestamp, member: &Member, place: usize) -> MemberOverview {
        let waited = now.steady_secs().saturating_sub(member.joined.steady_secs());
        MemberOverview {
            uuid: member.row.uuid.clone(),
            session_uuid: member.row.session_uuid.clone(),
            name: member.row.cid_name.clone(),
            number: member.row.cid_number.clone(),
            joined: self.wall.shown(member.joined),
            entered: self.wall.shown(member.entered),
            state: member.row.state,
            place,
            score: member.row.score(waited),
            base_score: member.row.base_score,
            media: member.facts.media,
            requirements: written(member.requirements()),
            agent: member.row.serving_agent.clone(),
            offers: member.offers_made,
            callback: member
                .callback
                .as_deref()
                .map(|callback| self.callback_overview(callback)),
        }
    }

    /// The queues in the order of their identities.
    fn queue_names(&self) -> Vec<(QueueId, Arc<str>)> {
        let queues = self.queues.iter();
        queues
            .map(|(id, queue)| (*id, Arc::from(queue.name.as_str())))
            .collect()
    }

    fn agent_overview(
        &self,
        now: Timestamp,
        agent: &Agent,
        names: &[(QueueId, Arc<str>)],
        request: &OverviewRequest,
    ) -> AgentOverview {
        let offers = agent.offers().filter_map(|id| self.offers.get(&id));
        let (doing, since) = self.doing(now, agent);
        let ready_at = agent.ready_at(Media::Audio, &self.boxes);
        let tiers = agent.tiers.iter().filter(|_| request.with_tiers);
        AgentOverview {
            state_since: self.told(agent.state_since),
            doing,
            doing_since: since.and_then(|since| self.told(since)),
            pause: agent.pause.clone(),
            ready_at: ready_at.ok().filter(|at| *at > now).map(|at| self.wall.shown(at)),
            wrap_up_until: (doing == Doing::WrapUp).then(|| self.wall.shown(agent.rests_until())),
            calls: offers.map(|offer| self.call_overview(offer)).collect(),
            skills: agent.skills.to_string(),
            device_in_use: agent
                .device
                .as_deref()
                .is_some_and(|device| self.devices.is_in_use(device)),
            device: agent.device.clone(),
            today: agent.tallies.quarters.sum_since(request.midnight),
            total: agent.tallies.total,
            tiers: tiers.filter_map(|id| self.tier_overview(*id, names)).collect(),
            row: agent.row.clone(),
        }
    }

    /// What an agent does, and since when.
    fn doing(&self, now: Timestamp, agent: &Agent) -> (Doing, Option<Timestamp>) {
        let call = agent.offer.and_then(|id| self.offers.get(&id));
        let status_since = self.wall.instant(agent.row.last_status_change);
        let rests = agent.rests_until();
        let pauses = agent.not_before.max(agent.retry_after);
        match (agent.row.status, agent.row.state) {
            (_, AgentState::InAQueueCall) => (
                Doing::Talking,
                call.map(|offer| offer.bridged).or(Some(agent.state_since)),
            ),
            (_, AgentState::Receiving | AgentState::Reserved) => (Doing::Ringing, Some(agent.state_since)),
            _ if agent.lacks_leg() => (Doing::LoggedOut, Some(status_since)),
            (AgentStatus::LoggedOut, _) => (Doing::LoggedOut, Some(status_since)),
            (AgentStatus::OnBreak, _) => (Doing::Paused, Some(status_since)),
            (_, AgentState::Idle) => (Doing::Idle, Some(agent.state_since)),
            _ if rests > now && rests >= pauses => (Doing::WrapUp, Some(agent.last_bridge_end)),
            _ if pauses > now => (Doing::Held, Some(agent.state_since)),
            _ if !agent.chats.running.is_empty() => (Doing::Chatting, None),
            _ => (
                Doing::Ready,
                Some(agent.state_since.max(status_since).max(rests).max(pauses)),
            ),
        }
    }

    fn call_overview(&self, offer: &Offer) -> CallOverview {
        let queue = self.queues.get(&offer.queue);
        CallOverview {
            queue: queue.map_or_else(String::new, |queue| queue.name.clone()),
            member_uuid: offer.facts.uuid.clone(),
            session_uuid: offer.facts.session_uuid.clone(),
            agent_uuid: offer.agent_uuid.clone(),
            name: offer.facts.cid_name.clone(),
            number: offer.facts.cid_number.clone(),
            media: offer.media(),
            stage: match offer.stage {
                Stage::Ringing => "ringing",
                Stage::Calling => "calling",
                Stage::Cancelling(_) => "cancelling",
                Stage::Connecting { .. } => "connecting",
                Stage::Bridged { .. } => "talking",
            },
            called: self.told(offer.called),
            answered: self.told(offer.answered),
            bridged: self.told(offer.bridged),
        }
    }

    fn tier_overview(&self, id: TierId, names: &[(QueueId, Arc<str>)]) -> Option<TierOverview> {
        let tier = self.tiers.get(&id)?;
        let queue = self.queues.get(&tier.queue)?;
        let (_, name) = found(names, tier.queue)?;
        Some(TierOverview {
            queue: Arc::clone(name),
            level: tier.level,
            position: tier.position,
            state: tier.state,
            pause: queue.pauses.get(&tier.agent_name).cloned(),
        })
    }

    /// An instant as it was told; what has never happened has none.
    fn told(&self, at: Timestamp) -> Option<WallTime> {
        (at > Timestamp::default()).then(|| self.wall.shown(at))
    }
}

/// What stands under an identity in a list that is in the order of identities.
fn found<Id: Ord + Copy, T>(list: &[(Id, T)], id: Id) -> Option<&(Id, T)> {
    let place = list.binary_search_by_key(&id, |(known, _)| *known).ok()?;
    list.get(place)
}

/// Counts an agent who does this.
fn count_agent(numbers: &mut AgentNumbers, doing: Doing) {
    let number = match doing {
        Doing::LoggedOut => return,
        Doing::Talking => &mut numbers.talking,
        Doing::Ringing => &mut numbers.ringing,
        Doing::Paused | Doing::Idle => &mut numbers.paused,
        Doing::WrapUp => &mut numbers.wrap_up,
        Doing::Held => &mut numbers.unavailable,
        Doing::Ready | Doing::Chatting => &mut numbers.ready,
    };
    *number += 1;
    numbers.logged_in += 1;
}

/// Requirements as the caller's channel has them in its variables.
fn written(requirements: &CallerRequirements) -> String {
    let levels = &requirements.levels;
    let skills = requirements.skills.to_string();
    let skills = (!skills.is_empty()).then(|| format!("skills={skills}"));
    let level = |name: &str, level: Option<i64>| level.map(|level| format!("{name}={level}"));
    let all = [
        skills,
        level("max_level", levels.max),
        level("min_level", levels.min),
        level("raise_level", levels.raise),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
