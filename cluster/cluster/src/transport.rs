//! The shell around the state machines: sockets, TLS, timers, tasks, and the directory of this machine's nodes. Nothing here
//! decides anything.

mod accepting;
mod complaints;
mod connecting;
mod directory;
mod places;
mod running;
mod seats;
mod tls;

use crate::error::{CloseReason, NodeError, system_words};
use crate::frame::Violation;
use crate::handshake::Cookie;
use crate::name::{NodeName, Target};
use crate::node::{Identity, Node};
use crate::nodes;
use crate::remote::Remote;
use crate::session::Millis;
use complaints::Complaints;
pub use directory::Directory;
use directory::Entry;
use places::Supplied;
use ring::rand::{SecureRandom, SystemRandom};
use seats::Seats;
use snow_runtime::Level;
use snow_runtime::router::NodeOptions;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tls::Tls;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

/// Threads for sockets: one can read while another writes.
const THREADS: usize = 2;
/// How long a stopping node waits for its peers to be told.
const GOODBYE_TIME_MAX: Duration = Duration::from_millis(1_500);

/// A started node with its sockets.
pub struct Transport {
    shared: Arc<Shared>,
    runtime: Mutex<Option<Runtime>>,
    entry: Mutex<Option<Entry>>,
}

/// What all tasks share.
struct Shared {
    node: Node,
    tls: Tls,
    directory: Directory,
    supplied: Supplied,
    began: Instant,
    connect_timeout: Duration,
    random: SystemRandom,
    /// Something has become of a connection.
    changed: Notify,
    /// The mesh may have something due earlier.
    scheduled: Notify,
    seats: Seats,
    complaints: Complaints,
    sessions: AtomicUsize,
}

impl Shared {
    fn now(&self) -> Millis {
        self.began.elapsed().as_millis() as Millis
    }

    fn at(&self, millis: Millis) -> tokio::time::Instant {
        let far = Millis::from(u32::MAX);
        tokio::time::Instant::from_std(self.began + Duration::from_millis(millis.min(self.now() + far)))
    }

    fn log(&self, level: Level, text: &str) {
        self.node.remote.host.log(level, text);
    }

    fn nonce(&self) -> [u8; 32] {
        let mut nonce = [0; 32];
        self.random.fill(&mut nonce).expect("the system has random numbers");
        nonce
    }

    /// Something has become of a connection.
    fn notify(&self) {
        self.changed.notify_waiters();
        self.scheduled.notify_one();
    }
}

