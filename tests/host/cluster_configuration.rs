//! What was changed while a cluster runs holds, whoever leads.

use crate::clusters::{box_of_cluster, boxes, QUEUE};
use callcenter_test_support::harness::{FreeSwitch, Module};

/// What the three commands have made, and the reload before them.
fn is_as_changed(switch: &FreeSwitch) {
    let strategy = format!("callcenter_config queue get strategy {QUEUE}");
    switch.until(&strategy, |answer| answer.trim() == "ring-all");
    assert_eq!(
        switch.callcenter("queue get strategy sales@default").trim(),
        "round-robin",
        "{}",
        switch.log_tail()
    );
    assert_eq!(switch.callcenter("dispatch internal").trim(), "off");
    let queues = switch.callcenter("queue list");
    assert!(!queues.contains("gone@default"), "{queues}");
}

/// The leader is killed twice: neither the box that has never read the changed file nor the one that comes back goes by its own.
#[test]
fn what_was_changed_while_it_ran_holds_when_the_leader_is_killed() {
    let Some((mut all, server)) = boxes("in_force", 2) else {
        return;
    };
    let changed = box_of_cluster("box1", server, "in_force")
        .setting("wrap-up-time", "17")
        .queue("sales@default", &[("strategy", "round-robin")])
        .queue("gone@default", &[]);
    all[0].rewrite_callcenter(changed.xml());
    let told = all[1].callcenter("reload");
    assert!(told.contains("setting wrap-up-time: 0 -> 17"), "{told}");
    for words in [
        format!("queue set strategy {QUEUE} ring-all"),
        "queue unload gone@default".to_owned(),
        "dispatch internal off".to_owned(),
    ] {
        assert_eq!(all[1].callcenter(&words), "+OK\n", "{words}");
    }
    is_as_changed(&all[0]);
    all[0].rewrite_callcenter(box_of_cluster("box1", server, "in_force").xml());
    all[0].kill();
    all[1].wait_for_log("this box leads from now on");
    all[1].wait_for_log("settings and queues go on as they were");
    is_as_changed(&all[1]);
    all[0].start_again(Module::Ours);
    all[1].wait_for_log("box1 takes part");
    all[1].kill();
    is_as_changed(&all[0]);
    // Its own file says otherwise, and is put into effect by a command.
    let told = all[0].callcenter("reload");
    for change in [
        "setting wrap-up-time: 17 -> 0",
        "queue support@default: changed: strategy",
        "queue sales@default: no longer configured",
    ] {
        assert!(told.contains(change), "{change}: {told}");
    }
}
