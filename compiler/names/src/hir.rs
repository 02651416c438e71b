//! The resolved program: every use has a definition or an error, sugar is gone.
//!
//! Expressions and patterns carry ids that are dense over the whole program, so later stages keep facts in
//! vectors beside this tree. Pipes, clauses, interpolation, `and`/`or`, loops over iterables, list patterns and
//! named arguments of known functions have become the forms below; [`Expr::sugar`] remembers where from, for messages.

mod known;
mod mentions;
mod patterns;
mod types;

pub use known::Known;
pub use mentions::{FieldRef, Mention, Offer, Target};
pub use patterns::{Pattern, PatternKind};
pub use types::{Builtin, Type, TypeKind};

use snow_abi::primitives::Primitive;
use snow_text::{IdVec, SourceId, Span, Symbol};
use std::collections::HashMap;
use std::rc::Rc;

snow_text::ids! {
    /// A module (one file).
    ModuleId,
    /// A function, actor, method, constant or default value.
    FunctionId,
    /// A struct, sum type or alias.
    TypeDefId,
    /// An interface.
    InterfaceId,
    /// An impl block.
    ImplId,
    /// A name bound by a parameter, pattern or local function; unique in the program.
    LocalId,
    /// An expression.
    ExprId,
    /// A pattern.
    PatternId,
    /// A loop within a function, for `Recur` and `Exit`.
    LoopId,
}

/// The whole program, std included.
#[derive(Debug, Default)]
pub struct Program {
    /// All modules.
    pub modules: IdVec<ModuleId, Module>,
    /// All functions.
    pub functions: IdVec<FunctionId, Function>,
    /// All type definitions.
    pub types: IdVec<TypeDefId, TypeDef>,
    /// All interfaces.
    pub interfaces: IdVec<InterfaceId, Interface>,
    /// All impl blocks.
    pub impls: IdVec<ImplId, Impl>,
    /// Names and places of locals.
    pub locals: IdVec<LocalId, Local>,
    /// Number of expression ids given out.
    pub expr_count: u32,
    /// Number of pattern ids given out.
    pub pattern_count: u32,
    /// `main` of the root module.
    pub main: Option<FunctionId>,
    /// The functions of services: for each that takes a pid the one that takes a name and a node.
    pub by_name: HashMap<FunctionId, FunctionId>,
    /// `test` blocks.
    pub tests: Vec<Test>,
    /// Definitions of std that the compiler knows by name. `None` only while std itself is broken.
    pub known: Option<Known>,
    /// What the written names mean, ordered by place: for editors.
    pub mentions: Vec<Mention>,
    /// The name that stands for the one to be completed: see [`crate::resolve_for_completion`].
    pub wanted: Option<Symbol>,
    /// What can stand where the wanted name is, unless that depends on types.
    pub offers: Vec<Offer>,
}

/// A `test` block.
#[derive(Debug)]
pub struct Test {
    /// Its name.
    pub title: String,
    /// The function that runs it.
    pub function: FunctionId,
    /// `timeout: ms`, else [`Test::TIMEOUT_MS`].
    pub timeout_ms: u32,
    /// `tags: ["slow"]`
    pub tags: Vec<String>,
}

impl Test {
    /// How long a test may take unless it says so.
    pub const TIMEOUT_MS: u32 = 60_000;
}

/// Begins the name of a method that only tuples have: no identifier has it.
pub const OF_TUPLE: &str = "%tuple ";

/// One file.
#[derive(Debug)]
pub struct Module {
    /// `Net.TcpServer`; empty for the root module.
    pub name: Symbol,
    /// Whether it belongs to std.
    pub is_std: bool,
    /// Its file.
    pub source: SourceId,
    /// A service or supervisor has functions below its name, as a module has: that name.
    pub name_span: Option<Span>,
    /// Functions by name, methods excluded: `x.f(…)` on a type defined here finds them.
    pub functions: Vec<(Symbol, FunctionId)>,
    /// Types defined here.
    pub types: Vec<TypeDefId>,
    /// The built-in type whose home this std module is (`Int`, `String`, …), if any.
    pub home_of: Option<Builtin>,
}

