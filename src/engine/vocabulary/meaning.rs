//! What is said of a name that a user can write, or meets: the reference, the sample configuration and the usage are made of it.

/// Since when a name has been there, and so how values of a parameter are read from callcenter.conf.xml.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Stock has it: values are read as leniently as stock reads them.
    Stock,
    /// Release 0.1. As with whatever is our own a value that is none is refused, and the default holds.
    V0_1,
}

impl Since {
    /// Whether stock has it.
    pub const fn is_stock(self) -> bool {
        matches!(self, Since::Stock)
    }

    /// As the reference says it: `stock`, or the release.
    pub const fn as_str(self) -> &'static str {
        match self {
            Since::Stock => "stock",
            Since::V0_1 => "0.1",
        }
    }
}

/// How a name stands in `conf/callcenter.conf.xml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// Commented out, with its default.
    Default,
    /// Commented out, with this value: it has no default, or one that shows nothing.
    Example(&'static str),
    /// In force, with this value.
    InForce(&'static str),
}

/// What a name means, and what corresponds to it elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    /// Whole sentences in Markdown; links lead from `docs/admin`.
    pub what: &'static str,
    /// What corresponds in OpenSIPS call_center, in Markdown: column, parameter or function. Empty where nothing does.
    pub opensips: &'static str,
    /// What corresponds in Asterisk app_queue, in Markdown: option of queues.conf, variable, application, command or event of the
    /// manager. Empty where nothing does.
    pub asterisk: &'static str,
    /// How it stands in the sample configuration, if it is written there at all.
    pub sample: Sample,
}

/// A meaning in whole sentences, to which nothing corresponds elsewhere.
pub const fn means(what: &'static str) -> Meaning {
    Meaning {
        what,
        opensips: "",
        asterisk: "",
        sample: Sample::Default,
    }
}

impl Meaning {
    /// With what corresponds in OpenSIPS call_center.
    pub const fn opensips(self, opensips: &'static str) -> Self {
        Self { opensips, ..self }
    }

    /// With what corresponds in Asterisk app_queue.
    pub const fn asterisk(self, asterisk: &'static str) -> Self {
        Self { asterisk, ..self }
    }

    /// With this value in the sample configuration, commented out.
    pub const fn example(self, value: &'static str) -> Self {
        Self {
            sample: Sample::Example(value),
            ..self
        }
    }

    /// In force in the sample configuration, with this value.
    pub const fn in_sample(self, value: &'static str) -> Self {
        Self {
            sample: Sample::InForce(value),
            ..self
        }
    }
}

/// A name of which no table of parameters keeps the value.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The name as it is written.
    pub name: &'static str,
    /// Since when it has been there.
    pub since: Since,
    /// What its values are: `seconds`, `text`. Empty where nobody writes any.
    pub unit: &'static str,
    /// The value that holds when none is written; empty for none.
    pub default: &'static str,
    /// What it means.
    pub meaning: Meaning,
}

/// A name whose value nobody writes.
pub(in crate::engine) const fn named(name: &'static str, since: Since, meaning: Meaning) -> Named {
    Named {
        name,
        since,
        unit: "",
        default: "",
        meaning,
    }
}

impl Named {
    /// With values of this unit, and no default.
    pub(in crate::engine) const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// With this value where none is written.
    pub(in crate::engine) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }
}
