//! What a unit prints: a plain walk over its expressions, by the language's rules alone.

use super::{Arm, Expr, Library, Name, Operator, Pattern, Unit};
use std::cmp::Ordering;
use std::rc::Rc;

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(Rc<str>),
    /// A tuple.
    Tuple(Rc<[Value]>),
    /// A list.
    List(Rc<[Value]>),
    /// An Option.
    Option(Option<Rc<Value>>),
    /// Pairs in the order of insertion.
    Map(Rc<Vec<(Value, Value)>>),
    /// Type, variant, fields.
    Variant(usize, usize, Rc<[Value]>),
    /// A closure.
    Closure(Name, Rc<Expr>, Scope),
}

type Scope = Option<Rc<Link>>;

/// A local, and those before it.
#[derive(Debug)]
pub struct Link {
    name: Name,
    value: Value,
    outer: Scope,
}

/// Why an evaluation does not give a value.
#[derive(Debug)]
pub enum Stop {
    /// The process crashes.
    Crash,
    /// Too much work: such a unit is not used.
    Fuel,
    /// The function or closure is left with this value.
    Leave(Value),
}

/// Lines printed by a unit, its result last; whether it crashed.
#[derive(Debug, PartialEq, Eq)]
pub struct Printed {
    /// Line by line.
    pub lines: Vec<String>,
    /// Whether the result is missing.
    pub is_crash: bool,
}

/// Steps of one unit.
const FUEL: usize = 20_000;
/// Longest list and text.
const LENGTH_MAX: usize = 400;

struct Evaluator<'a> {
    unit: &'a Unit,
    fuel: usize,
    depth: usize,
    lines: Vec<String>,
}

type Result<T> = std::result::Result<T, Stop>;

/// What a unit prints; `None` when it takes too long.
pub fn evaluate(unit: &Unit) -> Option<Printed> {
    let mut evaluator = Evaluator { unit, fuel: FUEL, depth: 0, lines: Vec::new() };
    let result = evaluator.expr(&unit.main, &None);
    let is_crash = match result {
        Ok(value) | Err(Stop::Leave(value)) => {
            evaluator.lines.push(format!("= {}", show(&value, false, unit.number)));
            false
        }
        Err(Stop::Crash) => true,
        Err(Stop::Fuel) => return None,
    };
    Some(Printed { lines: evaluator.lines, is_crash })
}

