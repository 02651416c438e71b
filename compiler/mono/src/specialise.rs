//! From typed, polymorphic core to the concrete program: one instance per function and ground types, made on demand.
//!
//! Work starts at `main` and the exported actors; lowering a function's body asks for the instances that it uses. Polymorphic
//! recursion was refused by the checker, so this ends.

use crate::descriptors::Descriptors;
use crate::function::FunctionLowering;
use crate::ground::{Ground, Grounds, Node};
use crate::ir::{self, FunctionId, Location, StaticId};
use crate::layouts::Layouts;
use snow_abi::value::Class;
use snow_core::ir as core;
use snow_names::hir;
use snow_text::{IdVec, Sources, Span};
use snow_types::ty::Ty;
use snow_types::typed::Typed;
use std::collections::HashMap;

/// Where the program begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Roots {
    /// At `main`.
    Main,
    /// At its tests.
    Tests,
}

/// What specialisation reads.
pub struct Input<'a> {
    /// What to keep, and all that it needs.
    pub roots: Roots,
    /// The resolved program.
    pub hir: &'a hir::Program,
    /// Its types; derived functions add some.
    pub typed: &'a mut Typed,
    /// Its lowered functions.
    pub core: &'a core::Program,
    /// The files.
    pub sources: &'a Sources,
}

/// One concrete version of something.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Instance {
    /// A function of the program.
    Function(hir::FunctionId, Vec<Ground>),
    /// A structurally derived method.
    Derived(core::Derived, Ground),
}

/// The program under construction.
pub(crate) struct Specialiser<'a> {
    pub input: Input<'a>,
    pub grounds: Grounds,
    pub layouts: Layouts,
    pub descriptors: Descriptors,
    pub functions: IdVec<FunctionId, Option<ir::Function>>,
    pub statics: IdVec<StaticId, ir::Static>,
    static_texts: HashMap<Vec<u8>, StaticId>,
    static_closures: HashMap<FunctionId, StaticId>,
    instances: HashMap<Instance, FunctionId>,
    wrappers: HashMap<FunctionId, FunctionId>,
    waiting: Vec<(Instance, FunctionId)>,
    /// Parameters' classes and result class of every instance asked for.
    pub signatures: HashMap<FunctionId, (Vec<Class>, Class)>,
    /// Start functions and the descriptors of their mailboxes.
    pub mailboxes: Vec<(FunctionId, u32)>,
    /// Exported actors by their function, and their index.
    pub exports: HashMap<hir::FunctionId, usize>,
    /// What they become.
    pub export_list: Vec<ir::Export>,
}

/// Makes the concrete program.
pub fn specialise(input: Input) -> ir::Program {
    let mut s = Specialiser {
        input,
        grounds: Grounds::default(),
        layouts: Layouts::default(),
        descriptors: Descriptors::default(),
        functions: IdVec::default(),
        statics: IdVec::default(),
        static_texts: HashMap::new(),
        static_closures: HashMap::new(),
        instances: HashMap::new(),
        wrappers: HashMap::new(),
        waiting: Vec::new(),
        signatures: HashMap::new(),
        mailboxes: Vec::new(),
        exports: HashMap::new(),
        export_list: Vec::new(),
    };
    s.export_actors();
    let (main, tests) = match s.input.roots {
        Roots::Main => (s.main_closure(), Vec::new()),
        Roots::Tests => (None, s.tests()),
    };
    s.drain();
    s.finish(main, tests)
}

impl<'a> Specialiser<'a> {
    /// Lowers everything asked for, and what that asks for.
    fn drain(&mut self) {
        while let Some((instance, id)) = self.waiting.pop() {
            let function = match &instance {
                Instance::Function(function, args) => {
                    let core = self.input.core.functions[*function].as_ref();
                    FunctionLowering::run(self, core.expect("functions that are used were lowered"), args)
                }
                Instance::Derived(derived, ground) => {
                    let core = snow_core::derive(
                        *derived,
                        &self.ground_head(*ground),
                        self.input.hir,
                        self.input.typed,
                    );
                    let args = self.head_args(*ground);
                    FunctionLowering::run(self, &core, &args)
                }
            };
            self.functions[id] = Some(function);
        }
    }

    fn finish(self, main: Option<StaticId>, tests: Vec<ir::Test>) -> ir::Program {
        let main_mailbox = 0;
        let (descriptors, atoms) = self.descriptors.finish();
        let mut program = ir::Program {
            functions: self.functions.values().map(|f| f.clone().expect("every id was lowered")).collect(),
            statics: self.statics,
            layouts: self.layouts.finish(),
            descriptors,
            atoms,
            files: self.input.sources.iter().map(|(_, s)| s.path.clone()).collect(),
            exports: self.export_list,
            main,
            main_signals: 0,
            main_mailbox,
            tests,
            mailboxes: self.mailboxes,
        };
        crate::signals::fill_masks(&mut program);
        program
    }

