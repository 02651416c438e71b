//! The bounds of the term format, each with its reason.

/// Deepest nesting of a value. Lists, maps and sets count one level however long they are; the bound keeps the
/// decoder's explicit stack below some megabytes.
pub const DEPTH_MAX: usize = 65_536;

/// Most types in one schema. A whole program has hundreds.
pub const SCHEMA_NODES_MAX: usize = 4_096;

/// Longest schema in bytes.
pub const SCHEMA_BYTES_MAX: usize = 1 << 20;

/// Longest name of a type, field, variant or atom in a schema.
pub const NAME_BYTES_MAX: usize = 4_096;

/// Deepest printing of a type in an error text.
pub const PRINT_DEPTH_MAX: usize = 4;

/// Longest text of a type in an error text.
pub const PRINT_BYTES_MAX: usize = 400;
