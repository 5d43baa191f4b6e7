//! What the module registers when it is loaded, beside stock.

use callcenter_test_support::harness::{compare, CallCenter, Setup};

#[test]
fn applications_commands_and_completions_are_stocks() {
    let call_centre = CallCenter::new().queue("support@default", &[]);
    compare(Setup::new(&call_centre), |switch, recording| {
        for question in ["show application", "show api"] {
            // FreeSWITCH writes this table in the background.
            let rows = switch.until(question, |rows| rows.contains("callcenter_"));
            let ours: Vec<&str> = rows
                .lines()
                .filter(|row| row.contains("callcenter") && !is_told_here_only(row))
                // Stock's last command is followed by others here.
                .map(|row| row.trim_end_matches(" | ").trim_end_matches(",mod_callcenter"))
                .collect();
            recording.text(switch, question, &ours.join("\n"));
        }
        for typed in COMPLETIONS {
            let answer = switch.api(&format!("complete c={};{typed}", typed.len()));
            recording.text(switch, &format!("complete {typed:?}"), &answer);
        }
        let answer = switch.api("module_exists mod_callcenter");
        recording.text(switch, "module_exists", &answer);
    });
}

/// Keys of `agent set` that work in stock too, but that its usage text leaves out, and commands that stock does not have.
fn is_told_here_only(row: &str) -> bool {
    let new = [
        "stats",
        "call ",
        "callback ",
        "caller ",
        "member ",
        "dispatch ",
        "pause ",
        "check",
        "reload",
        "snapshot",
        "cluster",
        "agent login",
        "agent logout",
        "agent pause",
        "agent resume",
        "agent get device",
        "agent get skills",
        "agent get pause_reason",
        "agent get max_",
        "agent get not_registered",
        "agent get chat_wrap_up_time",
        "agent get rejected_count",
        "agent get busy_count",
        "tier pause",
        "tier resume",
    ];
    if new
        .iter()
        .any(|words| row.contains(&format!("callcenter_config {words}")))
    {
        return true;
    }
    let is_of_queues = |action: &&str| row.contains(&format!("queue {action} "));
    if ["add", "del", "get", "set"].iter().any(is_of_queues) || row.contains("[position] paused [[reason]]") {
        return true;
    }
    let keys = [
        "state_if_waiting",
        "uuid",
        "type",
        "max_no_answer",
        "wrap_up_time",
        "not_registered_delay_time",
        "max_rejected",
        "max_busy",
        "max_not_registered",
        "max_chats",
        "chat_wrap_up_time",
        "skills",
    ];
    keys.iter().any(|key| row.contains(&format!("agent set {key} ")))
}

const COMPLETIONS: &[&str] = &[
    "callcenter_",
    "callcenter_config ",
    "callcenter_config agent ",
    "callcenter_config agent set ",
    "callcenter_config agent get ",
    "callcenter_config tier ",
    "callcenter_config tier set ",
    "callcenter_config queue ",
    "callcenter_config queue list ",
    "callcenter_config queue count ",
    "callcenter_break ",
];

#[test]
fn json_command_is_there() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .agent("a1", "error/USER_BUSY", &[])
        .tier("support@default", "a1", 1, 1);
    compare(Setup::new(&call_centre), |switch, recording| {
        for arguments in [r#""agent list""#, r#""tier list""#] {
            let request = format!(r#"{{"command":"callcenter_config","data":{{"arguments":{arguments}}}}}"#);
            let answer = switch.api(&format!("json {request}"));
            // Stock leaves out a column that was never written; here it is there and empty.
            recording.text(switch, &request, &answer.replace(r#""uuid":"","#, ""));
        }
    });
}

#[test]
fn a_subclass_taken_by_the_module_cannot_be_taken_again() {
    let call_centre = CallCenter::new().queue("support@default", &[]);
    compare(Setup::new(&call_centre), |switch, recording| {
        let answer = switch.api("load mod_callcenter");
        recording.text(switch, "load mod_callcenter again", &answer);
    });
}
