//! Any bytes are frames or an error; a frame that was read is written to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use snow_cluster::frame::{FrameReader, body_start, read, write};

fuzz_target!(|bytes: &[u8]| {
    let mut reader = FrameReader::default();
    reader.push(bytes);
    while let Ok(Some(body)) = reader.next(1 << 20) {
        if let Ok(frame) = read(body) {
            let mut again = vec![];
            write(&mut again, &frame);
            assert_eq!(&again[body_start(&again)..], body);
        }
    }
});
