//! FreeSWITCH is killed in the middle of everything.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use callcenter_test_support::harness::{install, phone, rows, say, CallCenter, FreeSwitch, Module, Setup, SOON};

fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("abandoned-resume-allowed", "true")],
        )
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1)
}

/// The value of a column in the first row of a listing.
fn column(listing: &str, name: &str) -> String {
    let mut lines = listing.lines();
    let at = lines
        .next()
        .and_then(|header| header.split('|').position(|column| column == name));
    let row: Vec<&str> = lines.next().unwrap_or_default().split('|').collect();
    at.and_then(|at| row.get(at)).copied().unwrap_or_default().to_string()
}

#[test]
fn an_acknowledged_command_survives_kill_9() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre()));
    for round in 0..3 {
        let agent = format!("temp{round}");
        assert_eq!(switch.callcenter(&format!("agent add {agent} callback")), "+OK\n");
        assert_eq!(
            switch.callcenter(&format!("agent set contact {agent} user/{agent}")),
            "+OK\n"
        );
        assert_eq!(
            switch.callcenter(&format!("tier add support@default {agent} 2 {round}")),
            "+OK\n"
        );
        assert_eq!(
            switch.callcenter(&format!("agent set status {agent} 'On Break'")),
            "+OK\n"
        );
        switch.kill();
        switch.start_again(Module::Ours);
        assert_eq!(switch.callcenter(&format!("agent get status {agent}")), "On Break");
        let listing = switch.callcenter(&format!("agent list {agent}"));
        assert_eq!(column(&listing, "contact"), format!("user/{agent}"));
        assert!(switch
            .callcenter("tier list")
            .contains(&format!("support@default|{agent}|Ready|2|{round}")));
    }
}

#[test]
fn nobody_is_stuck_after_kill_9_in_the_middle_of_calls() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre()));
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    switch.call_queue("5550002", "support");
    // Progress of a call is written within 50 ms; the kill shall find rows to clean up.
    std::thread::sleep(std::time::Duration::from_millis(200));
    switch.kill();
    switch.start_again(Module::Ours);
    assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
    assert!(switch.callcenter("tier list").contains("support@default|a1|Ready|1|1"));
    let members = switch.callcenter("queue list members support@default");
    for row in members.lines().filter(|row| row.starts_with("support@default|")) {
        assert!(row.contains("|Abandoned|"), "a member is left over: {row}");
    }
    let mark = switch.events().mark();
    switch.call_queue("5550003", "support");
    let talk = switch.wait_for(mark, "bridge-agent-start");
    assert_eq!(talk.get("CC-Agent"), "a1", "the agent takes calls again");
}

#[test]
fn what_was_set_and_when_an_agent_is_ready_outlast_kill_9() {
    let Some(install) = install() else { return };
    let limited = [("strategy", "longest-idle-agent"), ("max-wrap-up-time", "2")];
    let attributes = [("skills", "french"), ("max-no-answer", "3"), ("status", "Available")];
    let call_centre = |contact: &str| {
        CallCenter::new()
            .queue("support@default", &limited)
            .agent("a1", contact, &attributes)
            .tier("support@default", "a1", 1, 1)
    };
    let phone = phone("a1", "answer");
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre(&phone)));
    for setting in ["skills a1 german=7", "max_no_answer a1 9", "wrap_up_time a1 600"] {
        assert_eq!(switch.callcenter(&format!("agent set {setting}")), "+OK\n");
    }
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    switch.wait_for(mark, "bridge-agent-start");
    switch.hang_up(&caller);
    switch.wait_for(mark, "bridge-agent-end");
    // What a command is answered for is saved, and what came before it with it.
    assert_eq!(switch.callcenter("agent set max_no_answer a1 8"), "+OK\n");
    switch.kill();
    switch.start_again(Module::Ours);
    let mark = switch.events().mark();
    switch.call_queue("5550002", "support");
    switch.wait_for(mark, "bridge-agent-start");

    let has = |switch: &FreeSwitch, skills: &str, max_no_answer: &str| {
        assert_eq!(switch.callcenter("agent get skills a1"), skills);
        let listing = switch.callcenter("agent list a1");
        assert_eq!(column(&listing, "max_no_answer"), max_no_answer);
    };
    has(&switch, "german=7", "8");
    assert_eq!(switch.callcenter("queue reload support@default"), "+OK\n");
    has(&switch, "german=7", "8");
    switch.rewrite_callcenter(call_centre("user/other").xml());
    assert_eq!(switch.callcenter("queue reload support@default"), "+OK\n");
    has(&switch, "german=7", "8");
    let listing = switch.callcenter("agent list a1");
    assert_eq!(column(&listing, "contact"), "user/other", "it was changed there");
    assert_eq!(switch.callcenter("agent reload a1"), "+OK\n");
    has(&switch, "french", "3");
}

/// How often FreeSWITCH is killed at a random moment: `CALLCENTER_KILLS`, or a few times.
fn kills() -> u64 {
    let wanted = std::env::var("CALLCENTER_KILLS")
        .ok()
        .and_then(|text| text.parse().ok());
    wanted.unwrap_or(5)
}

