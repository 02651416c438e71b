//! Statements and expressions.

use super::items::{guard_of, params_of};
use super::literals::{BoolLiteral, BytesLiteral, FloatLiteral, IntLiteral, StringLiteral, TagLiteral};
use super::{Ast, Function, Name, Node, Param, Path, Pattern, Type, ast_enum, ast_nodes};
use crate::kind::SyntaxKind;
use crate::literal;
use snow_text::{Span, Symbol};

ast_enum! {
    /// What a block consists of.
    Statement {
        Let(Let),
        /// A local function; its clauses are separate statements.
        Function(Function),
        Expr(ExprStatement),
    }
}

ast_enum! {
    /// An expression.
    Expr {
        Name(NameExpr),
        Path(PathExpr),
        Int(IntLiteral),
        Float(FloatLiteral),
        Bool(BoolLiteral),
        String(StringLiteral),
        Bytes(BytesLiteral),
        Tag(TagLiteral),
        Unit(UnitExpr),
        Paren(Paren),
        Tuple(Tuple),
        Tagged(Tagged),
        List(List),
        Set(Set),
        Map(Map),
        Update(Update),
        Struct(StructLiteral),
        Call(Call),
        Field(Field),
        Index(Index),
        Try(Try),
        Prefix(Prefix),
        Binary(Binary),
        If(If),
        Case(Case),
        Receive(Receive),
        While(While),
        For(For),
        Do(Do),
        Closure(Closure),
        Return(Return),
        Break(Break),
        Continue(Continue),
        Assert(Assert),
        AssertMatches(AssertMatches),
        AssertReceive(AssertReceive),
        Placeholder(Placeholder),
        /// Could not be read; a problem has been reported.
        Error(ErrorExpr),
    }
}

ast_nodes! {
    /// Statements, without the `do` and `end` around them.
    Block = Block;
    /// `let PATTERN [:: Type] = e [else do … end]`
    Let = LetStatement;
    /// The `else do … end` of a `let`.
    LetElse = LetElse;
    /// `x`, `self`; a name that begins with a small letter
    NameExpr = NameExpr;
    /// `Some`, `Net.TcpServer`: capitalised names joined by dots. `List.map` is a [`Field`] of one.
    PathExpr = PathExpr;
    /// `()`
    UnitExpr = UnitExpr;
    /// `(e)`
    Paren = ParenExpr;
    /// `(a, b)` or `{a, b}`
    Tuple = TupleExpr;
    /// `{:tag, a, b}`
    Tagged = TaggedExpr;
    /// `[a, b, ..rest]`
    List = ListExpr;
    /// `..rest`
    Rest = Rest;
    /// `#{a, b}`
    Set = SetExpr;
    /// `%{k => v}`
    Map = MapExpr;
    /// `k => v`
    MapEntry = MapEntry;
    /// `%{m | k => v}` of a map, `%{p | x: 2}` of a struct
    Update = UpdateExpr;
    /// `Point { x: 1, y }`
    StructLiteral = StructExpr;
    /// `x: 1` or `x`
    FieldValue = FieldValue;
    /// `f(a, name: b)`
    Call = CallExpr;
    /// The arguments of a call.
    ArgList = ArgList;
    /// `e` or `name: e`
    Arg = Arg;
    /// `e.name`
    Field = FieldExpr;
    /// `e[i]`
    Index = IndexExpr;
    /// `e?`
    Try = TryExpr;
    /// `-e`, `not e`
    Prefix = PrefixExpr;
    /// `a + b`, pipes and ranges included
    Binary = BinaryExpr;
    /// `if c do … else if d do … else … end`
    If = IfExpr;
    /// `else if d do …`
    ElseIf = ElseIf;
    /// `else …`
    Else = Else;
    /// `case e do … end`
    Case = CaseExpr;
    /// `PATTERN [when guard] -> body`
    MatchArm = MatchArm;
    /// `receive do … [after ms -> …] end`
    Receive = ReceiveExpr;
    /// `after ms -> body`
    After = After;
    /// `while c do … end`
    While = WhileExpr;
    /// `for p in e, q in f when c do … end`
    For = ForExpr;
    /// `p in e [when c]`
    Generator = Generator;
    /// `do … end`
    Do = DoExpr;
    /// `fn x -> e end` in all its forms
    Closure = ClosureExpr;
    /// `x when c -> e`: one clause of a closure
    ClosureClause = ClosureClause;
    /// `return [e]`
    Return = ReturnExpr;
    /// `break`
    Break = BreakExpr;
    /// `continue`
    Continue = ContinueExpr;
    /// `assert cond [, text]`
    Assert = AssertExpr;
    /// `assert_matches PATTERN, e`
    AssertMatches = AssertMatchesExpr;
    /// `assert_receive PATTERN [after ms]`, `refute_receive PATTERN [after ms]`
    AssertReceive = AssertReceiveExpr;
    /// `_` as an argument: partial application
    Placeholder = PlaceholderExpr;
    /// No expression, or a broken one
    ErrorExpr = ErrorExpr;
}

