//! What a user can get wrong about nodes: each is one sentence that says what is wrong and what to do, and status 1.

use crate::launched::Launched;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const COOKIE: &str = "a cookie of many bytes";

fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/programs").join(name)
}

/// Runs a command with a directory of nodes that nobody else has.
fn snow(place: &Path, variables: &[(&str, &Path)], words: &[&str]) -> Output {
    let mut command = Command::new(SNOW);
    command.args(words).env("SNOW_REGISTRY_DIR", place).envs(variables.iter().copied());
    command.output().expect("snow starts")
}

/// A node called `own` that is to connect with `other` says `answer` instead.
fn check(own: &str, other: &str, cookie: &str, answer: &str) {
    let place = tempfile::tempdir().expect("a temporary directory");
    let program = program("connect.snow").display().to_string();
    let ended = snow(place.path(), &[], &["run", &program, own, other, cookie]);
    let said = String::from_utf8_lossy(&ended.stderr);
    let answer = answer.replace("DIRECTORY", &place.path().display().to_string());
    assert_eq!(said.trim_end(), answer, "a node {own} that connects with {other}");
    assert_eq!(ended.status.code(), Some(1), "a node {own} that connects with {other}");
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the system has ports");
    let port = listener.local_addr().expect("it is bound").port();
    (listener, port)
}

#[test]
fn names_that_are_none() {
    let advice = "write name@host or name@host:port with a port up to 65535, such as bank@127.0.0.1";
    check("shop", "bank@127.0.0.1", COOKIE, &format!("\"shop\" is not a node name; {advice}"));
    check("shop@127.0.0.1", "bank", COOKIE, &format!("\"bank\" is not a node name; {advice}"));
    let far = "bank@127.0.0.1:65536";
    check("shop@127.0.0.1", far, COOKIE, &format!("{far:?} is not a node name; {advice}"));
}

#[test]
fn cookies_that_are_none() {
    let answer = "the cookie is empty; give a secret of 16 bytes or more";
    check("shop@127.0.0.1", "bank@127.0.0.1", "", answer);
}

#[test]
fn a_port_that_another_program_has() {
    let (_listener, port) = listener();
    let own = format!("shop@127.0.0.1:{port}");
    let answer = format!("127.0.0.1:{port} is in use by another program; give another port or none");
    check(&own, "bank@127.0.0.1", COOKIE, &answer);
}

#[test]
fn an_address_that_this_machine_lacks() {
    // An address for documentation, which nobody has.
    let answer = "cannot listen at 192.0.2.1: Cannot assign requested address; \
                  give an address of this machine behind the @, or with listen:";
    check("shop@192.0.2.1", "bank@127.0.0.1", COOKIE, answer);
}

#[test]
fn nodes_that_are_not_there() {
    let unknown = "nobody knows the address of bank@127.0.0.1 (asked: connected nodes, the directory DIRECTORY); \
                   write its port, name@host:port, or start it";
    check("shop@127.0.0.1", "bank@127.0.0.1", COOKIE, unknown);
    let (listener, port) = listener();
    drop(listener);
    let refused =
        "cannot connect to bank@127.0.0.1: Connection refused; check that it runs and at which port";
    check("shop@127.0.0.1", &format!("bank@127.0.0.1:{port}"), COOKIE, refused);
    let itself = "shop@127.0.0.1 is this node itself; give the name of another";
    check("shop@127.0.0.1", "shop@127.0.0.1", COOKIE, itself);
}

#[test]
fn a_program_that_takes_the_call_and_says_nothing() {
    let (_listener, port) = listener();
    let answer =
        "bank@127.0.0.1 did not answer within 5000 ms; check that it runs and that no firewall is between";
    check("shop@127.0.0.1", &format!("bank@127.0.0.1:{port}"), COOKIE, answer);
}

#[test]
fn a_wrong_cookie_is_told_on_both_sides() {
    let ended = Launched::start(2, &program("cookies.snow"), &[]).finish();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.lines.join("\n"));
    ended.says("n0 | n1@127.0.0.1 has another cookie; start both nodes with the same one (SNOW_COOKIE)");
    let refused = "which calls itself n0@127.0.0.1, has another cookie and was refused";
    let logged = |line: &String| {
        line.starts_with("n1 | ") && line.contains(" WARN  127.0.0.1:") && line.ends_with(refused)
    };
    assert!(ended.lines.iter().any(logged), "{}", ended.lines.join("\n"));
}

#[test]
fn a_cluster_that_cannot_write_says_where() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let missing = place.path().join("missing");
    let connect = program("connect.snow").display().to_string();
    for variable in ["TMPDIR", "SNOW_PIDS_FILE"] {
        let path = missing.join("file");
        let ended = snow(place.path(), &[(variable, &path)], &["run", "--nodes", "2", &connect]);
        let said = String::from_utf8_lossy(&ended.stderr);
        let begin = format!("snow: the cluster does not start: cannot write {}", missing.display());
        let end = format!("No such file or directory; set {variable} to another place\n");
        assert!(said.starts_with(&begin) && said.ends_with(&end), "{said}");
        assert_eq!(ended.status.code(), Some(1), "{said}");
    }
}

#[test]
fn a_missing_text_is_named() {
    let wordcount = Path::new(crate::WORDCOUNT);
    let ended = Launched::start(2, wordcount, &[Path::new("missing.txt")]).finish();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.lines.join("\n"));
    ended.says("n0 | missing.txt: there is no such file or directory; check the path");
}
