//! Random values of random types come back as they were; damaged bytes give an error or a value, never a panic.

#[path = "support/values.rs"]
mod support;

use support::{Random, encode, plan, random_descriptors, random_tree, read, types};

#[test]
fn every_value_comes_back() {
    for seed in 0..300 {
        let mut random = Random(seed);
        let count = 9 + random.below(20);
        let types = types(random_descriptors(&mut random, count));
        for _ in 0..6 {
            let root = random.below(types.descriptor_count()) as u32;
            let tree = random_tree(&mut random, &types, root, 4);
            let bytes = encode(&types, root, &tree).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
            let plan = plan(&types, root, &types, root).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
            let again = read(&plan, &types, root, &bytes).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
            assert_eq!(again, tree, "seed {seed}");
            for cut in 0..bytes.len().min(64) {
                assert!(read(&plan, &types, root, &bytes[..cut]).is_err(), "seed {seed}: cut at {cut}");
            }
        }
    }
}

#[test]
fn damaged_bytes_never_panic() {
    for seed in 0..300 {
        let mut random = Random(seed ^ 0xdead);
        let count = 9 + random.below(20);
        let types = types(random_descriptors(&mut random, count));
        let root = random.below(types.descriptor_count()) as u32;
        let tree = random_tree(&mut random, &types, root, 4);
        let bytes = encode(&types, root, &tree).expect("it can be written");
        let plan = plan(&types, root, &types, root).expect("a type fits itself");
        for _ in 0..40 {
            let mut damaged = bytes.clone();
            for _ in 0..1 + random.below(4) {
                match random.below(3) {
                    0 => damaged.push(random.next() as u8),
                    _ if damaged.is_empty() => {}
                    1 => {
                        let at = random.below(damaged.len());
                        damaged[at] = random.next() as u8;
                    }
                    _ => damaged.truncate(random.below(damaged.len())),
                }
            }
            // A damaged text of another length is a value all the same.
            drop(read(&plan, &types, root, &damaged));
        }
    }
}

#[test]
fn damaged_schemas_never_panic() {
    for seed in 0..300 {
        let mut random = Random(seed ^ 0xbeef);
        let types = types(random_descriptors(&mut random, 24));
        let root = random.below(types.descriptor_count()) as u32;
        let mut bytes = types.schema(snow_abi::descriptor::DescriptorId(root)).bytes().to_vec();
        for _ in 0..60 {
            let at = random.below(bytes.len());
            bytes[at] = random.next() as u8;
            if let Ok(schema) = snow_term::schema::Schema::decode(&bytes) {
                drop(schema.to_string());
                let id = snow_abi::descriptor::DescriptorId(root);
                if let Ok(plan) = snow_term::plan::Plan::resolve(&schema.into(), &types, id) {
                    let junk: Vec<u8> = (0..40).map(|_| random.next() as u8).collect();
                    drop(read(&plan, &types, root, &junk));
                }
            }
        }
    }
}
