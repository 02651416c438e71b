//! What editors ask of a check: what the names behind dots mean, and how types read.

use crate::checker::Checker;
use crate::interfaces::Fit;
use crate::output::filled;
use crate::print::Printer;
use crate::solver::node::{Node, Shape};
use snow_names::hir::{
    FieldRef, FunctionId, InterfaceId, LocalId, Mention, ModuleId, Offer, Target, TypeDefKind,
};
use snow_text::{IdVec, Span, Symbol};

/// The facts about a program that people look at. Whatever errors there are, there is one.
#[derive(Debug, Default)]
pub struct Description {
    /// Names whose meaning depends on types: methods, fields behind a dot, arguments of methods. Ordered by place.
    pub mentions: Vec<Mention>,
    /// What can stand where the wanted name is behind the dot of a value: see [`snow_names::resolve_for_completion`].
    pub offers: Vec<Offer>,
    /// The type of every function; empty where there is none.
    pub signatures: IdVec<FunctionId, String>,
    /// The types of the methods of every interface.
    pub methods: IdVec<InterfaceId, Vec<String>>,
    /// The type of every local; empty where there is none.
    pub locals: IdVec<LocalId, String>,
    /// The type of what every function gives; empty where there is none.
    pub results: IdVec<FunctionId, String>,
}

impl Checker<'_> {
    /// Notes what a name behind a dot stands for.
    pub(crate) fn mention(&mut self, span: Span, target: Target) {
        self.mentions.push(Mention { span, target });
    }

    /// Notes a field of a struct.
    pub(crate) fn mention_field(&mut self, span: Span, receiver: Node, index: u32) {
        if let Some((ty, _)) = self.named(receiver) {
            self.mention(span, Target::Field(FieldRef { ty, variant: 0, index }));
        }
    }

    /// Everything that people look at.
    pub(crate) fn description(&mut self) -> Description {
        let mut mentions = std::mem::take(&mut self.mentions);
        mentions.sort_by_key(|mention| mention.span);
        mentions.dedup();
        let mut description = Description {
            mentions,
            offers: std::mem::take(&mut self.offers),
            locals: filled(self.program.locals.len()),
            ..Description::default()
        };
        for id in self.program.functions.ids() {
            self.describe_function(id, &mut description);
        }
        for id in self.program.interfaces.ids() {
            let names = self.program.interfaces[id].methods.iter().map(|method| method.name);
            let methods = names.zip(&self.interfaces[id].methods);
            let shown = methods.map(|(name, method)| self.solver.show_named(name, method.node, false, &[]));
            description.methods.push(shown.collect());
        }
        description
    }

    /// One printer for all of a function: the same unknown has the same letter everywhere in it.
    fn describe_function(&mut self, id: FunctionId, into: &mut Description) {
        let mut printer = Printer::new(&self.solver);
        let mut result = String::new();
        if let Some((params, _, gives)) = self.functions[id].node.and_then(|node| self.solver.function(node))
        {
            params.iter().for_each(|param| drop(printer.inner(*param)));
            result = printer.inner(gives);
        }
        let own = self.program.functions[id].params.iter().map(|param| param.local);
        let own = own.filter_map(|local| Some((local, self.locals[local]?)));
        for (local, node) in self.facts[id].locals.iter().copied().chain(own) {
            into.locals[local] = printer.inner(node);
        }
        into.results.push(result);
        into.signatures.push(std::mem::take(&mut self.functions[id].signature));
    }

    // ---- What could stand behind a dot

    /// Whether this is the name that an editor wants to complete.
    pub(crate) fn is_wanted(&self, name: Symbol) -> bool {
        self.program.wanted == Some(name)
    }

    /// What can stand behind the dot of a value, or of a type when `is_static`.
    pub(crate) fn offer_members(&mut self, receiver: Node, is_static: bool) {
        if !is_static {
            let (fields, functions) = (self.fields_of(receiver), self.functions_of(receiver));
            self.offers.extend(fields.into_iter().chain(functions));
        }
        let methods = self.methods_of(receiver, is_static);
        self.offers.extend(methods);
    }

    /// The fields of a struct, as far as they can be seen here.
    pub(crate) fn fields_of(&self, receiver: Node) -> Vec<Offer> {
        let Some((ty, _)) = self.named(receiver).filter(|_| !self.is_hidden(receiver)) else {
            return Vec::new();
        };
        let TypeDefKind::Struct(fields) = &self.program.types[ty].kind else { return Vec::new() };
        let named = fields.iter().enumerate().filter_map(|(index, field)| Some((index as u32, field.name?)));
        named.map(|(index, name)| offer(name, Target::Field(FieldRef { ty, variant: 0, index }))).collect()
    }

    /// The functions of the type's home that take such a value first.
    fn functions_of(&self, receiver: Node) -> Vec<Offer> {
        let Some(home) = self.home(receiver) else { return Vec::new() };
        let all = self.program.modules[home].functions.iter();
        let fitting = all.filter(|(_, id)| self.is_seen(*id, home) && self.takes_first(*id, receiver));
        fitting.map(|(name, id)| offer(*name, Target::Function(*id))).collect()
    }

    fn is_seen(&self, id: FunctionId, home: ModuleId) -> bool {
        let here = self.body.function.map(|f| self.program.functions[f].module);
        self.program.functions[id].public || here == Some(home)
    }

    fn takes_first(&self, id: FunctionId, receiver: Node) -> bool {
        let function = self.functions[id].node.and_then(|node| self.solver.function(node));
        let Some(first) = function.and_then(|(params, _, _)| params.first().copied()) else { return false };
        match (self.solver.shape(first), self.solver.shape(receiver)) {
            (Shape::Constructed(a, _), Shape::Constructed(b, _)) => a == b,
            (Shape::Pid(_), Shape::Pid(_)) => true,
            _ => false,
        }
    }

    /// Methods of impls and of interfaces that the type has; static ones for a type.
    fn methods_of(&self, on: Node, is_static: bool) -> Vec<Offer> {
        let mut found = Vec::new();
        for (name, owners) in &self.inherent {
            for (owner, id) in owners {
                let takes_self =
                    self.program.functions[*id].params.first().is_some_and(|p| p.name.as_str() == "self");
                if takes_self != is_static && self.fit_impl(*owner, on, &[]) != Fit::No {
                    found.push(offer(*name, Target::Function(*id)));
                }
            }
        }
        for (name, owners) in &self.methods {
            for (interface, index) in owners {
                let method = &self.program.interfaces[*interface].methods[*index as usize];
                if method.has_self != is_static && self.implements(*interface, on) {
                    found.push(offer(*name, Target::InterfaceMethod(*interface, *index)));
                }
            }
        }
        found
    }
}

fn offer(name: Symbol, target: Target) -> Offer {
    Offer { name, target: Some(target) }
}
