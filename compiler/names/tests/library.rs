//! All of std resolves without a problem or warning.

use snow_diagnostics::{Problems, render};
use snow_names::ParsedModule;
use snow_text::Sources;
use std::path::Path;

mod modules;

#[test]
fn std_has_no_problem() {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut modules: Vec<ParsedModule> = modules::library(&mut sources, &mut problems);
    let root = "fn main() do\n  println(\"${1 + 1}\")\nend\n";
    modules.push(modules::module(&mut sources, "", Path::new("main.snow"), root, &mut problems));
    let program = snow_names::resolve(&modules, &mut problems);
    let shown: String =
        problems.sorted().iter().map(|p| render::render_terminal(&sources, p, false)).collect();
    assert!(shown.is_empty(), "{shown}");
    assert!(program.known.is_some() && program.main.is_some());
}
