//! `--event-socket`: the call centre behind an event socket, at the speed of life.

use crate::screen::complain;
use crate::Arguments;
use callcenter_simulator::event_socket::{Doors, Live};
use callcenter_simulator::Scenario;
use mod_callcenter::config::Configuration;
use std::path::Path;

/// Serves the event socket until the program is ended.
pub fn run(
    scenario: &Scenario,
    configuration: &Configuration,
    path: &Path,
    port: u16,
    arguments: &Arguments,
) -> Result<(), String> {
    let doors = Doors::open(port, &arguments.event_socket_password)
        .map_err(|error| format!("Port {port} cannot be listened on: {error}."))?;
    let address = doors.address();
    let live = Live::begin(scenario, configuration, arguments.seed, path)?;
    if scenario.has_hours() {
        complain(&format!(
            "Callers come from {} on, for {} hours: the scenario's day, each day again by the clock of this machine.",
            scenario.start.as_deref().unwrap_or("09:00"),
            scenario.length().micros() as f64 / 3.6e9
        ));
    }
    complain(&format!(
        "The call centre is up; its event socket is {address}. Ctrl-C ends it."
    ));
    live.run(doors, arguments.speed.unwrap_or(1.0))
}
