//! Dialling: finding an address, and trying until there is a connection or the time is up.

use super::places::{Place, Places};
use super::{Shared, running, tls};
use crate::connection::{Connection, Ending, Parts};
use crate::error::{CloseReason, NodeError, system_words};
use crate::handshake::{HandshakeError, Refusal, VERSION_MAX, VERSION_MIN};
use crate::mesh::{Begin, ConnectionId};
use crate::name::{NodeName, Target};
use running::Wakers;
use snow_runtime::Level;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// How often to look again for what another connection brings about.
const PAUSE: Duration = Duration::from_millis(25);

/// Why a dial has no session.
enum Failure {
    /// Another connection goes first, or the peer is busy: worth another look.
    Again,
    Final(NodeError),
}

/// Connects with a peer.
pub(super) async fn connect(shared: Arc<Shared>, target: Target) -> Result<(), NodeError> {
    let name = &target.name;
    if *name == shared.node.identity.name {
        return Err(NodeError::SelfConnect(name.clone()));
    }
    let until = Instant::now() + shared.connect_timeout;
    let mut places = Places::default();
    loop {
        let begin = shared.node.mesh().begin(name);
        match begin {
            // A session is known to everyone when it has told its names.
            Begin::Connected if shared.node.remote.peer_named(name).is_some() => return Ok(()),
            Begin::Connected | Begin::Busy => {}
            Begin::Dial(id) => match dial(&shared, (&target, &mut places), id, until).await {
                Ok(()) => {}
                Err(Failure::Final(_)) if places.has_more() && Instant::now() < until => continue,
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Again) => places.again(),
            },
        }
        if Instant::now() >= until {
            return Err(timeout(&shared, name));
        }
        // Looking again does no harm.
        let _changed = tokio::time::timeout(PAUSE, shared.changed.notified()).await;
    }
}

fn timeout(shared: &Shared, name: &NodeName) -> NodeError {
    NodeError::Timeout(name.clone(), shared.connect_timeout.as_millis() as u64)
}

/// One attempt, at the next place.
async fn dial(
    shared: &Arc<Shared>,
    (target, places): (&Target, &mut Places),
    id: ConnectionId,
    until: Instant,
) -> Result<(), Failure> {
    let mut connection = None;
    let wakers = Arc::new(Wakers::default());
    let attempt = attempt(shared, (target, places), id, &wakers, &mut connection);
    let result = tokio::time::timeout_at(until, attempt).await;
    let failure = match (result, connection.take()) {
        (Ok(Ok(stream)), Some(connection)) => {
            shared.sessions.fetch_add(1, Ordering::SeqCst);
            shared.notify();
            tokio::spawn(running::session(shared.clone(), connection, stream, wakers));
            return Ok(());
        }
        (result, connection) => {
            if let Some(mut connection) = connection {
                let reason = CloseReason::Lost("the handshake failed".to_owned());
                connection.end(&shared.node, &reason, shared.now());
            }
            match result {
                Ok(Err(failure)) => failure,
                _ => Failure::Final(timeout(shared, &target.name)),
            }
        }
    };
    shared.node.mesh().ended(&target.name, id, shared.now());
    shared.notify();
    Err(failure)
}