    /// The concrete function of an instance; its body is lowered later.
    pub fn instance(&mut self, instance: Instance) -> FunctionId {
        if let Some(id) = self.instances.get(&instance) {
            return *id;
        }
        let id = self.functions.push(None);
        let signature = self.signature(&instance);
        self.signatures.insert(id, signature);
        self.instances.insert(instance.clone(), id);
        self.waiting.push((instance, id));
        id
    }

    fn signature(&mut self, instance: &Instance) -> (Vec<Class>, Class) {
        match instance {
            Instance::Function(function, args) => {
                let scheme = self.input.typed.functions[*function].clone();
                let params = scheme.arguments.iter().map(|t| self.class(*t, args)).collect();
                (params, self.class(scheme.result, args))
            }
            Instance::Derived(derived, ground) => {
                let class = self.grounds.class(*ground);
                match derived {
                    core::Derived::Eq => (vec![class; 2], Class::Int),
                    core::Derived::Ord => (vec![class; 2], Class::Ref),
                    core::Derived::Hash => (vec![class], Class::Int),
                    core::Derived::Debug | core::Derived::Display => (vec![class], Class::Ref),
                    core::Derived::Default => (vec![], class),
                    core::Derived::ToJson | core::Derived::TagName => (vec![class], Class::Ref),
                    core::Derived::FromJson | core::Derived::TagNamed => (vec![Class::Ref], Class::Ref),
                }
            }
        }
    }

    /// The ground type of a type under a substitution.
    pub fn ground(&mut self, ty: Ty, args: &[Ground]) -> Ground {
        self.grounds.substitute(&self.input.typed.store, ty, args)
    }

    /// Its class.
    pub fn class(&mut self, ty: Ty, args: &[Ground]) -> Class {
        let ground = self.ground(ty, args);
        self.grounds.class(ground)
    }

    /// Gives the tuples within what a primitive makes their layouts: no code of the program may make such ones.
    pub fn lay_out_tuples(&mut self, ground: Ground) {
        match self.grounds.get(ground).clone() {
            Node::Tuple(parts) => {
                let classes: Vec<Class> = parts.iter().map(|part| self.grounds.class(*part)).collect();
                self.layouts.of(&classes);
                parts.into_iter().for_each(|part| self.lay_out_tuples(part));
            }
            Node::Named(_, args) | Node::Builtin(_, args) => {
                args.into_iter().for_each(|arg| self.lay_out_tuples(arg));
            }
            _ => {}
        }
    }

    /// The descriptor of a ground type as a constant.
    pub fn descriptor(&mut self, ground: Ground) -> u32 {
        self.descriptors.of(&self.input, &mut self.grounds, ground).0
    }

    /// A static text.
    pub fn text(&mut self, bytes: &[u8]) -> StaticId {
        if let Some(id) = self.static_texts.get(bytes) {
            return *id;
        }
        let id = self.statics.push(ir::Static::Text(bytes.to_vec()));
        self.static_texts.insert(bytes.to_vec(), id);
        id
    }

    /// The static closure of code that captures nothing.
    pub fn static_closure(&mut self, code: FunctionId) -> StaticId {
        let statics = &mut self.statics;
        *self.static_closures.entry(code).or_insert_with(|| statics.push(ir::Static::Closure(code)))
    }

    /// A function as a value: the static closure of a wrapper that drops the closure argument.
    pub fn function_value(&mut self, function: FunctionId) -> StaticId {
        let wrapper = match self.wrappers.get(&function) {
            Some(wrapper) => *wrapper,
            None => {
                let wrapper = self.wrapper(function);
                self.wrappers.insert(function, wrapper);
                wrapper
            }
        };
        self.static_closure(wrapper)
    }

    fn wrapper(&mut self, function: FunctionId) -> FunctionId {
        let (params, result) = self.signatures[&function].clone();
        let mut locals = IdVec::default();
        let closure = locals.push(Class::Ref);
        let params: Vec<ir::Local> = params.iter().map(|c| locals.push(*c)).collect();
        let args = params.iter().map(|p| ir::Operand::Local(*p)).collect();
        let id = self.functions.push(None);
        self.functions[id] = Some(ir::Function {
            name: "function value".to_string(),
            hidden: true,
            is_lambda: false,
            params: [vec![closure], params].concat(),
            results: vec![result],
            locals,
            join_count: 0,
            body: ir::Block {
                statements: vec![],
                end: ir::End::TailCall(ir::Call::Direct(function, args)),
                location: Location::default(),
            },
            location: Location::default(),
        });
        id
    }

