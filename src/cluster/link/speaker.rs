//! A lane's end at the server: it makes connections, says statements and understands the answers.

use crate::cluster::link::dsn::{Addresses, ANSWERED_WITHIN};
use crate::cluster::link::hints::{self, Hints};
use crate::cluster::link::look::Look;
use crate::cluster::link::rows::StoredRows;
use crate::cluster::link::session::{Borrowed, Runner, Script, Session};
use crate::cluster::link::values::{count, text_of, unordered};
use crate::cluster::link::{schema, scripts};
use crate::cluster::statements::{Answer, Batch, Lane, Lost, Restored, Statement};
use crate::cluster::tables::{BoxId, Tables};
use crate::cluster::term::{Incarnation, Server, Term};
use crate::engine::WallTime;
use crate::store::SqlRow;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;

/// What the server's clock shows, in microseconds.
const CLOCK: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

/// So long a look for changes by others may take, as where somebody has locked a table: the next beat has to come in time.
const OTHERS_FOUND_WITHIN: Duration = Duration::from_secs(1);

/// A connection, and what is known of whoever is at its other end.
struct Connected {
    session: Session,
    server: Server,
    look: Look,
}

impl Connected {
    fn lend<'s>(&'s self, runner: &'s Runner, deadline: Instant) -> Borrowed<'s> {
        let session = &self.session;
        Borrowed {
            session,
            runner,
            deadline,
        }
    }
}

/// What comes to a lane.
pub(super) enum Arrival<T: Tables> {
    /// Something is to be said.
    Statement(Box<Statement<T>>),
    /// Somebody has written something for this box.
    Hint,
    /// The connection is lost while nothing was said.
    Broken,
    /// Nothing will be said any more.
    Over,
}

/// Says statements on one lane, over one connection at a time.
pub struct Speaker<T: Tables, R> {
    runner: Runner,
    addresses: Addresses,
    me: BoxId,
    lane: Lane,
    rows: R,
    hints: Hints,
    connected: Option<Connected>,
    trouble: Option<String>,
    of: std::marker::PhantomData<fn(T)>,
}

impl<T: Tables, R: StoredRows<T>> Speaker<T, R> {
    /// A lane of a box. Nothing is said yet.
    ///
    /// # Errors
    /// If the system has nothing left for it.
    pub fn new(addresses: Addresses, me: BoxId, lane: Lane, rows: R) -> Result<Self, String> {
        Ok(Self {
            runner: Runner::new()?,
            addresses,
            me,
            lane,
            rows,
            hints: Hints::default(),
            connected: None,
            trouble: None,
            of: std::marker::PhantomData,
        })
    }

    /// Shares with the other lane what hints need.
    pub(super) fn sharing(mut self, hints: &Hints) -> Self {
        self.hints = hints.clone();
        self
    }

    /// Why the last statement got no answer, in words for the operator.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Waits for something to do.
    pub(super) fn wait(&mut self, statements: &mut UnboundedReceiver<Statement<T>>) -> Arrival<T> {
        let Self { runner, connected, .. } = self;
        let arrival = runner.wait(async {
            let Some(connected) = connected.as_mut() else {
                return said(statements.recv().await);
            };
            if connected.session.heard_already() {
                return Arrival::Hint;
            }
            tokio::select! {
                biased;
                statement = statements.recv() => said(statement),
                heard = connected.session.hear() => heard.map_or(Arrival::Broken, |_| Arrival::Hint),
            }
        });
        if matches!(arrival, Arrival::Broken) {
            self.trouble = Some("the connection is lost".to_owned());
            self.drop_connection();
        }
        arrival
    }

    /// Says a statement, on a connection that is made where there is none.
    ///
    /// # Errors
    /// If there is no answer in time. The connection is given up then.
    pub fn say(&mut self, statement: &Statement<T>) -> Result<Answer<T>, Lost> {
        let deadline = Instant::now() + ANSWERED_WITHIN;
        let said = self.connect(deadline).and_then(|()| self.execute(deadline, statement));
        match said {
            Ok(answer) => {
                self.trouble = None;
                let hint = self.hints.behind(&self.me, statement, &answer);
                if let (Some(hint), Some(connected)) = (hint, &self.connected) {
                    connected.session.mention(&self.runner, &hint);
                }
                Ok(answer)
            }
            Err(trouble) => {
                self.trouble = Some(trouble);
                self.drop_connection();
                Err(Lost)
            }
        }
    }

