// tidy: table
//! The table of test steps: each row is a run of Cargo over some crates in some mode. To add a mode, add a row.

/// A run of Cargo.
pub struct Step {
    /// Short name, which `cargo xtask test FILTER` selects by.
    pub name: &'static str,
    /// What it proves.
    pub purpose: &'static str,
    /// Arguments of `cargo`; `{host}` stands for the platform's name.
    pub command: &'static str,
    /// Added to the environment; `{root}` stands for the repository's place.
    pub environment: &'static [(&'static str, &'static str)],
    /// Where it builds.
    pub directory: Directory,
    /// What has to be there.
    pub needs: &'static [Need],
}

/// What a step cannot do without.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// The sanitizers of this platform.
    LinuxX86_64,
    /// Rust's own library as source, to be built with the same flags: a sanitizer that does not see what happens
    /// inside a mutex takes it for a race. The component `rust-src` of the toolchain.
    LibrarySource,
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
        command: "test --quiet --workspace --no-fail-fast",
        environment: &[],
        directory: Directory::Usual,
        needs: &[],
    },
    Step {
        name: "loom",
        purpose: "every interleaving of the run queue and the inbox",
        command: "test --quiet -p snow-runtime --release --lib models",
        environment: &[("RUSTFLAGS", "--cfg loom")],
        directory: Directory::Own("loom"),
        needs: &[],
    },
    Step {
        name: "address-sanitizer",
        purpose: "heap and runtime touch only memory that is theirs",
        command: "test --quiet -p snow-heap -p snow-runtime --target {host} --tests",
        environment: &[("RUSTC_BOOTSTRAP", "1"), ("RUSTFLAGS", "-Zsanitizer=address")],
        directory: Directory::Own("address-sanitizer"),
        needs: &[Need::LinuxX86_64],
    },
    Step {
        name: "thread-sanitizer",
        purpose: "heap and runtime race nowhere",
        command: "test -Zbuild-std --quiet -p snow-heap -p snow-runtime --target {host} --tests",
        environment: &[
            ("RUSTC_BOOTSTRAP", "1"),
            ("RUSTFLAGS", "-Zsanitizer=thread"),
            ("TSAN_OPTIONS", "suppressions={root}/xtask/thread-sanitizer.suppressions"),
        ],
        directory: Directory::Own("thread-sanitizer"),
        needs: &[Need::LinuxX86_64, Need::LibrarySource],
    },
];
