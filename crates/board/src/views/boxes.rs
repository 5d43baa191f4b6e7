//! Each FreeSWITCH and how it is.

use super::{put, Centre};
use crate::boxes::{self, Site, Stranger};
use crate::cluster::{KnownBox, Member};
use crate::hub::Items;
use crate::views::Link;
use serde::Serialize;

#[derive(Serialize)]
struct Cell<'a> {
    name: &'a str,
    at: &'a str,
    place: usize,
    is_shown: bool,
    link: &'a Link,
    instance: &'a str,
    module: &'a str,
    is_stock: bool,
    counts_since: Option<i64>,
    version: Option<String>,
    uptime_ms: Option<u64>,
    channels: Option<u64>,
    most_channels: Option<u64>,
    idle: Option<u64>,
    unsaved: Option<u64>,
    lag_ms: Option<u64>,
    trouble: Option<&'a str>,
    watchdog: Option<u64>,
    stranger: Option<Stranger>,
    standing: Option<&'a str>,
    standing_since: Option<i64>,
    callers: Option<u64>,
}

/// A box of the cluster that the board was not given, or has no connection to.
#[derive(Serialize)]
struct Unheard<'a> {
    instance: &'a str,
    leads: bool,
}

/// How many boxes of the cluster take part, and of how many.
#[derive(Serialize)]
pub(super) struct Turnout {
    up: usize,
    of: usize,
}

/// None where the one that is shown is in no cluster.
pub(super) fn turnout(centre: &Centre) -> Option<Turnout> {
    if !centre.is_cluster() {
        return None;
    }
    let ours = centre.sites.iter().filter(|site| site.stranger.is_none());
    let lacking = ours.clone().filter(|site| !site.link.is_up()).count();
    // Those that were not given are in the cluster beside those that were.
    let given = |known: &&KnownBox| ours.clone().all(|site| site.vitals.instance != known.instance);
    let others = boxes::unheard(&centre.sites, centre.shown)
        .into_iter()
        .filter(given)
        .count();
    let of = ours.clone().count() + others;
    Some(Turnout { up: of - lacking, of })
}

pub(super) fn cells(items: &mut Items, centre: &Centre) {
    for (place, site) in centre.sites.iter().enumerate() {
        let mut cell = cell(site);
        cell.place = place;
        cell.is_shown = place == centre.shown;
        put(items, &format!("b:{place}"), cell);
    }
    let listed = |known: &&KnownBox| centre.sites.iter().all(|site| site.vitals.instance != known.instance);
    for known in boxes::unheard(&centre.sites, centre.shown).into_iter().filter(listed) {
        let unheard = Unheard {
            instance: &known.instance,
            leads: known.leads,
        };
        put(items, &format!("u:{}", known.instance), unheard);
    }
}

/// A minute more or less is not worth telling everybody each time.
const UPTIME_STEP_SECONDS: u64 = 60;

fn cell(site: &Site) -> Cell<'_> {
    let vitals = &site.vitals;
    let status = vitals.status.as_ref();
    let health = vitals.health.as_ref();
    // In a cluster whoever leads counts, and finds what is lost.
    let counts = site.member.as_ref().is_none_or(Member::leads);
    let member = site.member.as_ref().filter(|_| site.link.is_there());
    let journal = member
        .map(|member| &member.journal)
        .or(health.map(|health| &health.journal));
    let uptime = status.map(|status| status.uptime.seconds() / UPTIME_STEP_SECONDS * UPTIME_STEP_SECONDS);
    Cell {
        name: &site.name,
        at: &site.place,
        place: 0,
        is_shown: false,
        link: &site.link,
        instance: &vitals.instance,
        module: member.map_or(vitals.module.version.as_str(), |member| &member.version),
        is_stock: vitals.is_stock,
        counts_since: vitals.module.loaded_at.filter(|_| counts),
        version: status.map(|status| status.version.split_whitespace().collect::<Vec<_>>().join(" ")),
        uptime_ms: uptime.map(|seconds| seconds * 1000),
        channels: status.map(|status| status.sessions.count.active),
        most_channels: status.map(|status| status.sessions.count.peak),
        idle: status.map(|status| percent(status.idle.used)),
        unsaved: journal.map(|journal| journal.unsaved),
        lag_ms: journal.map(|journal| journal.lag_ms),
        trouble: journal.and_then(|journal| journal.trouble.as_deref()),
        watchdog: health.filter(|_| counts).map(|health| health.watchdog.values().sum()),
        stranger: site.stranger,
        standing: member.map(|member| member.standing.as_str()),
        standing_since: member.map(|member| member.since_at),
        callers: member.map(|member| member.callers),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is brought between 0 and 100 first"
)]
fn percent(of: f64) -> u64 {
    of.clamp(0.0, 100.0).round() as u64
}
