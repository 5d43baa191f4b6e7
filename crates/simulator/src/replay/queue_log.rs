//! The module's queue log: when agents logged in and out, and when they paused.

use std::collections::BTreeMap;
use std::path::Path;

/// What an agent did besides calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Logged in.
    LogIn,
    /// Logged out.
    LogOut,
    /// Went on a break.
    Break,
    /// Came back from it.
    Back,
    /// Paused in a queue.
    Pause(String),
    /// Resumed in a queue.
    Resume(String),
}

/// The agents' deeds of a file, and the lines that could not be read.
#[derive(Debug, Default)]
pub struct QueueLog {
    /// Deeds by agent, each with its epoch second.
    pub deeds: BTreeMap<String, Vec<(i64, Deed)>>,
    /// What is wrong with the others, each with its line.
    pub broken: Vec<String>,
}

impl QueueLog {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| format!("{shown} cannot be read: {error}."))?;
        let mut log = Self::default();
        for (number, line) in String::from_utf8_lossy(&bytes).lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            if let Err(wrong) = log.line(line) {
                log.broken.push(format!("{shown}:{}: {wrong}", number + 1));
            }
        }
        log.without_echoes();
        Ok(log)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let columns: Vec<&str> = line.split('|').collect();
        let [at, _, queue, agent, event, ..] = columns[..] else {
            return Err(format!("{} columns, at least five are wanted", columns.len()));
        };
        let at = at.parse::<i64>().map_err(|_| format!("the time is \"{at}\""))?;
        let deed = match event {
            "AGENTLOGIN" => Deed::LogIn,
            "AGENTLOGOFF" => Deed::LogOut,
            "PAUSEALL" => Deed::Break,
            "UNPAUSEALL" => Deed::Back,
            "PAUSE" => Deed::Pause(queue.to_owned()),
            "UNPAUSE" => Deed::Resume(queue.to_owned()),
            // Calls are in the call detail records.
            _ => return Ok(()),
        };
        if agent == "NONE" || agent.is_empty() {
            return Err(format!("{event} of no agent"));
        }
        self.deeds.entry(agent.to_owned()).or_default().push((at, deed));
        Ok(())
    }

    /// Whoever goes on a break has a line for each queue as well: these say nothing more.
    fn without_echoes(&mut self) {
        for deeds in self.deeds.values_mut() {
            let whole: Vec<(i64, Deed)> = deeds
                .iter()
                .filter(|(_, deed)| matches!(deed, Deed::Break | Deed::Back))
                .cloned()
                .collect();
            let is_echo = |at: i64, of: &Deed| {
                whole
                    .iter()
                    .any(|(when, deed)| (at - 1..=at).contains(when) && deed == of)
            };
            deeds.retain(|(at, deed)| match deed {
                Deed::Pause(_) => !is_echo(*at, &Deed::Break),
                Deed::Resume(_) => !is_echo(*at, &Deed::Back),
                _ => true,
            });
            deeds.sort_by_key(|(at, _)| *at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_ins_breaks_and_pauses_are_read_and_broken_lines_named() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let text = "100|NONE|NONE|a|AGENTLOGIN|user/a\n110|NONE|NONE|a|PAUSEALL|\n110|NONE|q|a|PAUSE|lunch\n120|NONE|NONE|a|UNPAUSEALL|\n\
                    120|NONE|q|a|UNPAUSE|lunch\n130|NONE|q|a|PAUSE|\nnoon|NONE|NONE|a|AGENTLOGOFF|\n140|c|q|NONE|ENTERQUEUE||5|1\nhalf a line\n";
        std::fs::write(file.path(), text).expect("written");
        let log = QueueLog::read(file.path()).expect("a log");
        let expected = vec![
            (100, Deed::LogIn),
            (110, Deed::Break),
            (120, Deed::Back),
            (130, Deed::Pause("q".to_owned())),
        ];
        assert_eq!(log.deeds.get("a"), Some(&expected));
        assert_eq!(log.broken.len(), 2);
        assert!(log.broken[0].ends_with(":7: the time is \"noon\""), "{:?}", log.broken);
        assert!(log.broken[1].contains(":9: "), "{:?}", log.broken);
    }
}
