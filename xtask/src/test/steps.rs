// tidy: table
//! The table of test steps: each row is a run of Cargo over some crates in some mode. To add a mode, add a row.

/// A run of Cargo.
pub struct Step {
    /// Short name, which `cargo xtask test FILTER` selects by.
    pub name: &'static str,
    /// What it proves.
    pub purpose: &'static str,
    /// Arguments of `cargo`; `{host}` stands for the platform's name.
    pub command: &'static [&'static str],
    /// Variables set for the build and the tests.
    pub environment: &'static [(&'static str, &'static str)],
    /// Where it builds.
    pub directory: Directory,
    /// Whether it needs what only this platform has.
    pub linux_x86_64_only: bool,
}

/// Where a step builds. Other compiler flags want other build products, or every step would build everything anew.
pub enum Directory {
    /// The usual directory.
    Usual,
    /// A directory of that name inside the usual one.
    Own(&'static str),
}

/// Every step, cheapest first.
pub const STEPS: &[Step] = &[
    Step {
        name: "workspace",
        purpose: "every test of every crate, with debug assertions",
        command: &["test", "--quiet", "--workspace", "--no-fail-fast"],
        environment: &[],
        directory: Directory::Usual,
        linux_x86_64_only: false,
    },
    Step {
        name: "loom",
        purpose: "every interleaving of the run queue and the inbox",
        command: &["test", "--quiet", "-p", "snow-runtime", "--release", "--lib", "loom"],
        environment: &[("RUSTFLAGS", "--cfg loom")],
        directory: Directory::Own("loom"),
        linux_x86_64_only: false,
    },
    Step {
        name: "address-sanitizer",
        purpose: "heap and runtime touch only memory that is theirs",
        command: &[
            "test",
            "--quiet",
            "-p",
            "snow-heap",
            "-p",
            "snow-runtime",
            "--target",
            "{host}",
            "--tests",
        ],
        environment: &[("RUSTC_BOOTSTRAP", "1"), ("RUSTFLAGS", "-Zsanitizer=address")],
        directory: Directory::Own("address-sanitizer"),
        linux_x86_64_only: true,
    },
    Step {
        name: "thread-sanitizer",
        purpose: "heap and runtime race nowhere",
        command: &[
            "test",
            "--quiet",
            "-p",
            "snow-heap",
            "-p",
            "snow-runtime",
            "--target",
            "{host}",
            "--tests",
        ],
        environment: &[
            ("RUSTC_BOOTSTRAP", "1"),
            ("RUSTFLAGS", "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer"),
        ],
        directory: Directory::Own("thread-sanitizer"),
        linux_x86_64_only: true,
    },
];
