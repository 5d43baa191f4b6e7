//! Standing legs of uuid-standby agents, and callers who come to them, on channels without audio; talks in which somebody leaves in the
//! moment in which the two are joined.

use std::time::Duration;

use super::calls::SOON;
use super::freeswitch::FreeSwitch;
use crate::call_centre::CallCenter;

/// The queue of [`standby_centre`].
const QUEUE: &str = "support@default";

/// A call centre whose one agent, `a1`, is on standby and has no leg yet.
pub fn standby_centre() -> CallCenter {
    CallCenter::new()
        .queue(QUEUE, &[("discard-abandoned-after", "1")])
        .agent("a1", "", &[("type", "uuid-standby"), ("status", "Logged Out")])
        .tier(QUEUE, "a1", 1, 1)
}

impl FreeSwitch {
    /// A uuid that no channel has.
    pub fn new_uuid(&self) -> String {
        self.api("create_uuid").trim().to_owned()
    }

    /// Whether there is such a channel.
    pub fn exists(&self, uuid: &str) -> bool {
        self.api(&format!("uuid_exists {uuid}")).trim() == "true"
    }

    /// A channel of this uuid that is up and executes these applications; `variables` as in `,a=1,b=2`.
    pub fn channel(&self, uuid: &str, variables: &str, applications: &str) {
        let command = format!("originate {{origination_uuid={uuid}{variables}}}null/channel {applications} inline");
        let answer = self.api(&command);
        assert!(answer.starts_with("+OK"), "no channel: {answer}");
    }

    /// A leg of this uuid that waits for whoever bridges it, and again afterwards.
    pub fn leg(&self, uuid: &str) {
        self.channel(uuid, ",park_after_bridge=true", "park");
    }

    /// A new leg that waits already.
    pub fn parked(&self) -> String {
        let uuid = self.new_uuid();
        self.leg(&uuid);
        self.until(&format!("uuid_getvar {uuid} current_application"), |answer| {
            answer.trim() == "park"
        });
        uuid
    }

    /// A new leg of the agent `a1`, who is available on it.
    pub fn stand(&self) -> String {
        let leg = self.parked();
        self.callcenter(&format!("agent set uuid a1 {leg}"));
        self.callcenter("agent set status a1 Available");
        leg
    }

    /// A caller of the queue, who sleeps behind it.
    pub fn queue_caller(&self) -> String {
        let uuid = self.new_uuid();
        self.channel(&uuid, "", &format!("'callcenter:{QUEUE},sleep:60000'"));
        uuid
    }

    /// A caller for whom `a1` was found a moment ago; it is another moment with each number of a talk, up to 120 ms, and every moment of the
    /// joining comes in turn: 7 and 121 have no common factor. `patience` is for the agent to be found.
    pub fn caller_being_joined(&self, talk: usize, patience: Duration) -> String {
        let mark = self.events().mark();
        let caller = self.queue_caller();
        self.events().wait(mark, patience, "the caller's agent", |event| {
            event.is("bridge-agent-start") && event.get("CC-Member-Session-UUID") == caller
        });
        let moment = u64::try_from(talk % 121 * 7 % 121).unwrap_or_default();
        std::thread::sleep(Duration::from_millis(moment));
        caller
    }

    /// Waits until two channels are each other's partner.
    pub fn wait_until_joined(&self, one: &str, other: &str) {
        for (uuid, partner) in [(one, other), (other, one)] {
            self.until(&format!("uuid_getvar {uuid} bridge_uuid"), |answer| {
                answer.trim() == partner
            });
        }
    }

    /// The cause a channel has hung up with.
    pub fn end_of(&self, uuid: &str) -> String {
        let end = self.events().wait(0, SOON, "the end of the channel", |event| {
            event.is_core("CHANNEL_HANGUP") && event.get("Unique-ID") == uuid
        });
        end.get("Hangup-Cause").to_owned()
    }
}
