//! The methods that types have without an impl: `Eq`, `Ord`, `Hash`, `Debug` by structure, `Display`, `Default` and `Json` where a type
//! asks for them, `Json` of tuples and tags, and the names of tags.
//!
//! A method is written once for the outermost form of a type; its type variables are the type's parts, whose own methods
//! are called through their interfaces.

mod build;
mod compare;
mod json;
mod show;
mod tags;

use crate::ir::{Derived, Function, Head};
use build::Builder;
use snow_names::hir;
use snow_types::typed::Typed;

/// Writes a method.
pub fn derive(derived: Derived, head: &Head, hir: &hir::Program, typed: &mut Typed) -> Function {
    let mut builder = Builder::new(head, hir, typed);
    let function = match derived {
        Derived::Eq => compare::eq(&mut builder),
        Derived::Ord => compare::ord(&mut builder),
        Derived::Hash => compare::hash(&mut builder),
        Derived::Debug => show::debug(&mut builder),
        Derived::Display => show::display(&mut builder),
        Derived::Default => build::default(&mut builder),
        Derived::ToJson => json::to_json(&mut builder),
        Derived::FromJson => json::from_json(&mut builder),
        Derived::TagName => tags::name(&mut builder),
        Derived::TagNamed => tags::named(&mut builder),
    };
    if cfg!(debug_assertions) {
        crate::verify::verify_function(&function, hir, typed);
    }
    function
}
