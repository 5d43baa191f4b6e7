//! Watches a run with all checkers; on a finding, runs the day again up to there and prints the last of it.

use crate::admission;
use crate::agreement;
use crate::channels;
use crate::chats;
use crate::demand;
use crate::fairness::Fairness;
use crate::idleness;
use crate::ledger::{Finding, Ledger};
use crate::patience::Patience;
use crate::preferring::Preferring;
use crate::promises::Promises;
use crate::queue_log::QueueLog;
use crate::records::Records;
use crate::second_look::SecondLook;
use crate::statistics::Statistics;
use crate::told::Told;
use callcenter_simulator::{Observer, Plan, Progress, Scene, World};
use mod_callcenter::engine::{AgentSetting, EngineError, Input, Media, Output, Reply, Span, Timestamp};
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// How many steps before a finding are printed.
const STEPS_SHOWN: u64 = 60;
/// How long after the last arrival the last talk must be over: doors close after four hours.
const LONGEST_EVENING: Span = Span::from_secs(24 * 3600);
/// Every so many steps rows and views are compared as a whole; each step would cost more than the day itself.
const STEPS_BETWEEN_COMPARISONS: u64 = 16;

/// What came on a day.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    /// Callers who entered a queue.
    pub calls: u64,
    /// Talks that were up when the module was loaded.
    pub talks_found: u64,
}

/// Runs a day to its end under all checkers and says what came.
///
/// # Errors
/// The first finding, with what came before it and the seed.
pub fn check(plan: &Plan) -> Result<Day, String> {
    let again = format!("Again with: SIM_SEED={} cargo test --test sim days", plan.seed);
    match catch_unwind(AssertUnwindSafe(|| find(plan))) {
        Ok(Ok(day)) => Ok(day),
        Ok(Err((step, finding))) => Err(format!("{}\n{finding}\n{again}", replay(plan, step))),
        Err(_) => Err(format!("It panicked, as told above.\n{again}")),
    }
}

/// Runs a day to its end and says what came, or to the first finding and the step it belongs to.
pub fn find(plan: &Plan) -> Result<Day, (u64, String)> {
    let mut watch = Watch {
        end: plan.start + plan.length + LONGEST_EVENING,
        records: records_of(plan),
        queue_log: queue_log_of(plan),
        ..Watch::default()
    };
    let mut world = World::new(plan.clone());
    let progress = world.run(&mut watch);
    let verdict = match progress {
        Progress::Over => watch
            .finding
            .and_then(|()| watch.records.as_ref().map_or(Ok(()), Records::balance))
            .and_then(|()| watch.promises.everything_has_ended())
            .and_then(|()| agreement::everything_is_over(&watch.ledger, &world.scene())),
        _ => watch.finding.and(Err(format!("the run is {progress:?}"))),
    };
    let day = Day {
        calls: watch.calls,
        talks_found: watch.talks_found,
    };
    verdict.map(|()| day).map_err(|finding| (watch.steps, finding))
}

/// Runs a day again and keeps its last steps before `step`.
fn replay(plan: &Plan, step: u64) -> String {
    let mut watch = Watch {
        show_from: step.saturating_sub(STEPS_SHOWN),
        stop_at: step,
        records: records_of(plan),
        queue_log: queue_log_of(plan),
        ..Watch::default()
    };
    World::new(plan.clone()).run(&mut watch);
    watch.trace
}

fn records_of(plan: &Plan) -> Option<Records> {
    plan.settings.keeps_call_records().then(Records::default)
}

fn queue_log_of(plan: &Plan) -> Option<QueueLog> {
    plan.settings.queue_log_file.as_ref().map(|_| QueueLog::default())
}

/// All checkers, and the trace.
pub struct Watch {
    pub steps: u64,
    pub finding: Finding,
    ledger: Ledger,
    told: Told,
    patience: Patience,
    fairness: Fairness,
    preferring: Preferring,
    promises: Promises,
    second_look: SecondLook,
    statistics: Statistics,
    /// None for a day on which no records are kept.
    records: Option<Records>,
    /// None for a day without a queue log.
    queue_log: Option<QueueLog>,
    /// Callers who entered a queue.
    calls: u64,
    talks_found: u64,
    touches_tiers: bool,
    /// When the engine wanted to be woken next, after the last step.
    deadline: Option<Timestamp>,
    /// The engine has been handed something before a deadline that had passed.
    is_behind: bool,
    /// When everything must be over.
    end: Timestamp,
    show_from: u64,
    stop_at: u64,
    trace: String,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            steps: 0,
            finding: Ok(()),
            ledger: Ledger::default(),
            told: Told::default(),
            patience: Patience::default(),
            fairness: Fairness::default(),
            preferring: Preferring::default(),
            promises: Promises::default(),
            second_look: SecondLook::default(),
            statistics: Statistics::default(),
            records: None,
            queue_log: None,
            calls: 0,
            talks_found: 0,
            touches_tiers: false,
            deadline: None,
            is_behind: false,
            end: Timestamp::from_micros(i64::MAX),
            show_from: u64::MAX,
            stop_at: u64::MAX,
            trace: String::new(),
        }
    }
}

impl Watch {
    fn note(&mut self, finding: Finding) {
        if self.finding.is_ok() {
            self.finding = finding;
        }
    }

    fn show(&mut self, now: Timestamp, what: std::fmt::Arguments<'_>) {
        if self.steps >= self.show_from {
            let micros = now.micros().rem_euclid(1_000_000);
            self.trace
                .push_str(&format!("[{}] {}.{micros:06} {what}\n", self.steps, now.steady_secs()));
        }
    }
}

