//! What must hold whatever the compiler reads: every stage ends, problems point into the text and can be drawn, and a
//! program without errors becomes machine code that passes every verifier.

use super::Case;
use snow_diagnostics::Problems;
use snow_driver::pipeline::{self, Checked};
use snow_names::ParsedModule;
use snow_text::Sources;

/// Problems that are drawn, of each case.
const SHOWN_MAX: usize = 20;

/// How far a case came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// It has errors, and was told so.
    Errors,
    /// It became machine code.
    Code,
}

/// The library, read once.
pub struct Checker {
    library: Vec<ParsedModule>,
    sources: Sources,
}

impl Default for Checker {
    fn default() -> Self {
        let mut sources = Sources::default();
        let modules = snow_driver::project::load_library(&mut sources);
        let library = pipeline::parse(modules, &sources, &mut Problems::default());
        Checker { library, sources }
    }
}

impl Checker {
    /// Takes a case through the compiler.
    ///
    /// # Panics
    /// When something does not hold; that is what it is for.
    pub fn check(&self, case: &Case) -> Reached {
        let (mut sources, mut problems) = (self.sources.clone(), Problems::default());
        let modules = self.modules(case, &mut sources, &mut problems);
        let hir = snow_names::resolve(&modules, &mut problems);
        let typed = snow_types::check(&hir, &mut problems);
        look_at(&problems, &sources);
        if problems.has_errors() {
            return Reached::Errors;
        }
        let program = pipeline::concrete(Checked { hir, typed }, &sources);
        let options = snow_native::Options { verify: true, ..snow_native::Options::default() };
        let _image = snow_native::generate_with(&program, &options);
        Reached::Code
    }

    fn modules(&self, case: &Case, sources: &mut Sources, problems: &mut Problems) -> Vec<ParsedModule> {
        let known = |m: &ParsedModule| ParsedModule {
            name: m.name.clone(),
            source: m.source,
            path: m.path.clone(),
            tree: m.tree.clone(),
            is_std: true,
        };
        let mut modules: Vec<ParsedModule> = self.library.iter().map(known).collect();
        for file in &case.files {
            let path = format!("{}.snow", file.module);
            let source = sources.add(path.clone(), &*file.text);
            let tree = snow_syntax::parse(source, &file.text, problems);
            assert_eq!(tree.syntax().text().to_string(), file.text, "the tree holds the whole text");
            modules.push(ParsedModule { name: file.module.clone(), source, path, tree, is_std: false });
        }
        modules
    }
}

/// Problems can be drawn, in both ways.
fn look_at(problems: &Problems, sources: &Sources) {
    for problem in problems.sorted() {
        for label in &problem.labels {
            let text = &sources.get(label.span.source).text;
            let range = label.span.start as usize..label.span.end as usize;
            assert!(text.get(range).is_some(), "a label points into the text: {problem:?}");
        }
        for (span, _) in problem.fixes.iter().flat_map(|fix| &fix.edits) {
            let range = span.start as usize..span.end as usize;
            assert!(
                sources.get(span.source).text.get(range).is_some(),
                "an edit is of the text: {problem:?}"
            );
        }
    }
    for problem in problems.sorted().iter().take(SHOWN_MAX) {
        assert!(!snow_diagnostics::render::render_terminal(sources, problem, false).is_empty());
        assert!(!snow_diagnostics::render::render_json(sources, problem).is_empty());
    }
}
