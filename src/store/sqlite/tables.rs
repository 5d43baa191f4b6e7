//! All tables together: which one a change goes to.

use crate::core::{AgentRow, ForeignChanges, MemberRow, RowChange, Snapshot, TierRow};
use crate::store::mirror::Mirror;
use crate::store::record::{ConfiguredStatus, ConfiguredTier};
use crate::store::schema;
use rusqlite::{Connection, Result};

/// What each table holds, as far as we know.
#[derive(Default)]
pub(super) struct Tables {
    agents: Mirror<AgentRow>,
    tiers: Mirror<TierRow>,
    members: Mirror<MemberRow>,
    configured_statuses: Mirror<ConfiguredStatus>,
    configured_tiers: Mirror<ConfiguredTier>,
}

impl Tables {
    /// Makes or upgrades the tables and reads them.
    pub fn load(&mut self, connection: &Connection, remarks: &mut Vec<String>) -> Result<Snapshot> {
        schema::prepare(connection)?;
        self.read(connection, remarks)
    }

    /// Reads the tables as they are.
    pub fn read(&mut self, connection: &Connection, remarks: &mut Vec<String>) -> Result<Snapshot> {
        let statuses = self.configured_statuses.load(connection, remarks)?;
        let configured_tiers = self.configured_tiers.load(connection, remarks)?;
        Ok(Snapshot {
            agents: self.agents.load(connection, remarks)?,
            tiers: self.tiers.load(connection, remarks)?,
            members: self.members.load(connection, remarks)?,
            configured_statuses: statuses.into_iter().map(|row| (row.agent, row.status)).collect(),
            configured_tiers: configured_tiers.into_iter().map(|row| (row.queue, row.agent)).collect(),
        })
    }

    /// Reads what others have changed since these tables were last read.
    pub fn changes_of_others(&mut self, connection: &Connection, remarks: &mut Vec<String>) -> Result<ForeignChanges> {
        let agents = self.agents.read_all(connection, remarks)?;
        let tiers = self.tiers.read_all(connection, remarks)?;
        let members = self.members.read_all(connection, remarks)?;
        Ok(ForeignChanges {
            agents: self.agents.take_changes(agents),
            tiers: self.tiers.take_changes(tiers),
            members: self.members.take_changes(members),
        })
    }

    /// Writes one change.
    pub fn write(&mut self, connection: &Connection, change: &RowChange) -> Result<()> {
        match change {
            RowChange::Agent(row) => self.agents.put(connection, row),
            RowChange::AgentGone(name) => self.agents.remove(connection, name),
            RowChange::Tier(row) => self.tiers.put(connection, row),
            RowChange::TierGone { queue, agent } => self.tiers.remove(connection, &(queue.clone(), agent.clone())),
            RowChange::Member(row) => self.members.put(connection, row),
            RowChange::MemberGone(uuid) => self.members.remove_unique(connection, uuid),
            RowChange::ConfiguredStatus { agent, status } => {
                let row = ConfiguredStatus {
                    agent: agent.clone(),
                    status: *status,
                };
                self.configured_statuses.put(connection, &row)
            }
            RowChange::ConfiguredTier { queue, agent } => {
                let row = ConfiguredTier {
                    queue: queue.clone(),
                    agent: agent.clone(),
                };
                self.configured_tiers.put(connection, &row)
            }
            RowChange::ConfiguredTierGone { queue, agent } => {
                let key = (queue.clone(), agent.clone());
                self.configured_tiers.remove_unique(connection, &key)
            }
        }
    }

    /// Another program has written: it may have added agents and tiers. The other rows are ours alone.
    pub fn others_have_written(&mut self) {
        self.agents.may_hold_others = true;
        self.tiers.may_hold_others = true;
    }

    /// The transaction is committed.
    pub fn commit(&mut self) {
        self.agents.commit();
        self.tiers.commit();
        self.members.commit();
        self.configured_statuses.commit();
        self.configured_tiers.commit();
        self.members.may_hold_others = false;
        self.configured_statuses.may_hold_others = false;
        self.configured_tiers.may_hold_others = false;
    }

    /// The transaction failed.
    pub fn roll_back(&mut self) {
        self.agents.roll_back();
        self.tiers.roll_back();
        self.members.roll_back();
        self.configured_statuses.roll_back();
        self.configured_tiers.roll_back();
    }

    /// Everything known, as changes that would write it.
    pub fn rows(&self) -> Vec<RowChange> {
        let agents = self.agents.rows().into_iter().map(RowChange::Agent);
        let tiers = self.tiers.rows().into_iter().map(RowChange::Tier);
        let members = self.members.rows().into_iter().map(RowChange::Member);
        let statuses = self.configured_statuses.rows().into_iter();
        let statuses = statuses.map(|row| RowChange::ConfiguredStatus {
            agent: row.agent,
            status: row.status,
        });
        let configured_tiers = self.configured_tiers.rows().into_iter();
        let configured_tiers = configured_tiers.map(|row| RowChange::ConfiguredTier {
            queue: row.queue,
            agent: row.agent,
        });
        let stocks = agents.chain(tiers).chain(members);
        stocks.chain(statuses).chain(configured_tiers).collect()
    }
}
