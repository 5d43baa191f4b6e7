//! What a callback's row keeps of its member, and how that is read again.

use crate::engine::centre::member::Member;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::level_rules::LevelLimits;
use crate::engine::vocabulary::skills::RequiredSkills;
use crate::engine::vocabulary::words::Media;

impl Member {
    /// What a restart has to know of a member who is called back, without anything about the callback itself.
    pub(in crate::engine) fn callback_row(&self) -> CallbackRow {
        let requirements = self.requirements();
        let preferred = self.preferred.as_deref().map_or(&[][..], |preferred| preferred.names());
        CallbackRow {
            uuid: self.row.uuid.clone(),
            queue: self.row.queue.clone(),
            instance_id: self.row.instance_id.clone(),
            name: self.row.cid_name.clone(),
            joined_epoch: self.row.joined_epoch,
            base_score: self.row.base_score,
            required_skills: requirements.skills.to_string(),
            levels: written(&requirements.levels),
            preferred_agents: preferred.join(","),
            param: self.facts.param().unwrap_or_default().to_owned(),
            ..CallbackRow::default()
        }
    }
}

impl CallbackRow {
    /// What its member asks of an agent. What somebody has written that cannot be read asks for nothing.
    pub(in crate::engine) fn requirements(&self) -> CallerRequirements {
        CallerRequirements {
            skills: RequiredSkills::parse(&self.required_skills).unwrap_or_default(),
            levels: read(&self.levels),
            media: Media::Audio,
            at: None,
        }
    }
}

/// The levels with colons between them, as the channel variables say them; empty where there are none.
fn written(levels: &LevelLimits) -> String {
    if *levels == LevelLimits::default() {
        return String::new();
    }
    let text = |level: Option<i64>| level.map_or_else(String::new, |level| level.to_string());
    let raises = if levels.raises_order_only { "r" } else { "" };
    let raise = levels
        .raise
        .map_or_else(String::new, |raise| format!("{raises}{raise}"));
    format!("{}:{}:{raise}", text(levels.max), text(levels.min))
}

fn read(text: &str) -> LevelLimits {
    let mut parts = text.split(':');
    let mut level = || parts.next().unwrap_or_default().parse().ok();
    let levels = LevelLimits {
        max: level(),
        min: level(),
        ..LevelLimits::default()
    };
    let raised = parts.next().and_then(|raise| levels.with_raise(raise));
    raised.unwrap_or(levels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_as_they_are_written() {
        let some = LevelLimits {
            max: Some(5),
            ..LevelLimits::default()
        };
        let raised = some.with_raise("r3").expect("a level");
        let low = LevelLimits {
            min: Some(-1),
            ..LevelLimits::default()
        };
        for levels in [LevelLimits::default(), some, raised, low] {
            assert_eq!(read(&written(&levels)), levels);
        }
        for text in ["", "x", "::", "x:y:z", "1:2:3:4"] {
            let _ = read(text);
        }
    }
}
