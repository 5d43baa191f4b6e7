//! A web server that answers mod_xml_curl, one request after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// The answer to everything that is not the call centre's configuration.
const NOT_FOUND: &str =
    r#"<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>"#;

/// A client that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// The running server, stopped on drop.
pub struct XmlServer {
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    configuration: Mutex<String>,
    /// What a question with CC-Queue is answered with, where that is something else.
    of_queue: Mutex<Option<String>>,
    /// Path and what was asked.
    requests: Mutex<Vec<(String, String)>>,
    stopped: AtomicBool,
}

impl XmlServer {
    /// Serves this `callcenter.conf.xml`.
    pub fn start(configuration: &str) -> XmlServer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind the web server");
        let port = listener.local_addr().expect("address of a bound socket").port();
        let shared = Arc::new(Shared {
            configuration: Mutex::new(configuration.to_string()),
            of_queue: Mutex::default(),
            requests: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stopped.load(Ordering::SeqCst) {
                    return;
                }
                // A client that breaks off fails its own test.
                let _ = stream.and_then(|stream| serving.answer(stream));
            }
        });
        XmlServer {
            port,
            shared,
            thread: Some(thread),
        }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Serves something else from now on.
    pub fn serve(&self, configuration: &str) {
        *self.shared.configuration.lock().unwrap() = configuration.to_string();
    }

    /// Answers questions that name a queue with this, from now on.
    pub fn serve_of_queue(&self, configuration: &str) {
        *self.shared.of_queue.lock().unwrap() = Some(configuration.to_string());
    }

    /// What was asked under a path since the last look.
    pub fn take(&self, path: &str) -> Vec<String> {
        let mut requests = self.shared.requests.lock().unwrap();
        let (taken, left) = requests.drain(..).partition(|(asked, _)| asked == path);
        *requests = left;
        let taken: Vec<(String, String)> = taken;
        taken.into_iter().map(|(_, request)| request).collect()
    }
}

impl Drop for XmlServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread; if that fails it has ended already.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut reader = BufReader::new(stream);
        let (mut path, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            } else if path.is_empty() {
                path = line.split(' ').nth(1).unwrap_or_default().to_string();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let answer = self.document(path, &String::from_utf8_lossy(&body));
        let length = answer.len();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length:";
        write!(reader.get_mut(), "{head} {length}\r\n\r\n{answer}")
    }

    fn document(&self, path: String, body: &str) -> String {
        let parameters: Vec<(&str, &str)> = body.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let value = |name: &str| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        if value("key_value") != Some("callcenter.conf") {
            return NOT_FOUND.to_string();
        }
        let mut own: Vec<String> = parameters
            .iter()
            .filter(|(name, _)| name.starts_with("CC-"))
            .map(|(name, value)| format!("{name}={}", value.replace("%40", "@")))
            .collect();
        own.sort();
        let asked = ["section", "tag_name", "key_name", "Event-Name"].map(|name| value(name).unwrap_or("-"));
        let request = format!("{} [{}]", asked.join(" "), own.join("&"));
        self.requests.lock().unwrap().push((path, request));
        let of_queue = self
            .of_queue
            .lock()
            .unwrap()
            .clone()
            .filter(|_| value("CC-Queue").is_some());
        let configuration = of_queue.unwrap_or_else(|| self.configuration.lock().unwrap().clone());
        format!(r#"<document type="freeswitch/xml"><section name="configuration">{configuration}</section></document>"#)
    }
}
