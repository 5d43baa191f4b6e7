//! Whether a waiting caller may ask to be called back at this moment.

use crate::engine::border::callback::CallbackOffer;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::configuration::callbacks::CallbackConfig;
use crate::engine::vocabulary::callback_number::CallbackNumber;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::time::{seconds, Timestamp};
use crate::engine::vocabulary::words::Media;

impl Engine {
    /// What a waiting caller may be offered now who has pressed `callback-key`; none: the key means nothing at this moment.
    pub fn callback_offer(&self, now: Timestamp, id: MemberId) -> Option<CallbackOffer> {
        let member = self.members.get(&id).filter(|member| member.is_waiting_here())?;
        let queue = self.queues.get(&member.queue)?;
        let config = &queue.config.as_ref()?.callbacks;
        config.key?;
        let somebody_is_there = queue.staff.agents > 0;
        if !somebody_is_there || member.callback.is_some() || !self.is_offered_callback(now, id, member, config) {
            return None;
        }
        let own = CallbackNumber::parse(&member.row.cid_number);
        let number = own
            .filter(|number| config.check(number).is_ok())
            .map(|number| number.to_string());
        (number.is_some() || config.other_number).then_some(CallbackOffer {
            number,
            confirm_number: config.confirm_number,
            other_number: config.other_number,
        })
    }

    fn is_offered_callback(&self, now: Timestamp, id: MemberId, member: &Member, config: &CallbackConfig) -> bool {
        let has_waited = now >= member.entered + seconds(config.offer_after);
        if config.dial.is_none() || self.is_too_late(now, config) || member.facts.media != Media::Audio || !has_waited {
            return false;
        }
        let Some(position) = self.position_of(id) else {
            return false;
        };
        let is_behind = u32::try_from(position).is_ok_and(|position| position >= config.offer_position);
        let waits_long = || {
            let wait = self.estimated_wait_of(now, id, position);
            config.offer_wait == 0 || wait.is_some_and(|wait| wait >= seconds(config.offer_wait))
        };
        is_behind && waits_long()
    }
}
