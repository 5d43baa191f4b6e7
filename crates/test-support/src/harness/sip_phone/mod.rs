//! A SIP phone with a port of its own and as many calls as a test makes: it answers, calls, holds, transfers, hangs up, and vanishes.

mod message;
mod voice;

use std::collections::HashMap;
use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use self::message::{escaped, tag, with_body, Message};
use self::voice::{Voice, EVENTS};
use super::calls::SOON;
use super::ear::Ear;
use super::freeswitch::FreeSwitch;

/// How often a request is sent again while nothing is heard of it.
const AGAIN: Duration = Duration::from_millis(500);

/// A phone, which answers whoever calls it until it is dropped.
pub struct SipPhone {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    socket: UdpSocket,
    /// The phone's own SIP port, and FreeSWITCH's.
    ports: (u16, u16),
    tone: u32,
    state: Mutex<State>,
    moved: Condvar,
    stop: AtomicBool,
    is_gone: AtomicBool,
}

#[derive(Default)]
struct State {
    calls: HashMap<String, Dialog>,
    /// Calls in the order they were answered here.
    answered: Vec<String>,
    made: usize,
}

/// One call, as SIP has it.
struct Dialog {
    local: String,
    remote: String,
    target: String,
    sequence: u32,
    /// The last response to each request, by its CSeq.
    responses: HashMap<String, Message>,
    is_over: bool,
    voice: Voice,
}

impl SipPhone {
    /// A phone that says this tone, Hz; nothing at all with 0.
    pub fn new(switch: &FreeSwitch, tone: u32) -> SipPhone {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).expect("bind a SIP port");
        let port = socket.local_addr().expect("address of a bound socket").port();
        socket
            .set_read_timeout(Some(Duration::from_millis(50)))
            .expect("set a timeout");
        let shared = Arc::new(Shared {
            socket,
            ports: (port, switch.ports.desk),
            tone,
            state: Mutex::default(),
            moved: Condvar::new(),
            stop: AtomicBool::new(false),
            is_gone: AtomicBool::new(false),
        });
        let listening = Arc::clone(&shared);
        SipPhone {
            shared,
            thread: Some(std::thread::spawn(move || listening.listen())),
        }
    }

    /// What rings it.
    pub fn contact(&self) -> String {
        format!("sofia/desk/phone@127.0.0.1:{}", self.shared.ports.0)
    }

    /// Waits for the call with this number that it has answered, 0 being the first; its Call-ID.
    pub fn answered(&self, number: usize) -> String {
        self.shared
            .wait("call to the phone", |state| state.answered.get(number).cloned())
    }

    /// Dials an extension and returns once it is answered; the Call-ID.
    pub fn call(&self, extension: &str) -> String {
        let shared = &self.shared;
        let (port, desk) = shared.ports;
        let call = {
            let mut state = shared.state();
            state.made += 1;
            let call = format!("made-{port}-{}@127.0.0.1", state.made);
            let target = format!("sip:{extension}@127.0.0.1:{desk}");
            let dialog = Dialog {
                local: format!("<sip:phone@127.0.0.1:{port}>;tag=made{port}n{}", state.made),
                remote: format!("<{target}>"),
                target,
                sequence: 0,
                responses: HashMap::new(),
                is_over: false,
                voice: Voice::of(shared.tone),
            };
            state.calls.insert(call.clone(), dialog);
            call
        };
        let body = shared.offer(&call, "sendrecv");
        let status = shared.ask(&call, "INVITE", "", &body).status();
        assert_eq!(status, Some(200), "the call to {extension} is not answered");
        call
    }

    /// Dials an extension that bridges to somebody, and returns once the two hear each other.
    pub fn consult(&self, switch: &FreeSwitch, extension: &str) -> String {
        let mark = switch.events().mark();
        let call = self.call(extension);
        switch
            .events()
            .wait(mark, SOON, "the bridge of the consultation", |event| {
                event.is_core("CHANNEL_BRIDGE") && event.get("Caller-Destination-Number") == extension
            });
        call
    }

    /// Puts the other side of a call on hold, or takes it back.
    pub fn hold(&self, call: &str, on: bool) {
        let body = self.shared.offer(call, if on { "sendonly" } else { "sendrecv" });
        let status = self.shared.ask(call, "INVITE", "", &body).status();
        assert_eq!(status, Some(200), "the phone may not hold");
    }

    /// What rings it when this number is called.
    pub fn contact_of(&self, number: &str) -> String {
        format!("sofia/desk/{number}@127.0.0.1:{}", self.shared.ports.0)
    }

    /// Listens to a call from now on.
    pub fn ear(&self, call: &str) -> Ear {
        self.shared.state().calls[call].voice.ear()
    }

    /// Calls that it has answered so far.
    pub fn calls_answered(&self) -> usize {
        self.shared.state().answered.len()
    }

    /// Presses keys in a call.
    pub fn press(&self, call: &str, keys: &str) {
        self.shared.state().calls[call].voice.press(keys);
    }

    /// Nothing more is said in a call; packets go on, with silence.
    pub fn fall_silent(&self, call: &str) {
        self.shared.state().calls[call].voice.fall_silent();
    }

    /// Has the other side of a call dial an extension.
    pub fn transfer(&self, call: &str, extension: &str) {
        let to = format!("<sip:{extension}@127.0.0.1:{}>", self.shared.ports.1);
        self.refer(call, &to);
    }

    /// Joins the other sides of two calls: the REFER is sent in the first and names the second.
    pub fn join(&self, call: &str, other: &str) {
        let to = {
            let state = self.shared.state();
            let dialog = &state.calls[other];
            let tags = (tag(&dialog.remote), tag(&dialog.local));
            let replaces = escaped(&format!("{other};to-tag={};from-tag={}", tags.0, tags.1));
            format!("<{}?Replaces={replaces}>", dialog.target)
        };
        self.refer(call, &to);
    }

    fn refer(&self, call: &str, to: &str) {
        let port = self.shared.ports.0;
        let headers = format!("Refer-To: {to}\r\nReferred-By: <sip:phone@127.0.0.1:{port}>\r\n");
        let status = self.shared.ask(call, "REFER", &headers, "").status();
        assert_eq!(status, Some(202), "the transfer is refused");
    }

    /// Hangs up, unless the other side has.
    pub fn hang_up(&self, call: &str) {
        if !self.is_over(call) {
            self.shared.ask(call, "BYE", "", "");
            self.shared.state().calls.get_mut(call).expect("a call").is_over = true;
        }
    }

    fn is_over(&self, call: &str) -> bool {
        self.shared.state().calls[call].is_over
    }

    /// Waits until the other side has hung up.
    pub fn wait_for_end(&self, call: &str) {
        self.shared
            .wait("end of the call", |state| state.calls[call].is_over.then_some(()));
    }

    /// Nothing is heard of the phone any more: neither sound nor answers, nor that nobody listens.
    pub fn vanish(&self) {
        self.shared.is_gone.store(true, Ordering::SeqCst);
        for dialog in self.shared.state().calls.values() {
            dialog.voice.speak_to(0);
        }
    }
}

