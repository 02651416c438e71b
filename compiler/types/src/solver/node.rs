//! What the solver's store holds: type nodes, rows, and where each constraint comes from.

use snow_names::hir::{BinaryOp, Builtin, FunctionId, TypeDefId};
use snow_text::{Span, Symbol};
use std::collections::{BTreeMap, BTreeSet};

snow_text::ids! {
    /// A type while it is being inferred.
    Node,
    /// A row of tags.
    RowId,
}

/// Why one type has to fit another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Reason {
    /// Nothing more to say than the place.
    Plain,
    /// An argument of a known function.
    Argument(FunctionId, u32),
    /// The receiver of a method call.
    Receiver(FunctionId),
    /// A function's body has to give its result.
    Result(FunctionId),
    /// Branches of one expression have one type; the first one's place.
    Branch(Span),
    /// The branch of an `if` that has no other.
    OnlyBranch,
    /// What was declared there.
    Annotation(Span),
    /// Both sides of an operator; the left one's place.
    Operand(BinaryOp, Span),
    /// A block that has to leave the function.
    Leaves,
    /// Has to be a Bool.
    Condition,
    /// A message for a pid.
    Message,
    /// Elements of one list; the first one's place.
    Element(Span),
    /// A field of a struct or variant, declared there.
    Field(Span),
    /// A pattern against what it is matched with.
    Pattern,
    /// A scrutinee against its patterns.
    Scrutinee,
    /// A method of an impl against its interface, declared there.
    Interface(Span),
    /// The payload of this tag, handed over there, against what that row has.
    Payload(Symbol, RowId, Span),
    /// Two receives of one process, with this tag.
    Received(Symbol, RowId),
}

/// Where a constraint comes from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Origin {
    /// The place.
    pub span: Span,
    /// The definition it is in.
    pub function: Option<FunctionId>,
    /// Why.
    pub reason: Reason,
}

impl Origin {
    /// The same place for another reason.
    pub fn because(self, reason: Reason) -> Origin {
        Origin { reason, ..self }
    }

    /// Another place in the same definition.
    pub fn at(self, span: Span) -> Origin {
        Origin { span, ..self }
    }
}

/// The head of a constructed type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Head {
    /// `()`
    Unit,
    /// `Never`
    Never,
    /// `(A, B)`
    Tuple,
    /// A built-in.
    Builtin(Builtin),
    /// A struct or sum type.
    Named(TypeDefId),
}

/// A variable that nothing has decided yet, or a quantified one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Variable {
    /// Used by a receive or `self()` there: it is a mailbox.
    pub mailbox: Option<Origin>,
    /// Some receive has a variable or wildcard arm.
    pub catch_all: bool,
    /// Quantified.
    pub general: bool,
    /// What ends or never comes flows here, and nothing else may.
    pub never: bool,
    /// The declared name, when there is one.
    pub name: Option<Symbol>,
}

/// A type node.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Not decided.
    Variable(Variable),
    /// The same as another.
    Link(Node),
    /// A constructed type.
    Constructed(Head, Vec<Node>),
    /// Parameters, mailbox, result.
    Function(Vec<Node>, Node, Node),
    /// `Pid<M>`
    Pid(Node),
    /// A tagged type.
    Tags(RowId),
    /// A declared type parameter of the definition that is being inferred.
    Rigid(Symbol),
    /// The mailbox of a function that touches none.
    NoMailbox,
    /// Already reported.
    Error,
}

/// A tag of a row.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its payload.
    pub args: Vec<Node>,
    /// Where it was built or received.
    pub origin: Origin,
}

/// What flows from one row into another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The other row.
    pub to: RowId,
    /// Tags that earlier arms took.
    pub except: Option<BTreeSet<Symbol>>,
    /// The hand-over.
    pub origin: Origin,
}

/// Why a row is closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Closed {
    /// The messages of an actor.
    Actor(FunctionId),
    /// The messages of a process started there.
    Process(Origin),
    /// The arms of a case.
    Case(Origin),
    /// Everything that can be in it is known.
    Known,
    /// Written by hand.
    Annotation(Span),
}

/// A row of tags.
#[derive(Clone, Debug)]
pub struct Row {
    /// The row it became part of.
    pub link: Option<RowId>,
    /// Its tags, by name.
    pub tags: BTreeMap<Symbol, Tag>,
    /// No more tags.
    pub closed: Option<Closed>,
    /// Tags come from receives only; what flows in is checked, not added.
    pub mailbox: bool,
    /// Some receive has a variable or wildcard arm.
    pub catch_all: bool,
    /// Quantified.
    pub general: bool,
    /// Mentions nothing quantified: shared by all instances.
    pub ground: bool,
    /// Its component has been generalised.
    pub done: bool,
    /// Rows that this flows into.
    pub supers: Vec<Edge>,
    /// Rows that flow into this.
    pub subs: Vec<Edge>,
    /// Where it begins.
    pub origin: Origin,
}

impl Row {
    /// A new row without tags.
    pub fn new(origin: Origin) -> Row {
        Row {
            link: None,
            tags: BTreeMap::new(),
            closed: None,
            mailbox: false,
            catch_all: false,
            general: false,
            ground: false,
            done: false,
            supers: Vec::new(),
            subs: Vec::new(),
            origin,
        }
    }

    /// A row that has become `row`.
    pub fn linked(row: RowId, origin: Origin) -> Row {
        Row { link: Some(row), ..Row::new(origin) }
    }
}

/// How a type parameter of a declared type varies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Variance {
    /// It occurs where values come out.
    pub positive: bool,
    /// It occurs where values go in.
    pub negative: bool,
}
