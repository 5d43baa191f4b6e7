//! The day itself: calls, service, who waited, who worked.

use super::chart::{legend, Frame, Mark};
use super::words::{clock, count, percent, plus_minus, value, NOTHING};
use super::{pair, table, Page};
use crate::report::minutes;
use crate::study::{
    occupancy, Days, Unit, ABANDONMENT, ANSWERED, AVERAGE_WAIT, CALLS, GAVE_UP, LEFT_OVER, LET_GO, LONGEST_WAIT,
    REFUSED, SERVICE_LEVEL, STEP_OF_WAITS,
};
use crate::tally::{AgentFigures, QueueFigures, Times};
use maud::{html, Markup};

/// Rows of the table of agents, at most.
const MOST_AGENTS: usize = 400;

/// The names of the slots.
pub fn slot_names(days: &Days) -> Vec<String> {
    let first = days.first();
    (0..first.by_slot.len())
        .map(|slot| clock(first.slots.begins(slot)))
        .collect()
}

/// Something of a slot's figures, as the mean of all days.
pub fn slot_mean(days: &Days, slot: usize, of: fn(&QueueFigures) -> u64) -> f64 {
    days.mean(|day| day.by_slot.get(slot).map_or(0.0, |figures| of(figures) as f64))
}

fn length_of_slots(page: &Page<'_>) -> String {
    match page.days.first().slots.length.secs() {
        1800 => "half hour".to_owned(),
        seconds => format!("{} min", seconds / 60),
    }
}

/// Calls by the slot, by what became of them.
pub fn calls(page: &Page<'_>) -> Markup {
    type Part = (&'static str, &'static str, fn(&QueueFigures) -> u64);
    const PARTS: [Part; 5] = [
        ("answered", "answered", |slot| slot.answered),
        ("gave-up", "gave up", |slot| slot.abandoned),
        ("let-go", "let go", |slot| slot.released),
        ("refused", "refused", |slot| slot.refused),
        ("left-over", "left over", |slot| slot.stayed),
    ];
    let (days, names) = (page.days, slot_names(page.days));
    let steps: Vec<Vec<f64>> = (0..names.len())
        .map(|slot| PARTS.iter().map(|(_, _, of)| slot_mean(days, slot, *of)).collect())
        .collect();
    let is_there = |part: usize| steps.iter().any(|step: &Vec<f64>| step[part] > 0.0);
    let highest = steps.iter().map(|step| step.iter().sum::<f64>()).fold(0.0, f64::max);
    let frame = Frame {
        title: format!("Calls by the {} by what became of them", length_of_slots(page)),
        unit: "calls",
        below: "when they came",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: names.clone(),
    };
    let colours = PARTS.map(|(colour, _, _)| colour);
    let told = |step: usize| {
        let parts = PARTS.iter().enumerate().filter(|(part, _)| steps[step][*part] > 0.0);
        let parts: Vec<String> = parts
            .map(|(part, (_, name, _))| format!("{name} {}", count(steps[step][part])))
            .collect();
        format!("{}: {}", names[step], parts.join(", "))
    };
    let entries: Vec<_> = (0..PARTS.len())
        .filter(|part| is_there(*part))
        .map(|part| (PARTS[part].0, Mark::Area, PARTS[part].1))
        .collect();
    let chart = html! { (legend(&entries)) (frame.draw(&frame.stacked_bars(&steps, &colours, told))) };
    let shown: Vec<usize> = (0..PARTS.len()).filter(|part| *part == 0 || is_there(*part)).collect();
    let head: Vec<&str> = ["from", "calls"]
        .into_iter()
        .chain(shown.iter().map(|part| PARTS[*part].1))
        .collect();
    let rows: Vec<Vec<String>> = names
        .iter()
        .zip(&steps)
        .map(|(name, parts)| {
            let cells = shown.iter().map(|part| count(parts[*part]));
            [name.clone(), count(parts.iter().sum())]
                .into_iter()
                .chain(cells)
                .collect()
        })
        .collect();
    let about = "Each caller counts when it came, whatever happened later.";
    pair(
        &format!("Calls by the {}", length_of_slots(page)),
        about,
        &chart,
        &table(&head, &rows, false),
    )
}

