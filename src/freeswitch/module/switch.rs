//! FreeSWITCH as the driver's switch: does what the engine's outputs say, and decides nothing.

use crate::driver::Reception;
use crate::engine::{
    AgentKind, CallBack, CallbackAttemptId, CallbackEnd, CancelReason, Connect, Event, HangupCause, Input, Inspection,
    OfferId, Output, Parting, Refusal, Ring, RingEnd, VariableChange,
};
use crate::freeswitch::agent_leg::devices::Devices;
use crate::freeswitch::agent_leg::legs;
use crate::freeswitch::agent_leg::offers::Offers;
use crate::freeswitch::agent_leg::ring;
use crate::freeswitch::agent_leg::track::Tracked;
use crate::freeswitch::callback_leg::dial::{self, Attempts};
use crate::freeswitch::caller::succession::Successors;
use crate::freeswitch::caller::waiting::Waiting;
use crate::freeswitch::ffi::barrier;
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::hooks::Hooks;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::SessionGuard;
use crate::freeswitch::module::pool::{Pool, Urgency};
use crate::freeswitch::outward::presence;
use crate::freeswitch::talk::connect;
use crate::freeswitch::talk::state_handlers;
use crate::freeswitch::talk::talks::Talks;
use crate::store::QueueLogFile;
use crate::switch::{BoxSwitch, Switch};
use once_cell::sync::OnceCell;
use std::sync::{Arc, Weak};

/// Phones that may ring at once. A ringing phone takes a thread, because FreeSWITCH blocks one for it.
const MOST_RINGING: usize = 1024;

/// What the adapter keeps about the calls that are under way.
pub struct FreeSwitch {
    /// Offers between ring and bridge.
    pub offers: Offers,
    /// Attempts to call somebody back.
    pub attempts: Attempts,
    /// Answered offers by their legs.
    pub talks: Talks,
    /// Callers in the queue application.
    pub waiting: Waiting,
    /// Channels on the way to a place that is kept for them.
    pub successors: Successors,
    /// Calls tracked for agents.
    pub tracked: Tracked,
    /// Phones in use.
    pub devices: Devices,
    /// Channels with our state handlers.
    pub hooks: Hooks,
    /// Threads for work that FreeSWITCH blocks.
    pub pool: Pool,
    /// The queue log, if there is to be one.
    pub queue_log: Option<QueueLogFile>,
    reception: OnceCell<Weak<dyn Reception>>,
    me: Weak<FreeSwitch>,
}

impl FreeSwitch {
    /// Nothing is under way.
    pub fn new(queue_log: Option<QueueLogFile>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            offers: Offers::default(),
            attempts: Attempts::default(),
            talks: Talks::default(),
            waiting: Waiting::default(),
            successors: Successors::default(),
            tracked: Tracked::default(),
            devices: Devices::default(),
            hooks: Hooks::of(&state_handlers::TABLE),
            pool: Pool::new(MOST_RINGING),
            queue_log,
            reception: OnceCell::new(),
            me: me.clone(),
        })
    }

    /// Names whom reports go to. Whoever that is owns the switch, so this is a weak reference.
    pub fn report_to(&self, reception: &Arc<dyn Reception>) {
        // Called once, right after both were made.
        let _ = self.reception.set(Arc::downgrade(reception));
    }

    /// Whom reports go to, unless the module has been unloaded.
    pub fn reception(&self) -> Option<Arc<dyn Reception>> {
        self.reception.get().and_then(Weak::upgrade)
    }

    /// Reports to the engine; what it replies is of no use to whoever reports.
    pub fn report(&self, input: Input) {
        if let Some(reception) = self.reception() {
            // An offer or member that is over meanwhile needs no report.
            let _ = reception.submit_and_settle(input);
        }
    }

    fn run(&self, urgency: Urgency, job: impl FnOnce(&Arc<FreeSwitch>) + Send + 'static) -> bool {
        let Some(me) = self.me.upgrade() else {
            return false;
        };
        self.pool.run(urgency, move || job(&me)).is_ok()
    }
}

/// What a bridge ends with when there is no thread for it.
const NO_THREAD: HangupCause = HangupCause::NORMAL_CIRCUIT_CONGESTION;

impl Switch for FreeSwitch {
    fn carry_out(&self, output: Output) {
        match output {
            Output::Ring(ring) => self.ring(ring),
            Output::CancelRing { offer, cause } => self.cancel(offer, &cause),
            Output::Connect(connect) => self.connect(connect),
            Output::Release(release) => self.let_go(&release.session_uuid, release.reason, release.parting),
            Output::Announce(announce) => {
                // A caller who has left hears nothing more.
                if let Some(stay) = self.waiting.stay(&announce.session_uuid) {
                    stay.announce(announce);
                }
            }
            Output::Hold { session_uuid, hold } => {
                if let Some(stay) = self.waiting.stay(&session_uuid) {
                    stay.hold_otherwise(hold);
                }
            }
            Output::Variables { session_uuid, changes } => set_variables(&session_uuid, &changes),
            Output::Event(event) => self.fire(&event),
            Output::Presence(presence) => presence::fire(&presence),
            Output::QueueLog(line) => {
                if let Some(file) = &self.queue_log {
                    file.write(&line);
                }
            }
            Output::Notice(notice) => log::write_notice(&notice),
            // Without a thread to look, the next inspection will have one.
            Output::Inspect(inspection) => drop(self.run(Urgency::Usual, move |switch| switch.look_up(&inspection))),
            Output::LookAtLeg(agent_uuid) => legs::look(self, &agent_uuid),
            Output::CallBack(callback) => self.call_back(callback),
            Output::CancelCallBack(attempt) => {
                if let Some(call) = self.attempts.get(attempt) {
                    call.cancel(&HangupCause::ORIGINATOR_CANCEL);
                }
            }
            // The journal's.
            Output::Row(_) => (),
        }
    }
}

