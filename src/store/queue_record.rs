//! A row of the table `queues`: a queue's name, and a column for each parameter. What is empty (NULL) has its default.

use super::record::{Cell, Cells, Record};
use super::schema::{Table, QUEUES};
use crate::engine::{Kind, QueueConfig, QUEUE_PARAMETERS};

/// A queue with its parameters as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueueRecord {
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
    const KEY_COLUMNS: &'static [&'static str] = &["name"];
    const OTHERS_MAY_DELETE: bool = true;

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
