//! Tree → document: which rule a node follows, and the spaces between what has no rule of its own.

use crate::doc::Doc;
use crate::trivia::{Comments, parts};
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// The pass over one file.
#[derive(Default)]
pub struct Printer {
    pub comments: Comments,
}

impl Printer {
    pub fn element(&mut self, element: &SyntaxElement) -> Doc {
        match element {
            SyntaxElement::Node(node) => self.node(node),
            SyntaxElement::Token(token) => self.token(token),
        }
    }

    pub fn token(&mut self, token: &SyntaxToken) -> Doc {
        self.comments.token(token)
    }

    pub fn node(&mut self, node: &SyntaxNode) -> Doc {
        use SyntaxKind as K;
        match node.kind() {
            K::StringExpr | K::BytesExpr => self.comments.verbatim(node),
            K::Function | K::LetStatement | K::Constant => self.definition(node),
            K::Actor | K::Test | K::Terminate | K::CallHandler | K::CastHandler => self.with_block(node),
            K::WhileExpr | K::ForExpr | K::DoExpr | K::LetElse => self.with_block(node),
            K::Struct | K::SumType | K::Interface | K::Impl => self.with_members(node),
            K::Service | K::Supervisor | K::Child => self.with_members(node),
            K::CaseExpr | K::ReceiveExpr | K::ReceiveHandler => self.with_arms(node),
            K::MatchArm | K::After => self.arm(node),
            K::IfExpr => self.if_expr(node),
            K::ClosureExpr => self.closure(node),
            K::BinaryExpr => self.chain(node),
            K::FieldExpr => self.field(node),
            K::OrPattern => self.alternatives(node),
            K::TagsType => self.tags_type(node),
            K::UpdateExpr => self.update(node),
            K::FromImport => self.names_imported(node),
            kind if is_list(kind) => self.list(node),
            _ => self.spaced(node),
        }
    }

    /// The parts one behind the other, with a space or nothing between two.
    pub fn spaced(&mut self, node: &SyntaxNode) -> Doc {
        self.join(node.kind(), &parts(node))
    }

    /// The same for some of the parts of a node of this kind.
    pub fn join(&mut self, parent: SyntaxKind, parts: &[SyntaxElement]) -> Doc {
        let mut docs = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 && has_space(parent, &parts[index - 1], part) {
                docs.push(Doc::text(" "));
            }
            docs.push(self.element(part));
        }
        Doc::concat(docs)
    }
}

/// Nodes that are entries between brackets, maybe with something in front of and behind them.
fn is_list(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::ArgList
            | K::ParamList
            | K::GenericParams
            | K::TypeArgs
            | K::Deriving
            | K::Variant
            | K::IndexExpr
            | K::ParenExpr
            | K::TupleExpr
            | K::TaggedExpr
            | K::ListExpr
            | K::SetExpr
            | K::MapExpr
            | K::StructExpr
            | K::ParenPattern
            | K::TypedPattern
            | K::TuplePattern
            | K::TaggedPattern
            | K::VariantPattern
            | K::RecordPattern
            | K::ListPattern
            | K::MapPattern
            | K::TupleType
            | K::ParenType
            | K::FunctionType
            | K::TagCase
    )
}

/// Whether a space stands between two neighbours.
pub fn has_space(parent: SyntaxKind, left: &SyntaxElement, right: &SyntaxElement) -> bool {
    use SyntaxKind as K;
    let (left_kind, right_kind) = (left.kind(), right.kind());
    match right_kind {
        K::Comma | K::Semicolon | K::Colon | K::ArgList | K::GenericParams | K::TypeArgs => return false,
        K::ParamList => return !begins_with(right, K::LeftParen),
        K::LeftParen | K::LeftBracket => return false,
        _ => {}
    }
    match parent {
        K::Path | K::FieldExpr | K::TryExpr | K::CallExpr | K::OptionType | K::ResultType => false,
        K::PinPattern | K::Rest | K::RestPattern | K::RangePattern | K::StateParam => false,
        K::PathType | K::UnitExpr | K::UnitPattern | K::UnitType | K::BytesExpr => false,
        K::PrefixExpr => left_kind == K::NotKeyword,
        K::LiteralPattern => left_kind != K::Minus,
        _ => true,
    }
}

fn begins_with(element: &SyntaxElement, kind: SyntaxKind) -> bool {
    let first = element.as_node().and_then(crate::trivia::first_token);
    first.is_some_and(|token| token.kind() == kind)
}
