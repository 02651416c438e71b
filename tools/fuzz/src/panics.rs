//! Where a case panicked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where this thread panicked last.
#[derive(Clone, Default)]
pub struct LastPanic(Arc<Mutex<String>>);

impl LastPanic {
    /// Keeps the place of each panic of this thread from now on, instead of printing it. Other threads' are printed as before.
    pub fn install() -> LastPanic {
        let last = LastPanic::default();
        let (kept, before, here) = (last.clone(), std::panic::take_hook(), thread::current().id());
        std::panic::set_hook(Box::new(move |info| {
            if thread::current().id() != here {
                return before(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let text = info.payload_as_str().unwrap_or_default();
            *kept.0.lock().expect("nobody panics with it") = format!("{place}: {text}");
        }));
        last
    }

    /// What a check panics with; `None` when it does not.
    pub fn of(&self, check: impl FnOnce()) -> Option<String> {
        catch_unwind(AssertUnwindSafe(check)).err()?;
        Some(self.0.lock().expect("nobody panics with it").clone())
    }
}

/// The place of a panic, without its words.
pub fn place(panic: &str) -> &str {
    panic.split(": ").next().unwrap_or(panic)
}
