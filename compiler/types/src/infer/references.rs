//! Which functions refer to which, and the groups that refer to each other.

use snow_names::hir::{Expr, ExprKind, FunctionId, Program, Statement};
use snow_text::{Id, IdVec};

/// What a function's body mentions.
#[derive(Default)]
pub(super) struct Mentions {
    /// Functions in any position.
    pub all: Vec<FunctionId>,
    /// Functions that are called.
    pub called: Vec<FunctionId>,
}

/// The mentions of every function.
pub(super) fn mentions(program: &Program) -> IdVec<FunctionId, Mentions> {
    program
        .functions
        .values()
        .map(|f| {
            let mut found = Mentions::default();
            collect(&f.body, &mut found);
            if let Some(terminate) = &f.terminate {
                collect(terminate, &mut found);
            }
            found
        })
        .collect()
}

fn collect(expr: &Expr, found: &mut Mentions) {
    match &expr.kind {
        ExprKind::Function(id) => found.all.push(*id),
        ExprKind::SpawnRemote { actor, .. } => found.all.push(*actor),
        ExprKind::Call { callee, .. } => {
            if let ExprKind::Function(id) = &callee.kind {
                found.called.push(*id);
            }
        }
        _ => {}
    }
    each_part(expr, &mut |part| collect(part, found));
}

/// Visits the direct parts of an expression.
pub(crate) fn each_part<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Call { callee, args } => {
            visit(callee);
            args.iter().for_each(|a| visit(&a.value));
        }
        ExprKind::MethodCall { receiver, args, .. } => {
            visit(receiver);
            args.iter().for_each(|a| visit(&a.value));
        }
        ExprKind::Field { receiver: e, .. }
        | ExprKind::Negate(e)
        | ExprKind::Not(e)
        | ExprKind::Show(e)
        | ExprKind::Exit(_, e)
        | ExprKind::Return(e)
        | ExprKind::Try(e) => visit(e),
        ExprKind::Index { receiver: a, index: b }
        | ExprKind::Binary { left: a, right: b, .. }
        | ExprKind::Cons(a, b)
        | ExprKind::Send { to: a, message: b } => [a, b].into_iter().for_each(|e| visit(e)),
        ExprKind::If { condition, then, otherwise, .. } => {
            [condition, then, otherwise].into_iter().for_each(|e| visit(e));
        }
        ExprKind::Tuple(parts)
        | ExprKind::Construct { args: parts, .. }
        | ExprKind::Tag { args: parts, .. }
        | ExprKind::Concat(parts)
        | ExprKind::Recur(_, parts) => parts.iter().for_each(visit),
        ExprKind::List { items, rest } => {
            items.iter().for_each(&mut *visit);
            rest.iter().for_each(|e| visit(e));
        }
        ExprKind::Struct { fields, .. } => fields.iter().for_each(|f| visit(&f.1)),
        ExprKind::Update { base, fields } => {
            visit(base);
            fields.iter().for_each(|f| visit(&f.2));
        }
        _ => each_of_bodies(expr, visit),
    }
}

fn each_of_bodies<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Lambda(lambda) => visit(&lambda.body),
        ExprKind::Loop { variables, body, .. } => {
            variables.iter().for_each(|v| visit(&v.1));
            visit(body);
        }
        ExprKind::Spawn { callee, args, .. } => {
            visit(callee);
            args.iter().for_each(visit);
        }
        ExprKind::SpawnRemote { node, args, .. } => {
            visit(node);
            args.iter().for_each(visit);
        }
        ExprKind::Block { statements, value } => {
            statements.iter().for_each(|s| each_of_statement(s, visit));
            value.iter().for_each(|e| visit(e));
        }
        ExprKind::Case { scrutinees, arms } => {
            scrutinees.iter().for_each(&mut *visit);
            for arm in arms {
                arm.guard.iter().for_each(&mut *visit);
                visit(&arm.body);
            }
        }
        ExprKind::Receive { arms, after } => {
            for arm in arms {
                arm.guard.iter().for_each(&mut *visit);
                visit(&arm.body);
            }
            if let Some(after) = after {
                visit(&after.0);
                visit(&after.1);
            }
        }
        _ => {}
    }
}

fn each_of_statement<'e>(statement: &'e Statement, visit: &mut dyn FnMut(&'e Expr)) {
    match statement {
        Statement::Expr(e) => visit(e),
        Statement::Function { lambda, .. } => visit(&lambda.body),
        Statement::Let { value, otherwise, .. } => {
            visit(value);
            otherwise.iter().for_each(visit);
        }
    }
}

/// Strongly connected components, callees before callers. Tarjan's algorithm with a stack of its own.
pub(super) fn components(mentions: &IdVec<FunctionId, Mentions>) -> Vec<Vec<FunctionId>> {
    let count = mentions.len();
    let (mut index, mut low) = (vec![usize::MAX; count], vec![0; count]);
    let mut on_stack = vec![false; count];
    let (mut stack, mut out, mut next) = (Vec::new(), Vec::new(), 0);
    for root in 0..count {
        if index[root] != usize::MAX {
            continue;
        }
        let mut calls: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, edge)) = calls.last_mut() {
            let node = *node;
            if *edge == 0 {
                (index[node], low[node]) = (next, next);
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(to) = mentions[FunctionId::from_index(node)].all.get(*edge) {
                *edge += 1;
                let to = to.index();
                if index[to] == usize::MAX {
                    calls.push((to, 0));
                } else if on_stack[to] {
                    low[node] = low[node].min(index[to]);
                }
                // The first edge must not look like the first visit again.
                continue;
            }
            if *edge == 0 {
                *edge = 1;
            }
            if low[node] == index[node] {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    component.push(FunctionId::from_index(member));
                    if member == node {
                        break;
                    }
                }
                component.reverse();
                out.push(component);
            }
            calls.pop();
            if let Some((parent, _)) = calls.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    out
}
