//! What a box does as its life wants it: the leader's part where it leads, and what is to be carried out here.

use super::{Household, Speaker};
use crate::cluster::link::{CallCentre, Duties};
use crate::cluster::{read, write, BoxId, Deed, FromBox, Receipt, Standing, Takeover, Term, ToBox, Told};
use crate::clustered::deeds::Act;
use crate::clustered::errand::Errand;
use crate::clustered::lead::{Beginning, Lead};
use crate::clustered::questions::Said;
use crate::engine::{CancelReason, ChangesByOthers, Input, NoticeLevel, Output, Release, Reply, Span};

impl Household {
    pub(super) fn fulfil(&mut self, voice: &mut Speaker<'_>, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::CarryOut(output) => self.carry_out_output(voice, output),
                Deed::EndTalk { agent_uuid, cause, .. } => self.shared.deeds.put(Act::EndTalk(agent_uuid, cause)),
                Deed::Answer { question, answer } => {
                    let unheard = self.shared.questions.say(question, Said::Answer(answer));
                    self.let_go_for_callback(unheard);
                }
                Deed::Reply { question, text } => drop(self.shared.questions.say(question, Said::Text(text))),
                Deed::Tell(input) => self.tell_only(voice, &input),
            }
        }
    }

    /// A caller whose thread waits for the answer no more is called back after all: it leaves the queue now.
    fn let_go_for_callback(&self, unheard: Option<Said>) {
        let Some(Said::Answer(Ok(Reply::CalledBack { member_uuid, .. }))) = unheard else {
            return;
        };
        if let Some((member, session_uuid)) = self.home.caller_of_uuid(&member_uuid) {
            self.do_this(Output::Release(Release {
                member,
                session_uuid: session_uuid.to_owned(),
                reason: CancelReason::None,
                parting: None,
            }));
        }
    }

    fn carry_out_output(&mut self, voice: &mut Speaker<'_>, output: Output) {
        match output {
            Output::Ring(ring) => self.want(voice, Errand::Dial(ring)),
            Output::Connect(connect) => self.want(voice, Errand::Bridge(connect)),
            Output::CancelRing { offer, cause } => {
                let waiting = self.errands.iter().find(|(_, errand)| errand.offer() == offer);
                let waiting = waiting.map(|(deed, _)| *deed);
                let errand = waiting.and_then(|deed| self.errands.remove(&deed));
                let errand = errand.or_else(|| Errand::of_answered(&self.home, offer));
                self.call_off(voice, errand, Output::CancelRing { offer, cause });
            }
            Output::LookAtLeg(leg) => {
                self.legs.insert(leg.clone());
                self.do_this(Output::LookAtLeg(leg));
            }
            output => self.do_this(output),
        }
    }

    fn want(&mut self, voice: &mut Speaker<'_>, errand: Errand) {
        self.last_errand += 1;
        self.errands.insert(self.last_errand, errand);
        voice.check(self.last_errand);
    }

    /// What is yet to be done for an offer is not done any more.
    fn call_off(&mut self, voice: &mut Speaker<'_>, errand: Option<Errand>, cancel: Output) {
        match errand {
            // Nobody has dialled: nobody else will tell the end.
            Some(Errand::Dial(ring)) => self.tell_only(voice, &Errand::never_rung(&ring, &cancel)),
            // Whoever connects finds that it is cancelled, hangs up and tells.
            Some(Errand::Bridge(connect)) => {
                self.do_this(cancel);
                self.do_this(Output::Connect(connect));
            }
            None => self.do_this(cancel),
        }
    }
}

impl Duties<CallCentre> for Household {
    fn report(&mut self, voice: &mut Speaker<'_>) -> String {
        let report = self.home.report(voice.now(), voice.acknowledged());
        let written = write(&FromBox::Has(Box::new(report)));
        written.unwrap_or_else(|bad| {
            self.note(bad.notice(&self.me.instance));
            String::new()
        })
    }

