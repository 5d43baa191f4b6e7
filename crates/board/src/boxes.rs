//! The FreeSWITCHes the board is connected to: how each one is, and which of them is shown.
//!
//! One is shown, and looked at closely. Boxes of a cluster are one call centre, and whoever leads it is shown: what it says is about the
//! whole. Otherwise it is the first in the configuration's order that answers; the others are asked now and then how they are, so that each
//! stands ready to be shown, and none of them is counted.

use crate::cluster::{KnownBox, Member};
use crate::settings::Address;
use crate::snapshot::{Health, Module, Snapshot};
use crate::views::{Link, LinkState};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One FreeSWITCH.
#[derive(Debug, Clone)]
pub struct Site {
    /// What pages call it.
    pub name: String,
    /// Host and port.
    pub place: String,
    /// How it stands with it.
    pub link: Link,
    /// How it stood before it fell silent.
    pub before_silence: Option<Link>,
    /// How it is.
    pub vitals: Vitals,
    /// What it says of the cluster it is a box of.
    pub member: Option<Member>,
    /// Why nothing of it is shown although it answers.
    pub stranger: Option<Stranger>,
    /// The last look at its call centre, if it was ever shown.
    pub snapshot: Option<Arc<Snapshot>>,
}

/// What is wrong with a box beside the one that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stranger {
    /// It is a box of another cluster.
    OtherCluster,
    /// It is in no cluster, and the one that is shown is.
    NoCluster,
    /// It is in a cluster, and the one that is shown is not.
    OnlyCluster,
}

impl Site {
    /// Nothing is known of it yet.
    pub fn new(address: &Address, now: i64) -> Self {
        Self {
            name: address.name.clone(),
            place: address.place(),
            link: Link::new(LinkState::Starting, "", now),
            before_silence: None,
            vitals: Vitals::default(),
            member: None,
            stranger: None,
            snapshot: None,
        }
    }

    /// How it stands with it; since when stays as it is while the state does.
    pub fn say(&mut self, mut link: Link) {
        if link.is == self.link.is {
            link.since = self.link.since;
        }
        self.before_silence = None;
        self.link = link;
    }

    /// It is a box of the same cluster.
    pub fn is_with(&self, other: &Self) -> bool {
        let both = self.member.as_ref().zip(other.member.as_ref());
        both.is_some_and(|(one, other)| one.is_with(other) == Some(true))
    }

    fn leads(&self) -> bool {
        self.may_be_shown() && self.member.as_ref().is_some_and(Member::leads)
    }

    /// What is wrong with it beside the one that is shown.
    fn beside(&self, shown: &Self) -> Option<Stranger> {
        match (&shown.member, &self.member) {
            (Some(shown), Some(this)) => (shown.is_with(this) == Some(false)).then_some(Stranger::OtherCluster),
            (Some(_), None) => self.link.is_up().then_some(Stranger::NoCluster),
            (None, Some(_)) => shown.link.is_up().then_some(Stranger::OnlyCluster),
            (None, None) => None,
        }
    }

    /// In a cluster the look at the call centre names the box that leads; this one has a name of its own.
    pub fn name_instance(&mut self) {
        if let Some(member) = &self.member {
            self.vitals.instance.clone_from(&member.instance);
        }
    }

    /// It is late with an answer: it may still come, and nothing else is shown for that.
    fn may_be_shown(&self) -> bool {
        self.link.is_up() || (self.link.is == LinkState::Silent && self.snapshot.is_some())
    }
}

/// How one FreeSWITCH is, apart from its calls.
#[derive(Debug, Clone, Default)]
pub struct Vitals {
    /// What it says of itself.
    pub status: Option<Status>,
    /// Its call-centre module.
    pub module: Module,
    /// What the module calls this FreeSWITCH.
    pub instance: String,
    /// The module's own health.
    pub health: Option<Health>,
    /// The module is one that gives no snapshot.
    pub is_stock: bool,
}

impl Vitals {
    /// What a look at the call centre says of them.
    pub fn of(snapshot: &Snapshot, status: Option<Status>) -> Self {
        Self {
            status,
            module: snapshot.module.clone(),
            instance: snapshot.instance.clone(),
            health: snapshot.health.clone(),
            is_stock: snapshot.is_from_lists,
        }
    }
}

