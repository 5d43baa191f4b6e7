//! Somebody who writes: one end of an MSRP session (RFC 4975) that waits for FreeSWITCH to connect.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use super::calls::SOON;

/// An MSRP end before FreeSWITCH has connected.
pub struct Writer {
    name: &'static str,
    listener: TcpListener,
}

impl Writer {
    /// Waits at a free port.
    pub fn new(name: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind an MSRP port");
        Self { name, listener }
    }

    /// What its SDP says of it.
    pub fn offer(&self) -> String {
        let port = self.port();
        let path = self.path();
        format!(
            "    m=message {port} TCP/MSRP *\n    a=accept-types:text/plain\n    a=path:{path}\n    a=setup:passive\n"
        )
    }

    /// The session, once FreeSWITCH has connected and said who it is.
    pub fn connected(self) -> Chat {
        let deadline = Instant::now() + SOON;
        self.listener
            .set_nonblocking(true)
            .expect("a listener that can be asked");
        let stream = loop {
            match self.listener.accept() {
                Ok((stream, _)) => break stream,
                Err(error) => assert!(Instant::now() < deadline, "{}: FreeSWITCH connects: {error}", self.name),
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        };
        stream.set_nonblocking(false).expect("a stream that can be waited for");
        stream.set_read_timeout(Some(SOON)).expect("a deadline");
        let mut chat = Chat {
            name: self.name,
            path: self.path(),
            peer: String::new(),
            sent: 0,
            lines: BufReader::new(stream),
        };
        chat.next();
        chat
    }

    fn port(&self) -> u16 {
        self.listener.local_addr().expect("address of a bound socket").port()
    }

    fn path(&self) -> String {
        format!("msrp://127.0.0.1:{}/{};tcp", self.port(), self.name)
    }
}

/// One end of an MSRP session.
pub struct Chat {
    name: &'static str,
    path: String,
    peer: String,
    sent: u32,
    lines: BufReader<TcpStream>,
}

impl Chat {
    /// Sends a text.
    pub fn write(&mut self, text: &str) {
        self.sent += 1;
        let (number, name, length) = (self.sent, self.name, text.len());
        let transaction = format!("{name}{number}t");
        let (peer, path) = (&self.peer, &self.path);
        let message = format!(
            "MSRP {transaction} SEND\r\nTo-Path: {peer}\r\nFrom-Path: {path}\r\nMessage-ID: {name}-{number}\r\n\
             Byte-Range: 1-{length}/{length}\r\nContent-Type: text/plain\r\n\r\n{text}\r\n-------{transaction}$\r\n"
        );
        self.put(&message);
    }

    /// Waits until a text that contains this has come; gives all of it.
    pub fn reads(&mut self, text: &str) -> String {
        loop {
            let body = self.next();
            if body.contains(text) {
                return body;
            }
        }
    }

    /// The body of the next message, which is confirmed.
    fn next(&mut self) -> String {
        loop {
            let start = self.line();
            let Some(transaction) = start.strip_prefix("MSRP ").and_then(|rest| rest.split(' ').next()) else {
                continue;
            };
            let (end, is_sent) = (format!("-------{transaction}"), start.ends_with(" SEND"));
            let (mut headers, mut body, mut is_body) = (Vec::new(), String::new(), false);
            loop {
                let line = self.line();
                match line.as_str() {
                    line if line.starts_with(&end) => break,
                    "" => is_body = true,
                    line if is_body => body.push_str(line),
                    line => headers.push(line.to_owned()),
                }
            }
            if is_sent {
                self.confirm(transaction, &headers);
                return body;
            }
        }
    }

    fn confirm(&mut self, transaction: &str, headers: &[String]) {
        let from = headers.iter().find_map(|header| header.strip_prefix("From-Path: "));
        self.peer = from.expect("a message says whom it is from").to_owned();
        let (peer, path) = (&self.peer, &self.path);
        let confirmation =
            format!("MSRP {transaction} 200 OK\r\nTo-Path: {peer}\r\nFrom-Path: {path}\r\n-------{transaction}$\r\n");
        self.put(&confirmation);
    }

    fn put(&mut self, text: &str) {
        let sent = self.lines.get_mut().write_all(text.as_bytes());
        sent.unwrap_or_else(|error| panic!("{} writes: {error}", self.name));
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.lines.read_line(&mut line);
        let length = read.unwrap_or_else(|error| panic!("{} reads: {error}", self.name));
        assert!(length > 0, "{} is left alone", self.name);
        line.trim_end_matches(['\r', '\n']).to_owned()
    }
}
