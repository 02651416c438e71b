//! The operating system's signals: none but faults may arrive on a scheduler thread, whose stack may be a process's.

use std::mem::MaybeUninit;
use std::time::{Duration, Instant};

/// Blocks every signal that does not come from the running code itself, on the calling thread.
pub(crate) fn block_on_this_thread() {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: the set is filled before it is used; masks of the own thread only.
    unsafe {
        libc::sigfillset(set.as_mut_ptr());
        for fault in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGABRT] {
            libc::sigdelset(set.as_mut_ptr(), fault);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, set.as_ptr(), std::ptr::null_mut());
    }
}

/// Blocks SIGTERM and SIGINT on the calling thread and all that it starts from now on. To be called by `main` before anything else.
pub fn block_termination() {
    // SAFETY: the set is filled before it is used.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &termination_set(), std::ptr::null_mut()) };
}

/// Waits for a SIGTERM or SIGINT that `block_termination` holds back; gives its number.
pub fn wait_for_termination() -> i32 {
    let mut signal = 0;
    // SAFETY: `signal` lives during the call.
    while unsafe { libc::sigwait(&termination_set(), &mut signal) } != 0 {}
    signal
}

/// Waits for another one, for so long at most.
pub fn wait_for_termination_within(time: Duration) -> Option<i32> {
    let deadline = Instant::now() + time;
    loop {
        let left = deadline.checked_duration_since(Instant::now())?;
        let timeout = libc::timespec {
            tv_sec: left.as_secs() as libc::time_t,
            tv_nsec: left.subsec_nanos() as libc::c_long,
        };
        // SAFETY: set and time live during the call; no further facts are asked for.
        let signal = unsafe { libc::sigtimedwait(&termination_set(), std::ptr::null_mut(), &timeout) };
        if signal > 0 {
            return Some(signal);
        }
    }
}

fn termination_set() -> libc::sigset_t {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: `sigemptyset` fills the set.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), libc::SIGTERM);
        libc::sigaddset(set.as_mut_ptr(), libc::SIGINT);
        set.assume_init()
    }
}
