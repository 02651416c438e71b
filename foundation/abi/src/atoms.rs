//! Atoms with fixed ids: those that the runtime itself puts into values.
//!
//! A program's atom table begins with these, in this order; its own atoms follow. Atom ids differ
//! between programs beyond them, so atoms travel by name.

macro_rules! fixed_atoms {
    ($($constant:ident = $name:literal),* $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $($constant),* }
        $(#[doc = concat!("`:", $name, "`")] pub const $constant: u32 = Index::$constant as u32;)*
        /// The names, by id.
        pub const FIXED: &[&str] = &[$($name),*];
    };
}

fixed_atoms! {
    NORMAL = "normal", SHUTDOWN = "shutdown", KILL = "kill", KILLED = "killed", NOPROC = "noproc",
    NOCONNECTION = "noconnection", CRASH = "crash", UNDEF = "undef", MISMATCH = "mismatch", CUSTOM = "custom",
    DOWN = "down", EXIT = "exit", NODEUP = "nodeup", NODEDOWN = "nodedown",
    GLOBAL_CONFLICT = "global_conflict", GROUP_JOIN = "group_join", GROUP_LEAVE = "group_leave",
    TAKEN = "taken", TIMEOUT = "timeout",
}
