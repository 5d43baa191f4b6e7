//! How many agents a queue needs, slot by slot: the fewest with whom so many callers are answered in time. Played with the queue's own
//! configuration, callers and phones, and beside it what Erlang's formulas say.

use crate::erlang::Theory;
use crate::plan::{Act, Plan, Traffic};
use crate::stream;
use crate::study::{can_be_called, change_agents, in_parallel, Days, Estimate, MoreAgents, Stuck};
use crate::tally::{Outcome, Tally};
use crate::world::{Progress, World};
use mod_callcenter::engine::{AgentConfig, AgentRow, AgentSetting, AgentStatus, Input, Span, Timestamp};
use std::collections::BTreeMap;
use std::str::FromStr;

/// Callers in one look at a number of agents, before a second look is needed.
const CALLERS: f64 = 6_000.0;
/// How many days these are spread over: they make the band.
const LOOKS: u64 = 8;
/// How often a number is looked at again, with twice as many callers each time, while the goal lies in its band.
const MORE_LOOKS: u32 = 3;
/// Agents, at most.
const MOST_AGENTS: u32 = 2_000;

/// What is wanted: `80/20` is 80 percent within 20 seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// The share of the callers, from 0 to 1.
    pub share: f64,
    /// Within so many seconds.
    pub seconds: f64,
}

impl FromStr for Goal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(share, seconds)| {
            let (share, seconds): (f64, f64) = (share.trim().parse().ok()?, seconds.trim().parse().ok()?);
            let is_valid = (1.0..=99.9).contains(&share) && (0.0..=86_400.0).contains(&seconds);
            is_valid.then_some((share, seconds))
        });
        let Some((share, seconds)) = numbers else {
            return Err("say percent and seconds, such as 80/20".to_owned());
        };
        Ok(Self {
            share: share / 100.0,
            seconds,
        })
    }
}

/// What a queue needs over the day.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The queue's name.
    pub queue: String,
    /// The share to be answered in time.
    pub share: f64,
    /// Within so many seconds.
    pub seconds: f64,
    /// How long an agent is busy with a call: ring, talk and wrap-up.
    pub busy: f64,
    /// Slot by slot.
    pub steps: Vec<Step>,
}

/// What a queue needs in a slot.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When it begins.
    pub begins: Timestamp,
    /// How many callers are expected in it.
    pub calls: f64,
    /// The fewest agents, as played; none where no number is enough.
    pub simulated: Option<u32>,
    /// The share answered in time with so many.
    pub level: Option<f64>,
    /// The fewest after Erlang C.
    pub erlang_c: Option<u32>,
    /// The fewest after Erlang A.
    pub erlang_a: Option<u32>,
    /// How many are on duty on the days that were played.
    pub present: f64,
}

/// A rate at which a queue is looked at.
struct Job {
    queue: usize,
    rate: f64,
}

/// What each queue of a plan needs. `days` are of the same plan: they say who is on duty.
///
/// # Errors
/// When the engine does not get on.
pub fn needs(plan: &Plan, goal: Goal, days: &Days, mut done: impl FnMut(usize, usize)) -> Result<Vec<Need>, Stuck> {
    let slots = days.first().slots;
    let count = days.first().by_slot.len();
    let rate = |traffic: &Traffic, slot: usize| {
        let middle = slots.begins(slot).since(plan.start).micros() + slots.length.micros() / 2;
        // To a hundredth of a call, so that what is alike is looked at once.
        (traffic.rate(Span::from_micros(middle.max(0))) * 100.0).round() / 100.0
    };
    let staffed = |queue: usize| !Bench::new(plan, queue, 0.0, goal).plan.agents.is_empty();
    let queues: Vec<usize> = (0..plan.traffic.len()).filter(|queue| staffed(*queue)).collect();
    let mut jobs: Vec<Job> = Vec::new();
    for queue in &queues {
        for slot in 0..count {
            let rate = rate(&plan.traffic[*queue], slot);
            if rate > 0.0 && !jobs.iter().any(|job| job.queue == *queue && job.rate == rate) {
                jobs.push(Job { queue: *queue, rate });
            }
        }
    }
    // The busiest first, for the last ones to be short.
    jobs.sort_by(|a, b| b.rate.total_cmp(&a.rate));
    let all = jobs.len();
    let found = in_parallel(
        &jobs,
        |job| Bench::new(plan, job.queue, job.rate, goal).search(),
        |number| done(number, all),
    )?;
    let mut enough: BTreeMap<(usize, u64), (Option<u32>, Option<f64>)> = BTreeMap::new();
    for (job, found) in jobs.iter().zip(found) {
        enough.insert((job.queue, job.rate.to_bits()), found);
    }
    let need = |queue: usize| {
        let traffic = &plan.traffic[queue];
        let step = |slot: usize| {
            let rate = rate(traffic, slot);
            let theory = Bench::new(plan, queue, rate, goal).theory();
            let patient = Theory {
                patience: None,
                ..theory
            };
            let fewest = |theory: Theory| theory.agents_for(goal.share, goal.seconds, MOST_AGENTS);
            let (simulated, level) = enough.get(&(queue, rate.to_bits())).copied().unwrap_or((Some(0), None));
            Step {
                begins: slots.begins(slot),
                calls: rate * slots.length.secs() as f64 / 3600.0,
                simulated,
                level,
                erlang_c: if rate > 0.0 { fewest(patient) } else { Some(0) },
                erlang_a: if rate > 0.0 { fewest(theory) } else { Some(0) },
                present: present(plan, days, &traffic.queue, slot),
            }
        };
        Need {
            queue: traffic.queue.clone(),
            share: goal.share,
            seconds: goal.seconds,
            busy: Bench::new(plan, queue, 0.0, goal).busy(),
            steps: (0..count).map(step).collect(),
        }
    };
    Ok(queues.into_iter().map(need).collect())
}