    fn let_go(&mut self, voice: &mut Speaker<'_>) {
        self.say(
            NoticeLevel::Warning,
            "this box has lost touch with the others. Calls go on; nobody is rung from here until it is back.",
        );
        let deeds = self.home.let_go();
        self.fulfil(voice, deeds);
        self.set_alarm(voice);
    }

    fn carry_out(&mut self, voice: &mut Speaker<'_>, _: Term, body: String) {
        match read::<ToBox>(&body) {
            Ok(message) => {
                let deeds = self.home.read(voice.now(), message);
                self.fulfil(voice, deeds);
            }
            Err(bad) => self.note_once(bad.notice("the leader")),
        }
    }

    fn checked(&mut self, voice: &mut Speaker<'_>, deed: u64, is_wanted: bool) {
        let Some(errand) = self.errands.remove(&deed) else {
            return;
        };
        if !is_wanted {
            let cancel = errand.cancel();
            return self.call_off(voice, Some(errand), cancel);
        }
        match errand {
            Errand::Dial(ring) if self.home.rings(ring.offer) => self.do_this(Output::Ring(ring)),
            Errand::Bridge(connect) if self.home.connects(connect.offer) => self.do_this(Output::Connect(connect)),
            _ => (),
        }
    }

    fn lead(&mut self, voice: &mut Speaker<'_>, takeover: Takeover<CallCentre>) {
        let beginning = Beginning {
            me: &self.me,
            configuration: &self.configuration,
            local_time: (self.clocks.local_time)(takeover.wall),
            boxes: &voice.boxes(),
        };
        let (lead, effects, receipts) = Lead::begin(&beginning, &takeover);
        self.lead = Some(lead);
        let (number, boxes) = (takeover.term.number, takeover.reports.len());
        self.say(
            NoticeLevel::Info,
            format!("this box leads from now on (election {number}, {boxes} boxes)"),
        );
        self.put(voice, receipts, effects);
    }

    fn input(&mut self, voice: &mut Speaker<'_>, receipt: Receipt, age: Span, body: String) {
        let from = receipt.from.clone();
        self.decide(voice, vec![receipt], |lead, at| {
            lead.act(|leader, engine| leader.hear(engine, at, &from, age, &body))
        });
    }

    fn reported(&mut self, voice: &mut Speaker<'_>, told: Told) {
        let receipt = Receipt {
            from: told.from.clone(),
            number: told.number,
        };
        self.say(NoticeLevel::Info, format!("{} takes part", told.from.instance));
        self.decide(voice, vec![receipt], |lead, at| {
            lead.act(|leader, engine| leader.reported(engine, at, &told).0)
        });
    }

    fn others(&mut self, voice: &mut Speaker<'_>, changes: ChangesByOthers) {
        let me = self.me.instance.clone();
        // Rows are taken up as they are; there is nothing to refuse.
        let _ = self.change(voice, &me, Input::RowsChanged(changes));
    }

    fn gone(&mut self, voice: &mut Speaker<'_>, id: BoxId, standing: Standing) {
        let how = match standing {
            Standing::Left => "has left",
            _ => "is given up: nothing was heard of it",
        };
        self.say(NoticeLevel::Warning, format!("{} {how}", id.instance));
        self.decide(voice, Vec::new(), |lead, at| {
            lead.act(|leader, engine| match standing {
                Standing::Left => leader.left(engine, at, &id.instance),
                _ => leader.gone(engine, at, &id.instance),
            })
        });
    }

    fn resign(&mut self) {
        self.say(NoticeLevel::Info, "this box leads no more");
        self.lead = None;
        self.shared.alarm.set(None);
    }

    fn departed(&mut self) {
        self.shared.departed.say();
    }

    fn trouble(&mut self, trouble: Option<&str>) {
        match trouble {
            Some(trouble) => self.say(NoticeLevel::Error, trouble),
            None if self.trouble.is_some() => self.say(NoticeLevel::Info, "the server answers again"),
            None => (),
        }
        self.trouble = trouble.map(str::to_owned);
    }
}
