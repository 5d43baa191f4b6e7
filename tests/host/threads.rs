//! Waiting members cost no thread of the module's.

use std::time::{Duration, Instant};

use callcenter_test_support::harness::{install_for, say, CallCenter, FreeSwitch, Module, Setup};

/// How many members wait.
const MEMBERS: usize = 200;

/// Threads of the process with this many members waiting and no agent, less those without any.
fn threads_of_waiting_members(module: Module) -> Option<usize> {
    let call_centre = CallCenter::new().queue("support@default", &[("strategy", "longest-idle-agent")]);
    let switch = FreeSwitch::start(install_for(module)?, module, Setup::new(&call_centre));
    let before = switch.threads();
    for _ in 0..MEMBERS {
        switch.api("bgapi originate {null_enable_auto_answer=true}null/caller &callcenter(support@default)");
    }
    let wanted = format!("{MEMBERS}\n");
    switch.until("callcenter_config queue count members support@default", |count| {
        count == wanted
    });
    let threads = settled_threads(&switch) - before;
    switch.api("hupall");
    Some(threads)
}

/// The number of threads once the ones that only started the calls have ended.
fn settled_threads(switch: &FreeSwitch) -> usize {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut least = switch.threads();
    while Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
        least = least.min(switch.threads());
    }
    least
}

#[test]
fn waiting_members_add_none() {
    let Some(stock) = threads_of_waiting_members(Module::Stock) else {
        return;
    };
    let Some(ours) = threads_of_waiting_members(Module::Ours) else {
        return;
    };
    say(&format!(
        "threads added by {MEMBERS} waiting members: stock {stock}, ours {ours}"
    ));
    // FreeSWITCH itself has one thread for each session; a few of its own come and go.
    assert!(ours <= MEMBERS + 5, "{ours} threads for {MEMBERS} waiting members");
}
