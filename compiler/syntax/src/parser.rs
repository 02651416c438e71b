//! Tokens → tree.
//!
//! The grammar (`crate::grammar`) drives a [`Parser`], which records events; `sink` turns them into the
//! tree. Nothing fails: `problems` keeps at most one report for each broken construct, and while one is
//! being recovered from (`recovering`) the grammar goes on silently.

mod problems;
mod sink;

use crate::codes;
use crate::grammar;
use crate::kind::SyntaxKind;
use crate::lexer;
use crate::token::Token;
use crate::tree::Tree;
use snow_diagnostics::{Diagnostic, Problems};
use snow_text::{SourceId, Span};

/// How deep constructs may nest in each other. Each level costs the parser some ten small stack frames.
const NESTING_MAX: u32 = 256;

/// Parses a file. When an `end` or a closing bracket is missing, the file is read again with its
/// indentation as a guide, which tells better where it should stand.
pub(crate) fn parse(source: SourceId, text: &str, problems: &mut Problems) -> Tree {
    let tokens = lexer::lex(text);
    let mut parser = run(source, &tokens, false);
    if parser.problems.iter().any(|p| matches!(p.code.0, codes::MISSING_END | codes::UNCLOSED_BRACKET)) {
        let guided = run(source, &tokens, true);
        // Without indentation to go by it would find problems everywhere.
        if (1..=parser.problems.len() + 1).contains(&guided.problems.len()) {
            parser = guided;
        }
    }
    let (green, too_deep) = sink::build(&tokens, &parser.events);
    let open_comment = problems::open_comment(source, &tokens);
    open_comment.into_iter().chain(parser.problems).for_each(|problem| problems.push(problem));
    if let Some(start) = too_deep
        && !problems.iter().any(|known| known.code.0 == codes::TOO_DEEP)
    {
        problems.push(problems::too_deep(Span::new(source, start, start + 1)));
    }
    Tree::new(source, green)
}

fn run<'t>(source: SourceId, tokens: &'t [Token<'t>], by_indentation: bool) -> Parser<'t> {
    let mut parser = Parser::new(source, tokens, by_indentation);
    grammar::root(&mut parser);
    parser
}

/// What the parser tells `sink` to do.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// Opens a node. `parent` is the distance to a later `Start` that must be opened around this one.
    Start { kind: SyntaxKind, parent: u32 },
    /// Takes the next token that is no trivia.
    Token,
    /// Closes the innermost node.
    Finish,
    /// A node that was given up, or opened by way of `parent`.
    Nothing,
}

/// A node that has been opened.
#[must_use]
pub(crate) struct Marker(u32);

/// A node that has been closed; it can still become the first child of a new one.
#[derive(Clone, Copy)]
pub(crate) struct Completed {
    start: u32,
    kind: SyntaxKind,
}

impl Completed {
    pub(crate) fn kind(self) -> SyntaxKind {
        self.kind
    }
}

/// What line breaks mean at the moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lines {
    /// They end statements.
    Statements,
    /// They separate the entries of a literal.
    Entries,
    /// Nothing: inside parentheses.
    Ignored,
}

/// Where a token that is no trivia stands.
#[derive(Clone, Copy)]
struct Place {
    token: u32,
    /// Whether it is the first on its line.
    opens_line: bool,
    column: u32,
    /// The column of the first token on its line.
    indent: u32,
}

/// What has to be closed by `end`.
#[derive(Clone, Copy)]
pub(crate) struct Opener {
    span: Span,
    word: &'static str,
    outer_indent: i64,
}

pub(crate) struct Parser<'t> {
    source: SourceId,
    tokens: &'t [Token<'t>],
    places: Vec<Place>,
    position: usize,
    events: Vec<Event>,
    problems: Vec<Diagnostic>,
    recovering: bool,
    /// Set when nesting is too deep: everything looks like the end of the file until the next item.
    gave_up: bool,
    depth: u32,
    lines: Lines,
    /// How many brackets are open.
    brackets: u32,
    by_indentation: bool,
    /// The indentation of the line that opened the innermost block, -1 outside of all.
    indent: i64,
}

