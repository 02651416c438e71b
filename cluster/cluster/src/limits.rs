//! The bounds of the protocol, each with its reason.

use std::time::Duration;

/// Longest frame before authentication: an offer with two names of [`NAME_BYTES_MAX`] fits.
pub const HANDSHAKE_FRAME_BYTES_MAX: usize = 1024;

/// A connection that is not authenticated by then is closed.
pub const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(5);

/// Handshakes at once on the accepting side.
pub const HANDSHAKES_MAX: usize = 256;

/// Handshakes at once from one address.
pub const HANDSHAKES_PER_ADDRESS_MAX: usize = 32;

/// Longest node name, host and all.
pub const NAME_BYTES_MAX: usize = 255;

/// Longest name of a registered process or an actor.
pub const PROCESS_NAME_BYTES_MAX: usize = 4096;

/// Longest text of an exit reason on the wire; longer ones are cut.
pub const REASON_BYTES_MAX: usize = 16 * 1024;

/// A message over this is cut into fragments of this size.
pub const FRAGMENT_BYTES: usize = 64 * 1024;

/// Longest frame after authentication, so that a peer cannot ask for more: a schema is the longest.
pub const FRAME_BYTES_MAX: usize = snow_term::limits::SCHEMA_BYTES_MAX + 64;

/// Schemas, nodes or names that one connection may introduce.
pub const TABLE_ENTRIES_MAX: usize = 1 << 20;

/// Bytes of all schemas that one connection may introduce.
pub const SCHEMA_BYTES_TOTAL_MAX: usize = 64 << 20;

/// Peers in one list.
pub const PEERS_MAX: usize = 4096;

/// Messages in fragments at once on one connection.
pub const FRAGMENT_STREAMS_MAX: usize = 1024;

/// A value over this goes in fragments with what is said before it in its frame.
pub const SHORT_BYTES_MAX: usize = FRAGMENT_BYTES - 16;

/// Bytes handed to one write at most.
pub const BATCH_BYTES: usize = 512 * 1024;

/// Links and monitors that a peer may hold on this node over one connection.
pub const REMOTE_ENTRIES_MAX: usize = 4 << 20;

/// Entries of the table of nodes: the upper 16 bits of a pid, without the own node.
pub const NODES_MAX: usize = u16::MAX as usize - 1;

/// Bytes of data frames kept together; one write takes one such chunk, so that control frames wait for no more.
pub const CHUNK_BYTES: usize = 256 * 1024;
