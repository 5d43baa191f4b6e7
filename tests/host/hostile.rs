//! Callers and commands that mean harm, in a real FreeSWITCH: nothing breaks, and nothing but what was asked for happens.

use callcenter_test_support::harness::{phone, rows, with_ours, CallCenter, FreeSwitch, RawCaller, Setup, SOON};

fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .queue("patience@default", &[])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1)
}

/// The rows of a listing; fails when one has not as many fields as there are columns.
fn taken_apart(listing: &str) -> Vec<Vec<String>> {
    let body = listing
        .strip_suffix("+OK\n")
        .unwrap_or_else(|| panic!("no +OK: {listing}"));
    let rows: Vec<Vec<String>> = body
        .lines()
        .map(|row| row.split('|').map(str::to_string).collect())
        .collect();
    let columns = rows.first().map_or(0, Vec::len);
    assert!(rows.iter().all(|row| row.len() == columns), "{listing}");
    rows.into_iter().skip(1).collect()
}

fn listings_are_whole(switch: &FreeSwitch) {
    for list in [
        "agent list",
        "tier list",
        "queue list",
        "queue list members",
        "queue list agents support@default",
    ] {
        taken_apart(&switch.callcenter(list));
    }
    for list in ["agent list", "tier list", "member list", "queue list"] {
        let answer = switch.api(&format!(
            r#"json {{"command":"callcenter_config","data":{{"arguments":"{list}"}}}}"#
        ));
        let answer: serde_json::Value =
            serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        assert!(answer["response"].is_array(), "{answer}");
    }
}

/// The tables are there, and the agent of the configuration is what it was.
fn nothing_is_dropped(switch: &FreeSwitch) {
    for table in ["tiers", "members"] {
        rows(&switch.database(), table);
    }
    let agents = rows(&switch.database(), "agents");
    assert!(agents.iter().any(|row| row.contains("name=\"a1\"")), "{agents:?}");
}

fn somebody_is_served(switch: &FreeSwitch) {
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    switch.wait_for(mark, "bridge-agent-start");
    switch.hang_up(&caller);
    switch.wait_for(mark, "bridge-agent-end");
}

#[test]
fn sip_callers_of_every_name() {
    with_ours(Setup::new(&call_centre()), |switch| {
        let long = [b"\"".as_slice(), &b"x".repeat(10_240), b"\" <sip:long@127.0.0.1>"].concat();
        let from: [&[u8]; 10] = [
            b"\"'; drop table members;--\" <sip:'1@127.0.0.1>",
            b"\"a|b|c\" <sip:555|1@127.0.0.1>",
            b"\"\\\\\\\"; \\'\" <sip:%27%7c%0a%0d1@127.0.0.1>",
            b"\"\xff\xfe\xc3\" <sip:%ff%c3@127.0.0.1>",
            b"\"${system(touch callcenter-was-here)}\" <sip:${hostname}@127.0.0.1>",
            b"\"%s%n%s\" <sip:%25s%25n@127.0.0.1>",
            b"\"[x=1]{y=2}<z>\" <sip:[x]@127.0.0.1>",
            b"\"\" <sip:@127.0.0.1>",
            b"\"a\\\tb\" <sip:-1@127.0.0.1>",
            &long,
        ];
        let mut callers = Vec::new();
        for (number, from) in from.into_iter().enumerate() {
            let mark = switch.events().mark();
            callers.push(RawCaller::dial(switch, "queue-patience", from, b""));
            switch.wait_for(mark, "member-queue-start");
            let count = switch.callcenter("queue count members patience@default");
            assert_eq!(count, format!("{}\n", number + 1));
        }
        listings_are_whole(switch);
        nothing_is_dropped(switch);
        assert!(
            !switch.dir().join("callcenter-was-here").exists(),
            "a caller ran a command"
        );
        // They are offered to an agent as well.
        let mark = switch.events().mark();
        for command in ["tier add patience@default a1 1 1", "agent set status a1 Available"] {
            assert_eq!(switch.callcenter(command), "+OK\n");
        }
        switch.wait_for(mark, "bridge-agent-start");
        switch.api("hupall");
        drop(callers);
        switch.wait_until_quiet();
        assert_eq!(switch.callcenter("tier del patience@default a1"), "+OK\n");
        switch.until("callcenter_config agent get state a1", |state| state == "Waiting");
        somebody_is_served(switch);
    });
}