/// An expression that stands as a statement.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ExprStatement(Node, Expr);

impl Ast for ExprStatement {
    fn can_cast(kind: SyntaxKind) -> bool {
        Expr::can_cast(kind)
    }

    fn cast(node: Node) -> Option<ExprStatement> {
        let expr = Expr::cast(node.clone())?;
        Some(ExprStatement(node, expr))
    }

    fn node(&self) -> &Node {
        &self.0
    }
}

impl ExprStatement {
    /// The expression.
    pub fn expr(&self) -> &Expr {
        &self.1
    }
}

impl Block {
    /// The statements in order; the last one's value is the block's.
    pub fn statements(&self) -> Vec<Statement> {
        self.0.children().collect()
    }
}

impl Let {
    /// What is bound.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The type behind `::`.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The block behind `else do`.
    pub fn else_block(&self) -> Option<Block> {
        self.0.child::<LetElse>()?.0.child()
    }
}

impl NameExpr {
    /// The name.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }
}

impl PathExpr {
    /// The names.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }
}

impl Paren {
    /// What is between the parentheses.
    pub fn inner(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Tuple {
    /// Its parts, at least two.
    pub fn parts(&self) -> Vec<Expr> {
        self.0.children().collect()
    }
}

impl Tagged {
    /// The tag, without its colon and quotes.
    pub fn tag(&self) -> Option<Name> {
        let token = self.0.token(SyntaxKind::Tag)?;
        let symbol = Symbol::new(&literal::decode_tag(token.text()));
        Some(Name { symbol, ..self.0.word(&token) })
    }

    /// The values behind it.
    pub fn payload(&self) -> Vec<Expr> {
        self.0.children().collect()
    }
}

impl List {
    /// The elements in front of `..rest`.
    pub fn items(&self) -> Vec<Expr> {
        self.0.children().collect()
    }

    /// The list behind `..`.
    pub fn rest(&self) -> Option<Expr> {
        self.0.child::<Rest>()?.0.child()
    }
}

impl Set {
    /// The elements.
    pub fn items(&self) -> Vec<Expr> {
        self.0.children().collect()
    }
}

impl Map {
    /// The entries.
    pub fn entries(&self) -> Vec<MapEntry> {
        self.0.children().collect()
    }
}

impl MapEntry {
    /// The key.
    pub fn key(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        self.0.nth(1)
    }
}

impl Update {
    /// What is updated.
    pub fn base(&self) -> Option<Expr> {
        self.0.child()
    }

    /// `k => v` entries: the base is a map.
    pub fn entries(&self) -> Vec<MapEntry> {
        self.0.children().collect()
    }

    /// `x: v` entries: the base is a struct.
    pub fn fields(&self) -> Vec<FieldValue> {
        self.0.children().collect()
    }
}

impl StructLiteral {
    /// The struct or variant.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }

    /// The fields.
    pub fn fields(&self) -> Vec<FieldValue> {
        self.0.children().collect()
    }
}

impl FieldValue {
    /// The name of the field.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }

    /// The value; `None` for `y` alone, which means `y: y`.
    pub fn value(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Call {
    /// What is called.
    pub fn callee(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The arguments as written, named ones included.
    pub fn args(&self) -> Vec<Arg> {
        self.0.child::<ArgList>().map_or_else(Vec::new, |list| list.0.children().collect())
    }
}

impl Arg {
    /// The name in `name: e`.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }

    /// The value; [`Expr::Placeholder`] for `_`.
    pub fn value(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Field {
    /// What is in front of the dot.
    pub fn base(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The word behind it.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }
}

impl Index {
    /// What is indexed.
    pub fn base(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The index.
    pub fn index(&self) -> Option<Expr> {
        self.0.nth(1)
    }
}

impl Try {
    /// The Result or Option.
    pub fn inner(&self) -> Option<Expr> {
        self.0.child()
    }
}

/// The operators in front of an expression.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PrefixOperator {
    /// `-`
    Negate,
    /// `not`
    Not,
}

impl Prefix {
    /// The operator.
    pub fn operator(&self) -> PrefixOperator {
        if self.0.has(SyntaxKind::Minus) { PrefixOperator::Negate } else { PrefixOperator::Not }
    }

    /// What it is applied to.
    pub fn operand(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The value of `-5` as a whole, when the operand is an Int literal.
    pub fn negated_int(&self) -> Option<Result<i64, super::OutOfRange>> {
        match self.operand() {
            Some(Expr::Int(literal)) if self.operator() == PrefixOperator::Negate => Some(literal.value()),
            _ => None,
        }
    }
}

/// The operators between two expressions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOperator {
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `<>`, of strings and bytes
    Join,
    /// `++`, of lists
    Concat,
    /// `::`
    Cons,
    /// `..`
    Range,
    /// `..=`
    RangeInclusive,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `and`
    And,
    /// `or`
    Or,
    /// `|>`
    Pipe,
}

impl BinaryOperator {
    /// The operator a token stands for; `&&` and `||`, which are reported, stand for `and` and `or`.
    pub fn of(kind: SyntaxKind) -> Option<BinaryOperator> {
        Some(match kind {
            SyntaxKind::Star => BinaryOperator::Multiply,
            SyntaxKind::Slash => BinaryOperator::Divide,
            SyntaxKind::Percent => BinaryOperator::Remainder,
            SyntaxKind::Plus => BinaryOperator::Add,
            SyntaxKind::Minus => BinaryOperator::Subtract,
            SyntaxKind::Diamond => BinaryOperator::Join,
            SyntaxKind::PlusPlus => BinaryOperator::Concat,
            SyntaxKind::ColonColon => BinaryOperator::Cons,
            SyntaxKind::DotDot => BinaryOperator::Range,
            SyntaxKind::DotDotEqual => BinaryOperator::RangeInclusive,
            SyntaxKind::Less => BinaryOperator::Less,
            SyntaxKind::LessEqual => BinaryOperator::LessEqual,
            SyntaxKind::Greater => BinaryOperator::Greater,
            SyntaxKind::GreaterEqual => BinaryOperator::GreaterEqual,
            SyntaxKind::EqualEqual => BinaryOperator::Equal,
            SyntaxKind::BangEqual => BinaryOperator::NotEqual,
            SyntaxKind::AndKeyword | SyntaxKind::AndAnd => BinaryOperator::And,
            SyntaxKind::OrKeyword | SyntaxKind::OrOr => BinaryOperator::Or,
            SyntaxKind::PipeGreater => BinaryOperator::Pipe,
            _ => return None,
        })
    }

    /// How tightly it binds, by the table of the language: 12 for `*` down to 3 for `|>`.
    pub fn precedence(self) -> u8 {
        match self {
            BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Remainder => 12,
            BinaryOperator::Add | BinaryOperator::Subtract => 11,
            BinaryOperator::Join | BinaryOperator::Concat => 10,
            BinaryOperator::Cons => 9,
            BinaryOperator::Range | BinaryOperator::RangeInclusive => 8,
            BinaryOperator::Less
            | BinaryOperator::LessEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterEqual => 7,
            BinaryOperator::Equal | BinaryOperator::NotEqual => 6,
            BinaryOperator::And => 5,
            BinaryOperator::Or => 4,
            BinaryOperator::Pipe => 3,
        }
    }
}

impl Binary {
    /// The operator, with its place.
    pub fn operator(&self) -> Option<(BinaryOperator, Span)> {
        self.0.tokens().find_map(|token| {
            let mistaken = (token.kind() == SyntaxKind::Equal).then_some(BinaryOperator::Equal);
            let operator = BinaryOperator::of(token.kind()).or(mistaken);
            operator.map(|operator| (operator, self.0.word(&token).span))
        })
    }

    /// The left side.
    pub fn left(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The right side.
    pub fn right(&self) -> Option<Expr> {
        self.0.nth(1)
    }
}

impl If {
    /// The conditions and blocks of `if` and every `else if`, in order.
    pub fn branches(&self) -> Vec<(Option<Expr>, Option<Block>)> {
        let first = (self.0.child(), self.0.child());
        let others = self.0.children::<ElseIf>().map(|branch| (branch.0.child(), branch.0.child()));
        std::iter::once(first).chain(others).collect()
    }

    /// The block of `else`.
    pub fn else_block(&self) -> Option<Block> {
        self.0.child::<Else>()?.0.child()
    }
}

impl Case {
    /// What is matched.
    pub fn subject(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The arms.
    pub fn arms(&self) -> Vec<MatchArm> {
        self.0.children().collect()
    }
}

impl MatchArm {
    /// The pattern.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The condition behind `when`.
    pub fn guard(&self) -> Option<Expr> {
        guard_of(&self.0)
    }

    /// The body; a single expression is a block of one statement.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }
}

impl Receive {
    /// The arms.
    pub fn arms(&self) -> Vec<MatchArm> {
        self.0.children().collect()
    }

    /// The `after` part.
    pub fn after(&self) -> Option<After> {
        self.0.child()
    }
}

impl After {
    /// How long to wait.
    pub fn timeout(&self) -> Option<Expr> {
        self.0.child()
    }

    /// What to do then.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }
}

impl While {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The body.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }
}

impl For {
    /// The generators, outermost first.
    pub fn generators(&self) -> Vec<Generator> {
        self.0.children().collect()
    }

    /// The body.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }
}

impl Generator {
    /// What each element is bound to.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// What is gone through.
    pub fn iterable(&self) -> Option<Expr> {
        self.0.child()
    }

    /// The condition behind `when`: elements without it are left out.
    pub fn condition(&self) -> Option<Expr> {
        guard_of(&self.0)
    }
}

impl Do {
    /// The statements.
    pub fn block(&self) -> Option<Block> {
        self.0.child()
    }
}

impl Closure {
    /// The clauses; one, for most closures.
    pub fn clauses(&self) -> Vec<ClosureClause> {
        self.0.children().collect()
    }
}

impl ClosureClause {
    /// The parameters; none for `fn -> e end`.
    pub fn params(&self) -> Vec<Param> {
        params_of(&self.0)
    }

    /// The condition behind `when`.
    pub fn guard(&self) -> Option<Expr> {
        guard_of(&self.0)
    }

    /// The body; a single expression is a block of one statement.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }
}

impl Return {
    /// The value; `()` without one.
    pub fn value(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Assert {
    /// The condition. `assert(c, text)` with parentheses is the same as `assert c, text`.
    pub fn condition(&self) -> Option<Expr> {
        self.parts().into_iter().next()
    }

    /// The text to crash with.
    pub fn text(&self) -> Option<Expr> {
        self.parts().into_iter().nth(1)
    }

    fn parts(&self) -> Vec<Expr> {
        let mut parts: Vec<Expr> = self.0.children().collect();
        if let [Expr::Tuple(tuple)] = parts.as_slice()
            && tuple.0.has(SyntaxKind::LeftParen)
        {
            parts = tuple.parts();
        }
        parts
    }
}

impl AssertMatches {
    /// The pattern, whose names are bound from here on.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl AssertReceive {
    /// Whether the message must *not* come: `refute_receive`.
    pub fn is_refute(&self) -> bool {
        self.0.tokens().any(|token| token.text() == "refute_receive")
    }

    /// The pattern, whose names are bound from here on.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The milliseconds behind `after`.
    pub fn timeout(&self) -> Option<Expr> {
        self.0.child()
    }
}
