//! Executables that `snow build` makes: where they come to lie, what they need, and that they are a program like any other.

use std::path::Path;
use std::process::{Command, Output};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const HELLO: &str = "fn main() do\n  println(\"hello ${Env.args()}\")\nend\n";

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(place.path().join("hello.snow"), HELLO).expect("it is writable");
    place
}

fn snow(place: &Path, words: &[&str]) -> Output {
    Command::new(SNOW).args(words).current_dir(place).output().expect("snow starts")
}

fn built(place: &Path, words: &[&str]) {
    let ended = snow(place, words);
    assert!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

fn printed(command: &mut Command) -> String {
    let ended = command.output().expect("the executable starts");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).expect("text")
}

#[test]
fn the_name_follows_the_program_unless_given() {
    let place = place();
    let shop = place.path().join("shop");
    std::fs::create_dir_all(place.path().join("out")).expect("it is writable");
    std::fs::create_dir(&shop).expect("it is writable");
    std::fs::write(shop.join("main.snow"), HELLO).expect("it is writable");
    built(place.path(), &["build", "hello.snow"]);
    built(place.path(), &["build", "hello.snow", "-o", "out"]);
    built(place.path(), &["build", "hello.snow", "-o", "other"]);
    built(place.path(), &["build", "shop"]);
    for made in ["hello", "out/hello", "other", "shop/shop"] {
        assert_eq!(printed(&mut Command::new(place.path().join(made))), "hello []\n", "{made}");
    }
    built(&shop, &["build", "-o", "here"]);
    assert!(shop.join("here").is_file());
}

#[test]
fn what_cannot_be_written_is_one_sentence() {
    let place = place();
    std::fs::create_dir_all(place.path().join("out/hello")).expect("it is writable");
    let said = |words: &[&str]| {
        let ended = snow(place.path(), words);
        assert_eq!(ended.status.code(), Some(1));
        String::from_utf8(ended.stderr).expect("text")
    };
    assert_eq!(
        said(&["build", "hello.snow", "-o", "out"]),
        "snow: cannot write out/hello: there is a directory of that name; choose another with -o\n"
    );
    assert_eq!(
        said(&["build", "hello.snow", "-o", "nowhere/hello"]),
        "snow: cannot write nowhere/hello: its directory does not exist; make it first\n"
    );
    let left: Vec<_> = std::fs::read_dir(place.path().join("out")).expect("it is there").collect();
    assert_eq!(left.len(), 1, "nothing but the directory is left: {left:?}");
}

#[test]
fn all_arguments_are_the_programs() {
    let place = place();
    built(place.path(), &["build", "hello.snow"]);
    let mut command = Command::new(place.path().join("hello"));
    command.args(["--schedulers", "--help", "--", "a b"]).env("SNOW_FLAGS", "--schedulers 1");
    assert_eq!(printed(&mut command), "hello [--schedulers, --help, --, a b]\n");
    let mut wrong = Command::new(place.path().join("hello"));
    let ended = wrong.env("SNOW_FLAGS", "--fast").output().expect("the executable starts");
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).starts_with("snow: SNOW_FLAGS has \"--fast\""));
}

/// The system's own libraries, which are all that an executable may ask for; one with a static libc asks for none.
const LIBRARIES: [&str; 7] = ["linux-vdso", "libc", "libm", "libgcc_s", "ld-linux", "libpthread", "libdl"];

#[test]
fn it_runs_in_a_root_that_holds_nothing_else() {
    let place = place();
    let root = place.path().join("root");
    std::fs::create_dir(&root).expect("it is writable");
    built(place.path(), &["build", "hello.snow", "-o", "root"]);
    copy_libraries(&root.join("hello"), &root);
    if !may_change_root() {
        eprintln!("not run: this machine lets nobody change the root directory");
        return;
    }
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "chroot"]).arg(&root).args(["/hello", "x"]);
    assert_eq!(printed(&mut command), "hello [x]\n");
}

fn may_change_root() -> bool {
    let tried = Command::new("unshare").args(["--user", "--map-root-user", "chroot", "/", "true"]).output();
    tried.is_ok_and(|ended| ended.status.success())
}

/// Copies what `ldd` lists to the same place below `root`.
fn copy_libraries(executable: &Path, root: &Path) {
    let listed = Command::new("ldd").arg(executable).output().expect("ldd is part of libc");
    for line in String::from_utf8_lossy(&listed.stdout).lines().map(str::trim) {
        if line == "statically linked" {
            return;
        }
        let file = line.split_whitespace().find(|word| word.starts_with('/'));
        let name =
            Path::new(file.unwrap_or(line)).file_name().expect("a file").to_string_lossy().into_owned();
        assert!(
            LIBRARIES
                .iter()
                .any(|l| name.starts_with(&format!("{l}.")) || name.starts_with(&format!("{l}-"))),
            "it asks for {line}"
        );
        if let Some(file) = file {
            let target = root.join(file.trim_start_matches('/'));
            std::fs::create_dir_all(target.parent().expect("below the root")).expect("it is writable");
            std::fs::copy(file, target).expect("a library can be read");
        }
    }
}

#[test]
fn it_is_a_node_when_the_environment_says_so() {
    let place = place();
    let program = Path::new(ROOT).join("examples/wordcount");
    built(place.path(), &["build", program.to_str().expect("text"), "-o", "wordcount"]);
    std::fs::write(place.path().join("text"), "snow falls and snow melts\n".repeat(50))
        .expect("it is writable");
    let cookie = "5".repeat(64);
    let names: Vec<String> = (0..3).map(|i| format!("n{i}@127.0.0.1")).collect();
    let start = |index: usize| {
        let mut command = Command::new(place.path().join("wordcount"));
        command
            .arg("text")
            .current_dir(place.path())
            .env("SNOW_NODE_INDEX", index.to_string())
            .env("SNOW_NODE_COUNT", "3")
            .env("SNOW_NODE_NAME", &names[index])
            .env("SNOW_NODE_PEERS", names.join(","))
            .env("SNOW_COOKIE", &cookie)
            .env("SNOW_REGISTRY_DIR", place.path());
        command
    };
    let mut others: Vec<_> = (1..3).map(|i| start(i).spawn().expect("the executable starts")).collect();
    let said = printed(&mut start(0));
    for other in &mut others {
        // They may have ended when they lost their leader.
        drop(other.kill());
        other.wait().expect("the child is ours");
    }
    let first = said.lines().find(|line| line.contains("snow")).unwrap_or_default();
    assert!(first.split_whitespace().any(|word| word == "100"), "{said}");
}
