//! The second pass: imports are connected to modules; circles among them are reported.

use crate::ParsedModule;
use crate::codes;
use crate::definition::{Alias, Definitions, ImportUse, Imported};
use crate::hir::{Mention, ModuleId, Target};
use crate::suggest::nearest;
use snow_diagnostics::{Diagnostic, Problems};
use snow_syntax::ast::{self, Name};
use snow_text::{SourceId, Span, Symbol};
use std::collections::{HashMap, HashSet};

type Edges = HashMap<ModuleId, Vec<(ModuleId, Span)>>;

/// Enters all imports into the tables.
pub(crate) fn connect(modules: &[ParsedModule], definitions: &mut Definitions, problems: &mut Problems) {
    let mut edges = Edges::new();
    for (index, parsed) in modules.iter().enumerate() {
        let module = ModuleId(index as u32);
        for item in parsed.tree.root().items() {
            let target = match &item {
                ast::Item::Import(import) => whole(module, import, definitions, problems),
                ast::Item::FromImport(import) => names(module, import, definitions, problems),
                _ => None,
            };
            if let Some(target) = target {
                edges.entry(module).or_default().push((target, item.span()));
            }
        }
    }
    report_circles(definitions, &edges, problems);
}

/// The module of a path; reports one that does not exist.
fn find(path: &ast::Path, definitions: &Definitions, problems: &mut Problems) -> Option<ModuleId> {
    let segments: Vec<&str> = path.segments().iter().map(|n| n.text()).collect();
    let name = segments.join(".");
    let symbol = Symbol::new(&name);
    let found = definitions.by_name.get(&symbol).or_else(|| definitions.std_by_name.get(&symbol));
    if found.is_none() {
        let known = definitions.by_name.keys().chain(definitions.std_by_name.keys()).map(|s| s.as_str());
        let problem =
            Diagnostic::new(codes::UNKNOWN_MODULE, path.span(), format!("there is no module `{name}`"));
        let file = segments.iter().map(|s| snake_case(s)).collect::<Vec<_>>().join("/");
        problems.push(match nearest(&name, known) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).fix(
                format!("write `{near}`"),
                path.span(),
                near,
            ),
            None => problem.help(format!("a module is a file of the program: this one would be {file}.snow")),
        });
    }
    found.copied()
}

/// `GetTotal` as `get_total`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

fn new_use(module: ModuleId, name: Name, definitions: &mut Definitions) -> usize {
    let imports = &mut definitions.tables[module].imports;
    imports.push(ImportUse { name: name.symbol, span: name.span, used: false });
    imports.len() - 1
}

fn whole(
    module: ModuleId,
    item: &ast::Import,
    definitions: &mut Definitions,
    problems: &mut Problems,
) -> Option<ModuleId> {
    let path = item.path()?;
    let target = find(&path, definitions, problems)?;
    mention_path(&path, target, definitions);
    let name = item.alias().or_else(|| path.last())?;
    let import = new_use(module, name, definitions);
    definitions.tables[module].aliases.insert(name.symbol, Alias { module: target, import });
    Some(target)
}

fn names(
    module: ModuleId,
    item: &ast::FromImport,
    definitions: &mut Definitions,
    problems: &mut Problems,
) -> Option<ModuleId> {
    let path = item.path()?;
    let target = find(&path, definitions, problems)?;
    mention_path(&path, target, definitions);
    for name in item.names() {
        let meanings = definitions.meanings(target, name.symbol).into_iter();
        let mentions = meanings.map(|meaning| Mention { span: name.span, target: meaning });
        definitions.import_mentions.extend(mentions);
        if let Some(public) = exports(definitions, target, name, problems) {
            let import = new_use(module, name, definitions);
            // What is private has been reported: no use, or none at all, is a second problem.
            definitions.tables[module].imports[import].used = !public;
            let imported = Imported { module: target, import };
            definitions.tables[module].imported.insert(name.symbol, imported);
        }
    }
    Some(target)
}

