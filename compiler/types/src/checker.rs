//! The state of one check: tables of definitions, what is being inferred, and the facts found so far.

use crate::infer::Postponed;
use crate::instance::Generic;
use crate::interfaces::{Bound, Constraint, ImplInfo, InterfaceInfo};
use crate::polarity::Reified;
use crate::solver::Solver;
use crate::solver::node::{Node, Origin, Reason, RowId};
use crate::typed::ArgumentSource;
use snow_names::hir::{
    ExprId, FunctionId, ImplId, InterfaceId, Known, LocalId, LoopId, Mention, Offer, PatternId, Program,
    TypeDefId,
};
use snow_text::{IdVec, Span, Symbol};
use std::collections::HashMap;
use std::rc::Rc;

/// Everything the check knows.
pub struct Checker<'p> {
    /// The program.
    pub program: &'p Program,
    /// Types and constraints.
    pub solver: Solver<'p>,
    /// Declared types.
    pub types: IdVec<TypeDefId, TypeInfo>,
    /// Interfaces.
    pub interfaces: IdVec<InterfaceId, InterfaceInfo>,
    /// Impl blocks.
    pub impls: IdVec<ImplId, ImplInfo>,
    /// Impls of each interface.
    pub impls_of: IdVec<InterfaceId, Vec<ImplId>>,
    /// Methods of inherent impls by name.
    pub inherent: HashMap<Symbol, Vec<(ImplId, FunctionId)>>,
    /// Interface methods by name.
    pub methods: HashMap<Symbol, Vec<(InterfaceId, u32)>>,
    /// What declared type parameters implement, by their node.
    pub bounds: HashMap<Node, Vec<Bound>>,
    /// Functions.
    pub functions: IdVec<FunctionId, FunctionInfo>,
    /// Components of functions that refer to each other.
    pub components: Vec<Vec<FunctionId>>,
    /// Functions that are called from components other than their own.
    pub(crate) called_elsewhere: std::collections::HashSet<FunctionId>,
    /// Actors whose names stand for mailbox types in declarations of types, and what stands there until they are inferred.
    pub late_mailboxes: Vec<(FunctionId, Node, snow_text::Span)>,
    /// The component of each function.
    pub component_of: IdVec<FunctionId, u32>,
    /// Types of locals.
    pub locals: IdVec<LocalId, Option<Node>>,
    /// What is being inferred.
    pub group: Group<'p>,
    /// The body at hand.
    pub body: Body,
    /// Facts by function.
    pub facts: IdVec<FunctionId, Facts>,
    /// Aliases that are being expanded.
    pub(crate) expanding: Vec<(TypeDefId, Vec<Node>, Node)>,
    /// Aliases without parameters, expanded.
    pub(crate) expanded: HashMap<TypeDefId, Node>,
    /// What deriving an interface for a type asks of its parameters.
    pub(crate) derivable: HashMap<(InterfaceId, TypeDefId), crate::interfaces::Derivable>,
    /// Nesting of type conversions, for aliases that do not end.
    pub(crate) depth: u32,
    /// What names behind dots mean.
    pub(crate) mentions: Vec<Mention>,
    /// What could stand where the wanted name is.
    pub(crate) offers: Vec<Offer>,
}

/// A declared type.
#[derive(Default)]
pub struct TypeInfo {
    /// Its parameters, as variables.
    pub params: Vec<Node>,
    /// Types of fields, per variant; converted at first use.
    pub fields: Option<Rc<Vec<Vec<Node>>>>,
}

/// How far a function is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Stage {
    /// Not looked at.
    #[default]
    Waiting,
    /// Its component is being inferred.
    Active,
    /// It has a scheme.
    Done,
}

/// A function.
#[derive(Default)]
pub struct FunctionInfo {
    /// How far.
    pub stage: Stage,
    /// Declared type parameters.
    pub declared: Vec<Node>,
    /// Associated types of those, and mailboxes that an interface leaves open.
    pub implied: Vec<Node>,
    /// Its type while active, and after.
    pub node: Option<Node>,
    /// Whether every parameter and the result are declared.
    pub complete: bool,
    /// Its scheme.
    pub generic: Option<Rc<Generic>>,
    /// An actor as a plain function, for tail calls from other actors.
    pub open: Option<Rc<Generic>>,
    /// How it prints.
    pub signature: String,
}

