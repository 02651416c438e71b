//! A unit as source text, with as few brackets as the precedence of operators asks for.

use super::{Expr, Function, Library, Operator, Pattern, Type, Unit};

/// A whole program: every unit in a process of its own, which sends what it has computed; main prints it or `crash`.
pub fn program(units: &[Unit]) -> String {
    let texts: String = units.iter().map(unit).collect();
    let calls: String = units.iter().map(|unit| format!("  run{}()\n", unit.number)).collect();
    format!("{texts}fn say(n :: Int) -> Int do\n  println(n)\n  n\nend\n\nfn main() do\n{calls}end\n")
}

fn unit(unit: &Unit) -> String {
    let writer = Writer { unit };
    let number = unit.number;
    let mut text = String::new();
    for (index, sum) in unit.sums.iter().enumerate() {
        text += &format!("type {} do\n", writer.sum(index));
        for (number, fields) in sum.variants.iter().enumerate() {
            let types: Vec<String> = fields.iter().map(|ty| writer.ty(ty)).collect();
            let name = variant(unit.number, index, number);
            text += &if types.is_empty() {
                format!("  {name}\n")
            } else {
                format!("  {name}({})\n", types.join(", "))
            };
        }
        text += "end\n\n";
    }
    for (index, function) in unit.functions.iter().enumerate() {
        text += &writer.function(index, function);
    }
    let (result, main) = (writer.ty(&unit.result), writer.expr(&unit.main));
    text += &format!("fn main{number}() -> {result} = {main}\n\n");
    text += &format!("actor unit{number}(to) do\n  send(to, {{:unit{number}, main{number}()}})\nend\n\n");
    text += &format!("fn run{number}() do\n  let ref = Process.monitor(spawn(unit{number}, self()))\n");
    text += "  receive do\n";
    text += &format!("    {{:unit{number}, value}} -> println(\"= ${{value}}\")\n");
    text += "    {:down, ^ref, _, _} -> println(\"crash\")\n  end\nend\n\n";
    text
}

/// The name of a variant.
pub fn variant(unit: u64, sum: usize, variant: usize) -> String {
    format!("V{unit}x{sum}x{variant}")
}

struct Writer<'a> {
    unit: &'a Unit,
}

/// How tight an expression binds.
type Tightness = u8;
const LOOSEST: Tightness = 0;
const PIPE: Tightness = 3;
const CONS: Tightness = 9;
const UNARY: Tightness = 13;
const TIGHTEST: Tightness = 14;

