//! `snow new NAME`: a program to begin with.

use clap::ArgMatches;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// What a new program consists of; `NAME` stands for its name.
const FILES: [(&str, &str); 4] = [
    ("main.snow", include_str!("new/main.snow")),
    ("greeting.snow", include_str!("new/greeting.snow")),
    ("snow.toml", "[package]\nname = \"NAME\"\nversion = \"0.1.0\"\n"),
    (".gitignore", "/NAME\n"),
];

/// Makes a directory with a program that runs, tests and is formatted.
pub fn new(matches: &ArgMatches) -> ExitCode {
    let path = Path::new(matches.get_one::<String>("name").expect("clap requires it"));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !is_name(&name) {
        eprintln!("snow: {name:?} cannot be the name of a program: {}", advice(&name));
        return ExitCode::from(crate::USAGE);
    }
    match make(path, &name) {
        Ok(()) => {
            println!("made {}; now try", path.display());
            println!("  cd {}\n  snow run .\n  snow test\n  snow build", path.display());
            ExitCode::SUCCESS
        }
        Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => {
            eprintln!("snow: {} is there already; choose another name", path.display());
            ExitCode::FAILURE
        }
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => {
            eprintln!("snow: cannot make {}: its directory does not exist; make it first", path.display());
            ExitCode::FAILURE
        }
        Err(problem) => {
            eprintln!("snow: cannot make {}: {problem}", path.display());
            ExitCode::FAILURE
        }
    }
}

/// Whether other programs could import it under this name.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn advice(name: &str) -> String {
    let fitting: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let rule = "it begins with a small letter, and has small letters, digits and _ only";
    if is_name(&fitting) { format!("{rule}; take {fitting}") } else { rule.to_string() }
}

fn make(path: &Path, name: &str) -> io::Result<()> {
    fs::create_dir(path)?;
    for (file, text) in FILES {
        fs::write(path.join(file), text.replace("NAME", name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_do_not_fit_are_answered_with_one_that_does() {
        assert!(is_name("shop_2"));
        assert!(!is_name("Shop") && !is_name("2shop") && !is_name("my-shop") && !is_name(""));
        assert!(advice("My-Shop").ends_with("take my_shop"));
        assert!(!advice("2shop").contains("take"));
    }
}
