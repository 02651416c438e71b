// tidy: table
//! The table of measurements. To add one, write `bench/snow/NAME.snow`, its Erlang twin if there is one, and a row.

/// One measurement.
pub struct Row {
    /// Name of the row, of its Snow program unless that serves several, and of the line that both sides print.
    pub name: &'static str,
    /// How the Snow side runs.
    pub snow: Snow,
    /// Arguments of `bench/erlang/run`; `{words}` stands for the file of words.
    pub erlang: &'static [&'static str],
    /// Where the figure comes from.
    pub timing: Timing,
    /// Which way is better.
    pub better: Better,
}

/// How a Snow program runs.
pub enum Snow {
    /// Built from `bench/snow/NAME.snow` into an executable.
    Executable,
    /// By `snow run --nodes COUNT PROGRAM ARGUMENT`, over TLS; Erlang is measured over TLS and without.
    Nodes {
        /// How many nodes.
        count: &'static str,
        /// The program's path.
        program: &'static str,
        /// What it is given; `{words}` stands for the file of words.
        argument: &'static str,
    },
    /// The command itself, with these arguments; `{FILE}` stands for a program that is written for measuring, `{out}` for
    /// the executable to be made.
    Command(&'static [&'static str]),
}

/// Where a figure comes from.
pub enum Timing {
    /// The program prints it.
    Printed,
    /// Milliseconds from the program's start to its end, by the clock on the wall.
    Whole,
}

/// Which way a figure is better.
pub enum Better {
    /// Times and sizes.
    Lower,
    /// Rates.
    Higher,
}

/// Every row.
pub const ROWS: &[Row] = &[
    local("fib", &["local", "fib"], Better::Lower),
    local("tak", &["local", "tak"], Better::Lower),
    local("nqueens", &["local", "nqueens"], Better::Lower),
    local("mandelbrot", &["local", "mandelbrot"], Better::Lower),
    local("nbody", &["local", "nbody"], Better::Lower),
    local("binary_trees", &["local", "binary_trees"], Better::Lower),
    local("string_building", &["local", "string_building"], Better::Lower),
    local("list", &["local", "list"], Better::Lower),
    local("list_short", &["local", "list_short"], Better::Lower),
    local("list_long", &["local", "list_long"], Better::Lower),
    local("map", &["local", "map"], Better::Lower),
    local("spawn", &["local", "spawn"], Better::Higher),
    local("idle_memory", &["local", "idle_memory"], Better::Lower),
    local("ping_pong", &["local", "ping_pong"], Better::Higher),
    local("ring", &["local", "ring"], Better::Higher),
    local("fan_in", &["local", "fan_in"], Better::Higher),
    local("all_to_all", &["local", "all_to_all"], Better::Higher),
    local("selective", &["local", "selective"], Better::Lower),
    local("service_call", &["local", "service_call"], Better::Higher),
    local("skynet", &["local", "skynet"], Better::Lower),
    local("large_message", &["local", "large_message"], Better::Lower),
    local("monitor_down", &["local", "monitor_down"], Better::Higher),
    local("timers", &["local", "timers"], Better::Higher),
    remote("remote_one_way", &["remote", "remote_one_way"], Better::Higher),
    remote("remote_four_ways", &["remote", "remote_four_ways"], Better::Higher),
    remote("remote_1_kb", &["remote", "remote_1_kb"], Better::Higher),
    remote("remote_1_mb", &["remote", "remote_1_mb"], Better::Higher),
    remote("remote_round_trip", &["remote", "remote_round_trip"], Better::Lower),
    remote("remote_spawn", &["remote", "remote_spawn"], Better::Higher),
    remote("remote_spawn_many", &["remote", "remote_spawn_many"], Better::Higher),
    compiler("compile_hello", &["run", "tests/programs/hello/main.snow"]),
    compiler("check_10k", &["check", "{lines_10k.snow}"]),
    compiler("check_100k", &["check", "{lines_100k.snow}"]),
    compiler("build_10k", &["build", "{lines_10k.snow}", "-o", "{out}"]),
    Row {
        name: "wordcount",
        snow: Snow::Nodes { count: "3", program: "examples/wordcount", argument: "{words}" },
        erlang: &["wordcount", "{words}"],
        timing: Timing::Whole,
        better: Better::Lower,
    },
];

const fn local(name: &'static str, erlang: &'static [&'static str], better: Better) -> Row {
    Row { name, snow: Snow::Executable, erlang, timing: Timing::Printed, better }
}

/// The compiler on a program, start and end included; nobody else runs.
const fn compiler(name: &'static str, arguments: &'static [&'static str]) -> Row {
    Row { name, snow: Snow::Command(arguments), erlang: &[], timing: Timing::Whole, better: Better::Lower }
}

const fn remote(name: &'static str, erlang: &'static [&'static str], better: Better) -> Row {
    let snow = Snow::Nodes { count: "2", program: "bench/snow/remote", argument: name };
    Row { name, snow, erlang, timing: Timing::Printed, better }
}
