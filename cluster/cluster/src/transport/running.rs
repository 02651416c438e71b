//! A connection's tasks: the handshake first, then one that reads and one that writes.

use super::complaints::Kind;
use super::{Shared, lost};
use crate::connection::{Connection, Ending};
use crate::error::CloseReason;
use crate::handshake::{HandshakeError, Refusal};
use crate::peer::{Peer, Wake, Writing};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsStream;

/// Bytes read at once.
const READ_BYTES: usize = 64 * 1024;
/// How long a writer may take to get rid of a goodbye.
const GOODBYE_TIME_MAX: Duration = Duration::from_secs(1);

type Stream = TlsStream<TcpStream>;

/// Wakes a connection's two tasks.
#[derive(Default)]
pub(super) struct Wakers {
    output: Notify,
    attention: Notify,
}

impl Wake for Wakers {
    fn output(&self) {
        self.output.notify_one();
    }

    fn attention(&self) {
        self.attention.notify_one();
    }
}

/// Reads and answers until there is a session.
pub(super) async fn handshake(
    shared: &Shared,
    connection: &mut Connection,
    stream: &mut Stream,
    mut out: Vec<u8>,
) -> Result<(), Ending> {
    let failed = |error: std::io::Error| Ending::Closed(lost(&error));
    // A dialler has checked whom it reached when its channel was made.
    let mut is_checked = connection.name().is_some();
    let mut buffer = vec![0; crate::limits::HANDSHAKE_FRAME_BYTES_MAX];
    while connection.peer().is_none() {
        if !out.is_empty() {
            stream.write_all(&out).await.map_err(failed)?;
            stream.flush().await.map_err(failed)?;
            out.clear();
        }
        let count = stream.read(&mut buffer).await.map_err(failed)?;
        if count == 0 {
            return Err(Ending::Closed(CloseReason::Lost("the peer closed it".to_owned())));
        }
        let mut result = connection.receive(&shared.node, &buffer[..count], shared.now(), &mut out);
        if let (false, Some(name)) = (is_checked, connection.name()) {
            is_checked = true;
            if !shared.tls.is_made_out_to(stream, name) {
                out = Refusal::WrongCertificate.frame();
                result = Err(Ending::Handshake(HandshakeError::Refused(Refusal::WrongCertificate)));
            }
        }
        if result.is_err() || connection.peer().is_some() {
            // The last word: a confirmation or a refusal.
            let written = async {
                stream.write_all(&out).await?;
                stream.flush().await
            };
            let written = written.await;
            result?;
            return written.map_err(failed);
        }
    }
    Ok(())
}

/// Runs a session to its end, and the connection's end with it.
pub(super) async fn session(
    shared: Arc<Shared>,
    mut connection: Connection,
    stream: Stream,
    wakers: Arc<Wakers>,
) {
    let Some(peer) = connection.peer().cloned() else { return };
    let address = stream.get_ref().0.peer_addr();
    let (mut reader, writer) = split(stream);
    let writing = tokio::spawn(write_all(shared.clone(), peer.clone(), writer, wakers.clone()));
    let reason = read_all(&shared, &mut connection, &peer, &mut reader, &wakers).await;
    // What this side has decided is the cause of whatever else has come.
    let reason = peer.closing().unwrap_or(reason);
    if let CloseReason::Misbehaved(_) | CloseReason::Silent = reason {
        peer.leave(reason.clone());
    }
    if peer.closing().is_some() {
        // The goodbye goes out first; a peer that does not take it must not hold this up.
        let abort = writing.abort_handle();
        if tokio::time::timeout(GOODBYE_TIME_MAX, writing).await.is_err() {
            abort.abort();
        }
    }
    if let Ok(address) = address {
        complain(&shared, address, &peer, &reason);
    }
    connection.end(&shared.node, &reason, shared.now());
    if peer.closing().is_some() {
        // A socket that is closed with something unread takes back what was written: wait for the peer's end.
        let _in_time = tokio::time::timeout(GOODBYE_TIME_MAX, swallow(&mut reader)).await;
    }
    shared.sessions.fetch_sub(1, Ordering::SeqCst);
    shared.notify();
}

/// Both sides of a connection that was closed for a cause log it.
fn complain(shared: &Shared, address: SocketAddr, peer: &Peer, reason: &CloseReason) {
    let kind = match reason {
        CloseReason::Misbehaved(_) => Kind::Session,
        CloseReason::PeerRefused(_) => Kind::Refused,
        _ => return,
    };
    shared.complain(address, kind, format_args!(", the node {}, is disconnected: {reason}", peer.name));
}

async fn swallow(reader: &mut ReadHalf<Stream>) {
    let mut buffer = vec![0; READ_BYTES];
    while let Ok(1..) = reader.read(&mut buffer).await {}
}

async fn read_all(
    shared: &Shared,
    connection: &mut Connection,
    peer: &Peer,
    reader: &mut ReadHalf<Stream>,
    wakers: &Wakers,
) -> CloseReason {
    let mut buffer = vec![0; READ_BYTES];
    let mut nothing_to_write = vec![];
    let silent = tokio::time::sleep_until(shared.at(connection.silent_at()));
    tokio::pin!(silent);
    loop {
        tokio::select! {
            read = reader.read(&mut buffer) => {
                let count = match read {
                    Ok(0) => return CloseReason::Lost("the peer closed it".to_owned()),
                    Ok(count) => count,
                    Err(error) => return lost(&error),
                };
                let bytes = &buffer[..count];
                let was_up = peer.is_up();
                match connection.receive(&shared.node, bytes, shared.now(), &mut nothing_to_write) {
                    Ok(()) => {}
                    Err(Ending::Closed(reason)) => return reason,
                    Err(_) => return CloseReason::Replaced,
                }
                if shared.node.take_learned() {
                    shared.scheduled.notify_one();
                }
                if !was_up && peer.is_up() {
                    shared.notify();
                }
            }
            () = wakers.attention.notified() => {
                if let Some(reason) = peer.closing() {
                    return reason;
                }
                if connection.is_silent(shared.now()) {
                    return CloseReason::Silent;
                }
                silent.as_mut().reset(shared.at(connection.silent_at()));
            }
            () = silent.as_mut() => {
                if connection.is_silent(shared.now()) {
                    return CloseReason::Silent;
                }
                silent.as_mut().reset(shared.at(connection.silent_at()));
            }
        }
    }
}

async fn write_all(shared: Arc<Shared>, peer: Arc<Peer>, mut writer: WriteHalf<Stream>, wakers: Arc<Wakers>) {
    let mut buffer = vec![];
    loop {
        match peer.take(&mut buffer, shared.now()) {
            Writing::Bytes => {
                let result = async {
                    writer.write_all(&buffer).await?;
                    writer.flush().await
                };
                if let Err(error) = result.await {
                    peer.leave(lost(&error));
                    return;
                }
                buffer.clear();
                for sender in peer.written() {
                    shared.node.remote.host.resume(sender);
                }
            }
            Writing::Idle(next_tick) => {
                // Woken or not: there may be something to write.
                let _which = tokio::time::timeout_at(shared.at(next_tick), wakers.output.notified()).await;
            }
            Writing::Over => {
                // The peer may be gone already.
                let _gone = writer.shutdown().await;
                return;
            }
        }
    }
}
