//! Wrong words from dialplan and configuration: the switch and the calls live on.

use callcenter_test_support::harness::{compare, phone, rows, with_ours, CallCenter, FreeSwitch, Setup, SOON};

const WRONG_WORDS: &str = r#"
<extension name="nothing said"><condition field="destination_number" expression="^nothing$">
  <action application="callcenter"/>
  <action application="set" data="after_queue=reached"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", "talk-300"), &[])
        .tier("support@default", "a1", 1, 1)
}

#[test]
fn an_unknown_or_missing_queue_lets_the_caller_go_on_as_in_stock() {
    compare(
        Setup::new(&call_centre()).extensions(WRONG_WORDS),
        |switch, recording| {
            for extension in ["queue-nowhere", "nothing"] {
                let mark = switch.events().mark();
                switch.call("5551234", "Ann", extension);
                switch.events().wait(mark, SOON, "end of the call", |event| {
                    event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("Call-Direction") == "inbound"
                });
                switch.wait_until_quiet();
                recording.call_centre_events(switch, mark);
                // Stock leaves them alone; what they say here is in `admission`.
                recording.final_variables_but(switch, mark, &["cc_cause", "cc_cancel_reason"]);
            }
        },
    );
}

#[test]
fn an_empty_configuration_loads_as_in_stock() {
    let setup = Setup {
        callcenter: r#"<configuration name="callcenter.conf"/>"#.to_string(),
        ..Setup::default()
    };
    compare(setup, |switch, recording| {
        let answer = switch.api("module_exists mod_callcenter");
        recording.text(switch, "module_exists", &answer);
        for listing in ["queue list", "agent list", "tier list"] {
            recording.command(switch, listing);
        }
    });
}

/// With stock each of these elements crashes FreeSWITCH, now or at the next reload.
#[test]
fn elements_with_missing_attributes_are_named_and_the_rest_loads() {
    let broken = call_centre()
        .xml()
        .replace(
            "<agents>",
            r#"<agents><agent name="no-type" contact="user/1"/><agent type="callback"/>"#,
        )
        .replace(
            "<tiers>",
            r#"<tiers><tier queue="support@default"/><tier agent="a1"/><tier/>"#,
        )
        .replace(
            "<queues>",
            r#"<queues><queue/><queue name="q2@default"><param/><param name="strategy" value="no-such"/></queue>"#,
        );
    let setup = Setup {
        callcenter: broken,
        ..Setup::default()
    };
    with_ours(setup, |switch| {
        switch.wait_for_log("[WARNING]");
        switch.callcenter("tier reload support@default a1");
        switch.callcenter("queue reload support@default");
        let mark = switch.events().mark();
        switch.call_queue("5551234", "support");
        switch.wait_for(mark, "bridge-agent-start");
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
    });
}

/// Commands that cannot be carried out, one of each kind; `src/commands/tests/bad_input.rs` has them all.
const BAD_COMMANDS: &[&str] = &[
    "agent",
    "agent add",
    "agent add a1 callback",
    "agent add a9 robot",
    "agent add a9",
    "agent add '' callback",
    "agent del",
    "agent del ''",
    "agent set status a1 Lunch",
    "agent set status nobody Available",
    "agent set status a1 On Holiday",
    "agent set state a1 Asleep",
    "agent set type a1 robot",
    "agent set wrap_up_time a1 -1",
    "agent set wrap_up_time a1 99999999999",
    "agent set max_rejected a1 many",
    "agent set max_busy a1 3x",
    "agent set max_not_registered a1",
    "agent set not_registered_delay_time a1 -5",
    "agent set colour a1 red",
    "agent sing",
    "tier add support@default nobody",
    "tier add nowhere@default a1",
    "tier add support@default a1",
    "tier set level support@default nobody 1",
    "tier set level support@default a1 99999999999",
    "tier set state support@default a1 Asleep",
    "tier del support@default",
    "tier reload nowhere@default",
    "queue load nowhere@default",
    "queue reload ''",
    "queue sing support@default",
    "nonsense list",
];

#[test]
fn bad_commands_change_nothing() {
    let listings = |switch: &FreeSwitch| {
        let lists = [
            "agent list",
            "tier list",
            "queue list",
            "queue list members",
            "agent get max_busy a1",
        ];
        lists.map(|list| without_scores(&switch.callcenter(list)))
    };
    with_ours(Setup::new(&call_centre()), |switch| {
        switch.callcenter("agent set status a1 'On Break'");
        let caller = switch.call_queue("5551234", "support");
        // What is answered is saved, and with it all that came before.
        assert_eq!(switch.callcenter("agent set wrap_up_time a1 0"), "+OK\n");
        let before = listings(switch);
        let tables = ["agents", "tiers", "members"].map(|table| rows(&switch.database(), table));
        let mark = switch.events().mark();
        for command in BAD_COMMANDS {
            let reply = switch.callcenter(command);
            assert!(reply.starts_with("-ERR "), "{command}: {reply}");
            assert_eq!(listings(switch), before, "{command}");
        }
        let events = switch.events().since(mark);
        let told: Vec<_> = events
            .iter()
            .filter(|event| !event.get("CC-Action").is_empty())
            .collect();
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(
            ["agents", "tiers", "members"].map(|table| rows(&switch.database(), table)),
            tables
        );
        switch.hang_up(&caller);
        switch.wait_until_quiet();
    });
}

/// A waiting member's score, the last column, grows with time.
fn without_scores(listing: &str) -> String {
    let row = |row: &str| match row.rsplit_once("|Waiting|") {
        Some((front, score)) if !score.contains('|') => front.to_owned(),
        _ => row.to_owned(),
    };
    listing.lines().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_database_that_cannot_be_opened_is_named_and_freeswitch_lives_on() {
    let setup = Setup::new(&call_centre().setting("dbname", "/no/such/directory/callcenter.db"));
    with_ours(setup, |switch| {
        switch.wait_for_log("/no/such/directory");
        assert!(switch.api("status").contains("UP"));
    });
}
