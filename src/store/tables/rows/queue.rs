//! A row of the table `queues`: a queue's name, and a column for each parameter. What is empty (NULL) has its default.

use crate::engine::{Kind, QueueConfig, QUEUE_PARAMETERS};
use crate::store::tables::record::{Cell, Cells, Record};
use crate::store::tables::table::{Table, Whose, FREE_TEXT, TEXT};
use once_cell::sync::Lazy;
use std::borrow::Cow;

/// Our own, with the setting `queues-from-db`: a column for each parameter of a queue.
pub(in crate::store) static QUEUES: Lazy<Table> = Lazy::new(|| {
    let parameters = QUEUE_PARAMETERS.iter().map(|parameter| {
        let kind = match parameter.kind {
            Kind::Number { .. } | Kind::LikeC { .. } => "INTEGER",
            Kind::Flag { .. } | Kind::Word { .. } => TEXT,
            Kind::Text { .. } | Kind::Own { .. } => FREE_TEXT,
        };
        // Made once, for as long as the process lives, as the names of all other columns are.
        let column: &'static str = Box::leak(parameter.key().into_boxed_str());
        (column, kind)
    });
    let columns: Vec<_> = std::iter::once(("name", TEXT)).chain(parameters).collect();
    Table {
        name: Cow::Borrowed("queues"),
        columns: Box::leak(columns.into_boxed_slice()),
        key: &["name"],
        whose: Whose::Ours,
        essential: Some("name"),
        indexes: &[],
    }
});

/// A queue with its parameters as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct QueueRecord {
    /// The queue.
    pub config: QueueConfig,
    /// Each parameter's value, in the order of the table of parameters.
    values: Vec<String>,
}

impl QueueRecord {
    /// The row of this queue.
    pub fn of(config: QueueConfig) -> Self {
        let values = QUEUE_PARAMETERS
            .iter()
            .map(|parameter| parameter.get(&config))
            .collect();
        Self { config, values }
    }
}

impl Record for QueueRecord {
    type Key = String;
    const OTHERS_WRITE: bool = true;

    fn table() -> &'static Table {
        &QUEUES
    }

    fn key(&self) -> String {
        self.config.name.clone()
    }

    fn key_cells(key: &String) -> Vec<Cell<'_>> {
        vec![Cell::Text(key)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let values = QUEUE_PARAMETERS
            .iter()
            .zip(&self.values)
            .map(|(parameter, value)| match parameter.kind {
                Kind::Number { get, .. } | Kind::LikeC { get, .. } => Cell::Number(get(&self.config)),
                _ => Cell::Text(value),
            });
        std::iter::once(Cell::Text(&self.config.name)).chain(values).collect()
    }

    /// Values are read as those of callcenter.conf.xml. One that is none leaves what it was before.
    fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Option<Self> {
        let name = cells.text();
        let mut config = QueueConfig::named(&name);
        for parameter in QUEUE_PARAMETERS {
            let Some(value) = cells.filled() else { continue };
            if let Some(before) = before {
                parameter.copy(&before.config, &mut config);
            }
            if let Err(wrong) = parameter.configure(&mut config, &value) {
                cells.remark(format!("{}: {}; {}", parameter.key(), wrong.what, wrong.instead));
            }
        }
        (!name.is_empty()).then(|| Self::of(config))
    }
}
