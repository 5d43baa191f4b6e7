//! The configuration in force, for whoever leads next: what was read anew or changed at run time is in no file of a box, or not in that of
//! each.
//!
//! Of the settings these are the ones that can change at run time; the others are each box's own. Queues of the table `queues` are rows.

use crate::cluster::tables::{FactChange, Facts};
use crate::engine::{
    find_parameter, Engine, Input, Parameter, QueueConfig, QueueInForce, Settings, QUEUE_PARAMETERS, SETTINGS,
    SETTINGS_AT_ONCE,
};
use std::collections::BTreeMap;

/// The names of the facts; that of a queue begins so, and its name follows.
const OF_SETTINGS: &str = "settings";
const OF_DISPATCHING: &str = "internal-call-dispatching";
const OF_QUEUE: &str = "queue/";

/// What is said of a queue that was put away.
const PUT_AWAY: &str = "null";

/// The configuration that was in force before.
#[derive(Debug, PartialEq)]
pub struct InForce {
    /// The settings.
    pub settings: Settings,
    /// The queues that are loaded, in the order of the file; others behind them.
    pub queues: Vec<QueueConfig>,
    /// Queues that were put away: they stay so until somebody loads them.
    pub put_away: Vec<String>,
    /// Whether calls are offered without a command.
    pub dispatches: bool,
}

impl InForce {
    /// By what was kept, where this is what a box's own file says; none where nothing was kept.
    pub fn of(facts: &Facts, settings: &Settings, queues: &[QueueConfig]) -> Option<Self> {
        let mut settings = settings.clone();
        read(facts.get(OF_SETTINGS)?, SETTINGS, &mut settings);
        let mut found = Self {
            dispatches: facts.get(OF_DISPATCHING).is_none_or(|says| says == "true"),
            settings,
            queues: Vec::new(),
            put_away: Vec::new(),
        };
        for (name, says) in facts.range(OF_QUEUE.to_owned()..) {
            let Some(name) = name.strip_prefix(OF_QUEUE) else { break };
            if says == PUT_AWAY {
                found.put_away.push(name.to_owned());
            } else {
                let mut queue = QueueConfig::named(name);
                read(says, QUEUE_PARAMETERS, &mut queue);
                found.queues.push(queue);
            }
        }
        let places: BTreeMap<&str, usize> = queues
            .iter()
            .enumerate()
            .map(|(at, queue)| (queue.name.as_str(), at))
            .collect();
        let place_of = |queue: &QueueConfig| places.get(queue.name.as_str()).copied().unwrap_or(usize::MAX);
        found.queues.sort_by_key(place_of);
        Some(found)
    }
}

/// What is kept of it.
#[derive(Debug, Default)]
pub(super) struct KeptInForce(Facts);

/// What an input may change of it.
#[derive(Debug)]
pub(super) enum Concern {
    Nothing,
    Dispatching,
    Queue(String),
    /// A caller asks for this one, and has it loaded where it was put away.
    CallersQueue(String),
    Everything,
}

impl Concern {
    pub fn of(input: &Input) -> Self {
        match input {
            Input::Reconfigure(_) => Self::Everything,
            Input::InternalDispatching { .. } => Self::Dispatching,
            Input::LoadQueue(QueueConfig { name, .. })
            | Input::QueueAdd(name)
            | Input::QueueDel(name)
            | Input::QueueSet { queue: name, .. }
            | Input::UnloadQueue(name) => Self::Queue(name.clone()),
            Input::MemberJoin(request) => Self::CallersQueue(request.queue.clone()),
            Input::CallbackAdd { queue, .. } => Self::CallersQueue(queue.clone()),
            _ => Self::Nothing,
        }
    }
}

impl KeptInForce {
    /// What was kept before.
    pub fn of(facts: &Facts) -> Self {
        let its = facts.iter().filter(|(name, _)| is_of_it(name));
        Self(its.map(|(name, says)| (name.clone(), says.clone())).collect())
    }

    /// What is to be kept anew where this was concerned.
    pub fn follow(&mut self, engine: &Engine, concern: &Concern) -> Vec<FactChange> {
        match concern {
            Concern::Nothing => Vec::new(),
            Concern::Dispatching => self.keep(OF_DISPATCHING, Some(engine.dispatches().to_string())),
            Concern::Queue(name) => self.follow_queue(engine, name),
            Concern::CallersQueue(name) => {
                let kept = self.0.get(&format!("{OF_QUEUE}{name}"));
                match kept.is_some_and(|says| says == PUT_AWAY) {
                    true => self.follow_queue(engine, name),
                    false => Vec::new(),
                }
            }
            Concern::Everything => self.follow_everything(engine),
        }
    }

