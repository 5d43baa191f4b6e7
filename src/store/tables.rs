//! All tables together: which one a change goes to.

mod late_rows;
mod layout;
mod medium;
mod mirror;
mod owner;
mod record;
mod row_key;
mod rows;
pub(super) mod schema;
mod table;

pub(super) use late_rows::unknown_rows;
pub use layout::Layout;
pub(super) use medium::{KeyCell, Medium, RowWrite};
pub use owner::truncate;
pub(super) use owner::{has_strays, Owner};
pub(super) use record::{Cell, Value};
pub(super) use row_key::RowKey;
pub(super) use rows::{call_record_cells, AGENTS, CALL_RECORDS_JOURNAL, COMMITS, MEMBERS};
pub(super) use schema::prepare_table;
pub(super) use table::{Table, Whose};

use super::TakeUp;
use crate::engine::{
    AgentRow, CallRecord, CallResult, CallbackRow, CallerRow, ChangesByOthers, MemberRow, Pause, RecordKind, RowChange,
    Skills, Snapshot, TierRow,
};
use mirror::{InTransaction, Mirror};
use rows::{AgentSkills, Configured, ConfiguredTier, LimitsRow, PauseRow, QueueRecord};

/// How much of a table has to be read to know what others have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// Nothing: nobody has written to it.
    Nothing,
    /// The rows that were written since it was last looked at.
    Rows {
        /// In the server's SQL.
        condition: String,
        /// How many rows there are in all.
        total: usize,
    },
    /// Everything.
    All,
}

impl Extent {
    /// Everything in `agents`, `tiers`, `members` and `queues`.
    pub const ALL: [Extent; 4] = [const { Extent::All }; 4];
}

/// What each table holds, as far as we know.
pub(super) struct Tables {
    /// What stock's tables are called here.
    layout: Layout,
    /// None without the setting `queues-from-db`: then there is no such table.
    queues: Option<Mirror<QueueRecord>>,
    agents: Mirror<AgentRow>,
    tiers: Mirror<TierRow>,
    members: Mirror<MemberRow>,
    configured: Mirror<Configured>,
    configured_tiers: Mirror<ConfiguredTier>,
    skills: Mirror<AgentSkills>,
    limits: Mirror<LimitsRow>,
    pauses: Mirror<PauseRow>,
    callers: Mirror<CallerRow>,
    callbacks: Mirror<CallbackRow>,
    /// Call detail records, where they belong among the rows.
    records: Option<Records>,
}

/// The table of call detail records. Nothing is known of its rows: they are added and never looked at.
struct Records {
    table: &'static Table,
    /// It is there, unless somebody has dropped it.
    is_made: bool,
}

impl Tables {
    /// Tables of which nothing is known.
    pub fn unread(take_up: TakeUp) -> Self {
        let layout = take_up.layout;
        Self {
            layout,
            queues: take_up.queues.then(Mirror::default),
            agents: Mirror::of(layout.agents),
            tiers: Mirror::of(layout.tiers),
            members: Mirror::of(layout.members),
            configured: Mirror::default(),
            configured_tiers: Mirror::default(),
            skills: Mirror::default(),
            limits: Mirror::default(),
            pauses: Mirror::default(),
            callers: Mirror::default(),
            callbacks: Mirror::default(),
            records: None,
        }
    }

    /// Makes the tables, or brings those of an older release up to date.
    pub fn prepare<M: Medium>(&self, medium: &mut M) -> Result<(), M::Error> {
        schema::prepare(medium, self.layout)?;
        match self.queues {
            Some(_) => schema::prepare_table(medium, &rows::QUEUES),
            None => Ok(()),
        }
    }

    /// Makes or upgrades the tables and reads them.
    pub fn load<M: Medium>(&mut self, medium: &mut M, remarks: &mut Vec<String>) -> Result<Snapshot, M::Error> {
        self.prepare(medium)?;
        self.read(medium, remarks)
    }

    /// Keeps call detail records as well.
    pub fn keep_records(&mut self) {
        self.records = Some(Records {
            table: self.layout.call_records,
            is_made: false,
        });
    }

