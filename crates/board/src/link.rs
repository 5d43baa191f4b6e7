//! The one connection to each FreeSWITCH: made, held, lost and made again.
//!
//! Events say that something has happened, never what: each look is a whole snapshot, so nothing that was missed leaves a trace.

mod back_off;
mod look;
mod session;

use crate::hub::Hub;
use back_off::BackOff;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// A connection that lasted so long was a good one: the next one is tried for at once.
const GOOD: Duration = Duration::from_secs(10);

/// A command of a supervisor, and where its answer goes.
pub struct Order {
    /// What stands behind `callcenter_config`.
    pub words: String,
    /// FreeSWITCH's answer, or why there is none.
    pub answer: oneshot::Sender<Result<String, String>>,
}

/// Why a connection has ended, or was not made: one line for whoever has to mend it.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is nobody, or the line was cut.
    #[error("FreeSWITCH at {place} cannot be reached: {reason}")]
    Away {
        /// Host and port.
        place: String,
        /// What the operating system says.
        reason: String,
    },
    /// It does not let us in.
    #[error("FreeSWITCH at {place} does not let the board in: {reason}. Look at user and password here, and at event_socket.conf.xml there")]
    Refused {
        /// Host and port.
        place: String,
        /// What it says.
        reason: String,
    },
    /// It is there and says nothing.
    #[error("FreeSWITCH at {place} has not answered for {seconds} seconds")]
    Silent {
        /// Host and port.
        place: String,
        /// For how long.
        seconds: u64,
    },
    /// The user may not do what is needed.
    #[error("the event socket's user may not use {what}: its esl-allowed-api has to name callcenter_config, its esl-allowed-events CUSTOM")]
    Forbidden {
        /// What was refused.
        what: String,
    },
    /// What came was not to be understood.
    #[error("FreeSWITCH at {place} said something that the board does not understand: {reason}")]
    Strange {
        /// Host and port.
        place: String,
        /// What it was.
        reason: String,
    },
    /// Nobody is left who would look.
    #[error("the board ends")]
    Ends,
}

/// Holds the connection to one FreeSWITCH for as long as the board runs.
pub async fn run(hub: Arc<Hub>, at: usize, mut orders: mpsc::Receiver<Order>) {
    let mut back_off = BackOff::default();
    let mut told = String::new();
    loop {
        let began = Instant::now();
        let trouble = match session::hold(&hub, at, &mut orders).await {
            Err(Trouble::Ends) | Ok(()) => return,
            Err(trouble) => trouble.to_string(),
        };
        if began.elapsed() >= GOOD {
            back_off = BackOff::default();
        }
        hub.lost(at, &trouble);
        let pause = back_off.next_pause();
        // The same trouble again and again is told once.
        if trouble == told {
            tracing::debug!("{trouble}; again in {pause:.1?}");
        } else {
            tracing::warn!("{trouble}; the board goes on trying");
            told = trouble;
        }
        if !refuse_for(pause, &mut orders).await {
            return;
        }
        if began.elapsed() >= GOOD {
            told.clear();
        }
    }
}

/// Lets time pass in which no order can be carried out. False when nobody can give any more orders.
async fn refuse_for(pause: Duration, orders: &mut mpsc::Receiver<Order>) -> bool {
    let over = tokio::time::sleep(pause);
    tokio::pin!(over);
    loop {
        tokio::select! {
            () = &mut over => return true,
            order = orders.recv() => match order {
                // Whoever asked may have gone.
                Some(order) => drop(order.answer.send(Err("there is no connection to FreeSWITCH".to_owned()))),
                None => return false,
            },
        }
    }
}
