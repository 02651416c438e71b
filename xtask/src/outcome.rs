//! Whether a command found everything in order.

/// The end of a command or of one of its steps.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Nothing to complain about.
    Good,
    /// Something has been printed that needs mending.
    Bad,
}

impl Outcome {
    /// Good exactly when `condition` holds.
    pub fn when(condition: bool) -> Outcome {
        if condition { Outcome::Good } else { Outcome::Bad }
    }

    /// Good when both are.
    pub fn and(self, other: Outcome) -> Outcome {
        Outcome::when(self == Outcome::Good && other == Outcome::Good)
    }
}
