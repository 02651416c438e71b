//! A stand-in for the runtime: processes that only remember what has come.

use snow_abi::descriptor::{Descriptor, DescriptorId};
use snow_abi::layout::{fixed_layouts, small};
use snow_abi::program::Export;
use snow_cluster::Cluster;
use snow_cluster::host::Host;
use snow_cluster::transport::Directory;
use snow_heap::{Built, Fragment, FragmentBuilder, Layouts};
use snow_process::{ExitReason, MonitorRef, NodeIndex, Notice, Pid, Signal, answer_for_dead};
use snow_runtime::Level;
use snow_runtime::global::{Answer, BroadcastOutcome, Global};
use snow_runtime::router::{
    Distribution, NodeFailure, NodeOptions, SendOutcome, SpawnExport, SpawnOutcome, SpawnRequest,
};
use snow_term::types::Types;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
use std::time::{Duration, Instant};

const INT: DescriptorId = DescriptorId(0);
const TEXT: DescriptorId = DescriptorId(1);
/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// An export that all nodes have.
pub const COUNTER: u32 = 0;
/// An export that takes an Int on node a and a String elsewhere.
pub const DIFFERS: u32 = 1;
/// An export of node a alone.
pub const ONLY_HERE: u32 = 2;

/// What a process has seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    Int(i64),
    Up(String),
    Down(String, String),
    Watched(u64),
    Ended(u64, ExitReason),
    Other(String),
}

#[derive(Default)]
struct State {
    processes: HashMap<u64, DescriptorId>,
    seen: HashMap<u64, Vec<Seen>>,
    names: HashMap<String, u64>,
    log: Vec<String>,
    resumed: HashSet<u64>,
    resume_count: usize,
    spawned: HashMap<u64, Pid>,
    started_with: Vec<i64>,
    lost: usize,
    is_closed: bool,
    answers: HashMap<u64, Vec<Answer>>,
    moment: u64,
}

pub struct Home {
    cluster: Cluster,
    layouts: Arc<Layouts>,
    state: Arc<(Mutex<State>, Condvar)>,
    name: Mutex<String>,
    directory: PathBuf,
}

struct Processes {
    layouts: Arc<Layouts>,
    state: Arc<(Mutex<State>, Condvar)>,
    home: Weak<Home>,
}

pub fn cookie() -> &'static str {
    "a cookie for the tests of nodes"
}

pub fn options(name: &str) -> NodeOptions {
    NodeOptions {
        name: format!("{name}@127.0.0.1"),
        cookie: cookie().to_owned(),
        hidden: false,
        allow_spawn: true,
        heartbeat_ms: 60_000,
        connect_timeout_ms: 5_000,
        message_bytes_max: 1 << 20,
        send_buffer_bytes: 10_000,
        join: vec![],
        listen: String::new(),
        tls: None,
        addresses: vec![],
        hosts: vec![],
    }
}

fn exports(is_a: bool) -> Vec<Export> {
    let export = |name: &str, ty| Export {
        name: name.to_owned(),
        code: 0,
        layout: small(2, if ty == TEXT { 0b10 } else { 0 }),
        arguments: vec![ty],
        mailbox: INT,
        signals: 0,
    };
    let mut all = vec![export("counter", INT), export("differs", if is_a { INT } else { TEXT })];
    if is_a {
        all.push(export("only_a", INT));
    }
    all
}

