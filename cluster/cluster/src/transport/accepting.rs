//! Listening: a bounded number of handshakes, each with a few seconds.

use super::complaints::Kind;
use super::seats::{Given, Seat};
use super::{Shared, running, tls};
use crate::connection::{Connection, Ending, Parts};
use crate::error::CloseReason;
use crate::handshake::{HandshakeError, Refusal};
use crate::limits::HANDSHAKE_TIME_MAX;
use running::Wakers;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long to wait when the system has no room for another socket.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) async fn accept_all(shared: Arc<Shared>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((socket, address)) => {
                let Given { seat, is_crowded } = shared.seats.take(address.ip());
                if is_crowded {
                    let what =
                        format_args!(" and others begin more connections than they finish; some are dropped");
                    shared.complain(address, Kind::Crowd, what);
                }
                tokio::spawn(accept(shared.clone(), socket, address, seat));
                // Whoever has said something must be heard before so many others come that it counts as silent.
                tokio::task::yield_now().await;
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn accept(shared: Arc<Shared>, socket: TcpStream, address: SocketAddr, seat: Seat) {
    let wakers = Arc::new(Wakers::default());
    let mut connection = None;
    let handshake = async {
        let closed = |text: String| Ending::Closed(CloseReason::Lost(text));
        // A delay of small packets is all that is lost when this fails.
        let _slower = socket.set_nodelay(true);
        if socket.peek(&mut [0]).await.map_err(|error| closed(error.to_string()))? == 0 {
            return Err(closed("the peer closed it".to_owned()));
        }
        seat.spoken();
        let mut stream = shared.tls.accept(socket).await.map_err(|error| {
            if let Some(text) = tls::bad_certificate(&error) {
                let what = format_args!(" was refused: its certificate is not to be trusted: {text}");
                shared.complain(address, Kind::Certificate, what);
            } else if error.kind() == std::io::ErrorKind::InvalidData {
                let what = format_args!(" does not speak TLS 1.3 and was refused: {error}");
                shared.complain(address, Kind::Tls, what);
            }
            closed(error.to_string())
        })?;
        let channel = tls::channel(&stream).map_err(|error| closed(error.to_string()))?;
        let id = shared.node.mesh().accept();
        let parts = Parts { id, channel, nonce: shared.nonce(), wake: wakers.clone() };
        let connection = connection.insert(Connection::accept(&shared.node, parts));
        running::handshake(&shared, connection, &mut stream, vec![]).await?;
        Ok(stream)
    };
    let result = tokio::select! {
        result = tokio::time::timeout(HANDSHAKE_TIME_MAX, handshake) => result.unwrap_or_else(|_| {
            let seconds = HANDSHAKE_TIME_MAX.as_secs();
            let what = format_args!(" did not prove in {seconds} s that it knows the cookie, and was dropped");
            shared.complain(address, Kind::Time, what);
            Err(Ending::Closed(CloseReason::Lost("the handshake took too long".to_owned())))
        }),
        () = seat.lost() => Err(Ending::Closed(CloseReason::Lost("others took its seat".to_owned()))),
    };
    drop(seat);
    let Some(mut connection) = connection else { return };
    match result {
        Ok(stream) => {
            shared.sessions.fetch_add(1, Ordering::SeqCst);
            shared.notify();
            return running::session(shared, connection, stream, wakers).await;
        }
        Err(ending) => log(&shared, &connection, address, &ending),
    }
    let reason = CloseReason::Lost("the handshake failed".to_owned());
    connection.end(&shared.node, &reason, shared.now());
    shared.notify();
}

fn log(shared: &Shared, connection: &Connection, address: SocketAddr, ending: &Ending) {
    let Ending::Handshake(error) = ending else { return };
    let who = connection.name().map_or(String::new(), |name| format!(", which calls itself {name},"));
    let (kind, what) = match error {
        HandshakeError::WrongCookie => (Kind::Cookie, "has another cookie and was refused".to_owned()),
        HandshakeError::Refused(Refusal::NameTaken) => {
            (Kind::Name, "was refused: a node of that name is connected".to_owned())
        }
        error => (Kind::Handshake, format!("was refused: {error}")),
    };
    shared.complain(address, kind, format_args!("{who} {what}"));
}
