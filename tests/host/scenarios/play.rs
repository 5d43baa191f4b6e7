//! Plays a scenario in one FreeSWITCH and records what the call centre did.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use callcenter_test_support::harness::{change_rows, phone, Caller, Event, FreeSwitch, Recording};
use callcenter_test_support::scenario::{Lasts, Order, Scenario, Step};

/// How long a step may wait for its event: with a dozen scenarios at a time a busy machine takes stock many seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long everything may take to come to rest after the last step.
const REST: Duration = Duration::from_secs(30);

/// Where a scenario is played: one FreeSWITCH, or three that are one call centre.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Callers come here, and everything that is told is heard here.
    pub callers: &'a FreeSwitch,
    /// It plays the agents' phones.
    pub phones: &'a FreeSwitch,
    /// It is given the commands.
    pub commands: &'a FreeSwitch,
}

impl<'a> Place<'a> {
    /// Everything in one FreeSWITCH.
    pub fn one(switch: &'a FreeSwitch) -> Self {
        Self {
            callers: switch,
            phones: switch,
            commands: switch,
        }
    }

    /// Where this leg is.
    fn of_leg(&self, leg: &str) -> &'a FreeSwitch {
        match self.phones.exists(leg) {
            true => self.phones,
            false => self.callers,
        }
    }

    /// Where these words of a command belong: to the call centre, or to the first leg that they name.
    fn of_words(&self, words: &str) -> &'a FreeSwitch {
        if words.starts_with("callcenter") {
            return self.commands;
        }
        let leg = words.split(' ').find(|word| word.len() == UUID_LENGTH);
        leg.map_or(self.callers, |leg| self.of_leg(leg))
    }
}

/// How long the name of a leg is.
const UUID_LENGTH: usize = 36;

/// Plays the scenario to its end; its record, or what did not come about.
pub fn play(place: Place<'_>, scenario: &Scenario) -> Result<Vec<String>, String> {
    let switch = place.callers;
    let mut player = Player {
        place,
        switch,
        scenario,
        mark: switch.events().mark(),
        callers: HashMap::new(),
        waited: HashMap::new(),
        recording: Recording::of(&scenario.scope).with_moving_legs(scenario.legs_move_on),
    };
    let mut steps = scenario.steps.iter().enumerate();
    let played = steps.try_for_each(|(at, step)| {
        let played = player.step(at, step);
        played.map_err(|error| format!("step {}: {error}", at + 1))
    });
    for caller in player.callers.values() {
        switch.hang_up(caller);
    }
    let rested = player.rest();
    played.and(rested)?;
    player.record();
    scenario.lasts.iter().try_for_each(|lasts| player.check_time(lasts))?;
    Ok(player.recording.lines().to_vec())
}

struct Player<'a> {
    place: Place<'a>,
    /// Where callers come.
    switch: &'a FreeSwitch,
    scenario: &'a Scenario,
    mark: usize,
    callers: HashMap<String, Caller>,
    /// How many events of a kind have been waited for.
    waited: HashMap<String, usize>,
    recording: Recording,
}

