//! Generation of hand-made programs; running them is `run`.

mod builder;
mod examples;
mod random;
mod run;

use super::*;

const ALL: Options = Options { verify: true, keep_text: true };

#[test]
fn every_example_passes_the_verifier_and_the_inspector() {
    for example in examples::all() {
        let generated = generate_with(&example.program, &ALL);
        let program = &generated.program;
        assert!(program.functions.is_sorted_by_key(|f| f.entry), "{}", example.name);
        assert!(program.stack_maps.is_sorted_by_key(|m| m.pc), "{}", example.name);
        assert!(program.lines.is_sorted_by_key(|l| l.start), "{}", example.name);
        assert!(generated.texts.iter().all(|text| !text.clif.is_empty() && !text.asm.is_empty()));
    }
}

#[test]
fn generation_is_deterministic() {
    for example in examples::all() {
        assert_eq!(generate(&example.program), generate(&example.program), "{}", example.name);
    }
}

#[test]
fn dump_when_asked() {
    let Ok(wanted) = std::env::var("SNOW_DUMP") else { return };
    for example in examples::all().into_iter().filter(|example| example.name == wanted) {
        for text in generate_with(&example.program, &ALL).texts {
            println!("{}\n{}", text.clif, text.asm);
        }
    }
}

/// Finds of the inspector in a body of one block.
fn findings(code: &[u8]) -> Vec<String> {
    inspect::inspect_body(code, &[0]).into_iter().map(|finding| finding.text).collect()
}

#[test]
fn the_inspector_finds_stack_addresses() {
    assert_eq!(findings(&[0x48, 0x8D, 0x44, 0x24, 0x08]), ["lea rax,[rsp+8]"]);
    assert_eq!(findings(&[0x48, 0x89, 0xE3]), ["mov rbx,rsp"]);
    assert_eq!(findings(&[0x48, 0x01, 0xE8]), ["add rax,rbp"]);
    assert_eq!(findings(&[0x48, 0x89, 0x6C, 0x24, 0x08]), ["mov [rsp+8],rbp"]);
}

#[test]
fn the_inspector_accepts_frames() {
    let frame = [
        0x55, // push rbp
        0x48, 0x89, 0xE5, // mov rbp, rsp
        0x48, 0x83, 0xEC, 0x10, // sub rsp, 16
        0x48, 0x89, 0x44, 0x24, 0x08, // mov [rsp + 8], rax
        0x48, 0x89, 0xEC, // mov rsp, rbp
        0x5D, 0xC3, // pop rbp; ret
    ];
    assert!(findings(&frame).is_empty());
}
