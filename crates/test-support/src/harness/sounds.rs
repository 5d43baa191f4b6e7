//! Sound files for a FreeSWITCH that has none installed.

use std::path::Path;

const RATE: u32 = 8000;

/// What is said about callbacks, and the tone in the place of the words.
const CALLBACKS: &[(&str, u32)] = &[
    ("it_appears_that_your_phone_number_is", 800),
    ("you_entered", 900),
    ("if_correct_press", 1000),
    ("if_not_press", 500),
    ("to_wait_stay_on_the_line", 350),
    ("please_enter_the_number_where_we_can_reach_you", 1100),
    ("finished_pound_hash_key", 900),
    ("we_will_return_your_call_at_this_number", 1100),
    ("thank_you_for_calling", 900),
    ("invalid_number_format", 900),
    ("im_sorry", 900),
    ("thank_you_for_holding", 800),
    ("to_accept_press", 1100),
    ("hold_connect_call", 1000),
];

/// Writes the sounds the tutorials name and the hold music of the `local_stream`.
pub fn write(dir: &Path) -> std::io::Result<()> {
    let common = dir.join("ivr/common");
    let moh = dir.join("moh/8000");
    std::fs::create_dir_all(&common)?;
    std::fs::create_dir_all(&moh)?;
    std::fs::write(common.join("music-on-hold.wav"), tones(&[(440, 3000)]))?;
    std::fs::write(common.join("ivr-you_are_now_logged_in.wav"), tones(&[(600, 200)]))?;
    std::fs::write(common.join("ivr-you_are_now_logged_out.wav"), tones(&[(300, 200)]))?;
    std::fs::write(dir.join("two-tones.wav"), tones(&[(440, 2000), (550, 2000)]))?;
    std::fs::create_dir_all(dir.join("digits"))?;
    std::fs::write(dir.join("ivr/ivr-you_are_number.wav"), tones(&[(500, 300)]))?;
    std::fs::write(dir.join("ivr/ivr-in_line.wav"), tones(&[(900, 300)]))?;
    std::fs::write(dir.join("ivr/ivr-more_than.wav"), tones(&[(1100, 300)]))?;
    std::fs::write(dir.join("ivr/ivr-estimated_hold_time.wav"), tones(&[(350, 300)]))?;
    std::fs::create_dir_all(dir.join("time"))?;
    std::fs::write(dir.join("time/minutes.wav"), tones(&[(1200, 300)]))?;
    std::fs::write(dir.join("time/seconds.wav"), tones(&[(1300, 300)]))?;
    for (name, tone) in CALLBACKS {
        std::fs::write(dir.join(format!("ivr/ivr-{name}.wav")), tones(&[(*tone, 300)]))?;
    }
    std::fs::create_dir_all(dir.join("voicemail"))?;
    std::fs::write(dir.join("voicemail/vm-return_call.wav"), tones(&[(800, 300)]))?;
    for digit in 0..=9 {
        std::fs::write(
            dir.join(format!("digits/{digit}.wav")),
            tones(&[(500 + 50 * digit, 150)]),
        )?;
    }
    std::fs::write(moh.join("tone.wav"), tones(&[(440, 3000)]))
}

/// A WAV file, 8 kHz mono 16 bit, with square waves of these frequencies (Hz) and lengths (ms), one after the other.
fn tones(tones: &[(u32, u32)]) -> Vec<u8> {
    let samples_of = |milliseconds: u32| RATE / 1000 * milliseconds;
    let data_bytes = tones.iter().map(|(_, length)| samples_of(*length)).sum::<u32>() * 2;
    let mut file = Vec::with_capacity(44 + data_bytes as usize);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + data_bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16u32.to_le_bytes());
    file.extend_from_slice(&1u16.to_le_bytes());
    file.extend_from_slice(&1u16.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&(RATE * 2).to_le_bytes());
    file.extend_from_slice(&2u16.to_le_bytes());
    file.extend_from_slice(&16u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&data_bytes.to_le_bytes());
    for (frequency, length) in tones {
        for sample in 0..samples_of(*length) {
            let high = (sample * frequency * 2 / RATE) & 1 == 0;
            let level: i16 = if high { 6000 } else { -6000 };
            file.extend_from_slice(&level.to_le_bytes());
        }
    }
    file
}
