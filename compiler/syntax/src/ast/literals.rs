//! Literals and their decoded values.

use super::{Ast, Expr, Name, Node, ast_nodes};
use crate::kind::SyntaxKind;
use crate::literal;
use snow_text::Symbol;

ast_nodes! {
    /// `42`
    IntLiteral = IntExpr;
    /// `3.14`
    FloatLiteral = FloatExpr;
    /// `true`, `false`
    BoolLiteral = BoolExpr;
    /// `"text ${expr}"`, `"""…"""`
    StringLiteral = StringExpr;
    /// `${expr}`
    Interpolation = Interpolation;
    /// `b"…"`
    BytesLiteral = BytesExpr;
    /// `:tag`
    TagLiteral = TagExpr;
}

/// The number does not fit an Int; the parser has reported it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfRange;

impl IntLiteral {
    /// Its value. The digits after a unary minus are read with the sign, so that
    /// `-9223372036854775808` exists: there the value is `i64::MIN`, and for `-5` it is -5.
    /// Such a literal is reached through [`super::Prefix::negated_int`]; whoever lowers a negation asks
    /// that first and does not negate again.
    pub fn value(&self) -> Result<i64, OutOfRange> {
        let token = self.0.token(SyntaxKind::IntNumber);
        token.map_or(Ok(0), |token| literal::decode_int(token.text(), self.is_negated()))
    }

    /// Whether a unary minus stands directly in front.
    pub fn is_negated(&self) -> bool {
        let parent = self.0.syntax.parent().filter(|parent| parent.kind() == SyntaxKind::PrefixExpr);
        parent.is_some_and(|syntax| Node { source: self.0.source, syntax }.has(SyntaxKind::Minus))
    }
}

impl FloatLiteral {
    /// Its value; a unary minus in front is not part of it.
    pub fn value(&self) -> f64 {
        self.0.token(SyntaxKind::FloatNumber).map_or(0.0, |token| literal::decode_float(token.text(), false))
    }
}

impl BoolLiteral {
    /// Its value.
    pub fn value(&self) -> bool {
        self.0.has(SyntaxKind::TrueKeyword)
    }
}

impl BytesLiteral {
    /// The bytes, escapes decoded.
    pub fn value(&self) -> Vec<u8> {
        self.0.token(SyntaxKind::Bytes).map_or_else(Vec::new, |token| literal::decode_bytes(token.text()))
    }
}

impl TagLiteral {
    /// The tag, without its colon and quotes.
    pub fn tag(&self) -> Option<Name> {
        let token = self.0.token(SyntaxKind::Tag)?;
        let symbol = Symbol::new(&literal::decode_tag(token.text()));
        Some(Name { symbol, ..self.0.word(&token) })
    }
}

impl Interpolation {
    /// The expression between the braces.
    pub fn expr(&self) -> Option<Expr> {
        self.0.child()
    }
}

/// A stretch of a string.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum StringPart {
    /// Text, escapes decoded and indentation of blocks removed; never empty.
    Text(String),
    /// `${expr}`
    Expr(Expr),
}

impl StringLiteral {
    /// Its parts in order; none for `""`. Two texts never follow each other.
    pub fn parts(&self) -> Vec<StringPart> {
        let mut parts = Vec::new();
        let mut text = String::new();
        for piece in literal::string_pieces(&self.0.syntax) {
            match piece {
                literal::Piece::Text(more) => text.push_str(&more),
                literal::Piece::Interpolation(syntax) => {
                    let node = Node { source: self.0.source, syntax };
                    let Some(expr) = Interpolation::cast(node).and_then(|it| it.expr()) else { continue };
                    if !text.is_empty() {
                        parts.push(StringPart::Text(std::mem::take(&mut text)));
                    }
                    parts.push(StringPart::Expr(expr));
                }
            }
        }
        if !text.is_empty() {
            parts.push(StringPart::Text(text));
        }
        parts
    }

    /// Its text without the interpolated parts.
    pub fn text(&self) -> String {
        let parts = self.parts().into_iter();
        parts.filter_map(|part| if let StringPart::Text(text) = part { Some(text) } else { None }).collect()
    }
}
