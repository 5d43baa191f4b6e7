//! Extensions of the documents: applications, queues, commands and variables in them are known.

use crate::site::Site;
use callcenter_test_support::documents::Document;
use mod_callcenter::config::Element;

/// Applications of this module, and those of mod_dptools that the documents use.
const APPLICATIONS: [&str; 10] = [
    "answer",
    "bridge",
    "callcenter",
    "callcenter_track",
    "export",
    "hangup",
    "playback",
    "set",
    "sleep",
    "transfer",
];

/// What a test calls an agent's phone and its channel.
const CHANNEL: [(&str, &str); 2] = [("${caller_id_number}", "1001"), ("${uuid}", "c0ffee")];

/// Whether the reference has a variable of this name that the dialplan sets.
fn is_variable(name: &str) -> bool {
    let reference = Document::read("docs/admin/reference.md".into());
    let row = format!("| `{name}` | variable |");
    let known = reference.lines().any(|line| line.starts_with(&row));
    known
}

/// What is wrong with an extension, or with an action alone.
pub fn complaints_about(element: &Element) -> Vec<String> {
    let site = Site::new();
    actions_of(element)
        .into_iter()
        .filter_map(|action| complaint_about(action, &site))
        .collect()
}

fn actions_of(element: &Element) -> Vec<&Element> {
    let own = (element.name == "action").then_some(element);
    let below = element.children.iter().flat_map(actions_of);
    own.into_iter().chain(below).collect()
}

fn complaint_about(action: &Element, site: &Site) -> Option<String> {
    let application = action.attribute("application").unwrap_or_default();
    let data = action.attribute("data").unwrap_or_default();
    if !APPLICATIONS.contains(&application) {
        return Some(format!("no test knows the application {application}"));
    }
    match application {
        "callcenter" if !Site::has_queue(data) => Some(format!("there is no queue {data}")),
        "set" | "export" => complaint_about_variable(data, site),
        _ => None,
    }
}

fn complaint_about_variable(data: &str, site: &Site) -> Option<String> {
    let Some((name, value)) = data.split_once('=') else {
        return Some(format!("{data} sets nothing"));
    };
    if name.starts_with("cc_") && !is_variable(name) {
        return Some(format!("the reference has no variable {name}"));
    }
    let command = value.strip_prefix("${callcenter_config(")?.strip_suffix(")}")?;
    let command = CHANNEL.iter().fold(command.to_owned(), |command, (name, value)| {
        command.replace(name, value)
    });
    let reply = site.obey(&format!("callcenter_config {command}")).err()?;
    Some(format!("{command}: {reply}"))
}
