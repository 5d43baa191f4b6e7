//! The names of events, headers and channel variables: each is written here once, and used by its constant wherever the code fires, sets or
//! reads it, so that a misspelt one does not compile. What they mean is said in `event_names.rs` and `channel_variables.rs`.

/// The constants of a module, and the list of all their words.
macro_rules! names {
    ($(pub(crate) const $name:ident: &str = $word:literal;)*) => {
        $(pub(crate) const $name: &str = $word;)*

        /// All of them.
        pub(crate) const ALL: &[&str] = &[$($word),*];
    };
}

/// The name of ours that is written so; none where it is no name here.
pub(crate) fn known(names: &[&'static str], text: &str) -> Option<&'static str> {
    names.iter().copied().find(|name| *name == text)
}

/// What has happened, in `CC-Action`.
pub(crate) mod action {
    pub(crate) const MEMBER_QUEUE_REFUSED: &str = "member-queue-refused";
    pub(crate) const MEMBER_QUEUE_START: &str = "member-queue-start";
    pub(crate) const MEMBER_QUEUE_RESUME: &str = "member-queue-resume";
    pub(crate) const MEMBER_SESSION_CHANGE: &str = "member-session-change";
    pub(crate) const CALLBACK_REQUESTED: &str = "callback-requested";
    pub(crate) const CALLBACK_ATTEMPT: &str = "callback-attempt";
    pub(crate) const CALLBACK_REACHED: &str = "callback-reached";
    pub(crate) const CALLBACK_FAILED: &str = "callback-failed";
    pub(crate) const CALLBACK_ENDED: &str = "callback-ended";
    pub(crate) const CALLBACK_EXPIRED: &str = "callback-expired";
    pub(crate) const MEMBERS_COUNT: &str = "members-count";
    pub(crate) const AGENT_OFFERING: &str = "agent-offering";
    pub(crate) const BRIDGE_AGENT_START: &str = "bridge-agent-start";
    pub(crate) const BRIDGE_AGENT_FAIL: &str = "bridge-agent-fail";
    pub(crate) const BRIDGE_AGENT_END: &str = "bridge-agent-end";
    pub(crate) const MEMBER_QUEUE_END: &str = "member-queue-end";
    pub(crate) const CDR: &str = "cdr";
    pub(crate) const AGENT_STATUS_CHANGE: &str = "agent-status-change";
    pub(crate) const AGENT_STATE_CHANGE: &str = "agent-state-change";
    pub(crate) const AGENT_CONTACT_CHANGE: &str = "agent-contact-change";
    pub(crate) const AGENT_ADD: &str = "agent-add";
    pub(crate) const AGENT_DEL: &str = "agent-del";
    pub(crate) const AGENT_MAX_NO_ANSWER: &str = "agent-max-no-answer";
    pub(crate) const AGENT_STATUS_GET: &str = "agent-status-get";
    pub(crate) const AGENT_STATE_GET: &str = "agent-state-get";
    pub(crate) const AGENT_UUID_GET: &str = "agent-uuid-get";
    pub(crate) const TIER_PAUSE_CHANGE: &str = "tier-pause-change";
    pub(crate) const AGENT_REPORT: &str = "agent-report";
    pub(crate) const AGENT_MAX_REJECTED: &str = "agent-max-rejected";
    pub(crate) const AGENT_MAX_BUSY: &str = "agent-max-busy";
    pub(crate) const AGENT_MAX_NOT_REGISTERED: &str = "agent-max-not-registered";
}

/// Headers of events.
pub(crate) mod header {
    names! {
        pub(crate) const ACTION: &str = "CC-Action";
        pub(crate) const QUEUE: &str = "CC-Queue";
        pub(crate) const AGENT: &str = "CC-Agent";
        pub(crate) const AGENT_TYPE: &str = "CC-Agent-Type";
        pub(crate) const AGENT_SYSTEM: &str = "CC-Agent-System";
        pub(crate) const AGENT_UUID: &str = "CC-Agent-UUID";
        pub(crate) const AGENT_STATUS: &str = "CC-Agent-Status";
        pub(crate) const AGENT_STATE: &str = "CC-Agent-State";
        pub(crate) const AGENT_CONTACT: &str = "CC-Agent-Contact";
        pub(crate) const AGENT_CALLED_TIME: &str = "CC-Agent-Called-Time";
        pub(crate) const AGENT_ANSWERED_TIME: &str = "CC-Agent-Answered-Time";
        pub(crate) const AGENT_ABORTED_TIME: &str = "CC-Agent-Aborted-Time";
        pub(crate) const AGENT_BRIDGED: &str = "CC-Agent-Bridged";
        pub(crate) const AGENT_NO_ANSWER_COUNT: &str = "CC-Agent-No-Answer-Count";
        pub(crate) const AGENT_NO_ANSWER_STATUS: &str = "CC-Agent-No-Answer-Status";
        pub(crate) const AGENT_REJECTED_COUNT: &str = "CC-Agent-Rejected-Count";
        pub(crate) const AGENT_REJECTED_STATUS: &str = "CC-Agent-Rejected-Status";
        pub(crate) const AGENT_BUSY_COUNT: &str = "CC-Agent-Busy-Count";
        pub(crate) const AGENT_BUSY_STATUS: &str = "CC-Agent-Busy-Status";
        pub(crate) const AGENT_NOT_REGISTERED_COUNT: &str = "CC-Agent-Not-Registered-Count";
        pub(crate) const AGENT_NOT_REGISTERED_STATUS: &str = "CC-Agent-Not-Registered-Status";
        pub(crate) const INSTANCE: &str = "CC-Instance";
        pub(crate) const ELECTION: &str = "CC-Election";
        pub(crate) const EVENT_SEQUENCE: &str = "CC-Event-Sequence";
        pub(crate) const AGENT_REPORT: &str = "CC-Agent-Report";
        pub(crate) const AGENT_WRAPUP_ENDS: &str = "CC-Agent-Wrapup-Ends";
        pub(crate) const PAUSE_REASON: &str = "CC-Pause-Reason";
        pub(crate) const TIER_PAUSED: &str = "CC-Tier-Paused";
        pub(crate) const MEMBER_UUID: &str = "CC-Member-UUID";
        pub(crate) const MEMBER_SESSION_UUID: &str = "CC-Member-Session-UUID";
        pub(crate) const MEMBER_PREVIOUS_SESSION_UUID: &str = "CC-Member-Previous-Session-UUID";
        pub(crate) const MEMBER_CID_NAME: &str = "CC-Member-CID-Name";
        pub(crate) const MEMBER_CID_NUMBER: &str = "CC-Member-CID-Number";
        pub(crate) const MEMBER_DNIS: &str = "CC-Member-DNIS";
        pub(crate) const MEMBER_JOINED_TIME: &str = "CC-Member-Joined-Time";
        pub(crate) const MEMBER_LEAVING_TIME: &str = "CC-Member-Leaving-Time";
        pub(crate) const PARAM: &str = "CC-Param";
        pub(crate) const MEDIA: &str = "CC-Media";
        pub(crate) const CAUSE: &str = "CC-Cause";
        pub(crate) const CANCEL_REASON: &str = "CC-Cancel-Reason";
        pub(crate) const HANGUP_CAUSE: &str = "CC-Hangup-Cause";
        pub(crate) const BRIDGE_TERMINATED_TIME: &str = "CC-Bridge-Terminated-Time";
        pub(crate) const COUNT: &str = "CC-Count";
        pub(crate) const SELECTION: &str = "CC-Selection";
        pub(crate) const CDR_UUID: &str = "CC-CDR-UUID";
        pub(crate) const CDR_RECORD: &str = "CC-CDR-Record";
        pub(crate) const CDR_CALL_TYPE: &str = "CC-CDR-Call-Type";
        pub(crate) const CDR_RESULT: &str = "CC-CDR-Result";
        pub(crate) const CDR_CAUSE: &str = "CC-CDR-Cause";
        pub(crate) const CDR_INSTANCE: &str = "CC-CDR-Instance";
        pub(crate) const CDR_RECEIVED: &str = "CC-CDR-Received";
        pub(crate) const CDR_ENDED: &str = "CC-CDR-Ended";
        pub(crate) const CDR_WAIT_MS: &str = "CC-CDR-Wait-MS";
        pub(crate) const CDR_PICKUP_MS: &str = "CC-CDR-Pickup-MS";
        pub(crate) const CDR_TALK_MS: &str = "CC-CDR-Talk-MS";
        pub(crate) const CDR_OFFERS: &str = "CC-CDR-Offers";
        pub(crate) const CDR_REJECTIONS: &str = "CC-CDR-Rejections";
        pub(crate) const CDR_MEDIA: &str = "CC-CDR-Media";
        pub(crate) const CALLBACK_NUMBER: &str = "CC-Callback-Number";
        pub(crate) const CALLBACK_ATTEMPTS: &str = "CC-Callback-Attempts";
        pub(crate) const CALLBACK_REQUESTED_TIME: &str = "CC-Callback-Requested-Time";
        pub(crate) const CALLBACK_END: &str = "CC-Callback-End";
        pub(crate) const CALLBACK_NEXT_ATTEMPT: &str = "CC-Callback-Next-Attempt";
        pub(crate) const CALLBACK_RESULT: &str = "CC-Callback-Result";
    }
}

/// Variables of channels.
pub(crate) mod variable {
    names! {
        pub(crate) const BASE_SCORE: &str = "cc_base_score";
        pub(crate) const EXIT_KEYS: &str = "cc_exit_keys";
        pub(crate) const EXPORT_VARS: &str = "cc_export_vars";
        pub(crate) const MOH_OVERRIDE: &str = "cc_moh_override";
        pub(crate) const OUTBOUND_ANNOUNCE: &str = "cc_outbound_announce";
        pub(crate) const BRIDGE_FAILED_OUTBOUND_ANNOUNCE: &str = "cc_bridge_failed_outbound_announce";
        pub(crate) const OUTBOUND_CID_NAME_PREFIX: &str = "cc_outbound_cid_name_prefix";
        pub(crate) const WARNING_TONE: &str = "cc_warning_tone";
        pub(crate) const REQUIRED_SKILLS: &str = "cc_required_skills";
        pub(crate) const MAX_LEVEL: &str = "cc_max_level";
        pub(crate) const RAISE_LEVEL: &str = "cc_raise_level";
        pub(crate) const MIN_LEVEL: &str = "cc_min_level";
        pub(crate) const PARAM: &str = "cc_param";
        pub(crate) const POSITION_ON_ENTRY: &str = "cc_position_on_entry";
        pub(crate) const PREFERRED_AGENTS: &str = "cc_preferred_agents";
        pub(crate) const MEDIA: &str = "cc_media";
        pub(crate) const SIDE: &str = "cc_side";
        pub(crate) const QUEUE: &str = "cc_queue";
        pub(crate) const MEMBER_UUID: &str = "cc_member_uuid";
        pub(crate) const MEMBER_SESSION_UUID: &str = "cc_member_session_uuid";
        pub(crate) const MEMBER_PRE_ANSWER_UUID: &str = "cc_member_pre_answer_uuid";
        pub(crate) const AGENT: &str = "cc_agent";
        pub(crate) const AGENT_TYPE: &str = "cc_agent_type";
        pub(crate) const AGENT_UUID: &str = "cc_agent_uuid";
        pub(crate) const AGENT_FOUND: &str = "cc_agent_found";
        pub(crate) const AGENT_BRIDGED: &str = "cc_agent_bridged";
        pub(crate) const QUEUE_JOINED_EPOCH: &str = "cc_queue_joined_epoch";
        pub(crate) const QUEUE_ANSWERED_EPOCH: &str = "cc_queue_answered_epoch";
        pub(crate) const QUEUE_TERMINATED_EPOCH: &str = "cc_queue_terminated_epoch";
        pub(crate) const QUEUE_CANCELED_EPOCH: &str = "cc_queue_canceled_epoch";
        pub(crate) const POSITION: &str = "cc_position";
        pub(crate) const STATE: &str = "cc_state";
        pub(crate) const CAUSE: &str = "cc_cause";
        pub(crate) const CANCEL_REASON: &str = "cc_cancel_reason";
        pub(crate) const CALLBACK_NUMBER: &str = "cc_callback_number";
        pub(crate) const CALLBACK_ATTEMPT: &str = "cc_callback_attempt";
        pub(crate) const CALLBACK_REFUSED: &str = "cc_callback_refused";
        pub(crate) const EXIT_KEY: &str = "cc_exit_key";
        pub(crate) const TALK_COURSE: &str = "cc_talk_course";
        pub(crate) const WITHDRAW_REASON: &str = "cc_withdraw_reason";
        pub(crate) const RECORD_FILENAME: &str = "cc_record_filename";
        pub(crate) const LAST_AGENT_TIER_LEVEL: &str = "cc_last_agent_tier_level";
        pub(crate) const LAST_AGENT_TIER_POSITION: &str = "cc_last_agent_tier_position";
        pub(crate) const LAST_ORIGINATED_CALL: &str = "cc_last_originated_call";
        pub(crate) const TRACKED_AGENT: &str = "cc_tracked_agent";
    }
}
