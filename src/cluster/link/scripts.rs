//! What is written, as SQL: each statement is one message of several SQL statements and so one transaction. It ends at the first
//! condition that does not hold, and nothing of it is there then.
//!
//! Rows are locked in one order: term, journal, rows, facts, cursors, messages, lease, boxes.

use crate::cluster::link::session::HOLDS;
use crate::cluster::link::values::{
    body_sql, box_sql, counted, is_box, is_lease, is_term, set_term, standing_word, term_sql, TERM,
};
use crate::cluster::messages::VERSION;
use crate::cluster::statements::Batch;
use crate::cluster::tables::{BoxId, FactChange, InputRow, Lease, OutputRow, Standing, Tables};
use crate::cluster::term::Term;
use crate::engine::Timestamp;

/// The server's timeline, from the name of the WAL file that is being written: the control file shows the old one until the first
/// checkpoint after a promotion.
pub(super) const TIMELINE: &str = "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint";

/// The commit waits for the disk, if the server has it so.
const DURABLE: &str = "SET LOCAL synchronous_commit TO DEFAULT";

/// Says `found` again, and fails where that finds nothing.
fn holds(found: &str) -> String {
    format!("{HOLDS} FROM ({found}) AS found")
}

/// Changes a row, and fails where there is none.
fn changes(update: &str) -> String {
    format!("WITH changed AS ({update} RETURNING 1) {HOLDS} FROM changed")
}

/// Fails if the last election was another one. An election waits until this transaction is over.
fn under(term: &Term) -> String {
    holds(&format!("SELECT 1 FROM cluster_term WHERE {} FOR SHARE", is_term(term)))
}

fn joined(statements: &[String]) -> String {
    statements.join("; ")
}

pub(super) fn renew(id: &BoxId, report: u32, cursor: u64) -> String {
    changes(&format!(
        "UPDATE cluster_boxes SET beat = beat + 1, \
         carried_out = CASE WHEN report = {report} THEN {} ELSE carried_out END \
         WHERE {} AND standing = 'here'",
        counted(cursor),
        is_box(id)
    ))
}

pub(super) fn check(id: &BoxId, term: &Term) -> String {
    holds(&format!(
        "SELECT 1 FROM cluster_boxes WHERE {} AND standing = 'here' \
         AND EXISTS (SELECT 1 FROM cluster_term WHERE {})",
        is_box(id),
        is_term(term)
    ))
}

pub(super) fn join(id: &BoxId, instead_of: Option<&(BoxId, u64)>) -> String {
    let joining = match instead_of {
        None => format!(
            "INSERT INTO cluster_boxes (instance, incarnation, standing, version) VALUES ({}, 'here', {VERSION}) \
             ON CONFLICT DO NOTHING",
            box_sql(id)
        ),
        Some((old, beat)) => format!(
            "UPDATE cluster_boxes SET (instance, incarnation) = ROW({}), {}, \
             left_before = CASE WHEN standing = 'left' THEN incarnation END, \
             report = 0, beat = 0, carried_out = 0, standing = 'here', version = {VERSION} WHERE {} AND beat = {}",
            box_sql(id),
            set_term(None),
            is_box(old),
            counted(*beat)
        ),
    };
    joined(&[DURABLE.to_owned(), changes(&joining)])
}

pub(super) fn report(row: &InputRow) -> String {
    let number = row.report.unwrap_or_default();
    let is_up_to_date = row.promised.as_ref().map_or_else(
        || "election IS NULL".to_owned(),
        |promised| {
            let newest: Vec<String> = term_sql(Some(promised)).split(", ").map(str::to_owned).collect();
            let (server, rest) = newest
                .split_first()
                .map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
            format!(
                "(election IS NULL OR server <> {server} OR (timeline, election, elected) <= ({}))",
                rest.join(", ")
            )
        },
    );
    joined(&[
        DURABLE.to_owned(),
        holds(&format!("SELECT 1 FROM cluster_term WHERE {is_up_to_date} FOR SHARE")),
        changes(&format!(
            "UPDATE cluster_boxes SET {}, report = {number}, carried_out = 0, beat = beat + 1, standing = 'here' \
             WHERE {} AND report <= {number}",
            set_term(row.promised.as_ref()),
            is_box(&row.from)
        )),
        tell(std::slice::from_ref(row)),
    ])
}

