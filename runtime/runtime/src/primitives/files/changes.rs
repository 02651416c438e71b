//! Work that changes more than the bytes of one file: copying, renaming, replacing, deleting trees, and temporary files.

use super::system::{Failure, named};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Deletes a file, a link, or a directory with all that is in it. Links are deleted, not followed.
pub fn delete_all(path: &str) -> Result<(), Failure> {
    let metadata = named(path, fs::symlink_metadata(path))?;
    named(path, if metadata.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) })
}

/// Copies a file with its mode, over what is there.
pub fn copy(path: &str, to: &str) -> Result<(), Failure> {
    // Opened first, so that the failure names the path that it belongs to
    let from = named(path, fs::File::open(path))?;
    if named(path, from.metadata())?.is_dir() {
        return named(path, Err(io::ErrorKind::IsADirectory.into()));
    }
    named(to, fs::copy(path, to).map(drop))
}

/// Gives a file or directory another path.
pub fn rename(path: &str, to: &str) -> Result<(), Failure> {
    named(path, fs::symlink_metadata(path))?;
    named(to, fs::rename(path, to))
}

/// Puts a new file in place of an old one: whoever opens the path sees one of them whole.
pub fn replace(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let directory = Path::new(path).parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut file = named(path, tempfile::NamedTempFile::new_in(directory.unwrap_or(Path::new("."))))?;
    named(path, file.write_all(bytes))?;
    let permissions = fs::metadata(path).map(|old| old.permissions()).unwrap_or_else(|_| usual_permissions());
    named(path, file.as_file().set_permissions(permissions))?;
    named(path, file.as_file().sync_all())?;
    named(path, file.persist(path).map(drop).map_err(|error| error.error))
}

/// Readable for all, as for files that are made in the usual way.
fn usual_permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o644)
}

/// Makes another name for a file, or a file that stands for a path.
pub fn link(path: &str, name: &str, is_symbolic: bool) -> Result<(), Failure> {
    named(name, if is_symbolic { std::os::unix::fs::symlink(path, name) } else { fs::hard_link(path, name) })
}

/// Sets who may do what, as the bits of the system.
pub fn set_mode(path: &str, mode: i64) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = u32::try_from(mode & 0o7777).unwrap_or(0);
    named(path, fs::set_permissions(path, fs::Permissions::from_mode(mode)))
}

/// What is known about a path.
pub struct Facts {
    pub bytes: i64,
    /// As [`super::system::kind`] gives it.
    pub kind: i64,
    pub mode: i64,
    pub changed: (i64, i64),
    pub read: (i64, i64),
}

/// Looks at a path; a link is followed.
pub fn facts(path: &str) -> Result<Facts, Failure> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = named(path, fs::metadata(path))?;
    Ok(Facts {
        bytes: i64::try_from(metadata.len()).unwrap_or(i64::MAX),
        kind: super::system::kind(path),
        mode: i64::from(metadata.permissions().mode() & 0o7777),
        changed: moment(named(path, metadata.modified())?),
        read: moment(named(path, metadata.accessed())?),
    })
}

/// Seconds since 1970, and nanoseconds that are never negative.
fn moment(time: SystemTime) -> (i64, i64) {
    let nanos = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    };
    let seconds = nanos.div_euclid(1_000_000_000);
    (i64::try_from(seconds).unwrap_or(i64::MAX), nanos.rem_euclid(1_000_000_000) as i64)
}

/// 0 nothing there, 1 a file, 2 a directory, 3 something else, 4 a link.
pub fn link_kind(path: &str) -> i64 {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => 4,
        _ => super::system::kind(path),
    }
}

/// A new empty file or directory in the system's place for them.
pub fn temporary(is_directory: bool) -> Result<(String, PathBuf), Failure> {
    let place = std::env::temp_dir();
    let shown = place.display().to_string();
    let path = if is_directory {
        named(&shown, tempfile::Builder::new().prefix("snow-").tempdir_in(&place))?.keep()
    } else {
        let file = named(&shown, tempfile::Builder::new().prefix("snow-").tempfile_in(&place))?;
        named(&shown, file.keep().map_err(|error| error.error))?.1
    };
    let text = path.to_str().map(str::to_owned);
    let not_text = || io::Error::other("the directory for temporary files has a name that is not UTF-8");
    Ok((named(&shown, text.ok_or_else(not_text))?, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> (tempfile::TempDir, impl Fn(&str) -> String) {
        let directory = tempfile::tempdir().unwrap();
        let base = directory.path().to_str().unwrap().to_owned();
        (directory, move |name: &str| format!("{base}/{name}"))
    }

    #[test]
    fn replacing_keeps_the_mode() {
        let (_directory, path) = place();
        let file = path("a");
        replace(&file, b"one").unwrap();
        assert_eq!(facts(&file).unwrap().mode, 0o644);
        set_mode(&file, 0o600).unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!((fs::read(&file).unwrap(), facts(&file).unwrap().mode), (b"two".to_vec(), 0o600));
        assert_eq!(fs::read_dir(path("")).unwrap().count(), 1);
    }

    #[test]
    fn trees_go_without_what_links_point_to() {
        let (_directory, path) = place();
        fs::create_dir_all(path("tree/inner")).unwrap();
        fs::write(path("kept"), "x").unwrap();
        link(&path("kept"), &path("tree/inner/link"), true).unwrap();
        assert_eq!((link_kind(&path("tree/inner/link")), link_kind(&path("tree"))), (4, 2));
        delete_all(&path("tree")).unwrap();
        assert_eq!((link_kind(&path("tree")), link_kind(&path("kept"))), (0, 1));
        assert_eq!(delete_all(&path("tree")).err().unwrap().kind, 0);
    }

    #[test]
    fn failures_name_the_path_they_belong_to() {
        let (_directory, path) = place();
        fs::write(path("a"), "x").unwrap();
        assert!(copy(&path("none"), &path("b")).err().unwrap().text.starts_with(&path("none")));
        assert!(copy(&path("a"), &path("none/b")).err().unwrap().text.starts_with(&path("none/b")));
        assert_eq!(copy(&path(""), &path("b")).err().unwrap().kind, 3);
        assert!(rename(&path("none"), &path("b")).err().unwrap().text.starts_with(&path("none")));
    }

    #[test]
    fn moments_before_1970_count_back() {
        let before = SystemTime::UNIX_EPOCH - std::time::Duration::from_millis(1_500);
        assert_eq!(moment(before), (-2, 500_000_000));
    }
}
