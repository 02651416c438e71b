//! Temporary files and directories: they belong to the process that made them and go with it, or at the latest with the node.

use snow_process::Pid;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// What is to be deleted, by process.
#[derive(Default)]
pub(crate) struct Temporaries {
    paths: Mutex<HashMap<Pid, Vec<PathBuf>>>,
}

impl Temporaries {
    fn lock(&self) -> MutexGuard<'_, HashMap<Pid, Vec<PathBuf>>> {
        self.paths.lock().expect("no holder panics")
    }

    /// A process has made a file or directory.
    pub fn note(&self, owner: Pid, path: PathBuf) {
        self.lock().entry(owner).or_default().push(path);
    }

    /// What a process that ends leaves behind.
    pub fn take(&self, owner: Pid) -> Vec<PathBuf> {
        self.lock().remove(&owner).unwrap_or_default()
    }

    /// Deletes what is left at the end of the node.
    pub fn delete_rest(&self) {
        let rest = std::mem::take(&mut *self.lock());
        rest.into_values().flatten().for_each(|path| delete(&path));
    }
}

/// Deletes a file, or a directory with all that is in it. The program may have done so already.
pub(crate) fn delete(path: &Path) {
    let is_directory = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    let deleted = if is_directory { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    drop(deleted);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_owner_takes_its_own() {
        let temporaries = Temporaries::default();
        let place = tempfile::tempdir().unwrap();
        let paths = ["a", "b", "c"].map(|name| place.path().join(name));
        std::fs::write(&paths[0], "x").unwrap();
        std::fs::create_dir_all(paths[1].join("inner")).unwrap();
        let (one, other) = (Pid::local(1, 1), Pid::local(2, 1));
        temporaries.note(one, paths[0].clone());
        temporaries.note(other, paths[1].clone());
        temporaries.note(other, paths[2].clone());
        assert_eq!(temporaries.take(one), [paths[0].clone()]);
        assert_eq!(temporaries.take(one), [] as [PathBuf; 0]);
        temporaries.delete_rest();
        assert!(paths[0].exists() && !paths[1].exists());
    }
}
