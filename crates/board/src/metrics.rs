//! The figures for Prometheus. What counts comes from the module's own counts, so a board that was restarted counts nothing twice and
//! misses nothing; they begin anew with the module, as Prometheus expects of counters.

mod callbacks;
mod written;

use crate::hub::Hub;
use crate::snapshot::{ByReason, Figures, Queue, Snapshot};
use crate::views::{Centre, LinkState};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{prometheus_text, DescriptorEncoder};
use prometheus_client::registry::Registry;
use std::fmt::Error;
use std::sync::Arc;
use std::time::Duration;
use written::{Buckets, Labels, Writer};

/// What `/metrics` is sent as.
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// What was counted of the connection itself.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Looks at the call centre.
    pub looks: u64,
    /// Connections that were lost.
    pub losses: u64,
    /// How long the last look took, asked to read.
    pub last_look: Duration,
}

/// Everything, as Prometheus reads it.
pub fn text(hub: &Arc<Hub>) -> String {
    let mut registry = Registry::with_prefix("callcenter");
    registry.register_collector(Box::new(Now {
        centre: hub.centre(),
        counts: hub.counts(),
        viewers: hub.viewers(),
    }));
    let mut text = String::new();
    // Writing into memory does not fail.
    let _ = prometheus_text::encode(&mut text, &registry);
    text
}

#[derive(Debug)]
struct Now {
    centre: Centre,
    counts: Counts,
    viewers: usize,
}

impl Collector for Now {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let mut writer = Writer::new(encoder);
        self.of_the_board(&mut writer)?;
        self.of_the_boxes(&mut writer)?;
        let Some(snapshot) = self.centre.snapshot() else {
            return Ok(());
        };
        // Each box counts for itself: what another one had counted before is another series, and nothing is counted twice. Boxes of a
        // cluster count together, whichever of them is asked.
        let counts_alone = self.is_one_of_several() && !self.centre.is_cluster();
        writer.is_of_box(counts_alone.then(|| self.centre.site().name.clone()));
        of_the_look(&mut writer, snapshot)?;
        if self.centre.link().is_up() {
            of_now(&mut writer, snapshot)?;
            if self.centre.settings.metrics.agents {
                of_agents(&mut writer, snapshot)?;
            }
        }
        self.of_targets(&mut writer, snapshot)?;
        of_calls(&mut writer, snapshot)?;
        if !snapshot.is_from_lists {
            of_reasons(&mut writer, snapshot)?;
            callbacks::of_results(&mut writer, snapshot)?;
            of_times(&mut writer, snapshot)?;
            of_the_module(&mut writer, snapshot)?;
        }
        Ok(())
    }
}

impl Now {
    fn of_the_board(&self, writer: &mut Writer<'_>) -> Result<(), Error> {
        let is_up = u64::from(self.centre.link().is_up());
        let module = match (self.centre.snapshot(), self.centre.link().is) {
            (Some(snapshot), _) if !snapshot.is_from_lists => snapshot.module.version.clone(),
            (_, LinkState::Lists) => "stock".to_owned(),
            _ => String::new(),
        };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let labels = [("version", version), ("module_version", module)];
        writer.gauge(
            "up",
            "1 while FreeSWITCH is connected and its module answers",
            [(Labels::none(), is_up)],
        )?;
        writer.gauge(
            "build_info",
            "Versions of the board and of the module",
            [(Labels::of(labels), 1_u64)],
        )?;
        let took = [(Labels::none(), self.counts.last_look.as_secs_f64())];
        writer.seconds(
            "scrape_duration_seconds",
            "How long the last look at the call centre took",
            took,
        )?;
        writer.counter(
            "looks",
            "Looks at the call centre",
            [(Labels::none(), self.counts.looks)],
        )?;
        writer.counter(
            "connection_losses",
            "Connections to FreeSWITCH that were lost",
            [(Labels::none(), self.counts.losses)],
        )?;
        writer.gauge(
            "viewers",
            "Pages that are open",
            [(Labels::none(), self.viewers as u64)],
        )?;
        Ok(())
    }

    fn is_one_of_several(&self) -> bool {
        self.centre.sites.len() > 1
    }

