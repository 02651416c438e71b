//! Nodes with certificates of their own: who is trusted, and what is said when one is not.

use crate::launched::{Ended, Launched};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::path::Path;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/programs/certified.snow");
/// Where both nodes are.
const HERE: &str = "127.0.0.1";

/// An authority with its certificate in PEM form.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().expect("the system has random numbers");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("an authority").pem();
        Authority { issuer: Issuer::new(params, key), certificate }
    }

    /// Writes certificate, key and whom to trust for a node: a certificate of this authority for that host.
    fn certify(&self, place: &Path, node: usize, host: &str, trusted: &Authority) {
        let key = KeyPair::generate().expect("the system has random numbers");
        let params = CertificateParams::new([host.to_owned()]).expect("a host");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate").pem();
        let write =
            |name: String, text: &str| std::fs::write(place.join(name), text).expect("it is writable");
        write(format!("n{node}.pem"), &certificate);
        write(format!("n{node}.key"), &key.serialize_pem());
        write(format!("authority{node}.pem"), &trusted.certificate);
    }
}

fn run(place: &Path) -> Ended {
    Launched::start(2, Path::new(PROGRAM), &[place]).finish()
}

fn refused(place: &Path, answer: &str) -> Ended {
    let ended = run(place);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.lines.join("\n"));
    ended.says(&format!("n0 | the certificate cannot be used: {answer}"));
    ended
}

#[test]
fn nodes_of_one_authority_trust_each_other() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let authority = Authority::new();
    authority.certify(place.path(), 0, HERE, &authority);
    authority.certify(place.path(), 1, HERE, &authority);
    let ended = run(place.path());
    assert!(ended.status.success(), "{}", ended.lines.join("\n"));
    ended.says("n0 | connected with [n1@127.0.0.1]");
}

#[test]
fn an_acceptor_of_another_authority_is_not_trusted() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (authority, other) = (Authority::new(), Authority::new());
    authority.certify(place.path(), 0, HERE, &authority);
    other.certify(place.path(), 1, HERE, &authority);
    refused(place.path(), "that of n1@127.0.0.1 is not to be trusted: ");
}

#[test]
fn a_dialler_of_another_authority_is_not_trusted() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (authority, other) = (Authority::new(), Authority::new());
    other.certify(place.path(), 0, HERE, &authority);
    authority.certify(place.path(), 1, HERE, &authority);
    let ended = refused(
        place.path(),
        "n1@127.0.0.1 does not trust it; give both nodes certificates of one authority, with tls:",
    );
    let logged = |line: &String| {
        line.starts_with("n1 | ")
            && line.contains(" WARN  127.0.0.1:")
            && line.contains("its certificate is not to be trusted: ")
    };
    assert!(ended.lines.iter().any(logged), "{}", ended.lines.join("\n"));
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new();
    let place = tempfile::tempdir().expect("a temporary directory");
    authority.certify(place.path(), 0, "192.0.2.1", &authority);
    authority.certify(place.path(), 1, HERE, &authority);
    refused(
        place.path(),
        "n1@127.0.0.1 refuses it, since it is not made out to 127.0.0.1; give one that is, with tls:",
    );
    authority.certify(place.path(), 0, HERE, &authority);
    authority.certify(place.path(), 1, "192.0.2.1", &authority);
    refused(place.path(), "that of n1@127.0.0.1 is not to be trusted: ");
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let authority = Authority::new();
    let place = tempfile::tempdir().expect("a temporary directory");
    let path = |name: &str| place.path().join(name);
    for (name, text, answer) in [
        ("n0.pem", None, "No such file or directory; check the path"),
        ("n0.key", Some("no key at all"), "holds nothing of the kind; give a file in PEM form"),
        ("authority0.pem", Some(""), "holds nothing of the kind; give a file in PEM form"),
    ] {
        authority.certify(place.path(), 0, HERE, &authority);
        authority.certify(place.path(), 1, HERE, &authority);
        match text {
            Some(text) => std::fs::write(path(name), text).expect("it is writable"),
            None => std::fs::remove_file(path(name)).expect("it is there"),
        }
        let ended = refused(place.path(), &path(name).display().to_string());
        assert!(ended.lines.iter().any(|line| line.ends_with(answer)), "{}", ended.lines.join("\n"));
    }
}
