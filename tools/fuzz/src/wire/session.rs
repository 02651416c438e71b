//! An authenticated peer that says anything: every message is read as far as it goes, or the session ends with a reason.

use super::types::{descriptors, types};
use super::value::valid;
use super::{Input, frames, wire_target};
use crate::bytes::{cut, damage};
use crate::chance::Chance;
use snow_abi::descriptor::DescriptorId;
use snow_cluster::frame::{Frame, body_start, write};
use snow_cluster::handshake::{Admitted, Channel, Cookie, ExpectOffer, Hello, dial};
use snow_cluster::name::NodeName;
use snow_cluster::nodes::Nodes;
use snow_cluster::session::{Event, Incoming};
use snow_process::NodeIndex;
use snow_term::decode::decode;
use snow_term::types::Types;
use std::sync::Arc;

/// The receiving half of a session.
pub struct Sessions;

wire_target!(Sessions, "session", 1_500, drop: true);

fn make(chance: &mut Chance) -> Input {
    let context = chance.draw();
    let types = types(descriptors(context));
    let (mut bytes, foreign) = (said(&types, chance), frames::stream(chance));
    for _ in 0..chance.below(4) {
        damage(&mut bytes, &foreign, chance);
    }
    Input { context, parts: cut(&bytes, chance) }
}

/// Types, nodes and names are introduced; then messages, some of them in pieces, and whatever else there is.
fn said(types: &Types, chance: &mut Chance) -> Vec<u8> {
    let mut out = vec![];
    let roots: Vec<DescriptorId> =
        (0..3).map(|_| DescriptorId(chance.below(types.descriptor_count()) as u32)).collect();
    roots.iter().for_each(|root| write(&mut out, &Frame::DefineSchema(types.schema(*root).bytes())));
    write(&mut out, &Frame::DefineNode("c@h", 5));
    write(&mut out, &Frame::DefineName("till"));
    for _ in 0..=chance.below(6) {
        let which = chance.below(roots.len());
        let value = valid(types, roots[which], chance);
        match chance.below(4) {
            0 => write(&mut out, &Frame::Message(9, which as u32, &value)),
            1 => write(&mut out, &Frame::MessageNamed(0, which as u32, &value)),
            2 => pieces(&mut out, &Frame::Message(9, which as u32, &value), chance),
            _ => out.extend(frames::stream(chance)),
        }
    }
    out
}

/// A frame in two pieces, with something in between.
fn pieces(out: &mut Vec<u8>, frame: &Frame<'_>, chance: &mut Chance) {
    let mut whole = vec![];
    write(&mut whole, frame);
    let body = &whole[body_start(&whole)..];
    let (first, second) = body.split_at(1 + chance.below(body.len() - 1));
    write(out, &Frame::Begin(1, body.len() as u64, first));
    write(out, &Frame::Tick);
    write(out, &Frame::Piece(1, second));
}

fn check(input: &Input) {
    let types = types(descriptors(input.context));
    let mut incoming = Incoming::new(&admitted(), NodeIndex(1), Arc::new(Nodes::default()), 0);
    for part in &input.parts {
        let end = incoming.receive(part, 0, &mut |tables, event| {
            let (Event::Message(_, schema, value) | Event::MessageNamed(_, schema, value)) = event else {
                return Ok(());
            };
            tables.schema(schema)?;
            for ty in (0..types.descriptor_count() as u32).map(DescriptorId) {
                if let Ok(plan) = tables.plan(schema, &types, ty) {
                    drop(decode(&plan, types.layouts(), value, &*tables, 1 << 20));
                }
            }
            Ok(())
        });
        if let Err(reason) = end {
            return assert!(!reason.to_string().is_empty());
        }
    }
}

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
