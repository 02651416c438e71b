//! The form for machines: one JSON object per line.

use crate::{Diagnostic, Severity};
use serde_json::{Value, json};
use snow_text::{Sources, Span};

/// One diagnostic as a JSON object on one line, with a line break at its end.
pub fn render_json(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    };
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|l| with(place(sources, l.span), "text", l.text.as_str().into()))
        .collect();
    let fixes: Vec<Value> = diagnostic
        .fixes
        .iter()
        .map(|f| {
            let edits: Vec<Value> = f
                .edits
                .iter()
                .map(|(s, t)| with(place(sources, *s), "replacement", t.as_str().into()))
                .collect();
            json!({ "title": f.title, "edits": edits })
        })
        .collect();
    let object = json!({
        "code": diagnostic.code.0, "severity": severity, "message": diagnostic.message,
        "labels": labels, "helps": diagnostic.helps, "fixes": fixes,
    });
    format!("{object}\n")
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    object
}

fn place(sources: &Sources, span: Span) -> Value {
    let file = sources.get(span.source);
    let (from, to) = (file.lines.position(&file.text, span.start), file.lines.position(&file.text, span.end));
    json!({
        "path": file.path, "start": span.start, "end": span.end,
        "line": from.line, "column": from.column, "end_line": to.line, "end_column": to.column,
    })
}
