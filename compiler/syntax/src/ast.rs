//! The typed view of the tree: one struct for each form, one accessor for each part.
//!
//! Nothing is copied; an accessor searches the children of its node. Parts that broken source may lack
//! are `Option`s, though the parser puts `Expr::Error`, `Pattern::Error` or `Type::Error` where an
//! expression, pattern or type is missing. Sugar is still there: clauses of one function are separate
//! [`Function`]s, pipes are [`Binary`] expressions, `f(_, 2)` is a [`Call`] with a [`Placeholder`].

mod expressions;
mod items;
mod literals;
mod patterns;
mod types;

pub use expressions::*;
pub use items::*;
pub use literals::*;
pub use patterns::*;
pub use types::*;

use crate::kind::SyntaxKind;
use crate::tree::{SyntaxNode, SyntaxToken, span_of};
use snow_text::{SourceId, Span, Symbol};

/// A node of the tree together with its file.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    pub(crate) source: SourceId,
    pub(crate) syntax: SyntaxNode,
}

impl Node {
    /// The untyped node.
    pub fn syntax(&self) -> &SyntaxNode {
        &self.syntax
    }

    /// Where it stands, without white space and documentation at its ends.
    pub fn span(&self) -> Span {
        span_of(self.source, &self.syntax)
    }

    pub(crate) fn children<T: Ast>(&self) -> impl Iterator<Item = T> + use<T> {
        let source = self.source;
        let fitting = self.syntax.children().filter(|syntax| T::can_cast(syntax.kind()));
        fitting.filter_map(move |syntax| T::cast(Node { source, syntax }))
    }

    pub(crate) fn child<T: Ast>(&self) -> Option<T> {
        self.children().next()
    }

    pub(crate) fn nth<T: Ast>(&self, index: usize) -> Option<T> {
        self.children().nth(index)
    }

    pub(crate) fn tokens(&self) -> impl Iterator<Item = SyntaxToken> + use<> {
        self.syntax.children_with_tokens().filter_map(|element| element.into_token())
    }

    pub(crate) fn token(&self, kind: SyntaxKind) -> Option<SyntaxToken> {
        self.tokens().find(|token| token.kind() == kind)
    }

    pub(crate) fn has(&self, kind: SyntaxKind) -> bool {
        self.token(kind).is_some()
    }

    pub(crate) fn word(&self, token: &SyntaxToken) -> Name {
        let range = token.text_range();
        let span = Span::new(self.source, range.start().into(), range.end().into());
        Name { symbol: Symbol::new(token.text()), span }
    }

    /// The word in the child node of kind `Name`.
    pub(crate) fn name(&self) -> Option<Name> {
        let name = self.syntax.children().find(|child| child.kind() == SyntaxKind::Name)?;
        let node = Node { source: self.source, syntax: name };
        let token = node.tokens().find(|token| token.kind().is_word())?;
        Some(node.word(&token))
    }

    /// The `##` lines in front of an item, joined by line breaks, without their marks.
    pub(crate) fn docs(&self) -> Option<String> {
        let lines: Vec<String> = self
            .tokens()
            .take_while(|token| token.kind().is_trivia())
            .filter(|token| token.kind() == SyntaxKind::DocComment)
            .map(|token| doc_text(token.text(), "##"))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

fn doc_text(line: &str, mark: &str) -> String {
    let text = line.strip_prefix(mark).unwrap_or(line).trim_end();
    text.strip_prefix(' ').unwrap_or(text).to_owned()
}

/// A typed node.
pub trait Ast: Sized {
    /// Whether a node of this kind is one.
    fn can_cast(kind: SyntaxKind) -> bool;

    /// The typed node, when the kind fits.
    fn cast(node: Node) -> Option<Self>;

    /// The node it is a view of.
    fn node(&self) -> &Node;

    /// Where it stands.
    fn span(&self) -> Span {
        self.node().span()
    }
}

/// A word at a place: the name of a definition, a field, a label.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Name {
    /// The word.
    pub symbol: Symbol,
    /// Where it stands.
    pub span: Span,
}

impl Name {
    /// The word as text.
    pub fn text(self) -> &'static str {
        self.symbol.as_str()
    }

    /// Whether it begins with a capital letter, as types, variants and modules do.
    pub fn is_capitalised(self) -> bool {
        self.text().starts_with(char::is_uppercase)
    }
}

macro_rules! ast_nodes {
    ($($(#[$doc:meta])* $name:ident = $($kind:ident)|+;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, Hash, Debug)]
            pub struct $name(pub(crate) $crate::ast::Node);

            impl $crate::ast::Ast for $name {
                fn can_cast(kind: $crate::SyntaxKind) -> bool {
                    matches!(kind, $($crate::SyntaxKind::$kind)|+)
                }

                fn cast(node: $crate::ast::Node) -> Option<$name> {
                    $name::can_cast(node.syntax.kind()).then_some($name(node))
                }

                fn node(&self) -> &$crate::ast::Node {
                    &self.0
                }
            }

            impl $name {
                /// Where it stands.
                pub fn span(&self) -> snow_text::Span {
                    self.0.span()
                }
            }
        )*
    };
}

macro_rules! ast_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident($node:ident),)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub enum $name {
            $($(#[$variant_doc])* $variant($node),)*
        }

        impl $crate::ast::Ast for $name {
            fn can_cast(kind: $crate::SyntaxKind) -> bool {
                $($node::can_cast(kind))||*
            }

            fn cast(node: $crate::ast::Node) -> Option<$name> {
                let kind = node.syntax.kind();
                $(
                    // The kinds of the variants do not overlap, so the first that fits is the one.
                    if $node::can_cast(kind) {
                        return $node::cast(node).map($name::$variant);
                    }
                )*
                None
            }

            fn node(&self) -> &$crate::ast::Node {
                match self {
                    $($name::$variant(it) => &it.0,)*
                }
            }
        }

        impl $name {
            /// Where it stands.
            pub fn span(&self) -> snow_text::Span {
                $crate::ast::Ast::node(self).span()
            }
        }
    };
}

pub(crate) use ast_enum;
pub(crate) use ast_nodes;

ast_nodes! {
    /// A whole file.
    Root = Root;
    /// `A.B.c`: names joined by dots.
    Path = Path;
}

impl Root {
    pub(crate) fn new(source: SourceId, syntax: SyntaxNode) -> Root {
        Root(Node { source, syntax })
    }

    /// The items in the order of the text. Clauses of one function are separate items.
    pub fn items(&self) -> impl Iterator<Item = Item> + use<> {
        self.0.children()
    }

    /// The `##!` lines, joined by line breaks, without their marks.
    pub fn docs(&self) -> Option<String> {
        let tokens = self.0.syntax.descendants_with_tokens().filter_map(|element| element.into_token());
        let lines: Vec<String> = tokens
            .filter(|token| token.kind() == SyntaxKind::ModuleDoc)
            .map(|token| doc_text(token.text(), "##!"))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

impl Path {
    /// Its names, at least one.
    pub fn segments(&self) -> Vec<Name> {
        self.0.tokens().filter(|token| token.kind().is_word()).map(|token| self.0.word(&token)).collect()
    }

    /// The last name.
    pub fn last(&self) -> Option<Name> {
        self.segments().pop()
    }
}
