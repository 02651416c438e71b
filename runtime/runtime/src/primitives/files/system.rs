//! The work itself, on a thread of the pool. Failures carry the number that the table of primitives gives their kind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use snow_heap::SharedText;

/// Kinds of failure that no system error stands for.
const NOT_UTF8: i64 = 6;
const TOO_LARGE: i64 = 7;

/// Why work on a file came to nothing.
#[derive(Debug)]
pub struct Failure {
    /// Its number in the table of primitives.
    pub kind: i64,
    /// What happened, the path first.
    pub text: String,
}

impl Failure {
    fn new(path: &str, error: &io::Error) -> Failure {
        Failure { kind: kind_number(error.kind()), text: format!("{path}: {}", plain_text(error)) }
    }
}

fn kind_number(kind: ErrorKind) -> i64 {
    match kind {
        ErrorKind::NotFound => 0,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => 1,
        ErrorKind::AlreadyExists => 2,
        ErrorKind::IsADirectory => 3,
        ErrorKind::NotADirectory => 4,
        ErrorKind::DirectoryNotEmpty => 5,
        ErrorKind::FileTooLarge => TOO_LARGE,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => 8,
        ErrorKind::BrokenPipe => 9,
        _ => 10,
    }
}

/// The system's words without its number.
fn plain_text(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

pub fn named<T>(path: &str, result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| Failure::new(path, &error))
}

/// A whole file of at most so many bytes.
pub fn read(path: &str, bytes_max: i64) -> Result<SharedText, Failure> {
    let limit = u64::try_from(bytes_max).unwrap_or(0);
    let mut bytes = Vec::new();
    let file = named(path, File::open(path))?;
    // One byte more tells whether the file goes on
    named(path, file.take(limit.saturating_add(1)).read_to_end(&mut bytes))?;
    if bytes.len() as u64 > limit {
        return Err(Failure { kind: TOO_LARGE, text: format!("{path}: larger than {limit} bytes") });
    }
    Ok(SharedText::new(&bytes))
}

/// At most so many bytes from an offset on; none at the end.
pub fn read_at(path: &str, offset: i64, bytes_max: i64) -> Result<SharedText, Failure> {
    let (offset, limit) = (u64::try_from(offset).unwrap_or(0), u64::try_from(bytes_max).unwrap_or(0));
    let mut bytes = Vec::new();
    let mut file = named(path, File::open(path))?;
    named(path, file.seek(SeekFrom::Start(offset)))?;
    named(path, file.take(limit).read_to_end(&mut bytes))?;
    Ok(SharedText::new(&bytes))
}

/// Creates a file, replaces what it holds, or adds to it.
pub fn write(path: &str, bytes: &[u8], append: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).append(append).truncate(!append);
    let mut file = named(path, options.open(path))?;
    named(path, file.write_all(bytes))
}

/// Size in bytes.
pub fn size(path: &str) -> Result<i64, Failure> {
    let metadata = named(path, fs::metadata(path))?;
    Ok(i64::try_from(metadata.len()).unwrap_or(i64::MAX))
}

/// 0 nothing there, 1 a file, 2 a directory, 3 something else.
pub fn kind(path: &str) -> i64 {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => 1,
        Ok(metadata) if metadata.is_dir() => 2,
        Ok(_) => 3,
        Err(_) => 0,
    }
}

/// Deletes a file, a link, or an empty directory.
pub fn delete(path: &str) -> Result<(), Failure> {
    let metadata = named(path, fs::symlink_metadata(path))?;
    named(path, if metadata.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) })
}

/// The names in a directory, sorted.
pub fn list(path: &str) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in named(path, fs::read_dir(path))? {
        let name = named(path, entry)?.file_name();
        let not_text = |name: std::ffi::OsString| Failure {
            kind: NOT_UTF8,
            text: format!("{path}: the name {} is not UTF-8", name.display()),
        };
        names.push(name.into_string().map_err(not_text)?);
    }
    names.sort_unstable();
    Ok(names)
}

/// Creates a directory and those above it.
pub fn create_dir(path: &str) -> Result<(), Failure> {
    named(path, fs::create_dir_all(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of this test's own, gone with it.
    struct Place(std::path::PathBuf);

    impl Place {
        fn new(name: &str) -> Place {
            let path = std::env::temp_dir().join(format!("snow-files-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Place(path)
        }

        fn path(&self, name: &str) -> String {
            self.0.join(name).to_str().unwrap().to_owned()
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn kind_of<T: std::fmt::Debug>(result: Result<T, Failure>) -> i64 {
        result.err().map_or(-1, |failure| failure.kind)
    }

    #[test]
    fn files_keep_what_is_written() {
        let place = Place::new("write");
        let path = place.path("a.txt");
        write(&path, b"hello", false).unwrap();
        write(&path, b" world", true).unwrap();
        assert_eq!(read(&path, 100).unwrap().bytes(), b"hello world");
        assert_eq!(read_at(&path, 6, 3).unwrap().bytes(), b"wor");
        assert_eq!(read_at(&path, 60, 3).unwrap().bytes(), b"");
        assert_eq!((size(&path).unwrap(), kind(&path), kind(&place.path(""))), (11, 1, 2));
        write(&path, b"x", false).unwrap();
        assert_eq!(read(&path, 1).unwrap().bytes(), b"x");
        assert_eq!(list(&place.path("")).unwrap(), ["a.txt"]);
        delete(&path).unwrap();
        assert_eq!(kind(&path), 0);
    }

    #[test]
    fn failures_have_kinds_and_name_the_path() {
        let place = Place::new("fail");
        let path = place.path("none");
        let failure = read(&path, 1).err().unwrap();
        assert_eq!((failure.kind, failure.text), (0, format!("{path}: No such file or directory")));
        assert_eq!(kind_of(read(&place.path(""), 1).map(drop)), 3);
        write(&path, b"ab", false).unwrap();
        assert_eq!(kind_of(read(&path, 1).map(drop)), TOO_LARGE);
        assert_eq!(kind_of(list(&path)), 4);
        create_dir(&place.path("one/two")).unwrap();
        assert_eq!(kind_of(delete(&place.path("one"))), 5);
    }
}
