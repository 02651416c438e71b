//! One function for each question of an editor.

use crate::documents::Documents;
use crate::projects::{self, Projects, Root};
use crate::{convert, position, uri};
use lsp_types as lsp;
use snow_ide::{Analysis, RenameError};
use snow_text::{SourceId, Sources, Span};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What questions are answered from.
pub struct State {
    /// The open documents.
    pub documents: Documents,
    /// The programs; absent until the first question.
    projects: Option<Projects>,
    /// The directories that the editor has open.
    folders: Vec<PathBuf>,
}

/// A place of a document in its program.
struct Place {
    root: Root,
    path: PathBuf,
    source: SourceId,
    offset: u32,
}

impl State {
    /// No document is open yet.
    pub fn new(folders: Vec<PathBuf>) -> State {
        State { documents: Documents::default(), projects: None, folders }
    }

    /// All programs; the library is read at the first use.
    pub fn projects(&mut self) -> &mut Projects {
        self.projects.get_or_insert_with(|| Projects::new(self.folders.clone()))
    }

    /// What is known of a document's program, and which of its files the document is.
    fn look(&mut self, path: &Path) -> Option<(Root, SourceId)> {
        self.projects();
        let projects = self.projects.as_mut()?;
        let root = projects.root(path);
        projects.analysis(&root, &self.documents);
        let source = self.projects.as_ref()?.source(self.known(&root), path)?;
        Some((root, source))
    }

    fn known(&self, root: &Root) -> &Analysis {
        self.projects.as_ref().and_then(|projects| projects.get(root)).expect("it has been looked at")
    }

    fn paths(&self, root: &Root) -> impl Fn(SourceId) -> Option<PathBuf> {
        |source| self.projects.as_ref()?.path(self.known(root), source)
    }

    fn place(&mut self, at: &lsp::TextDocumentPositionParams) -> Option<Place> {
        let path = uri::to_path(&at.text_document.uri);
        let (root, source) = self.look(&path)?;
        let offset = position::in_source(self.known(&root).sources.get(source), at.position);
        Some(Place { root, path, source, offset })
    }

    /// A type, a signature or a definition, and its documentation.
    pub fn hover(&mut self, params: lsp::HoverParams) -> Option<lsp::Hover> {
        let place = self.place(&params.text_document_position_params)?;
        let analysis = self.known(&place.root);
        let hover = analysis.hover(place.source, place.offset)?;
        let contents = lsp::HoverContents::Markup(convert::markdown(&hover.code, &hover.doc));
        Some(lsp::Hover { contents, range: Some(position::range(&analysis.sources, hover.span)) })
    }

    /// Where the name at a place is defined.
    pub fn definition(&mut self, params: lsp::GotoDefinitionParams) -> Option<lsp::GotoDefinitionResponse> {
        let place = self.place(&params.text_document_position_params)?;
        let spans = self.known(&place.root).definitions_at(place.source, place.offset);
        Some(lsp::GotoDefinitionResponse::Array(self.locations(&place.root, spans)))
    }

    fn locations(&self, root: &Root, spans: impl IntoIterator<Item = Span>) -> Vec<lsp::Location> {
        let (sources, paths) = (&self.known(root).sources, self.paths(root));
        spans.into_iter().filter_map(|span| convert::location(sources, &paths, span)).collect()
    }

    /// Every place of the name at a place.
    pub fn references(&mut self, params: lsp::ReferenceParams) -> Option<Vec<lsp::Location>> {
        let place = self.place(&params.text_document_position)?;
        let all = self.known(&place.root).references_at(place.source, place.offset);
        let with_definition = params.context.include_declaration;
        let spans = all.into_iter().filter(|o| with_definition || !o.is_definition).map(|o| o.span);
        Some(self.locations(&place.root, spans))
    }

