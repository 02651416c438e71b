//! The form for people: `annotate-snippets` draws it as rustc does.

use crate::{Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use snow_text::{SourceId, Sources};

/// One diagnostic as text, with a line break at its end. `colour` adds terminal escapes.
pub fn render_terminal(sources: &Sources, diagnostic: &Diagnostic, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE,
    };
    let mut group = Group::with_title(level.primary_title(&*diagnostic.message).id(diagnostic.code.0));
    for source in files(diagnostic) {
        let file = sources.get(source);
        let mut snippet = Snippet::source(&*file.text).path(&*file.path).fold(true);
        for (index, label) in diagnostic.labels.iter().enumerate().filter(|(_, l)| l.span.source == source) {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let range = label.span.start as usize..label.span.end as usize;
            snippet =
                snippet.annotation(kind.span(range).label((!label.text.is_empty()).then_some(&*label.text)));
        }
        group = group.element(snippet);
    }
    for help in &diagnostic.helps {
        group = group.element(Level::HELP.message(&**help));
    }
    // What an editor would do is told where no help says it in the words of the problem.
    for fix in diagnostic.fixes.iter().filter(|_| diagnostic.helps.is_empty()) {
        group = group.element(Level::HELP.message(&*fix.title));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    format!("{}\n", renderer.render(&[group]))
}

fn files(diagnostic: &Diagnostic) -> Vec<SourceId> {
    let mut seen = Vec::new();
    for label in &diagnostic.labels {
        if !seen.contains(&label.span.source) {
            seen.push(label.span.source);
        }
    }
    seen
}
