//! Why compiled code gives up: the kinds of [`crate::entries::Entry::Fail`].

/// A kind of failure and the meaning of its two words `a`, `b`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Failure {
    /// Int addition overflowed: the operands.
    AddOverflow,
    /// Int subtraction overflowed: the operands.
    SubtractOverflow,
    /// Int multiplication overflowed: the operands.
    MultiplyOverflow,
    /// Int negation overflowed: the operand.
    NegateOverflow,
    /// `/` by zero: the dividend.
    DivideByZero,
    /// `Int.min_value / -1`.
    DivideOverflow,
    /// No clause or arm matched (only reachable through patterns without proof, as in `let … else`-less refutable forms).
    NoMatch,
    /// `panic(text)`: `a` is the text (a String reference).
    Panic,
    /// An array index out of range: index, length.
    ArrayIndex,
    /// A shift by a count outside 0..63: the count.
    ShiftCount,
    /// `%` by zero: the dividend.
    RemainderByZero,
}

impl Failure {
    /// The kind of a number that compiled code passed.
    pub fn from_code(code: u64) -> Option<Failure> {
        const ALL: [Failure; 11] = [
            Failure::AddOverflow,
            Failure::SubtractOverflow,
            Failure::MultiplyOverflow,
            Failure::NegateOverflow,
            Failure::DivideByZero,
            Failure::DivideOverflow,
            Failure::NoMatch,
            Failure::Panic,
            Failure::ArrayIndex,
            Failure::ShiftCount,
            Failure::RemainderByZero,
        ];
        ALL.get(usize::try_from(code).ok()?).copied()
    }
}