impl Transport {
    /// `Node.start`: listens, makes itself known on this machine, and begins with the peers of `join:`.
    ///
    /// # Errors
    /// When the name, an address or a number cannot be used, or the name is taken.
    pub fn start(
        remote: Arc<Remote>,
        options: &NodeOptions,
        directory: Directory,
    ) -> Result<Transport, NodeError> {
        let target = Target::parse(&options.name).map_err(|_| NodeError::BadName(options.name.clone()))?;
        let joins = joins(options)?;
        let supplied = Supplied::new(options)?;
        if directory.find(&target.name).is_some() {
            return Err(NodeError::NameTaken(target.name));
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("snow-cluster")
            .enable_all()
            .build()
            .map_err(|error| NodeError::Other(format!("the system gives no threads: {error}")))?;
        let listener = runtime.block_on(listen(&target, &options.listen))?;
        let port = listener.local_addr().map_or(0, |address| address.port());
        let random = SystemRandom::new();
        let identity = identity(options, &target.name, port, creation(&random))?;
        warn_of_short_cookie(&remote, &identity);
        let own = nodes::Node { name: identity.name.clone(), creation: identity.creation };
        let tls = Tls::new(&identity.name, options.tls.as_ref())?;
        let seed = identity.creation;
        let shared = Arc::new(Shared {
            node: Node::new(identity, remote.clone(), seed),
            tls,
            directory,
            supplied,
            began: Instant::now(),
            connect_timeout: Duration::from_millis(options.connect_timeout_ms.max(1) as u64),
            random,
            changed: Notify::new(),
            scheduled: Notify::new(),
            seats: Seats::default(),
            complaints: Complaints::default(),
            sessions: AtomicUsize::new(0),
        });
        let entry = shared.directory.enter(&target.name, port);
        if let Err(error) = &entry {
            let place = shared.directory.place();
            let text = format!("nodes on this machine will not find {}: {place}: {error}", target.name);
            shared.log(Level::Warn, &text);
        }
        remote.set_own(Some(own));
        for join in joins {
            shared.node.mesh().join(join.name, join.port, 0);
        }
        runtime.spawn(accepting::accept_all(shared.clone(), listener));
        runtime.spawn(connecting::follow_schedule(shared.clone()));
        Ok(Transport { shared, runtime: Mutex::new(Some(runtime)), entry: Mutex::new(entry.ok()) })
    }

    /// The node's name.
    pub fn name(&self) -> &NodeName {
        &self.shared.node.identity.name
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.shared.node.identity.port
    }

    /// `Node.connect`. Blocks.
    ///
    /// # Errors
    /// When there is no connection in the end.
    pub fn connect(&self, text: &str) -> Result<NodeName, NodeError> {
        let target = Target::parse(text).map_err(|_| NodeError::BadName(text.to_owned()))?;
        let name = target.name.clone();
        let handle = self.handle().ok_or(NodeError::NotStarted)?;
        handle.block_on(connecting::connect(self.shared.clone(), target)).map(|()| name)
    }

    /// Begins to connect; the remote is told of the outcome.
    pub fn connect_aside(&self, name: NodeName) {
        let Some(handle) = self.handle() else { return self.shared.node.remote.connect_failed(&name) };
        let shared = self.shared.clone();
        handle.spawn(async move {
            let target = Target { name: name.clone(), port: None };
            match connecting::connect(shared.clone(), target).await {
                Ok(()) => shared.node.remote.connected(&name),
                Err(_) => shared.node.remote.connect_failed(&name),
            }
        });
    }

    fn handle(&self) -> Option<tokio::runtime::Handle> {
        let runtime = self.runtime.lock().expect("nobody panics while holding the tasks");
        runtime.as_ref().map(|runtime| runtime.handle().clone())
    }

    /// `Node.ping`, in microseconds. Blocks.
    ///
    /// # Errors
    /// When there is no connection or no answer.
    pub fn ping(&self, text: &str) -> Result<i64, NodeError> {
        let name = self.connect(text)?;
        let lost = || NodeError::Unreachable(name.clone(), "the connection was lost".to_owned());
        let peer = self.shared.node.remote.peer_named(&name).ok_or_else(lost)?;
        let began = Instant::now();
        let answer = peer.ping().recv_timeout(self.shared.connect_timeout);
        answer.map_err(|error| match error {
            std::sync::mpsc::RecvTimeoutError::Timeout => {
                NodeError::Timeout(name.clone(), self.shared.connect_timeout.as_millis() as u64)
            }
            std::sync::mpsc::RecvTimeoutError::Disconnected => lost(),
        })?;
        let micros = began.elapsed().as_micros();
        peer.figures.round_trip_us.store(micros as u64, Ordering::Relaxed);
        Ok(micros as i64)
    }

    /// `Node.disconnect`.
    pub fn disconnect(&self, name: &NodeName) {
        if let Some(peer) = self.shared.node.remote.session_named(name) {
            peer.leave(CloseReason::Disconnected);
        }
    }

    /// `Node.stop`. Blocks until the peers are told, though not for long.
    pub fn stop(&self) {
        let runtime = self.runtime.lock().expect("nobody panics while holding the tasks").take();
        let Some(runtime) = runtime else { return };
        self.entry.lock().expect("nobody panics while holding the entry").take();
        let shared = &self.shared;
        shared.node.mesh().stop();
        for peer in shared.node.remote.sessions() {
            peer.leave(CloseReason::Stopped);
        }
        runtime.block_on(async {
            // A session is among the peers before it is counted, and counted until its socket is closed.
            let is_over =
                || shared.node.remote.sessions().is_empty() && shared.sessions.load(Ordering::SeqCst) == 0;
            let all_over = async {
                while !is_over() {
                    let changed = shared.changed.notified();
                    // A change just before the wait is noticed a little later.
                    let _late = tokio::time::timeout(Duration::from_millis(20), changed).await;
                }
            };
            let _in_time = tokio::time::timeout(GOODBYE_TIME_MAX, all_over).await;
        });
        runtime.shutdown_timeout(Duration::from_millis(100));
        for peer in shared.node.remote.sessions() {
            shared.node.closed(&peer, &CloseReason::Stopped, shared.now());
        }
        shared.node.remote.set_own(None);
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.stop();
    }
}

fn joins(options: &NodeOptions) -> Result<Vec<Target>, NodeError> {
    let parse = |text: &String| Target::parse(text).map_err(|_| NodeError::BadName(text.clone()));
    options.join.iter().map(parse).collect()
}

async fn listen(target: &Target, bind: &str) -> Result<TcpListener, NodeError> {
    let host = if bind.is_empty() { target.name.host() } else { bind };
    let port = target.port.unwrap_or(0);
    TcpListener::bind((host, port)).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => NodeError::PortInUse(format!("{host}:{port}")),
        _ => NodeError::Other(format!(
            "cannot listen at {host}: {}; give an address of this machine behind the @, or with listen:",
            system_words(&error)
        )),
    })
}

fn identity(options: &NodeOptions, name: &NodeName, port: u16, creation: u64) -> Result<Identity, NodeError> {
    let positive = |number: i64, what: &str| match u64::try_from(number) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(NodeError::Other(format!("{what} is {number}; give a number over 0"))),
    };
    if options.cookie.is_empty() {
        return Err(NodeError::Other("the cookie is empty; give a secret of 16 bytes or more".to_owned()));
    }
    Ok(Identity {
        name: name.clone(),
        creation,
        port,
        cookie: Cookie::new(&options.cookie),
        hidden: options.hidden,
        allow_spawn: options.allow_spawn,
        heartbeat_ms: positive(options.heartbeat_ms, "heartbeat_ms")?,
        message_bytes_max: positive(options.message_bytes_max, "max_message")?,
        send_buffer_bytes: usize::try_from(positive(options.send_buffer_bytes, "send_buffer")?)
            .unwrap_or(usize::MAX),
    })
}

fn warn_of_short_cookie(remote: &Remote, identity: &Identity) {
    if identity.cookie.is_short() {
        let text = "the cookie is shorter than 16 bytes and could be guessed; take a longer one";
        remote.host.log(Level::Warn, text);
    }
}

/// Grows from start to start as the clock does, and differs for starts in one millisecond.
fn creation(random: &SystemRandom) -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut low = [0; 8];
    random.fill(&mut low).expect("the system has random numbers");
    (since.as_millis() as u64) << 20 | u64::from_le_bytes(low) >> 44
}

/// What a socket's error says to the user.
fn lost(error: &std::io::Error) -> CloseReason {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => CloseReason::Lost("the peer closed it".to_owned()),
        std::io::ErrorKind::InvalidData if tls::is_distrust(error) => CloseReason::Distrusted,
        std::io::ErrorKind::InvalidData => CloseReason::Misbehaved(Violation::Unexpected("TLS")),
        _ => CloseReason::Lost(system_words(error)),
    }
}