/// What kind of function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FunctionKind {
    /// `fn`.
    Plain,
    /// `actor`.
    Actor,
    /// A method of an impl; its type parameters begin with the impl's.
    Method(ImplId),
    /// A default method of an interface; its type parameter 0 is `Self`, then the interface's own.
    InterfaceDefault(InterfaceId),
    /// A top-level `let`: takes nothing, is evaluated where used.
    Constant,
    /// The default value of a parameter: takes nothing.
    DefaultValue,
    /// A `test` block.
    Test,
}

/// A function or anything that behaves like one.
#[derive(Debug)]
pub struct Function {
    /// Its name as written.
    pub name: Symbol,
    /// Where it lives.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub public: bool,
    /// What it is.
    pub kind: FunctionKind,
    /// Declared type parameters (`Type::Param` counts through these).
    pub type_params: Vec<TypeParam>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Declared result.
    pub result: Option<Type>,
    /// The body.
    pub body: Expr,
    /// `terminate do … end` of an actor, run in its process when it ends.
    pub terminate: Option<Expr>,
    /// The name.
    pub name_span: Span,
    /// The whole definition.
    pub span: Span,
    /// `##` lines.
    pub doc: String,
}

/// A type parameter and the interfaces it must implement.
#[derive(Debug, Clone)]
pub struct TypeParam {
    /// Its name.
    pub name: Symbol,
    /// `where T: Ord + From<Int>`.
    pub bounds: Vec<InterfaceRef>,
    /// `where T.Item: Ord`: what its associated types implement.
    pub associated: Vec<(Symbol, InterfaceRef)>,
    /// Where.
    pub span: Span,
}

/// An interface applied to types.
#[derive(Debug, Clone)]
pub struct InterfaceRef {
    /// Which.
    pub interface: InterfaceId,
    /// Its arguments.
    pub args: Vec<Type>,
    /// Where.
    pub span: Span,
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// The local it binds.
    pub local: LocalId,
    /// Its name for named arguments.
    pub name: Symbol,
    /// Declared type.
    pub ty: Option<Type>,
    /// Function that computes the default.
    pub default: Option<FunctionId>,
    /// Where.
    pub span: Span,
}

/// A local name.
#[derive(Debug)]
pub struct Local {
    /// As written; compiler-made locals begin with `%`.
    pub name: Symbol,
    /// Where it is bound.
    pub span: Span,
}

/// A declared type.
#[derive(Debug)]
pub struct TypeDef {
    /// Its name.
    pub name: Symbol,
    /// Where it lives.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub public: bool,
    /// Whether only its own module sees the fields.
    pub opaque: bool,
    /// Names of the type parameters.
    pub params: Vec<TypeParam>,
    /// What it is.
    pub kind: TypeDefKind,
    /// `deriving(…)`; `None` without one.
    pub deriving: Option<Vec<(Symbol, Span)>>,
    /// The name.
    pub name_span: Span,
    /// `##` lines.
    pub doc: String,
}

/// Struct, sum type or alias.
#[derive(Debug)]
pub enum TypeDefKind {
    /// `struct`
    Struct(Vec<FieldDef>),
    /// `type … do`
    Sum(Vec<VariantDef>),
    /// `type Name = …`
    Alias(Type),
}

/// A field.
#[derive(Debug)]
pub struct FieldDef {
    /// `None` for a positional field of a variant.
    pub name: Option<Symbol>,
    /// Its type; function types in it touch no mailbox.
    pub ty: Type,
    /// Function that computes the default.
    pub default: Option<FunctionId>,
    /// Where; it begins with the name, if there is one.
    pub span: Span,
    /// `##` lines.
    pub doc: String,
}

/// A variant.
#[derive(Debug)]
pub struct VariantDef {
    /// Its name.
    pub name: Symbol,
    /// Its fields.
    pub fields: Vec<FieldDef>,
    /// Where.
    pub span: Span,
    /// `##` lines.
    pub doc: String,
}

