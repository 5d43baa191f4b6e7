//! Plays a scenario's steps in virtual time.

use super::lives::{Heard, Lives};
use super::stage::Stage;
use callcenter_simulator::{Call, Observer, Plan, Progress, Scene, World};
use callcenter_test_support::scenario::{Lasts, Scenario, Step};
use mod_callcenter::commands::Console;
use mod_callcenter::engine::{
    CallerRequirements, EngineError, Event, Input, Output, PreferredAgents, Reply, Span, Timestamp,
};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// How long anything that is waited for may take.
const PATIENCE: Span = Span::from_secs(30);

/// How long loading the configuration may take; its events belong to no scenario.
const OPENING: Span = Span::from_secs(1);

/// Longer than any scenario: callers stay until a step or an agent's phone ends the call.
const FOR_EVER: Span = Span::from_secs(7 * 86_400);

/// What became of agents and callers, or what did not come about.
pub fn play(scenario: &Scenario, stage: &Stage, seed: u64) -> Result<Lives, String> {
    let world = World::new(Plan {
        seed,
        ..stage.plan.clone()
    });
    let mut player = Player {
        console: Console::new(Arc::clone(world.driver()), Arc::new(stage.source())),
        world,
        listener: Listener::default(),
        replies: Vec::new(),
        waited: BTreeMap::new(),
        exit_keys: BTreeMap::new(),
    };
    player.pass(OPENING);
    player.listener.0.clear();
    for (at, step) in scenario.steps.iter().enumerate() {
        player.step(step).map_err(|error| format!("step {}: {error}", at + 1))?;
    }
    for number in player.exit_keys.keys() {
        player.world.hang_up(number);
    }
    player.until("everything over", Player::is_over)?;
    scenario.lasts.iter().try_for_each(|lasts| player.check_time(lasts))?;
    Ok(Lives::played(scenario, &player.listener.0, &player.replies))
}

struct Player {
    world: World,
    console: Console,
    listener: Listener,
    /// Commands of the steps and what they were answered.
    replies: Vec<(String, String)>,
    /// How many events of a description have been waited for.
    waited: BTreeMap<String, usize>,
    /// By the number of each caller there was.
    exit_keys: BTreeMap<String, String>,
}

