//! A small call centre to say things to: two queues, two agents, phones that nobody answers.

use callcenter_simulator::SimClock;
use mod_callcenter::commands::Console;
use mod_callcenter::config::{ConfigError, ConfigRequest, ConfigSource, Configuration};
use mod_callcenter::driver::Driver;
use mod_callcenter::engine::{Engine, Input, JoinRequest, Output, Timestamp};
use mod_callcenter::store::NoJournal;
use mod_callcenter::switch::Switch;
use std::sync::Arc;

/// When it is, always.
pub const NOW: i64 = 1_700_000_000;

const XML: &str = r#"<configuration name="callcenter.conf">
  <queues>
    <queue name="q@d"><param name="abandoned-resume-allowed" value="true"/></queue>
    <queue name="r@d"><param name="strategy" value="ring-all"/></queue>
  </queues>
  <agents>
    <agent name="a" type="callback" contact="user/a" status="Available"/>
    <agent name="b" type="uuid-standby" status="On Break"/>
  </agents>
  <tiers><tier queue="q@d" agent="a"/><tier queue="r@d" agent="b" level="2"/></tiers>
</configuration>"#;

/// Does nothing: no phone is ever answered.
struct Nobody;

impl Switch for Nobody {
    fn carry_out(&self, _: Output) {}
}

struct Fixed(Configuration);

impl ConfigSource for Fixed {
    fn read(&self, _: &ConfigRequest) -> Result<Configuration, ConfigError> {
        Ok(self.0.clone())
    }
}

/// The console and the driver of a call centre.
pub struct Office {
    /// What commands are said to.
    pub console: Console,
    driver: Arc<Driver>,
}

impl Office {
    /// An office of this configuration.
    ///
    /// # Errors
    /// When the text is no configuration.
    pub fn configured(xml: &str) -> Result<(Self, Configuration), ConfigError> {
        let configuration = callcenter_simulator::xml::read_text(xml)?;
        let engine = Engine::new(configuration.settings.clone(), 1);
        let driver = Arc::new(Driver::new(
            engine,
            Arc::new(SimClock::at(Timestamp::from_secs(NOW))),
            Arc::new(Nobody),
            Arc::new(NoJournal),
        ));
        let queues = configuration.queues.iter().cloned().map(Input::LoadQueue);
        let agents = configuration.agents.iter().cloned().map(Input::ApplyAgent);
        let tiers = configuration.tiers.iter().cloned().map(Input::ApplyTier);
        for input in queues.chain(agents).chain(tiers) {
            // A tier of an agent that is not there is refused, and that is all.
            let _ = driver.submit(input);
        }
        let console = Console::new(Arc::clone(&driver), Arc::new(Fixed(configuration.clone())));
        Ok((Self { console, driver }, configuration))
    }

    /// The usual office.
    ///
    /// # Panics
    /// Never: its configuration is one.
    pub fn usual() -> Self {
        Self::configured(XML).expect("a configuration").0
    }

    /// A caller of this name and number enters the first queue, if it is loaded.
    pub fn join(&self, caller: &str) {
        self.enter("q@d", caller);
    }

    /// A caller of this name and number enters a queue, if it is loaded, as `member CALLER`.
    pub fn enter(&self, queue: &str, caller: &str) {
        let request = JoinRequest {
            queue: queue.to_owned(),
            session_uuid: format!("session of {caller}"),
            new_member_uuid: format!("member {caller}"),
            cid_number: caller.to_owned(),
            cid_name: caller.to_owned(),
            dnis: Some(caller.to_owned()),
            base_score: 0,
            answered_epoch: NOW,
            ..JoinRequest::default()
        };
        let _ = self.driver.submit(Input::MemberJoin(request));
    }

    /// Every list, checked.
    ///
    /// # Panics
    /// When one cannot be taken apart.
    pub fn check_lists(&self) {
        for line in [
            "agent list",
            "tier list",
            "queue list",
            "queue list members",
            "queue list agents q@d",
            "queue list tiers q@d",
        ] {
            super::lists::check(&self.console.config(line));
        }
    }
}
