//! How much has to be read to know what others have changed. PostgreSQL says which transactions have ended, and of each row which
//! one wrote it; MariaDB says when a table was last written. Neither needs a right, a trigger or a table of ours. Of another
//! server all rows are read.

use super::dialect::Dialect;
use super::medium::OnServer;
use crate::store::tables::{Extent, Layout};

/// On MariaDB everything is read after so many looks at which nothing was: when a table was written is not kept in all cases.
const LOOKS_BETWEEN_READINGS: u32 = 60;

/// How many seconds ago a table must have been written to be sure that it was not written again within the same one.
const SETTLED: i64 = 2;

/// PostgreSQL counts transactions in 64 bits, and notes the lower 32 of them in rows.
const ROW_BITS: u64 = 1 << 32;

/// What a server says without looking at rows.
#[derive(Debug, Clone, Default)]
pub(super) struct ChangeSigns {
    /// Which connection this is: a driver may replace it without a word.
    pub connection: Option<String>,
    /// PostgreSQL: which transactions have ended.
    pub ended: Option<String>,
    /// MariaDB: when each table was last written.
    written: [Option<Written>; 4],
    /// Looks at which nothing was read.
    idle_looks: u32,
}

/// When a table was written, on the server's clock in seconds.
#[derive(Debug, Clone, Copy)]
struct Written {
    /// Never since the server was started: none.
    at: Option<i64>,
    /// When the table was read.
    read_at: i64,
}

impl ChangeSigns {
    /// Asks the server.
    pub fn ask(server: &mut OnServer<'_>, layout: Layout) -> Result<Self, String> {
        match server.dialect {
            Dialect::Postgres(_) => Self::of_postgres(server),
            Dialect::MariaDb => Self::of_mariadb(server, layout.shared()),
            Dialect::Other { .. } => Ok(Self::default()),
        }
    }

    fn of_postgres(server: &mut OnServer<'_>) -> Result<Self, String> {
        let rows = server.query("SELECT txid_current_snapshot(), pg_backend_pid()")?;
        let mut cells = rows.into_iter().next().unwrap_or_default().into_iter().map(given);
        Ok(Self {
            ended: cells.next().flatten(),
            connection: cells.next().flatten(),
            ..Self::default()
        })
    }

    fn of_mariadb(server: &mut OnServer<'_>, tables: [&str; 4]) -> Result<Self, String> {
        let names = tables.map(|name| format!("'{name}'")).join(", ");
        // MySQL answers this from what it noted up to a day ago, and other engines write behind the server's back.
        let sql = format!(
            "SELECT CONNECTION_ID(), UNIX_TIMESTAMP(), lower(table_name), UNIX_TIMESTAMP(update_time) \
             FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ({names}) \
             AND engine = 'InnoDB' AND version() LIKE '%MariaDB%'"
        );
        let mut signs = Self::default();
        for row in server.query(&sql)? {
            let mut cells = row.into_iter().map(given);
            let mut next = || cells.next().flatten();
            signs.connection = next();
            let (now, table, at) = (next().and_then(seconds), next(), next().and_then(seconds));
            let is_it = |name: &&str| table.as_ref().is_some_and(|table| name.eq_ignore_ascii_case(table));
            let place = tables.iter().position(is_it);
            if let (Some(read_at), Some(written)) = (now, place.and_then(|place| signs.written.get_mut(place))) {
                *written = Some(Written { at, read_at });
            }
        }
        Ok(signs)
    }

    /// What has to be read, now that this is what the server says. `before` is what it said when the tables were known, and
    /// `known` how many rows they had then; none for a table that is not kept. What is not read keeps what was said of it
    /// before.
    pub fn extents(
        &mut self,
        before: &ChangeSigns,
        known: [Option<usize>; 4],
        server: &mut OnServer<'_>,
        layout: Layout,
    ) -> Result<[Extent; 4], String> {
        match (&self.ended, &before.ended) {
            (Some(now), Some(then)) if now == then => Ok([const { Extent::Nothing }; 4]),
            (Some(_), Some(then)) => match condition_since(then) {
                Some(condition) => written_rows(server, &condition, known, layout.shared()),
                None => Ok(Extent::ALL),
            },
            _ => Ok(self.unsettled(before, known)),
        }
    }

