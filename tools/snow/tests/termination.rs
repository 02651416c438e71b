//! What SIGTERM does to a running program: supervisors stop their children in order, then `main` is told; a second one ends it at once.

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");

/// A program that runs and has said that it is ready.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    _place: tempfile::TempDir,
}

impl Running {
    fn start(program: &str) -> Running {
        let place = tempfile::tempdir().expect("a temporary directory");
        let path = place.path().join("main.snow");
        std::fs::write(&path, program).expect("the directory is writable");
        let mut child = Command::new(SNOW)
            .arg("run")
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("snow starts");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let mut running = Running { child, output, _place: place };
        assert_eq!(running.line(), "ready");
        running
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("standard output is text");
        line.trim_end().to_owned()
    }

    fn tell(&self) {
        let pid = Pid::from_raw(self.child.id() as i32).expect("a process has a number");
        kill_process(pid, Signal::TERM).expect("the program runs");
    }

    /// What it still prints, and its exit status.
    fn end(mut self) -> (String, Option<i32>) {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("standard output is text");
        (rest, self.child.wait().expect("the child is ours").code())
    }
}

#[test]
fn supervisors_stop_their_children_in_order() {
    let running = Running::start(
        r#"
actor part(name :: String) do
  receive do :never -> () end
terminate do
  println("${name} ends")
end
end

fn begun(pid) do
  case Process.info(pid) do
    Some(info) when info.status != "waiting" ->
      Process.sleep(1)
      begun(pid)
    _ -> pid
  end
end

supervisor Inner do
  child x do start: fn -> begun(spawn(part, "x")) end end
  child y do start: fn -> begun(spawn(part, "y")) end end
end

supervisor Outer do
  child first do start: fn -> begun(spawn(part, "first")) end end
  child inner do start: fn -> Inner.start() end end
  child last do start: fn -> begun(spawn(part, "last")) end end
end

supervisor Other do
  child z do start: fn -> begun(spawn(part, "z")) end end
end

fn main() do
  Process.trap_exit(true)
  Supervisor.count(Outer.start())
  Supervisor.count(Other.start())
  println("ready")
  receive do
    {:exit, _, reason} -> println("main hears ${reason}")
  end
end
"#,
    );
    running.tell();
    let (said, status) = running.end();
    assert_eq!(said, "z ends\nlast ends\ny ends\nx ends\nfirst ends\nmain hears :shutdown\n");
    assert_eq!(status, Some(0));
}

#[test]
fn a_program_without_supervisors_ends_with_main() {
    let running = Running::start(
        r#"
fn main() do
  spawn(fn -> while true do () end end)
  println("ready")
  receive do
    :never -> ()
  end
end
"#,
    );
    running.tell();
    assert_eq!(running.end(), (String::new(), Some(0)));
}

#[test]
fn a_second_signal_ends_what_does_not_obey() {
    let mut running = Running::start(
        r#"
fn obstinate() do
  receive do
    {:exit, _, reason} -> println("${reason}?")
  end
  obstinate()
end

fn main() do
  Process.trap_exit(true)
  println("ready")
  obstinate()
end
"#,
    );
    running.tell();
    assert_eq!(running.line(), ":shutdown?");
    running.tell();
    assert_eq!(running.end(), (String::new(), Some(128 + 15)));
}