impl Evaluator<'_> {
    fn all(&mut self, exprs: &[Expr], scope: &Scope) -> Result<Vec<Value>> {
        exprs.iter().map(|expr| self.expr(expr, scope)).collect()
    }

    fn expr(&mut self, expr: &Expr, scope: &Scope) -> Result<Value> {
        self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Fuel)?;
        self.depth += 1;
        let result = if self.depth > 2_000 { Err(Stop::Fuel) } else { self.form(expr, scope) };
        self.depth -= 1;
        result
    }

    fn form(&mut self, expr: &Expr, scope: &Scope) -> Result<Value> {
        match expr {
            Expr::Local(name) => Ok(local(scope, *name)),
            Expr::Typed(_, inner) => self.expr(inner, scope),
            Expr::Binary(operator, x, y) => self.binary(*operator, x, y, scope),
            Expr::If(c, x, y) => {
                let branch = if self.bool(c, scope)? { x } else { y };
                self.expr(branch, scope)
            }
            Expr::Case(subject, arms) => {
                let subject = self.expr(subject, scope)?;
                self.case(&subject, arms, scope)
            }
            Expr::Let(pattern, value, rest) => {
                let value = self.expr(value, scope)?;
                let inner = matched(pattern, &value, scope).expect("it always matches");
                self.expr(rest, &inner)
            }
            Expr::Apply(f, x) => {
                let f = self.expr(f, scope)?;
                let x = self.expr(x, scope)?;
                self.apply(&f, x)
            }
            Expr::Call(function, args) => {
                let args = self.all(args, scope)?;
                self.call(*function, args)
            }
            Expr::Library(function, args) => {
                let args = self.all(args, scope)?;
                self.library(*function, &args)
            }
            Expr::For(pattern, list, guard, body) => {
                let items = self.list(list, scope)?;
                self.comprehension(pattern, &items, (guard.as_deref(), body), scope)
            }
            Expr::Range(name, from, to, body) => {
                let (from, to) = (self.int(from, scope)?, self.int(to, scope)?);
                if to.saturating_sub(from) > LENGTH_MAX as i64 {
                    return Err(Stop::Fuel);
                }
                let items: Vec<Value> = (from..to).map(Value::Int).collect();
                self.comprehension(&Pattern::Bind(*name), &items, (None, body), scope)
            }
            Expr::Try(x) => match self.expr(x, scope)? {
                Value::Option(Some(x)) => Ok((*x).clone()),
                none => Err(Stop::Leave(none)),
            },
            Expr::Return(x) => {
                let x = self.expr(x, scope)?;
                Err(Stop::Leave(x))
            }
            made => self.made(made, scope),
        }
    }

    /// Forms that make a value of their parts.
    fn made(&mut self, expr: &Expr, scope: &Scope) -> Result<Value> {
        Ok(match expr {
            Expr::Int(n) => Value::Int(*n),
            Expr::Bool(b) => Value::Bool(*b),
            Expr::Text(t) => Value::Text(t.as_str().into()),
            Expr::Minus(x) => Value::Int(self.int(x, scope)?.checked_neg().ok_or(Stop::Crash)?),
            Expr::Not(x) => Value::Bool(!self.bool(x, scope)?),
            Expr::Tuple(items) => Value::Tuple(self.all(items, scope)?.into()),
            Expr::List(items, rest) => {
                let mut items = self.all(items, scope)?;
                if let Some(rest) = rest {
                    items.extend(self.list(rest, scope)?.iter().cloned());
                }
                bounded(items)?
            }
            Expr::Cons(x, rest) => {
                let mut items = vec![self.expr(x, scope)?];
                items.extend(self.list(rest, scope)?.iter().cloned());
                bounded(items)?
            }
            Expr::Option(None) => Value::Option(None),
            Expr::Option(Some(x)) => Value::Option(Some(Rc::new(self.expr(x, scope)?))),
            Expr::Variant(sum, variant, fields) => {
                Value::Variant(*sum, *variant, self.all(fields, scope)?.into())
            }
            Expr::Map(pairs) => {
                let mut map = Vec::new();
                for (k, v) in pairs {
                    let (k, v) = (self.expr(k, scope)?, self.expr(v, scope)?);
                    put(&mut map, k, v);
                }
                Value::Map(Rc::new(map))
            }
            Expr::Closure(param, _, body) => Value::Closure(*param, Rc::new((**body).clone()), scope.clone()),
            Expr::Say(x) => {
                let n = self.int(x, scope)?;
                self.lines.push(n.to_string());
                Value::Int(n)
            }
            Expr::Show(x) => {
                let number = self.unit.number;
                bounded_text(show(&self.expr(x, scope)?, false, number))?
            }
            other => unreachable!("{other:?} makes no value of its parts alone"),
        })
    }

    fn comprehension(
        &mut self,
        pattern: &Pattern,
        items: &[Value],
        (guard, body): (Option<&Expr>, &Expr),
        scope: &Scope,
    ) -> Result<Value> {
        let mut results = Vec::new();
        for item in items {
            let inner = matched(pattern, item, scope).expect("it always matches");
            let takes = match guard {
                Some(guard) => self.bool(guard, &inner)?,
                None => true,
            };
            if takes {
                results.push(self.expr(body, &inner)?);
            }
        }
        bounded(results)
    }

    fn case(&mut self, subject: &Value, arms: &[Arm], scope: &Scope) -> Result<Value> {
        for arm in arms {
            let Some(inner) = matched(&arm.pattern, subject, scope) else { continue };
            let takes = match &arm.guard {
                Some(guard) => self.bool(guard, &inner)?,
                None => true,
            };
            if takes {
                return self.expr(&arm.body, &inner);
            }
        }
        panic!("the last arm takes everything")
    }

    fn apply(&mut self, f: &Value, x: Value) -> Result<Value> {
        let Value::Closure(param, body, scope) = f else { panic!("a closure") };
        let inner = bound(scope, *param, x);
        left(self.expr(body, &inner))
    }

    fn call(&mut self, function: usize, args: Vec<Value>) -> Result<Value> {
        let unit = self.unit;
        let function = &unit.functions[function];
        let scope = function.params.iter().zip(args).fold(None, |s, ((name, _), arg)| bound(&s, *name, arg));
        left(self.expr(&function.body, &scope))
    }

    fn library(&mut self, function: Library, args: &[Value]) -> Result<Value> {
        Ok(match (function, args) {
            (Library::Map, [Value::List(items), f]) => {
                bounded(items.iter().map(|x| self.apply(f, x.clone())).collect::<Result<_>>()?)?
            }
            (Library::Filter, [Value::List(items), f]) => {
                let mut kept = Vec::new();
                for x in items.iter() {
                    if matches!(self.apply(f, x.clone())?, Value::Bool(true)) {
                        kept.push(x.clone());
                    }
                }
                bounded(kept)?
            }
            (Library::Reduce, [Value::List(items), first, f]) => {
                let mut sum = first.clone();
                for x in items.iter() {
                    sum = self.apply(f, Value::Tuple([sum, x.clone()].into()))?;
                }
                sum
            }
            (Library::Length, [Value::List(items)]) => Value::Int(items.len() as i64),
            (Library::Reverse, [Value::List(items)]) => bounded(items.iter().rev().cloned().collect())?,
            (Library::Sorted, [Value::List(items)]) => {
                let mut items = items.to_vec();
                items.sort_by(compare);
                bounded(items)?
            }
            (Library::Find, [Value::Map(map), k]) => {
                let found = map.iter().find(|(known, _)| compare(known, k).is_eq());
                Value::Option(found.map(|(_, v)| Rc::new(v.clone())))
            }
            (Library::Put, [Value::Map(map), k, v]) => {
                let mut map = (**map).clone();
                put(&mut map, k.clone(), v.clone());
                Value::Map(Rc::new(map))
            }
            (Library::WrappingMul, [Value::Int(x), Value::Int(y)]) => Value::Int(x.wrapping_mul(*y)),
            (Library::Compare, [x, y]) => Value::Int(compare(x, y) as i64),
            other => panic!("{other:?}"),
        })
    }

    fn binary(&mut self, operator: Operator, x: &Expr, y: &Expr, scope: &Scope) -> Result<Value> {
        if matches!(operator, Operator::And | Operator::Or) {
            let x = self.bool(x, scope)?;
            return if x == (operator == Operator::Or) { Ok(Value::Bool(x)) } else { self.expr(y, scope) };
        }
        let (x, y) = (self.expr(x, scope)?, self.expr(y, scope)?);
        let number = |n: Option<i64>| n.map(Value::Int).ok_or(Stop::Crash);
        let order = || compare(&x, &y);
        Ok(match (operator, &x, &y) {
            (Operator::Add, Value::Int(x), Value::Int(y)) => number(x.checked_add(*y))?,
            (Operator::Sub, Value::Int(x), Value::Int(y)) => number(x.checked_sub(*y))?,
            (Operator::Mul, Value::Int(x), Value::Int(y)) => number(x.checked_mul(*y))?,
            (Operator::Div, Value::Int(x), Value::Int(y)) => number(x.checked_div(*y))?,
            (Operator::Rem, Value::Int(i64::MIN), Value::Int(-1)) => return Err(Stop::Fuel),
            (Operator::Rem, Value::Int(x), Value::Int(y)) => number(x.checked_rem(*y))?,
            (Operator::Join, Value::Text(x), Value::Text(y)) => bounded_text(format!("{x}{y}"))?,
            (Operator::Append, Value::List(x), Value::List(y)) => {
                bounded(x.iter().chain(y.iter()).cloned().collect())?
            }
            (Operator::Equal, ..) => Value::Bool(order().is_eq()),
            (Operator::Unequal, ..) => Value::Bool(order().is_ne()),
            (Operator::Less, ..) => Value::Bool(order().is_lt()),
            (Operator::LessEqual, ..) => Value::Bool(order().is_le()),
            (Operator::Greater, ..) => Value::Bool(order().is_gt()),
            (Operator::GreaterEqual, ..) => Value::Bool(order().is_ge()),
            other => panic!("{other:?}"),
        })
    }

    fn int(&mut self, expr: &Expr, scope: &Scope) -> Result<i64> {
        match self.expr(expr, scope)? {
            Value::Int(n) => Ok(n),
            other => panic!("{other:?} is no Int"),
        }
    }

    fn bool(&mut self, expr: &Expr, scope: &Scope) -> Result<bool> {
        match self.expr(expr, scope)? {
            Value::Bool(b) => Ok(b),
            other => panic!("{other:?} is no Bool"),
        }
    }

    fn list(&mut self, expr: &Expr, scope: &Scope) -> Result<Rc<[Value]>> {
        match self.expr(expr, scope)? {
            Value::List(items) => Ok(items),
            other => panic!("{other:?} is no list"),
        }
    }
}

