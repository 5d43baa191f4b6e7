//! Server-sent events: the whole state first, then what is new.
//!
//! The next piece is only made when the connection takes one. Whoever reads slowly is told the newest state then, and never a backlog.

use super::Board;
use crate::hub::{Chunk, Frame, Watcher, HEAD};
use crate::views::Page;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{header, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;

/// Which page is open.
#[derive(Deserialize)]
pub(super) struct Asked {
    page: String,
    #[serde(default)]
    queue: String,
}

impl Asked {
    fn page(self) -> Option<Page> {
        match self.page.as_str() {
            "wall" => Some(Page::Wall),
            "floor" => Some(Page::Floor),
            "supervisor" => Some(Page::Supervisor),
            "boxes" => Some(Page::Boxes),
            "queue" if !self.queue.is_empty() => Some(Page::Queue(self.queue)),
            _ => None,
        }
    }
}

pub(super) async fn live(State(board): State<Board>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let Some(page) = asked.page() else {
        return (StatusCode::NOT_FOUND, "no such page").into_response();
    };
    let Some(watcher) = board.hub.watch(page) else {
        let text = "too many pages are open: max-viewers in the configuration";
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], text).into_response();
    };
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let is_packed = accepted.is_some_and(|accepted| accepted.split([',', ';', ' ']).any(|word| word == "gzip"));
    let body = Body::from_stream(unfold(Told::new(watcher, is_packed), next));
    let mut response = body.into_response();
    let head = response.headers_mut();
    head.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/event-stream"),
    );
    // Proxies in between are not to wait for more.
    head.insert("x-accel-buffering", header::HeaderValue::from_static("no"));
    head.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    if is_packed {
        head.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("gzip"));
    }
    response
}

/// What one browser has been told.
struct Told {
    watcher: Watcher,
    is_packed: bool,
    last: Option<Arc<Frame>>,
}

impl Told {
    fn new(watcher: Watcher, is_packed: bool) -> Self {
        Self {
            watcher,
            is_packed,
            last: None,
        }
    }

    fn bytes(&self, chunk: Chunk) -> Bytes {
        if self.is_packed {
            chunk.packed
        } else {
            chunk.plain
        }
    }

    fn first(&mut self) -> Bytes {
        let frame = Arc::clone(&self.watcher.frames.borrow_and_update());
        let whole = self.bytes(frame.whole());
        self.last = Some(frame);
        if self.is_packed {
            return [HEAD, &whole].concat().into();
        }
        whole
    }
}

async fn next(mut told: Told) -> Option<(Result<Bytes, Infallible>, Told)> {
    let Some(last) = told.last.clone() else {
        let first = told.first();
        return Some((Ok(first), told));
    };
    loop {
        let chunk = tokio::select! {
            biased;
            changed = told.watcher.frames.changed() => {
                changed.ok()?;
                let frame = Arc::clone(&told.watcher.frames.borrow_and_update());
                let chunk = frame.since(&last);
                told.last = Some(frame);
                chunk
            }
            beat = told.watcher.beats.changed() => {
                beat.ok()?;
                Some(told.watcher.beats.borrow_and_update().clone())
            }
        };
        if let Some(chunk) = chunk {
            let bytes = told.bytes(chunk);
            return Some((Ok(bytes), told));
        }
    }
}
