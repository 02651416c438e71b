//! Every kind of token and of tree node, in one list.
// tidy: table

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a token or a node of the tree is.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u16)]
        pub enum SyntaxKind {
            $($(#[$doc])* $name,)*
        }

        const KINDS: &[SyntaxKind] = &[$(SyntaxKind::$name,)*];
    };
}

kinds! {
    // Tokens that mean nothing to the grammar, but for line breaks and documentation.
    /// Spaces and tabs.
    Whitespace,
    /// One line break, `\n` or `\r\n`.
    Newline,
    /// `# text`
    Comment,
    /// `#= text =#`
    BlockComment,
    /// `## text`
    DocComment,
    /// `##! text`
    ModuleDoc,

    // Names and literals.
    /// A name or a word that is not reserved.
    Ident,
    /// `42`, `0xff`
    IntNumber,
    /// `3.14`, `1e-9`
    FloatNumber,
    /// `:name` or `:"any text"`
    Tag,
    /// `b"…"`, whole
    Bytes,
    /// `"` or `"""` that opens a string
    StringStart,
    /// A stretch of a string without escapes
    StringText,
    /// One escape of a string, `\n`
    StringEscape,
    /// `${`
    InterpolationStart,
    /// The `}` that ends `${`
    InterpolationEnd,
    /// `"` or `"""` that closes a string
    StringEnd,
    /// Characters that belong to no token
    Unknown,

    // Reserved words.
    ActorKeyword,
    AndKeyword,
    AsKeyword,
    BreakKeyword,
    CaseKeyword,
    ContinueKeyword,
    DoKeyword,
    ElseKeyword,
    EndKeyword,
    FalseKeyword,
    FnKeyword,
    ForKeyword,
    IfKeyword,
    ImplKeyword,
    ImportKeyword,
    InKeyword,
    InterfaceKeyword,
    LetKeyword,
    NotKeyword,
    OrKeyword,
    PubKeyword,
    ReceiveKeyword,
    ReturnKeyword,
    ServiceKeyword,
    StructKeyword,
    SupervisorKeyword,
    TrueKeyword,
    TypeKeyword,
    WhenKeyword,
    WhereKeyword,
    WhileKeyword,

    // Punctuation.
    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    /// `%{`
    PercentBrace,
    /// `#{`
    HashBrace,
    Comma,
    Semicolon,
    Colon,
    /// `::`
    ColonColon,
    Dot,
    /// `..`
    DotDot,
    /// `..=`
    DotDotEqual,
    /// `->`
    Arrow,
    /// `=>`
    FatArrow,
    Equal,
    EqualEqual,
    BangEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    PlusPlus,
    Minus,
    Star,
    Slash,
    Percent,
    /// `<>`
    Diamond,
    /// `|`
    Pipe,
    /// `|>`
    PipeGreater,
    Question,
    Caret,
    Bang,
    /// `&&`, which is not Snow
    AndAnd,
    /// `||`, which is not Snow
    OrOr,
    /// After the last token
    EndOfFile,

    // Nodes: items.
    Root,
    Import,
    FromImport,
    ImportedName,
    Function,
    Struct,
    StructField,
    SumType,
    Variant,
    VariantField,
    TypeAlias,
    Interface,
    Impl,
    AssociatedType,
    Actor,
    Terminate,
    Service,
    CallHandler,
    CastHandler,
    ReceiveHandler,
    StateParam,
    Supervisor,
    Setting,
    Child,
    Constant,
    Test,
    Deriving,

    // Nodes: parts of items.
    Name,
    Path,
    GenericParams,
    GenericParam,
    ParamList,
    Param,
    ReturnType,
    WhereClause,
    WherePredicate,
    Guard,
    Block,

    // Nodes: statements and expressions.
    LetStatement,
    LetElse,
    NameExpr,
    PathExpr,
    IntExpr,
    FloatExpr,
    BoolExpr,
    StringExpr,
    Interpolation,
    BytesExpr,
    TagExpr,
    UnitExpr,
    ParenExpr,
    TupleExpr,
    TaggedExpr,
    ListExpr,
    Rest,
    SetExpr,
    MapExpr,
    MapEntry,
    UpdateExpr,
    StructExpr,
    FieldValue,
    CallExpr,
    ArgList,
    Arg,
    FieldExpr,
    IndexExpr,
    TryExpr,
    PrefixExpr,
    BinaryExpr,
    IfExpr,
    ElseIf,
    Else,
    CaseExpr,
    MatchArm,
    ReceiveExpr,
    After,
    WhileExpr,
    ForExpr,
    Generator,
    DoExpr,
    ClosureExpr,
    ClosureClause,
    ReturnExpr,
    BreakExpr,
    ContinueExpr,
    AssertExpr,
    AssertMatchesExpr,
    AssertReceiveExpr,
    PlaceholderExpr,
    ErrorExpr,

    // Nodes: patterns.
    WildcardPattern,
    NamePattern,
    LiteralPattern,
    PinPattern,
    UnitPattern,
    ParenPattern,
    TypedPattern,
    TuplePattern,
    TagPattern,
    TaggedPattern,
    PathPattern,
    VariantPattern,
    RecordPattern,
    FieldPattern,
    OpenFields,
    ListPattern,
    RestPattern,
    ConsPattern,
    MapPattern,
    MapPatternEntry,
    ConcatPattern,
    RangePattern,
    OrPattern,
    AsPattern,
    ErrorPattern,

    // Nodes: types.
    PathType,
    TypeArgs,
    UnitType,
    ParenType,
    TupleType,
    FunctionType,
    OptionType,
    ResultType,
    TagsType,
    TagCase,
    OpenTags,
    ErrorType,

    /// What the grammar has no place for
    Error,
}

