//! `callcenter_config cluster`: how a box of a cluster stands, as it knows itself. No other box is asked.

use super::list;
use super::table::{Listed, Value as Cell};
use crate::engine::WallTime;
use crate::store::JournalState;
use serde_json::{json, Value};

/// What is answered on a FreeSWITCH that is a call centre by itself.
pub const NO_CLUSTER: &str = "This FreeSWITCH is in no cluster! The setting cluster would make it part of one.";

/// A box that the cluster knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBox {
    /// `cc-instance-id`.
    pub instance: String,
    /// Which run of its module: another one each time it is loaded.
    pub run: String,
    /// `here`, `left`, `expelled` or `given-up`.
    pub standing: &'static str,
    /// It holds the lease of whoever leads.
    pub leads: bool,
}

/// How this box stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxStatus {
    /// `cc-instance-id`.
    pub instance: String,
    /// Which run of its module.
    pub run: String,
    /// `joining`, `alone`, `reporting`, `follows`, `elected`, `leads` or `leaving`.
    pub standing: &'static str,
    /// Since when.
    pub since: WallTime,
    /// The term that it obeys, as events have it.
    pub election: Option<String>,
    /// Callers who wait or talk here.
    pub callers: usize,
    /// Phones that ring or talk for a caller of this box.
    pub offers: usize,
    /// What is not in the tables, as far as this box knows.
    pub unsaved: JournalState,
    /// All that ever were in the cluster, this one among them.
    pub boxes: Vec<KnownBox>,
}

/// A line of the list.
struct Line<'s> {
    known: &'s KnownBox,
    status: Option<&'s BoxStatus>,
}

impl Listed for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "instance",
        "role",
        "standing",
        "since_epoch",
        "callers",
        "offers",
        "unsaved",
    ];

    fn values(&self) -> Vec<Cell<'_>> {
        let number = |number: usize| Cell::Number(number as u64);
        let unknown = Cell::Text("");
        let of_status = |value: fn(&BoxStatus) -> usize| self.status.map_or(unknown, |status| number(value(status)));
        vec![
            self.known.instance.as_str().into(),
            if self.known.leads { "leader" } else { "follower" }.into(),
            self.status.map_or(self.known.standing, |status| status.standing).into(),
            self.status.map_or(unknown, |status| status.since.secs().into()),
            of_status(|status| status.callers),
            of_status(|status| status.offers),
            of_status(|status| status.unsaved.unsaved),
        ]
    }
}

impl BoxStatus {
    /// As a list: a line for each box, of the others what their rows say.
    pub fn text(&self) -> String {
        let lines = self.boxes.iter().map(|known| Line {
            known,
            status: (known.run == self.run).then_some(self),
        });
        list::rows(&lines.collect::<Vec<_>>())
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let boxes = self.boxes.iter();
        let boxes = boxes.map(|known| {
            json!({ "instance": known.instance, "run": known.run, "standing": known.standing, "leads": known.leads })
        });
        json!({
            "instance": self.instance,
            "run": self.run,
            "version": env!("CARGO_PKG_VERSION"),
            "standing": self.standing,
            "since_at": self.since.millis(),
            "election": self.election,
            "callers": self.callers,
            "offers": self.offers,
            "journal": {
                "unsaved": self.unsaved.unsaved,
                "lag_ms": u64::try_from(self.unsaved.lag.as_millis()).unwrap_or(u64::MAX),
                "trouble": self.unsaved.trouble,
            },
            "boxes": boxes.collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn status() -> BoxStatus {
        let known = |instance: &str, run: &str, leads| KnownBox {
            instance: instance.to_owned(),
            run: run.to_owned(),
            standing: "here",
            leads,
        };
        BoxStatus {
            instance: "box2".to_owned(),
            run: "0b".to_owned(),
            standing: "follows",
            since: WallTime::from_secs(1_000),
            election: Some("1-3".to_owned()),
            callers: 4,
            offers: 1,
            unsaved: JournalState {
                unsaved: 2,
                lag: Duration::from_millis(12),
                trouble: None,
            },
            boxes: vec![known("box1", "0a", true), known("box2", "0b", false)],
        }
    }

    #[test]
    fn a_box_tells_of_itself_what_it_has_and_of_others_what_their_rows_say() {
        let list = "instance|role|standing|since_epoch|callers|offers|unsaved\n\
                    box1|leader|here||||\n\
                    box2|follower|follows|1000|4|1|2\n\
                    +OK\n";
        assert_eq!(status().text(), list);
        let told = status().json();
        assert_eq!(
            (&told["standing"], &told["election"]),
            (&json!("follows"), &json!("1-3"))
        );
        assert_eq!(told["since_at"], 1_000_000);
        assert_eq!(told["journal"], json!({ "unsaved": 2, "lag_ms": 12, "trouble": null }));
        assert_eq!(
            told["boxes"][0],
            json!({ "instance": "box1", "run": "0a", "standing": "here", "leads": true })
        );
    }
}
