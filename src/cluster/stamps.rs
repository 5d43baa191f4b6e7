//! What events of a cluster say of themselves: whose they are, and which of their leader's events.

use crate::cluster::term::Term;
use crate::engine::names::header;
use crate::engine::Event;

/// Numbers the events of a leader, in the order of its engine.
#[derive(Debug)]
pub struct Stamps {
    election: String,
    last: u64,
}

impl Stamps {
    /// Of a leader who begins.
    pub fn new(term: &Term) -> Self {
        Self {
            election: term.election(),
            last: 0,
        }
    }

    /// The next event, which is about something on that box.
    pub fn stamp(&mut self, event: &mut Event, instance: String) {
        self.last += 1;
        event.headers.extend([
            (header::INSTANCE, instance),
            (header::ELECTION, self.election.clone()),
            (header::EVENT_SEQUENCE, self.last.to_string()),
        ]);
    }

    /// The number of the last one.
    pub fn last(&self) -> u64 {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::term::{Incarnation, Server};

    #[test]
    fn events_of_all_boxes_have_one_numbering_and_say_whose_they_are() {
        let mut stamps = Stamps::new(&Term {
            server: Server(5),
            timeline: 2,
            number: 17,
            incarnation: Incarnation(3),
        });
        for (number, instance) in [("1", "box1"), ("2", "box2")] {
            let mut event = Event {
                headers: vec![(header::ACTION, "members-count".to_owned())],
                channel: None,
            };
            stamps.stamp(&mut event, instance.to_owned());
            assert_eq!(event.headers[0].0, header::ACTION, "what is ours comes behind");
            assert_eq!(event.header(header::INSTANCE), Some(instance));
            assert_eq!(event.header(header::ELECTION), Some("2-17"));
            assert_eq!(event.header(header::EVENT_SEQUENCE), Some(number));
        }
        assert_eq!(stamps.last(), 2);
    }
}
