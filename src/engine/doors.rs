//! The engine's state and its doors: inputs and due deadlines in, outputs and the next deadline out.

use crate::engine::agents::configured::Taken;
use crate::engine::agents::devices::Devices;
use crate::engine::agents::ownership::MembersElsewhere;
use crate::engine::agents::standing_legs::StandingLegs;
use crate::engine::border::error::EngineError;
use crate::engine::border::input::{Input, Reply};
use crate::engine::border::output::{Output, RowChange};
use crate::engine::centre::agent::Agent;
use crate::engine::centre::member::Member;
use crate::engine::centre::offer::Offer;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::random::Random;
use crate::engine::centre::tier::Tier;
use crate::engine::centre::timers::{Timer, Timers};
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::configuration::settings::Settings;
use crate::engine::looking::statistics::Counts;
use crate::engine::rows::agent::MemberRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, QueueId, TierId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::TierState;
use crate::engine::watchdog::Watchdog;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The call centre.
///
/// Between two inputs one thing always holds: no member who wants an agent is in line while an agent who may serve it is
/// free. Every change restores it at once, so nothing has to look round periodically.
pub struct Engine {
    pub(in crate::engine) settings: Settings,
    /// What is told outside of the time.
    pub(in crate::engine) wall: WallClock,
    pub(in crate::engine) random: Random,
    pub(in crate::engine) queues: BTreeMap<QueueId, Queue>,
    pub(in crate::engine) queue_names: HashMap<String, QueueId>,
    /// Loaded queues in the order they were loaded.
    pub(in crate::engine) loaded: Vec<QueueId>,
    pub(in crate::engine) agents: BTreeMap<AgentId, Agent>,
    pub(in crate::engine) agent_names: HashMap<String, AgentId>,
    pub(in crate::engine) tiers: BTreeMap<TierId, Tier>,
    /// Tiers by agent's name, whether or not there is such an agent.
    pub(in crate::engine) tiers_by_agent: HashMap<String, Vec<TierId>>,
    /// Loaded queues of the strategy round-robin, which goes on after the agent who was offered a call last.
    pub(in crate::engine) round_robin: BTreeSet<QueueId>,
    /// Loaded queues that have to know which of their agents could take a caller.
    pub(in crate::engine) presence_queues: BTreeSet<QueueId>,
    /// Queues that require skills, loaded or loaded once.
    pub(in crate::engine) skill_queues: BTreeSet<QueueId>,
    /// Boxed: the nodes of the map are half empty, and 100,000 may wait.
    pub(in crate::engine) members: BTreeMap<MemberId, Box<Member>>,
    pub(in crate::engine) members_elsewhere: MembersElsewhere,
    /// Rows of members who were under way before this engine began, by uuid, until it is told what of them is up.
    pub(in crate::engine) unaccounted: BTreeMap<String, MemberRow>,
    pub(in crate::engine) member_uuids: HashMap<String, MemberId>,
    /// Members whose place is kept, by the channel that is on the way to it.
    pub(in crate::engine) successors: HashMap<String, MemberId>,
    pub(in crate::engine) offers: BTreeMap<OfferId, Offer>,
    pub(in crate::engine) devices: Devices,
    pub(in crate::engine) standing_legs: StandingLegs,
    pub(in crate::engine) timers: Timers,
    pub(in crate::engine) outputs: VecDeque<Output>,
    pub(in crate::engine) changed: Changed,
    pub(in crate::engine) watchdog: Watchdog,
    /// Calls are offered without being told to.
    pub(in crate::engine) dispatches: bool,
    /// Figures of all queues together, those included that are gone.
    pub(in crate::engine) counts: Counts,
    /// When the operator was last told that FreeSWITCH refuses to make calls.
    pub(in crate::engine) refusal_told: Option<Timestamp>,
    last_id: u64,
}

