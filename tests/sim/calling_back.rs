//! Days of callers who are called back: who ask and hang up, ring up again meanwhile, are busy, do not answer, have voicemail, confirm and
//! hang up; agents who come and go; supervisors who stop it for a while; and the process that is killed in the middle of it. `book` has
//! what must hold.
//!
//! `CALLBACK_SEED=N cargo test --test sim calling_back` plays one day with all that was said.

mod book;
mod people;
mod places;

use crate::mutants;
use book::Book;
use callcenter_simulator::{Dice, Rows};
use mod_callcenter::engine::*;
use std::collections::{BTreeMap, BTreeSet};

const QUEUE: &str = "support@default";
/// So many days have passed every mark about callbacks.
pub const DAYS: u64 = 300;
const STRATEGIES: [&str; 4] = ["longest-idle-agent", "round-robin", "random", "agent-with-fewest-calls"];

/// Something that is going to happen.
#[derive(Debug, Clone)]
enum Happening {
    Calls,
    Asks(MemberId, String),
    Leaves(MemberId),
    GivesUp(MemberId),
    Ends(CallbackAttemptId, CallbackEnd),
    Confirms(CallbackAttemptId),
    Arrives(String),
    HangsUp(String),
    Answers(OfferId),
    Bridges(OfferId),
    Fails(OfferId),
    GivesBack(OfferId),
    HangsUpWhileWaiting(OfferId),
    TalkEnds(OfferId),
    ComesOrGoes(usize),
    Adds,
    Cancels,
    Stops,
    GoesOn,
    Crashes,
}

struct Day {
    seed: u64,
    engine: Engine,
    now: Timestamp,
    end: Timestamp,
    rows: Rows,
    dice: Dice,
    calendar: BTreeMap<(Timestamp, u64), Happening>,
    planned: u64,
    book: Book,
    config: QueueConfig,
    agents: Vec<(String, bool)>,
    callers: u64,
    rings: BTreeMap<OfferId, Ring>,
    /// Rings that are being taken back: nobody answers them any more.
    cancelled: BTreeSet<OfferId>,
    /// Agents who have waited for somebody who is there now.
    connecting: BTreeSet<OfferId>,
    trace: Vec<String>,
}

