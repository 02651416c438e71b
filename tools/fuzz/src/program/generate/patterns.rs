//! Patterns by chance; the names that they bind come into scope.

use super::{Generator, Scope, TEXTS};
use crate::program::{Pattern, Type};

impl Generator {
    fn bind(&mut self, ty: &Type, scope: &mut Scope) -> Pattern {
        let name = self.name();
        scope.locals.push((name, ty.clone()));
        Pattern::Bind(name)
    }

    /// A pattern that takes every value.
    pub(super) fn irrefutable(&mut self, ty: &Type, scope: &mut Scope, depth: usize) -> Pattern {
        match ty {
            Type::Tuple(items) if depth > 0 => {
                Pattern::Tuple(items.iter().map(|ty| self.irrefutable(ty, scope, depth - 1)).collect())
            }
            _ if self.chance.once_in(6) => Pattern::Any,
            _ => self.bind(ty, scope),
        }
    }

    /// A pattern that may take a value of the type.
    pub(super) fn pattern(&mut self, ty: &Type, scope: &mut Scope, depth: usize) -> Pattern {
        if depth == 0 || self.chance.once_in(5) {
            return self.irrefutable(ty, scope, 1);
        }
        if self.chance.once_in(10) {
            let inner = self.pattern(ty, scope, depth - 1);
            let name = self.name();
            scope.locals.push((name, ty.clone()));
            return Pattern::As(Box::new(inner), name);
        }
        match ty {
            Type::Int => self.number(),
            Type::Bool => Pattern::Bool(self.chance.once_in(2)),
            Type::Text if self.chance.once_in(3) => {
                let rest = Box::new(self.bind(ty, scope));
                Pattern::Prefix(TEXTS[1 + self.chance.below(3)].to_owned(), rest)
            }
            Type::Text => Pattern::Text((*self.chance.pick(TEXTS)).to_owned()),
            Type::Tuple(items) => {
                Pattern::Tuple(items.iter().map(|ty| self.pattern(ty, scope, depth - 1)).collect())
            }
            Type::List(item) => self.of_list(ty, item, scope, depth),
            Type::Option(_) if self.chance.once_in(3) => Pattern::Option(None),
            Type::Option(item) => Pattern::Option(Some(Box::new(self.pattern(item, scope, depth - 1)))),
            Type::Sum(sum) => {
                let variant = self.chance.below(self.sums[*sum].variants.len());
                let fields = self.sums[*sum].variants[variant].clone();
                let parts = fields.iter().map(|ty| self.pattern(ty, scope, depth - 1)).collect();
                Pattern::Variant(*sum, variant, parts)
            }
            Type::Map(_) | Type::Function(..) => self.bind(ty, scope),
        }
    }

    fn number(&mut self) -> Pattern {
        let n = self.chance.below(10) as i64 - 2;
        match self.chance.below(4) {
            0 => Pattern::Between(n, n + self.chance.below(5) as i64),
            1 => Pattern::Or(
                (0..2 + self.chance.below(2) as i64).map(|more| Pattern::Int(n + 2 * more)).collect(),
            ),
            _ => Pattern::Int(n),
        }
    }

    fn of_list(&mut self, ty: &Type, item: &Type, scope: &mut Scope, depth: usize) -> Pattern {
        match self.chance.below(4) {
            0 => Pattern::List(Vec::new(), None),
            1 => {
                let first = Box::new(self.pattern(item, scope, depth - 1));
                Pattern::Cons(first, Box::new(self.pattern(ty, scope, depth - 1)))
            }
            _ => {
                let count = 1 + self.chance.below(3);
                let parts = (0..count).map(|_| self.pattern(item, scope, depth - 1)).collect();
                let rest = self.chance.once_in(2).then(|| Box::new(self.irrefutable(ty, scope, 1)));
                Pattern::List(parts, rest)
            }
        }
    }
}
