//! Replaces a local by a function everywhere in an expression.

use crate::hir::{Argument, Expr, ExprKind, FunctionId, LocalId, Pattern, PatternKind, Statement};

/// Every mention of `local` becomes one of `function`.
pub(crate) fn replace_local(expr: &mut Expr, local: LocalId, function: FunctionId) {
    if let ExprKind::Local(found) = expr.kind
        && found == local
    {
        expr.kind = ExprKind::Function(function);
    }
    visit(expr, &mut |part| replace_local(part, local, function));
}

fn each(exprs: &mut [Expr], with: &mut dyn FnMut(&mut Expr)) {
    exprs.iter_mut().for_each(with);
}

fn arguments(args: &mut [Argument], with: &mut dyn FnMut(&mut Expr)) {
    args.iter_mut().for_each(|a| with(&mut a.value));
}

/// The direct parts of an expression.
fn visit(expr: &mut Expr, with: &mut dyn FnMut(&mut Expr)) {
    match &mut expr.kind {
        ExprKind::Error
        | ExprKind::Unit
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Bool(_)
        | ExprKind::String(_)
        | ExprKind::Bytes(_)
        | ExprKind::Local(_)
        | ExprKind::Function(_)
        | ExprKind::Variant(_)
        | ExprKind::Primitive(_)
        | ExprKind::Intrinsic(_)
        | ExprKind::TypeMember { .. }
        | ExprKind::InterfaceMember { .. }
        | ExprKind::SelfPid => {}
        ExprKind::Field { receiver: e, .. }
        | ExprKind::Negate(e)
        | ExprKind::Not(e)
        | ExprKind::Show(e)
        | ExprKind::Exit(_, e)
        | ExprKind::Return(e)
        | ExprKind::Try(e) => with(e),
        ExprKind::Index { receiver: a, index: b }
        | ExprKind::Binary { left: a, right: b, .. }
        | ExprKind::Cons(a, b)
        | ExprKind::Send { to: a, message: b } => {
            with(a);
            with(b);
        }
        ExprKind::Tuple(parts)
        | ExprKind::Construct { args: parts, .. }
        | ExprKind::Tag { args: parts, .. }
        | ExprKind::Concat(parts)
        | ExprKind::Recur(_, parts) => each(parts, with),
        ExprKind::Lambda(lambda) => with(&mut lambda.body),
        _ => visit_large(expr, with),
    }
}

fn visit_large(expr: &mut Expr, with: &mut dyn FnMut(&mut Expr)) {
    match &mut expr.kind {
        ExprKind::Call { callee: first, args } | ExprKind::MethodCall { receiver: first, args, .. } => {
            with(first);
            arguments(args, with);
        }
        ExprKind::If { condition, then, otherwise, .. } => {
            with(condition);
            with(then);
            with(otherwise);
        }
        ExprKind::Block { statements, value } => {
            statements.iter_mut().for_each(|s| visit_statement(s, with));
            value.iter_mut().for_each(|v| with(v));
        }
        ExprKind::Case { scrutinees, arms } => {
            each(scrutinees, with);
            for arm in arms {
                arm.patterns.iter_mut().for_each(|p| visit_pattern(p, with));
                arm.guard.iter_mut().for_each(&mut *with);
                with(&mut arm.body);
            }
        }
        ExprKind::Receive { arms, after } => {
            for arm in arms {
                arm.guard.iter_mut().for_each(&mut *with);
                with(&mut arm.body);
            }
            if let Some(after) = after {
                with(&mut after.0);
                with(&mut after.1);
            }
        }
        ExprKind::List { items, rest } => {
            each(items, with);
            rest.iter_mut().for_each(|r| with(r));
        }
        ExprKind::Struct { fields, .. } => fields.iter_mut().for_each(|(_, e)| with(e)),
        ExprKind::Update { base, fields } => {
            with(base);
            fields.iter_mut().for_each(|(_, _, e)| with(e));
        }
        ExprKind::Loop { variables, body, .. } => {
            variables.iter_mut().for_each(|(_, e)| with(e));
            with(body);
        }
        ExprKind::Spawn { callee: first, args, .. } | ExprKind::SpawnRemote { node: first, args, .. } => {
            with(first);
            each(args, with);
        }
        _ => {}
    }
}

fn visit_statement(statement: &mut Statement, with: &mut dyn FnMut(&mut Expr)) {
    match statement {
        Statement::Let { value, otherwise, .. } => {
            with(value);
            otherwise.iter_mut().for_each(with);
        }
        Statement::Function { lambda, .. } => with(&mut lambda.body),
        Statement::Expr(expr) => with(expr),
    }
}

/// Keys of map patterns are expressions.
fn visit_pattern(pattern: &mut Pattern, with: &mut dyn FnMut(&mut Expr)) {
    if let PatternKind::Map(entries) = &mut pattern.kind {
        entries.iter_mut().for_each(|(key, _)| with(key));
    }
}
