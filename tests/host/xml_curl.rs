//! The configuration from a web server by mod_xml_curl: what is asked for, with which parameters, and that the answer counts.

mod server;

use callcenter_test_support::harness::{compare, install, skip, with_ours, CallCenter, Setup, SOON};
use server::XmlServer;

/// Whether this FreeSWITCH has mod_xml_curl; says so if not.
fn is_possible() -> bool {
    let possible = install().is_none_or(|install| install.has_module("mod_xml_curl"));
    if !possible {
        skip("this FreeSWITCH has no mod_xml_curl");
    }
    possible
}

/// A FreeSWITCH with nothing in its own `callcenter.conf`; the path tells the server which FreeSWITCH asks.
fn setup(server: &XmlServer) -> Setup {
    let url = format!("http://127.0.0.1:{}/$${{desk_port}}", server.port());
    Setup {
        modules: vec!["mod_xml_curl".to_string()],
        configuration: format!(
            r#"<configuration name="xml_curl.conf"><bindings><binding name="call centre">
            <param name="gateway-url" value="{url}" bindings="configuration"/></binding></bindings></configuration>"#
        ),
        ..Setup::new(&CallCenter::new())
    }
}

fn served() -> XmlServer {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("strategy", "ring-all")])
        .queue("sales@default", &[("strategy", "top-down")])
        .agent(
            "a1",
            "error/USER_BUSY",
            &[("status", "On Break"), ("wrap-up-time", "10")],
        )
        .agent("a2", "error/USER_BUSY", &[("status", "Logged Out")])
        .tier("support@default", "a1", 1, 1)
        .tier("sales@default", "a2", 2, 3);
    XmlServer::start(&call_centre.xml())
}

/// Stock's own questions: at load, for a queue, and when a caller or a tier needs a queue that is not loaded.
#[test]
fn the_same_is_asked_for() {
    if !is_possible() {
        return;
    }
    let server = served();
    compare(setup(&server), |switch, recording| {
        let path = format!("/{}", switch.ports.desk);
        let asked = |what: &str, recording: &mut callcenter_test_support::harness::Recording| {
            let requests = server.take(&path).join("\n");
            recording.text(switch, what, &requests);
        };
        asked("at load", recording);
        for command in ["agent list", "tier list"] {
            recording.command(switch, command);
        }
        recording.unordered_listing(switch, "queue list");
        for command in [
            "queue unload sales@default",
            "queue load sales@default",
            "queue reload support@default",
            "queue reload nowhere@default",
            "queue unload nowhere@default",
            "queue list members nowhere@default",
            "tier add nowhere@default a1",
            "agent list",
            "tier list",
        ] {
            recording.command(switch, command);
            asked(command, recording);
        }
        let mark = switch.events().mark();
        switch.call("5550001", "Ann", "queue-nowhere");
        switch.events().wait(mark, SOON, "end of the call", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("Call-Direction") == "inbound"
        });
        asked("a caller of a queue that is not there", recording);
    });
}

/// PR 2153: a server that answers with one agent, or the tiers of one queue, is told which.
#[test]
fn agent_and_tier_reload_say_what_they_need() {
    if !is_possible() {
        return;
    }
    let server = served();
    with_ours(setup(&server), |switch| {
        let path = format!("/{}", switch.ports.desk);
        server.take(&path);
        for (command, parameters) in [
            ("agent reload a1", "CC-Agent=a1"),
            ("tier reload sales@default a2", "CC-Agent=a2&CC-Queue=sales@default"),
            ("tier reload all all", ""),
        ] {
            assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
            let requests = server.take(&path);
            assert_eq!(requests.len(), 1, "{command}: {requests:?}");
            assert!(
                requests[0].ends_with(&format!("[{parameters}]")),
                "{command}: {requests:?}"
            );
        }
        let changed = CallCenter::new()
            .queue("support@default", &[("strategy", "random")])
            .agent("a1", "user/1001", &[("status", "On Break"), ("wrap-up-time", "20")])
            .tier("support@default", "a1", 4, 5);
        server.serve(&changed.xml());
        for command in [
            "agent reload a1",
            "tier reload support@default a1",
            "queue reload support@default",
        ] {
            assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
        }
        let agents = switch.callcenter("agent list a1");
        assert!(agents.contains("|user/1001|On Break|Waiting|0|20|"), "{agents}");
        assert!(switch
            .callcenter("tier list")
            .contains("support@default|a1|Ready|4|5\n"));
        assert!(switch.callcenter("queue list").contains("support@default|random|"));
    });
}

/// There are servers that answer a question about a queue with that queue alone. Stock asks for agents and tiers without parameters, and so
/// never meets them.
#[test]
fn a_server_that_answers_with_the_queue_alone_is_asked_for_the_rest() {
    if !is_possible() {
        return;
    }
    let alone = r#"<configuration name="callcenter.conf"><queues><queue name="support@default">
        <param name="strategy" value="ring-all"/></queue></queues></configuration>"#;
    let server = served();
    server.serve_of_queue(alone);
    compare(setup(&server), |switch, recording| {
        for command in [
            "tier del support@default a1",
            "tier reload support@default",
            "tier list",
        ] {
            recording.command(switch, command);
        }
        for command in [
            "tier set level support@default a1 9",
            "tier reload support@default a1",
            "tier list",
        ] {
            recording.command(switch, command);
        }
        recording.command(switch, "agent reload a1");
        recording.command(switch, "queue reload support@default");
        recording.command(switch, "tier list");
    });
}
