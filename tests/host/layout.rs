//! Stock's tables under names of the site's own, in a real FreeSWITCH.

use callcenter_test_support::harness::{
    change_rows, install, phone, rows, schema, CallCenter, FreeSwitch, Module, Setup,
};

#[test]
fn tables_and_columns_have_the_names_that_settings_give_them() {
    let Some(install) = install() else { return };
    let call_centre = CallCenter::new()
        .setting("agents-table", "cc_agents")
        .setting("agents-columns", "name=agent_id,contact=location,status=mode")
        .setting("tiers-table", "cc_tiers")
        .setting("tiers-columns", "queue=flow")
        .setting("members-table", "cc_calls")
        .setting("members-columns", "cid_number=caller")
        .queue("support@default", &[])
        .agent("a1", &phone("a1", "answer"), &[("status", "Logged Out")])
        .tier("support@default", "a1", 1, 1);
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
    switch.kill();
    let database = switch.database();
    let agents = rows(&database, "cc_agents");
    assert!(
        agents[0].starts_with("agent_id=\"a1\" ") && agents[0].contains(" mode=\"On Break\" "),
        "{agents:?}"
    );
    let tiers = rows(&database, "cc_tiers");
    assert!(
        tiers[0].starts_with("flow=\"support@default\" agent=\"a1\" "),
        "{tiers:?}"
    );
    let calls = schema(&database, "cc_calls");
    assert!(calls.iter().any(|column| column.starts_with("caller: ")), "{calls:?}");
    for table in ["agents", "tiers", "members"] {
        assert_eq!(schema(&database, table), Vec::<String>::new(), "{table}");
    }
    switch.start_again(Module::Ours);
    assert_eq!(switch.callcenter("agent get status a1"), "On Break");
    // Somebody else logs the agent in, under those names.
    change_rows(
        &database,
        "UPDATE cc_agents SET mode = 'Available' WHERE agent_id = 'a1'",
    );
    switch.until("callcenter_config agent get status a1", |status| status == "Available");
    let mark = switch.events().mark();
    switch.call_queue("5550002", "support");
    switch.wait_for(mark, "bridge-agent-start");
}