/// How many of a queue's agents are on duty in a slot.
fn present(plan: &Plan, days: &Days, queue: &str, slot: usize) -> f64 {
    let serves = |name: &str| plan.tiers.iter().any(|tier| tier.queue == queue && tier.agent == name);
    let counts = |agent: &&AgentConfig| can_be_called(agent) && serves(&agent.name);
    let agents: Vec<&str> = plan
        .agents
        .iter()
        .filter(counts)
        .map(|agent| agent.name.as_str())
        .collect();
    let length = days.first().slots.length.micros() as f64 / 1e6;
    days.mean(|day| {
        let on_duty = agents.iter().filter_map(|name| day.agents.get(*name));
        on_duty.map(|agent| agent.by_slot.get(slot).on_duty()).sum::<f64>() / length
    })
}

/// One queue alone, with as many agents of its own as are tried, at one rate that goes on and on.
pub struct Bench {
    plan: Plan,
    goal: Goal,
    rate: f64,
}

impl Bench {
    /// The queue of a plan's traffic.
    pub fn new(plan: &Plan, queue: usize, rate: f64, goal: Goal) -> Self {
        let traffic = Traffic {
            calls_per_hour: vec![rate],
            // Who calls again comes on top of the rate that is asked about.
            redial: 0.0,
            ..plan.traffic[queue].clone()
        };
        let name = traffic.queue.clone();
        let tiers: Vec<_> = plan.tiers.iter().filter(|tier| tier.queue == name).cloned().collect();
        let serves = |agent: &str| tiers.iter().any(|tier| tier.agent == agent);
        let mut plan = Plan {
            queues: plan.queues.iter().filter(|queue| queue.name == name).cloned().collect(),
            agents: plan
                .agents
                .iter()
                .filter(|agent| can_be_called(agent) && serves(&agent.name))
                .cloned()
                .collect(),
            traffic: vec![traffic],
            acts: Vec::new(),
            ..plan.clone()
        };
        plan.acts = plan
            .agents
            .iter()
            .map(|agent| (plan.start, available(&agent.name)))
            .collect();
        plan.tiers = tiers;
        Self { plan, goal, rate }
    }

    /// How long an agent is busy with a call: ring, talk and wrap-up.
    pub fn busy(&self) -> f64 {
        let agents = self.plan.agents.len().max(1) as f64;
        let phone = |name: &str| self.plan.phones.get(name).map_or(0.0, |phone| phone.answer.mean());
        let rings: f64 = self.plan.agents.iter().map(|agent| phone(&agent.name)).sum();
        self.plan.traffic[0].talk.mean() + rings / agents + self.wrap_up()
    }

    fn wrap_up(&self) -> f64 {
        let queue = self.plan.queues.first().map_or(0, |queue| queue.wrap_up_time);
        let otherwise = if queue > 0 {
            queue
        } else {
            self.plan.settings.wrap_up_time
        };
        let of_agent = |agent: &AgentConfig| {
            let mut row = AgentRow::new(&agent.name, "", agent.agent_type.clone());
            for attribute in &agent.attributes {
                attribute.apply(&mut row);
            }
            if row.wrap_up_time > 0 {
                row.wrap_up_time as f64
            } else {
                f64::from(otherwise)
            }
        };
        let sum: f64 = self.plan.agents.iter().map(of_agent).sum();
        sum / self.plan.agents.len().max(1) as f64
    }

