//! What a caller hears: the tones in the sound that FreeSWITCH sends to the caller's phone.

use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The frequencies told apart, Hz: none is a harmonic of a square wave of another.
const TONES: [u32; 9] = [350, 440, 500, 550, 600, 800, 900, 1000, 1100];
/// Samples a second of PCMU.
const RATE: f64 = 8000.0;
/// The header of an RTP packet without extensions.
const RTP_HEADER: usize = 12;
/// The header of a WAV file as FreeSWITCH writes it.
const WAV_HEADER: usize = 44;
/// What one packet lasts.
const PACKET: Duration = Duration::from_millis(20);
/// Packets that make a tone: fewer may be the seam between two.
const SHORTEST: usize = 3;
/// How long the listening thread may take to see that it is to stop.
const TICK: Duration = Duration::from_millis(100);
/// A sample of this size, of 32768, is sound.
const LOUD: f64 = 300.0;

/// A tone heard without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// Its frequency, Hz.
    pub tone: u32,
    /// How long it lasted, by the sound itself, whenever that arrived.
    pub length: Duration,
}

/// Listens to a phone's media port until dropped.
pub struct Ear {
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    /// The tone of each packet, in their order.
    packets: Mutex<Vec<Option<u32>>>,
    arrived: Condvar,
    stop: AtomicBool,
}

impl Shared {
    fn packets(&self) -> MutexGuard<'_, Vec<Option<u32>>> {
        // A panic of a test elsewhere leaves the packets usable.
        self.packets.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn listen(&self, socket: &UdpSocket) {
        let mut packet = [0; 1024];
        while !self.stop.load(Ordering::Relaxed) {
            let Ok(length) = socket.recv(&mut packet) else { continue };
            let is_pcmu = packet.get(1).is_some_and(|kind| kind & 0x7f == 0);
            if let (true, Some(sound)) = (is_pcmu, packet.get(RTP_HEADER..length)) {
                self.packets().push(tone_of(sound));
                self.arrived.notify_all();
            }
        }
    }
}

impl Ear {
    /// Listens from now on.
    pub fn at(socket: UdpSocket) -> Ear {
        socket.set_read_timeout(Some(TICK)).expect("set a timeout");
        let shared = Arc::new(Shared::default());
        let listening = Arc::clone(&shared);
        Ear {
            shared,
            listener: Some(std::thread::spawn(move || listening.listen(&socket))),
        }
    }

    /// Waits until what was heard so far is accepted, and gives it.
    pub fn hears(&self, patience: Duration, what: &str, accept: impl Fn(&[Spell]) -> bool) -> Vec<Spell> {
        let deadline = Instant::now() + patience;
        let mut packets = self.shared.packets();
        loop {
            let spells = spells(&packets);
            if accept(&spells) {
                return spells;
            }
            let left = deadline.checked_duration_since(Instant::now());
            let Some(left) = left else {
                panic!("the caller does not hear {what} within {patience:?}, but {spells:?}");
            };
            let waited = self.shared.arrived.wait_timeout(packets, left);
            packets = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
        }
    }

    /// Waits until a tone is the last thing heard.
    pub fn hears_tone(&self, patience: Duration, tone: u32) {
        self.hears(patience, &format!("{tone} Hz"), |spells| {
            spells.last().is_some_and(|spell| spell.tone == tone)
        });
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(listener) = self.listener.take() {
            // A listener that panicked has nothing more to say.
            let _ = listener.join();
        }
    }
}

/// Joins packets of one tone; seams and silence between them do not count.
fn spells(packets: &[Option<u32>]) -> Vec<Spell> {
    let mut spells: Vec<Spell> = Vec::new();
    for run in packets.chunk_by(|one, next| one == next) {
        let (Some(tone), true) = (run[0], run.len() >= SHORTEST) else {
            continue;
        };
        let length = PACKET * u32::try_from(run.len()).unwrap_or(u32::MAX);
        match spells.last_mut() {
            Some(last) if last.tone == tone => last.length += length,
            _ => spells.push(Spell { tone, length }),
        }
    }
    spells
}

/// The tones in a file: WAV, one channel of 16 bits, as FreeSWITCH records.
pub fn tones_in_file(file: &std::path::Path) -> Vec<Spell> {
    let sound = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let samples: Vec<f64> = sound
        .get(WAV_HEADER..)
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]])))
        .collect();
    let packets: Vec<Option<u32>> = samples.chunks_exact(160).map(loudest_tone).collect();
    spells(&packets)
}

/// The loudest of the tones in a packet, if it is loud at all.
fn tone_of(sound: &[u8]) -> Option<u32> {
    let samples: Vec<f64> = sound.iter().map(|byte| linear(*byte)).collect();
    loudest_tone(&samples)
}

fn loudest_tone(samples: &[f64]) -> Option<u32> {
    let loudest = TONES
        .iter()
        .map(|tone| (strength(samples, f64::from(*tone)), *tone))
        .max_by(|one, other| one.0.total_cmp(&other.0))?;
    (loudest.0 > LOUD).then_some(loudest.1)
}

/// How strong a frequency is in the samples, by Goertzel's algorithm: about the amplitude of a sine.
fn strength(samples: &[f64], frequency: f64) -> f64 {
    let turn = 2.0 * (std::f64::consts::TAU * frequency / RATE).cos();
    let (mut before, mut last) = (0.0, 0.0);
    for sample in samples {
        (before, last) = (last, sample + turn * last - before);
    }
    let power = before * before + last * last - turn * before * last;
    2.0 * power.max(0.0).sqrt() / samples.len().max(1) as f64
}

/// A PCMU byte as a sample.
fn linear(byte: u8) -> f64 {
    let code = !byte;
    let exponent = (code >> 4) & 7;
    let mantissa = i32::from(code & 15);
    let size = (((mantissa << 3) + 0x84) << exponent) - 0x84;
    f64::from(if code & 0x80 == 0 { size } else { -size })
}
