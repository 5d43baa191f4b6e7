//! Each FreeSWITCH and how it is.

use super::{put, Centre};
use crate::boxes::Site;
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
}

pub(super) fn cells(items: &mut Items, centre: &Centre) {
    for (place, site) in centre.sites.iter().enumerate() {
        let mut cell = cell(site);
        cell.place = place;
        cell.is_shown = place == centre.shown;
        put(items, &format!("b:{place}"), cell);
    }
}

/// A minute more or less is not worth telling everybody each time.
const UPTIME_STEP_SECONDS: u64 = 60;

fn cell(site: &Site) -> Cell<'_> {
    let vitals = &site.vitals;
    let status = vitals.status.as_ref();
    let health = vitals.health.as_ref();
    let journal = health.map(|health| &health.journal);
    let uptime = status.map(|status| status.uptime.seconds() / UPTIME_STEP_SECONDS * UPTIME_STEP_SECONDS);
    Cell {
        name: &site.name,
        at: &site.place,
        place: 0,
        is_shown: false,
        link: &site.link,
        instance: &vitals.instance,
        module: &vitals.module.version,
        is_stock: vitals.is_stock,
        counts_since: vitals.module.loaded_at,
        version: status.map(|status| status.version.split_whitespace().collect::<Vec<_>>().join(" ")),
        uptime_ms: uptime.map(|seconds| seconds * 1000),
        channels: status.map(|status| status.sessions.count.active),
        most_channels: status.map(|status| status.sessions.count.peak),
        idle: status.map(|status| percent(status.idle.used)),
        unsaved: journal.map(|journal| journal.unsaved),
        lag_ms: journal.map(|journal| journal.lag_ms),
        trouble: journal.and_then(|journal| journal.trouble.as_deref()),
        watchdog: health.map(|health| health.watchdog.values().sum()),
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
