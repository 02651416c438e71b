//! The codes of everything the parser reports. One meaning each.

/// A number that does not fit its type.
pub const OUT_OF_RANGE: &str = "E0040";
/// Something other than what the grammar wants here.
pub const UNEXPECTED: &str = "E0050";
/// A construct lacks its `end`.
pub const MISSING_END: &str = "E0051";
/// A bracket without its partner.
pub const UNCLOSED_BRACKET: &str = "E0052";
/// A string, bytes literal, tag or comment that never ends.
pub const UNCLOSED_TEXT: &str = "E0053";
/// An escape that does not exist.
pub const BAD_ESCAPE: &str = "E0054";
/// A number that cannot be read.
pub const BAD_NUMBER: &str = "E0055";
/// A character that belongs to no token.
pub const BAD_CHARACTER: &str = "E0056";
/// Two statements on one line.
pub const SAME_LINE: &str = "E0057";
/// A word or operator of other languages.
pub const FOREIGN_WORD: &str = "E0058";
/// Constructs nested deeper than the compiler goes.
pub const TOO_DEEP: &str = "E0059";
/// An `end` or closing bracket that closes nothing.
pub const EXTRA_CLOSER: &str = "E0060";
/// `a < b < c`.
pub const CHAINED_COMPARISON: &str = "E0061";
/// `_` where a value is needed.
pub const STRAY_PLACEHOLDER: &str = "E0062";
/// A body that begins on the line of its arrow goes on in the next one.
pub const BODY_ON_ARROW_LINE: &str = "E0063";
/// A positional argument behind a named one.
pub const POSITIONAL_AFTER_NAMED: &str = "E0064";
/// `${}` in a place that wants plain text.
pub const INTERPOLATION_NOT_ALLOWED: &str = "E0065";
/// A tuple or tagged value with too few parts.
pub const SHORT_TUPLE: &str = "E0066";
/// A name with a capital letter where a small one is needed, or the other way round.
pub const WRONG_CASE: &str = "E0067";
/// A reserved word where a name is needed.
pub const RESERVED_WORD: &str = "E0068";
/// `pub` in front of something that cannot be exported.
pub const PUB_NOT_ALLOWED: &str = "E0069";
/// A statement or item where only the other can stand.
pub const WRONG_PLACE: &str = "E0070";
