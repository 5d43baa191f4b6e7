//! The figures of many days, and of days that are compared: as a table for people, and as JSON for programs.

use super::{dash, percent, table, time_of_day};
use crate::replay::Check;
use crate::staffing::Need;
use crate::study::{occupancy, DayFigures, Days, Difference, Estimate, Metric, Unit, METRICS, SERVICE_LEVEL};
use crate::tally::{QueueFigures, Times};
use serde_json::{json, Value};

/// What has been found out.
pub struct Study<'a> {
    /// The first seed.
    pub seed: u64,
    /// Seconds within which an answer is in time.
    pub service_level: f64,
    /// The share that is to be.
    pub target: f64,
    /// The days.
    pub days: &'a Days,
    /// Other days, and what is different in them.
    pub what_if: Option<(&'a str, &'a Days)>,
    /// How many agents each queue needs.
    pub needs: &'a [Need],
    /// The real day.
    pub check: Option<&'a Check>,
}

/// The tables.
pub fn text_of_study(study: &Study<'_>) -> String {
    let mut text = match &study.what_if {
        None => figures(study),
        Some((label, other)) => format!("What if: {label}\n\n{}", comparison(study.days, other)),
    };
    for need in study.needs {
        text.push_str(&format!("\n{}\n", need_table(need)));
    }
    if let Some(check) = study.check {
        let error = check
            .error(study.days)
            .map_or_else(dash, |error| format!("{:.1}", error * 100.0));
        text.push_str(&format!(
            "\nAnswered in time on the real day: {}; played: {}; off by {error} points on average.\n{}\n",
            percent(check.total.service_level()),
            percent(study.days.total(&SERVICE_LEVEL).value),
            check.counts,
        ));
        for said in &check.broken {
            text.push_str(&format!("  {said}\n"));
        }
    }
    text
}

fn shown(unit: Unit, value: Option<f64>) -> String {
    value.map_or_else(dash, |value| match unit {
        Unit::Share => format!("{:.1} %", value * 100.0),
        Unit::Seconds => format!("{value:.1} s"),
        Unit::Count => format!("{value:.1}"),
    })
}

/// All queues together, and each.
fn figures(study: &Study<'_>) -> String {
    let days = study.days;
    let queues: Vec<&String> = days.first().queues.keys().collect();
    let head: Vec<&str> = ["a day's", "all queues", "±"]
        .into_iter()
        .chain(queues.iter().map(|queue| queue.as_str()))
        .collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for metric in METRICS {
        let total = days.total(metric);
        let mut row = vec![
            metric.name.to_owned(),
            shown(metric.unit, total.value),
            shown(metric.unit, total.half),
        ];
        row.extend(
            queues
                .iter()
                .map(|queue| shown(metric.unit, days.queue(queue, metric).value)),
        );
        rows.push(row);
    }
    let busy = days.estimate(|day| occupancy(&day.team()));
    rows.push(vec![
        "busy".to_owned(),
        shown(Unit::Share, busy.value),
        shown(Unit::Share, busy.half),
    ]);
    table(&head, &rows, "")
}

