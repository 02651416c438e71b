//! What another version of a type may look like, and what is refused with a path.

#[path = "support/values.rs"]
mod support;

use snow_abi::descriptor::{Descriptor, DescriptorId, Field, Tag, Variant};
use snow_term::error::{DecodeError, EncodeError};
use support::{Tree, encode, field, plan, read, types};

const INT: u32 = 0;
const FLOAT: u32 = 1;
const TEXT: u32 = 2;

fn with(more: Vec<Descriptor>) -> snow_term::types::Types {
    let mut all = vec![Descriptor::Int, Descriptor::Float, Descriptor::String];
    all.extend(more);
    types(all)
}

fn point(fields: &[(&str, u32)]) -> Descriptor {
    let fields: Vec<Field> = fields.iter().map(|(name, ty)| field(name, *ty)).collect();
    Descriptor::Struct { name: "Point".into(), fields }
}

fn sum(variants: &[(&str, &[(&str, u32)])]) -> Descriptor {
    let variants = variants.iter().map(|(name, fields)| Variant {
        name: (*name).into(),
        fields: fields.iter().map(|(name, ty)| field(name, *ty)).collect(),
    });
    Descriptor::Sum { name: "Shape".into(), variants: variants.collect() }
}

/// Writes `value` as type 3 of the first program and reads it as type 3 of the second.
fn carry(from: Vec<Descriptor>, to: Vec<Descriptor>, value: &Tree) -> Result<Tree, DecodeError> {
    let (writer, reader) = (with(from), with(to));
    let bytes = encode(&writer, 3, value).expect("it can be written");
    read(&plan(&writer, 3, &reader, 3)?, &reader, 3, &bytes)
}

#[test]
fn fields_are_matched_by_name_and_surplus_is_skipped() {
    let from = point(&[("x", INT), ("note", TEXT), ("y", INT)]);
    let value = Tree::Object(0, vec![Tree::Word(1), Tree::Text(b"far".to_vec()), Tree::Word(2)]);
    let to = point(&[("y", INT), ("x", INT)]);
    let expected = Tree::Object(0, vec![Tree::Word(2), Tree::Word(1)]);
    assert_eq!(carry(vec![from.clone()], vec![to], &value), Ok(expected));
    assert_eq!(carry(vec![from], vec![point(&[])], &value), Ok(Tree::Object(0, vec![])));
}

#[test]
fn an_int_is_read_as_a_float_and_nothing_else_converts() {
    let value = Tree::Object(0, vec![Tree::Word(3)]);
    let from = || vec![point(&[("x", INT)])];
    let expected = Tree::Object(0, vec![Tree::Float(3f64.to_bits())]);
    assert_eq!(carry(from(), vec![point(&[("x", FLOAT)])], &value), Ok(expected));
    let error = carry(from(), vec![point(&[("x", TEXT)])], &value).unwrap_err();
    let text = "a value of type Point { x :: Int } does not fit Point { x :: String }: at Point.x, Int was written and String is expected";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_field_that_only_the_reader_has_is_a_mismatch() {
    let value = Tree::Object(0, vec![Tree::Word(3)]);
    let error =
        carry(vec![point(&[("x", INT)])], vec![point(&[("x", INT), ("z", INT)])], &value).unwrap_err();
    assert!(error.to_string().ends_with("at Point, the field z is expected and was not written"), "{error}");
}

#[test]
fn variants_are_matched_by_name_and_a_missing_one_fails_alone() {
    let from = || vec![sum(&[("Dot", &[]), ("Circle", &[("r", INT)]), ("Square", &[("a", INT)])])];
    let to = || vec![sum(&[("Square", &[("a", INT)]), ("Dot", &[])])];
    assert_eq!(carry(from(), to(), &Tree::Object(0, vec![])), Ok(Tree::Object(1, vec![])));
    let square = Tree::Object(2, vec![Tree::Word(4)]);
    assert_eq!(carry(from(), to(), &square), Ok(Tree::Object(0, vec![Tree::Word(4)])));
    let circle = Tree::Object(1, vec![Tree::Word(4)]);
    let unknown = DecodeError::UnknownVariant("Shape".into(), "Circle".into());
    assert_eq!(carry(from(), to(), &circle), Err(unknown));
}

#[test]
fn keys_must_stay_different() {
    let from = vec![Descriptor::Map(DescriptorId(INT), DescriptorId(INT))];
    let to = vec![Descriptor::Map(DescriptorId(FLOAT), DescriptorId(INT))];
    let error = carry(from, to, &Tree::Map(vec![])).unwrap_err();
    assert!(error.to_string().contains("at value.key, Int was written and Float is expected"), "{error}");
    let twice = |key| vec![2, key, 1, key, 1];
    let types = with(vec![Descriptor::Map(DescriptorId(INT), DescriptorId(INT))]);
    let plan = plan(&types, 3, &types, 3).unwrap();
    assert_eq!(read(&plan, &types, 3, &twice(8)), Err(DecodeError::DuplicateKey));
}

#[test]
fn pids_turn_the_direction_round() {
    let tags =
        |atoms: &[u32]| Descriptor::Tags(atoms.iter().map(|a| Tag { atom: *a, payload: vec![] }).collect());
    let pid = |atoms: &[u32]| vec![Descriptor::Pid(DescriptorId(4)), tags(atoms)];
    let value = Tree::Word(5);
    assert_eq!(carry(pid(&[1, 2]), pid(&[1]), &value), Ok(value.clone()));
    let error = carry(pid(&[1]), pid(&[1, 2]), &value).unwrap_err();
    assert!(error.to_string().ends_with("at value.pid, beta may be sent and is not received"), "{error}");
}

#[test]
fn functions_are_found_with_their_path() {
    let job = Descriptor::Struct { name: "Job".into(), fields: vec![field("id", INT), field("on_done", 4)] };
    let tags = Descriptor::Tags(vec![Tag { atom: 1, payload: vec![DescriptorId(3)] }]);
    let types = with(vec![job, Descriptor::Function, tags]);
    let job = Tree::Object(0, vec![Tree::Word(1), Tree::Object(0, vec![])]);
    let message = Tree::Object(1, vec![job.clone()]);
    for (root, value) in [(3, job), (5, message)] {
        let error = encode(&types, root, &value).unwrap_err();
        assert_eq!(error, EncodeError::Function("Job.on_done".into()));
        assert_eq!(error.to_string(), "cannot send a function to another node: Job.on_done");
    }
}

#[test]
fn long_lists_and_deep_values_have_their_bounds() {
    let variants = |head| {
        vec![
            Variant { name: "Nil".into(), fields: vec![] },
            Variant { name: "Cons".into(), fields: vec![field("head", head), field("tail", 3)] },
        ]
    };
    let list = with(vec![Descriptor::Sum { name: "List<Int>".into(), variants: variants(INT) }]);
    let long = Tree::List((0..200_000).map(Tree::Word).collect());
    let bytes = encode(&list, 3, &long).unwrap();
    assert_eq!(read(&plan(&list, 3, &list, 3).unwrap(), &list, 3, &bytes), Ok(long));
    let chain = with(vec![Descriptor::Sum { name: "Chain".into(), variants: variants(INT) }]);
    let deep = [1, 0].repeat(100_000);
    assert_eq!(read(&plan(&chain, 3, &chain, 3).unwrap(), &chain, 3, &deep), Err(DecodeError::TooDeep));
    let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    assert_eq!(read(&plan(&list, 3, &list, 3).unwrap(), &list, 3, &huge), Err(DecodeError::Truncated));
}
