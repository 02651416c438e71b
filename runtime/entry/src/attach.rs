//! Executables that carry a program: the image is appended to a copy of the running executable.
//!
//! ```text
//! executable | image (abi::Program::encode) | length of the image: u64 | magic: 8 bytes
//! ```

use snow_abi::codec::DecodeError;
use snow_abi::program::Program;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"SNOWEXE1";
const FOOTER_BYTES: u64 = 16;

/// The image behind this executable cannot be used.
#[derive(Debug)]
pub enum AttachError {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is damaged, or of another version.
    Damaged(DecodeError),
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttachError::Unreadable(e) => write!(f, "cannot read the program in this executable: {e}"),
            AttachError::Damaged(e) => write!(f, "{e}"),
        }
    }
}

impl std::error::Error for AttachError {}

/// The program that the running executable carries, if any.
///
/// # Errors
/// When there is one and it cannot be used.
pub fn attached() -> Result<Option<Program>, AttachError> {
    // Without access to itself an executable carries nothing it could use.
    let Ok(mut file) = own_file() else { return Ok(None) };
    let image = read_image(&mut file).map_err(AttachError::Unreadable)?;
    image.map(|bytes| Program::decode(&bytes).map_err(AttachError::Damaged)).transpose()
}

/// The file that is running: by the kernel's link to it, which holds when the file was renamed or replaced since, or, where `/proc` is not
/// there, by the path that it was started under.
fn own_file() -> io::Result<File> {
    use std::os::unix::ffi::OsStrExt;
    File::open("/proc/self/exe").or_else(|_| {
        let started_as = std::ffi::OsStr::from_bytes(rustix::param::linux_execfn().to_bytes());
        File::open(started_as)
    })
}

fn read_image(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    let end = file.seek(SeekFrom::End(0))?;
    let Some(footer_at) = end.checked_sub(FOOTER_BYTES) else { return Ok(None) };
    file.seek(SeekFrom::Start(footer_at))?;
    let mut footer = [0; FOOTER_BYTES as usize];
    file.read_exact(&mut footer)?;
    if &footer[8..] != MAGIC {
        return Ok(None);
    }
    let length = u64::from_le_bytes(footer[..8].try_into().expect("eight bytes"));
    let Some(image_at) = footer_at.checked_sub(length) else { return Ok(None) };
    file.seek(SeekFrom::Start(image_at))?;
    let mut image = vec![0; length as usize];
    file.read_exact(&mut image)?;
    Ok(Some(image))
}

/// Writes an executable that runs `program`; gives its size in bytes.
///
/// # Errors
/// When this executable cannot be read or `output` cannot be written.
pub fn write_executable(program: &Program, output: &Path) -> io::Result<u64> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut runtime = Vec::new();
    own_file()?.read_to_end(&mut runtime)?;
    let image = program.encode();
    // Written beside the target and renamed, so that a running copy is never overwritten.
    let mut partial = output.as_os_str().to_owned();
    partial.push(format!(".partial-{}", std::process::id()));
    let partial = PathBuf::from(partial);
    let write = || -> io::Result<u64> {
        let mut file =
            std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o755).open(&partial)?;
        file.write_all(&runtime)?;
        file.write_all(&image)?;
        file.write_all(&(image.len() as u64).to_le_bytes())?;
        file.write_all(MAGIC)?;
        std::fs::rename(&partial, output)?;
        file.stream_position()
    };
    write().inspect_err(|_| {
        // The partial file may not exist; the first error is the one to tell.
        drop(std::fs::remove_file(&partial));
    })
}