/// An interface.
#[derive(Debug)]
pub struct Interface {
    /// Its name.
    pub name: Symbol,
    /// Where it lives.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub public: bool,
    /// Type parameters, `Self` excluded.
    pub params: Vec<TypeParam>,
    /// Super-interfaces.
    pub supers: Vec<InterfaceRef>,
    /// Associated types.
    pub associated: Vec<Symbol>,
    /// Methods, in order.
    pub methods: Vec<InterfaceMethod>,
    /// The name.
    pub name_span: Span,
    /// `##` lines.
    pub doc: String,
}

/// A method of an interface. In its types, `Type::Param` counts: 0 = `Self`, then the interface's parameters, then its own.
#[derive(Debug)]
pub struct InterfaceMethod {
    /// Its name.
    pub name: Symbol,
    /// Its own type parameters.
    pub type_params: Vec<TypeParam>,
    /// Whether the first parameter is `self` (`params` includes it).
    pub has_self: bool,
    /// Parameter types; `self` is `Param(0)`.
    pub params: Vec<Type>,
    /// Result type.
    pub result: Type,
    /// Default body.
    pub default: Option<FunctionId>,
    /// The name.
    pub name_span: Span,
    /// Where.
    pub span: Span,
    /// `##` lines.
    pub doc: String,
}

/// `impl Type` or `impl Interface for Type`.
#[derive(Debug)]
pub struct Impl {
    /// `None` for inherent methods.
    pub interface: Option<InterfaceRef>,
    /// Type parameters with bounds.
    pub type_params: Vec<TypeParam>,
    /// The type.
    pub for_type: Type,
    /// Methods by name.
    pub methods: Vec<(Symbol, FunctionId)>,
    /// Associated types.
    pub associated: Vec<(Symbol, Type)>,
    /// Where it lives.
    pub module: ModuleId,
    /// Its head.
    pub span: Span,
}

/// Which sugar a form came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sugar {
    /// As written.
    #[default]
    None,
    /// `|>`
    Pipe,
    /// `"${…}"`
    Interpolation,
    /// Clauses of a function or closure.
    Clauses,
    /// `for`
    For,
    /// `while`
    While,
    /// `and`, `or`
    Logic,
    /// `let` with an else block
    LetElse,
    /// `f(_, 2)`
    Partial,
    /// `%{…}` or `#{…}`
    Collection,
    /// `assert`
    Assert,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// Dense over the program.
    pub id: ExprId,
    /// The form.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
    /// What it was written as.
    pub sugar: Sugar,
}

/// An argument that may be named; names are left only where the callee is not known yet.
#[derive(Debug)]
pub struct Argument {
    /// `scale:`
    pub name: Option<(Symbol, Span)>,
    /// The value.
    pub value: Expr,
}

/// A variant by definition and index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct VariantRef {
    /// The sum type.
    pub ty: TypeDefId,
    /// Index among its variants.
    pub index: u32,
}

/// Operators that depend on operand types.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
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
    /// `<>` on String or Bytes
    Append,
    /// `++` on lists
    Concat,
}

/// How a process is started.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SpawnKind {
    /// `spawn`
    Plain,
    /// `spawn_link`
    Link,
    /// `spawn_monitor`: the value is `(Pid<M>, MonitorRef)`
    Monitor,
}

