//! Core: the small typed language everything becomes.
//!
//! Still polymorphic: types mention `Param(i)` of the enclosing function. Matches are decision trees of [`ExprKind::Switch`] with join
//! points for shared bodies, loops are recursive joins, receives are explicit. Evaluation is strict, left to right, and an
//! operand may be any expression; `Jump`, `Return`, `Retry` and `Fail` may stand anywhere and never yield a value.

use snow_abi::entries::Entry;
use snow_abi::failure::Failure;
use snow_abi::primitives::Primitive;
use snow_names::hir::{FunctionId, InterfaceId, SpawnKind, TypeDefId};
use snow_text::{IdVec, Span, Symbol};
use snow_types::ty::Ty;
use std::rc::Rc;

snow_text::ids! {
    /// A variable of one function (parameters and everything bound in its body and closures).
    Var,
    /// A join point of one function.
    Join,
}

/// All functions of the program, by their ids of the resolved program; `None` for functions without a body of their own.
#[derive(Debug, Default)]
pub struct Program {
    /// Lowered functions.
    pub functions: IdVec<FunctionId, Option<Function>>,
    /// The function that runs the program: takes nothing, gives `()`. Made by lowering from `main`: reports an `Err` and exits with 1.
    pub main: Option<Function>,
    /// The like for every `test` block, in the order of [`hir::Program::tests`].
    pub tests: Vec<Function>,
}

/// A function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Module-qualified, for stack traces.
    pub name: String,
    /// Number of quantified variables.
    pub type_params: u32,
    /// Parameters.
    pub params: Vec<Var>,
    /// Type of the result.
    pub result: Ty,
    /// Type of every variable.
    pub vars: IdVec<Var, Ty>,
    /// Number of join ids in use.
    pub join_count: u32,
    /// The body.
    pub body: Expr,
    /// Whether stack traces leave it out.
    pub hidden: bool,
    /// The definition.
    pub span: Span,
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// The form.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Ty,
    /// For stack traces.
    pub span: Span,
}

/// What a closure is made of.
#[derive(Debug, Clone)]
pub struct Lambda {
    /// Parameters.
    pub params: Vec<Var>,
    /// Type of the result.
    pub result: Ty,
    /// The body; captures the variables of the enclosing function that it mentions.
    pub body: Box<Expr>,
}

/// What an object is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `(a, b)`
    Tuple,
    /// A struct.
    Struct(TypeDefId),
    /// A variant with fields.
    Variant(TypeDefId, u32),
    /// A tag with payload.
    Tag(Symbol),
}

/// What is called.
#[derive(Debug, Clone)]
pub enum Callee {
    /// A known function with the types for its variables.
    Function(FunctionId, Vec<Ty>),
    /// An interface method at a type, found when types are concrete. Falls back to the structural derivation for `Eq`, `Ord`, `Hash`, `Debug`,
    /// to built-in operations on built-in types, and for `Display` to `Debug`.
    Interface {
        /// Which.
        interface: InterfaceId,
        /// Index of the method.
        method: u32,
        /// The type that implements it.
        self_ty: Ty,
        /// The interface's type arguments.
        args: Vec<Ty>,
        /// The method's own type arguments.
        method_args: Vec<Ty>,
    },
    /// A function value.
    Value(Box<Expr>),
    /// A primitive and the types for its scheme's parameters.
    Primitive(Primitive, Vec<Ty>),
    /// A row of `abi::intrinsics::INTRINSICS` and the types for its scheme's parameters; the descriptor is appended later.
    Intrinsic(u32, Vec<Ty>),
}

/// Arithmetic on built-in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
}

/// Comparisons of built-in Ints, Bools, Floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
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

/// A case of a switch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// Int literal, or Bool as 0/1.
    Int(i64),
    /// Variant index.
    Variant(u32),
    /// Tag.
    Tag(Symbol),
}

