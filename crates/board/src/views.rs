//! What pages show of what is known. Times go out as instants: how long something lasts is counted in the browser, so nothing has to be
//! said while nothing happens.

mod agents;
mod boxes;
mod queues;

use crate::boxes::Site;
use crate::hub::Items;
use crate::masking::mask;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use serde::Serialize;
use serde_json::{json, Value};
use std::sync::Arc;

pub use queues::service_level;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Page {
    /// A tile for each queue.
    Wall,
    /// All agents.
    Floor,
    /// One queue.
    Queue(String),
    /// Queues, agents and callers, for whoever may change something.
    Supervisor,
    /// Each FreeSWITCH and how it is.
    Boxes,
}

/// How it stands with FreeSWITCH.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// Nothing has been tried yet.
    Starting,
    /// All is well.
    Up,
    /// A module that gives no snapshot: what lists tell is shown.
    Lists,
    /// A FreeSWITCH without the module.
    NoModule,
    /// A box of a cluster that nobody leads at the moment, as far as it knows.
    NoLeader,
    /// It does not answer at the moment.
    Silent,
    /// There is no connection.
    Lost,
}

/// How it stands with FreeSWITCH, since when, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    /// How.
    pub is: LinkState,
    /// Since when.
    pub since: i64,
    /// Why, for whoever has to mend it.
    pub why: String,
}

impl Link {
    /// It is so from now on.
    pub fn new(is: LinkState, why: &str, now: i64) -> Self {
        Self {
            is,
            since: now,
            why: why.to_owned(),
        }
    }

    /// There is a connection, whatever is said on it.
    pub fn is_there(&self) -> bool {
        !matches!(self.is, LinkState::Starting | LinkState::Lost)
    }

    /// What is shown is what is.
    pub fn is_up(&self) -> bool {
        matches!(self.is, LinkState::Up | LinkState::Lists)
    }
}

/// Everything that is known.
#[derive(Debug, Clone)]
pub struct Centre {
    /// What is configured.
    pub settings: Arc<Settings>,
    /// The FreeSWITCHes there are.
    pub sites: Vec<Site>,
    /// Which of them is shown.
    pub shown: usize,
    /// How often supervisors did something.
    pub deeds: u64,
}

impl Centre {
    /// Nothing is known yet.
    pub fn new(settings: Arc<Settings>, now: i64) -> Self {
        let addresses = settings.addresses();
        Self {
            settings,
            sites: addresses.iter().map(|address| Site::new(address, now)).collect(),
            shown: 0,
            deeds: 0,
        }
    }

    /// The one that is shown.
    pub fn site(&self) -> &Site {
        &self.sites[self.shown]
    }

    /// The last look at it.
    pub fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        self.site().snapshot.as_ref()
    }

    /// How it stands with it.
    pub fn link(&self) -> &Link {
        &self.site().link
    }

    /// The one that is shown is a box of a cluster: what is shown is about all of them.
    pub fn is_cluster(&self) -> bool {
        self.site().member.is_some()
    }
}

/// What a page shows.
pub fn items(centre: &Centre, page: &Page) -> Items {
    let mut items = Items::new();
    put(&mut items, "board", board(centre, page));
    if *page == Page::Boxes {
        boxes::cells(&mut items, centre);
    }
    let Some(snapshot) = centre.snapshot() else {
        return items;
    };
    let settings = &centre.settings;
    match page {
        Page::Wall => queues::tiles(&mut items, settings, snapshot),
        Page::Floor => {
            queues::names(&mut items, settings, snapshot);
            agents::cells(&mut items, settings, snapshot, None);
        }
        Page::Queue(name) => {
            queues::one(&mut items, settings, snapshot, name);
            agents::cells(&mut items, settings, snapshot, Some(name));
        }
        Page::Supervisor => {
            queues::tiles(&mut items, settings, snapshot);
            queues::all_members(&mut items, settings, snapshot);
            agents::cells(&mut items, settings, snapshot, None);
        }
        Page::Boxes => (),
    }
    items
}

/// What every page has.
fn board(centre: &Centre, page: &Page) -> Value {
    let snapshot = centre.snapshot().map(AsRef::as_ref);
    let today = snapshot.map(|snapshot| &snapshot.today);
    let begins_late = today.and_then(|today| today.counted_since_at.filter(|since| Some(*since) > today.since_at));
    json!({
        "title": centre.settings.title,
        "link": centre.link(),
        "boxes": centre.sites.len(),
        "box": (centre.sites.len() > 1).then_some(&centre.site().name),
        "cluster": boxes::turnout(centre),
        "instance": snapshot.map(|snapshot| snapshot.instance.clone()),
        "thresholds": centre.settings.thresholds,
        "level_seconds": snapshot.map(|snapshot| snapshot.service_level_seconds),
        "offset": today.map(|today| today.utc_offset_seconds),
        "counted_since": begins_late,
        "deeds": (*page == Page::Supervisor).then_some(centre.deeds),
    })
}

/// Puts something that is made of names and values.
fn put(items: &mut Items, name: &str, item: impl Serialize) {
    if let Ok(Value::Object(item)) = serde_json::to_value(item) {
        items.insert(name.to_owned(), Arc::new(item));
    }
}

/// A caller, as far as a wall may show it.
#[derive(Debug, Clone, Serialize)]
struct Caller {
    name: String,
    number: String,
}

fn caller(settings: &Settings, name: &str, number: &str) -> Caller {
    let privacy = &settings.privacy;
    let shown = |number: &str| {
        if privacy.mask_numbers {
            mask(number)
        } else {
            number.to_owned()
        }
    };
    // Many phones send their number as their name.
    let is_number = name == number || name.chars().filter(char::is_ascii_digit).count() > 4;
    let name = match (privacy.show_names, is_number) {
        (true, false) => name.to_owned(),
        _ => String::new(),
    };
    Caller {
        name,
        number: shown(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_comes_as_a_name_is_no_way_around_the_mask() {
        let settings = Settings::default();
        let caller = caller(&settings, "0301234567", "0301234567");
        assert_eq!((caller.name.as_str(), caller.number.as_str()), ("", "030•••••67"));
        let caller = super::caller(&settings, "+49 30 1234567", "0301234567");
        assert_eq!(caller.name, "");
        let caller = super::caller(&settings, "Ada 2", "0301234567");
        assert_eq!(caller.name, "Ada 2");
    }
}
