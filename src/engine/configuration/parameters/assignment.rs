//! A parameter with the value it is to have.

use super::parameter::Parameter;

/// A value that was checked when it was read, and is to be set later.
pub struct Assignment<T: 'static> {
    parameter: &'static Parameter<T>,
    value: String,
}

impl<T: Clone> Assignment<T> {
    /// A value that is known to be one.
    pub(in crate::engine::configuration) fn checked(parameter: &'static Parameter<T>, value: &str) -> Self {
        Self {
            parameter,
            value: value.to_owned(),
        }
    }

    /// The name in commands and the database, with underscores.
    pub fn key(&self) -> String {
        self.parameter.key()
    }

    /// The value as it was said.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Sets the value.
    pub fn apply(&self, to: &mut T) {
        // It was checked when it was read; there is nothing to refuse.
        let _ = self.parameter.set(to, &self.value);
    }
}

impl<T: Clone> Parameter<T> {
    /// A value to be set later, checked now.
    ///
    /// # Errors
    /// As [`Parameter::set`].
    pub fn assign(&'static self, like: &T, value: &str) -> Result<Assignment<T>, String> {
        self.set(&mut like.clone(), value)?;
        Ok(Assignment::checked(self, value))
    }
}

impl<T> Clone for Assignment<T> {
    fn clone(&self) -> Self {
        Self {
            parameter: self.parameter,
            value: self.value.clone(),
        }
    }
}

impl<T> PartialEq for Assignment<T> {
    fn eq(&self, other: &Self) -> bool {
        self.parameter.name == other.parameter.name && self.value == other.value
    }
}

impl<T> Eq for Assignment<T> {}

impl<T> std::fmt::Debug for Assignment<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {:?}", self.parameter.name, self.value)
    }
}
