//! What a supervisor does. The token comes in a header that no other site can make a browser send.

use super::Board;
use crate::commands::Deed;
use crate::hub::Done;
use crate::link::Order;
use crate::now_ms;
use axum::extract::{Json, State};
use axum::http::{header, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use tokio::sync::oneshot;

/// A wrong token is answered after so long: guessing takes for ever.
const GUESSING: Duration = Duration::from_secs(1);

/// An answer to a command that takes longer is given up; the command is not.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whose token came along.
async fn supervisor(board: &Board, headers: &HeaderMap) -> Result<String, Response> {
    if !board.tokens.are_there() {
        let text = json!({"error": "no-tokens"});
        return Err((StatusCode::FORBIDDEN, Json(text)).into_response());
    }
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    if let Some(name) = board.tokens.whose(token) {
        return Ok(name.to_owned());
    }
    tokio::time::sleep(GUESSING).await;
    tracing::warn!("a supervisor's token that is not known was refused");
    let text = json!({"error": "wrong-token"});
    Err((
        StatusCode::UNAUTHORIZED,
        [(header::WWW_AUTHENTICATE, "Bearer")],
        Json(text),
    )
        .into_response())
}

/// Whose token it is, and what is offered along.
pub(super) async fn who(State(board): State<Board>, headers: HeaderMap) -> Response {
    match supervisor(&board, &headers).await {
        Ok(name) => {
            let reasons = &board.hub.settings().supervisor.pause_reasons;
            Json(json!({"name": name, "reasons": reasons})).into_response()
        }
        Err(refusal) => refusal,
    }
}

/// What was done lately.
pub(super) async fn deeds(State(board): State<Board>, headers: HeaderMap) -> Response {
    match supervisor(&board, &headers).await {
        Ok(_) => Json(json!({"deeds": board.hub.deeds()})).into_response(),
        Err(refusal) => refusal,
    }
}

/// Does something.
pub(super) async fn act(State(board): State<Board>, headers: HeaderMap, deed: Json<Deed>) -> Response {
    let who = match supervisor(&board, &headers).await {
        Ok(who) => who,
        Err(refusal) => return refusal,
    };
    let number = deed.tells_number().then(|| number_of(&board, deed.whom())).flatten();
    let result = words(&board, &deed);
    let (what, answer) = match result {
        Ok(words) => {
            let answer = order(&board, words.clone()).await;
            (words, answer)
        }
        Err(refusal) => (format!("{:?}", deed.0), Err(refusal)),
    };
    let is_ok = answer.as_ref().is_ok_and(|text| text.starts_with("+OK"));
    let answer = answer.unwrap_or_else(|refusal| format!("-ERR {refusal}"));
    let answer = answer.trim().to_owned();
    tracing::info!("supervisor {who}: {what}: {answer}");
    let at = now_ms();
    let done = Done {
        at,
        who,
        what,
        answer,
        is_ok,
    };
    board.hub.note(done.clone());
    let status = if is_ok { StatusCode::OK } else { StatusCode::CONFLICT };
    let number = number.filter(|_| is_ok);
    (status, Json(Answered { done, number })).into_response()
}

/// What whoever has done something is told; everybody else reads `done` alone.
#[derive(Serialize)]
struct Answered {
    #[serde(flatten)]
    done: Done,
    /// Whom to call from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
}

/// The number that somebody in line is to be called back on.
fn number_of(board: &Board, member: &str) -> Option<String> {
    let centre = board.hub.centre();
    let snapshot = centre.snapshot()?;
    let mut members = snapshot.queues.iter().flat_map(|queue| &queue.members);
    let callback = members.find(|known| known.uuid == member)?.callback.as_ref()?;
    Some(callback.number.clone())
}

/// The command, where whom it names is there and shown.
fn words(board: &Board, deed: &Deed) -> Result<String, String> {
    let centre = board.hub.centre();
    let settings = board.hub.settings();
    let snapshot = centre.snapshot().ok_or("nothing is known of the call centre yet")?;
    let is_known = if deed.is_of_agent() {
        settings.shows_agent(deed.whom()) && snapshot.agents.iter().any(|agent| agent.name == deed.whom())
    } else {
        let shown = snapshot.queues.iter().filter(|queue| settings.shows_queue(&queue.name));
        shown
            .flat_map(|queue| &queue.members)
            .any(|member| member.uuid == deed.whom())
    };
    if !is_known {
        return Err(format!("\"{}\" is not there any more", deed.whom()));
    }
    deed.words(snapshot.is_from_lists)
}

async fn order(board: &Board, words: String) -> Result<String, String> {
    let (answer, answered) = oneshot::channel();
    let order = Order { words, answer };
    // To the one that is seen, whichever of several it is.
    board.orders[board.hub.shown()]
        .try_send(order)
        .map_err(|_| "too many commands wait for FreeSWITCH".to_owned())?;
    match tokio::time::timeout(PATIENCE, answered).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err("the connection to FreeSWITCH was lost".to_owned()),
        Err(_) => Err("FreeSWITCH has not answered; whether it was done is not known".to_owned()),
    }
}
