//! How a caller waits, and what comes behind the queue.

use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::keys::EVERY_KEY;
use crate::engine::vocabulary::words::{CallState, Media};
use serde::{Deserialize, Serialize};

/// How a queue has its callers wait.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hold {
    /// What the caller hears, unless `cc_moh_override` says otherwise.
    pub moh_sound: Option<String>,
    /// How the caller may leave by a key.
    pub way_out: WayOut,
    /// `callback-key`: who presses it may ask to be called back, if
    /// [`Engine::callback_offer`](crate::engine::Engine::callback_offer) says so at that moment; none: nobody is.
    pub callback_key: Option<char>,
}

impl Hold {
    /// What a queue's configuration says.
    pub(in crate::engine) fn of(config: &QueueConfig) -> Self {
        Self {
            moh_sound: config.moh_sound.clone(),
            way_out: WayOut::of(config),
            callback_key: config.callbacks.key.filter(|_| config.callbacks.dial.is_some()),
        }
    }

    /// The same for a caller of this medium: a chat hears nothing.
    pub(in crate::engine) fn by(self, media: Media) -> Self {
        let hears = media == Media::Audio;
        Self {
            moh_sound: self.moh_sound.filter(|_| hears),
            callback_key: self.callback_key.filter(|_| hears),
            ..self
        }
    }
}

/// How a caller leaves who is dissuaded, or presses a key: a sound, and then another place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parting {
    /// What the caller hears first.
    pub sound: Option<String>,
    /// Where the call is transferred to: extension, dialplan and context; none: it is hung up.
    pub destination: Option<String>,
    /// What `cc_state` says while the sound plays.
    pub state: Option<CallState>,
}

/// How a queue lets callers leave by a key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WayOut {
    /// `exit-keys`: the keys, unless `cc_exit_keys` of the channel names others.
    pub keys: String,
    /// `exit-context`: the context whose extension of the key's name the caller goes to; none: the dialplan goes on.
    pub context: Option<String>,
}

impl WayOut {
    /// What a queue's configuration says. Asterisk's `context` takes any key, so with a context, but no keys, every key counts.
    pub(in crate::engine) fn of(config: &QueueConfig) -> Self {
        let context = config.exit_context.clone();
        let every = if context.is_some() { EVERY_KEY } else { "" };
        Self {
            keys: config.exit_keys.clone().unwrap_or_else(|| every.to_owned()),
            context,
        }
    }

    /// Where a caller goes who has pressed this key; none: whatever the dialplan says.
    pub fn parting(&self, key: char) -> Option<Parting> {
        let context = self.context.as_ref()?;
        Some(Parting {
            sound: None,
            destination: Some(format!("{key} XML {context}")),
            state: None,
        })
    }
}