impl Player {
    fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(event) = &step.after {
            self.wait(event)?;
        }
        self.pass(millis(step.pause));
        if let Some(number) = &step.call {
            self.call(number, step)?;
        }
        if let Some(number) = &step.hang_up {
            self.world.hang_up(number);
        }
        if let Some((number, keys)) = &step.keys {
            let exit_keys = self.exit_keys.get(number).cloned().unwrap_or_default();
            if keys.chars().any(|key| exit_keys.contains(key)) {
                self.world.press_exit_key(number);
            }
        }
        if let Some(words) = &step.command {
            let reply = self.console.config(words);
            self.world.absorb(&mut self.listener);
            self.replies.push((words.clone(), reply));
        }
        Ok(())
    }

    /// A caller goes through the dialplan and joins.
    fn call(&mut self, number: &str, step: &Step) -> Result<(), String> {
        let sleeps = step
            .before_queue
            .iter()
            .filter_map(|action| action.strip_prefix("sleep "));
        let before_queue = millis(sleeps.filter_map(|time| time.parse::<u64>().ok()).sum());
        let variable = |name: &str| {
            let set = step
                .before_queue
                .iter()
                .filter_map(|action| action.strip_prefix("set "));
            let mut named = set
                .filter_map(|set| set.split_once('='))
                .filter(|(set, _)| *set == name);
            named.next_back().map(|(_, value)| value)
        };
        let base_score = variable("cc_base_score").and_then(|score| score.parse().ok());
        let exit_keys = variable("cc_exit_keys").unwrap_or_default().to_owned();
        self.exit_keys.insert(number.to_owned(), exit_keys);
        self.pass(before_queue);
        self.world.call(Call {
            queue: format!("{}@default", step.queue.as_deref().unwrap_or_default()),
            number: number.to_owned(),
            talk: FOR_EVER,
            patience: FOR_EVER,
            exit_key_after: None,
            taken_away_after: None,
            callback_after: None,
            redial: 0.0,
            base_score: base_score.unwrap_or(0),
            before_queue,
            agent_ends: false,
            requirements: CallerRequirements::default(),
            preferred: PreferredAgents::default(),
        });
        self.wait(&format!("joined {number}"))
    }

    /// Waits for the first event of that description no step has waited for.
    fn wait(&mut self, description: &str) -> Result<(), String> {
        if let Some(number) = description.strip_prefix("CHANNEL_HANGUP_COMPLETE ") {
            return self.until(description, |player| !player.world.is_on_the_line(number));
        }
        // A phone that rings is one that has been offered a caller.
        let description = description.replace("CHANNEL_PROGRESS", "agent-offering");
        let seen = self.waited.entry(description.clone()).or_default();
        let wanted = *seen;
        *seen += 1;
        self.until(&description, |player| player.listener.count(&description) > wanted)
    }

    /// Lets things happen until it is so.
    fn until(&mut self, what: &str, is_so: impl Fn(&Player) -> bool) -> Result<(), String> {
        let deadline = self.world.now() + PATIENCE;
        while !is_so(self) {
            let is_late = self.world.next_time().is_none_or(|next| next > deadline);
            if is_late || self.world.step(&mut self.listener) != Progress::Going {
                return Err(format!("no `{what}`; there were:\n{}", self.listener.story()));
            }
        }
        Ok(())
    }

    fn pass(&mut self, time: Span) {
        let until = self.world.now() + time;
        self.world.run_until(until, &mut self.listener);
    }

    /// Whether members, offers and talks are over.
    fn is_over(&self) -> bool {
        let count = |actions: &[&str]| actions.iter().map(|action| self.listener.count(action)).sum::<usize>();
        count(&["joined"]) == count(&["member-queue-end"])
            && count(&["agent-offering"]) == count(&["bridge-agent-start", "bridge-agent-fail"])
            && count(&["bridge-agent-start"]) == count(&["bridge-agent-end"])
    }

    fn check_time(&self, lasts: &Lasts) -> Result<(), String> {
        let mut heard = self.listener.0.iter();
        let mut find = |description: &str| {
            let found = heard.find(|heard| fits(&heard.event, description));
            found.map(|heard| heard.at).ok_or(format!("no `{description}`"))
        };
        let (from, to) = (find(&lasts.from)?, find(&lasts.to)?);
        let seconds = to.since(from).micros() as f64 / 1e6;
        if (lasts.at_least..=lasts.at_most).contains(&seconds) {
            return Ok(());
        }
        Err(format!(
            "from `{}` to `{}` took {seconds:.2} s, not {} to {} s",
            lasts.from, lasts.to, lasts.at_least, lasts.at_most
        ))
    }
}

fn millis(millis: u64) -> Span {
    Span::from_millis(i64::try_from(millis).expect("a pause of a scenario"))
}

/// Hears every event of the call centre.
#[derive(Default)]
struct Listener(Vec<Heard>);

impl Listener {
    fn count(&self, description: &str) -> usize {
        self.0.iter().filter(|heard| fits(&heard.event, description)).count()
    }

    fn story(&self) -> String {
        let lines = self.0.iter().map(|heard| format!("  {:?}\n", heard.event.headers));
        lines.collect()
    }
}

impl Observer for Listener {
    fn input(&mut self, _: Timestamp, _: &Input, _: &Result<Reply, EngineError>) {}

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, at: Timestamp, output: &Output) {
        if let Output::Event(event) = output {
            let event = event.clone();
            self.0.push(Heard { at, event });
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Whether an event is what a scenario describes: `agent-state-change a1 Waiting`, `joined 5551`.
fn fits(event: &Event, description: &str) -> bool {
    let mut words = description.splitn(3, ' ');
    let is = |names: &[&str], word: &str| names.iter().any(|name| event.header(name) == Some(word));
    words.next().is_none_or(|word| match word {
        "joined" => ["member-queue-start", "member-queue-resume"].contains(&event.action()),
        _ => event.action() == word,
    }) && words
        .next()
        .is_none_or(|word| is(&["CC-Agent", "CC-Member-CID-Number"], word))
        && words.next().is_none_or(|word| is(DETAILS, word))
}

/// The headers that hold what a description's last words say.
const DETAILS: &[&str] = &[
    "CC-Agent-State",
    "CC-Agent-Status",
    "CC-Cause",
    "CC-Cancel-Reason",
    "CC-Hangup-Cause",
];