fn comparison(days: &Days, other: &Days) -> String {
    let head = ["a day's", "as it is", "changed", "difference", "±", ""];
    let row = |metric: &&Metric| {
        let difference = days.differs(other, |day| (metric.of)(&day.total));
        vec![
            metric.name.to_owned(),
            shown(metric.unit, days.total(metric).value),
            shown(metric.unit, other.total(metric).value),
            shown(metric.unit, difference.estimate.value),
            shown(metric.unit, difference.estimate.half),
            remark(&difference).to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = METRICS.iter().map(row).collect();
    table(&head, &rows, "")
}

fn remark(difference: &Difference) -> &'static str {
    if difference.is_same {
        "the same"
    } else if difference.is_within_noise() {
        "within the noise"
    } else {
        ""
    }
}

fn need_table(need: &Need) -> String {
    let head = ["from", "calls", "needed", "in time", "Erlang C", "Erlang A", "on duty"];
    let show = |agents: Option<u32>| agents.map_or_else(dash, |agents| agents.to_string());
    let rows: Vec<Vec<String>> = need
        .steps
        .iter()
        .map(|step| {
            vec![
                time_of_day(step.begins),
                format!("{:.1}", step.calls),
                show(step.simulated),
                percent(step.level),
                show(step.erlang_c),
                show(step.erlang_a),
                format!("{:.1}", step.present),
            ]
        })
        .collect();
    let goal = format!("{:.0} % within {} s", need.share * 100.0, need.seconds);
    format!(
        "Agents that {} needs for {goal}:\n{}",
        need.queue,
        table(&head, &rows, "")
    )
}

/// Everything as JSON: times in seconds, shares from 0 to 1; `half` is half of the 95 % band.
pub fn json_of_study(study: &Study<'_>) -> Value {
    let check = study.check.map(|check| {
        json!({
            "callers": check.total.calls,
            "service_level": check.total.service_level(),
            "error": check.error(study.days),
            "broken": check.broken,
            "slots": slot_range(study.days).map(|slot| real_slot_json(check, study.days, slot)).collect::<Value>(),
            "patience": check.patience,
        })
    });
    let what_if = study.what_if.map(|(label, other)| {
        json!({
            "label": label,
            "days": days_json(other),
            "differences": differences_json(study.days, other, None),
            "queues": study.days.first().queues.keys()
                .map(|queue| json!({ "name": queue, "differences": differences_json(study.days, other, Some(queue)) }))
                .collect::<Value>(),
        })
    });
    json!({
        "seed": study.seed,
        "seeds": study.days.0.len(),
        "service_level_seconds": study.service_level,
        "target": study.target,
        "days": days_json(study.days),
        "what_if": what_if,
        "staffing": study.needs.iter().map(need_json).collect::<Value>(),
        "check": check,
    })
}

fn estimate_json(estimate: &Estimate) -> Value {
    json!({ "value": estimate.value, "half": estimate.half })
}

fn metrics_json(of: impl Fn(&Metric) -> Estimate) -> Value {
    let entries = METRICS
        .iter()
        .map(|metric| (metric.key.to_owned(), estimate_json(&of(metric))));
    Value::Object(entries.collect())
}

fn slot_range(days: &Days) -> std::ops::Range<usize> {
    0..days.first().by_slot.len()
}

fn days_json(days: &Days) -> Value {
    let first = days.first();
    let queue = |name: &String| {
        let slots: Value = slot_range(days)
            .map(|slot| {
                counts_json(days, |day| {
                    day.queues.get(name).and_then(|queue| queue.by_slot.get(slot)).copied()
                })
            })
            .collect();
        json!({ "name": name, "figures": metrics_json(|metric| days.queue(name, metric)), "slots": slots })
    };
    let slot = |slot: usize| {
        json!({
            "from": time_of_day(first.slots.begins(slot)),
            "callers": counts_json(days, |day| day.by_slot.get(slot).copied()),
            "service_level": estimate_json(&days.slot(slot, &SERVICE_LEVEL)),
            "agents": times_json(days, |day| day.staff.get(slot).copied().unwrap_or_default()),
        })
    };
    let agent = |name: &String| {
        let times = |day: &DayFigures| day.agents.get(name).map_or_else(Times::default, |agent| agent.times);
        json!({
            "name": name,
            "offers": days.mean(|day| day.agents.get(name).map_or(0.0, |agent| agent.offers as f64)),
            "calls": days.mean(|day| day.agents.get(name).map_or(0.0, |agent| agent.calls as f64)),
            "times": times_json(days, times),
            "occupancy": estimate_json(&days.estimate(|day| occupancy(&times(day)))),
        })
    };
    json!({
        "total": metrics_json(|metric| days.total(metric)),
        "occupancy": estimate_json(&days.estimate(|day| occupancy(&day.team()))),
        "queues": first.queues.keys().map(queue).collect::<Value>(),
        "slots": slot_range(days).map(slot).collect::<Value>(),
        "waiting": (0..first.line.len()).map(|part| waiting_json(days, part)).collect::<Value>(),
        "waits": waits_json(days),
        "without_an_agent": unserved_json(days),
        "agents": first.agents.keys().map(agent).collect::<Value>(),
    })
}

fn counts_json(days: &Days, of: impl Fn(&DayFigures) -> Option<QueueFigures>) -> Value {
    let mean = |count: fn(&QueueFigures) -> u64| days.mean(|day| of(day).map_or(0.0, |figures| count(&figures) as f64));
    json!({
        "calls": mean(|figures| figures.calls),
        "answered": mean(|figures| figures.answered),
        "answered_in_time": mean(|figures| figures.answered_in_time),
        "abandoned": mean(|figures| figures.abandoned),
        "released": mean(|figures| figures.released),
        "refused": mean(|figures| figures.refused),
        "left_over": mean(|figures| figures.stayed),
    })
}

fn times_json(days: &Days, of: impl Fn(&DayFigures) -> Times) -> Value {
    let mean = |part: fn(&Times) -> f64| days.mean(|day| part(&of(day)));
    json!({
        "talk": mean(|times| times.talk),
        "ring": mean(|times| times.ring),
        "wrap_up": mean(|times| times.wrap_up),
        "free": mean(|times| times.free),
        "break": mean(|times| times.on_break),
    })
}

fn waiting_json(days: &Days, part: usize) -> Value {
    let of = |which: fn(&(f64, f64)) -> f64| days.mean(|day| day.line.get(part).map_or(0.0, which));
    json!({
        "from": time_of_day(days.first().line_slots.begins(part)),
        "average": of(|waiting| waiting.0),
        "most": of(|waiting| waiting.1),
    })
}

fn waits_json(days: &Days) -> Value {
    let steps = 0..days.first().waits.len();
    let of = |step: usize, which: fn(&(u64, u64)) -> u64| {
        days.mean(|day| day.waits.get(step).map_or(0.0, |waits| which(waits) as f64))
    };
    let row = |step: usize| {
        let from = crate::study::STEP_OF_WAITS * step as f64;
        json!({ "from": from, "answered": of(step, |waits| waits.0), "left": of(step, |waits| waits.1) })
    };
    steps
        .filter(|step| of(*step, |waits| waits.0 + waits.1) > 0.0)
        .map(row)
        .collect()
}

fn unserved_json(days: &Days) -> Value {
    let mut keys: Vec<_> = days.0.iter().flat_map(|day| day.unserved.keys().cloned()).collect();
    keys.sort();
    keys.dedup();
    let row = |key: (String, crate::tally::Outcome)| {
        let callers = days.mean(|day| day.unserved.get(&key).copied().unwrap_or(0) as f64);
        json!({ "queue": key.0, "what": key.1.what(), "why": key.1.why(), "callers": callers })
    };
    keys.into_iter().map(row).collect()
}

fn differences_json(days: &Days, other: &Days, queue: Option<&str>) -> Value {
    let row = |metric: &&Metric| {
        let of = |day: &DayFigures| match queue {
            None => (metric.of)(&day.total),
            Some(queue) => day
                .queues
                .get(queue)
                .map_or((0.0, 0.0), |queue| (metric.of)(&queue.total)),
        };
        let difference = days.differs(other, of);
        let value = json!({
            "value": difference.estimate.value,
            "half": difference.estimate.half,
            "same": difference.is_same,
            "within_noise": difference.is_within_noise(),
        });
        (metric.key.to_owned(), value)
    };
    Value::Object(METRICS.iter().map(row).collect())
}

fn need_json(need: &Need) -> Value {
    let step = |step: &crate::staffing::Step| {
        json!({
            "from": time_of_day(step.begins),
            "calls": step.calls,
            "needed": step.simulated,
            "level": step.level,
            "erlang_c": step.erlang_c,
            "erlang_a": step.erlang_a,
            "on_duty": step.present,
        })
    };
    json!({
        "queue": need.queue,
        "share": need.share,
        "seconds": need.seconds,
        "busy_seconds": need.busy,
        "steps": need.steps.iter().map(step).collect::<Value>(),
    })
}

fn real_slot_json(check: &Check, days: &Days, slot: usize) -> Value {
    let real = check.slot(slot);
    let played = days.slot(slot, &SERVICE_LEVEL).value;
    json!({
        "from": time_of_day(days.first().slots.begins(slot)),
        "calls": real.calls,
        "answered": real.answered,
        "service_level": real.service_level(),
        "played": played,
        "error": real.service_level().zip(played).map(|(was, is)| is - was),
    })
}
