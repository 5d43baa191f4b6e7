//! Agents whose standing leg somebody outside the queues talks with.

use super::*;

impl Centre {
    fn leg(&mut self, uuid: &str, taken: bool) {
        self.tell(Input::StandingLeg {
            agent_uuid: uuid.to_owned(),
            taken,
        });
    }
}

fn centre() -> Centre {
    let mut centre = Centre::with_queue(QueueConfig {
        skip_agents_with_external_calls: false,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre.set(
        "a",
        AgentSetting::Type(AgentType::parse("uuid-standby").expect("a known type")),
    );
    centre.set("a", AgentSetting::Uuid("leg".to_owned()));
    centre
}

#[test]
fn whose_leg_is_taken_is_offered_nobody() {
    let mut centre = centre();
    centre.leg("leg", true);
    centre.leg("another", false);
    centre.caller("100");
    assert_eq!(centre.rings(), [], "the leg is with somebody else");
    centre.leg("leg", false);
    assert_eq!(centre.rings().len(), 1);
}

#[test]
fn what_is_known_of_a_leg_goes_with_it() {
    let mut centre = centre();
    centre.leg("leg", true);
    centre.caller("100");
    assert_eq!(centre.rings(), []);
    centre.set("a", AgentSetting::Uuid("new".to_owned()));
    assert_eq!(centre.rings().len(), 1);
    assert!(!centre.engine.is_standing_leg("leg") && centre.engine.is_standing_leg("new"));
}
