//! Running tests side by side, each in a process of the operating system of its own.

use crate::report::{self, Ended, Style, Verdict};
use crate::selection::Selection;
use snow_abi::program::{Program, Test};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often a running test is looked at: at first, and later.
const LOOK_MS: (u64, u64) = (1, 16);

/// What a process needs to know in order to run one test.
pub struct Place {
    /// The compiled program.
    pub image: PathBuf,
    /// Which of its tests.
    pub index: usize,
    /// Where to say why it failed.
    pub verdict: PathBuf,
}

/// How many tests ended how.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// As they should.
    pub passed: usize,
    /// Not.
    pub failed: usize,
}

/// Runs the tests that `selection` takes, in their order as far as can be seen, and writes about each to `out`, and a summary last.
/// `command` makes the command that runs one test.
///
/// # Errors
/// When the temporary directory cannot be used, a process cannot be started, or nobody reads `out`.
pub fn run(
    program: &Program,
    selection: &Selection,
    style: Style,
    command: &(dyn Fn(&Place) -> io::Result<Command> + Sync),
    out: &mut dyn Write,
) -> io::Result<Tally> {
    let scratch = tempfile::Builder::new().prefix("snow-test-").tempdir()?;
    let image = scratch.path().join("image");
    std::fs::write(&image, program.encode())?;
    let chosen: Vec<usize> =
        (0..program.tests.len()).filter(|i| selection.takes(&program.tests[*i])).collect();
    let run =
        Run { program, chosen: &chosen, command, scratch: scratch.path(), image, next: AtomicUsize::new(0) };
    let mut tally = Tally::default();
    run.all(|index, ended| {
        match ended.verdict {
            Verdict::Passed => tally.passed += 1,
            Verdict::Failed(_) => tally.failed += 1,
        }
        out.write_all(report::lines(program, &program.tests[index], &ended, style).as_bytes())
    })?;
    writeln!(out, "{}", report::summary(tally.passed, tally.failed, style))?;
    Ok(tally)
}

struct Run<'r> {
    program: &'r Program,
    chosen: &'r [usize],
    command: &'r (dyn Fn(&Place) -> io::Result<Command> + Sync),
    scratch: &'r Path,
    image: PathBuf,
    next: AtomicUsize,
}

impl Run<'_> {
    /// As many at once as there are processors; each is told as soon as all before it were.
    fn all(&self, mut tell: impl FnMut(usize, Ended) -> io::Result<()>) -> io::Result<()> {
        let (give, take) = mpsc::channel();
        let give = Mutex::new(give);
        let threads = thread::available_parallelism().map_or(1, usize::from).min(self.chosen.len());
        thread::scope(|scope| {
            for _ in 0..threads {
                let give = give.lock().expect("no holder panics").clone();
                scope.spawn(move || self.work(&give));
            }
            drop(give);
            let mut waiting: Vec<Option<io::Result<Ended>>> = self.chosen.iter().map(|_| None).collect();
            let mut told = 0;
            for (place, ended) in take {
                waiting[place] = Some(ended);
                while let Some(ended) = waiting.get_mut(told).and_then(Option::take) {
                    let told_now = ended.and_then(|ended| tell(self.chosen[told], ended));
                    if told_now.is_err() {
                        self.next.store(self.chosen.len(), Ordering::Relaxed);
                        return told_now;
                    }
                    told += 1;
                }
            }
            Ok(())
        })
    }

    fn work(&self, give: &mpsc::Sender<(usize, io::Result<Ended>)>) {
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(index) = self.chosen.get(place) else { return };
            if give.send((place, self.one(*index))).is_err() {
                return;
            }
        }
    }

    fn one(&self, index: usize) -> io::Result<Ended> {
        let test = &self.program.tests[index];
        let directory = self.scratch.join(index.to_string());
        std::fs::create_dir(&directory)?;
        let place = Place { image: self.image.clone(), index, verdict: directory.join("verdict") };
        let output = directory.join("output");
        let file = File::create(&output)?;
        let mut command = (self.command)(&place)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        // A directory for the test's own files, below what is removed at the end.
        command.env("SNOW_TEST_DIR", directory.join("files"));
        let started = Instant::now();
        let status = wait(&mut command.spawn()?, Duration::from_millis(u64::from(test.timeout_ms)))?;
        let took = started.elapsed();
        let verdict = verdict(test, status, &place.verdict);
        let output = String::from_utf8_lossy(&std::fs::read(&output)?).into_owned();
        std::fs::remove_dir_all(&directory)?;
        Ok(Ended { verdict, took, output })
    }
}

/// The status, or `None` when the time was over and the process was killed.
fn wait(child: &mut Child, time: Duration) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + time;
    let mut pause = LOOK_MS.0;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::park_timeout(left.min(Duration::from_millis(pause)));
        pause = (pause * 2).min(LOOK_MS.1);
    }
}

fn verdict(test: &Test, status: Option<ExitStatus>, file: &Path) -> Verdict {
    let Some(status) = status else {
        return Verdict::Failed(format!(
            "it had not ended after {} ms; a test may have more time with `timeout:`",
            test.timeout_ms
        ));
    };
    match std::fs::read_to_string(file) {
        Ok(why) => Verdict::Failed(why),
        Err(_) if status.success() => Verdict::Passed,
        Err(_) => Verdict::Failed(format!("the process that ran it was lost ({status})")),
    }
}
