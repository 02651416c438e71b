//! Interface methods at ground types: a built-in operation, an impl's method, a default, or a derivation.

use crate::function::{Cursor, FunctionLowering};
use crate::ground::{Ground, Node};
use crate::ir::{Block, Condition, End, FloatOp, IntOp, Operand, Operation};
use crate::specialise::{Instance, Specialiser};
use snow_abi::primitives::Primitive;
use snow_abi::value::Class;
use snow_core::ir::{self as core, Derived};
use snow_names::hir::{self, ImplId, InterfaceId};
use snow_types::ty::{Ty, TyNode};

/// Methods of std's `Json` that are derived, by their place in the interface.
const TO_JSON: u32 = 0;
const FROM_JSON_VALUE: u32 = 1;

/// What a method call becomes.
pub(crate) enum Method {
    /// A function.
    Function(Instance),
    /// An operation.
    Builtin(Builtin),
}

/// Operations that stand for methods of built-in types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Builtin {
    /// Always `true`: values of a type with one value.
    SameUnit,
    IntEqual,
    FloatEqual,
    TextEqual(Primitive),
    /// Of `Never`: no value comes there.
    Nothing,
    /// Always `Equal`.
    OrderUnit,
    IntOrder,
    FloatOrder,
    TextOrder(Primitive),
    Int(IntOp),
    Float(FloatOp),
    IntNegate,
    FloatNegate,
    /// The value itself: `Display` of a String.
    Identity,
}

