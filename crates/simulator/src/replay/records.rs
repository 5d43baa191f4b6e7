//! The module's own call detail records: from its SQLite database, or as CSV with the names of the columns in the first line.

use mod_callcenter::engine::{CallResult, RecordKind};
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;

/// A record, as far as a replay needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What has ended.
    pub kind: RecordKind,
    /// How it ended.
    pub result: CallResult,
    /// The hangup cause, or why a member left.
    pub cause: String,
    /// The queue's name.
    pub queue: String,
    /// The agent; empty for a member whom nobody answered.
    pub agent: String,
    /// The member.
    pub member: String,
    /// Whose number it is, as a hash: the number itself is not kept.
    pub caller: u64,
    /// When the offer was made, or the member entered, epoch seconds.
    pub received: i64,
    /// How long the caller had waited.
    pub wait_ms: i64,
    /// How long the phone rang.
    pub pickup_ms: i64,
    /// How long they talked.
    pub talk_ms: i64,
    /// Whether it is a chat.
    pub is_chat: bool,
}

/// The records of a file, and those that could not be read.
#[derive(Debug, Default)]
pub struct Records {
    /// The records, in the order of the file.
    pub records: Vec<Record>,
    /// What is wrong with the others, each with its place.
    pub broken: Vec<String>,
    /// Hashes numbers with a key that is thrown away with it: the same number is the same caller, and nobody finds it by trying numbers out.
    hasher: RandomState,
}

/// The columns that are needed, in this order.
const COLUMNS: [&str; 12] = [
    "record",
    "result",
    "cause",
    "queue",
    "agent",
    "member_uuid",
    "caller_number",
    "received",
    "wait_ms",
    "pickup_ms",
    "talk_ms",
    "media",
];

impl Records {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read at all, or has no such columns.
    pub fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display().to_string();
        let mut head = [0_u8; 15];
        let opened = std::fs::File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut head));
        opened.map_err(|error| format!("{shown} cannot be read: {error}."))?;
        let mut records = Self::default();
        if head == *b"SQLite format 3" {
            records.read_database(path, &shown)?;
        } else {
            records.read_csv(path, &shown)?;
        }
        if records.records.is_empty() {
            let first = records
                .broken
                .first()
                .map_or(String::new(), |first| format!(" The first that is wrong: {first}"));
            return Err(format!("{shown} has no call detail record in it.{first}"));
        }
        Ok(records)
    }

    fn read_database(&mut self, path: &Path, shown: &str) -> Result<(), String> {
        let failed = |error: rusqlite::Error| format!("{shown}: the table cdrs cannot be read: {error}.");
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let database = rusqlite::Connection::open_with_flags(path, flags).map_err(failed)?;
        let columns: Vec<String> = COLUMNS.iter().map(|column| format!("CAST({column} AS TEXT)")).collect();
        let sql = format!(
            "SELECT rowid, {} FROM cdrs ORDER BY received, rowid",
            columns.join(", ")
        );
        let mut statement = database.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let number: i64 = row.get(0).map_err(failed)?;
            let field = |index: usize| {
                row.get::<_, Option<String>>(index + 1)
                    .ok()
                    .flatten()
                    .unwrap_or_default()
            };
            let fields: Vec<String> = (0..COLUMNS.len()).map(field).collect();
            self.take(&fields, &format!("{shown}: row {number}"));
        }
        Ok(())
    }

    fn read_csv(&mut self, path: &Path, shown: &str) -> Result<(), String> {
        let reader = csv::ReaderBuilder::new().flexible(true).from_path(path);
        let mut reader = reader.map_err(|error| format!("{shown} cannot be read: {error}."))?;
        let head = reader
            .byte_headers()
            .map_err(|error| format!("{shown} cannot be read: {error}."))?
            .clone();
        let place = |column: &str| {
            head.iter()
                .position(|name| name.trim_ascii().eq_ignore_ascii_case(column.as_bytes()))
        };
        let mut places = Vec::new();
        for column in COLUMNS {
            let Some(place) = place(column) else {
                return Err(format!(
                    "{shown} has no column {column} in its first line. It has to be the table cdrs as CSV with a header, or the SQLite file."
                ));
            };
            places.push(place);
        }
        for row in reader.byte_records() {
            match row {
                Ok(row) => {
                    let line = row.position().map_or(0, csv::Position::line);
                    let field =
                        |place: &usize| String::from_utf8_lossy(row.get(*place).unwrap_or_default()).into_owned();
                    let fields: Vec<String> = places.iter().map(field).collect();
                    if row.len() < head.len() {
                        self.broken.push(format!(
                            "{shown}:{line}: {} columns, {} are wanted",
                            row.len(),
                            head.len()
                        ));
                    } else {
                        self.take(&fields, &format!("{shown}:{line}"));
                    }
                }
                Err(error) => self.broken.push(format!("{shown}: {error}")),
            }
        }
        Ok(())
    }

    fn take(&mut self, fields: &[String], place: &str) {
        match self.record(fields) {
            Ok(record) => self.records.push(record),
            Err(wrong) => self.broken.push(format!("{place}: {wrong}")),
        }
    }

    fn record(&self, fields: &[String]) -> Result<Record, String> {
        let [kind, result, cause, queue, agent, member, number, received, wait, pickup, talk, media] = fields else {
            return Err("too few columns".to_owned());
        };
        let length = |name: &str, text: &str| match text.trim().parse::<i64>() {
            Ok(value) if (0..=31 * 86_400_000).contains(&value) => Ok(value),
            _ => Err(format!("{name} is \"{}\"", masked(text))),
        };
        let received = received
            .trim()
            .parse::<i64>()
            .map_err(|_| format!("received is \"{}\"", masked(received)))?;
        if !(1_000_000_000..=100_000_000_000).contains(&received) {
            return Err(format!(
                "received is {}: no time of a call",
                masked(&received.to_string())
            ));
        }
        if queue.is_empty() {
            return Err("it has no queue".to_owned());
        }
        Ok(Record {
            kind: RecordKind::parse(kind).ok_or_else(|| format!("record is \"{}\"", masked(kind)))?,
            result: CallResult::parse(result).ok_or_else(|| format!("result is \"{}\"", masked(result)))?,
            cause: cause.clone(),
            queue: queue.clone(),
            agent: agent.clone(),
            member: member.clone(),
            caller: self.hasher.hash_one(number),
            received,
            wait_ms: length("wait_ms", wait)?,
            pickup_ms: length("pickup_ms", pickup)?,
            talk_ms: length("talk_ms", talk)?,
            is_chat: media.eq_ignore_ascii_case("chat"),
        })
    }
}

