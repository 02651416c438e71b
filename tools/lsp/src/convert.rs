//! What `ide` and the front end say, in the protocol's types.

use crate::position;
use crate::uri;
use lsp_types as lsp;
use snow_diagnostics::{Diagnostic, Fix, Severity};
use snow_ide::{Completion, CompletionKind, Symbol, SymbolKind};
use snow_text::{SourceId, Sources, Span};
use std::path::PathBuf;

/// Finds the file of a source.
pub type Paths<'a> = &'a dyn Fn(SourceId) -> Option<PathBuf>;

/// A problem; its help follows its sentence, its other places are related ones.
pub fn diagnostic(sources: &Sources, paths: Paths, problem: &Diagnostic) -> lsp::Diagnostic {
    let severity = match problem.severity {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
    };
    let mut message = problem.message.clone();
    let first = problem.labels.iter().take(1).map(|label| &label.text).filter(|text| !text.is_empty());
    for line in first {
        message.push_str(&format!("\n{line}"));
    }
    for help in &problem.helps {
        message.push_str(&format!("\nhelp: {help}"));
    }
    let related: Vec<_> = problem.labels[1..]
        .iter()
        .filter_map(|label| {
            let location = location(sources, paths, label.span)?;
            Some(lsp::DiagnosticRelatedInformation { location, message: label.text.clone() })
        })
        .collect();
    lsp::Diagnostic {
        range: position::range(sources, problem.span()),
        severity: Some(severity),
        code: Some(lsp::NumberOrString::String(problem.code.0.to_string())),
        source: Some("snow".to_string()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..lsp::Diagnostic::default()
    }
}

/// A place.
pub fn location(sources: &Sources, paths: Paths, span: Span) -> Option<lsp::Location> {
    let uri = uri::of_path(&paths(span.source)?)?;
    Some(lsp::Location { uri, range: position::range(sources, span) })
}

/// Replacements in any files.
pub fn workspace_edit<'e>(
    sources: &Sources,
    paths: Paths,
    edits: impl IntoIterator<Item = (Span, &'e str)>,
) -> lsp::WorkspaceEdit {
    // The protocol has URIs for keys; hashing one reads nothing that changes.
    #[allow(clippy::mutable_key_type)]
    let mut changes = std::collections::HashMap::new();
    for (span, text) in edits {
        let Some(location) = location(sources, paths, span) else { continue };
        let edit = lsp::TextEdit { range: location.range, new_text: text.to_string() };
        changes.entry(location.uri).or_insert_with(Vec::new).push(edit);
    }
    lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }
}

/// A fix of a problem.
pub fn code_action(
    sources: &Sources,
    paths: Paths,
    problem: lsp::Diagnostic,
    fix: &Fix,
) -> lsp::CodeActionOrCommand {
    let edits = fix.edits.iter().map(|(span, text)| (*span, text.as_str()));
    lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
        title: fix.title.clone(),
        kind: Some(lsp::CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![problem]),
        edit: Some(workspace_edit(sources, paths, edits)),
        is_preferred: Some(true),
        ..lsp::CodeAction::default()
    })
}

/// Code in a box, then words.
pub fn markdown(code: &str, doc: &str) -> lsp::MarkupContent {
    let mut value = format!("```snow\n{code}\n```");
    if !doc.is_empty() {
        value.push_str(&format!("\n\n---\n\n{doc}"));
    }
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}

/// An offer; its place among the others is kept.
pub fn completion(range: lsp::Range, index: usize, offer: Completion) -> lsp::CompletionItem {
    let doc = lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: offer.doc };
    let edit = lsp::TextEdit { range, new_text: offer.name.clone() };
    lsp::CompletionItem {
        label: offer.name,
        kind: Some(completion_kind(offer.kind)),
        detail: (!offer.detail.is_empty()).then_some(offer.detail),
        documentation: (!doc.value.is_empty()).then_some(lsp::Documentation::MarkupContent(doc)),
        sort_text: Some(format!("{index:05}")),
        text_edit: Some(lsp::CompletionTextEdit::Edit(edit)),
        ..lsp::CompletionItem::default()
    }
}

fn completion_kind(kind: CompletionKind) -> lsp::CompletionItemKind {
    use lsp::CompletionItemKind as K;
    match kind {
        CompletionKind::Variable => K::VARIABLE,
        CompletionKind::Field => K::FIELD,
        CompletionKind::Method => K::METHOD,
        CompletionKind::Function => K::FUNCTION,
        CompletionKind::Constant => K::CONSTANT,
        CompletionKind::Variant => K::ENUM_MEMBER,
        CompletionKind::Struct => K::STRUCT,
        CompletionKind::Type => K::ENUM,
        CompletionKind::Interface => K::INTERFACE,
        CompletionKind::Module => K::MODULE,
        CompletionKind::Keyword => K::KEYWORD,
    }
}

/// A line of an outline with what is below it.
pub fn symbol(sources: &Sources, symbol: &Symbol) -> lsp::DocumentSymbol {
    let parts: Vec<_> = symbol.parts.iter().map(|part| self::symbol(sources, part)).collect();
    // The field is deprecated in favour of tags, but has no default.
    #[allow(deprecated)]
    lsp::DocumentSymbol {
        name: symbol.name.clone(),
        detail: None,
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: position::range(sources, symbol.span),
        selection_range: position::range(sources, symbol.name_span),
        children: (!parts.is_empty()).then_some(parts),
    }
}

fn symbol_kind(kind: SymbolKind) -> lsp::SymbolKind {
    use lsp::SymbolKind as K;
    match kind {
        SymbolKind::Function => K::FUNCTION,
        SymbolKind::Method | SymbolKind::Handler => K::METHOD,
        SymbolKind::Struct => K::STRUCT,
        SymbolKind::Type => K::ENUM,
        SymbolKind::Variant => K::ENUM_MEMBER,
        SymbolKind::Field => K::FIELD,
        SymbolKind::Interface => K::INTERFACE,
        SymbolKind::Impl => K::OBJECT,
        SymbolKind::Process => K::CLASS,
        SymbolKind::Constant => K::CONSTANT,
        SymbolKind::Test => K::EVENT,
    }
}

/// The edit that makes one text of another: only the lines that differ.
pub fn formatting_edit(old: &str, new: &str) -> Option<lsp::TextEdit> {
    if old == new {
        return None;
    }
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let shortest = before.len().min(after.len());
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let same_tail = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = same_tail.min(shortest - head);
    let lines = snow_text::LineIndex::new(old);
    let start: usize = before[..head].iter().map(|line| line.len()).sum();
    let end = start + before[head..before.len() - tail].iter().map(|line| line.len()).sum::<usize>();
    let range = lsp::Range {
        start: position::of_offset(old, &lines, start as u32),
        end: position::of_offset(old, &lines, end as u32),
    };
    Some(lsp::TextEdit { range, new_text: after[head..after.len() - tail].concat() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_touches_only_the_lines_that_differ() {
        let edit = formatting_edit("a\n  b\nc\n", "a\nb\nc\n").expect("they differ");
        let (start, end) = (edit.range.start, edit.range.end);
        assert_eq!((start.line, start.character, end.line, end.character), (1, 0, 2, 0));
        assert_eq!(edit.new_text, "b\n");
        assert_eq!(formatting_edit("a\n", "a\n"), None);
        let shorter = formatting_edit("a\n\n\n\nb\n", "a\n\nb\n").expect("they differ");
        assert_eq!((shorter.range.start.line, shorter.range.end.line, &*shorter.new_text), (2, 4, ""));
    }
}
