//! Types with their variables replaced, and what variables stand for.

use snow_types::ty::{Ty, TyNode, TypeStore};
use std::collections::HashMap;

/// `ty` with `Param(i)` replaced by `args[i]`. Types without variables come back as they are; cycles stay cycles.
pub(crate) fn substitute(store: &mut TypeStore, ty: Ty, args: &[Ty]) -> Ty {
    visit(store, ty, args, &mut HashMap::new())
}

fn visit(store: &mut TypeStore, ty: Ty, args: &[Ty], done: &mut HashMap<Ty, Ty>) -> Ty {
    if let Some(new) = done.get(&ty) {
        return *new;
    }
    let node = store.get(ty).clone();
    let all = |parts: &[Ty], store: &mut TypeStore, done: &mut HashMap<Ty, Ty>| -> Vec<Ty> {
        parts.iter().map(|p| visit(store, *p, args, done)).collect()
    };
    let new = match node {
        TyNode::Param(index) => return args.get(index as usize).copied().unwrap_or(ty),
        TyNode::Unit | TyNode::Never | TyNode::NoMailbox | TyNode::Error => return ty,
        TyNode::Builtin(_, ref parts) | TyNode::Named(_, ref parts) if parts.is_empty() => return ty,
        TyNode::Builtin(builtin, parts) => TyNode::Builtin(builtin, all(&parts, store, done)),
        TyNode::Named(def, parts) => TyNode::Named(def, all(&parts, store, done)),
        TyNode::Tuple(parts) => TyNode::Tuple(all(&parts, store, done)),
        TyNode::Function(params, mailbox, result) => {
            let params = all(&params, store, done);
            TyNode::Function(params, visit(store, mailbox, args, done), visit(store, result, args, done))
        }
        TyNode::Pid(mailbox) => TyNode::Pid(visit(store, mailbox, args, done)),
        TyNode::Tags(tags) => {
            let reserved = store.reserve();
            done.insert(ty, reserved);
            let tags = tags.iter().map(|(name, parts)| (*name, all(parts, store, done))).collect();
            store.set(reserved, TyNode::Tags(tags));
            return reserved;
        }
    };
    store.add(new)
}

/// What the `count` variables of `pattern` stand for where it is used as `ty`; those that it does not mention are `Never`.
pub(crate) fn arguments(store: &mut TypeStore, pattern: Ty, ty: Ty, count: u32) -> Vec<Ty> {
    let mut found = vec![None; count as usize];
    find(store, (pattern, ty), &mut found, &mut Vec::new());
    found.into_iter().map(|f| f.unwrap_or_else(|| store.add(TyNode::Never))).collect()
}

fn find(store: &TypeStore, pair: (Ty, Ty), found: &mut [Option<Ty>], done: &mut Vec<(Ty, Ty)>) {
    if done.contains(&pair) {
        return;
    }
    done.push(pair);
    let mut each = |a: &[Ty], b: &[Ty]| {
        a.iter().zip(b).for_each(|(a, b)| find(store, (*a, *b), found, done));
    };
    match (store.get(pair.0), store.get(pair.1)) {
        (TyNode::Param(index), _) => {
            if let Some(slot) = found.get_mut(*index as usize) {
                slot.get_or_insert(pair.1);
            }
        }
        (TyNode::Builtin(_, a), TyNode::Builtin(_, b))
        | (TyNode::Named(_, a), TyNode::Named(_, b))
        | (TyNode::Tuple(a), TyNode::Tuple(b)) => each(a, b),
        (TyNode::Pid(a), TyNode::Pid(b)) => each(&[*a], &[*b]),
        (TyNode::Function(a, m, r), TyNode::Function(b, n, s)) => {
            each(a, b);
            each(&[*m, *r], &[*n, *s]);
        }
        (TyNode::Tags(a), TyNode::Tags(b)) => {
            for (name, parts) in a {
                b.iter().filter(|t| t.0 == *name).for_each(|t| each(parts, &t.1));
            }
        }
        _ => {}
    }
}
