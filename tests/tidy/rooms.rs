//! A room takes nothing from a room that stands on it.

use crate::calls::calls_between_files;
use crate::imports::files_and_arrows;
use std::path::Path;

/// The rooms below `src` from the ground upwards: each may use those that are named before it.
const ROOMS: &[&str] = &[
    "engine/marks",
    "engine/vocabulary",
    "engine/rows",
    "engine/configuration",
    "engine/border",
    "engine/centre",
    "engine/telling",
    "engine/staffing",
    "engine/waiting",
    "engine/tiers",
    "engine/agents",
    "engine/offers",
    "engine/queues",
    "engine/database",
    "engine/matching",
    "engine/watchdog",
    "engine/looking",
    "engine/reload",
    "engine/audit",
    "engine/settle",
    "engine/doors",
    "config",
    "store",
    "switch",
    "cluster",
    "driver",
    "commands",
    "clustered",
    "freeswitch",
];

/// Files with nothing but signposts: they stand in no room.
const SIGNPOSTS: &[&str] = &["lib.rs", "engine/mod.rs"];

/// On which floor a file stands.
fn floor_of(file: &Path) -> Option<usize> {
    let is_in = |room: &&str| file.starts_with(room) || file == Path::new(room).with_extension("rs");
    let rooms = ROOMS.iter().enumerate().filter(|(_, room)| is_in(room));
    let (floor, _) = rooms.max_by_key(|(_, room)| room.len())?;
    Some(floor)
}

#[test]
fn no_import_climbs() {
    let (_, arrows) = files_and_arrows();
    let climbing = arrows.iter().filter_map(|arrow| {
        let (from, to) = (floor_of(&arrow.from)?, floor_of(&arrow.to)?);
        (to > from).then(|| format!("{arrow}: {} stands on {}", ROOMS[to], ROOMS[from]))
    });
    let climbing: Vec<String> = climbing.collect();
    assert!(arrows.len() > 500, "only {} imports are seen", arrows.len());
    assert!(climbing.is_empty(), "imports that climb: {climbing:#?}");
}

#[test]
fn no_call_climbs() {
    let calls = calls_between_files();
    let climbing = calls.iter().filter_map(|(arrow, method)| {
        let (from, to) = (floor_of(&arrow.from)?, floor_of(&arrow.to)?);
        (to > from).then(|| format!("{arrow}: {method}, and {} stands on {}", ROOMS[to], ROOMS[from]))
    });
    let climbing: Vec<String> = climbing.collect();
    assert!(calls.len() > 300, "only {} calls are seen", calls.len());
    assert!(climbing.is_empty(), "calls that climb: {climbing:#?}");
}

#[test]
fn every_file_stands_in_a_room_and_every_room_has_a_file() {
    let (files, _) = files_and_arrows();
    let is_homeless = |file: &&std::path::PathBuf| {
        floor_of(file).is_none() && !SIGNPOSTS.iter().any(|name| Path::new(name) == file.as_path())
    };
    let homeless: Vec<_> = files.iter().filter(is_homeless).collect();
    assert!(homeless.is_empty(), "in no room of ROOMS: {homeless:#?}");
    let is_empty = |floor: usize| !files.iter().any(|file| floor_of(file) == Some(floor));
    let empty: Vec<&str> = (0..ROOMS.len())
        .filter(|floor| is_empty(*floor))
        .map(|floor| ROOMS[floor])
        .collect();
    assert!(empty.is_empty(), "no file stands in {empty:?}");
}
