//! Takes the editor's messages one after the other.

use crate::answers::State;
use crate::documents::Document;
use crate::uri;
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, Response};
use lsp_types as lsp;
use lsp_types::notification::{self as told, Notification as _};
use lsp_types::request::{self as asked, Request as _};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long nothing has to be typed before problems are shown.
const QUIET: Duration = Duration::from_millis(40);

/// Why serving ended before the editor said so. Its Display says what happened.
#[derive(Debug)]
pub enum ServerError {
    /// The editor broke the rules of the protocol, or went away.
    Protocol(ProtocolError),
    /// A message could not be written.
    Lost,
    /// Reading or writing failed.
    Io(std::io::Error),
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServerError::Protocol(problem) => {
                write!(f, "the editor and the language server do not agree: {problem}")
            }
            ServerError::Lost => f.write_str("the editor has closed the connection"),
            ServerError::Io(problem) => write!(f, "the connection to the editor failed: {problem}"),
        }
    }
}

impl std::error::Error for ServerError {}

/// Serves an editor over standard input and output until it says `exit`. Deep trees need a deep stack.
///
/// # Errors
/// When the connection breaks.
pub fn serve() -> Result<(), ServerError> {
    let (connection, threads) = Connection::stdio();
    let result = Server::begin(connection).and_then(|mut server| server.run());
    // The threads end with the connection; a reader that waits for an editor that is gone ends with the process.
    match result {
        Ok(()) => threads.join().map_err(ServerError::Io),
        Err(problem) => Err(problem),
    }
}

struct Server {
    connection: Connection,
    state: State,
    /// Documents whose problems are to be shown anew.
    stale: BTreeSet<PathBuf>,
    /// Files that the editor shows problems of, by the document whose program they were found in.
    shown: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    watches: bool,
}

/// What becomes of a request.
type Answer = Result<Value, (ErrorCode, String)>;

