//! The command line and the environment. What they say goes before the configuration file.

use crate::settings::{OneBox, Settings, Wrong};
use clap::Parser;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Shows a call centre of FreeSWITCH live in browsers, and gives its figures to Prometheus.
///
/// One connection to FreeSWITCH's event socket, however many people watch. Without options: the FreeSWITCH of this machine, pages at
/// http://127.0.0.1:8090/, metrics at /metrics, health at /healthz.
#[derive(Parser, Debug, Default)]
#[command(
    name = "callcenter-board",
    version,
    after_help = "Each option is in the environment as well, for containers. The configuration file, conf/callcenter-board.toml, explains the rest: \
queues to show and their names, thresholds, targets, languages, masking, supervisors."
)]
pub struct Options {
    /// The configuration, a TOML file
    #[arg(long, short, value_name = "FILE", env = "CALLCENTER_BOARD_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where pages are served; 0.0.0.0:8090 opens them to other machines
    #[arg(long, value_name = "ADDRESS:PORT", env = "CALLCENTER_BOARD_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The machine that FreeSWITCH runs on; several with commas, each with a port where it is another one: the first that answers is shown
    #[arg(long, value_name = "NAME[:PORT][,...]", env = "CALLCENTER_BOARD_HOST")]
    pub host: Option<String>,
    /// The port of its event socket
    #[arg(long, value_name = "PORT", env = "CALLCENTER_BOARD_PORT")]
    pub port: Option<u16>,
    /// A user of FreeSWITCH's directory who may use the event socket, as in board@default
    #[arg(long, value_name = "NAME@DOMAIN", env = "CALLCENTER_BOARD_USER")]
    pub user: Option<String>,
    /// The event socket's password (an option would show it to everybody on this machine, so this is for the environment)
    #[arg(
        long,
        hide = true,
        value_name = "PASSWORD",
        env = "CALLCENTER_BOARD_PASSWORD",
        hide_env_values = true
    )]
    pub password: Option<String>,
    /// A file whose first line is that password
    #[arg(long, value_name = "FILE", env = "CALLCENTER_BOARD_PASSWORD_FILE")]
    pub password_file: Option<PathBuf>,
    /// A file with the tokens of supervisors, one a line: NAME TOKEN. Without it nobody can change anything
    #[arg(long, value_name = "FILE", env = "CALLCENTER_BOARD_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
    /// Language of the pages: auto (the browser's), en or de
    #[arg(long, value_name = "LANGUAGE", env = "CALLCENTER_BOARD_LANGUAGE")]
    pub language: Option<String>,
    /// Look at the configuration, say what is wrong with it, and do nothing else
    #[arg(long)]
    pub check: bool,
    /// Say more of what happens
    #[arg(long, short, env = "CALLCENTER_BOARD_VERBOSE")]
    pub verbose: bool,
}

impl Options {
    /// The settings that hold: those of the file, and over them what was said here.
    pub fn settings(&self) -> Result<Settings, Wrong> {
        let mut settings = match &self.config {
            Some(file) => Settings::read(file)?,
            None => Settings::default(),
        };
        let switch = &mut settings.freeswitch;
        replace(&mut settings.listen, self.listen.as_ref());
        replace(&mut switch.port, self.port.as_ref());
        replace(&mut switch.user, self.user.as_ref());
        if let Some(password) = &self.password {
            switch.password.clone_from(password);
            switch.password_file = None;
        }
        if self.password_file.is_some() {
            switch.password_file.clone_from(&self.password_file);
        }
        if self.token_file.is_some() {
            settings.supervisor.token_file.clone_from(&self.token_file);
        }
        match self.host.as_deref().map(OneBox::list).transpose()? {
            Some(boxes) if boxes.len() == 1 && boxes[0].port.is_none() => {
                settings.freeswitch.host.clone_from(&boxes[0].host);
                settings.boxes.clear();
            }
            Some(boxes) => settings.boxes = boxes,
            None => (),
        }
        if let Some(language) = &self.language {
            settings.language = language.parse()?;
        }
        settings.checked()
    }
}

fn replace<T: Clone>(place: &mut T, said: Option<&T>) {
    if let Some(said) = said {
        place.clone_from(said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_goes_before_the_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("board.toml");
        std::fs::write(&file, "[freeswitch]\nhost = \"pbx\"\nport = 9000\n").expect("the file");
        let said = [
            "callcenter-board",
            "--config",
            file.to_str().expect("a path"),
            "--port",
            "9001",
        ];
        let settings = Options::parse_from(said).settings().expect("settings");
        assert_eq!(settings.freeswitch.host, "pbx");
        assert_eq!(settings.freeswitch.port, 9001);
    }

    #[test]
    fn several_hosts_are_boxes_in_their_order() {
        let settings = Options::parse_from(["callcenter-board", "--host", "one,two:8022", "--port", "9000"]);
        let addresses = settings.settings().expect("settings").addresses();
        let places: Vec<String> = addresses.iter().map(crate::settings::Address::place).collect();
        assert_eq!(places, ["one:9000", "two:8022"]);
    }

    #[test]
    fn a_file_that_is_not_there_is_one_clear_line() {
        let said = ["callcenter-board", "--config", "/nonexistent/board.toml"];
        let wrong = Options::parse_from(said)
            .settings()
            .expect_err("no such file")
            .to_string();
        assert!(wrong.starts_with("cannot read /nonexistent/board.toml: "), "{wrong}");
        assert_eq!(wrong.lines().count(), 1);
    }
}
