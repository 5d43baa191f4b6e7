//! What a supervisor may have done, as commands of the module.

use serde::Deserialize;

/// Letters of a reason.
const LONGEST_REASON: usize = 60;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Deed {
    /// An agent takes a break.
    Pause {
        /// Whose.
        agent: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// The break is over.
    Resume {
        /// Whose.
        agent: String,
    },
    /// An agent begins work.
    Login {
        /// Who.
        agent: String,
    },
    /// An agent ends work.
    Logout {
        /// Who.
        agent: String,
    },
    /// A caller has to leave the queue.
    Withdraw {
        /// Its stay.
        member: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// A caller is more or less urgent than by its wait.
    Score {
        /// Its stay.
        member: String,
        /// By how much, in seconds of waiting.
        score: i32,
    },
    /// Nobody is called back any more.
    CancelCallback {
        /// Whose stay.
        member: String,
    },
    /// Somebody is called back as soon as an agent is free.
    HastenCallback {
        /// Whose stay.
        member: String,
    },
    /// The supervisor sees to it, and is told the number: the call centre calls no more.
    TakeCallback {
        /// Whose stay.
        member: String,
    },
}

impl Deed {
    /// What it is done to: an agent, or a member's stay.
    pub fn whom(&self) -> &str {
        match self {
            Self::Pause { agent, .. } | Self::Resume { agent } | Self::Login { agent } | Self::Logout { agent } => {
                agent
            }
            Self::Withdraw { member, .. }
            | Self::Score { member, .. }
            | Self::CancelCallback { member }
            | Self::HastenCallback { member }
            | Self::TakeCallback { member } => member,
        }
    }

    /// It is done to an agent.
    pub fn is_of_agent(&self) -> bool {
        matches!(
            self,
            Self::Pause { .. } | Self::Resume { .. } | Self::Login { .. } | Self::Logout { .. }
        )
    }

    /// Whoever has done it is told whom to call.
    pub fn tells_number(&self) -> bool {
        matches!(self, Self::TakeCallback { .. })
    }

    /// The words behind `callcenter_config`; stock's module takes those that it knows.
    pub fn words(&self, is_stock: bool) -> Result<String, String> {
        let whom = name(self.whom())?;
        Ok(match self {
            Self::Pause { .. } if is_stock => format!("agent set status {whom} 'On Break'"),
            Self::Pause { reason, .. } if reason.is_empty() => format!("agent pause {whom}"),
            Self::Pause { reason, .. } => format!("agent pause {whom} {}", reason_of(reason)?),
            Self::Resume { .. } | Self::Login { .. } if is_stock => format!("agent set status {whom} Available"),
            Self::Resume { .. } => format!("agent resume {whom}"),
            Self::Login { .. } => format!("agent login {whom}"),
            Self::Logout { .. } => format!("agent set status {whom} 'Logged Out'"),
            _ if is_stock && !self.is_of_agent() => {
                return Err("stock's module has no such command".to_owned());
            }
            Self::Withdraw { reason, .. } if reason.is_empty() => format!("member withdraw {whom}"),
            Self::Withdraw { reason, .. } => format!("member withdraw {whom} {}", reason_of(reason)?),
            Self::Score { score, .. } => format!("member set base_score {whom} {score}"),
            Self::CancelCallback { .. } | Self::TakeCallback { .. } => format!("callback cancel {whom}"),
            Self::HastenCallback { .. } => format!("callback now {whom}"),
        })
    }
}

fn reason_of(text: &str) -> Result<String, String> {
    if text.chars().count() > LONGEST_REASON {
        return Err(format!("a reason has at most {LONGEST_REASON} characters"));
    }
    quoted(text)
}

/// The name of somebody who is there, whatever is in it: as one word of a command.
fn name(text: &str) -> Result<String, String> {
    // A line end would begin another command of the event socket; within quotes FreeSWITCH reads these two letters as one.
    let text = escaped(text).replace('\n', "\\n").replace('\r', "\\r");
    if text.is_empty() || text.contains('\0') {
        return Err("there is nobody without a name, and no name has a zero in it".to_owned());
    }
    Ok(format!("'{text}'"))
}

/// A reason that somebody has typed, as one word of a command.
fn quoted(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("a reason is empty, or has characters that cannot be shown".to_owned());
    }
    Ok(format!("'{}'", escaped(text)))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(agent: &str, reason: &str) -> Result<String, String> {
        let deed = Deed::Pause {
            agent: agent.to_owned(),
            reason: reason.to_owned(),
        };
        deed.words(false)
    }

    #[test]
    fn whatever_a_name_has_in_it_is_one_word() {
        assert_eq!(pause("1001@default", "").expect("words"), "agent pause '1001@default'");
        assert_eq!(
            pause("o'neill", "lunch 'n' tea").expect("words"),
            r"agent pause 'o\'neill' 'lunch \'n\' tea'"
        );
        assert_eq!(
            pause("1001\r\n\napi shutdown", "").expect("words"),
            r"agent pause '1001\r\n\napi shutdown'"
        );
        assert_eq!(pause("a\tb\u{1b}", "").expect("words"), "agent pause 'a\tb\u{1b}'");
        assert_eq!(pause(r"c\n", "").expect("words"), r"agent pause 'c\\n'");
        assert!(pause("a\0b", "").is_err());
        assert!(pause("1001", "a\r\nb").is_err());
        assert!(pause("", "x").is_err());
        assert!(pause("1001", &"x".repeat(61)).is_err());
    }

    #[test]
    fn stock_does_what_it_knows() {
        let deed = Deed::Resume { agent: "1".to_owned() };
        assert_eq!(deed.words(true).expect("words"), "agent set status '1' Available");
        let deed = Deed::Score {
            member: "m".to_owned(),
            score: 5,
        };
        assert!(deed.words(true).is_err());
        assert_eq!(deed.words(false).expect("words"), "member set base_score 'm' 5");
    }

    #[test]
    fn callbacks_are_cancelled_hastened_and_taken_and_only_who_takes_one_is_told_the_number() {
        let deed = |text: &str| serde_json::from_str::<Deed>(text).expect("a deed");
        for (what, words, tells_number) in [
            ("cancel-callback", "callback cancel 'm'", false),
            ("hasten-callback", "callback now 'm'", false),
            ("take-callback", "callback cancel 'm'", true),
        ] {
            let deed = deed(&format!("{{\"do\":\"{what}\",\"member\":\"m\"}}"));
            assert_eq!(deed.words(false).expect("words"), words);
            assert_eq!((deed.tells_number(), deed.is_of_agent()), (tells_number, false));
            assert!(deed.words(true).is_err());
        }
    }
}
