//! The codes of everything that name resolution reports. One meaning each.

/// Too few or too many arguments.
pub const ARGUMENT_COUNT: &str = "E0003";
/// A name that nothing defines.
pub const UNKNOWN_NAME: &str = "E0004";
/// An interface lacks this method, or an impl lacks one of the interface's.
pub const MISSING_METHOD: &str = "E0007";
/// A field that does not exist, or one that is not given.
pub const FIELD: &str = "E0009";
/// A variant that does not exist.
pub const UNKNOWN_VARIANT: &str = "E0010";
/// Alternatives of a pattern bind different names.
pub const OR_NAMES: &str = "E0011";
/// What starts a child gives no process.
pub const CHILD_START: &str = "E0018";
/// A strategy that does not exist, or that does not suit the children.
pub const STRATEGY: &str = "E0019";
/// A restart kind that does not exist.
pub const RESTART: &str = "E0020";
/// A way to stop a child that does not exist.
pub const SHUTDOWN: &str = "E0021";
/// A clause that takes everything has clauses after it.
pub const CATCH_ALL_FIRST: &str = "E0022";
/// Clauses of one function stand apart.
pub const CLAUSES_APART: &str = "E0023";
/// A method that an interface does not have.
pub const NO_METHOD: &str = "E0030";
/// A module that does not exist.
pub const UNKNOWN_MODULE: &str = "E0031";
/// `break` outside of a loop.
pub const BREAK_OUTSIDE: &str = "E0032";
/// `continue` outside of a loop.
pub const CONTINUE_OUTSIDE: &str = "E0033";
/// An imported name that its module keeps private.
pub const NOT_EXPORTED: &str = "E0034";
/// A qualified name that its module keeps private.
pub const PRIVATE: &str = "E0035";
/// One name defined twice.
pub const DEFINED_TWICE: &str = "E0071";
/// Modules import each other in a circle.
pub const IMPORT_CYCLE: &str = "E0072";
/// A name bound twice in one pattern or parameter list.
pub const BOUND_TWICE: &str = "E0073";
/// A named argument or field that is given twice or does not exist.
pub const NAMED_ARGUMENT: &str = "E0074";
/// Clauses of one function take different numbers of arguments.
pub const CLAUSE_ARITY: &str = "E0075";
/// A type with the wrong number of type arguments.
pub const TYPE_ARGUMENTS: &str = "E0076";
/// A name of one kind where another is needed: a module as a value, an interface as a type.
pub const WRONG_KIND: &str = "E0077";
/// A form of the language used in a way that it does not have.
pub const FORM: &str = "E0078";
/// An actor that cannot be started on another node.
pub const NOT_REMOTE: &str = "E0079";
/// A pattern that cannot stand here.
pub const PATTERN: &str = "E0080";
/// A name that stands for several things.
pub const AMBIGUOUS: &str = "E0081";
/// A handler of a service that is not complete.
pub const SERVICE: &str = "E0082";
/// `main` is missing, or cannot begin a program.
pub const MAIN: &str = "E0087";

/// A local name that is never used.
pub const UNUSED_NAME: &str = "W0003";
/// An import that is never used.
pub const UNUSED_IMPORT: &str = "W0004";
/// `todo` was left in the program.
pub const NOT_WRITTEN: &str = "W0005";
