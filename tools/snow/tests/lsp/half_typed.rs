//! Whatever text an editor sends on the way to a program, every question is answered.

use crate::client::Client;
use serde_json::{Value, json};

/// Ends of the text that are tried, and places out of which a piece is taken.
const TRIES: usize = 12;

/// A program with most forms.
const PROGRAM: &str = "examples/bank/main.snow";

const URI: &str = "file:///typed/main.snow";

/// Asks everything at a place.
fn ask_everything(client: &mut Client, text: &str, offset: usize) {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
    let document = json!({ "uri": URI });
    let position = json!({ "line": line, "character": character });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": position });
    let at = json!({ "textDocument": document, "position": position });
    let with = |key: &str, value: Value| {
        let mut params = at.clone();
        params[key] = value;
        params
    };
    let questions = [
        ("hover", at.clone()),
        ("definition", at.clone()),
        ("completion", at.clone()),
        ("references", with("context", json!({ "includeDeclaration": true }))),
        ("documentSymbol", json!({ "textDocument": document })),
        ("inlayHint", with("range", range.clone())),
        ("codeAction", json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } })),
        ("formatting", with("options", json!({ "tabSize": 2, "insertSpaces": true }))),
    ];
    for (question, params) in questions {
        let answer = client.ask(&format!("textDocument/{question}"), params);
        assert!(answer.is_ok(), "{question} at {offset}: {answer:?}");
    }
}

#[test]
fn every_question_is_answered_while_a_program_is_typed() {
    let whole = std::fs::read_to_string(crate::repository().join(PROGRAM)).expect("the program is there");
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_str().expect("a plain path");
    let mut client = Client::start(path, path);
    let document = json!({ "uri": URI, "languageId": "snow", "version": 0, "text": "" });
    client.tell("textDocument/didOpen", json!({ "textDocument": document }));
    for index in 1..=TRIES {
        let cut = (1..=whole.len() * index / TRIES)
            .rev()
            .find(|at| whole.is_char_boundary(*at))
            .expect("a boundary");
        // The beginning of the program, and the program without its middle.
        let half = (0..=cut / 2).rev().find(|at| whole.is_char_boundary(*at)).expect("a boundary");
        let typed = whole[..cut].to_string();
        let torn = format!("{}{}", &whole[..half], &whole[cut..]);
        for (version, text, at) in [(2 * index, &typed, cut), (2 * index + 1, &torn, half)] {
            let document = json!({ "uri": URI, "version": version });
            let changes = json!([{ "text": text }]);
            client.tell(
                "textDocument/didChange",
                json!({ "textDocument": document, "contentChanges": changes }),
            );
            ask_everything(&mut client, text, at);
        }
    }
    assert_eq!(client.stop(), Some(0));
}
