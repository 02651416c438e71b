//! The directory of this user's live nodes on this machine: one small file per node, named like it.
//!
//! ```text
//! ~/.snow/nodes/bank@127.0.0.1      4001 12345 98765432
//! ```
//!
//! Port, process id, and when that process started, so that a process id that was given anew is told apart. A file whose
//! process is gone is removed by whoever comes across it.

use crate::name::NodeName;
use std::fs;
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

/// Overrides where the directory is.
const VARIABLE: &str = "SNOW_REGISTRY_DIR";

/// The directory.
#[derive(Clone, Debug)]
pub struct Directory {
    path: PathBuf,
}

/// A node's entry; removed when dropped.
#[derive(Debug)]
pub(super) struct Entry {
    path: PathBuf,
    text: String,
}

impl Drop for Entry {
    fn drop(&mut self) {
        // Another node may have taken the name over; nothing can be done about a file that cannot be removed.
        if fs::read_to_string(&self.path).is_ok_and(|text| text == self.text) {
            let _left_behind = fs::remove_file(&self.path);
        }
    }
}

impl Directory {
    /// The user's own: `SNOW_REGISTRY_DIR`, or `~/.snow/nodes`.
    pub fn of_user() -> Directory {
        let path = match (std::env::var_os(VARIABLE), std::env::var_os("HOME")) {
            (Some(path), _) if !path.is_empty() => path.into(),
            (_, Some(home)) if !home.is_empty() => Path::new(&home).join(".snow").join("nodes"),
            _ => std::env::temp_dir().join("snow-nodes"),
        };
        Directory { path }
    }

    /// A directory of one's own.
    pub fn at(path: PathBuf) -> Directory {
        Directory { path }
    }

    /// Where it is, to be shown.
    pub fn place(&self) -> String {
        self.path.display().to_string()
    }

    /// Makes a node known.
    pub(super) fn enter(&self, name: &NodeName, port: u16) -> Result<Entry> {
        create_private(&self.path)?;
        let process = std::process::id();
        let text = format!("{port} {process} {}\n", started(process).unwrap_or(0));
        let path = self.path.join(name.as_str());
        let unfinished = self.path.join(format!(".{process}-{port}"));
        let mut file = fs::File::create(&unfinished)?;
        file.write_all(text.as_bytes())?;
        // A rename is seen whole or not at all.
        fs::rename(&unfinished, &path)?;
        Ok(Entry { path, text })
    }

    /// The port of a live node.
    pub fn find(&self, name: &NodeName) -> Option<u16> {
        let path = self.path.join(name.as_str());
        let text = fs::read_to_string(&path).ok()?;
        let mut words = text.split_ascii_whitespace();
        let port = words.next().and_then(|word| word.parse().ok());
        let process = words.next().and_then(|word| word.parse().ok());
        let start = words.next().and_then(|word| word.parse().ok());
        if let (Some(port), Some(process), Some(start)) = (port, process, start)
            && is_live(process, start)
        {
            return Some(port);
        }
        // Stale, or no entry at all.
        let _left_behind = fs::remove_file(&path);
        None
    }
}

#[cfg(unix)]
fn create_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> Result<()> {
    fs::create_dir_all(path)
}

fn is_live(process: u32, start: u64) -> bool {
    match Path::new("/proc/self").exists() {
        true => started(process) == Some(start),
        // Where the system does not say, dialling shows.
        false => true,
    }
}

/// When a process started, in the system's own unit.
fn started(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the command in brackets and may hold spaces; the 22nd is the start.
    let (_, fields) = text.rsplit_once(") ")?;
    fields.split_ascii_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_and_go_and_stale_ones_are_removed() {
        let path = std::env::temp_dir().join(format!("snow-directory-{}", std::process::id()));
        let directory = Directory::at(path.clone());
        let name = NodeName::new("a@h").unwrap();
        assert_eq!(directory.find(&name), None);
        let entry = directory.enter(&name, 4001).unwrap();
        assert_eq!(directory.find(&name), Some(4001));
        drop(entry);
        assert_eq!(directory.find(&name), None);
        fs::write(path.join("a@h"), "4001 1 77\n").unwrap();
        assert_eq!(directory.find(&name), None);
        assert!(!path.join("a@h").exists());
        fs::remove_dir_all(path).unwrap();
    }
}
