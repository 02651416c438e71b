//! Local names: what is bound where, and what inner functions capture.

use super::Resolver;
use crate::hir::{ExprKind, FunctionId, LocalId, LoopId, Target, Type, TypeKind};
use snow_syntax::ast::Name;
use snow_text::Symbol;

/// What a local name means.
#[derive(Clone, Copy)]
pub(crate) enum Meaning {
    Local(LocalId),
    /// A local function that captures nothing, and the local that it would be.
    Function(FunctionId, LocalId),
}

#[derive(Clone, Copy)]
struct Binding {
    name: Symbol,
    meaning: Meaning,
    /// How many functions and closures are around it.
    level: usize,
}

/// How a loop goes on to its next round.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// `while`
    Again,
    /// Counts up to an exclusive bound.
    Count(LocalId),
    /// Counts up to an inclusive bound: counter, bound.
    CountThrough(LocalId, LocalId),
    /// Goes on with the rest of an Iter.
    Rest(LocalId),
}

/// A loop around the place where we are.
#[derive(Clone, Copy)]
pub(crate) struct LoopFrame {
    /// What `continue` goes round.
    pub inner: LoopId,
    /// What `break` leaves: the loop of the first generator.
    pub outer: LoopId,
    pub step: Step,
    /// The values so far, last one first, when they are wanted.
    pub collected: Option<LocalId>,
}

/// The scopes of one top-level function.
#[derive(Default)]
pub(crate) struct Body {
    bindings: Vec<Binding>,
    /// One for every closure or local function around the place where we are: whether it captures anything.
    captures: Vec<bool>,
    pub loops: Vec<LoopFrame>,
    pub loop_count: u32,
    /// Whether this is a `test` block: the names of std's `Test` are in scope.
    pub in_test: bool,
}

impl Body {
    /// A mark to return to with [`Body::leave`].
    pub fn enter(&self) -> usize {
        self.bindings.len()
    }

    /// Forgets what was bound since the mark.
    pub fn leave(&mut self, mark: usize) {
        self.bindings.truncate(mark);
    }

    pub fn bind(&mut self, name: Symbol, meaning: Meaning) {
        self.bindings.push(Binding { name, meaning, level: self.captures.len() });
    }

    /// Enters a closure or local function.
    pub fn enter_function(&mut self) -> Vec<LoopFrame> {
        self.captures.push(false);
        std::mem::take(&mut self.loops)
    }

    /// Leaves it; whether it captures anything of the functions around it.
    pub fn leave_function(&mut self, loops: Vec<LoopFrame>) -> bool {
        self.loops = loops;
        self.captures.pop().expect("entered before")
    }

    /// Says that the innermost function needs something of those around it.
    pub fn capture_all(&mut self) {
        self.captures.iter_mut().for_each(|c| *c = true);
    }

    fn find(&mut self, name: Symbol) -> Option<Meaning> {
        let binding = *self.bindings.iter().rev().find(|b| b.name == name)?;
        if let Meaning::Local(_) = binding.meaning {
            self.captures[binding.level..].iter_mut().for_each(|c| *c = true);
        }
        Some(binding.meaning)
    }

    /// What is bound, the nearest first.
    pub fn bindings(&self) -> impl Iterator<Item = (Symbol, Meaning)> {
        self.bindings.iter().rev().map(|b| (b.name, b.meaning))
    }

    /// All names in scope.
    pub fn names(&self) -> impl Iterator<Item = Symbol> {
        self.bindings.iter().map(|b| b.name)
    }

    /// Whether a name is bound, without using it.
    pub fn has(&self, name: Symbol) -> bool {
        self.bindings.iter().any(|b| b.name == name)
    }
}

/// What `Self` means.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SelfMeaning {
    /// Nothing.
    #[default]
    None,
    /// The type of the impl.
    Impl,
    /// The first type parameter.
    Interface,
}

/// The type parameters in scope: their place is their number.
#[derive(Clone, Default)]
pub(crate) struct Generics {
    pub names: Vec<Symbol>,
    pub self_meaning: SelfMeaning,
    /// Undeclared single capital letters become parameters.
    pub implicit: bool,
    /// Where the parameters that the definition itself declares begin.
    pub own_from: usize,
    /// They are a local function's own: it can move to the top level with them.
    pub of_local: bool,
}

impl Resolver<'_> {
    /// A local name as an expression.
    pub fn local(&mut self, name: Name) -> Option<ExprKind> {
        let (kind, target) = match self.meant(name.symbol)? {
            Meaning::Local(local) => (ExprKind::Local(local), Target::Local(local)),
            Meaning::Function(function, _) => (ExprKind::Function(function), Target::Function(function)),
        };
        self.mention(name.span, target);
        Some(kind)
    }

    /// What a local name means, which is used thereby.
    pub fn meant(&mut self, name: Symbol) -> Option<Meaning> {
        let meaning = self.body.find(name)?;
        let (Meaning::Local(local) | Meaning::Function(_, local)) = meaning;
        self.output.used.insert(local);
        Some(meaning)
    }

    /// Binds a written name.
    pub fn bind_local(&mut self, name: Name) -> LocalId {
        let local = self.new_local(name);
        self.body.bind(name.symbol, Meaning::Local(local));
        local
    }

    /// `Self` as a type.
    pub fn self_type(&self, span: snow_text::Span) -> Option<Type> {
        let kind = match self.generics.self_meaning {
            SelfMeaning::None => return None,
            SelfMeaning::Impl => TypeKind::SelfType,
            SelfMeaning::Interface => TypeKind::Param(0),
        };
        Some(Type { kind, span })
    }
}
