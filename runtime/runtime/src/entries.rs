//! The entry table: what compiled code calls, in the order of `abi::entries` and then of `abi::primitives`.

pub(crate) mod control;
pub(crate) mod messages;
pub(crate) mod names;
pub(crate) mod spawning;
pub(crate) mod terms;

use crate::primitives;
use crate::trampolines::{back_edge, now_trampoline, stack_check, wait_trampoline};
use snow_abi::entries::Entry;

/// A trampoline; called by compiled code only.
pub(crate) type Trampoline = unsafe extern "C" fn();

/// Two result registers.
#[repr(C)]
pub(crate) struct Pair(pub u64, pub u64);

now_trampoline!(allocate, control::allocate);
now_trampoline!(fail, control::fail);
now_trampoline!(spawn, spawning::spawn);
wait_trampoline!(send, messages::send);
wait_trampoline!(send_named, messages::send_named);
now_trampoline!(receive_start, messages::receive_start);
wait_trampoline!(receive_next, messages::receive_next);
now_trampoline!(receive_accept, messages::receive_accept);
now_trampoline!(receive_end, messages::receive_end);
wait_trampoline!(spawn_remote, spawning::spawn_remote);
now_trampoline!(where_is, names::where_is);
now_trampoline!(register, names::register);
now_trampoline!(exit_self, control::exit_self);
now_trampoline!(send_after, messages::send_after);
now_trampoline!(self_pid, control::self_pid);
now_trampoline!(term_encode, terms::encode);
now_trampoline!(term_decode, terms::decode);
now_trampoline!(term_hash, terms::hash);
now_trampoline!(set_terminate, control::set_terminate);
now_trampoline!(global_where_is, names::global_where_is);
now_trampoline!(group_members, names::group_members);
wait_trampoline!(group_broadcast, messages::group_broadcast);

/// One `match` over all entries: a new one does not compile until it is here.
const fn entry(entry: Entry) -> Trampoline {
    match entry {
        Entry::StackCheck => stack_check,
        Entry::BackEdge => back_edge,
        Entry::Allocate => allocate,
        Entry::Fail => fail,
        Entry::Spawn => spawn,
        Entry::Send => send,
        Entry::SendNamed => send_named,
        Entry::ReceiveStart => receive_start,
        Entry::ReceiveNext => receive_next,
        Entry::ReceiveAccept => receive_accept,
        Entry::ReceiveEnd => receive_end,
        Entry::SpawnRemote => spawn_remote,
        Entry::WhereIs => where_is,
        Entry::Register => register,
        Entry::ExitSelf => exit_self,
        Entry::SendAfter => send_after,
        Entry::SelfPid => self_pid,
        Entry::TermEncode => term_encode,
        Entry::TermDecode => term_decode,
        Entry::TermHash => term_hash,
        Entry::SetTerminate => set_terminate,
        Entry::GlobalWhereIs => global_where_is,
        Entry::GroupMembers => group_members,
        Entry::GroupBroadcast => group_broadcast,
    }
}

const ENTRIES: [Entry; Entry::COUNT] = [
    Entry::StackCheck,
    Entry::BackEdge,
    Entry::Allocate,
    Entry::Fail,
    Entry::Spawn,
    Entry::Send,
    Entry::SendNamed,
    Entry::ReceiveStart,
    Entry::ReceiveNext,
    Entry::ReceiveAccept,
    Entry::ReceiveEnd,
    Entry::SpawnRemote,
    Entry::WhereIs,
    Entry::Register,
    Entry::ExitSelf,
    Entry::SendAfter,
    Entry::SelfPid,
    Entry::TermEncode,
    Entry::TermDecode,
    Entry::TermHash,
    Entry::SetTerminate,
    Entry::GlobalWhereIs,
    Entry::GroupMembers,
    Entry::GroupBroadcast,
];

const COUNT: usize = Entry::COUNT + primitives::COUNT;

/// The table that `abi::context::ENTRIES` points to.
pub(crate) static TABLE: [Trampoline; COUNT] = {
    let mut table: [Trampoline; COUNT] = [stack_check; COUNT];
    let mut i = 0;
    while i < Entry::COUNT {
        assert!(ENTRIES[i] as usize == i);
        table[i] = entry(ENTRIES[i]);
        i += 1;
    }
    let mut p = 0;
    while p < primitives::COUNT {
        table[Entry::COUNT + p] = primitives::TRAMPOLINES[p];
        p += 1;
    }
    table
};
