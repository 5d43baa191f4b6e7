//! What inputs and outputs have said so far, and the checks of their order: every offer and every member begins and
//! ends exactly once, nobody is offered twice at once, and only promised sequences occur.

use crate::admission;
use crate::chats;
use crate::demand;
use callcenter_simulator::Rows;
use mod_callcenter::engine::{
    AgentKind, AgentRow, AgentSetting, Announce, AnnouncementId, CallerRequirements, CancelReason, ChangeByOthers,
    ChangesByOthers, EngineError, EstimateTold, Event, Found, Input, JoinRequest, LegState, Media, MemberId, MemberRow,
    OfferId, Output, PositionTold, QueueConfig, Reply, Ring, RingEnd, RowChange, Snapshot, Span, Strategy, Talk,
    TierRow, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A finding of a checker.
pub type Finding = Result<(), String>;

/// The books of a run.
#[derive(Default)]
pub struct Ledger {
    /// Loaded queues.
    pub queues: BTreeMap<String, QueueConfig>,
    /// What queues that are not loaded had as configuration: its limits go on for who waits.
    unloaded: BTreeMap<String, QueueConfig>,
    /// The rows of the table `queues`.
    kept: BTreeMap<String, QueueConfig>,
    /// Rows as they stood before the present step.
    pub rows: Rows,
    /// Members in a queue, by member uuid.
    pub members: BTreeMap<String, Member>,
    /// Offers under way.
    pub offers: BTreeMap<OfferId, Offer>,
    /// Exact instants of agents, by name.
    pub agents: HashMap<String, AgentTimes>,
    /// Place in line of every member with a row: the score at the epoch, and the exact instant of joining.
    pub places: HashMap<String, Place>,
    /// Members whose application runs: uuid and queue.
    uuids: HashMap<MemberId, (String, String)>,
    rows_of_this_step: Vec<RowChange>,
    releases_of_this_step: Vec<(MemberId, CancelReason)>,
    offers_ended_in_this_step: Vec<Offer>,
    announced: Option<(String, String)>,
    /// Agents who were rung for a chat in the present step, and how many they might have before it.
    chats_of_this_step: Vec<(String, usize)>,
    /// Agents who were deleted in the present step.
    pub gone: BTreeSet<String>,
    /// Agents whose state was set by hand: it may hold from the end of a call on.
    pub commanded: BTreeSet<String>,
    /// Legs of answered offers.
    legs: HashMap<OfferId, String>,
    /// Standing legs, as far as was told since somebody asked.
    standing: BTreeMap<String, LegState>,
    /// Members whose channel was not found outside: they may be ended without a report.
    missing: BTreeSet<MemberId>,
    /// Offers that `callcenter_break` has ended or will: their legs stay up.
    pub broken: BTreeSet<OfferId>,
    /// Agents and members who talked when the process before this one ended.
    talks_before: Vec<(String, String)>,
    /// Calls of each loaded queue since it was loaded.
    pub figures: BTreeMap<String, Figures>,
}

/// Calls of a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub answered: u64,
    pub abandoned: u64,
}

/// Kinds of announcements to waiting members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Announced {
    Sound,
    Position,
    Periodic,
    Dissuasion,
}

/// A member in a queue.
#[derive(Debug, Clone)]
pub struct Member {
    pub queue: String,
    pub entered: Timestamp,
    /// member-queue-start or -resume was fired.
    pub started: bool,
    /// The caller has left, or was asked to.
    pub leaving: bool,
    /// The queue application has ended.
    pub exited: bool,
    /// The announcement that plays, and of which kind it is.
    pub announcement: Option<(AnnouncementId, Announced)>,
    /// When the last announcement of each kind ended.
    pub announced: BTreeMap<Announced, Timestamp>,
    /// Has heard `dissuade-sound`.
    pub dissuaded: bool,
    /// ring-progressively: from when on one more agent may ring. ring-all: until when the phones that ring count.
    pub ring_more_at: Timestamp,
    /// `retry-delay`: from when on it may be offered again.
    pub retry_at: Timestamp,
    /// Agents who have answered and gone before the bridge: not rung while others are.
    pub dropped_by: BTreeSet<String>,
    /// Agents who have missed the member in this stay: it goes on to others first.
    pub missed_by: BTreeSet<String>,
    /// What the caller asks of an agent.
    pub requirements: CallerRequirements,
}

/// An offer under way.
#[derive(Debug, Clone)]
pub struct Offer {
    pub queue: String,
    pub agent: String,
    pub member: String,
    pub stage: Stage,
    pub cost: Cost,
    pub media: Media,
    /// bridge-agent-start was fired.
    pub started: bool,
    /// The agent was deleted meanwhile: the name may belong to another agent by now.
    pub orphan: bool,
    /// The tier was deleted meanwhile, and none was made in its place.
    pub tier_gone: bool,
    /// How often nothing of it was found outside; twice, and it may be ended without a report.
    pub times_missing: u32,
    /// The member left and came back to its place meanwhile: the offer is for the channel it had before.
    pub earlier_stay: bool,
}

impl Offer {
    /// Whether member and agent are not together yet.
    pub fn is_being_offered(&self) -> bool {
        !matches!(self.stage, Stage::Bridged | Stage::Ending)
    }
}

/// What an offer that came to nothing costs its agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cost {
    /// It was taken back.
    #[default]
    Nothing,
    /// It ended without anybody's doing: no offer for a moment.
    Moment,
    /// The agent's side has failed it.
    Miss,
}

/// How far an offer is, as inputs and outputs tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Ringing,
    Cancelled,
    Failed,
    Answered,
    Bridged,
    Ending,
}

