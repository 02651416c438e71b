//! Asks the questions of a section and writes the answers as the pages do: places are `line:column`, from 1.

use crate::client::Client;
use crate::page::Section;
use serde_json::{Value, json};

/// A server with the files of a section.
struct Session<'s> {
    section: &'s Section,
    client: Client,
    directory: String,
    /// The file that was typed in, which has the version 2.
    typed: Option<String>,
}

/// What the pages expect and do not get.
pub fn wrong_answers(section: &Section) -> Vec<String> {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().canonicalize().expect("it is there").display().to_string();
    for (name, text) in &section.files {
        let file = directory.path().join(name);
        std::fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
        std::fs::write(file, text).expect("a file");
    }
    let client = Client::start(&path, &format!("{path}/.cache"));
    let mut session = Session { section, client, directory: path, typed: None };
    for (name, text) in &section.files {
        session.open(name, text);
    }
    let mut wrong = Vec::new();
    for (question, expected) in &section.answers {
        let answer = session.answer(question);
        if answer != *expected {
            wrong.push(format!(
                "{}\n  {question}\n  expected: {expected}\n  answer:   {answer}",
                section.title
            ));
        }
    }
    let status = session.client.stop();
    if status != Some(0) {
        wrong.push(format!("{}: the server ended with {status:?}", section.title));
    }
    wrong
}