impl SyntaxKind {
    /// Whether the grammar skips it: white space, line breaks and comments.
    pub fn is_trivia(self) -> bool {
        self <= SyntaxKind::ModuleDoc
    }

    /// Whether it is a reserved word.
    pub fn is_keyword(self) -> bool {
        (SyntaxKind::ActorKeyword..=SyntaxKind::WhileKeyword).contains(&self)
    }

    /// Whether it is a name or a reserved word.
    pub fn is_word(self) -> bool {
        self == SyntaxKind::Ident || self.is_keyword()
    }

    /// Whether it is a token rather than a node.
    pub fn is_token(self) -> bool {
        self <= SyntaxKind::EndOfFile
    }

    /// The reserved word of this spelling.
    pub fn keyword(text: &str) -> Option<SyntaxKind> {
        KEYWORDS.iter().find(|(word, _)| *word == text).map(|(_, kind)| *kind)
    }

    /// All reserved words, in order.
    pub fn keywords() -> impl Iterator<Item = &'static str> {
        KEYWORDS.iter().map(|(word, _)| *word)
    }

    /// How a reserved word or punctuation is written; empty for everything else.
    pub fn text(self) -> &'static str {
        let of = |table: &'static [(&'static str, SyntaxKind)]| {
            table.iter().find(|(_, kind)| *kind == self).map(|(text, _)| *text)
        };
        of(KEYWORDS).or_else(|| of(PUNCTUATION)).unwrap_or("")
    }

    /// The kind a raw number of the tree stands for.
    pub(crate) fn from_raw(raw: u16) -> SyntaxKind {
        KINDS[usize::from(raw)]
    }
}

/// The reserved words. Words that mean something inside one construct only are plain names.
pub(crate) const KEYWORDS: &[(&str, SyntaxKind)] = &[
    ("actor", SyntaxKind::ActorKeyword),
    ("and", SyntaxKind::AndKeyword),
    ("as", SyntaxKind::AsKeyword),
    ("break", SyntaxKind::BreakKeyword),
    ("case", SyntaxKind::CaseKeyword),
    ("continue", SyntaxKind::ContinueKeyword),
    ("do", SyntaxKind::DoKeyword),
    ("else", SyntaxKind::ElseKeyword),
    ("end", SyntaxKind::EndKeyword),
    ("false", SyntaxKind::FalseKeyword),
    ("fn", SyntaxKind::FnKeyword),
    ("for", SyntaxKind::ForKeyword),
    ("if", SyntaxKind::IfKeyword),
    ("impl", SyntaxKind::ImplKeyword),
    ("import", SyntaxKind::ImportKeyword),
    ("in", SyntaxKind::InKeyword),
    ("interface", SyntaxKind::InterfaceKeyword),
    ("let", SyntaxKind::LetKeyword),
    ("not", SyntaxKind::NotKeyword),
    ("or", SyntaxKind::OrKeyword),
    ("pub", SyntaxKind::PubKeyword),
    ("receive", SyntaxKind::ReceiveKeyword),
    ("return", SyntaxKind::ReturnKeyword),
    ("service", SyntaxKind::ServiceKeyword),
    ("struct", SyntaxKind::StructKeyword),
    ("supervisor", SyntaxKind::SupervisorKeyword),
    ("true", SyntaxKind::TrueKeyword),
    ("type", SyntaxKind::TypeKeyword),
    ("when", SyntaxKind::WhenKeyword),
    ("where", SyntaxKind::WhereKeyword),
    ("while", SyntaxKind::WhileKeyword),
];

/// Punctuation, longest spellings first.
pub(crate) const PUNCTUATION: &[(&str, SyntaxKind)] = &[
    ("..=", SyntaxKind::DotDotEqual),
    ("..", SyntaxKind::DotDot),
    ("::", SyntaxKind::ColonColon),
    ("->", SyntaxKind::Arrow),
    ("=>", SyntaxKind::FatArrow),
    ("==", SyntaxKind::EqualEqual),
    ("!=", SyntaxKind::BangEqual),
    ("<=", SyntaxKind::LessEqual),
    (">=", SyntaxKind::GreaterEqual),
    ("<>", SyntaxKind::Diamond),
    ("++", SyntaxKind::PlusPlus),
    ("|>", SyntaxKind::PipeGreater),
    ("||", SyntaxKind::OrOr),
    ("&&", SyntaxKind::AndAnd),
    ("%{", SyntaxKind::PercentBrace),
    ("#{", SyntaxKind::HashBrace),
    ("(", SyntaxKind::LeftParen),
    (")", SyntaxKind::RightParen),
    ("[", SyntaxKind::LeftBracket),
    ("]", SyntaxKind::RightBracket),
    ("{", SyntaxKind::LeftBrace),
    ("}", SyntaxKind::RightBrace),
    (",", SyntaxKind::Comma),
    (";", SyntaxKind::Semicolon),
    (":", SyntaxKind::Colon),
    (".", SyntaxKind::Dot),
    ("=", SyntaxKind::Equal),
    ("<", SyntaxKind::Less),
    (">", SyntaxKind::Greater),
    ("+", SyntaxKind::Plus),
    ("-", SyntaxKind::Minus),
    ("*", SyntaxKind::Star),
    ("/", SyntaxKind::Slash),
    ("%", SyntaxKind::Percent),
    ("|", SyntaxKind::Pipe),
    ("?", SyntaxKind::Question),
    ("^", SyntaxKind::Caret),
    ("!", SyntaxKind::Bang),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_numbers_come_back() {
        for kind in KINDS {
            assert_eq!(SyntaxKind::from_raw(*kind as u16), *kind);
        }
    }
}
