//! Short ways to write an entry whose value is kept in a field of its own name. `Entry` is the table's type of parameters.

/// An entry for a field of type `Option<String>`.
macro_rules! text {
    ($name:literal, $since:ident, $($field:ident).+) => {
        Entry::new(
            $name,
            Since::$since,
            Kind::Text {
                get: |of| of.$($field).+.as_deref(),
                set: |of, value| of.$($field).+ = value,
            },
        )
    };
}

/// An entry for a field of any type of integers that holds the whole range.
macro_rules! number {
    ($name:literal, $since:ident, $($field:ident).+, $unit:literal, $least:expr, $most:expr) => {
        Entry::new(
            $name,
            Since::$since,
            Kind::Number {
                unit: $unit,
                range: ($least, $most),
                get: |of| i64::from(of.$($field).+),
                set: |of, value| {
                    if let Ok(value) = value.try_into() {
                        of.$($field).+ = value;
                    }
                },
            },
        )
    };
}

/// An entry for a field of type `bool`.
macro_rules! flag {
    ($name:literal, $since:ident, $($field:ident).+) => {
        Entry::new(
            $name,
            Since::$since,
            Kind::Flag {
                get: |of| of.$($field).+,
                set: |of, value| of.$($field).+ = value,
            },
        )
    };
}

/// An entry for a field of a type whose values are words. An unknown word leaves the field as it is.
macro_rules! word {
    ($name:literal, $since:ident, $($field:ident).+, $words:ident, $unknown:literal) => {
        Entry::new(
            $name,
            Since::$since,
            Kind::Word {
                words: || $words::ALL.iter().map(|word| word.as_str()).collect(),
                unknown: $unknown,
                get: |of| of.$($field).+.as_str(),
                set: |of, value| $words::parse(value).map(|word| of.$($field).+ = word).is_some(),
                instead: |of| format!("\"{}\" is used", of.$($field).+),
            },
        )
    };
}

/// An entry whose value is read and written by functions of its own.
macro_rules! own {
    ($name:literal, $since:ident, $unit:expr, $configure:expr, $write:expr) => {
        Entry::new(
            $name,
            Since::$since,
            Kind::Own {
                unit: $unit,
                configure: $configure,
                write: $write,
            },
        )
    };
}

pub(in crate::engine::configuration) use {flag, number, own, text, word};