/// What a function gives that is left.
fn left(result: Result<Value>) -> Result<Value> {
    match result {
        Err(Stop::Leave(value)) => Ok(value),
        other => other,
    }
}

fn bounded(items: Vec<Value>) -> Result<Value> {
    if items.len() > LENGTH_MAX { Err(Stop::Fuel) } else { Ok(Value::List(items.into())) }
}

fn bounded_text(text: String) -> Result<Value> {
    if text.len() > LENGTH_MAX { Err(Stop::Fuel) } else { Ok(Value::Text(text.into())) }
}

fn bound(scope: &Scope, name: Name, value: Value) -> Scope {
    Some(Rc::new(Link { name, value, outer: scope.clone() }))
}

fn local(scope: &Scope, name: Name) -> Value {
    let mut at = scope;
    while let Some(link) = at {
        if link.name == name {
            return link.value.clone();
        }
        at = &link.outer;
    }
    panic!("local {name} is bound")
}

fn put(map: &mut Vec<(Value, Value)>, key: Value, value: Value) {
    match map.iter_mut().find(|(known, _)| compare(known, &key).is_eq()) {
        Some((_, old)) => *old = value,
        None => map.push((key, value)),
    }
}

/// The order that is derived: by variant, then field by field; lists item by item, the shorter one first.
fn compare(x: &Value, y: &Value) -> Ordering {
    let all = |xs: &[Value], ys: &[Value]| {
        let different = xs.iter().zip(ys).map(|(x, y)| compare(x, y)).find(|order| order.is_ne());
        different.unwrap_or(xs.len().cmp(&ys.len()))
    };
    match (x, y) {
        (Value::Int(x), Value::Int(y)) => x.cmp(y),
        (Value::Bool(x), Value::Bool(y)) => x.cmp(y),
        (Value::Text(x), Value::Text(y)) => x.cmp(y),
        (Value::Tuple(x), Value::Tuple(y)) | (Value::List(x), Value::List(y)) => all(x, y),
        (Value::Option(x), Value::Option(y)) => match (x, y) {
            (Some(x), Some(y)) => compare(x, y),
            // As the library declares them: None, then Some.
            _ => x.is_some().cmp(&y.is_some()),
        },
        (Value::Variant(_, i, x), Value::Variant(_, j, y)) => i.cmp(j).then_with(|| all(x, y)),
        other => panic!("{other:?} have no order"),
    }
}