    fn follow_queue(&mut self, engine: &Engine, name: &str) -> Vec<FactChange> {
        let says = engine.queue_in_force(name).map(says_of);
        self.keep(&format!("{OF_QUEUE}{name}"), says)
    }

    fn follow_everything(&mut self, engine: &Engine) -> Vec<FactChange> {
        let mut all = Facts::new();
        for (name, queue) in engine.queues_in_force() {
            all.insert(format!("{OF_QUEUE}{name}"), says_of(queue));
        }
        all.insert(OF_SETTINGS.to_owned(), written(engine.settings(), settings_at_once()));
        all.insert(OF_DISPATCHING.to_owned(), engine.dispatches().to_string());
        let gone: Vec<String> = self.0.keys().filter(|name| !all.contains_key(*name)).cloned().collect();
        let mut changes: Vec<FactChange> = gone.iter().flat_map(|name| self.keep(name, None)).collect();
        changes.extend(all.into_iter().flat_map(|(name, says)| self.keep(&name, Some(says))));
        changes
    }

    fn keep(&mut self, name: &str, says: Option<String>) -> Vec<FactChange> {
        if self.0.get(name) == says.as_ref() {
            return Vec::new();
        }
        match &says {
            Some(says) => drop(self.0.insert(name.to_owned(), says.clone())),
            None => drop(self.0.remove(name)),
        }
        let name = name.to_owned();
        vec![FactChange { name, says }]
    }
}

fn is_of_it(name: &str) -> bool {
    name.starts_with(OF_QUEUE) || [OF_SETTINGS, OF_DISPATCHING].contains(&name)
}

fn settings_at_once() -> impl Iterator<Item = &'static Parameter<Settings>> {
    SETTINGS
        .iter()
        .filter(|setting| SETTINGS_AT_ONCE.contains(&setting.name))
}

fn says_of(queue: QueueInForce<'_>) -> String {
    match queue {
        QueueInForce::PutAway => PUT_AWAY.to_owned(),
        QueueInForce::Loaded(config) => {
            let default = QueueConfig::named(&config.name);
            let differs = QUEUE_PARAMETERS.iter().filter(|it| it.get(config) != it.get(&default));
            written(config, differs)
        }
    }
}

/// Values by name, as commands write them.
fn written<T: Clone + 'static>(of: &T, parameters: impl Iterator<Item = &'static Parameter<T>>) -> String {
    let values: BTreeMap<&str, String> = parameters
        .map(|parameter| (parameter.name, parameter.get(of)))
        .collect();
    serde_json::json!(values).to_string()
}