    fn drop_connection(&mut self) {
        self.connected = None;
        // The end of its task closes the socket.
        self.runner.wait(tokio::task::yield_now());
    }

    fn connect(&mut self, deadline: Instant) -> Result<(), String> {
        if self.connected.is_some() {
            return Ok(());
        }
        let mut session = Session::connect(&self.runner, &self.addresses, deadline)?;
        schema::prepare(&session, &self.runner, deadline)?;
        let server = self.introduce(&session, deadline)?;
        if self.lane == Lane::Reader && !hints::listen(&mut session, &self.runner, &self.me.instance, deadline)? {
            return Err(hints::POOLER.to_owned());
        }
        let look = Look::prepare(&session, &self.runner, deadline)?;
        self.connected = Some(Connected { session, server, look });
        Ok(())
    }

    /// Says how long something may take there, and asks who it is.
    fn introduce(&self, session: &Session, deadline: Instant) -> Result<Server, String> {
        let (role, way) = match self.lane {
            // A look is planned once: planned for its values each time it would cost three times as much.
            Lane::Reader => ("reads", "SET plan_cache_mode TO force_generic_plan"),
            // What has to be durable says so.
            Lane::Writer => ("writes", "SET synchronous_commit TO off"),
        };
        let millis = ANSWERED_WITHIN.as_millis();
        let name = crate::store::postgres_literal(&format!("callcenter {} {role}", self.me.instance));
        let script = format!(
            "SET application_name TO {name}; SET statement_timeout TO {millis}; SET lock_timeout TO {millis}; \
             SET idle_in_transaction_session_timeout TO {millis}; {way}; \
             SELECT system_identifier FROM pg_control_system()"
        );
        let identifier = first_number(session.script(&self.runner, deadline, &script)?);
        let identifier = identifier.ok_or("the server did not say who it is (pg_control_system)")?;
        Ok(Server(u64::from_ne_bytes(identifier.to_ne_bytes())))
    }

    fn execute(&mut self, deadline: Instant, statement: &Statement<T>) -> Result<Answer<T>, String> {
        match statement {
            Statement::Look { id, leads } => self.look(deadline, id, *leads),
            Statement::Restore { term } => self.restore(deadline, term),
            Statement::LookForOthers { term } => self.look_for_others(deadline, term),
            Statement::Write(batch) => self.write(deadline, batch),
            Statement::Tell(rows) if rows.is_empty() => Ok(Answer::Done),
            Statement::Tell(rows) => self.conditional(deadline, &scripts::tell(rows)),
            Statement::Renew { id, report, cursor } => {
                self.conditional(deadline, &scripts::renew(id, *report, *cursor))
            }
            Statement::Check { id, term } => self.conditional(deadline, &scripts::check(id, term)),
            Statement::Join { id, instead_of } => self.conditional(deadline, &scripts::join(id, instead_of.as_ref())),
            Statement::Report(row) => self.conditional(deadline, &scripts::report(row)),
            Statement::Elect { term, id, seen } => self.conditional(deadline, &scripts::elect(term, id, seen.as_ref())),
            Statement::Mark {
                term,
                id,
                beat,
                standing,
            } => self.conditional(deadline, &scripts::mark(term, (id, *beat), *standing)),
            Statement::Leave { term, engine_time } => self.conditional(deadline, &scripts::leave(term, *engine_time)),
            Statement::Depart { id, engine_time } => self.conditional(deadline, &scripts::depart(id, *engine_time)),
        }
    }

    fn connected(&self) -> Result<&Connected, String> {
        self.connected
            .as_ref()
            .ok_or_else(|| "there is no connection".to_owned())
    }

    fn script(&self, deadline: Instant, sql: &str) -> Result<Script, String> {
        self.connected()?.session.script(&self.runner, deadline, sql)
    }

    fn conditional(&self, deadline: Instant, sql: &str) -> Result<Answer<T>, String> {
        let is_done = self.script(deadline, sql)?.is_done();
        Ok(if is_done { Answer::Done } else { Answer::Refused })
    }

    fn look(&self, deadline: Instant, id: &BoxId, leads: Option<Term>) -> Result<Answer<T>, String> {
        let connected = self.connected()?;
        let way = (&connected.session, &self.runner, deadline);
        let view = connected.look.look(way, connected.server, (id, leads))?;
        self.hints
            .leads(view.lease.as_ref().map(|lease| lease.holder.instance.as_str()));
        Ok(Answer::View(Box::new(view)))
    }