/// The locals of a pattern, when it takes the value.
fn matched(pattern: &Pattern, value: &Value, scope: &Scope) -> Option<Scope> {
    let all = |patterns: &[Pattern], values: &[Value]| {
        patterns.iter().zip(values).try_fold(scope.clone(), |scope, (p, v)| matched(p, v, &scope))
    };
    let taken = |takes: bool| takes.then(|| scope.clone());
    match (pattern, value) {
        (Pattern::Any, _) => Some(scope.clone()),
        (Pattern::Bind(name), value) => Some(bound(scope, *name, value.clone())),
        (Pattern::Int(n), Value::Int(value)) => taken(n == value),
        (Pattern::Between(from, to), Value::Int(value)) => taken((from..=to).contains(&value)),
        (Pattern::Bool(b), Value::Bool(value)) => taken(b == value),
        (Pattern::Text(text), Value::Text(value)) => taken(**text == **value),
        (Pattern::Prefix(text, rest), Value::Text(value)) => {
            matched(rest, &Value::Text(value.strip_prefix(&**text)?.into()), scope)
        }
        (Pattern::Tuple(parts), Value::Tuple(values)) => all(parts, values),
        (Pattern::List(parts, None), Value::List(values)) if parts.len() == values.len() => {
            all(parts, values)
        }
        (Pattern::List(parts, Some(rest)), Value::List(values)) if parts.len() <= values.len() => {
            let scope = all(parts, values)?;
            matched(rest, &Value::List(values[parts.len()..].into()), &scope)
        }
        (Pattern::Cons(first, rest), Value::List(values)) if !values.is_empty() => {
            let scope = matched(first, &values[0], scope)?;
            matched(rest, &Value::List(values[1..].into()), &scope)
        }
        (Pattern::Option(None), Value::Option(None)) => Some(scope.clone()),
        (Pattern::Option(Some(inner)), Value::Option(Some(value))) => matched(inner, value, scope),
        (Pattern::Variant(_, variant, parts), Value::Variant(_, is, values)) if variant == is => {
            all(parts, values)
        }
        (Pattern::As(inner, name), value) => matched(inner, value, &bound(scope, *name, value.clone())),
        (Pattern::Or(either), value) => either.iter().find_map(|pattern| matched(pattern, value, scope)),
        _ => None,
    }
}

