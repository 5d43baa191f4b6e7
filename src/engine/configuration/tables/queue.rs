//! The parameters of a queue.

use crate::engine::configuration::parameters::absences;
use crate::engine::configuration::parameters::entry::{flag, number, own, text, word};
use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::reading::Wrong;
use crate::engine::configuration::parameters::topic::Topic;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::dial_string::why_not_dialled;
use crate::engine::vocabulary::keys::EVERY_KEY;
use crate::engine::vocabulary::level_rules::LevelRules;
use crate::engine::vocabulary::local_time::TimeOfDay;
use crate::engine::vocabulary::meaning::{means, Since};
use crate::engine::vocabulary::number_pattern::NumberPattern;
use crate::engine::vocabulary::skills::RequiredSkills;
use crate::engine::vocabulary::words::{
    AgentStatus, Autopause, CallbackFirst, CallbackLevel, ChatDispatch, EstimateTold, PositionTold, Strategy,
    TimeoutPriority,
};

/// Stock's upper limit of every number of a queue, seconds.
const DAY: i64 = 86_400;

/// Ten years.
const MOST_STICKY_DAYS: i64 = 3_650;

/// The highest `priority`: as many steps as a day has seconds.
const HIGHEST_PRIORITY: i64 = DAY;

/// A value that could not be read; the text says what to write, too.
fn refused(what: String, instead: &str) -> Wrong {
    Wrong {
        what: what.trim_end_matches('.').to_owned(),
        instead: instead.to_owned(),
        advice: String::new(),
    }
}

/// Asterisk's steps: parts of a minute that are pleasant to hear.
const ROUND_SECONDS: [u32; 6] = [0, 5, 10, 15, 20, 30];

fn round_seconds(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    let seconds = if value.is_empty() {
        Some(0)
    } else {
        value.trim().parse().ok()
    };
    match seconds.filter(|seconds| ROUND_SECONDS.contains(seconds)) {
        Some(seconds) => queue.announce_round_seconds = seconds,
        None => {
            return Err(Wrong {
                what: format!("\"{value}\" is no step that a wait is told in"),
                instead: format!("{} is used", queue.announce_round_seconds),
                advice: "Use 0, 5, 10, 15, 20 or 30.".to_owned(),
            })
        }
    }
    Ok(())
}

/// A week.
const MOST_CALLBACK_SECONDS: i64 = 7 * DAY;

/// The key of a telephone that a text names; none for an empty one.
fn key_named(value: &str, before: Option<char>) -> Result<Option<char>, Wrong> {
    let mut letters = value.trim().chars();
    match (letters.next(), letters.next()) {
        (None, _) => Ok(None),
        (Some(key), None) if EVERY_KEY.contains(key) => Ok(Some(key)),
        _ => Err(no_key(value, before)),
    }
}

fn no_key(value: &str, before: Option<char>) -> Wrong {
    Wrong {
        what: format!("\"{value}\" is no key of a telephone"),
        instead: before.map_or_else(|| "it is ignored".to_owned(), |key| format!("{key} is used")),
        advice: "Use one of 0 to 9, * and #.".to_owned(),
    }
}

fn written(key: Option<char>) -> String {
    key.map_or_else(String::new, String::from)
}

fn callback_key(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    queue.callbacks.key = key_named(value, queue.callbacks.key)?;
    Ok(())
}

fn callback_confirm_key(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    queue.callbacks.confirm_key = one_key(value, queue.callbacks.confirm_key)?;
    Ok(())
}

fn callback_give_back_key(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    queue.callbacks.give_back_key = one_key(value, queue.callbacks.give_back_key)?;
    Ok(())
}

/// The key that a text names, which has to name one.
fn one_key(value: &str, before: char) -> Result<char, Wrong> {
    let key = key_named(value, Some(before))?;
    key.ok_or_else(|| no_key(value, Some(before)))
}

