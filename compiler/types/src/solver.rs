//! The type store and the constraint solver: shapes by unification, rows by subset edges.
//!
//! `subsume(a, b)` says that `a` may stand where `b` is wanted; it is applied at hand-over points. Shapes are solved at once, so
//! that methods see as much as in plain inference; only rows are subset-constrained. Recursion over types stops at rows:
//! a type may contain itself through a tag.

pub mod node;
mod relate;
mod rows;

use node::{Edge, Head, Node, Origin, Row, RowId, Shape, Tag, Variable, Variance};
use snow_diagnostics::Diagnostic;
use snow_names::hir::{Builtin, Program, TypeDefId};
use snow_text::{IdVec, Span, Symbol};
use std::collections::{HashMap, HashSet};

/// A step that waits to be taken.
pub(crate) enum Work {
    Subsume(Node, Node, Origin),
    Unify(Node, Node, Origin),
    Flow(Symbol, Tag, RowId, Origin),
}

/// A pid constraint between two unknown message types.
struct Pending {
    other: Node,
    /// Whether the variable it is kept at has to fit `other`, or the other way round.
    lower: bool,
    origin: Origin,
}

/// All types of the program while they are inferred.
pub struct Solver<'p> {
    /// For names.
    pub program: &'p Program,
    /// Type nodes.
    pub nodes: IdVec<Node, Shape>,
    /// Rows.
    pub rows: IdVec<RowId, Row>,
    /// How the parameters of declared types vary.
    pub variance: IdVec<TypeDefId, Vec<Variance>>,
    /// What was found wrong.
    pub problems: Vec<Diagnostic>,
    /// Whether problems are dropped: a second look at definitions whose problems are known.
    pub muted: bool,
    /// Pid constraints between two unknowns of the component at hand.
    pub deferred: Vec<(Node, Node, Origin)>,
    pending: HashMap<Node, Vec<Pending>>,
    edges: HashSet<(RowId, RowId)>,
    same: HashSet<(RowId, RowId)>,
    work: Vec<Work>,
    busy: bool,
    /// The types of the constraint being solved, for messages.
    pub(crate) whole: Option<(Node, Node)>,
    reported: HashSet<(RowId, Symbol, Span)>,
    /// Mailboxes about which something worse was said: their messages are not complained about.
    silent: HashSet<RowId>,
    /// Tags that two receives of a mailbox disagree about: more about their payload is no news.
    disputed: HashSet<(RowId, Symbol)>,
    /// Payloads that were complained about: row, tag and where it was built.
    payloads: HashSet<(RowId, Symbol, Span)>,
}

