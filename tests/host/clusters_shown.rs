//! Three FreeSWITCH that are one call centre, to be looked at: `make cluster`.

use crate::clusters::{box_of_cluster, phone_at, wait_until_in, QUEUE};
use callcenter_test_support::harness::{install, phone, FreeSwitch, Module, Setup};
use callcenter_test_support::private::{shared, Kind};
use std::io::BufRead;
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// What phones do: they ring for half a second, and talk for four.
const TALKS: &str = "answer-500-talk-4000";

/// How long a look lasts, unless the variable `CLUSTER_SECONDS` says otherwise.
const SHOWN_FOR: u64 = 600;

/// Callers come so far apart.
const NEXT_CALLER: Duration = Duration::from_millis(2_500);

/// One of the three.
struct Shown {
    name: String,
    switch: FreeSwitch,
    is_up: bool,
}

impl Shown {
    /// Whether it leads, as its log tells.
    fn leads(&self) -> bool {
        let log = self.switch.log();
        let last = |what: &str| log.rfind(what);
        self.is_up && last("this box leads from now on") > last("this box leads no more")
    }

    fn asks(&self, words: &str) -> String {
        let reply = self.switch.try_callcenter(words);
        reply.unwrap_or_else(|error| format!("({error})"))
    }

    fn tell(&self) {
        let role = match (self.is_up, self.leads()) {
            (false, _) => "is down",
            (true, true) => "leads",
            (true, false) => "follows",
        };
        println!("  {} {role}", self.name);
        if self.is_up {
            println!(
                "    waiting: {}",
                self.asks(&format!("queue count members {QUEUE}")).trim()
            );
            for line in self.asks("agent list").lines().filter(|line| line.contains('@')) {
                let fields: Vec<&str> = line.split('|').collect();
                if let [agent, _, _, _, _, status, state, ..] = fields.as_slice() {
                    println!("    {agent}: {status}, {state}");
                }
            }
        }
    }
}

fn three() -> Option<Vec<Shown>> {
    let install = install()?;
    let server = shared(Kind::Postgres)?;
    server.create_database("shown");
    let mut all: Vec<Shown> = Vec::new();
    for number in 1..=3 {
        let name = format!("box{number}");
        let agent = format!("agent{number}");
        // Each sits at a box of its own.
        let centre = box_of_cluster(&name, server, "shown")
            .agent(&agent, &phone(&agent, TALKS), &[("wrap_up_time", "2")])
            .tier(QUEUE, &agent, 1, 1);
        let switch = FreeSwitch::start(install, Module::Ours, Setup::new(&centre));
        wait_until_in(all.first().map(|first| &first.switch), &name, &switch);
        all.push(Shown {
            name,
            switch,
            is_up: true,
        });
    }
    for (at, one) in all.iter().enumerate() {
        let agent = format!("agent{}", at + 1);
        let contact = phone_at(&one.switch, &agent, TALKS);
        for words in [
            format!("agent add {agent} callback"),
            format!("agent set contact {agent} {contact}"),
            format!("agent set status {agent} Available"),
            format!("tier add {QUEUE} {agent} 1 1"),
        ] {
            println!("{}: {words}: {}", one.name, one.asks(&words).trim());
        }
    }
    Some(all)
}

/// Lines that are typed.
fn typed() -> Receiver<String> {
    let (lines, read) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    read
}

fn kill_or_start(all: &mut [Shown], line: &str) {
    let wanted = line.trim().trim_start_matches("box");
    let known = all
        .iter_mut()
        .find(|one| one.name.ends_with(wanted) && !wanted.is_empty());
    match known {
        Some(one) if one.is_up => {
            println!("*** {} is killed", one.name);
            one.switch.kill();
            one.is_up = false;
        }
        Some(one) => {
            println!("*** {} is started again", one.name);
            one.switch.start_again(Module::Ours);
            one.is_up = true;
        }
        None => println!("type 1, 2 or 3 to kill that box, and again to start it"),
    }
}

#[test]
#[ignore = "it is to be looked at: make cluster"]
fn three_boxes() {
    let Some(mut all) = three() else { return };
    let seconds = std::env::var("CLUSTER_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok()).unwrap_or(SHOWN_FOR);
    let (began, typed) = (Instant::now(), typed());
    println!("type 1, 2 or 3 and return to kill that box, and again to start it; it ends after {seconds} s");
    let mut callers = 0_usize;
    while began.elapsed() < Duration::from_secs(seconds) {
        match typed.recv_timeout(NEXT_CALLER) {
            Ok(line) => kill_or_start(&mut all, &line),
            Err(RecvTimeoutError::Timeout) => (),
            // Nobody types.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(NEXT_CALLER),
        }
        callers += 1;
        let one = &all[callers % all.len()];
        if one.is_up {
            one.switch.call(&format!("555{callers:04}"), "Caller", "queue-support");
        }
        println!("after {} s, {callers} callers:", began.elapsed().as_secs());
        all.iter().for_each(Shown::tell);
    }
}