/// A component at work.
pub struct Group<'p> {
    /// Its functions.
    pub functions: Vec<FunctionId>,
    /// The first row made for it.
    pub first_row: RowId,
    /// Mailboxes of processes started in it.
    pub spawned: Vec<(Node, Origin)>,
    /// Types that exist at run time.
    pub reified: Vec<Reified>,
    /// What has to be implemented and is not decided yet.
    pub constraints: Vec<Constraint>,
    /// Forms that wait for a type.
    pub postponed: Vec<Postponed>,
    /// Active functions of components around that were used.
    pub borrowed: Vec<Node>,
    /// Matches to check when all types are known.
    pub matches: Vec<crate::infer::Match<'p>>,
    /// What `return` leaves `main` with, and the result that each is given to.
    pub main_returns: Vec<(Node, Span)>,
}

impl<'p> Group<'p> {
    /// A component without functions.
    pub fn new(functions: Vec<FunctionId>, first_row: RowId) -> Group<'p> {
        Group {
            functions,
            first_row,
            spawned: Vec::new(),
            reified: Vec::new(),
            constraints: Vec::new(),
            postponed: Vec::new(),
            borrowed: Vec::new(),
            matches: Vec::new(),
            main_returns: Vec::new(),
        }
    }
}

/// The function or closure body that is being walked.
#[derive(Clone)]
pub struct Body {
    /// The function.
    pub function: Option<FunctionId>,
    /// The mailbox of the code.
    pub mailbox: Node,
    /// What `return` gives.
    pub result: Node,
    /// Loops around: variables and value.
    pub loops: HashMap<LoopId, (Vec<Node>, Node)>,
}

/// Types for the parameters of a scheme.
#[derive(Clone, Debug)]
pub enum Use {
    /// These.
    Types(Vec<Node>),
    /// A function of the same component: its own parameters, but for some.
    Same(FunctionId, Vec<(Node, Node)>),
}

/// What a member means, while types are inferred.
#[derive(Clone, Debug)]
pub enum MemberFact {
    /// Built in.
    Builtin,
    /// Built in for some operand types, else an interface's method.
    Operator(Node, Box<MemberFact>),
    /// A field.
    Field(u32),
    /// A function in a field.
    FieldCall(u32),
    /// The number of parts of a tuple.
    Size(u32),
    /// A function.
    Function(FunctionId, Use),
    /// An interface's method.
    Interface {
        /// Which.
        interface: InterfaceId,
        /// Index of the method.
        method: u32,
        /// The type that implements it.
        on: Node,
        /// The interface's arguments.
        args: Vec<Node>,
        /// The method's own.
        method_args: Vec<Node>,
    },
    /// `?` on an Option.
    TryOption,
    /// `?` on a Result.
    TryResult {
        /// The operand's error.
        from: Node,
        /// The function's error.
        to: Node,
        /// Whether it is converted.
        convert: bool,
    },
}

/// What is known of one function's body.
#[derive(Default)]
pub struct Facts {
    /// Types of expressions.
    pub exprs: Vec<(ExprId, Node)>,
    /// Types of patterns.
    pub patterns: Vec<(PatternId, Node)>,
    /// Types of locals.
    pub locals: Vec<(LocalId, Node)>,
    /// Types for uses of generic things.
    pub uses: Vec<(ExprId, Use)>,
    /// Meanings of members.
    pub members: Vec<(ExprId, MemberFact)>,
    /// Orders of arguments.
    pub orders: Vec<(ExprId, Vec<ArgumentSource>)>,
    /// Mailboxes of started processes.
    pub spawned: Vec<(ExprId, Node)>,
    /// Mailboxes where receives and `self()` stand.
    pub mailboxes: Vec<(ExprId, Node)>,
}

impl<'p> Checker<'p> {
    /// What the compiler knows of std.
    pub fn known(&self) -> Option<&'p Known> {
        self.program.known.as_ref()
    }

    /// An origin in the body at hand.
    pub fn origin(&self, span: Span) -> Origin {
        Origin { span, function: self.body.function, reason: Reason::Plain }
    }

    /// An origin with a reason.
    pub fn because(&self, span: Span, reason: Reason) -> Origin {
        Origin { span, function: self.body.function, reason }
    }

    /// Facts of the body at hand.
    pub fn facts(&mut self) -> Option<&mut Facts> {
        let function = self.body.function?;
        Some(&mut self.facts[function])
    }
}
