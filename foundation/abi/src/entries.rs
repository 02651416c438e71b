//! The runtime entries that are not primitives: what compiled code calls for itself.
//!
//! The entry table holds these first, in this order, and then every primitive in table order:
//! the index of primitive `p` is `Entry::COUNT + p as usize`.

/// A runtime entry. Arguments are given after the context; `r` is a reference word, `i` an integer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Entry {
    /// Called by the stub in front of a function: frame size in r11d; keeps every argument register
    /// (rdi rsi rdx rcx r8 r9, rax, r10, xmm0-7). Grows the stack or yields, then returns to the stub.
    StackCheck,
    /// Called at loop back edges when the limit is poisoned: `CallConv::PreserveAll`, no arguments, no results.
    /// The process may yield; it is not collected here.
    BackEdge,
    /// `(bytes: i) -> address`: makes `bytes` (header included) available and bumps `HEAP_NEXT` past them. May collect.
    Allocate,
    /// `(kind: i, a: word, b: word) -> never`: the process crashes; see `failure`. The location is that of the return address.
    Fail,
    /// `(closure: r, signals: i, options: i) -> pid`: new process that runs `closure` (no arguments). `signals` is the mask of
    /// [`signal_bit`]s its code receives. Options: 0, [`SPAWN_LINK`], [`SPAWN_MONITOR`]. With `SPAWN_MONITOR` the second result is the reference. May collect.
    Spawn,
    /// `(pid: i, message: word, descriptor: i)`: `descriptor` is the message's type. Suspends while the peer's buffer is full.
    /// Fails with `FunctionInMessage` when the target is remote and the value holds a function.
    Send,
    /// `(name: r, node: r, message: word, descriptor: i)`: to a registered name on a node, `send({name, node}, m)`.
    SendNamed,
    /// `(timeout_ms: i)`: begins a receive with a timeout; without one (`-1`) it may be left out, since the end of a receive lets the next
    /// start again at the oldest message.
    ReceiveStart,
    /// `(signals: i) -> (kind: i, word)`: the next message not yet looked at by this receive; suspends until there is one.
    /// Kinds: [`RECEIVED_TIMEOUT`], [`RECEIVED_MESSAGE`] (the word is the message, in its own class, adopted into the heap),
    /// [`RECEIVED_SIGNAL`] (the word is a reference: a tag object such as `{:down, ref, pid, reason}`). Signals whose bit is not in
    /// `signals` stay when the process's own mask has them and are dropped when it has not. May collect.
    /// The upper half of `signals` tells which messages the receive may take, by [`wanted_bit`]; 0: any. Others may be left out.
    ReceiveNext,
    /// `()`: the message that `ReceiveNext` gave last is taken out of the mailbox; the receive is over.
    ReceiveAccept,
    /// `() `: after a timeout: the receive is over.
    ReceiveEnd,
    /// `(node: r, export: i, closure: r, options: i) -> pid`: `Node.spawn` of a `pub actor`; `export` is its index in the program's
    /// exports, the closure's captured words are the arguments. Options as for `Spawn`.
    SpawnRemote,
    /// `(name: r, descriptor: i) -> Option<Pid>` as a reference word: local `whereis`, `descriptor` is the wanted mailbox type.
    WhereIs,
    /// `(name: r, pid: i, descriptor: i) -> i`: registers a local name; the mailbox type goes with the pid. 1 = done, 0 = taken.
    Register,
    /// `(reason: r) -> never`: `Process.exit(reason)` of the running process; the reason is an exit-reason tag.
    ExitSelf,
    /// `(ms: i, pid: i, message: word, descriptor: i, every: i) -> timer: i`: `Timer.send_after` / `send_every`.
    SendAfter,
    /// `(pid: i) -> i`: this process's pid is written to the first result.
    SelfPid,
    /// `(value: word, descriptor: i) -> r`: `Term.encode`, gives Bytes.
    TermEncode,
    /// `(bytes: r, descriptor: i) -> r`: `Term.decode`, gives `Result<T, String>`.
    TermDecode,
    /// `(value: word, descriptor: i) -> i`: hash that is the same on every node.
    TermHash,
    /// `(closure: r)`: what this process runs when it ends, in place of what it was given before: the `terminate` part of an actor.
    /// Everything but `:kill` lets it run.
    SetTerminate,
    /// `(name: r, descriptor: i) -> Option<Pid>` as a reference word: `whereis` of the whole mesh, as `WhereIs`.
    GlobalWhereIs,
    /// `(group: r, local: i, descriptor: i) -> List<Pid>`: the members of a group to which messages of that type may be sent.
    GroupMembers,
    /// `(group: r, message: word, descriptor: i)`: to all members of a group. Suspends while a peer's buffer is full.
    GroupBroadcast,
}

impl Entry {
    /// How many there are.
    pub const COUNT: usize = Entry::GroupBroadcast as usize + 1;
}

/// Bits of a signal mask.
pub mod signal_bit {
    /// `{:down, ref, pid, reason}`
    pub const DOWN: i64 = 1;
    /// `{:exit, pid, reason}`
    pub const EXIT: i64 = 2;
    /// `{:nodeup, name}`
    pub const NODEUP: i64 = 4;
    /// `{:nodedown, name, reason}`
    pub const NODEDOWN: i64 = 8;
    /// `{:global_conflict, name, winner}`
    pub const GLOBAL_CONFLICT: i64 = 16;
    /// `{:group_join, group, pid}`
    pub const GROUP_JOIN: i64 = 32;
    /// `{:group_leave, group, pid}`
    pub const GROUP_LEAVE: i64 = 64;
}

/// The signals of a mask that `ReceiveNext` gets.
pub const SIGNALS: i64 = 0xFFFF_FFFF;

/// The bit of a mask for messages with a tag: several tags share one.
pub const fn wanted_bit(tag: u32) -> i64 {
    1 << (32 + (tag & 31))
}

/// `Spawn` option: linked from the first instruction on.
pub const SPAWN_LINK: i64 = 1;
/// `Spawn` option: monitored from the first instruction on.
pub const SPAWN_MONITOR: i64 = 2;
/// `ReceiveNext` kind.
pub const RECEIVED_TIMEOUT: i64 = 0;
/// `ReceiveNext` kind.
pub const RECEIVED_MESSAGE: i64 = 1;
/// `ReceiveNext` kind.
pub const RECEIVED_SIGNAL: i64 = 2;