pub(super) fn tell(rows: &[InputRow]) -> String {
    let values = rows.iter().map(|row| {
        let report = row
            .report
            .map_or_else(|| "NULL".to_owned(), |report| report.to_string());
        format!(
            "({}, {}, {}, {report}, {}, {}, {})",
            box_sql(&row.from),
            counted(row.number),
            term_sql(row.promised.as_ref()),
            row.age.micros(),
            row.engine_time.micros(),
            body_sql(&row.body)
        )
    });
    let values: Vec<String> = values.collect();
    format!(
        "INSERT INTO cluster_inputs (instance, incarnation, number, {TERM}, report, age, engine_time, body) \
         VALUES {} ON CONFLICT DO NOTHING",
        values.join(", ")
    )
}

pub(super) fn elect(term: &Term, id: &BoxId, seen: Option<&Lease>) -> String {
    joined(&[
        DURABLE.to_owned(),
        // Batches of the last leader that are under way are over when this is done.
        holds(&format!(
            "SELECT 1 FROM cluster_term WHERE {TIMELINE} = {} FOR UPDATE",
            term.timeline
        )),
        "UPDATE cluster_journal SET batch = 0".to_owned(),
        changes(&format!(
            "UPDATE cluster_lease SET {}, instance = {}, is_left = false, \
             beat = CASE WHEN election IS NULL THEN 0 ELSE beat + 1 END WHERE {}",
            set_term(Some(term)),
            crate::store::postgres_literal(&id.instance),
            is_lease(seen)
        )),
        changes(&format!(
            "UPDATE cluster_boxes SET {}, beat = beat + 1 WHERE {} AND standing = 'here'",
            set_term(Some(term)),
            is_box(id)
        )),
        format!("UPDATE cluster_term SET {}", set_term(Some(term))),
    ])
}

pub(super) fn mark(term: &Term, (id, beat): (&BoxId, u64), standing: Standing) -> String {
    joined(&[
        DURABLE.to_owned(),
        under(term),
        changes(&format!(
            "UPDATE cluster_boxes SET standing = '{}' WHERE {} AND beat = {}",
            standing_word(standing),
            is_box(id),
            counted(beat)
        )),
    ])
}

/// The last batch of this term, if it is that of the last election.
pub(super) fn last_batch(term: &Term) -> String {
    format!(
        "SELECT batch FROM cluster_journal WHERE EXISTS \
         (SELECT 1 FROM cluster_term WHERE {} AND {TIMELINE} = {})",
        is_term(term),
        term.timeline
    )
}

/// A batch; `rows` are the statements that write its changes of rows.
pub(super) fn write<T: Tables>(batch: &Batch<T>, rows: String) -> String {
    let mut statements = Vec::new();
    if batch.beat.is_some() {
        statements.push(DURABLE.to_owned());
    }
    statements.push(holds(&format!(
        "SELECT 1 FROM cluster_term WHERE {} AND {TIMELINE} = {} FOR SHARE",
        is_term(&batch.term),
        batch.term.timeline
    )));
    statements.push(changes(&format!(
        "UPDATE cluster_journal SET batch = {number} WHERE batch = {number} - 1",
        number = counted(batch.number)
    )));
    statements.extend((!rows.is_empty()).then_some(rows));
    statements.extend(facts(&batch.facts));
    statements.extend(cursors(&batch.cursors));
    statements.extend(outputs(&batch.outputs));
    if let Some(engine_time) = batch.beat {
        statements.extend(sweeping());
        statements.push(format!(
            "UPDATE cluster_lease SET beat = beat + 1, engine_time = {}",
            engine_time.micros()
        ));
    }
    joined(&statements)
}