    /// The places of a name in its own document.
    pub fn highlights(
        &mut self,
        params: lsp::DocumentHighlightParams,
    ) -> Option<Vec<lsp::DocumentHighlight>> {
        let place = self.place(&params.text_document_position_params)?;
        let analysis = self.known(&place.root);
        let all = analysis.references_at(place.source, place.offset).into_iter();
        let here = all.filter(|o| o.span.source == place.source);
        let highlights = here.map(|o| lsp::DocumentHighlight {
            range: position::range(&analysis.sources, o.span),
            kind: Some(lsp::DocumentHighlightKind::TEXT),
        });
        Some(highlights.collect())
    }

    /// The name that would be changed.
    ///
    /// # Errors
    /// When it cannot be.
    pub fn renamable(
        &mut self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<lsp::PrepareRenameResponse, RenameError> {
        let place = self.place(&params).ok_or(RenameError::Nothing)?;
        let analysis = self.known(&place.root);
        let span = analysis.renamable(place.source, place.offset)?;
        Ok(lsp::PrepareRenameResponse::Range(position::range(&analysis.sources, span)))
    }

    /// The edits that change a name everywhere.
    ///
    /// # Errors
    /// When that cannot be done, or would change what something means.
    pub fn rename(&mut self, params: lsp::RenameParams) -> Result<lsp::WorkspaceEdit, RenameError> {
        let place = self.place(&params.text_document_position).ok_or(RenameError::Nothing)?;
        let edits = self.known(&place.root).rename(place.source, place.offset, &params.new_name)?;
        let texts = edited(&self.known(&place.root).sources, &edits);
        let projects = self.projects.as_mut().expect("it has been looked at");
        let renamed = projects.load(&place.root, &|path| {
            let text = texts.get(path).cloned();
            text.or_else(|| self.documents.get(path).map(|document| document.text.clone()))
        });
        let (analysis, library) = projects.with_library(&place.root, &self.documents);
        analysis.check_renamed(library, renamed, &edits, &params.new_name)?;
        let paths = self.paths(&place.root);
        let edits = edits.iter().map(|edit| (edit.span, edit.text.as_str()));
        Ok(convert::workspace_edit(&self.known(&place.root).sources, &paths, edits))
    }

    /// What could be written at a place.
    pub fn completion(&mut self, params: lsp::CompletionParams) -> Option<lsp::CompletionResponse> {
        let place = self.place(&params.text_document_position)?;
        let source = self.known(&place.root).sources.get(place.source).clone();
        let projects = self.projects.as_mut()?;
        let (documents, root) = (&self.documents, &place.root);
        let (range, offers) =
            projects.complete(place.source, (&source.text, place.offset), &|library, marked| {
                projects::load(library, root, &|path| {
                    let is_here = path == place.path;
                    is_here.then(|| marked.clone()).or_else(|| Some(documents.get(path)?.text.clone()))
                })
            });
        let of = |offset| position::of_offset(&source.text, &source.lines, offset);
        let range = lsp::Range { start: of(range.start), end: of(range.end) };
        let items = offers.into_iter().enumerate();
        let items = items.map(|(index, offer)| convert::completion(range, index, offer)).collect();
        Some(lsp::CompletionResponse::Array(items))
    }

    /// The text of a document, read from disk when the editor has not opened it.
    fn text(&self, path: &Path) -> Option<String> {
        match self.documents.get(path) {
            Some(document) => Some(document.text.clone()),
            None => std::fs::read_to_string(path).ok(),
        }
    }

    /// The outline of a document.
    pub fn symbols(&mut self, params: lsp::DocumentSymbolParams) -> Option<lsp::DocumentSymbolResponse> {
        let path = uri::to_path(&params.text_document.uri);
        let mut sources = Sources::default();
        let source = sources.add(path.display().to_string(), self.text(&path)?);
        let symbols = snow_ide::symbols(source, &sources.get(source).text);
        let symbols = symbols.iter().map(|symbol| convert::symbol(&sources, symbol)).collect();
        Some(lsp::DocumentSymbolResponse::Nested(symbols))
    }

    /// The edits that give a document its tidy form; none when its text has errors.
    pub fn formatting(&mut self, params: lsp::DocumentFormattingParams) -> Option<Vec<lsp::TextEdit>> {
        let text = self.text(&uri::to_path(&params.text_document.uri))?;
        let tidy = snow_format::format(SourceId(0), &text).ok()?;
        Some(convert::formatting_edit(&text, &tidy).into_iter().collect())
    }

    /// The fixes of the problems that a range touches.
    pub fn code_actions(&mut self, params: lsp::CodeActionParams) -> Option<lsp::CodeActionResponse> {
        let (root, source) = self.look(&uri::to_path(&params.text_document.uri))?;
        let analysis = self.known(&root);
        let paths = self.paths(&root);
        let file = analysis.sources.get(source);
        let [start, end] = [params.range.start, params.range.end].map(|p| position::in_source(file, p));
        let touching = analysis.problems.sorted().into_iter().filter(|problem| {
            let span = problem.span();
            span.source == source && span.start <= end && span.end >= start
        });
        let actions = touching.flat_map(|problem| {
            let shown = convert::diagnostic(&analysis.sources, &paths, problem);
            let fixes = problem.fixes.iter();
            fixes
                .map(|fix| convert::code_action(&analysis.sources, &paths, shown.clone(), fix))
                .collect::<Vec<_>>()
        });
        Some(actions.collect())
    }

    /// The inferred types to show in a range.
    pub fn hints(&mut self, params: lsp::InlayHintParams) -> Option<Vec<lsp::InlayHint>> {
        let (root, source) = self.look(&uri::to_path(&params.text_document.uri))?;
        let analysis = self.known(&root);
        let file = analysis.sources.get(source);
        let range =
            position::in_source(file, params.range.start)..position::in_source(file, params.range.end) + 1;
        let hints = analysis.hints(source, range).into_iter().map(|hint| lsp::InlayHint {
            position: position::of_offset(&file.text, &file.lines, hint.offset),
            label: lsp::InlayHintLabel::String(hint.label),
            kind: Some(lsp::InlayHintKind::TYPE),
            text_edits: None,
            tooltip: None,
            padding_left: None,
            padding_right: None,
            data: None,
        });
        Some(hints.collect())
    }

    /// The problems of a document's program, by file; every file of the program is there.
    pub fn problems(&mut self, path: &Path) -> Vec<(PathBuf, Vec<lsp::Diagnostic>)> {
        let Some((root, _)) = self.look(path) else { return Vec::new() };
        let analysis = self.known(&root);
        let paths = self.paths(&root);
        let mut found: HashMap<SourceId, Vec<lsp::Diagnostic>> =
            analysis.own_sources().map(|source| (source, Vec::new())).collect();
        for problem in analysis.problems.sorted() {
            if let Some(list) = found.get_mut(&problem.span().source) {
                list.push(convert::diagnostic(&analysis.sources, &paths, problem));
            }
        }
        let mut files: Vec<_> =
            found.into_iter().filter_map(|(source, list)| Some((paths(source)?, list))).collect();
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files
    }

    /// Takes note that a document is not what it was.
    pub fn changed(&mut self, path: &Path) {
        let projects = self.projects();
        let root = projects.root(path);
        projects.changed(&root);
    }
}

/// The texts of the files that edits change.
fn edited(sources: &Sources, edits: &[snow_ide::Edit]) -> HashMap<PathBuf, String> {
    let mut texts: HashMap<SourceId, String> = HashMap::new();
    let mut ordered: Vec<&snow_ide::Edit> = edits.iter().collect();
    // From the end of each file, so that earlier places stay where they are.
    ordered.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    for edit in ordered {
        let text =
            texts.entry(edit.span.source).or_insert_with(|| sources.get(edit.span.source).text.clone());
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    texts.into_iter().map(|(source, text)| (PathBuf::from(&sources.get(source).path), text)).collect()
}