/// Agents of every behaviour serve one queue; nobody serves the other, where callers wait.
fn busy_call_centre() -> CallCenter {
    let resuming = [
        ("strategy", "longest-idle-agent"),
        ("abandoned-resume-allowed", "true"),
        ("discard-abandoned-after", "3600"),
    ];
    let mut call_centre = CallCenter::new()
        .queue("support@default", &resuming)
        .queue("patience@default", &resuming);
    for (agent, behaviour) in [
        ("a1", "answer"),
        ("a2", "ring"),
        ("a3", "reject"),
        ("a4", "talk-200"),
        ("a5", "talk-50"),
    ] {
        call_centre = call_centre
            .agent(agent, &phone(agent, behaviour), &[("status", "Available")])
            .tier("support@default", agent, 1, 1);
    }
    call_centre
}

/// What commands have been answered `+OK`: the wrap-up time of each agent; none once it is deleted.
#[derive(Default)]
struct Acknowledged {
    agents: BTreeMap<String, Option<u64>>,
    commands: usize,
}

impl Acknowledged {
    /// Gives commands, one after the other, until FreeSWITCH dies.
    fn command_until_killed(&mut self, switch: &FreeSwitch, round: u64) {
        for number in 0.. {
            let agent = format!("temp{round}-{}", number / 4);
            let (command, after) = match number % 4 {
                0 => (format!("agent add {agent} callback"), Some(0)),
                1 => (format!("tier add support@default {agent} 2 1"), Some(0)),
                2 => (format!("agent set wrap_up_time {agent} {number}"), Some(number)),
                _ if number % 8 == 7 => (format!("agent del {agent}"), None),
                _ => (format!("agent set contact {agent} user/{agent}"), Some(number - 1)),
            };
            match switch.try_callcenter(&command) {
                Ok(answer) => {
                    assert_eq!(answer, "+OK\n", "{command}");
                    self.agents.insert(agent, after);
                    self.commands += 1;
                }
                Err(_) => {
                    // The command that FreeSWITCH died over may have been carried out or not.
                    self.agents.remove(&agent);
                    return;
                }
            }
        }
    }

    fn check(&self, switch: &FreeSwitch) {
        let listing = switch.callcenter("agent list");
        let header: Vec<&str> = listing.lines().next().unwrap_or_default().split('|').collect();
        let at = header
            .iter()
            .position(|column| *column == "wrap_up_time")
            .expect("the column");
        let mut found = BTreeMap::new();
        for row in listing.lines().skip(1).filter(|row| row.contains('|')) {
            let fields: Vec<&str> = row.split('|').collect();
            assert_eq!(fields.len(), header.len(), "{row}");
            assert_eq!(fields[6], "Waiting", "an agent is stuck: {row}");
            found.insert(fields[0].to_string(), fields[at].parse::<u64>().expect("a number"));
        }
        for (agent, expected) in &self.agents {
            assert_eq!(found.get(agent), expected.as_ref(), "{agent} was acknowledged");
        }
        for row in switch
            .callcenter("tier list")
            .lines()
            .filter(|row| row.starts_with("support@"))
        {
            assert!(row.contains("|Ready|"), "a tier is stuck: {row}");
        }
        for row in switch
            .callcenter("queue list members")
            .lines()
            .filter(|row| row.contains("@default|"))
        {
            assert!(row.contains("|Abandoned|"), "a member is left over: {row}");
        }
    }
}

/// A caller in the queue nobody serves; the member's uuid.
fn wait_in_vain(switch: &FreeSwitch, number: &str) -> String {
    let mark = switch.events().mark();
    switch.call_queue(number, "patience");
    let event = switch.events().wait(mark, SOON, "the caller", |event| {
        event.get("CC-Member-CID-Number") == number && !event.get("CC-Member-UUID").is_empty()
    });
    event.get("CC-Member-UUID").to_string()
}

fn wait_for_row(switch: &FreeSwitch, member: &str) {
    let deadline = Instant::now() + SOON;
    while !rows(&switch.database(), "members")
        .iter()
        .any(|row| row.contains(member))
    {
        assert!(Instant::now() < deadline, "the row of {member} is not written");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn killed_at_random_moments_under_load_nothing_is_lost_and_nobody_is_stuck() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&busy_call_centre()));
    let mut acknowledged = Acknowledged::default();
    for round in 0..kills() {
        let patient = format!("777{round:04}");
        let member = wait_in_vain(&switch, &patient);
        for caller in 0..8 {
            switch.call(&format!("555{round:03}{caller}"), "Caller", "queue-support");
        }
        // Once the patient caller's row is written any moment is as good as another.
        wait_for_row(&switch, &member);
        let moment = Duration::from_millis((round * 7919) % 1500);
        let pid = switch.pid();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(moment);
                let killed = Command::new("sh").args(["-c", &format!("kill -KILL {pid}")]).status();
                assert!(
                    killed.is_ok_and(|status| status.success()),
                    "FreeSWITCH was gone before it was killed"
                );
            });
            acknowledged.command_until_killed(&switch, round);
        });
        switch.kill();
        switch.start_again(Module::Ours);
        acknowledged.check(&switch);
        let mark = switch.events().mark();
        switch.call(&patient, "Caller", "queue-patience");
        let resumed = switch.wait_for(mark, "member-queue-resume");
        assert_eq!(resumed.get("CC-Member-UUID"), member, "round {round}: the old place");
    }
    say(&format!(
        "killed {} times; {} acknowledged commands were there each time",
        kills(),
        acknowledged.commands
    ));
    let mark = switch.events().mark();
    switch.call_queue("5550003", "support");
    switch.wait_for(mark, "bridge-agent-start");
}
