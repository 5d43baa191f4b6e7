//! A `callcenter.conf.xml`, for a private FreeSWITCH and for the simulator.

use std::fmt::Write;

/// Builds a `callcenter.conf.xml`.
#[derive(Debug, Clone, Default)]
pub struct CallCenter {
    settings: String,
    queues: String,
    agents: String,
    tiers: String,
}

impl CallCenter {
    /// Nothing in it yet.
    pub fn new() -> CallCenter {
        CallCenter::default()
    }

    /// Adds a setting.
    pub fn setting(mut self, name: &str, value: &str) -> CallCenter {
        let _ = writeln!(self.settings, r#"    <param name="{name}" value="{value}"/>"#);
        self
    }

    /// Adds a queue with the parameters given; hold music is a tone unless given.
    pub fn queue(mut self, name: &str, params: &[(&str, &str)]) -> CallCenter {
        let _ = writeln!(self.queues, r#"    <queue name="{name}">"#);
        if !params.iter().any(|(key, _)| *key == "moh-sound") {
            let tone = "tone_stream://%(200,100,440);loops=-1";
            let _ = writeln!(self.queues, r#"      <param name="moh-sound" value="{tone}"/>"#);
        }
        for (key, value) in params {
            let _ = writeln!(self.queues, r#"      <param name="{key}" value="{value}"/>"#);
        }
        self.queues.push_str("    </queue>\n");
        self
    }

    /// Adds an available callback agent with this contact and the attributes given.
    pub fn agent(mut self, name: &str, contact: &str, attributes: &[(&str, &str)]) -> CallCenter {
        let _ = write!(self.agents, r#"    <agent name="{name}" contact="{contact}""#);
        for (key, default) in [("type", "callback"), ("status", "Available")] {
            if !attributes.iter().any(|(given, _)| *given == key) {
                let _ = write!(self.agents, r#" {key}="{default}""#);
            }
        }
        for (key, value) in attributes {
            let _ = write!(self.agents, r#" {key}="{value}""#);
        }
        self.agents.push_str("/>\n");
        self
    }

    /// Adds a tier.
    pub fn tier(mut self, queue: &str, agent: &str, level: u32, position: u32) -> CallCenter {
        let _ = writeln!(
            self.tiers,
            r#"    <tier queue="{queue}" agent="{agent}" level="{level}" position="{position}"/>"#
        );
        self
    }

    /// The whole file.
    pub fn xml(&self) -> String {
        let CallCenter {
            settings,
            queues,
            agents,
            tiers,
        } = self;
        format!(
            "<configuration name=\"callcenter.conf\" description=\"CallCenter\">\n  <settings>\n{settings}  </settings>\n  \
             <queues>\n{queues}  </queues>\n  <agents>\n{agents}  </agents>\n  <tiers>\n{tiers}  </tiers>\n\
             </configuration>\n"
        )
    }
}
