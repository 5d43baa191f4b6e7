//! The FreeSWITCHes the board is connected to: how each one is, and which of them is shown.
//!
//! One is shown, and looked at closely: the first in the configuration's order that answers. The others are asked now and then how they
//! are, so that each stands ready to be shown, and none of them is counted.

use crate::settings::Address;
use crate::snapshot::{Health, Module, Snapshot};
use crate::views::{Link, LinkState};
use serde::Deserialize;
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
    /// The last look at its call centre, if it was ever shown.
    pub snapshot: Option<Arc<Snapshot>>,
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

/// Which of them is to be shown: the first that answers, else the one that is.
pub fn choose(sites: &[Site], shown: usize) -> usize {
    sites.iter().position(Site::may_be_shown).unwrap_or(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(choose(&sites(&[Lost, Starting, Up]), 0), 2);
        assert_eq!(choose(&sites(&[NoModule, Lists, Up]), 0), 1);
        assert_eq!(choose(&sites(&[Lost, Lost, Lost]), 1), 1);
        let mut silent = sites(&[Silent, Up, Up]);
        assert_eq!(choose(&silent, 0), 1);
        silent[0].snapshot = Some(Arc::default());
        assert_eq!(choose(&silent, 0), 0);
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