impl Writer<'_> {
    fn sum(&self, index: usize) -> String {
        format!("S{}x{index}", self.unit.number)
    }

    fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Int => "Int".to_owned(),
            Type::Bool => "Bool".to_owned(),
            Type::Text => "String".to_owned(),
            Type::Tuple(items) => {
                format!("({})", items.iter().map(|ty| self.ty(ty)).collect::<Vec<_>>().join(", "))
            }
            Type::List(item) => format!("List<{}>", self.ty(item)),
            Type::Option(item) => format!("Option<{}>", self.ty(item)),
            Type::Map(item) => format!("Map<Int, {}>", self.ty(item)),
            Type::Sum(index) => self.sum(*index),
            Type::Function(from, to) => format!("Fun({}) -> {}", self.ty(from), self.ty(to)),
        }
    }

    fn function(&self, index: usize, function: &Function) -> String {
        let param = |(name, ty): &(usize, Type)| {
            if function.is_annotated { format!("v{name} :: {}", self.ty(ty)) } else { format!("v{name}") }
        };
        let params: Vec<String> = function.params.iter().map(param).collect();
        let result =
            if function.is_annotated { format!(" -> {}", self.ty(&function.result)) } else { String::new() };
        let body = self.expr(&function.body);
        format!("fn f{}x{index}({}){result} do\n  {body}\nend\n\n", self.unit.number, params.join(", "))
    }

    fn expr(&self, expr: &Expr) -> String {
        self.at(expr, LOOSEST)
    }

    /// An expression where at least so tight a one is wanted.
    fn at(&self, expr: &Expr, wanted: Tightness) -> String {
        let (text, tightness) = self.form(expr);
        if tightness < wanted { format!("({text})") } else { text }
    }

    fn list(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    fn form(&self, expr: &Expr) -> (String, Tightness) {
        match expr {
            Expr::Int(n) if *n < 0 => (n.to_string(), UNARY),
            Expr::Int(n) => (n.to_string(), TIGHTEST),
            Expr::Bool(b) => (b.to_string(), TIGHTEST),
            Expr::Text(text) => (format!("\"{text}\""), TIGHTEST),
            Expr::Local(name) => (format!("v{name}"), TIGHTEST),
            Expr::Minus(x) => (format!("-{}", self.at(x, TIGHTEST)), UNARY),
            Expr::Not(x) => (format!("not {}", self.at(x, TIGHTEST)), UNARY),
            Expr::Binary(operator, x, y) => self.binary(*operator, x, y),
            Expr::Cons(x, y) => (format!("{} :: {}", self.at(x, CONS + 1), self.at(y, CONS)), CONS),
            Expr::Tuple(items) => (format!("({})", self.list(items)), TIGHTEST),
            Expr::List(items, None) => (format!("[{}]", self.list(items)), TIGHTEST),
            Expr::List(items, Some(rest)) if items.is_empty() => self.form(rest),
            Expr::List(items, Some(rest)) => {
                (format!("[{}, ..{}]", self.list(items), self.at(rest, TIGHTEST)), TIGHTEST)
            }
            Expr::Option(None) => ("None".to_owned(), TIGHTEST),
            Expr::Option(Some(x)) => (format!("Some({})", self.expr(x)), TIGHTEST),
            Expr::Variant(sum, number, fields) => {
                let name = variant(self.unit.number, *sum, *number);
                let text = if fields.is_empty() { name } else { format!("{name}({})", self.list(fields)) };
                (text, TIGHTEST)
            }
            Expr::Map(pairs) => {
                let pair = |(k, v): &(Expr, Expr)| format!("{} => {}", self.expr(k), self.expr(v));
                (format!("%{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", ")), TIGHTEST)
            }
            Expr::Apply(f, x) => (format!("{}({})", self.at(f, TIGHTEST), self.expr(x)), TIGHTEST),
            Expr::Call(index, args) => {
                (format!("f{}x{index}({})", self.unit.number, self.list(args)), TIGHTEST)
            }
            Expr::Say(x) => (format!("say({})", self.expr(x)), TIGHTEST),
            Expr::Show(x) => (format!("\"${{{}}}\"", self.expr(x)), TIGHTEST),
            Expr::Try(x) => (format!("{}?", self.at(x, TIGHTEST)), TIGHTEST),
            Expr::Library(function, args) => self.library(*function, args),
            other => (self.block(other), LOOSEST),
        }
    }

    /// Forms that end in `end`, and `return`.
    fn block(&self, expr: &Expr) -> String {
        match expr {
            Expr::Typed(ty, x) => {
                format!("do let typed :: {} = {}; typed end", self.ty(ty), self.expr(x))
            }
            Expr::If(c, x, y) => {
                let otherwise = self.expr(y);
                // `else if` goes on with the chain, which has one `end`.
                let otherwise =
                    if otherwise.starts_with("if ") { format!("({otherwise})") } else { otherwise };
                format!("if {} do {} else {otherwise} end", self.expr(c), self.expr(x))
            }
            Expr::Case(subject, arms) => {
                let mut text = format!("case {} do\n", self.expr(subject));
                for arm in arms {
                    let guard = arm.guard.as_ref().map(|guard| format!(" when {}", self.expr(guard)));
                    let (pattern, body) = (self.pattern(&arm.pattern), self.expr(&arm.body));
                    text += &format!("  {pattern}{} -> {body}\n", guard.unwrap_or_default());
                }
                text + "end"
            }
            Expr::Let(pattern, value, rest) => {
                format!("do let {} = {}; {} end", self.pattern(pattern), self.expr(value), self.expr(rest))
            }
            Expr::Closure(name, ty, body) => {
                format!("fn(v{name} :: {}) -> {} end", self.ty(ty), self.expr(body))
            }
            Expr::For(pattern, list, guard, body) => {
                let guard = guard.as_ref().map(|guard| format!(" when {}", self.expr(guard)));
                let (pattern, list) = (self.pattern(pattern), self.expr(list));
                format!("for {pattern} in {list}{} do {} end", guard.unwrap_or_default(), self.expr(body))
            }
            Expr::Range(name, from, to, body) => {
                let (from, to) = (self.at(from, CONS), self.at(to, CONS));
                format!("for v{name} in {from}..{to} do {} end", self.expr(body))
            }
            Expr::Return(x) => format!("return {}", self.at(x, PIPE)),
            other => unreachable!("{other:?} is no block"),
        }
    }

    fn binary(&self, operator: Operator, x: &Expr, y: &Expr) -> (String, Tightness) {
        let (sign, tightness) = match operator {
            Operator::Mul => ("*", 12),
            Operator::Div => ("/", 12),
            Operator::Rem => ("%", 12),
            Operator::Add => ("+", 11),
            Operator::Sub => ("-", 11),
            Operator::Join => ("<>", 10),
            Operator::Append => ("++", 10),
            Operator::Less => ("<", 7),
            Operator::LessEqual => ("<=", 7),
            Operator::Greater => (">", 7),
            Operator::GreaterEqual => (">=", 7),
            Operator::Equal => ("==", 6),
            Operator::Unequal => ("!=", 6),
            Operator::And => ("and", 5),
            Operator::Or => ("or", 4),
        };
        // Comparisons do not chain.
        let left = if matches!(tightness, 6 | 7) { tightness + 1 } else { tightness };
        (format!("{} {sign} {}", self.at(x, left), self.at(y, tightness + 1)), tightness)
    }

    fn library(&self, function: Library, args: &[Expr]) -> (String, Tightness) {
        let call = |name: &str| (format!("{name}({})", self.list(args)), TIGHTEST);
        match function {
            Library::Map => {
                (format!("{} |> List.map({})", self.at(&args[0], PIPE), self.expr(&args[1])), PIPE)
            }
            Library::Filter => {
                (format!("{}.filter({})", self.at(&args[0], TIGHTEST), self.expr(&args[1])), TIGHTEST)
            }
            Library::Reduce => {
                let (list, first) = (self.expr(&args[0]), self.expr(&args[1]));
                let f = self.expr(&args[2]);
                (format!("List.reduce({list}, {first}, fn(sum, x) -> ({f})((sum, x)) end)"), TIGHTEST)
            }
            Library::Length => (format!("{}.length()", self.at(&args[0], TIGHTEST)), TIGHTEST),
            Library::Reverse => call("List.reverse"),
            Library::Sorted => call("List.sorted"),
            Library::Find => call("Map.find"),
            Library::Put => call("Map.put"),
            Library::WrappingMul => call("Int.wrapping_mul"),
            Library::Compare => {
                let order = call("compare").0;
                (format!("case {order} do\n  Less -> -1\n  Equal -> 0\n  Greater -> 1\nend"), LOOSEST)
            }
        }
    }

    fn patterns(&self, patterns: &[Pattern]) -> String {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect::<Vec<_>>().join(", ")
    }

    fn pattern(&self, pattern: &Pattern) -> String {
        match pattern {
            Pattern::Any => "_".to_owned(),
            Pattern::Bind(name) => format!("v{name}"),
            Pattern::Int(n) => n.to_string(),
            Pattern::Between(from, to) => format!("{from}..={to}"),
            Pattern::Bool(b) => b.to_string(),
            Pattern::Text(text) => format!("\"{text}\""),
            Pattern::Prefix(text, rest) => format!("\"{text}\" <> {}", self.pattern(rest)),
            Pattern::Tuple(parts) => format!("{{{}}}", self.patterns(parts)),
            Pattern::List(parts, None) => format!("[{}]", self.patterns(parts)),
            Pattern::List(parts, Some(rest)) if parts.is_empty() => self.pattern(rest),
            Pattern::List(parts, Some(rest)) => {
                format!("[{}, ..{}]", self.patterns(parts), self.pattern(rest))
            }
            Pattern::Cons(first, rest) => {
                let (first, rest) = (self.pattern(first), self.pattern(rest));
                let first = if first.contains(" :: ") { format!("({first})") } else { first };
                format!("{first} :: {rest}")
            }
            Pattern::Option(None) => "None".to_owned(),
            Pattern::Option(Some(inner)) => format!("Some({})", self.pattern(inner)),
            Pattern::Variant(sum, number, parts) => {
                let name = variant(self.unit.number, *sum, *number);
                if parts.is_empty() { name } else { format!("{name}({})", self.patterns(parts)) }
            }
            Pattern::As(inner, name) => format!("({} as v{name})", self.pattern(inner)),
            Pattern::Or(either) => {
                let either: Vec<String> = either.iter().map(|pattern| self.pattern(pattern)).collect();
                format!("({})", either.join(" | "))
            }
        }
    }
}