fn callback_until(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    let until = Some(value)
        .filter(|value| !value.trim().is_empty())
        .map(TimeOfDay::parse);
    match until {
        None => queue.callbacks.until = None,
        Some(Some(until)) => queue.callbacks.until = Some(until),
        Some(None) => {
            return Err(Wrong {
                what: format!("\"{value}\" is no time of day"),
                instead: "it is ignored".to_owned(),
                advice: "Write hours and minutes: 17:30.".to_owned(),
            })
        }
    }
    Ok(())
}

fn callback_numbers(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    let numbers = Some(value).filter(|value| !value.is_empty()).map(NumberPattern::parse);
    match numbers.transpose() {
        Ok(numbers) => queue.callbacks.numbers = numbers,
        Err(trouble) => return Err(refused(trouble, "it is ignored")),
    }
    Ok(())
}

fn callback_dial(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    if value.trim().is_empty() {
        queue.callbacks.dial = None;
        return Ok(());
    }
    // The number is known to be one, and no dial string of its own.
    if let Some(why_not) = why_not_dialled(&value.replace("${callback_number}", "0")) {
        return Err(Wrong {
            what: format!("\"{value}\" cannot be dialled"),
            instead: "it is ignored".to_owned(),
            advice: format!(
                "In it, {why_not}. Write a dial string such as sofia/gateway/GATEWAY/${{callback_number}} or \
                 loopback/${{callback_number}}/default."
            ),
        });
    }
    queue.callbacks.dial = Some(value.to_owned());
    Ok(())
}

/// More callers than a machine holds.
const MANY: i64 = 1_000_000;

type Entry = Parameter<QueueConfig>;

