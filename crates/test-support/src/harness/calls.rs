//! Callers: light ones that FreeSWITCH itself plays over SIP on the loopback address.

use std::time::Duration;

use super::event::Event;
use super::freeswitch::FreeSwitch;

/// Long enough for anything that is supposed to happen at once on a busy machine.
pub const SOON: Duration = Duration::from_secs(10);

/// A caller who dialled in over SIP.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The caller's own leg (not the one the call centre sees).
    pub leg: String,
}

impl FreeSwitch {
    /// Has a caller with this number and name dial an extension of the callers' context.
    pub fn call(&self, number: &str, name: &str, extension: &str) -> Caller {
        self.call_with(number, name, extension, "")
    }

    /// Like [`FreeSwitch::call`], with further variables for the caller's own leg (`a=1,b=2`).
    pub fn call_with(&self, number: &str, name: &str, extension: &str, variables: &str) -> Caller {
        let leg = self.api("create_uuid").trim().to_string();
        let comma = if variables.is_empty() { "" } else { "," };
        let answer = self.api(&format!(
            "bgapi originate {{origination_uuid={leg},origination_caller_id_number={number},\
             origination_caller_id_name='{name}'{comma}{variables}}}sofia/phones/{extension}@127.0.0.1:{} &park",
            self.ports.desk
        ));
        assert!(answer.starts_with("+OK"), "the caller could not dial: {answer}");
        Caller { leg }
    }

    /// A caller who dials the queue `NAME@default` and has joined it.
    pub fn call_queue(&self, number: &str, queue: &str) -> Caller {
        let mark = self.events().mark();
        let caller = self.call(number, &format!("Caller {number}"), &format!("queue-{queue}"));
        self.events()
            .wait(mark, SOON, "member-queue-start of the caller", |event| {
                is_start(event) && event.get("CC-Member-CID-Number") == number
            });
        caller
    }

    /// The caller hangs up.
    pub fn hang_up(&self, caller: &Caller) {
        self.api(&format!("uuid_kill {}", caller.leg));
    }

    /// Waits for the call centre's event with this action since a mark.
    pub fn wait_for(&self, mark: usize, action: &str) -> Event {
        self.events().wait(mark, SOON, action, |event| event.is(action))
    }

    /// Waits until every channel is gone.
    pub fn wait_until_quiet(&self) {
        self.wait_until_quiet_within(SOON);
    }

    /// Waits until every channel is gone, for as long as serving many callers may take.
    pub fn wait_until_quiet_within(&self, patience: Duration) {
        let deadline = std::time::Instant::now() + patience;
        while !self.api("show channels count").trim_start().starts_with("0 ") {
            assert!(
                std::time::Instant::now() < deadline,
                "channels are left: {}",
                self.api("show channels")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks a question until the answer is accepted, and gives that answer.
    pub fn until(&self, command: &str, accept: impl Fn(&str) -> bool) -> String {
        match self.soon(command, accept) {
            Ok(answer) => answer,
            Err(answer) => panic!("`{command}` still answers: {answer}"),
        }
    }

    /// The same; an error with the last answer where none was accepted.
    pub fn soon(&self, command: &str, accept: impl Fn(&str) -> bool) -> Result<String, String> {
        let deadline = std::time::Instant::now() + SOON;
        loop {
            let answer = self.api(command);
            if accept(&answer) {
                return Ok(answer);
            }
            if std::time::Instant::now() >= deadline {
                return Err(answer);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn is_start(event: &Event) -> bool {
    event.is("member-queue-start") || event.is("member-queue-resume")
}
