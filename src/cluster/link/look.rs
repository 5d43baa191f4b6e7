//! Everything a box looks at, in one statement and so as it was in one instant.

use crate::cluster::link::scripts::TIMELINE;
use crate::cluster::link::session::{Runner, Session};
use crate::cluster::link::values::{count, ordered, standing_of, term_of, term_values, unordered, TERM};
use crate::cluster::tables::{BoxId, BoxRow, InputRow, Lease, OutputRow, View};
use crate::cluster::term::{Incarnation, Server, Term};
use crate::engine::{Span, Timestamp};
use std::time::Instant;
use tokio_postgres::{Row, Statement};

/// A look that the server has prepared.
pub(super) struct Look(Statement);

/// What the first column of a row says it is of.
mod kind {
    pub const TERM: i32 = 0;
    pub const LEASE: i32 = 1;
    pub const BOX: i32 = 2;
    pub const OUTPUT: i32 = 3;
    pub const INPUT: i32 = 4;
}

impl Look {
    pub fn prepare(session: &Session, runner: &Runner, deadline: Instant) -> Result<Self, String> {
        session.prepare(runner, deadline, &sql()).map(Self)
    }

    /// Looks.
    pub fn look(
        &self,
        (session, runner, deadline): (&Session, &Runner, Instant),
        server: Server,
        (id, leads): (&BoxId, Option<Term>),
    ) -> Result<View, String> {
        let [of, timeline, number, incarnation] = leads.as_ref().map_or([0; 4], term_values);
        let (instance, run) = (&id.instance, ordered(id.incarnation.0));
        let rows = session.query(
            runner,
            deadline,
            (
                &self.0,
                &[instance, &run, &leads.is_some(), &of, &timeline, &number, &incarnation],
            ),
        )?;
        read(server, &rows).map_err(|error| format!("the tables cluster_* are not as they should be: {error}"))
    }
}

fn sql() -> String {
    format!(
        "SELECT {}, NULL::text, NULL::bigint, {TERM}, {TIMELINE}, \
         coalesce((SELECT number FROM cluster_cursors WHERE instance = $1 AND incarnation = $2), 0), \
         NULL::bigint, NULL::bigint, NULL::text, NULL::bytea FROM cluster_term \
         UNION ALL SELECT {}, instance, NULL, {TERM}, beat, engine_time, is_left::int, NULL, NULL, NULL \
         FROM cluster_lease WHERE election IS NOT NULL \
         UNION ALL SELECT {}, instance, incarnation, {TERM}, report, beat, carried_out, left_before, standing, NULL \
         FROM cluster_boxes \
         UNION ALL SELECT {}, instance, incarnation, {TERM}, report, number, NULL, NULL, NULL, body \
         FROM cluster_outputs WHERE instance = $1 AND incarnation = $2 AND NOT EXISTS ( \
             SELECT 1 FROM cluster_boxes AS own WHERE own.instance = $1 AND own.incarnation = $2 \
             AND (cluster_outputs.report < own.report \
             OR cluster_outputs.report = own.report AND cluster_outputs.number <= own.carried_out)) \
         UNION ALL SELECT {}, instance, incarnation, {TERM}, number, report, age, engine_time, NULL, body \
         FROM cluster_inputs WHERE $3 AND ({TERM}) = ($4, $5, $6, $7) AND number > coalesce(( \
             SELECT read.number FROM cluster_cursors AS read WHERE read.instance = cluster_inputs.instance \
             AND read.incarnation = cluster_inputs.incarnation), 0)",
        kind::TERM,
        kind::LEASE,
        kind::BOX,
        kind::OUTPUT,
        kind::INPUT
    )
}

/// What a row of the answer has.
struct Seen<'r>(&'r Row);