/// What a release has written that knows other names or words is left out.
fn read<T: Clone + 'static>(says: &str, table: &'static [Parameter<T>], into: &mut T) {
    let values: BTreeMap<String, String> = serde_json::from_str(says).unwrap_or_default();
    for (name, value) in values {
        if let Some(parameter) = find_parameter(table, &name) {
            let _ = parameter.set(into, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{JoinRequest, Kind, Reconfiguration, Sample, Timestamp};

    const NOW: Timestamp = Timestamp::from_micros(5_000_000);

    fn tell(engine: &mut Engine, input: Input) {
        engine.handle_input(NOW, input).expect("it is accepted");
    }

    /// What whoever leads next finds, where its own file says nothing.
    fn found(kept: &KeptInForce) -> InForce {
        InForce::of(&kept.0, &Settings::default(), &[]).expect("something was kept")
    }

    #[test]
    fn every_value_is_found_again_as_it_was() {
        for parameter in QUEUE_PARAMETERS {
            let mut queue = QueueConfig::named("q");
            let value = another_value(parameter, &queue);
            parameter.configure(&mut queue, &value).expect("a value");
            let facts: Facts = [
                (OF_SETTINGS.to_owned(), "{}".to_owned()),
                ("queue/q".to_owned(), says_of(QueueInForce::Loaded(&queue))),
            ]
            .into();
            let found = InForce::of(&facts, &Settings::default(), &[]).expect("it was kept");
            assert_eq!(found.queues, [queue], "{parameter:?} {value}");
        }
    }

    fn another_value(parameter: &Parameter<QueueConfig>, queue: &QueueConfig) -> String {
        match (parameter.meaning.sample, &parameter.kind) {
            (Sample::Example(value) | Sample::InForce(value), _) => value.to_owned(),
            (Sample::Default, Kind::Number { range, .. }) => range.1.to_string(),
            (Sample::Default, Kind::Flag { .. }) => (parameter.get(queue) != "true").to_string(),
            (Sample::Default, _) => parameter.get(queue),
        }
    }

    #[test]
    fn each_change_at_run_time_is_kept_once() {
        let mut engine = Engine::new(Settings::default(), 1);
        let mut kept = KeptInForce::default();
        assert!(kept.follow(&engine, &Concern::Everything).len() == 2);
        let strategy = find_parameter(QUEUE_PARAMETERS, "strategy").expect("a parameter");
        let inputs = [
            Input::LoadQueue(QueueConfig::named("a")),
            Input::LoadQueue(QueueConfig::named("b")),
            Input::QueueSet {
                queue: "a".to_owned(),
                setting: strategy.assign(&QueueConfig::named("a"), "ring-all").expect("a value"),
            },
            Input::UnloadQueue("b".to_owned()),
            Input::InternalDispatching { on: false },
        ];
        for input in inputs {
            let concern = Concern::of(&input);
            tell(&mut engine, input);
            assert_eq!(kept.follow(&engine, &concern).len(), 1, "{concern:?}");
            assert_eq!(kept.follow(&engine, &Concern::Everything), [], "{concern:?} was enough");
        }
        let now = found(&kept);
        assert_eq!(now.queues.len(), 1);
        assert_eq!(
            (now.queues[0].name.as_str(), now.queues[0].strategy.as_str()),
            ("a", "ring-all")
        );
        assert_eq!((now.put_away, now.dispatches), (vec!["b".to_owned()], false));
        let settings = Settings {
            wrap_up_time: 17,
            dbname: "this box has its own".to_owned(),
            ..Settings::default()
        };
        let reload = Input::Reconfigure(Box::new(Reconfiguration {
            settings: Some(settings),
            queues: vec![QueueConfig::named("c"), QueueConfig::named("a")],
            agents: Vec::new(),
            tiers: None,
        }));
        let concern = Concern::of(&reload);
        tell(&mut engine, reload);
        kept.follow(&engine, &concern);
        let file = [QueueConfig::named("c"), QueueConfig::named("x")];
        let now = InForce::of(&kept.0, &Settings::default(), &file).expect("it was kept");
        let names: Vec<&str> = now.queues.iter().map(|queue| queue.name.as_str()).collect();
        assert_eq!(names, ["c", "a"], "as the file has them");
        assert_eq!(now.settings.wrap_up_time, 17);
        assert_eq!(now.settings.dbname, Settings::default().dbname);
    }

    /// With a row in the table `queues` it comes back.
    #[test]
    fn a_queue_that_was_put_away_is_there_again_when_a_caller_asks_for_it() {
        let settings = Settings {
            queues_from_db: true,
            ..Settings::default()
        };
        let mut engine = Engine::new(settings, 1);
        let mut kept = KeptInForce::default();
        let joins = Input::MemberJoin(JoinRequest {
            queue: "a".to_owned(),
            session_uuid: "caller".to_owned(),
            new_member_uuid: "member".to_owned(),
            ..JoinRequest::default()
        });
        let mut changed = Vec::new();
        for input in [
            Input::QueueAdd("a".to_owned()),
            Input::UnloadQueue("a".to_owned()),
            joins,
        ] {
            let concern = Concern::of(&input);
            tell(&mut engine, input);
            changed.push(
                kept.follow(&engine, &concern)
                    .into_iter()
                    .map(|change| change.says)
                    .collect::<Vec<_>>(),
            );
        }
        assert_eq!(changed, [vec![], vec![Some(PUT_AWAY.to_owned())], vec![None]]);
    }

    #[test]
    fn where_nothing_was_kept_the_file_counts() {
        let file = [QueueConfig::named("x")];
        assert_eq!(InForce::of(&Facts::new(), &Settings::default(), &file), None);
    }
}