impl Home {
    /// A runtime with a directory of its own.
    pub fn new() -> Arc<Home> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("snow-nodes-{}-{number}", std::process::id()));
        Home::at(directory)
    }

    /// Another runtime with the same directory.
    pub fn beside(other: &Home) -> Arc<Home> {
        Home::at(other.directory.clone())
    }

    fn at(directory: PathBuf) -> Arc<Home> {
        let descriptors = vec![Descriptor::Int, Descriptor::String];
        let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
        Arc::new(Home {
            cluster: Cluster::new(Directory::at(directory.clone())),
            layouts,
            state: Arc::default(),
            name: Mutex::default(),
            directory,
        })
    }

    fn serve(self: &Arc<Self>, is_a: bool) {
        let descriptors = vec![Descriptor::Int, Descriptor::String];
        let types = Types::new(descriptors, vec![], self.layouts.clone());
        let processes = Processes {
            layouts: self.layouts.clone(),
            state: self.state.clone(),
            home: Arc::downgrade(self),
        };
        self.cluster.serve(Box::new(processes), types, exports(is_a));
    }

    pub fn started(name: &str) -> Arc<Home> {
        let home = Home::new();
        home.start(&options(name));
        home
    }

    pub fn start(self: &Arc<Self>, options: &NodeOptions) {
        self.try_start(options).unwrap();
    }

    pub fn try_start(self: &Arc<Self>, options: &NodeOptions) -> Result<(), NodeFailure> {
        self.serve(options.name.starts_with("a@"));
        self.cluster.start(options.clone())?;
        *self.name.lock().unwrap() = self.cluster.own_name();
        Ok(())
    }

    pub fn stop(&self) {
        self.cluster.stop();
    }

    pub fn name(&self) -> String {
        self.name.lock().unwrap().clone()
    }

    pub fn port(&self) -> u16 {
        self.cluster.transport().unwrap().port()
    }

    pub fn address(&self) -> String {
        format!("{}:{}", self.name(), self.port())
    }

    pub fn free_port() -> u16 {
        std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    pub fn connect(self: &Arc<Self>, address: &str) -> Result<(), NodeFailure> {
        self.serve(false);
        self.cluster.connect(address)
    }

    pub fn ping(&self, name: &str) -> Result<i64, NodeFailure> {
        self.cluster.ping(name)
    }

    pub fn disconnect(&self, name: &str) {
        self.cluster.disconnect(name);
    }

    pub fn peers(&self) -> Vec<String> {
        self.cluster.peers()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.0.lock().unwrap()
    }

    fn wait_until<T>(&self, what: &str, mut ready: impl FnMut(&mut State) -> Option<T>) -> T {
        let mut state = self.state();
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(result) = ready(&mut state) {
                return result;
            }
            state = self.state.1.wait_timeout(state, Duration::from_millis(10)).unwrap().0;
        }
        drop(state);
        self.did_not_come(what)
    }

    fn did_not_come(&self, what: &str) -> ! {
        let state = self.state();
        let text = format!("{what} did not come; seen {:?}, logged {:?}", state.seen, state.log);
        drop(state);
        panic!("{}: {}", self.name(), text.chars().take(2_000).collect::<String>());
    }

    /// Waits for what the cluster says of itself, which it may only be asked without the lock: it delivers under its own.
    fn wait_until_told(&self, what: &str, ready: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if ready() {
                return;
            }
            drop(self.state.1.wait_timeout(self.state(), Duration::from_millis(10)));
        }
        self.did_not_come(what);
    }

    pub fn wait_for_peers(&self, names: &[&str]) {
        let wanted: Vec<_> = names.iter().map(|name| format!("{name}@127.0.0.1")).collect();
        self.wait_until_told("the peers", || self.peers() == wanted);
    }

    /// A process that takes Ints.
    pub fn process(&self, slot: u32) -> u64 {
        self.state().processes.entry(slot.into()).or_insert(INT);
        slot.into()
    }

    /// A process that takes Strings.
    pub fn process_of_text(&self, slot: u32) -> u64 {
        self.state().processes.insert(slot.into(), TEXT);
        slot.into()
    }

    pub fn register(&self, name: &str, pid: u64) {
        self.state().names.insert(name.to_owned(), pid);
    }

    pub fn watch(&self, watcher: u64, node: &str) {
        self.cluster.monitor_node(Pid(watcher), node, MonitorRef(watcher));
    }

    pub fn bound_entries(&self, entries_max: usize) {
        self.cluster.remote().bound_entries(entries_max);
    }

    /// What this node calls a process of a connected one.
    pub fn pid_of(&self, other: &Home, process: u64) -> Pid {
        let name = snow_cluster::name::NodeName::new(&other.name()).unwrap();
        Pid::on_node(self.cluster.remote().peer_named(&name).unwrap().index, process)
    }

    pub fn send(&self, from: u64, to: Pid, number: i64) {
        let message = Fragment::int(number);
        loop {
            let value = message.value(&self.layouts);
            match self.cluster.send(Pid(from), to, value, INT, true) {
                SendOutcome::Sent => return,
                SendOutcome::Suspend => self.wait_until("room", |state| state.resumed.take(&from)),
                SendOutcome::FunctionInside(path) => panic!("{path}"),
            };
        }
    }

    pub fn send_named(&self, from: u64, node: &str, name: &str, number: i64) {
        let message = Fragment::int(number);
        let outcome = self.cluster.send_named(Pid(from), node, name, message.value(&self.layouts), INT);
        assert_eq!(outcome, SendOutcome::Sent);
    }

    pub fn signal(&self, to: Pid, signal: Signal) {
        self.cluster.signal(to, signal);
    }

    /// Spawns with the argument 41.
    pub fn spawn(&self, from: u64, node: &str, export: u32, watched: bool) -> Option<Pid> {
        let mut builder = FragmentBuilder::new(&self.layouts);
        let closure = builder.object(small(2, 0), 0);
        builder.set(closure, 1, Built::int(41));
        let closure = builder.finish(closure);
        let request = SpawnRequest {
            from: Pid(from),
            node,
            export,
            closure: closure.value(&self.layouts),
            link: false,
            monitor: watched.then_some(MonitorRef(from)),
        };
        match self.cluster.spawn(request) {
            SpawnOutcome::Spawned(pid) => Some(pid),
            SpawnOutcome::Pending => {
                let pid = self.wait_until("the new process", |state| state.spawned.remove(&from));
                Some(pid)
            }
            _ => None,
        }
    }

    pub fn wait_for(&self, process: u64, count: usize) -> Vec<Seen> {
        self.wait_until("what was sent", |state| {
            state.seen.get(&process).filter(|seen| seen.len() >= count).cloned()
        })
    }

    pub fn seen(&self, process: u64) -> Vec<Seen> {
        self.state().seen.get(&process).cloned().unwrap_or_default()
    }

    /// What has been seen, at least one, and forgets it.
    pub fn take(&self, process: u64) -> Vec<Seen> {
        self.wait_until("something", |state| state.seen.remove(&process))
    }

    pub fn logged(&self, text: &str) -> bool {
        self.state().log.iter().any(|line| line.contains(text))
    }

    pub fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// How many lines of the log contain a text.
    pub fn count_logged(&self, text: &str) -> usize {
        self.state().log.iter().filter(|line| line.contains(text)).count()
    }

    pub fn wait_for_log(&self, text: &str) {
        self.wait_until(text, |state| state.log.iter().any(|line| line.contains(text)).then_some(()));
    }

    fn global(&self) -> &dyn Global {
        self.cluster.global().expect("it is served")
    }

    /// `Global.register` by the process itself; waits for the answer.
    pub fn register_global(&self, name: &str, process: u64) -> Answer {
        self.register_other(name, process, Pid(process))
    }

    /// `Global.register` of any process, by one of this node.
    pub fn register_other(&self, name: &str, process: u64, pid: Pid) -> Answer {
        self.global().register((Pid(process), 1), name, pid);
        self.wait_for_answer(process)
    }

    pub fn wait_for_answer(&self, process: u64) -> Answer {
        self.wait_until("an answer", |state| state.answers.get_mut(&process).and_then(Vec::pop))
    }

    pub fn wait_until_name(&self, name: &str) {
        self.wait_until_told("the name", || self.global_names().iter().any(|known| known == name));
    }

    /// How many messages have gone to a connected node.
    pub fn messages_to(&self, other: &Home) -> u64 {
        let name = snow_cluster::name::NodeName::new(&other.name()).unwrap();
        self.cluster.remote().peer_named(&name).unwrap().counts()[0]
    }

    /// Begins a registration that nobody answers yet.
    pub fn begin_to_register(&self, name: &str, process: u64) {
        self.global().register((Pid(process), 1), name, Pid(process));
    }

    pub fn give_up(&self, process: u64) -> bool {
        self.global().give_up((Pid(process), 1))
    }

    pub fn whereis_global(&self, name: &str) -> Option<Pid> {
        self.global().whereis(name, INT)
    }

    pub fn global_names(&self) -> Vec<String> {
        self.global().names()
    }

    pub fn wait_for_names(&self, names: &[&str]) {
        self.wait_until_told("the names", || self.global_names() == names);
    }

    pub fn join(&self, group: &str, process: u64) {
        self.global().join(group, Pid(process));
    }

    pub fn monitor_group(&self, process: u64, group: &str) {
        self.global().monitor(Pid(process), group, MonitorRef(process));
    }

    pub fn members(&self, group: &str) -> Vec<Pid> {
        self.global().members(group, INT, false)
    }

    pub fn wait_for_members(&self, group: &str, count: usize) {
        self.wait_until_told("the members", || self.members(group).len() == count);
    }

    /// `Group.broadcast`; the members of this node.
    pub fn broadcast(&self, from: u64, group: &str, number: i64) -> Vec<Pid> {
        let message = Fragment::int(number);
        loop {
            match self.global().broadcast(Pid(from), group, message.value(&self.layouts), INT) {
                BroadcastOutcome::Sent(members) => return members,
                BroadcastOutcome::Suspend => {
                    self.wait_until("room", |state| state.resumed.take(&from));
                }
                BroadcastOutcome::FunctionInside(path) => panic!("{path}"),
            }
        }
    }

    /// The process ends.
    pub fn end(&self, process: u64) {
        self.state().processes.remove(&process);
        self.global().process_ended(Pid(process));
    }

    pub fn resumed(&self) -> usize {
        self.state().resume_count
    }

    pub fn started_with(&self) -> Vec<i64> {
        self.state().started_with.clone()
    }

    pub fn lost(&self) -> usize {
        self.state().lost
    }

    pub fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    /// The figures of what was rejected.
    pub fn rejected(&self) -> Vec<(String, i64)> {
        let figures = self.cluster.stats().into_iter().flat_map(|(_, figures)| figures);
        let mut rejected: Vec<_> = figures.filter(|(name, _)| name.starts_with("rejected")).collect();
        rejected.sort();
        rejected
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.cluster.stop();
        let _never_made = std::fs::remove_dir_all(&self.directory);
    }
}

