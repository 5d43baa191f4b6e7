//! What the console completes with the tab key.

use crate::commands::COMPLETIONS;
use crate::freeswitch::ffi::sys;
use crate::freeswitch::ffi::text::to_c;

/// Teaches the console our commands.
pub fn add() {
    for line in COMPLETIONS.iter() {
        set(line);
    }
}

/// Makes the console forget them.
pub fn remove() {
    for command in ["callcenter_config", "callcenter_break"] {
        set(&format!("del {command}"));
    }
}

fn set(instruction: &str) {
    let instruction = to_c(instruction);
    // SAFETY: the string outlives the call, and FreeSWITCH copies it.
    unsafe { sys::switch_console_set_complete(instruction.as_ptr()) };
}
