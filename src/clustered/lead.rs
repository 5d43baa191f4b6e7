//! The engine for all, while this box leads.

use crate::cluster::link::CallCentre;
use crate::cluster::{BoxId, Effects, InForce, Leader, Receipt, Takeover};
use crate::config::Configuration;
use crate::driver::{EventMark, Led};
use crate::engine::{
    Engine, EngineError, Input, LocalTime, Notice, NoticeLevel, QueueConfig, Reply, Snapshot, Timestamp,
    DEFAULT_INSTANCE,
};
use std::collections::HashSet;

/// The engine, and what stands between it and the messages of boxes.
pub(super) struct Lead {
    pub engine: Engine,
    leader: Leader,
    led: Led,
}

/// What an engine begins with that is not in the cluster's tables.
pub(super) struct Beginning<'b> {
    /// This box.
    pub me: &'b BoxId,
    /// What its files said when its module was loaded.
    pub configuration: &'b Configuration,
    /// How clocks go here.
    pub local_time: LocalTime,
    /// All boxes that ever were in the cluster.
    pub boxes: &'b [BoxId],
}

impl Lead {
    /// Takes over from whoever led before.
    pub fn begin(beginning: &Beginning<'_>, takeover: &Takeover<CallCentre>) -> (Self, Effects, Vec<Receipt>) {
        let now = takeover.engine_time;
        let me = &beginning.me.instance;
        let reports = takeover.reports.iter().map(|told| &told.from);
        let there: Vec<&BoxId> = reports.chain(&takeover.silent).collect();
        let is_gone = |id: &&BoxId| !there.contains(id);
        let gone = beginning.boxes.iter().filter(is_gone);
        let (left, gone): (Vec<&BoxId>, Vec<&BoxId>) = gone.partition(|id| takeover.left.contains(*id));
        let names_of = |boxes: Vec<&BoxId>| -> Vec<String> { boxes.iter().map(|id| id.instance.clone()).collect() };
        let (left, gone) = (names_of(left), names_of(gone));
        let mut names: Vec<String> = beginning.boxes.iter().map(|id| id.instance.clone()).collect();
        // Rows of a site that had one box without a name are the cluster's.
        names.extend([me.clone(), DEFAULT_INSTANCE.to_owned()]);
        let configuration = beginning.configuration;
        let in_force = in_force(configuration, takeover);
        let told = in_force.as_ref().and_then(|kept| differs(configuration, kept));
        let settings = in_force.as_ref().map_or(&configuration.settings, |kept| &kept.settings);
        let settings = settings.clone();
        let wall = takeover.wall;
        let mut engine = Leader::engine(settings, wall.secs().unsigned_abs(), wall, takeover, names);
        let _ = engine.handle_input(now, Input::LocalTime(beginning.local_time.clone()));
        let is_alone = there.iter().all(|id| *id == beginning.me);
        for input in inputs_of(configuration, in_force, &takeover.rows, is_alone) {
            // Only a tier can be refused; the engine says why, and the rest is loaded without it.
            let _ = engine.handle_input(now, input);
        }
        let (leader, mut effects, receipts) = Leader::begin(me, &mut engine, takeover, (&gone, &left));
        effects.notices.extend(told);
        let led = Led {
            election: takeover.term.election(),
            since: wall,
        };
        (Self { engine, leader, led }, effects, receipts)
    }

    /// The last event.
    pub fn event_mark(&self) -> EventMark {
        EventMark {
            sequence: self.leader.last_event(),
            led: Some(self.led.clone()),
        }
    }

    /// Does something with both.
    pub fn act(&mut self, act: impl FnOnce(&mut Leader, &mut Engine) -> Effects) -> Effects {
        act(&mut self.leader, &mut self.engine)
    }

    /// A command of a box changes something.
    pub fn change(&mut self, now: Timestamp, of: &str, input: Input) -> (Result<Reply, EngineError>, Effects) {
        self.leader.change(&mut self.engine, now, of, input)
    }
}

