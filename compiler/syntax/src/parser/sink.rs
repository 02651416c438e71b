//! Events and tokens → tree.
//!
//! White space and comments go to the node around the token they precede, but documentation goes into
//! the item it belongs to. The tree is never deeper than [`TREE_DEPTH_MAX`], so that everybody may walk
//! it by recursion: nodes below that are left out, their tokens stay, and a problem is reported.

use super::Event;
use crate::kind::SyntaxKind;
use crate::token::Token;
use rowan::{GreenNode, GreenNodeBuilder};

/// The depth of the tree at most; long chains such as `a + b + …` reach it first.
const TREE_DEPTH_MAX: usize = 2000;

/// The tree, and where nodes had to be left out.
pub(super) fn build(tokens: &[Token], events: &[Event]) -> (GreenNode, Option<u32>) {
    let sink = Sink { tokens, next: 0, builder: GreenNodeBuilder::new(), depth: 0, too_deep: None };
    sink.run(events)
}

struct Sink<'t> {
    tokens: &'t [Token<'t>],
    next: usize,
    builder: GreenNodeBuilder<'static>,
    depth: usize,
    too_deep: Option<u32>,
}

impl Sink<'_> {
    fn run(mut self, events: &[Event]) -> (GreenNode, Option<u32>) {
        let mut opened = vec![false; events.len()];
        let mut kinds = Vec::new();
        for (index, event) in events.iter().enumerate() {
            match *event {
                Event::Start { .. } if opened[index] => {}
                Event::Start { .. } => {
                    outward(events, index, &mut opened, &mut kinds);
                    kinds.drain(..).rev().for_each(|kind| self.open(kind));
                }
                Event::Token => self.significant(),
                Event::Finish if self.depth == 1 => self.close_root(),
                Event::Finish => self.close(),
                Event::Nothing => {}
            }
        }
        (self.builder.finish(), self.too_deep)
    }

    fn open(&mut self, kind: SyntaxKind) {
        self.trivia_before(kind);
        self.depth += 1;
        if self.depth <= TREE_DEPTH_MAX {
            self.builder.start_node(rowan::SyntaxKind(kind as u16));
        } else if self.too_deep.is_none() {
            self.too_deep = self.tokens.get(self.next).map(|token| token.start);
        }
    }

    fn close(&mut self) {
        if self.depth <= TREE_DEPTH_MAX {
            self.builder.finish_node();
        }
        self.depth -= 1;
    }

    /// Every token has its place, whatever the grammar did.
    fn close_root(&mut self) {
        while self.next < self.tokens.len() {
            self.token();
        }
        self.close();
    }

    fn trivia_before(&mut self, kind: SyntaxKind) {
        if self.depth == 0 {
            return;
        }
        let run = self.tokens[self.next..].iter().take_while(|token| token.kind.is_trivia()).count();
        let docs = self.tokens[self.next..self.next + run].iter();
        let stop = match docs.enumerate().find(|(_, token)| token.kind == SyntaxKind::DocComment) {
            Some((first, _)) if takes_docs(kind) => first,
            _ => run,
        };
        (0..stop).for_each(|_| self.token());
    }

    fn significant(&mut self) {
        while self.tokens[self.next].kind.is_trivia() {
            self.token();
        }
        self.token();
    }

    fn token(&mut self) {
        let token = &self.tokens[self.next];
        self.builder.token(rowan::SyntaxKind(token.kind as u16), token.text);
        self.next += 1;
    }
}

/// The kinds of a node and of the nodes that were opened around it later, innermost first.
fn outward(events: &[Event], index: usize, opened: &mut [bool], kinds: &mut Vec<SyntaxKind>) {
    let mut at = index;
    while let Event::Start { kind, parent } = events[at] {
        opened[at] = true;
        kinds.push(kind);
        if parent == 0 {
            return;
        }
        at += parent as usize;
    }
}

/// Whether `##` lines in front belong to a node of this kind.
fn takes_docs(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Function
            | SyntaxKind::Struct
            | SyntaxKind::StructField
            | SyntaxKind::SumType
            | SyntaxKind::Variant
            | SyntaxKind::TypeAlias
            | SyntaxKind::Interface
            | SyntaxKind::Impl
            | SyntaxKind::AssociatedType
            | SyntaxKind::Actor
            | SyntaxKind::Service
            | SyntaxKind::CallHandler
            | SyntaxKind::CastHandler
            | SyntaxKind::Supervisor
            | SyntaxKind::Child
            | SyntaxKind::Constant
            | SyntaxKind::Test
    )
}
