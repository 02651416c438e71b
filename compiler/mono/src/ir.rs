//! Concrete IR: what code generation reads.
//!
//! No type variables; every local has a class; closures are explicit; layouts are known. A function body is a block in
//! A-normal form with join points:
//!
//! ```text
//! block     = statement* end
//! statement = let local = operation | let local* = call | effect operation | join
//! end       = return | tail call | jump | if | switch | fail | unreachable
//! ```
//!
//! A join is visible in the statements after it and in the end of its block (at any depth), and in its own body when it is
//! recursive (a loop head). Locals are assigned once. A local of class `Ref` is a root while it is live.
//! Unit and Never values are the Int 0. Every function has at least one result.

use snow_abi::descriptor::Descriptor;
use snow_abi::entries::Entry;
use snow_abi::failure::Failure;
use snow_abi::layout::Layout;
use snow_abi::primitives::Primitive;
use snow_abi::value::Class;
use snow_text::IdVec;

snow_text::ids! {
    /// A concrete function.
    FunctionId,
    /// A local of one function.
    Local,
    /// A join point of one function.
    JoinId,
    /// A static object.
    StaticId,
}

/// A concrete program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// All functions.
    pub functions: IdVec<FunctionId, Function>,
    /// Static objects.
    pub statics: IdVec<StaticId, Static>,
    /// Layouts by id, the fixed ones of `abi::layout` first.
    pub layouts: Vec<Layout>,
    /// Descriptors by id.
    pub descriptors: Vec<Descriptor>,
    /// Atom names by id, the fixed ones of `abi::atoms` first.
    pub atoms: Vec<String>,
    /// Paths of source files; [`Location::file`] indexes them.
    pub files: Vec<String>,
    /// `pub actor`s.
    pub exports: Vec<Export>,
    /// The static closure that runs `main`: a `Static::Closure` whose function takes the closure and returns one Int.
    pub main: Option<StaticId>,
    /// Signals that main receives.
    pub main_signals: u32,
    /// Index of main's mailbox type among the descriptors.
    pub main_mailbox: u32,
    /// `test` blocks, when they are what the program is made for.
    pub tests: Vec<Test>,
    /// Start functions (of closures given to `Spawn`) and the descriptors of their mailbox types.
    pub mailboxes: Vec<(FunctionId, u32)>,
}

/// A `test` block.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub title: String,
    /// The module it is in; empty for the root.
    pub module: String,
    /// Where it is.
    pub location: Location,
    /// How long it may take.
    pub timeout_ms: u32,
    /// Words to choose it by.
    pub tags: Vec<String>,
    /// The static closure that runs it, like [`Program::main`].
    pub closure: StaticId,
    /// Signals that it receives.
    pub signals: u32,
    /// Index of its mailbox type among the descriptors.
    pub mailbox: u32,
}

/// An actor that other nodes may spawn.
#[derive(Clone, Debug)]
pub struct Export {
    /// Module-qualified name.
    pub name: String,
    /// Takes the start closure, whose captured words are the arguments.
    pub function: FunctionId,
    /// Layout of the start closure.
    pub layout: u32,
    /// Descriptors of the arguments.
    pub arguments: Vec<u32>,
    /// Descriptor of the mailbox type.
    pub mailbox: u32,
    /// Signals received.
    pub signals: u32,
}

/// An object that lives in the image.
#[derive(Clone, PartialEq, Debug)]
pub enum Static {
    /// String or Bytes of any length (`TEXT_INLINE` form, whatever its length).
    Text(Vec<u8>),
    /// A closure without captures: one body word, the code address.
    Closure(FunctionId),
    /// Any other object of constants.
    Object {
        /// Layout id.
        layout: u32,
        /// Variant index or atom id.
        tag: u32,
        /// Body.
        words: Vec<StaticWord>,
    },
}

/// A word of a static object.
#[derive(Clone, PartialEq, Debug)]
pub enum StaticWord {
    /// Raw bits: Int, Float bits, immediates.
    Raw(u64),
    /// Another static object.
    Static(StaticId),
}

/// A concrete function.
#[derive(Clone, Debug)]
pub struct Function {
    /// As shown in stack traces.
    pub name: String,
    /// Whether stack traces leave it out.
    pub hidden: bool,
    /// Whether it is the code of a closure written in place.
    pub is_lambda: bool,
    /// Parameters; a closure's code takes the closure (Ref) first.
    pub params: Vec<Local>,
    /// Classes of the results (one, or several when a result is unboxed; at most 8).
    pub results: Vec<Class>,
    /// Class of every local.
    pub locals: IdVec<Local, Class>,
    /// Number of join ids in use.
    pub join_count: u32,
    /// The body.
    pub body: Block,
    /// Where it is defined.
    pub location: Location,
}

/// A source line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Location {
    /// Index into [`Program::files`].
    pub file: u32,
    /// From 1; 0 = none.
    pub line: u32,
}

/// Statements and an end.
#[derive(Clone, Debug)]
pub struct Block {
    /// In order.
    pub statements: Vec<Statement>,
    /// How it ends.
    pub end: End,
    /// Line of the end.
    pub location: Location,
}

/// One statement with its line.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where.
    pub location: Location,
}

