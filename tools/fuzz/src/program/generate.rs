//! Well-typed units by chance.

mod patterns;

use super::{Arm, Expr, Function, Library, Name, Operator, Pattern, Sum, Type, Unit};
use crate::chance::Chance;

/// Numbers at the edges, beside small ones.
const EDGES: &[i64] =
    &[i64::MAX, i64::MAX - 1, -i64::MAX, 1 << 62, 1 << 32, (1 << 31) - 1, -(1 << 31), 255, 256, 65_535];
/// Texts.
const TEXTS: &[&str] =
    &["", "a", "b", "ab", "abc", "abcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabc"];
/// How deep expressions are at most.
const DEPTH: usize = 5;

/// What can be used at a place.
#[derive(Clone, Debug)]
struct Scope {
    locals: Vec<(Name, Type)>,
    /// What the function or closure around gives.
    leave: Type,
    /// A function that may call itself: its number and the argument that makes it end.
    recursion: Option<(usize, Expr)>,
}

impl Scope {
    fn with(&self, name: Name, ty: Type) -> Scope {
        let mut scope = self.clone();
        scope.locals.push((name, ty));
        scope
    }

    fn in_closure(&self, name: Name, ty: Type, result: Type) -> Scope {
        let mut scope = self.with(name, ty);
        scope.leave = result;
        scope
    }
}

struct Generator {
    chance: Chance,
    sums: Vec<Sum>,
    functions: Vec<Function>,
    names: Name,
}

/// The unit of a seed.
pub fn unit(seed: u64) -> Unit {
    let chance = Chance::new(seed);
    let mut generator = Generator { chance, sums: Vec::new(), functions: Vec::new(), names: 0 };
    for _ in 0..generator.chance.below(3) {
        generator.sum();
    }
    for _ in 0..1 + generator.chance.below(4) {
        generator.function();
    }
    let result = generator.ty(2, false);
    let scope = Scope { locals: Vec::new(), leave: result.clone(), recursion: None };
    let main = generator.expr(&result, &scope, DEPTH);
    Unit { number: seed, sums: generator.sums, functions: generator.functions, result, main }
}

impl Generator {
    fn name(&mut self) -> Name {
        self.names += 1;
        self.names
    }

    /// A sum type of earlier types; one variant at least has no fields.
    fn sum(&mut self) {
        let count = 1 + self.chance.below(4);
        let itself = Type::Sum(self.sums.len());
        let mut variants = vec![Vec::new()];
        for _ in 0..count {
            let fields = 1 + self.chance.below(3);
            let mut field = || if self.chance.once_in(5) { itself.clone() } else { self.ty(1, false) };
            variants.push((0..fields).map(|_| field()).collect());
        }
        self.sums.push(Sum { variants });
    }

    fn ty(&mut self, depth: usize, functions: bool) -> Type {
        let less = depth.saturating_sub(1);
        match self.chance.below(if depth == 0 { 4 } else { 12 }) {
            0 | 1 => Type::Int,
            2 => Type::Bool,
            3 => Type::Text,
            4 | 5 => Type::Tuple((0..2 + self.chance.below(2)).map(|_| self.ty(less, functions)).collect()),
            6 | 7 => Type::List(Box::new(self.ty(less, functions))),
            8 => Type::Option(Box::new(self.ty(less, functions))),
            9 if self.chance.once_in(2) => Type::Map(Box::new(self.ty(less, functions))),
            10 if functions => Type::Function(Box::new(self.ty(less, false)), Box::new(self.ty(less, false))),
            _ if !self.sums.is_empty() => Type::Sum(self.chance.below(self.sums.len())),
            _ => Type::Int,
        }
    }

