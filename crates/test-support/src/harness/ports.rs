//! Free ports on the loopback address.
//!
//! All of them lie below 32768, where Linux begins to hand out ports of its own choice: a port that was free when it
//! was looked for stays free until its program is started, whatever sockets other programs open meanwhile.

use std::net::{TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

/// Where the ports of servers and phones begin, and how many there are: SIPp's own control ports begin at 8888.
const FIRST_PORT: u32 = 2_000;
const PORTS: u32 = 1_600;

/// How far apart they are: SIPp also takes the port two above the media port it is given.
const STEP: u32 = 4;

/// Where the media ports begin.
const FIRST_MEDIA_PORT: u16 = 12_000;

/// How many media ports one private FreeSWITCH may use: two for each leg of a few hundred calls.
const MEDIA_PORTS: u16 = 1600;

/// A TCP port nothing listens on, given to nobody else in this test run.
pub fn free_tcp() -> u16 {
    free(|port| TcpListener::bind(("127.0.0.1", port)).is_ok())
}

/// A UDP port nothing listens on, given to nobody else in this test run.
pub fn free_udp() -> u16 {
    free(|port| UdpSocket::bind(("127.0.0.1", port)).is_ok())
}

fn free(is_free: impl Fn(u16) -> bool) -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    // Test runs side by side begin at different places.
    let start = std::process::id().wrapping_mul(97);
    let mut tried = (0..PORTS).map(|_| {
        let place = start.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % PORTS;
        u16::try_from(FIRST_PORT + place * STEP).expect("the highest is below 65536")
    });
    tried
        .find(|port| is_free(*port))
        .expect("find a free port from 2000 to 8400 on 127.0.0.1")
}

/// A range of media ports no other FreeSWITCH of this test run uses, first and last.
pub fn media_range() -> (u16, u16) {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let slot = NEXT.fetch_add(1, Ordering::Relaxed) % 12;
    let first = FIRST_MEDIA_PORT + slot * MEDIA_PORTS;
    (first, first + MEDIA_PORTS - 1)
}