/// What has changed since rows were last put out.
#[derive(Default)]
pub(in crate::engine) struct Changed {
    pub agents: BTreeSet<AgentId>,
    pub tiers: BTreeSet<TierId>,
    /// Tiers of which the state alone has changed, with the one they had: of several changes that lead back to it nobody is told.
    pub tier_states: BTreeMap<TierId, TierState>,
    pub members: BTreeSet<MemberId>,
    pub limits: BTreeSet<AgentId>,
    pub others: Vec<RowChange>,
    /// Agents who have become ready, and for whom nobody has looked for members yet.
    pub freed: BTreeSet<AgentId>,
    /// Queues in which agents and members may find each other who could not before.
    pub opened: BTreeSet<QueueId>,
    /// Agents whose call is over, and its tier: the other tiers are given back unless the next call takes them at once.
    pub returned: BTreeMap<AgentId, TierId>,
    /// Agents who may have become present or absent, and whom their queues have not counted so yet; whether in each in its own way.
    pub present: BTreeMap<AgentId, bool>,
    /// Queues that may have become empty, or wait under other rules for it.
    pub presence: BTreeSet<QueueId>,
    /// Queues in which the first agent may have become free, or the last one not to be.
    pub free: BTreeSet<QueueId>,
    /// Queues whose line has moved and whose members' channels are to know it.
    pub moved_lines: BTreeSet<QueueId>,
    /// Queues that agents serve no more, unless they do again before everything has followed from this: their phones ring for nobody there.
    pub left_queues: BTreeSet<(QueueId, AgentId)>,
}

