//! Who gets in and who does not.

use super::*;
use crate::frame::FrameReader;
use crate::limits::HANDSHAKE_FRAME_BYTES_MAX;

const COOKIE: &str = "a cookie of many bytes";

fn hello(name: &str, nonce: u8) -> Hello {
    Hello {
        version_min: VERSION_MIN,
        version_max: VERSION_MAX,
        flags: 0,
        name: NodeName::new(name).unwrap(),
        creation: 10 + u64::from(nonce),
        nonce: [nonce; 32],
        port: 4000,
        message_bytes_max: 1 << 20,
        heartbeat_ms: 60_000,
    }
}

fn body_of(bytes: &[u8]) -> Vec<u8> {
    let mut reader = FrameReader::default();
    reader.push(bytes);
    reader.next(HANDSHAKE_FRAME_BYTES_MAX).unwrap().expect("a whole frame").to_vec()
}

struct Ends {
    dialler: Channel,
    acceptor: Channel,
    cookies: (&'static str, &'static str),
}

fn run(ends: Ends, dialler: Hello, acceptor: Hello) -> Result<(Admitted, Admitted), HandshakeError> {
    let target = NodeName::new("b@h").unwrap();
    let (expect_challenge, offer) = dial(dialler, Cookie::new(ends.cookies.0), ends.dialler, target);
    let expect_offer = ExpectOffer::new(acceptor, Cookie::new(ends.cookies.1), ends.acceptor);
    let (expect_proof, challenge) = expect_offer.receive(&body_of(&offer))?;
    let (expect_admitted, proof) = expect_challenge.receive(&body_of(&challenge))?;
    let (expect_confirm, admission) = expect_proof.receive(&body_of(&proof))?.admit();
    let (ours, confirm) = expect_admitted.receive(&body_of(&admission))?;
    Ok((ours, expect_confirm.receive(&body_of(&confirm))?))
}

fn same_channel(cookies: (&'static str, &'static str)) -> Ends {
    Ends { dialler: Channel([7; 32]), acceptor: Channel([7; 32]), cookies }
}

#[test]
fn equal_cookies_get_in() {
    let (ours, theirs) = run(same_channel((COOKIE, COOKIE)), hello("a@h", 1), hello("b@h", 2)).unwrap();
    assert_eq!(ours.peer(), theirs.me());
    assert_eq!(theirs.peer(), ours.me());
    assert!(ours.dialled() && !theirs.dialled());
}

#[test]
fn another_cookie_another_channel_another_name_stay_out() {
    let wrong = run(same_channel((COOKIE, "something else")), hello("a@h", 1), hello("b@h", 2));
    assert_eq!(wrong, Err(HandshakeError::WrongCookie));
    let relayed = Ends { dialler: Channel([7; 32]), acceptor: Channel([8; 32]), cookies: (COOKIE, COOKIE) };
    assert_eq!(run(relayed, hello("a@h", 1), hello("b@h", 2)), Err(HandshakeError::WrongCookie));
    let other = run(same_channel((COOKIE, COOKIE)), hello("a@h", 1), hello("c@h", 2));
    assert_eq!(other, Err(HandshakeError::OtherName(NodeName::new("c@h").unwrap())));
}

#[test]
fn versions_that_do_not_meet_are_told() {
    let newer = Hello { version_min: 7, version_max: 9, ..hello("a@h", 1) };
    let error = run(same_channel((COOKIE, COOKIE)), newer, hello("b@h", 2)).unwrap_err();
    assert_eq!(error, HandshakeError::Version(7, 9));
    assert_eq!(error.refusal(), Some(Refusal::Version(VERSION_MIN, VERSION_MAX)));
}

#[test]
fn a_proof_is_not_reflected() {
    let target = NodeName::new("a@h").unwrap();
    let me = hello("a@h", 1);
    let (expect_challenge, offer) = dial(me.clone(), Cookie::new(COOKIE), Channel([7; 32]), target);
    let (expect_admitted, proof) =
        expect_challenge.receive(&body_of(&frame(kind::CHALLENGE, &me.write()))).unwrap();
    drop(offer);
    let mut reflected = body_of(&proof);
    reflected[0] = kind::ADMITTED;
    assert_eq!(expect_admitted.receive(&reflected).unwrap_err(), HandshakeError::WrongCookie);
}

#[test]
fn refusals_come_back() {
    for refusal in [
        Refusal::WrongCookie,
        Refusal::Version(1, 3),
        Refusal::NameTaken,
        Refusal::SelfConnect,
        Refusal::Connected,
        Refusal::Crossing,
        Refusal::Busy,
        Refusal::Stopping,
    ] {
        assert_eq!(Refusal::read(&body_of(&refusal.frame())[1..]), Ok(refusal));
    }
}

#[test]
fn a_refusal_with_a_version_over_16_bits_is_malformed() {
    let words = [1, 0x80, 0x80, 0x80, 0x80, 8, 3];
    let error = Violation::Malformed(snow_term::error::DecodeError::BadInteger);
    assert_eq!(Refusal::read(&words), Err(error));
}

#[test]
fn junk_in_any_step_is_an_error() {
    let mut state = 5u64;
    for _ in 0..5_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut offer = body_of(&frame(kind::OFFER, &hello("a@h", 1).write()));
        let at = (state >> 40) as usize % offer.len();
        offer[at] = (state >> 20) as u8;
        let expect = ExpectOffer::new(hello("b@h", 2), Cookie::new(COOKIE), Channel([7; 32]));
        if let Ok((expect_proof, _)) = expect.receive(&offer) {
            assert!(expect_proof.receive(&[kind::PROOF, state as u8]).is_err());
        }
    }
}

#[test]
fn the_cookie_is_not_printed() {
    assert_eq!(format!("{:?}", Cookie::new(COOKIE)), "Cookie(hidden)");
    assert!(Cookie::new("short").is_short() && !Cookie::new(COOKIE).is_short());
}

impl fmt::Debug for ExpectAdmitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExpectAdmitted")
    }
}
