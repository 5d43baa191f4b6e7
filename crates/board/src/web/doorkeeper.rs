//! Who may ask at all: other sites make a browser ask as well, and names of theirs can be made to lead here.

use super::Board;
use axum::body::{to_bytes, Body};
use axum::extract::{Request, State};
use axum::http::{header, HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What an action says is read for so long, and no longer.
const SAYING: Duration = Duration::from_secs(5);

/// An action is said in so many bytes.
const LONGEST: usize = 16 * 1024;

/// What programs ask for, by whatever name they know the board: nothing of a caller is in it.
const FOR_PROGRAMS: [&str; 2] = ["/metrics", "/healthz"];

/// Under which names the board is asked.
pub(super) struct Doorkeeper {
    hosts: Vec<String>,
    /// Any name will do: it listens for other machines, whose names for it are not known.
    any: bool,
}

impl Doorkeeper {
    /// Names that are configured are the only ones; without them any is good where other machines may ask, and none otherwise.
    pub(super) fn new(listens: SocketAddr, hosts: &[String]) -> Self {
        Self {
            hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            any: hosts.is_empty() && !listens.ip().is_loopback(),
        }
    }

    /// An address is nobody's name: no strange site can have it.
    fn knows(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let address = name.trim_start_matches('[').trim_end_matches(']');
        self.any || name == "localhost" || address.parse::<IpAddr>().is_ok() || self.hosts.contains(&name)
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A page of another site has made the browser ask.
fn is_of_another_site(headers: &HeaderMap) -> bool {
    let host = text(headers, "host").unwrap_or_default();
    let origin = headers
        .get(header::ORIGIN)
        .map(|origin| origin.to_str().unwrap_or_default());
    let of = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_ascii_lowercase());
    let is_strange = origin.is_some_and(|origin| of(origin) != Some(host.to_ascii_lowercase()));
    // Behind a proxy the name may be another one; then the browser itself says that it is the same site.
    match text(headers, "sec-fetch-site") {
        Some("same-origin") => false,
        Some("none") | None => is_strange,
        Some(_) => true,
    }
}

/// Lets in whoever may ask; what an action says is read here, within a time and a length.
pub(super) async fn at_the_door(State(board): State<Board>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), "host").unwrap_or_default();
    let is_for_programs = FOR_PROGRAMS.contains(&request.uri().path());
    if !is_for_programs && !host.is_empty() && !board.doorkeeper.knows(host) {
        let why = "the board is not known by this name: it belongs into hosts in the configuration\n";
        return (StatusCode::MISDIRECTED_REQUEST, why).into_response();
    }
    let is_question = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_question {
        return next.run(request).await;
    }
    if is_of_another_site(request.headers()) {
        return (StatusCode::FORBIDDEN, "another site has no say here\n").into_response();
    }
    let (head, body) = request.into_parts();
    match tokio::time::timeout(SAYING, to_bytes(body, LONGEST)).await {
        Ok(Ok(said)) => next.run(Request::from_parts(head, Body::from(said))).await,
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doorkeeper(listens: &str, hosts: &[&str]) -> Doorkeeper {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        Doorkeeper::new(listens.parse().expect("an address"), &hosts)
    }

    #[test]
    fn a_name_that_leads_here_is_no_name_of_the_board() {
        let here = doorkeeper("127.0.0.1:8090", &[]);
        for known in [
            "127.0.0.1:8090",
            "localhost",
            "LOCALHOST:8090",
            "[::1]:8090",
            "[::1]",
            "10.0.0.7:1",
        ] {
            assert!(here.knows(known), "{known}");
        }
        for strange in [
            "evil.example:8090",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:80",
            "",
        ] {
            assert!(!here.knows(strange), "{strange}");
        }
        assert!(doorkeeper("127.0.0.1:1", &["Board.example"]).knows("board.example:443"));
        assert!(doorkeeper("0.0.0.0:1", &[]).knows("board.lan"));
        assert!(!doorkeeper("0.0.0.0:1", &["board.lan"]).knows("evil.example"));
    }

    #[test]
    fn an_action_comes_from_the_boards_own_page_or_from_no_page() {
        let strange = |headers: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().expect("a value"));
            }
            is_of_another_site(&map)
        };
        let host = ("host", "board:8090");
        assert!(!strange(&[host]));
        assert!(!strange(&[host, ("origin", "http://board:8090")]));
        assert!(strange(&[host, ("origin", "http://board:8091")]));
        assert!(strange(&[host, ("origin", "null")]));
        assert!(strange(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(strange(&[
            host,
            ("sec-fetch-site", "same-site"),
            ("origin", "http://board:8090")
        ]));
        assert!(!strange(&[
            host,
            ("origin", "https://board.example"),
            ("sec-fetch-site", "same-origin")
        ]));
    }
}
