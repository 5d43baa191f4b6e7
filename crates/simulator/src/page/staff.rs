//! How many agents are needed, slot by slot.

use super::chart::{legend, Frame, Mark};
use super::day::length_of_slots;
use super::words::{clock, count, goal, percent, NOTHING};
use super::{pair, table, Page};
use crate::staffing::{Need, Step};
use crate::study::DayFigures;
use crate::tally::Times;
use maud::{html, Markup};

/// Who is on duty for less than this much of a slot is not missed.
const HARDLY: f64 = 0.2;

/// A table of all queues where there are several, then a chart and a table for each.
pub fn section(page: &Page<'_>) -> Markup {
    html! {
        @if page.needs.len() > 1 { (together(page)) }
        @for need in page.needs { (queue(page, need)) }
    }
}

/// How many agents each queue needs, and when there are too few; or how to find out.
pub fn sentences(page: &Page<'_>) -> Vec<String> {
    let Some(first) = page.needs.first() else {
        let ask = "How many agents each part of the day needs is on this page when it is made with --staff 80/20, which is 80 % within 20 seconds.";
        let is_plain = page.check.is_none() && page.what_if.is_none();
        return is_plain.then(|| ask.to_owned()).into_iter().collect();
    };
    let needed: Vec<String> = page.needs.iter().map(|need| needed(page, need)).collect();
    let wanted = format!(
        "To answer {} within {} seconds",
        goal(first.share),
        count(first.seconds)
    );
    let short: Vec<String> = page.needs.iter().filter_map(|need| too_few(page, need)).collect();
    let short = if short.is_empty() {
        "On duty are as many or more at any time.".to_owned()
    } else {
        format!("Too few are on duty {}.", short.join("; "))
    };
    vec![format!(
        "How many agents? {wanted} {}. {short}{}",
        needed.join("; "),
        of_all(page)
    )]
}

/// `support@default needs 2 to 3 agents, most of them from 09:30 to 13:00`.
fn needed(page: &Page<'_>, need: &Need) -> String {
    if need.steps.iter().any(|step| step.simulated.is_none()) {
        return format!("{} at times needs more agents than were tried", need.queue);
    }
    let numbers = || need.steps.iter().filter_map(|step| step.simulated);
    let (least, most) = (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0));
    if least == most {
        return format!("{} needs {} all day", need.queue, agents(most));
    }
    let when = times(page, need, |step| step.simulated == Some(most));
    format!("{} needs {least} to {}, {most} {when}", need.queue, agents(most))
}

/// How many people that is, where there are several queues.
fn of_all(page: &Page<'_>) -> String {
    let slots = 0..page.days.first().by_slot.len();
    let sum = |slot: usize| -> u32 {
        let steps = page.needs.iter().filter_map(|need| need.steps.get(slot));
        steps.filter_map(|step| step.simulated).sum()
    };
    let most = slots.clone().map(sum).max().unwrap_or(0);
    let on_duty = slots.map(|slot| people(page, slot)).fold(0.0, f64::max);
    if page.needs.len() < 2 {
        return String::new();
    }
    format!(
        " All queues together need at most {}, fewer where the same people serve several; at most {} are on duty.",
        agents(most),
        count(round(on_duty))
    )
}

fn agents(number: u32) -> String {
    format!("{number} agent{}", if number == 1 { "" } else { "s" })
}

/// `in support@default from 12:00 to 12:30 (1 missing)`, where somebody is.
fn too_few(page: &Page<'_>, need: &Need) -> Option<String> {
    let worst = need.steps.iter().map(missing).fold(0.0, f64::max);
    let when = times(page, need, is_short);
    (worst > HARDLY).then(|| format!("in {} {when} ({} missing)", need.queue, count(round(worst))))
}

/// `from 09:00 to 10:30 and from 12:00 to 12:30`: when something holds.
fn times(page: &Page<'_>, need: &Need, holds: impl Fn(&Step) -> bool) -> String {
    let slots = page.days.first().slots;
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for slot in (0..need.steps.len()).filter(|slot| holds(&need.steps[*slot])) {
        match spans.last_mut() {
            Some(last) if last.1 == slot => last.1 = slot + 1,
            _ => spans.push((slot, slot + 1)),
        }
    }
    let said =
        |(from, to): &(usize, usize)| format!("from {} to {}", clock(slots.begins(*from)), clock(slots.begins(*to)));
    match &spans[..] {
        [(0, end)] if *end == need.steps.len() => "all day".to_owned(),
        [one] => said(one),
        [first @ .., last] => format!(
            "{} and {}",
            first.iter().map(said).collect::<Vec<_>>().join(", "),
            said(last)
        ),
        [] => String::new(),
    }
}

