//! Recursion at ever larger types, which would need code without end: refused.
//!
//! The nodes of a graph are the type parameters of functions and declared types. A use of one inside another leads from each
//! parameter in an argument to the parameter that the argument is for, and *grows* where the argument is more than the
//! parameter alone. A cycle with a growing edge has no end.

use crate::checker::{Checker, MemberFact, Use};
use crate::explain;
use crate::infer::each_part;
use crate::solver::node::{Head, Node, Shape};
use snow_names::hir::{Expr, ExprId, ExprKind, FunctionId, ImplId, TypeDefId};
use snow_text::Span;
use std::collections::{HashMap, HashSet};

/// What has type parameters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Owner {
    Function(FunctionId),
    Type(TypeDefId),
}

/// A use, from one parameter to another.
struct Edge {
    from: usize,
    to: usize,
    /// The argument, when it is more than the parameter.
    grown: Option<Node>,
    by: Owner,
    span: Span,
}

#[derive(Default)]
struct Graph {
    numbers: HashMap<(Owner, usize), usize>,
    edges: Vec<Edge>,
}

impl Graph {
    fn number(&mut self, owner: Owner, index: usize) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry((owner, index)).or_insert(next)
    }
}

impl Checker<'_> {
    /// Reports recursion that does not end.
    pub(crate) fn check_growth(&mut self) {
        let mut graph = Graph::default();
        for id in self.program.types.ids() {
            for field in self.fields(id).iter().flatten() {
                self.uses_in_type(id, *field, &mut graph, &mut HashSet::new());
            }
        }
        for id in self.program.functions.ids() {
            self.uses_in_function(id, &mut graph);
        }
        let group = components(graph.numbers.len(), &graph.edges);
        let mut reported = HashSet::new();
        for edge in &graph.edges {
            if let Some(grown) = edge.grown
                && group[edge.from] == group[edge.to]
                && reported.insert(edge.by)
            {
                let problem = match edge.by {
                    Owner::Function(id) => {
                        explain::definitions::growing_call(&self.solver, id, grown, edge.span)
                    }
                    Owner::Type(id) => explain::definitions::growing_type(&self.solver, id, grown),
                };
                self.solver.report(problem);
            }
        }
    }

    /// Declared types inside a field.
    fn uses_in_type(&self, id: TypeDefId, node: Node, graph: &mut Graph, seen: &mut HashSet<Node>) {
        if !seen.insert(self.solver.find(node)) {
            return;
        }
        if let Some((Head::Named(other), args)) = self.solver.head(node) {
            let params = &self.types[id].params;
            let span = self.program.types[id].name_span;
            self.edges((Owner::Type(id), params), (Owner::Type(other), args), span, graph);
        }
        for part in self.parts(node) {
            self.uses_in_type(id, part, graph, seen);
        }
    }

    fn uses_in_function(&self, id: FunctionId, graph: &mut Graph) {
        let Some(generic) = self.functions[id].generic.clone() else { return };
        if generic.params.is_empty() {
            return;
        }
        let from = (Owner::Function(id), generic.params.as_slice());
        let mut called = HashMap::new();
        functions_in(&self.program.functions[id].body, &mut called);
        for (expr, types) in &self.facts[id].uses {
            if let Some((function, span)) = called.get(expr) {
                self.use_of(from, *function, types, *span, graph);
            }
        }
        let spans = member_spans(&self.program.functions[id].body);
        for (expr, member) in &self.facts[id].members {
            let span = spans.get(expr).copied().unwrap_or(self.program.functions[id].name_span);
            self.member_use(from, member, span, graph);
        }
    }

    fn member_use(&self, from: (Owner, &[Node]), member: &MemberFact, span: Span, graph: &mut Graph) {
        match member {
            MemberFact::Operator(_, inner) => self.member_use(from, inner, span, graph),
            MemberFact::Function(function, types) => self.use_of(from, *function, types, span, graph),
            MemberFact::Interface { interface, method, on, args, .. } => {
                let candidates = self.candidates(*interface, *on, args);
                let [(id, _)] = candidates.as_slice() else { return };
                let name = self.program.interfaces[*interface].methods[*method as usize].name;
                let Some(own) = self.program.impls[*id].methods.iter().find(|m| m.0 == name) else { return };
                let types = self.impl_arguments(*id, *on);
                self.edges(from, (Owner::Function(own.1), &types), span, graph);
            }
            _ => {}
        }
    }

    /// The types for an impl's parameters at a type.
    fn impl_arguments(&self, id: ImplId, on: Node) -> Vec<Node> {
        let info = &self.impls[id];
        let mut bound = HashMap::new();
        if let Some(head) = info.on {
            self.solver.fit(head, on, &mut bound);
        }
        info.params.iter().map(|p| bound.get(&self.solver.find(*p)).copied().unwrap_or(*p)).collect()
    }

    fn use_of(
        &self,
        from: (Owner, &[Node]),
        function: FunctionId,
        types: &Use,
        span: Span,
        graph: &mut Graph,
    ) {
        let nodes = match types {
            Use::Types(nodes) => nodes.clone(),
            Use::Same(id, pairs) => {
                let params = self.functions[*id].generic.as_ref().map_or(Vec::new(), |g| g.params.clone());
                let root = |node: Node| self.solver.find(node);
                let instance = |p: &Node| pairs.iter().find(|(own, _)| root(*own) == root(*p));
                params.iter().map(|p| instance(p).map_or(*p, |pair| pair.1)).collect()
            }
        };
        self.edges(from, (Owner::Function(function), &nodes), span, graph);
    }

    fn edges(
        &self,
        (by, params): (Owner, &[Node]),
        (to, args): (Owner, &[Node]),
        span: Span,
        graph: &mut Graph,
    ) {
        for (index, arg) in args.iter().enumerate() {
            let root = self.solver.find(*arg);
            let mut inside = HashSet::new();
            self.collect_parts(root, &mut inside);
            for (own, param) in params.iter().enumerate() {
                let param = self.solver.find(*param);
                if inside.contains(&param) {
                    let (from, to) = (graph.number(by, own), graph.number(to, index));
                    let grown = (param != root).then_some(root);
                    graph.edges.push(Edge { from, to, grown, by, span });
                }
            }
        }
    }

    fn collect_parts(&self, node: Node, inside: &mut HashSet<Node>) {
        let node = self.solver.find(node);
        if inside.insert(node) {
            self.parts(node).into_iter().for_each(|part| self.collect_parts(part, inside));
        }
    }

    /// The types directly inside a type; an open row has none, since it is a parameter itself.
    fn parts(&self, node: Node) -> Vec<Node> {
        match self.solver.shape(node) {
            Shape::Constructed(_, args) => args.clone(),
            Shape::Function(params, mailbox, result) => {
                params.iter().chain([mailbox, result]).copied().collect()
            }
            Shape::Pid(messages) => vec![*messages],
            Shape::Tags(row) => {
                let row = &self.solver.rows[self.solver.find_row(*row)];
                match row.closed {
                    Some(_) => row.tags.values().flat_map(|t| t.args.clone()).collect(),
                    None => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }
}

/// Functions by the expressions that name them.
fn functions_in(expr: &Expr, found: &mut HashMap<ExprId, (FunctionId, Span)>) {
    if let ExprKind::Function(function) = expr.kind {
        found.insert(expr.id, (function, expr.span));
    }
    each_part(expr, &mut |part| functions_in(part, found));
}

fn member_spans(expr: &Expr) -> HashMap<ExprId, Span> {
    fn collect(expr: &Expr, found: &mut HashMap<ExprId, Span>) {
        found.insert(expr.id, expr.span);
        each_part(expr, &mut |part| collect(part, found));
    }
    let mut found = HashMap::new();
    collect(expr, &mut found);
    found
}

/// The strongly connected component of every node: Kosaraju's two passes with stacks of their own.
fn components(count: usize, edges: &[Edge]) -> Vec<usize> {
    let (mut forth, mut back) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for edge in edges {
        forth[edge.from].push(edge.to);
        back[edge.to].push(edge.from);
    }
    let mut order = Vec::new();
    let mut seen = vec![false; count];
    for root in 0..count {
        walk(root, &forth, &mut seen, &mut |node| order.push(node));
    }
    let mut group = vec![usize::MAX; count];
    let mut seen = vec![false; count];
    for root in order.into_iter().rev() {
        walk(root, &back, &mut seen, &mut |node| group[node] = root);
    }
    group
}

/// Visits what is reachable and not seen yet, each after what it leads to.
fn walk(root: usize, next: &[Vec<usize>], seen: &mut [bool], visit: &mut dyn FnMut(usize)) {
    if std::mem::replace(&mut seen[root], true) {
        return;
    }
    let mut stack = vec![(root, 0)];
    while let Some((node, at)) = stack.last_mut() {
        match next[*node].get(*at) {
            Some(to) => {
                *at += 1;
                if !std::mem::replace(&mut seen[*to], true) {
                    stack.push((*to, 0));
                }
            }
            None => {
                visit(*node);
                stack.pop();
            }
        }
    }
}