/// The forms of expressions.
#[derive(Debug)]
pub enum ExprKind {
    /// Already reported; has any type.
    Error,
    /// `()`
    Unit,
    /// In range.
    Int(i64),
    /// A Float literal.
    Float(f64),
    /// `true`, `false`
    Bool(bool),
    /// Text without interpolation.
    String(Rc<str>),
    /// `b"…"`
    Bytes(Rc<[u8]>),
    /// A local.
    Local(LocalId),
    /// A top-level function, actor, constant: as callee or value. A constant is always the callee of a call without arguments.
    Function(FunctionId),
    /// A variant with fields as a function value or callee.
    Variant(VariantRef),
    /// `Native.name`, in std only.
    Primitive(Primitive),
    /// `Native.name` of `abi::intrinsics::INTRINSICS`, in std only.
    Intrinsic(u32),
    /// `Type.name` where `Type` is a type (or type parameter, `Self`) and `name` a static method of an impl or interface: as callee or value.
    TypeMember {
        /// The type; its arguments are `Infer` where not written.
        ty: Type,
        /// The method.
        name: Symbol,
        /// Where.
        name_span: Span,
    },
    /// A static interface method without a type before it, such as the prelude's `default()`: the type is inferred.
    InterfaceMember {
        /// The interface.
        interface: InterfaceId,
        /// Index of the method.
        method: u32,
    },
    /// `f(a, b)`: arguments in parameter order, defaults filled in, when the callee is a `Function` or `Variant`.
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// In order of evaluation.
        args: Vec<Argument>,
    },
    /// `recv.m(a)`
    MethodCall {
        /// The value before the dot.
        receiver: Box<Expr>,
        /// The method, function or field.
        name: Symbol,
        /// Where.
        name_span: Span,
        /// Without the receiver.
        args: Vec<Argument>,
    },
    /// `recv.name`
    Field {
        /// The value.
        receiver: Box<Expr>,
        /// The field.
        name: Symbol,
        /// Where.
        name_span: Span,
    },
    /// `x[i]`
    Index {
        /// The collection.
        receiver: Box<Expr>,
        /// The position or key.
        index: Box<Expr>,
    },
    /// `-x`
    Negate(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// An operator.
    Binary {
        /// Which.
        op: BinaryOp,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `else` is `Unit` when not written.
    If {
        /// Bool.
        condition: Box<Expr>,
        /// When true.
        then: Box<Expr>,
        /// When false.
        otherwise: Box<Expr>,
        /// Whether an `else` was written.
        has_else: bool,
    },
    /// Statements and the last value; `value` absent = `()`.
    Block {
        /// In order.
        statements: Vec<Statement>,
        /// The block's value.
        value: Option<Box<Expr>>,
    },
    /// Several scrutinees when it comes from clauses.
    Case {
        /// Evaluated once each, in order.
        scrutinees: Vec<Expr>,
        /// In order.
        arms: Vec<Arm>,
    },
    /// `receive do … after … end`
    Receive {
        /// In order.
        arms: Vec<ReceiveArm>,
        /// Milliseconds, body.
        after: Option<Box<(Expr, Expr)>>,
    },
    /// A closure.
    Lambda(Lambda),
    /// `(a, b)`; never empty or single.
    Tuple(Vec<Expr>),
    /// `[a, b, ..rest]`
    List {
        /// In order.
        items: Vec<Expr>,
        /// `..rest`
        rest: Option<Box<Expr>>,
    },
    /// `h :: t`
    Cons(Box<Expr>, Box<Expr>),
    /// `Point { x: 1 }`, defaults filled in, in declaration order by index; evaluated in the order given.
    Struct {
        /// The struct.
        ty: TypeDefId,
        /// Field index, value.
        fields: Vec<(u32, Expr)>,
    },
    /// `%{p | x: 2}` on a struct: the type is found by inference (`base`) and the field names.
    Update {
        /// The old value.
        base: Box<Expr>,
        /// Field, place, value.
        fields: Vec<(Symbol, Span, Expr)>,
    },
    /// A variant with all its arguments, in declaration order.
    Construct {
        /// Which.
        variant: VariantRef,
        /// One per field.
        args: Vec<Expr>,
    },
    /// `:name`, `{:name, a}`
    Tag {
        /// The atom.
        name: Symbol,
        /// The payload.
        args: Vec<Expr>,
    },
    /// Display of a value, Debug where it has no Display: the parts of an interpolation.
    Show(Box<Expr>),
    /// Strings joined.
    Concat(Vec<Expr>),
    /// A loop with variables: runs `body` until `Exit`; the body's own value is dropped and the loop goes on as it was only
    /// through `Recur`, so every path through `body` ends in `Recur`, `Exit` or leaves the function.
    Loop {
        /// Its name.
        id: LoopId,
        /// Variables with initial values.
        variables: Vec<(LocalId, Expr)>,
        /// Type `Never`.
        body: Box<Expr>,
    },
    /// Goes round again with new values. Type `Never`.
    Recur(LoopId, Vec<Expr>),
    /// Leaves the loop with a value. Type `Never`.
    Exit(LoopId, Box<Expr>),
    /// `return e`, from the innermost function or closure. Type `Never`.
    Return(Box<Expr>),
    /// `e?`
    Try(Box<Expr>),
    /// `spawn(actor, args…)`, `spawn(fn -> … end)`
    Spawn {
        /// How.
        kind: SpawnKind,
        /// An actor, function or closure value.
        callee: Box<Expr>,
        /// Its arguments.
        args: Vec<Expr>,
    },
    /// `Node.spawn(node, actor, args…)`
    SpawnRemote {
        /// `Plain` or `Link`.
        kind: SpawnKind,
        /// A String.
        node: Box<Expr>,
        /// A `pub actor`.
        actor: FunctionId,
        /// Its arguments.
        args: Vec<Expr>,
        /// Where the actor is named.
        actor_span: Span,
    },
    /// `send(pid, message)`; `send({name, node}, message)` when `to` has the type of a pair of Strings.
    Send {
        /// The pid, or the pair.
        to: Box<Expr>,
        /// The message.
        message: Box<Expr>,
    },
    /// `self()`
    SelfPid,
}

/// A closure.
#[derive(Debug)]
pub struct Lambda {
    /// Its parameters; patterns have become a case in the body.
    pub params: Vec<(LocalId, Option<Type>)>,
    /// Declared result.
    pub result: Option<Type>,
    /// The body.
    pub body: Box<Expr>,
}

/// A statement of a block. Most are the large variant, so boxing it would gain nothing.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Statement {
    /// `let p :: T = e`, irrefutable unless it has an else block, which leaves the function (type `Never`).
    Let {
        /// What it binds.
        pattern: Pattern,
        /// Declared type.
        ty: Option<Type>,
        /// The value.
        value: Expr,
        /// `else do … end`
        otherwise: Option<Expr>,
    },
    /// A local named function that captures something; those that capture nothing have become top-level functions.
    /// May call itself.
    Function {
        /// Its name.
        local: LocalId,
        /// The rest.
        lambda: Lambda,
        /// Where.
        span: Span,
    },
    /// Evaluated for its effect.
    Expr(Expr),
}