impl Engine {
    /// An empty call centre; `seed` decides everything that is left to chance.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            dispatches: settings.internal_call_dispatching,
            settings,
            wall: WallClock::default(),
            random: Random::seeded(seed),
            queues: BTreeMap::new(),
            queue_names: HashMap::new(),
            loaded: Vec::new(),
            agents: BTreeMap::new(),
            agent_names: HashMap::new(),
            tiers: BTreeMap::new(),
            tiers_by_agent: HashMap::new(),
            round_robin: BTreeSet::new(),
            presence_queues: BTreeSet::new(),
            skill_queues: BTreeSet::new(),
            members: BTreeMap::new(),
            members_elsewhere: MembersElsewhere::default(),
            unaccounted: BTreeMap::new(),
            member_uuids: HashMap::new(),
            successors: HashMap::new(),
            offers: BTreeMap::new(),
            devices: Devices::default(),
            standing_legs: StandingLegs::new(),
            timers: Timers::default(),
            outputs: VecDeque::new(),
            changed: Changed::default(),
            watchdog: Watchdog::default(),
            counts: Counts::default(),
            refusal_told: None,
            last_id: 0,
        }
    }

    /// Lets something happen at `now`.
    ///
    /// # Errors
    /// Says why the input was refused; nothing has changed then, except that an offer answered too late is over.
    pub fn handle_input(&mut self, now: Timestamp, input: Input) -> Result<Reply, EngineError> {
        let reply = self.act_on(now, input);
        self.finish(now);
        reply
    }

    /// Acts on every deadline that has passed at `now`.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        while self.timers.next().is_some_and(|at| at <= now) {
            self.act_on_due_timers(now);
        }
        self.finish(now);
    }

    /// What follows from all that has happened at `now`.
    fn finish(&mut self, now: Timestamp) {
        self.stop_rings_of_who_left(now);
        self.match_opened_queues(now);
        self.leave_emptied_queues(now);
        self.await_moved_lines(now);
        self.return_tiers();
        self.put_out_rows();
    }

    /// Everybody whose deadline has come takes their place before anybody is matched, so that the scores and the strategy
    /// decide, not the order of the deadlines. The other deadlines may match somebody as well, so they come last.
    fn act_on_due_timers(&mut self, now: Timestamp) {
        let (mut agents, mut members, mut others) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(timer) = self.timers.take_due(now) {
            match timer {
                Timer::AgentReady(agent) | Timer::AgentMayChat(agent) => agents.push(agent),
                Timer::TierOpens(member) | Timer::RingOneMore(member) => members.push(member),
                other => others.push(other),
            }
        }
        for agent in &agents {
            self.place_agent(now, *agent);
        }
        for member in &members {
            self.place_member(now, *member);
        }
        self.match_agents(now, agents);
        self.match_members(now, members);
        for timer in others {
            self.act_on_timer(now, timer);
        }
    }

    /// Takes the next thing to be done outside.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Engine::handle_timeout`] is wanted next.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    fn act_on(&mut self, now: Timestamp, input: Input) -> Result<Reply, EngineError> {
        match input {
            Input::Restore(snapshot) => self.restore(now, snapshot),
            Input::Adopt(found) => return Ok(self.adopt(now, found)),
            Input::ClockSet(shown) => self.set_wall_clock(now, shown),
            Input::RowsChanged(changes) => self.take_foreign_changes(now, changes),
            Input::LoadQueue(config) => self.load_queue(now, config),
            Input::Reconfigure(new) => return Ok(Reply::Reconfigured(self.reconfigure(now, *new))),
            Input::QueueAdd(name) => return self.add_queue(now, &name),
            Input::QueueDel(name) => return self.delete_queue(now, &name),
            Input::QueueSet { queue, setting } => return self.set_queue(now, &queue, &setting),
            Input::UnloadQueue(name) => self.put_queue_away(now, &name),
            Input::ApplyAgent(config) => self.apply_agent(now, config, Taken::NewsAndContact),
            Input::ReloadAgent(config) => self.apply_agent(now, config, Taken::All),
            Input::ApplyTier(config) => return self.apply_tier(now, config),
            Input::TierNotConfigured { queue, agent } => return self.drop_configured_tier(now, &queue, &agent),
            Input::AgentAdd { name, agent_type } => return self.add_agent(&name, agent_type),
            Input::AgentDel { name } => self.delete_agent(now, &name),
            Input::AgentSet { name, setting } => return self.set_agent(now, &name, setting),
            Input::AgentGet { name, key, typed } => return self.get_agent(&name, key, &typed),
            Input::AgentPause { name, reason } => return self.pause_everywhere(now, &name, reason),
            Input::AgentResume { name } => return self.resume_everywhere(now, &name),
            Input::TierPause { queue, agent, reason } => return self.pause_in_queue(now, &queue, &agent, reason),
            Input::TierResume { queue, agent } => return self.resume_in_queue(now, &queue, &agent),
            Input::TierAdd(config) => return self.add_tier_by_command(now, config, None),
            Input::TierAddPaused { tier, reason } => return self.add_tier_by_command(now, tier, Some(reason)),
            Input::TierSet { queue, agent, setting } => return self.set_tier(now, &queue, &agent, setting),
            Input::TierDel { queue, agent } => self.delete_tier(now, &queue, &agent),
            Input::MemberJoin(request) => return self.join(now, request),
            Input::MemberExit { member, exit } => return self.exit(now, member, exit),
            Input::MemberHandsOver { member, successor } => return self.hand_over(now, member, successor),
            Input::SuccessorGone { session_uuid } => self.forget_successor(now, &session_uuid),
            Input::AnnouncementEnded {
                member,
                announcement,
                end,
            } => self.announcement_ended(now, member, announcement, end),
            Input::OfferAnswered { offer, agent_uuid } => return self.offer_answered(now, offer, agent_uuid),
            Input::OfferFailed { offer, end } => return self.offer_failed(now, offer, end),
            Input::OfferBridged { offer } => return self.offer_bridged(now, offer),
            Input::BridgeFailed {
                offer,
                member_up,
                agent_left,
                cause,
            } => {
                return self.bridge_failed(now, offer, (member_up, agent_left), &cause);
            }
            Input::AgentLegEnded { offer, cause, by } => return self.agent_leg_ended(now, offer, cause, by),
            Input::AgentBreak { agent_uuid } => return self.break_agent(now, &agent_uuid),
            Input::ExternalCallStarted { agent } => return self.count_external_call(now, &agent, 1),
            Input::ExternalCallEnded { agent } => return self.count_external_call(now, &agent, -1),
            Input::StandingLeg { agent_uuid, state } => self.note_leg(now, &agent_uuid, state),
            Input::DeviceState { device, in_use } => self.note_device(now, &device, in_use),
            Input::MemberScore { uuid, base_score } => return self.set_base_score(now, &uuid, base_score),
            Input::MemberWithdraw { uuid, note } => return self.withdraw(now, &uuid, &note),
            Input::InternalDispatching { on } => self.set_dispatching(on),
            Input::DispatchMember { uuid, agent } => return self.dispatch_member(now, &uuid, &agent),
            Input::PresenceProbe { queue } => return self.probe_presence(&queue),
            Input::StatsReset => self.reset_statistics(),
            Input::NotFound { members, offers } => self.not_found(now, &members, &offers),
        }
        Ok(Reply::Done)
    }

    fn act_on_timer(&mut self, now: Timestamp, timer: Timer) {
        match timer {
            Timer::AgentReady(_) | Timer::AgentMayChat(_) | Timer::TierOpens(_) | Timer::RingOneMore(_) => (),
            Timer::MaxWait(member) => self.reach_max_wait(now, member),
            Timer::NoAgentForMember(member) => self.check_no_agent(now, member),
            Timer::NoAgentInQueue(queue) => self.check_no_agent_in_queue(now, queue),
            Timer::Announcement(member) => self.announce_to(now, member),
            Timer::Dissuade(member) => self.dissuade(now, member),
            Timer::Positions(queue) => self.tell_positions(now, queue),
            Timer::Discard(member) => self.discard(member),
            Timer::Succession(member) => self.give_up_successor(now, member),
            Timer::CancelOverdue(offer) => self.give_up_cancelled(now, offer),
            Timer::WatchRound => self.watch_on(now),
            Timer::SecondLook => self.look_again(),
        }
    }

    /// A number that was never given out before.
    pub(in crate::engine) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Puts out the rows of everything that changed: one for each, however often it changed.
    fn put_out_rows(&mut self) {
        self.tell_free();
        let changed = std::mem::take(&mut self.changed);
        self.outputs.extend(changed.others.into_iter().map(Output::Row));
        for agent in changed.agents {
            if let Some(agent) = self.agents.get(&agent).filter(|agent| !agent.deleted) {
                self.outputs.push_back(Output::Row(RowChange::Agent(agent.row.clone())));
            }
        }
        for agent in changed.limits {
            if let Some(agent) = self.agents.get(&agent).filter(|agent| !agent.deleted) {
                self.outputs.push_back(Output::Row(limits_row(agent)));
            }
        }
        let was_changed =
            |(id, before): &(TierId, TierState)| self.tiers.get(id).is_some_and(|tier| tier.state != *before);
        let states = changed.tier_states.into_iter().filter(was_changed);
        let mut tiers = changed.tiers;
        tiers.extend(states.map(|(id, _)| id));
        for tier in tiers {
            if let Some(row) = self.tiers.get(&tier).and_then(|tier| self.tier_row(tier)) {
                self.outputs.push_back(Output::Row(RowChange::Tier(row)));
            }
        }
        for member in changed.members {
            if let Some(member) = self.members.get(&member).filter(|member| !member.served) {
                self.outputs
                    .push_back(Output::Row(RowChange::Member(member.row.clone())));
            }
        }
    }
}

/// An agent whose limits are the default has no row of them.
fn limits_row(agent: &Agent) -> RowChange {
    let name = agent.row.name.clone();
    if agent.limits == AgentLimits::default() {
        return RowChange::AgentLimitsGone(name);
    }
    RowChange::AgentLimits {
        agent: name,
        limits: agent.limits,
    }
}