    /// Nobody else writes rows as long as the term is the last one, and if it is not, this is refused.
    fn restore(&mut self, deadline: Instant, term: &Term) -> Result<Answer<T>, String> {
        let last = scripts::last_batch(term);
        if first_number(self.script(deadline, &last)?).is_none() {
            return Ok(Answer::Refused);
        }
        let connected = self.connected.as_ref().ok_or("there is no connection")?;
        let rows = self.rows.load(&mut connected.lend(&self.runner, deadline))?;
        let cursors = self.script(deadline, "SELECT instance, incarnation, number FROM cluster_cursors")?;
        let facts = self.script(deadline, scripts::FACTS)?;
        let clock = first_number(self.script(deadline, CLOCK)?).ok_or("the server did not say what time it is")?;
        if first_number(self.script(deadline, &last)?).is_none() {
            return Ok(Answer::Refused);
        }
        let (Script::Done(cursors), Script::Done(facts)) = (cursors, facts) else {
            return Ok(Answer::Refused);
        };
        Ok(Answer::Restored(Restored {
            rows,
            facts: facts.iter().filter_map(fact_of).collect(),
            cursors: cursors.iter().filter_map(cursor_of).collect(),
            wall: WallTime::from_micros(clock),
        }))
    }

    /// What is no row of this term's batches is a change by others; if the term is not the last one, this is refused.
    fn look_for_others(&mut self, deadline: Instant, term: &Term) -> Result<Answer<T>, String> {
        let deadline = deadline.min(Instant::now() + OTHERS_FOUND_WITHIN);
        let connected = self.connected.as_ref().ok_or("there is no connection")?;
        let others = self.rows.others(&mut connected.lend(&self.runner, deadline))?;
        let is_last = first_number(self.script(deadline, &scripts::last_batch(term))?).is_some();
        Ok(if is_last {
            Answer::Others(others)
        } else {
            Answer::Refused
        })
    }

    fn write(&mut self, deadline: Instant, batch: &Batch<T>) -> Result<Answer<T>, String> {
        let rows = self.rows.script(&batch.rows)?;
        match self.script(deadline, &scripts::write(batch, rows)) {
            Ok(Script::Done(_)) => {
                self.rows.committed();
                Ok(Answer::Written(batch.number))
            }
            Ok(Script::Held) => self.explain(deadline, batch),
            Err(trouble) => {
                self.rows.doubt();
                Err(trouble)
            }
        }
    }

    /// Why a batch was not written.
    fn explain(&mut self, deadline: Instant, batch: &Batch<T>) -> Result<Answer<T>, String> {
        let last = self.script(deadline, &scripts::last_batch(&batch.term));
        let last = last.map(|script| first_number(script).map(count));
        if let Ok(Some(last)) = last {
            if last >= batch.number {
                // It was there after all, and with it what was staged just now.
                self.rows.committed();
                return Ok(Answer::Written(last));
            }
        }
        self.rows.doubt();
        let Some(last) = last? else {
            return Ok(Answer::Refused);
        };
        if last.saturating_add(1) < batch.number {
            // The server has crashed and lost some: what is believed to be there is not.
            let connected = self.connected.as_ref().ok_or("there is no connection")?;
            self.rows.load(&mut connected.lend(&self.runner, deadline))?;
        }
        Ok(Answer::Written(last))
    }
}

fn said<T: Tables>(statement: Option<Statement<T>>) -> Arrival<T> {
    statement.map_or(Arrival::Over, |statement| Arrival::Statement(Box::new(statement)))
}

fn first_number(script: Script) -> Option<i64> {
    let Script::Done(rows) = script else { return None };
    rows.first()?.first()?.as_deref()?.parse().ok()
}

fn fact_of(row: &SqlRow) -> Option<(String, String)> {
    let [Some(name), Some(says)] = row.as_slice() else {
        return None;
    };
    Some((text_of(name)?, text_of(says)?))
}

fn cursor_of(row: &SqlRow) -> Option<(BoxId, u64)> {
    let [Some(instance), Some(incarnation), Some(number)] = row.as_slice() else {
        return None;
    };
    let id = BoxId {
        instance: instance.clone(),
        incarnation: Incarnation(unordered(incarnation.parse().ok()?)),
    };
    Some((id, count(number.parse().ok()?)))
}
