//! Patterns.

use super::{BytesLiteral, Name, OutOfRange, Path, StringLiteral, Type, ast_enum, ast_nodes};
use crate::kind::SyntaxKind;
use crate::literal;
use snow_text::Symbol;

ast_enum! {
    /// A pattern.
    Pattern {
        Wildcard(WildcardPattern),
        Name(NamePattern),
        Literal(LiteralPattern),
        Pin(PinPattern),
        Unit(UnitPattern),
        Paren(ParenPattern),
        Typed(TypedPattern),
        Tuple(TuplePattern),
        Tag(TagPattern),
        Tagged(TaggedPattern),
        Path(PathPattern),
        Variant(VariantPattern),
        Record(RecordPattern),
        List(ListPattern),
        Cons(ConsPattern),
        Map(MapPattern),
        Concat(ConcatPattern),
        Range(RangePattern),
        Or(OrPattern),
        As(AsPattern),
        /// Could not be read; a problem has been reported.
        Error(ErrorPattern),
    }
}

ast_nodes! {
    /// `_`
    WildcardPattern = WildcardPattern;
    /// `x`
    NamePattern = NamePattern;
    /// `1`, `-2.5`, `"text"`, `b"…"`, `true`
    LiteralPattern = LiteralPattern;
    /// `^x`
    PinPattern = PinPattern;
    /// `()`
    UnitPattern = UnitPattern;
    /// `(p)`
    ParenPattern = ParenPattern;
    /// `(p :: Type)`, the parentheses included
    TypedPattern = TypedPattern;
    /// `(a, b)` or `{a, b}`
    TuplePattern = TuplePattern;
    /// `:tag`
    TagPattern = TagPattern;
    /// `{:tag, p}`
    TaggedPattern = TaggedPattern;
    /// `None`, `Type.Variant`
    PathPattern = PathPattern;
    /// `Some(p)`, `Single(sku: p)`
    VariantPattern = VariantPattern;
    /// `Point { x: 0, y, .. }`
    RecordPattern = RecordPattern;
    /// `x: p`, or `x` alone in a record
    FieldPattern = FieldPattern;
    /// `[a, ..rest]`
    ListPattern = ListPattern;
    /// `..rest` or `..`
    RestPattern = RestPattern;
    /// `h :: t`
    ConsPattern = ConsPattern;
    /// `%{"k" => p}`
    MapPattern = MapPattern;
    /// `"k" => p`
    MapPatternEntry = MapPatternEntry;
    /// `"prefix" <> rest`
    ConcatPattern = ConcatPattern;
    /// `1..9`, `1..=9`
    RangePattern = RangePattern;
    /// `p | q`
    OrPattern = OrPattern;
    /// `p as name`
    AsPattern = AsPattern;
    /// No pattern, or a broken one
    ErrorPattern = ErrorPattern;
}

impl NamePattern {
    /// The name it binds.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }
}

/// The value of a literal in a pattern.
#[derive(Clone, PartialEq, Debug)]
pub enum LiteralValue {
    /// The sign is applied.
    Int(Result<i64, OutOfRange>),
    /// The sign is applied.
    Float(f64),
    /// `true` or `false`
    Bool(bool),
    /// Text, escapes decoded. Interpolation is not allowed here and has been reported.
    String(String),
    /// Bytes, escapes decoded.
    Bytes(Vec<u8>),
}

impl LiteralPattern {
    /// Its value. `None` only for broken source.
    pub fn value(&self) -> Option<LiteralValue> {
        if let Some(string) = self.0.child::<StringLiteral>() {
            return Some(LiteralValue::String(string.text()));
        }
        if let Some(bytes) = self.0.child::<BytesLiteral>() {
            return Some(LiteralValue::Bytes(bytes.value()));
        }
        let negative = self.0.has(SyntaxKind::Minus);
        self.0.tokens().find_map(|token| match token.kind() {
            SyntaxKind::IntNumber => Some(LiteralValue::Int(literal::decode_int(token.text(), negative))),
            SyntaxKind::FloatNumber => {
                Some(LiteralValue::Float(literal::decode_float(token.text(), negative)))
            }
            SyntaxKind::TrueKeyword => Some(LiteralValue::Bool(true)),
            SyntaxKind::FalseKeyword => Some(LiteralValue::Bool(false)),
            _ => None,
        })
    }
}

