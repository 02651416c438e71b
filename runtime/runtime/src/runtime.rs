//! One running node: its parts, its start and its end. Nothing here is a `static`; one OS process may hold several.

use crate::clock::Clock;
use crate::crashes::{Crash, Crashes};
use crate::ending;
use crate::inbox::Push;
use crate::load::{Image, LoadError};
use crate::log::{Levels, Line, Log};
use crate::mail::{Item, Mail};
use crate::memory::NodeMemory;
use crate::pool::Pool;
use crate::primitives::{HashKey, NO_NODE, Regexes, Stream};
use crate::process::Process;
use crate::registry::Registry;
use crate::report::{Level, LogSink, stderr_sink};
use crate::router::Distribution;
use crate::scheduler::idle::Sleepers;
use crate::scheduler::monitor::Monitor;
use crate::scheduler::worker::{Runnable, Worker};
use crate::shutdown::Shutdown;
use crate::stock::Depot;
use crate::sync::{Mutex, lock};
use crate::table::ProcessTable;
use crate::temporaries::{self, Temporaries};
use crate::timers::{Action, Timers};
use crossbeam_deque::{Injector, Stealer, Worker as Deque};
use snow_abi::program::Program;
use snow_process::{ExitReason, NodeIndex, Pid, Signal};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex as PlainMutex};
use std::thread::JoinHandle;

/// Exit status after a crash of `main`.
pub const STATUS_MAIN_CRASHED: i32 = 70;
/// Levels as they are written in settings.
const LEVEL_NAMES: &str = "trace, debug, info, warn, error, none";
/// How far a stack may grow unless configured.
const STACK_BYTES_MAX: usize = 512 << 20;

/// Ways to run that find errors of compiler and runtime.
#[derive(Clone, Copy, Default, Debug)]
pub struct Stress {
    /// Collect at every allocation and overwrite what is left behind.
    pub heap: bool,
    /// Move the stack at every check.
    pub stack: bool,
}

impl Stress {
    /// Reads a list such as `gc,stack`: the value of `SNOW_STRESS`.
    pub fn parse(list: &str) -> Stress {
        let has = |name| list.split(',').any(|word| word.trim() == name);
        Stress { heap: has("gc"), stack: has("stack") }
    }
}

/// What a program is run for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Mode {
    /// For what it does: crashes are logged, and the end of `main` lets other processes come to theirs.
    #[default]
    Program,
    /// As a test: crashes are kept, and the end of `main` is that of all processes.
    Test,
}

/// How to run a program.
pub struct Config {
    /// What for.
    pub mode: Mode,
    /// Number of scheduler threads.
    pub schedulers: usize,
    /// Largest stack of a process, in bytes.
    pub stack_bytes_max: usize,
    /// What the whole node may hold, in bytes; nine tenths of the machine's memory unless given.
    pub memory_bytes_max: Option<u64>,
    /// Stress modes.
    pub stress: Stress,
    /// What `Env.args` gives.
    pub arguments: Vec<String>,
    /// Where log lines go at first.
    pub log: LogSink,
    /// From which level on lines are written at first, as in `warn,Shop.Orders=debug`.
    pub log_levels: String,
    /// Whether lines are JSON at first.
    pub log_json: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            mode: Mode::Program,
            schedulers: std::thread::available_parallelism().map_or(1, usize::from),
            stack_bytes_max: STACK_BYTES_MAX,
            memory_bytes_max: None,
            stress: Stress::default(),
            arguments: Vec::new(),
            log: stderr_sink(),
            log_levels: String::new(),
            log_json: false,
        }
    }
}

/// One running node.
pub struct Runtime {
    pub(crate) config: Config,
    pub(crate) image: Image,
    pub(crate) table: ProcessTable,
    pub(crate) depot: Arc<Depot>,
    pub(crate) shared_queue: Injector<Runnable>,
    pub(crate) stealers: Vec<Stealer<Runnable>>,
    pub(crate) sleepers: Sleepers,
    pub(crate) monitor: Monitor,
    pub(crate) timers: Timers,
    pub(crate) registry: Registry,
    pub(crate) shutdown: Shutdown,
    pub(crate) memory: NodeMemory,
    pub(crate) pool: Pool,
    pub(crate) temporaries: Arc<Temporaries>,
    pub(crate) log: Arc<Log>,
    /// Jobs of the pool under way.
    jobs: AtomicUsize,
    pub(crate) clock: Clock,
    pub(crate) hash_key: HashKey,
    pub(crate) regexes: Arc<Regexes>,
    pub(crate) output: Arc<Stream>,
    pub(crate) distribution: Option<Arc<dyn Distribution>>,
    pub(crate) process_count: AtomicUsize,
    pub(crate) counters: Counters,
    /// Crashes that a test has to answer for.
    pub(crate) crashes: Crashes,
    /// The pid of `main`.
    pub(crate) main: AtomicU64,
    main_is_over: AtomicBool,
    /// Whether nothing else had ended the program when `main` was over.
    main_came_first: AtomicBool,
    references: AtomicU64,
    /// Which local processes have links or monitors with a node.
    interest: Mutex<HashMap<NodeIndex, HashSet<Pid>>>,
    stopped: AtomicBool,
    status: AtomicI32,
    threads: PlainMutex<Vec<JoinHandle<()>>>,
    ended: PlainMutex<bool>,
    end: Condvar,
}

