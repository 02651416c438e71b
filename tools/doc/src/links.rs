//! Where each thing is told of: the file of its module and the anchor in it.

use snow_ide::{ModulePage, ReferenceItem, ReferenceKind};
use std::collections::HashMap;

/// The places of all things.
pub struct Links {
    /// Types, interfaces, services and modules by their names.
    types: HashMap<String, String>,
    /// Everything by `Module.name`.
    paths: HashMap<String, String>,
}

impl Links {
    /// Of these modules.
    pub fn new(modules: &[ModulePage]) -> Links {
        let mut links = Links { types: HashMap::new(), paths: HashMap::new() };
        for module in modules {
            let file = file(&module.name);
            links.paths.insert(module.name.clone(), file.clone());
            for item in &module.items {
                let place = format!("{file}#{}", anchor(item));
                if !matches!(
                    item.kind,
                    ReferenceKind::Function | ReferenceKind::Constant | ReferenceKind::Actor
                ) {
                    links.types.insert(item.name.clone(), place.clone());
                }
                for part in &item.parts {
                    let name = format!("{}.{}", item.name, part.name);
                    links.paths.entry(name).or_insert_with(|| format!("{file}#{}", part_anchor(item, part)));
                }
                links.paths.insert(format!("{}.{}", module.name, item.name), place);
            }
        }
        for module in modules {
            links.types.entry(module.name.clone()).or_insert_with(|| file(&module.name));
        }
        links
    }

    /// Where a type is told of.
    pub fn of_type(&self, name: &str) -> Option<&str> {
        self.types.get(name).map(String::as_str)
    }

    /// What a piece of code in prose names: `List.map`, `Option`, or a function of the module at hand.
    pub fn of_code(&self, code: &str, module: &str) -> Option<&str> {
        let name = code.split('(').next().unwrap_or(code);
        let own = format!("{module}.{name}");
        self.paths
            .get(name)
            .or_else(|| self.paths.get(&own))
            .or_else(|| self.types.get(name))
            .map(String::as_str)
    }
}

/// The file of a module.
pub fn file(module: &str) -> String {
    if module.is_empty() { "main.html".to_string() } else { format!("{module}.html") }
}

/// The anchor of an item on its module's page.
pub fn anchor(item: &ReferenceItem) -> String {
    format!("{}.{}", kind(item.kind), item.name)
}

/// The anchor of a part of an item.
pub fn part_anchor(item: &ReferenceItem, part: &ReferenceItem) -> String {
    format!("{}.{}", anchor(item), part.name)
}

/// How anchors and searches call a kind.
pub fn kind(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::Type => "type",
        ReferenceKind::Interface => "interface",
        ReferenceKind::Actor => "actor",
        ReferenceKind::Service => "service",
        ReferenceKind::Constant => "constant",
        ReferenceKind::Function => "fn",
    }
}
