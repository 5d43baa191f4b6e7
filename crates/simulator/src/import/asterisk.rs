//! Asterisk app_queue: queues.conf, and the rules of queuerules.conf.

mod file;
mod member;
mod options;

use super::Draft;
use file::{sections, Entry, Section};
pub use file::{Included, Includes};
use member::Member;
use mod_callcenter::engine::LevelRules;

/// Seconds that Asterisk rings a member where the queue says nothing.
const TIMEOUT: u32 = 15;

/// Seconds between two tries where the queue says nothing.
const RETRY: &str = "5";

/// Carries over queues.conf; `rules` is queuerules.conf, if there is one. `includes` finds what they include.
///
/// # Errors
/// When there is no queue in it, or the name of a section is not closed.
pub fn import(queues: &Included, rules: Option<&Included>, includes: &Includes<'_>) -> Result<Draft, String> {
    let mut draft = Draft::default();
    let mut unread = Vec::new();
    let rules = rules.map(|rules| sections(rules, includes, &mut unread)).transpose()?;
    let rules = rules.unwrap_or_default();
    let general = rules.iter().filter(|rule| rule.name == "general");
    for Entry { name, value, place } in general.flat_map(|general| &general.entries) {
        draft.at(place);
        draft.warn(format!(
            "[general]: {name} = {value} is left out; write the rules into level-rules."
        ));
    }
    for section in sections(queues, includes, &mut unread)? {
        draft.at(&section.place);
        if section.name.eq_ignore_ascii_case("general") {
            options::of_general(&mut draft, &section);
        } else if draft.has_queue(&section.name) {
            draft.warn(format!(
                "queue \"{}\" is there twice; the first one is used.",
                section.name
            ));
        } else {
            add_queue(&mut draft, &section, &rules);
        }
    }
    if draft.is_without_queues() {
        return Err(format!(
            "{}: there is no queue in it; a queue is a section such as [support].",
            queues.name
        ));
    }
    draft.at("");
    unread.into_iter().for_each(|warning| draft.warn(warning));
    draft.tell_of_callbacks("app_queue");
    Ok(draft)
}

fn add_queue(draft: &mut Draft, section: &Section, rules: &[Section]) {
    draft.add_queue(&section.name);
    draft.param("strategy", "ring-all", "the order of members");
    draft.param("retry-delay", RETRY, "retry");
    position_is_told(draft, section);
    options::by_default(draft, section);
    let mut timeout = TIMEOUT;
    for Entry { name, value, place } in &section.entries {
        draft.at(place);
        match name.as_str() {
            "member" => (),
            "timeout" => match value.parse() {
                Ok(seconds) => timeout = seconds,
                Err(_) => draft.warn(format!(
                    "queue \"{}\": timeout = {value} is no number of seconds; {timeout} is used.",
                    section.name
                )),
            },
            "defaultrule" => add_rule(draft, &section.name, value, rules),
            _ => options::of_queue(draft, &section.name, name, value),
        }
    }
    for Entry { name, value, place } in &section.entries {
        draft.at(place);
        if name == "member" {
            match Member::parse(value) {
                Some(member) => add_member(draft, section, &member, timeout),
                None => draft.warn(format!(
                    "queue \"{}\": a member without an interface is left out.",
                    section.name
                )),
            }
        }
    }
}

/// Whoever sets a frequency is told the place in line, unless `announce-position` says otherwise; without a frequency nobody is.
fn position_is_told(draft: &mut Draft, section: &Section) {
    match (section.has("announce-frequency"), section.has("announce-position")) {
        (true, false) => draft.param("announce-position", "yes", "announce-position"),
        (false, true) => draft.param("announce-position-frequency", "0", "announce-frequency"),
        _ => (),
    }
}

/// A rule's steps are our level rules in other words.
fn add_rule(draft: &mut Draft, queue: &str, name: &str, rules: &[Section]) {
    let Some(rule) = rules.iter().find(|rule| rule.name == name) else {
        return draft.warn(format!(
            "queue \"{queue}\": there is no rule \"{name}\" in queuerules.conf beside queues.conf; write level-rules."
        ));
    };
    let theirs = format!("defaultrule \"{name}\"");
    let mut steps = Vec::new();
    let named_at = draft.place().to_owned();
    for Entry { value: step, place, .. } in rule.entries.iter().filter(|entry| entry.name == "penaltychange") {
        draft.at(place);
        let fields: Vec<&str> = step.split(',').map(str::trim).collect();
        let ours = fields.join(":").trim_end_matches(':').to_owned();
        match LevelRules::parse(&ours) {
            Ok(_) => steps.push(ours),
            Err(trouble) => draft.warn(format!(
                "queue \"{queue}\": {theirs}: penaltychange => {step} is left out. {trouble}"
            )),
        }
    }
    draft.at(&named_at);
    draft.param("level-rules", &steps.join(","), &theirs);
}

fn add_member(draft: &mut Draft, section: &Section, member: &Member, timeout: u32) {
    let (queue, name) = (&section.name, member.name.as_str());
    if name.is_empty() {
        return draft.warn(format!(
            "queue \"{queue}\": member {} has no name; it is left out.",
            member.interface
        ));
    }
    for trouble in &member.troubles {
        draft.warn(format!("queue \"{queue}\", member \"{name}\": {trouble}"));
    }
    let contact = match &member.contact {
        Some(contact) if timeout > 0 => format!("[leg_timeout={timeout}]{contact}"),
        Some(contact) => contact.clone(),
        None => {
            draft.warn(format!(
                "agent \"{name}\": {} is no SIP phone and no local extension; write its contact.",
                member.interface
            ));
            String::new()
        }
    };
    draft.attribute(name, "type", "callback".to_owned());
    let before = draft.attribute(name, "contact", contact.clone());
    if before.is_some_and(|before| before != contact) {
        draft.warn(format!(
            "agent \"{name}\" is a member with several interfaces or timeouts; the last one is used ({contact})."
        ));
    }
    let status = if member.is_paused { "On Break" } else { "Available" };
    draft.attribute(name, "status", status.to_owned());
    if let Some(seconds) = member.wrapup {
        draft.attribute(name, "wrap-up-time", seconds.to_string());
    }
    if member.has_ringinuse {
        draft.warn(format!(
            "agent \"{name}\": ringinuse of a member is left out; the queue's counts."
        ));
    }
    draft.tier(queue, name, member.penalty);
}
