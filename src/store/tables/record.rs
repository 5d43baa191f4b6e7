//! Between the engine's rows and what a database cell holds.

use super::table::Table;
use crate::engine::{AgentState, AgentStatus, AgentType, MemberState, TierState};
use std::borrow::Cow;
use std::fmt::Display;
use std::hash::Hash;

/// The value of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::store) enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A number.
    Number(i64),
}

impl Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Text(text) => write!(f, "\"{text}\""),
            Cell::Number(number) => write!(f, "{number}"),
        }
    }
}

/// What was read from one cell.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::store) enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Another number.
    Real(f64),
    /// Text.
    Text(Cow<'a, str>),
}

/// A row that has a table.
pub(in crate::store) trait Record: Clone + PartialEq {
    /// What the row is known by.
    type Key: Eq + Hash + Clone;
    /// Whether others add and delete rows too. A row that one of them has deleted stays deleted then; otherwise the next write brings
    /// it back.
    const OTHERS_WRITE: bool;

    /// The row's table.
    fn table() -> &'static Table;
    /// The row's key.
    fn key(&self) -> Self::Key;
    /// A key's cells, in the order of the table's key.
    fn key_cells(key: &Self::Key) -> Vec<Cell<'_>>;
    /// The row's cells, in the order of the table's columns.
    fn cells(&self) -> Vec<Cell<'_>>;
    /// The row the cells mean; none when it has no key. A word that is not known leaves what it was `before`.
    fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Option<Self>;
}

/// The cells of a row that is read, one after the other. Whatever a cell holds, a value comes out of it.
pub(in crate::store) struct Cells<'row> {
    values: std::slice::Iter<'row, Value<'row>>,
    remarks: Vec<String>,
}

impl<'row> Cells<'row> {
    /// The cells of a row, in the order of the table's columns.
    pub fn new(values: &'row [Value<'row>]) -> Self {
        Self {
            values: values.iter(),
            remarks: Vec::new(),
        }
    }

    /// Words that were not known, and what they were taken for.
    pub fn remarks(self) -> Vec<String> {
        self.remarks
    }

    /// The next cell as text; none when nothing is in it.
    pub fn filled(&mut self) -> Option<String> {
        match self.values.as_slice().first() {
            Some(Value::Null) => {
                self.values.next();
                None
            }
            _ => Some(self.text()),
        }
    }

    /// Adds something odd about the row.
    pub fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    pub(in crate::store) fn text(&mut self) -> String {
        match self.values.next() {
            None | Some(Value::Null) => String::new(),
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Real(number)) => number.to_string(),
            Some(Value::Text(text)) => text.clone().into_owned(),
        }
    }

    fn number(&mut self) -> i64 {
        match self.values.next() {
            None | Some(Value::Null) => 0,
            Some(Value::Integer(number)) => *number,
            Some(Value::Real(number)) => *number as i64,
            Some(Value::Text(text)) => text.trim().parse().unwrap_or_default(),
        }
    }

    fn word<W: Display>(&mut self, what: &str, parse: impl Fn(&str) -> Option<W>, fallback: W) -> W {
        let text = self.text();
        parse(&text).unwrap_or_else(|| {
            self.remarks.push(format!(
                "{what} \"{text}\" is not known and is taken for \"{fallback}\""
            ));
            fallback
        })
    }
}

/// What one column holds.
pub(in crate::store) trait CellValue: Sized {
    /// The cell it is written as.
    fn cell(&self) -> Cell<'_>;

    /// What the next cell means. A word that is not known leaves what it was `before`.
    fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Self;
}

impl CellValue for String {
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self)
    }

    fn read(cells: &mut Cells<'_>, _before: Option<&Self>) -> Self {
        cells.text()
    }
}

impl CellValue for i64 {
    fn cell(&self) -> Cell<'_> {
        Cell::Number(*self)
    }

    fn read(cells: &mut Cells<'_>, _before: Option<&Self>) -> Self {
        cells.number()
    }
}

/// A column of words: what it is called, and what is taken for a word that is not known where nothing was before.
macro_rules! words {
    ($($type:ident: $what:literal or $fallback:expr;)*) => {$(
        impl CellValue for $type {
            fn cell(&self) -> Cell<'_> {
                Cell::Text(self.as_str())
            }

            fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Self {
                cells.word($what, $type::parse, before.cloned().unwrap_or_else(|| $fallback))
            }
        }
    )*};
}

words! {
    AgentType: "agent type" or AgentType::callback();
    AgentStatus: "agent status" or AgentStatus::LoggedOut;
    AgentState: "agent state" or AgentState::Waiting;
    TierState: "tier state" or TierState::Ready;
    MemberState: "member state" or MemberState::Waiting;
}
