//! Long runs of the fuzz targets by hand; their short ones are ordinary tests of `tools/fuzz`.

use crate::outcome::Outcome;
use crate::process::{Show, cargo, run as run_process};
use std::path::Path;

/// Runs the targets with these words of the command line.
pub fn run(root: &Path, words: &[&str]) -> Outcome {
    let arguments = [&["run", "--quiet", "-p", "snow-fuzz", "--"], words].concat();
    Outcome::when(run_process(&mut cargo(root, &arguments), Show::Yes).success)
}
