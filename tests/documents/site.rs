//! The call centre that the documents speak of, in the engine: their commands are said to it.

use callcenter_test_support::fuzz::office::Office;
use serde_json::Value;
use std::cell::Cell;

/// A queue, its agents, and another queue.
const XML: &str = r#"<configuration name="callcenter.conf">
  <settings><param name="queues-from-db" value="true"/></settings>
  <queues>
    <queue name="support@default"><param name="callback-dial" value="loopback/${callback_number}/callbacks"/></queue>
    <queue name="sales@default"/>
  </queues>
  <agents>
    <agent name="1001" type="callback" contact="user/1001" status="Available"/>
    <agent name="1002" type="callback" contact="user/1002" status="Available"/>
  </agents>
  <tiers><tier queue="support@default" agent="1001"/><tier queue="sales@default" agent="1002"/></tiers>
</configuration>"#;

/// What stands for the uuid of a waiting caller.
const MEMBER: &str = "MEMBER_UUID";

/// What stands for the uuid of somebody who is to be called back.
const CALLBACK: &str = "CALLBACK_UUID";

/// Commands of FreeSWITCH and fs_cli themselves: `tests/host/documents.rs` gives them.
const OF_FREESWITCH: [&str; 4] = [
    "/event plain CUSTOM callcenter::info",
    "reload mod_callcenter",
    "reloadxml",
    "fsctl send_sighup",
];

pub struct Site {
    office: Office,
    callers: Cell<u32>,
}

impl Site {
    pub fn new() -> Self {
        Self {
            office: Office::configured(XML).expect("a configuration").0,
            callers: Cell::new(0),
        }
    }

    /// The names of its queues.
    pub fn has_queue(name: &str) -> bool {
        XML.contains(&format!("<queue name=\"{name}\""))
    }

    /// Does what somebody types at fs_cli.
    ///
    /// # Errors
    /// With the reply, where it is refused.
    pub fn obey(&self, line: &str) -> Result<(), String> {
        let line = self.with_callbacks(&self.with_members(line));
        let console = &self.office.console;
        let reply = match line.split_once(' ').unwrap_or((line.as_str(), "")) {
            ("callcenter_config", words) => console.config(words),
            ("callcenter_break", words) => console.break_agent(words),
            ("json", request) => return self.answer(request),
            _ if OF_FREESWITCH.contains(&line.as_str()) => return Ok(()),
            _ => "-ERR It is no command of this module, nor one of FreeSWITCH that is known here.".to_owned(),
        };
        if reply.starts_with("-ERR") || reply.starts_with("-USAGE") {
            return Err(reply);
        }
        Ok(())
    }

    /// Each member who is named waits: it has just come.
    fn with_members(&self, line: &str) -> String {
        if !line.contains(MEMBER) {
            return line.to_owned();
        }
        self.callers.set(self.callers.get() + 1);
        let caller = self.callers.get().to_string();
        self.office.enter("support@default", &caller);
        line.replace(MEMBER, &format!("'member {caller}'"))
    }

    /// Each callback that is named has just been asked for.
    fn with_callbacks(&self, line: &str) -> String {
        if !line.contains(CALLBACK) {
            return line.to_owned();
        }
        self.callers.set(self.callers.get() + 1);
        let number = self.callers.get();
        let reply = self
            .office
            .console
            .config(&format!("callback add support@default 03012345{number}"));
        let uuid = reply.trim().strip_prefix("+OK ").unwrap_or_default();
        line.replace(CALLBACK, uuid)
    }

    fn answer(&self, request: &str) -> Result<(), String> {
        let request: Value = serde_json::from_str(request).map_err(|error| error.to_string())?;
        if request["command"] != "callcenter_config" {
            return Err(format!("{} is another command", request["command"]));
        }
        let answer = self.office.console.json(&request["data"]);
        answer.map(drop).map_err(|error| error.to_string())
    }
}
