//! What a box does with what the leader wants, and with what happens on its channels.

use super::deeds::Act;
use super::household::{Clocks, Household};
use super::questions::Said;
use super::{addresses, by_itself, Shared};
use crate::cluster::fixtures;
use crate::cluster::link::{CallCentre, Duties, Voice};
use crate::cluster::{write, BoxId, BoxTime, Incarnation, Life, Server, Term, ToBox};
use crate::config::Configuration;
use crate::engine::{
    CancelReason, HangupCause, Hold, Input, JoinRequest, LocalTime, MemberExit, MemberId, OfferId, Output, Reply, Ring,
    Settings, WallTime,
};
use std::sync::Arc;
use std::time::Duration;

const NOW: BoxTime = BoxTime::from_micros(1_000_000_000);
const OFFER: OfferId = OfferId(9);

/// A box without a server.
struct Bench {
    life: Life<CallCentre>,
    household: Household,
    shared: Arc<Shared>,
}

impl Bench {
    fn new() -> Self {
        let me = BoxId {
            instance: "box1".to_owned(),
            incarnation: Incarnation(1),
        };
        let shared = Arc::<Shared>::default();
        let clocks = Clocks {
            wall: WallTime::default,
            local_time: |_| LocalTime::default(),
        };
        Self {
            life: Life::new(NOW, me.clone()),
            household: Household::new(&me, Configuration::default(), clocks, &shared),
            shared,
        }
    }

    fn tells(&mut self, input: &Input) -> Option<u64> {
        let mut voice = Voice::of(&mut self.life, NOW);
        self.household.tell(&mut voice, input).expect("a message")
    }

    /// The caller presses the key. The number of the question.
    fn asks_to_be_called_back(&mut self) -> u64 {
        let question = self.tells(&Input::CallbackAsk {
            member: MemberId(7),
            number: "100".to_owned(),
        });
        question.expect("a question")
    }

    /// The leader promises it.
    fn is_promised(&mut self, question: u64) {
        let answer = Ok(Reply::CalledBack {
            member_uuid: "m1".to_owned(),
            position: 1,
        });
        self.hears(&ToBox::Answers { question, answer });
    }

    /// The leader says this.
    fn hears(&mut self, message: &ToBox) {
        let term = Term {
            server: Server(1),
            timeline: 1,
            number: 1,
            incarnation: Incarnation(2),
        };
        let body = write(message).expect("a message");
        let mut voice = Voice::of(&mut self.life, NOW);
        self.household.carry_out(&mut voice, term, body);
    }

    fn is_wanted(&mut self, deed: u64, is_wanted: bool) {
        let mut voice = Voice::of(&mut self.life, NOW);
        self.household.checked(&mut voice, deed, is_wanted);
    }

    /// What the switch is to do.
    fn done(&self) -> Vec<String> {
        let acts = self.shared.deeds.taken().into_iter();
        let told = acts.map(|act| match act {
            Act::CarryOut(Output::Ring(_)) => "ring".to_owned(),
            Act::CarryOut(Output::Connect(_)) => "connect".to_owned(),
            Act::CarryOut(Output::CancelRing { cause, .. }) => format!("cancel {cause}"),
            Act::CarryOut(Output::Notice(notice)) => notice.text,
            other => format!("{other:?}"),
        });
        told.collect()
    }

    /// A caller who has joined, and for whom a phone is to ring.
    fn with_ring(mut self) -> Self {
        let question = self.tells(&Input::MemberJoin(JoinRequest {
            session_uuid: "caller".to_owned(),
            new_member_uuid: "m1".to_owned(),
            ..JoinRequest::default()
        }));
        let question = question.expect("a question");
        let answer = Ok(Reply::Joined {
            member: MemberId(7),
            member_uuid: "m1".to_owned(),
            hold: Hold::default(),
        });
        self.hears(&ToBox::Answers {
            question,
            answer: answer.clone(),
        });
        let said = self.shared.questions.wait(question, Duration::ZERO);
        assert_eq!(said, Some(Said::Answer(answer)));
        self.hears(&ToBox::Does(Box::new(Output::Ring(ring()))));
        self
    }

    /// The same, and the agent has answered.
    fn with_answer(self) -> Self {
        let mut bench = self.with_ring();
        bench.is_wanted(1, true);
        bench.tells(&Input::OfferAnswered {
            offer: OFFER,
            agent_uuid: "leg".to_owned(),
        });
        assert_eq!(bench.done(), ["ring"]);
        bench
    }
}

fn ring() -> Ring {
    Ring {
        member_uuid: "m1".to_owned(),
        ..fixtures::ring(OFFER)
    }
}

fn cancel() -> ToBox {
    ToBox::Does(Box::new(Output::CancelRing {
        offer: OFFER,
        cause: HangupCause::LOSE_RACE,
    }))
}

#[test]
fn a_phone_is_dialled_once_it_is_known_to_be_wanted() {
    let mut bench = Bench::new().with_ring();
    assert!(bench.done().is_empty());
    bench.is_wanted(1, true);
    assert_eq!(bench.done(), ["ring"]);
    let mut bench = Bench::new().with_ring();
    bench.is_wanted(1, false);
    assert!(bench.done().is_empty());
    assert!(!bench.household.home.rings(OFFER), "its end is told");
}

#[test]
fn what_is_taken_back_before_it_is_dialled_never_rings() {
    let mut bench = Bench::new().with_ring();
    bench.hears(&cancel());
    bench.is_wanted(1, true);
    assert!(bench.done().is_empty());
    assert!(!bench.household.home.rings(OFFER), "its end is told");
}