/// An arm of a case.
#[derive(Debug)]
pub struct Arm {
    /// One per scrutinee.
    pub patterns: Vec<Pattern>,
    /// `when`
    pub guard: Option<Expr>,
    /// The body.
    pub body: Expr,
    /// The patterns' place.
    pub span: Span,
}

/// An arm of a receive.
#[derive(Debug)]
pub struct ReceiveArm {
    /// What it takes.
    pub pattern: ReceivePattern,
    /// `when`
    pub guard: Option<Expr>,
    /// The body.
    pub body: Expr,
    /// The pattern's place.
    pub span: Span,
}

/// Messages and signals are told apart by shape.
#[derive(Debug)]
pub enum ReceivePattern {
    /// An ordinary message.
    Message(Pattern),
    /// A signal.
    Signal(SignalKind, Vec<Pattern>),
}

/// The reserved shapes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SignalKind {
    /// `{:down, ref, pid, reason}`: MonitorRef, ProcessId, ExitReason
    Down,
    /// `{:exit, pid, reason}`: ProcessId, ExitReason
    Exit,
    /// `{:nodeup, name}`: String
    NodeUp,
    /// `{:nodedown, name, reason}`: String, String
    NodeDown,
    /// `{:global_conflict, name, winner}`: String, ProcessId
    GlobalConflict,
    /// `{:group_join, group, pid}`: String, ProcessId
    GroupJoin,
    /// `{:group_leave, group, pid}`: String, ProcessId
    GroupLeave,
}
