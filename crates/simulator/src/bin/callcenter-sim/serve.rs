//! `--event-socket`: the day behind an event socket, at the speed of life.

use crate::screen::complain;
use crate::Arguments;
use callcenter_simulator::event_socket::{Doors, Live};
use callcenter_simulator::Plan;
use std::path::Path;

/// Serves the event socket until the program is ended.
pub fn run(plan: Plan, config: &Path, port: u16, arguments: &Arguments) -> Result<(), String> {
    let doors = Doors::open(port, &arguments.event_socket_password)
        .map_err(|error| format!("Port {port} cannot be listened on: {error}."))?;
    let address = doors.address();
    let live = Live::begin(plan, config)?;
    complain(&format!(
        "The call centre is up; its event socket is {address}. Ctrl-C ends it."
    ));
    live.run(doors, arguments.speed.unwrap_or(1.0))
}
