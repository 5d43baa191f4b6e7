//! The configuration. `conf/callcenter-board.toml` explains every name; a test holds that file against what is here.

mod freeswitch;

pub use freeswitch::{Address, Freeswitch, OneBox};

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Why a configuration cannot be used, in one line.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// A file that cannot be read.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// A file that is not what it should be.
    #[error("{file}: {reason}")]
    Text {
        /// The file.
        file: String,
        /// Which line, and why.
        reason: String,
    },
    /// A value that is none.
    #[error("{0}")]
    Value(String),
}

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Where pages are served.
    pub listen: SocketAddr,
    /// Names under which browsers reach the board, beside its addresses.
    pub hosts: Vec<String>,
    /// What stands above the wall.
    pub title: String,
    /// Which language pages have.
    pub language: Language,
    /// Streams at once, over all pages.
    pub max_viewers: usize,
    /// Where the event socket is.
    pub freeswitch: Freeswitch,
    /// Several FreeSWITCHes in place of that one; the first that answers is shown.
    #[serde(rename = "box")]
    pub boxes: Vec<OneBox>,
    /// What of callers is shown.
    pub privacy: Privacy,
    /// Who may change something.
    pub supervisor: Supervisor,
    /// From when on something is amber and red, where a queue says nothing else.
    pub thresholds: Thresholds,
    /// What the percentage on a tile says.
    pub service_level: ServiceLevel,
    /// Whether queues that are not named below are shown.
    pub other_queues: OtherQueues,
    /// Queues by name, in the order of their tiles.
    #[serde(rename = "queue")]
    pub queues: Vec<Queue>,
    /// Agents by name.
    #[serde(rename = "agent")]
    pub agents: Vec<Agent>,
    /// What Prometheus gets.
    pub metrics: Metrics,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8090)),
            hosts: Vec::new(),
            title: String::new(),
            language: Language::Auto,
            max_viewers: 500,
            freeswitch: Freeswitch::default(),
            boxes: Vec::new(),
            privacy: Privacy::default(),
            supervisor: Supervisor::default(),
            thresholds: Thresholds::default(),
            service_level: ServiceLevel::All,
            other_queues: OtherQueues::Show,
            queues: Vec::new(),
            agents: Vec::new(),
            metrics: Metrics::default(),
        }
    }
}

/// Which language pages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// The browser's, English where it is none of ours.
    Auto,
    /// English.
    En,
    /// German.
    De,
}

impl FromStr for Language {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        match text {
            "auto" => Ok(Self::Auto),
            "en" => Ok(Self::En),
            "de" => Ok(Self::De),
            _ => Err(Wrong::Value(format!("language \"{text}\": there are auto, en and de"))),
        }
    }
}

/// What of callers is shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Privacy {
    /// Numbers are shown but for their middle.
    pub mask_numbers: bool,
    /// Callers' names are shown.
    pub show_names: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            mask_numbers: true,
            show_names: true,
        }
    }
}

/// Who may change something.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Supervisor {
    /// The file of the tokens.
    pub token_file: Option<PathBuf>,
    /// Reasons that are offered for a pause.
    pub pause_reasons: Vec<String>,
}

/// From when on something is amber, and from when on red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all(deserialize = "kebab-case"))]
pub struct Thresholds {
    /// Seconds of the longest wait.
    pub wait_amber: u32,
    /// Seconds of the longest wait.
    pub wait_red: u32,
    /// Callers who wait.
    pub waiting_amber: u32,
    /// Callers who wait.
    pub waiting_red: u32,
    /// Seconds of a talk.
    pub talk_amber: u32,
    /// Seconds of a talk.
    pub talk_red: u32,
    /// Seconds of a pause.
    pub pause_amber: u32,
    /// Seconds of a pause.
    pub pause_red: u32,
    /// The service level that is wanted, in percent.
    pub target: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            wait_amber: 30,
            wait_red: 90,
            waiting_amber: 4,
            waiting_red: 8,
            talk_amber: 600,
            talk_red: 1200,
            pause_amber: 1800,
            pause_red: 3600,
            target: 80,
        }
    }
}

/// What the percentage on a tile says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceLevel {
    /// Of all who are no longer waiting, those who were answered, or left, in time.
    All,
    /// Of the answered, those in time.
    Answered,
}

/// Whether queues that the configuration does not name are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OtherQueues {
    /// Behind those it names.
    Show,
    /// Not at all.
    Hide,
}