fn shown(agents: Option<u32>) -> String {
    agents.map_or_else(|| NOTHING.to_owned(), |agents| agents.to_string())
}

/// All queues side by side: in each cell how many are needed, and how many are on duty.
fn together(page: &Page<'_>) -> Markup {
    html! {
        section {
            h2 { "How many agents: all queues" }
            p class="about" {
                "In each " (length_of_slots(page)) ": agents needed / agents on duty. Whoever serves several queues is on duty in each of them. All queues: \
                 the sum of what they need, which is enough in any case / how many people are on duty. Where the same people serve several queues, \
                 fewer than the sum are enough: " code { "--agents -1" } " shows what one less would do."
            }
            div class="wide" {
                table {
                    thead { tr { th { "from" } @for need in page.needs { th { (need.queue) } } th { "all queues" } } }
                    tbody { @for slot in 0..page.days.first().by_slot.len() { (row_of_all(page, slot)) } }
                }
            }
        }
    }
}

fn row_of_all(page: &Page<'_>, slot: usize) -> Markup {
    let steps = || page.needs.iter().filter_map(|need| need.steps.get(slot));
    let sum: Option<u32> = steps().map(|step| step.simulated).sum();
    html! {
        tr {
            td { (clock(page.days.first().slots.begins(slot))) }
            @for step in steps() {
                td class=[is_short(step).then_some("short")] { (shown(step.simulated)) " / " (count(round(step.present))) }
            }
            td { (shown(sum)) " / " (count(round(people(page, slot)))) }
        }
    }
}

fn is_short(step: &Step) -> bool {
    missing(step) > HARDLY
}

/// How many agents are needed and not on duty.
fn missing(step: &Step) -> f64 {
    f64::from(step.simulated.unwrap_or(0)) - step.present
}

/// How many people are on duty in a slot, whatever they serve.
fn people(page: &Page<'_>, slot: usize) -> f64 {
    let length = page.days.first().slots.length.micros() as f64 / 1e6;
    let on_duty = |day: &DayFigures| day.staff.get(slot).map_or(0.0, Times::on_duty);
    page.days.mean(on_duty) / length
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

fn queue(page: &Page<'_>, need: &Need) -> Markup {
    let number = |agents: Option<u32>| agents.map_or(0.0, f64::from);
    let needed: Vec<f64> = need.steps.iter().map(|step| number(step.simulated)).collect();
    let erlang_c: Vec<f64> = need.steps.iter().map(|step| number(step.erlang_c)).collect();
    let present: Vec<f64> = need.steps.iter().map(|step| step.present).collect();
    let all = needed.iter().chain(&erlang_c).chain(&present);
    let frame = Frame {
        title: format!("Agents that {} needs", need.queue),
        unit: "agents",
        below: "time of day",
        top: Frame::round_top(all.copied().fold(0.0, f64::max), 4.0),
        write: count,
        steps: need.steps.iter().map(|step| clock(step.begins)).collect(),
    };
    let bars: Vec<Vec<f64>> = needed.iter().map(|agents| vec![*agents]).collect();
    let told = |step: usize| format!("{}: {}", clock(need.steps[step].begins), count(needed[step]));
    let inside = html! {
        (frame.stacked_bars(&bars, &["ring"], told))
        (frame.stairs(&erlang_c, "wrap-up", true))
        (frame.stairs(&present, "bad", false))
    };
    let entries = [
        ("ring", Mark::Area, "needed"),
        ("wrap-up", Mark::Dashes, "needed after Erlang C"),
        ("bad", Mark::Line, "on duty"),
    ];
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    pair(
        &format!("How many agents: {}", need.queue),
        &about(page, need),
        &chart,
        &numbers(need),
    )
}

fn about(page: &Page<'_>, need: &Need) -> String {
    format!(
        "The fewest agents with whom {} of the callers are answered within {} seconds if each {} went on and on as it is. Needed, and the share answered in time with so many: played with this \
         configuration, callers and phones. Erlang C: callers never give up; Erlang A: they do. Both know talk, ring and wrap-up ({} s a call), and \
         no limits of the queue.",
        goal(need.share),
        count(need.seconds),
        length_of_slots(page),
        count(need.busy.round()),
    )
}

fn numbers(need: &Need) -> Markup {
    let row = |step: &Step| {
        vec![
            clock(step.begins),
            count(step.calls),
            shown(step.simulated),
            count(round(step.present)),
            step.level.map_or_else(|| NOTHING.to_owned(), percent),
            shown(step.erlang_c),
            shown(step.erlang_a),
        ]
    };
    let rows: Vec<Vec<String>> = need.steps.iter().map(row).collect();
    let head = [
        "from",
        "calls",
        "needed",
        "on duty",
        "answered in time",
        "Erlang C",
        "Erlang A",
    ];
    table(&head, &rows, false)
}
