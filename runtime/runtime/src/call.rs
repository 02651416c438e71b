//! The running process as a primitive sees it.
//!
//! Bodies of primitives are methods of [`Call`], named as their row. They never see a collection: allocation moves nothing, and what is due
//! is collected after the body has returned, with its result as the only root. So `Value`s and texts stay valid through the whole body,
//! and need no rooting.

use crate::entries::control;
use crate::mail::{Item, Mail};
use crate::memory;
use crate::process::{Process, action};
use crate::reasons;
use crate::roots;
use crate::runtime::Runtime;
use crate::scheduler::worker::Worker;
use crate::timers::Action;
use snow_abi::value::{Class, Header, Word};
use snow_heap::{Layouts, SharedText, Value};
use snow_process::ExitReason;
use std::any::Any;
use std::sync::Arc;

/// Says that the process has crashed; only [`Call::crash`] makes one.
#[derive(Debug)]
pub(crate) struct Crash(());

/// What a body of a `wait` row gives.
#[must_use]
pub(crate) enum Wait<T> {
    /// The result.
    Ready(T),
    /// The process sleeps or yields; the body is called again with the same arguments.
    Suspend,
}

/// What a body that never returns gives.
pub(crate) enum Never {}

/// One call of a primitive.
pub(crate) struct Call<'p> {
    process: *mut Process,
    layouts: &'p Layouts,
    return_at: usize,
}