/// A queue of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Queue {
    /// As FreeSWITCH knows it.
    pub name: String,
    /// What pages call it; empty: what stands before the `@` of its name.
    pub title: String,
    /// It is not shown.
    pub hidden: bool,
    /// Thresholds of its own, each in place of the general one.
    pub target: Option<u32>,
    /// Seconds of the longest wait.
    pub wait_amber: Option<u32>,
    /// Seconds of the longest wait.
    pub wait_red: Option<u32>,
    /// Callers who wait.
    pub waiting_amber: Option<u32>,
    /// Callers who wait.
    pub waiting_red: Option<u32>,
    /// Seconds of a talk.
    pub talk_amber: Option<u32>,
    /// Seconds of a talk.
    pub talk_red: Option<u32>,
}

/// An agent of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Agent {
    /// As FreeSWITCH knows it.
    pub name: String,
    /// What pages call it.
    pub title: String,
    /// It is not shown.
    pub hidden: bool,
}

/// What Prometheus gets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Metrics {
    /// A series for each agent and state: 1,000 agents are 8,000 series.
    pub agents: bool,
}

impl Settings {
    /// The settings of a file.
    pub fn read(file: &Path) -> Result<Self, Wrong> {
        let text = read(file)?;
        toml::from_str(&text).map_err(|wrong| Wrong::Text {
            file: file.display().to_string(),
            reason: in_one_line(&text, &wrong),
        })
    }

    /// Looks for what cannot be meant.
    pub fn checked(self) -> Result<Self, Wrong> {
        let general = [(String::new(), self.thresholds)];
        let queues = self.queues.iter().map(|queue| {
            let whose = format!(" of the queue \"{}\"", queue.name);
            (whose, self.thresholds_of(&queue.name))
        });
        for (whose, limits) in general.into_iter().chain(queues) {
            let pairs = [
                ("wait", limits.wait_amber, limits.wait_red),
                ("waiting", limits.waiting_amber, limits.waiting_red),
                ("talk", limits.talk_amber, limits.talk_red),
                ("pause", limits.pause_amber, limits.pause_red),
            ];
            if let Some((what, amber, red)) = pairs.into_iter().find(|(_, amber, red)| amber > red) {
                let text = format!("{what}-amber{whose} is {amber}, {what}-red is {red}: amber comes before red");
                return Err(Wrong::Value(text));
            }
            if limits.target > 100 {
                return Err(Wrong::Value(format!(
                    "target{whose} is {}: at most 100 percent",
                    limits.target
                )));
            }
        }
        if self.queues.iter().any(|queue| queue.name.is_empty()) {
            return Err(Wrong::Value("a [[queue]] without a name".to_owned()));
        }
        let addresses = self.addresses();
        for address in &addresses {
            address.check()?;
        }
        if let Some(twice) =
            (1..addresses.len()).find(|at| addresses[..*at].iter().any(|one| one.name == addresses[*at].name))
        {
            let name = &addresses[twice].name;
            return Err(Wrong::Value(format!("there are two boxes \"{name}\": give them names")));
        }
        Ok(self)
    }

    /// The FreeSWITCHes there are, in the order in which they are shown.
    pub fn addresses(&self) -> Vec<Address> {
        if self.boxes.is_empty() {
            return vec![Address::of(&self.freeswitch)];
        }
        self.boxes.iter().map(|one| one.address(&self.freeswitch)).collect()
    }

    /// What the configuration says of a queue.
    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.name == name)
    }

    /// Whether a queue is shown.
    pub fn shows_queue(&self, name: &str) -> bool {
        match self.queue(name) {
            Some(queue) => !queue.hidden,
            None => self.other_queues == OtherQueues::Show,
        }
    }

    /// Whether an agent is shown.
    pub fn shows_agent(&self, name: &str) -> bool {
        !self.agents.iter().any(|agent| agent.name == name && agent.hidden)
    }

    /// What pages call a queue.
    pub fn queue_title(&self, name: &str) -> String {
        let given = self.queue(name).map(|queue| queue.title.as_str());
        title_or_name(given, name)
    }

    /// What pages call an agent.
    pub fn agent_title(&self, name: &str) -> String {
        let given = self.agents.iter().find(|agent| agent.name == name);
        title_or_name(given.map(|agent| agent.title.as_str()), name)
    }

    /// Where a queue's tile stands: as in the configuration, then by name.
    pub fn place_of(&self, name: &str) -> usize {
        let place = self.queues.iter().position(|queue| queue.name == name);
        place.unwrap_or(usize::MAX)
    }

    /// The thresholds that hold for a queue.
    pub fn thresholds_of(&self, name: &str) -> Thresholds {
        let mut limits = self.thresholds;
        if let Some(queue) = self.queue(name) {
            let own = [
                (&mut limits.target, queue.target),
                (&mut limits.wait_amber, queue.wait_amber),
                (&mut limits.wait_red, queue.wait_red),
                (&mut limits.waiting_amber, queue.waiting_amber),
                (&mut limits.waiting_red, queue.waiting_red),
                (&mut limits.talk_amber, queue.talk_amber),
                (&mut limits.talk_red, queue.talk_red),
            ];
            for (limit, own) in own {
                *limit = own.unwrap_or(*limit);
            }
        }
        limits
    }
}

