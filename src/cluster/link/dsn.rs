//! Where the PostgreSQL server is: `odbc-dsn`, in the words that FreeSWITCH and libpq have for it.

use std::path::Path;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::Config;

/// How long a connection may take to be made.
pub(super) const CONNECTED_WITHIN: Duration = Duration::from_secs(1);

/// How long a statement may take.
pub(super) const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// Where libpq looks for a server when none is named.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// Words of libpq that say nothing that matters here.
const WITHOUT_MEANING: [&str; 9] = [
    "client_encoding",
    "fallback_application_name",
    "gssencmode",
    "krbsrvname",
    "gsslib",
    "load_balance_hosts",
    "target_session_attrs",
    "connect_timeout",
    "sslcompression",
];

/// The hosts of a DSN, each with everything that a connection to it needs.
#[derive(Debug, Clone)]
pub struct Addresses {
    pub(super) hosts: Vec<Config>,
}

/// A DSN in words, as libpq and FreeSWITCH have them.
const IN_WORDS: &str = "pgsql://";

/// How a DSN begins that is a URL.
const AS_URL: [&str; 2] = ["postgresql://", "postgres://"];

/// Whether a DSN names a PostgreSQL server.
pub fn names_postgresql(dsn: &str) -> bool {
    strip_scheme(dsn, IN_WORDS).is_some() || is_url(dsn)
}

fn is_url(dsn: &str) -> bool {
    AS_URL.iter().any(|scheme| strip_scheme(dsn, scheme).is_some())
}

impl Addresses {
    /// Reads `odbc-dsn`.
    ///
    /// # Errors
    /// In words for the operator: what is wrong, and what to write instead.
    pub fn parse(dsn: &str) -> Result<Self, String> {
        let config = if let Some(words) = strip_scheme(dsn, IN_WORDS) {
            parse_words(words)?
        } else if is_url(dsn) {
            dsn.parse::<Config>().map_err(|error| unreadable(&error))?
        } else {
            return Err(
                "a cluster needs PostgreSQL: odbc-dsn has to begin with pgsql:// (or postgresql://)".to_owned(),
            );
        };
        if !matches!(config.get_ssl_mode(), SslMode::Disable | SslMode::Prefer) {
            return Err(
                "odbc-dsn asks for TLS (sslmode), which the connections of a cluster do not have: \
                 lead them through a private network or a tunnel, and write sslmode=disable"
                    .to_owned(),
            );
        }
        Ok(Self { hosts: hosts(&config) })
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> String {
    format!("odbc-dsn cannot be read: {error}")
}

fn strip_scheme<'a>(dsn: &'a str, scheme: &str) -> Option<&'a str> {
    let start = dsn.get(..scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| dsn.get(scheme.len()..))?
}

/// `host=... dbname=...`, without the words that are for libpq alone.
fn parse_words(words: &str) -> Result<Config, String> {
    let words = split_words(words)?;
    let meant = words.iter().filter(|(key, _)| !WITHOUT_MEANING.contains(&key.as_str()));
    let text: Vec<String> = meant.map(|(key, value)| format!("{key}={}", quoted(value))).collect();
    text.join(" ").parse().map_err(|error| unreadable(&error))
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Words and values as libpq reads them: blanks may stand around the sign, values may stand in quotes, a backslash escapes.
fn split_words(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, behind) = rest.split_once('=').ok_or_else(|| unreadable(&"a word has no value"))?;
        let (value, behind) = split_value(behind.trim_start())?;
        found.push((key.trim().to_ascii_lowercase(), value));
        rest = behind.trim_start();
    }
    Ok(found)
}

fn split_value(text: &str) -> Result<(String, &str), String> {
    let is_quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut letters = text.char_indices().skip(usize::from(is_quoted));
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            '\'' if is_quoted => return Ok((value, text.get(at + 1..).unwrap_or_default())),
            blank if !is_quoted && blank.is_whitespace() => {
                return Ok((value, text.get(at..).unwrap_or_default()));
            }
            _ => value.push(letter),
        }
    }
    if is_quoted {
        return Err(unreadable(&"a quote is not closed"));
    }
    Ok((value, ""))
}

