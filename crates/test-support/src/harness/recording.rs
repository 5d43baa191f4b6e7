//! What happened in one run of a scenario, as lines that can be compared with another run.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::differences;
use super::event::Event;
use super::freeswitch::FreeSwitch;
use super::normalise::Normaliser;
use super::promises;

/// The lines of one run.
#[derive(Debug, Default)]
pub struct Recording {
    lines: Vec<String>,
    /// Set when other scenarios are played in the same FreeSWITCH: what the names of this one begin with.
    scope: Option<String>,
    /// Legs go on elsewhere when a talk ends: see [`differences::is_own_data_of_a_moving_leg`]. Legs of others, whom FreeSWITCH
    /// connects them with, are not compared.
    legs_move_on: bool,
}

impl Recording {
    /// Records only what is about names that begin with `scope`, and leaves that beginning away.
    pub fn of(scope: &str) -> Recording {
        Recording {
            lines: Vec::new(),
            scope: Some(scope.to_string()),
            legs_move_on: false,
        }
    }

    /// Leaves out, or not, what depends on how far a leg has got that goes on after a talk.
    pub fn with_moving_legs(self, legs_move_on: bool) -> Recording {
        Recording { legs_move_on, ..self }
    }

    /// Adds a line of the test's own.
    pub fn note(&mut self, line: &str) {
        self.lines.push(line.to_string());
    }

    /// The lines so far.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Runs `callcenter_config WORDS` and records the answer with nothing changed but times and UUIDs.
    pub fn command(&mut self, switch: &FreeSwitch, words: &str) -> String {
        let answer = switch.callcenter(words);
        self.text(switch, &format!("callcenter_config {words}"), &answer);
        answer
    }

    /// Like [`Recording::command`] for a listing whose rows come in no particular order in stock.
    pub fn unordered_listing(&mut self, switch: &FreeSwitch, words: &str) {
        let answer = switch.callcenter(words);
        let mut lines: Vec<&str> = answer.split_inclusive('\n').collect();
        let last_row = lines.len().saturating_sub(1);
        if last_row > 1 {
            lines[1..last_row].sort_unstable();
        }
        self.text(switch, &format!("callcenter_config {words}"), &lines.concat());
    }

    /// Records a text under a title, line by line; whether it ends in a line break is part of it.
    pub fn text(&mut self, switch: &FreeSwitch, title: &str, text: &str) {
        // The events that say which leg is whose have come by then.
        switch.catch_up();
        let names = Normaliser::new(switch, &switch.events().since(0));
        let from = self.lines.len();
        self.lines.push(format!("> {}", names.text(title)));
        let normal = names.text(&mask_running_columns(&self.own_rows(text)));
        let lines = normal.split_inclusive('\n').map(|line| format!("  {line:?}"));
        self.lines.extend(lines);
        self.leave_scope_away(from);
    }

    /// A listing without the rows of other scenarios; a listing without any row has no header either.
    fn own_rows(&self, text: &str) -> String {
        match &self.scope {
            Some(scope) if text.contains('|') => {
                let lines = text.split_inclusive('\n').enumerate();
                let has_own = text.contains(scope.as_str());
                let own = lines.filter(|(at, line)| {
                    let is_header = *at == 0 && has_own;
                    is_header || !line.contains('|') || line.contains(scope)
                });
                own.map(|(_, line)| line).collect()
            }
            _ => text.to_string(),
        }
    }

    fn is_own(&self, event: &Event) -> bool {
        self.scope.as_ref().is_none_or(|scope| event.mentions(scope))
    }

    fn leave_scope_away(&mut self, from: usize) {
        if let Some(scope) = &self.scope {
            for line in &mut self.lines[from..] {
                *line = line.replace(scope, "");
            }
        }
    }

    /// Records the call centre's events since a mark with every header, the counts and presence apart from the
    /// rest because stock fires them from another thread. Also checks the order every client may rely on.
    pub fn call_centre_events(&mut self, switch: &FreeSwitch, mark: usize) {
        self.events_in_lanes(switch, mark, |_| "calls".to_string());
    }

    /// Like [`Recording::call_centre_events`] with one lane for each agent, for agents rung at the same time.
    pub fn events_by_agent(&mut self, switch: &FreeSwitch, mark: usize) {
        self.events_in_lanes(switch, mark, |event| match event.get("CC-Agent") {
            "" => "members".to_string(),
            agent => format!("agent {agent}"),
        });
    }

    /// Like [`Recording::events_by_agent`] with one lane for each member as well.
    pub fn events_by_life(&mut self, switch: &FreeSwitch, mark: usize) {
        self.events_in_lanes(switch, mark, |event| match event.get("CC-Agent") {
            "" => format!("member {}", event.get("CC-Member-CID-Number")),
            agent => format!("agent {agent}"),
        });
    }

    fn events_in_lanes(&mut self, switch: &FreeSwitch, mark: usize, lane: impl Fn(&Event) -> String) {
        let all = switch.events().since(0);
        let names = Normaliser::new(switch, &all);
        let events: Vec<&Event> = all[mark..]
            .iter()
            .filter(|event| is_call_centre(event) && self.is_own(event))
            .collect();
        promises::check(&events);
        // Several callers' threads tell the counts of several queues: only those of one queue are in order.
        let mut lanes: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for event in events.into_iter().filter(|event| !differences::is_only_here(event)) {
            let name = match is_count(event) {
                true => ("counts".to_string(), counted_queue(event)),
                false => (lane(event), String::new()),
            };
            lanes.entry(name).or_default().extend(self.event_lines(event, &names));
        }
        let from = self.lines.len();
        let mut last = String::new();
        for ((name, _), lines) in lanes {
            if name != last {
                self.lines.push(format!("= events: {name}"));
            }
            self.lines.extend(lines);
            last = name;
        }
        self.leave_scope_away(from);
    }