#[test]
fn commands_of_every_kind() {
    with_ours(Setup::new(&call_centre()), |switch| {
        let long = "x".repeat(10_240);
        let names = [
            "'\\'; drop table agents;--'",
            "'|a|b|'",
            "'\\n+OK\\n'",
            "${hostname}",
            "%s%n",
            "\\\\",
            "ä\u{2028}ö",
            "-1",
        ];
        for name in names {
            assert_eq!(
                switch.callcenter(&format!("agent add {name} callback")),
                "+OK\n",
                "{name}"
            );
            switch.callcenter(&format!("agent set contact {name} {name}"));
            assert_eq!(
                switch.callcenter(&format!("tier add support@default {name} 1 1")),
                "+OK\n",
                "{name}"
            );
            listings_are_whole(switch);
        }
        for command in [
            &format!("agent add {long} callback"),
            &format!("agent set contact a1 {long}"),
            &format!("agent set status a1 {long}"),
            &format!("{long} {long} {long}"),
            "tier add support@default a1 99999999999 1",
            "agent set wrap_up_time a1 -1",
        ] {
            let answer = switch.callcenter(command);
            assert!(
                answer.starts_with("-ERR ") && answer.lines().count() == 1,
                "{answer:.200}"
            );
        }
        // What lies in the queue's way cannot be called, and the others are: the agent with a phone serves.
        nothing_is_dropped(switch);
        assert_eq!(taken_apart(&switch.callcenter("agent list")).len(), names.len() + 1);
        for name in names {
            assert_eq!(switch.callcenter(&format!("agent del {name}")), "+OK\n", "{name}");
        }
        assert_eq!(taken_apart(&switch.callcenter("agent list")).len(), 1);
        somebody_is_served(switch);
    });
}

#[test]
fn json_of_every_kind() {
    with_ours(Setup::new(&call_centre()), |switch| {
        let deep = format!("{}1{}", "[".repeat(900), "]".repeat(900));
        let too_deep = "[".repeat(20_000);
        let long = "x".repeat(10_240);
        for data in [
            "null",
            "[]",
            "\"agent list\"",
            "1e308",
            "{}",
            "{\"arguments\":null}",
            "{\"arguments\":[\"agent list\"]}",
            "{\"arguments\":{\"arguments\":\"agent list\"}}",
            "{\"arguments\":\"\"}",
            "{\"arguments\":\"agent\\u0000 list\"}",
            "{\"arguments\":\"\\ud800\"}",
            "{\"arguments\":\"queue list members\",\"queue_name\":7}",
            "{\"arguments\":\"queue list members\"}",
            "{\"arguments\":\"agent list\"",
            &deep,
            &format!("{{\"arguments\":{deep}}}"),
            &too_deep,
            &format!("{{\"arguments\":\"{long}\"}}"),
        ] {
            let answer = switch.api(&format!("json {{\"command\":\"callcenter_config\",\"data\":{data}}}"));
            assert!(!answer.contains("\"status\":\"success\""), "{data:.100}: {answer:.200}");
        }
        listings_are_whole(switch);
        somebody_is_served(switch);
    });
}

/// What the dialplan hands to the applications.
#[test]
fn applications_with_arguments_of_every_kind() {
    let long = "x".repeat(10_240);
    let words = [
        "",
        "''",
        "' '",
        "no such queue",
        "&apos;; drop table agents;--",
        "a|b",
        "\\",
        "${hostname}",
        &long,
    ];
    let mut extensions = String::new();
    for (number, word) in words.iter().enumerate() {
        extensions.push_str(&format!(
            r#"<extension name="e{number}"><condition field="destination_number" expression="^hostile-{number}$">
              <action application="callcenter" data="{word}"/><action application="callcenter_track" data="{word}"/>
              <action application="set" data="went_on=yes"/><action application="hangup"/>
            </condition></extension>"#
        ));
    }
    with_ours(Setup::new(&call_centre()).extensions(&extensions), |switch| {
        let before = switch.callcenter("agent list") + &switch.callcenter("queue list members");
        for number in 0..words.len() {
            let mark = switch.events().mark();
            switch.call("5551234", "Ann", &format!("hostile-{number}"));
            let end = switch.events().wait(mark, SOON, "end of the call", |event| {
                event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("Call-Direction") == "inbound"
            });
            assert_eq!(end.get("variable_went_on"), "yes", "{number}");
        }
        assert_eq!(
            before,
            switch.callcenter("agent list") + &switch.callcenter("queue list members")
        );
        for said in [
            "Queue no not found",
            "No Queue name provided",
            "Missing agent name",
            "Invalid agent no such queue",
        ] {
            switch.wait_for_log(said);
        }
        somebody_is_served(switch);
    });
}
