//! The figures as a table for people and as files in `benches/results`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{json, Map, Value};

use crate::bars;
use crate::figures::{Figure, Figures, Goal, Limit, Of, Sample, Side};
use crate::machine::Machine;

/// Every figure on a line of its own, with the goals it reaches or misses.
pub fn table(figures: &Figures) -> String {
    let mut text = String::new();
    let mut row = "";
    for figure in &figures.0 {
        if figure.measure.row != row {
            row = figure.measure.row;
            let _ = writeln!(text, "\n{row}: median (min to max; p99 of how many)");
        }
        let _ = writeln!(text, "  {}{}", figure.measure.what, in_brackets(figure.measure.unit));
        for (side, sample) in &figure.samples {
            let _ = writeln!(text, "    {:<6} {}", side.word(), told(sample));
        }
        if let Some(ratio) = figure.ratio() {
            let _ = writeln!(text, "    {} times as good as stock", number(ratio));
        }
        for goal in &figure.measure.goals {
            let _ = writeln!(text, "    {}", judged(figure, *goal));
        }
    }
    text
}

/// A unit behind what it is the unit of.
pub fn in_brackets(unit: &str) -> String {
    if unit.is_empty() {
        String::new()
    } else {
        format!(", {unit}")
    }
}

fn told(sample: &Sample) -> String {
    let [median, min, max, p99] = [sample.median(), sample.min(), sample.max(), sample.p99()].map(number);
    format!(
        "{median} ({min} to {max}; {p99} of {}), mean {}",
        sample.count(),
        number(sample.mean())
    )
}

/// Three digits that count.
pub fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        size if size >= 0.1 => format!("{value:.3}"),
        _ => format!("{value:.4}"),
    }
}

fn judged(figure: &Figure, goal: Goal) -> String {
    let verdict = match figure.reached(goal) {
        Some(true) => "reached",
        Some(false) => "MISSED",
        None => "not judged",
    };
    format!("goal {verdict}: {}", goal_words(figure, goal))
}

fn goal_words(figure: &Figure, goal: Goal) -> String {
    let of = match goal.0 {
        Of::Median => "median",
        Of::P99 => "p99",
        Of::Mean => "mean",
    };
    let limit = figure.limit(goal).map_or_else(|| "?".to_owned(), number);
    match goal.1 {
        Limit::Under(_) => format!("{of} at most {limit}"),
        Limit::TimesCore(factor) => format!("{of} at most {limit}, {factor} times the core"),
        Limit::ShareOfCore(factor) => format!("{of} at least {limit}, {factor} of the core"),
        Limit::MoreThanCore(more) => format!("{of} at most {limit}, {more} more than the core"),
    }
}

/// Writes `NAME.json` and `NAME.svg` into `benches/results` and gives their common path.
///
/// # Errors
/// What the file system says.
pub fn write(name: &str, machine: &Machine, figures: &Figures) -> std::io::Result<PathBuf> {
    let told = json!({ "machine": machine.to_json(), "figures": figures_json(figures) });
    let place = place(name)?;
    std::fs::write(place.with_extension("json"), format!("{told:#}\n"))?;
    std::fs::write(place.with_extension("svg"), bars::draw(figures))?;
    Ok(place)
}

/// Where files of this name belong.
///
/// # Errors
/// What the file system says.
pub fn place(name: &str) -> std::io::Result<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/results");
    std::fs::create_dir_all(&directory)?;
    Ok(directory.join(name))
}

/// All figures with what tells of their spread.
pub fn figures_json(figures: &Figures) -> Value {
    figures.0.iter().map(figure_json).collect()
}

fn figure_json(figure: &Figure) -> Value {
    let sides: Map<String, Value> = figure.samples.iter().map(side_json).collect();
    let goals = figure
        .measure
        .goals
        .iter()
        .map(|goal| json!({ "goal": goal_words(figure, *goal), "reached": figure.reached(*goal) }));
    json!({
        "row": figure.measure.row,
        "what": figure.measure.what,
        "unit": figure.measure.unit,
        "sides": sides,
        "times_as_good_as_stock": figure.ratio().map(rounded),
        "goals": goals.collect::<Vec<_>>(),
    })
}

fn side_json((side, sample): (&Side, &Sample)) -> (String, Value) {
    let told = json!({
        "count": sample.count(),
        "min": rounded(sample.min()),
        "median": rounded(sample.median()),
        "mean": rounded(sample.mean()),
        "p99": rounded(sample.p99()),
        "max": rounded(sample.max()),
        "noise": rounded(sample.noise()),
    });
    (side.word().to_owned(), told)
}

/// Without digits that mean nothing.
pub fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
