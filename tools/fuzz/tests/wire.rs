//! What comes over a connection, damaged: nothing panics, hangs or takes more memory than it may, and nobody gets in who should not.
//!
//! `SNOW_CASES=from..to` runs other cases than those of every run.

use snow_fuzz::run::test;
use snow_fuzz::wire;

#[test]
fn damaged_frames_are_survived() {
    test(&wire::frames::Frames);
}

#[test]
fn damaged_handshakes_let_nobody_in() {
    test(&wire::handshake::Handshake);
}

#[test]
fn damaged_sessions_are_survived() {
    test(&wire::session::Sessions);
}

#[test]
fn damaged_schemas_are_survived() {
    test(&wire::schema::Schemas);
}

#[test]
fn damaged_values_are_survived() {
    test(&wire::value::Values);
}
