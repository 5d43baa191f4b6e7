//! Which simulated days are played: what the environment says, and seeds that are new each time.

/// The number in this variable of the environment, if it is one.
pub fn number_from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A seed far from those of other runs.
pub fn new_seed() -> u64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since_epoch.unwrap_or_default().as_secs() * 1_000_000
}
