//! Database files of older releases: brought up to date at load, with their rows, as stock does it.

use rusqlite::Connection;

use callcenter_test_support::harness::{
    change_rows, compare, rows, schema, with_ours, CallCenter, FreeSwitch, Recording, Setup,
};

/// The release before `system` became `instance_id`.
const BEFORE_INSTANCES: &str = "
    CREATE TABLE agents (name VARCHAR(255), system VARCHAR(255), uuid VARCHAR(255), type VARCHAR(255),
      contact VARCHAR(1024), status VARCHAR(255), state VARCHAR(255), max_no_answer INTEGER NOT NULL DEFAULT 0,
      wrap_up_time INTEGER NOT NULL DEFAULT 0, reject_delay_time INTEGER NOT NULL DEFAULT 0,
      busy_delay_time INTEGER NOT NULL DEFAULT 0, no_answer_delay_time INTEGER NOT NULL DEFAULT 0,
      last_bridge_start INTEGER NOT NULL DEFAULT 0, last_bridge_end INTEGER NOT NULL DEFAULT 0,
      last_offered_call INTEGER NOT NULL DEFAULT 0, last_status_change INTEGER NOT NULL DEFAULT 0,
      no_answer_count INTEGER NOT NULL DEFAULT 0, calls_answered INTEGER NOT NULL DEFAULT 0,
      talk_time INTEGER NOT NULL DEFAULT 0, ready_time INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE members (queue VARCHAR(255), system VARCHAR(255), uuid VARCHAR(255) NOT NULL DEFAULT '',
      session_uuid VARCHAR(255) NOT NULL DEFAULT '', cid_number VARCHAR(255), cid_name VARCHAR(255),
      system_epoch INTEGER NOT NULL DEFAULT 0, joined_epoch INTEGER NOT NULL DEFAULT 0,
      rejoined_epoch INTEGER NOT NULL DEFAULT 0, bridge_epoch INTEGER NOT NULL DEFAULT 0,
      abandoned_epoch INTEGER NOT NULL DEFAULT 0, base_score INTEGER NOT NULL DEFAULT 0,
      skill_score INTEGER NOT NULL DEFAULT 0, serving_agent VARCHAR(255), serving_system VARCHAR(255),
      state VARCHAR(255));
    CREATE TABLE tiers (queue VARCHAR(255), agent VARCHAR(255), state VARCHAR(255),
      level INTEGER NOT NULL DEFAULT 1, position INTEGER NOT NULL DEFAULT 1);
    INSERT INTO agents (name, system, uuid, type, contact, status, state, max_no_answer, wrap_up_time, calls_answered,
      talk_time, ready_time) VALUES
      ('old', 'single_box', '', 'callback', 'user/1001', 'On Break', 'In a queue call', 3, 10, 42, 4200, 7);
    INSERT INTO tiers VALUES ('support@default', 'old', 'Active Inbound', 2, 3);
    INSERT INTO members (queue, system, uuid, session_uuid, cid_number, cid_name, system_epoch, joined_epoch,
      abandoned_epoch, state) VALUES
      ('support@default', 'single_box', '0d3c5a1e-0000-0000-0000-000000000001', '', '5550001', 'Ann',
        strftime('%s', 'now'), strftime('%s', 'now'), strftime('%s', 'now'), 'Abandoned');
";

/// The release before that: no external calls, and no delay after an unanswered call.
const WITHOUT_DELAYS: &str = "
    ALTER TABLE agents DROP COLUMN no_answer_delay_time;
";

/// Tables so old that stock makes them anew.
const TOO_OLD: &str = "
    CREATE TABLE members (queue VARCHAR(255), caller_number VARCHAR(255));
    INSERT INTO members VALUES ('support@default', '5550001');
    CREATE TABLE tiers (agent VARCHAR(255), level INTEGER);
    INSERT INTO tiers VALUES ('old', 1);
";

fn setup() -> Setup {
    let queue = CallCenter::new().queue("support@default", &[("discard-abandoned-after", "2000000000")]);
    Setup::new(&queue)
}

/// Starts the FreeSWITCH again on a file that an older release has left.
fn start_on(switch: &mut FreeSwitch, old: &str) {
    switch.stop();
    let file = switch.database();
    for end in ["", "-wal", "-shm"] {
        // The last two are there only after a crash.
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    change_rows(&file, old);
    switch.start_again(switch.module);
}

fn record_file(switch: &FreeSwitch, recording: &mut Recording, is_ordered: bool) {
    for table in ["agents", "tiers", "members"] {
        let mut columns = schema(&switch.database(), table);
        if !is_ordered {
            columns.sort();
        }
        recording.text(switch, table, &columns.join("\n"));
        recording.text(switch, table, &rows(&switch.database(), table).join("\n"));
    }
}

#[test]
fn the_release_before_instances() {
    compare(setup(), |switch, recording| {
        start_on(switch, BEFORE_INSTANCES);
        for command in ["agent list", "tier list", "queue list members support@default"] {
            recording.command(switch, command);
        }
        record_file(switch, recording, false);
        for command in ["agent set status old Available", "agent list", "agent get state old"] {
            recording.command(switch, command);
        }
    });
}

#[test]
fn tables_that_are_too_old_are_made_anew() {
    compare(setup(), |switch, recording| {
        start_on(switch, TOO_OLD);
        for command in [
            "agent list",
            "tier list",
            "agent add a1 callback",
            "agent set uuid a1 0d3c5a1e-0000-0000-0000-000000000000",
            "agent set contact a1 user/1001",
            "tier add support@default a1",
            "agent list",
            "tier list",
        ] {
            recording.command(switch, command);
        }
        record_file(switch, recording, true);
    });
}

/// Stock copies the rows of such a file column by column in the order of the new table, into the wrong columns.
#[test]
fn values_stay_in_their_columns() {
    with_ours(setup(), |switch| {
        start_on(switch, &format!("{BEFORE_INSTANCES}{WITHOUT_DELAYS}"));
        let agents = switch.callcenter("agent list");
        let row = "old|single_box||callback|user/1001|On Break|Waiting|3|10|0|0|0|0|0|0|0|0|42|4200|7|0";
        assert!(agents.contains(row), "{agents}");
        let file = Connection::open(switch.database()).expect("open the database");
        let kept: (String, i64) = file
            .query_row("SELECT instance_id, ready_time FROM agents", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .expect("the old row");
        assert_eq!(kept, ("single_box".to_string(), 7));
    });
}
