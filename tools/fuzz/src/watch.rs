//! Ends a run whose case takes too much time or memory.
//!
//! A case is written to a file before it is checked, so that one which ends the whole process is not lost. Time is the
//! process's own, so that a busy machine fails nobody.

use std::cell::Cell;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often it looks.
const PERIOD: Duration = Duration::from_millis(250);
/// Ticks of a second in `/proc/self/stat`.
const TICKS: u64 = 100;
/// Status of a run that was ended.
const STATUS: i32 = 101;

/// What a case may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Seconds of processor time.
    pub seconds: u64,
    /// Memory of the whole process.
    pub bytes: u64,
}

/// Watches over one case after the other.
pub struct Watch {
    path: PathBuf,
    file: File,
    limits: Limits,
    peak: Cell<u64>,
    began: Arc<Mutex<u64>>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Watches the process; the case that is being checked lies in a file of this name.
    ///
    /// # Panics
    /// When the system gives no thread or no file.
    pub fn new(name: &str, limits: Limits) -> Watch {
        let path = std::env::temp_dir().join(format!("snow-fuzz-{name}-{}", std::process::id()));
        let file = File::create(&path).expect("the directory for temporary files can be written");
        let began = Arc::new(Mutex::new(used_ticks()));
        let (stop, stopped) = mpsc::channel::<()>();
        let (shared, shown) = (began.clone(), path.clone());
        let look = move || {
            while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                let began = *shared.lock().expect("nobody panics with it");
                if let Some(problem) = excess(began, limits) {
                    eprintln!("{problem}: the case is {}", shown.display());
                    std::process::exit(STATUS);
                }
            }
        };
        let thread = thread::Builder::new().name("watch".into()).spawn(look).expect("a thread");
        let peak = Cell::new(peak_bytes());
        Watch { path, file, limits, peak, began, stop: Some(stop), thread: Some(thread) }
    }

    /// A case begins.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn begin(&self, case: &[u8]) {
        // Written over the one before, since a file that is emptied first is slow.
        let mut file = &self.file;
        let written = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(case));
        let written = written.and_then(|()| file.set_len(case.len() as u64));
        written.expect("the directory for temporary files can be written");
        *self.began.lock().expect("nobody panics with it") = used_ticks();
    }

    /// What is wrong with the memory that the last case took, also when it took it for a moment only: told once.
    pub fn excess(&self) -> Option<String> {
        let now = peak_bytes();
        let before = self.peak.replace(now);
        let is_new = now > before && now > self.limits.bytes;
        is_new.then(|| format!("memory: over {} MiB", self.limits.bytes >> 20))
    }

    /// Where the case lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last case was good.
    pub fn end(mut self) {
        self.finish();
        drop(std::fs::remove_file(&self.path));
    }

    fn finish(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.finish();
    }
}

fn excess(began: u64, limits: Limits) -> Option<String> {
    let seconds = used_ticks().saturating_sub(began) / TICKS;
    if seconds > limits.seconds {
        return Some(format!("over {} s of processor time", limits.seconds));
    }
    (used_bytes() > limits.bytes).then(|| format!("over {} MiB of memory", limits.bytes >> 20))
}

/// Processor time of this process so far; 0 where the system does not say.
fn used_ticks() -> u64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum()
}

/// Memory of this process; 0 where the system does not say.
fn used_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split_whitespace().nth(1).and_then(|word| word.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

/// The most memory that this process ever had; 0 where the system does not say.
fn peak_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_known() {
        let limits = |seconds, bytes| Limits { seconds, bytes };
        assert_eq!(excess(used_ticks(), limits(1, u64::MAX)), None);
        assert!(excess(used_ticks(), limits(1, 1 << 10)).is_some_and(|text| text.contains("memory")));
        let mut sum = 0_u64;
        let began = used_ticks();
        while used_ticks() < began + 3 {
            sum = sum.wrapping_mul(31).wrapping_add(7);
        }
        assert!(used_ticks() >= began + 3, "{sum}");
    }
}