    /// Which boxes are well, and which one is shown; one alone is told by `up`.
    fn of_the_boxes(&self, writer: &mut Writer<'_>) -> Result<(), Error> {
        if !self.is_one_of_several() {
            return Ok(());
        }
        let sites = || self.centre.sites.iter().enumerate();
        let of = |name: &String| Labels::of([("box", name.clone())]);
        let up = sites().map(|(_, site)| (of(&site.name), u64::from(site.link.is_up())));
        writer.gauge(
            "box_up",
            "1 while this FreeSWITCH is connected and its module answers",
            up,
        )?;
        let shown = sites().map(|(at, site)| (of(&site.name), u64::from(at == self.centre.shown)));
        writer.gauge("box_shown", "1 for the FreeSWITCH whose figures these are", shown)?;
        let members = || {
            sites()
                .filter_map(|(_, site)| Some((of(&site.name), site.link.is_there().then_some(site.member.as_ref()?)?)))
        };
        let leads = members().map(|(name, member)| (name, u64::from(member.leads())));
        writer.gauge("box_leads", "1 for the box that leads the cluster", leads)?;
        let callers = members().map(|(name, member)| (name, member.callers));
        writer.gauge(
            "box_callers",
            "Callers of this box of the cluster who wait or talk",
            callers,
        )?;
        let unsaved = members().map(|(name, member)| (name, member.journal.unsaved));
        writer.gauge(
            "box_unsaved_changes",
            "What this box of the cluster has told or decided and the database does not have yet",
            unsaved,
        )
    }

    fn of_targets(&self, writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
        let settings = &self.centre.settings;
        let target = |queue: &Queue| f64::from(settings.thresholds_of(&queue.name).target) / 100.0;
        let targets = snapshot.queues.iter().map(|queue| (of(queue), target(queue)));
        writer.seconds(
            "queue_service_level_target_ratio",
            "The share of callers to be answered in time",
            targets,
        )
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "instants of this age are far from what a float cannot hold"
)]
fn in_seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "no call centre talks that long")]
fn sum_in_seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn of(queue: &Queue) -> Labels {
    Labels::of([("queue", queue.name.clone())])
}

fn with(queue: &Queue, name: &'static str, value: &str) -> Labels {
    Labels::of([("queue", queue.name.clone()), (name, value.to_owned())])
}

fn of_the_look(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    let at = [(Labels::none(), in_seconds(snapshot.now_at))];
    writer.seconds(
        "snapshot_timestamp_seconds",
        "When the last look was taken, by FreeSWITCH's clock",
        at,
    )?;
    let loaded = snapshot.module.loaded_at.map(|at| (Labels::none(), in_seconds(at)));
    writer.seconds("start_time_seconds", "Since when the module counts", loaded)
}

/// What is going on. It is left out while nobody knows.
fn of_now(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    let members = snapshot.queues.iter().flat_map(|queue| {
        let live = &queue.live;
        let waiting = live.waiting.saturating_sub(live.ringing_members);
        let states = [
            ("waiting", waiting),
            ("trying", live.ringing_members),
            ("answered", live.talking),
        ];
        states.map(|(state, count)| (with(queue, "state", state), count))
    });
    writer.gauge(
        "queue_members",
        "Callers in the queue: waiting, trying (a phone rings), answered",
        members,
    )?;
    let oldest = snapshot
        .queues
        .iter()
        .map(|queue| (of(queue), queue.live.oldest_joined_at.map_or(0.0, in_seconds)));
    let name = "queue_oldest_member_joined_timestamp_seconds";
    writer.seconds(
        name,
        "Since when the caller waits who waits longest; 0 while nobody does",
        oldest,
    )?;
    let agents = snapshot.queues.iter().flat_map(|queue| {
        let agents = &queue.live.agents;
        let states = [
            ("ready", agents.ready),
            ("ringing", agents.ringing),
            ("talking", agents.talking),
            ("wrap_up", agents.wrap_up),
            ("paused", agents.paused),
            ("unavailable", agents.unavailable),
            ("logged_out", agents.known.saturating_sub(agents.logged_in)),
        ];
        states.map(|(state, count)| (with(queue, "state", state), count))
    });
    writer.gauge("queue_agents", "Agents who serve the queue, each in one state", agents)?;
    callbacks::of_now(writer, snapshot)?;
    let free = snapshot.queues.iter().map(|queue| (of(queue), queue.live.agents.free));
    writer.gauge(
        "queue_free_agents",
        "Agents who could be given a caller of the queue at once",
        free,
    )
}

fn of_agents(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    const STATES: [&str; 9] = [
        "logged-out",
        "paused",
        "idle",
        "ringing",
        "talking",
        "chatting",
        "wrap-up",
        "held",
        "ready",
    ];
    let states = snapshot.agents.iter().flat_map(|agent| {
        STATES.map(|state| {
            let labels = [("agent", agent.name.clone()), ("state", state.replace('-', "_"))];
            (Labels::of(labels), u64::from(agent.doing == state))
        })
    });
    writer.gauge("agent_state", "1 for the state the agent is in", states)
}

