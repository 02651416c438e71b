//! How many tests passed and failed, read from what a step printed.

use std::fmt;

/// Passed and failed tests, with what there is to say about them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that did not.
    pub failed: usize,
    /// One line for each failure, and for what could not run.
    pub remarks: Vec<String>,
}

impl Tally {
    /// Reads the `test result:` lines of Rust's test harness and the names of failed tests above them.
    pub fn of(output: &str) -> Tally {
        let mut tally = Tally::default();
        let mut listing = false;
        for line in output.lines() {
            if let Some(counts) = line.strip_prefix("test result: ") {
                tally.passed += count_before(counts, " passed");
                tally.failed += count_before(counts, " failed");
                listing = false;
            } else if line == "failures:" {
                listing = true;
            } else if listing && is_test_name(line) {
                tally.remarks.push(format!("FAILED {}", line.trim()));
            }
        }
        tally
    }

    /// Adds another step's counts and remarks to these.
    pub fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.remarks.extend(other.remarks);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn count_before(counts: &str, word: &str) -> usize {
    let before = counts.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The harness lists the names of failed tests by four blanks and a path.
fn is_test_name(line: &str) -> bool {
    line.strip_prefix("    ").is_some_and(|name| !name.is_empty() && !name.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_over_several_runs() {
        let output = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                      test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        let tally = Tally::of(output);
        assert_eq!((tally.passed, tally.failed), (7, 2));
        assert_eq!(tally.to_string(), "7 passed, 2 failed");
    }

    #[test]
    fn failures_are_named() {
        let output = "failures:\n\n---- a::b stdout ----\n    not a name\n\nfailures:\n    a::b\n    c\n\n\
                      test result: FAILED. 0 passed; 2 failed; 0 ignored\n    d\n";
        assert_eq!(Tally::of(output).remarks, ["FAILED a::b", "FAILED c"]);
    }
}