impl<'t> Parser<'t> {
    fn new(source: SourceId, tokens: &'t [Token<'t>], by_indentation: bool) -> Parser<'t> {
        Parser {
            source,
            tokens,
            places: places(tokens),
            position: 0,
            events: Vec::with_capacity(tokens.len() * 2),
            problems: Vec::new(),
            recovering: false,
            gave_up: false,
            depth: 0,
            lines: Lines::Statements,
            brackets: 0,
            by_indentation,
            indent: -1,
        }
    }

    // Looking.

    fn token(&self, ahead: usize) -> Option<&'t Token<'t>> {
        if self.gave_up {
            return None;
        }
        self.places.get(self.position + ahead).map(|place| &self.tokens[place.token as usize])
    }

    /// The kind of the next token.
    pub(crate) fn kind(&self) -> SyntaxKind {
        self.nth(0)
    }

    /// The kind of a token further on.
    pub(crate) fn nth(&self, ahead: usize) -> SyntaxKind {
        self.token(ahead).map_or(SyntaxKind::EndOfFile, |token| token.kind)
    }

    /// The text of the next token.
    pub(crate) fn text(&self) -> &'t str {
        self.nth_text(0)
    }

    pub(crate) fn nth_text(&self, ahead: usize) -> &'t str {
        self.token(ahead).map_or("", |token| token.text)
    }

    pub(crate) fn at(&self, kind: SyntaxKind) -> bool {
        self.kind() == kind
    }

    /// Whether the next token is this word, which is not reserved.
    pub(crate) fn at_word(&self, word: &str) -> bool {
        self.at(SyntaxKind::Ident) && self.text() == word
    }

    /// Whether `word:` comes next.
    pub(crate) fn at_label(&self) -> bool {
        self.kind().is_word() && self.nth(1) == SyntaxKind::Colon
    }

    /// Whether the next token is a name with a capital letter.
    pub(crate) fn at_capitalised(&self, ahead: usize) -> bool {
        self.nth(ahead) == SyntaxKind::Ident && self.nth_text(ahead).starts_with(char::is_uppercase)
    }

    /// Whether a line break that counts stands before the next token.
    pub(crate) fn at_new_line(&self) -> bool {
        self.lines != Lines::Ignored && self.opens_line(0)
    }

    /// Whether a token is the first on its line.
    pub(crate) fn opens_line(&self, ahead: usize) -> bool {
        self.places.get(self.position + ahead).is_none_or(|place| place.opens_line)
    }

    pub(crate) fn column(&self) -> u32 {
        self.places.get(self.position).map_or(0, |place| place.column)
    }

    /// The column of the first token on the line of the next token.
    pub(crate) fn line_indent(&self) -> u32 {
        self.places.get(self.position).map_or(0, |place| place.indent)
    }

    /// The column of the first token on the line of the token before.
    pub(crate) fn previous_indent(&self) -> i64 {
        let place = self.position.checked_sub(1).and_then(|before| self.places.get(before));
        place.map_or(-1, |place| i64::from(place.indent))
    }

    /// The kind of the token before.
    pub(crate) fn previous_kind(&self) -> SyntaxKind {
        let place = self.position.checked_sub(1).and_then(|before| self.places.get(before));
        place.map_or(SyntaxKind::EndOfFile, |place| self.tokens[place.token as usize].kind)
    }

    pub(crate) fn bracket_count(&self) -> u32 {
        self.brackets
    }

    pub(crate) fn lines(&self) -> Lines {
        self.lines
    }

    pub(crate) fn in_brackets(&self) -> bool {
        self.brackets > 0
    }

    /// Whether no white space stands between a token and the one after it.
    pub(crate) fn joined(&self, ahead: usize) -> bool {
        match (self.token(ahead), self.token(ahead + 1)) {
            (Some(token), Some(next)) => token.end() == next.start,
            _ => false,
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Whether the indentation says that the innermost block has ended, when it is a guide.
    pub(crate) fn is_dedented(&self) -> bool {
        let Some(place) = self.places.get(self.position).filter(|place| place.opens_line) else {
            return false;
        };
        let closes = matches!(
            self.kind(),
            SyntaxKind::EndKeyword
                | SyntaxKind::ElseKeyword
                | SyntaxKind::Pipe
                | SyntaxKind::RightParen
                | SyntaxKind::RightBracket
                | SyntaxKind::RightBrace
        ) || self.at_word("after");
        let column = i64::from(place.column);
        self.by_indentation && (column < self.indent || (column == self.indent && !closes))
    }

    /// Whether the next token stands further in than the line that opened the innermost block.
    pub(crate) fn is_indented(&self) -> bool {
        i64::from(self.column()) > self.indent
    }

    // Moving.

    /// Takes the next token.
    pub(crate) fn bump(&mut self) {
        if self.token(0).is_some() {
            self.events.push(Event::Token);
            self.position += 1;
        }
    }

    /// Takes the next token when it is of this kind.
    pub(crate) fn eat(&mut self, kind: SyntaxKind) -> bool {
        let fits = self.at(kind);
        if fits {
            self.bump();
        }
        fits
    }

    pub(crate) fn start(&mut self) -> Marker {
        self.events.push(Event::Start { kind: SyntaxKind::Error, parent: 0 });
        Marker(self.events.len() as u32 - 1)
    }

    pub(crate) fn complete(&mut self, marker: Marker, kind: SyntaxKind) -> Completed {
        if let Event::Start { kind: slot, .. } = &mut self.events[marker.0 as usize] {
            *slot = kind;
        }
        self.events.push(Event::Finish);
        Completed { start: marker.0, kind }
    }

    /// Opens a node around one that is complete.
    pub(crate) fn precede(&mut self, completed: Completed) -> Marker {
        let marker = self.start();
        if let Event::Start { parent, .. } = &mut self.events[completed.start as usize] {
            *parent = marker.0 - completed.start;
        }
        marker
    }

    /// Gives a marker up: what came since belongs to the node around.
    pub(crate) fn abandon(&mut self, marker: Marker) {
        self.events[marker.0 as usize] = Event::Nothing;
    }

    /// An empty node.
    pub(crate) fn empty(&mut self, kind: SyntaxKind) -> Completed {
        let marker = self.start();
        self.complete(marker, kind)
    }

    /// Takes the next token into a node of its own.
    pub(crate) fn bump_as(&mut self, kind: SyntaxKind) -> Completed {
        let marker = self.start();
        self.bump();
        self.complete(marker, kind)
    }

    // State that holds for a part of the text.

    /// Reads something with another meaning of line breaks.
    pub(crate) fn with_lines<T>(&mut self, lines: Lines, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.lines, lines);
        let result = read(self);
        self.lines = outer;
        result
    }

    /// Reads something between brackets.
    pub(crate) fn with_brackets<T>(&mut self, lines: Lines, read: impl FnOnce(&mut Self) -> T) -> T {
        self.brackets += 1;
        let outer_indent = self.indent;
        self.indent = self.previous_indent();
        let result = self.with_lines(lines, read);
        self.indent = outer_indent;
        self.brackets -= 1;
        result
    }

    /// Reads something one level deeper. Beyond the bound the rest of the item is skipped.
    pub(crate) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        if self.depth > NESTING_MAX && !self.gave_up {
            let span = self.span();
            self.error(problems::too_deep(span));
            self.gave_up = true;
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Notes that the next token opens something that `end` closes.
    pub(crate) fn opener(&self, word: &'static str) -> Opener {
        Opener { span: self.span(), word, outer_indent: self.indent }
    }

    /// Enters the block of an opener that stands on the line of the token before.
    pub(crate) fn enter(&mut self) {
        self.indent = self.previous_indent();
    }

    /// Takes the next token into an error node and goes on silently.
    pub(crate) fn skip_as_error(&mut self) {
        self.bump_error();
        self.recovering = true;
    }

    /// Whether the parser gave up on an item; begins anew with the next one.
    pub(crate) fn resume_after_giving_up(&mut self) -> bool {
        std::mem::take(&mut self.gave_up)
    }
}

fn places(tokens: &[Token]) -> Vec<Place> {
    let mut places = Vec::with_capacity(tokens.len());
    let (mut line_start, mut opens_line, mut indent) = (0, true, 0);
    for (index, token) in tokens.iter().enumerate() {
        if !token.kind.is_trivia() {
            let column = token.start - line_start;
            if opens_line {
                indent = column;
            }
            places.push(Place { token: index as u32, opens_line, column, indent });
            opens_line = false;
        }
        if let Some(at) = token.text.rfind('\n') {
            line_start = token.start + at as u32 + 1;
            opens_line |= token.kind.is_trivia();
        }
    }
    places
}