    /// Records the call centre's variables and the end of every leg of the desk profile that ended since a mark:
    /// what a CDR sees.
    pub fn final_variables(&mut self, switch: &FreeSwitch, mark: usize) {
        self.final_variables_but(switch, mark, &[]);
    }

    /// The same without variables that differ on purpose, which the test looks at by itself.
    pub fn final_variables_but(&mut self, switch: &FreeSwitch, mark: usize, left_out: &[&str]) {
        let all = switch.events().since(0);
        let names = Normaliser::new(switch, &all);
        let mut legs: Vec<String> = all[mark..]
            .iter()
            .filter(|event| is_finished_leg(event) && self.is_own(event))
            .filter(|event| !self.legs_move_on || !event.get("variable_cc_side").is_empty())
            .map(|event| self.leg_lines(event, &names))
            .collect();
        legs.sort();
        let from = self.lines.len();
        self.lines.push("= legs at their end".to_string());
        let is_compared = |line: &&str| !left_out.iter().any(|name| line.contains(&format!("variable_{name}:")));
        let lines = legs.iter().flat_map(|leg| leg.lines()).filter(is_compared);
        self.lines.extend(lines.map(str::to_string));
        self.leave_scope_away(from);
    }
}

/// Masks, in a listing, the columns that count whole seconds up to now: two runs can fall on either side of a second.
fn mask_running_columns(text: &str) -> String {
    let Some(header) = text.lines().next().filter(|line| line.contains('|')) else {
        return text.to_string();
    };
    let running: Vec<usize> = header
        .split('|')
        .enumerate()
        .filter(|(_, column)| ["score", "talk_time"].contains(column))
        .map(|(at, _)| at)
        .collect();
    let mask = |line: &str| {
        let fields = line
            .split('|')
            .enumerate()
            .map(|(at, field)| match field.parse::<i64>() {
                Ok(_) if running.contains(&at) => "<n>",
                _ => field,
            });
        fields.collect::<Vec<_>>().join("|")
    };
    let end = if text.ends_with('\n') { "\n" } else { "" };
    text.lines().map(mask).collect::<Vec<_>>().join("\n") + end
}

fn is_call_centre(event: &Event) -> bool {
    !event.action().is_empty() || (event.is_core("PRESENCE_IN") && event.get("proto") == "callcenter")
}

fn is_count(event: &Event) -> bool {
    event.is("members-count") || event.is_core("PRESENCE_IN")
}

fn counted_queue(event: &Event) -> String {
    format!("{}{}", event.get("CC-Queue"), event.get("from"))
}

fn is_finished_leg(event: &Event) -> bool {
    event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("Channel-Name").starts_with("sofia/desk/")
}

impl Recording {
    /// One event: its name and action, then its headers in the order of their names.
    fn event_lines(&self, event: &Event, names: &Normaliser) -> Vec<String> {
        let mut headers: Vec<String> = event
            .headers
            .iter()
            .filter(|(name, _)| !differences::is_noise(name))
            .filter(|(name, _)| !differences::is_ours_alone(name))
            .filter(|(name, _)| !differences::tells_the_moment(event, name))
            .filter(|(name, _)| !(self.legs_move_on && differences::is_own_data_of_a_moving_leg(event, name)))
            .map(|(name, value)| match differences::is_masked(event, name) {
                true => format!("    {name}: <any>"),
                false => format!("    {name}: {:?}", names.text(value)),
            })
            .collect();
        headers.sort();
        let mut lines = vec![format!("  {} {}", event.get("Event-Name"), event.action())];
        lines.extend(headers);
        lines
    }

    /// One finished leg: its name and what a CDR is made of.
    fn leg_lines(&self, event: &Event, names: &Normaliser) -> String {
        let mut lines = format!("  {}\n", names.text(event.get("Channel-Name")));
        let mut variables: Vec<String> = event
            .headers
            .iter()
            .filter(|(name, _)| name.starts_with("variable_cc_") || LEG_HEADERS.contains(&name.as_str()))
            .filter(|(name, _)| !differences::differs_at_the_end(name))
            .filter(|(name, _)| !(self.legs_move_on && differences::is_of_the_last_bridge(name)))
            .map(|(name, value)| format!("    {name}: {:?}\n", names.text(value)))
            .collect();
        variables.sort();
        for variable in variables {
            let _ = write!(lines, "{variable}");
        }
        lines
    }
}

/// What else of a finished leg is compared.
const LEG_HEADERS: &[&str] = &[
    "Hangup-Cause",
    "Answer-State",
    "Caller-Caller-ID-Name",
    "Caller-Caller-ID-Number",
    "Caller-Callee-ID-Name",
    "Caller-Callee-ID-Number",
    "Caller-Destination-Number",
    "variable_after_queue",
    "variable_hangup_cause",
    "variable_endpoint_disposition",
    "variable_last_bridge_role",
    "variable_last_bridge_to",
    "variable_bridge_uuid",
    "variable_signal_bond",
    "variable_loopback_bowout",
    "variable_loopback_bowout_on_execute",
    "variable_ignore_early_media",
    "variable_originate_early_media",
];
