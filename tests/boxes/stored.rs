//! The rows of the small call centre in PostgreSQL.

use callcenter_test_support::small_centre::desk::{Caller, Centre, Offer, Outcome, Row, RowStage};
use mod_callcenter::cluster::link::StoredRows;
use mod_callcenter::cluster::{BoxId, Incarnation};
use mod_callcenter::store::SqlConnection;
use std::collections::BTreeMap;

/// The statement that makes the table.
pub const MADE: &str = "CREATE TABLE IF NOT EXISTS centre (caller BIGINT PRIMARY KEY, instance TEXT NOT NULL, \
                    incarnation TEXT NOT NULL, joined BIGINT NOT NULL, stage TEXT NOT NULL)";

/// Reads and writes them.
pub struct CentreRows;

fn stage_text(stage: &RowStage) -> String {
    match stage {
        RowStage::Waiting => "waiting".to_owned(),
        RowStage::Talking(offer, agent) => {
            format!("talking {} {} {} {agent}", offer.timeline, offer.election, offer.number)
        }
        RowStage::Over(Outcome::Served) => "served".to_owned(),
        RowStage::Over(Outcome::Left) => "left".to_owned(),
        RowStage::Over(Outcome::Lost) => "lost".to_owned(),
    }
}

fn stage_of(text: &str) -> Option<RowStage> {
    let words: Vec<&str> = text.split(' ').collect();
    Some(match words.as_slice() {
        ["waiting"] => RowStage::Waiting,
        ["served"] => RowStage::Over(Outcome::Served),
        ["left"] => RowStage::Over(Outcome::Left),
        ["lost"] => RowStage::Over(Outcome::Lost),
        ["talking", timeline, election, number, agent] => {
            let offer = Offer {
                timeline: timeline.parse().ok()?,
                election: election.parse().ok()?,
                number: number.parse().ok()?,
            };
            RowStage::Talking(offer, agent.parse().ok()?)
        }
        _ => return None,
    })
}

/// A row as `psql` and the connection show it.
pub fn row_of(cells: &[Option<String>]) -> Option<(Caller, Row)> {
    let [Some(caller), Some(instance), Some(incarnation), Some(joined), Some(stage)] = cells else {
        return None;
    };
    let at = BoxId {
        instance: instance.clone(),
        incarnation: Incarnation(incarnation.parse().ok()?),
    };
    let row = Row {
        at,
        joined: joined.parse().ok()?,
        stage: stage_of(stage)?,
    };
    Some((caller.parse().ok()?, row))
}

impl StoredRows<Centre> for CentreRows {
    fn load(&mut self, connection: &mut dyn SqlConnection) -> Result<BTreeMap<Caller, Row>, String> {
        connection.execute(MADE)?;
        let rows = connection.query("SELECT caller, instance, incarnation, joined, stage FROM centre")?;
        rows.iter()
            .map(|row| row_of(row).ok_or_else(|| format!("a row of the centre: {row:?}")))
            .collect()
    }

    fn script(&mut self, changes: &[(Caller, Row)]) -> Result<String, String> {
        let statements = changes.iter().map(|(caller, row)| {
            format!(
                "INSERT INTO centre VALUES ({caller}, '{}', '{}', {}, '{}') ON CONFLICT (caller) DO UPDATE SET \
                 instance = EXCLUDED.instance, incarnation = EXCLUDED.incarnation, joined = EXCLUDED.joined, \
                 stage = EXCLUDED.stage",
                row.at.instance,
                row.at.incarnation.0,
                row.joined,
                stage_text(&row.stage)
            )
        });
        let statements: Vec<String> = statements.collect();
        Ok(statements.join("; "))
    }

    fn committed(&mut self) {}

    fn doubt(&mut self) {}
}