/// What FreeSWITCH says of itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    /// Its version.
    pub version: String,
    /// Since when it runs.
    pub uptime: Uptime,
    /// Its channels.
    pub sessions: Sessions,
    /// What is left of the machine.
    #[serde(rename = "idleCPU")]
    pub idle: Idle,
}

/// For how long it runs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Uptime {
    years: u64,
    days: u64,
    hours: u64,
    minutes: u64,
    seconds: u64,
}

impl Uptime {
    /// All of it.
    pub fn seconds(&self) -> u64 {
        (((self.years * 365 + self.days) * 24 + self.hours) * 60 + self.minutes) * 60 + self.seconds
    }
}

/// Its channels.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Sessions {
    /// How many there are.
    pub count: Count,
}

/// How many channels there are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Count {
    /// At the moment.
    pub active: u64,
    /// At most at once, since it runs.
    pub peak: u64,
    /// As many as it would take.
    pub limit: u64,
}

/// What is left of the machine, in percent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Idle {
    /// That much is idle.
    pub used: f64,
}

/// Whoever leads the cluster of this box; one that is late with an answer only where nobody else does.
fn leader_of(sites: &[Site], this: &Site) -> Option<usize> {
    let leads = |site: &Site| site.leads() && site.is_with(this);
    let answers = sites.iter().position(|site| leads(site) && site.link.is_up());
    answers.or_else(|| sites.iter().position(leads))
}

/// Which of them is to be shown: whoever leads the cluster that is shown, else the first that answers, or whoever leads its cluster. Where
/// none does, a box that waits for a leader of the cluster that is shown, else the one that is.
pub fn choose(sites: &[Site], shown: usize) -> usize {
    // A cluster is not left for a box before it in the list that is a call centre by itself.
    if let Some(leader) = leader_of(sites, &sites[shown]) {
        return leader;
    }
    // Nobody goes before one that was not tried yet: at the start it is a matter of chance who answers first.
    let counts = |site: &Site| site.may_be_shown() || site.link.is == LinkState::Starting;
    if let Some(first) = sites.iter().position(counts) {
        return leader_of(sites, &sites[first]).unwrap_or(first);
    }
    let waits = |site: &Site| site.link.is == LinkState::NoLeader;
    if waits(&sites[shown]) {
        return shown;
    }
    let of_it = |site: &Site| waits(site) && site.is_with(&sites[shown]);
    sites.iter().position(of_it).unwrap_or(shown)
}

/// Notes who is beside the one that is shown without being of it; those who were not before.
pub fn note_strangers(sites: &mut [Site], shown: usize) -> Vec<usize> {
    let seen = sites[shown].clone();
    let mut new = Vec::new();
    for (at, site) in sites.iter_mut().enumerate() {
        let stranger = if at == shown { None } else { site.beside(&seen) };
        if stranger != site.stranger {
            site.stranger = stranger;
            new.extend(stranger.map(|_| at));
        }
    }
    new
}