impl Seen<'_> {
    fn number(&self, index: usize) -> Result<Option<i64>, String> {
        self.0.try_get(index).map_err(|error| error.to_string())
    }

    fn there(&self, index: usize) -> Result<i64, String> {
        self.number(index)?.ok_or_else(|| format!("column {index} is empty"))
    }

    fn text(&self, index: usize) -> Result<String, String> {
        let text: Option<String> = self.0.try_get(index).map_err(|error| error.to_string())?;
        text.ok_or_else(|| format!("column {index} is empty"))
    }

    fn body(&self) -> Result<String, String> {
        let bytes: Option<&[u8]> = self.0.try_get(12).map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned())
    }

    fn term(&self) -> Result<Option<Term>, String> {
        let columns = [self.number(3)?, self.number(4)?, self.number(5)?, self.number(6)?];
        Ok(term_of(columns))
    }

    fn id(&self) -> Result<BoxId, String> {
        Ok(BoxId {
            instance: self.text(1)?,
            incarnation: Incarnation(unordered(self.there(2)?)),
        })
    }

    fn report(&self, index: usize) -> Result<u32, String> {
        u32::try_from(self.there(index)?).map_err(|error| error.to_string())
    }

    fn lease(&self) -> Result<Option<Lease>, String> {
        let Some(term) = self.term()? else { return Ok(None) };
        Ok(Some(Lease {
            term,
            holder: BoxId {
                instance: self.text(1)?,
                incarnation: term.incarnation,
            },
            beat: count(self.there(7)?),
            engine_time: Timestamp::from_micros(self.there(8)?),
            is_left: self.there(9)? != 0,
        }))
    }

    fn box_row(&self) -> Result<BoxRow, String> {
        Ok(BoxRow {
            id: self.id()?,
            promised: self.term()?,
            report: self.report(7)?,
            beat: count(self.there(8)?),
            cursor: count(self.there(9)?),
            standing: standing_of(&self.text(11)?),
            left_before: self.number(10)?.map(|run| Incarnation(unordered(run))),
        })
    }

    fn output(&self) -> Result<OutputRow, String> {
        Ok(OutputRow {
            term: self.term()?.ok_or("an output of no term")?,
            to: self.id()?,
            report: self.report(7)?,
            number: count(self.there(8)?),
            body: self.body()?,
        })
    }

    fn input(&self) -> Result<InputRow, String> {
        Ok(InputRow {
            from: self.id()?,
            number: count(self.there(7)?),
            promised: self.term()?,
            report: self.number(8)?.map(|report| u32::try_from(report).unwrap_or(u32::MAX)),
            age: Span::from_micros(self.there(9)?),
            engine_time: Timestamp::from_micros(self.there(10)?),
            body: self.body()?,
        })
    }
}

fn read(server: Server, rows: &[Row]) -> Result<View, String> {
    let mut timeline = None;
    let mut view = View {
        server,
        timeline: 0,
        term: None,
        lease: None,
        boxes: Vec::new(),
        cursor: 0,
        outputs: Vec::new(),
        inputs: Vec::new(),
    };
    for row in rows {
        let seen = Seen(row);
        match row.try_get::<_, i32>(0).map_err(|error| error.to_string())? {
            kind::TERM => {
                view.term = seen.term()?;
                timeline = Some(seen.there(7)?);
                view.cursor = count(seen.there(8)?);
            }
            kind::LEASE => view.lease = seen.lease()?,
            kind::BOX => view.boxes.push(seen.box_row()?),
            kind::OUTPUT => view.outputs.push(seen.output()?),
            kind::INPUT => view.inputs.push(seen.input()?),
            other => return Err(format!("a row of kind {other}")),
        }
    }
    let timeline = timeline.ok_or("cluster_term has no row")?;
    view.timeline = u32::try_from(timeline).map_err(|error| error.to_string())?;
    view.boxes.sort_by(|a, b| a.id.cmp(&b.id));
    view.outputs.sort_by_key(|row| (row.report, row.number));
    view.inputs
        .sort_by(|a, b| (&a.from, a.number).cmp(&(&b.from, b.number)));
    Ok(view)
}
