//! An offer is made: what it does to the agent, the member and the channel.

use crate::engine::border::output::{Output, Ring};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::configuration::queue::{QueueConfig, TIME_TO_ANSWER};
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, TierId};
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{AgentState, Media, MemberState, Strategy};

impl Engine {
    /// Makes an offer. The agent leaves the order of free agents everywhere, and the member its line if it wants one agent
    /// only.
    pub(in crate::engine) fn offer(&mut self, now: Timestamp, member_id: MemberId, tier_id: TierId) {
        let Some(agent_id) = self.tiers.get(&tier_id).and_then(|tier| tier.agent) else {
            return;
        };
        let offer_id = OfferId(self.next_id());
        let Some(offer) = self.note_offer_of_member(now, member_id, tier_id, agent_id, offer_id) else {
            return;
        };
        match offer.media() {
            Media::Audio => self.note_call_offered(now, agent_id, tier_id, offer_id),
            Media::Chat => self.note_chat_offered(now, agent_id, offer_id),
        }
        let may_have_more = self.place_agent(now, agent_id);
        if !may_have_more {
            self.agents.note_placed(agent_id);
        }
        self.count_offer(&offer);
        self.fire_agent_offering(&offer);
        if let Some(ring) = self.ring(offer_id, &offer) {
            self.outputs.push_back(Output::Ring(ring));
        }
        self.note_offer_on_channel(now, &offer);
        self.tell_state(member_id);
        self.offers.insert(offer_id, offer);
        self.watch(now);
        let wants_more = self.place_member(now, member_id);
        if !wants_more {
            self.members.note_placed(member_id);
        }
    }

    fn note_call_offered(&mut self, now: Timestamp, id: AgentId, through: TierId, offer: OfferId) {
        if let Some(agent) = self.agents.books_of(&id) {
            agent.offer = holds(Mark::OffersEngage).then_some(offer);
        }
        if self.settings.reserve_agents {
            self.set_agent_state(now, id, AgentState::Reserved);
        }
        self.take_tiers(id, through);
        self.set_agent_state(now, id, AgentState::Receiving);
    }

    /// Leaves on the member's channel what stock goes on from: when an agent was called last, or on which tier.
    fn note_offer_on_channel(&mut self, now: Timestamp, offer: &Offer) {
        let Some(tier) = self.tiers.get(&offer.tier) else {
            return;
        };
        if self.members.get(&offer.member).is_none_or(|member| member.is_away()) {
            return;
        }
        let changes = match self.strategy_of(offer.queue) {
            Some(Strategy::TopDown) => vec![
                (variable::LAST_AGENT_TIER_POSITION, Some(tier.position.to_string())),
                (variable::LAST_AGENT_TIER_LEVEL, Some(tier.level.to_string())),
            ],
            Some(Strategy::RingProgressively) => {
                vec![(variable::LAST_ORIGINATED_CALL, Some(self.wall.secs(now).to_string()))]
            }
            _ => return,
        };
        self.set_variables(&offer.facts.session_uuid, changes);
    }

    fn note_offer_of_member(
        &mut self,
        now: Timestamp,
        member_id: MemberId,
        tier_id: TierId,
        agent_id: AgentId,
        offer_id: OfferId,
    ) -> Option<Offer> {
        let member = self.members.change(&member_id)?;
        let queue = self.queues.get(&member.queue)?;
        let agent = self.agents.get(&agent_id)?;
        let tier = self.tiers.get(&tier_id)?;
        let strategy = queue.strategy?;
        let pause = queue
            .config
            .as_ref()
            .map_or(TIME_TO_ANSWER, QueueConfig::pause_between_rings);
        member.begin_round_with(tier_id);
        member.offers.push(offer_id);
        member.offered_at_once |= member.offers_made == 0 && now <= member.entered;
        member.offers_made += 1;
        member.ring_more_at = now + pause;
        member.last_tried = Some(Box::new((tier.level, tier.position)));
        if !strategy.rings_several() {
            member.row.serving_agent = agent.row.name.clone();
            member.row.serving_system = agent.row.instance_id.clone();
        }
        let offer = Offer {
            id: offer_id,
            queue: member.queue,
            member: member_id,
            agent: agent_id,
            tier: tier_id,
            place: tier.free_for(member.facts.media),
            stage: Stage::Ringing,
            called: now,
            may_ring: self.settings.agent_originate_timeout,
            answered: now,
            bridged: now,
            number: member.offers_made,
            rejections_before: member.rejections,
            agent_uuid: String::new(),
            facts: member.facts.clone(),
            suspected: None,
        };
        self.set_member_state(member_id, MemberState::Trying);
        Some(offer)
    }

    fn ring(&self, id: OfferId, offer: &Offer) -> Option<Ring> {
        let agent = self.agents.get(&offer.agent)?;
        let member = self.members.get(&offer.member)?;
        let config = self.config_of(offer.queue);
        let text =
            |of: fn(&QueueConfig) -> &Option<String>| config.and_then(|config| of(config).clone()).unwrap_or_default();
        Some(Ring {
            offer: id,
            queue: self.queues.get(&offer.queue)?.name.clone(),
            agent: agent.row.name.clone(),
            agent_type: agent.row.agent_type.clone(),
            contact: agent.row.contact.clone(),
            agent_uuid: agent.row.uuid.clone(),
            member_uuid: offer.facts.uuid.clone(),
            member_session_uuid: member.row.session_uuid.clone(),
            cid_name: offer.facts.cid_name.clone(),
            cid_name_prefix: text(|config| &config.cid_name_prefix),
            export_vars: text(|config| &config.cc_export_vars),
            cid_number: offer.facts.cid_number.clone(),
            param: offer.facts.param().unwrap_or_default().to_owned(),
            media: offer.media(),
            joined_epoch: offer.facts.joined_epoch,
            timeout: offer.may_ring,
            calls_back: self.calls_back(offer.member).map(Box::new),
        })
    }

    /// Top-down begins again from the top when nobody is left below: stock then takes back what it left on the channel.
    pub(in crate::engine) fn forget_offer_on_channel(&mut self, id: MemberId) {
        let Some(member) = self
            .members
            .get(&id)
            .filter(|member| member.place.is_some() && !member.is_away())
        else {
            return;
        };
        let strategy = self.strategy_of(member.queue);
        if strategy == Some(Strategy::TopDown) {
            let session_uuid = member.facts.session_uuid.clone();
            let changes = vec![
                (variable::LAST_AGENT_TIER_POSITION, None),
                (variable::LAST_AGENT_TIER_LEVEL, None),
            ];
            self.set_variables(&session_uuid, changes);
        }
    }
}
