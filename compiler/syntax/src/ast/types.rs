//! Types as they are written.

use super::{Name, Path, ast_enum, ast_nodes};
use crate::kind::SyntaxKind;
use crate::literal;
use snow_text::Symbol;

ast_enum! {
    /// A type.
    Type {
        Path(PathType),
        Unit(UnitType),
        Paren(ParenType),
        Tuple(TupleType),
        Function(FunctionType),
        Option(OptionType),
        Result(ResultType),
        Tags(TagsType),
        /// Could not be read; a problem has been reported.
        Error(ErrorType),
    }
}

ast_nodes! {
    /// `Int`, `List<T>`, `Net.Config`, `Self.Item`, `Pid<account>`
    PathType = PathType;
    /// `<A, B>`
    TypeArgs = TypeArgs;
    /// `()`
    UnitType = UnitType;
    /// `(T)`
    ParenType = ParenType;
    /// `(A, B)`
    TupleType = TupleType;
    /// `Fun(A, B) -> C`
    FunctionType = FunctionType;
    /// `T?`
    OptionType = OptionType;
    /// `T!E`
    ResultType = ResultType;
    /// `[:stop | :deposit(Int) ..]`
    TagsType = TagsType;
    /// `:deposit(Int)`
    TagCase = TagCase;
    /// No type, or a broken one.
    ErrorType = ErrorType;
}

impl PathType {
    /// The name, with its qualification.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }

    /// The types between `<` and `>`.
    pub fn args(&self) -> Vec<Type> {
        self.0.child::<TypeArgs>().map_or_else(Vec::new, |args| args.0.children().collect())
    }
}

impl ParenType {
    /// What is between the parentheses.
    pub fn inner(&self) -> Option<Type> {
        self.0.child()
    }
}

impl TupleType {
    /// Its parts, at least two.
    pub fn parts(&self) -> Vec<Type> {
        self.0.children().collect()
    }
}

impl FunctionType {
    /// The types of the parameters.
    pub fn params(&self) -> Vec<Type> {
        let mut all: Vec<Type> = self.0.children().collect();
        all.pop();
        all
    }

    /// The type of the result.
    pub fn result(&self) -> Option<Type> {
        self.0.children().last()
    }
}

impl OptionType {
    /// What may be there.
    pub fn inner(&self) -> Option<Type> {
        self.0.child()
    }
}

impl ResultType {
    /// The type of `Ok`.
    pub fn ok(&self) -> Option<Type> {
        self.0.child()
    }

    /// The type of `Err`.
    pub fn error(&self) -> Option<Type> {
        self.0.nth(1)
    }
}

impl TagsType {
    /// The tags it lists.
    pub fn cases(&self) -> Vec<TagCase> {
        self.0.children().collect()
    }

    /// Whether it ends in `..`, so that there may be other tags.
    pub fn is_open(&self) -> bool {
        self.0.syntax.children().any(|child| child.kind() == SyntaxKind::OpenTags)
    }
}

impl TagCase {
    /// The tag, without its colon and quotes.
    pub fn tag(&self) -> Option<Name> {
        let token = self.0.token(SyntaxKind::Tag)?;
        let symbol = Symbol::new(&literal::decode_tag(token.text()));
        Some(Name { symbol, ..self.0.word(&token) })
    }

    /// The types of its payload.
    pub fn payload(&self) -> Vec<Type> {
        self.0.children().collect()
    }
}
