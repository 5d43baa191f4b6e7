//! Layouts differ between releases of FreeSWITCH: a module belongs into the release it was built for.

use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::sys;
use crate::freeswitch::ffi::text::copy_of;

/// The release whose headers the module was built with, as build.rs found it.
const BUILT_WITH: &str = env!("FREESWITCH_HEADERS_VERSION");

/// Says so when the running FreeSWITCH is of another release than the headers.
pub fn compare() {
    // SAFETY: FreeSWITCH returns a constant string.
    let running = unsafe { copy_of(sys::switch_version_full()) };
    if let Some(text) = mismatch(BUILT_WITH, &running) {
        log::warning(None, &text);
    }
}

fn mismatch(built_with: &str, running: &str) -> Option<String> {
    let (built, runs) = (release(built_with), release(running));
    if built == runs && !built.is_empty() {
        return None;
    }
    Some(format!(
        "mod_callcenter was built with the headers of FreeSWITCH {built_with}, but this is {running}. Build it again with \
         FREESWITCH_INCLUDE_DIR set to the headers of this FreeSWITCH."
    ))
}

/// Major, minor and micro: what layouts follow.
fn release(version: &str) -> &str {
    let end = version.find(|character: char| !character.is_ascii_digit() && character != '.');
    version.get(..end.unwrap_or(version.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_compared_by_what_layouts_follow() {
        for (built_with, running) in [
            ("1.11.1", "1.11.1"),
            (
                "1.10.12-release",
                "1.10.12-release+git~20240802T210227Z~a88d069d6f~64bit",
            ),
        ] {
            assert_eq!(mismatch(built_with, running), None, "{built_with} in {running}");
        }
        for (built_with, running) in [
            ("1.11.1", "1.10.12-release"),
            ("unknown", "1.11.1"),
            ("unknown", "unknown"),
        ] {
            let text = mismatch(built_with, running).expect("they differ, or nobody knows");
            assert!(
                text.contains(built_with) && text.contains("FREESWITCH_INCLUDE_DIR"),
                "{text}"
            );
        }
    }
}
