//! How the values of parameters are read, and what is said where one is none.

/// What callcenter.conf.xml says, in any case, where there is to be no text, no skills, no rules: an empty value says nothing at all, for
/// programs write one for every field that was left blank.
pub const NOTHING: &str = "none";

/// Whether a value of callcenter.conf.xml says that there is to be none.
pub fn is_nothing(value: &str) -> bool {
    value.eq_ignore_ascii_case(NOTHING)
}

/// A value that was refused, or taken for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong with it.
    pub what: String,
    /// What holds instead, where the configuration says it; empty where that is said in `what`.
    pub instead: String,
    /// What to write, as a sentence.
    pub advice: String,
}

impl std::fmt::Display for Wrong {
    /// One line for the operator.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}.", self.what, self.instead)?;
        if !self.advice.is_empty() {
            write!(f, " {}", self.advice)?;
        }
        Ok(())
    }
}
