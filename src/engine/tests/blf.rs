//! Lamps for free and for paused agents.

use super::*;

impl Centre {
    fn with_lamps() -> Self {
        let settings = Settings {
            agent_presence: true,
            ..Settings::default()
        };
        Self::with_settings(settings, QueueConfig::named(QUEUE))
    }

    /// Takes the lamps that were told since the last call: what, and whether it is lit.
    fn lamps(&mut self) -> Vec<(BlfKey, bool)> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let lamps = outputs.filter_map(|output| match output {
            Output::Presence(Presence::BlfKey { queue, lamp, is_lit }) => {
                assert_eq!(queue, QUEUE);
                Some((lamp, is_lit))
            }
            _ => None,
        });
        lamps.collect()
    }

    fn probe(&mut self, name: &str) -> Result<Reply, EngineError> {
        self.try_tell(Input::PresenceProbe { queue: name.to_owned() })
    }
}

fn paused(agent: &str) -> BlfKey {
    BlfKey::Paused(agent.to_owned())
}

#[test]
fn the_first_free_agent_puts_the_lamp_out_and_the_last_one_lights_it() {
    let mut centre = Centre::with_lamps();
    centre.agent("a", 1, 1);
    assert_eq!(centre.lamps(), [(BlfKey::Free, false)]);
    centre.agent("b", 1, 2);
    centre.caller("100");
    assert_eq!(centre.lamps(), [], "one of two is still free");
    centre.status("b", "Logged Out");
    centre.status("a", "Logged Out");
    assert_eq!(centre.lamps(), [(BlfKey::Free, true)]);
}

#[test]
fn a_lamp_shows_who_is_paused() {
    let mut centre = Centre::with_lamps();
    centre.agent("a", 1, 1);
    centre.lamps();
    let (queue, agent) = (QUEUE.to_owned(), "a".to_owned());
    let reason = String::new();
    centre.tell(Input::TierPause {
        queue: queue.clone(),
        agent: agent.clone(),
        reason,
    });
    assert_eq!(centre.lamps(), [(paused("a"), true), (BlfKey::Free, true)]);
    centre.status("a", "On Break");
    assert_eq!(centre.lamps(), [], "paused for one more reason");
    centre.tell(Input::TierResume { queue, agent });
    assert_eq!(centre.lamps(), []);
    centre.status("a", "Available");
    assert_eq!(centre.lamps(), [(paused("a"), false), (BlfKey::Free, false)]);
}

#[test]
fn whoever_subscribes_is_told_how_things_stand() {
    let mut centre = Centre::with_lamps();
    centre.agent("a", 1, 1);
    centre.lamps();
    assert_eq!(centre.probe("support_avail@default"), Ok(Reply::Done));
    assert_eq!(centre.probe("support_pause_a@default"), Ok(Reply::Done));
    assert_eq!(centre.lamps(), [(BlfKey::Free, false), (paused("a"), false)]);
    assert_eq!(centre.probe("support_pause_b@default"), Err(EngineError::QueueNotFound));
    assert_eq!(centre.probe("nowhere_avail@default"), Err(EngineError::QueueNotFound));
}

#[test]
fn without_the_setting_nothing_is_told() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.status("a", "On Break");
    assert_eq!(centre.lamps(), []);
    assert_eq!(centre.probe("support_avail@default"), Err(EngineError::QueueNotFound));
}
