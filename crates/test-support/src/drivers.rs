//! The ways from FreeSWITCH to a database server: its own modules, and unixODBC.

use std::path::{Path, PathBuf};

use crate::harness::{install, CallCenter, Setup};
use crate::private::{Kind, PrivateServer, PASSWORD, USER};
use crate::skip::skip;

/// A way to a server.
#[derive(Debug, Clone, Copy)]
pub enum Driver {
    /// mod_pgsql.
    Pgsql,
    /// unixODBC with PostgreSQL's driver.
    OdbcToPostgres,
    /// mod_mariadb.
    MariaDb,
    /// unixODBC with MariaDB's driver.
    OdbcToMariaDb,
}

impl Driver {
    /// The kind of server it leads to.
    pub fn kind(self) -> Kind {
        match self {
            Driver::Pgsql | Driver::OdbcToPostgres => Kind::Postgres,
            Driver::MariaDb | Driver::OdbcToMariaDb => Kind::MariaDb,
        }
    }

    /// What it needs besides the server; none when that is missing.
    pub fn is_there(self) -> bool {
        let Some(install) = install() else { return false };
        let is_there = match self {
            Driver::Pgsql => install.modules.join("mod_pgsql.so").is_file(),
            Driver::MariaDb => install.modules.join("mod_mariadb.so").is_file(),
            Driver::OdbcToPostgres => odbc_library("psqlodbcw.so").is_some(),
            Driver::OdbcToMariaDb => odbc_library("libmaodbc.so").is_some(),
        };
        if !is_there {
            skip(&format!("the driver {self:?} is not on this machine"));
        }
        is_there
    }

    /// `odbc-dsn` for that database.
    pub fn dsn(self, server: &PrivateServer, database: &str) -> String {
        let port = server.port;
        let escaped = PASSWORD.replace('\'', "\\'");
        match self {
            Driver::Pgsql => {
                format!("pgsql://hostaddr=127.0.0.1 port={port} dbname={database} user={USER} password='{escaped}'")
            }
            Driver::MariaDb => {
                format!("mariadb://Server=127.0.0.1;Port={port};Database={database};Uid={USER};Pwd={PASSWORD};")
            }
            Driver::OdbcToPostgres | Driver::OdbcToMariaDb => format!("{database}:{USER}:{PASSWORD}"),
        }
    }

    /// The module FreeSWITCH has to load first.
    pub fn modules(self) -> Vec<String> {
        match self {
            Driver::Pgsql => vec!["mod_pgsql".to_owned()],
            Driver::MariaDb => vec!["mod_mariadb".to_owned()],
            Driver::OdbcToPostgres | Driver::OdbcToMariaDb => Vec::new(),
        }
    }

    /// `odbc.ini` for that database.
    pub fn odbc_ini(self, server: &PrivateServer, database: &str) -> String {
        let name = if self.kind() == Kind::Postgres {
            "psqlodbcw.so"
        } else {
            "libmaodbc.so"
        };
        let library = odbc_library(name).unwrap_or_default();
        let library = library.display();
        let port = server.port;
        format!("[{database}]\nDriver={library}\nServername=127.0.0.1\nServer=127.0.0.1\nPort={port}\nDatabase={database}\n\
             OPTION={MULTIPLE_STATEMENTS}\n")
    }

    /// A FreeSWITCH whose call centre keeps its rows in that database.
    pub fn setup(self, server: &PrivateServer, database: &str, ini: &Path, call_centre: CallCenter) -> Setup {
        std::fs::write(ini, self.odbc_ini(server, database)).expect("write odbc.ini");
        let call_centre = call_centre.setting("odbc-dsn", &self.dsn(server, database));
        Setup {
            modules: self.modules(),
            environment: vec![("ODBCINI", ini.display().to_string())],
            ..Setup::new(&call_centre)
        }
    }
}

/// MariaDB's driver takes several statements in one only when it is told to; stock needs that, ours does not.
const MULTIPLE_STATEMENTS: u32 = 1 << 26;

/// A driver of Debian's packages.
fn odbc_library(name: &str) -> Option<PathBuf> {
    let directories = std::fs::read_dir("/usr/lib").ok()?;
    let mut files = directories.filter_map(|directory| Some(directory.ok()?.path().join("odbc").join(name)));
    files.find(|file| file.is_file())
}
