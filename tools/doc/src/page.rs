//! The pages: every module's own, and the one that lists them.

use crate::code::{coloured, escaped};
use crate::links::{self, Links};
use crate::prose::{first_sentence, rendered};
use crate::search::shown;
use snow_ide::{ModulePage, ReferenceItem, ReferenceKind};
use std::fmt::Write;

/// Headings in their order, and what stands below each.
const SECTIONS: [(&str, &[ReferenceKind]); 4] = [
    ("Types", &[ReferenceKind::Type]),
    ("Interfaces", &[ReferenceKind::Interface]),
    ("Processes", &[ReferenceKind::Actor, ReferenceKind::Service]),
    ("Constants and functions", &[ReferenceKind::Constant, ReferenceKind::Function]),
];

/// The page that lists all modules.
pub fn overview(title: &str, modules: &[ModulePage], links: &Links) -> String {
    let mut main = format!("<h1>{}</h1>\n", escaped(title));
    if let Some(own) = modules.iter().find(|module| module.name.is_empty()) {
        main.push_str(&rendered(&own.doc, "", links));
    }
    main.push_str("<h2>Modules</h2>\n<dl class=\"modules\">\n");
    for module in modules {
        let about = first_sentence(&module.doc, &module.name, links);
        let (file, name) = (links::file(&module.name), escaped(shown(&module.name)));
        add(&mut main, &format!("<dt><a href=\"{file}\">{name}</a></dt><dd>{about}</dd>\n"));
    }
    main.push_str("</dl>\n");
    whole(title, title, &sidebar(title, modules, None), &main)
}

/// A module's page.
pub fn module(title: &str, module: &ModulePage, all: &[ModulePage], links: &Links) -> String {
    let name = shown(&module.name);
    let mut main = format!("<h1>{}</h1>\n{}", escaped(name), rendered(&module.doc, &module.name, links));
    for (heading, kinds) in SECTIONS {
        let items: Vec<&ReferenceItem> =
            module.items.iter().filter(|item| kinds.contains(&item.kind)).collect();
        if items.is_empty() {
            continue;
        }
        add(&mut main, &format!("<h2>{heading}</h2>\n"));
        items.iter().for_each(|item| add(&mut main, &whole_item(item, module, links)));
    }
    whole(&format!("{name} – {title}"), title, &sidebar(title, all, Some(module)), &main)
}

fn whole_item(item: &ReferenceItem, module: &ModulePage, links: &Links) -> String {
    let mut out = format!("<section class=\"item\" id=\"{}\">\n", escaped(&links::anchor(item)));
    out.push_str(&head(item, &links::anchor(item), links));
    out.push_str(&about(item, module, links));
    if !item.implements.is_empty() {
        let names: Vec<String> = item.implements.iter().map(|name| coloured(name, links)).collect();
        add(&mut out, &format!("<p class=\"quiet\">Implements {}</p>\n", names.join(", ")));
    }
    for part in &item.parts {
        let anchor = links::part_anchor(item, part);
        add(&mut out, &format!("<div class=\"part\" id=\"{}\">\n", escaped(&anchor)));
        out.push_str(&head(part, &anchor, links));
        out.push_str(&about(part, module, links));
        out.push_str("</div>\n");
    }
    out + "</section>\n"
}

/// The code, its name in bold, and a link to this place.
fn head(item: &ReferenceItem, anchor: &str, links: &Links) -> String {
    let code = match (item.kind, item.code.strip_prefix(item.name.as_str())) {
        (ReferenceKind::Type | ReferenceKind::Interface | ReferenceKind::Service, _) | (_, None) => {
            coloured(&item.code, links)
        }
        (kind, Some(rest)) => {
            let word = match kind {
                ReferenceKind::Actor => "actor",
                ReferenceKind::Constant => "let",
                _ => "fn",
            };
            let name = escaped(&item.name);
            format!(
                "<span class=\"word\">{word}</span> <span class=\"name\">{name}</span>{}",
                coloured(rest, links)
            )
        }
    };
    let label = escaped(&item.name);
    format!(
        "<div class=\"head\">{code}<a class=\"anchor\" href=\"#{anchor}\" aria-label=\"Link to {label}\">#</a></div>\n"
    )
}

fn about(item: &ReferenceItem, module: &ModulePage, links: &Links) -> String {
    if item.doc.is_empty() {
        return String::new();
    }
    format!("<div class=\"about\">{}</div>\n", rendered(&item.doc, &module.name, links))
}

/// All modules, and what is on the page at hand.
fn sidebar(title: &str, modules: &[ModulePage], here: Option<&ModulePage>) -> String {
    let mut out = format!("<a class=\"title\" href=\"index.html\">{}</a>\n", escaped(title));
    out.push_str("<input id=\"search\" type=\"search\" placeholder=\"Search  /\" aria-label=\"Search\" autocomplete=\"off\">\n");
    out.push_str("<div id=\"results\" hidden></div>\n");
    if let Some(module) = here {
        out.push_str("<h2>On this page</h2>\n<ul>\n");
        let sections =
            SECTIONS.iter().flat_map(|(_, kinds)| module.items.iter().filter(|i| kinds.contains(&i.kind)));
        for item in sections {
            let (anchor, name) = (escaped(&links::anchor(item)), escaped(&item.name));
            add(&mut out, &format!("<li><a href=\"#{anchor}\">{name}</a></li>\n"));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("<h2>Modules</h2>\n<ul>\n");
    for module in modules {
        let class = if here == Some(module) { " class=\"here\"" } else { "" };
        let (file, name) = (links::file(&module.name), escaped(shown(&module.name)));
        add(&mut out, &format!("<li><a{class} href=\"{file}\">{name}</a></li>\n"));
    }
    out + "</ul>\n"
}

fn whole(heading: &str, title: &str, sidebar: &str, main: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <meta name=\"description\" content=\"{}\">\n<title>{}</title>\n\
        <link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n<nav>\n{sidebar}</nav>\n<main>\n{main}</main>\n\
        <script src=\"search.js\"></script>\n</body>\n</html>\n",
        escaped(title),
        escaped(heading)
    )
}

fn add(out: &mut String, text: &str) {
    out.write_str(text).expect("a string takes all text");
}