impl<'p> Solver<'p> {
    /// An empty store.
    pub fn new(program: &'p Program) -> Solver<'p> {
        Solver {
            program,
            nodes: IdVec::default(),
            rows: IdVec::default(),
            variance: program.types.values().map(|t| vec![Variance::default(); t.params.len()]).collect(),
            problems: Vec::new(),
            muted: false,
            deferred: Vec::new(),
            pending: HashMap::new(),
            edges: HashSet::new(),
            same: HashSet::new(),
            work: Vec::new(),
            busy: false,
            whole: None,
            reported: HashSet::new(),
            silent: HashSet::new(),
            disputed: HashSet::new(),
            payloads: HashSet::new(),
        }
    }

    /// Adds a node.
    pub fn make(&mut self, shape: Shape) -> Node {
        self.nodes.push(shape)
    }

    /// A new unknown.
    pub fn fresh(&mut self) -> Node {
        self.make(Shape::Variable(Variable::default()))
    }

    /// Several new unknowns.
    pub fn fresh_many(&mut self, count: usize) -> Vec<Node> {
        (0..count).map(|_| self.fresh()).collect()
    }

    /// A constructed type.
    pub fn constructed(&mut self, head: Head, args: Vec<Node>) -> Node {
        self.make(Shape::Constructed(head, args))
    }

    /// A built-in without arguments.
    pub fn builtin(&mut self, builtin: Builtin) -> Node {
        self.constructed(Head::Builtin(builtin), Vec::new())
    }

    /// `()`
    pub fn unit(&mut self) -> Node {
        self.constructed(Head::Unit, Vec::new())
    }

    /// A new open row.
    pub fn row(&mut self, origin: Origin) -> RowId {
        self.rows.push(Row::new(origin))
    }

    /// A new open row as a type.
    pub fn row_type(&mut self, origin: Origin) -> Node {
        let row = self.row(origin);
        self.make(Shape::Tags(row))
    }

    /// The node that stands for it.
    pub fn find(&self, mut node: Node) -> Node {
        while let Shape::Link(next) = self.nodes[node] {
            node = next;
        }
        node
    }

    /// The row that stands for it.
    pub fn find_row(&self, mut row: RowId) -> RowId {
        while let Some(next) = self.rows[row].link {
            row = next;
        }
        row
    }

    /// What a node is.
    pub fn shape(&self, node: Node) -> &Shape {
        &self.nodes[self.find(node)]
    }

    /// Whether nothing is known of it.
    pub fn is_variable(&self, node: Node) -> bool {
        matches!(self.shape(node), Shape::Variable(_))
    }

    /// The row of a tagged type.
    pub fn row_of(&self, node: Node) -> Option<RowId> {
        match self.shape(node) {
            Shape::Tags(row) => Some(self.find_row(*row)),
            _ => None,
        }
    }

    /// Head and arguments of a constructed type.
    pub fn head(&self, node: Node) -> Option<(Head, &[Node])> {
        match self.shape(node) {
            Shape::Constructed(head, args) => Some((*head, args)),
            _ => None,
        }
    }

    /// Whether it is this built-in.
    pub fn is_builtin(&self, node: Node, builtin: Builtin) -> bool {
        matches!(self.head(node), Some((Head::Builtin(b), _)) if b == builtin)
    }

    /// Parts of a function type.
    pub fn function(&self, node: Node) -> Option<(Vec<Node>, Node, Node)> {
        match self.shape(node) {
            Shape::Function(params, mailbox, result) => Some((params.clone(), *mailbox, *result)),
            _ => None,
        }
    }

    /// Reports a problem.
    pub fn report(&mut self, problem: Diagnostic) {
        if !self.muted {
            self.problems.push(problem);
        }
    }

    // ---- constraints

    /// `a` may stand where `b` is wanted.
    pub fn subsume(&mut self, a: Node, b: Node, origin: Origin) {
        self.start(a, b, Work::Subsume(a, b, origin));
    }

    /// Both are one type.
    pub fn unify(&mut self, a: Node, b: Node, origin: Origin) {
        self.start(a, b, Work::Unify(a, b, origin));
    }

    fn start(&mut self, a: Node, b: Node, work: Work) {
        if !self.busy {
            self.whole = Some((a, b));
        }
        self.work.push(work);
        self.solve();
    }

    /// Calling a function with mailbox `called` from code with mailbox `around`.
    pub fn effect(&mut self, called: Node, around: Node, origin: Origin) {
        if !matches!(self.shape(called), Shape::NoMailbox) {
            self.unify(called, around, origin);
        }
    }

    /// Marks a mailbox as used by a receive or `self()`.
    pub fn touch(&mut self, mailbox: Node, catch_all: bool, origin: Origin) {
        let mailbox = self.find(mailbox);
        match &mut self.nodes[mailbox] {
            Shape::Variable(variable) => {
                variable.mailbox.get_or_insert(origin);
                variable.catch_all |= catch_all;
            }
            Shape::Tags(row) => {
                let row = *row;
                let row = self.find_row(row);
                self.rows[row].mailbox = true;
                self.rows[row].catch_all |= catch_all;
            }
            Shape::NoMailbox => self.no_mailbox(None, origin),
            _ => {}
        }
    }

    /// A mailbox is used where none may be; `used` is the one, when there is a type for it.
    pub(crate) fn no_mailbox(&mut self, used: Option<Node>, origin: Origin) {
        if let Some(row) = used.and_then(|node| self.row_of(node)) {
            self.silent.insert(row);
        }
        let problem = crate::explain::mailboxes::no_mailbox(self, origin);
        self.report(problem);
    }

    fn solve(&mut self) {
        if self.busy {
            return;
        }
        self.busy = true;
        while let Some(work) = self.work.pop() {
            match work {
                Work::Subsume(a, b, origin) => self.subsume_step(a, b, origin),
                Work::Unify(a, b, origin) => self.unify_step(a, b, origin),
                Work::Flow(name, tag, to, origin) => self.flow(name, tag, to, origin),
            }
        }
        self.busy = false;
    }

    /// Whether a problem about this tag, from that place, in this row is new.
    pub(crate) fn first_report(&mut self, row: RowId, name: Symbol, from: Span) -> bool {
        let row = self.find_row(row);
        !self.silent.contains(&row) && self.reported.insert((row, name, from))
    }

    pub(crate) fn edges_of(&self, row: RowId) -> (Vec<Edge>, Vec<Edge>) {
        (self.rows[row].supers.clone(), self.rows[row].subs.clone())
    }
}
