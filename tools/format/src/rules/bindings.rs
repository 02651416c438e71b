//! `let`, constants and functions: what is bound by `=`, and heads.

use crate::doc::Doc;
use crate::printer::Printer;
use crate::trivia::parts;
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

impl Printer {
    /// A head, then `= e`, or `do … end`, or nothing.
    pub fn definition(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let equals = parts.iter().position(|part| part.kind() == SyntaxKind::Equal);
        let Some((at, SyntaxElement::Node(value))) =
            equals.and_then(|at| Some((at, parts.get(at + 1)?.clone())))
        else {
            return self.with_block(node);
        };
        let head = self.join(node.kind(), &parts[..=at]);
        let value = self.bound(node.kind(), &value);
        let mut docs = vec![head, value];
        for part in &parts[at + 2..] {
            docs.extend([Doc::text(" "), self.element(part)]);
        }
        Doc::concat(docs)
    }

    /// What follows `=`: on its line, or on the next one when it does not fit and does not break within.
    fn bound(&mut self, owner: SyntaxKind, value: &SyntaxNode) -> Doc {
        let doc = self.node(value);
        if doc.breaks() || breaks_well(owner, value.kind()) {
            return Doc::concat(vec![Doc::text(" "), doc]);
        }
        Doc::concat(vec![Doc::line(), doc]).indent().group()
    }

    /// `from Net.TcpServer import f, Config`
    pub fn names_imported(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let is_name = |part: &SyntaxElement| part.kind() == SyntaxKind::ImportedName;
        let Some(first) = parts.iter().position(is_name) else { return self.spaced(node) };
        let mut docs = vec![self.join(node.kind(), &parts[..first])];
        let mut name = Vec::new();
        for (index, part) in parts.iter().enumerate().skip(first) {
            if is_name(part) {
                docs.push(Doc::concat(std::mem::take(&mut name)).indent().group());
                // The first name stands on the line of `import`; behind a comma a line may break.
                name.push(if index == first { Doc::text(" ") } else { Doc::line() });
            }
            name.push(self.element(part));
        }
        docs.push(Doc::concat(name).indent().group());
        Doc::concat(docs)
    }
}

/// Whether a value begins with something that can stay on the line of `=` while the rest goes to other lines.
fn breaks_well(owner: SyntaxKind, value: SyntaxKind) -> bool {
    use SyntaxKind as K;
    match value {
        K::ListExpr
        | K::MapExpr
        | K::SetExpr
        | K::StructExpr
        | K::UpdateExpr
        | K::TupleExpr
        | K::TaggedExpr => owner != K::Function,
        K::IfExpr | K::CaseExpr | K::ReceiveExpr | K::DoExpr | K::ForExpr | K::WhileExpr | K::ClosureExpr => {
            true
        }
        K::CallExpr | K::TryExpr => owner == K::LetStatement,
        _ => false,
    }
}