/// The forms.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `()`
    Unit,
    /// Int.
    Int(i64),
    /// Float.
    Float(f64),
    /// Bool.
    Bool(bool),
    /// String.
    Text(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// A tag without payload.
    Atom(Symbol),
    /// A variant without fields; also an empty struct (index 0).
    Nullary(TypeDefId, u32),
    /// A variable.
    Var(Var),
    /// A function as a value, with the types for its variables.
    Function(FunctionId, Vec<Ty>),
    /// A call. Calls in tail position become jumps.
    Call(Callee, Vec<Expr>),
    /// `let var = value in body`
    Let(Var, Box<Expr>, Box<Expr>),
    /// Local functions that may call themselves and each other, then the body.
    LetFunctions(Vec<(Var, Lambda)>, Box<Expr>),
    /// A closure.
    Lambda(Lambda),
    /// Dispatch on a variable: Int, Bool by value; sum types by variant; tagged types by tag.
    Switch {
        /// What.
        subject: Var,
        /// Distinct keys.
        cases: Vec<(Key, Expr)>,
        /// When no key fits; absent when the keys cover everything.
        default: Option<Box<Expr>>,
    },
    /// On a Bool.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A join point: `rest` may jump to `body`; `body` too when it is recursive (a loop). The value is that of whichever finishes.
    Join {
        /// Its name.
        join: Join,
        /// Its parameters.
        params: Vec<Var>,
        /// A loop.
        recursive: bool,
        /// Where jumps go.
        body: Box<Expr>,
        /// What is evaluated first; a loop's is usually the jump with the initial values.
        rest: Box<Expr>,
    },
    /// To a join point in scope.
    Jump(Join, Vec<Expr>),
    /// Leaves the function or closure.
    Return(Box<Expr>),
    /// A new object.
    Construct(Shape, Vec<Expr>),
    /// Field `index` of an object known to have that shape.
    Project {
        /// The object.
        value: Box<Expr>,
        /// What it is.
        shape: Shape,
        /// Which field.
        index: u32,
    },
    /// Checked Int or Float arithmetic, by the operands' type.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// Negation of an Int or Float.
    Negate(Box<Expr>),
    /// Comparison of Ints, Bools or Floats.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Of a Bool.
    Not(Box<Expr>),
    /// A new process.
    Spawn {
        /// How; `Monitor` gives `(Pid<M>, MonitorRef)`.
        kind: SpawnKind,
        /// A closure without parameters; its result is dropped.
        start: Box<Expr>,
        /// Its mailbox type.
        mailbox: Ty,
    },
    /// A process on another node.
    SpawnRemote {
        /// `Plain` or `Link`.
        kind: SpawnKind,
        /// A String.
        node: Box<Expr>,
        /// A `pub actor`.
        actor: FunctionId,
        /// Its arguments.
        args: Vec<Expr>,
    },
    /// To a pid.
    Send(Box<Expr>, Box<Expr>),
    /// To a name on a node: name, node, message.
    SendNamed(Box<Expr>, Box<Expr>, Box<Expr>),
    /// The process's own pid.
    SelfPid,
    /// A receive. `on_message` and `on_signal` are decision trees whose leaves are `Accept` followed by the arm's body, or `Retry`.
    Receive(Box<Receive>),
    /// Takes the message or signal at hand out of the mailbox; the receive is over. Type `()`.
    Accept,
    /// Leaves it there and looks at the next one. Type `Never`.
    Retry,
    /// The process crashes. Up to two operands.
    Fail(Failure, Vec<Expr>),
    /// An entry with words and no types of its own.
    Entry(Entry, Vec<Expr>),
}

/// The parts of a receive.
#[derive(Debug, Clone)]
pub struct Receive {
    /// Milliseconds, evaluated once at the start; absent: waits for ever.
    pub timeout: Option<Expr>,
    /// The message at hand; its type is the mailbox type.
    pub message: Var,
    /// Absent when no arm takes messages: then every message is left there.
    pub on_message: Option<Expr>,
    /// The signal at hand, as a tagged value: type of the signal shapes that arms mention.
    pub signal: Var,
    /// Absent when no arm takes signals.
    pub on_signal: Option<Expr>,
    /// Which signals arms mention: `abi::entries::signal_bit`s.
    pub signals: i64,
    /// The value after the timeout; present iff `timeout` is.
    pub on_timeout: Option<Expr>,
}

/// What `derive` can write for a type, and for which interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Derived {
    /// `Eq.eq`
    Eq,
    /// `Ord.compare`
    Ord,
    /// `Hash.hash`
    Hash,
    /// `Debug.inspect`
    Debug,
    /// `Display.to_string` of a struct or sum that derives it.
    Display,
    /// `Default.default`
    Default,
    /// `Json.to_json`
    ToJson,
    /// `Json.from_json_value`
    FromJson,
    /// `Tagged.tag_name`
    TagName,
    /// `TagNamed.tag_named`
    TagNamed,
}

/// The outermost form of a type: what `derive` writes a method for. The method's type variables are the type's parts: arguments of a
/// named type, items of a tuple, all payloads of a tagged type in order, the mailbox of a pid, parameters and result of a function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Head {
    /// A struct or sum type and how many arguments it takes.
    Named(TypeDefId, u32),
    /// A tuple of so many items.
    Tuple(u32),
    /// A tagged type: names and payload sizes.
    Tags(Vec<(Symbol, u32)>),
    /// A function with so many parameters.
    Function(u32),
    /// A pid.
    Pid,
    /// `()`
    Unit,
    /// `Never`
    Never,
    /// A built-in type.
    Builtin(snow_names::hir::Builtin),
}