/// Instants finer than rows carry.
#[derive(Debug, Clone, Copy, Default)]
pub struct AgentTimes {
    pub last_bridge_end: Timestamp,
    pub retry_after: Timestamp,
    /// When an offer last failed through the agent's fault.
    pub failed: Option<Timestamp>,
    /// When the wrap-up after the last chat ends.
    pub chat_rest: Timestamp,
}

/// A place in line; the smaller is served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub standing: std::cmp::Reverse<i64>,
    pub joined: Timestamp,
}

/// Whether somebody who has waited so long may be hearing this to be dissuaded.
fn dissuades(config: &QueueConfig, waited: Span, sounds: &[String]) -> bool {
    let is_long = config.dissuade_wait > 0 && waited >= Span::from_secs(i64::from(config.dissuade_wait));
    let is_at_the_door = config.dissuade_queue_size > 0 || config.dissuade_estimated_wait > 0;
    (is_long || is_at_the_door) && sounds.iter().eq(&config.dissuade_sound)
}

/// How long one phone rings before the next, where nobody says otherwise.
const PROGRESSIVE: Span = Span::from_secs(10);

/// How long one phone rings for a member before the next one does. Those of a ring-all queue count for as long as somebody who hears one
/// needs to answer it.
fn pause_between_rings(config: &QueueConfig) -> Span {
    match (config.strategy(), config.ring_progressively_delay) {
        (Strategy::RingAll, _) => Span::from_secs(3),
        (_, 0) => PROGRESSIVE,
        (_, delay) => Span::from_secs(i64::from(delay)),
    }
}

/// The floor between two offers of one agent after a failure.
pub const FLOOR: Span = Span::from_secs(1);

impl Place {
    fn of(row: &MemberRow, joined: Timestamp) -> Self {
        let standing = std::cmp::Reverse(row.base_score + row.skill_score - row.joined_epoch);
        Self { standing, joined }
    }
}

impl Member {
    fn of(queue: &str, entered: Timestamp, requirements: CallerRequirements) -> Self {
        Self {
            queue: queue.to_owned(),
            entered,
            started: false,
            leaving: false,
            exited: false,
            announcement: None,
            announced: BTreeMap::new(),
            dissuaded: false,
            ring_more_at: Timestamp::default(),
            retry_at: Timestamp::default(),
            dropped_by: BTreeSet::new(),
            missed_by: BTreeSet::new(),
            requirements,
        }
    }
}