/// Figures about the whole node.
#[derive(Default)]
pub(crate) struct Counters {
    pub crashes: AtomicU64,
    pub dead_letters: AtomicU64,
}

impl Runtime {
    /// Loads a program and starts its `main`.
    ///
    /// # Errors
    /// When the program is damaged or the system refuses memory.
    pub fn start(
        mut config: Config,
        program: Program,
        distribution: Option<Arc<dyn Distribution>>,
    ) -> Result<Arc<Runtime>, LoadError> {
        config.schedulers = config.schedulers.max(1);
        let (levels, wrong) = Levels::parse(&config.log_levels);
        let log = Log::new(std::mem::replace(&mut config.log, stderr_sink()), levels, config.log_json);
        let workers = config.schedulers;
        let queues: Vec<Deque<Runnable>> = (0..workers).map(|_| Deque::new_fifo()).collect();
        let runtime = Arc::new(Runtime {
            image: Image::load(program)?,
            table: ProcessTable::new(),
            depot: Arc::new(Depot::new(!config.stress.heap && !config.stress.stack)),
            shared_queue: Injector::new(),
            stealers: queues.iter().map(Deque::stealer).collect(),
            sleepers: Sleepers::new(workers),
            monitor: Monitor::new(workers),
            timers: Timers::new(workers),
            registry: Registry::default(),
            shutdown: Shutdown::default(),
            memory: NodeMemory::new(config.memory_bytes_max),
            pool: Pool::new(),
            temporaries: Arc::default(),
            log: Arc::new(log),
            jobs: AtomicUsize::new(0),
            clock: Clock::new(),
            hash_key: HashKey::new(),
            regexes: Arc::default(),
            output: Arc::new(Stream::standard()),
            distribution,
            process_count: AtomicUsize::new(0),
            counters: Counters::default(),
            crashes: Crashes::default(),
            main: AtomicU64::new(0),
            main_is_over: AtomicBool::new(false),
            main_came_first: AtomicBool::new(false),
            references: AtomicU64::new(1 << 20),
            interest: Mutex::new(HashMap::new()),
            stopped: AtomicBool::new(false),
            status: AtomicI32::new(0),
            threads: PlainMutex::new(Vec::new()),
            ended: PlainMutex::new(false),
            end: Condvar::new(),
            config,
        });
        if let Some(distribution) = &runtime.distribution {
            distribution.attach(&runtime);
        }
        for word in wrong {
            let text = format!("{word} is no log level; write one of {LEVEL_NAMES}, or Module=LEVEL");
            runtime.log(Level::Warn, &text);
        }
        runtime.spawn_main();
        runtime.start_threads(queues);
        Ok(runtime)
    }

    fn start_threads(self: &Arc<Self>, queues: Vec<Deque<Runnable>>) {
        let mut threads = self.threads.lock().expect("no holder panics");
        for (index, queue) in queues.into_iter().enumerate() {
            let runtime = Arc::clone(self);
            threads.push(start_thread("snow-scheduler", move || Worker::new(index, runtime, queue).run()));
        }
        let runtime = Arc::clone(self);
        threads.push(start_thread("snow-timers", move || {
            crate::signals::block_on_this_thread();
            runtime.timers.run(&runtime.clock, |action| runtime.fire(action), || runtime.settled());
        }));
        let runtime = Arc::clone(self);
        threads.push(start_thread("snow-monitor", move || {
            crate::signals::block_on_this_thread();
            runtime.monitor.run();
        }));
    }

    /// Waits for the end of the program, ends the threads, and gives the exit status.
    pub fn wait(self: &Arc<Self>) -> i32 {
        let mut ended = self.ended.lock().expect("no holder panics");
        while !*ended {
            ended = self.end.wait(ended).expect("no holder panics");
        }
        drop(ended);
        let threads = std::mem::take(&mut *self.threads.lock().expect("no holder panics"));
        let (helpers, schedulers) = {
            let mut threads = threads;
            (threads.split_off(self.config.schedulers.min(threads.len())), threads)
        };
        self.timers.stop();
        for thread in schedulers {
            thread.join().expect("scheduler threads do not panic");
        }
        // Only now: a process in a loop must be interrupted for its scheduler to see the end.
        self.monitor.stop();
        for thread in helpers {
            thread.join().expect("helper threads do not panic");
        }
        self.temporaries.delete_rest();
        self.output.write_out();
        self.log.write_out();
        self.status.load(Ordering::SeqCst)
    }