fn mention_path(path: &ast::Path, module: ModuleId, definitions: &mut Definitions) {
    let last = path.last().map(|name| Mention { span: name.span, target: Target::Module(module) });
    definitions.import_mentions.extend(last);
}

/// Whether the thing of that name in a module is public; reports it when it is not, or when there is none.
fn exports(definitions: &Definitions, module: ModuleId, name: Name, problems: &mut Problems) -> Option<bool> {
    let table = &definitions.tables[module];
    let value = table.values.get(&name.symbol).map(|v| v.public);
    let ty = table.types.get(&name.symbol).map(|t| definitions.type_home(*t).is_some_and(|h| h.1));
    let variants = table.variants.get(&name.symbol);
    let variant = variants.map(|v| v.iter().any(|v| definitions.types[v.ty].public));
    let service = table.services.get(&name.symbol).map(|s| s.1);
    let found = [value, ty, variant, service];
    if found.contains(&Some(true)) {
        return Some(true);
    }
    let shown = table.shown();
    if found.contains(&Some(false)) {
        let text = format!("`{}` is private in {shown}", name.text());
        let help = format!("write `pub` in front of its definition in {shown}");
        problems.push(Diagnostic::new(codes::NOT_EXPORTED, name.span, text).help(help));
        return Some(false);
    }
    let public = table.values.iter().filter(|(_, v)| v.public).map(|(n, _)| n);
    let types = table.types.iter().filter(|(_, t)| definitions.type_home(**t).is_some_and(|h| h.1));
    let known = public.chain(types.map(|(n, _)| n)).map(|s| s.as_str());
    let text = format!("{shown} has no `{}`", name.text());
    let problem = Diagnostic::new(codes::UNKNOWN_NAME, name.span, text);
    problems.push(match nearest(name.text(), known) {
        Some(near) => {
            problem.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near)
        }
        None => problem,
    });
    None
}

fn report_circles(definitions: &Definitions, edges: &Edges, problems: &mut Problems) {
    let mut state: HashMap<ModuleId, bool> = HashMap::new();
    let mut starts: Vec<ModuleId> = edges.keys().copied().collect();
    starts.sort();
    for start in starts {
        let mut path = Vec::new();
        walk(start, definitions, edges, &mut state, &mut path, problems);
    }
}

/// Depth first over imports. `state`: `false` while a module is on the path, `true` when it is done.
fn walk(
    module: ModuleId,
    definitions: &Definitions,
    edges: &Edges,
    state: &mut HashMap<ModuleId, bool>,
    path: &mut Vec<ModuleId>,
    problems: &mut Problems,
) {
    if state.contains_key(&module) {
        return;
    }
    state.insert(module, false);
    path.push(module);
    for (target, span) in edges.get(&module).into_iter().flatten() {
        if state.get(target) == Some(&false) {
            let from = path.iter().position(|m| m == target).expect("it is on the path");
            let circle = path[from..].iter().chain([target]);
            let shown: Vec<&str> = circle.map(|m| definitions.tables[*m].shown()).collect();
            let text = format!("modules import each other in a circle: {}", shown.join(" -> "));
            let help = "move what both need into a module of its own";
            problems.push(Diagnostic::new(codes::IMPORT_CYCLE, *span, text).help(help));
        } else {
            walk(*target, definitions, edges, state, path, problems);
        }
    }
    path.pop();
    state.insert(module, true);
}

/// Warns of imports that nothing has used.
pub(crate) fn warn_unused(
    definitions: &Definitions,
    unreadable: &HashSet<SourceId>,
    problems: &mut Problems,
) {
    for table in definitions.tables.values() {
        for import in table.imports.iter().filter(|i| !i.used && !unreadable.contains(&i.span.source)) {
            let text = format!("`{}` is imported but never used", import.name);
            problems.push(Diagnostic::new(codes::UNUSED_IMPORT, import.span, text).help("remove the import"));
        }
    }
}