/// One configuration for each host.
fn hosts(config: &Config) -> Vec<Config> {
    let count = config.get_hosts().len().max(config.get_hostaddrs().len());
    if count == 0 {
        let there = SOCKETS.iter().find(|path| Path::new(path).is_dir());
        let mut alone = without_host(config);
        alone.host_path(there.unwrap_or(&SOCKETS[0]));
        if let Some(port) = config.get_ports().first() {
            alone.port(*port);
        }
        return vec![alone];
    }
    let of_host = |index: usize| {
        let mut one = without_host(config);
        match config.get_hosts().get(index) {
            Some(Host::Tcp(host)) => {
                one.host(host);
            }
            Some(Host::Unix(path)) => {
                one.host_path(path);
            }
            None => (),
        }
        if let Some(address) = config.get_hostaddrs().get(index) {
            one.hostaddr(*address);
        }
        let ports = config.get_ports();
        if let Some(port) = ports.get(index).or(ports.first()) {
            one.port(*port);
        }
        one
    };
    (0..count).map(of_host).collect()
}

/// Who asks for what, and how long it may take.
fn without_host(config: &Config) -> Config {
    let mut one = Config::new();
    if let Some(user) = config.get_user() {
        one.user(user);
    }
    if let Some(password) = config.get_password() {
        one.password(password);
    }
    if let Some(name) = config.get_dbname() {
        one.dbname(name);
    }
    if let Some(options) = config.get_options() {
        one.options(options);
    }
    one.ssl_mode(SslMode::Disable)
        .channel_binding(config.get_channel_binding())
        .connect_timeout(CONNECTED_WITHIN)
        .tcp_user_timeout(ANSWERED_WITHIN)
        // A standby takes no promise.
        .target_session_attrs(TargetSessionAttrs::ReadWrite);
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(dsn: &str) -> Vec<Config> {
        Addresses::parse(dsn).expect(dsn).hosts
    }

    #[test]
    fn every_form_of_freeswitch_is_read() {
        let words = parsed(
            "pgsql://host=db user = 'cc' password='it\\'s x' dbname=calls application_name=x gssencmode=disable",
        );
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].get_hosts(), [Host::Tcp("db".to_owned())]);
        assert_eq!(words[0].get_password(), Some(b"it's x".as_slice()));
        assert_eq!(
            (words[0].get_user(), words[0].get_dbname()),
            (Some("cc"), Some("calls"))
        );
        let address = parsed("postgresql://cc:secret@db:5433/calls");
        assert_eq!(address[0].get_ports(), [5433]);
        assert_eq!(address[0].get_password(), Some(b"secret".as_slice()));
        let several = parsed("PGSQL://host=a,b port=5432,5433 dbname=calls");
        assert_eq!(several.len(), 2);
        assert_eq!(several[1].get_hosts(), [Host::Tcp("b".to_owned())]);
        assert_eq!(several[1].get_ports(), [5433]);
        let one_port = parsed("pgsql://host=a,b port=5444 dbname=calls");
        assert_eq!(one_port[1].get_ports(), [5444]);
        assert!(matches!(parsed("pgsql://dbname=calls")[0].get_hosts(), [Host::Unix(_)]));
    }

    #[test]
    fn what_cannot_serve_is_refused_in_words() {
        for (dsn, word) in [
            ("odbc://dsn:user:secret", "pgsql://"),
            ("mariadb://Server=a", "PostgreSQL"),
            ("pgsql://host=a sslmode=verify-full", "odbc-dsn"),
            ("pgsql://host=a sslmode=require", "TLS"),
            ("pgsql://host='a", "quote"),
            ("pgsql://nonsense", "value"),
        ] {
            let error = Addresses::parse(dsn).expect_err(dsn);
            assert!(error.contains(word), "{dsn}: {error}");
            assert!(!error.contains("secret"));
        }
    }
}
