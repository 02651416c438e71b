//! A directory of one run, for its owner only, removed at the end.

use std::fs::{DirBuilder, remove_dir_all};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A directory that exists as long as this does.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A new one among the system's temporary files, which `TMPDIR` places.
    pub(super) fn new() -> std::io::Result<Scratch> {
        let name = format!("snow-cluster-{}-{}", std::process::id(), super::random_hex(8));
        let path = std::env::temp_dir().join(name);
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|problem| super::unwritable(&problem, &path, "TMPDIR"))?;
        Ok(Scratch(path))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(problem) = remove_dir_all(&self.0) {
            eprintln!("snow: cannot remove {}: {problem}", self.0.display());
        }
    }
}
