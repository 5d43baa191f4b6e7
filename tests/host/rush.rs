//! Everything at once: callers by the hundred, phones that answer, reject, are busy or ring on, people who change their
//! mind at random; afterwards everything is over and nothing is left. Also unloading and stopping in the middle of it.
//!
//! `RUSH_SEED=…` plays the same choices again.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use callcenter_simulator::Dice;

use callcenter_test_support::harness::{check_promises, phone, say, with_ours, CallCenter, Event, FreeSwitch, Setup};

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
pub struct Rush {
    /// Who calls, all at once.
    pub callers: usize,
    /// Whose phones ring.
    pub agents: usize,
    /// So many have come when it is in full swing.
    pub arrived: usize,
    /// The pause between two things that people do at random.
    pub pause: Duration,
    /// How long serving everybody may take.
    pub day: Duration,
}

const RUSH: Rush = Rush {
    callers: 300,
    agents: 60,
    arrived: 100,
    pause: Duration::from_millis(15),
    day: Duration::from_secs(180),
};

/// How many things people do at random before they look round again, and how often.
const ACTS: usize = 25;
const ROUNDS: usize = 10;

const QUEUES: [(&str, &str); 3] = [
    ("sales", "longest-idle-agent"),
    ("support", "round-robin"),
    ("night", "ring-all"),
];

/// Who has never talked has been idle longest: without these, the phones that do not answer would be rung over and over.
const PAUSES: &[(&str, &str)] = &[
    ("max-no-answer", "2"),
    ("reject-delay-time", "10"),
    ("busy-delay-time", "10"),
];

fn agent(number: usize) -> String {
    format!("a{number}")
}

fn contact(number: usize) -> String {
    let name = agent(number);
    match number % 6 {
        0 => phone(&name, "reject"),
        1 => phone(&name, "busy"),
        2 => format!("[leg_timeout=2]{}", phone(&name, "ring")),
        _ => phone(&name, "answer-100-talk-400"),
    }
}

fn answers(agent: usize) -> bool {
    contact(agent).contains("-answer-")
}