    /// The same tables in another file, of which nothing is known yet.
    pub fn of_another_file(&self) -> Self {
        let mut tables = Self::unread(TakeUp {
            queues: self.queues.is_some(),
            layout: self.layout,
            ..TakeUp::ALL
        });
        if self.records.is_some() {
            tables.keep_records();
        }
        tables
    }

    /// Makes the table of call detail records, where they are kept and it is not there yet.
    pub fn prepare_records<M: Medium>(&mut self, medium: &mut M) -> Result<(), M::Error> {
        if let Some(records) = self.records.as_mut().filter(|records| !records.is_made) {
            schema::prepare_table(medium, records.table)?;
            records.is_made = true;
        }
        Ok(())
    }

    /// Reads the tables as they are.
    pub fn read<M: Medium>(&mut self, medium: &mut M, remarks: &mut Vec<String>) -> Result<Snapshot, M::Error> {
        let configured = self.configured.load(medium, remarks)?;
        let configured_tiers = self.configured_tiers.load(medium, remarks)?;
        let limits = self.limits.load(medium, remarks)?;
        let pauses = self.pauses.load(medium, remarks)?;
        let queues = match &mut self.queues {
            Some(queues) => queues.load(medium, remarks)?,
            None => Vec::new(),
        };
        let skills = self.skills.load(medium, remarks)?;
        let skills = skills.into_iter().map(|row| skills_of(row, remarks)).collect();
        Ok(Snapshot {
            skills,
            queues: queues.into_iter().map(|row| row.config).collect(),
            agents: self.agents.load(medium, remarks)?,
            tiers: self.tiers.load(medium, remarks)?,
            members: self.members.load(medium, remarks)?,
            configured: configured
                .into_iter()
                .map(|row| (row.agent, row.setting, row.value))
                .collect(),
            configured_tiers: configured_tiers.into_iter().map(|row| (row.queue, row.agent)).collect(),
            agent_limits: limits.into_iter().map(|row| (row.agent, row.limits)).collect(),
            pauses: pauses
                .into_iter()
                .map(|row| (row.agent.clone(), row.in_queue(), row.pause))
                .collect(),
            callers: self.callers.load(medium, remarks)?,
            callbacks: self.callbacks.load(medium, remarks)?,
        })
    }

    /// Reads what others have changed since these tables were last read: as much as needed of `agents`, `tiers`, `members` and
    /// `queues`, where that is kept.
    pub fn changes_of_others<M: Medium>(
        &mut self,
        medium: &mut M,
        [agents, tiers, members, queues]: &[Extent; 4],
        remarks: &mut Vec<String>,
    ) -> Result<ChangesByOthers, M::Error> {
        let agents = self.agents.read_extent(medium, agents, remarks)?;
        let tiers = self.tiers.read_extent(medium, tiers, remarks)?;
        let members = self.members.read_extent(medium, members, remarks)?;
        let queues = match &mut self.queues {
            Some(mirror) => match mirror.read_extent(medium, queues, remarks)? {
                Some(found) => mirror.take_changes(found),
                None => Vec::new(),
            },
            None => Vec::new(),
        };
        Ok(ChangesByOthers {
            queues: queues.into_iter().map(|change| change.map(|row| row.config)).collect(),
            agents: agents.map_or_else(Vec::new, |found| self.agents.take_changes(found)),
            tiers: tiers.map_or_else(Vec::new, |found| self.tiers.take_changes(found)),
            members: members.map_or_else(Vec::new, |found| self.members.take_changes(found)),
        })
    }

