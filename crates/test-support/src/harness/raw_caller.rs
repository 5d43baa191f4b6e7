//! A caller who writes the SIP messages byte by byte: names, numbers and headers that no phone would send.

use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::calls::SOON;
use super::freeswitch::FreeSwitch;

/// One call. It answers what FreeSWITCH asks until it is dropped.
pub struct RawCaller {
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl RawCaller {
    /// Dials the extension and returns once the call is answered. `from` is what stands before the `;tag=` of the header,
    /// `headers` are further lines, each ended by CRLF.
    pub fn dial(switch: &FreeSwitch, extension: &str, from: &[u8], headers: &[u8]) -> RawCaller {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).expect("bind a SIP port");
        let port = socket.local_addr().expect("address of a bound socket").port();
        socket
            .connect(("127.0.0.1", switch.ports.desk))
            .expect("reach FreeSWITCH's SIP port");
        socket
            .set_read_timeout(Some(Duration::from_millis(50)))
            .expect("set a timeout");
        let call = Call {
            uri: format!("sip:{extension}@127.0.0.1:{}", switch.ports.desk),
            port,
            from: from.to_vec(),
        };
        let invite = call.request("INVITE", "", headers);
        let ok = send_until_answered(&socket, &invite);
        let to = header(&ok, "To");
        socket.send(&call.request("ACK", &to, b"")).expect("send the ACK");
        let done = Arc::new(AtomicBool::new(false));
        let is_done = done.clone();
        let thread = std::thread::spawn(move || {
            let mut packet = [0; 65_536];
            while !is_done.load(Ordering::SeqCst) {
                if let Ok(length) = socket.recv(&mut packet) {
                    let message = String::from_utf8_lossy(&packet[..length]).into_owned();
                    let reply = if message.starts_with("SIP/2.0 200") {
                        call.request("ACK", &to, b"")
                    } else if message.starts_with("SIP/2.0") || message.starts_with("ACK") {
                        continue;
                    } else {
                        ok_to(&message)
                    };
                    // FreeSWITCH may be gone.
                    let _ = socket.send(&reply);
                }
            }
        });
        RawCaller {
            done,
            thread: Some(thread),
        }
    }
}

impl Drop for RawCaller {
    fn drop(&mut self) {
        self.done.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Call {
    uri: String,
    port: u16,
    from: Vec<u8>,
}

impl Call {
    fn request(&self, method: &str, to: &str, headers: &[u8]) -> Vec<u8> {
        let (uri, port) = (&self.uri, self.port);
        let to = if to.is_empty() {
            format!("<{uri}>")
        } else {
            to.to_string()
        };
        let body = if method == "INVITE" {
            "v=0\r\no=raw 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n\
             a=rtpmap:0 PCMU/8000\r\n"
        } else {
            ""
        };
        let mut message = format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{port}{method}\r\nMax-Forwards: 70\r\n\
             To: {to}\r\nCall-ID: raw-{port}\r\nCSeq: 1 {method}\r\nContact: <sip:raw@127.0.0.1:{port}>\r\nFrom: "
        )
        .into_bytes();
        message.extend_from_slice(&self.from);
        message.extend_from_slice(format!(";tag=raw{port}\r\n").as_bytes());
        message.extend_from_slice(headers);
        if !body.is_empty() {
            message.extend_from_slice(b"Content-Type: application/sdp\r\n");
        }
        message.extend_from_slice(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        message
    }
}

/// Sends the INVITE, again after a while as SIP over UDP has it, until there is a 200; that 200.
fn send_until_answered(socket: &UdpSocket, invite: &[u8]) -> String {
    let deadline = Instant::now() + SOON;
    let mut packet = [0; 65_536];
    let mut last = String::from("nothing");
    let mut sent: Option<Instant> = None;
    while Instant::now() < deadline {
        let is_heard = last != "nothing";
        if !is_heard && sent.is_none_or(|at| at.elapsed() > Duration::from_secs(1)) {
            socket.send(invite).expect("send the INVITE");
            sent = Some(Instant::now());
        }
        if let Ok(length) = socket.recv(&mut packet) {
            last = String::from_utf8_lossy(&packet[..length]).into_owned();
            if last.starts_with("SIP/2.0 200") {
                return last;
            }
            let is_refused = ["SIP/2.0 4", "SIP/2.0 5", "SIP/2.0 6"]
                .iter()
                .any(|start| last.starts_with(start));
            assert!(!is_refused, "the call was refused: {last}");
        }
    }
    panic!("the call was not answered, the last word was: {last}");
}

fn header(message: &str, name: &str) -> String {
    let start = format!("{name}: ");
    let found = message.lines().find_map(|line| line.strip_prefix(&start));
    found.unwrap_or_default().to_string()
}

fn ok_to(request: &str) -> Vec<u8> {
    let copied: String = request
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| {
            ["Via:", "From:", "To:", "Call-ID:", "CSeq:"]
                .iter()
                .any(|name| line.starts_with(name))
        })
        .map(|line| format!("{line}\r\n"))
        .collect();
    format!("SIP/2.0 200 OK\r\n{copied}Content-Length: 0\r\n\r\n").into_bytes()
}