impl Specialiser<'_> {
    /// Finds a method at ground types.
    pub fn method(
        &mut self,
        (interface, method): (InterfaceId, u32),
        self_ty: Ground,
        args: &[Ground],
        method_args: &[Ground],
    ) -> Method {
        if let Some(builtin) = self.builtin_method(interface, self_ty) {
            return Method::Builtin(builtin);
        }
        if let Some((found, bindings)) = self.find_impl(interface, self_ty, args) {
            return Method::Function(self.impl_method(
                found,
                bindings,
                (interface, method),
                self_ty,
                args,
                method_args,
            ));
        }
        let known = self.input.hir.known.as_ref().expect("std resolved").clone();
        let takes_self = self.input.hir.interfaces[interface].methods[method as usize].has_self;
        let derived = match interface {
            i if i == known.eq => Derived::Eq,
            i if i == known.ord => Derived::Ord,
            i if i == known.hash => Derived::Hash,
            i if i == known.debug => Derived::Debug,
            i if i == known.display => return self.display(&known, self_ty),
            i if i == known.default => Derived::Default,
            i if i == known.tagged => Derived::TagName,
            i if i == known.named => Derived::TagNamed,
            i if i == known.json && method == TO_JSON => Derived::ToJson,
            i if i == known.json && method == FROM_JSON_VALUE => Derived::FromJson,
            i if i == known.json => {
                return Method::Function(self.default_method((interface, method), self_ty, method_args));
            }
            _ if *self.grounds.get(self_ty) == Node::Never && takes_self => {
                return Method::Builtin(Builtin::Nothing);
            }
            _ => panic!(
                "the checker promised an impl of {} for {:?}",
                self.input.hir.interfaces[interface].name,
                self.grounds.get(self_ty)
            ),
        };
        Method::Function(Instance::Derived(derived, self_ty))
    }

    /// Display without an impl: derived for tags and where asked for, else Debug.
    fn display(&mut self, known: &hir::Known, self_ty: Ground) -> Method {
        let by_structure = match self.grounds.get(self_ty) {
            Node::Named(def, _) => {
                self.input.hir.types[*def].deriving.iter().flatten().any(|d| d.0.as_str() == "Display")
            }
            Node::Tags(_) => true,
            _ => false,
        };
        if by_structure {
            return Method::Function(Instance::Derived(Derived::Display, self_ty));
        }
        self.method((known.debug, 0), self_ty, &[], &[])
    }

    /// What an interface without arguments says about a method that is not derived.
    fn default_method(
        &mut self,
        (interface, method): (InterfaceId, u32),
        self_ty: Ground,
        method_args: &[Ground],
    ) -> Instance {
        let definition = &self.input.hir.interfaces[interface].methods[method as usize];
        let function = definition.default.expect("what is neither derived nor in an impl has a default");
        let args = [self_ty].iter().chain(method_args).copied().collect();
        Instance::Function(function, self.pad(function, args))
    }

    fn impl_method(
        &mut self,
        found: ImplId,
        mut bindings: Vec<Ground>,
        (interface, method): (InterfaceId, u32),
        self_ty: Ground,
        args: &[Ground],
        method_args: &[Ground],
    ) -> Instance {
        let definition = &self.input.hir.interfaces[interface].methods[method as usize];
        let own = self.input.hir.impls[found].methods.iter().find(|m| m.0 == definition.name);
        if let Some((_, function)) = own {
            bindings.extend(method_args);
            return Instance::Function(*function, self.pad(*function, bindings));
        }
        let function = definition.default.expect("the checker found every method");
        let mut all = vec![self_ty];
        all.extend(args);
        let associated: Vec<Ty> = self.input.typed.impls[found].associated.iter().map(|a| a.1).collect();
        for ty in associated {
            let ground = self.ground(ty, &bindings);
            all.push(ground);
        }
        all.extend(method_args);
        Instance::Function(function, self.pad(function, all))
    }

    /// Exactly as many types as the function's scheme has variables: inferred ones that the interface does not name carry no data.
    fn pad(&mut self, function: hir::FunctionId, mut args: Vec<Ground>) -> Vec<Ground> {
        let never = self.grounds.intern(Node::Never);
        args.resize(self.input.typed.functions[function].params as usize, never);
        args
    }

    /// The impl of an interface for a type, and what its type parameters stand for.
    fn find_impl(
        &mut self,
        interface: InterfaceId,
        self_ty: Ground,
        args: &[Ground],
    ) -> Option<(ImplId, Vec<Ground>)> {
        for (id, head) in self.input.typed.impls.iter() {
            let Some((of, of_args)) = &head.interface else { continue };
            if *of != interface {
                continue;
            }
            let mut bindings = vec![None; head.params as usize];
            let mut fits = self.matches(head.for_type, self_ty, &mut bindings);
            for (pattern, arg) in of_args.iter().zip(args) {
                fits = fits && self.matches(*pattern, *arg, &mut bindings);
            }
            if fits {
                let never = self.grounds.intern(Node::Never);
                return Some((id, bindings.into_iter().map(|b| b.unwrap_or(never)).collect()));
            }
        }
        None
    }

    /// One-way matching of an impl's type against a ground type.
    fn matches(&self, pattern: Ty, ground: Ground, bindings: &mut Vec<Option<Ground>>) -> bool {
        let node = self.grounds.get(ground).clone();
        match (self.input.typed.store.get(pattern), &node) {
            (TyNode::Param(index), _) => {
                let slot = &mut bindings[*index as usize];
                *slot.get_or_insert(ground) == ground
            }
            (TyNode::Unit, Node::Unit) | (TyNode::Never, Node::Never) => true,
            (TyNode::Builtin(a, x), Node::Builtin(b, y)) => a == b && self.all_match(x, y, bindings),
            (TyNode::Named(a, x), Node::Named(b, y)) => a == b && self.all_match(x, y, bindings),
            (TyNode::Tuple(x), Node::Tuple(y)) => self.all_match(x, y, bindings),
            (TyNode::Pid(m), Node::Pid(n)) => self.matches(*m, *n, bindings),
            (TyNode::Function(p, _, r), Node::Function(q, s)) => {
                self.all_match(p, q, bindings) && self.matches(*r, *s, bindings)
            }
            (TyNode::Tags(x), Node::Tags(y)) => {
                x.len() == y.len()
                    && x.iter().zip(y).all(|(a, b)| a.0 == b.0 && self.all_match(&a.1, &b.1, bindings))
            }
            _ => false,
        }
    }

    fn all_match(&self, patterns: &[Ty], grounds: &[Ground], bindings: &mut Vec<Option<Ground>>) -> bool {
        patterns.len() == grounds.len()
            && patterns.iter().zip(grounds).all(|(p, g)| self.matches(*p, *g, bindings))
    }

    fn builtin_method(&self, interface: InterfaceId, self_ty: Ground) -> Option<Builtin> {
        use hir::Builtin as B;
        let known = self.input.hir.known.as_ref().expect("std resolved");
        let node = self.grounds.get(self_ty);
        let float = matches!(node, Node::Builtin(B::Float, _));
        let int = matches!(node, Node::Builtin(B::Int, _));
        let word =
            int || matches!(node, Node::Pid(_) | Node::Builtin(B::Bool | B::ProcessId | B::MonitorRef, _));
        let unit = matches!(node, Node::Unit | Node::Never);
        let string = matches!(node, Node::Builtin(B::String, _));
        let bytes = matches!(node, Node::Builtin(B::Bytes, _));
        let arithmetic = [
            (known.add, IntOp::Add, FloatOp::Add),
            (known.sub, IntOp::Sub, FloatOp::Sub),
            (known.mul, IntOp::Mul, FloatOp::Mul),
            (known.div, IntOp::Div, FloatOp::Div),
            (known.rem, IntOp::Rem, FloatOp::Rem),
        ];
        match interface {
            i if i == known.eq && unit => Some(Builtin::SameUnit),
            i if i == known.eq && word => Some(Builtin::IntEqual),
            i if i == known.eq && float => Some(Builtin::FloatEqual),
            i if i == known.eq && string => Some(Builtin::TextEqual(Primitive::string_equal)),
            i if i == known.eq && bytes => Some(Builtin::TextEqual(Primitive::bytes_equal)),
            i if i == known.ord && unit => Some(Builtin::OrderUnit),
            i if i == known.ord && word => Some(Builtin::IntOrder),
            i if i == known.ord && float => Some(Builtin::FloatOrder),
            i if i == known.ord && string => Some(Builtin::TextOrder(Primitive::string_compare)),
            i if i == known.ord && bytes => Some(Builtin::TextOrder(Primitive::bytes_compare)),
            i if i == known.neg && int => Some(Builtin::IntNegate),
            i if i == known.neg && float => Some(Builtin::FloatNegate),
            i if i == known.display && string => Some(Builtin::Identity),
            i => arithmetic.iter().find(|row| row.0 == i && (int || float)).map(|row| match int {
                true => Builtin::Int(row.1),
                false => Builtin::Float(row.2),
            }),
        }
    }

    /// The type that a derivation is written for: the head with its parameters as variables, so that one lowering serves.
    pub fn ground_head(&self, ground: Ground) -> core::Head {
        match self.grounds.get(ground) {
            Node::Named(def, args) => core::Head::Named(*def, args.len() as u32),
            Node::Tuple(parts) => core::Head::Tuple(parts.len() as u32),
            Node::Tags(tags) => core::Head::Tags(tags.iter().map(|(n, p)| (*n, p.len() as u32)).collect()),
            Node::Function(params, _) => core::Head::Function(params.len() as u32),
            Node::Pid(_) => core::Head::Pid,
            Node::Unit => core::Head::Unit,
            Node::Never => core::Head::Never,
            Node::Builtin(builtin, _) => core::Head::Builtin(*builtin),
        }
    }

    /// What the head's variables stand for.
    pub fn head_args(&self, ground: Ground) -> Vec<Ground> {
        match self.grounds.get(ground) {
            Node::Named(_, args) | Node::Tuple(args) | Node::Builtin(_, args) => args.clone(),
            Node::Tags(tags) => tags.iter().flat_map(|t| t.1.iter().copied()).collect(),
            Node::Pid(mailbox) => vec![*mailbox],
            Node::Function(params, result) => params.iter().chain([result]).copied().collect(),
            Node::Unit | Node::Never => vec![],
        }
    }
}

