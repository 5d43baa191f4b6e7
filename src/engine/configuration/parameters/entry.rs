//! Short ways to write an entry whose value is kept in a field of its own name.

/// An entry for a field of type `Option<String>`.
macro_rules! text {
    ($name:literal, $since:ident, $field:ident) => {
        Parameter {
            name: $name,
            since: Since::$since,
            kind: Kind::Text {
                get: |of| of.$field.as_deref(),
                set: |of, value| of.$field = value,
            },
        }
    };
}

/// An entry for a field of any type of integers that holds the whole range.
macro_rules! number {
    ($name:literal, $since:ident, $field:ident, $unit:literal, $least:expr, $most:expr) => {
        Parameter {
            name: $name,
            since: Since::$since,
            kind: Kind::Number {
                unit: $unit,
                range: ($least, $most),
                get: |of| i64::from(of.$field),
                set: |of, value| {
                    if let Ok(value) = value.try_into() {
                        of.$field = value;
                    }
                },
            },
        }
    };
}

/// An entry for a field of type `bool`.
macro_rules! flag {
    ($name:literal, $since:ident, $field:ident) => {
        Parameter {
            name: $name,
            since: Since::$since,
            kind: Kind::Flag {
                get: |of| of.$field,
                set: |of, value| of.$field = value,
            },
        }
    };
}

/// An entry for a field of a type whose values are words. An unknown word leaves the field as it is.
macro_rules! word {
    ($name:literal, $since:ident, $field:ident, $words:ident, $unknown:literal) => {
        Parameter {
            name: $name,
            since: Since::$since,
            kind: Kind::Word {
                words: || $words::ALL.iter().map(|word| word.as_str()).collect(),
                unknown: $unknown,
                get: |of| of.$field.as_str(),
                set: |of, value| $words::parse(value).map(|word| of.$field = word).is_some(),
                instead: |of| format!("\"{}\" is used", of.$field),
            },
        }
    };
}

pub(in crate::engine::configuration) use {flag, number, text, word};
