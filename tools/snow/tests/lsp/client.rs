//! An editor: it starts the server, sends it messages and waits for its answers.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What the server says when it does not do what it is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused(pub String);

/// A running server and what it has said unasked.
pub struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next_id: i64,
    /// Notifications that came while an answer was waited for.
    pub notes: Vec<Value>,
}

impl Client {
    /// A server for a directory, ready for documents. It keeps the library's files in `cache`.
    pub fn start(directory: &str, cache: &str) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_snow"))
            .arg("lsp")
            .env("XDG_CACHE_HOME", cache)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = child.stdin.take().expect("it has an input");
        let output = BufReader::new(child.stdout.take().expect("it has an output"));
        let mut client = Client { child, input, output, next_id: 0, notes: Vec::new() };
        let folders = json!([{ "uri": format!("file://{directory}"), "name": "test" }]);
        let params = json!({ "processId": null, "capabilities": {}, "workspaceFolders": folders });
        client.ask("initialize", params).expect("the server is ready");
        client.tell("initialized", json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    /// The next message of the server.
    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(
                self.output.read_line(&mut line).expect("the server writes"),
                0,
                "the server has ended"
            );
            match line.trim_end() {
                "" => break,
                header => {
                    let value = header.strip_prefix("Content-Length: ").map(str::parse);
                    length = value.and_then(Result::ok).unwrap_or(length);
                }
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a whole message");
        serde_json::from_slice(&body).expect("a message is JSON")
    }

    /// A notification.
    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// A request; its result, or what was said against it.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, Refused> {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["method"].is_string() {
                self.notes.push(message);
            } else if message["id"] == id {
                return match message["error"]["message"].as_str() {
                    Some(text) => Err(Refused(text.to_string())),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    /// The parameters of the next notification of a kind, and of those after it that have come already.
    pub fn next_note(&mut self, method: &str) -> Value {
        loop {
            if let Some(index) = self.notes.iter().position(|note| note["method"] == method) {
                return self.notes.remove(index)["params"].clone();
            }
            let message = self.receive();
            self.notes.push(message);
        }
    }

    /// Ends the server as an editor does; gives its exit status.
    pub fn stop(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null).expect("it can end");
        self.tell("exit", Value::Null);
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // After `stop` there is nothing left to end; a test that failed leaves a server behind.
        if let Err(problem) = self.child.kill() {
            assert_ne!(problem.kind(), std::io::ErrorKind::NotFound);
        }
    }
}
