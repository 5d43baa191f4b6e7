//! What browsers and Prometheus ask for.

mod actions;
mod connections;
mod doorkeeper;
mod health;
mod pages;
mod stream;

use crate::hub::Hub;
use crate::link::Order;
use crate::metrics;
use crate::tokens::Tokens;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::Router;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Connections beside those that pages may hold open: for what else is asked.
const SPARE_CONNECTIONS: usize = 128;

/// What every route may need.
#[derive(Clone)]
struct Board {
    hub: Arc<Hub>,
    tokens: Arc<Tokens>,
    /// To each FreeSWITCH.
    orders: Arc<[mpsc::Sender<Order>]>,
    doorkeeper: Arc<doorkeeper::Doorkeeper>,
}

/// Serves until the program ends.
pub async fn serve(
    listener: TcpListener,
    hub: Arc<Hub>,
    tokens: Tokens,
    orders: Vec<mpsc::Sender<Order>>,
) -> std::io::Result<()> {
    let beating = Arc::clone(&hub);
    tokio::spawn(async move { beating.beat().await });
    let doorkeeper = doorkeeper::Doorkeeper::new(listener.local_addr()?, &hub.settings().hosts);
    let most = hub.settings().max_viewers + SPARE_CONNECTIONS;
    let board = Board {
        hub,
        tokens: Arc::new(tokens),
        orders: orders.into(),
        doorkeeper: Arc::new(doorkeeper),
    };
    connections::serve(listener, routes(board), most).await
}

fn routes(board: Board) -> Router {
    Router::new()
        .route("/", get(pages::wall))
        .route("/agents", get(pages::floor))
        .route("/queues/{name}", get(pages::queue))
        .route("/supervisor", get(pages::supervisor))
        .route("/boxes", get(pages::boxes))
        .route("/assets/{name}", get(pages::asset))
        .route("/live", get(stream::live))
        .route("/supervisor/who", get(actions::who))
        .route("/supervisor/deeds", get(actions::deeds))
        .route("/supervisor/act", post(actions::act))
        .route("/metrics", get(metrics_page))
        .route("/healthz", get(health::health))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(board.clone(), doorkeeper::at_the_door))
        .layer(from_fn(guarded))
        .with_state(board)
}

async fn metrics_page(State(board): State<Board>) -> Response {
    let head = [(header::CONTENT_TYPE, metrics::CONTENT_TYPE)];
    (head, metrics::text(&board.hub)).into_response()
}

/// What every answer says to a browser: nothing from anywhere else, nothing inside anybody else's page.
const GUARDS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let kept = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(kept);
    response
}
