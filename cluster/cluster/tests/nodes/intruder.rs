//! Someone who connects to a node by hand: any bytes, any handshake, any frames.

use snow_cluster::frame::{Frame, FrameReader, body_start, write};
use snow_cluster::handshake::{Channel, Cookie, Hello, VERSION_MAX, VERSION_MIN, dial};
use snow_cluster::name::NodeName;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::crypto::verify_tls13_signature;
use tokio_rustls::rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime,
};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, ServerConfig, ServerConnection,
    SignatureScheme, StreamOwned, version,
};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The label that nodes take keying material by.
const EXPORTER_LABEL: &[u8] = b"EXPORTER-snow-node-proof";
/// Longest frame that is read here.
const FRAME_BYTES_MAX: usize = 1 << 20;

/// A connection over TLS.
pub struct Intruder {
    stream: StreamOwned<ClientConnection, TcpStream>,
    reader: FrameReader,
    address: SocketAddr,
}

/// A socket without TLS.
pub fn plain(port: u16) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// Whether the other side has closed a socket, whatever it said before.
pub fn is_closed(socket: &mut impl Read) -> bool {
    let mut buffer = [0; 4096];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => {
                return !matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                );
            }
        }
    }
}

pub fn hello(name: &str) -> Hello {
    Hello {
        version_min: VERSION_MIN,
        version_max: VERSION_MAX,
        flags: 0,
        name: NodeName::new(&format!("{name}@127.0.0.1")).unwrap(),
        creation: 7,
        nonce: [3; 32],
        port: 1,
        message_bytes_max: 1 << 20,
        heartbeat_ms: 60_000,
    }
}

/// A frame's kind and body, without its length.
fn body(frame: &[u8]) -> &[u8] {
    &frame[body_start(frame)..]
}

impl Intruder {
    /// A channel, and nothing said yet.
    pub fn new(port: u16) -> Intruder {
        let socket = plain(port);
        let address = socket.local_addr().unwrap();
        let provider = Arc::new(default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anyone))
            .with_no_client_auth();
        let name = ServerName::try_from("node.snow").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, socket);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).unwrap();
        }
        Intruder { stream, reader: FrameReader::default(), address }
    }

    /// A peer of that name, authenticated with that cookie, that has told its names: none.
    pub fn admitted(port: u16, name: &str, target: &str, cookie: &str) -> Intruder {
        let mut intruder = Intruder::unsynced(port, name, target, cookie);
        intruder.frame(&Frame::Synced);
        intruder
    }

    /// The same, before it has told its names.
    pub fn unsynced(port: u16, name: &str, target: &str, cookie: &str) -> Intruder {
        Intruder::admitted_as(port, hello(name), target, cookie)
    }

    /// A peer that says this of itself, authenticated with that cookie.
    pub fn admitted_as(port: u16, hello: Hello, target: &str, cookie: &str) -> Intruder {
        let mut intruder = Intruder::new(port);
        let target = NodeName::new(&format!("{target}@127.0.0.1")).unwrap();
        let (state, offer) = dial(hello, Cookie::new(cookie), intruder.channel(), target);
        intruder.say(&offer);
        let challenge = intruder.hear().expect("a challenge");
        let (state, proof) = state.receive(&challenge).unwrap();
        intruder.say(&proof);
        let admission = intruder.hear().expect("an admission");
        let (_, confirm) = state.receive(&admission).unwrap();
        intruder.say(&confirm);
        intruder
    }

    /// Offers, and proves with another cookie; gives the proof.
    pub fn prove(&mut self, name: &str, target: &str, cookie: &str) -> Vec<u8> {
        let target = NodeName::new(&format!("{target}@127.0.0.1")).unwrap();
        let (state, offer) = dial(hello(name), Cookie::new(cookie), self.channel(), target);
        self.say(&offer);
        let challenge = self.hear().expect("a challenge");
        let (_, proof) = state.receive(&challenge).unwrap();
        self.say(&proof);
        proof
    }

    pub fn channel(&self) -> Channel {
        Channel(self.stream.conn.export_keying_material([0; 32], EXPORTER_LABEL, None).unwrap())
    }

    /// As the node sees it.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    pub fn say(&mut self, bytes: &[u8]) {
        // The node may have closed the connection already; what it thinks of it is seen elsewhere.
        drop(self.stream.write_all(bytes).and_then(|()| self.stream.flush()));
    }

    /// A frame by its kind and body.
    pub fn say_body(&mut self, body: &[u8]) {
        let mut out = vec![];
        snow_term::wire::write_bytes(&mut out, body);
        self.say(&out);
    }

    pub fn frame(&mut self, frame: &Frame<'_>) {
        let mut out = vec![];
        write(&mut out, frame);
        self.say(&out);
    }

    /// The next frame; `None` when there will be none.
    pub fn hear(&mut self) -> Option<Vec<u8>> {
        let mut buffer = [0; 4096];
        loop {
            if let Some(frame) = self.reader.next(FRAME_BYTES_MAX).unwrap() {
                return Some(frame.to_vec());
            }
            match self.stream.read(&mut buffer) {
                Ok(count @ 1..) => self.reader.push(&buffer[..count]),
                _ => return None,
            }
        }
    }

    /// Ends the connection in the middle of whatever was said.
    pub fn hang_up(self) {
        drop(self.stream.sock.shutdown(Shutdown::Both));
    }

    /// Whether the node closes the connection.
    pub fn is_shown_out(&mut self) -> bool {
        is_closed(&mut self.stream)
    }
}

/// A man in the middle of two TLS channels: everything is passed on, and kept.
pub struct Middle {
    port: u16,
    frames: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Middle {
    pub fn before(target: u16) -> Middle {
        let made = rcgen::generate_simple_self_signed(["node.snow".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&version::TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let middle = Middle { port: listener.local_addr().unwrap().port(), frames: Arc::default() };
        let (frames, config) = (middle.frames.clone(), Arc::new(config));
        thread::spawn(move || {
            let (near, _) = listener.accept().unwrap();
            let mut near = StreamOwned::new(ServerConnection::new(config).unwrap(), near);
            let mut far = Intruder::new(target);
            let mut reader = FrameReader::default();
            // The handshake takes turns: the dialler speaks first.
            while let Some(frame) = next(&mut near, &mut reader) {
                frames.lock().unwrap().push(body(&frame).to_vec());
                far.say(&frame);
                let Some(answer) = far.hear() else { break };
                let mut out = vec![];
                snow_term::wire::write_bytes(&mut out, &answer);
                near.write_all(&out).unwrap();
                near.flush().unwrap();
            }
        });
        middle
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the dialler has said, frame by frame, without lengths.
    pub fn frames(&self) -> Vec<Vec<u8>> {
        self.frames.lock().unwrap().clone()
    }
}

/// The next frame with its length; `None` at the end.
fn next(stream: &mut impl Read, reader: &mut FrameReader) -> Option<Vec<u8>> {
    let mut buffer = [0; 4096];
    loop {
        if let Some(frame) = reader.next(FRAME_BYTES_MAX).unwrap() {
            let mut whole = vec![];
            snow_term::wire::write_bytes(&mut whole, frame);
            return Some(whole);
        }
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => reader.push(&buffer[..count]),
            _ => return None,
        }
    }
}

/// Takes any certificate.
#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("not spoken".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let all = default_provider().signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, &all)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider().signature_verification_algorithms.supported_schemes()
    }
}
