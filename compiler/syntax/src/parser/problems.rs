//! What the parser reports, and how it goes on afterwards.

use super::{Opener, Parser};
use crate::codes;
use crate::kind::SyntaxKind;
use crate::lexer::block_comment_length;
use crate::token::Token;
use snow_diagnostics::Diagnostic;
use snow_text::{SourceId, Span};

/// Reports of one file at most: beyond that nobody reads them.
const PROBLEMS_MAX: usize = 100;

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(codes::TOO_DEEP, span, "expressions are nested too deeply here")
        .help("give inner parts a name with `let`, or move them to functions of their own")
}

/// The problem of a `#=` that never ends; it swallows the rest of the file, so it is the last token.
pub(super) fn open_comment(source: SourceId, tokens: &[Token]) -> Option<Diagnostic> {
    let last = tokens.last().filter(|last| last.kind == SyntaxKind::BlockComment)?;
    if block_comment_length(last.text).is_some() {
        return None;
    }
    let span = Span::new(source, last.start, last.start + 2);
    let problem = Diagnostic::new(codes::UNCLOSED_TEXT, span, "this comment has no closing `=#`");
    Some(problem.help("comments nest: each `#=` needs a `=#` of its own"))
}

impl Parser<'_> {
    /// The span of the next token; at the end of the file an empty one.
    pub(crate) fn span(&self) -> Span {
        self.nth_span(0)
    }

    pub(crate) fn nth_span(&self, ahead: usize) -> Span {
        match self.places.get(self.position + ahead) {
            Some(place) => self.span_of(place.token as usize),
            None => self.end_of_file(),
        }
    }

    /// The span of the token before.
    pub(crate) fn previous_span(&self) -> Span {
        match self.position.checked_sub(1).and_then(|before| self.places.get(before)) {
            Some(place) => self.span_of(place.token as usize),
            None => Span::new(self.source, 0, 0),
        }
    }

    /// The empty span behind the token before.
    pub(crate) fn gap(&self) -> Span {
        let end = self.previous_span().end;
        Span::new(self.source, end, end)
    }

    fn span_of(&self, token: usize) -> Span {
        let token = &self.tokens[token];
        Span::new(self.source, token.start, token.end())
    }

    fn end_of_file(&self) -> Span {
        let end = self.tokens.last().map_or(0, |token| token.end());
        Span::new(self.source, end, end)
    }

    /// Reports a problem that leaves no doubt about what was meant, so that nothing has to be skipped.
    pub(crate) fn report(&mut self, problem: Diagnostic) {
        if !self.recovering && !self.gave_up && self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    /// Reports a problem, and is silent until the grammar has found its place again.
    pub(crate) fn error(&mut self, problem: Diagnostic) {
        self.report(problem);
        self.recovering = true;
    }

    pub(crate) fn is_recovering(&self) -> bool {
        self.recovering
    }

    /// The grammar has found its place again.
    pub(crate) fn recovered(&mut self) {
        self.recovering = false;
    }

    /// Reports the next token, which stands where something else should, perhaps at the start of a line.
    pub(crate) fn unexpected(&mut self, what: &str) {
        let problem = match self.kind() {
            SyntaxKind::Unknown => self.unknown_character(),
            _ => {
                let message = format!("expected {what}, found {}", self.found_text());
                Diagnostic::new(codes::UNEXPECTED, self.span(), message)
            }
        };
        self.error(problem);
    }

    /// The problem of a character that no token has.
    pub(crate) fn unknown_character(&self) -> Diagnostic {
        let message = format!("`{}` means nothing in Snow", self.text());
        let problem = Diagnostic::new(codes::BAD_CHARACTER, self.span(), message);
        let Some(text) = self.text().strip_prefix('\'') else { return problem };
        let problem = problem.help("texts stand in double quotes: `\"…\"`");
        match text.strip_suffix('\'') {
            Some(inside) if !inside.contains(['"', '$']) => {
                problem.fix("write double quotes", self.span(), format!("\"{inside}\""))
            }
            _ => problem,
        }
    }

    /// Reports that something is missing, with the place and what stands there instead.
    pub(crate) fn expected(&mut self, what: &str) {
        let problem = self.expectation(what);
        self.error(problem);
    }

    /// The problem that something is missing.
    pub(crate) fn expectation(&self, what: &str) -> Diagnostic {
        if self.at(SyntaxKind::Unknown) && !self.at_new_line() {
            return self.unknown_character();
        }
        let ends = self.at_new_line() || self.at(SyntaxKind::EndOfFile);
        let span = if ends && self.position > 0 { self.gap() } else { self.span() };
        Diagnostic::new(codes::UNEXPECTED, span, format!("expected {what}, found {}", self.found()))
    }

    /// The next token in the user's words.
    pub(crate) fn found(&self) -> String {
        if self.at(SyntaxKind::EndOfFile) {
            return "the end of the file".to_owned();
        }
        if self.at_new_line() && self.position > 0 {
            return "the end of the line".to_owned();
        }
        match self.kind() {
            SyntaxKind::StringStart => "a string".to_owned(),
            SyntaxKind::StringText | SyntaxKind::StringEscape | SyntaxKind::StringEnd => {
                "the text of a string".to_owned()
            }
            SyntaxKind::InterpolationEnd => "the `}` that ends `${`".to_owned(),
            _ => format!("`{}`", self.text()),
        }
    }

    /// The text of the next token, wherever it stands.
    pub(crate) fn found_text(&self) -> String {
        if self.at(SyntaxKind::EndOfFile) { self.found() } else { format!("`{}`", self.text()) }
    }

    /// Takes a token of this kind or reports that it is missing.
    pub(crate) fn expect(&mut self, kind: SyntaxKind, after: &str) -> bool {
        if self.eat(kind) {
            return true;
        }
        self.expected(&format!("`{}` {after}", kind.text()));
        false
    }

    /// Takes the `end` of a construct, and leaves its block.
    pub(crate) fn expect_end(&mut self, opener: Opener) {
        if self.at(SyntaxKind::ElseKeyword) && !self.is_dedented() {
            self.lone_else();
        }
        let dedented = self.is_dedented();
        self.indent = opener.outer_indent;
        if self.at(SyntaxKind::EndKeyword) && !dedented {
            self.bump();
            return;
        }
        let (span, found) = (self.span(), self.found_text());
        let message = format!("this `{}` has no `end`", opener.word);
        let problem = Diagnostic::new(codes::MISSING_END, opener.span, message);
        self.error(problem.label(span, format!("an `end` is missing before {found}")));
        if self.at_new_line() {
            self.recovered();
        }
    }

    /// An `else` that belongs to no `if`: what follows it is part of the block.
    fn lone_else(&mut self) {
        while self.at(SyntaxKind::ElseKeyword) {
            let message = "this `else` belongs to no `if`";
            let problem = Diagnostic::new(codes::UNEXPECTED, self.span(), message);
            self.error(problem.help("a `let` that may fail is written `let PATTERN = e else do … end`"));
            self.bump_error();
            crate::grammar::block_behind_problem(self);
            if self.at(SyntaxKind::EndKeyword) && self.opens_line(0) && self.is_indented() {
                self.bump_error();
                crate::grammar::block_behind_problem(self);
            }
        }
        self.recovered();
    }

    /// Takes one token that has no place into an error node.
    pub(crate) fn bump_error(&mut self) {
        self.bump_as(SyntaxKind::Error);
    }
}