impl BoxSwitch for FreeSwitch {
    fn end_talk(&self, agent_uuid: &str, cause: &HangupCause) {
        // The end of one that is gone was told, or is on the way.
        if let Some(leg) = SessionGuard::locate(agent_uuid) {
            leg.channel().hang_up(cause);
        }
    }
}

/// A channel that has hung up is still asked for its variables when its CDR is written.
fn set_variables(session_uuid: &str, changes: &[VariableChange]) {
    if let Some(session) = SessionGuard::locate_even_hungup(session_uuid) {
        for change in changes {
            session.channel().set_variable(change.name, change.value.as_deref());
        }
    }
}

impl FreeSwitch {
    fn ring(&self, ring: Ring) {
        let id = ring.offer;
        let offer = self.offers.open(id);
        let started = self.run(Urgency::Usual, move |switch| {
            if !barrier::completes(|| ring::ring(switch, &ring, &offer)) {
                switch.fail_ring(id, Refusal::Fault);
            }
        });
        if !started {
            self.fail_ring(id, Refusal::Threads);
        }
    }

    fn cancel(&self, offer: OfferId, cause: &HangupCause) {
        if let Some(offer) = self.offers.get(offer) {
            offer.cancel(cause);
        }
    }

    fn call_back(&self, callback: Box<CallBack>) {
        let attempt = callback.attempt;
        let waits = callback.waiting_agent.as_ref();
        if let Some((agent, offer)) = waits.and_then(|agent| Some((agent, self.offers.get(agent.offer)?))) {
            offer.waiting.hear(agent.hold_sound.clone());
        }
        let call = self.attempts.open(attempt);
        let started = self.run(Urgency::Usual, move |switch| {
            if !barrier::completes(|| dial::dial(switch, &callback, &call)) {
                // A leg that is up has nobody else to end it.
                call.cancel(&NO_THREAD);
                switch.fail_callback(attempt, Refusal::Fault);
            }
        });
        if !started {
            self.fail_callback(attempt, Refusal::Threads);
        }
    }

    fn connect(&self, connect: Connect) {
        let id = connect.offer;
        let started = self.run(Urgency::Urgent, move |switch| {
            if !barrier::completes(|| connect::connect(switch, &connect)) {
                switch.fail_bridge(id, HangupCause::NONE);
            }
        });
        if !started {
            self.fail_bridge(id, NO_THREAD);
        }
    }

    fn fire(&self, event: &Event) {
        let Some(mut built) = EventBuilder::callcenter() else {
            return;
        };
        if let Some(uuid) = &event.channel {
            match SessionGuard::locate_even_hungup(uuid) {
                Some(session) => built.add_channel(session.channel()),
                None => self.talks.add_last_words(uuid, &mut built),
            }
        }
        for (name, value) in &event.headers {
            built.add(name, value);
        }
        built.fire();
    }

    /// Nobody works on this ring.
    fn fail_ring(&self, offer: OfferId, refusal: Refusal) {
        self.offers.close(offer);
        let end = RingEnd::Refused(refusal, HangupCause::NORMAL_CIRCUIT_CONGESTION);
        self.report(Input::OfferFailed { offer, end });
    }

    /// Nobody works on this attempt.
    fn fail_callback(&self, attempt: CallbackAttemptId, refusal: Refusal) {
        self.attempts.close(attempt);
        let end = CallbackEnd::Refused(refusal, HangupCause::NORMAL_CIRCUIT_CONGESTION);
        self.report(Input::CallbackFailed { attempt, end });
    }

    /// Nobody works on this bridge.
    fn fail_bridge(&self, offer: OfferId, cause: HangupCause) {
        self.offers.close(offer);
        self.talks.close(offer);
        self.report(Input::BridgeFailed {
            offer,
            member_up: true,
            agent_left: false,
            cause,
        });
    }

    /// Reports what the engine believes to be under way and is not.
    fn look_up(&self, inspection: &Inspection) {
        let not_rung = inspection
            .ringing
            .iter()
            .filter(|offer| self.offers.get(**offer).is_none());
        let has_ended = |offer: &&OfferId| {
            let leg = self
                .talks
                .agent_of(**offer)
                .and_then(|uuid| SessionGuard::locate(&uuid));
            let stands = self.talks.kind_of(**offer) == Some(AgentKind::UuidStandby);
            // A standing leg that is parked talks with nobody, whether or not FreeSWITCH has told.
            leg.is_none_or(|leg| stands && leg.channel().is_parked())
        };
        let ended = inspection.talking.iter().filter(has_ended);
        let offers: Vec<_> = not_rung.chain(ended).copied().collect();
        let gone = inspection
            .waiting
            .iter()
            .filter(|(_, uuid)| self.waiting.stay(uuid).is_none());
        let members: Vec<_> = gone.map(|(member, _)| *member).collect();
        if !offers.is_empty() || !members.is_empty() {
            self.report(Input::NotFound { members, offers });
        }
    }

    /// Lets a waiting caller go. The stay knows before the sound is broken, so that a caller who is between two sounds goes as well.
    pub fn let_go(&self, session_uuid: &str, reason: CancelReason, parting: Option<Parting>) {
        if self.waiting.release(session_uuid, reason, parting) {
            if let Some(session) = SessionGuard::locate(session_uuid) {
                session.channel().break_all();
            }
        }
    }
}