#[test]
fn an_agent_who_has_answered_and_is_not_wanted_any_more_is_hung_up_by_whoever_connects() {
    let mut bench = Bench::new().with_answer();
    bench.hears(&cancel());
    assert_eq!(bench.done(), ["cancel LOSE_RACE", "connect"]);
    let mut bench = Bench::new().with_answer();
    bench.hears(&ToBox::Does(Box::new(Output::Connect(fixtures::connect(OFFER)))));
    assert!(bench.done().is_empty(), "asked first");
    bench.is_wanted(2, false);
    assert_eq!(bench.done(), ["cancel ORIGINATOR_CANCEL", "connect"]);
}

#[test]
fn a_box_that_lets_go_stops_what_rings_and_says_so() {
    let mut bench = Bench::new().with_answer();
    let mut voice = Voice::of(&mut bench.life, NOW);
    bench.household.let_go(&mut voice);
    let done = bench.done();
    assert!(done[0].contains("lost touch"), "{done:?}");
    assert_eq!(done[1..], ["cancel ORIGINATOR_CANCEL", "connect"]);
}

/// The thread of who has asked to be called back waits for the answer no more when it comes: the caller leaves the queue all the same.
#[test]
fn who_is_promised_a_call_too_late_is_let_go() {
    let mut bench = Bench::new().with_ring();
    let question = bench.asks_to_be_called_back();
    bench.shared.questions.close(question);
    bench.is_promised(question);
    let done = bench.done();
    assert!(
        done[0].contains("Release") && done[0].contains("MemberId(7)"),
        "{done:?}"
    );
}

#[test]
fn a_channel_that_leaves_while_nobody_leads_says_how() {
    let mut bench = Bench::new().with_answer();
    let exit = |reason| Input::MemberExit {
        member: MemberId(7),
        exit: MemberExit {
            channel_up: true,
            reason,
            key: None,
        },
    };
    let words = |bench: &Bench, input: &Input| format!("{:?}", bench.household.last_words(input));
    let timeout = words(&bench, &exit(Some(CancelReason::Timeout)));
    assert!(
        timeout.contains("\"cancel\"") && timeout.contains("\"TIMEOUT\""),
        "{timeout}"
    );
    bench.hears(&ToBox::Does(Box::new(Output::Connect(fixtures::connect(OFFER)))));
    let served = words(&bench, &exit(None));
    assert!(
        served.contains("\"answered\"") && !served.contains("cancel"),
        "{served}"
    );
    let nothing = Input::AgentBreak {
        agent_uuid: "leg".to_owned(),
    };
    assert_eq!(bench.household.last_words(&nothing), None);
}

/// The dialplan behind the queue finds what it finds on a single box.
#[test]
fn who_is_promised_a_call_and_leaves_while_nobody_leads_has_the_promise_on_the_channel() {
    let mut bench = Bench::new().with_ring();
    let question = bench.asks_to_be_called_back();
    bench.is_promised(question);
    let words = |channel_up| {
        bench.household.last_words(&Input::MemberExit {
            member: MemberId(7),
            exit: MemberExit {
                channel_up,
                reason: None,
                key: None,
            },
        })
    };
    let told = format!("{:?}", words(true));
    assert!(
        told.contains("\"callback\"") && !told.contains("cancel") && !told.contains("epoch"),
        "{told}"
    );
    assert_eq!(words(false), None);
}

/// A cluster's rows are its leader's: whoever goes on beside it has others.
#[test]
fn who_cannot_take_part_goes_on_with_rows_of_its_own() {
    for (dsn, kept) in [
        ("pgsql://dbname=x", None),
        ("PostgreSQL://u@h/x", None),
        ("mariadb://Server=a", Some("mariadb://Server=a")),
    ] {
        let mut settings = Settings {
            odbc_dsn: Some(dsn.to_owned()),
            ..Settings::default()
        };
        let told = by_itself(&mut settings, "It is not to be.");
        assert_eq!(settings.odbc_dsn.as_deref(), kept);
        assert_eq!(told.contains("SQLite"), kept.is_none(), "{told}");
        assert!(told.contains("It is not to be. This box goes on by itself") && told.lines().count() == 1);
    }
}

#[test]
fn a_message_of_another_release_is_told_and_the_next_one_is_read() {
    let mut bench = Bench::new().with_ring();
    let term = Term {
        server: Server(1),
        timeline: 1,
        number: 1,
        incarnation: Incarnation(2),
    };
    let mut voice = Voice::of(&mut bench.life, NOW);
    for _ in 0..3 {
        let line = r#"{"version":7,"says":1}"#.to_owned();
        bench.household.carry_out(&mut voice, term, line);
    }
    let done = bench.done();
    assert!(done[0].contains("version 7") && done[0].contains("upgrade"), "{done:?}");
    assert_eq!(done.len(), 1, "once");
    bench.is_wanted(1, true);
    assert_eq!(bench.done(), ["ring"]);
}

#[test]
fn what_a_cluster_lacks_is_told_in_one_line() {
    let settings = |dsn: &str, name: &str| Settings {
        cluster: true,
        odbc_dsn: Some(dsn.to_owned()).filter(|dsn| !dsn.is_empty()),
        instance_id: name.to_owned(),
        ..Settings::default()
    };
    for (dsn, name, word) in [
        ("", "box1", "odbc-dsn"),
        ("mariadb://Server=a", "box1", "PostgreSQL"),
        ("sqlite:///tmp/x.db", "box1", "PostgreSQL"),
        ("pgsql://dbname=x", "single_box", "cc-instance-id"),
    ] {
        let refused = addresses(&settings(dsn, name)).expect_err(dsn);
        assert!(refused.contains(word), "{refused}");
        assert_eq!(refused.lines().count(), 1);
    }
    assert!(matches!(addresses(&settings("pgsql://dbname=x", "box1")), Ok(Some(_))));
    assert!(matches!(addresses(&Settings::default()), Ok(None)));
}
