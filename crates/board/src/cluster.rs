//! What a FreeSWITCH says of the cluster that it is a box of: each answers for itself, as `callcenter_config cluster` gives it.

use crate::snapshot::Journal;
use serde::Deserialize;

/// A box of a cluster, as it knows itself. What an older or newer module does not say is what `Default` makes of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Its `cc-instance-id`.
    pub instance: String,
    /// Which run of its module: no two boxes ever have the same.
    pub run: String,
    /// The module's version.
    pub version: String,
    /// How it stands, in the module's words.
    pub standing: String,
    /// Since when.
    pub since_at: i64,
    /// Callers who wait or talk there.
    pub callers: u64,
    /// What it has told or decided, and the tables do not have.
    pub journal: Journal,
    /// All that ever were in the cluster.
    pub boxes: Vec<KnownBox>,
}

/// A box, as another one knows it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct KnownBox {
    /// Its `cc-instance-id`.
    pub instance: String,
    /// Which run of its module.
    pub run: String,
    /// Whether it takes part: `here`, `left`, `expelled`, `given-up`.
    pub standing: String,
    /// It leads.
    pub leads: bool,
}

impl Member {
    /// It has the engine of the call centre.
    pub fn leads(&self) -> bool {
        self.standing == "leads"
    }

    /// Somebody leads, as far as it knows: what it is asked is answered.
    pub fn is_led(&self) -> bool {
        self.leads() || self.standing == "follows"
    }

    /// Both are boxes of one cluster; none where nobody can tell yet. Who has just come is known by the others a moment later.
    pub fn is_with(&self, other: &Self) -> Option<bool> {
        let knows = |one: &Self, run: &str| one.boxes.iter().any(|known| known.run == run);
        let can_tell = self.is_led() && other.is_led();
        let is_so = knows(self, &other.run) || knows(other, &self.run);
        (is_so || can_tell).then_some(is_so)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A box of a cluster that has these runs.
    pub(crate) fn member(run: &str, standing: &str, runs: &[&str]) -> Member {
        let known = |run: &&str| KnownBox {
            instance: format!("box{run}"),
            run: (*run).to_owned(),
            standing: "here".to_owned(),
            leads: false,
        };
        Member {
            instance: format!("box{run}"),
            run: run.to_owned(),
            standing: standing.to_owned(),
            boxes: runs.iter().map(known).collect(),
            ..Member::default()
        }
    }

    #[test]
    fn boxes_of_one_cluster_know_one_another_and_who_is_alone_is_not_judged() {
        let (leader, follower) = (member("1", "leads", &["1", "2"]), member("2", "follows", &["1", "2"]));
        let (new, stranger) = (member("3", "follows", &["1", "2", "3"]), member("9", "leads", &["9"]));
        assert_eq!(leader.is_with(&follower), Some(true));
        assert_eq!(
            leader.is_with(&new),
            Some(true),
            "the others learn of it a moment later"
        );
        assert_eq!(leader.is_with(&stranger), Some(false));
        assert_eq!(leader.is_with(&member("4", "joining", &[])), None);
        // The same name somewhere else is another box.
        assert_eq!(
            leader.is_with(&Member {
                instance: "box1".to_owned(),
                ..stranger
            }),
            Some(false)
        );
    }

    #[test]
    fn what_a_box_says_of_itself_is_read() {
        let text = r#"{"instance":"box2","run":"0f","version":"0.1.0","standing":"follows","since_at":5,"election":"1-3","callers":2,"offers":1,
            "journal":{"unsaved":3,"lag_ms":12,"trouble":null},"boxes":[{"instance":"box1","run":"0a","standing":"here","leads":true}]}"#;
        let member: Member = serde_json::from_str(text).expect("a box");
        assert_eq!(
            (member.callers, member.journal.unsaved, member.boxes[0].leads),
            (2, 3, true)
        );
        assert!(member.is_led() && !member.leads());
    }
}
