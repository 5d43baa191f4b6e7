//! Whether the board does what it is there for, for whoever watches programs.

use super::Board;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::Json;
use serde_json::json;

/// 200 while what pages show is what is; 503 while it is not.
pub(super) async fn health(State(board): State<Board>) -> Response {
    let centre = board.hub.centre();
    let (status, word) = if centre.link().is_up() {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "no data")
    };
    let taken_at = centre.snapshot().map(|snapshot| snapshot.now_at);
    let boxes: Vec<_> = centre
        .sites
        .iter()
        .map(|site| {
            let standing = site.member.as_ref().map(|member| &member.standing);
            json!({"name": site.name, "freeswitch": site.link, "standing": standing, "stranger": site.stranger})
        })
        .collect();
    let text = json!({"status": word, "freeswitch": centre.link(), "boxes": boxes, "taken_at": taken_at, "viewers": board.hub.viewers()});
    (status, Json(text)).into_response()
}
