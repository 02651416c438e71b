//! Whole programs that nobody wrote: [`generate`] makes them well-typed, [`text`] writes them down, [`evaluate`] says what
//! they print, without the compiler.
//!
//! A unit is a few types and functions and one expression, which `main` evaluates in a process of its own and prints. Functions
//! call only earlier ones, or themselves with a smaller number or the rest of a list, so that everything ends.

pub mod evaluate;
pub mod generate;
pub mod text;

/// A type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// `Int`
    Int,
    /// `Bool`
    Bool,
    /// `String`
    Text,
    /// `(A, B)`
    Tuple(Vec<Type>),
    /// `List<T>`
    List(Box<Type>),
    /// `Option<T>`
    Option(Box<Type>),
    /// `Map<Int, T>`
    Map(Box<Type>),
    /// A sum type of the unit.
    Sum(usize),
    /// `Fun(A) -> B`
    Function(Box<Type>, Box<Type>),
}

/// A sum type: the fields of each variant.
#[derive(Clone, Debug)]
pub struct Sum {
    /// By number.
    pub variants: Vec<Vec<Type>>,
}

/// An operator on two values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `and`
    And,
    /// `or`
    Or,
    /// `<>` of strings
    Join,
    /// `++` of lists
    Append,
}

/// A name: what kind of thing it is has no say in its text.
pub type Name = usize;

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// A text of small letters.
    Text(String),
    /// A local.
    Local(Name),
    /// An expression whose type would not be known without being written down.
    Typed(Type, Box<Expr>),
    /// `-x`
    Minus(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// Two operands.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `if`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `case`
    Case(Box<Expr>, Vec<Arm>),
    /// A block of one `let` and what follows.
    Let(Pattern, Box<Expr>, Box<Expr>),
    /// A tuple.
    Tuple(Vec<Expr>),
    /// `[a, b, ..rest]`
    List(Vec<Expr>, Option<Box<Expr>>),
    /// `a :: b`
    Cons(Box<Expr>, Box<Expr>),
    /// `Some(x)` or `None`
    Option(Option<Box<Expr>>),
    /// A variant of a sum type.
    Variant(usize, usize, Vec<Expr>),
    /// `%{1 => x}`
    Map(Vec<(Expr, Expr)>),
    /// `fn x -> e end`
    Closure(Name, Type, Box<Expr>),
    /// A call of a closure.
    Apply(Box<Expr>, Box<Expr>),
    /// A call of a function of the unit.
    Call(usize, Vec<Expr>),
    /// A call of the library.
    Library(Library, Vec<Expr>),
    /// `for x in list when c do e end`
    For(Pattern, Box<Expr>, Option<Box<Expr>>, Box<Expr>),
    /// `for x in a..b do e end`
    Range(Name, Box<Expr>, Box<Expr>, Box<Expr>),
    /// Prints a number and is it.
    Say(Box<Expr>),
    /// `"${x}"` of any value
    Show(Box<Expr>),
    /// `e?` of an Option
    Try(Box<Expr>),
    /// `return e`
    Return(Box<Expr>),
}

/// What is called of the library.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Library {
    /// `List.map`
    Map,
    /// `List.filter`
    Filter,
    /// `List.reduce` with a closure of a pair
    Reduce,
    /// `List.length`
    Length,
    /// `List.reverse`
    Reverse,
    /// `List.sorted`
    Sorted,
    /// `Map.find`
    Find,
    /// `Map.put`
    Put,
    /// `Int.wrapping_mul`
    WrappingMul,
    /// `compare`, as -1, 0 or 1
    Compare,
}

/// An arm of a `case`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// What it takes.
    pub pattern: Pattern,
    /// `when`
    pub guard: Option<Expr>,
    /// What it gives.
    pub body: Expr,
}

/// A pattern.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// `_`
    Any,
    /// A new local.
    Bind(Name),
    /// A number.
    Int(i64),
    /// `a..=b`
    Between(i64, i64),
    /// `true` or `false`
    Bool(bool),
    /// A text.
    Text(String),
    /// `"ab" <> rest`
    Prefix(String, Box<Pattern>),
    /// A tuple.
    Tuple(Vec<Pattern>),
    /// `[a, b, ..rest]`
    List(Vec<Pattern>, Option<Box<Pattern>>),
    /// `a :: b`
    Cons(Box<Pattern>, Box<Pattern>),
    /// `Some(p)` or `None`
    Option(Option<Box<Pattern>>),
    /// A variant of a sum type.
    Variant(usize, usize, Vec<Pattern>),
    /// `p as name`
    As(Box<Pattern>, Name),
    /// `p | q` without names
    Or(Vec<Pattern>),
}

/// A function: parameters, result, body.
#[derive(Clone, Debug)]
pub struct Function {
    /// Names and types.
    pub params: Vec<(Name, Type)>,
    /// Type of the result.
    pub result: Type,
    /// What it computes.
    pub body: Expr,
    /// Whether its types are written down.
    pub is_annotated: bool,
}

/// Functions and an expression.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The seed it comes from, which stands in its names.
    pub number: u64,
    /// Its sum types.
    pub sums: Vec<Sum>,
    /// Its functions.
    pub functions: Vec<Function>,
    /// Type of its expression.
    pub result: Type,
    /// Its expression.
    pub main: Expr,
}
