//! Which events a client wants.

use super::event::{Event, Format};
use std::collections::BTreeSet;

/// A client's wishes.
#[derive(Debug, Default)]
pub(super) struct Subscription {
    format: Format,
    all: bool,
    names: BTreeSet<String>,
    subclasses: BTreeSet<String>,
    /// Any of these headers with any of these values; none lets everything pass.
    filters: Vec<(String, String)>,
}

impl Subscription {
    /// `event FORMAT NAME NAME CUSTOM SUBCLASS ...`: the reply.
    pub fn add(&mut self, words: &[&str]) -> String {
        let (format, names) = match words {
            [first, names @ ..] if first.eq_ignore_ascii_case("plain") => (Format::Plain, names),
            [first, names @ ..] if first.eq_ignore_ascii_case("json") => (Format::Json, names),
            [first, ..] if first.eq_ignore_ascii_case("xml") => {
                return "-ERR events come as plain or json here".to_owned();
            }
            names => (Format::Plain, names),
        };
        if names.is_empty() {
            return "-ERR no keywords supplied".to_owned();
        }
        self.format = format;
        self.for_each(names, |subscription, name, is_subclass| {
            if is_subclass {
                subscription.subclasses.insert(name);
            } else {
                subscription.all |= name == "ALL";
                subscription.names.insert(name);
            }
        });
        let format = if format == Format::Json { "json" } else { "plain" };
        format!("+OK event listener enabled {format}")
    }

    /// `nixevent NAME ...`: the reply.
    pub fn remove(&mut self, names: &[&str]) -> String {
        if names.is_empty() {
            return "-ERR no keywords supplied".to_owned();
        }
        self.for_each(names, |subscription, name, is_subclass| {
            if is_subclass {
                subscription.subclasses.remove(&name);
            } else {
                subscription.all &= name != "ALL";
                subscription.names.remove(&name);
            }
        });
        "+OK events nixed".to_owned()
    }

    /// `noevents`: the reply.
    pub fn clear(&mut self) -> String {
        let is_listening = self.all || !self.names.is_empty() || !self.subclasses.is_empty();
        *self = Self {
            filters: std::mem::take(&mut self.filters),
            ..Self::default()
        };
        if is_listening {
            "+OK no longer listening for events".to_owned()
        } else {
            "-ERR not listening for events".to_owned()
        }
    }

    /// `filter NAME VALUE`, `filter delete NAME VALUE`, `filter delete NAME`, `filter delete all`: the reply.
    pub fn filter(&mut self, words: &[&str]) -> String {
        match words {
            ["delete", "all"] => {
                self.filters.clear();
                "+OK filter deleted. [all]".to_owned()
            }
            ["delete", name, value @ ..] => {
                let value = value.join(" ");
                self.filters.retain(|(header, wanted)| {
                    !header.eq_ignore_ascii_case(name) || !(value.is_empty() || *wanted == value)
                });
                format!("+OK filter deleted. [{name}]=[{value}]")
            }
            [name, value @ ..] if !value.is_empty() => {
                let value = value.join(" ");
                let reply = format!("+OK filter added. [{name}]=[{value}]");
                self.filters.push(((*name).to_owned(), value));
                reply
            }
            _ => "-ERR invalid syntax".to_owned(),
        }
    }

    /// The form in which the client gets this event; none where it does not want it.
    pub fn wants(&self, event: &Event) -> Option<Format> {
        let name = event.header("Event-Name").unwrap_or_default();
        let subclass = event.header("Event-Subclass");
        let is_meant = self.all
            || match subclass {
                Some(subclass) => self.subclasses.contains(subclass),
                None => self.names.contains(name),
            };
        let passes = |(header, value): &(String, String)| event.header(header).is_some_and(|found| found == value);
        let passes = self.filters.is_empty() || self.filters.iter().any(passes);
        (is_meant && passes).then_some(self.format)
    }

    /// Whatever stands behind CUSTOM is a subclass; `CUSTOM` alone means none.
    fn for_each(&mut self, names: &[&str], mut note: impl FnMut(&mut Self, String, bool)) {
        let mut are_subclasses = false;
        for name in names {
            if name.eq_ignore_ascii_case("CUSTOM") {
                are_subclasses = true;
            } else if are_subclasses {
                note(self, (*name).to_owned(), true);
            } else {
                note(self, name.to_ascii_uppercase(), false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn custom(subclass: &str) -> Event {
        let mut event = Event::new("CUSTOM", Some(subclass));
        event.add("CC-Queue", "sales");
        event
    }

    #[test]
    fn subclasses_stand_behind_custom() {
        let mut wishes = Subscription::default();
        assert_eq!(wishes.wants(&custom("callcenter::info")), None);
        let reply = wishes.add(&["json", "HEARTBEAT", "custom", "callcenter::info"]);
        assert_eq!(reply, "+OK event listener enabled json");
        assert_eq!(wishes.wants(&custom("callcenter::info")), Some(Format::Json));
        assert_eq!(wishes.wants(&custom("sofia::register")), None);
        assert_eq!(wishes.wants(&Event::new("HEARTBEAT", None)), Some(Format::Json));
        wishes.remove(&["CUSTOM", "callcenter::info"]);
        assert_eq!(wishes.wants(&custom("callcenter::info")), None);
        assert_eq!(wishes.clear(), "+OK no longer listening for events");
        assert_eq!(wishes.clear(), "-ERR not listening for events");
    }

    #[test]
    fn a_filter_lets_pass_what_has_its_value() {
        let mut wishes = Subscription::default();
        wishes.add(&["plain", "ALL"]);
        assert_eq!(
            wishes.filter(&["CC-Queue", "support"]),
            "+OK filter added. [CC-Queue]=[support]"
        );
        assert_eq!(wishes.wants(&custom("callcenter::info")), None);
        wishes.filter(&["cc-queue", "sales"]);
        assert_eq!(wishes.wants(&custom("callcenter::info")), Some(Format::Plain));
        wishes.filter(&["delete", "CC-Queue", "sales"]);
        assert_eq!(wishes.wants(&custom("callcenter::info")), None);
        wishes.filter(&["delete", "all"]);
        assert_eq!(wishes.wants(&custom("callcenter::info")), Some(Format::Plain));
    }
}