/// Counts of calls since the module was loaded.
fn of_calls(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    type Count = (&'static str, &'static str, fn(&Figures) -> u64, bool);
    let counts: [Count; 5] = [
        ("queue_calls", "Callers who came", |figures| figures.calls, true),
        (
            "queue_answered",
            "Callers who talked to an agent",
            |figures| figures.answered,
            true,
        ),
        (
            "queue_abandoned",
            "Callers who left by themselves before that",
            |figures| figures.abandoned,
            true,
        ),
        (
            "queue_answered_in_time",
            "Of the answered, those within the service level",
            |figures| figures.answered_in_time,
            false,
        ),
        (
            "queue_released",
            "Callers whose wait a limit or a supervisor ended",
            |figures| figures.released,
            false,
        ),
    ];
    for (name, help, count, is_in_lists) in counts {
        if is_in_lists || !snapshot.is_from_lists {
            let series = snapshot.queues.iter().map(|queue| (of(queue), count(&queue.total)));
            writer.counter(name, help, series)?;
        }
    }
    let level = f64::from(snapshot.service_level_seconds);
    let level = (!snapshot.is_from_lists).then_some((Labels::none(), level));
    writer.seconds(
        "service_level_seconds",
        "Within how many seconds an answer is in time",
        level,
    )
}

/// Counts by reason: zero of each reason there can be, for a rate needs a beginning.
fn of_reasons(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    type Count = (
        &'static str,
        &'static str,
        fn(&Figures) -> &ByReason,
        &'static [&'static str],
    );
    let counts: [Count; 3] = [
        (
            "queue_refused",
            "Callers who were not let in",
            |figures| &figures.refused_by_reason,
            &["QUEUE_FULL", "JOIN_EMPTY", "NO_AGENTS"],
        ),
        (
            "queue_left",
            "Callers who left unanswered, by themselves or by a limit",
            |figures| &figures.left_by_reason,
            &["BREAK_OUT", "EXIT_WITH_KEY", "NONE", "TIMEOUT", "NO_AGENT_TIMEOUT"],
        ),
        (
            "offers_failed",
            "Offers that no agent took",
            |figures| &figures.offers_failed_by_reason,
            &["no-answer", "busy", "rejected", "failed"],
        ),
    ];
    for (name, help, counts, always) in counts {
        let series = snapshot.queues.iter().flat_map(move |queue| {
            let counted = by_word(counts(&queue.total), always);
            let each = counted.into_iter();
            each.map(move |(reason, count)| (with(queue, "reason", &reason), count))
        });
        writer.counter(name, help, series)?;
    }
    Ok(())
}

/// Counts by the reason as a label has it. Reasons that differ in their letters' case alone are one label, and so one series.
fn by_word(counted: &ByReason, always: &[&str]) -> ByReason {
    let word = |reason: &str| reason.to_ascii_lowercase().replace('-', "_");
    let mut by_word: ByReason = always.iter().map(|reason| (word(reason), 0)).collect();
    for (reason, count) in counted {
        *by_word.entry(word(reason)).or_default() += count;
    }
    by_word
}

fn of_times(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    let bounds = &snapshot.histogram_bounds;
    let queues = || {
        let known = snapshot.queues.iter();
        known.filter_map(|queue| queue.histograms.as_ref().map(|histograms| (queue, histograms)))
    };
    let buckets = |bounds: &[f64], histogram: &crate::snapshot::Histogram| Buckets {
        sum: sum_in_seconds(histogram.sum_ms),
        count: histogram.count,
        bounds: bounds.to_vec(),
        counts: histogram.counts.clone(),
    };
    let waits = queues().flat_map(|(queue, histograms)| {
        let outcomes = histograms.wait.iter();
        outcomes.map(move |(outcome, histogram)| (with(queue, "outcome", outcome), buckets(&bounds.wait, histogram)))
    });
    writer.histogram("queue_wait_seconds", "How long callers waited, by how it ended", waits)?;
    let talks = queues().map(|(queue, histograms)| (of(queue), buckets(&bounds.talk, &histograms.talk)));
    writer.histogram("queue_talk_seconds", "How long talks were", talks)?;
    let rings = queues().map(|(queue, histograms)| (of(queue), buckets(&bounds.ring, &histograms.ring)));
    writer.histogram(
        "queue_ring_seconds",
        "How long phones rang until they were answered",
        rings,
    )
}

fn of_the_module(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    let Some(health) = &snapshot.health else { return Ok(()) };
    let kinds = health.watchdog.iter();
    let kinds = kinds.map(|(kind, count)| (Labels::of([("kind", kind.clone())]), *count));
    writer.counter("watchdog", "Calls that the watchdog had to end, by kind", kinds)?;
    let journal = &health.journal;
    writer.gauge(
        "unsaved_changes",
        "Changes that are not in the database yet",
        [(Labels::none(), journal.unsaved)],
    )?;
    let lag = [(Labels::none(), sum_in_seconds(journal.lag_ms))];
    writer.seconds("journal_lag_seconds", "For how long the oldest of them waits", lag)?;
    let engine = &health.engine;
    let inputs = Buckets {
        sum: engine.seconds,
        count: engine.inputs,
        bounds: engine.bounds_seconds.clone(),
        counts: engine.counts.clone(),
    };
    writer.histogram(
        "engine_input_seconds",
        "How long the engine took for an input",
        [(Labels::none(), inputs)],
    )
}

#[cfg(test)]
mod tests;
