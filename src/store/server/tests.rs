//! What FreeSWITCH's handles do to a transaction and to an answer without a word. Real servers are in tests/servers.

use super::dialect::Dialect;
use super::*;
use crate::store::sqlite::tests::{agent, member};
use parking_lot::Mutex;
use std::sync::Arc;

/// A PostgreSQL that a test can cut off, or another server, which takes one statement at a time.
#[derive(Default)]
struct Fake {
    is_another: bool,
    /// What was sent, and the statements in it.
    scripts: Vec<String>,
    statements: Vec<String>,
    /// The mark that was left last, and the one that was committed.
    left: String,
    committed: String,
    /// Statements until the connection is replaced by a new one, which knows nothing of the transaction.
    replaced_in: Option<usize>,
    /// An answer with rows stays away, and is called a success.
    is_silent: bool,
    agents: Vec<String>,
}

impl Fake {
    fn run(&mut self, statement: &str) {
        self.statements.push(statement.to_owned());
        if let Some(mark) = statement.strip_prefix("UPDATE callcenter_commits SET mark = '") {
            self.left = mark.split('\'').next().unwrap_or_default().to_owned();
        }
        if statement == "COMMIT" && !self.left.is_empty() {
            self.committed = std::mem::take(&mut self.left);
        }
    }

    /// What has been sent so far is of no interest.
    fn forget(&mut self) {
        self.scripts.clear();
        self.statements.clear();
    }

    /// A text as the server is asked to tell it.
    fn told(&self, text: &str) -> Option<String> {
        if self.is_another {
            return Some(text.to_owned());
        }
        Some(text.bytes().map(|byte| format!("{byte:02x}")).collect())
    }

    fn wrote(&self, table: &str) -> bool {
        let insertion = format!("INSERT INTO {table} ");
        self.statements.iter().any(|sql| sql.starts_with(&insertion))
    }
}

#[derive(Clone, Default)]
struct Line(Arc<Mutex<Fake>>);

impl Line {
    /// To a server that takes one statement at a time.
    fn to_another() -> Self {
        let line = Self::default();
        line.0.lock().is_another = true;
        line
    }
}

impl SqlConnector for Line {
    fn name(&self) -> String {
        "fake".to_owned()
    }

    fn connect(&mut self) -> Result<Box<dyn SqlConnection + '_>, String> {
        Ok(Box::new(self.clone()))
    }

    fn release(&mut self) {}
}

impl SqlConnection for Line {
    fn execute(&mut self, sql: &str) -> Result<(), String> {
        let mut fake = self.0.lock();
        fake.scripts.push(sql.to_owned());
        if let Some(left) = fake.replaced_in {
            fake.replaced_in = left.checked_sub(1);
            if left == 0 {
                fake.left.clear();
            }
        }
        sql.split("; ").for_each(|statement| fake.run(statement));
        Ok(())
    }

    fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String> {
        let fake = self.0.lock();
        let cell = |text: &str| Some(text.to_owned());
        if sql.starts_with("SELECT version()") {
            let version = if fake.is_another { "another" } else { "PostgreSQL 99" };
            return Ok(vec![vec![cell(version)]]);
        }
        if sql == "SELECT 'a\\\\b'" {
            return Ok(vec![vec![cell("a\\b")]]);
        }
        if sql.contains("server_encoding") {
            return Ok(vec![vec![cell("UTF8")]]);
        }
        if fake.is_silent {
            return Ok(Vec::new());
        }
        if sql.starts_with("SELECT txid_current_snapshot()") {
            return Ok(vec![vec![cell(&format!("{0}:{0}:", fake.statements.len()))]]);
        }
        if sql.starts_with("SELECT (SELECT count(*) FROM agents)") {
            let agents = fake.agents.len().to_string();
            return Ok(vec![[agents.as_str(), &agents, "0", "0", "0", "0"].map(cell).to_vec()]);
        }
        if sql.contains("FROM callcenter_commits WHERE") {
            return Ok(vec![vec![fake.told(&fake.committed), cell("0"), cell("0:0:")]]);
        }
        let mut rows: Vec<SqlRow> = Vec::new();
        if sql.contains("FROM agents UNION") {
            rows.extend(fake.agents.iter().map(|name| vec![cell("-1"), fake.told(name)]));
        }
        let count = rows.len().to_string();
        rows.push(vec![cell(&count)]);
        Ok(rows)
    }
}

fn opened(line: &Line) -> ServerStore {
    let all = TakeUp {
        queues: false,
        agents: true,
        tiers: true,
        ..TakeUp::ALL
    };
    let opened = ServerStore::open_or_go_without(Box::new(line.clone()), "box", all);
    assert!(opened.trouble.is_none());
    line.0.lock().forget();
    opened.store
}

#[test]
fn a_connection_replaced_in_the_middle_of_a_transaction_is_noticed_and_everything_is_written_again() {
    let changes = [RowChange::Agent(agent("a1")), RowChange::Member(member("m1"))];
    let whole = {
        let line = Line::to_another();
        opened(&line).apply(&changes).expect("a transaction");
        let statements = line.0.lock().statements.len();
        statements
    };
    // Begin, the mark (two), the rows: from behind the mark up to the last row.
    for cut in 3..whole - 1 {
        let line = Line::to_another();
        let mut store = opened(&line);
        line.0.lock().replaced_in = Some(cut);
        let error = store.apply(&changes).expect_err("half a transaction");
        assert!(error.0.contains("was not committed"), "{error}");
        line.0.lock().forget();
        store.apply(&changes).expect("a whole one");
        let fake = line.0.lock();
        assert!(
            fake.wrote("agents") && fake.wrote("members"),
            "cut at {cut}: {:?}",
            fake.statements
        );
    }
}