impl Ledger {
    pub fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) -> Finding {
        match (input, reply) {
            (Input::Restore(snapshot), Ok(_)) => self.restart(now, snapshot),
            (Input::Adopt(found), Ok(Reply::Adopted(offers))) => return self.adopt(now, found, offers),
            (Input::Adopt(_), reply) => return Err(format!("what is up was answered {reply:?}")),
            (Input::LoadQueue(config), Ok(_)) => self.note_load(config),
            (Input::QueueAdd(name), Ok(_)) => {
                let config = QueueConfig::named(name);
                self.kept.insert(name.clone(), config.clone());
                self.note_load(&config);
            }
            (Input::QueueDel(name), Ok(_)) => {
                self.kept.remove(name);
                self.note_unload(name);
                self.nobody_is_in(name)?;
            }
            (Input::QueueSet { queue, setting }, Ok(_)) => {
                let configs = [self.queues.get_mut(queue), self.kept.get_mut(queue)];
                for config in configs.into_iter().flatten() {
                    setting.apply(config);
                }
            }
            (Input::RowsChanged(changes), Ok(_)) => self.note_others(changes),
            (Input::NotFound { members, offers }, Ok(_)) => self.note_missing(members, offers),
            (Input::AgentBreak { agent_uuid }, Ok(_)) => self.note_break(agent_uuid),
            (Input::UnloadQueue(name), Ok(_)) => self.note_unload(name),
            (Input::AgentDel { name }, Ok(_)) => {
                self.commanded.remove(name);
                self.orphan_offers(name);
            }
            (
                Input::AgentSet {
                    name,
                    setting: AgentSetting::State(_) | AgentSetting::StateIfWaiting(_),
                },
                _,
            ) => drop(self.commanded.insert(name.clone())),
            (Input::TierDel { queue, agent } | Input::TierNotConfigured { queue, agent }, Ok(_)) => {
                self.note_tiers_of_offers(false, |offer| offer.queue == *queue && offer.agent == *agent);
            }
            (Input::TierAdd(tier) | Input::ApplyTier(tier), Ok(_)) => {
                self.note_tiers_of_offers(true, |offer| offer.queue == tier.queue && offer.agent == tier.agent);
            }
            (
                Input::AnnouncementEnded {
                    member, announcement, ..
                },
                _,
            ) => self.announcement_ended(now, *member, *announcement),
            (
                Input::MemberJoin(request),
                Ok(Reply::Joined {
                    member, member_uuid, ..
                }),
            ) => {
                self.note_load_by_caller(&request.queue);
                return self.join(now, request, *member, member_uuid);
            }
            (Input::MemberJoin(request), Ok(Reply::Refused { .. })) => self.note_load_by_caller(&request.queue),
            (Input::MemberExit { member, .. }, reply) => return self.exit(*member, reply),
            (Input::OfferAnswered { offer, agent_uuid }, Ok(_)) => {
                self.legs.insert(*offer, agent_uuid.clone());
                return self.advance(*offer, &[Stage::Ringing], Stage::Answered);
            }
            (Input::OfferAnswered { offer, .. }, Err(_)) => self.give_up_late(*offer),
            (Input::OfferFailed { offer, end }, Ok(_)) => {
                self.note_whose_doing(*offer, end);
                return self.advance(*offer, &[Stage::Ringing, Stage::Cancelled], Stage::Failed);
            }
            (Input::OfferBridged { offer }, Ok(_)) => {
                self.advance(*offer, &[Stage::Answered], Stage::Bridged)?;
                self.count_bridge(*offer);
            }
            (Input::AgentLegEnded { offer, .. }, Ok(_)) => self.end_leg(*offer),
            (Input::StandingLeg { agent_uuid, state }, _) => drop(self.standing.insert(agent_uuid.clone(), *state)),
            (
                Input::BridgeFailed {
                    offer,
                    member_up,
                    agent_left,
                    ..
                },
                Ok(_),
            ) => {
                self.note_dropped(*offer, *member_up && *agent_left);
                self.mark_member_down(*offer, *member_up);
                return self.advance(*offer, &[Stage::Answered], Stage::Ending);
            }
            _ => {}
        }
        if matches!(
            input,
            Input::LoadQueue(_) | Input::QueueSet { .. } | Input::RowsChanged(_)
        ) {
            self.shorten_pauses(now);
        }
        Ok(())
    }

    pub fn output(&mut self, now: Timestamp, output: &Output) -> Finding {
        match output {
            Output::Row(change) => self.note_row(now, change),
            Output::Ring(ring) => return self.ring(now, ring),
            Output::CancelRing { offer, .. } => return self.cancel(*offer),
            Output::Release(release) => {
                self.releases_of_this_step.push((release.member, release.reason));
                let uuid = self
                    .uuids
                    .get(&release.member)
                    .map(|(uuid, _)| uuid.clone())
                    .unwrap_or_default();
                match self.members.get_mut(&uuid) {
                    Some(member) => member.leaving = true,
                    None => return Err(format!("released {uuid:?}, who is in no queue")),
                }
            }
            Output::Announce(announce) => return self.announce(now, announce),
            Output::LookAtLeg(leg) => drop(self.standing.remove(leg)),
            Output::Event(event) => return self.event(now, event),
            _ => {}
        }
        Ok(())
    }

    /// What the agent's standing leg is doing; one who is called has the phone that is called.
    pub fn leg_of(&self, row: &AgentRow) -> LegState {
        match row.agent_type.kind() {
            AgentKind::Callback => LegState::Alone,
            AgentKind::UuidStandby => self.standing.get(&row.uuid).copied().unwrap_or_default(),
        }
    }

    /// The step is over: its rows are the state of things now.
    pub fn settle(&mut self, now: Timestamp) -> Finding {
        for change in &self.rows_of_this_step {
            self.only_a_miss_counts(change)?;
        }
        self.offers_ended_in_this_step.clear();
        self.gone.clear();
        let is_tier_gone = |change: &RowChange| matches!(change, RowChange::TierGone { .. });
        let leaves = self.rows_of_this_step.iter().any(is_tier_gone);
        for change in std::mem::take(&mut self.rows_of_this_step) {
            self.rows.apply(change);
        }
        for (agent, before) in std::mem::take(&mut self.chats_of_this_step) {
            chats::are_not_too_many(self, &agent, before)?;
        }
        for (member, reason) in std::mem::take(&mut self.releases_of_this_step) {
            self.leaves_for_a_reason(now, member, reason)?;
        }
        if leaves {
            self.nobody_rings_who_left()?;
        }
        match &self.announced {
            Some(offering) => Err(format!("agent-offering of {offering:?} without a ring")),
            None => Ok(()),
        }
    }

    /// Whoever serves a queue no more is not rung for it.
    fn nobody_rings_who_left(&self) -> Finding {
        let serves = |offer: &Offer| {
            let config = self.queues.get(&offer.queue);
            config.is_some_and(|config| demand::serves_by_skill(self, config, &offer.agent))
        };
        let mut ringing = self.offers.values().filter(|offer| offer.stage == Stage::Ringing);
        match ringing.find(|offer| offer.tier_gone && !serves(offer)) {
            Some(offer) => Err(format!("{offer:?} rings on")),
            None => Ok(()),
        }
    }

    /// What the agent's side has not failed is not counted against the agent.
    fn only_a_miss_counts(&self, change: &RowChange) -> Finding {
        let RowChange::Agent(row) = change else { return Ok(()) };
        let before = self.rows.agents().iter().find(|before| before.name == row.name);
        let counts = before.is_some_and(|before| row.no_answer_count > before.no_answer_count);
        let mut ended = self.offers_ended_in_this_step.iter();
        if counts && !ended.any(|offer| offer.agent == row.name && offer.cost == Cost::Miss) {
            return Err(format!(
                "{row:?} has one more missed call, although the agent missed none"
            ));
        }
        Ok(())
    }

    /// Offers that have ended in the present step.
    pub fn ended_in_step(&self) -> impl Iterator<Item = &Offer> {
        self.offers_ended_in_this_step.iter()
    }

    /// The uuid of a member whose application runs.
    pub fn member_uuid(&self, member: MemberId) -> Option<&str> {
        self.uuids.get(&member).map(|(uuid, _)| uuid.as_str())
    }

    /// Live offers of an agent of this name.
    pub fn offers_of_agent<'a>(&'a self, agent: &'a str) -> impl Iterator<Item = &'a Offer> {
        self.offers
            .values()
            .filter(move |offer| offer.agent == agent && !offer.orphan)
    }

    /// The call of an agent, or the offer of one.
    pub fn call_of_agent<'a>(&'a self, agent: &'a str) -> Option<&'a Offer> {
        self.offers_of_agent(agent).find(|offer| offer.media == Media::Audio)
    }

    /// Live offers of a member's present stay.
    pub fn offers_of_member<'a>(&'a self, uuid: &'a str) -> impl Iterator<Item = &'a Offer> {
        self.offers
            .values()
            .filter(move |offer| offer.member == uuid && !offer.earlier_stay)
    }

    /// Whether a member may have reached a limit: it is offered to nobody else then, even while a ring is under way.
    pub fn may_be_overdue(&self, member: &Member, now: Timestamp) -> bool {
        let limits = |config: &QueueConfig| {
            [
                config.max_wait_time,
                config.max_wait_time_with_no_agent,
                config.dissuade_wait,
            ]
        };
        let waited = now.since(member.entered).secs();
        let reached = |limit: u32| limit > 0 && waited >= i64::from(limit);
        self.queues
            .get(&member.queue)
            .or_else(|| self.unloaded.get(&member.queue))
            .is_some_and(|config| limits(config).into_iter().any(reached))
    }

    /// Members of a queue who wait or are tried.
    pub fn count(&self, queue: &str) -> usize {
        let here = self.members.iter().filter(|(_, member)| member.queue == queue);
        let talks = |uuid: &str| self.offers_of_member(uuid).any(|offer| offer.stage == Stage::Bridged);
        here.filter(|(uuid, _)| !talks(uuid)).count()
    }

    pub fn rings_several(&self, queue: &str) -> bool {
        self.strategy(queue).is_some_and(Strategy::rings_several)
    }

    pub fn strategy(&self, queue: &str) -> Option<Strategy> {
        self.queues.get(queue).map(QueueConfig::strategy)
    }

    /// The row of the table counts, if there is one.
    /// Pauses under way are no longer than they would be under the rules there are now.
    fn shorten_pauses(&mut self, now: Timestamp) {
        for member in self.members.values_mut() {
            if let Some(config) = self.queues.get(&member.queue) {
                let retry = Span::from_secs(i64::from(config.retry_delay));
                member.retry_at = member.retry_at.min(now + retry);
                member.ring_more_at = member.ring_more_at.min(now + pause_between_rings(config));
            }
        }
    }

    fn note_load(&mut self, config: &QueueConfig) {
        let config = self.kept.get(&config.name).unwrap_or(config).clone();
        self.unloaded.remove(&config.name);
        self.figures.insert(config.name.clone(), Figures::default());
        self.queues.insert(config.name.clone(), config);
    }

    /// A queue of the table that somebody has unloaded is loaded for the next caller.
    fn note_load_by_caller(&mut self, name: &str) {
        if let Some(config) = self.kept.get(name).filter(|_| !self.queues.contains_key(name)) {
            self.note_load(&config.clone());
        }
    }

    fn note_unload(&mut self, name: &str) {
        let config = self.queues.remove(name);
        self.unloaded.extend(config.map(|config| (name.to_owned(), config)));
    }

    /// Nobody may be left behind in a queue that has been deleted.
    fn nobody_is_in(&self, queue: &str) -> Finding {
        match self.members.iter().find(|(_, member)| member.queue == queue) {
            Some((uuid, member)) => Err(format!("{queue} was deleted while {uuid} was in it: {member:?}")),
            None => Ok(()),
        }
    }

    /// A new process knows what was saved, and nothing else.
    fn restart(&mut self, now: Timestamp, snapshot: &Snapshot) {
        let before = std::mem::take(self);
        let talks = before.offers.into_values();
        let talks = talks.filter(|offer| offer.stage == Stage::Bridged);
        self.talks_before = talks.map(|offer| (offer.agent, offer.member)).collect();
        let Snapshot {
            queues,
            agents,
            tiers,
            members,
            skills,
            pauses,
            agent_limits,
            ..
        } = snapshot.clone();
        for config in queues {
            self.kept.insert(config.name.clone(), config.clone());
            self.note_load(&config);
        }
        let agents = agents.into_iter().map(RowChange::Agent);
        let tiers = tiers.into_iter().map(RowChange::Tier);
        let skills = skills
            .into_iter()
            .map(|(agent, skills)| RowChange::AgentSkills { agent, skills });
        let pauses = pauses.into_iter().map(|(agent, queue, pause)| RowChange::Pause {
            agent,
            queue,
            pause: Some(pause),
        });
        let limits = agent_limits
            .into_iter()
            .map(|(agent, limits)| RowChange::AgentLimits { agent, limits });
        for change in agents.chain(tiers).chain(skills).chain(pauses).chain(limits) {
            self.rows.apply(change);
        }
        for row in members {
            self.places.insert(
                row.uuid.clone(),
                Place::of(&row, Timestamp::from_secs(row.joined_epoch.min(now.steady_secs()))),
            );
            self.rows.apply(RowChange::Member(row));
        }
    }

    /// What is found has been there before, once, and is as if it had begun here.
    fn adopt(&mut self, now: Timestamp, found: &Found, offers: &[OfferId]) -> Finding {
        if found.talks.len() != offers.len() {
            return Err(format!("{offers:?} for {found:?}"));
        }
        for (talk, id) in found.talks.iter().zip(offers) {
            let pair = (talk.agent.clone(), talk.member_uuid.clone());
            let Some(at) = self.talks_before.iter().position(|known| *known == pair) else {
                return Err(format!("{pair:?} are found, and did not talk before"));
            };
            self.talks_before.swap_remove(at);
            self.adopt_talk(now, talk, *id)?;
        }
        self.talks_before.clear();
        Ok(())
    }

    fn adopt_talk(&mut self, now: Timestamp, talk: &Talk, id: OfferId) -> Finding {
        let is_known = self.rows.agents().iter().any(|row| row.name == talk.agent);
        let has_tier = |row: &TierRow| row.queue == talk.queue && row.agent == talk.agent;
        let offer = Offer {
            queue: talk.queue.clone(),
            agent: talk.agent.clone(),
            member: talk.member_uuid.clone(),
            stage: Stage::Bridged,
            media: talk.media,
            started: true,
            orphan: talk.course.agent_is_gone || !is_known,
            tier_gone: !self.rows.tiers().iter().any(has_tier),
            times_missing: 0,
            earlier_stay: false,
            cost: Cost::Nothing,
        };
        self.legs.insert(id, talk.agent_uuid.clone());
        let member = Member {
            started: true,
            leaving: true,
            exited: true,
            // A process that has just begun tells the time as FreeSWITCH does.
            ..Member::of(
                &talk.queue,
                talk.course.entered.under(Span::ZERO).min(now),
                CallerRequirements::default(),
            )
        };
        match (
            self.offers.insert(id, offer),
            self.members.insert(talk.member_uuid.clone(), member),
        ) {
            (None, None) => Ok(()),
            others => Err(format!("{talk:?} is found twice: {others:?}")),
        }
    }

    fn note_others(&mut self, changes: &ChangesByOthers) {
        for change in &changes.agents {
            if let ChangeByOthers::Gone(row) = change {
                self.orphan_offers(&row.name);
                self.note_tiers_of_offers(false, |offer| offer.agent == row.name);
            }
        }
        for change in &changes.tiers {
            let (row, there) = match change {
                ChangeByOthers::Gone(row) => (row, false),
                ChangeByOthers::Added(row) => (row, true),
                ChangeByOthers::Changed { .. } => continue,
            };
            self.note_tiers_of_offers(there, |offer| offer.queue == row.queue && offer.agent == row.agent);
        }
    }

    fn note_missing(&mut self, members: &[MemberId], offers: &[OfferId]) {
        for id in offers {
            if let Some(offer) = self.offers.get_mut(id) {
                offer.times_missing += 1;
            }
        }
        self.missing.extend(members);
        // Whether such a member counts as answered cannot be told from outside; the figures are counted anew from the next load on.
        for (_, queue) in members.iter().filter_map(|member| self.uuids.get(member)) {
            self.figures.remove(queue);
        }
    }

    fn note_break(&mut self, agent_uuid: &str) {
        let broken = self.legs.iter().filter(|(_, leg)| *leg == agent_uuid);
        self.broken.extend(broken.map(|(offer, _)| *offer));
    }

    /// A leg that ends before it is bridged leaves the offer to the report of its ring or bridge.
    fn end_leg(&mut self, id: OfferId) {
        if let Some(offer) = self.offers.get_mut(&id) {
            if offer.stage == Stage::Ringing {
                offer.cost = Cost::Miss;
            }
            if matches!(offer.stage, Stage::Ringing | Stage::Cancelled) {
                offer.stage = Stage::Failed;
            }
        }
    }

    /// A member counts as answered once it is bridged and its application has ended.
    fn count_bridge(&mut self, offer: OfferId) {
        let Some(offer) = self.offers.get(&offer).filter(|offer| !offer.earlier_stay) else {
            return;
        };
        if self.members.get(&offer.member).is_some_and(|member| member.exited) {
            if let Some(figures) = self.figures.get_mut(&offer.queue) {
                figures.answered += 1;
            }
        }
    }

    fn orphan_offers(&mut self, agent: &str) {
        self.gone.insert(agent.to_owned());
        self.agents.remove(agent);
        for offer in self.offers.values_mut().filter(|offer| offer.agent == agent) {
            offer.orphan = true;
        }
    }

    /// The tiers that offers go through are gone, or there again.
    fn note_tiers_of_offers(&mut self, there: bool, through: impl Fn(&Offer) -> bool) {
        for offer in self.offers.values_mut().filter(|offer| through(offer)) {
            offer.tier_gone = !there;
        }
    }

    fn join(&mut self, now: Timestamp, request: &JoinRequest, member: MemberId, uuid: &str) -> Finding {
        let queue = request.queue.as_str();
        self.uuids.insert(member, (uuid.to_owned(), queue.to_owned()));
        for offer in self.offers.values_mut().filter(|offer| offer.member == uuid) {
            offer.earlier_stay = true;
        }
        let book = Member::of(queue, now, request.requirements.clone());
        match self.members.insert(uuid.to_owned(), book) {
            Some(_) => Err(format!("member {uuid} joined twice")),
            None => Ok(()),
        }
    }

    fn exit(&mut self, member: MemberId, reply: &Result<Reply, EngineError>) -> Finding {
        let Some((uuid, queue)) = self.uuids.remove(&member) else {
            return match reply {
                Err(EngineError::MemberNotFound) => Ok(()),
                other => Err(format!("the second exit of a member was answered {other:?}")),
            };
        };
        let is_bridged = self.offers_of_member(&uuid).any(|offer| offer.stage == Stage::Bridged);
        let is_over = match self.members.get_mut(&uuid) {
            Some(book) => {
                book.leaving = true;
                book.exited = true;
                false
            }
            None => true,
        };
        match reply {
            Ok(Reply::Left { answered: true }) if is_bridged || is_over => {
                if let Some(figures) = self.figures.get_mut(&queue) {
                    figures.answered += 1;
                }
                Ok(())
            }
            Ok(Reply::Left { .. }) => Ok(()),
            Err(EngineError::MemberNotFound) if self.missing.contains(&member) => Ok(()),
            other => Err(format!("the exit of member {uuid} was answered {other:?}")),
        }
    }

    /// Whoever is let go by a rule of this file is let go rightly.
    fn leaves_for_a_reason(&self, now: Timestamp, member: MemberId, reason: CancelReason) -> Finding {
        let Some((uuid, queue)) = self.uuids.get(&member) else {
            return Ok(());
        };
        let (Some(config), Some(member)) = (self.queues.get(queue), self.members.get(uuid)) else {
            return Ok(());
        };
        let is_right = match reason {
            CancelReason::LeaveEmpty => config.leave_when_empty.is_some_and(|absences| {
                let asks = (queue.as_str(), &member.requirements);
                let waited = self
                    .places
                    .get(uuid)
                    .map_or(Span::ZERO, |place| now.since(place.joined));
                admission::is_time(Some(absences)) || admission::is_empty(self, asks, waited, absences)
            }),
            CancelReason::DissuadeWait => {
                let waited = now.since(member.entered).secs();
                let limit = i64::from(config.dissuade_wait);
                admission::parts(config) && limit > 0 && waited >= limit
            }
            _ => true,
        };
        if is_right {
            return Ok(());
        }
        Err(format!("{uuid} is let go for {reason}: {member:?} {config:?}"))
    }

    /// One announcement at a time, and an interval after the end of the last of its kind.
    fn announce(&mut self, now: Timestamp, announce: &Announce) -> Finding {
        let (uuid, _) = self.uuids.get(&announce.member).cloned().unwrap_or_default();
        let Some(queue) = self.members.get(&uuid).map(|member| member.queue.clone()) else {
            return Err(format!("{announce:?} to {uuid:?}, who is in no queue"));
        };
        let others = self.members.values().filter(|member| member.queue == queue).count();
        let config = self.queues.get(&queue);
        let waited = self
            .members
            .get(&uuid)
            .map_or(Span::ZERO, |member| now.since(member.entered));
        let is_dissuasion = config.is_some_and(|config| dissuades(config, waited, &announce.sounds));
        if let Some(member) = self
            .members
            .get_mut(&uuid)
            .filter(|member| is_dissuasion && !member.dissuaded)
        {
            if !member.leaving && member.announcement.is_none() {
                member.dissuaded = true;
                member.announcement = Some((announce.announcement, Announced::Dissuasion));
                return Ok(());
            }
        }
        let known = config.and_then(|config| kind_of(config, &announce.sounds, others));
        let Some((kind, interval, at_once)) = known else {
            return Err(format!("{announce:?} is not what {config:?} says to {others} members"));
        };
        let Some(member) = self.members.get_mut(&uuid) else {
            return Ok(());
        };
        let last = member.announced.get(&kind).copied();
        let is_first_at_once = at_once && last.is_none();
        let is_due = is_first_at_once || now >= last.unwrap_or(member.entered) + Span::from_secs(i64::from(interval));
        if member.leaving || member.announcement.is_some() || !is_due {
            return Err(format!("{announce:?} every {interval} s to {member:?}"));
        }
        member.announcement = Some((announce.announcement, kind));
        Ok(())
    }

    fn announcement_ended(&mut self, now: Timestamp, member: MemberId, announcement: AnnouncementId) {
        let uuid = self.uuids.get(&member).map(|(uuid, _)| uuid);
        let Some(member) = uuid.and_then(|uuid| self.members.get_mut(uuid)) else {
            return;
        };
        if let Some((_, kind)) = member.announcement.filter(|(playing, _)| *playing == announcement) {
            member.announcement = None;
            member.announced.insert(kind, now);
        }
    }

    fn advance(&mut self, id: OfferId, from: &[Stage], to: Stage) -> Finding {
        match self.offers.get_mut(&id) {
            Some(offer) if from.contains(&offer.stage) => {
                offer.stage = to;
                Ok(())
            }
            other => Err(format!("offer {id} became {to:?} although it was {other:?}")),
        }
    }

    /// What was taken back costs nothing; otherwise it is as whoever rang the agent has seen it.
    fn note_whose_doing(&mut self, id: OfferId, end: &RingEnd) {
        let Some(offer) = self.offers.get_mut(&id).filter(|offer| offer.stage == Stage::Ringing) else {
            return;
        };
        offer.cost = match end {
            RingEnd::NotTaken(_) | RingEnd::NoStandingLeg => Cost::Miss,
            RingEnd::Refused(..) | RingEnd::Withdrawn(_) => Cost::Moment,
            RingEnd::CallerGone => Cost::Nothing,
        };
        if let Some(member) = self.members.get_mut(&offer.member).filter(|_| offer.cost == Cost::Miss) {
            member.missed_by.insert(offer.agent.clone());
        }
    }

    /// An agent who was gone before the bridge has failed the offer.
    fn note_dropped(&mut self, id: OfferId, by_agent: bool) {
        if let Some(offer) = self.offers.get_mut(&id).filter(|offer| by_agent && !offer.earlier_stay) {
            if let Some(member) = self.members.get_mut(&offer.member).filter(|member| !member.exited) {
                offer.cost = Cost::Miss;
                member.dropped_by.insert(offer.agent.clone());
                member.missed_by.insert(offer.agent.clone());
            }
        }
    }

    /// The refused answer of a cancelled ring is the ring's end.
    fn give_up_late(&mut self, id: OfferId) {
        if let Some(offer) = self.offers.get_mut(&id).filter(|offer| offer.stage == Stage::Cancelled) {
            offer.stage = Stage::Failed;
        }
    }

    fn mark_member_down(&mut self, offer: OfferId, member_up: bool) {
        let Some(offer) = self.offers.get(&offer).filter(|offer| !offer.earlier_stay) else {
            return;
        };
        if let Some(member) = self.members.get_mut(&offer.member) {
            member.leaving |= !member_up;
        }
    }

    fn note_row(&mut self, now: Timestamp, change: &RowChange) {
        match change {
            RowChange::Member(row) => {
                let news = Place::of(row, now);
                let place = self.places.entry(row.uuid.clone()).or_insert(news);
                place.standing = news.standing;
            }
            RowChange::MemberGone(uuid) => drop(self.places.remove(uuid)),
            _ => {}
        }
        self.rows_of_this_step.push(change.clone());
    }

    fn ring(&mut self, now: Timestamp, ring: &Ring) -> Finding {
        let pair = (ring.agent.clone(), ring.member_uuid.clone());
        if self.announced.take().as_ref() != Some(&pair) {
            return Err(format!(
                "offer {} of {pair:?} rings without its agent-offering",
                ring.offer
            ));
        }
        let of_medium = |offer: &&Offer| offer.media == ring.media;
        let is_in_the_way = |offer: &&Offer| ring.media == Media::Audio || offer.is_being_offered();
        let mut others = self.offers_of_agent(&ring.agent).filter(of_medium);
        let rival = others.find(is_in_the_way).cloned();
        drop(others);
        if let Some(other) = rival {
            return Err(format!(
                "agent {} is offered twice at once: offer {} and {other:?}",
                ring.agent, ring.offer
            ));
        }
        let stands = ring.agent_type.kind() == AgentKind::UuidStandby;
        if stands && self.standing.get(&ring.agent_uuid) != Some(&LegState::Alone) {
            return Err(format!(
                "{} is offered a caller on a leg that nobody has seen",
                ring.agent
            ));
        }
        if ring.media == Media::Chat {
            let before = chats::most(self, &ring.agent);
            self.chats_of_this_step.push((ring.agent.clone(), before));
        }
        let failed = self.agents.get(&ring.agent).and_then(|times| times.failed);
        if failed.is_some_and(|failed| now.since(failed) < FLOOR) {
            return Err(format!("{} is rung again {:?} after a failure", ring.agent, failed));
        }
        let alone = !self.rings_several(&ring.queue);
        let rival = self
            .offers_of_member(&ring.member_uuid)
            .find(|offer| match offer.stage {
                Stage::Ringing => alone || offer.agent == ring.agent,
                Stage::Answered | Stage::Bridged => true,
                Stage::Cancelled | Stage::Failed | Stage::Ending => false,
            });
        if let Some(other) = rival {
            return Err(format!(
                "member {} is offered twice at once: {ring:?} and {other:?}",
                ring.member_uuid
            ));
        }
        let pause = self.queues.get(&ring.queue).map_or(PROGRESSIVE, pause_between_rings);
        let Some(member) = self.members.get_mut(&ring.member_uuid) else {
            return Err(format!(
                "offer {} is for {}, who is in no queue",
                ring.offer, ring.member_uuid
            ));
        };
        if member.leaving || member.queue != ring.queue {
            return Err(format!("offer {} for {member:?} in {}", ring.offer, ring.queue));
        }
        if member.requirements.media != ring.media {
            return Err(format!("offer {} of {:?} for {member:?}", ring.offer, ring.media));
        }
        member.ring_more_at = now + pause;
        let offer = Offer {
            queue: ring.queue.clone(),
            agent: ring.agent.clone(),
            member: ring.member_uuid.clone(),
            stage: Stage::Ringing,
            cost: Cost::Nothing,
            media: ring.media,
            started: false,
            orphan: false,
            tier_gone: false,
            times_missing: 0,
            earlier_stay: false,
        };
        match self.offers.insert(ring.offer, offer) {
            Some(old) => Err(format!("offer id {} was used for {old:?} too", ring.offer)),
            None => Ok(()),
        }
    }

    fn cancel(&mut self, id: OfferId) -> Finding {
        match self.offers.get_mut(&id) {
            Some(offer) if offer.stage == Stage::Ringing => offer.stage = Stage::Cancelled,
            Some(offer) if matches!(offer.stage, Stage::Answered | Stage::Bridged) => {}
            other => return Err(format!("offer {id} is cancelled although it is {other:?}")),
        }
        Ok(())
    }

    fn event(&mut self, now: Timestamp, event: &Event) -> Finding {
        let agent = event.header("CC-Agent").unwrap_or_default();
        let uuid = event.header("CC-Member-UUID").unwrap_or_default();
        match event.action() {
            "member-queue-start" | "member-queue-resume" => self.member_starts(uuid),
            "member-queue-end" => self.member_ends(uuid, event),
            "agent-offering" => self.offering(agent, uuid),
            "bridge-agent-start" => self.bridge_starts(agent, uuid),
            "bridge-agent-fail" => self.offer_fails(now, agent, uuid),
            "bridge-agent-end" => self.bridge_ends(now, agent, uuid, event),
            "members-count" => self.counts(event),
            _ => Ok(()),
        }
    }

    /// Everybody is told how many members wait or are tried.
    fn counts(&self, event: &Event) -> Finding {
        let right = self.count(event.header("CC-Queue").unwrap_or_default());
        if event.header("CC-Count") == Some(right.to_string().as_str()) {
            return Ok(());
        }
        Err(format!("{event:?} although there are {right}"))
    }

    fn member_starts(&mut self, uuid: &str) -> Finding {
        match self.members.get_mut(uuid) {
            Some(member) if !member.started => member.started = true,
            other => return Err(format!("member-queue-start of {uuid}, who is {other:?}")),
        }
        Ok(())
    }

    fn member_ends(&mut self, uuid: &str, event: &Event) -> Finding {
        let bridged = self.offers_of_member(uuid).any(|offer| offer.stage == Stage::Bridged);
        if let Some(member) = self
            .members
            .get(uuid)
            .filter(|_| event.header("CC-Cause") == Some("Cancel"))
        {
            if let Some(figures) = self.figures.get_mut(&member.queue) {
                figures.abandoned += 1;
            }
        }
        match self.members.remove(uuid) {
            Some(member) if member.started && !bridged => Ok(()),
            other => Err(format!("{event:?} of {uuid}, who is {other:?}, in a call: {bridged}")),
        }
    }

    fn offering(&mut self, agent: &str, uuid: &str) -> Finding {
        if !self.members.get(uuid).is_some_and(|member| member.started) {
            return Err(format!("agent-offering of {uuid} to {agent} before member-queue-start"));
        }
        match self.announced.replace((agent.to_owned(), uuid.to_owned())) {
            Some(other) => Err(format!("agent-offering of {other:?} without a ring")),
            None => Ok(()),
        }
    }

    fn bridge_starts(&mut self, agent: &str, uuid: &str) -> Finding {
        let offer = self.offers.values_mut().find(|offer| {
            offer.agent == agent && offer.member == uuid && offer.stage == Stage::Answered && !offer.started
        });
        match offer {
            Some(offer) => offer.started = true,
            None => {
                return Err(format!(
                    "bridge-agent-start of {uuid} and {agent} without an answered offer"
                ))
            }
        }
        Ok(())
    }

    fn offer_fails(&mut self, now: Timestamp, agent: &str, uuid: &str) -> Finding {
        let is_it = |offer: &Offer| offer.agent == agent && offer.member == uuid && !offer.started;
        // The agent may have been deleted and made anew: two offers to the same name, and only one has failed.
        let id = self
            .find_offer(|offer| is_it(offer) && offer.stage == Stage::Failed)
            .or_else(|| self.find_offer(|offer| is_it(offer) && offer.stage == Stage::Cancelled))
            .or_else(|| self.find_offer(|offer| is_it(offer) && offer.times_missing > 1));
        let Some(offer) = id.and_then(|id| self.offers.remove(&id)) else {
            return Err(format!(
                "bridge-agent-fail of {uuid} and {agent} without an offer that failed"
            ));
        };
        let is_agents_fault = offer.cost == Cost::Miss;
        let delay = self.queues.get(&offer.queue).map_or(0, |config| config.retry_delay);
        if let Some(member) = self.members.get_mut(uuid).filter(|_| is_agents_fault) {
            member.retry_at = now + Span::from_secs(i64::from(delay));
        }
        if offer.cost != Cost::Nothing && !offer.orphan {
            let times = self.agents.entry(agent.to_owned()).or_default();
            (times.retry_after, times.failed) = (now, Some(now));
        }
        self.offers_ended_in_this_step.push(offer);
        Ok(())
    }

    fn bridge_ends(&mut self, now: Timestamp, agent: &str, uuid: &str, event: &Event) -> Finding {
        let id = self.find_offer(|offer| offer.agent == agent && offer.member == uuid && offer.started);
        let Some(offer) = id.and_then(|id| self.offers.remove(&id)) else {
            return Err(format!(
                "bridge-agent-end of {uuid} and {agent} without a bridge-agent-start"
            ));
        };
        let bridged = event.header("CC-Agent-Bridged") == Some("true");
        if bridged != (offer.stage == Stage::Bridged) {
            return Err(format!("CC-Agent-Bridged is {bridged} for {offer:?}"));
        }
        let chat_rest = now + chats::wrap_up(self, &offer);
        if !offer.orphan {
            let times = self.agents.entry(agent.to_owned()).or_default();
            match (bridged, offer.media) {
                (true, Media::Audio) => times.last_bridge_end = now,
                (true, Media::Chat) => times.chat_rest = chat_rest,
                (false, _) => times.retry_after = now,
            }
            if offer.cost == Cost::Miss {
                times.failed = Some(now);
            }
        }
        self.offers_ended_in_this_step.push(offer);
        Ok(())
    }

    fn find_offer(&self, wanted: impl Fn(&Offer) -> bool) -> Option<OfferId> {
        self.offers.iter().find(|(_, offer)| wanted(offer)).map(|(id, _)| *id)
    }
}

