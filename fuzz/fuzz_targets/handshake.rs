//! An unauthenticated peer that says anything never gets in and never does harm, on either side.
#![no_main]

use libfuzzer_sys::fuzz_target;
use snow_cluster::frame::body_start;
use snow_cluster::handshake::{Channel, Cookie, ExpectOffer, Hello, VERSION_MAX, VERSION_MIN, dial};
use snow_cluster::name::NodeName;

const CHANNEL: Channel = Channel([7; 32]);

fn hello(name: &str) -> Hello {
    Hello {
        version_min: VERSION_MIN,
        version_max: VERSION_MAX,
        flags: 0,
        name: NodeName::new(name).expect("a name"),
        creation: 1,
        nonce: [3; 32],
        port: 1,
        message_bytes_max: 1 << 20,
        heartbeat_ms: 1_000,
    }
}

fn cookie() -> Cookie {
    Cookie::new("a cookie that nobody guesses")
}

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == 0xff);
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if let Ok((state, _)) = ExpectOffer::new(hello("b@h"), cookie(), CHANNEL).receive(first) {
        assert!(state.receive(second).is_err(), "nobody proves a cookie that he does not have");
    }
    let target = NodeName::new("b@h").expect("a name");
    let (state, offer) = dial(hello("a@h"), cookie(), CHANNEL, target);
    assert!(body_start(&offer) < offer.len());
    if let Ok((state, _)) = state.receive(first) {
        assert!(state.receive(second).is_err(), "nobody proves a cookie that he does not have");
    }
});
