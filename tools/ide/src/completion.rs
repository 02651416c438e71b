//! What could be written at a place.
//!
//! A made-up name is put where the cursor is and the program is resolved with it: the front end then says what is in
//! scope there, what the module before the dot has, or what the type of the value before the dot offers.

use crate::Analysis;
use crate::analysis::{Library, Program};
use snow_diagnostics::Problems;
use snow_names::hir::{FunctionKind, Offer, Target, TypeDefKind};
use snow_syntax::{SyntaxKind, SyntaxNode};
use snow_text::{SourceId, Sources, Symbol};
use std::collections::HashSet;
use std::ops::Range;

/// Stands where a small name could.
const SMALL: &str = "snow_wanted_name";
/// Stands where a capitalised name could.
const CAPITALISED: &str = "SnowWantedName";

/// What kind of thing is offered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CompletionKind {
    /// A local or parameter.
    Variable,
    /// A field.
    Field,
    /// A method of an impl or interface.
    Method,
    /// A function or actor.
    Function,
    /// A constant.
    Constant,
    /// A variant.
    Variant,
    /// A struct.
    Struct,
    /// Any other type.
    Type,
    /// An interface.
    Interface,
    /// A module or service.
    Module,
    /// A word of the language.
    Keyword,
}

/// One offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What is written.
    pub name: String,
    /// What it is.
    pub kind: CompletionKind,
    /// Its type or definition in one line; may be empty.
    pub detail: String,
    /// Documentation, Markdown; may be empty.
    pub doc: String,
}

/// What could stand at an offset of a text, and which bytes of it that replaces. `program` gives the program with
/// another text for this file. Deep trees need a deep stack.
pub fn complete(
    library: &mut Library,
    source: SourceId,
    (text, offset): (&str, u32),
    program: impl FnOnce(&Library, String) -> Program,
) -> (Range<u32>, Vec<Completion>) {
    let range = word_around(text, offset);
    let prefix = &text[range.start as usize..offset as usize];
    let mark = if prefix.starts_with(char::is_uppercase) { CAPITALISED } else { SMALL };
    let marked = format!("{}{mark}{}", &text[..range.start as usize], &text[range.end as usize..]);
    let Some(place) = place_of(source, &marked, range.start) else { return (range, Vec::new()) };
    let wanted = Symbol::new(mark);
    let Program { sources, modules, .. } = program(library, marked);
    let found = library.with(modules, |modules| {
        let resolved = snow_names::resolve_for_completion(modules, wanted);
        let description = snow_types::describe(&resolved, &mut Problems::default());
        Analysis::for_offers(sources, resolved, description)
    });
    let mut completions = match &place {
        Place::Import(before) => found.modules_below(before),
        Place::ImportedName(module) => found.exports(module),
        Place::Name => found.offered(),
    };
    if place == Place::Name && found.is_scope() {
        completions.extend(keywords(|_| true));
    } else if place == Place::Name && completions.is_empty() && is_alone(source, &found.sources, range.start)
    {
        completions.extend(keywords(|word| ITEM_WORDS.contains(&word)));
    }
    let small = prefix.to_lowercase();
    completions.retain(|c| c.name.to_lowercase().starts_with(&small) && !c.name.contains(mark));
    (range, completions)
}

/// Words that begin an item, those included that are no reserved words.
const ITEM_WORDS: [&str; 10] =
    ["actor", "fn", "impl", "import", "interface", "let", "pub", "service", "struct", "type"];

fn keywords(fits: impl Fn(&str) -> bool) -> impl Iterator<Item = Completion> {
    let words = SyntaxKind::keywords().filter(move |word| fits(word));
    words.map(|word| Completion {
        name: word.to_string(),
        kind: CompletionKind::Keyword,
        detail: String::new(),
        doc: String::new(),
    })
}

/// The letters around an offset.
fn word_around(text: &str, offset: u32) -> Range<u32> {
    let offset = offset as usize;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = text[..offset].chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    let after = text[offset..].chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    (offset - before) as u32..(offset + after) as u32
}

/// Where the wanted name stands.
#[derive(PartialEq, Eq)]
enum Place {
    /// In the path of an import, behind these names and their dots.
    Import(String),
    /// Among the names imported from this module.
    ImportedName(String),
    /// Anywhere else.
    Name,
}

/// `None` where no name can stand: in comments, strings and numbers.
fn place_of(source: SourceId, marked: &str, start: u32) -> Option<Place> {
    let tree = snow_syntax::parse(source, marked, &mut Problems::default());
    let token = tree.syntax().token_at_offset(start.into()).right_biased()?;
    if token.kind() != SyntaxKind::Ident || u32::from(token.text_range().start()) != start {
        return None;
    }
    let import = |node: &SyntaxNode| matches!(node.kind(), SyntaxKind::Import | SyntaxKind::FromImport);
    let Some(node) = token.parent_ancestors().find(import) else { return Some(Place::Name) };
    let path = node.children().find(|child| child.kind() == SyntaxKind::Path);
    let words = path.iter().flat_map(|path| path.children_with_tokens());
    let words = words.filter_map(|element| element.into_token()).filter(|token| token.kind().is_word());
    let all: Vec<_> = words.collect();
    if all.contains(&token) {
        let before = all.iter().take_while(|word| **word != token);
        return Some(Place::Import(before.map(|word| format!("{}.", word.text())).collect()));
    }
    let names: Vec<&str> = all.iter().map(|word| word.text()).collect();
    Some(Place::ImportedName(names.join(".")))
}

