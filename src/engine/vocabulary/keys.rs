//! The keys of a telephone.

/// Every key of a telephone.
pub(in crate::engine) const EVERY_KEY: &str = "0123456789*#";
