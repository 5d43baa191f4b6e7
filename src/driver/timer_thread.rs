//! The one thread that waits for the engine's next deadline. Without a deadline it sleeps for good, until somebody leaves it
//! outputs to be carried out.

use super::Driver;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// Runs the engine's timers until it is stopped.
pub struct TimerThread {
    driver: Arc<Driver>,
    thread: Option<JoinHandle<()>>,
}

impl TimerThread {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(driver: Arc<Driver>) -> std::io::Result<Self> {
        let worker = Arc::clone(&driver);
        let thread = std::thread::Builder::new()
            .name("cc-timer".to_owned())
            .spawn(move || run(&worker))?;
        Ok(Self {
            driver,
            thread: Some(thread),
        })
    }
}

impl Drop for TimerThread {
    fn drop(&mut self) {
        self.driver.deadline.lock().stopped = true;
        self.driver.deadline_moved.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was logged where it happened; there is nothing to add here.
            let _ = thread.join();
        }
    }
}

fn run(driver: &Driver) {
    loop {
        let outputs_left = {
            let mut state = driver.deadline.lock();
            if state.stopped {
                return;
            }
            match state.next {
                _ if state.outputs_left => (),
                None => driver.deadline_moved.wait(&mut state),
                Some(next) => {
                    let left = next.since(driver.now()).micros();
                    if left > 0 {
                        let left = Duration::from_micros(left.unsigned_abs());
                        driver.deadline_moved.wait_for(&mut state, left);
                    }
                }
            }
            if state.stopped {
                return;
            }
            std::mem::take(&mut state.outputs_left)
        };
        if outputs_left {
            driver.carry_out();
        }
        if driver.next_deadline().is_some_and(|next| next <= driver.now()) {
            driver.handle_due_timers();
        }
    }
}
