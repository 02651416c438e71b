//! Crossing dials, doubles, restarts, and when to dial.

use super::*;

fn name(text: &str) -> NodeName {
    NodeName::new(text).unwrap()
}

fn hello(text: &str, creation: u64) -> Hello {
    Hello {
        version_min: 1,
        version_max: 1,
        flags: 0,
        name: name(text),
        creation,
        nonce: [0; 32],
        port: 9,
        message_bytes_max: 1,
        heartbeat_ms: 1,
    }
}

fn mesh(own: &str) -> Mesh {
    Mesh::new(name(own), 1, false, 7)
}

fn dial(mesh: &mut Mesh, to: &str) -> ConnectionId {
    match mesh.begin(&name(to)) {
        Begin::Dial(id) => id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_two_crossing_offers_the_smaller_names_is_kept() {
    let (mut a, mut b) = (mesh("a@h"), mesh("b@h"));
    let (from_a, from_b) = (dial(&mut a, "b@h"), dial(&mut b, "a@h"));
    assert!(a.offer(&name("b@h"), from_a) && b.offer(&name("a@h"), from_b));
    let at_a = a.accept();
    assert_eq!(a.decide(&hello("b@h", 1), at_a), Decision::Refuse(Refusal::Crossing));
    let at_b = b.accept();
    assert_eq!(b.decide(&hello("a@h", 1), at_b), Decision::Admit);
    assert!(!b.dialled(&hello("a@h", 1), from_b), "given up");
    assert!(a.dialled(&hello("b@h", 1), from_a) && b.confirmed(&hello("a@h", 1), at_b));
    b.ended(&name("a@h"), from_b, 0);
    assert_eq!((a.session(&name("b@h")), b.session(&name("a@h"))), (Some(from_a), Some(at_b)));
    assert_eq!(a.begin(&name("b@h")), Begin::Connected);
}

#[test]
fn a_dial_that_has_not_offered_gives_way() {
    let mut a = mesh("a@h");
    let id = dial(&mut a, "b@h");
    let accepted = a.accept();
    assert_eq!(a.decide(&hello("b@h", 1), accepted), Decision::Admit);
    assert!(!a.offer(&name("b@h"), id));
    assert_eq!(a.begin(&name("b@h")), Begin::Busy);
}

#[test]
fn doubles_and_the_node_itself_are_refused() {
    let mut a = mesh("a@h");
    let id = a.accept();
    assert_eq!(a.decide(&hello("a@h", 1), id), Decision::Refuse(Refusal::SelfConnect));
    assert_eq!(a.decide(&hello("a@h", 2), id), Decision::Refuse(Refusal::NameTaken));
    assert_eq!(a.decide(&hello("b@h", 5), id), Decision::Admit);
    assert!(a.confirmed(&hello("b@h", 5), id));
    let second = a.accept();
    assert_eq!(a.decide(&hello("b@h", 6), second), Decision::RefuseAndProbe(Refusal::NameTaken));
    assert_eq!(a.decide(&hello("b@h", 5), second), Decision::RefuseAndProbe(Refusal::Connected));
    a.ended(&name("b@h"), second, 0);
    assert_eq!(a.session(&name("b@h")), Some(id));
    a.ended(&name("b@h"), id, 0);
    assert!(a.is_empty());
    assert_eq!(a.decide(&hello("b@h", 6), second), Decision::Admit);
}

#[test]
fn what_peers_tell_is_dialled_once_and_joins_again_and_again() {
    let mut a = mesh("a@h");
    a.learned(&[("b@h", "h:1"), ("a@h", "h:2"), ("c@h", "junk"), ("junk", "h:3")], 1_000);
    assert!(a.next_due().is_some_and(|at| (1_000..1_020).contains(&at)));
    assert_eq!(a.due(1_020), [name("b@h")]);
    assert_eq!((a.port(&name("b@h")), a.next_due()), (Some(1), None));
    a.join(name("d@h"), Some(4), 2_000);
    let mut now = 2_000;
    for _ in 0..30 {
        assert_eq!(a.due(now), [name("d@h")]);
        let id = dial(&mut a, "d@h");
        a.ended(&name("d@h"), id, now);
        let next = a.next_due().unwrap();
        assert!(next > now && next <= now + 30_001);
        now = next;
    }
    a.stop();
    assert_eq!(a.due(now), []);
}