impl<'p> Call<'p> {
    /// # Safety
    /// The process is stopped in an entry whose return address lies `return_at` bytes above its saved stack pointer, for as long as `'p`.
    pub unsafe fn new(process: *mut Process, return_at: usize) -> Call<'p> {
        // SAFETY: the runtime outlives its processes.
        let layouts = unsafe { &(*(*process).runtime).image.layouts };
        Call { process, layouts, return_at }
    }

    /// The running process.
    pub fn process(&mut self) -> &mut Process {
        // SAFETY: by the contract of `new`; the borrow of `self` makes it the only one.
        unsafe { &mut *self.process }
    }

    /// The node.
    pub fn runtime(&self) -> &'p Runtime {
        // SAFETY: the runtime outlives its processes.
        unsafe { &*(*self.process).runtime }
    }

    /// The scheduler that runs the process.
    pub fn worker(&mut self) -> &mut Worker {
        // SAFETY: the worker runs this process on its own thread.
        unsafe { &mut *(*self.process).worker }
    }

    /// Wraps a word of the process.
    ///
    /// # Safety
    /// The word is a value of that class in the process.
    pub unsafe fn value(&self, word: Word, class: Class) -> Value<'p> {
        // SAFETY: by contract; nothing is collected during the call.
        unsafe { Value::new(word, class, self.layouts) }
    }

    fn made(&self, word: Word) -> Value<'p> {
        // SAFETY: the heap has just made this object.
        unsafe { self.value(word, Class::Ref) }
    }

    /// Ends the process with `{:crash, text}`: `return Err(call.crash(…))`.
    pub fn crash(&mut self, text: &str) -> Crash {
        let return_at = self.return_at;
        // SAFETY: by the contract of `new`.
        unsafe { control::crash(self.process(), return_at, text) };
        Crash(())
    }

    /// Ends the process in order: `return Err(call.end())`.
    pub fn end(&mut self) -> Crash {
        self.process().end_with(ExitReason::Normal);
        Crash(())
    }

    /// Whether the body is called again, after a suspension of its own.
    pub fn is_waiting(&mut self) -> bool {
        self.process().extra.as_ref().is_some_and(|extra| extra.waiting)
    }

    /// A String's text.
    pub fn string(&self, value: Value<'p>) -> &'p str {
        crate::entries::messages::text(value)
    }

    /// An Int, Pid, ProcessId, MonitorRef …
    pub fn int(&self, value: i64) -> Value<'p> {
        // SAFETY: a raw word.
        unsafe { self.value(value as u64, Class::Int) }
    }

    /// A Float.
    pub fn float(&self, value: f64) -> Value<'p> {
        // SAFETY: a raw word.
        unsafe { self.value(value.to_bits(), Class::Float) }
    }

    /// A reference word without an object: a variant without fields, a tag without payload.
    pub fn immediate(&self, value: u32) -> Value<'p> {
        // SAFETY: an immediate.
        unsafe { self.value(value.into(), Class::Ref) }
    }

    /// A String.
    pub fn text(&mut self, text: &str) -> Value<'p> {
        self.bytes(text.as_bytes())
    }

    /// Bytes, or a String whose UTF-8 the caller answers for.
    pub fn bytes(&mut self, bytes: &[u8]) -> Value<'p> {
        let word = self.process().heap.text(bytes);
        self.made(word)
    }

    /// Bytes (or a String) of a given length, written in place by `fill`; zero at first.
    pub fn bytes_filled(&mut self, len: usize, fill: impl FnOnce(&mut [u8])) -> Value<'p> {
        if len > snow_abi::layout::TEXT_INLINE_MAX {
            return self.shared(SharedText::filled(len, fill), 0, len);
        }
        let mut room = [0; snow_abi::layout::TEXT_INLINE_MAX];
        fill(&mut room[..len]);
        self.bytes(&room[..len])
    }

    /// Whether there is room for so many bytes more: to be asked before something is made whose size the program chooses.
    pub fn room_for(&mut self, bytes: usize) -> Result<(), Crash> {
        match memory::refusal(self.process(), bytes) {
            Some(text) => Err(self.crash(&text)),
            None => Ok(()),
        }
    }

    /// A part of a shared buffer as String or Bytes, without a copy when it is long.
    pub fn shared(&mut self, buffer: SharedText, offset: usize, len: usize) -> Value<'p> {
        let word = self.process().heap.shared_text(buffer, offset, len);
        self.made(word)
    }

    /// The bytes `offset .. offset + len` of a text, without a copy where its buffer can be shared.
    pub fn slice(&mut self, whole: Value<'p>, offset: usize, len: usize) -> Value<'p> {
        match whole.shared_text() {
            Some((buffer, start, _)) => self.shared(buffer, start + offset, len),
            None => self.bytes(&whole.text().unwrap_or_default()[offset..offset + len]),
        }
    }

    /// An object with a tag and fields: a variant with fields, a tag with payload, with tag 0 a tuple or struct.
    pub fn object(&mut self, tag: u32, fields: &[Value<'p>]) -> Value<'p> {
        let refs: Vec<bool> = fields.iter().map(|field| field.is_reference()).collect();
        let words: Vec<Word> = fields.iter().map(|field| field.word()).collect();
        let layout = self.layouts.fixed(&refs).expect("small bodies and those of all types have a layout");
        debug_assert!(tag <= Header::TAG_MAX);
        let word = self.process().heap.object(layout, tag, &words);
        self.made(word)
    }

    /// A tuple.
    pub fn tuple(&mut self, fields: &[Value<'p>]) -> Value<'p> {
        self.object(0, fields)
    }

    /// An exit reason.
    pub fn reason(&mut self, reason: &ExitReason) -> Value<'p> {
        let word = reasons::reason_value(&mut self.process().heap, reason);
        self.made(word)
    }

    /// `None`
    pub fn none(&self) -> Value<'p> {
        self.immediate(0)
    }

    /// `Some(value)`
    pub fn some(&mut self, value: Value<'p>) -> Value<'p> {
        self.object(1, &[value])
    }

    /// `Ok(value)`
    pub fn ok(&mut self, value: Value<'p>) -> Value<'p> {
        self.object(0, &[value])
    }

    /// `Err(value)`
    pub fn err(&mut self, value: Value<'p>) -> Value<'p> {
        self.object(1, &[value])
    }

    /// `()` as a field.
    pub fn unit(&self) -> Value<'p> {
        self.int(0)
    }

    /// A List of elements of one class. Takes them from the end, so that each cell is made once.
    pub fn list(&mut self, items: impl DoubleEndedIterator<Item = Value<'p>>) -> Value<'p> {
        let nil = self.immediate(0);
        items.rev().fold(nil, |tail, head| self.cell(head, tail))
    }

    /// `head :: tail`
    pub fn cell(&mut self, head: Value<'p>, tail: Value<'p>) -> Value<'p> {
        let layout = self.layouts.fixed(&[head.is_reference(), true]).expect("small bodies have a layout");
        let word = self.process().heap.object(layout, 1, &[head.word(), tail.word()]);
        self.made(word)
    }

    /// A List of Strings.
    pub fn text_list<S: AsRef<str>>(&mut self, items: impl DoubleEndedIterator<Item = S>) -> Value<'p> {
        let mut list = self.immediate(0);
        for item in items.rev() {
            let head = self.text(item.as_ref());
            list = self.cell(head, list);
        }
        list
    }

    /// A List of Ints.
    pub fn int_list(&mut self, items: impl DoubleEndedIterator<Item = i64>) -> Value<'p> {
        let mut list = self.immediate(0);
        for item in items.rev() {
            let head = self.int(item);
            list = self.cell(head, list);
        }
        list
    }

    /// An array of `len` elements of one class.
    pub fn array(
        &mut self,
        of_references: bool,
        len: usize,
        elements: impl Iterator<Item = Value<'p>>,
    ) -> Value<'p> {
        let words = elements.inspect(|e| debug_assert_eq!(e.is_reference(), of_references)).map(Value::word);
        let word = self.process().heap.array_from(of_references, len, words);
        self.made(word)
    }

    /// Writes an element of an array that nobody else has seen; `false` when the index or the class does not fit.
    pub fn write_element(&mut self, array: Value<'p>, index: usize, element: Value<'p>) -> bool {
        let fits = array.element(index).is_some_and(|old| old.is_reference() == element.is_reference());
        let address = array.address().filter(|address| fits && snow_heap::Heap::is_own(*address));
        if let Some(address) = address {
            // SAFETY: the element exists and is not in the image.
            unsafe { *(address as *mut u64).add(2 + index) = element.word() };
            if element.is_reference() {
                self.process().heap.note_overwritten(address, 1 + index);
            }
        }
        address.is_some()
    }

    /// Overwrites a body word of an object of this heap; `false` when the index or the class does not fit, or the object is in the image.
    pub fn write_field(&mut self, object: Value<'p>, index: usize, value: Value<'p>) -> bool {
        let fits = object.field(index).is_some_and(|old| old.is_reference() == value.is_reference());
        let address = object.address().filter(|address| fits && snow_heap::Heap::is_own(*address));
        if let Some(address) = address {
            // SAFETY: the body word exists and is not in the image.
            unsafe { *(address as *mut u64).add(1 + index) = value.word() };
            if value.is_reference() {
                self.process().heap.note_overwritten(address, index);
            }
        }
        address.is_some()
    }

    /// Lets the process run again later.
    pub fn yield_now(&mut self) -> Wait<()> {
        let process = self.process();
        let extra = process.extra();
        if std::mem::take(&mut extra.waiting) {
            return Wait::Ready(());
        }
        extra.waiting = true;
        process.action = action::YIELD;
        Wait::Suspend
    }

    /// Lets the process sleep for so many milliseconds.
    pub fn sleep(&mut self, ms: i64) -> Wait<()> {
        if ms <= 0 {
            return self.yield_now();
        }
        let (runtime, shard) = (self.runtime(), self.worker().index);
        let process = self.process();
        let pid = process.pid();
        let extra = process.extra();
        if extra.waiting && extra.fired {
            (extra.waiting, extra.fired, extra.timer) = (false, false, None);
            return Wait::Ready(());
        }
        if !extra.waiting {
            extra.token += 1;
            (extra.waiting, extra.fired) = (true, false);
            let wake = Action::Wake { pid, token: extra.token };
            let deadline = runtime.clock.ticks().saturating_add(ms as u64 + 1);
            extra.timer = Some(runtime.timers.set(shard, deadline, wake));
        }
        process.action = action::PARK;
        Wait::Suspend
    }

    /// Runs work that blocks on a thread of the pool, with the process asleep. `prepare` is called once, to copy what the work
    /// needs out of the heap; when the process is ended meanwhile, the result is thrown away.
    pub fn blocking<T: Any + Send, W: FnOnce() -> T + Send + 'static>(
        &mut self,
        prepare: impl FnOnce(&mut Self) -> W,
    ) -> Wait<T> {
        if !self.process().extra().waiting {
            let work = prepare(self);
            let runtime = Arc::downgrade(&self.worker().runtime);
            let process = self.process();
            let pid = process.pid();
            let extra = process.extra();
            extra.token += 1;
            extra.waiting = true;
            let token = extra.token;
            self.runtime().job_started();
            self.runtime().pool.run(move || {
                let answer: Box<dyn Any + Send> = Box::new(work());
                if let Some(runtime) = runtime.upgrade() {
                    drop(runtime.push_outside(pid, Mail::parcel(Item::Answer { token, answer })));
                    runtime.job_done();
                }
            });
        } else if let Some(answer) = self.process().extra().answer.take() {
            self.process().extra().waiting = false;
            let answer = answer.downcast::<T>().expect("the answer of this very work");
            return Wait::Ready(*answer);
        }
        self.process().action = action::PARK;
        Wait::Suspend
    }

    /// Waits for an answer that comes with the number of this wait, so many milliseconds at most: `Ready(None)` when they are over. `begin` is
    /// called once, and says whether there will be an answer; `None` where not.
    pub fn answered<T: Any + Send>(
        &mut self,
        ms: u64,
        begin: impl FnOnce(&mut Self, u64) -> bool,
    ) -> Option<Wait<Option<T>>> {
        if !self.process().extra().waiting {
            let (runtime, shard) = (self.runtime(), self.worker().index);
            let process = self.process();
            let pid = process.pid();
            let extra = process.extra();
            extra.token += 1;
            (extra.waiting, extra.fired) = (true, false);
            let token = extra.token;
            let wake = Action::Wake { pid, token };
            let deadline = runtime.clock.ticks().saturating_add(ms + 1);
            extra.timer = Some(runtime.timers.set(shard, deadline, wake));
            if !begin(self, token) {
                self.wait_no_longer();
                return None;
            }
        } else if let Some(answer) = self.process().extra().answer.take() {
            self.wait_no_longer();
            let answer = answer.downcast::<T>().expect("the answer of this very wait");
            return Some(Wait::Ready(Some(*answer)));
        } else if self.process().extra().fired {
            return Some(Wait::Ready(None));
        }
        Some(self.wait_on())
    }

    /// The answer is on its way: the time does not matter any longer.
    pub fn wait_on<T>(&mut self) -> Wait<T> {
        let process = self.process();
        let extra = process.extra();
        if std::mem::take(&mut extra.fired) {
            extra.timer = None;
        }
        process.action = action::PARK;
        Wait::Suspend
    }

    /// A wait is over; an answer that comes now is no one's.
    pub fn wait_no_longer(&mut self) {
        let process = self.process();
        crate::entries::messages::cancel_timer(process);
        let extra = process.extra();
        extra.token += 1;
        (extra.waiting, extra.fired) = (false, false);
    }

    /// Collects when that is due; `result` is what the body gave.
    fn collect_if_due(&mut self, result: Word) -> Word {
        let mut held = [result];
        // SAFETY: the body is over; compiled code describes its live references at this call.
        unsafe {
            if (*self.process).heap.is_collection_due() {
                roots::collect(self.process, self.return_at, &mut held);
            }
        }
        held[0]
    }
}

