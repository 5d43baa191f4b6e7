//! Stock's module and ours in turn in a real FreeSWITCH: what a call, a command and an hour at rest cost.
//!
//! `make bench` runs every row, `BENCH_ROWS=reaction,at_rest make bench` some of them. Each row starts private FreeSWITCHes and
//! stops them. `make bench-load` is sustained load instead, BENCH_MINUTES (5) for each case. The figures go to `benches/results`: numbers as JSON, a picture as SVG. `docs/developing/performance.md` explains them.

mod bars;
mod calls;
mod figures;
mod load;
mod machine;
mod picks;
mod process;
mod report;
mod rows;
mod site;
mod svg;

use std::process::ExitCode;

use callcenter_test_support::harness;
use figures::Figures;

fn main() -> ExitCode {
    if harness::install().is_none() {
        return ExitCode::SUCCESS;
    }
    if picks::is_load() {
        return match load::run() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                told(&error);
                ExitCode::FAILURE
            }
        };
    }
    let rows = match picks::picked() {
        Ok(rows) => rows,
        Err(unknown) => {
            eprintln!("{unknown}");
            return ExitCode::FAILURE;
        }
    };
    let mut figures = Figures::default();
    let machine = machine::Machine::look();
    let mut failed = Vec::new();
    for row in &rows {
        eprintln!("{}: {}", row.name, row.about);
        // What went wrong has been told by the panic; the other rows are worth having all the same.
        let run = std::panic::AssertUnwindSafe(|| (row.run)(&mut figures));
        if std::panic::catch_unwind(run).is_err() {
            failed.push(row.name);
        }
    }
    print!("{}", report::table(&figures));
    let name = if rows.len() == rows::ALL.len() {
        "host"
    } else {
        "picked"
    };
    match report::write(name, &machine, &figures) {
        Ok(place) => println!("written to {}.json and .svg", place.display()),
        Err(error) => failed.push(told(&error)),
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("failed: {}", failed.join(", "));
    ExitCode::FAILURE
}

/// The results could not be written: said at once, counted as one more failure.
fn told(error: &std::io::Error) -> &'static str {
    eprintln!("benches/results: {error}");
    "writing the results"
}