/// How a value is printed; `inside` of another the text is quoted where the form is Debug.
fn show(value: &Value, debug: bool, unit: u64) -> String {
    let all = |values: &[Value], debug: bool| {
        values.iter().map(|value| show(value, debug, unit)).collect::<Vec<_>>().join(", ")
    };
    match value {
        Value::Int(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Text(text) if debug => format!("\"{text}\""),
        Value::Text(text) => text.to_string(),
        Value::Tuple(items) => format!("({})", all(items, debug)),
        Value::List(items) => format!("[{}]", all(items, debug)),
        Value::Option(None) => "None".to_owned(),
        Value::Option(Some(value)) => format!("Some({})", show(value, debug, unit)),
        Value::Map(map) => {
            let pairs: Vec<String> = map
                .iter()
                .map(|(k, v)| format!("{} => {}", show(k, debug, unit), show(v, debug, unit)))
                .collect();
            format!("%{{{}}}", pairs.join(", "))
        }
        Value::Variant(sum, variant, fields) if fields.is_empty() => {
            super::text::variant(unit, *sum, *variant)
        }
        Value::Variant(sum, variant, fields) => {
            format!("{}({})", super::text::variant(unit, *sum, *variant), all(fields, true))
        }
        Value::Closure(..) => "fn/1".to_owned(),
    }
}
