//! Which devices are in use, as far as channels tell.

use std::collections::HashMap;

/// Channels and the devices they are calls of.
#[derive(Default)]
pub struct DeviceCalls {
    devices: HashMap<String, String>,
    counts: HashMap<String, usize>,
}

impl DeviceCalls {
    /// A channel is a call of this device from now on, or of none. The devices that are in use now and were not, or the other way
    /// round.
    pub fn note(&mut self, channel: &str, device: Option<String>) -> Vec<String> {
        if self.devices.get(channel) == device.as_ref() {
            return Vec::new();
        }
        let before = match device.clone() {
            Some(device) => self.devices.insert(channel.to_owned(), device),
            None => self.devices.remove(channel),
        };
        let mut changed = Vec::new();
        if let Some(device) = device {
            let count = self.counts.entry(device.clone()).or_default();
            *count += 1;
            if *count == 1 {
                changed.push(device);
            }
        }
        if let Some(device) = before {
            if let Some(count) = self.counts.get_mut(&device) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(&device);
                    changed.push(device);
                }
            }
        }
        changed
    }

    /// The channels that are calls of a device.
    pub fn channels(&self) -> Vec<String> {
        self.devices.keys().cloned().collect()
    }

    /// Whether the device has a call.
    pub fn is_in_use(&self, device: &str) -> bool {
        self.counts.contains_key(device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_in_use_while_one_of_its_calls_is_up() {
        let mut calls = DeviceCalls::default();
        let device = |name: &str| Some(name.to_owned());
        assert_eq!(calls.note("c1", device("1001@x")), ["1001@x"]);
        assert!(calls.note("c1", device("1001@x")).is_empty());
        assert!(calls.note("c2", device("1001@x")).is_empty());
        assert!(calls.note("c1", None).is_empty());
        assert_eq!(calls.note("c2", device("1002@x")), ["1002@x", "1001@x"]);
        assert_eq!(calls.note("c2", None), ["1002@x"]);
        assert!(calls.note("c2", None).is_empty());
        assert!(calls.devices.is_empty() && calls.counts.is_empty());
    }
}
