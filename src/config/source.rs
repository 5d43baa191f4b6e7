//! Where a configuration comes from when a command asks for it again.

use super::Configuration;

/// Why there is no configuration; the text tells the operator what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// What a reload is about. A server behind mod_xml_curl gets it as request parameters and may answer with that part
/// of the configuration only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigRequest {
    /// `CC-Queue`: the queue asked for.
    pub queue: Option<String>,
    /// `CC-Agent`: the agent asked for.
    pub agent: Option<String>,
}

impl ConfigRequest {
    /// Whether the whole configuration is asked for.
    pub fn is_about_everything(&self) -> bool {
        self.queue.is_none() && self.agent.is_none()
    }
}

/// Reads the configuration anew. Whoever implements it logs the configuration's warnings.
pub trait ConfigSource: Send + Sync {
    /// The configuration as it stands now.
    ///
    /// # Errors
    /// When it cannot be had at all; a configuration with faults in it is none.
    fn read(&self, request: &ConfigRequest) -> Result<Configuration, ConfigError>;

    /// Has whatever is kept in memory of the files read anew, so that [`ConfigSource::read`] tells what they say now.
    ///
    /// # Errors
    /// When the files are broken; what was read before stays.
    fn renew(&self) -> Result<(), ConfigError> {
        Ok(())
    }
}
