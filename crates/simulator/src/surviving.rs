//! What outlives the module when it is unloaded: talks go on, and whoever loads it again finds them.

use super::caller::{Caller, CallerId};
use super::leg::{Leg, Stage};
use super::observer::Observer;
use super::world::{Happening, World};
use mod_callcenter::engine::{AgentKind, Found, Input, OfferId, Reply, Snapshot, Span, Talk, Timestamp};

/// How often a talk whose end is on its way has ended before the module is back.
const ENDED_MEANWHILE: f64 = 0.5;

/// A talk in the switch.
pub(super) struct Surviving {
    talk: Talk,
    leg: Leg,
    caller: (CallerId, Caller),
    /// What is going to happen to it.
    future: Vec<(Timestamp, Happening)>,
}

impl World {
    /// Unloading waits for whoever is bridging: the talks that have begun are known.
    pub(super) fn finish_bridging(&mut self, observer: &mut dyn Observer) {
        let legs = self.legs.iter();
        let bridged: Vec<_> = legs
            .filter(|(_, leg)| leg.stage == Stage::Bridged)
            .map(|(offer, _)| *offer)
            .collect();
        for offer in bridged {
            // Most are known already.
            let _ = self.submit(Input::OfferBridged { offer }, observer);
        }
    }

    /// The talks that the switch has and the module knows of.
    pub(super) fn surviving_talks(&mut self) -> Vec<Surviving> {
        let talks = self.driver.view(|engine, _| engine.talks());
        talks.into_iter().filter_map(|talk| self.survives(talk)).collect()
    }

    fn survives(&mut self, talk: Talk) -> Option<Surviving> {
        let is_it = |leg: &Leg| leg.stage == Stage::Bridged && leg.agent_uuid == talk.agent_uuid;
        let (offer, leg) = self.legs.iter().find(|(_, leg)| is_it(leg))?;
        let (offer, leg) = (*offer, leg.clone());
        let id = leg.caller?;
        let caller = self.callers.get(&id).filter(|caller| caller.bridged == Some(offer))?;
        let caller = (id, caller.clone());
        let future = self.calendar.planned().filter_map(|(at, what)| match what {
            Happening::TalkEnds(of) if *of == offer => Some((at, Happening::TalkEnds(offer))),
            Happening::LegEnds(of, cause) if *of == offer => Some((at, Happening::LegEnds(offer, cause.clone()))),
            _ => None,
        });
        let future: Vec<_> = future.collect();
        let is_ending = future.iter().any(|(_, what)| matches!(what, Happening::LegEnds(..)));
        if is_ending && self.noise.chance(ENDED_MEANWHILE) {
            return None;
        }
        Some(Surviving {
            talk,
            leg,
            caller,
            future,
        })
    }

    /// The standing legs that the rows name and the switch has.
    pub(super) fn standing_legs(&self, snapshot: &Snapshot) -> Vec<(String, String)> {
        let agents = snapshot.agents.iter();
        let standing = agents.filter(|row| {
            row.agent_type.kind() == AgentKind::UuidStandby && self.standing.get(&row.name) == Some(&row.uuid)
        });
        standing.map(|row| (row.name.clone(), row.uuid.clone())).collect()
    }

    /// The module that has been loaded is told what is up.
    pub(super) fn tell_what_is_up(
        &mut self,
        standing: Vec<(String, String)>,
        (surviving, clock): (Vec<Surviving>, Span),
        observer: &mut dyn Observer,
    ) {
        let talks = surviving.iter().map(|survivor| survivor.talk.clone()).collect();
        let reply = self.submit(Input::Adopt(Found { talks, standing }), observer);
        let Ok(Reply::Adopted(offers)) = reply else { return };
        for (offer, survivor) in offers.into_iter().zip(surviving) {
            self.goes_on(offer, survivor, clock);
        }
    }

    /// The clocks have moved by so much since the talk survived.
    fn goes_on(&mut self, offer: OfferId, survivor: Surviving, clock: Span) {
        let (id, mut caller) = survivor.caller;
        caller.bridged = Some(offer);
        caller.in_queue = false;
        self.callers.insert(id, caller);
        self.legs.insert(offer, survivor.leg);
        for (at, what) in survivor.future {
            let at = at + clock;
            let what = match what {
                Happening::LegEnds(_, cause) => Happening::LegEnds(offer, cause),
                _ => Happening::TalkEnds(offer),
            };
            self.calendar.plan(at, what);
        }
    }
}