/// Boxes of the cluster that take part, and that the board has no connection to.
pub fn unheard(sites: &[Site], shown: usize) -> Vec<&KnownBox> {
    let known = sites[shown].member.iter().flat_map(|member| &member.boxes);
    let is_heard = |run: &str| {
        let mut heard = sites.iter().filter(|site| site.link.is_there());
        heard.any(|site| site.member.as_ref().is_some_and(|member| member.run == run))
    };
    known
        .filter(|known| known.standing == "here" && !is_heard(&known.run))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::tests::member;
    use crate::settings::OneBox;
    use crate::settings::Settings;

    fn sites(states: &[LinkState]) -> Vec<Site> {
        let settings = Settings {
            boxes: OneBox::list("one,two,three").expect("boxes"),
            ..Settings::default()
        };
        let addresses = settings.addresses();
        let sites = addresses.iter().zip(states).map(|(address, is)| {
            let mut site = Site::new(address, 0);
            site.say(Link::new(*is, "", 0));
            site
        });
        sites.collect()
    }

    #[test]
    fn the_first_that_answers_is_shown_and_nobody_else_for_a_moments_silence() {
        use LinkState::{Lists, Lost, NoModule, Silent, Starting, Up};
        assert_eq!(choose(&sites(&[Up, Up, Up]), 0), 0);
        assert_eq!(choose(&sites(&[Lost, Starting, Up]), 0), 1, "it is tried first");
        assert_eq!(choose(&sites(&[Lost, Lost, Up]), 0), 2);
        assert_eq!(choose(&sites(&[NoModule, Lists, Up]), 0), 1);
        assert_eq!(choose(&sites(&[Lost, Lost, Lost]), 1), 1);
        let mut silent = sites(&[Silent, Up, Up]);
        assert_eq!(choose(&silent, 0), 1);
        silent[0].snapshot = Some(Arc::default());
        assert_eq!(choose(&silent, 0), 0);
    }

    /// Boxes of a cluster: their runs and how they stand, each knowing all.
    fn cluster(boxes: &[(&str, &str, LinkState)]) -> Vec<Site> {
        let states: Vec<LinkState> = boxes.iter().map(|(_, _, is)| *is).collect();
        let runs: Vec<&str> = boxes.iter().map(|(run, _, _)| *run).collect();
        let mut sites = sites(&states);
        for (site, (run, standing, _)) in sites.iter_mut().zip(boxes) {
            site.member = Some(member(run, standing, &runs));
        }
        sites
    }

    #[test]
    fn whoever_leads_the_first_ones_cluster_is_shown() {
        use LinkState::{Lost, NoLeader, Silent, Up};
        let all = cluster(&[("1", "follows", Up), ("2", "follows", Up), ("3", "leads", Up)]);
        assert_eq!(choose(&all, 0), 2);
        // It has died, and nobody leads yet: those who are left say so.
        let elect = cluster(&[
            ("1", "alone", NoLeader),
            ("2", "reporting", NoLeader),
            ("3", "leads", Lost),
        ]);
        assert_eq!(choose(&elect, 2), 0);
        let mut first_is_alone = cluster(&[("1", "leads", Up), ("2", "leads", Up), ("3", "follows", Up)]);
        first_is_alone[0].member = None;
        assert_eq!(choose(&first_is_alone, 1), 1, "the cluster stays");
        let mut frozen = cluster(&[("1", "leads", Silent), ("2", "leads", Up), ("3", "follows", Up)]);
        frozen[0].snapshot = Some(Arc::default());
        assert_eq!(choose(&frozen, 0), 1, "another one leads by now");
        let mut other = cluster(&[("1", "follows", Up), ("2", "leads", Up), ("3", "follows", Up)]);
        other[1].member = Some(member("9", "leads", &["9"]));
        assert_eq!(choose(&other, 0), 0, "another cluster's leader is nobody's here");
        assert_eq!(note_strangers(&mut other, 0), [1]);
        assert_eq!(other[1].stranger, Some(Stranger::OtherCluster));
        assert!(note_strangers(&mut other, 0).is_empty(), "it is told once");
        other[1].member = None;
        assert_eq!(note_strangers(&mut other, 0), [1]);
        assert_eq!(other[1].stranger, Some(Stranger::NoCluster));
        assert_eq!(note_strangers(&mut other, 1), [0, 2]);
        assert_eq!(other[0].stranger, Some(Stranger::OnlyCluster));
    }

    #[test]
    fn boxes_that_the_board_was_not_given_are_known_by_the_others() {
        use LinkState::{Lost, Up};
        let mut all = cluster(&[("1", "leads", Up), ("2", "follows", Up), ("3", "follows", Lost)]);
        let unheard = |all: &[Site]| {
            unheard(all, 0)
                .iter()
                .map(|known| known.run.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(unheard(&all), ["3"]);
        all.pop();
        assert_eq!(unheard(&all), ["3"]);
        all[0].member.as_mut().expect("a member").boxes[2].standing = "given-up".to_owned();
        assert!(unheard(&all).is_empty());
    }

    #[test]
    fn what_freeswitch_says_of_itself_is_read() {
        let text = r#"{"systemStatus":"ready","uptime":{"years":0,"days":1,"hours":2,"minutes":3,"seconds":4,"milliseconds":5},"version":"1.11.1",
            "sessions":{"count":{"total":9,"active":2,"peak":7,"limit":3000},"rate":{"current":0}},"idleCPU":{"used":93.5,"allowed":100}}"#;
        let status: Status = serde_json::from_str(text).expect("a status");
        assert_eq!(status.uptime.seconds(), 93_784);
        assert_eq!((status.sessions.count.active, status.sessions.count.limit), (2, 3000));
        assert!((status.idle.used - 93.5).abs() < 0.01);
    }
}
