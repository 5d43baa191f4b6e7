//! What a phone says: a tone, in packets of sound.

use std::collections::VecDeque;
use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::super::ear::Ear;

/// What one packet lasts, and how many samples of PCMU it has.
const PACKET: (Duration, usize) = (Duration::from_millis(20), 160);
/// The keys of a telephone by the numbers of their events, and the kind of packet that carries those.
const KEYS: &[u8; 12] = b"0123456789*#";
pub const EVENTS: u8 = 101;
/// Samples a second.
const RATE: f64 = 8000.0;

/// A phone's voice in one call, until dropped.
pub struct Voice {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    port: u16,
    socket: UdpSocket,
}

struct Shared {
    /// Where the sound goes; 0 while that is unknown, or the phone has gone.
    to: AtomicU16,
    is_silent: AtomicBool,
    /// Keys to be pressed, the next one first.
    keys: Mutex<VecDeque<u8>>,
    stop: AtomicBool,
}

impl Voice {
    /// Speaks at this frequency as soon as it knows to whom.
    pub fn of(tone: u32) -> Voice {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).expect("bind a media port");
        let port = socket.local_addr().expect("address of a bound socket").port();
        let shared = Arc::new(Shared {
            to: AtomicU16::new(0),
            is_silent: AtomicBool::new(false),
            keys: Mutex::default(),
            stop: AtomicBool::new(false),
        });
        let speaking = Arc::clone(&shared);
        let mouth = socket.try_clone().expect("share the media socket");
        let thread = std::thread::spawn(move || speaking.speak(&mouth, f64::from(tone)));
        Voice {
            shared,
            thread: Some(thread),
            port,
            socket,
        }
    }

    /// Where it wants to be spoken to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Listens to what is said to it.
    pub fn ear(&self) -> Ear {
        Ear::at(self.socket.try_clone().expect("share the media socket"))
    }

    /// Presses keys of the telephone.
    pub fn press(&self, keys: &str) {
        let number = |key| KEYS.iter().position(|other| *other == key);
        let numbers = keys.bytes().filter_map(number);
        let numbers = numbers.filter_map(|number| u8::try_from(number).ok());
        self.shared.keys.lock().expect("the keys").extend(numbers);
    }

    /// Sends silence from now on.
    pub fn fall_silent(&self) {
        self.shared.is_silent.store(true, Ordering::SeqCst);
    }

    /// Speaks to this port from now on; to nobody with 0.
    pub fn speak_to(&self, port: u16) {
        self.shared.to.store(port, Ordering::SeqCst);
    }
}

impl Shared {
    fn speak(&self, socket: &UdpSocket, frequency: f64) {
        let mut next = Instant::now();
        let mut packet = [0_u8; 12 + PACKET.1];
        let mut samples = 0_usize;
        let mut sequence = 0_u16;
        while !self.stop.load(Ordering::SeqCst) {
            next += PACKET.0;
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
            let to = self.to.load(Ordering::SeqCst);
            let says = frequency > 0.0 && !self.is_silent.load(Ordering::SeqCst);
            sequence = sequence.wrapping_add(1);
            packet[0] = 0x80;
            packet[2..4].copy_from_slice(&sequence.to_be_bytes());
            packet[4..8].copy_from_slice(&u32::try_from(samples).unwrap_or_default().to_be_bytes());
            packet[8..12].copy_from_slice(&[0, 0, 0, 7]);
            for byte in &mut packet[12..] {
                let phase = std::f64::consts::TAU * frequency * samples as f64 / RATE;
                *byte = pcmu(if says { phase.sin() * 8000.0 } else { 0.0 });
                samples += 1;
            }
            if to == 0 {
                continue;
            }
            // Whoever listens may be gone, here and below.
            let _ = socket.send_to(&packet, ("127.0.0.1", to));
            let key = self.keys.lock().expect("the keys").pop_front();
            if let Some(key) = key {
                sequence = press(socket, to, &packet, sequence, key);
                next = Instant::now();
            }
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to say.
            let _ = thread.join();
        }
    }
}

/// Sends a key as telephone events, with the time stamp of this packet, and gives the sequence number of the last.
fn press(socket: &UdpSocket, to: u16, packet: &[u8], mut sequence: u16, key: u8) -> u16 {
    let mut event = packet[..12].to_vec();
    for step in 1..=8_u8 {
        sequence = sequence.wrapping_add(1);
        event.truncate(12);
        event[1] = EVENTS | if step == 1 { 0x80 } else { 0 };
        event[2..4].copy_from_slice(&sequence.to_be_bytes());
        let (end, length) = (if step > 5 { 0x80 } else { 0 }, u16::from(step.min(6)) * 160);
        event.extend_from_slice(&[key, end | 10]);
        event.extend_from_slice(&length.to_be_bytes());
        let _ = socket.send_to(&event, ("127.0.0.1", to));
        std::thread::sleep(PACKET.0);
    }
    sequence
}

/// A sample as a byte of PCMU.
fn pcmu(sample: f64) -> u8 {
    let size = (sample.abs().min(32_635.0) as i32) + 0x84;
    let exponent = (0..8).rev().find(|bit| (size >> (bit + 7)) & 1 == 1).unwrap_or(0);
    let mantissa = (size >> (exponent + 3)) & 15;
    let sign = if sample < 0.0 { 0x80 } else { 0 };
    !u8::try_from(sign | (exponent << 4) | mantissa).unwrap_or_default()
}