/// The share of callers answered in time, slot by slot, against its target.
pub fn service_level(page: &Page<'_>) -> Markup {
    let (days, names) = (page.days, slot_names(page.days));
    let estimates: Vec<_> = (0..names.len()).map(|slot| days.slot(slot, &SERVICE_LEVEL)).collect();
    let frame = Frame {
        title: "Callers answered in time, against the target".to_owned(),
        unit: "answered in time, % of all callers",
        below: "when they came",
        top: 1.0,
        write: |value| format!("{:.0} %", value * 100.0),
        steps: names.clone(),
    };
    let values: Vec<Option<f64>> = estimates.iter().map(|estimate| estimate.value).collect();
    let band: Vec<_> = estimates.iter().map(crate::study::Estimate::band).collect();
    let other = page.what_if.as_ref().map(|(label, other)| {
        let values: Vec<_> = (0..names.len())
            .map(|slot| other.slot(slot, &SERVICE_LEVEL).value)
            .collect();
        (label, values)
    });
    let target = format!("target: {}", percent(page.target));
    let mut entries = vec![
        ("accent", Mark::Line, "answered in time"),
        ("target", Mark::Dashes, target.as_str()),
    ];
    if band.iter().any(Option::is_some) {
        entries.push(("band", Mark::Area, "where it lies with 95 % certainty"));
    }
    if let Some((label, _)) = &other {
        entries.push(("other", Mark::Dashes, label.as_str()));
    }
    let inside = html! {
        (frame.band(&band))
        (frame.level(page.target))
        @if let Some((_, values)) = &other { (frame.line(values, "other", true)) }
        (frame.line(&values, "accent", false))
    };
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let head = ["from", "in time", "±", "average wait", "agents busy"];
    let row = |slot: usize| {
        let busy = days.estimate(|day| day.staff.get(slot).map_or((0.0, 0.0), occupancy));
        vec![
            names[slot].clone(),
            value(Unit::Share, &estimates[slot]),
            estimates[slot]
                .half
                .map_or_else(|| NOTHING.to_owned(), |half| format!("{:.1}", half * 100.0)),
            value(Unit::Seconds, &days.slot(slot, &AVERAGE_WAIT)),
            value(Unit::Share, &busy),
        ]
    };
    let rows: Vec<Vec<String>> = (0..names.len()).map(row).collect();
    let about = format!(
        "Share of the callers whom an agent answered within {} seconds; those who gave up or were refused count as not answered.",
        count(page.service_level)
    );
    pair("Service level", &about, &chart, &table(&head, &rows, false))
}

/// Who waited over time.
pub fn line(page: &Page<'_>) -> Markup {
    let (days, names) = (page.days, slot_names(page.days));
    let first = days.first();
    let per_slot = usize::try_from(first.slots.length.micros() / first.line_slots.length.micros().max(1)).unwrap_or(1);
    let parts = names.len() * per_slot;
    let at = |days: &Days, part: usize| days.mean(|day| day.line.get(part).map_or(0.0, |waiting| waiting.0));
    let values: Vec<f64> = (0..parts).map(|part| at(days, part)).collect();
    let most: Vec<f64> = (0..names.len())
        .map(|slot| most_waiting(days, slot, per_slot))
        .collect();
    let highest = values.iter().chain(&most).copied().fold(0.0, f64::max);
    let frame = Frame {
        title: "Callers who wait, over the day".to_owned(),
        unit: "callers waiting",
        below: "time of day",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: names.clone(),
    };
    let most_name = if days.0.len() > 1 {
        "most at once (average of the days)"
    } else {
        "most at once"
    };
    let entries = [
        ("accent", Mark::Area, "waiting on average"),
        ("gave-up", Mark::Line, most_name),
    ];
    let inside = html! { (frame.area(&values, per_slot, "accent")) (frame.stairs(&most, "gave-up", false)) };
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let rows: Vec<Vec<String>> = (0..names.len())
        .map(|slot| {
            let mean = values[slot * per_slot..(slot + 1) * per_slot].iter().sum::<f64>() / per_slot as f64;
            vec![
                names[slot].clone(),
                format!("{mean:.2}"),
                count(most[slot]),
                count(worst_waiting(days, slot, per_slot)),
            ]
        })
        .collect();
    let head = ["from", "on average", "most at once", "worst day"];
    let about = "How many callers stood in line, in all queues together.";
    pair("Who waits", about, &chart, &table(&head, &rows, false))
}