fn title_or_name(title: Option<&str>, name: &str) -> String {
    match title {
        Some(title) if !title.is_empty() => title.to_owned(),
        _ => name.split('@').next().unwrap_or(name).to_owned(),
    }
}

fn read(file: &Path) -> Result<String, Wrong> {
    std::fs::read_to_string(file).map_err(|reason| Wrong::Unreadable {
        file: file.display().to_string(),
        reason,
    })
}

/// Where and why, in one line: toml's own text draws the place in several.
fn in_one_line(text: &str, wrong: &toml::de::Error) -> String {
    let why = wrong.message().lines().collect::<Vec<_>>().join(" ");
    match wrong.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {why}", before.matches('\n').count() + 1),
        None => why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("board.toml");
        std::fs::write(&file, text).expect("the file");
        let wrong = Settings::read(&file).and_then(Settings::checked).expect_err("wrong");
        let text = wrong.to_string();
        assert_eq!(text.lines().count(), 1, "{text}");
        text
    }

    #[test]
    fn an_unknown_name_is_told_with_its_line_and_those_there_are() {
        let text = wrong("title = \"x\"\n\n[privacy]\nmask-number = true\n");
        assert!(
            text.contains("line 4: unknown field `mask-number`, expected `mask-numbers`"),
            "{text}"
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert!(wrong("[thresholds]\nwait-amber = 99\nwait-red = 90\n").contains("amber comes before red"));
        assert!(wrong("[[queue]]\nname = \"a\"\ntarget = 101\n").contains("target of the queue \"a\" is 101"));
        assert!(wrong("language = \"fr\"\n").contains("line 1: unknown variant `fr`"));
        assert!(wrong("[freeswitch]\nuser = \"board\"\n").contains("NAME@DOMAIN"));
        assert!(wrong("[[queue]]\ntitle = \"a\"\n").contains("without a name"));
        assert!(wrong("[[box]]\nhost = \"a\"\n[[box]]\nhost = \"a\"\n").contains("two boxes \"a\""));
        assert!(wrong("[[box]]\nname = \"a\"\n").contains("has no host"));
    }

    #[test]
    fn a_queue_has_its_own_thresholds_and_the_general_ones_for_the_rest() {
        let text = "[thresholds]\nwait-amber = 5\nwait-red = 60\n[[queue]]\nname = \"a@b\"\nwait-red = 40\n";
        let settings: Settings = toml::from_str(text).expect("settings");
        let limits = settings.thresholds_of("a@b");
        assert_eq!((limits.wait_amber, limits.wait_red), (5, 40));
        assert_eq!(settings.thresholds_of("c").wait_red, 60);
        assert_eq!(settings.queue_title("a@b"), "a");
    }

    /// Each name that is commented out in the sample can be put in as it stands there.
    #[test]
    fn the_sample_explains_every_name_and_says_the_defaults() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conf/callcenter-board.toml");
        let text = std::fs::read_to_string(file).expect("the sample");
        let is_name = |line: &&str| {
            line.starts_with("#[") || line.starts_with('#') && line.contains(" = ") && !line.starts_with("# ")
        };
        let put_in = text.lines().filter(is_name).map(|line| format!("{}\n", &line[1..]));
        let put_in: String = put_in.collect();
        toml::from_str::<Settings>(&put_in).expect("each name as it stands in the sample");
        toml::from_str::<Settings>(&text).expect("the sample itself");
        let sources = [include_str!("settings.rs"), include_str!("settings/freeswitch.rs")];
        let names = sources
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.trim().strip_prefix("pub "));
        let names = names
            .filter_map(|line| line.split_once(": "))
            .map(|(name, _)| name.replace('_', "-"));
        let names: Vec<String> = names
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'))
            .collect();
        assert!(names.len() > 30, "{names:?}");
        let sections = [
            "freeswitch",
            "privacy",
            "supervisor",
            "thresholds",
            "metrics",
            "queues",
            "agents",
            "boxes",
        ];
        let is_missing = |name: &&String| !sections.contains(&name.as_str()) && !put_in.contains(&format!("{name} = "));
        // The switch of the metrics has the name of a section.
        assert!(put_in.contains("agents = "));
        let missing: Vec<&String> = names.iter().filter(is_missing).collect();
        assert!(missing.is_empty(), "not in the sample: {missing:?}");
    }
}