/// What kind of announcement this is, the seconds between two of them at least, and whether the first comes at once; none when a
/// queue with so many members says no such thing.
fn kind_of(config: &QueueConfig, sounds: &[String], members: usize) -> Option<(Announced, u32, bool)> {
    let interval = config
        .announce_position_frequency
        .min(config.announce_position_min_frequency);
    let is_estimate = |sound: &&String| sound.starts_with("phrase:callcenter_estimated_wait:");
    let sounds = match sounds.split_last() {
        Some((last, rest)) if is_estimate(&last) && config.announce_holdtime != EstimateTold::No => rest,
        _ => sounds,
    };
    if sounds.is_empty() {
        return Some((Announced::Position, interval, true));
    }
    let [sound] = sounds else { return None };
    let limit = usize::try_from(config.announce_position_limit).ok()?;
    if let Some(position) = sound.strip_prefix("phrase:callcenter_position:") {
        let position: usize = position.parse().ok()?;
        let told = match config.announce_position {
            PositionTold::No => false,
            PositionTold::Yes => true,
            PositionTold::Limit | PositionTold::More => position <= limit,
        };
        return (told && (1..=members).contains(&position)).then_some((Announced::Position, interval, true));
    }
    if *sound == format!("phrase:callcenter_more_than:{limit}") {
        let told = config.announce_position == PositionTold::More && members > limit;
        return told.then_some((Announced::Position, interval, true));
    }
    let periodic = config.periodic_announce_sounds.as_deref().unwrap_or_default();
    if periodic.split(',').any(|one| one == sound) {
        let interval = config.periodic_announce_frequency;
        return (interval > 0).then_some((Announced::Periodic, interval, false));
    }
    let interval = config.announce_frequency;
    let is_announced = config.announce_sound.as_ref() == Some(sound) && interval > 0;
    is_announced.then_some((Announced::Sound, interval, false))
}
