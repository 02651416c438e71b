//! Why a process ended.

use std::fmt;
use std::sync::Arc;

/// An exit reason; the texts are shared, since an exit may go to many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExitReason {
    /// `:normal`: came to its end.
    Normal,
    /// `:shutdown`: was asked to end.
    Shutdown,
    /// `:kill`: as sent; cannot be trapped, and arrives at others as `:killed`.
    Kill,
    /// `:killed`
    Killed,
    /// `:noproc`: there was no such process.
    NoProcess,
    /// `:noconnection`: its node was lost.
    NoConnection,
    /// `{:crash, message}`
    Crash(Arc<str>),
    /// `{:undef, name}`: the other node has no such actor.
    Undefined(Arc<str>),
    /// `{:mismatch, text}`: the other node's types differ.
    Mismatch(Arc<str>),
    /// `{:custom, text}`
    Custom(Arc<str>),
}

impl ExitReason {
    /// Whether links pass over it.
    pub fn is_normal(&self) -> bool {
        *self == ExitReason::Normal
    }

    /// Whether it is worth a crash report.
    pub fn is_crash(&self) -> bool {
        matches!(self, ExitReason::Crash(_) | ExitReason::Undefined(_) | ExitReason::Mismatch(_))
    }
}

impl fmt::Display for ExitReason {
    /// As the Snow value is printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitReason::Normal => f.write_str(":normal"),
            ExitReason::Shutdown => f.write_str(":shutdown"),
            ExitReason::Kill => f.write_str(":kill"),
            ExitReason::Killed => f.write_str(":killed"),
            ExitReason::NoProcess => f.write_str(":noproc"),
            ExitReason::NoConnection => f.write_str(":noconnection"),
            ExitReason::Crash(text) => write!(f, "{{:crash, {text:?}}}"),
            ExitReason::Undefined(name) => write!(f, "{{:undef, {name:?}}}"),
            ExitReason::Mismatch(text) => write!(f, "{{:mismatch, {text:?}}}"),
            ExitReason::Custom(text) => write!(f, "{{:custom, {text:?}}}"),
        }
    }
}