impl Observer for Watch {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        self.show(now, format_args!("> {input:?} = {reply:?}"));
        self.touches_tiers = matches!(
            input,
            Input::TierSet { .. }
                | Input::ApplyTier(_)
                | Input::TierAdd(_)
                | Input::TierDel { .. }
                | Input::TierNotConfigured { .. }
                | Input::RowsChanged(_)
                | Input::ApplyAgent(_)
                | Input::ReloadAgent(_)
                | Input::AgentSet {
                    setting: AgentSetting::Skills(_),
                    ..
                }
        );
        self.is_behind = self.deadline.is_some_and(|deadline| deadline <= now);
        self.told.begin(matches!(
            input,
            Input::Restore(_) | Input::Adopt(_) | Input::RowsChanged(_)
        ));
        match (input, reply) {
            (Input::LoadQueue(config), Ok(_)) => self.patience.note_load(now, &config.name),
            (Input::QueueAdd(name), Ok(_)) => self.patience.note_load(now, name),
            (Input::MemberJoin(request), Ok(_)) if !self.ledger.queues.contains_key(&request.queue) => {
                self.patience.note_load(now, &request.queue);
                self.calls += 1;
            }
            (Input::QueueSet { queue, .. }, Ok(_)) => self.patience.note_load(now, queue),
            (Input::CallbackAdd { queue, .. }, _) if !self.ledger.queues.contains_key(queue) => {
                self.patience.note_load(now, queue);
            }
            (Input::Restore(_), Ok(_)) => self.patience.restart(),
            (Input::MemberJoin(_), Ok(_)) => self.calls += 1,
            _ => {}
        }
        if let (Input::MemberJoin(request), false) = (input, self.is_behind) {
            let finding = admission::entry_is_right(&self.ledger, request, reply);
            self.note(finding);
        }
        self.second_look.begin(&self.ledger, Some(input));
        self.statistics.input(&self.ledger, input, reply);
        let finding = self.promises.input(&self.ledger, input, reply);
        self.note(finding);
        if let Some(records) = &mut self.records {
            records.input(now, input, reply);
        }
        if let Input::Restore(snapshot) = input {
            self.queue_log.iter_mut().for_each(|log| log.restore(snapshot));
        }
        if let Input::Adopt(found) = input {
            self.talks_found += found.talks.len() as u64;
            self.queue_log.iter_mut().for_each(|log| log.adopt(found));
        }
        let finding = self.ledger.input(now, input, reply);
        self.note(finding);
    }

    fn deadline(&mut self, now: Timestamp) {
        self.show(now, format_args!("> deadline"));
        self.touches_tiers = false;
        self.is_behind = false;
        self.told.begin(false);
        self.second_look.begin(&self.ledger, None);
    }

    fn output(&mut self, now: Timestamp, output: &Output) {
        if !matches!(
            output,
            Output::Variables { .. } | Output::Presence(_) | Output::QueueLog(_) | Output::Notice(_)
        ) {
            self.show(now, format_args!("    < {output:?}"));
        }
        if let Output::Ring(ring) = output {
            if !self.touches_tiers && !self.is_behind {
                let finding = self.fairness.ring(&self.ledger, now, ring);
                self.note(finding);
                self.note(demand::agent_will_do(&self.ledger, now, ring));
                self.preferring.ring(&self.ledger, now, ring);
                if ring.media == Media::Chat {
                    self.note(chats::is_offered_rightly(&self.ledger, now, ring));
                }
            }
        }
        self.told.output(output);
        let finding = self.promises.output(&self.ledger, now, output);
        self.note(finding);
        if let Output::Event(event) = output {
            self.statistics.event(event);
        }
        let finding = self.second_look.output(&self.ledger, output);
        self.note(finding);
        if let Some(records) = &mut self.records {
            records.output(now, output);
        }
        if let Some(log) = &mut self.queue_log {
            log.output(output);
        }
        let finding = self.ledger.output(now, output);
        self.note(finding);
    }

    fn settled(&mut self, scene: &Scene<'_>) -> ControlFlow<()> {
        let told = self.told.every_change_was_told(&self.ledger);
        self.note(told);
        self.deadline = scene.driver.next_deadline();
        if scene.now > self.end {
            self.note(Err("the day does not end".to_owned()));
        }
        let settled = self
            .records
            .as_mut()
            .map_or(Ok(()), |records| records.settle(scene.now));
        self.note(settled);
        let settled = self.queue_log.as_mut().map_or(Ok(()), QueueLog::settle);
        self.note(settled);
        let finding = self.ledger.settle(scene.now);
        let finding = finding.and_then(|()| self.fairness.settle(&self.ledger, scene.now));
        let finding = finding.and_then(|()| self.preferring.settle(&self.ledger, scene.now));
        let finding = finding.and_then(|()| self.promises.settle(&self.ledger, scene));
        let finding = finding.and_then(|()| self.check_scene(scene));
        self.note(finding);
        self.steps += 1;
        if self.finding.is_err() || self.steps >= self.stop_at {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl Watch {
    fn check_scene(&mut self, scene: &Scene<'_>) -> Finding {
        agreement::states_follow_offers(&self.ledger)?;
        channels::every_leg_has_its_offer(&self.ledger, scene)?;
        // What a deadline that has passed would bring is still to come.
        if self.deadline.is_none_or(|deadline| deadline > scene.now) {
            idleness::nobody_waits_for_a_free_agent(&self.ledger, scene.now)?;
            self.patience.limits_are_kept(&self.ledger, scene.now)?;
        }
        if self.steps % STEPS_BETWEEN_COMPARISONS == 0 {
            agreement::rows_equal_views(&self.ledger, scene)?;
            agreement::figures_are_right(&self.ledger, scene)?;
            self.statistics.are_right(scene)?;
            self.promises.are_what_is_shown(scene)?;
        }
        Ok(())
    }
}
