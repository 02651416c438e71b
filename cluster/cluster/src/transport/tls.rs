//! TLS 1.3. With an ephemeral key it gives secrecy and keying material, and trust comes from the cookie that is bound to it; with
//! certificates of one's own both ends check chains and names, too.

mod files;

use crate::error::NodeError;
use crate::handshake::Channel;
use crate::name::NodeName;
use files::Files;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{ClientConfig, DigitallySignedStruct, Error, ServerConfig, SignatureScheme, version};
use snow_runtime::router::TlsFiles;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

/// What certificates are made out to. Nobody looks at it.
const CERTIFICATE_NAME: &str = "node.snow";
/// Label of the keying material.
const EXPORTER_LABEL: &[u8] = b"EXPORTER-snow-node-proof";

/// Both roles.
pub(super) struct Tls {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    /// Whether both ends check certificates.
    is_mutual: bool,
}

impl Tls {
    /// With these certificates, or with a key that nobody knows.
    pub(super) fn new(name: &NodeName, files: Option<&TlsFiles>) -> Result<Tls, NodeError> {
        match files {
            Some(files) => Tls::certified(&Files::read(files)?),
            None => Tls::ephemeral(name),
        }
    }

    fn ephemeral(name: &NodeName) -> Result<Tls, NodeError> {
        let unusable = |error: &dyn std::fmt::Display| NodeError::Certificate(format!("{name}: {error}"));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let made = rcgen::generate_simple_self_signed([CERTIFICATE_NAME.to_owned()])
            .map_err(|error| unusable(&error))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let server = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&version::TLS13])
            .map_err(|error| unusable(&error))?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .map_err(|error| unusable(&error))?;
        let client = ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&version::TLS13])
            .map_err(|error| unusable(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate::new(&provider)))
            .with_no_client_auth();
        Ok(Tls::of(server, client, false))
    }

    fn certified(files: &Files) -> Result<Tls, NodeError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let unusable = |error: Error| NodeError::Certificate(files.unusable(&error));
        let clients = WebPkiClientVerifier::builder_with_provider(files.authority.clone(), provider.clone())
            .build()
            .map_err(|error| NodeError::Certificate(files.no_authority(&error)))?;
        let server = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&version::TLS13])
            .map_err(unusable)?
            .with_client_cert_verifier(clients)
            .with_single_cert(files.certificates.clone(), files.key.clone_key())
            .map_err(unusable)?;
        let client = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])
            .map_err(unusable)?
            .with_root_certificates(files.authority.clone())
            .with_client_auth_cert(files.certificates.clone(), files.key.clone_key())
            .map_err(unusable)?;
        Ok(Tls::of(server, client, true))
    }

    fn of(mut server: ServerConfig, mut client: ClientConfig, is_mutual: bool) -> Tls {
        server.send_tls13_tickets = 0;
        client.resumption = rustls::client::Resumption::disabled();
        Tls { acceptor: Arc::new(server).into(), connector: Arc::new(client).into(), is_mutual }
    }

    pub(super) async fn accept(&self, socket: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(socket).await.map(TlsStream::Server)
    }

    /// Whoever answers must have a certificate for the name's host, where certificates count.
    pub(super) async fn connect(
        &self,
        socket: TcpStream,
        name: &NodeName,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let host = if self.is_mutual { name.host() } else { CERTIFICATE_NAME };
        let host = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
        self.connector.connect(host, socket).await.map(TlsStream::Client)
    }

    /// Whether the peer's certificate is made out to the host in the name that it gives itself, where certificates count.
    pub(super) fn is_made_out_to(&self, stream: &TlsStream<TcpStream>, name: &NodeName) -> bool {
        if !self.is_mutual {
            return true;
        }
        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let certificate = certificates.first().and_then(|first| ParsedCertificate::try_from(first).ok());
        match (certificate, ServerName::try_from(name.host())) {
            (Some(certificate), Ok(host)) => rustls::client::verify_server_name(&certificate, &host).is_ok(),
            _ => false,
        }
    }
}

/// Whether a failure is the peer's saying that it does not trust this node's certificate.
pub(super) fn is_distrust(error: &std::io::Error) -> bool {
    use rustls::AlertDescription as Alert;
    let error = error.get_ref().and_then(|error| error.downcast_ref::<Error>());
    let Some(Error::AlertReceived(alert)) = error else { return false };
    let certificate = [Alert::BadCertificate, Alert::UnsupportedCertificate, Alert::CertificateRevoked];
    let trust = [Alert::CertificateExpired, Alert::CertificateUnknown, Alert::CertificateRequired];
    certificate.contains(alert)
        || trust.contains(alert)
        || [Alert::UnknownCA, Alert::DecryptError].contains(alert)
}

/// What is wrong with the peer's certificate, when that is why there is no connection.
pub(super) fn bad_certificate(error: &std::io::Error) -> Option<String> {
    let error = error.get_ref().and_then(|error| error.downcast_ref::<Error>());
    match error {
        Some(Error::InvalidCertificate(error)) => Some(error.to_string()),
        Some(Error::NoCertificatesPresented) => Some("there is none".to_owned()),
        _ => None,
    }
}

/// Keying material of a channel; equal at its two ends and nowhere else.
pub(super) fn channel(stream: &TlsStream<TcpStream>) -> Result<Channel, Error> {
    let material = match stream {
        TlsStream::Client(stream) => stream.get_ref().1.export_keying_material([0; 32], EXPORTER_LABEL, None),
        TlsStream::Server(stream) => stream.get_ref().1.export_keying_material([0; 32], EXPORTER_LABEL, None),
    };
    material.map(Channel)
}

/// Takes any certificate whose key signs the handshake: a man in the middle would be let in here, and fails at the cookie, since the
/// keying material of his two channels differs.
#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl AnyCertificate {
    fn new(provider: &CryptoProvider) -> AnyCertificate {
        AnyCertificate(provider.signature_verification_algorithms)
    }
}

impl ServerCertVerifier for AnyCertificate {
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
        Err(Error::General("only TLS 1.3 is spoken".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