/// Whether a name is the first thing on its line.
fn is_alone(source: SourceId, sources: &Sources, start: u32) -> bool {
    let text = &sources.get(source).text[..start as usize];
    text.rsplit('\n').next().is_some_and(|line| line.trim().is_empty() || line.trim() == "pub")
}

impl Analysis {
    /// Whether what is offered is a scope rather than the parts of one thing.
    fn is_scope(&self) -> bool {
        self.program.offers.iter().any(|offer| offer.target.is_none())
    }

    fn offered(&self) -> Vec<Completion> {
        let offers = self.program.offers.iter().chain(&self.description.offers);
        let mut seen = HashSet::new();
        let mut found: Vec<Completion> = offers
            .filter(|offer| seen.insert((offer.name, offer.target.map(kind_class))))
            .map(|offer| self.completion(offer))
            .collect();
        found.sort_by(|a, b| (rank(a.kind), &a.name).cmp(&(rank(b.kind), &b.name)));
        found
    }

    fn completion(&self, offer: &Offer) -> Completion {
        let Some(target) = offer.target else {
            let small = !offer.name.as_str().starts_with(char::is_uppercase);
            let kind = if small { CompletionKind::Keyword } else { CompletionKind::Type };
            let (detail, doc) = (String::new(), String::new());
            return Completion { name: offer.name.to_string(), kind, detail, doc };
        };
        let detail = self.code(target).unwrap_or_default();
        let detail = detail.lines().next().unwrap_or_default().to_string();
        // A module's documentation is a page: hovering shows it.
        let doc = if matches!(target, Target::Module(_)) { String::new() } else { self.doc(target) };
        Completion { name: offer.name.to_string(), kind: self.kind(target), detail, doc }
    }

    fn kind(&self, target: Target) -> CompletionKind {
        match target {
            Target::Module(_) => CompletionKind::Module,
            Target::Local(_) | Target::Parameter(..) => CompletionKind::Variable,
            Target::Interface(_) => CompletionKind::Interface,
            Target::InterfaceMethod(..) => CompletionKind::Method,
            Target::Variant(_) => CompletionKind::Variant,
            Target::Field(_) => CompletionKind::Field,
            Target::Type(id) => match self.program.types[id].kind {
                TypeDefKind::Struct(_) => CompletionKind::Struct,
                _ => CompletionKind::Type,
            },
            Target::Function(id) => match self.program.functions[id].kind {
                FunctionKind::Constant => CompletionKind::Constant,
                FunctionKind::Method(_) | FunctionKind::InterfaceDefault(_) => CompletionKind::Method,
                _ => CompletionKind::Function,
            },
        }
    }

    /// The modules whose names begin so.
    fn modules_below(&self, before: &str) -> Vec<Completion> {
        let modules = self.program.modules.iter().filter(|(_, module)| module.name_span.is_none());
        let mut found: Vec<Completion> = modules
            .filter_map(|(id, module)| {
                let name = module.name.as_str().strip_prefix(before).filter(|name| !name.is_empty())?;
                let completion =
                    self.completion(&Offer { name: Symbol::new(name), target: Some(Target::Module(id)) });
                Some(completion)
            })
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    /// What a module has for others.
    fn exports(&self, module: &str) -> Vec<Completion> {
        let program = &self.program;
        let named =
            |(_, m): &(_, &snow_names::hir::Module)| m.name.as_str() == module && m.name_span.is_none();
        let Some((_, module)) = program.modules.iter().find(named) else { return Vec::new() };
        let functions = module.functions.iter().filter(|(_, id)| program.functions[*id].public);
        let functions =
            functions.map(|(name, id)| Offer { name: *name, target: Some(Target::Function(*id)) });
        let types = module.types.iter().filter(|id| program.types[**id].public);
        let types = types.map(|id| Offer { name: program.types[*id].name, target: Some(Target::Type(*id)) });
        functions.chain(types).map(|offer| self.completion(&offer)).collect()
    }
}

/// A name is offered once as a value, once as a type or module.
fn kind_class(target: Target) -> bool {
    matches!(target, Target::Module(_) | Target::Type(_) | Target::Interface(_))
}

/// What is near comes first.
fn rank(kind: CompletionKind) -> u8 {
    match kind {
        CompletionKind::Variable | CompletionKind::Field => 0,
        CompletionKind::Function | CompletionKind::Method | CompletionKind::Constant => 1,
        CompletionKind::Variant | CompletionKind::Struct | CompletionKind::Type => 2,
        CompletionKind::Interface | CompletionKind::Module => 3,
        CompletionKind::Keyword => 4,
    }
}