impl Processes {
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state.0.lock().unwrap());
        self.state.1.notify_all();
        result
    }

    fn seen(&self, signal: &Signal) -> Seen {
        match signal {
            Signal::Message(fragment) => Seen::Int(fragment.value(&self.layouts).int()),
            Signal::Monitor { reference, .. } => Seen::Watched(reference.0),
            Signal::Down { reference, reason, .. } => Seen::Ended(reference.0, reason.clone()),
            Signal::Notice(Notice::NodeUp { name }) => Seen::Up(name.to_string()),
            Signal::Notice(Notice::NodeDown { name, reason }) => {
                Seen::Down(name.to_string(), reason.to_string())
            }
            other => Seen::Other(format!("{other:?}")),
        }
    }
}

impl Host for Processes {
    fn deliver(&self, to: Pid, signal: Signal) -> bool {
        if self.is_alive(to) {
            let seen = self.seen(&signal);
            self.change(|state| state.seen.entry(to.0).or_default().push(seen));
            return true;
        }
        if let (Some((back, answer)), Some(home)) =
            (answer_for_dead(to, &signal, ExitReason::NoProcess), self.home.upgrade())
        {
            home.cluster.signal(back, answer);
        }
        false
    }

    fn mailbox_type(&self, pid: Pid) -> Option<DescriptorId> {
        self.change(|state| state.processes.get(&pid.0).copied())
    }

