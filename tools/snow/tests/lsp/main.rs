//! The language server as an editor meets it: the real command, spoken to over its standard input and output.

mod client;
mod half_typed;
mod page;
mod questions;

use client::Client;
use serde_json::json;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every answer of every page of `tests/editor`.
#[test]
fn editors_are_told_what_the_pages_say() {
    let sections = page::sections(&repository().join("tests/editor"));
    assert!(sections.len() >= 10, "the pages are there");
    let wrong: Vec<String> = sections.iter().flat_map(questions::wrong_answers).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_server_does_not_know_is_refused_and_it_goes_on() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_str().expect("a plain path");
    let mut client = Client::start(path, path);
    let refused = client.ask("textDocument/unheardOf", json!({})).expect_err("no such request");
    assert!(refused.0.contains("unheardOf"), "{refused:?}");
    let malformed = client.ask("textDocument/hover", json!({ "position": "here" }));
    assert!(malformed.is_err(), "{malformed:?}");
    client.tell("textDocument/didChange", json!({ "nothing": true }));
    let nowhere = json!({ "uri": "file:///not/there.snow" });
    let position = json!({ "line": 3, "character": 4 });
    let hover = client.ask("textDocument/hover", json!({ "textDocument": nowhere, "position": position }));
    assert_eq!(hover, Ok(serde_json::Value::Null));
    assert_eq!(client.stop(), Some(0));
}
