//! What an OpenSIPS script says of call_center: its `modparam` lines.

use std::collections::{BTreeMap, HashMap};

/// The parameters that name a column, and the name it has without them.
const COLUMNS: [(&str, &str); 21] = [
    ("cca_agentid_column", "agentid"),
    ("cca_location_column", "location"),
    ("cca_msrp_location_column", "msrp_location"),
    ("cca_msrp_max_sessions_column", "msrp_max_sessions"),
    ("cca_skills_column", "skills"),
    ("cca_logstate_column", "logstate"),
    ("cca_wrapuptime_column", "wrapup_time"),
    ("cca_wrapupend_column", "wrapup_end_time"),
    ("ccf_flowid_column", "flowid"),
    ("ccf_priority_column", "priority"),
    ("ccf_skill_column", "skill"),
    ("ccf_cid_column", "prependcid"),
    ("ccf_max_wrapup_column", "max_wrapup_time"),
    ("ccf_dissuading_hangup_column", "dissuading_hangup"),
    ("ccf_dissuading_onhold_th_column", "dissuading_onhold_th"),
    ("ccf_dissuading_ewt_th_column", "dissuading_ewt_th"),
    ("ccf_dissuading_qsize_th_column", "dissuading_qsize_th"),
    ("ccf_m_welcome_column", "message_welcome"),
    ("ccf_m_queue_column", "message_queue"),
    ("ccf_m_dissuading_column", "message_dissuading"),
    ("ccf_m_flow_id_column", "message_flow_id"),
];

/// The parameters of the module call_center.
#[derive(Debug, Default)]
pub(super) struct Script(HashMap<String, String>);

impl Script {
    /// Reads a script; the last of several lines about a parameter counts.
    pub fn read(text: &str) -> Self {
        Self(text.lines().filter_map(modparam).collect())
    }

    /// The value of a parameter.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Names and values of the parameters that are not the name of a column, by name.
    pub fn parameters(&self) -> BTreeMap<&str, &str> {
        let parameters = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        parameters
            .filter(|(name, _)| !COLUMNS.iter().any(|(column, _)| column == name))
            .collect()
    }

    /// The usual names of the columns that the script calls otherwise, by the names it gives them. Columns of agents begin with
    /// `cca_`, those of flows with `ccf_`.
    pub fn columns(&self, prefix: &str) -> HashMap<String, &'static str> {
        let named = COLUMNS.iter().filter(|(parameter, _)| parameter.starts_with(prefix));
        named
            .filter_map(|(parameter, usual)| Some((self.value(parameter)?.to_ascii_lowercase(), *usual)))
            .collect()
    }
}

/// `modparam("call_center", "name", value)`: name and value.
fn modparam(line: &str) -> Option<(String, String)> {
    let inside = line
        .trim_start()
        .strip_prefix("modparam")?
        .trim_start()
        .strip_prefix('(')?;
    let (module, rest) = quoted(inside)?;
    if module != "call_center" && module != "call_center.so" {
        return None;
    }
    let (name, rest) = quoted(rest.trim_start().strip_prefix(',')?)?;
    let rest = rest.trim_start().strip_prefix(',')?.trim_start();
    let value = match quoted(rest) {
        Some((value, _)) => value,
        None => rest.split([')', '#']).next()?.trim(),
    };
    Some((name.to_owned(), value.to_owned()))
}

/// What stands between the quotes that come next, and what comes behind them.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.trim_start().strip_prefix('"')?.split_once('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_about_the_call_centre_count() {
        let script = Script::read(
            "modparam(\"tm\", \"wrapup_time\", 1)\n# modparam(\"call_center\", \"wrapup_time\", 2)\n  modparam ( \"call_center\" , \"wrapup_time\", 45 )\n\
             modparam(\"call_center\", \"cca_agentid_column\", \"CID\")\nmodparam(\"call_center\", \"ccf_flowid_column\", \"id\") # flows\n\
             modparam(\"call_center\"\nmodparam(\nroute {",
        );
        assert_eq!(script.value("wrapup_time"), Some("45"));
        assert_eq!(script.columns("cca_"), HashMap::from([("cid".to_owned(), "agentid")]));
        assert_eq!(script.columns("ccf_"), HashMap::from([("id".to_owned(), "flowid")]));
    }
}
