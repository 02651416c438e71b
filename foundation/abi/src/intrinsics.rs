//! Entries that std calls by name because they need a type at run time.
//!
//! Std writes `Native.name(…)` as for primitives. The compiler appends the descriptor of the scheme's first type
//! parameter where `descriptor_at` says; a word of that parameter's type is passed in an integer register.

use crate::entries::Entry;
use crate::primitives::Operand;
use crate::value::Class;

/// One intrinsic.
#[derive(Debug)]
pub struct Intrinsic {
    /// `Native.NAME` in std.
    pub name: &'static str,
    /// What it calls.
    pub entry: Entry,
    /// The Snow type; `M` or `T` is the reified parameter.
    pub scheme: &'static str,
    /// Classes of the given arguments.
    pub params: &'static [Operand],
    /// Class of the result.
    pub result: Operand,
    /// Index among the entry's arguments where the descriptor goes; `None`: no descriptor.
    pub descriptor_at: Option<usize>,
}

const I: Operand = Operand::Word(Class::Int);
const R: Operand = Operand::Word(Class::Ref);
const W: Operand = Operand::Generic;

/// All of them.
pub static INTRINSICS: &[Intrinsic] = &[
    Intrinsic {
        name: "whereis",
        entry: Entry::WhereIs,
        scheme: "(String) -> Option<Pid<M>>",
        params: &[R],
        result: R,
        descriptor_at: Some(1),
    },
    Intrinsic {
        name: "register",
        entry: Entry::Register,
        scheme: "(String, Pid<M>) -> Bool",
        params: &[R, I],
        result: I,
        descriptor_at: Some(2),
    },
    Intrinsic {
        name: "global_whereis",
        entry: Entry::GlobalWhereIs,
        scheme: "(String) -> Option<Pid<M>>",
        params: &[R],
        result: R,
        descriptor_at: Some(1),
    },
    Intrinsic {
        name: "group_members",
        entry: Entry::GroupMembers,
        scheme: "(String, Bool) -> List<Pid<M>>",
        params: &[R, I],
        result: R,
        descriptor_at: Some(2),
    },
    Intrinsic {
        name: "group_broadcast",
        entry: Entry::GroupBroadcast,
        scheme: "(String, M) -> ()",
        params: &[R, W],
        result: Operand::Unit,
        descriptor_at: Some(2),
    },
    Intrinsic {
        name: "send_after",
        entry: Entry::SendAfter,
        scheme: "(Int, Pid<M>, M, Bool) -> Int",
        params: &[I, I, W, I],
        result: I,
        descriptor_at: Some(3),
    },
    Intrinsic {
        name: "exit_self",
        entry: Entry::ExitSelf,
        scheme: "(ExitReason) -> Never",
        params: &[R],
        result: Operand::Never,
        descriptor_at: None,
    },
    // The kind is a number of `failure::Failure`
    Intrinsic {
        name: "fail",
        entry: Entry::Fail,
        scheme: "(Int, String, Int) -> Never",
        params: &[I, R, I],
        result: Operand::Never,
        descriptor_at: None,
    },
    Intrinsic {
        name: "term_encode",
        entry: Entry::TermEncode,
        scheme: "(T) -> Bytes",
        params: &[W],
        result: R,
        descriptor_at: Some(1),
    },
    Intrinsic {
        name: "term_decode",
        entry: Entry::TermDecode,
        scheme: "(Bytes) -> Result<T, String>",
        params: &[R],
        result: R,
        descriptor_at: Some(1),
    },
    Intrinsic {
        name: "term_hash",
        entry: Entry::TermHash,
        scheme: "(T) -> Int",
        params: &[W],
        result: I,
        descriptor_at: Some(1),
    },
];

/// The index of a name in [`INTRINSICS`].
pub fn by_name(name: &str) -> Option<usize> {
    INTRINSICS.iter().position(|i| i.name == name)
}
