//! Connections of browsers: so many at once, and each has to say soon what it wants.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What the kernel keeps for a browser that does not read, in bytes: then the stream stops, and goes on with the newest state.
const UNSENT: u32 = 32 * 1024;

/// A request has to be there after so long, and a connection on which none comes is closed.
const ASKING: Duration = Duration::from_secs(10);

/// A request's head may have so many bytes.
const HEAD: usize = 16 * 1024;

/// After a connection that could not be taken: there may be no more file descriptors for a while.
const TRY_AGAIN: Duration = Duration::from_millis(200);

/// Serves until the program ends. A connection beyond those that there may be at once waits until another one ends.
pub(super) async fn serve(listener: TcpListener, routes: Router, most: usize) -> std::io::Result<()> {
    let places = Arc::new(Semaphore::new(most));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return Ok(());
        };
        let connection = match listener.accept().await {
            Ok((connection, _)) => connection,
            Err(wrong) => {
                tracing::debug!("a connection cannot be taken: {wrong}");
                tokio::time::sleep(TRY_AGAIN).await;
                continue;
            }
        };
        prepare(&connection);
        let service = TowerToHyperService::new(routes.clone());
        tokio::spawn(async move {
            let served = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(ASKING)
                .max_buf_size(HEAD)
                .serve_connection(TokioIo::new(connection), service);
            if let Err(wrong) = served.await {
                tracing::debug!("a connection ended: {wrong}");
            }
            drop(place);
        });
    }
}

/// Small pieces go out at once, and little is kept for whoever does not read.
fn prepare(connection: &TcpStream) {
    let socket = socket2::SockRef::from(connection);
    let prepared = connection
        .set_nodelay(true)
        .and_then(|()| socket.set_tcp_notsent_lowat(UNSENT));
    if let Err(wrong) = prepared {
        tracing::debug!("a connection cannot be prepared: {wrong}");
    }
}
