//! Every way in which a value or its bytes can be wrong.

use std::fmt;

/// Bytes that are not a value of the expected type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// The bytes end inside a value, or a length says more than there is.
    Truncated,
    /// Bytes are left behind the value.
    TrailingBytes,
    /// An integer over 64 bits or not in its shortest form.
    BadInteger,
    /// Text that is not UTF-8.
    NotUtf8,
    /// A Bool or Unit byte other than those that exist.
    BadByte,
    /// A variant or tag index beyond the writer's own type.
    BadVariant,
    /// A variant that the reader's type lacks: its type and name.
    UnknownVariant(String, String),
    /// Nested over [`crate::limits::DEPTH_MAX`].
    TooDeep,
    /// The same key twice in one map or set.
    DuplicateKey,
    /// A node reference that was never introduced.
    UnknownNode,
    /// A pid over 48 bits.
    BadPid,
    /// A name over [`crate::limits::NAME_BYTES_MAX`].
    NameTooLong,
    /// A schema that is malformed or over its limits.
    BadSchema,
    /// A value of a type that never travels.
    CannotTravel,
    /// The reader's program has no object of the shape that its own type wants, so it can never hold such a value.
    NoLayout,
    /// The decoded value would take more memory than the receiver allows.
    TooLarge,
    /// A format version this program does not know.
    Version {
        /// What the bytes say.
        found: u8,
        /// What this program reads.
        known: u8,
    },
    /// The writer's type cannot be read as the reader's.
    Mismatch(Box<Mismatch>),
}

/// Two types that do not fit, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// The writer's whole type.
    pub written: String,
    /// The reader's whole type.
    pub expected: String,
    /// Where they differ, such as `Order.items[].price`.
    pub path: String,
    /// What differs there.
    pub difference: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { written, expected, path, difference } = self;
        write!(f, "a value of type {written} does not fit {expected}: at {path}, {difference}")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Truncated => f.write_str("the bytes end inside the value"),
            DecodeError::TrailingBytes => f.write_str("there are bytes behind the value"),
            DecodeError::BadInteger => f.write_str("an integer is over 64 bits or not in its shortest form"),
            DecodeError::NotUtf8 => f.write_str("a text is not UTF-8"),
            DecodeError::BadByte => f.write_str("a truth value or unit is not one of its bytes"),
            DecodeError::BadVariant => f.write_str("a variant index is beyond the type that was written"),
            DecodeError::UnknownVariant(ty, name) => write!(f, "{ty} has no {name} here"),
            DecodeError::TooDeep => f.write_str("the value is nested too deeply"),
            DecodeError::DuplicateKey => f.write_str("a map or set holds the same key twice"),
            DecodeError::UnknownNode => f.write_str("a pid names a node that was never introduced"),
            DecodeError::BadPid => f.write_str("a pid is over 48 bits"),
            DecodeError::NameTooLong => f.write_str("a name is too long"),
            DecodeError::BadSchema => f.write_str("the type description is malformed or too large"),
            DecodeError::CannotTravel => f.write_str("a value of this type never leaves its node"),
            DecodeError::NoLayout => {
                f.write_str("this program never makes values of the type that was written")
            }
            DecodeError::TooLarge => f.write_str("the value needs more memory than is allowed"),
            DecodeError::Version { found, known } => {
                write!(f, "the bytes have format version {found}, this program reads version {known}")
            }
            DecodeError::Mismatch(mismatch) => mismatch.fmt(f),
        }
    }
}

impl std::error::Error for DecodeError {}

/// A value that cannot be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EncodeError {
    /// It holds a function; the path to it, such as `Job.on_done`.
    Function(String),
    /// It holds a handle; its type's name and the path to it.
    Opaque(String, String),
    /// Nested over [`crate::limits::DEPTH_MAX`].
    TooDeep,
    /// Longer than the given limit in bytes.
    TooLong(usize),
    /// It is not of its type, which compiled code never does; the path to it.
    Shape(String),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodeError::Function(path) => write!(f, "cannot send a function to another node: {path}"),
            EncodeError::Opaque(name, path) => write!(f, "cannot send a {name} to another node: {path}"),
            EncodeError::Shape(path) => {
                write!(f, "a value does not have the shape of its type (a fault of snow itself): {path}")
            }
            EncodeError::TooDeep => {
                f.write_str("cannot send a value that is nested so deeply to another node")
            }
            EncodeError::TooLong(limit) => {
                write!(
                    f,
                    "cannot send a value of more than {limit} bytes to another node; raise max_message on both nodes or send it in parts"
                )
            }
        }
    }
}

impl std::error::Error for EncodeError {}
