//! The functions behind `Native.name(…)`: one method of [`Call`] per row of `abi::primitives`, by family.
//!
//! The macro at the end expands each row into a function with the row's C signature and a trampoline to it; a method that is
//! missing or has another signature does not compile. Arguments arrive as `i64` (i), `f64` (f) and [`Value`] (r and w); results are
//! given as `i64` or `bool` (i), `f64` (f), `Value` (r and w), `()` (u) or `Never` (n), each also as `Result<_, Crash>`. A `wait` row's method
//! returns a `Wait` of these.

mod arrays;
mod bytes;
mod calendar;
mod clock;
mod environment;
mod files;
mod global;
mod input;
mod json;
mod logging;
mod nodes;
mod numbers;
mod output;
mod processes;
mod supervision;
mod text;

pub(crate) use logging::inherited;
pub(crate) use nodes::NO_NODE;
pub(crate) use output::stream::Stream;
pub(crate) use text::hashing::HashKey;

use crate::call::{Call, Outcome, Wait, kind};
use crate::entries::Trampoline;
use crate::process::Process;
use crate::trampolines::{NOW_RETURN, WAIT_RETURN, now_trampoline, wait_trampoline};
use snow_abi::value::Class;
#[cfg(doc)]
use snow_heap::Value;

/// Rust type of an argument register.
macro_rules! raw {
    (i) => {
        i64
    };
    (f) => {
        f64
    };
    (r) => {
        u64
    };
    (w) => {
        u64
    };
}

/// Marker of a result letter.
macro_rules! result {
    (i) => {
        kind::Int
    };
    (f) => {
        kind::Float
    };
    (r) => {
        kind::Reference
    };
    (w) => {
        kind::Generic
    };
    (u) => {
        kind::Unit
    };
    (n) => {
        kind::Never
    };
}

/// An argument as the method gets it.
macro_rules! argument {
    ($call:ident, i, $raw:ident, $class:ident) => {
        $raw
    };
    ($call:ident, f, $raw:ident, $class:ident) => {
        $raw
    };
    ($call:ident, r, $raw:ident, $class:ident) => {
        // SAFETY: compiled code passes a reference here.
        unsafe { $call.value($raw, Class::Ref) }
    };
    ($call:ident, w, $raw:ident, $class:ident) => {
        // SAFETY: compiled code passes a word of the class that the last argument tells.
        unsafe { $call.value($raw, $class) }
    };
}

/// Names the parameters one after the other, notes whether one is generic, then defines function and trampoline.
macro_rules! row {
    (($mode:ident $name:ident $result:tt) [$($done:tt)*] [] [$($free:ident)*] ()) => {
        row!(@define $mode $name $result [$($done)*] []);
    };
    (($mode:ident $name:ident $result:tt) [$($done:tt)*] [] [$($free:ident)*] (generic)) => {
        row!(@define $mode $name $result [$($done)*] [class]);
    };
    ($row:tt [$($done:tt)*] [w $($rest:tt)*] [$next:ident $($free:ident)*] $generic:tt) => {
        row!($row [$($done)* ($next w)] [$($rest)*] [$($free)*] (generic));
    };
    ($row:tt [$($done:tt)*] [$letter:tt $($rest:tt)*] [$next:ident $($free:ident)*] $generic:tt) => {
        row!($row [$($done)* ($next $letter)] [$($rest)*] [$($free)*] $generic);
    };
    (@define now $name:ident $result:tt [$(($argument:ident $letter:tt))*] [$($class:ident)?]) => {
        mod $name {
            use super::*;
            unsafe extern "C" fn function(
                process: *mut Process, $($argument: raw!($letter),)* $($class: i64)?
            ) -> <result!($result) as crate::call::Kind>::Raw {
                // SAFETY: called by the trampoline only.
                #[allow(unused_mut)]
                let mut call = unsafe { Call::new(process, NOW_RETURN) };
                #[allow(unused_variables)]
                let class = Class::Int;
                $(let class = if $class != 0 { Class::Ref } else { Class::Int };)?
                let outcome = call.$name($(argument!(call, $letter, $argument, class)),*);
                Outcome::<result!($result)>::finish(outcome, &mut call)
            }
            now_trampoline!(trampoline, function);
            pub(super) const TRAMPOLINE: Trampoline = trampoline;
        }
    };
    (@define wait $name:ident $result:tt [$(($argument:ident $letter:tt))*] []) => {
        mod $name {
            use super::*;
            unsafe extern "C" fn function(
                process: *mut Process, $($argument: raw!($letter)),*
            ) -> <result!($result) as crate::call::Kind>::Raw {
                // SAFETY: called by the trampoline only.
                let mut call = unsafe { Call::new(process, WAIT_RETURN) };
                match call.$name($(argument!(call, $letter, $argument, class)),*) {
                    Wait::Ready(outcome) => Outcome::<result!($result)>::finish(outcome, &mut call),
                    Wait::Suspend => Default::default(),
                }
            }
            wait_trampoline!(trampoline, function);
            pub(super) const TRAMPOLINE: Trampoline = trampoline;
        }
    };
}

macro_rules! expand {
    ($($mode:ident $name:ident($($param:tt),*) -> $result:tt, $scheme:literal;)*) => {
        $(row!(($mode $name $result) [] [$($param)*] [a b c d e f] ());)*

        /// In table order.
        pub(crate) static TRAMPOLINES: &[Trampoline] = &[$($name::TRAMPOLINE),*];
        /// Number of primitives.
        pub(crate) const COUNT: usize = [$(stringify!($name)),*].len();
    };
}
snow_abi::for_each_primitive!(expand);
