//! What values a parameter takes, how they are read and how they are written.

use super::reading::Wrong;
use super::text::{any_of, is_blank, is_number, leading_integer, starts_with_number, truth};
use crate::engine::vocabulary::meaning::Since;

/// What values a parameter of `T` takes, and where they are kept.
pub enum Kind<T: 'static> {
    /// Any text; an empty one is none.
    Text {
        /// The value kept.
        get: fn(&T) -> Option<&str>,
        /// Keeps a value.
        set: fn(&mut T, Option<String>),
    },
    /// A whole number.
    Number {
        /// What is counted, for the operator: `seconds`.
        unit: &'static str,
        /// The smallest and the largest value.
        range: (i64, i64),
        /// The value kept.
        get: fn(&T) -> i64,
        /// Keeps a value that is in range.
        set: fn(&mut T, i64),
    },
    /// A number of an agent, read as C's `atoi` reads it, as stock does it wherever it is said.
    LikeC {
        /// What is counted, for the operator: `seconds`.
        unit: &'static str,
        /// The value kept.
        get: fn(&T) -> i64,
        /// Keeps a value from 0 to [`i32::MAX`].
        set: fn(&mut T, i64),
    },
    /// True or false, in FreeSWITCH's words.
    Flag {
        /// The value kept.
        get: fn(&T) -> bool,
        /// Keeps a value.
        set: fn(&mut T, bool),
    },
    /// One of several words, in any case.
    Word {
        /// The words, in their own spelling.
        words: fn() -> Vec<&'static str>,
        /// What is said of any other word: `is no strategy`.
        unknown: &'static str,
        /// The word kept.
        get: fn(&T) -> &str,
        /// Keeps a word. False when it is not known; what then is kept, if anything, is stock's matter.
        set: fn(&mut T, &str) -> bool,
        /// What holds when the word was not known: `"On Break" is used`.
        instead: fn(&T) -> String,
    },
    /// A value with rules of its own.
    Own {
        /// What the values are, for the operator: `text`, `milliseconds`.
        unit: &'static str,
        /// Takes a value from callcenter.conf.xml.
        configure: fn(&mut T, &str) -> Result<(), Wrong>,
        /// The value as text.
        write: fn(&T) -> String,
    },
}