#[test]
fn postgres_gets_a_transaction_in_one_text() {
    let line = Line::default();
    let mut store = opened(&line);
    for name in ["a1", "a2"] {
        let change = RowChange::Agent(agent(name));
        store.apply(&[change]).expect("a transaction");
        let mut fake = line.0.lock();
        let (first, last) = (fake.statements.first(), fake.statements.last());
        assert_eq!(
            (first.map(String::as_str), last.map(String::as_str)),
            (Some("BEGIN"), Some("COMMIT"))
        );
        assert_eq!(fake.scripts.len(), 1, "{:?}", fake.scripts);
        assert!(fake.wrote("agents"));
        assert_eq!(
            fake.wrote("callcenter_commits"),
            name == "a1",
            "the mark has a row then"
        );
        fake.forget();
    }
}

/// More than one text holds.
fn many_members() -> Vec<RowChange> {
    let names = (0..200).map(|number| format!("m{number}"));
    names.map(|name| RowChange::Member(member(&name))).collect()
}

#[test]
fn a_long_transaction_goes_in_texts_that_freeswitch_takes_whole() {
    let line = Line::default();
    opened(&line).apply(&many_members()).expect("a transaction");
    let fake = line.0.lock();
    assert!(fake.scripts.len() > 2, "{}", fake.scripts.len());
    assert!(fake
        .scripts
        .iter()
        .all(|script| script.len() <= medium::LONGEST_SCRIPT + 2));
    let written = fake
        .statements
        .iter()
        .filter(|sql| sql.starts_with("INSERT INTO members "))
        .count();
    assert_eq!(written, 200);
}

#[test]
fn a_connection_replaced_between_two_texts_of_a_transaction_is_noticed() {
    let line = Line::default();
    let mut store = opened(&line);
    line.0.lock().replaced_in = Some(1);
    let error = store.apply(&many_members()).expect_err("half a transaction");
    assert!(error.0.contains("was not committed"), "{error}");
}

#[test]
fn an_answer_that_stays_away_is_not_taken_for_an_empty_table() {
    let line = Line::default();
    line.0.lock().agents = vec!["a1".to_owned()];
    let mut store = opened(&line);
    line.0.lock().statements.push("somebody wrote".to_owned());
    line.0.lock().is_silent = true;
    let error = store.changes_of_others().expect_err("no answer");
    assert!(error.0.contains("incomplete"), "{error}");
    line.0.lock().is_silent = false;
    assert!(store.changes_of_others().expect("an answer").is_empty());
    line.0.lock().agents.clear();
    line.0.lock().statements.push("somebody wrote".to_owned());
    let gone = store.changes_of_others().expect("an answer").agents;
    assert_eq!(gone.len(), 1, "{gone:?}");
}

#[test]
fn while_it_is_in_doubt_what_is_there_nothing_is_taken_for_somebody_elses() {
    let line = Line::to_another();
    let mut store = opened(&line);
    line.0.lock().replaced_in = Some(3);
    store
        .apply(&[RowChange::Agent(agent("a1"))])
        .expect_err("half a transaction");
    // It was committed after all.
    line.0.lock().agents = vec!["a1".to_owned()];
    assert!(store.changes_of_others().expect("a look").is_empty());
}

#[test]
fn a_deletion_in_doubt_does_not_keep_the_row_from_coming_back() {
    let line = Line::to_another();
    let mut store = opened(&line);
    store.apply(&[RowChange::Agent(agent("a1"))]).expect("an agent");
    line.0.lock().replaced_in = Some(2);
    let gone = [RowChange::AgentGone("a1".to_owned())];
    store.apply(&gone).expect_err("half a transaction");
    line.0.lock().forget();
    store.apply(&[RowChange::Agent(agent("a1"))]).expect("the agent again");
    assert!(line.0.lock().wrote("agents"));
}

#[test]
fn a_server_of_another_kind_is_asked_what_a_backslash_means() {
    struct Other(&'static str);
    impl SqlConnection for Other {
        fn execute(&mut self, _: &str) -> Result<(), String> {
            Ok(())
        }
        fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String> {
            match sql {
                "SELECT 'a\\\\b'" => Ok(vec![vec![Some(self.0.to_owned())]]),
                _ => Err("no such function".to_owned()),
            }
        }
    }
    for (answer, expected) in [("a\\b", "'O''Neil \\\\'"), ("a\\\\b", "'O''Neil \\'")] {
        let dialect = Dialect::ask(&mut Other(answer)).expect("an answer");
        assert_eq!(dialect.literal("O'Neil \\"), expected);
    }
    assert!(Dialect::ask(&mut Other("")).is_err());
}

#[test]
fn only_our_own_transaction_between_two_answers_is_recognised() {
    let found = |transaction: &str, ended: &str| commit_mark::Found {
        text: String::new(),
        transaction: Some(transaction.to_owned()),
        ended: Some(ended.to_owned()),
    };
    assert!(only_ours(Some("7:7:"), &found("7", "8:8:")));
    assert!(only_ours(
        Some("4294967299:4294967299:"),
        &found("3", "4294967300:4294967300:")
    ));
    assert!(!only_ours(Some("7:7:"), &found("8", "9:9:")), "somebody was first");
    assert!(!only_ours(Some("7:7:"), &found("7", "9:9:")), "somebody came after");
    assert!(!only_ours(Some("6:7:6"), &found("7", "8:8:")), "somebody was under way");
    assert!(!only_ours(Some("7:7:"), &found("7", "8:9:8")), "somebody is under way");
}