    fn main_closure(&mut self) -> Option<StaticId> {
        let core: &'a core::Program = self.input.core;
        Some(self.start_closure(core.main.as_ref()?, self.input.hir.main))
    }

    /// The static closure of a function that runs `function`.
    fn start_closure(&mut self, start: &core::Function, function: Option<hir::FunctionId>) -> StaticId {
        let mut lowered = FunctionLowering::run(self, start, &[]);
        let closure = lowered.locals.push(Class::Ref);
        lowered.params.insert(0, closure);
        let id = self.functions.push(Some(lowered));
        self.mark_mailbox(id, function);
        self.static_closure(id)
    }

    fn tests(&mut self) -> Vec<ir::Test> {
        let (core, hir): (&'a core::Program, &'a hir::Program) = (self.input.core, self.input.hir);
        let starts = hir.tests.iter().zip(&core.tests);
        let own = starts.filter(|(test, _)| !hir.modules[hir.functions[test.function].module].is_std);
        own.map(|(test, start)| {
            let function = &hir.functions[test.function];
            ir::Test {
                title: test.title.clone(),
                module: hir.modules[function.module].name.to_string(),
                location: self.location(function.span),
                timeout_ms: test.timeout_ms,
                tags: test.tags.clone(),
                closure: self.start_closure(start, Some(test.function)),
                signals: 0,
                mailbox: 0,
            }
        })
        .collect()
    }

    fn mark_mailbox(&mut self, start: FunctionId, function: Option<hir::FunctionId>) {
        if let Some(function) = function {
            let mailbox = self.ground(self.input.typed.functions[function].mailbox, &[]);
            let descriptor = self.descriptor(mailbox);
            self.mailboxes.push((start, descriptor));
        }
    }

    /// Every `pub actor` whose type is ground gets a start function that takes its arguments from the start closure.
    fn export_actors(&mut self) {
        let hir: &'a hir::Program = self.input.hir;
        for (id, function) in hir.functions.iter() {
            let scheme = &self.input.typed.functions[id];
            if function.kind != hir::FunctionKind::Actor || !function.public || scheme.params != 0 {
                continue;
            }
            self.export_actor(id, function);
        }
    }

    fn export_actor(&mut self, id: hir::FunctionId, function: &hir::Function) {
        let scheme = self.input.typed.functions[id].clone();
        let arguments: Vec<Ground> = scheme.arguments.iter().map(|t| self.ground(*t, &[])).collect();
        let classes: Vec<Class> = arguments.iter().map(|g| self.grounds.class(*g)).collect();
        let mailbox = self.ground(scheme.mailbox, &[]);
        let actor = self.instance(Instance::Function(id, vec![]));
        let start = self.start_function(actor, &classes);
        let mailbox = self.descriptor(mailbox);
        self.mailboxes.push((start, mailbox));
        let module = self.input.hir.modules[function.module].name.as_str();
        let name =
            if module.is_empty() { function.name.to_string() } else { format!("{module}.{}", function.name) };
        let layout = self.layouts.of(&[vec![Class::Int], classes].concat());
        let arguments = arguments.iter().map(|g| self.descriptor(*g)).collect();
        self.exports.insert(id, self.export_list.len());
        self.export_list.push(ir::Export { name, function: start, layout, arguments, mailbox, signals: 0 });
    }

    fn start_function(&mut self, actor: FunctionId, classes: &[Class]) -> FunctionId {
        let mut locals = IdVec::default();
        let closure = locals.push(Class::Ref);
        let mut statements = Vec::new();
        let mut args = Vec::new();
        for (i, class) in classes.iter().enumerate() {
            let local = locals.push(*class);
            let load = ir::Operation::Load { object: ir::Operand::Local(closure), index: i as u32 + 1 };
            let kind = ir::StatementKind::Let(local, load);
            statements.push(ir::Statement { kind, location: Location::default() });
            args.push(ir::Operand::Local(local));
        }
        let end = ir::End::TailCall(ir::Call::Direct(actor, args));
        let result = self.signatures[&actor].1;
        self.functions.push(Some(ir::Function {
            name: "start".to_string(),
            hidden: true,
            is_lambda: false,
            params: vec![closure],
            results: vec![result],
            locals,
            join_count: 0,
            body: ir::Block { statements, end, location: Location::default() },
            location: Location::default(),
        }))
    }

    /// The line of a span.
    pub fn location(&self, span: Span) -> Location {
        Location { file: span.source.0, line: self.input.sources.get(span.source).lines.line(span.start) }
    }
}
