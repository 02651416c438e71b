//! Drawing diagnostics: for people in a terminal, for machines as JSON lines.

mod json;
mod terminal;

pub use json::render_json;
pub use terminal::render_terminal;