async fn attempt(
    shared: &Shared,
    (target, places): (&Target, &mut Places),
    id: ConnectionId,
    wakers: &Arc<Wakers>,
    connection: &mut Option<Connection>,
) -> Result<tokio_rustls::TlsStream<TcpStream>, Failure> {
    let name = &target.name;
    let unreachable =
        |error: std::io::Error| Failure::Final(NodeError::Unreachable(name.clone(), system_words(&error)));
    let Place { host, port } = places.next(shared, target).await.map_err(Failure::Final)?;
    let socket = TcpStream::connect((host.as_str(), port)).await.map_err(unreachable)?;
    // A delay of small packets is all that is lost when this fails.
    let _slower = socket.set_nodelay(true);
    let distrusted = |error: std::io::Error| match tls::bad_certificate(&error) {
        Some(text) => Failure::Final(NodeError::Certificate(format!(
            "that of {name} is not to be trusted: {text}; give both nodes certificates of one authority, with tls:"
        ))),
        None => unreachable(error),
    };
    let mut stream = shared.tls.connect(socket, name).await.map_err(distrusted)?;
    let channel = tls::channel(&stream).map_err(|error| unreachable(std::io::Error::other(error)))?;
    let parts = Parts { id, channel, nonce: shared.nonce(), wake: wakers.clone() };
    let mut out = vec![];
    let Some(begun) = Connection::dial(&shared.node, name, parts, &mut out) else {
        return Err(Failure::Again);
    };
    let connection = connection.insert(begun);
    running::handshake(shared, connection, &mut stream, out)
        .await
        .map_err(|ending| failure(shared, name, ending))?;
    Ok(stream)
}

fn failure(shared: &Shared, name: &NodeName, ending: Ending) -> Failure {
    let versions = |min, max| NodeError::Version(name.clone(), (min, max), (VERSION_MIN, VERSION_MAX));
    let error = match ending {
        Ending::Crossed => return Failure::Again,
        Ending::Closed(CloseReason::Distrusted) => NodeError::Certificate(format!(
            "{name} does not trust it; give both nodes certificates of one authority, with tls:"
        )),
        Ending::Closed(reason) => NodeError::Unreachable(name.clone(), reason.to_string()),
        Ending::Handshake(error) => match error {
            HandshakeError::WrongCookie | HandshakeError::Refused(Refusal::WrongCookie) => {
                NodeError::WrongCookie(name.clone())
            }
            HandshakeError::Version(min, max) | HandshakeError::Refused(Refusal::Version(min, max)) => {
                versions(min, max)
            }
            HandshakeError::Refused(Refusal::NameTaken) => {
                NodeError::NameTaken(shared.node.identity.name.clone())
            }
            HandshakeError::Refused(Refusal::SelfConnect) => NodeError::SelfConnect(name.clone()),
            HandshakeError::Refused(Refusal::Connected | Refusal::Crossing | Refusal::Busy) => {
                return Failure::Again;
            }
            HandshakeError::Refused(Refusal::Stopping) => {
                NodeError::Unreachable(name.clone(), "it is stopping".to_owned())
            }
            HandshakeError::Refused(Refusal::WrongCertificate) => NodeError::Certificate(format!(
                "{name} refuses it, since it is not made out to {}; give one that is, with tls:",
                shared.node.identity.name.host()
            )),
            HandshakeError::OtherName(other) => NodeError::Other(format!(
                "the node at the address of {name} is {other}; connect to it by that name"
            )),
            error @ HandshakeError::Violation(_) => {
                NodeError::Unreachable(name.clone(), format!("it does not speak as a node does ({error})"))
            }
        },
    };
    Failure::Final(error)
}

/// Dials whom the mesh finds lacking, each when it is due.
pub(super) async fn follow_schedule(shared: Arc<Shared>) {
    loop {
        let (due, next) = {
            let mut mesh = shared.node.mesh();
            (mesh.due(shared.now()), mesh.next_due())
        };
        for name in due {
            tokio::spawn(connect_logged(shared.clone(), name));
        }
        let next = shared.at(next.unwrap_or(u64::MAX));
        // Woken or due: both mean another look.
        let _which = tokio::time::timeout_at(next, shared.scheduled.notified()).await;
    }
}

async fn connect_logged(shared: Arc<Shared>, name: NodeName) {
    let target = Target { name, port: None };
    if let Err(error) = connect(shared.clone(), target).await {
        let level = match error {
            NodeError::WrongCookie(_) | NodeError::NameTaken(_) | NodeError::Version(..) => Level::Warn,
            _ => Level::Debug,
        };
        shared.log(level, &error.to_string());
    }
}
