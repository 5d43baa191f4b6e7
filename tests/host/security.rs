//! Who may do what: nothing listens, nobody else reads the file, and a remote party's headers stay headers.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, RawCaller, Setup};

fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .queue(
            "patience@default",
            &[("moh-sound", "tone_stream://%(200,100,440);loops=-1")],
        )
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1)
}

/// The sockets of the process that somebody could talk to from outside it: listening TCP, any UDP, listening local ones.
fn sockets(switch: &FreeSwitch) -> BTreeSet<String> {
    let own: BTreeSet<String> = std::fs::read_dir(format!("/proc/{}/fd", switch.pid()))
        .expect("the open files of FreeSWITCH")
        .flatten()
        .filter_map(|file| std::fs::read_link(file.path()).ok())
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_string()))
        .collect();
    let mut found = BTreeSet::new();
    for (table, state_at, listens, inode_at) in [
        ("tcp", 3, "0A", 9),
        ("tcp6", 3, "0A", 9),
        ("udp", 3, "07", 9),
        ("udp6", 3, "07", 9),
        ("unix", 3, "00010000", 6),
    ] {
        let text = std::fs::read_to_string(format!("/proc/{}/net/{table}", switch.pid())).unwrap_or_default();
        for line in text.lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let field = |at: usize| fields.get(at).copied().unwrap_or_default();
            if field(state_at) == listens && own.contains(field(inode_at)) {
                found.insert(format!("{table} {}", field(1)));
            }
        }
    }
    found
}

#[test]
fn nothing_listens_on_a_network() {
    with_ours(Setup::new(&call_centre()), |switch| {
        let with_module = sockets(switch);
        assert!(!with_module.is_empty(), "FreeSWITCH itself listens");
        assert!(switch.api("unload mod_callcenter").contains("+OK"));
        assert_eq!(with_module, sockets(switch));
    });
}

#[test]
fn the_database_is_its_owners() {
    with_ours(Setup::new(&call_centre()), |switch| {
        assert_eq!(switch.callcenter("agent set contact a1 user/1"), "+OK\n");
        for suffix in ["", "-wal", "-shm"] {
            let file = switch.dir().join(format!("db/callcenter.db{suffix}"));
            let mode = std::fs::metadata(&file)
                .expect("a file of the database")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        }
    });
}

/// Every variable the module reads from a caller's channel, as a header a remote party may send.
const VARIABLES: &[&str] = &[
    "cc_base_score",
    "cc_moh_override",
    "cc_exit_keys",
    "cc_export_vars",
    "cc_outbound_cid_name_prefix",
    "cc_outbound_announce",
    "cc_bridge_failed_outbound_announce",
    "cc_warning_tone",
    "cc_queue",
    "cc_agent",
    "cc_member_uuid",
    "cc_side",
    "cc_record_filename",
    "effective_caller_id_name",
    "effective_caller_id_number",
];

#[test]
fn headers_of_a_remote_party_do_not_steer_the_queue() {
    with_ours(Setup::new(&call_centre()), |switch| {
        let mut headers = String::new();
        for name in VARIABLES {
            for spelling in [
                format!("X-{name}"),
                format!("P-{name}"),
                format!("X-variable_{name}"),
                format!("variable_{name}"),
                name.to_string(),
                format!("X-FS-{name}"),
                format!("X-CC-{name}"),
            ] {
                headers.push_str(&format!("{spelling}: 4711\r\n"));
            }
        }
        let mark = switch.events().mark();
        let from = b"\"Ann\" <sip:5551234@127.0.0.1>";
        let caller = RawCaller::dial(switch, "queue-patience", from, headers.as_bytes());
        let start = switch.wait_for(mark, "member-queue-start");
        let uuid = start.get("CC-Member-Session-UUID").to_string();
        let variable = |name: &str| switch.api(&format!("uuid_getvar {uuid} {name}"));
        assert_eq!(variable("sip_h_X-cc_base_score"), "4711", "the header has come");
        for name in VARIABLES {
            assert_ne!(variable(name), "4711", "{name}");
        }
        assert_eq!(variable("cc_queue"), "patience@default");
        assert_eq!(start.get("CC-Member-CID-Name"), "Ann");
        let listing = switch.callcenter("queue list members patience@default");
        let row: Vec<&str> = listing.lines().nth(1).unwrap_or_default().split('|').collect();
        assert_eq!((row[4], row[5], row[11]), ("5551234", "Ann", "0"), "{listing}");
        // The agent's leg has none of it either.
        let mark = switch.events().mark();
        assert_eq!(switch.callcenter("tier add patience@default a1 1 1"), "+OK\n");
        let talk = switch.wait_for(mark, "bridge-agent-start");
        let agent = talk.get("CC-Agent-UUID").to_string();
        let dump = switch.api(&format!("uuid_dump {agent}"));
        assert!(dump.contains("variable_cc_queue: patience%40default"), "{dump}");
        assert!(!dump.contains("4711"), "{dump}");
        drop(caller);
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}
