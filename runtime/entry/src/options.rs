//! Flags of a running program: before its own arguments, or in `SNOW_FLAGS`.

use std::fmt;

/// What the flags say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// `--schedulers N`: scheduler threads, 1 to 1024; one per core unless given.
    pub schedulers: Option<usize>,
    /// `--max-memory BYTES`, with `K`, `M`, `G` for powers of 1024.
    pub max_memory_bytes: Option<u64>,
    /// `--log-level LEVEL`.
    pub log_level: Option<LogLevel>,
}

/// From which level on log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// News and above.
    Info,
    /// What may need care, and above.
    Warning,
    /// Errors and crash reports.
    Error,
    /// Nothing.
    None,
}

/// A flag that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OptionError {
    /// The flag has no value behind it.
    NoValue(&'static str),
    /// The value is not of the kind wanted.
    BadValue {
        /// Which flag.
        flag: &'static str,
        /// What was given.
        given: String,
        /// What is wanted.
        wanted: &'static str,
    },
    /// A word in `SNOW_FLAGS` that is no flag.
    Unknown(String),
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OptionError::NoValue(flag) => write!(f, "{flag} needs a value behind it"),
            OptionError::BadValue { flag, given, wanted } => {
                write!(f, "{flag} cannot be {given:?}; give {wanted}")
            }
            OptionError::Unknown(word) => write!(
                f,
                "SNOW_FLAGS has {word:?}, which is no flag; there are --schedulers N, --max-memory BYTES and --log-level LEVEL"
            ),
        }
    }
}

impl std::error::Error for OptionError {}

impl Options {
    /// The flags of `SNOW_FLAGS`.
    ///
    /// # Errors
    /// For a word that is no flag, and a flag without a value or with one that cannot be used.
    pub fn of_environment(flags: Option<&str>) -> Result<Options, OptionError> {
        let mut options = Options::default();
        let mut words = flags.unwrap_or_default().split_whitespace().map(str::to_string);
        while let Some(word) = words.next() {
            if !options.take(&word, &mut words)? {
                return Err(OptionError::Unknown(word));
            }
        }
        Ok(options)
    }

    /// Takes the flags from `SNOW_FLAGS` and from the front of the arguments; gives the rest, which is the program's. A `--` ends the flags.
    ///
    /// # Errors
    /// For a flag without a value or with one that cannot be used.
    pub fn parse(
        args: Vec<String>,
        environment: Option<String>,
    ) -> Result<(Options, Vec<String>), OptionError> {
        let mut options = Options::of_environment(environment.as_deref())?;
        let mut rest = args.into_iter().peekable();
        while let Some(word) = rest.peek().cloned() {
            if word == "--" {
                rest.next();
                break;
            }
            if !is_flag(&word) {
                break;
            }
            rest.next();
            options.take(&word, &mut rest)?;
        }
        Ok((options, rest.collect()))
    }

    /// Takes one flag and its value; `false` when the word is no flag.
    fn take(&mut self, word: &str, rest: &mut impl Iterator<Item = String>) -> Result<bool, OptionError> {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (word, None),
        };
        let mut value = |flag| inline.clone().or_else(|| rest.next()).ok_or(OptionError::NoValue(flag));
        match name {
            "--schedulers" => {
                let given = value("--schedulers")?;
                let count = given.parse().ok().filter(|n| (1..=1024).contains(n));
                self.schedulers = Some(count.ok_or(OptionError::BadValue {
                    flag: "--schedulers",
                    given,
                    wanted: "a number from 1 to 1024",
                })?);
            }
            "--max-memory" => {
                let given = value("--max-memory")?;
                self.max_memory_bytes = Some(bytes(&given).ok_or(OptionError::BadValue {
                    flag: "--max-memory",
                    given,
                    wanted: "a number of bytes such as 8G, 512M or 1073741824",
                })?);
            }
            "--log-level" => {
                let given = value("--log-level")?;
                self.log_level = Some(level(&given).ok_or(OptionError::BadValue {
                    flag: "--log-level",
                    given,
                    wanted: "debug, info, warning, error or none",
                })?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn is_flag(word: &str) -> bool {
    ["--schedulers", "--max-memory", "--log-level"].contains(&word.split('=').next().unwrap_or(word))
}

fn bytes(text: &str) -> Option<u64> {
    let (digits, unit) = match text.as_bytes().last()?.to_ascii_uppercase() {
        b'K' => (&text[..text.len() - 1], 1 << 10),
        b'M' => (&text[..text.len() - 1], 1 << 20),
        b'G' => (&text[..text.len() - 1], 1 << 30),
        _ => (text, 1u64),
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

fn level(text: &str) -> Option<LogLevel> {
    Some(match text {
        "debug" => LogLevel::Debug,
        "info" => LogLevel::Info,
        "warning" => LogLevel::Warning,
        "error" => LogLevel::Error,
        "none" => LogLevel::None,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str], environment: Option<&str>) -> Result<(Options, Vec<String>), OptionError> {
        Options::parse(args.iter().map(|a| a.to_string()).collect(), environment.map(str::to_string))
    }

    #[test]
    fn flags_come_before_the_programs_arguments() {
        let (options, rest) =
            parse(&["--schedulers", "3", "--max-memory=8G", "file", "--schedulers"], None).unwrap();
        assert_eq!((options.schedulers, options.max_memory_bytes), (Some(3), Some(8 << 30)));
        assert_eq!(rest, ["file", "--schedulers"]);
    }

    #[test]
    fn two_dashes_end_the_flags() {
        let (options, rest) = parse(&["--", "--schedulers", "3"], None).unwrap();
        assert_eq!((options.schedulers, rest.len()), (None, 2));
    }

    #[test]
    fn the_environment_comes_first() {
        let (options, _) = parse(&["--schedulers", "2"], Some("--schedulers 1 --log-level error")).unwrap();
        assert_eq!((options.schedulers, options.log_level), (Some(2), Some(LogLevel::Error)));
    }

    #[test]
    fn what_cannot_be_used_says_what_to_give() {
        let text = |args: &[&str], env| parse(args, env).unwrap_err().to_string();
        assert!(text(&["--schedulers", "0"], None).contains("from 1 to 1024"));
        assert!(text(&["--max-memory"], None).contains("needs a value"));
        assert!(text(&[], Some("--fast")).contains("no flag"));
    }
}
