//! Modules, imports and scopes; sugar removed: [`hir`] is what comes out.
//!
//! [`resolve`] goes over the trees three times: it gives every definition an id and a place in its module's
//! tables ([`declare`]), connects imports ([`imports`]), and resolves signatures and bodies ([`resolve`](mod@resolve)).
#![forbid(unsafe_code)]

mod clause;
pub mod codes;
mod declare;
mod definition;
mod familiar;
pub mod hir;
mod imports;
mod known;
mod print;
mod resolve;
mod service;
mod suggest;
mod supervisor;

pub use familiar::synonym;
pub use print::print;
pub use suggest::nearest;

use snow_diagnostics::Problems;
use snow_syntax::Tree;
use snow_text::{SourceId, Symbol};

/// A parsed file and what module it is.
#[derive(Debug)]
pub struct ParsedModule {
    /// `Net.TcpServer`; empty for the root module.
    pub name: String,
    /// Its file.
    pub source: SourceId,
    /// Where the file lies, for texts that name it.
    pub path: String,
    /// Its tree.
    pub tree: Tree,
    /// Whether it belongs to std.
    pub is_std: bool,
}

/// The program that these files are. What is wrong with it goes to `problems`; there is a program in any case.
pub fn resolve(modules: &[ParsedModule], problems: &mut Problems) -> hir::Program {
    resolve::run(modules, None, problems)
}

/// The same, for an editor that asks what could be written where the name `wanted` stands: see [`hir::Program::offers`].
/// The name is made up, so that nothing defines it; it is not reported.
pub fn resolve_for_completion(modules: &[ParsedModule], wanted: Symbol) -> hir::Program {
    resolve::run(modules, Some(wanted), &mut Problems::default())
}