/// The configuration that the last leader had in force, where the call centre goes on: none at the first election of all boxes, where the
/// file counts.
fn in_force(configuration: &Configuration, takeover: &Takeover<CallCentre>) -> Option<InForce> {
    let facts = Some(&takeover.facts).filter(|_| takeover.goes_on)?;
    InForce::of(facts, &configuration.settings, &configuration.queues)
}

/// What the operator is told where the file of this box says something else.
fn differs(file: &Configuration, kept: &InForce) -> Option<Notice> {
    let is_as_in_file =
        kept.settings == file.settings && kept.queues == file.queues && kept.put_away.is_empty() && kept.dispatches;
    (!is_as_in_file).then(|| Notice {
        level: NoticeLevel::Info,
        session_uuid: None,
        text: "cluster: settings and queues go on as they were, which is not what the files of this box say. callcenter_config \
               reload puts those into effect."
            .to_owned(),
    })
}

/// Agents and tiers are rows: a box that is alone applies what its files say of them, as at any load, and one that leads beside others adds
/// those that are not there.
fn inputs_of(configuration: &Configuration, in_force: Option<InForce>, rows: &Snapshot, is_alone: bool) -> Vec<Input> {
    let agents: HashSet<&str> = rows.agents.iter().map(|row| row.name.as_str()).collect();
    let tiers = rows.tiers.iter().map(|row| (row.queue.as_str(), row.agent.as_str()));
    let tiers: HashSet<(&str, &str)> = tiers.collect();
    let new_agents = configuration.agents.iter();
    let new_agents = new_agents.filter(|agent| is_alone || !agents.contains(agent.name.as_str()));
    let new_tiers = configuration.tiers.iter();
    let new_tiers = new_tiers.filter(|tier| is_alone || !tiers.contains(&(tier.queue.as_str(), tier.agent.as_str())));
    let (queues, rest) = inputs_of_queues(&configuration.queues, in_force);
    queues
        .into_iter()
        .map(Input::LoadQueue)
        .chain(new_agents.cloned().map(Input::ApplyAgent))
        .chain(new_tiers.cloned().map(Input::ApplyTier))
        .chain(rest)
        .collect()
}

