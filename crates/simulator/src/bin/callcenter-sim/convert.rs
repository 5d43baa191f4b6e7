//! `--import-asterisk` and `--import-opensips`: another queue's configuration as callcenter.conf.xml.

use crate::{include, screen};
use callcenter_simulator::import::{self, Draft, Included};
use std::path::Path;

pub fn from_asterisk(queues: &Path) -> Result<(), String> {
    // There are rules only where somebody made some.
    let rules_path = queues.with_file_name("queuerules.conf");
    let rules = file(&rules_path).ok();
    print(&import::from_asterisk(&file(queues)?, rules.as_ref(), &include::files)?);
    Ok(())
}

pub fn from_opensips(flows: &Path, agents: &Path, script: Option<&Path>) -> Result<(), String> {
    let script = script.map(file).transpose()?;
    print(&import::from_opensips(&file(flows)?, &file(agents)?, script.as_ref())?);
    Ok(())
}

fn file(path: &Path) -> Result<Included, String> {
    Ok(Included {
        name: path.display().to_string(),
        text: read(path)?,
    })
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
