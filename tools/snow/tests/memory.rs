//! `--max-memory` bounds the node: the process that wants more crashes, be it by its heap, by spawning or by sending; all else goes on.

use std::process::Command;

const PROGRAM: &str = r#"# A node has a bound of its own: the process that wants more crashes, be it by its heap, by spawning or by sending.

fn hoard(xs) = hoard([1, 2, 3, 4] ++ xs)

actor idle() do
  receive do
    :never -> ()
  end
end

# Takes none of what it is sent.
actor idle_for_ever() do
  receive do
    :never when List.is_empty(Process.list()) -> ()
  end
end

fn multiply() do
  spawn_link(idle)
  multiply()
end

actor flood(pid) do
  send(pid, :never)
  flood(pid)
end

fn hear(watch) do
  receive do
    {:down, ^watch, _, reason} -> println(reason)
  end
end

fn main() do
  let (_, a) = spawn_monitor(fn -> hoard([]) end)
  hear(a)
  let (_, b) = spawn_monitor(fn -> multiply() end)
  hear(b)
  let (_, c) = spawn_monitor(fn -> write("x") end)
  hear(c)
  let deaf = spawn(idle_for_ever)
  let (_, d) = spawn_monitor(flood, deaf)
  hear(d)
  Process.exit(deaf, :kill)
  println("main is well")
end

fn write(text) = write(text <> text <> "x")
"#;

#[test]
fn a_process_that_uses_up_the_node_crashes_alone() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let path = place.path().join("main.snow");
    std::fs::write(&path, PROGRAM).expect("the directory is writable");
    let mut command = Command::new(env!("CARGO_BIN_EXE_snow"));
    let ended =
        command.arg("run").arg(&path).args(["--", "--max-memory", "180M"]).output().expect("snow starts");
    let crash = "{:crash, out of memory: the node would grow over 188743680 bytes}\n";
    let expected = crash.repeat(4) + "main is well\n";
    assert_eq!(
        String::from_utf8_lossy(&ended.stdout),
        expected,
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    assert_eq!(ended.status.code(), Some(0));
}
