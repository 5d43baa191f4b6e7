//! What queueing theory says: callers come without memory, talk and wait for exponential times, and all agents are alike. With endless
//! patience it is Erlang's C formula (M/M/n), otherwise Erlang A (M/M/n+M).

/// A queue in theory. Times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Theory {
    /// Calls a second.
    pub arrivals: f64,
    /// How long an agent is busy with a call.
    pub service: f64,
    /// How long callers wait before they give up; none: for ever.
    pub patience: Option<f64>,
    /// How many agents there are.
    pub agents: u32,
}

/// What theory says of a queue in its steady state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expectation {
    /// Share of all callers who are answered within the time asked for.
    pub service_level: f64,
    /// Mean wait of the answered, in seconds.
    pub average_wait: f64,
    /// Share of the callers who give up.
    pub abandonment: f64,
    /// Share of the time that agents are busy.
    pub occupancy: f64,
}

/// How many steps the integrals are taken in.
const STEPS: usize = 4000;

impl Theory {
    /// The load, in Erlang.
    pub fn load(&self) -> f64 {
        self.arrivals * self.service
    }

    /// What is to be expected, with answers within `time` in time; none where the line would grow without end.
    pub fn expect(&self, time: f64) -> Option<Expectation> {
        let (load, agents) = (self.load(), f64::from(self.agents));
        if self.agents == 0 || self.patience.is_none() && load >= agents {
            return None;
        }
        if load <= 0.0 {
            return Some(Expectation {
                service_level: 1.0,
                average_wait: 0.0,
                abandonment: 0.0,
                occupancy: 0.0,
            });
        }
        Some(self.integrate(time))
    }

    /// After Mandelbaum and Zeltyn: the time a caller would have to wait has the density v(x) = c exp(A(x) - n x / s) with A(x) the arrivals
    /// that have stayed, and is nothing with the probability that is left.
    fn integrate(&self, time: f64) -> Expectation {
        let give_up = self.patience.map_or(0.0, f64::recip);
        let pace = f64::from(self.agents) / self.service;
        let stays = |x: f64| (-give_up * x).exp();
        let stayed = |x: f64| {
            if give_up > 0.0 {
                -(-give_up * x).exp_m1() / give_up
            } else {
                x
            }
        };
        let density = |x: f64| self.arrivals * (self.arrivals * stayed(x) - pace * x).exp();
        let end = self.horizon(pace, &density);
        let free = self.free();
        let all = integral(&density, 0.0, end) + free;
        let served = integral(&|x| density(x) * stays(x), 0.0, end) + free;
        let waited = integral(&|x| density(x) * stays(x) * x, 0.0, end);
        let in_time = integral(&|x| density(x) * stays(x), 0.0, time.min(end)) + free;
        let answered = served / all;
        Expectation {
            service_level: in_time / all,
            average_wait: waited / served,
            abandonment: if give_up > 0.0 { 1.0 - answered } else { 0.0 },
            occupancy: self.load() * answered / f64::from(self.agents),
        }
    }

    /// How likely a free agent is, in the measure of the density: Erlang's B formula turned over.
    fn free(&self) -> f64 {
        let load = self.load();
        // The sum of (n-1)(n-2).../load^k, which begins with one.
        let mut term = 1.0;
        let mut sum = 0.0;
        for step in 0..self.agents {
            sum += term;
            term *= f64::from(self.agents - 1 - step) / load;
        }
        sum
    }

    /// Beyond this wait the density is nothing to speak of.
    fn horizon(&self, pace: f64, density: &dyn Fn(f64) -> f64) -> f64 {
        let mut end = 10.0 / pace;
        let enough = self.arrivals.max(f64::MIN_POSITIVE) * 1e-13;
        for _ in 0..60 {
            // Past its highest point it falls for good.
            if density(end) < enough && density(end * 1.01) <= density(end) {
                break;
            }
            end *= 1.5;
        }
        end
    }

    /// The fewest agents with whom this share of the callers is answered in time; none where no number up to `most` is enough.
    pub fn agents_for(&self, share: f64, time: f64, most: u32) -> Option<u32> {
        let is_enough = |agents: &u32| {
            let theory = Theory {
                agents: *agents,
                ..*self
            };
            theory
                .expect(time)
                .is_some_and(|expected| expected.service_level >= share)
        };
        (1..=most).find(is_enough)
    }
}

/// Simpson's rule.
fn integral(of: &dyn Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    if to <= from {
        return 0.0;
    }
    let step = (to - from) / STEPS as f64;
    let inner = (1..STEPS).map(|index| of(from + step * index as f64) * if index % 2 == 1 { 4.0 } else { 2.0 });
    (of(from) + of(to) + inner.sum::<f64>()) * step / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook's form of the C formula, as a check of the integrals.
    fn erlang_c(load: f64, agents: u32) -> f64 {
        let blocked = (1..=agents).fold(1.0, |b, n| load * b / (f64::from(n) + load * b));
        let agents = f64::from(agents);
        agents * blocked / (agents - load * (1.0 - blocked))
    }

    #[test]
    fn without_impatience_it_is_erlangs_c_formula() {
        for (agents, load) in [(1, 0.5), (5, 4.0), (20, 18.0), (100, 92.0)] {
            let theory = Theory {
                arrivals: load / 180.0,
                service: 180.0,
                patience: None,
                agents,
            };
            let expected = theory.expect(20.0).expect("a steady state");
            let waiting = erlang_c(load, agents);
            let spare = (f64::from(agents) - load) / 180.0;
            let level = 1.0 - waiting * (-spare * 20.0).exp();
            assert!(
                (expected.service_level - level).abs() < 1e-6,
                "{agents}: {expected:?} {level}"
            );
            assert!(
                (expected.average_wait - waiting / spare).abs() < 1e-3 * waiting / spare,
                "{agents}: {expected:?}"
            );
        }
        let overloaded = Theory {
            arrivals: 1.0,
            service: 10.0,
            patience: None,
            agents: 10,
        };
        assert_eq!(overloaded.expect(20.0), None);
    }

    #[test]
    fn with_impatience_it_is_the_chain_of_erlang_a() {
        // The steady state of the chain of callers in the system, summed up by hand.
        let (arrivals, service, patience, agents) = (0.1, 100.0, 60.0, 9_u32);
        let mut weights = vec![1.0_f64];
        for n in 1..400_u32 {
            let leaves = f64::from(n.min(agents)) / service + f64::from(n.saturating_sub(agents)) / patience;
            let before = weights[weights.len() - 1];
            weights.push(before * arrivals / leaves);
        }
        let all: f64 = weights.iter().sum();
        let waiting = |n: usize| n.saturating_sub(agents as usize) as f64;
        let in_line: f64 = weights.iter().enumerate().map(|(n, w)| waiting(n) * w / all).sum();
        let abandonment = in_line / patience / arrivals;
        let theory = Theory {
            arrivals,
            service,
            patience: Some(patience),
            agents,
        };
        let expected = theory.expect(20.0).expect("a steady state");
        assert!(
            (expected.abandonment - abandonment).abs() < 1e-6,
            "{expected:?} {abandonment}"
        );
    }

    #[test]
    fn the_fewest_agents_are_just_enough() {
        let theory = Theory {
            arrivals: 100.0 / 3600.0,
            service: 180.0,
            patience: None,
            agents: 0,
        };
        // A hundred calls an hour of three minutes are five Erlang: seven agents answer 74 % within 20 seconds, eight 88 %.
        assert_eq!(theory.agents_for(0.8, 20.0, 100), Some(8));
        assert_eq!(theory.agents_for(0.74, 20.0, 100), Some(7));
    }
}
