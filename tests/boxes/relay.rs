//! Messages and nothing else: whoever leads writes down what it is told, and has every box know it.

use crate::waiting::wait_for;
use crate::{addresses, box_id, server};
use callcenter_test_support::private::PrivateServer;
use mod_callcenter::cluster::link::{Addresses, Carrier, Duties, StoredRows, Voice};
use mod_callcenter::cluster::{BoxId, Decided, Phase, Receipt, Standing, Tables, Takeover, Term, Told};
use mod_callcenter::engine::Span;
use mod_callcenter::store::SqlConnection;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long a busy machine may take for anything.
const LONG: Duration = Duration::from_secs(60);

/// What is told is a number of a box.
#[derive(Debug, Clone)]
pub struct Letters;

impl Tables for Letters {
    type Change = (String, u64);
    type Rows = BTreeSet<(String, u64)>;
    type Others = ();
}

/// A row each, which is written once: a second time, the server would refuse it.
pub struct LetterRows;

impl StoredRows<Letters> for LetterRows {
    fn load(&mut self, connection: &mut dyn SqlConnection) -> Result<BTreeSet<(String, u64)>, String> {
        connection.execute(
            "CREATE TABLE IF NOT EXISTS letters (instance TEXT, number BIGINT, PRIMARY KEY (instance, number))",
        )?;
        let rows = connection.query("SELECT instance, number FROM letters")?;
        let row_of = |row: Vec<Option<String>>| match row.as_slice() {
            [Some(instance), Some(number)] => Some((instance.clone(), number.parse().ok()?)),
            _ => None,
        };
        rows.into_iter()
            .map(|row| row_of(row).ok_or_else(|| "a letter".to_owned()))
            .collect()
    }

    fn script(&mut self, changes: &[(String, u64)]) -> Result<String, String> {
        let statements = changes
            .iter()
            .map(|(instance, number)| format!("INSERT INTO letters VALUES ('{instance}', {number})"));
        Ok(statements.collect::<Vec<_>>().join("; "))
    }

    fn committed(&mut self) {}

    fn doubt(&mut self) {}
}

/// What a box has heard, and, of who leads, which boxes there are.
#[derive(Default)]
pub struct Relay {
    pub heard: Vec<(String, u64, Instant)>,
    peers: BTreeSet<String>,
    pub leads: bool,
    pub troubles: Vec<String>,
}

impl Duties<Letters> for Relay {
    fn report(&mut self, _: &mut Voice<'_, Letters>) -> String {
        String::new()
    }