    fn unsettled(&mut self, before: &ChangeSigns, known: [Option<usize>; 4]) -> [Extent; 4] {
        let is_due = before.idle_looks >= LOOKS_BETWEEN_READINGS;
        let mut extents = known.map(|known| known.map_or(Extent::Nothing, |_| Extent::All));
        let tables = self.written.iter_mut().zip(&before.written).zip(&mut extents);
        for ((now, then), extent) in tables {
            let (Some(now), Some(then)) = (now, then) else { continue };
            let is_settled = then.at.is_none_or(|at| at <= then.read_at - SETTLED);
            if now.at == then.at && is_settled && !is_due {
                (*now, *extent) = (*then, Extent::Nothing);
            }
        }
        if !extents.contains(&Extent::All) {
            self.idle_looks = before.idle_looks + 1;
        }
        extents
    }
}

/// The rows written by a transaction that may not have ended then: its number is not lower than that of the oldest one that ran.
/// Numbers go round; a row that was written half a round ago is read once more, which does no harm.
fn condition_since(ended: &str) -> Option<String> {
    let oldest: u64 = ended.split(':').next()?.parse().ok()?;
    let back = ROW_BITS - oldest % ROW_BITS;
    Some(format!("(xmin::text::bigint + {back}) % {ROW_BITS} < {}", ROW_BITS / 2))
}

fn written_rows(
    server: &mut OnServer<'_>,
    condition: &str,
    known: [Option<usize>; 4],
    tables: [&str; 4],
) -> Result<[Extent; 4], String> {
    let kept = tables.iter().zip(known).filter(|(_, known)| known.is_some());
    let counts: Vec<String> = kept
        .map(|(table, _)| format!("(SELECT count(*) FROM {table}), (SELECT count(*) FROM {table} WHERE {condition})"))
        .collect();
    let rows = server.query(&format!("SELECT {}", counts.join(", ")))?;
    let cells = rows.into_iter().next().unwrap_or_default().into_iter().map(given);
    let counts: Vec<usize> = cells.map_while(|cell| cell?.parse().ok()).collect();
    let mut pairs = counts.chunks_exact(2);
    let mut next = |known: Option<usize>| {
        let Some(known) = known else { return Ok(Extent::Nothing) };
        match pairs.next() {
            Some([total, 0]) if *total == known => Ok(Extent::Nothing),
            Some([total, _]) => Ok(Extent::Rows {
                condition: condition.to_owned(),
                total: *total,
            }),
            _ => Err("the answer to a query was incomplete".to_owned()),
        }
    };
    let [agents, tiers, members, queues] = known;
    Ok([next(agents)?, next(tiers)?, next(members)?, next(queues)?])
}

/// A cell's text; FreeSWITCH's handles may make an empty one of a null.
fn given(cell: Option<String>) -> Option<String> {
    cell.filter(|text| !text.is_empty())
}

/// Whole seconds, of which MariaDB may write fractions.
fn seconds(text: String) -> Option<i64> {
    text.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(at: i64, read_at: i64) -> ChangeSigns {
        let written = Some(Written { at: Some(at), read_at });
        ChangeSigns {
            written: [written; 4],
            ..ChangeSigns::default()
        }
    }

    /// No table `queues`, as without the setting.
    const KNOWN: [Option<usize>; 4] = [Some(1), Some(1), Some(1), None];
    const STOCKS: [Extent; 4] = [Extent::All, Extent::All, Extent::All, Extent::Nothing];

    #[test]
    fn a_table_written_in_the_second_it_was_read_in_is_read_again() {
        let mut read = signs(100, 100);
        assert_eq!(
            signs(100, 101).unsettled(&read, KNOWN),
            STOCKS,
            "it may have been written again"
        );
        read = signs(100, 102);
        let mut next = signs(100, 103);
        assert_eq!(next.unsettled(&read, KNOWN), [const { Extent::Nothing }; 4]);
        assert_eq!(signs(103, 104).unsettled(&next, KNOWN), STOCKS);
    }

    #[test]
    fn what_mariadb_says_is_not_relied_on_for_ever() {
        let mut before = signs(1, 100);
        let mut readings = 0;
        for now in 101..101 + i64::from(LOOKS_BETWEEN_READINGS) * 2 {
            let mut signs = signs(1, now);
            readings += u32::from(signs.unsettled(&before, KNOWN) == STOCKS);
            before = signs;
        }
        assert_eq!(readings, 1);
    }

    #[test]
    fn numbers_of_transactions_go_round() {
        let round = ROW_BITS;
        let condition = condition_since(&format!("{}:{}:", round + 5, round + 9)).expect("a snapshot");
        assert_eq!(condition, "(xmin::text::bigint + 4294967291) % 4294967296 < 2147483648");
        assert!(condition_since("").is_none());
    }
}
