//! How many agents are needed.

use super::chart::{legend, Frame, Mark};
use super::words::{clock, count, percent, NOTHING};
use super::{pair, table, Page};
use crate::staffing::Need;
use maud::{html, Markup};

/// A chart and a table for each queue.
pub fn section(page: &Page<'_>) -> Markup {
    html! { @for need in page.needs { (queue(page, need)) } }
}

fn queue(page: &Page<'_>, need: &Need) -> Markup {
    let number = |agents: Option<u32>| agents.map_or(0.0, f64::from);
    let simulated: Vec<f64> = need.steps.iter().map(|step| number(step.simulated)).collect();
    let erlang_c: Vec<f64> = need.steps.iter().map(|step| number(step.erlang_c)).collect();
    let present: Vec<f64> = need.steps.iter().map(|step| step.present).collect();
    let highest = simulated
        .iter()
        .chain(&erlang_c)
        .chain(&present)
        .copied()
        .fold(0.0, f64::max);
    let frame = Frame {
        title: format!("Agents that {} needs", need.queue),
        unit: "agents",
        below: "time of day",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: need.steps.iter().map(|step| clock(step.begins)).collect(),
    };
    let bars: Vec<Vec<f64>> = simulated.iter().map(|agents| vec![*agents]).collect();
    let told = |step: usize| format!("{}: {}", clock(need.steps[step].begins), count(simulated[step]));
    let inside = html! {
        (frame.stacked_bars(&bars, &["ring"], told))
        (frame.stairs(&erlang_c, "wrap-up", true))
        (frame.stairs(&present, "bad", false))
    };
    let entries = [
        ("ring", Mark::Area, "needed, as simulated"),
        ("wrap-up", Mark::Dashes, "needed after Erlang C"),
        ("bad", Mark::Line, "on duty"),
    ];
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let show = |agents: Option<u32>| agents.map_or_else(|| NOTHING.to_owned(), |agents| agents.to_string());
    let rows: Vec<Vec<String>> = need
        .steps
        .iter()
        .map(|step| {
            vec![
                clock(step.begins),
                count(step.calls),
                show(step.simulated),
                step.level.map_or_else(|| NOTHING.to_owned(), percent),
                show(step.erlang_c),
                show(step.erlang_a),
                format!("{:.1}", step.present),
            ]
        })
        .collect();
    let head = ["from", "calls", "needed", "level", "Erlang C", "Erlang A", "on duty"];
    let about = format!(
        "The fewest agents with whom {} of the callers are answered within {} seconds if the {} went on as it is. Needed: played with this \
         configuration, callers and phones. Erlang C: callers never give up; Erlang A: they do. Both know talk, ring and wrap-up ({} s a call), and \
         no limits of the queue. Agents of several queues count in each.",
        percent(need.share),
        count(need.seconds),
        if page.days.first().slots.length.secs() == 1800 { "half hour" } else { "stretch" },
        count(need.busy.round()),
    );
    pair(
        &format!("Agents needed: {}", need.queue),
        &about,
        &chart,
        &table(&head, &rows, false),
    )
}
