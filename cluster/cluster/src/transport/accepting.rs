//! Listening: a bounded number of handshakes, each with a few seconds.

use super::{Shared, running, tls};
use crate::connection::{Connection, Ending, Parts};
use crate::error::CloseReason;
use crate::handshake::{HandshakeError, Refusal};
use crate::limits::{HANDSHAKE_TIME_MAX, HANDSHAKES_MAX, HANDSHAKES_PER_ADDRESS_MAX};
use running::Wakers;
use snow_runtime::Level;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long to wait when the system has no room for another socket.
const PAUSE: Duration = Duration::from_millis(50);

/// A place among the handshakes under way.
struct Place {
    shared: Arc<Shared>,
    address: IpAddr,
}

impl Place {
    /// `None`: there are too many.
    fn take(shared: &Arc<Shared>, address: IpAddr) -> Option<Place> {
        let mut all = shared.handshakes.lock().expect("nobody panics while holding the handshakes");
        let under_way: usize = all.values().sum();
        let here = all.entry(address).or_default();
        if under_way >= HANDSHAKES_MAX || *here >= HANDSHAKES_PER_ADDRESS_MAX {
            return None;
        }
        *here += 1;
        Some(Place { shared: shared.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.shared.handshakes.lock().expect("nobody panics while holding the handshakes");
        if let Some(here) = all.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                all.remove(&self.address);
            }
        }
    }
}

pub(super) async fn accept_all(shared: Arc<Shared>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((socket, address)) => {
                // Too many: the socket is closed without a word, which costs the least.
                if let Some(place) = Place::take(&shared, address.ip()) {
                    tokio::spawn(accept(shared.clone(), socket, address, place));
                }
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn accept(shared: Arc<Shared>, socket: TcpStream, address: SocketAddr, place: Place) {
    let wakers = Arc::new(Wakers::default());
    let mut connection = None;
    let handshake = async {
        let closed = |text: String| Ending::Closed(CloseReason::Lost(text));
        // A delay of small packets is all that is lost when this fails.
        let _slower = socket.set_nodelay(true);
        let mut stream = shared.tls.accept(socket).await.map_err(|error| {
            if let Some(text) = tls::bad_certificate(&error) {
                let text = format!("{address} was refused: its certificate is not to be trusted: {text}");
                shared.log(Level::Warn, &text);
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
    let result = tokio::time::timeout(HANDSHAKE_TIME_MAX, handshake).await;
    drop(place);
    let Some(mut connection) = connection else { return };
    match result {
        Ok(Ok(stream)) => {
            shared.sessions.fetch_add(1, Ordering::SeqCst);
            shared.notify();
            return running::session(shared, connection, stream, wakers).await;
        }
        Ok(Err(ending)) => log(&shared, &connection, address, &ending),
        Err(_) => {}
    }
    let reason = CloseReason::Lost("the handshake failed".to_owned());
    connection.end(&shared.node, &reason, shared.now());
    shared.notify();
}

fn log(shared: &Shared, connection: &Connection, address: SocketAddr, ending: &Ending) {
    let Ending::Handshake(error) = ending else { return };
    let who = connection.name().map_or(String::new(), |name| format!(", which calls itself {name},"));
    let text = match error {
        HandshakeError::WrongCookie => format!("{address}{who} has another cookie and was refused"),
        HandshakeError::Refused(Refusal::NameTaken) => {
            format!("{address}{who} was refused: a node of that name is connected")
        }
        error => format!("{address}{who} was refused: {error}"),
    };
    shared.log(Level::Warn, &text);
}
