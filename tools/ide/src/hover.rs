//! What is shown of a name: its type as users read it, or its definition, and its documentation.

use crate::Analysis;
use snow_names::hir::{FunctionKind, LocalId, Target};
use snow_syntax::SyntaxKind;
use snow_text::{SourceId, Span};

/// Lines of a definition that are shown at most.
const DEFINITION_LINES_MAX: usize = 24;

/// What is known of a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// The name at hand.
    pub span: Span,
    /// Code: a type, a signature or a definition.
    pub code: String,
    /// Documentation, Markdown; may be empty.
    pub doc: String,
}

impl Analysis {
    /// What to show of the name that touches an offset.
    pub fn hover(&self, source: SourceId, offset: u32) -> Option<Hover> {
        self.at(source, offset).find_map(|occurrence| {
            let code = self.code(occurrence.target)?;
            Some(Hover { span: occurrence.span, code, doc: self.doc(occurrence.target) })
        })
    }

    /// A thing as code: `name : type`, or its definition.
    pub fn code(&self, target: Target) -> Option<String> {
        let (program, description) = (&self.program, &self.description);
        let code = match target {
            Target::Module(id) => {
                let module = &program.modules[id];
                match (module.name_span, module.name.as_str()) {
                    (Some(_), name) => format!("service {}", name.rsplit('.').next().unwrap_or(name)),
                    (None, "") => "the main module".to_string(),
                    (None, name) => format!("module {name}"),
                }
            }
            Target::Local(id) => match self.canon.lifted.get(&id) {
                Some(function) => description.signatures[*function].clone(),
                None => self.typed_local(id)?,
            },
            Target::Function(id) if program.functions[id].kind == FunctionKind::Constant => {
                format!("{} : {}", program.functions[id].name, description.results[id])
            }
            Target::Function(id) => description.signatures[id].clone(),
            Target::Parameter(id, index) => {
                self.typed_local(program.functions[id].params.get(index as usize)?.local)?
            }
            Target::InterfaceMethod(id, index) => {
                description.methods[id].get(index as usize).cloned().unwrap_or_default()
            }
            Target::Type(_) | Target::Interface(_) => self.item_text(self.definition(target)?)?,
            Target::Variant(variant) => {
                let own = self.part_text(self.definition(target)?)?;
                format!("{own} # of {}", program.types[variant.ty].name)
            }
            Target::Field(_) => self.part_text(self.definition(target)?)?,
        };
        (!code.is_empty()).then_some(code)
    }

    fn typed_local(&self, id: LocalId) -> Option<String> {
        let ty = &self.description.locals[id];
        (!ty.is_empty()).then(|| format!("{} : {ty}", self.program.locals[id].name))
    }

    /// The `##` lines of a thing, Markdown.
    pub fn doc(&self, target: Target) -> String {
        let program = &self.program;
        match target {
            Target::Module(id) => match program.modules[id].name_span {
                None => self.tree(program.modules[id].source).root().docs().unwrap_or_default(),
                Some(name) => self.item_doc(name),
            },
            Target::Function(id) if program.functions[id].doc.is_empty() => {
                self.item_doc(program.functions[id].name_span)
            }
            Target::Function(id) => program.functions[id].doc.clone(),
            Target::Type(id) => program.types[id].doc.clone(),
            Target::Interface(id) => program.interfaces[id].doc.clone(),
            Target::InterfaceMethod(id, index) => program.interfaces[id].methods[index as usize].doc.clone(),
            Target::Variant(variant) => self.variant(variant).map(|v| v.doc.clone()).unwrap_or_default(),
            Target::Field(field) => self.field(field).map(|f| f.doc.clone()).unwrap_or_default(),
            Target::Local(id) => {
                let lifted = self.canon.lifted.get(&id);
                lifted.map(|function| program.functions[*function].doc.clone()).unwrap_or_default()
            }
            Target::Parameter(..) => String::new(),
        }
    }

    /// The documentation in front of the item or handler with a name: services have no definition of their own.
    fn item_doc(&self, name: Span) -> String {
        let Some(node) = self.node_around(name, is_item) else { return String::new() };
        let tokens = node.children_with_tokens().filter_map(|element| element.into_token());
        let docs = tokens.take_while(|token| token.kind().is_trivia());
        let lines = docs.filter(|token| token.kind() == SyntaxKind::DocComment).map(|token| {
            let line = token.text().trim_start_matches('#').trim_end();
            line.strip_prefix(' ').unwrap_or(line).to_string()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The item with a name, as written.
    fn item_text(&self, name: Span) -> Option<String> {
        let node = self.node_around(name, is_item)?;
        let text = self.sources.text(snow_syntax::span_of(name.source, &node));
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() <= DEFINITION_LINES_MAX {
            return Some(text.trim_end().to_string());
        }
        Some(lines[..DEFINITION_LINES_MAX].join("\n") + "\n  …")
    }

    /// The variant or field with a name, as written.
    fn part_text(&self, name: Span) -> Option<String> {
        use SyntaxKind::{StructField, Variant, VariantField};
        let node = self.node_around(name, |kind| matches!(kind, StructField | Variant | VariantField))?;
        Some(self.sources.text(snow_syntax::span_of(name.source, &node)).trim_end().to_string())
    }

    /// The nearest node of some kind around a place.
    pub(crate) fn node_around(
        &self,
        place: Span,
        fits: impl Fn(SyntaxKind) -> bool,
    ) -> Option<snow_syntax::SyntaxNode> {
        let root = self.tree(place.source).syntax();
        let token = root.token_at_offset(place.start.into()).right_biased()?;
        token.parent_ancestors().find(|node| fits(node.kind()))
    }
}

fn is_item(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::Struct
            | K::SumType
            | K::TypeAlias
            | K::Interface
            | K::Service
            | K::Supervisor
            | K::Constant
            | K::Function
            | K::Actor
            | K::CallHandler
            | K::CastHandler
    )
}