    /// The same in theory.
    pub fn theory(&self) -> Theory {
        Theory {
            arrivals: self.rate / 3600.0,
            service: self.busy(),
            patience: Some(self.plan.traffic[0].patience.mean()).filter(|patience| *patience > 0.0),
            agents: 0,
        }
    }

    /// The fewest agents who are enough, and the share they answer in time.
    fn search(&self) -> Result<(Option<u32>, Option<f64>), Stuck> {
        let guess = self
            .theory()
            .agents_for(self.goal.share, self.goal.seconds, MOST_AGENTS);
        let mut agents = guess.unwrap_or(1).max(1);
        let mut level = self.level(agents)?;
        if level >= self.goal.share {
            while agents > 1 {
                let fewer = self.level(agents - 1)?;
                if fewer < self.goal.share {
                    break;
                }
                (agents, level) = (agents - 1, fewer);
            }
            return Ok((Some(agents), Some(level)));
        }
        // Twice as many as theory asks for, and still not enough: the phones, or a limit of the queue.
        let most = agents * 2 + 10;
        while agents < most {
            agents += 1;
            level = self.level(agents)?;
            if level >= self.goal.share {
                return Ok((Some(agents), Some(level)));
            }
        }
        Ok((None, None))
    }

    /// The share answered in time with so many agents: looked at more closely as long as chance could decide.
    fn level(&self, agents: u32) -> Result<f64, Stuck> {
        let mut days = Vec::new();
        let mut callers = CALLERS;
        for look in 0..=MORE_LOOKS {
            for seed in 0..LOOKS {
                days.push(self.day(agents, u64::from(look) * LOOKS + seed, callers / LOOKS as f64)?);
            }
            let estimate = Estimate::of(&days.iter().map(|day| (day.in_time, day.callers)).collect::<Vec<_>>());
            let doubt = estimate
                .band()
                .is_some_and(|(low, high)| (low..=high).contains(&self.goal.share));
            if !doubt || look == MORE_LOOKS {
                return Ok(estimate.value.unwrap_or(0.0));
            }
            callers *= 2.0;
        }
        Ok(0.0)
    }

    /// A long day of so many callers with so many agents, without its first part, in which the line is still too short.
    ///
    /// # Errors
    /// When the engine does not get on.
    pub fn day(&self, agents: u32, seed: u64, callers: f64) -> Result<Steady, Stuck> {
        let by = i64::from(agents) - i64::try_from(self.plan.agents.len()).unwrap_or(0);
        let mut plan = self.plan.clone();
        // There is an agent, and one at least stays.
        let _ = change_agents(&mut plan, &MoreAgents { queue: None, by });
        let warm_up = 20.0 * self.busy();
        let length = warm_up + callers / self.rate.max(1e-6) * 3600.0;
        plan.length = Span::from_micros((length * 1e6) as i64);
        plan.seed = seed;
        let mut tally = Tally::new(&plan, Span::from_micros((self.goal.seconds * 1e6) as i64));
        let begins = plan.start + Span::from_micros((warm_up * 1e6) as i64);
        let expected = stream::draw(&plan, 1.0);
        let mut world = World::with_callers(plan, expected).played_for_its_figures();
        if world.run_until_deserted(Timestamp::from_micros(i64::MAX), &mut tally) == Progress::Stuck {
            return Err(Stuck(seed));
        }
        tally.close(world.now());
        Ok(Steady::of(&tally, begins))
    }
}

/// What a long day came to once it was under way.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Steady {
    /// All callers.
    pub callers: f64,
    /// Of these, answered in time.
    pub in_time: f64,
    /// Of these, answered.
    pub answered: f64,
    /// How long these waited together, in seconds.
    pub waited: f64,
    /// Callers who gave up.
    pub gave_up: f64,
}

impl Steady {
    fn of(tally: &Tally, begins: Timestamp) -> Self {
        let mut steady = Self::default();
        for stay in tally.stays().iter().filter(|stay| stay.entered >= begins) {
            let wait = stay.wait.micros() as f64 / 1e6;
            steady.callers += 1.0;
            match stay.outcome {
                Outcome::Answered => {
                    steady.answered += 1.0;
                    steady.waited += wait;
                    steady.in_time += f64::from(u8::from(stay.wait <= tally.service_level()));
                }
                Outcome::GaveUp(_) => steady.gave_up += 1.0,
                Outcome::Released(_) | Outcome::Refused(_) | Outcome::Stayed => {}
            }
        }
        steady
    }
}

fn available(agent: &str) -> Act {
    Act::submit(Input::AgentSet {
        name: agent.to_owned(),
        setting: AgentSetting::Status(AgentStatus::Available.to_string()),
    })
}