impl<T: Clone> Kind<T> {
    /// What is counted, or what kind of value it is, for the operator.
    pub fn unit(&self) -> &'static str {
        match self {
            Kind::Text { .. } => "text",
            Kind::Number { unit, .. } | Kind::LikeC { unit, .. } | Kind::Own { unit, .. } => unit,
            Kind::Flag { .. } => "true or false",
            Kind::Word { .. } => "word",
        }
    }

    /// The value as text; an absent one is empty.
    pub(in crate::engine::configuration) fn write(&self, of: &T) -> String {
        match self {
            Kind::Text { get, .. } => get(of).unwrap_or_default().to_owned(),
            Kind::Number { get, .. } | Kind::LikeC { get, .. } => get(of).to_string(),
            Kind::Flag { get, .. } => get(of).to_string(),
            Kind::Word { get, .. } => get(of).to_owned(),
            Kind::Own { write, .. } => write(of),
        }
    }

    /// Gives `to` the value of `from`, in range or not.
    pub(in crate::engine::configuration) fn copy(&self, from: &T, to: &mut T) {
        match self {
            Kind::Text { get, set } => set(to, get(from).map(str::to_owned)),
            Kind::Number { get, set, .. } | Kind::LikeC { get, set, .. } => set(to, get(from)),
            Kind::Flag { get, set } => set(to, get(from)),
            Kind::Word { get, set, .. } => {
                set(to, get(from));
            }
            Kind::Own { configure, write, .. } => {
                // What a value is written as can be read.
                let _ = configure(to, &write(from));
            }
        }
    }

    /// Whether a value can be no value at all, as the text of a sound can and a number cannot.
    pub(in crate::engine::configuration) fn can_be_nothing(&self, of: &T) -> bool {
        match self {
            Kind::Text { .. } => true,
            Kind::Own { configure, write, .. } => {
                let mut emptied = of.clone();
                configure(&mut emptied, "").is_ok() && write(&emptied).is_empty()
            }
            _ => false,
        }
    }

    pub(in crate::engine::configuration) fn configure(
        &self,
        since: Since,
        of: &mut T,
        value: &str,
    ) -> Result<(), Wrong> {
        let is_lenient = since.is_stock();
        match self {
            Kind::Text { set, .. } => set(of, (!value.is_empty()).then(|| value.to_owned())),
            Kind::Number { .. } if is_lenient => return self.number_like_stock(of, value),
            Kind::LikeC { .. } => return self.number_like_c(of, value),
            Kind::Flag { .. } if is_lenient => return self.flag_like_stock(of, value),
            Kind::Number { .. } | Kind::Flag { .. } => {
                return self.set(of, value).map_err(|advice| Wrong {
                    what: named(value),
                    instead: format!("{} is used", self.write(of)),
                    advice,
                });
            }
            Kind::Word {
                set, instead, unknown, ..
            } => {
                if !set(of, value) {
                    return Err(Wrong {
                        what: format!("\"{value}\" {unknown}"),
                        instead: instead(of),
                        advice: self.advice(),
                    });
                }
            }
            Kind::Own { configure, .. } => return configure(of, value),
        }
        Ok(())
    }

    /// Takes a value that is one beyond doubt; what to write, otherwise.
    pub(in crate::engine::configuration) fn set(&self, of: &mut T, value: &str) -> Result<(), String> {
        match self {
            Kind::Text { set, .. } => set(of, (!value.is_empty()).then(|| value.to_owned())),
            Kind::Number { range, set, .. } => {
                let number = value.parse().ok().filter(|number| (range.0..=range.1).contains(number));
                set(of, number.ok_or_else(|| self.advice())?);
            }
            Kind::LikeC { set, .. } => set(of, c_number(value).ok_or_else(|| self.advice())?),
            Kind::Flag { set, .. } => {
                let flag = truth(value).filter(|_| !is_blank(value));
                set(of, flag.ok_or_else(|| self.advice())?);
            }
            Kind::Word { words, set, .. } => {
                let word = words().into_iter().find(|word| word.eq_ignore_ascii_case(value));
                set(of, word.ok_or_else(|| self.advice())?);
            }
            Kind::Own { configure, .. } => {
                let mut tried = of.clone();
                configure(&mut tried, value).map_err(|wrong| match wrong.advice.is_empty() {
                    true => format!("Here, {}.", wrong.what),
                    false => wrong.advice,
                })?;
                *of = tried;
            }
        }
        Ok(())
    }

    /// What to write, as a sentence; none where everything may be written.
    fn advice(&self) -> String {
        match self {
            Kind::Number { unit, range, .. } => format!("Use a number of {unit} from {} to {}.", range.0, range.1),
            Kind::LikeC { .. } => format!("Use a number from 0 to {}.", i32::MAX),
            Kind::Flag { .. } => "Use \"true\" or \"false\".".to_owned(),
            Kind::Word { words, .. } => format!("Use {}.", any_of(words())),
            Kind::Text { .. } | Kind::Own { .. } => String::new(),
        }
    }

    /// Stock reads the leading digits of what FreeSWITCH takes for a number.
    fn number_like_stock(&self, of: &mut T, value: &str) -> Result<(), Wrong> {
        let Kind::Number { range, get, set, .. } = self else {
            return Ok(());
        };
        let default = get(of);
        let number = leading_integer(value).filter(|number| is_number(value) && (range.0..=range.1).contains(number));
        let Some(number) = number else {
            return Err(Wrong {
                what: format!("\"{value}\" is not a number from {} to {}", range.0, range.1),
                instead: format!("{default} is used"),
                advice: String::new(),
            });
        };
        set(of, number);
        Ok(())
    }

    fn flag_like_stock(&self, of: &mut T, value: &str) -> Result<(), Wrong> {
        let Kind::Flag { get, set } = self else { return Ok(()) };
        let default = get(of);
        let Some(flag) = truth(value) else {
            return Err(Wrong {
                what: format!("\"{value}\" is neither true nor false"),
                instead: format!("{default} is used"),
                advice: String::new(),
            });
        };
        set(of, flag);
        Ok(())
    }

    /// A number as `atoi` reads it; negative ones and those beyond 32 bits are refused.
    fn number_like_c(&self, of: &mut T, value: &str) -> Result<(), Wrong> {
        let Kind::LikeC { set, .. } = self else { return Ok(()) };
        let wrong = |what: String, instead: &str| Wrong {
            what: format!("\"{value}\" is not a number{what}"),
            instead: instead.to_owned(),
            advice: String::new(),
        };
        match c_number(value) {
            None => Err(wrong(
                format!(" from 0 to {}", i32::MAX),
                "the agent keeps the value it has",
            )),
            Some(number) => {
                set(of, number);
                if starts_with_number(value) {
                    return Ok(());
                }
                Err(wrong(String::new(), "0 is used"))
            }
        }
    }
}

fn c_number(value: &str) -> Option<i64> {
    leading_integer(value).filter(|number| (0..=i64::from(i32::MAX)).contains(number))
}

fn named(value: &str) -> String {
    match is_blank(value) {
        true => "it is empty".to_owned(),
        false => format!("\"{value}\" is not what it can be"),
    }
}
