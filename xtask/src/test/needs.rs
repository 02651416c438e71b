//! What the toolchain at hand can do, and what a step that needs more has to be told.

use super::steps::Need;
use crate::process::{Show, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The platform whose sanitizers are used.
const SANITIZED: &str = "x86_64-unknown-linux-gnu";

/// The Rust toolchain that builds.
pub struct Toolchain {
    /// The platform that `rustc` compiles for; `unknown` when it does not say.
    pub host: String,
    library: PathBuf,
}

impl Toolchain {
    /// The one that is used in this directory.
    pub fn of(root: &Path) -> Toolchain {
        let ask = |arguments: &[&str]| {
            run(Command::new("rustc").args(arguments).current_dir(root), Show::No).output
        };
        let told = ask(&["-vV"]);
        let host = told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("unknown").to_string();
        let library = Path::new(ask(&["--print", "sysroot"]).trim()).join("lib/rustlib/src/rust/library");
        Toolchain { host, library }
    }

    /// What is missing, if anything is; what can be installed is, once.
    pub fn missing(&self, need: Need) -> Option<String> {
        match need {
            Need::LinuxX86_64 if self.host == SANITIZED => None,
            Need::LinuxX86_64 => Some(format!("needs {SANITIZED}, this is {}", self.host)),
            Need::LibrarySource => {
                let there = self.library.is_dir() || {
                    run(Command::new("rustup").args(["component", "add", "rust-src"]), Show::Yes);
                    self.library.is_dir()
                };
                (!there).then(|| "needs the component rust-src: rustup component add rust-src".to_string())
            }
        }
    }
}
