//! Generation of hand-made programs; running them is `run`.

mod builder;
mod examples;

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
