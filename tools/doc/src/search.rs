//! The search: a list of all names, and the script that looks in it as the reader types.

use crate::links;
use serde_json::{Value, json};
use snow_ide::ModulePage;

/// The script with the list in it, so that pages opened from a disk can search too.
pub fn script(modules: &[ModulePage]) -> String {
    let entries: Vec<Value> = modules.iter().flat_map(entries).collect();
    format!("const ENTRIES = {};\n{}", Value::from(entries), include_str!("../assets/search.js"))
}

/// Name, kind and place of everything in a module.
fn entries(module: &ModulePage) -> Vec<Value> {
    let file = links::file(&module.name);
    let shown = shown(&module.name);
    let mut found = vec![json!([shown, "module", file])];
    for item in &module.items {
        let place = format!("{file}#{}", links::anchor(item));
        found.push(json!([format!("{shown}.{}", item.name), links::kind(item.kind), place]));
        for part in &item.parts {
            let place = format!("{file}#{}", links::part_anchor(item, part));
            found.push(json!([
                format!("{shown}.{}.{}", item.name, part.name),
                links::kind(part.kind),
                place
            ]));
        }
    }
    found
}

/// How readers call a module.
pub fn shown(module: &str) -> &str {
    if module.is_empty() { "main" } else { module }
}
