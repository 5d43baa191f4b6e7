//! Settings of the module: where its database is and whose rows they are, beside stock.

use std::path::Path;

use callcenter_test_support::harness::{compare, rows, with_ours, CallCenter, FreeSwitch, Setup};

fn with_settings(settings: &[(&str, &str)]) -> Setup {
    let call_centre = settings
        .iter()
        .fold(CallCenter::new(), |file, (name, value)| file.setting(name, value));
    let call_centre = call_centre
        .queue("support@default", &[])
        .agent("a1", "user/1001", &[("status", "Logged Out")])
        .tier("support@default", "a1", 1, 1);
    Setup::new(&call_centre)
}

fn holds_the_agent(file: &Path) -> bool {
    file.is_file() && rows(file, "agents").iter().any(|row| row.contains("name=\"a1\""))
}

/// A bare name is a file in FreeSWITCH's own directory.
#[test]
fn dbname_as_a_name() {
    compare(with_settings(&[("dbname", "desk"), ("debug", "9")]), |switch, _| {
        switch.callcenter("agent set status a1 Available");
        assert!(holds_the_agent(&switch.dir().join("db/desk.db")));
        assert!(!switch.database().exists(), "there is a second database");
    });
}

/// A path is the file itself.
#[test]
fn dbname_as_a_path() {
    let setup = with_settings(&[
        ("dbname", "$${storage_dir}/call centre.db"),
        ("global-database-lock", "false"),
    ]);
    compare(setup, |switch, _| {
        switch.callcenter("agent set status a1 Available");
        assert!(holds_the_agent(&switch.dir().join("storage/call centre.db")));
        assert!(!switch.database().exists(), "there is a second database");
    });
}

/// 3091: rows carry the instance that owns them; those of another instance are left alone.
#[test]
fn cc_instance_id_owns_its_rows_only() {
    with_ours(
        with_settings(&[("cc-instance-id", "desk-1")]),
        |switch: &mut FreeSwitch| {
            let agents = switch.callcenter("agent list");
            assert!(agents.contains("a1|desk-1|"), "{agents}");
            callcenter_test_support::harness::change_rows(
                &switch.database(),
                "INSERT INTO agents (name, instance_id, type, status, state)
               VALUES ('b1', 'desk-2', 'callback', 'Available', 'In a queue call')",
            );
            switch.stop();
            switch.start_again(switch.module);
            let rows = rows(&switch.database(), "agents").join("\n");
            assert!(
                rows.contains("name=\"b1\" instance_id=\"desk-2\"") && rows.contains("In a queue call"),
                "the other box's agent was reset: {rows}"
            );
        },
    );
}
