//! The lossless tree: every byte of the source is in it, errors are nodes of it.
//!
//! Its depth is bounded (see `parser::sink`), so walking or dropping it by recursion is safe.

use crate::kind::SyntaxKind;
use snow_text::{SourceId, Span};

/// Ties the generic tree to the kinds of Snow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Snow {}

impl rowan::Language for Snow {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        SyntaxKind::from_raw(raw.0)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the tree.
pub type SyntaxNode = rowan::SyntaxNode<Snow>;
/// A token of the tree.
pub type SyntaxToken = rowan::SyntaxToken<Snow>;
/// Either of them.
pub type SyntaxElement = rowan::SyntaxElement<Snow>;

/// The tree of one source file.
#[derive(Clone, Debug)]
pub struct Tree {
    source: SourceId,
    green: rowan::GreenNode,
}

impl Tree {
    pub(crate) fn new(source: SourceId, green: rowan::GreenNode) -> Tree {
        Tree { source, green }
    }

    /// The file this is the tree of.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The root of the tree.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// The file as a typed tree.
    pub fn root(&self) -> crate::ast::Root {
        crate::ast::Root::new(self.source, self.syntax())
    }
}

/// The span of a node without the white space, comments and documentation at its ends.
pub fn span_of(source: SourceId, node: &SyntaxNode) -> Span {
    let range = node.text_range();
    let mut start = u32::from(range.start());
    let mut token = node.first_token();
    while let Some(next) = token {
        if !next.kind().is_trivia() || next.text_range().start() >= range.end() {
            break;
        }
        start = next.text_range().end().into();
        token = next.next_token();
    }
    let end = u32::from(range.end());
    Span::new(source, start.min(end), end)
}