    /// Ends the program with an exit status; the first call decides.
    pub fn stop(&self, status: i32) {
        if self.stopped.swap(true, Ordering::SeqCst) {
            return;
        }
        self.status.store(status, Ordering::SeqCst);
        self.sleepers.notify_all();
        *self.ended.lock().expect("no holder panics") = true;
        self.end.notify_all();
    }

    /// Ends the program in order, as SIGTERM asks for: supervisors end, the one started last first, then the main process is told to.
    pub fn shut_down(&self) {
        self.begin_shutdown(0);
    }

    /// The process of `main`, unless it has ended.
    pub(crate) fn running_main(&self) -> Option<Pid> {
        let is_over = self.main_is_over.load(Ordering::SeqCst);
        (!is_over).then(|| Pid(self.main.load(Ordering::SeqCst)))
    }

    /// Lets the pool write out what processes have printed: nobody has anything else to do.
    pub(crate) fn write_output_aside(&self) {
        if self.output.is_waiting() {
            let output = Arc::clone(&self.output);
            self.pool.run(move || output.write_out());
        }
    }

    /// Lets the pool delete the temporary files of a process that has ended.
    pub(crate) fn delete_temporaries_of(self: &Arc<Self>, owner: Pid) {
        let paths = self.temporaries.take(owner);
        if !paths.is_empty() {
            let runtime = Arc::downgrade(self);
            self.job_started();
            self.pool.run(move || {
                paths.iter().for_each(|path| temporaries::delete(path));
                if let Some(runtime) = runtime.upgrade() {
                    runtime.job_done();
                }
            });
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// The main process is over: a crash ends the program, anything else lets the others come to their end.
    pub(crate) fn main_ended(&self, reason: &ExitReason) {
        self.main_came_first.store(!self.is_stopped(), Ordering::SeqCst);
        self.main_is_over.store(true, Ordering::SeqCst);
        if self.shutdown.status().is_some() {
            return self.main_ended_in_shutdown(Pid(self.main.load(Ordering::SeqCst)));
        }
        match reason {
            _ if self.config.mode == Mode::Test => {
                self.stop(if *reason == ExitReason::Normal { 0 } else { STATUS_MAIN_CRASHED })
            }
            ExitReason::Normal => {}
            ExitReason::Shutdown => self.begin_shutdown(0),
            _ => self.begin_shutdown(STATUS_MAIN_CRASHED),
        }
    }

    /// Whether `main` has come to its end before anything else ended the program.
    pub fn main_came_first(&self) -> bool {
        self.main_came_first.load(Ordering::SeqCst)
    }

    /// The crashes of a test that it did not expect.
    pub fn unexpected_crashes(&self) -> Vec<Crash> {
        self.crashes.unexpected()
    }

    pub(crate) fn job_started(&self) {
        self.jobs.fetch_add(1, Ordering::SeqCst);
    }

    /// A job is done, its answer pushed.
    pub(crate) fn job_done(&self) {
        if self.jobs.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.settled();
        }
    }

    /// Something that could have woken a process has come to its end. All workers may have gone to sleep before it said so: one looks again
    /// whether that was the last.
    pub(crate) fn settled(&self) {
        if self.main_is_over.load(Ordering::SeqCst) {
            self.sleepers.notify();
        }
    }

    /// All workers are idle: ends the program when nothing can wake them.
    pub(crate) fn end_if_nothing_can_run(&self) {
        let nothing_can_run = self.main_is_over.load(Ordering::SeqCst)
            && !self.distribution.as_ref().is_some_and(|distribution| distribution.is_open())
            && self.sleepers.all_asleep(|| {
                // In this order: what has counted itself as done has pushed its work before.
                self.timers.pending() == 0
                    && self.jobs.load(Ordering::SeqCst) == 0
                    && self.shared_queue.is_empty()
            });
        if !nothing_can_run {
            return;
        }
        // Who is still waited for then never ends.
        match self.shutdown.status() {
            Some(status) => self.stop(status),
            None => self.begin_shutdown(0),
        }
    }

    /// A log line of the runtime itself.
    pub fn log(&self, level: Level, text: &str) {
        if self.log.is_on(level, "") {
            self.log_line(Line { level, text: text.to_owned(), ..Line::default() });
        }
    }

    /// Puts a line on its way; adds what the node knows about it.
    pub(crate) fn log_line(&self, mut line: Line) {
        line.time_ns = self.clock.system_ns();
        let name = self.distribution.as_ref().map(|distribution| distribution.own_name());
        line.node = name.filter(|name| name != NO_NODE).unwrap_or_default();
        if self.log.add(&line) {
            let log = Arc::clone(&self.log);
            self.pool.run(move || log.write_out());
        }
    }

    /// Pushes mail into the inbox of a local process. With `Push::Wake` the caller puts the process into a queue.
    #[inline]
    pub(crate) fn push(&self, to: Pid, mail: Mail) -> (Push, *mut Process) {
        let Some(process) = self.table.slot(to.slot()) else {
            return (Push::Dead(mail), std::ptr::null_mut());
        };
        // SAFETY: slots are never unmapped; inbox and generation are atomic.
        let (inbox, generation) = unsafe { (&(*process).inbox, &(*process).generation) };
        let seen = inbox.current();
        if generation.load(Ordering::Relaxed) != to.generation() {
            return (Push::Dead(mail), process);
        }
        (inbox.push(seen, mail), process)
    }

    /// Pushes from a thread that is no worker.
    pub(crate) fn push_outside(&self, to: Pid, mail: Mail) -> Option<Mail> {
        match self.push(to, mail) {
            (Push::Queued, _) => None,
            (Push::Wake, process) => {
                self.shared_queue.push(Runnable(process));
                self.sleepers.notify();
                None
            }
            (Push::Dead(mail), _) => Some(mail),
        }
    }

    /// Sends a signal to another node; without a distribution no other node can be reached.
    pub(crate) fn send_remote(&self, to: Pid, signal: Signal) -> Option<(Pid, Signal)> {
        match &self.distribution {
            Some(distribution) => {
                distribution.signal(to, signal);
                None
            }
            None => snow_process::answer_for_dead(to, &signal, ExitReason::NoConnection),
        }
    }

    /// Does what a timer was set for. Gives the action back when it repeats.
    fn fire(&self, action: Action) -> Option<Action> {
        match action {
            Action::Wake { pid, token } => {
                drop(self.push_outside(pid, Mail::parcel(Item::Timeout { token })));
                None
            }
            Action::Send { from, to, mut message, descriptor, every_ms } => {
                let again = every_ms.map(|_| message.duplicate(&self.image.layouts));
                let reached = if to.is_local() {
                    self.push_outside(to, Mail::message(message)).is_none()
                } else if let Some(distribution) = &self.distribution {
                    distribution.send(from, to, message.value(&self.image.layouts), descriptor, false);
                    true
                } else {
                    false
                };
                // A repeating timer ends with its receiver.
                let message = again.filter(|_| reached)?;
                Some(Action::Send { from, to, message, descriptor, every_ms })
            }
        }
    }

    /// Starts `count` references that nobody else uses.
    pub(crate) fn take_references(&self, count: u64) -> u64 {
        self.references.fetch_add(count, Ordering::Relaxed)
    }

    /// A process has a link or monitor with a process of another node.
    pub(crate) fn note_interest(&self, node: NodeIndex, pid: Pid) {
        lock(&self.interest).entry(node).or_default().insert(pid);
        if let Some(process) = self.table.slot(pid.slot()) {
            // SAFETY: slots are never unmapped and figures are atomic.
            unsafe { (*process).figures.named.store(1, Ordering::SeqCst) };
        }
    }

    pub(crate) fn forget_interest(&self, pid: Pid) {
        lock(&self.interest).retain(|_, pids| {
            pids.remove(&pid);
            !pids.is_empty()
        });
    }

    pub(crate) fn take_interest(&self, node: NodeIndex) -> HashSet<Pid> {
        lock(&self.interest).remove(&node).unwrap_or_default()
    }

    /// Sends a signal from a thread that is no worker, and the answers that follow from it. `false`: there was no receiver.
    pub(crate) fn send_outside(&self, to: Pid, signal: Signal) -> bool {
        let first = self.send_step(to, signal);
        let reached = first.is_none();
        let mut next = first.flatten();
        while let Some((to, signal)) = next {
            next = self.send_step(to, signal).flatten();
        }
        reached
    }

    /// `None`: delivered; `Some`: nobody was there, with what to answer.
    fn send_step(&self, to: Pid, signal: Signal) -> Option<Option<(Pid, Signal)>> {
        if to.is_local() {
            let mail = self.push_outside(to, Mail::parcel(Item::Signal(signal)))?;
            return Some(ending::answer(to, &mail));
        }
        self.send_remote(to, signal).map(Some)
    }
}

fn start_thread(name: &str, body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(body);
    thread.expect("the system gives the threads that a runtime begins with")
}
