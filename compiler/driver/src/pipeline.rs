//! The whole compilation on one page.

use crate::project::ModuleFile;
use snow_abi::program::Program;
use snow_diagnostics::Problems;
use snow_mono::Roots;
use snow_names::ParsedModule;
use snow_names::hir;
use snow_text::Sources;
use snow_types::typed::Typed;

/// A program that was checked without errors.
pub struct Checked {
    /// Names resolved.
    pub hir: hir::Program,
    /// Types found.
    pub typed: Typed,
}

/// Text to trees.
pub fn parse(modules: Vec<ModuleFile>, sources: &Sources, problems: &mut Problems) -> Vec<ParsedModule> {
    let parse = |m: ModuleFile| ParsedModule {
        name: m.name,
        source: m.source,
        path: sources.get(m.source).path.clone(),
        tree: snow_syntax::parse(m.source, &sources.get(m.source).text, problems),
        is_std: m.is_std,
    };
    modules.into_iter().map(parse).collect()
}

/// The front end: everything that may report to the user. `None` when there are errors.
pub fn check(modules: Vec<ModuleFile>, sources: &Sources, problems: &mut Problems) -> Option<Checked> {
    let trees = parse(modules, sources, problems);
    let hir = snow_names::resolve(&trees, problems);
    let typed = snow_types::check(&hir, problems);
    (!problems.has_errors()).then_some(Checked { hir, typed })
}

/// Concrete IR of a checked program.
pub fn concrete(checked: Checked, sources: &Sources) -> snow_mono::ir::Program {
    concrete_from(Roots::Main, checked, sources)
}

fn concrete_from(roots: Roots, mut checked: Checked, sources: &Sources) -> snow_mono::ir::Program {
    let core = snow_core::lower(&checked.hir, &mut checked.typed);
    let input =
        snow_mono::Input { roots, hir: &checked.hir, typed: &mut checked.typed, core: &core, sources };
    let program = snow_mono::specialise(input);
    snow_mono::optimise(program)
}

/// Machine code of a checked program. Past the front end, failure is the compiler's bug.
pub fn compile(checked: Checked, sources: &Sources) -> Program {
    snow_native::generate(&concrete(checked, sources))
}

/// Machine code of a checked program's tests.
pub fn compile_tests(checked: Checked, sources: &Sources) -> Program {
    snow_native::generate(&concrete_from(Roots::Tests, checked, sources))
}