    /// A function that may call earlier ones, and itself with a smaller number or a shorter list.
    fn function(&mut self) {
        let index = self.functions.len();
        let over_list = self.chance.once_in(3);
        let item = self.ty(1, false);
        let first = if over_list { Type::List(Box::new(item.clone())) } else { Type::Int };
        let mut params = vec![(self.name(), first)];
        for _ in 0..self.chance.below(4) {
            params.push((self.name(), self.ty(2, true)));
        }
        let result = self.ty(2, false);
        let base = Scope { locals: params.clone(), leave: result.clone(), recursion: None };
        let subject = Expr::Local(params[0].0);
        let is_annotated = true;
        self.functions.push(Function {
            params,
            result: result.clone(),
            body: Expr::Bool(true),
            is_annotated,
        });
        let body = if over_list {
            let (head, rest) = (self.name(), self.name());
            let shorter = base.with(head, item);
            let step = Scope { recursion: Some((index, Expr::Local(rest))), ..shorter };
            let pattern = Pattern::Cons(Box::new(Pattern::Bind(head)), Box::new(Pattern::Bind(rest)));
            let arms = vec![
                arm(Pattern::List(Vec::new(), None), self.expr(&result, &base, DEPTH - 2)),
                arm(pattern, self.expr(&result, &step, DEPTH)),
            ];
            Expr::Case(Box::new(subject), arms)
        } else {
            let less = Expr::Binary(Operator::Sub, Box::new(subject.clone()), Box::new(Expr::Int(1)));
            let step = Scope { recursion: Some((index, less)), ..base.clone() };
            let ends = Expr::Binary(Operator::LessEqual, Box::new(subject), Box::new(Expr::Int(0)));
            let (end, goes_on) = (self.expr(&result, &base, DEPTH - 2), self.expr(&result, &step, DEPTH));
            Expr::If(Box::new(ends), Box::new(end), Box::new(goes_on))
        };
        self.functions[index].body = body;
    }

    /// An expression of a type.
    fn expr(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        if depth == 0 || self.chance.once_in(8) {
            return self.leaf(ty, scope);
        }
        match self.chance.below(18) {
            0..5 => self.made(ty, scope, depth - 1),
            5 => self.condition(ty, scope, depth - 1),
            6..8 => self.case(ty, scope, depth - 1),
            8..10 => self.block(ty, scope, depth - 1),
            10..13 => self.call(ty, scope, depth - 1),
            13 => self.apply(ty, scope, depth - 1),
            14 => self.reduce(ty, scope, depth - 1),
            15 => self.early(ty, scope, depth - 1),
            _ => self.leaf(ty, scope),
        }
    }