/// Every parameter of a queue. Names and defaults of the first ones are stock's.
pub static QUEUE_PARAMETERS: &[Parameter<QueueConfig>] = &[
    Entry::new(
        "strategy",
        Since::Stock,
        Kind::Word {
            words: || Strategy::ALL.iter().map(|strategy| strategy.as_str()).collect(),
            unknown: "is no strategy",
            get: |queue| &queue.strategy,
            // Lists show it as it is written.
            set: |queue, value| {
                queue.strategy = value.to_owned();
                Strategy::parse(value).is_some()
            },
            instead: |queue| format!("the queue is served in the order of {}", queue.strategy()),
        },
    )
    .told(
        Topic::Ringing,
        means(
            "In which order agents are offered callers ([strategies](queues.md#who-is-rung-strategies)). `wrandom` is since 0.1: any \
             free agent, one of level 0 twice as often as one of level 1.",
        )
        .asterisk("`strategy`")
        .in_sample("longest-idle-agent"),
    ),
    text!("moh-sound", Stock, moh_sound).told(
        Topic::Sounds,
        means("What a waiting caller hears: a file, `local_stream://`, `tone_stream://` or anything FreeSWITCH can play.")
            .opensips("`message_queue`")
            .asterisk("`musicclass`")
            .in_sample("$${hold_music}"),
    ),
    text!("announce-sound", Stock, announce_sound).told(
        Topic::Sounds,
        means("Played to waiting callers now and then.")
            .asterisk("`periodic-announce`")
            .example("ivr/ivr-please_stay_on_line.wav"),
    ),
    number!("announce-frequency", Stock, announce_frequency, "seconds", 0, DAY).told(
        Topic::Sounds,
        means("Time between two plays of `announce-sound`, from end to start; 0 is never.").asterisk("`periodic-announce-frequency`"),
    ),
    text!("record-template", Stock, record_template).told(
        Topic::Talk,
        means("The file into which a talk is recorded; variables of the caller's channel may be used.")
            .asterisk("`monitor-format`")
            .example("$${recordings_dir}/${strftime(%Y-%m-%d-%H-%M-%S)}.${caller_id_number}.${uuid}.wav"),
    ),
    Entry::new(
        "time-base-score",
        Since::Stock,
        Kind::Word {
            words: || vec!["queue", "system"],
            unknown: "is not known",
            get: |queue| &queue.time_base_score,
            // Stock takes every text that is not `system` for `queue`, and shows it as it is written.
            set: |queue, value| {
                queue.time_base_score = value.to_owned();
                ["queue", "system", ""]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(value))
            },
            instead: |_| "the time in the queue counts".to_owned(),
        },
    )
    .told(
        Topic::Waiting,
        means(
            "Who waits longest is served first. `queue` counts from joining the queue, `system` from the answer of the call: time in \
             menus and other queues counts as waiting, too. A variable `cc_base_score` adds to it.",
        )
        .in_sample("system"),
    ),
    number!("ring-progressively-delay", Stock, ring_progressively_delay, "seconds", 0, DAY).told(
        Topic::Ringing,
        means("With `ring-progressively`: time until one more agent rings; 0 means 10.").example("10"),
    ),
    flag!("tier-rules-apply", Stock, tier_rules_apply).told(
        Topic::Levels,
        means("Higher levels are opened by the time waited.")
            .asterisk("`penaltychange`")
            .in_sample("false"),
    ),
    number!("tier-rule-wait-second", Stock, tier_rule_wait_second, "seconds", 0, DAY).told(
        Topic::Levels,
        means("With `tier-rules-apply`: how long a caller waits before the next level is opened.")
            .asterisk("`penaltychange`")
            .in_sample("30"),
    ),
    flag!("tier-rule-wait-multiply-level", Stock, tier_rule_wait_multiply_level).told(
        Topic::Levels,
        means("`tier-rule-wait-second` counts times the level.").in_sample("true"),
    ),
    flag!("tier-rule-no-agent-no-wait", Stock, tier_rule_no_agent_no_wait).told(
        Topic::Levels,
        means(
            "Tier rules skip levels without agents. When it is off, every level above 0 is waited for, also the first: give the first \
             agents level 0 then.",
        )
        .in_sample("true"),
    ),
    number!("discard-abandoned-after", Stock, discard_abandoned_after, "seconds", 0, DAY).told(
        Topic::Waiting,
        means("How long a caller who hung up keeps the place.").in_sample("60"),
    ),
    flag!("abandoned-resume-allowed", Stock, abandoned_resume_allowed).told(
        Topic::Waiting,
        means("A caller who returns within `discard-abandoned-after` gets the old place.").in_sample("false"),
    ),
    number!("max-wait-time", Stock, max_wait_time, "seconds", 0, DAY).told(
        Topic::Waiting,
        means("The longest wait; 0 is for ever.")
            .asterisk("`timeout` of Queue()")
            .in_sample("0"),
    ),
    number!("max-wait-time-with-no-agent", Stock, max_wait_time_with_no_agent, "seconds", 0, DAY).told(
        Topic::Waiting,
        means("The longest wait while no agent is logged in who could serve the caller, sooner or later; 0 is for ever.")
            .asterisk("`leavewhenempty`")
            .in_sample("0"),
    ),
    number!(
        "max-wait-time-with-no-agent-time-reached",
        Stock,
        max_wait_time_with_no_agent_time_reached,
        "seconds",
        0,
        DAY
    )
    .told(
        Topic::Waiting,
        means("Nobody leaves by `max-wait-time-with-no-agent` before having waited for that long and so many seconds more since joining; \
             0 counts the time without an agent alone.").in_sample("5"),
    ),
    word!(
        "agent-no-answer-status",
        Stock,
        agent_no_answer_status,
        AgentStatus,
        "is no agent status"
    )
    .told(
        Topic::Ringing,
        means("The status of an agent who has reached `max-no-answer`."),
    ),
    flag!("skip-agents-with-external-calls", Stock, skip_agents_with_external_calls).told(
        Topic::Ringing,
        means("Agents in other calls, counted by `callcenter_track`, are left out."),
    ),
    flag!("ring-in-use", V0_1, ring_in_use).told(
        Topic::Ringing,
        means("Agents are rung whose phone is in use already; `false`: not until it is free.").asterisk("`ringinuse`"),
    ),
    number!("priority", V0_1, priority, "steps", 0, HIGHEST_PRIORITY).told(
        Topic::Waiting,
        means("A freed agent takes from the queue of highest priority first, whatever the scores.")
            .opensips("`priority`")
            .asterisk("`weight`"),
    ),
    own!(
        "required-skills",
        V0_1,
        "skills",
        |queue, value| {
            let read = RequiredSkills::parse(value);
            read.map(|skills| queue.required_skills = skills)
                .map_err(|what| refused(what, "none is required"))
        },
        |queue| queue.required_skills.to_string()
    )
    .told(
        Topic::Levels,
        means("What an agent needs for the queue: `name`, `name>=level`, by commas; who has it serves the queue without a tier.")
            .opensips("`skill`")
            .example("german,billing>=5"),
    ),
    number!("skill-relax-seconds", V0_1, skill_relax_seconds, "seconds", 0, DAY).told(
        Topic::Levels,
        means("After each so many seconds of waiting one step less is required; 0 is never."),
    ),
    own!(
        "level-rules",
        V0_1,
        "rules",
        |queue, value| {
            let read = LevelRules::parse(value);
            read.map(|rules| queue.level_rules = rules)
                .map_err(|what| refused(what, "there are no rules"))
        },
        |queue| queue.level_rules.to_string()
    )
    .told(
        Topic::Levels,
        means(
            "`seconds:max[:min[:raise]]`, by commas: which levels may serve a caller, by the time waited; a raise of `r10` changes the \
             order only.",
        )
        .asterisk("`defaultrule`")
        .example("0:1,30:2,60:5"),
    ),
    number!("sticky-days", V0_1, sticky_days, "days", 0, MOST_STICKY_DAYS).told(
        Topic::Preferred,
        means(
            "For so many days after a talk in this queue the caller's next call prefers the same agent, where `cc_preferred_agents` \
             names none; 0: nobody is remembered, and who was is forgotten.",
        )
        .example("30"),
    ),
    text!("sticky-key", V0_1, sticky_key).told(
        Topic::Preferred,
        means("The variable of the caller's channel by which a caller is known again; without it the caller's number.")
            .example("customer_id"),
    ),
    number!("sticky-wait", V0_1, sticky_wait, "seconds", 0, DAY).told(
        Topic::Preferred,
        means(
            "How long a caller waits for a preferred agent who is there and not free; 0: such an agent is rung first only if free at once.",
        )
        .example("20"),
    ),
    flag!("sticky-only", V0_1, sticky_only).told(
        Topic::Preferred,
        means("A caller who prefers agents of this queue is offered to nobody else, until `max-wait-time`."),
    ),
    number!("retry-delay", V0_1, retry_delay, "seconds", 0, DAY).told(
        Topic::Ringing,
        means("Pause between an offer that failed and the caller's next one.").asterisk("`retry`"),
    ),
    number!("member-delay", V0_1, member_delay, "seconds", 0, DAY).told(
        Topic::Talk,
        means("Silence the agent hears before being connected.").asterisk("`memberdelay`"),
    ),
    number!("wrap-up-time", V0_1, wrap_up_time, "seconds", 0, DAY).told(
        Topic::Talk,
        means("Pause after a call for agents without a `wrap-up-time` of their own; 0 is the setting's.")
            .asterisk("`wrapuptime`"),
    ),
    number!("max-wrap-up-time", V0_1, max_wrap_up_time, "seconds", 0, DAY).told(
        Topic::Talk,
        means("No pause after a call of the queue is longer, the agent's own neither; 0 is no limit.")
            .opensips("`max_wrapup_time`"),
    ),
    word!(
        "chat-dispatch-policy",
        V0_1,
        chat_dispatch_policy,
        ChatDispatch,
        "is no policy"
    )
    .told(
        Topic::Ringing,
        means(
            "Which of several agents of a level gets a chat: `balancing` whoever has the fewest, `full-load` whoever has the most and \
             room for one more.",
        )
        .opensips("`chat_dispatch_policy`"),
    ),
    word!(
        "timeout-priority",
        V0_1,
        timeout_priority,
        TimeoutPriority,
        "is neither \"conf\" nor \"app\""
    )
    .told(
        Topic::Waiting,
        means(
            "`app`: a phone stops ringing when `max-wait-time` is reached; `conf`, as in stock: it rings on and the caller can still be \
             answered.",
        )
        .asterisk("`timeoutpriority`"),
    ),
    word!(
        "autopause",
        V0_1,
        autopause,
        Autopause,
        "does not say where an agent is paused"
    )
    .told(
        Topic::Ringing,
        means("Who does not answer is paused: `no`, `yes` (in this queue), `all` (on a break).").asterisk("`autopause`"),
    ),
    flag!("autopause-busy", V0_1, autopause_busy).told(
        Topic::Ringing,
        means("Who is busy or rejects the call is paused as well, where `autopause` says.").asterisk("`autopausebusy`"),
    ),
    flag!("autopause-unavailable", V0_1, autopause_unavailable).told(
        Topic::Ringing,
        means("Who has no registered phone is paused as well, where `autopause` says.").asterisk("`autopauseunavail`"),
    ),
    number!("autopause-delay", V0_1, autopause_delay, "seconds", 0, DAY).told(
        Topic::Ringing,
        means("`autopause` pauses nobody within this time after a call.").asterisk("`autopausedelay`"),
    ),
    word!(
        "announce-position",
        V0_1,
        announce_position,
        PositionTold,
        "is no answer to who is told"
    )
    .told(
        Topic::Announcements,
        means(
            "Who is told the place in line: `no`, `yes`, `limit` (the first ones only), `more` (whoever stands behind them hears that \
             there are more).",
        )
        .asterisk("`announce-position`")
        .in_sample("no"),
    ),
    number!("announce-position-limit", V0_1, announce_position_limit, "places", 1, DAY).told(
        Topic::Announcements,
        means("The last place that is told with `limit` and `more`.").asterisk("`announce-position-limit`"),
    ),
    number!("announce-position-frequency", V0_1, announce_position_frequency, "seconds", 0, DAY).told(
        Topic::Announcements,
        means("Time from the end of one telling of the place to the next; 0 is never, not even the first.").asterisk("`announce-frequency`"),
    ),
    number!(
        "announce-position-min-frequency",
        V0_1,
        announce_position_min_frequency,
        "seconds",
        0,
        DAY
    )
    .told(
        Topic::Announcements,
        means("Time after which a place that has changed is told sooner.").asterisk("`min-announce-frequency`"),
    ),
    word!(
        "announce-holdtime",
        V0_1,
        announce_holdtime,
        EstimateTold,
        "is no answer to whether it is told"
    )
    .told(
        Topic::Announcements,
        means("Whether the estimated wait is told with the place: `no`, `yes`, `once`.").asterisk("`announce-holdtime`"),
    ),
    own!(
        "announce-round-seconds",
        V0_1,
        "seconds",
        round_seconds,
        |queue| queue.announce_round_seconds.to_string()
    )
    .told(
        Topic::Announcements,
        means("The wait is told rounded to 5, 10, 15, 20 or 30 seconds; 0 is minutes begun.")
            .asterisk("`announce-round-seconds`"),
    ),
    text!("periodic-announce-sounds", V0_1, periodic_announce_sounds).told(
        Topic::Sounds,
        means("Sounds with commas between them, one of which is played now and then.")
            .asterisk("`periodic-announce`")
            .example("ivr/ivr-thank_you_for_holding.wav,ivr/ivr-please_stay_on_line.wav"),
    ),
    number!("periodic-announce-frequency", V0_1, periodic_announce_frequency, "seconds", 0, DAY).told(
        Topic::Sounds,
        means("Time between two of `periodic-announce-sounds`; 0 is never.").asterisk("`periodic-announce-frequency`"),
    ),
    flag!("periodic-announce-random", V0_1, periodic_announce_random).told(
        Topic::Sounds,
        means("Any of `periodic-announce-sounds`, not one after the other.").asterisk("`random-periodic-announce`"),
    ),
    flag!("periodic-announce-relative", V0_1, periodic_announce_relative).told(
        Topic::Sounds,
        means("`periodic-announce-frequency` counts from the end of the last sound, not from its beginning.")
            .asterisk("`relative-periodic-announce`"),
    ),
    text!("agent-announce-sound", V0_1, agent_announce_sound).told(
        Topic::Talk,
        means("What the agent hears before being connected.")
            .opensips("`message_flow_id`")
            .asterisk("`announce`")
            .example("sales.wav"),
    ),
    flag!("agent-announce-wait", V0_1, agent_announce_wait).told(
        Topic::Talk,
        means("The agent is told how long the caller has waited.").asterisk("`reportholdtime`"),
    ),
    text!("welcome-sound", V0_1, welcome_sound).told(
        Topic::Sounds,
        means("What a caller hears before entering.")
            .opensips("`message_welcome`")
            .example("ivr/ivr-welcome.wav"),
    ),
    text!("cid-name-prefix", V0_1, cid_name_prefix).told(
        Topic::Talk,
        means(
            "Put before the caller's name on the agent's phone; without `:`, `/` and `@`: \
             [why](queues.md#what-the-agents-phone-shows).",
        )
        .opensips("`prependcid`")
        .example("Support - "),
    ),
    text!("cc-export-vars", V0_1, cc_export_vars).told(
        Topic::Talk,
        means("Names of the caller's variables that the agent's leg gets, beside those of `cc_export_vars`.")
            .asterisk("`setinterfacevar`")
            .example("customer,order"),
    ),
    number!("max-queue-length", V0_1, max_queue_length, "callers", 0, MANY).told(
        Topic::Door,
        means("So many callers may wait at once; 0 is any number.").asterisk("`maxlen`"),
    ),
    flag!("reject-on-no-agents", V0_1, reject_on_no_agents).told(
        Topic::Door,
        means("Nobody enters while all agents are logged out who could serve the caller.")
            .opensips("`reject_on_no_agents`"),
    ),
    own!(
        "join-empty",
        V0_1,
        absences::UNIT,
        |queue, value| absences::read(&mut queue.join_empty, value, absences::JOIN),
        |queue| absences::write(queue.join_empty, absences::JOIN)
    )
    .told(
        Topic::Door,
        means(
            "Whether callers enter when no agent could take them; who lacks the skills or the level for the caller does not count. A \
             list names the absences that count: `paused`, `inuse`, `ringing`, `unavailable`, `wrapup`.",
        )
        .asterisk("`joinempty`"),
    ),
    own!(
        "leave-when-empty",
        V0_1,
        absences::UNIT,
        |queue, value| absences::read(&mut queue.leave_when_empty, value, absences::LEAVE),
        |queue| absences::write(queue.leave_when_empty, absences::LEAVE)
    )
    .told(
        Topic::Door,
        means("Whether callers leave when no agent could take them any more, with the words of `join-empty`.")
            .asterisk("`leavewhenempty`"),
    ),
    number!("dissuade-queue-size", V0_1, dissuade_queue_size, "callers", 0, MANY).told(
        Topic::Dissuasion,
        means("A caller who finds more callers than this is dissuaded; 0 is nobody.").opensips("`diss_qsize_th`"),
    ),
    number!("dissuade-estimated-wait", V0_1, dissuade_estimated_wait, "seconds", 0, DAY).told(
        Topic::Dissuasion,
        means("A caller who would probably wait longer is dissuaded; 0 is nobody.").opensips("`diss_ewt_th`"),
    ),
    number!("dissuade-wait", V0_1, dissuade_wait, "seconds", 0, DAY).told(
        Topic::Dissuasion,
        means("A caller who has waited so long is dissuaded; 0 is nobody.").opensips("`diss_onhold_th`"),
    ),
    text!("dissuade-sound", V0_1, dissuade_sound).told(
        Topic::Dissuasion,
        means("What a caller hears who is dissuaded.")
            .opensips("`message_dissuading`")
            .example("ivr/ivr-call_back_later.wav"),
    ),
    flag!("dissuade-hangup", V0_1, dissuade_hangup).told(
        Topic::Dissuasion,
        means("A caller who is dissuaded is hung up after `dissuade-sound`.").opensips("`dissuading_hangup`"),
    ),
    text!("dissuade-destination", V0_1, dissuade_destination).told(
        Topic::Dissuasion,
        means("A caller who is dissuaded is transferred there after `dissuade-sound`: extension, dialplan and context.").example("3999 XML default"),
    ),
    text!("exit-keys", V0_1, exit_keys).told(
        Topic::Keys,
        means("Keys with which a caller leaves, where `cc_exit_keys` names none; with `exit-context` every key.")
            .asterisk("`context`")
            .example("0"),
    ),
    text!("exit-context", V0_1, exit_context).told(
        Topic::Keys,
        means("A caller who leaves with a key goes to the extension of that name in this context; without it the dialplan goes on.")
            .asterisk("`context`")
            .example("leave_queue"),
    ),
    number!("position-variable", V0_1, position_variable, "places", 0, 1000).told(
        Topic::Waiting,
        means("For so many of the first in line `cc_position` is kept current; 0 is nobody.")
            .opensips("`queue_pos_param`")
            .asterisk("`QUEUEPOSITION`"),
    ),
    own!("callback-key", V0_1, "key", callback_key, |queue| written(queue.callbacks.key)).told(
        Topic::Callbacks,
        means("With this key a waiting caller asks to be called back and keeps the place; without it callers are not offered it.").example("2"),
    ),
    number!("callback-offer-after", V0_1, callbacks.offer_after, "seconds", 0, DAY).told(
        Topic::Callbacks,
        means("A caller who has waited so long may ask to be called back."),
    ),
    number!("callback-offer-position", V0_1, callbacks.offer_position, "places", 0, MANY).told(
        Topic::Callbacks,
        means("A caller on this place in line, or behind it, may ask to be called back; 0 is everybody."),
    ),
    number!("callback-offer-wait", V0_1, callbacks.offer_wait, "seconds", 0, DAY).told(
        Topic::Callbacks,
        means("A caller who would probably wait so long may ask to be called back; 0 is everybody."),
    ),
    text!("callback-offer-sound", V0_1, callbacks.offer_sound).told(
        Topic::Callbacks,
        means("Tells a caller who may ask to be called back of `callback-key`.").example("callback_offer.wav"),
    ),
    number!("callback-offer-frequency", V0_1, callbacks.offer_frequency, "seconds", 0, DAY).told(
        Topic::Callbacks,
        means("Time between two plays of `callback-offer-sound`, from end to start; 0 is once."),
    ),
    flag!("callback-confirm-number", V0_1, callbacks.confirm_number).told(
        Topic::Callbacks,
        means("The number is read back, and nobody is called before the caller has confirmed it."),
    ),
    flag!("callback-other-number", V0_1, callbacks.other_number).told(
        Topic::Callbacks,
        means("A caller may give another number than its own. Whoever may make calls at your expense decides who is called: set `callback-numbers`."),
    ),
    own!("callback-numbers", V0_1, "text", callback_numbers, |queue| {
        let numbers = queue.callbacks.numbers.as_ref();
        numbers.map_or_else(String::new, |numbers| numbers.as_str().to_owned())
    })
    .told(
        Topic::Callbacks,
        means("The numbers that are called, as a regular expression for the whole number; without it any. What is no number is never called.").example("0[1-9][0-9]{5,13}"),
    ),
    number!("callback-max-pending", V0_1, callbacks.max_pending, "callbacks", 0, MANY).told(
        Topic::Callbacks,
        means("So many callers may wait to be called back at once; 0 is any number."),
    ),
    number!("callback-expires", V0_1, callbacks.expires, "seconds", 0, MOST_CALLBACK_SECONDS).told(
        Topic::Callbacks,
        means("A callback is given up so long after it was asked for; 0 is never."),
    ),
    number!("callback-delay", V0_1, callbacks.delay, "seconds", 0, DAY).told(
        Topic::Callbacks,
        means("Nobody is called back sooner after asking for it."),
    ),
    number!("callback-attempts", V0_1, callbacks.attempts, "attempts", 0, 100).told(
        Topic::Callbacks,
        means("A callback is given up after so many attempts; 0 is any number."),
    ),
    number!("callback-retry-delay", V0_1, callbacks.retry_delay, "seconds", 1, DAY).told(
        Topic::Callbacks,
        means("Time between an attempt that has failed and the next one."),
    ),
    number!("callback-ring-time", V0_1, callbacks.ring_time, "seconds", 5, 300).told(
        Topic::Callbacks,
        means("How long an attempt takes at most, from dialling until `callback-confirm-key` is pressed. So long an agent is held for it."),
    ),
    number!("callback-lead", V0_1, callbacks.lead, "seconds", 0, 300).told(
        Topic::Callbacks,
        means("A callback is dialled before an agent is free for it, when by the pace of the line one will be within this time; 0 waits until one is. With `callback-first` = `agent` it means nothing.")
            .example("20"),
    ),
    own!("callback-dial", V0_1, "text", callback_dial, |queue| {
        queue.callbacks.dial.clone().unwrap_or_default()
    })
    .told(
        Topic::Callbacks,
        means("The dial string by which callers are called back, with `${callback_number}`; without it nobody is called back.")
            .example("loopback/${callback_number}/default"),
    ),
    text!("callback-caller-id-name", V0_1, callbacks.caller_id_name).told(
        Topic::Callbacks,
        means("The name that is shown to whoever is called back.").example("Support"),
    ),
    text!("callback-caller-id-number", V0_1, callbacks.caller_id_number).told(
        Topic::Callbacks,
        means("The number that is shown to whoever is called back.").example("030123456"),
    ),
    own!("callback-confirm-key", V0_1, "key", callback_confirm_key, |queue| queue.callbacks.confirm_key.to_string()).told(
        Topic::Callbacks,
        means("With this key whoever is called back takes the call; nobody else, and no voicemail, is put through."),
    ),
    text!("callback-confirm-sound", V0_1, callbacks.confirm_sound).told(
        Topic::Callbacks,
        means("What whoever answers hears until `callback-confirm-key` is pressed; without it the phrase of conf/lang/callcenter.xml.")
            .example("callback_confirm.wav"),
    ),
    word!("callback-first", V0_1, callbacks.first, CallbackFirst, "is nobody who is called first").told(
        Topic::Callbacks,
        means("Who is called first: `customer`, and an agent is held meanwhile; or `agent`, who hears whom it is about and may give it back."),
    ),
    text!("callback-agent-sound", V0_1, callbacks.agent_sound).told(
        Topic::Callbacks,
        means("What an agent hears who is called first, before the callback is taken; without it the phrase of conf/lang/callcenter.xml.")
            .example("callback_for_you.wav"),
    ),
    own!("callback-give-back-key", V0_1, "key", callback_give_back_key, |queue| queue.callbacks.give_back_key.to_string()).told(
        Topic::Callbacks,
        means("With this key an agent who is called first gives the callback back; others are offered it."),
    ),
    own!("callback-until", V0_1, "time of day", callback_until, |queue| {
        queue.callbacks.until.map_or_else(String::new, |until| until.to_string())
    })
    .told(
        Topic::Callbacks,
        means("From this local time of day until midnight nobody is promised a call; what was promised before is kept.").example("17:30"),
    ),
    number!("callback-attempts-per-day", V0_1, callbacks.attempts_per_day, "attempts", 0, 100).told(
        Topic::Callbacks,
        means("So often a number is called on one local day, by all queues together; 0 is any number."),
    ),
    word!("callback-service-level", V0_1, callbacks.service_level, CallbackLevel, "is no way to count callbacks").told(
        Topic::Callbacks,
        means("How those who asked to be called back count in the service level: `count`, from their first joining; `leave-out`: not at all."),
    ),
];
