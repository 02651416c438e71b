//! Any intermediate form as text.

use crate::pipeline;
use crate::project::ModuleFile;
use snow_diagnostics::Problems;
use snow_text::Sources;
use std::fmt;

/// A form that `snow dump` shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Tokens.
    Tokens,
    /// The lossless tree.
    Tree,
    /// The resolved program.
    Names,
    /// Signatures.
    Types,
    /// Core.
    Core,
    /// Concrete IR, optimised.
    Mono,
    /// Cranelift's IR.
    Clif,
    /// Machine code.
    Asm,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [(&'static str, Stage); 8] = [
        ("tokens", Stage::Tokens),
        ("tree", Stage::Tree),
        ("names", Stage::Names),
        ("types", Stage::Types),
        ("core", Stage::Core),
        ("mono", Stage::Mono),
        ("clif", Stage::Clif),
        ("asm", Stage::Asm),
    ];

    /// The stage of a name.
    pub fn by_name(name: &str) -> Option<Stage> {
        Stage::ALL.iter().find(|s| s.0 == name).map(|s| s.1)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Stage::ALL.iter().find(|s| s.1 == *self).map_or("", |s| s.0);
        f.write_str(name)
    }
}

/// The form as text; `None` when errors stop before it. `only` picks functions whose name contains it.
pub fn dump(
    stage: Stage,
    modules: Vec<ModuleFile>,
    sources: &Sources,
    problems: &mut Problems,
    only: Option<&str>,
) -> Option<String> {
    let own = modules.iter().filter(|m| !m.is_std).map(|m| m.source).collect::<Vec<_>>();
    match stage {
        Stage::Tokens => {
            return Some(own.iter().map(|s| snow_syntax::dump_tokens(&sources.get(*s).text)).collect());
        }
        Stage::Tree => {
            let trees = pipeline::parse(modules, sources, problems);
            return Some(
                trees.iter().filter(|t| !t.is_std).map(|t| snow_syntax::dump_tree(&t.tree)).collect(),
            );
        }
        _ => {}
    }
    let mut checked = pipeline::check(modules, sources, problems)?;
    Some(match stage {
        Stage::Names => snow_names::print(&checked.hir),
        Stage::Types => snow_types::print(&checked.hir, &checked.typed),
        Stage::Core => {
            let core = snow_core::lower(&checked.hir, &mut checked.typed);
            snow_core::print(&core, &checked.hir, &checked.typed)
        }
        Stage::Mono => select(&snow_mono::print(&pipeline::concrete(checked, sources)), only),
        _ => machine_text(stage, &pipeline::concrete(checked, sources), only.unwrap_or("")),
    })
}

/// The code of the functions whose name contains a word.
fn machine_text(stage: Stage, program: &snow_mono::ir::Program, only: &str) -> String {
    let options = snow_native::Options { keep_text: true, ..snow_native::Options::default() };
    let texts = snow_native::generate_with(program, &options).texts;
    let text = |f: &snow_native::FunctionText| {
        let body = if stage == Stage::Clif { &f.clif } else { &f.asm };
        format!("{}\n{body}\n", f.name)
    };
    texts.iter().filter(|f| f.name.contains(only)).map(text).collect()
}

/// The paragraphs whose first line contains a word.
fn select(text: &str, only: Option<&str>) -> String {
    let Some(word) = only else { return text.to_string() };
    let fits = |p: &&str| p.lines().next().is_some_and(|l| l.contains(word));
    text.split("\n\n").filter(fits).map(|p| format!("{p}\n\n")).collect()
}