impl Session<'_> {
    fn uri(&self, file: &str) -> String {
        format!("file://{}/{file}", self.directory)
    }

    fn open(&mut self, file: &str, text: &str) {
        let document = json!({ "uri": self.uri(file), "languageId": "snow", "version": 1, "text": text });
        self.client.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// The place of a mark, for a request.
    fn at(&self, mark: &str) -> Value {
        let found = self.section.marks.iter().find(|m| m.0 == mark);
        let (_, file, line, column) =
            found.unwrap_or_else(|| panic!("{} has no mark {mark}", self.section.title));
        json!({
            "textDocument": { "uri": self.uri(file) },
            "position": { "line": line, "character": column },
        })
    }

    fn answer(&mut self, question: &str) -> String {
        let words: Vec<&str> = question.split(' ').collect();
        match words.as_slice() {
            ["problems", file] => self.problems(file),
            ["hover", mark] => self.hover(mark),
            ["definition", mark] => {
                let result = self.client.ask("textDocument/definition", self.at(mark));
                self.places(&result.expect("an answer"))
            }
            ["references", mark] => {
                let mut params = self.at(mark);
                params["context"] = json!({ "includeDeclaration": true });
                let result = self.client.ask("textDocument/references", params);
                self.places(&result.expect("an answer"))
            }
            ["rename", mark, name] => self.rename(mark, name),
            ["complete", mark] => joined(self.offers(mark).into_iter(), " "),
            ["complete", mark, "has", name] => self.offers(mark).contains(&name.to_string()).to_string(),
            ["detail", mark, name] => self.detail(mark, name),
            ["symbols", file] => {
                let params = json!({ "textDocument": { "uri": self.uri(file) } });
                let result = self.client.ask("textDocument/documentSymbol", params).expect("an answer");
                outline(&result)
            }
            ["hints", file] => self.hints(file),
            ["format", file] => {
                let params = json!({ "textDocument": { "uri": self.uri(file) }, "options": { "tabSize": 2, "insertSpaces": true } });
                let result = self.client.ask("textDocument/formatting", params).expect("an answer");
                edits(&result, "")
            }
            ["fix", mark] => self.fix(mark),
            ["type", mark, text] => self.type_text(mark, text),
            _ => panic!("{}: nobody asks `{question}`", self.section.title),
        }
    }

    /// The problems of a file as they are told unasked.
    fn problems(&mut self, file: &str) -> String {
        let uri = self.uri(file);
        loop {
            let note = self.client.next_note("textDocument/publishDiagnostics");
            let version = if self.typed.as_ref() == Some(&uri) { 2 } else { 1 };
            if note["uri"] != uri.as_str() || note["version"] != version {
                continue;
            }
            let list = note["diagnostics"].as_array().expect("a list");
            let shown = list.iter().map(|d| {
                let related = d["relatedInformation"].as_array().into_iter().flatten();
                let related: String =
                    related.map(|r| format!(" ({})", place(&r["location"]["range"]))).collect();
                let first = d["message"].as_str().unwrap_or_default().lines().next().unwrap_or_default();
                format!("{} {} {first}{related}", place(&d["range"]), d["code"].as_str().unwrap_or_default())
            });
            return joined(shown, "; ");
        }
    }

    fn hover(&mut self, mark: &str) -> String {
        let result = self.client.ask("textDocument/hover", self.at(mark)).expect("an answer");
        let Some(text) = result["contents"]["value"].as_str() else { return "nothing".to_string() };
        let lines = text.lines().filter(|line| !line.starts_with("```") && !line.is_empty());
        joined(lines.map(str::to_string), " / ")
    }

    fn places(&self, result: &Value) -> String {
        let start = format!("file://{}/", self.directory);
        let places = result.as_array().into_iter().flatten().map(|location| {
            let uri = location["uri"].as_str().unwrap_or_default();
            match uri.strip_prefix(&start).map(|file| file.strip_prefix(".cache/snow/").unwrap_or(file)) {
                // Lines of the library are not told: they change.
                Some(file) if file.starts_with("std-") => {
                    file.split_once('/').map_or(String::new(), |(_, name)| format!("std {name}"))
                }
                Some(file) => format!("{file}:{}", place(&location["range"])),
                None => uri.to_string(),
            }
        });
        joined(places, " ")
    }

    fn rename(&mut self, mark: &str, name: &str) -> String {
        let mut params = self.at(mark);
        params["newName"] = json!(name);
        match self.client.ask("textDocument/rename", params) {
            Err(refused) => refused.0,
            Ok(result) => {
                let changes = result["changes"].as_object().expect("changes by file");
                let mut files: Vec<(&str, String)> = changes
                    .iter()
                    .map(|(uri, list)| (uri.rsplit('/').next().unwrap_or_default(), edits(list, name)))
                    .collect();
                files.sort();
                joined(files.into_iter().map(|(file, edits)| format!("{file} {edits}")), "; ")
            }
        }
    }

    fn completions(&mut self, mark: &str) -> Value {
        self.client.ask("textDocument/completion", self.at(mark)).expect("an answer")
    }

    fn offers(&mut self, mark: &str) -> Vec<String> {
        let result = self.completions(mark);
        let items = result.as_array().into_iter().flatten();
        items.map(|item| item["label"].as_str().unwrap_or_default().to_string()).collect()
    }

    fn detail(&mut self, mark: &str, name: &str) -> String {
        let result = self.completions(mark);
        let item = result.as_array().into_iter().flatten().find(|item| item["label"] == name);
        item.and_then(|item| item["detail"].as_str()).unwrap_or("nothing").to_string()
    }

    fn hints(&mut self, file: &str) -> String {
        let whole =
            json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 1000, "character": 0 } });
        let params = json!({ "textDocument": { "uri": self.uri(file) }, "range": whole });
        let result = self.client.ask("textDocument/inlayHint", params).expect("an answer");
        let hints = result.as_array().into_iter().flatten();
        joined(
            hints.map(|hint| {
                format!("{}{}", position(&hint["position"]), hint["label"].as_str().unwrap_or_default())
            }),
            "; ",
        )
    }

    fn fix(&mut self, mark: &str) -> String {
        let at = self.at(mark);
        let range = json!({ "start": at["position"], "end": at["position"] });
        let params =
            json!({ "textDocument": at["textDocument"], "range": range, "context": { "diagnostics": [] } });
        let result = self.client.ask("textDocument/codeAction", params).expect("an answer");
        let actions = result.as_array().into_iter().flatten().map(|action| {
            let changes = action["edit"]["changes"].as_object().into_iter().flatten();
            let changes: Vec<String> = changes.map(|(_, list)| edits(list, "")).collect();
            format!("{} {}", action["title"].as_str().unwrap_or_default(), changes.join(" "))
        });
        joined(actions, "; ")
    }

    /// Puts text at a mark, as typing does; the server says nothing to that.
    fn type_text(&mut self, mark: &str, text: &str) -> String {
        let at = self.at(mark);
        let range = json!({ "start": at["position"], "end": at["position"] });
        let document = json!({ "uri": at["textDocument"]["uri"], "version": 2 });
        let change = json!({ "range": range, "text": text.replace("\\n", "\n").replace('~', " ") });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        self.typed = at["textDocument"]["uri"].as_str().map(str::to_string);
        self.client.tell("textDocument/didChange", params);
        "done".to_string()
    }
}

/// `line:column`, from 1.
fn position(value: &Value) -> String {
    let number = |key: &str| value[key].as_u64().expect("a number") + 1;
    format!("{}:{}", number("line"), number("character"))
}

fn place(range: &Value) -> String {
    position(&range["start"])
}

/// Where edits are, and what they write unless that is `usual`.
fn edits(list: &Value, usual: &str) -> String {
    let list = list.as_array().into_iter().flatten().map(|edit| match edit["newText"].as_str() {
        Some(text) if text == usual => place(&edit["range"]),
        text => {
            let (start, end) = (place(&edit["range"]), position(&edit["range"]["end"]));
            format!("{start}-{end} {:?}", text.unwrap_or_default())
        }
    });
    joined(list, " ")
}

fn outline(symbols: &Value) -> String {
    let symbols = symbols.as_array().into_iter().flatten().map(|symbol| {
        let name = symbol["name"].as_str().unwrap_or_default();
        match &symbol["children"] {
            Value::Null => name.to_string(),
            parts => format!("{name} ({})", outline(parts)),
        }
    });
    joined(symbols, ", ")
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "nothing".to_string() } else { parts.join(between) }
}
