//! Lines of `callcenter_config`, one after the other. A line that begins with `>` is said to `callcenter_break`, one that
//! begins with `<` is a caller of that name.

use super::lists;
use super::office::Office;

/// Says each line and checks the reply; at the end, every list.
///
/// # Panics
/// When a reply is not as promised.
pub fn run(data: &[u8]) {
    let office = Office::usual();
    for line in data.split(|byte| *byte == b'\n').take(64) {
        match line.split_first() {
            Some((b'>', line)) => check(&office.console.break_bytes(line), line),
            Some((b'<', caller)) => office.join(&String::from_utf8_lossy(caller)),
            _ => check(&office.console.config_bytes(line), line),
        }
    }
    office.check_lists();
}

fn check(reply: &str, line: &[u8]) {
    if reply.starts_with("-ERR") {
        lists::check_refusal(reply);
    } else if reply.ends_with("+OK\n") {
        lists::check(reply);
    } else if reply.starts_with("-USAGE") {
        assert!(line.is_empty());
    }
    // What is left is a value or a count.
}
