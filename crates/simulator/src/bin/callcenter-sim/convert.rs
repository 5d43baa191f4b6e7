//! `--import-asterisk` and `--import-opensips`: another queue's configuration as callcenter.conf.xml.

use crate::{include, screen};
use callcenter_simulator::import::{self, Draft, Included};
use std::path::Path;

pub fn from_asterisk(queues: &Path) -> Result<(), String> {
    let file = |path: &Path, text: String| Included {
        name: path.display().to_string(),
        text,
    };
    let text = read(queues)?;
    // There are rules only where somebody made some.
    let rules_path = queues.with_file_name("queuerules.conf");
    let rules = read(&rules_path).ok().map(|text| file(&rules_path, text));
    print(&import::from_asterisk(
        &file(queues, text),
        rules.as_ref(),
        &include::files,
    ));
    Ok(())
}

pub fn from_opensips(flows: &Path, agents: &Path, script: Option<&Path>) -> Result<(), String> {
    let script = script.map(read).transpose()?;
    print(&import::from_opensips(&read(flows)?, &read(agents)?, script.as_deref()));
    Ok(())
}

pub fn read(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
    // Names in another encoding are shown as far as they can be.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn print(draft: &Draft) {
    for warning in &draft.warnings {
        screen::complain(warning);
    }
    screen::say(&draft.to_xml());
}