    fn let_go(&mut self, _: &mut Voice<'_, Letters>) {}

    fn carry_out(&mut self, _: &mut Voice<'_, Letters>, _: Term, body: String) {
        let (instance, number) = body.rsplit_once(' ').expect("a letter");
        let number = number.parse().expect("a number");
        self.heard.push((instance.to_owned(), number, Instant::now()));
    }

    fn checked(&mut self, _: &mut Voice<'_, Letters>, _: u64, _: bool) {}

    fn lead(&mut self, voice: &mut Voice<'_, Letters>, takeover: Takeover<Letters>) {
        self.leads = true;
        self.peers = takeover.reports.iter().map(|told| told.from.instance.clone()).collect();
        let by = takeover.reports.iter().map(|told| Receipt {
            from: told.from.clone(),
            number: told.number,
        });
        voice.put(Decided {
            by: by.collect(),
            rows: Vec::new(),
            facts: Vec::new(),
            outputs: Vec::new(),
        });
    }

    fn input(&mut self, voice: &mut Voice<'_, Letters>, receipt: Receipt, _: Span, body: String) {
        let number = body.parse().expect("a number");
        let instance = receipt.from.instance.clone();
        let outputs = self
            .peers
            .iter()
            .map(|peer| (peer.clone(), format!("{instance} {number}")));
        voice.put(Decided {
            outputs: outputs.collect(),
            rows: vec![(instance, number)],
            facts: Vec::new(),
            by: vec![receipt],
        });
    }

    fn reported(&mut self, voice: &mut Voice<'_, Letters>, told: Told) {
        self.peers.insert(told.from.instance.clone());
        let receipt = Receipt {
            from: told.from,
            number: told.number,
        };
        voice.put(Decided {
            by: vec![receipt],
            rows: Vec::new(),
            facts: Vec::new(),
            outputs: Vec::new(),
        });
    }

    fn gone(&mut self, _: &mut Voice<'_, Letters>, id: BoxId, _: Standing) {
        self.peers.remove(&id.instance);
    }

    fn resign(&mut self) {
        self.leads = false;
    }

    fn departed(&mut self) {}

    fn trouble(&mut self, trouble: Option<&str>) {
        self.troubles.extend(trouble.map(str::to_owned));
    }
}

pub type RelayBox = Carrier<Letters, Relay>;

/// Begins a box.
pub fn begin(way: &Addresses, id: &BoxId) -> RelayBox {
    Carrier::start(way, id, || LetterRows, Relay::default()).expect("threads")
}

/// Boxes of which the first one leads and knows the others.
pub fn boxes(server: &PrivateServer, database: &str, count: usize) -> Vec<RelayBox> {
    let way = addresses(&[server.port], database);
    let mut boxes = vec![begin(&way, &box_id("box0", 1))];
    wait_for("somebody leads", LONG, || boxes[0].act(|_, relay| relay.leads));
    for index in 1..count {
        boxes.push(begin(&way, &box_id(&format!("box{index}"), 1)));
    }
    wait_for("all take part", LONG, || {
        boxes[0].act(|_, relay| relay.peers.len() == count)
            && boxes[1..]
                .iter()
                .all(|one| one.act(|voice, _| voice.phase() == Phase::Following))
    });
    boxes
}

fn numbers_of(relay: &RelayBox, from: &str) -> Vec<u64> {
    relay.act(|_, relay| {
        let of_box = relay.heard.iter().filter(|(instance, _, _)| instance == from);
        of_box.map(|(_, number, _)| *number).collect()
    })
}

const LETTERS: u64 = 400;

/// Everybody tells, everybody hears all of it once and in order; connections break meanwhile.
#[test]
fn every_message_arrives_once_and_in_order() {
    let Some(server) = server("letters") else { return };
    let proxy = crate::proxy::Proxy::to(server.port);
    let way = addresses(&[proxy.port], "letters");
    let mut all = boxes(server, "letters", 2);
    // The one whose connections break.
    all.push(begin(&way, &box_id("box2", 1)));
    wait_for("the third one takes part", LONG, || {
        all[2].act(|voice, _| voice.phase() == Phase::Following) && all[0].act(|_, relay| relay.peers.len() == 3)
    });
    for number in 1..=LETTERS {
        for one in &all {
            one.act(|voice, _| voice.tell(number.to_string()));
        }
        if number % 100 == 50 {
            proxy.cut();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let expected: Vec<u64> = (1..=LETTERS).collect();
    for (at, one) in all.iter().enumerate() {
        for from in ["box0", "box1", "box2"] {
            wait_for("all letters are there", LONG, || {
                numbers_of(one, from).len() >= expected.len()
            });
            assert_eq!(numbers_of(one, from), expected, "from {from} on box{at}");
        }
    }
    let rows = server.administer("letters", "SELECT count(*) FROM letters");
    assert_eq!(rows.trim(), (3 * LETTERS).to_string());
    let troubles = all[2].act(|_, relay| relay.troubles.clone());
    assert!(!troubles.is_empty(), "a connection that breaks is told");
}

/// A box whose row says that it has left is followed by the next leader at once.
#[test]
fn who_leaves_hands_over() {
    let Some(server) = server("leaving") else { return };
    let all = boxes(server, "leaving", 2);
    all[0].act(|voice, _| voice.depart());
    let late = wait_for("the other one leads", Duration::from_secs(3), || {
        all[1].act(|voice, _| voice.phase() == Phase::Leading)
    });
    assert!(late < Duration::from_secs(1), "after {late:?}");
}

/// A box that cannot reach its server says why, and goes on trying.
#[test]
fn a_server_that_is_not_there_is_told_in_words() {
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = nobody.local_addr().expect("its address").port();
    drop(nobody);
    let one = begin(&addresses(&[port], "nothing"), &box_id("box0", 1));
    wait_for("the trouble is told", Duration::from_secs(5), || {
        one.act(|_, relay| !relay.troubles.is_empty())
    });
    let troubles = one.act(|_, relay| relay.troubles.clone());
    assert!(troubles[0].contains("connect"), "{troubles:?}");
    assert_eq!(one.act(|voice, _| voice.phase()), Phase::Joining);
}