/// The forms of statements.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `local = operation`
    Let(Local, Operation),
    /// `locals = call`
    Call(Vec<Local>, Call),
    /// An operation for its effect; a result is dropped.
    Effect(Operation),
    /// Defines a join point.
    Join {
        /// Its name.
        id: JoinId,
        /// Its parameters.
        params: Vec<Local>,
        /// Whether its body may jump to it.
        recursive: bool,
        /// Its body.
        body: Box<Block>,
    },
}

/// A value at hand.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Operand {
    /// A local.
    Local(Local),
    /// An Int-class constant (Int, Bool, Unit, …).
    Int(i64),
    /// A Float constant.
    Float(f64),
    /// An immediate reference word: nullary variant index or atom id.
    Immediate(u32),
    /// The address of a static object.
    Static(StaticId),
}

/// What the type of a reference word says about its form.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Forms {
    /// Nothing.
    Any,
    /// It is an immediate: no variant has fields.
    Immediate,
    /// It may be an object, which then has this tag: no other of the type's variants has fields.
    OneObject {
        /// Index of the variant with fields.
        tag: u32,
        /// Number of variants.
        variants: u32,
    },
}

/// Conditions; on Int signed, on Float IEEE (`NotEqual` is true for NaN, the others false).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Condition {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// Checked Int arithmetic: fails as `abi::failure` says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IntOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`, truncating
    Div,
    /// `%`, sign of the dividend
    Rem,
}

/// Float arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FloatOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%` as C's fmod
    Rem,
}

/// What can be computed without ending the block. The class of the result follows from the local that takes it.
#[derive(Clone, PartialEq, Debug)]
pub enum Operation {
    /// The operand itself.
    Copy(Operand),
    /// Checked arithmetic.
    Int(IntOp, Operand, Operand),
    /// Checked negation.
    IntNegate(Operand),
    /// Float arithmetic.
    Float(FloatOp, Operand, Operand),
    /// Negation.
    FloatNegate(Operand),
    /// `not` of a Bool.
    Not(Operand),
    /// Compares Ints: a Bool.
    IntCompare(Condition, Operand, Operand),
    /// Compares Floats: a Bool.
    FloatCompare(Condition, Operand, Operand),
    /// Total order of Floats: -1, 0, 1 as an Int.
    FloatOrder(Operand, Operand),
    /// Whether two reference words are identical: a Bool (immediates, or the same object).
    SameWord(Operand, Operand),
    /// Body word `index` of an object.
    Load {
        /// A reference to an object (never an immediate).
        object: Operand,
        /// Word of the body, from 0.
        index: u32,
    },
    /// Variant index or atom id of a reference word, immediate or object: an Int.
    TagOf(Operand, Forms),
    /// A new object.
    Allocate {
        /// Layout id.
        layout: u32,
        /// Variant index or atom id; 0 for tuples, structs.
        tag: u32,
        /// One per body word.
        fields: Vec<Operand>,
    },
    /// A new closure: body = code address, captures.
    Closure {
        /// Its code.
        function: FunctionId,
        /// Layout of the object (word 0 raw, then by class of the captures).
        layout: u32,
        /// Captured values.
        captures: Vec<Operand>,
    },
    /// Overwrites a captured word of a closure that was allocated just before, with no collection in between: ties recursive knots.
    SetCapture {
        /// The closure.
        closure: Operand,
        /// Body word, from 1.
        index: u32,
        /// The value.
        value: Operand,
    },
    /// A primitive; the hidden class argument is appended by code generation when the row wants it.
    Primitive {
        /// Which.
        primitive: Primitive,
        /// Its arguments.
        args: Vec<Operand>,
        /// Class of the row's type parameter, `Int` when it has none.
        generic: Class,
    },
    /// A runtime entry: all arguments, descriptors included (as Int constants). The first result goes to the local.
    Entry(Entry, Vec<Operand>),
}

/// A call.
#[derive(Clone, PartialEq, Debug)]
pub enum Call {
    /// Of a known function.
    Direct(FunctionId, Vec<Operand>),
    /// Of a closure; it is passed as the first argument. `results` of a tail call are those of the caller.
    Closure(Operand, Vec<Operand>),
    /// Of a runtime entry with two results (`ReceiveNext`, `Spawn` with `SPAWN_MONITOR`): the second result's local takes the word in its own class.
    Entry(Entry, Vec<Operand>),
}

/// How a block ends.
#[derive(Clone, Debug)]
pub enum End {
    /// Leaves the function.
    Return(Vec<Operand>),
    /// Leaves it by a jump to another function (`Direct` or `Closure`).
    TailCall(Call),
    /// To a join point; a jump to a recursive join from its own body is a loop's back edge.
    Jump(JoinId, Vec<Operand>),
    /// On a Bool.
    If {
        /// A Bool.
        condition: Operand,
        /// When 1.
        then: Box<Block>,
        /// When 0.
        otherwise: Box<Block>,
    },
    /// On an Int. Without a default every possible value is listed.
    Switch {
        /// An Int (often from `TagOf`).
        on: Operand,
        /// Value, block; distinct, in no particular order.
        cases: Vec<(i64, Block)>,
        /// Otherwise.
        default: Option<Box<Block>>,
    },
    /// The process crashes; two words as the failure's doc says (0 where unused).
    Fail(Failure, Operand, Operand),
    /// After an operation that does not return.
    Unreachable,
}
