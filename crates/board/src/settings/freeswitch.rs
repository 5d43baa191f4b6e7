//! Where the event sockets of one or more FreeSWITCHes are.

use super::{read, Wrong};
use serde::Deserialize;
use std::path::PathBuf;

/// Where the event socket is.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Freeswitch {
    /// The machine.
    pub host: String,
    /// The port.
    pub port: u16,
    /// A user of the directory; empty: the socket's own password.
    pub user: String,
    /// The password.
    pub password: String,
    /// A file whose first line is the password.
    pub password_file: Option<PathBuf>,
}

impl Default for Freeswitch {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8021,
            user: String::new(),
            // What FreeSWITCH's sample configuration has.
            password: "ClueCon".to_owned(),
            password_file: None,
        }
    }
}

/// One FreeSWITCH of several. What it does not say is as in `[freeswitch]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct OneBox {
    /// What pages call it; empty: its host.
    pub name: String,
    /// The machine.
    pub host: String,
    /// The port.
    pub port: Option<u16>,
    /// A user of the directory.
    pub user: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// A file whose first line is the password.
    pub password_file: Option<PathBuf>,
}

impl OneBox {
    /// Where it is, with what is said for all.
    pub(super) fn address(&self, all: &Freeswitch) -> Address {
        let has_password = self.password.is_some() || self.password_file.is_some();
        Address {
            name: if self.name.is_empty() {
                self.host.clone()
            } else {
                self.name.clone()
            },
            at: Freeswitch {
                host: self.host.clone(),
                port: self.port.unwrap_or(all.port),
                user: self.user.clone().unwrap_or_else(|| all.user.clone()),
                password: self.password.clone().unwrap_or_else(|| all.password.clone()),
                password_file: if has_password {
                    self.password_file.clone()
                } else {
                    all.password_file.clone()
                },
            },
        }
    }

    /// Boxes of one line, as in `pbx1,pbx2:8022`.
    pub fn list(text: &str) -> Result<Vec<Self>, Wrong> {
        text.split(',').map(|one| Self::parse(one.trim())).collect()
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        // An IPv6 address has colons of its own: with a port it stands in brackets.
        let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None if text.matches(':').count() == 1 => text
                .split_once(':')
                .map_or((text, None), |(host, port)| (host, Some(port))),
            None => (text, None),
        };
        let port = port.map(str::parse).transpose();
        let port =
            port.map_err(|_| Wrong::Value(format!("host \"{text}\": NAME or NAME:PORT, several with commas")))?;
        Ok(Self {
            name: text.to_owned(),
            host: host.to_owned(),
            port,
            ..Self::default()
        })
    }
}

/// A FreeSWITCH to connect to.
#[derive(Debug, Clone)]
pub struct Address {
    /// What pages call it.
    pub name: String,
    /// Where it is, and how one gets in.
    pub(crate) at: Freeswitch,
}

impl Address {
    /// The only one there is.
    pub(super) fn of(only: &Freeswitch) -> Self {
        Self {
            name: only.host.clone(),
            at: only.clone(),
        }
    }

    /// Host and port.
    pub fn place(&self) -> String {
        format!("{}:{}", self.at.host, self.at.port)
    }

    /// The password that holds now: its file is read each time, so that it can be changed while the board runs.
    pub fn secret(&self) -> Result<String, Wrong> {
        let Some(file) = &self.at.password_file else {
            return Ok(self.at.password.clone());
        };
        let text = read(file)?;
        Ok(text.lines().next().unwrap_or_default().trim().to_owned())
    }

    /// Looks for what cannot be meant.
    pub(super) fn check(&self) -> Result<(), Wrong> {
        let user = &self.at.user;
        if self.at.host.is_empty() {
            return Err(Wrong::Value(format!("the box \"{}\" has no host", self.name)));
        }
        if !user.is_empty() && !user.contains('@') {
            return Err(Wrong::Value(format!("user \"{user}\" has no domain: NAME@DOMAIN")));
        }
        self.secret().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_one_line_and_what_is_said_for_all() {
        let all = Freeswitch {
            port: 9000,
            password: "secret".to_owned(),
            ..Freeswitch::default()
        };
        let boxes = OneBox::list("pbx1, pbx2:8022,[::1]:8023,::1").expect("boxes");
        let places: Vec<String> = boxes.iter().map(|one| one.address(&all).place()).collect();
        assert_eq!(places, ["pbx1:9000", "pbx2:8022", "::1:8023", "::1:9000"]);
        assert_eq!(boxes[1].address(&all).secret().expect("a password"), "secret");
        assert!(OneBox::list("pbx:eight").is_err());
    }
}
