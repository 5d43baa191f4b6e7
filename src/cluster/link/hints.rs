//! Who is to look at once: notifications, which may get lost and are never waited for.

use crate::cluster::link::session::{Runner, Session};
use crate::cluster::statements::{Answer, Statement};
use crate::cluster::tables::{BoxId, Tables};
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a box waits until it hears itself.
const HEARS_ITSELF_WITHIN: Duration = Duration::from_secs(1);

/// Who is told when there is something for everybody.
const EVERYBODY: &str = "callcenter_cluster";

/// What a box knows of the others for the sake of hints.
#[derive(Debug, Clone, Default)]
pub(super) struct Hints {
    /// Who held the lease when this box looked last.
    leader: Arc<Mutex<Option<String>>>,
}

impl Hints {
    /// A look has shown who leads.
    pub fn leads(&self, instance: Option<&str>) {
        let mut leader = self.leader.lock();
        if leader.as_deref() != instance {
            *leader = instance.map(str::to_owned);
        }
    }

    /// What is said behind a statement that was answered, if anybody has to look because of it.
    pub fn behind<T: Tables>(&self, me: &BoxId, statement: &Statement<T>, answer: &Answer<T>) -> Option<String> {
        if matches!(answer, Answer::Refused) {
            return None;
        }
        let mut channels = BTreeSet::new();
        match statement {
            Statement::Tell(_) | Statement::Report(_) => {
                let leader = self.leader.lock().clone();
                channels.extend(
                    leader
                        .filter(|leader| *leader != me.instance)
                        .map(|leader| channel(&leader)),
                );
            }
            Statement::Write(batch) => {
                let others = batch.outputs.iter().map(|row| &row.to.instance);
                channels.extend(
                    others
                        .filter(|instance| **instance != me.instance)
                        .map(|instance| channel(instance)),
                );
            }
            Statement::Mark { id, .. } => channels.extend([channel(&id.instance)]),
            Statement::Elect { .. } | Statement::Leave { .. } | Statement::Depart { .. } => {
                channels.extend([EVERYBODY.to_owned()]);
            }
            _ => (),
        }
        let said: Vec<String> = channels
            .into_iter()
            .map(|channel| format!("NOTIFY {channel}"))
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

/// The statements with which a box listens.
fn listening(instance: &str) -> String {
    format!("LISTEN {EVERYBODY}; LISTEN {}", channel(instance))
}

/// The statement with which a box finds out whether it hears itself.
fn to_oneself(instance: &str) -> String {
    format!("NOTIFY {}", channel(instance))
}

/// What is wrong with a way to the server on which a box does not hear itself.
pub(super) const POOLER: &str =
    "LISTEN is not answered: odbc-dsn leads to a pooler that gives each transaction another connection. \
     Name the server itself, or have the pooler keep sessions.";

/// Listens, and says whether it hears: a pooler may give each transaction another connection.
///
/// # Errors
/// In words for the operator, if the connection is lost.
pub(super) fn listen(
    session: &mut Session,
    runner: &Runner,
    instance: &str,
    deadline: Instant,
) -> Result<bool, String> {
    session.script(runner, deadline, &listening(instance))?;
    session.script(runner, deadline, &to_oneself(instance))?;
    let patience = Instant::now() + HEARS_ITSELF_WITHIN;
    match runner.wait_until(patience, session.hear()) {
        Some(Some(_)) => Ok(true),
        Some(None) => Err("the connection is lost".to_owned()),
        None => Ok(false),
    }
}

/// The channel of a box: a word, whatever the box is called. Two that share one look more often than they have to.
fn channel(instance: &str) -> String {
    let hash = instance.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("callcenter_{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_channel_that_is_a_word() {
        let (a, b) = (channel("box1"), channel("Büro \"2\"; DROP"));
        assert_ne!(a, b);
        for channel in [a, b] {
            assert!(channel.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        }
    }
}