impl FunctionLowering<'_, '_> {
    /// A built-in method as operations.
    pub fn builtin(&mut self, builtin: Builtin, args: &[Operand], cursor: &mut Cursor) -> Operand {
        let primitive =
            |primitive| Operation::Primitive { primitive, args: args.to_vec(), generic: Class::Int };
        let operation = match builtin {
            Builtin::Nothing => return Operand::Int(0),
            Builtin::SameUnit => return Operand::Int(1),
            Builtin::OrderUnit => return Operand::Immediate(1),
            Builtin::Identity => return args[0],
            Builtin::IntEqual => Operation::IntCompare(Condition::Equal, args[0], args[1]),
            Builtin::FloatEqual => Operation::FloatCompare(Condition::Equal, args[0], args[1]),
            Builtin::TextEqual(p) => primitive(p),
            Builtin::TextOrder(p) => {
                let sign = self.emit(cursor, Class::Int, primitive(p));
                return self.ordering(sign, Operand::Int(0), cursor);
            }
            Builtin::IntOrder => return self.ordering(args[0], args[1], cursor),
            Builtin::FloatOrder => {
                let sign = self.emit(cursor, Class::Int, Operation::FloatOrder(args[0], args[1]));
                return self.ordering(sign, Operand::Int(0), cursor);
            }
            Builtin::Int(op) => Operation::Int(op, args[0], args[1]),
            Builtin::IntNegate => Operation::IntNegate(args[0]),
            Builtin::Float(op) => {
                return self.emit(cursor, Class::Float, Operation::Float(op, args[0], args[1]));
            }
            Builtin::FloatNegate => return self.emit(cursor, Class::Float, Operation::FloatNegate(args[0])),
        };
        self.emit(cursor, Class::Int, operation)
    }

    /// `Less`, `Equal` or `Greater` of two Ints.
    fn ordering(&mut self, a: Operand, b: Operand, cursor: &mut Cursor) -> Operand {
        let location = cursor.location;
        let less = self.emit(cursor, Class::Int, Operation::IntCompare(Condition::Less, a, b));
        self.split(cursor, Class::Ref, |this, dest| {
            let leaf = |this: &mut Self, index: u32| {
                let cursor = Cursor::at(location);
                this.deliver(cursor, Operand::Immediate(index), dest)
            };
            let mut equal = Cursor::at(location);
            let same = this.emit(&mut equal, Class::Int, Operation::IntCompare(Condition::Equal, a, b));
            let (then, otherwise) = (Box::new(leaf(this, 1)), Box::new(leaf(this, 2)));
            let otherwise = Box::new(equal.end(End::If { condition: same, then, otherwise }));
            let then = Box::new(leaf(this, 0));
            Block { statements: vec![], end: End::If { condition: less, then, otherwise }, location }
        })
    }
}