impl Player<'_> {
    fn step(&mut self, at: usize, step: &Step) -> Result<(), String> {
        if let Some(event) = &step.after {
            self.wait(event)?;
        }
        std::thread::sleep(Duration::from_millis(step.pause));
        if let Some(number) = &step.call {
            let name = step.name.clone().unwrap_or(format!("Caller {number}"));
            let caller = self.switch.call(number, &name, &self.scenario.extension_number(at));
            self.callers.insert(number.clone(), caller);
            if step.queue.is_some() {
                self.wait(&format!("joined {number}"))?;
            }
        }
        if let Some((number, application)) = &step.originate {
            self.originate(number, &self.scenario.named(application));
        }
        if let Some(sql) = &step.sql {
            change_rows(&self.switch.database(), &self.scenario.named(sql));
        }
        if let Some(number) = &step.hang_up {
            self.switch.hang_up(self.caller(number)?);
        }
        if let Some((number, keys)) = &step.keys {
            let leg = &self.caller(number)?.leg;
            self.switch.api(&format!("uuid_send_dtmf {leg} {keys}"));
        }
        if let Some((transferor, second_call)) = &step.joins {
            self.join(transferor, second_call)?;
        }
        if let Some(words) = &step.command {
            let words = self.expand(words)?;
            self.command(&words);
        }
        if let Some(words) = &step.api {
            let words = self.expand(&self.scenario.named(words))?;
            let answer = self.place.of_words(&words).api(&words);
            self.recording.text(self.switch, &words, &answer);
        }
        Ok(())
    }

    fn command(&mut self, words: &str) {
        let answer = self.place.commands.callcenter(words);
        self.recording
            .text(self.switch, &format!("callcenter_config {words}"), &answer);
    }

    /// An attended transfer as a phone makes it.
    fn join(&self, transferor: &str, second_call: &str) -> Result<(), String> {
        let (first, second) = (self.own_leg(transferor)?, self.own_leg(second_call)?);
        let place = self.place.of_leg(&second);
        let of_second = |name: &str| place.api(&format!("uuid_getvar {second} {name}"));
        let [call, to, from] = ["sip_call_id", "sip_to_tag", "sip_from_tag"].map(of_second);
        let port = self.switch.ports.desk;
        self.place.of_leg(&first).api(&format!(
            "uuid_deflect {first} <sip:second@127.0.0.1:{port}?Replaces={}%3Bto-tag%3D{}%3Bfrom-tag%3D{}>",
            call.trim(),
            to.trim(),
            from.trim()
        ));
        Ok(())
    }

    /// Has FreeSWITCH call a phone that answers, and put it into an application without a dialplan.
    fn originate(&mut self, number: &str, application: &str) {
        let phone = phone(&format!("{}{number}", self.scenario.scope), "answer");
        let phone = phone.replace("$${phones_port}", &self.switch.ports.phones.to_string());
        let leg = self.switch.api("create_uuid").trim().to_string();
        self.switch.api(&format!(
            "bgapi originate {{origination_uuid={leg},origination_caller_id_number={number},\
             origination_caller_id_name='Caller {number}'}}{phone} &{application}"
        ));
        self.callers.insert(number.to_string(), Caller { leg });
    }

    fn caller(&self, number: &str) -> Result<&Caller, String> {
        self.callers.get(number).ok_or(format!("no caller {number}"))
    }

    /// Waits for the first event of that description no step has waited for.
    fn wait(&mut self, description: &str) -> Result<(), String> {
        let seen = self.waited.entry(description.to_string()).or_default();
        let wanted = *seen;
        *seen += 1;
        let deadline = Instant::now() + PATIENCE;
        let description = Description::new(description, &self.scenario.scope);
        while self.events().iter().filter(|event| description.fits(event)).count() <= wanted {
            if Instant::now() > deadline {
                return Err(format!(
                    "no `{}` ({} before); there were:\n{}",
                    description.words.join(" "),
                    wanted,
                    self.story()
                ));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// The events of this scenario so far.
    fn events(&self) -> Vec<Event> {
        let mut events = self.switch.events().since(self.mark);
        events.retain(|event| event.mentions(&self.scenario.scope));
        events
    }

    fn story(&self) -> String {
        let telling = self.events().into_iter().filter(|event| !event.action().is_empty());
        let lines = telling.map(|event| {
            let words = [
                "CC-Action",
                "CC-Agent",
                "CC-Agent-State",
                "CC-Agent-Status",
                "CC-Member-CID-Number",
            ];
            let words: Vec<&str> = words
                .iter()
                .map(|name| event.get(name))
                .filter(|word| !word.is_empty())
                .collect();
            format!("  {}\n", words.join(" "))
        });
        lines.collect()
    }

    /// The names of agents and queues as FreeSWITCH knows them, and `{NUMBER}` (the leg of a caller the call centre
    /// sees), `{AGENT}` (the leg to an agent's phone), `{NUMBER.phone}` and `{AGENT.phone}` (the other end of these legs,
    /// the phone's own), `{AGENT:BEHAVIOUR}` (a phone's address), `{scope}` (what names begin with).
    fn expand(&self, words: &str) -> Result<String, String> {
        let scope = &self.scenario.scope;
        let is_agent = |word: &str| self.scenario.agents.iter().any(|agent| agent.name == word);
        let is_queue = |word: &str| {
            word.strip_suffix("@default")
                .is_some_and(|name| self.scenario.queues.contains_key(name))
        };
        let words = words.split(' ').map(|word| match (word.find('{'), word.find('}')) {
            (Some(start), Some(end)) if start < end => {
                let inside = self.placeholder(&word[start + 1..end])?;
                Ok(format!("{}{inside}{}", &word[..start], &word[end + 1..]))
            }
            _ if is_agent(word) || is_queue(word) => Ok(format!("{scope}{word}")),
            _ => Ok(word.to_string()),
        });
        Ok(words.collect::<Result<Vec<_>, String>>()?.join(" "))
    }

    fn placeholder(&self, name: &str) -> Result<String, String> {
        let scope = &self.scenario.scope;
        if name == "scope" {
            return Ok(scope.clone());
        }
        if let Some(owner) = name.strip_suffix(".phone") {
            return self.own_leg(owner);
        }
        if let Some((agent, behaviour)) = name.split_once(':') {
            let port = self.place.phones.ports.phones;
            return Ok(format!("sofia/desk/{scope}{agent}-{behaviour}@127.0.0.1:{port}"));
        }
        let events = self.events();
        let legs = events.iter().rev();
        let member = legs.clone().find(|event| event.get("CC-Member-CID-Number") == name);
        let leg_to = format!("{scope}{name}-");
        let is_leg_of = |event: &Event| match event.get("Call-Direction") {
            "outbound" => event.get("Caller-Destination-Number").starts_with(&leg_to),
            _ => event.get("Caller-Caller-ID-Number") == name,
        };
        let mut other_legs = legs.filter(|event| event.is_core("CHANNEL_CREATE") && is_leg_of(event));
        match member {
            Some(event) => Ok(event.get("CC-Member-Session-UUID").to_string()),
            None => other_legs
                .next()
                .map(|event| event.get("Unique-ID").to_string())
                .ok_or(format!("nobody is known as {name} yet")),
        }
    }

    /// The leg of a caller's or an agent's own phone.
    fn own_leg(&self, owner: &str) -> Result<String, String> {
        if let Ok(caller) = self.caller(owner) {
            return Ok(caller.leg.clone());
        }
        let rung = format!("{}{owner}-", self.scenario.scope);
        let events = self.events();
        let mut legs = events.iter().rev().filter(|event| {
            event.is_core("CHANNEL_CREATE")
                && event.get("Call-Direction") == "inbound"
                && event.get("Caller-Destination-Number").starts_with(&rung)
        });
        legs.next()
            .map(|event| event.get("Unique-ID").to_string())
            .ok_or(format!("the phone of {owner} has not been rung yet"))
    }

    /// Waits until members, offers and talks are over, channels gone and agents back.
    fn rest(&self) -> Result<(), String> {
        let deadline = Instant::now() + REST;
        while let Some(open) = self.open() {
            if Instant::now() > deadline {
                return Err(format!("{open} did not end; there were:\n{}", self.story()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Something that is not over.
    fn open(&self) -> Option<&'static str> {
        let events = self.events();
        let count = |actions: &[&str]| events.iter().filter(|event| actions.contains(&event.action())).count();
        let legs = |name: &str| -> BTreeSet<String> {
            let named = events.iter().filter(|event| event.is_core(name));
            named.map(|event| event.get("Unique-ID").to_string()).collect()
        };
        let over = |state: &str| {
            ["|Receiving|", "|In a queue call|", "|Offering|", "|Active Inbound|"]
                .iter()
                .all(|busy| !state.contains(busy))
        };
        let rows = |listing: &str| {
            let answer = self.place.commands.callcenter(listing);
            answer
                .lines()
                .filter(|row| row.contains(&self.scenario.scope))
                .map(str::to_string)
                .collect::<Vec<_>>()
        };
        // Stock writes a state before it tells of it.
        let is_told = |row: &String| {
            let name = row.split('|').next().unwrap_or_default();
            let mut changes = events.iter().rev().filter(|event| event.is("agent-state-change"));
            let last = changes.find(|event| event.get("CC-Agent") == name);
            last.is_none_or(|event| over(&format!("|{}|", event.get("CC-Agent-State"))))
        };
        let agents = rows("agent list");
        if count(&["member-queue-start", "member-queue-resume"]) != count(&["member-queue-end"]) {
            Some("a member")
        } else if count(&["agent-offering"]) != count(&["bridge-agent-start", "bridge-agent-fail"]) {
            Some("an offer")
        } else if count(&["bridge-agent-start"]) != count(&["bridge-agent-end"]) {
            Some("a talk")
        } else if !legs("CHANNEL_CREATE").is_subset(&legs("CHANNEL_HANGUP_COMPLETE")) {
            Some("a channel")
        } else if !agents.iter().chain(&rows("tier list")).all(|row| over(row)) || !agents.iter().all(is_told) {
            Some("an agent's state")
        } else {
            None
        }
    }

    fn record(&mut self) {
        let events = self.events();
        self.record_offers(&events);
        if self.scenario.order == Order::Chance {
            return;
        }
        self.recording.events_by_life(self.switch, self.mark);
        self.recording.final_variables(self.switch, self.mark);
        self.command("agent list");
        self.command("tier list");
        self.recording.unordered_listing(self.switch, "queue list");
        for queue in self.scenario.queues.keys() {
            let words = format!("queue list members {}{queue}@default", self.scenario.scope);
            self.command(&words);
        }
    }

    /// Who was offered whom, one after the other.
    fn record_offers(&mut self, events: &[Event]) {
        let offers = events.iter().filter(|event| event.is("agent-offering"));
        let agent = |event: &Event| event.get("CC-Agent").replacen(&self.scenario.scope, "", 1);
        let mut lines: Vec<String> = match self.scenario.order {
            Order::Chance => offers.map(agent).collect(),
            _ => offers
                .map(|event| format!("{} to {}", event.get("CC-Member-CID-Number"), agent(event)))
                .collect(),
        };
        if self.scenario.order != Order::Defined {
            lines.sort();
        }
        self.recording.note("= offers");
        for line in lines {
            self.recording.note(&format!("  {line}"));
        }
    }

    fn check_time(&self, lasts: &Lasts) -> Result<(), String> {
        let events = self.events();
        let scope = &self.scenario.scope;
        let find = |events: &[Event], description: &str| {
            let wanted = Description::new(description, scope);
            events
                .iter()
                .position(|event| wanted.fits(event))
                .ok_or(format!("no `{description}`"))
        };
        let first = find(&events, &lasts.from)?;
        let last = first + 1 + find(&events[first + 1..], &lasts.to)?;
        let micros = events[last].time() - events[first].time();
        let seconds = Duration::from_micros(micros.unsigned_abs()).as_secs_f64();
        if (lasts.at_least..=lasts.at_most).contains(&seconds) {
            return Ok(());
        }
        Err(format!(
            "from `{}` to `{}` took {seconds:.2} s, not {} to {} s",
            lasts.from, lasts.to, lasts.at_least, lasts.at_most
        ))
    }
}

/// An event as a scenario describes it: `agent-state-change a1 Waiting`, `joined 5551`, `CHANNEL_ANSWER a1`.
struct Description<'a> {
    words: Vec<&'a str>,
    scope: &'a str,
}

impl<'a> Description<'a> {
    fn new(text: &'a str, scope: &'a str) -> Description<'a> {
        Description {
            words: text.splitn(3, ' ').collect(),
            scope,
        }
    }

    fn fits(&self, event: &Event) -> bool {
        let mut words = self.words.iter();
        words.next().is_none_or(|word| self.is_kind(event, word))
            && words.next().is_none_or(|word| self.is_about(event, word))
            && words
                .next()
                .is_none_or(|word| DETAILS.iter().any(|name| event.get(name) == *word))
    }

    fn is_kind(&self, event: &Event, word: &str) -> bool {
        match word {
            "joined" => event.is("member-queue-start") || event.is("member-queue-resume"),
            _ => event.is(word) || (event.is_core(word) && event.action().is_empty()),
        }
    }

    fn is_about(&self, event: &Event, word: &str) -> bool {
        let named = |name: &str| event.get(name).strip_prefix(self.scope);
        named("CC-Agent") == Some(word)
            || event.get("CC-Member-CID-Number") == word
            || named("Caller-Destination-Number").is_some_and(|number| number.starts_with(&format!("{word}-")))
            || (event.get("Caller-Caller-ID-Number") == word && event.get("Call-Direction") == "inbound")
    }
}

/// The headers that hold what a description's last words say.
const DETAILS: &[&str] = &[
    "CC-Agent-State",
    "CC-Agent-Status",
    "CC-Cause",
    "CC-Cancel-Reason",
    "CC-Hangup-Cause",
    "Application",
    "Application-Data",
    "DTMF-Digit",
];