    /// Writes one change.
    pub fn write<M: Medium>(&mut self, medium: &mut M, change: &RowChange) -> Result<(), M::Error> {
        match change {
            RowChange::Queue(row) => match &mut self.queues {
                Some(queues) => queues.put(medium, &QueueRecord::of((**row).clone())),
                None => Ok(()),
            },
            RowChange::QueueGone(name) => match &mut self.queues {
                Some(queues) => queues.remove(medium, name),
                None => Ok(()),
            },
            RowChange::Agent(row) => self.agents.put(medium, row),
            RowChange::AgentGone(name) => self.agents.remove(medium, name),
            RowChange::Tier(row) => self.tiers.put(medium, row),
            RowChange::TierGone { queue, agent } => self.tiers.remove(medium, &(queue.clone(), agent.clone())),
            RowChange::Member(row) => self.members.put(medium, row),
            RowChange::MemberGone(uuid) => self.members.remove_unique(medium, uuid),
            RowChange::Configured { agent, setting, value } => {
                self.write_configured(medium, agent.clone(), setting.clone(), value.clone())
            }
            RowChange::AgentLimits { agent, limits } => {
                let row = LimitsRow {
                    agent: agent.clone(),
                    limits: *limits,
                };
                self.limits.put(medium, &row)
            }
            RowChange::AgentLimitsGone(agent) => self.limits.remove_unique(medium, agent),
            RowChange::AgentSkills { agent, skills } => {
                let row = AgentSkills {
                    agent: agent.clone(),
                    skills: skills.to_string(),
                };
                self.skills.put(medium, &row)
            }
            RowChange::ConfiguredTier { queue, agent } => {
                let row = ConfiguredTier {
                    queue: queue.clone(),
                    agent: agent.clone(),
                };
                self.configured_tiers.put(medium, &row)
            }
            RowChange::ConfiguredTierGone { queue, agent } => {
                let key = (queue.clone(), agent.clone());
                self.configured_tiers.remove_unique(medium, &key)
            }
            RowChange::Pause { agent, queue, pause } => {
                self.write_pause(medium, agent.clone(), queue.clone().unwrap_or_default(), pause.clone())
            }
            RowChange::Caller(row) => self.callers.put_shared(medium, row),
            RowChange::CallerGone { queue, caller } => {
                let key = (queue.clone(), caller.clone());
                self.callers.remove_unique(medium, &key)
            }
            RowChange::Callback(row) => self.callbacks.put(medium, row),
            RowChange::CallbackGone(uuid) => self.callbacks.remove_unique(medium, uuid),
            RowChange::CallRecord(record) => match &self.records {
                Some(records) => write_record(medium, records.table, record),
                // They are kept elsewhere, and were put aside.
                None => Ok(()),
            },
        }
    }

    /// What the configuration said of an agent's setting when it was last taken from there; nothing, and there is no row.
    fn write_configured<M: Medium>(
        &mut self,
        medium: &mut M,
        agent: String,
        setting: String,
        value: Option<String>,
    ) -> Result<(), M::Error> {
        match value {
            Some(value) => self.configured.put(medium, &Configured { agent, setting, value }),
            None => self.configured.remove_unique(medium, &(agent, setting)),
        }
    }

    /// A pause, in this queue or everywhere; a pause that is over has no row.
    fn write_pause<M: Medium>(
        &mut self,
        medium: &mut M,
        agent: String,
        queue: String,
        pause: Option<Pause>,
    ) -> Result<(), M::Error> {
        match pause {
            Some(pause) => self.pauses.put(medium, &PauseRow { agent, queue, pause }),
            None => self.pauses.remove_unique(medium, &(agent, queue)),
        }
    }

    /// Every table whose rows are known.
    fn mirrors(&mut self) -> impl Iterator<Item = &mut dyn InTransaction> {
        let queues = self.queues.iter_mut().map(|queues| queues as &mut dyn InTransaction);
        let others: [&mut dyn InTransaction; 10] = [
            &mut self.agents,
            &mut self.tiers,
            &mut self.members,
            &mut self.configured,
            &mut self.configured_tiers,
            &mut self.skills,
            &mut self.limits,
            &mut self.pauses,
            &mut self.callers,
            &mut self.callbacks,
        ];
        queues.chain(others)
    }

    /// Another program has written.
    pub fn others_have_written(&mut self) {
        self.mirrors().for_each(InTransaction::others_have_written);
    }

    /// The transaction is committed.
    pub fn commit(&mut self) {
        self.mirrors().for_each(InTransaction::commit);
    }

