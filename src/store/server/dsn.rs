//! Which database the settings name. FreeSWITCH's own rules decide, as they do for stock.

use crate::engine::Settings;

/// A database as the settings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A SQLite file: its path, or a name that FreeSWITCH makes a path of.
    File(String),
    /// A server, in FreeSWITCH's words for it.
    Server(String),
}

impl Named {
    /// The database of these settings: `odbc-dsn`, and `dbname` without it.
    ///
    /// # Errors
    /// In words for the operator, when it is of a kind that cannot keep anything.
    pub fn by(settings: &Settings) -> Result<Self, String> {
        let dsn = settings.odbc_dsn.as_deref().filter(|dsn| !dsn.is_empty());
        Self::of(dsn.unwrap_or(&settings.dbname))
    }

    /// The database of call detail records: `cdr-odbc-dsn`, or that of the rows without it.
    ///
    /// # Errors
    /// As in [`Named::by`].
    pub fn of_call_records(settings: &Settings) -> Result<Self, String> {
        let dsn = settings.cdr_odbc_dsn.as_deref().filter(|dsn| !dsn.is_empty());
        dsn.map_or_else(|| Self::by(settings), Self::of)
    }

    fn of(text: &str) -> Result<Self, String> {
        if let Some(file) = strip_scheme(text, "sqlite://") {
            if strip_scheme(file, "memory://").is_some() {
                return Err(format!(
                    "{text} is a database in memory, which is gone with FreeSWITCH: name a file or a server"
                ));
            }
            return Ok(Named::File(file.to_owned()));
        }
        // What FreeSWITCH takes for a server: `scheme://...` and `name:user:password`.
        if text.contains("://") || text.get(2..).is_some_and(|rest| rest.contains(':')) {
            return Ok(Named::Server(text.to_owned()));
        }
        Ok(Named::File(text.to_owned()))
    }
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let start = text.get(..scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| text.get(scheme.len()..))?
}

/// The name of a server as it may be shown to everybody: with stars instead of its password.
pub fn without_password(dsn: &str) -> String {
    let shown = match password(dsn) {
        Some(secret) if !secret.is_empty() => dsn.replace(secret, "***"),
        _ => return dsn.to_owned(),
    };
    shown
}

/// The password in the name of a server.
pub fn password(dsn: &str) -> Option<&str> {
    let (scheme, rest) = dsn.split_once("://").unwrap_or(("odbc", dsn));
    let in_words = || after_word(rest, "password=").or_else(|| after_word(rest, "pwd="));
    if scheme.eq_ignore_ascii_case("odbc") {
        return in_words().or_else(|| rest.splitn(3, ':').nth(2));
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let in_address = || {
        let (user, _) = authority.rsplit_once('@')?;
        user.split_once(':').map(|(_, secret)| secret)
    };
    in_words().or_else(in_address)
}

/// What stands behind `word`, in quotes or up to the next separator.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let at = text.to_ascii_lowercase().find(word)?;
    let value = text.get(at + word.len()..)?;
    let quoted = |quote: char, end: char| {
        let value = value.strip_prefix(quote)?;
        let mut is_escaped = false;
        let length = value.find(|character| {
            let ends = character == end && !is_escaped;
            is_escaped = character == '\\' && !is_escaped;
            ends
        });
        value.get(..length.unwrap_or(value.len()))
    };
    quoted('\'', '\'')
        .or_else(|| quoted('{', '}'))
        .or_else(|| value.split([' ', ';', '&']).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(odbc_dsn: &str, dbname: &str) -> Result<Named, String> {
        Named::by(&Settings {
            odbc_dsn: Some(odbc_dsn.to_owned()),
            dbname: dbname.to_owned(),
            ..Settings::default()
        })
    }

    #[test]
    fn every_form_stock_takes_is_told_apart() {
        let file = |name: &str| Ok(Named::File(name.to_owned()));
        let server = |name: &str| Ok(Named::Server(name.to_owned()));
        assert_eq!(named("", "callcenter"), file("callcenter"));
        assert_eq!(named("", "/var/lib/cc.db"), file("/var/lib/cc.db"));
        assert_eq!(named("", "SQLite:///var/lib/cc.db"), file("/var/lib/cc.db"));
        assert_eq!(named("sqlite://cc", "other"), file("cc"));
        assert_eq!(named("plain", "other"), file("plain"));
        for text in [
            "dsn:user:pass",
            "odbc://dsn:user:pass",
            "pgsql://host=a user=b",
            "postgresql://u:p@h/db",
            "mariadb://Server=a",
        ] {
            assert_eq!(named(text, "callcenter"), server(text));
            assert_eq!(named("", text), server(text));
        }
        assert!(named("sqlite://memory://x", "").is_err());
    }

    #[test]
    fn a_password_is_never_shown() {
        for (dsn, shown) in [
            ("dsn:user:se:cret", "dsn:user:***"),
            ("odbc://dsn:user:secret", "odbc://dsn:user:***"),
            (
                "odbc://DRIVER=x;UID=a;PWD={se cret};",
                "odbc://DRIVER=x;UID=a;PWD={***};",
            ),
            (
                "pgsql://host=h user=u password='se cret' dbname=d",
                "pgsql://host=h user=u password='***' dbname=d",
            ),
            ("pgsql://password='se\\'cret' host=h", "pgsql://password='***' host=h"),
            ("pgsql://host=h PASSWORD=secret", "pgsql://host=h PASSWORD=***"),
            ("postgresql://u:sec@ret@h:5/db", "postgresql://u:***@h:5/db"),
            (
                "postgres://h/db?user=u&password=secret&x=1",
                "postgres://h/db?user=u&password=***&x=1",
            ),
            (
                "mariadb://Server=h;Uid=u;Pwd=secret;",
                "mariadb://Server=h;Uid=u;Pwd=***;",
            ),
            ("pgsql://host=h user=u", "pgsql://host=h user=u"),
            ("dsn:user", "dsn:user"),
            ("dsn:user:", "dsn:user:"),
        ] {
            assert_eq!(without_password(dsn), shown);
        }
    }
}
