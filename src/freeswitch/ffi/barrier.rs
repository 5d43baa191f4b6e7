//! Every way from FreeSWITCH into the module: a panic stops here, and unloading waits for whoever is inside.

use crate::freeswitch::ffi::log;
use crate::freeswitch::module::{self, Module};
use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Threads of FreeSWITCH that are inside the module.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// One thread's stay inside.
struct Stay;

impl Stay {
    fn begin() -> Self {
        INSIDE.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Lets a thread of FreeSWITCH in to do `work` on the running module. It returns `otherwise` when no module runs (any more), or when
/// the work panics.
pub fn enter<R>(otherwise: R, work: impl FnOnce(&Arc<Module>) -> R) -> R {
    let _stay = Stay::begin();
    let Some(module) = module::running() else {
        return otherwise;
    };
    contain(otherwise, || work(&module))
}

/// Does `work`; false when a panic ended it, which is logged.
pub fn completes(work: impl FnOnce()) -> bool {
    contain(false, || {
        work();
        true
    })
}

/// Does `work`; a panic is logged and becomes `otherwise`. For callbacks of a thread that is inside already, and for our own
/// threads.
pub fn contain<R>(otherwise: R, work: impl FnOnce() -> R) -> R {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(panic) => {
            let text = format!("mod_callcenter caught a fault of its own: {}", words_of(panic.as_ref()));
            log::error(None, &text);
            otherwise
        }
    }
}

/// Waits until no thread of FreeSWITCH is inside; false when one still is after `patience`.
pub fn wait_until_empty(patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while INSIDE.load(Ordering::SeqCst) > 0 {
        if Instant::now() >= deadline {
            return false;
        }
        // Only unloading waits here, and nobody who leaves could wake it without touching it after it is gone.
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words")
}
