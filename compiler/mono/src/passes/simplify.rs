//! Copies away, constants folded, known cases chosen, small functions and joins inlined.
//!
//! Every function is rebuilt with fresh locals and joins: whatever is visited twice — an inlined body, a join copied to its
//! jumps — simply gets new names. What is known of a new local (the object it holds) is kept beside it.

mod blocks;
mod fold;
mod inline;
mod policy;

use crate::ir::{Block, Function, FunctionId, JoinId, Local, Location, Operand, Operation, Program};
use crate::passes::measure;
use policy::Policy;
pub(crate) use policy::Round;
use snow_abi::value::Class;
use snow_text::IdVec;
use std::collections::HashMap;
use std::rc::Rc;

/// Simplifies every function.
pub(crate) fn simplify(program: &mut Program, round: Round) {
    let ids: Vec<FunctionId> = program.functions.ids().collect();
    let policy = Policy::of(program, round);
    let mut simplified = Vec::with_capacity(ids.len());
    for id in ids {
        simplified.push(Simplifier::run(program, &policy, id));
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
    /// How many of them are the function itself.
    unrolled: usize,
    /// The call in whose place a function of std stands: what goes wrong inside is shown there.
    place: Option<Location>,
}

/// Rebuilds one function.
struct Simplifier<'p> {
    program: &'p Program,
    policy: &'p Policy,
    /// The function.
    id: FunctionId,
    locals: IdVec<Local, Class>,
    join_count: u32,
    size: usize,
    /// What new locals hold.
    facts: HashMap<Local, Operation>,
    /// Classes of the parameters of joins that stand for inlined calls.
    join_classes: HashMap<JoinId, Vec<Class>>,
    /// Words read from objects since the last call, the newest last: object, index, value.
    loads: Vec<(Local, u32, Operand)>,
    /// Those before are older than the last call.
    loads_floor: usize,
    /// Tags that branches have established.
    tags: HashMap<Local, i64>,
    /// The first visible function inlined into this one: a hidden function takes its name, so that stack traces show it.
    shown_as: Option<FunctionId>,
}

impl<'p> Simplifier<'p> {
    fn run(program: &'p Program, policy: &'p Policy, id: FunctionId) -> Function {
        let function = &program.functions[id];
        let mut this = Simplifier {
            program,
            policy,
            id,
            locals: IdVec::default(),
            join_count: 0,
            size: 0,
            facts: HashMap::new(),
            loads: Vec::new(),
            loads_floor: 0,
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
            unrolled: 0,
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
            is_lambda: function.is_lambda,
            params,
            results: function.results.clone(),
            locals: this.locals,
            join_count: this.join_count,
            body,
            location: function.location,
        }
    }

    /// The line of a statement: that of the call in whose place a function of std stands, for what std itself says.
    fn line(&self, location: Location, frame: &Frame<'p>) -> Location {
        match frame.place {
            Some(place) if self.policy.is_std_file(location.file) => place,
            _ => location,
        }
    }

    /// Runs on a part of the function that others do not follow: what it learns of objects is forgotten.
    fn apart<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let (length, floor) = (self.loads.len(), self.loads_floor);
        let made = part(self);
        self.loads.truncate(length);
        self.loads_floor = floor;
        made
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