fn most_on(day: &crate::study::DayFigures, slot: usize, per_slot: usize) -> f64 {
    let parts = day.line.iter().skip(slot * per_slot).take(per_slot);
    parts.map(|waiting| waiting.1).fold(0.0, f64::max)
}

fn most_waiting(days: &Days, slot: usize, per_slot: usize) -> f64 {
    days.mean(|day| most_on(day, slot, per_slot))
}

fn worst_waiting(days: &Days, slot: usize, per_slot: usize) -> f64 {
    days.0
        .iter()
        .map(|day| most_on(day, slot, per_slot))
        .fold(0.0, f64::max)
}

/// Agents by what they did, against the work there was.
pub fn staff(page: &Page<'_>) -> Markup {
    type Part = (&'static str, &'static str, fn(&Times) -> f64);
    const PARTS: [Part; 5] = [
        ("talk", "talking", |times| times.talk),
        ("wrap-up", "wrap-up", |times| times.wrap_up),
        ("ring", "phone ringing", |times| times.ring),
        ("free", "free", |times| times.free),
        ("break", "on a break", |times| times.on_break),
    ];
    let (days, names) = (page.days, slot_names(page.days));
    let length = days.first().slots.length.micros() as f64 / 1e6;
    let steps: Vec<Vec<f64>> = (0..names.len())
        .map(|slot| {
            let part = |of: fn(&Times) -> f64| days.mean(|day| day.staff.get(slot).map_or(0.0, of)) / length;
            PARTS.iter().map(|(_, _, of)| part(*of)).collect()
        })
        .collect();
    let work = work_that_came(days, length, names.len());
    let highest = steps
        .iter()
        .map(|step| step.iter().sum::<f64>())
        .chain(work.iter().copied())
        .fold(0.0, f64::max);
    let frame = Frame {
        title: "Agents by what they do, against the work that comes".to_owned(),
        unit: "agents",
        below: "time of day",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: names.clone(),
    };
    let told = |step: usize| {
        let parts = PARTS
            .iter()
            .zip(&steps[step])
            .map(|((_, name, _), value)| format!("{name} {value:.1}"));
        format!(
            "{}: {}; work {:.1}",
            names[step],
            parts.collect::<Vec<_>>().join(", "),
            work[step]
        )
    };
    let colours = PARTS.map(|(colour, _, _)| colour);
    let inside = html! { (frame.stacked_bars(&steps, &colours, told)) (frame.stairs(&work, "bad", false)) };
    let entries = PARTS.map(|(colour, name, _)| (colour, Mark::Area, name));
    let entries: Vec<_> = entries
        .into_iter()
        .chain([("bad", Mark::Line, "work that comes")])
        .collect();
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let rows: Vec<Vec<String>> = (0..names.len())
        .map(|slot| {
            let on_duty: f64 = steps[slot][..4].iter().sum();
            let cells = steps[slot].iter().map(|value| format!("{value:.1}"));
            [
                names[slot].clone(),
                format!("{:.1}", work[slot]),
                format!("{on_duty:.1}"),
            ]
            .into_iter()
            .chain(cells)
            .collect()
        })
        .collect();
    let head = ["from", "work", "on duty", "talk", "wrap-up", "ring", "free", "break"];
    let about = "Columns: how many agents are at work, by what they do. Red line: how many would be busy if every caller who came were served \
                 at once. Where the line is near the top of what is on duty, callers wait; far below it, agents do.";
    pair("Agents against the work", about, &chart, &table(&head, &rows, false))
}

