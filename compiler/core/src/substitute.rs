//! Types with their variables replaced.

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
