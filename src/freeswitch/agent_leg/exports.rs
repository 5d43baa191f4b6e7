//! Which variables of the caller go to the agent's leg: those that the caller's `cc_export_vars` names, and those of the queue's
//! `cc-export-vars` beside them.

use crate::engine::names::variable;
use crate::engine::Ring;
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::session::Channel;

/// The caller's variable that lists what goes to the agent's leg.
const LIST: &str = variable::EXPORT_VARS;

/// FreeSWITCH's signs that a variable is for the other leg only; they are no part of its name there.
const FOR_THE_OTHER_LEG: [&str; 2] = ["nolocal:", "_nolocal_"];

/// Puts them into what a leg is originated with, by FreeSWITCH's own rules for exports.
pub fn to_event(ring: &Ring, member: Channel<'_>, event: &mut EventBuilder) {
    member.export_to_event(event, LIST);
    for (name, value) in of_queue(ring, member) {
        // The last one of a name counts.
        event.add(name, &value);
    }
}

/// Sets them on a leg that is up, by FreeSWITCH's own rules for exports.
pub fn to_channel(ring: &Ring, member: Channel<'_>, leg: Channel<'_>) {
    member.export_to_channel(leg, LIST);
    for (name, value) in of_queue(ring, member) {
        leg.set_variable(name, Some(&value));
    }
}

/// Sets them on a standing leg. Stock copies the variables by their bare names here, whatever FreeSWITCH's prefixes for exports, and takes
/// away what an earlier caller brought and this one does not have.
pub fn plainly(ring: &Ring, member: Channel<'_>, leg: Channel<'_>) {
    let list = member.variable(LIST).unwrap_or_default();
    for name in names(&list) {
        leg.set_variable(name, member.variable(name).as_deref());
    }
    for name in names(&ring.export_vars).filter(|name| !is_named(&list, name)) {
        leg.set_variable(bare(name), member.variable(name).as_deref());
    }
}

/// Name and value of what the queue names, the caller's list does not, and the caller has.
fn of_queue<'a>(ring: &'a Ring, member: Channel<'a>) -> impl Iterator<Item = (&'a str, String)> + 'a {
    let list = member.variable(LIST).unwrap_or_default();
    let names = names(&ring.export_vars).filter(move |name| !is_named(&list, name));
    names.filter_map(move |name| Some((bare(name), member.variable(name)?)))
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn is_named(list: &str, name: &str) -> bool {
    names(list).any(|listed| bare(listed).eq_ignore_ascii_case(bare(name)))
}

/// A name without FreeSWITCH's sign before it.
fn bare(name: &str) -> &str {
    let sign = FOR_THE_OTHER_LEG.iter().find(|sign| {
        let start = name.get(..sign.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(sign))
    });
    sign.and_then(|sign| name.get(sign.len()..)).unwrap_or(name)
}