/// What stands where something else should, without the number it may be: columns that have slipped put numbers anywhere. As on the board, the
/// first three and the last two digits are shown.
fn masked(text: &str) -> String {
    let (shown_first, shown_last) = (3, 2);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits <= shown_first + shown_last {
        return text.to_owned();
    }
    let mut seen = 0;
    let mask = |character: char| {
        if !character.is_ascii_digit() {
            return character;
        }
        seen += 1;
        if seen <= shown_first || seen > digits - shown_last {
            character
        } else {
            '•'
        }
    };
    text.chars().map(mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "uuid,record,result,cause,queue,agent,member_uuid,caller_number,received,wait_ms,pickup_ms,talk_ms,media\n";

    fn read(lines: &str) -> Result<Records, String> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), format!("{HEAD}{lines}")).expect("written");
        Records::read(file.path())
    }

    #[test]
    fn what_is_broken_is_named_with_its_line_and_the_rest_is_read() {
        let good = "u1,member,answered,NORMAL_CLEARING,q,a,m1,5551,1767600000,4000,2000,60000,audio\n";
        let records = read(&format!(
            "{good}u2,member,answered,,q,a,m2,5551,yesterday,1,1,1,audio\nu3,member\n{good}"
        ))
        .expect("records");
        assert_eq!(records.records.len(), 2);
        assert_eq!(records.records[0].caller, records.records[1].caller);
        let broken = &records.broken;
        assert_eq!(broken.len(), 2);
        assert!(broken[0].contains(":3: received is \"yesterday\""), "{broken:?}");
        assert!(broken[1].contains(":4: 2 columns, 13 are wanted"), "{broken:?}");
        assert!(read("").is_err_and(|said| said.contains("no call detail record")));
    }

    #[test]
    fn numbers_are_hashed_and_masked_where_they_have_slipped_into_another_column() {
        let member = |number: &str| {
            format!("u,member,answered,,q,a,m,{number},1767600000,1,1,1,audio\nu,member,answered,,q,a,m,Doe,{number},1,1,1,audio\n")
        };
        let records = read(&(member("0301234567") + &member("0301234568"))).expect("records");
        let callers: Vec<u64> = records.records.iter().map(|record| record.caller).collect();
        assert!(callers.len() == 2 && callers[0] != callers[1], "{callers:?}");
        assert!(
            records.broken[0].contains("030•••••67") || records.broken[0].contains("301••••67"),
            "{:?}",
            records.broken
        );
        assert!(!format!("{records:?}").contains("1234567"), "{records:?}");
    }

    #[test]
    fn another_table_is_refused_with_what_is_missing() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "calldate,src\n1,2\n").expect("written");
        assert!(Records::read(file.path()).is_err_and(|said| said.contains("no column record")));
    }

    #[test]
    fn the_modules_own_database_is_read() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let database = rusqlite::Connection::open(file.path()).expect("a database");
        let columns = mod_callcenter::engine::CALL_RECORD_COLUMNS.join(", ");
        let sql = format!(
            "CREATE TABLE cdrs ({columns}); INSERT INTO cdrs (uuid, record, result, cause, queue, agent, member_uuid, caller_number, received, \
             wait_ms, pickup_ms, talk_ms, media) VALUES ('u', 'member', 'abandoned', 'BREAK_OUT', 'q', '', 'm', '1', 1767600000, 5, 0, 0, 'audio')"
        );
        database.execute_batch(&sql).expect("rows");
        drop(database);
        let records = Records::read(file.path()).expect("records");
        assert_eq!((records.records.len(), records.records[0].wait_ms), (1, 5));
    }
}
