//! Callees take what they are given.

use super::{Check, Checker, broken};
use crate::ir::{Callee, Expr};
use snow_abi::intrinsics::INTRINSICS;
use snow_names::hir::FunctionId;
use snow_types::ty::TyNode;

impl Checker<'_> {
    pub(super) fn call(&mut self, callee: &Callee, args: &[Expr]) -> Check {
        if let Callee::Value(value) = callee {
            self.expr(value)?;
        }
        self.all(args)?;
        match callee {
            Callee::Function(function, types) => {
                self.known_function(*function, types.len(), Some(args.len()))
            }
            Callee::Value(value) => self.function_of(value, args.len()),
            Callee::Primitive(primitive, _) => {
                let row = primitive.row();
                count(row.name, row.params.len(), args.len())
            }
            Callee::Intrinsic(index, _) => match INTRINSICS.get(*index as usize) {
                Some(row) => count(row.name, row.params.len(), args.len()),
                None => broken(format!("intrinsic {index} does not exist")),
            },
            Callee::Interface { interface, method, .. } => {
                match self.hir.interfaces[*interface].methods.get(*method as usize) {
                    Some(method) => count(method.name.as_str(), method.params.len(), args.len()),
                    None => broken(format!("method {method} does not exist")),
                }
            }
        }
    }

    /// A function gets its types, and its arguments where it is called.
    pub(super) fn known_function(&self, function: FunctionId, types: usize, args: Option<usize>) -> Check {
        let (definition, scheme) = (&self.hir.functions[function], &self.typed.functions[function]);
        let name = definition.name.as_str();
        if types != scheme.params as usize {
            return broken(format!("{name} has {} type variables, not {types}", scheme.params));
        }
        args.map_or(Ok(()), |given| count(name, definition.params.len(), given))
    }

    /// The value is a function of so many parameters.
    pub(super) fn function_of(&self, value: &Expr, given: usize) -> Check {
        match self.node(value.ty) {
            TyNode::Function(params, ..) => count("a function value", params.len(), given),
            TyNode::Never => Ok(()),
            other => broken(format!("{other:?} is called")),
        }
    }
}

fn count(name: &str, takes: usize, given: usize) -> Check {
    match takes == given {
        true => Ok(()),
        false => broken(format!("{name} takes {takes} arguments, not {given}")),
    }
}