/// Result letters of the table of primitives.
pub(crate) mod kind {
    pub(crate) struct Int;
    pub(crate) struct Float;
    pub(crate) struct Reference;
    pub(crate) struct Generic;
    pub(crate) struct Unit;
    pub(crate) struct Never;
}

/// A result letter's register.
pub(crate) trait Kind {
    type Raw: Default;
}

macro_rules! kinds {
    ($($kind:ident = $raw:ty),*) => { $(impl Kind for kind::$kind { type Raw = $raw; })* };
}
kinds!(Int = i64, Float = f64, Reference = u64, Generic = u64, Unit = (), Never = ());

/// What a body may return for a result letter: the Rust type, or a `Result` of it.
pub(crate) trait Outcome<K: Kind> {
    fn finish(self, call: &mut Call) -> K::Raw;
}

macro_rules! plain_outcomes {
    ($($kind:ident: $ty:ty = |$value:ident| $raw:expr),* $(,)?) => {
        $(impl Outcome<kind::$kind> for $ty {
            fn finish(self, _call: &mut Call) -> <kind::$kind as Kind>::Raw {
                let $value = self;
                $raw
            }
        })*
    };
}
plain_outcomes! {
    Int: i64 = |value| value,
    Int: bool = |value| value as i64,
    Float: f64 = |value| value,
    Unit: () = |value| value,
    Never: Never = |value| match value {},
}

impl Outcome<kind::Reference> for Value<'_> {
    fn finish(self, call: &mut Call) -> u64 {
        debug_assert!(self.is_reference());
        call.collect_if_due(self.word())
    }
}

impl Outcome<kind::Generic> for Value<'_> {
    fn finish(self, call: &mut Call) -> u64 {
        if self.is_reference() { call.collect_if_due(self.word()) } else { self.word() }
    }
}

impl<K: Kind, T: Outcome<K>> Outcome<K> for Result<T, Crash> {
    fn finish(self, call: &mut Call) -> K::Raw {
        match self {
            Ok(value) => value.finish(call),
            Err(Crash(())) => K::Raw::default(),
        }
    }
}