/// How many agents the callers of each slot would keep busy.
fn work_that_came(days: &Days, length: f64, slots: usize) -> Vec<f64> {
    let busy = days.mean(|day| {
        let team = day.team();
        team.talk + team.wrap_up + team.ring
    });
    let answered = days.mean(|day| day.total.answered as f64).max(1.0);
    (0..slots)
        .map(|slot| slot_mean(days, slot, |figures| figures.calls) * busy / answered / length)
        .collect()
}

/// How waits are distributed.
pub fn waits(page: &Page<'_>) -> Markup {
    let days = page.days;
    let at = |step: usize, of: fn(&(u64, u64)) -> u64| {
        days.mean(|day| day.waits.get(step).map_or(0.0, |waits| of(waits) as f64))
    };
    let all: f64 = (0..241).map(|step| at(step, |waits| waits.0 + waits.1)).sum();
    let mut seen = 0.0;
    let mut last = 0;
    while last < 240 && seen < 0.985 * all {
        seen += at(last, |waits| waits.0 + waits.1);
        last += 1;
    }
    // A few more steps than those in which nearly everybody is, in bars of equal length.
    let wide = last.div_ceil(24).max(1);
    let bars = last.div_ceil(wide).max(6);
    let sum =
        |bar: usize, of: fn(&(u64, u64)) -> u64| (bar * wide..(bar + 1) * wide).map(|step| at(step, of)).sum::<f64>();
    let steps: Vec<Vec<f64>> = (0..bars)
        .map(|bar| vec![sum(bar, |waits| waits.0), sum(bar, |waits| waits.1)])
        .collect();
    let seconds = |bar: usize| STEP_OF_WAITS * (bar * wide) as f64;
    let names: Vec<String> = (0..bars).map(|bar| wait_name(seconds(bar))).collect();
    let frame = Frame {
        title: "How long callers wait".to_owned(),
        unit: "callers a day",
        below: "time waited",
        top: Frame::round_top(
            steps.iter().map(|step| step.iter().sum::<f64>()).fold(0.0, f64::max),
            4.0,
        ),
        write: count,
        steps: names,
    };
    let until = |bar: usize| wait_name(seconds(bar + 1));
    let told = |bar: usize| {
        format!(
            "up to {}: answered {}, left {}",
            until(bar),
            count(steps[bar][0]),
            count(steps[bar][1])
        )
    };
    let mark = page.service_level / STEP_OF_WAITS / wide as f64;
    let inside = html! {
        (frame.stacked_bars(&steps, &["answered", "gave-up"], told))
        @if mark < bars as f64 { (frame.mark(mark, &format!("{} s", count(page.service_level)))) }
    };
    let entries = [
        ("answered", Mark::Area, "answered"),
        ("gave-up", Mark::Area, "left without an agent"),
    ];
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let mut so_far = 0.0;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (bar, parts) in steps.iter().enumerate() {
        so_far += parts[0] + parts[1];
        let share = if all > 0.0 {
            percent(so_far / all)
        } else {
            NOTHING.to_owned()
        };
        rows.push(vec![until(bar), count(parts[0]), count(parts[1]), share]);
    }
    let longer = (all - so_far).max(0.0);
    rows.push(vec![
        "longer".to_owned(),
        String::new(),
        String::new(),
        count(longer) + " callers",
    ]);
    let head = ["waited up to", "answered", "left", "of all so far"];
    let about = "Everybody who came into a queue, by the time until an agent answered or the caller left.";
    pair("How long callers wait", about, &chart, &table(&head, &rows, false))
}

fn wait_name(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else {
        minutes(seconds) + " min"
    }
}