    fn boxed(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Box<Expr> {
        Box::new(self.expr(ty, scope, depth))
    }

    /// A local, or the smallest value.
    fn leaf(&mut self, ty: &Type, scope: &Scope) -> Expr {
        let fitting: Vec<Name> =
            scope.locals.iter().filter(|(_, t)| t == ty).map(|(name, _)| *name).collect();
        if !fitting.is_empty() && !self.chance.once_in(6) {
            return Expr::Local(*self.chance.pick(&fitting));
        }
        match ty {
            Type::Int if self.chance.once_in(12) => Expr::Int(*self.chance.pick(EDGES)),
            Type::Int => Expr::Int(self.chance.below(12) as i64 - 3),
            Type::Bool => Expr::Bool(self.chance.once_in(2)),
            Type::Text => Expr::Text((*self.chance.pick(TEXTS)).to_owned()),
            Type::Tuple(items) => Expr::Tuple(items.iter().map(|ty| self.leaf(ty, scope)).collect()),
            Type::List(_) => Expr::Typed(ty.clone(), Box::new(Expr::List(Vec::new(), None))),
            Type::Option(_) => Expr::Typed(ty.clone(), Box::new(Expr::Option(None))),
            Type::Map(_) => Expr::Typed(ty.clone(), Box::new(Expr::Map(Vec::new()))),
            Type::Sum(sum) => Expr::Variant(*sum, 0, Vec::new()),
            Type::Function(from, to) => self.closure(from, to, scope, 1),
        }
    }

    /// A value made by the forms and operators of its type.
    fn made(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        match ty {
            Type::Int => self.int(scope, depth),
            Type::Bool => self.bool(scope, depth),
            Type::Text => self.text(scope, depth),
            Type::Tuple(items) => Expr::Tuple(items.iter().map(|ty| self.expr(ty, scope, depth)).collect()),
            Type::List(item) => self.list(ty, item, scope, depth),
            Type::Option(item) => match self.chance.below(3) {
                0 => {
                    let map = Type::Map(item.clone());
                    let args = vec![self.expr(&map, scope, depth), self.expr(&Type::Int, scope, depth)];
                    Expr::Library(Library::Find, args)
                }
                _ => Expr::Option(Some(self.boxed(item, scope, depth))),
            },
            Type::Map(item) if self.chance.once_in(2) => {
                let key = self.expr(&Type::Int, scope, depth);
                let args = vec![self.expr(ty, scope, depth), key, self.expr(item, scope, depth)];
                Expr::Library(Library::Put, args)
            }
            Type::Map(item) => {
                let count = 1 + self.chance.below(3);
                let pairs = (0..count)
                    .map(|_| (self.leaf(&Type::Int, scope), self.expr(item, scope, depth)))
                    .collect();
                Expr::Map(pairs)
            }
            Type::Sum(sum) => {
                let variant = self.chance.below(self.sums[*sum].variants.len());
                let fields = self.sums[*sum].variants[variant].clone();
                Expr::Variant(*sum, variant, fields.iter().map(|ty| self.expr(ty, scope, depth)).collect())
            }
            Type::Function(from, to) => self.closure(from, to, scope, depth),
        }
    }

    fn closure(&mut self, from: &Type, to: &Type, scope: &Scope, depth: usize) -> Expr {
        let name = self.name();
        let inner = scope.in_closure(name, from.clone(), to.clone());
        Expr::Closure(name, from.clone(), self.boxed(to, &inner, depth))
    }

    fn int(&mut self, scope: &Scope, depth: usize) -> Expr {
        let small = |generator: &mut Generator| {
            let x = generator.expr(&Type::Int, scope, depth);
            Expr::Binary(Operator::Rem, Box::new(x), Box::new(Expr::Int(1_000)))
        };
        match self.chance.below(12) {
            0..4 => {
                let operator = *self.chance.pick(&[Operator::Add, Operator::Sub, Operator::Mul]);
                let (x, y) = (self.expr(&Type::Int, scope, depth), small(self));
                Expr::Binary(operator, Box::new(x), Box::new(y))
            }
            4 => {
                let operator = *self.chance.pick(&[Operator::Div, Operator::Rem]);
                let divisor = match self.chance.below(4) {
                    0 => self.expr(&Type::Int, scope, depth),
                    _ => Expr::Int(1 + self.chance.below(9) as i64),
                };
                Expr::Binary(operator, self.boxed(&Type::Int, scope, depth), Box::new(divisor))
            }
            5 => Expr::Minus(self.boxed(&Type::Int, scope, depth)),
            6 => Expr::Say(self.boxed(&Type::Int, scope, depth)),
            7 => {
                let args = vec![self.expr(&Type::Int, scope, depth), self.expr(&Type::Int, scope, depth)];
                Expr::Library(Library::WrappingMul, args)
            }
            8 => {
                let ty = self.comparable();
                let args = vec![self.expr(&ty, scope, depth), self.expr(&ty, scope, depth)];
                Expr::Library(Library::Compare, args)
            }
            9 => {
                let list = Type::List(Box::new(self.ty(1, false)));
                Expr::Library(Library::Length, vec![self.expr(&list, scope, depth)])
            }
            _ => small(self),
        }
    }

    fn bool(&mut self, scope: &Scope, depth: usize) -> Expr {
        let operator = match self.chance.below(6) {
            0 => return Expr::Not(self.boxed(&Type::Bool, scope, depth)),
            1 => *self.chance.pick(&[Operator::And, Operator::Or]),
            2 => *self.chance.pick(&[Operator::Equal, Operator::Unequal]),
            _ => *self.chance.pick(&[
                Operator::Less,
                Operator::LessEqual,
                Operator::Greater,
                Operator::GreaterEqual,
            ]),
        };
        let ty = match operator {
            Operator::And | Operator::Or => Type::Bool,
            _ if self.chance.once_in(2) => Type::Int,
            _ => self.comparable(),
        };
        Expr::Binary(operator, self.boxed(&ty, scope, depth), self.boxed(&ty, scope, depth))
    }

    /// A type whose values have an order.
    fn comparable(&mut self) -> Type {
        let ty = self.ty(1, false);
        if self.has_map(&ty, 4) { Type::Int } else { ty }
    }

    /// Whether there may be a Map inside; `depth` bounds the look into sum types.
    fn has_map(&self, ty: &Type, depth: usize) -> bool {
        match ty {
            Type::Int | Type::Bool | Type::Text => false,
            Type::Map(_) | Type::Function(..) => true,
            Type::List(item) | Type::Option(item) => self.has_map(item, depth),
            Type::Tuple(items) => items.iter().any(|ty| self.has_map(ty, depth)),
            Type::Sum(_) if depth == 0 => false,
            Type::Sum(sum) => self.sums[*sum].variants.iter().flatten().any(|ty| self.has_map(ty, depth - 1)),
        }
    }

    fn text(&mut self, scope: &Scope, depth: usize) -> Expr {
        if self.chance.once_in(2) {
            let ty = self.ty(2, false);
            return Expr::Show(self.boxed(&ty, scope, depth));
        }
        let (x, y) = (self.boxed(&Type::Text, scope, depth), self.boxed(&Type::Text, scope, depth));
        Expr::Binary(Operator::Join, x, y)
    }

    fn list(&mut self, ty: &Type, item: &Type, scope: &Scope, depth: usize) -> Expr {
        match self.chance.below(10) {
            0 => Expr::Cons(self.boxed(item, scope, depth), self.boxed(ty, scope, depth)),
            1 => {
                let (x, y) = (self.boxed(ty, scope, depth), self.boxed(ty, scope, depth));
                Expr::Binary(Operator::Append, x, y)
            }
            2 => Expr::Library(Library::Reverse, vec![self.expr(ty, scope, depth)]),
            3 if !self.has_map(item, 4) => Expr::Library(Library::Sorted, vec![self.expr(ty, scope, depth)]),
            4 => {
                let test = self.closure(item, &Type::Bool, scope, depth);
                Expr::Library(Library::Filter, vec![self.expr(ty, scope, depth), test])
            }
            5 => {
                let from = self.ty(1, false);
                let list = self.expr(&Type::List(Box::new(from.clone())), scope, depth);
                let f = self.closure(&from, item, scope, depth);
                Expr::Library(Library::Map, vec![list, f])
            }
            6 => self.comprehension(item, scope, depth),
            7 => {
                let (name, to) = (self.name(), 1 + self.chance.below(5) as i64);
                let inner = scope.with(name, Type::Int);
                let body = self.boxed(item, &inner, depth);
                Expr::Range(name, Box::new(Expr::Int(0)), Box::new(Expr::Int(to)), body)
            }
            _ => {
                let items = (0..1 + self.chance.below(4)).map(|_| self.expr(item, scope, depth)).collect();
                let rest = self.chance.once_in(4).then(|| self.boxed(ty, scope, depth));
                Expr::List(items, rest)
            }
        }
    }

    fn comprehension(&mut self, item: &Type, scope: &Scope, depth: usize) -> Expr {
        let from = self.ty(1, false);
        let list = self.boxed(&Type::List(Box::new(from.clone())), scope, depth);
        let mut inner = scope.clone();
        let pattern = self.irrefutable(&from, &mut inner, 2);
        let guard = self.chance.once_in(3).then(|| self.boxed(&Type::Bool, &inner, depth));
        Expr::For(pattern, list, guard, self.boxed(item, &inner, depth))
    }

    fn condition(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        let condition = self.boxed(&Type::Bool, scope, depth);
        Expr::If(condition, self.boxed(ty, scope, depth), self.boxed(ty, scope, depth))
    }

    fn case(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        let of = self.ty(2, false);
        let subject = self.boxed(&of, scope, depth);
        let mut arms = Vec::new();
        for _ in 0..1 + self.chance.below(4) {
            let mut inner = scope.clone();
            let pattern = self.pattern(&of, &mut inner, 3);
            let guard = self.chance.once_in(4).then(|| self.expr(&Type::Bool, &inner, depth));
            arms.push(Arm { pattern, guard, body: self.expr(ty, &inner, depth) });
        }
        let mut inner = scope.clone();
        let last = self.irrefutable(&of, &mut inner, 0);
        arms.push(arm(last, self.expr(ty, &inner, depth)));
        Expr::Case(subject, arms)
    }

    fn block(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        let of = self.ty(2, true);
        let value = self.boxed(&of, scope, depth);
        let mut inner = scope.clone();
        let pattern = self.irrefutable(&of, &mut inner, 2);
        Expr::Let(pattern, value, self.boxed(ty, &inner, depth))
    }

    /// A call of a function that gives the type, itself included.
    fn call(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        let own = scope.recursion.clone().filter(|(index, _)| self.functions[*index].result == *ty);
        let unfinished = scope.recursion.as_ref().map(|(index, _)| *index);
        let is_callable = |index: &usize| {
            Some(*index) != unfinished
                && self.functions[*index].result == *ty
                && !matches!(self.functions[*index].body, Expr::Bool(true))
        };
        let others: Vec<usize> = (0..self.functions.len()).filter(is_callable).collect();
        let (index, first) = match own {
            Some((index, first)) if others.is_empty() || self.chance.once_in(2) => (index, Some(first)),
            _ if !others.is_empty() => (*self.chance.pick(&others), None),
            _ => return self.made(ty, scope, depth),
        };
        let params = self.functions[index].params.clone();
        let args = params.iter().enumerate().map(|(at, (_, ty))| match (&first, at, ty) {
            (Some(first), 0, _) => first.clone(),
            (None, 0, Type::Int) => Expr::Int(self.chance.below(7) as i64),
            (_, _, ty) => self.expr(ty, scope, depth),
        });
        Expr::Call(index, args.collect())
    }

    fn apply(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        let fits = |t: &Type| matches!(t, Type::Function(_, to) if **to == *ty);
        let known: Vec<(Name, Type)> = scope.locals.iter().filter(|(_, t)| fits(t)).cloned().collect();
        if !known.is_empty() {
            let (name, function) = self.chance.pick(&known).clone();
            let Type::Function(from, _) = function else { unreachable!("it fits") };
            return Expr::Apply(Box::new(Expr::Local(name)), self.boxed(&from, scope, depth));
        }
        let from = self.ty(1, false);
        let f = self.closure(&from, ty, scope, depth);
        Expr::Apply(Box::new(f), self.boxed(&from, scope, depth))
    }

    fn reduce(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        let item = self.ty(1, false);
        let list = self.expr(&Type::List(Box::new(item.clone())), scope, depth);
        let pair = Type::Tuple(vec![ty.clone(), item]);
        let f = self.closure(&pair, ty, scope, depth);
        Expr::Library(Library::Reduce, vec![list, self.expr(ty, scope, depth), f])
    }

    /// `?` and `return`, where the function or closure around allows it.
    fn early(&mut self, ty: &Type, scope: &Scope, depth: usize) -> Expr {
        if matches!(scope.leave, Type::Option(_)) {
            let option = Type::Option(Box::new(ty.clone()));
            return Expr::Try(self.boxed(&option, scope, depth));
        }
        let leave = scope.leave.clone();
        let condition = self.boxed(&Type::Bool, scope, depth);
        let leaves = Box::new(Expr::Return(self.boxed(&leave, scope, depth)));
        Expr::If(condition, leaves, self.boxed(ty, scope, depth))
    }
}

fn arm(pattern: Pattern, body: Expr) -> Arm {
    Arm { pattern, guard: None, body }
}