impl Server {
    fn begin(connection: Connection) -> Result<Server, ServerError> {
        let (id, params) = connection.initialize_start().map_err(ServerError::Protocol)?;
        let params: lsp::InitializeParams = serde_json::from_value(params).unwrap_or_default();
        let result = lsp::InitializeResult {
            capabilities: capabilities(),
            server_info: Some(lsp::ServerInfo {
                name: "snow".to_string(),
                version: Some(env!("CARGO_PKG_VERSION").to_string()),
            }),
        };
        let result = serde_json::to_value(result).expect("what the library defines is JSON");
        connection.initialize_finish(id, result).map_err(ServerError::Protocol)?;
        let folders = params.workspace_folders.into_iter().flatten();
        let folders = folders.map(|folder| uri::to_path(&folder.uri)).collect();
        let workspace = params.capabilities.workspace;
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files);
        let watches = watching.and_then(|watching| watching.dynamic_registration) == Some(true);
        let state = State::new(folders);
        Ok(Server { connection, state, stale: BTreeSet::new(), shown: BTreeMap::new(), watches })
    }

    fn run(&mut self) -> Result<(), ServerError> {
        if self.watches {
            self.watch()?;
        }
        loop {
            let message = if self.stale.is_empty() {
                self.connection.receiver.recv().ok()
            } else {
                match self.connection.receiver.recv_timeout(QUIET) {
                    Ok(message) => Some(message),
                    Err(problem) if problem.is_timeout() => {
                        self.show_problems()?;
                        continue;
                    }
                    Err(_) => None,
                }
            };
            match message {
                // The editor is gone without a word.
                None => return Ok(()),
                Some(Message::Request(request)) => {
                    if self.connection.handle_shutdown(&request).map_err(ServerError::Protocol)? {
                        return Ok(());
                    }
                    self.answer(request)?;
                }
                Some(Message::Notification(note)) if note.method == told::Exit::METHOD => return Ok(()),
                Some(Message::Notification(note)) => self.take(note),
                Some(Message::Response(_)) => {}
            }
        }
    }

    fn send(&self, message: Message) -> Result<(), ServerError> {
        self.connection.sender.send(message).map_err(|_| ServerError::Lost)
    }

    /// Asks to be told of files that change outside of the editor.
    fn watch(&self) -> Result<(), ServerError> {
        let watcher = |pattern: &str| lsp::FileSystemWatcher {
            glob_pattern: lsp::GlobPattern::String(pattern.to_string()),
            kind: None,
        };
        let options = lsp::DidChangeWatchedFilesRegistrationOptions {
            watchers: ["**/*.snow", "**/snow.toml"].map(watcher).to_vec(),
        };
        let registration = lsp::Registration {
            id: "files".to_string(),
            method: told::DidChangeWatchedFiles::METHOD.to_string(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = lsp::RegistrationParams { registrations: vec![registration] };
        let method = asked::RegisterCapability::METHOD.to_string();
        self.send(Message::Request(Request::new("watch".to_string().into(), method, params)))
    }

    // ---- Questions

    fn answer(&mut self, request: Request) -> Result<(), ServerError> {
        let id = request.id.clone();
        let response = match self.answer_of(request) {
            Ok(value) => Response::new_ok(id, value),
            Err((code, text)) => Response::new_err(id, code as i32, text),
        };
        self.send(Message::Response(response))
    }

    fn answer_of(&mut self, request: Request) -> Answer {
        let state = &mut self.state;
        match request.method.as_str() {
            asked::HoverRequest::METHOD => found(request, |p| state.hover(p)),
            asked::GotoDefinition::METHOD => found(request, |p| state.definition(p)),
            asked::References::METHOD => found(request, |p| state.references(p)),
            asked::DocumentHighlightRequest::METHOD => found(request, |p| state.highlights(p)),
            asked::Completion::METHOD => found(request, |p| state.completion(p)),
            asked::DocumentSymbolRequest::METHOD => found(request, |p| state.symbols(p)),
            asked::Formatting::METHOD => found(request, |p| state.formatting(p)),
            asked::CodeActionRequest::METHOD => found(request, |p| state.code_actions(p)),
            asked::InlayHintRequest::METHOD => found(request, |p| state.hints(p)),
            asked::PrepareRenameRequest::METHOD => tried(request, |p| state.renamable(p)),
            asked::Rename::METHOD => tried(request, |p| state.rename(p)),
            other => {
                let text = format!("the Snow language server does not know the request {other}");
                Err((ErrorCode::MethodNotFound, text))
            }
        }
    }

    // ---- Notes

    fn take(&mut self, note: Notification) {
        match note.method.as_str() {
            told::DidOpenTextDocument::METHOD => {
                let Some(params) = params::<lsp::DidOpenTextDocumentParams>(note.params) else { return };
                let lsp::TextDocumentItem { uri, version, text, .. } = params.text_document;
                let path = uri::to_path(&uri);
                self.state.documents.open(path.clone(), Document { text, version, uri });
                self.changed(path);
            }
            told::DidChangeTextDocument::METHOD => {
                let Some(params) = params::<lsp::DidChangeTextDocumentParams>(note.params) else { return };
                let path = uri::to_path(&params.text_document.uri);
                let version = params.text_document.version;
                self.state.documents.change(&path, version, params.content_changes);
                self.changed(path);
            }
            told::DidCloseTextDocument::METHOD => {
                let Some(params) = params::<lsp::DidCloseTextDocumentParams>(note.params) else { return };
                let path = uri::to_path(&params.text_document.uri);
                self.state.documents.close(&path);
                self.changed(path);
            }
            told::DidSaveTextDocument::METHOD | told::DidChangeWatchedFiles::METHOD => self.all_changed(),
            told::DidChangeWorkspaceFolders::METHOD => {
                let Some(params) = params::<lsp::DidChangeWorkspaceFoldersParams>(note.params) else {
                    return;
                };
                let folders = &mut self.state.projects().folders;
                let gone: Vec<PathBuf> = params.event.removed.iter().map(|f| uri::to_path(&f.uri)).collect();
                folders.retain(|folder| !gone.contains(folder));
                folders.extend(params.event.added.iter().map(|f| uri::to_path(&f.uri)));
                self.all_changed();
            }
            _ => {}
        }
    }

    fn changed(&mut self, path: PathBuf) {
        self.state.changed(&path);
        self.stale.insert(path);
    }

    fn all_changed(&mut self) {
        self.state.projects().all_changed();
        let open: Vec<PathBuf> = self.state.documents.iter().map(|(path, _)| path.clone()).collect();
        self.stale.extend(open);
    }

    // ---- Problems

    fn show_problems(&mut self) -> Result<(), ServerError> {
        for path in std::mem::take(&mut self.stale) {
            let is_open = self.state.documents.get(&path).is_some();
            let files = self.state.problems(&path);
            let files = if is_open || files.len() > 1 { files } else { Vec::new() };
            let now: BTreeSet<PathBuf> = files.iter().map(|(file, _)| file.clone()).collect();
            let before = self.shown.insert(path.clone(), now.clone()).unwrap_or_default();
            for gone in before.difference(&now) {
                self.publish(gone, Vec::new())?;
            }
            for (file, problems) in files {
                self.publish(&file, problems)?;
            }
            if !is_open {
                self.shown.remove(&path);
            }
        }
        Ok(())
    }

    fn publish(&self, file: &Path, diagnostics: Vec<lsp::Diagnostic>) -> Result<(), ServerError> {
        let document = self.state.documents.get(file);
        let own = document.map(|document| document.uri.clone());
        let Some(uri) = own.or_else(|| uri::of_path(file)) else { return Ok(()) };
        let version = document.map(|document| document.version);
        let params = lsp::PublishDiagnosticsParams { uri, diagnostics, version };
        let method = told::PublishDiagnostics::METHOD.to_string();
        self.send(Message::Notification(Notification::new(method, params)))
    }
}

/// Reads what a question asks for.
fn read<P: serde::de::DeserializeOwned>(request: Request) -> Result<P, (ErrorCode, String)> {
    serde_json::from_value(request.params).map_err(|problem| (ErrorCode::InvalidParams, problem.to_string()))
}

fn written<R: serde::Serialize>(result: R) -> Value {
    serde_json::to_value(result).expect("what the library defines is JSON")
}

fn found<P: serde::de::DeserializeOwned, R: serde::Serialize>(
    request: Request,
    answer: impl FnOnce(P) -> Option<R>,
) -> Answer {
    read(request).map(|params| written(answer(params)))
}

fn tried<P: serde::de::DeserializeOwned, R: serde::Serialize>(
    request: Request,
    answer: impl FnOnce(P) -> Result<R, snow_ide::RenameError>,
) -> Answer {
    let result = answer(read(request)?);
    result.map(written).map_err(|problem| (ErrorCode::RequestFailed, problem.to_string()))
}

/// What a note says; one that is malformed is as good as none, since nobody waits for an answer.
fn params<P: serde::de::DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}

fn capabilities() -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(lsp::PositionEncodingKind::UTF16),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
            save: Some(lsp::TextDocumentSyncSaveOptions::Supported(true)),
            ..lsp::TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(vec![".".to_string()]),
            ..lsp::CompletionOptions::default()
        }),
        definition_provider: Some(lsp::OneOf::Left(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![lsp::CodeActionKind::QUICKFIX]),
            ..lsp::CodeActionOptions::default()
        })),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..lsp::ServerCapabilities::default()
    }
}
