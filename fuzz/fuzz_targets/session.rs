//! An authenticated peer that says anything: every message is decoded as far as it goes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use snow_abi::descriptor::{Descriptor, DescriptorId};
use snow_abi::layout::fixed_layouts;
use snow_cluster::frame::body_start;
use snow_cluster::handshake::{Admitted, Channel, Cookie, ExpectOffer, Hello, dial};
use snow_cluster::name::NodeName;
use snow_cluster::nodes::Nodes;
use snow_cluster::session::{Event, Incoming};
use snow_heap::Layouts;
use snow_process::NodeIndex;
use snow_term::decode::decode;
use snow_term::types::Types;
use std::sync::Arc;

fn hello(name: &str) -> Hello {
    Hello {
        version_min: 1,
        version_max: 1,
        flags: 0,
        name: NodeName::new(name).expect("a name"),
        creation: 1,
        nonce: [3; 32],
        port: 1,
        message_bytes_max: 1 << 16,
        heartbeat_ms: 1_000,
    }
}

fn admitted() -> Admitted {
    let cut = |bytes: Vec<u8>| bytes[body_start(&bytes)..].to_vec();
    let (cookie, channel) = (|| Cookie::new("cookie"), Channel([0; 32]));
    let (a, out) = dial(hello("a@h"), cookie(), channel, NodeName::new("b@h").expect("a name"));
    let (b, out) = ExpectOffer::new(hello("b@h"), cookie(), channel).receive(&cut(out)).expect("an offer");
    let (a, out) = a.receive(&cut(out)).expect("a challenge");
    let (b, out) = b.receive(&cut(out)).expect("a proof").admit();
    let (_, out) = a.receive(&cut(out)).expect("an admission");
    b.receive(&cut(out)).expect("a confirmation")
}

fn types() -> Types {
    let descriptors = vec![
        Descriptor::Int,
        Descriptor::String,
        Descriptor::Tuple(vec![DescriptorId(0), DescriptorId(3)]),
        Descriptor::Map(DescriptorId(1), DescriptorId(0)),
    ];
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
    Types::new(descriptors, vec![], layouts)
}

fuzz_target!(|bytes: &[u8]| {
    let types = types();
    let mut incoming = Incoming::new(&admitted(), NodeIndex(1), Arc::new(Nodes::default()), 0);
    let end = incoming.receive(bytes, 0, &mut |tables, event| {
        let (Event::Message(_, schema, value) | Event::MessageNamed(_, schema, value)) = event else {
            return Ok(());
        };
        tables.schema(schema)?;
        for ty in 0..4 {
            if let Ok(plan) = tables.plan(schema, &types, DescriptorId(ty)) {
                drop(decode(&plan, types.layouts(), value, &*tables, 1 << 20));
            }
        }
        Ok(())
    });
    drop(end);
});