impl Day {
    fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "callbacks");
        let strategy = dice.pick(&STRATEGIES).copied().unwrap_or_default().to_owned();
        let config = QueueConfig {
            strategy,
            callbacks: CallbackConfig {
                key: Some('2'),
                dial: Some("loopback/${callback_number}/default".to_owned()),
                attempts: u32::try_from(dice.between(1, 3)).unwrap_or(1),
                retry_delay: u32::try_from(dice.between(20, 120)).unwrap_or(20),
                expires: u32::try_from(dice.between(600, 3_000)).unwrap_or(600),
                delay: u32::try_from(dice.between(0, 1) * 30).unwrap_or(0),
                ring_time: 30,
                lead: u32::try_from(dice.between(0, 1) * dice.between(5, 60)).unwrap_or(0),
                first: match dice.chance(0.5) {
                    true => CallbackFirst::Agent,
                    false => CallbackFirst::Customer,
                },
                confirm_sound: dice.chance(0.3).then(|| "confirm.wav".to_owned()),
                attempts_per_day: u32::try_from(dice.between(0, 1) * dice.between(2, 4)).unwrap_or(0),
                // The day begins at 13:46.
                until: dice.chance(0.3).then(|| TimeOfDay::parse("14:16")).flatten(),
                ..CallbackConfig::default()
            },
            ..QueueConfig::named(QUEUE)
        };
        let agents = (0..dice.between(1, 4)).map(|number| (format!("a{number}"), false));
        let now = Timestamp::from_secs(1_000_000);
        let book = Book::of(&config.callbacks);
        Self {
            seed,
            engine: Engine::new(Settings::default(), seed),
            now,
            end: now + Span::from_secs(3_600),
            rows: Rows::default(),
            agents: agents.collect(),
            dice,
            calendar: BTreeMap::new(),
            planned: 0,
            book,
            config,
            callers: 0,
            rings: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            connecting: BTreeSet::new(),
            trace: Vec::new(),
        }
    }

    fn plan(&mut self, seconds: (f64, f64), happening: Happening) {
        let wait = seconds.0 + (seconds.1 - seconds.0) * self.dice.unit();
        self.planned += 1;
        let at = self.now + Span::from_micros((wait * 1e6) as i64);
        self.calendar.insert((at, self.planned), happening);
    }

    fn judge(&self, found: Result<(), String>) {
        if let Err(finding) = found {
            let last = self
                .trace
                .len()
                .saturating_sub(if std::env::var("CALLBACK_SEED").is_ok() {
                    100_000
                } else {
                    40
                });
            panic!(
                "{}\n{finding}\nAgain with: CALLBACK_SEED={} (SIM_SEED={})",
                self.trace[last..].join("\n"),
                self.seed,
                self.seed
            );
        }
    }

    fn tell(&mut self, input: Input) -> Result<Reply, EngineError> {
        let reply = self.engine.handle_input(self.now, input.clone());
        self.trace.push(format!("{:?} > {input:?} = {reply:?}", self.now));
        self.take_in();
        reply
    }

    fn take_in(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            if !matches!(
                output,
                Output::Row(_) | Output::Presence(_) | Output::Notice(_) | Output::Variables { .. }
            ) {
                self.trace.push(format!("{:?}     < {output:?}", self.now));
            }
            let found = self.book.output(self.now, &self.engine, &output);
            self.judge(found);
            self.react(output);
        }
    }

    fn react(&mut self, output: Output) {
        match output {
            Output::Row(change) => self.rows.apply(change),
            Output::CallBack(call) => self.dial(&call),
            Output::Ring(ring) => {
                let (offer, answers) = (ring.offer, self.dice.chance(0.85));
                let may_give_back = ring.calls_back.is_some();
                self.rings.insert(offer, ring);
                let next = match answers {
                    true if may_give_back && self.dice.chance(0.2) => Happening::GivesBack(offer),
                    true => Happening::Answers(offer),
                    false => Happening::Fails(offer),
                };
                self.plan((1.0, 8.0), next);
            }
            Output::CancelRing { offer, .. } => {
                self.cancelled.insert(offer);
                self.plan((0.0, 0.5), Happening::Fails(offer));
            }
            Output::Connect(connect) => self.connects(connect.offer),
            Output::Release(release) => self.plan((0.0, 0.5), Happening::Leaves(release.member)),
            _ => (),
        }
    }

    /// An agent who has waited, and somebody who was called back, are to hear each other.
    fn connects(&mut self, offer: OfferId) {
        let has_waited = |ring: &Ring| ring.calls_back.is_some();
        if self.rings.get(&offer).is_some_and(has_waited) {
            self.book.is_connected(offer);
            self.connecting.insert(offer);
            self.plan((0.1, 0.5), Happening::Bridges(offer));
        }
    }

    /// What comes of a call to somebody.
    fn dial(&mut self, call: &CallBack) {
        let attempt = call.attempt;
        let end = match self.dice.below(12) {
            0 => CallbackEnd::Busy,
            1 => CallbackEnd::NoAnswer,
            2 => CallbackEnd::NotConfirmed,
            3 => CallbackEnd::Unreachable(HangupCause::NORMAL_CLEARING),
            4 if self.dice.chance(0.3) => CallbackEnd::Declined,
            5 => CallbackEnd::Refused(Refusal::Sessions, HangupCause::NORMAL_CIRCUIT_CONGESTION),
            // Nothing is heard of it.
            6 if self.dice.chance(0.3) => return,
            _ => return self.plan((2.0, 29.0), Happening::Confirms(attempt)),
        };
        self.plan((0.5, 29.0), Happening::Ends(attempt, end));
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Calls => self.caller_calls(),
            Happening::Asks(member, number) => self.asks(member, number),
            Happening::Leaves(member) => self.leaves(member, true),
            Happening::GivesUp(member) => self.leaves(member, false),
            Happening::Ends(attempt, end) => {
                let _ = self.tell(Input::CallbackFailed { attempt, end });
            }
            Happening::Confirms(attempt) => self.confirms(attempt),
            Happening::Arrives(session) => self.arrives(&session),
            Happening::HangsUp(session_uuid) => {
                let _ = self.tell(Input::SuccessorGone { session_uuid });
            }
            Happening::Answers(offer) => self.answers(offer),
            Happening::Bridges(offer) => self.bridges(offer),
            Happening::Fails(offer) => {
                self.ring_ends(offer, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
            }
            Happening::GivesBack(offer) => self.gives_back(offer),
            Happening::HangsUpWhileWaiting(offer) => {
                if !self.cancelled.contains(&offer) && self.book.waits(offer) {
                    self.ring_ends(offer, RingEnd::NotTaken(HangupCause::NORMAL_CLEARING));
                }
            }
            Happening::TalkEnds(offer) => self.talk_ends(offer),
            Happening::ComesOrGoes(agent) => self.comes_or_goes(agent),
            Happening::Adds => {
                self.callers += 1;
                let number = format!("0{}", self.dice.below(12));
                let _ = self.tell(Input::CallbackAdd {
                    queue: QUEUE.to_owned(),
                    number,
                    name: "Web".to_owned(),
                    new_member_uuid: format!("m{}", self.callers),
                });
                self.plan((60.0, 900.0), Happening::Adds);
            }
            Happening::Cancels => {
                let names: Vec<String> = self.book.requests.keys().cloned().collect();
                if let Some(uuid) = self.dice.pick(&names).cloned() {
                    let is_now = self.dice.chance(0.5);
                    let input = match is_now {
                        true => Input::CallbackNow { uuid: uuid.clone() },
                        false => Input::CallbackCancel { uuid: uuid.clone() },
                    };
                    if is_now {
                        self.book.hasten(self.now, &uuid);
                    }
                    let _ = self.tell(input);
                }
                self.plan((100.0, 1_500.0), Happening::Cancels);
            }
            Happening::Stops => self.stops(),
            Happening::GoesOn => self.goes_on(),
            Happening::Crashes => self.crashes(),
        }
    }

    fn comes_or_goes(&mut self, index: usize) {
        self.plan((120.0, 1_200.0), Happening::ComesOrGoes(index));
        let Some((name, is_there)) = self.agents.get_mut(index) else {
            return;
        };
        *is_there = !*is_there;
        let (name, is_there) = (name.clone(), *is_there);
        self.set_status(&name, is_there);
    }

    fn set_status(&mut self, name: &str, is_there: bool) {
        self.book.agent(self.now, name, is_there);
        let status = if is_there { "Available" } else { "On Break" };
        let setting = AgentSetting::Status(status.to_owned());
        let name = name.to_owned();
        let _ = self.tell(Input::AgentSet { name, setting });
    }

    /// The process is killed, and another one begins with what the database kept.
    fn crashes(&mut self) {
        self.plan((300.0, 3_000.0), Happening::Crashes);
        self.trace.push(format!("{:?} killed", self.now));
        let mut names: Vec<String> = self.book.requests.keys().cloned().collect();
        self.engine = Engine::new(Settings::default(), self.seed + 1);
        self.rings.clear();
        self.cancelled.clear();
        self.connecting.clear();
        let survives = |happening: &Happening| {
            let goes_on = [
                Happening::Calls,
                Happening::Adds,
                Happening::Cancels,
                Happening::Stops,
                Happening::Crashes,
            ];
            let is_agents = matches!(happening, Happening::ComesOrGoes(_));
            is_agents
                || goes_on
                    .iter()
                    .any(|kept| std::mem::discriminant(kept) == std::mem::discriminant(happening))
        };
        self.calendar.retain(|_, happening| survives(happening));
        self.book.crash(self.now);
        self.opens();
        let pending: Vec<String> = self.engine.callbacks(None).into_iter().map(|row| row.uuid).collect();
        names.retain(|uuid| !pending.contains(uuid) && !self.book.has_ended(uuid));
        let found = if names.is_empty() {
            Ok(())
        } else {
            Err(format!("{names:?} are lost in the crash"))
        };
        self.judge(found);
    }

    fn opens(&mut self) {
        for (name, is_there) in &self.agents {
            self.book.agent(self.now, name, *is_there);
        }
        let snapshot = self.rows.snapshot();
        let _ = self.tell(Input::Restore(snapshot));
        let _ = self.tell(Input::LoadQueue(self.config.clone()));
        let _ = self.tell(Input::Adopt(Found::default()));
        for (name, _) in self.agents.clone() {
            let agent_type = AgentType::parse("callback").expect("a type");
            // Who is known already stays as the rows say.
            let _ = self.tell(Input::AgentAdd {
                name: name.clone(),
                agent_type,
            });
            let _ = self.tell(Input::TierAdd(TierConfig {
                queue: QUEUE.to_owned(),
                agent: name,
                level: 1,
                position: 1,
            }));
        }
    }

    fn run(mut self) -> u64 {
        self.opens();
        for agent in 0..self.agents.len() {
            self.plan((0.0, 120.0), Happening::ComesOrGoes(agent));
        }
        self.plan((0.0, 1.0), Happening::Calls);
        self.plan((0.0, 600.0), Happening::Adds);
        self.plan((100.0, 600.0), Happening::Cancels);
        self.plan((100.0, 1_500.0), Happening::Stops);
        if self.dice.chance(0.5) {
            self.plan((300.0, 3_000.0), Happening::Crashes);
        }
        let over = self.end + Span::from_secs(8_000);
        while self.now < over {
            let planned = self.calendar.first_key_value().map(|(key, _)| key.0);
            let deadline = self.engine.poll_timeout();
            let is_deadline = deadline.is_some_and(|at| planned.is_none_or(|planned| at <= planned));
            if is_deadline {
                self.now = self.now.max(deadline.unwrap_or_default());
                // Whoever waited for a refused call to be over may have an agent who was held.
                self.book.shake();
                self.engine.handle_timeout(self.now);
                self.take_in();
            } else if let Some(((at, _), happening)) = self.calendar.pop_first() {
                self.now = self.now.max(at);
                let is_over = self.now > self.end;
                let ends = matches!(
                    happening,
                    Happening::Adds | Happening::Cancels | Happening::Stops | Happening::Crashes
                );
                if !(is_over && ends) {
                    self.happen(happening);
                }
            } else {
                break;
            }
            let found = self.book.settled(self.now, &self.engine);
            self.judge(found);
        }
        let found = self.book.everything_has_ended();
        self.judge(found);
        self.callers
    }
}

/// Plays so many days; how many callers there were.
pub fn play(seeds: impl Iterator<Item = u64>) -> u64 {
    let day = |seed| {
        let day = Day::of(seed);
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| day.run()));
        run.unwrap_or_else(|fault| {
            eprintln!("Again with: CALLBACK_SEED={seed} (SIM_SEED={seed})");
            std::panic::resume_unwind(fault)
        })
    };
    seeds.map(day).sum()
}

#[test]
fn callers_are_called_back() {
    mutants::break_as_told();
    let callers = match callcenter_test_support::seeds::number_from_environment("CALLBACK_SEED") {
        Some(seed) => play(seed..=seed),
        None => play(1..=DAYS),
    };
    assert!(callers > 0);
}
