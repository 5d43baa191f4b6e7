//! Who is offered to whom by command, and why somebody is not.

use super::*;

#[test]
fn internal_dispatching_is_switched_and_asked() {
    let bench = Bench::staffed();
    for (line, answer) in [
        ("dispatch internal", "on\n"),
        ("dispatch internal off", "+OK\n"),
        ("dispatch Internal", "off\n"),
        ("dispatch internal ON", "+OK\n"),
        ("dispatch internal", "on\n"),
        (
            "dispatch internal perhaps",
            "-ERR Invalid value 'perhaps'! Use on or off.\n",
        ),
        (
            "dispatch internal on off",
            "-ERR Too many words! 'internal' takes 1; put a value with blanks between single quotes.\n",
        ),
        ("dispatch member x", "-ERR Invalid!\n"),
        ("dispatch member x 1001", "-ERR Member not found!\n"),
        ("dispatch why x", "-ERR Invalid!\n"),
        ("dispatch why x 1001", "-ERR Member not found!\n"),
        (
            "dispatch calls",
            "-ERR Unknown dispatch action 'calls'! Use internal, member or why.\n",
        ),
    ] {
        assert_eq!(bench.console.config(line), answer, "{line}");
    }
}

#[test]
fn why_an_agent_is_not_offered_a_member_is_told_and_nobody_is_offered() {
    let bench = Bench::staffed();
    bench.expect_all(&[("agent add idle callback", "+OK\n")]);
    let join = JoinRequest {
        queue: "support@default".to_owned(),
        new_member_uuid: "m".to_owned(),
        ..JoinRequest::default()
    };
    bench.expect_all(&[("agent set status 1001 'On Break'", "+OK\n")]);
    bench.driver.submit(Input::MemberJoin(join)).expect("a member");
    let why = |agent: &str| {
        let text = bench.console.config(&format!("dispatch why m {agent}"));
        let data = json!({ "arguments": "dispatch why", "member_uuid": "m", "agent_name": agent });
        (text, bench.console.json(&data).map_err(|error| error.to_string()))
    };
    let answer = |may: bool, reason: &str| {
        let json = json!({ "may_be_offered": may, "reason": reason });
        (format!("{reason}\n"), Ok(json))
    };
    assert_eq!(why("1001"), answer(false, "Agent is not available!"));
    assert_eq!(why("idle"), answer(false, "Agent does not serve the member's queue!"));
    let unknown = "Agent not found!".to_owned();
    assert_eq!(why("nobody"), (format!("-ERR {unknown}\n"), Err(unknown)));
    bench.expect_all(&[
        ("dispatch internal off", "+OK\n"),
        ("agent set status 1001 Available", "+OK\n"),
    ]);
    let off = "Internal dispatching is off: `dispatch member` offers it, or `dispatch internal on` everybody.";
    assert_eq!(why("1001"), answer(true, off));
    bench.expect_all(&[
        ("queue unload support@default", "+OK\n"),
        (
            "dispatch member m 1001",
            "-ERR The member's queue is not loaded! Load it with `queue load`.\n",
        ),
    ]);
}

#[test]
fn a_caller_is_shown_and_forgotten() {
    let bench = Bench::staffed();
    for (line, answer) in [
        ("caller get 5550001", "+OK\n"),
        ("caller forget 5550001", "-ERR Caller is not remembered in any queue!\n"),
        ("caller get", "-ERR Invalid!\n"),
        ("caller forget", "-ERR Invalid!\n"),
        (
            "caller ring 5550001",
            "-ERR Unknown caller action 'ring'! Use get or forget.\n",
        ),
    ] {
        assert_eq!(bench.console.config(line), answer, "{line}");
    }
    let row = CallerRow {
        queue: "support@default".to_owned(),
        caller: "customer 7".to_owned(),
        agent: "1001".to_owned(),
        last_talk_epoch: 1_700_000_000,
    };
    let rows = Snapshot {
        callers: vec![row],
        ..Snapshot::default()
    };
    bench.expect_all(&[("queue set sticky_days support@default 30", "+OK\n")]);
    bench.driver.submit(Input::Restore(rows)).expect("rows");
    assert_eq!(
        bench.console.config("caller get 'customer 7'"),
        "queue|caller|agent|last_talk_epoch\nsupport@default|customer 7|1001|1700000000\n+OK\n"
    );
    let found = bench
        .console
        .json(&json!({ "arguments": "caller get", "caller": "customer 7" }));
    assert_eq!(found.expect("rows")[0]["agent"], "1001");
    bench.expect_all(&[
        ("caller forget 'customer 7'", "+OK\n"),
        ("caller get 'customer 7'", "+OK\n"),
    ]);
}
