//! One look at a program: its problems, and for every name where it stands and what it means.

use crate::definitions::Canon;
use snow_diagnostics::Problems;
use snow_names::ParsedModule;
use snow_names::hir::{self, Target};
use snow_syntax::Tree;
use snow_text::{SourceId, Sources, Span};
use snow_types::Description;

/// The standard library, read once for all programs.
#[derive(Debug, Default)]
pub struct Library {
    /// Its files.
    pub sources: Sources,
    /// Its modules, parsed.
    pub modules: Vec<ParsedModule>,
}

/// The files of one program behind those of the library.
#[derive(Debug, Default)]
pub struct Program {
    /// The library's files and the program's own.
    pub sources: Sources,
    /// The program's own modules.
    pub modules: Vec<ParsedModule>,
    /// What parsing found.
    pub problems: Problems,
}

/// A name at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Occurrence {
    /// The name.
    pub span: Span,
    /// What it stands for; one thing has one target.
    pub target: Target,
    /// Whether it is the name where the thing is defined.
    pub is_definition: bool,
}

/// What is known of a program.
pub struct Analysis {
    /// Its files, the library's first.
    pub sources: Sources,
    /// What is wrong with it.
    pub problems: Problems,
    pub(crate) program: hir::Program,
    pub(crate) description: Description,
    pub(crate) canon: Canon,
    /// Ordered by place.
    occurrences: Vec<Occurrence>,
    /// How many of the files are the library's.
    library_count: u32,
}

impl Library {
    /// Resolves names of a program together with the library's.
    pub(crate) fn with<T>(&mut self, own: Vec<ParsedModule>, work: impl FnOnce(&[ParsedModule]) -> T) -> T {
        let count = self.modules.len();
        self.modules.extend(own);
        let result = work(&self.modules);
        self.modules.truncate(count);
        result
    }
}

impl Analysis {
    /// Looks at a program. Deep trees need a deep stack.
    pub fn new(library: &mut Library, program: Program) -> Analysis {
        let Program { sources, modules, mut problems } = program;
        let library_count = library.modules.len() as u32;
        let (program, description) = library.with(modules, |modules| {
            let program = snow_names::resolve(modules, &mut problems);
            let description = snow_types::describe(&program, &mut problems);
            (program, description)
        });
        let canon = Canon::new(&program, &sources);
        let mut analysis = Analysis {
            sources,
            problems,
            program,
            description,
            canon,
            occurrences: Vec::new(),
            library_count,
        };
        analysis.occurrences = analysis.all_occurrences();
        analysis
    }

    /// Enough to describe what is offered.
    pub(crate) fn for_offers(sources: Sources, program: hir::Program, description: Description) -> Analysis {
        let canon = Canon::new(&program, &sources);
        let problems = Problems::default();
        Analysis { sources, problems, program, description, canon, occurrences: Vec::new(), library_count: 0 }
    }

    fn all_occurrences(&self) -> Vec<Occurrence> {
        let mentions = self.program.mentions.iter().chain(&self.description.mentions);
        let mentions = mentions.map(|mention| {
            let target = self.canon.of(&self.program, mention.target);
            Occurrence { span: mention.span, target, is_definition: false }
        });
        let definitions = crate::definitions::all(&self.program, &self.sources).map(|(span, target)| {
            let target = self.canon.of(&self.program, target);
            Occurrence { span, target, is_definition: true }
        });
        let mut all: Vec<Occurrence> = definitions.chain(mentions).collect();
        all.retain(|occurrence| self.is_written(occurrence));
        // Definitions first, so that the further mention of the same name at its own place goes.
        all.sort_by_key(|o| (o.span, !o.is_definition));
        all.dedup_by(|b, a| a.span == b.span && a.target == b.target);
        all
    }

    /// Whether the text has a name there: sugar has names that nobody wrote.
    fn is_written(&self, occurrence: &Occurrence) -> bool {
        let span = occurrence.span;
        let text = self.sources.get(span.source).text.get(span.start as usize..span.end as usize);
        let is_name = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == '_');
        text.is_some_and(|text| !text.is_empty() && is_name(text))
    }

    /// Whether a file belongs to the standard library.
    pub fn is_library(&self, source: SourceId) -> bool {
        source.0 < self.library_count
    }

    /// The file with a path.
    pub fn source(&self, path: &str) -> Option<SourceId> {
        self.sources.iter().find(|(_, source)| source.path == path).map(|(id, _)| id)
    }

    /// The files of the program itself.
    pub fn own_sources(&self) -> impl Iterator<Item = SourceId> {
        self.sources.iter().map(|(id, _)| id).filter(|id| !self.is_library(*id))
    }

    pub(crate) fn tree(&self, source: SourceId) -> Tree {
        snow_syntax::parse(source, &self.sources.get(source).text, &mut Problems::default())
    }

    /// The names that touch an offset: more than one where a name stands for a field and a local alike.
    pub fn at(&self, source: SourceId, offset: u32) -> impl Iterator<Item = &Occurrence> {
        let first = self.occurrences.partition_point(|o| (o.span.source, o.span.end) < (source, offset));
        let touching = self.occurrences[first..].iter().take_while(move |o| o.span.source == source);
        // Names do not nest, so that ordered by their beginnings they are ordered by their ends.
        touching.take_while(move |o| o.span.start <= offset).filter(move |o| o.span.end >= offset)
    }

    /// Where a name in the program's own files means the same thing as one of these.
    pub fn occurrences_of(&self, target: Target) -> impl Iterator<Item = &Occurrence> {
        self.occurrences.iter().filter(move |o| o.target == target && !self.is_library(o.span.source))
    }

    /// Where the things are defined whose name touches an offset.
    pub fn definitions_at(&self, source: SourceId, offset: u32) -> Vec<Span> {
        let found: Vec<&Occurrence> = self.at(source, offset).collect();
        let mut places: Vec<Span> = Vec::new();
        for occurrence in &found {
            let place = self.definition(occurrence.target);
            // In `Point { x }` the name is of the field and of a local: the local's own place leads nowhere.
            let is_here = place == Some(occurrence.span) && found.len() > 1;
            if let Some(place) = place.filter(|place| !is_here && !places.contains(place)) {
                places.push(place);
            }
        }
        places
    }

    /// All places, in the program's own files, of the things whose name touches an offset.
    pub fn references_at(&self, source: SourceId, offset: u32) -> Vec<&Occurrence> {
        let targets: Vec<Target> = self.at(source, offset).map(|o| o.target).collect();
        let mut found: Vec<&Occurrence> =
            targets.iter().flat_map(|target| self.occurrences_of(*target)).collect();
        found.sort_by_key(|o| o.span);
        found.dedup_by_key(|o| o.span);
        found
    }
}
