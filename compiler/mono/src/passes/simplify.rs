//! Copies away, constants folded, known cases chosen, small functions and joins inlined.
//!
//! Every function is rebuilt with fresh locals and joins: whatever is visited twice — an inlined body, a join copied to its
//! jumps — simply gets new names. What is known of a new local (the object it holds) is kept in [`Facts`].

mod blocks;
mod fold;
mod inline;

use crate::ir::{Block, Function, FunctionId, JoinId, Local, Location, Operand, Operation, Program};
use crate::passes::measure;
use snow_abi::value::Class;
use snow_text::IdVec;
use std::collections::HashMap;
use std::rc::Rc;

/// Largest body that is inlined at a call, in statements and ends.
const INLINE_SIZE_MAX: usize = 12;
/// Largest join body that is copied to each of its jumps.
const JOIN_COPY_SIZE_MAX: usize = 3;
/// How deep inlined bodies nest.
const INLINE_DEPTH_MAX: usize = 6;
/// A function stops growing by inlining at this size.
const FUNCTION_SIZE_MAX: usize = 2_000;

/// Simplifies every function.
pub(crate) fn simplify(program: &mut Program) {
    let ids: Vec<FunctionId> = program.functions.ids().collect();
    let inlinable: IdVec<FunctionId, bool> = program
        .functions
        .iter()
        .map(|(id, f)| measure::size(&f.body) <= INLINE_SIZE_MAX && !measure::is_recursive(id, f))
        .collect();
    let mut simplified = Vec::with_capacity(ids.len());
    for id in ids {
        simplified.push(Simplifier::run(program, &inlinable, &program.functions[id]));
    }
    program.functions = simplified.into();
}

/// What a join of the old body has become.
#[derive(Clone)]
enum JoinBinding<'p> {
    /// A join of the new body.
    Kept(JoinId),
    /// Copied to its jumps: parameters, body.
    Copied(&'p [Local], &'p Block),
}

/// One body under way: the function itself, or one inlined into it.
struct Frame<'p> {
    /// Old locals to new operands.
    operands: HashMap<Local, Operand>,
    /// Old joins.
    joins: HashMap<JoinId, JoinBinding<'p>>,
    /// Jumps to each old join.
    uses: Rc<HashMap<JoinId, usize>>,
    /// Classes of old locals.
    classes: &'p IdVec<Local, Class>,
    /// Where `Return` goes; absent in the function itself.
    result: Option<JoinId>,
    /// How many inlined bodies this one is inside of.
    depth: usize,
    /// The call in whose place a function of std stands: what goes wrong inside is shown there.
    place: Option<Location>,
}

/// Rebuilds one function.
struct Simplifier<'p> {
    program: &'p Program,
    inlinable: &'p IdVec<FunctionId, bool>,
    locals: IdVec<Local, Class>,
    join_count: u32,
    size: usize,
    /// What new locals hold.
    facts: HashMap<Local, Operation>,
    /// Classes of the parameters of joins that stand for inlined calls.
    join_classes: HashMap<JoinId, Vec<Class>>,
    /// Tags that branches have established.
    tags: HashMap<Local, i64>,
    /// The first visible function inlined into this one: a hidden function takes its name, so that stack traces show it.
    shown_as: Option<FunctionId>,
}

impl<'p> Simplifier<'p> {
    fn run(program: &'p Program, inlinable: &'p IdVec<FunctionId, bool>, function: &'p Function) -> Function {
        let mut this = Simplifier {
            program,
            inlinable,
            locals: IdVec::default(),
            join_count: 0,
            size: 0,
            facts: HashMap::new(),
            join_classes: HashMap::new(),
            tags: HashMap::new(),
            shown_as: None,
        };
        let mut frame = Frame {
            operands: HashMap::new(),
            joins: HashMap::new(),
            uses: Rc::new(measure::join_uses(&function.body)),
            classes: &function.locals,
            result: None,
            depth: 0,
            place: None,
        };
        let params = function.params.iter().map(|p| this.define(*p, &mut frame)).collect();
        let body = this.block(&function.body, &mut frame);
        let shown = match this.shown_as {
            Some(inlined) if function.hidden => &program.functions[inlined],
            _ => function,
        };
        Function {
            name: shown.name.clone(),
            hidden: shown.hidden,
            params,
            results: function.results.clone(),
            locals: this.locals,
            join_count: this.join_count,
            body,
            location: function.location,
        }
    }

    fn fresh_join(&mut self) -> JoinId {
        self.join_count += 1;
        JoinId(self.join_count - 1)
    }

    /// A new local for an old one.
    fn define(&mut self, old: Local, frame: &mut Frame<'p>) -> Local {
        let new = self.locals.push(frame.classes[old]);
        frame.operands.insert(old, Operand::Local(new));
        new
    }

    fn operand(&self, old: &Operand, frame: &Frame<'p>) -> Operand {
        match old {
            Operand::Local(local) => *frame.operands.get(local).expect("verified: defined before its use"),
            constant => *constant,
        }
    }

    fn all(&self, old: &[Operand], frame: &Frame<'p>) -> Vec<Operand> {
        old.iter().map(|o| self.operand(o, frame)).collect()
    }
}
