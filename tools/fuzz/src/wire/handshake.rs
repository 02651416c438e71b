//! Two honest nodes, and someone between them who changes what they say: whoever is admitted has heard every word as it was said.

use super::{Input, wire_target};
use crate::bytes::damage;
use crate::chance::Chance;
use snow_cluster::frame::FrameReader;
use snow_cluster::handshake::{
    Channel, Cookie, ExpectOffer, HandshakeError, Hello, Refusal, VERSION_MAX, VERSION_MIN, dial,
};
use snow_cluster::limits::HANDSHAKE_FRAME_BYTES_MAX;
use snow_cluster::name::NodeName;

/// Both sides of the handshake.
pub struct Handshake;

wire_target!(Handshake, "handshake", 3_000, drop: false);

const CHANNEL: Channel = Channel([7; 32]);
/// Offer, challenge, proof, admission, confirmation.
const STEPS: usize = 5;
/// The kind's byte of a refusal.
const REFUSAL: u8 = 6;

fn cookie() -> Cookie {
    Cookie::new("a cookie that nobody guesses")
}

fn hello(name: &str, context: u64) -> Hello {
    let mut chance = Chance::new(context ^ name.len() as u64);
    Hello {
        version_min: VERSION_MIN,
        version_max: VERSION_MAX + chance.below(2) as u16,
        flags: chance.below(4) as u32,
        name: NodeName::new(name).expect("a name"),
        creation: chance.draw() >> chance.below(64),
        nonce: [chance.draw() as u8; 32],
        port: chance.draw() as u16,
        message_bytes_max: chance.draw() >> chance.below(64),
        heartbeat_ms: chance.draw() >> chance.below(64),
    }
}

/// What arrives at one side instead of what the other said, `None` when it is no frame.
fn arrived(part: &[u8]) -> Option<Vec<u8>> {
    let mut reader = FrameReader::default();
    reader.push(part);
    let body = reader.next(HANDSHAKE_FRAME_BYTES_MAX).ok()??;
    assert!(body.len() <= HANDSHAKE_FRAME_BYTES_MAX);
    Some(body.to_vec())
}

/// What was said and what arrived, step by step, and who was admitted.
struct Course {
    said: Vec<Vec<u8>>,
    heard: Vec<Vec<u8>>,
    dialler_is_in: bool,
    acceptor_is_in: bool,
}

impl Course {
    /// Both sides with the messages that arrive; without one it is what was said.
    fn run(context: u64, parts: &[Vec<u8>]) -> Course {
        let mut course = Course { said: vec![], heard: vec![], dialler_is_in: false, acceptor_is_in: false };
        if let Err(problem) = course.advance(context, parts) {
            assert!(!problem.to_string().is_empty());
            if let Some(refusal) = problem.refusal() {
                look_at_refusal(&arrived(&refusal.frame()).expect("a whole frame"));
            }
        }
        course
    }

    fn pass(&mut self, said: Vec<u8>, parts: &[Vec<u8>]) -> Vec<u8> {
        let said = arrived(&said).expect("a machine says a whole frame");
        let heard = match parts.get(self.said.len()) {
            Some(part) => arrived(part).unwrap_or_default(),
            None => said.clone(),
        };
        look_at_hello(&heard);
        look_at_refusal(&heard);
        self.said.push(said);
        self.heard.push(heard.clone());
        heard
    }

    fn advance(&mut self, context: u64, parts: &[Vec<u8>]) -> Result<(), HandshakeError> {
        let target = NodeName::new("bee@h").expect("a name");
        let (dialler, offer) = dial(hello("a@h", context), cookie(), CHANNEL, target);
        let acceptor = ExpectOffer::new(hello("bee@h", context), cookie(), CHANNEL);
        let (acceptor, challenge) = acceptor.receive(&self.pass(offer, parts))?;
        let (dialler, proof) = dialler.receive(&self.pass(challenge, parts))?;
        let (acceptor, admission) = acceptor.receive(&self.pass(proof, parts))?.admit();
        let (admitted, confirmation) = dialler.receive(&self.pass(admission, parts))?;
        self.dialler_is_in = true;
        assert!(admitted.dialled());
        assert_eq!(Some(admitted.version()), hello("a@h", context).common_version(&hello("bee@h", context)));
        let admitted = acceptor.receive(&self.pass(confirmation, parts))?;
        self.acceptor_is_in = true;
        assert!(!admitted.dialled());
        assert_eq!(admitted.peer(), &hello("a@h", context));
        Ok(())
    }
}

/// A hello that was read is written to the same bytes; a newer version may say more behind it.
fn look_at_hello(body: &[u8]) {
    let Some((_, body)) = body.split_first() else { return };
    if let Ok(hello) = Hello::read(body) {
        assert!(body.starts_with(&hello.write()), "{hello:?}");
    }
}

fn look_at_refusal(body: &[u8]) {
    let Some((&REFUSAL, words)) = body.split_first() else { return };
    if let Ok(refusal) = Refusal::read(words) {
        assert_eq!(arrived(&refusal.frame()).expect("a frame"), body, "{refusal:?}");
    }
}

fn make(chance: &mut Chance) -> Input {
    let context = chance.below(8) as u64;
    let framed = |body: &Vec<u8>| {
        let mut out = vec![];
        snow_term::wire::write_bytes(&mut out, body);
        out
    };
    let mut parts: Vec<Vec<u8>> = Course::run(context, &[]).said.iter().map(framed).collect();
    let foreign = Course::run(context + 1, &[]).said.concat();
    for _ in 0..chance.below(3) {
        let at = chance.below(STEPS);
        match chance.below(6) {
            0 => parts.swap(at, chance.below(STEPS)),
            1 => parts[at] = refusal(chance).frame(),
            2 => {
                // The frame stays whole, what it says does not.
                let mut body = arrived(&parts[at]).unwrap_or_default();
                damage(&mut body, &foreign, chance);
                parts[at] = framed(&body);
            }
            _ => damage(&mut parts[at], &foreign, chance),
        }
    }
    // Refusals are what is left to be damaged when nobody is let in anyway.
    if chance.once_in(8) {
        let mut words = arrived(&refusal(chance).frame()).expect("a whole frame");
        damage(&mut words, &foreign, chance);
        parts[chance.below(STEPS)] = framed(&words);
    }
    Input { context, parts }
}

fn refusal(chance: &mut Chance) -> Refusal {
    *chance.pick(&[
        Refusal::WrongCookie,
        Refusal::Version(1, 3),
        Refusal::NameTaken,
        Refusal::SelfConnect,
        Refusal::Connected,
        Refusal::Crossing,
        Refusal::Busy,
        Refusal::Stopping,
        Refusal::WrongCertificate,
    ])
}

fn check(input: &Input) {
    let course = Course::run(input.context, &input.parts);
    let agree =
        |steps: usize| course.said.iter().zip(&course.heard).take(steps).all(|(said, heard)| said == heard);
    assert!(!course.dialler_is_in || agree(4), "the dialler takes what was not said");
    assert!(!course.acceptor_is_in || agree(5), "the acceptor takes what was not said");
    if course.said.len() == STEPS && agree(STEPS) {
        assert!(course.dialler_is_in && course.acceptor_is_in, "whoever changes nothing keeps nobody out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_nodes_get_in() {
        for context in 0..20 {
            let course = Course::run(context, &[]);
            assert!(course.dialler_is_in && course.acceptor_is_in && course.said.len() == STEPS);
        }
    }
}