impl Drop for SipPhone {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has failed a wait of the test as well.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic of a test elsewhere leaves the calls usable.
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn wait<T>(&self, what: &str, accept: impl Fn(&State) -> Option<T>) -> T {
        let deadline = Instant::now() + SOON;
        let mut state = self.state();
        loop {
            if let Some(value) = accept(&state) {
                return value;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no {what} within {SOON:?}");
            let waited = self.moved.wait_timeout(state, left);
            state = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
        }
    }

    fn contact(&self) -> String {
        format!("sip:phone@127.0.0.1:{}", self.ports.0)
    }

    /// A description of the sound of a call.
    fn offer(&self, call: &str, direction: &str) -> String {
        let state = self.state();
        let dialog = &state.calls[call];
        sound(dialog.voice.port(), direction, dialog.sequence + 2)
    }

    fn send(&self, text: &str) {
        // FreeSWITCH may be gone.
        let _ = self.socket.send_to(text.as_bytes(), ("127.0.0.1", self.ports.1));
    }

    /// Sends a request, again while nothing is heard, and waits for its final response.
    fn ask(&self, call: &str, method: &str, headers: &str, body: &str) -> Message {
        let (request, key) = {
            let mut state = self.state();
            let dialog = state.calls.get_mut(call).expect("a call");
            dialog.sequence += 1;
            let key = format!("{} {method}", dialog.sequence);
            (self.request(call, dialog, method, &key, headers, body), key)
        };
        let deadline = Instant::now() + SOON;
        loop {
            self.send(&request);
            let again = Instant::now() + AGAIN;
            let mut state = self.state();
            loop {
                let response = state.calls[call].responses.get(&key);
                if let Some(response) = response.filter(|response| response.status() >= Some(200)) {
                    return response.clone();
                }
                assert!(Instant::now() < deadline, "no answer to {method}");
                let is_heard = response.is_some();
                let left = again.saturating_duration_since(Instant::now());
                if left.is_zero() && !is_heard {
                    break;
                }
                let left = left.max(Duration::from_millis(20));
                let waited = self.moved.wait_timeout(state, left);
                state = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
            }
        }
    }

    fn request(&self, call: &str, dialog: &Dialog, method: &str, key: &str, headers: &str, body: &str) -> String {
        let port = self.ports.0;
        let branch = format!("z9hG4bK{port}{}", escaped(&format!("{call}{key}")));
        format!(
            "{method} {} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch={branch}\r\nMax-Forwards: 70\r\nFrom: {}\r\n\
             To: {}\r\nCall-ID: {call}\r\nCSeq: {key}\r\nContact: <{}>\r\n{headers}{}",
            dialog.target,
            dialog.local,
            dialog.remote,
            self.contact(),
            with_body(body)
        )
    }

    fn listen(&self) {
        let mut packet = [0; 65_536];
        while !self.stop.load(Ordering::SeqCst) {
            let Ok(length) = self.socket.recv(&mut packet) else {
                continue;
            };
            if self.is_gone.load(Ordering::SeqCst) {
                continue;
            }
            let message = Message::of(&packet[..length]);
            if message.status().is_some() {
                self.take_response(message);
            } else {
                self.take_request(&message);
            }
            self.moved.notify_all();
        }
    }

    fn take_response(&self, message: Message) {
        let mut state = self.state();
        let call = message.header("Call-ID").to_owned();
        let Some(dialog) = state.calls.get_mut(&call) else {
            return;
        };
        let key = message.header("CSeq").to_owned();
        if key.ends_with("INVITE") && message.status() >= Some(200) {
            if message.status() == Some(200) {
                dialog.remote = message.header("To").to_owned();
                dialog.target = message.contact().to_owned();
                dialog.voice.speak_to(message.media_port().unwrap_or(0));
            }
            let acknowledged = key.replace("INVITE", "ACK");
            self.send(&self.request(&call, dialog, "ACK", &acknowledged, "", ""));
        }
        dialog.responses.insert(key, message);
    }

    fn take_request(&self, message: &Message) {
        let mut state = self.state();
        let call = message.header("Call-ID").to_owned();
        match message.method() {
            "ACK" => (),
            "INVITE" => {
                if !state.calls.contains_key(&call) {
                    self.begin(&mut state, &call, message);
                }
                let dialog = &state.calls[&call];
                dialog.voice.speak_to(message.media_port().unwrap_or(0));
                let body = sound(dialog.voice.port(), "sendrecv", 1);
                self.send(&message.response("200 OK", &dialog.local, &self.contact(), &body));
            }
            method => {
                let to = message.header("To");
                self.send(&message.response("200 OK", to, &self.contact(), ""));
                if let Some(dialog) = state.calls.get_mut(&call).filter(|_| method == "BYE") {
                    dialog.is_over = true;
                    dialog.voice.speak_to(0);
                }
            }
        }
    }

    fn begin(&self, state: &mut State, call: &str, invite: &Message) {
        let number = state.answered.len();
        let dialog = Dialog {
            local: format!("{};tag=answered{}n{number}", invite.header("To"), self.ports.0),
            remote: invite.header("From").to_owned(),
            target: invite.contact().to_owned(),
            sequence: 0,
            responses: HashMap::new(),
            is_over: false,
            voice: Voice::of(self.tone),
        };
        self.send(&invite.response("180 Ringing", &dialog.local, &self.contact(), ""));
        state.calls.insert(call.to_owned(), dialog);
        state.answered.push(call.to_owned());
    }
}

fn sound(port: u16, direction: &str, version: u32) -> String {
    format!(
        "v=0\r\no=phone 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP 0 {EVENTS}\r\na=rtpmap:0 PCMU/8000\r\n\
         a=rtpmap:{EVENTS} telephone-event/8000\r\na=fmtp:{EVENTS} 0-15\r\na={direction}\r\n"
    )
}