/// The queues to be loaded, and what follows behind all else.
fn inputs_of_queues(file: &[QueueConfig], in_force: Option<InForce>) -> (Vec<QueueConfig>, Vec<Input>) {
    let Some(kept) = in_force else {
        return (file.to_vec(), Vec::new());
    };
    let is_put_away = |queue: &&QueueConfig| kept.put_away.contains(&queue.name);
    // Only what was loaded can be put away.
    let put_away = file.iter().filter(is_put_away).cloned();
    let queues = kept.queues.into_iter().chain(put_away).collect();
    let dispatching = Input::InternalDispatching { on: kept.dispatches };
    let away = kept.put_away.iter().cloned().map(Input::UnloadQueue);
    (queues, away.chain([dispatching]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{FactChange, Incarnation, Server, Term};
    use crate::engine::{find_parameter, Reconfiguration, Settings, WallTime, QUEUE_PARAMETERS};
    use std::collections::BTreeMap;

    fn box_of(instance: &str, number: u64) -> BoxId {
        BoxId {
            instance: instance.to_owned(),
            incarnation: Incarnation(number),
        }
    }

    /// What a box's file says.
    fn file(wrap_up_time: u32, queues: &[&str]) -> Configuration {
        Configuration {
            settings: Settings {
                wrap_up_time,
                instance_id: "box1".to_owned(),
                ..Settings::default()
            },
            queues: queues.iter().copied().map(QueueConfig::named).collect(),
            ..Configuration::default()
        }
    }

    fn leads(file: &Configuration, facts: BTreeMap<String, String>, goes_on: bool) -> (Lead, Vec<FactChange>) {
        let me = box_of("box1", 1);
        let beginning = Beginning {
            me: &me,
            configuration: file,
            local_time: LocalTime::default(),
            boxes: std::slice::from_ref(&me),
        };
        let takeover = Takeover {
            term: Term {
                server: Server(1),
                timeline: 1,
                number: 1,
                incarnation: Incarnation(1),
            },
            rows: Snapshot::default(),
            facts,
            goes_on,
            reports: Vec::new(),
            silent: Vec::new(),
            left: Vec::new(),
            engine_time: Timestamp::from_secs(10),
            wall: WallTime::from_secs(1_700_000_000),
        };
        let (lead, effects, _) = Lead::begin(&beginning, &takeover);
        (lead, effects.facts)
    }

    fn keep(facts: &mut BTreeMap<String, String>, changes: Vec<FactChange>) {
        for FactChange { name, says } in changes {
            match says {
                Some(says) => drop(facts.insert(name, says)),
                None => drop(facts.remove(&name)),
            }
        }
    }

    /// The queues that are loaded, with their strategies, and `wrap-up-time`.
    fn shown(lead: &Lead) -> (Vec<(String, String)>, u32, bool) {
        let queues = lead.engine.queues().into_iter();
        let queues = queues.map(|queue| (queue.config.name, queue.config.strategy));
        (
            queues.collect(),
            lead.engine.settings().wrap_up_time,
            lead.engine.dispatches(),
        )
    }

    #[test]
    fn what_was_changed_at_run_time_holds_with_the_next_leader() {
        let mut facts = BTreeMap::new();
        let (mut lead, began) = leads(&file(5, &["a", "b"]), BTreeMap::new(), false);
        keep(&mut facts, began);
        let strategy = find_parameter(QUEUE_PARAMETERS, "strategy").expect("a parameter");
        let reload = Reconfiguration {
            settings: Some(file(17, &[]).settings),
            queues: vec![
                QueueConfig::named("a"),
                QueueConfig::named("b"),
                QueueConfig::named("c"),
            ],
            agents: Vec::new(),
            tiers: None,
        };
        for input in [
            Input::Reconfigure(Box::new(reload)),
            Input::QueueSet {
                queue: "a".to_owned(),
                setting: strategy.assign(&QueueConfig::named("a"), "ring-all").expect("a value"),
            },
            Input::UnloadQueue("b".to_owned()),
            Input::InternalDispatching { on: false },
        ] {
            let (reply, effects) = lead.change(Timestamp::from_secs(11), "box1", input);
            reply.expect("it is accepted");
            keep(&mut facts, effects.facts);
        }
        let default = QueueConfig::named("c").strategy;
        let queues = vec![("a".to_owned(), "ring-all".to_owned()), ("c".to_owned(), default)];
        assert_eq!(shown(&lead), (queues.clone(), 17, false));
        // The next one's own file is older, or says something else.
        let (next, began) = leads(&file(5, &["b", "a", "x"]), facts.clone(), true);
        assert_eq!(shown(&next), (queues, 17, false));
        assert!(!next.engine.queue_is_new("b"), "it is put away");
        assert_eq!(began, [], "nothing is to be kept anew");
        // All boxes were down: whoever is there first begins with its file, as a single box does.
        let (first, began) = leads(&file(5, &["x"]), facts.clone(), false);
        assert_eq!((shown(&first).1, shown(&first).2), (5, true));
        assert!(first.engine.queue_is_loaded("x") && !first.engine.queue_is_loaded("a"));
        keep(&mut facts, began);
        let (next, _) = leads(&file(5, &["x"]), facts, true);
        assert_eq!(shown(&next), shown(&first));
    }

    #[test]
    fn boxes_that_have_led_a_cluster_without_such_facts_are_as_their_files_say() {
        let (lead, _) = leads(&file(5, &["x"]), BTreeMap::new(), true);
        assert_eq!(shown(&lead).1, 5);
        assert!(lead.engine.queue_is_loaded("x"));
    }

    #[test]
    fn a_box_whose_file_says_something_else_tells_so() {
        let own = file(5, &["b", "a"]);
        let (_, kept) = leads(&own, BTreeMap::new(), false);
        let mut facts = BTreeMap::new();
        keep(&mut facts, kept);
        for (other, is_told) in [(own, false), (file(6, &["b", "a"]), true), (file(5, &["a"]), true)] {
            let kept = InForce::of(&facts, &other.settings, &other.queues).expect("it was kept");
            assert_eq!(differs(&other, &kept).is_some(), is_told);
        }
    }
}