/// What is to be known from now on, and what is not any more.
fn facts(changes: &[FactChange]) -> Vec<String> {
    let said = changes.iter().filter_map(|change| {
        let says = change.says.as_deref()?;
        Some(format!("({}, {})", body_sql(&change.name), body_sql(says)))
    });
    let over = changes.iter().filter(|change| change.says.is_none());
    let said: Vec<String> = said.collect();
    let over: Vec<String> = over.map(|change| body_sql(&change.name)).collect();
    let said = (!said.is_empty()).then(|| {
        format!(
            "INSERT INTO cluster_facts (name, says) VALUES {} ON CONFLICT (name) DO UPDATE SET says = EXCLUDED.says",
            said.join(", ")
        )
    });
    let over = (!over.is_empty()).then(|| format!("DELETE FROM cluster_facts WHERE name IN ({})", over.join(", ")));
    said.into_iter().chain(over).collect()
}

/// All of it. Digits: no encoding of a database stands in the way.
pub(super) const FACTS: &str = "SELECT encode(name, 'hex'), encode(says, 'hex') FROM cluster_facts";

/// How far the inputs are in the rows; those are done with.
fn cursors(cursors: &[(BoxId, u64)]) -> Vec<String> {
    if cursors.is_empty() {
        return Vec::new();
    }
    let values: Vec<String> = cursors
        .iter()
        .map(|(id, number)| format!("({}, {})", box_sql(id), counted(*number)))
        .collect();
    let mut statements = vec![format!(
        "INSERT INTO cluster_cursors (instance, incarnation, number) VALUES {} \
         ON CONFLICT (instance, incarnation) DO UPDATE SET number = EXCLUDED.number",
        values.join(", ")
    )];
    statements.extend(cursors.iter().map(|(id, number)| {
        format!(
            "DELETE FROM cluster_inputs WHERE {} AND number <= {}",
            is_box(id),
            counted(*number)
        )
    }));
    statements
}

fn outputs(outputs: &[OutputRow]) -> Option<String> {
    let values = outputs.iter().map(|row| {
        format!(
            "({}, {}, {}, {}, {})",
            box_sql(&row.to),
            row.report,
            counted(row.number),
            term_sql(Some(&row.term)),
            body_sql(&row.body)
        )
    });
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| {
        format!(
            "INSERT INTO cluster_outputs (instance, incarnation, report, number, {TERM}, body) \
             VALUES {} ON CONFLICT DO NOTHING",
            values.join(", ")
        )
    })
}

/// What is done with, and what nobody will read any more, once a second.
fn sweeping() -> [String; 3] {
    [
        "DELETE FROM cluster_inputs USING cluster_cursors AS read WHERE cluster_inputs.instance = read.instance \
         AND cluster_inputs.incarnation = read.incarnation AND cluster_inputs.number <= read.number"
            .to_owned(),
        "DELETE FROM cluster_outputs USING cluster_boxes AS done WHERE cluster_outputs.instance = done.instance \
         AND (cluster_outputs.incarnation <> done.incarnation OR cluster_outputs.report < done.report \
         OR cluster_outputs.report = done.report AND cluster_outputs.number <= done.carried_out)"
            .to_owned(),
        "DELETE FROM cluster_inputs USING cluster_boxes AS now WHERE cluster_inputs.instance = now.instance \
         AND cluster_inputs.incarnation <> now.incarnation"
            .to_owned(),
    ]
}

/// What leaves the lease.
fn leaving(engine_time: Timestamp) -> String {
    format!(
        "UPDATE cluster_lease SET is_left = true, engine_time = greatest(engine_time, {})",
        engine_time.micros()
    )
}

pub(super) fn leave(term: &Term, engine_time: Timestamp) -> String {
    let left = changes(&format!("{} WHERE {}", leaving(engine_time), is_term(term)));
    joined(&[DURABLE.to_owned(), left])
}

pub(super) fn depart(id: &BoxId, engine_time: Timestamp) -> String {
    let is_holder = format!("(instance, elected) = ({})", box_sql(id));
    joined(&[
        DURABLE.to_owned(),
        format!("{} WHERE {is_holder}", leaving(engine_time)),
        changes(&format!(
            "UPDATE cluster_boxes SET standing = 'left' WHERE {}",
            is_box(id)
        )),
    ])
}
