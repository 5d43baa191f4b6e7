//! A way between a box and the server on which something may go wrong.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    /// They are swallowed, in both directions, and connections stay.
    Swallows,
    /// They take so long.
    Slow(Duration),
}

/// The way.
pub struct Proxy {
    pub port: u16,
    way: Arc<Mutex<Way>>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    pub fn to(port: u16) -> Self {
        Self::passing(port, pump)
    }

    /// As a pooler in transaction mode is: nobody hears what was said on another connection.
    pub fn without_notifications(port: u16) -> Self {
        Self::passing(port, pump_without_notifications)
    }

    /// What the server says goes through `down`.
    fn passing(port: u16, down: fn(TcpStream, TcpStream, &Mutex<Way>)) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let proxy = Self {
            port: listener.local_addr().expect("its address").port(),
            way: Arc::new(Mutex::new(Way::Open)),
            streams: Arc::default(),
        };
        let (way, streams) = (Arc::clone(&proxy.way), Arc::clone(&proxy.streams));
        // It ends with the test program.
        std::thread::spawn(move || {
            for box_side in listener.incoming().map_while(Result::ok) {
                let Ok(server_side) = TcpStream::connect(("127.0.0.1", port)) else {
                    continue;
                };
                let _ = (box_side.set_nodelay(true), server_side.set_nodelay(true));
                let copy = |stream: &TcpStream| stream.try_clone().expect("another handle");
                streams
                    .lock()
                    .expect("streams")
                    .extend([copy(&box_side), copy(&server_side)]);
                let (up, back) = (Arc::clone(&way), Arc::clone(&way));
                let (from_box, to_server) = (copy(&box_side), copy(&server_side));
                std::thread::spawn(move || pump(from_box, to_server, &up));
                std::thread::spawn(move || down(server_side, box_side, &back));
            }
        });
        proxy
    }

    pub fn set(&self, way: Way) {
        *self.way.lock().expect("the way") = way;
    }

    /// Breaks every connection.
    pub fn cut(&self) {
        for stream in self.streams.lock().expect("streams").drain(..) {
            // One that is closed already is cut as well.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream, way: &Mutex<Way>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let now = *way.lock().expect("the way");
        match now {
            Way::Open => (),
            Way::Swallows => continue,
            Way::Slow(late) => std::thread::sleep(late),
        }
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

/// The kind of message by which PostgreSQL tells of a notification.
const NOTIFICATION: u8 = b'A';

/// Each message of the server is its kind, its length but for that, and so much more.
fn pump_without_notifications(mut from: TcpStream, mut to: TcpStream, _: &Mutex<Way>) {
    let mut head = [0; 5];
    while from.read_exact(&mut head).is_ok() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let mut body = vec![0; usize::try_from(length).expect("a length") - 4];
        if from.read_exact(&mut body).is_err() {
            break;
        }
        let is_passed = head[0] != NOTIFICATION;
        if is_passed && (to.write_all(&head).is_err() || to.write_all(&body).is_err()) {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