/// The choices of this run; the seed is printed.
pub fn dice(purpose: &str) -> Dice {
    let given = std::env::var("RUSH_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from(std::process::id()));
    say(&format!("{purpose}: RUSH_SEED={seed}"));
    Dice::new(seed, purpose)
}

/// The channels of callers who have joined since the mark.
fn joined(switch: &FreeSwitch, mark: usize) -> Vec<String> {
    let events = switch.events().since(mark);
    let starts = events.iter().filter(|event| event.is("member-queue-start"));
    starts
        .map(|event| event.get("CC-Member-Session-UUID").to_string())
        .collect()
}

impl Rush {
    /// Every agent serves two of the three queues; few of them the one that rings all.
    pub fn call_centre(self) -> CallCenter {
        let queues = QUEUES.iter().fold(CallCenter::new(), |file, (name, strategy)| {
            file.queue(&format!("{name}@default"), &[("strategy", strategy)])
        });
        (0..self.agents).fold(queues, |file, number| {
            let name = agent(number);
            let file = file
                .agent(&name, &contact(number), PAUSES)
                .tier("sales@default", &name, 1 + number as u32 % 2, number as u32)
                .tier("support@default", &name, 1, number as u32);
            match number {
                0..10 => file.tier("night@default", &name, 1, number as u32),
                _ => file,
            }
        })
    }

    /// Has everybody call at once.
    fn let_them_call(self, switch: &FreeSwitch, dice: &mut Dice) {
        for number in 0..self.callers {
            let queue = match dice.below(10) {
                0 => "night",
                1..6 => "sales",
                _ => "support",
            };
            let answer = switch.api(&format!(
                "bgapi originate {{origination_caller_id_number={number},origination_caller_id_name=Caller}}null/{number} \
                 &callcenter({queue}@default)"
            ));
            assert!(answer.starts_with("+OK"), "caller {number} could not dial: {answer}");
        }
    }

    /// Somebody does something.
    fn act(self, switch: &FreeSwitch, callers: &[String], dice: &mut Dice) {
        let name = agent(dice.below(self.agents));
        let answer = match dice.below(8) {
            0..4 => {
                let Some(caller) = dice.pick(callers) else { return };
                // A caller who has gone already cannot go again.
                switch.api(&format!("uuid_kill {caller}"));
                return;
            }
            4 => switch.callcenter(&format!("agent set status {name} 'On Break'")),
            5 => switch.callcenter(&format!("agent set status {name} Available")),
            6 => switch.callcenter(&format!("tier set position sales@default {name} {}", dice.below(9))),
            _ => switch.callcenter("queue reload support@default"),
        };
        assert_eq!(answer, "+OK\n");
    }

    fn act_at_random(self, switch: &FreeSwitch, mark: usize, dice: &mut Dice) {
        for _ in 0..ROUNDS {
            let callers = joined(switch, mark);
            for _ in 0..ACTS {
                self.act(switch, &callers, dice);
                // The pace of a busy hour, not a wait for anything.
                std::thread::sleep(self.pause);
            }
        }
    }

    /// Everybody calls, is served or leaves, and in the end everything is over.
    pub fn is_played_and_over(self, switch: &FreeSwitch, dice: &mut Dice) {
        let mark = switch.events().mark();
        self.let_them_call(switch, dice);
        self.act_at_random(switch, mark, dice);
        for number in (0..self.agents).filter(|number| answers(*number)) {
            switch.callcenter(&format!("agent set status {} Available", agent(number)));
        }
        switch.wait_until_quiet_within(self.day);
        self.check_that_all_is_over(switch, mark);
    }

    fn check_that_all_is_over(self, switch: &FreeSwitch, mark: usize) {
        switch.until("callcenter_config agent list", |list| !list.contains("|Receiving|"));
        switch.catch_up();
        let agents = switch.callcenter("agent list");
        let tiers = switch.callcenter("tier list");
        let members = switch.callcenter("queue list members");
        for word in ["|Receiving|", "|Reserved|", "|In a queue call|"] {
            assert!(!agents.contains(word), "an agent is left in {word}:\n{agents}");
        }
        for word in ["|Offering|", "|Active Inbound|", "|Standby|"] {
            assert!(!tiers.contains(word), "a tier is left in {word}:\n{tiers}");
        }
        for word in ["|Waiting|", "|Trying|", "|Answered|"] {
            assert!(!members.contains(word), "a member is left in {word}:\n{members}");
        }
        let watchdog = switch.callcenter("stats watchdog");
        assert!(watchdog.contains("\n0|0|0\n"), "the watchdog had to help:\n{watchdog}");
        let events = switch.events().since(mark);
        let of_ours: Vec<&Event> = events.iter().filter(|event| !event.action().is_empty()).collect();
        check_promises(&of_ours);
        let counts = counts(&events);
        let count = |action: &str| counts.get(action).copied().unwrap_or_default();
        say(&format!("events: {counts:?}"));
        assert_eq!(count("member-queue-start"), self.callers);
        assert_eq!(count("member-queue-end"), self.callers);
        let ended = count("bridge-agent-start") + count("bridge-agent-fail");
        assert_eq!(count("agent-offering"), ended, "an offer has not ended");
        assert_eq!(count("bridge-agent-start"), count("bridge-agent-end"));
        assert!(
            count("bridge-agent-start") > self.callers / 4,
            "hardly anybody was served"
        );
    }

    /// Starts a rush and waits until it is in full swing.
    pub fn is_in_full_swing(self, switch: &FreeSwitch, dice: &mut Dice) {
        let mark = switch.events().mark();
        self.let_them_call(switch, dice);
        switch
            .events()
            .wait(mark, self.day, "first talk", |event| event.is("bridge-agent-start"));
        let arrived = RefCell::new(HashSet::new());
        switch.events().wait(mark, self.day, "many callers", |event| {
            let mut arrived = arrived.borrow_mut();
            if event.is("member-queue-start") {
                arrived.insert(event.get("CC-Member-UUID").to_owned());
            }
            arrived.len() >= self.arrived
        });
    }
}

/// How many events there are of each action.
fn counts(events: &[Event]) -> HashMap<&str, usize> {
    events.iter().fold(HashMap::new(), |mut counts, event| {
        *counts.entry(event.action()).or_default() += 1;
        counts
    })
}

#[test]
fn after_a_rush_everything_is_over() {
    with_ours(Setup::new(&RUSH.call_centre()), |switch| {
        RUSH.is_played_and_over(switch, &mut dice("rush"));
    });
}

#[test]
fn the_module_is_forced_out_of_a_rush_and_comes_back() {
    with_ours(Setup::new(&RUSH.call_centre()), |switch| {
        let mut dice = dice("unload");
        RUSH.is_in_full_swing(switch, &mut dice);
        let answer = switch.api("unload mod_callcenter");
        assert!(answer.contains("-ERR"), "callers are in the module: {answer}");
        let answer = switch.api("unload -f mod_callcenter");
        assert!(answer.contains("+OK"), "unload -f: {answer}");
        switch.wait_until_quiet_within(RUSH.day);
        let answer = switch.api("load mod_callcenter");
        assert!(answer.contains("+OK"), "load: {answer}");
        let agents = switch.callcenter("agent list");
        assert!(!agents.contains("|Receiving|"), "{agents}");
        let mark = switch.events().mark();
        switch.call_queue("5550001", "sales");
        // Agents who have never talked come first, and their phones may not answer.
        switch
            .events()
            .wait(mark, RUSH.day, "a talk", |event| event.is("bridge-agent-start"));
    });
}

#[test]
fn freeswitch_stops_in_the_middle_of_a_rush() {
    // `with_ours` asks for the shutdown and fails when FreeSWITCH does not end well in time.
    with_ours(Setup::new(&RUSH.call_centre()), |switch| {
        let mut dice = dice("shutdown");
        RUSH.is_in_full_swing(switch, &mut dice);
    });
}
