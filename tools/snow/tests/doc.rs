//! `snow doc`: the pages of a sample package say what they should, and every link in all pages leads somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

const MAIN: &str =
    "##! A till.\n\nimport Shop.Prices\n\nfn main() do\n  println(Prices.price_of(\"nut\", 2).cents)\nend\n";

const PRICES: &str = "##! What things cost. See `price_of`.

## Money, exactly.
pub struct Money do
  cents :: Int
end

## The price of so many, as [`Money`] & no <b>less</b>.
##
## ```
## Prices.price_of(\"nut\", 2)
## ```
pub fn price_of(sku :: String, count = 1) = Money { cents: sku.length() * count }

fn hidden(n) = n
";

/// The pages of a directory by their names.
fn pages(arguments: &[&str], directory: &Path) -> BTreeMap<String, String> {
    let out = directory.join("pages");
    let out = out.to_str().expect("a plain path");
    let ended =
        Command::new(env!("CARGO_BIN_EXE_snow")).arg("doc").args(arguments).args(["-o", out]).output();
    let ended = ended.expect("snow starts");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(String::from_utf8_lossy(&ended.stdout).trim_end(), format!("{out}/index.html"));
    let entries = std::fs::read_dir(out).expect("the pages are there").map(|entry| entry.expect("an entry"));
    let read = |path: &Path| std::fs::read_to_string(path).expect("a text");
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), read(&entry.path()))).collect()
}

/// The values of an attribute.
fn values<'t>(text: &'t str, attribute: &str) -> Vec<&'t str> {
    let opening = format!(" {attribute}=\"");
    text.split(&opening).skip(1).map(|rest| rest.split('"').next().expect("a value ends")).collect()
}

/// Links that lead nowhere, or out of the directory.
fn broken(pages: &BTreeMap<String, String>) -> Vec<String> {
    let anchors: BTreeSet<String> = pages
        .iter()
        .flat_map(|(file, text)| values(text, "id").into_iter().map(move |id| format!("{file}#{id}")))
        .collect();
    let mut wrong = Vec::new();
    for (file, text) in pages.iter().filter(|(file, _)| file.ends_with(".html")) {
        for link in values(text, "href").into_iter().chain(values(text, "src")) {
            let whole = if link.starts_with('#') { format!("{file}{link}") } else { link.to_string() };
            let leads =
                if whole.contains('#') { anchors.contains(&whole) } else { pages.contains_key(&whole) };
            if !leads {
                wrong.push(format!("{file}: {link}"));
            }
        }
    }
    // Where the search leads.
    let list = pages["search.js"].lines().next().and_then(|line| line.strip_prefix("const ENTRIES = "));
    let list = list.and_then(|list| list.strip_suffix(';')).expect("a list");
    let entries: Vec<[String; 3]> = serde_json::from_str(list).expect("the list is JSON");
    assert!(!entries.is_empty());
    let places = entries.into_iter().map(|[_, _, place]| place);
    wrong.extend(places.filter(|place| !anchors.contains(place) && !pages.contains_key(place)));
    wrong
}

#[test]
fn pages_of_a_package_say_what_is_public() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join("shop")).expect("a directory");
    std::fs::write(directory.path().join("main.snow"), MAIN).expect("a file");
    std::fs::write(directory.path().join("shop/prices.snow"), PRICES).expect("a file");
    let pages = pages(&[directory.path().to_str().expect("a plain path")], directory.path());
    let names: Vec<&str> = pages.keys().map(String::as_str).collect();
    assert_eq!(names, ["Shop.Prices.html", "index.html", "main.html", "search.js", "style.css"]);
    let page = &pages["Shop.Prices.html"];
    for wanted in [
        "<h1>Shop.Prices</h1>",
        // A name of the same module in prose, and the type that was inferred.
        "<a href=\"Shop.Prices.html#fn.price_of\"><code>price_of</code></a>",
        "<span class=\"name\">price_of</span>(sku :: <span class=\"t\">String</span>, count :: <span class=\"t\">Int</span> = <span class=\"number\">1</span>) -&gt; <a class=\"t\" href=\"Shop.Prices.html#type.Money\">Money</a>",
        "id=\"type.Money\"",
        "Money, exactly.",
        // Raw HTML of a comment is text.
        "&lt;b&gt;less&lt;/b&gt;",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in\n{page}");
    }
    assert!(!page.contains("hidden("), "what is private has no place");
    assert!(pages["index.html"].contains("What things cost."));
    assert_eq!(broken(&pages), Vec::<String>::new());
}

#[test]
fn every_link_in_the_pages_of_the_library_leads_somewhere() {
    let directory = tempfile::tempdir().expect("a directory");
    let pages = pages(&["--std"], directory.path());
    assert!(pages["List.html"].contains("id=\"fn.map\""));
    assert!(
        pages.values().all(|text| !text.contains("http://") && !text.contains("https://")),
        "nothing from elsewhere"
    );
    assert_eq!(broken(&pages), Vec::<String>::new());
}
