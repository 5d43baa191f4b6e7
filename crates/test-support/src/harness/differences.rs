//! What the two modules may do differently, each with the reason. Everything else must be the same.

use super::event::Event;

/// Headers that are FreeSWITCH's own and differ from run to run: the process, the moment and the line of source an
/// event was made at, and the figures of the media and the SIP dialogue.
pub fn is_noise(name: &str) -> bool {
    let name = name.strip_prefix("variable_").unwrap_or(name);
    NOISE.iter().any(|prefix| name.starts_with(prefix))
}

const NOISE: &[&str] = &[
    "Core-UUID",
    "FreeSWITCH-",
    "Event-Date-",
    "Event-Calling-",
    "Event-Sequence",
    // The module numbers its events itself as well, behind all headers that stock sends.
    "CC-Event-Sequence",
    "rtp_",
    "sip_",
    // Set when a phone is told whom it talks to, which may come just before the end of a short call, or not.
    "last_sent_callee_id_",
    "playback_",
    "switch_r_sdp",
    "switch_m_sdp",
    "session_id",
    "local_media_port",
    "remote_media_port",
    "last_sent_callee_id",
    "remote_audio_ip",
    "remote_audio_port",
];

/// Events only our module sends.
pub fn is_only_here(event: &Event) -> bool {
    // A deleted agent is told to clients; stock keeps it to itself.
    event.is("agent-del")
}

/// Headers whose presence is compared and whose value is not, on one kind of event or on all.
pub fn is_masked(event: &Event, name: &str) -> bool {
    let variable = name.strip_prefix("variable_").unwrap_or(name);
    deliberate(event, name) || DURATIONS.iter().any(|end| variable.ends_with(end))
}

const DURATIONS: &[&str] = &["duration", "sec", "_ms", "_usec", "_stamp"];

/// Values that differ on purpose.
fn deliberate(event: &Event, name: &str) -> bool {
    match name {
        // Stock writes SUCCESS, the outcome of the originate; here it is why the talk ended.
        "CC-Hangup-Cause" => event.is("bridge-agent-end") || event.is("member-queue-end"),
        // Stock counts in the member's thread while the agent's thread writes that the member is answered, so that
        // the count after a bridge is 1 in one run and 0 in the next.
        "CC-Count" => event.is("members-count"),
        // FreeSWITCH notes the answer on a thread of its own, which stock's later look usually finds done.
        "Channel-Call-State" => event.is("bridge-agent-start"),
        "answer-state" | "channel-state" | "rpid" | "status" | "force-status" => event.is_core("PRESENCE_IN"),
        _ => false,
    }
}

/// Headers left out of the comparison of the events that end a talk.
///
/// Stock looks every 100 ms whether the agent's leg is still there and fires these events up to that much later, when
/// FreeSWITCH has taken both channels further; here they are fired at once. What tells how far a channel has got
/// depends on that moment alone, so it is not compared. Everything else of the channels is.
pub fn tells_the_moment(event: &Event, name: &str) -> bool {
    let ends_a_talk = event.is("bridge-agent-end") || event.is("member-queue-end");
    let variable = name.strip_prefix("variable_").unwrap_or(name);
    ends_a_talk
        && !variable.starts_with("cc_")
        && (PROGRESS.contains(&variable) || PROGRESS_TIMES.iter().any(|end| variable.ends_with(end)))
}

/// Headers of the same events that come from a channel and not from the call centre: when a talk ends by a transfer, a leg is in
/// other hands a moment later. Its variables are compared at the leg's end.
pub fn is_own_data_of_a_moving_leg(event: &Event, name: &str) -> bool {
    let ends_a_talk = event.is("bridge-agent-end") || event.is("member-queue-end");
    ends_a_talk && !name.starts_with("CC-")
}

/// Variables of a finished leg that say how its last bridge ended: after a transfer FreeSWITCH's threads race to set them.
pub fn is_of_the_last_bridge(name: &str) -> bool {
    [
        "variable_signal_bond",
        "variable_last_bridge_role",
        "variable_endpoint_disposition",
    ]
    .contains(&name)
}

const PROGRESS: &[&str] = &[
    "Answer-State",
    "Caller-Channel-Hangup-Time",
    "Channel-Call-State",
    "Channel-Call-UUID",
    "Channel-State",
    "Channel-State-Number",
    "Hangup-Cause",
    "DP_MATCH",
    "after_queue",
    "bridge_hangup_cause",
    "bridge_to",
    "call_uuid",
    "caller_id",
    "current_application",
    "current_application_data",
    "current_application_response",
    "digits_dialed",
    "hangup_cause",
    "hangup_cause_q850",
    "last_app",
    "last_arg",
    "last_bridge_hangup_cause",
    "last_bridge_proto_specific_hangup_cause",
    "last_bridge_role",
    "proto_specific_hangup_cause",
    "record_completion_cause",
    "record_file_size",
    "record_samples",
];

/// Ends of the names of the figures FreeSWITCH adds to a channel that is over.
const PROGRESS_TIMES: &[&str] = &[
    "duration", "sec", "_seconds", "_ms", "_usec", "_stamp", "_uepoch", "_epoch",
];

/// Variables that stock does not have.
pub fn is_ours_alone(name: &str) -> bool {
    // Recordings go on when the caller's own phone transfers the agent.
    ["variable_cc_state", "variable_recording_follow_transfer"].contains(&name)
}

/// Variables of a finished leg that are not compared.
pub fn differs_at_the_end(name: &str) -> bool {
    match name {
        // Stock sets it up to 100 ms after the talk, too late for the CDR of a caller who hung up.
        "variable_cc_queue_terminated_epoch" => true,
        // FreeSWITCH hangs up whoever is in an application of a module it unloads. Here a caller who talks is not.
        "variable_current_application" => true,
        _ => is_ours_alone(name),
    }
}
