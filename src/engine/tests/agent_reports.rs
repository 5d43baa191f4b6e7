//! What agents do, as `agent-report` tells it, and the calls they have.

use super::*;

impl Centre {
    fn reporting() -> Self {
        let settings = Settings {
            agent_report: true,
            ..Settings::default()
        };
        Self::with_settings(settings, QueueConfig::named(QUEUE))
    }

    /// The reports since the last call: the word, and what goes with it.
    fn reports(&mut self) -> Vec<(String, String)> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let reports = outputs.filter_map(|output| match output {
            Output::Event(event) if event.action() == "agent-report" => {
                let more = event.header("CC-Queue").or(event.header("CC-Agent-Wrapup-Ends"));
                let word = event.header("CC-Agent-Report").unwrap_or_default().to_owned();
                Some((word, more.unwrap_or_default().to_owned()))
            }
            _ => None,
        });
        reports.collect()
    }
}

fn report(word: &str, more: &str) -> (String, String) {
    (word.to_owned(), more.to_owned())
}

#[test]
fn each_change_of_what_an_agent_does_is_reported_once() {
    let mut centre = Centre::reporting();
    centre.agent("a1", 1, 1);
    centre.set("a1", attribute("wrap_up_time", 20));
    assert_eq!(centre.reports(), [report("free", "")]);
    let member = centre.caller("100");
    let ring = centre.rings().remove(0);
    assert_eq!(centre.reports(), [report("incall", QUEUE)]);
    centre.talk(&ring, member);
    assert_eq!(centre.reports(), []);
    centre.hang_up(&ring);
    let ends = (centre.now.secs() + 20).to_string();
    assert_eq!(centre.reports(), [report("wrapup", &ends)]);
    centre.pass(20);
    assert_eq!(centre.reports(), [report("free", "")]);
    centre.status("a1", "On Break");
    assert_eq!(centre.reports(), [report("offline", "")]);
    centre.status("a1", "Logged Out");
    assert_eq!(centre.reports(), []);
}

#[test]
fn nothing_is_reported_unless_it_is_wanted() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    assert_eq!(centre.reports(), []);
}

#[test]
fn calls_are_listed_with_how_far_they_are() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let states = |centre: &Centre| {
        let calls = centre.engine.calls(centre.now).into_iter();
        calls
            .map(|call| (call.row.uuid, call.state, call.duration))
            .collect::<Vec<_>>()
    };
    let first = centre.caller("100");
    let second = centre.caller("101");
    let ring = centre.one_ring();
    centre.pass(5);
    let call = |name: &str, state, duration| (format!("member-{name}"), state, duration);
    assert_eq!(
        states(&centre),
        [call("100", CallState::PreAgent, 5), call("101", CallState::Queue, 5)]
    );
    centre.talk(&ring, first);
    centre.leave(second);
    assert_eq!(states(&centre), [call("100", CallState::ToAgent, 5)]);
    centre.hang_up(&ring);
    assert_eq!(states(&centre), []);
}

#[test]
fn the_queues_prefix_and_exports_go_with_the_ring() {
    let mut centre = Centre::with_queue(QueueConfig {
        cid_name_prefix: Some("Sales - ".to_owned()),
        cc_export_vars: Some("order,colour".to_owned()),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(
        (
            ring.cid_name_prefix.as_str(),
            ring.cid_name.as_str(),
            ring.export_vars.as_str()
        ),
        ("Sales - ", "Caller 100", "order,colour")
    );
}