impl PinPattern {
    /// The name whose value is compared with.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }
}

impl ParenPattern {
    /// What is between the parentheses.
    pub fn inner(&self) -> Option<Pattern> {
        self.0.child()
    }
}

impl TypedPattern {
    /// The pattern.
    pub fn inner(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// Its type.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }
}

impl TuplePattern {
    /// Its parts, at least two.
    pub fn parts(&self) -> Vec<Pattern> {
        self.0.children().collect()
    }
}

macro_rules! tagged {
    ($($name:ident)*) => {
        $(impl $name {
            /// The tag, without its colon and quotes.
            pub fn tag(&self) -> Option<Name> {
                let token = self.0.token(SyntaxKind::Tag)?;
                let symbol = Symbol::new(&literal::decode_tag(token.text()));
                Some(Name { symbol, ..self.0.word(&token) })
            }
        })*
    };
}

tagged!(TagPattern TaggedPattern);

impl TaggedPattern {
    /// The patterns of the payload.
    pub fn payload(&self) -> Vec<Pattern> {
        self.0.children().collect()
    }
}

impl PathPattern {
    /// The variant.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }
}

impl VariantPattern {
    /// The variant.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }

    /// The patterns without a field name.
    pub fn args(&self) -> Vec<Pattern> {
        self.0.children().collect()
    }

    /// The patterns with one, which come last.
    pub fn fields(&self) -> Vec<FieldPattern> {
        self.0.children().collect()
    }
}

impl RecordPattern {
    /// The struct or variant.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }

    /// The fields it mentions.
    pub fn fields(&self) -> Vec<FieldPattern> {
        self.0.children().collect()
    }

    /// Whether it ends in `..`, so that the other fields may be anything.
    pub fn is_open(&self) -> bool {
        self.0.syntax.children().any(|child| child.kind() == SyntaxKind::OpenFields)
    }
}

impl FieldPattern {
    /// The name of the field.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }

    /// The pattern; `None` for `x` alone, which binds `x`.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }
}

impl ListPattern {
    /// The patterns of the first elements.
    pub fn items(&self) -> Vec<Pattern> {
        self.0.children().collect()
    }

    /// `..rest` or `..` at the end; without it the list has just these elements.
    pub fn rest(&self) -> Option<RestPattern> {
        self.0.child()
    }
}

impl RestPattern {
    /// The pattern behind `..`, if any.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }
}

impl ConsPattern {
    /// The first element.
    pub fn head(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The others.
    pub fn tail(&self) -> Option<Pattern> {
        self.0.nth(1)
    }
}

impl MapPattern {
    /// The entries that must be there.
    pub fn entries(&self) -> Vec<MapPatternEntry> {
        self.0.children().collect()
    }
}

impl MapPatternEntry {
    /// The key: a literal, a tag or `^name`.
    pub fn key(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The pattern of the value.
    pub fn value(&self) -> Option<Pattern> {
        self.0.nth(1)
    }
}

impl ConcatPattern {
    /// What the text or the bytes begin with.
    pub fn prefix(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The pattern of what follows.
    pub fn rest(&self) -> Option<Pattern> {
        self.0.nth(1)
    }
}

impl RangePattern {
    /// The lower bound.
    pub fn start(&self) -> Option<LiteralPattern> {
        self.0.child()
    }

    /// The upper bound.
    pub fn end(&self) -> Option<LiteralPattern> {
        self.0.nth(1)
    }

    /// Whether the upper bound belongs to it.
    pub fn is_inclusive(&self) -> bool {
        self.0.has(SyntaxKind::DotDotEqual)
    }
}

impl OrPattern {
    /// The alternatives, at least two.
    pub fn alternatives(&self) -> Vec<Pattern> {
        self.0.children().collect()
    }
}

impl AsPattern {
    /// The pattern.
    pub fn inner(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The name of the whole.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }
}