    fn is_alive(&self, pid: Pid) -> bool {
        self.change(|state| state.processes.contains_key(&pid.0))
    }

    fn whereis(&self, name: &str) -> Option<Pid> {
        self.change(|state| state.names.get(name).copied().map(Pid))
    }

    fn spawn_export(&self, spawn: SpawnExport) -> Option<Pid> {
        let argument = spawn.closure.value(&self.layouts).field(1)?.int();
        self.change(|state| {
            state.started_with.push(argument);
            let pid = 1_000 + state.started_with.len() as u64;
            state.processes.insert(pid, INT);
            Some(Pid(pid))
        })
    }

    fn export_code(&self, export: u32) -> Option<i64> {
        Some(export.into())
    }

    fn resume(&self, pid: Pid) {
        self.change(|state| {
            state.resumed.insert(pid.0);
            state.resume_count += 1;
        });
    }

    fn answer_spawn(&self, from: Pid, spawned: Pid) {
        self.change(|state| state.spawned.insert(from.0, spawned));
    }

    fn lost_node(&self, _node: NodeIndex) {
        self.change(|state| state.lost += 1);
    }

    fn keep(&self, pid: Pid) -> Option<DescriptorId> {
        self.mailbox_type(pid)
    }

    fn fits(&self, narrow: DescriptorId, wide: DescriptorId) -> bool {
        narrow == wide
    }

    fn answer_global(&self, (pid, _): (Pid, u64), answer: Answer) {
        self.change(|state| state.answers.entry(pid.0).or_default().push(answer));
    }

    fn now_us(&self) -> u64 {
        self.change(|state| {
            state.moment += 1;
            state.moment
        })
    }

    fn log(&self, _level: Level, text: &str) {
        self.change(|state| state.log.push(text.to_owned()));
    }

    fn distribution_closed(&self) {
        self.change(|state| state.is_closed = true);
    }
}
