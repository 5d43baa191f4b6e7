//! A matcher that looks at everybody, every time: slow, and plainly right.

use super::*;

/// A member as the naive matcher knows it.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) queue: usize,
    pub(super) required: usize,
    pub(super) max: Option<i64>,
    pub(super) score: i64,
    pub(super) joined: i64,
    pub(super) number: usize,
    pub(super) preferred: Vec<usize>,
}

/// Who comes first: the queue's priority, then the score, then who joined first.
pub(super) type Rank = (std::cmp::Reverse<u32>, i64, usize);

/// Looks at everybody, every time.
pub(super) struct Naive {
    pub(super) centre: Centre,
    pub(super) now: i64,
    pub(super) waiting: Vec<Member>,
    /// By agent: when the last talk ended; none while the agent talks.
    pub(super) free_since: [Option<i64>; AGENTS],
}

impl Naive {
    /// Pairs that are put together now, member and agent: whoever was freed takes somebody, then whoever waits looks for an agent.
    pub(super) fn match_all(&mut self, freed: &[usize]) -> Vec<(String, usize)> {
        let mut pairs = Vec::new();
        while let Some(member) = freed
            .iter()
            .filter_map(|agent| self.best_for(*agent))
            .min_by_key(|at| self.rank(*at))
        {
            let agent = self.agent_for(member).expect("somebody is free for the best member");
            pairs.push(self.pair(member, agent));
        }
        let in_order = |naive: &Self| {
            let mut members: Vec<usize> = (0..naive.waiting.len()).collect();
            members.sort_by_key(|at| naive.rank(*at));
            members
                .into_iter()
                .find_map(|member| Some((member, naive.agent_for(member)?)))
        };
        while let Some((member, agent)) = in_order(self) {
            pairs.push(self.pair(member, agent));
        }
        pairs
    }

    fn pair(&mut self, member: usize, agent: usize) -> (String, usize) {
        self.free_since[agent] = None;
        (self.waiting.remove(member).name, agent)
    }

    fn rank(&self, at: usize) -> Rank {
        let member = &self.waiting[at];
        let priority = self.centre.queues[member.queue].priority;
        (std::cmp::Reverse(priority), member.joined - member.score, member.number)
    }

    /// Whom a free agent takes: the best who prefers it, unless somebody better stands before that one who is of a queue with a higher
    /// priority, or has waited for its queue's `sticky-wait`; otherwise the best of all.
    fn best_for(&self, agent: usize) -> Option<usize> {
        self.free_since[agent]?;
        let all = 0..self.waiting.len();
        let served: Vec<usize> = all
            .filter(|at| self.level(&self.waiting[*at], agent).is_some())
            .collect();
        let best = |members: &mut dyn Iterator<Item = usize>| members.min_by_key(|at| self.rank(*at));
        let is_own = |at: &usize| self.may_wait(*at) && self.waiting[*at].preferred.contains(&agent);
        let own = best(&mut served.iter().copied().filter(is_own));
        let others: Vec<usize> = served.into_iter().filter(|at| !self.is_spoken_for(*at)).collect();
        let first = best(&mut others.iter().copied());
        let (Some(own), Some(first)) = (own, first) else {
            return own.or(first);
        };
        let is_kept = |at: &usize| {
            let member = &self.waiting[*at];
            let is_higher = self.rank(*at).0 < self.rank(own).0;
            let patience = self.centre.queues[member.queue].patience;
            self.rank(*at) < self.rank(own) && (is_higher || self.now - member.joined >= patience)
        };
        if self.rank(first) < self.rank(own) && others.iter().any(is_kept) {
            return Some(first);
        }
        Some(own)
    }

    /// Whether a member may still wait for whom it prefers.
    fn may_wait(&self, at: usize) -> bool {
        let member = &self.waiting[at];
        let queue = &self.centre.queues[member.queue];
        queue.only || self.now - member.joined < queue.patience
    }

    /// Whether a member waits for somebody whom it prefers, and for nobody else.
    fn is_spoken_for(&self, at: usize) -> bool {
        let member = &self.waiting[at];
        let queue = &self.centre.queues[member.queue];
        let is_awaited = |agent: &usize| match queue.only {
            true => self.tier(member, *agent).is_some(),
            false => self.level(member, *agent).is_some(),
        };
        self.may_wait(at) && member.preferred.iter().any(is_awaited)
    }

    /// The first free agent whom the member prefers; otherwise the agent of the lowest level, then who has talked longest ago.
    fn agent_for(&self, at: usize) -> Option<usize> {
        let member = &self.waiting[at];
        let key = |agent: usize| {
            let since = self.free_since[agent]?;
            Some((self.level(member, agent)?, since, agent))
        };
        let preferred = member.preferred.iter().copied().find(|agent| key(*agent).is_some());
        if preferred.is_some() || self.is_spoken_for(at) {
            return preferred;
        }
        (0..AGENTS).filter_map(key).min().map(|(_, _, agent)| agent)
    }

    /// The level of the agent's tier in the member's queue, made by somebody or by skill.
    fn tier(&self, member: &Member, agent: usize) -> Option<i64> {
        let queue = &self.centre.queues[member.queue];
        let own = REQUIRED[queue.required];
        let least = relaxed(own.to_vec(), if queue.relax > 0 { 100 } else { 0 });
        let by_skill = !own.is_empty() && has(SKILLS[self.centre.skills[agent]], &least);
        queue.tiers[agent].or(by_skill.then_some(1))
    }

    /// The level an agent counts as for this member; none when the agent may not serve it.
    fn level(&self, member: &Member, agent: usize) -> Option<i64> {
        let queue = &self.centre.queues[member.queue];
        let waited = self.now - member.joined;
        let own = REQUIRED[queue.required];
        let skills = SKILLS[self.centre.skills[agent]];
        let steps = if queue.relax > 0 { waited / queue.relax } else { 0 };
        if !has(skills, &relaxed(merged(own, REQUIRED[member.required]), steps)) {
            return None;
        }
        let level = self.tier(member, agent)?;
        let rules = RULES[queue.rules].1.iter().rev().find(|(after, _)| *after <= waited);
        let (max, min, raise) = rules.map_or((None, None, None), |(_, limits)| *limits);
        let max = max.or(member.max);
        let raise = raise.map(|raise| raise.min(max.unwrap_or(raise)));
        let level = level.max(raise.unwrap_or(level));
        let admitted = max.is_none_or(|max| level <= max) && min.is_none_or(|min| level >= min);
        admitted.then_some(level)
    }
}

pub(super) fn has(skills: &[Need], needs: &[Need]) -> bool {
    let meets = |need: &Need| skills.iter().any(|skill| skill.0 == need.0 && skill.1 >= need.1);
    needs.iter().all(meets)
}

pub(super) fn merged(queue: &[Need], caller: &[Need]) -> Vec<Need> {
    let mut needs = queue.to_vec();
    for need in caller {
        match needs.iter_mut().find(|known| known.0 == need.0) {
            Some(known) => known.1 = known.1.max(need.1),
            None => needs.push(*need),
        }
    }
    needs
}

pub(super) fn relaxed(mut needs: Vec<Need>, steps: i64) -> Vec<Need> {
    for _ in 0..steps.min(100) {
        if needs.len() > 1 {
            needs.pop();
        } else if let Some(first) = needs.first_mut() {
            first.1 = 1;
        }
    }
    needs
}