    /// The transaction failed.
    pub fn roll_back(&mut self) {
        self.mirrors().for_each(InTransaction::roll_back);
        self.forget_records_table();
    }

    /// Nobody knows whether the transaction was committed.
    pub fn doubt(&mut self) {
        self.mirrors().for_each(InTransaction::doubt);
        self.forget_records_table();
    }

    /// It may have been made in the transaction that failed, or be what it failed for.
    fn forget_records_table(&mut self) {
        if let Some(records) = &mut self.records {
            records.is_made = false;
        }
    }

    /// How many rows there are in `agents`, `tiers`, `members` and `queues`, as far as we know; none where it is not kept.
    pub fn counts(&self) -> [Option<usize>; 4] {
        [
            Some(self.agents.count()),
            Some(self.tiers.count()),
            Some(self.members.count()),
            self.queues.as_ref().map(Mirror::count),
        ]
    }

    /// Everything known, as changes that would write it.
    pub fn rows(&self) -> Vec<RowChange> {
        let queues = self
            .queues
            .iter()
            .flat_map(Mirror::rows)
            .map(|row| RowChange::Queue(Box::new(row.config)));
        let agents = self.agents.rows().into_iter().map(RowChange::Agent);
        let tiers = self.tiers.rows().into_iter().map(RowChange::Tier);
        let members = self.members.rows().into_iter().map(RowChange::Member);
        let configured = self.configured.rows().into_iter();
        let configured = configured.map(|row| RowChange::Configured {
            agent: row.agent,
            setting: row.setting,
            value: Some(row.value),
        });
        let configured_tiers = self.configured_tiers.rows().into_iter();
        let configured_tiers = configured_tiers.map(|row| RowChange::ConfiguredTier {
            queue: row.queue,
            agent: row.agent,
        });
        let skills = self.skills.rows().into_iter();
        // Whoever could not be read before cannot be read now, and has none.
        let skills = skills.map(|row| RowChange::AgentSkills {
            skills: Skills::parse(&row.skills).unwrap_or_default(),
            agent: row.agent,
        });
        let stocks = queues.chain(agents).chain(tiers).chain(members);
        let limits = self.limits.rows().into_iter();
        let limits = limits.map(|row| RowChange::AgentLimits {
            agent: row.agent,
            limits: row.limits,
        });
        let pauses = self.pauses.rows().into_iter().map(|row| RowChange::Pause {
            queue: row.in_queue(),
            agent: row.agent,
            pause: Some(row.pause),
        });
        let callers = self.callers.rows().into_iter().map(RowChange::Caller);
        let callbacks = self.callbacks.rows().into_iter();
        let callbacks = callbacks.map(|row| RowChange::Callback(Box::new(row)));
        let ours = configured
            .chain(configured_tiers)
            .chain(limits)
            .chain(skills)
            .chain(pauses)
            .chain(callers)
            .chain(callbacks);
        stocks.chain(ours).collect()
    }
}

/// An agent's skills; none where somebody has written what are none.
fn skills_of(row: AgentSkills, remarks: &mut Vec<String>) -> (String, Skills) {
    let skills = Skills::parse(&row.skills).unwrap_or_else(|trouble| {
        remarks.push(format!(
            "agent {}: no skills are taken from the table: {trouble}",
            row.agent
        ));
        Skills::default()
    });
    (row.agent, skills)
}

/// A record that says that a stay was lost gives way to one of the same identity that knows better, and no other does: a box that was given
/// up may come back with its callers.
fn write_record<M: Medium>(medium: &mut M, table: &'static Table, record: &CallRecord) -> Result<(), M::Error> {
    let cells = call_record_cells(record);
    if record.kind == RecordKind::Member && record.result != CallResult::Lost {
        let uuid = (table.column(&rows::CALL_RECORDS, "uuid"), Cell::Text(&record.uuid));
        let result = (
            table.column(&rows::CALL_RECORDS, "result"),
            Cell::Text(CallResult::Lost.as_str()),
        );
        medium.delete(table, &[uuid, result], None)?;
    }
    medium.insert_once(table, &cells)
}
