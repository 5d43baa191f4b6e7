//! Free ports on the loopback address.

use std::net::{TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU16, Ordering};

/// How many media ports one private FreeSWITCH may use: two for each leg of a few hundred calls.
const MEDIA_PORTS: u16 = 1600;

/// A TCP port nothing listens on.
pub fn free_tcp() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind a TCP port on 127.0.0.1");
    listener.local_addr().expect("address of a bound socket").port()
}

/// A UDP port nothing listens on.
pub fn free_udp() -> u16 {
    let socket = UdpSocket::bind(("127.0.0.1", 0)).expect("bind a UDP port on 127.0.0.1");
    socket.local_addr().expect("address of a bound socket").port()
}

/// A range of media ports no other FreeSWITCH of this test run uses, first and last.
///
/// Below 32768, where Linux begins to hand out ports of its own choice.
pub fn media_range() -> (u16, u16) {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let slot = NEXT.fetch_add(1, Ordering::Relaxed) % 12;
    let first = 12_000 + slot * MEDIA_PORTS;
    (first, first + MEDIA_PORTS - 1)
}
