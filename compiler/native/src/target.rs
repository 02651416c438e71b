//! The machine and the settings that the treaty rests on.

use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};

/// A fixed level of x86-64 (2009 and later), so that an executable runs elsewhere and the same program gives the same bytes everywhere.
const LEVEL: &str = "x86-64-v2";

/// The instruction set with our flags.
///
/// # Panics
/// When Cranelift does not know a flag: it is pinned.
pub fn machine(verify: bool) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    let switch = |on: bool| if on { "true" } else { "false" };
    for (name, value) in [
        ("opt_level", "speed"),
        // r15 is the process context: outside register allocation and outside what a callee saves
        ("enable_pinned_reg", "true"),
        // Tail calls and the stack walker need them
        ("preserve_frame_pointers", "true"),
        // With it even a colocated address would go through a table of absolute addresses
        ("is_pic", "false"),
        ("unwind_info", "false"),
        ("enable_probestack", "false"),
        ("enable_verifier", switch(verify)),
        // The inspector needs to know where blocks begin
        ("machine_code_cfg_info", switch(verify)),
    ] {
        flags.set(name, value).expect("a flag of this Cranelift");
    }
    let mut builder = isa::lookup_by_name("x86_64-unknown-linux-gnu").expect("built with x86");
    builder.enable(LEVEL).expect("a level of this Cranelift");
    builder.finish(settings::Flags::new(flags)).expect("flags that fit together")
}