/// Why callers were not served.
pub fn unserved(page: &Page<'_>) -> Markup {
    let days = page.days;
    let mut keys: Vec<_> = days.0.iter().flat_map(|day| day.unserved.keys().cloned()).collect();
    keys.sort();
    keys.dedup();
    if keys.is_empty() {
        return html! {};
    }
    let calls = |queue: &str| days.queue(queue, &CALLS).value.unwrap_or_default();
    html! {
        section {
            h2 { "Why callers were not served" }
            p class="about" { "Callers a day who left without an agent or were not let in, and the reason as the module gives it." }
            div class="wide" {
                table {
                    thead { tr {
                        th { "queue" } th class="text" { "what" } th class="text" { "why" } th { "callers a day" } th { "of the queue's calls" }
                    } }
                    tbody {
                        @for (queue, outcome) in &keys {
                            @let number = days.mean(|day| day.unserved.get(&(queue.clone(), *outcome)).copied().unwrap_or(0) as f64);
                            tr {
                                td { (queue) } td class="text" { (outcome.what()) } td class="text" { (outcome.why()) }
                                td { (count(number)) } td { (percent(number / calls(queue).max(1e-9))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A table of the queues.
pub fn queues(page: &Page<'_>) -> Markup {
    let days = page.days;
    let names: Vec<&String> = days.first().queues.keys().collect();
    let cell = |queue: Option<&str>, metric: &crate::study::Metric| {
        let estimate = queue.map_or_else(|| days.total(metric), |queue| days.queue(queue, metric));
        html! { td { (value(metric.unit, &estimate)) @if let Some(band) = plus_minus(metric.unit, &estimate) { " " span class="pm" { (band) } } } }
    };
    let shown = [
        &CALLS,
        &ANSWERED,
        &SERVICE_LEVEL,
        &AVERAGE_WAIT,
        &LONGEST_WAIT,
        &GAVE_UP,
        &ABANDONMENT,
        &LET_GO,
        &REFUSED,
        &LEFT_OVER,
    ];
    let shown: Vec<_> = shown
        .into_iter()
        .filter(|metric| {
            metric.unit != Unit::Count || days.total(metric).value.unwrap_or_default() > 0.0 || metric.key == "calls"
        })
        .collect();
    html! {
        section {
            h2 { "Queues" }
            p class="about" { "A day's figures for each queue." }
            div class="wide" {
                table {
                    thead { tr { th { "queue" } @for metric in &shown { th { (metric.name) } } } }
                    tbody {
                        @for name in &names { tr { td { (name) } @for metric in &shown { (cell(Some(name.as_str()), metric)) } } }
                        @if names.len() > 1 { tr class="sum" { td { "all queues" } @for metric in &shown { (cell(None, metric)) } } }
                    }
                }
            }
        }
    }
}

/// A table of the agents.
pub fn agents(page: &Page<'_>) -> Markup {
    let days = page.days;
    let names: Vec<&String> = days.first().agents.keys().collect();
    let mean = |name: &str, of: fn(&AgentFigures) -> f64| days.mean(|day| day.agents.get(name).map_or(0.0, of));
    let row = |name: &str| {
        let busy = days.estimate(|day| day.agents.get(name).map_or((0.0, 0.0), |agent| occupancy(&agent.times)));
        vec![
            name.to_owned(),
            count(mean(name, |agent| agent.offers as f64)),
            count(mean(name, |agent| agent.calls as f64)),
            minutes(mean(name, |agent| agent.times.talk)),
            minutes(mean(name, |agent| agent.times.wrap_up)),
            minutes(mean(name, |agent| agent.times.ring)),
            minutes(mean(name, |agent| agent.times.free)),
            minutes(mean(name, |agent| agent.times.on_break)),
            minutes(mean(name, |agent| agent.times.on_duty())),
            value(Unit::Share, &busy),
        ]
    };
    let rows: Vec<Vec<String>> = names.iter().take(MOST_AGENTS).map(|name| row(name)).collect();
    let head = [
        "agent", "offers", "calls", "talk", "wrap-up", "ringing", "free", "break", "on duty", "busy",
    ];
    let hidden = names.len().saturating_sub(MOST_AGENTS);
    html! {
        section {
            h2 { "Agents" }
            p class="about" { "A day's figures for each agent; times in hours, minutes and seconds, or in minutes and seconds." }
            div class="wide" { (table(&head, &rows, false)) }
            @if hidden > 0 { p class="about" { "And " (hidden) " agents more; --json has all of them." } }
        }
    }
}
