//! How a queue calls its callers back.

use crate::engine::vocabulary::local_time::TimeOfDay;
use crate::engine::vocabulary::number_pattern::NumberPattern;
use crate::engine::vocabulary::words::{CallbackFirst, CallbackLevel};

/// The parameters of a queue about callbacks. Nobody is called back without `callback-dial`. Times are whole seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackConfig {
    /// `callback-key`: with which a waiting caller asks; none: callers are not offered it.
    pub key: Option<char>,
    /// `callback-offer-after`: offered to who has waited so long.
    pub offer_after: u32,
    /// `callback-offer-position`: offered to those on this place or behind it; 0 is everybody.
    pub offer_position: u32,
    /// `callback-offer-wait`: offered to those who would probably wait so long; 0 is everybody.
    pub offer_wait: u32,
    /// `callback-offer-sound`: tells of the key, now and then.
    pub offer_sound: Option<String>,
    /// `callback-offer-frequency`: seconds between two plays of it; 0 is once.
    pub offer_frequency: u32,
    /// `callback-confirm-number`: the number is read back and has to be confirmed.
    pub confirm_number: bool,
    /// `callback-other-number`: a caller may give another number than its own.
    pub other_number: bool,
    /// `callback-numbers`: the numbers that are called; none: any.
    pub numbers: Option<NumberPattern>,
    /// `callback-max-pending`: so many wait to be called at once; 0 is any number.
    pub max_pending: u32,
    /// `callback-expires`: given up after so long; 0 is never.
    pub expires: u32,
    /// `callback-delay`: the first attempt is not made sooner after it was asked for.
    pub delay: u32,
    /// `callback-attempts`: given up after so many; 0 is any number.
    pub attempts: u32,
    /// `callback-retry-delay`: between two attempts.
    pub retry_delay: u32,
    /// `callback-ring-time`: how long an attempt takes at most.
    pub ring_time: u32,
    /// `callback-lead`: dialled before an agent is free, if one will be so soon by the pace of the line; 0 waits for the agent.
    pub lead: u32,
    /// `callback-dial`: the dial string, with `${callback_number}`.
    pub dial: Option<String>,
    /// `callback-caller-id-name`.
    pub caller_id_name: Option<String>,
    /// `callback-caller-id-number`.
    pub caller_id_number: Option<String>,
    /// `callback-confirm-key`.
    pub confirm_key: char,
    /// `callback-confirm-sound`.
    pub confirm_sound: Option<String>,
    /// `callback-first`: who is called first.
    pub first: CallbackFirst,
    /// `callback-agent-sound`: what an agent hears who is called first.
    pub agent_sound: Option<String>,
    /// `callback-give-back-key`: with it such an agent gives the callback back.
    pub give_back_key: char,
    /// `callback-until`: from then on nobody is promised a call on this day.
    pub until: Option<TimeOfDay>,
    /// `callback-attempts-per-day`: so often a number is called on one day, by all queues together; 0 is any number.
    pub attempts_per_day: u32,
    /// `callback-service-level`: how those who are called back count in the service level.
    pub service_level: CallbackLevel,
}

impl Default for CallbackConfig {
    fn default() -> Self {
        Self {
            key: None,
            offer_after: 0,
            offer_position: 0,
            offer_wait: 0,
            offer_sound: None,
            offer_frequency: 0,
            confirm_number: true,
            other_number: false,
            numbers: None,
            max_pending: 0,
            expires: 14_400,
            delay: 0,
            attempts: 3,
            retry_delay: 300,
            ring_time: 45,
            lead: 0,
            dial: None,
            caller_id_name: None,
            caller_id_number: None,
            confirm_key: '1',
            confirm_sound: None,
            first: CallbackFirst::Customer,
            agent_sound: None,
            give_back_key: '2',
            until: None,
            attempts_per_day: 0,
            service_level: CallbackLevel::Count,
        }
    }
}
