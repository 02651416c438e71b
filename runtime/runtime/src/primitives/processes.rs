//! Processes, links, monitors, names and timers.

use crate::call::{Call, Crash, Wait};
use crate::entries::messages::cancel_timer;
use crate::process::Process;
use crate::reasons;
use crate::timers::TimerId;
use snow_heap::Value;
use snow_process::{MonitorRef, Outbox, Pid, Relations, Signal};
use std::sync::atomic::Ordering;

impl<'p> Call<'p> {
    pub(super) fn pid_id(&mut self, pid: i64) -> i64 {
        pid
    }

    pub(super) fn process_id_number(&mut self, id: i64) -> i64 {
        id
    }

    pub(super) fn process_id_text(&mut self, id: i64) -> Value<'p> {
        let text = self.runtime().pid_text(Pid(id as u64));
        self.text(&text)
    }

    pub(super) fn monitor_ref_number(&mut self, reference: i64) -> i64 {
        reference
    }

    pub(super) fn process_link(&mut self, other: i64) {
        let other = Pid(other as u64);
        self.note_remote(other);
        self.relate(|relations, own, out| relations.link(own, other, out));
    }

    pub(super) fn process_unlink(&mut self, other: i64) {
        self.relate(|relations, own, out| relations.unlink(own, Pid(other as u64), out));
    }

    pub(super) fn process_monitor(&mut self, target: i64) -> i64 {
        let target = Pid(target as u64);
        let reference = self.worker().fresh_reference();
        self.note_remote(target);
        self.relate(|relations, own, out| relations.monitor(own, target, reference, out));
        reference.0 as i64
    }

    pub(super) fn process_demonitor(&mut self, reference: i64) {
        let reference = MonitorRef(reference as u64);
        self.relate(|relations, own, out| relations.demonitor(own, reference, out));
        // A `:down` that has come in but was not looked at is stopped by the relations; one in the mailbox goes here.
        self.process().mailbox.remove_down(reference);
    }

    pub(super) fn test_expect_crash(&mut self, pid: i64) -> Value<'p> {
        let text = self.runtime().crashes.expect(Pid(pid as u64));
        match text {
            Some(text) => {
                let text = self.text(&text);
                self.some(text)
            }
            None => self.none(),
        }
    }

    pub(super) fn process_exit(&mut self, target: i64, reason: Value<'p>) {
        let from = self.process().pid();
        let reason = reasons::reason_of(reason);
        let mut out = Outbox::from([(Pid(target as u64), Signal::Exit { from, reason })]);
        self.worker().send_all(&mut out);
        // To itself it takes effect at once, like to a process that waits.
        if Pid(target as u64) == from {
            self.take_in();
        }
    }

    pub(super) fn process_trap_exit(&mut self, flag: i64) {
        // What has come before still meets the old rule.
        self.take_in();
        self.process().relations().set_trap_exit(flag != 0);
    }

    pub(super) fn process_alive(&mut self, id: i64) -> bool {
        self.runtime().is_alive(Pid(id as u64))
    }

    pub(super) fn process_list(&mut self) -> Value<'p> {
        let pids = self.runtime().pids();
        self.int_list(pids.into_iter().map(|pid| pid.0 as i64))
    }

    pub(super) fn process_unregister(&mut self, name: Value<'p>) {
        let name = self.string(name);
        self.runtime().registry.unregister(name);
    }

    pub(super) fn process_registered(&mut self) -> Value<'p> {
        let names = self.runtime().registry.all();
        self.text_list(names.iter())
    }

    pub(super) fn process_yield(&mut self) -> Wait<()> {
        self.yield_now()
    }

    pub(super) fn process_info(&mut self, id: i64) -> Value<'p> {
        let pid = Pid(id as u64);
        let runtime = self.runtime();
        let Some(slot) = runtime.table.slot(pid.slot()).filter(|_| runtime.is_alive(pid)) else {
            return self.none();
        };
        if pid == self.process().pid() {
            self.process().publish_figures();
        }
        // SAFETY: slots are never unmapped; only atomic fields are read.
        let (figures, inbox) = unsafe { (&(*slot).figures, &(*slot).inbox) };
        let status = if pid == self.process().pid() {
            "running"
        } else if inbox.is_waiting() {
            "waiting"
        } else {
            "runnable"
        };
        let numbers = [
            i64::from(figures.mailbox_len.load(Ordering::Relaxed)),
            figures.heap_bytes.load(Ordering::Relaxed) as i64,
            i64::from(figures.stack_bytes.load(Ordering::Relaxed)),
            i64::from(figures.links.load(Ordering::Relaxed)),
            i64::from(figures.monitors.load(Ordering::Relaxed)),
            i64::from(figures.received.load(Ordering::Relaxed)),
        ];
        let name = runtime.registry.name_of(pid).unwrap_or_default();
        let mut fields = vec![self.text(status)];
        fields.extend(numbers.map(|number| self.int(number)));
        fields.push(self.text(&name));
        let info = self.tuple(&fields);
        self.some(info)
    }

    pub(super) fn process_sleep(&mut self, ms: i64) -> Wait<Result<(), Crash>> {
        if ms < 0 && !self.process().extra().waiting {
            return Wait::Ready(
                Err(self.crash(&format!("Process.sleep: {ms} milliseconds lie in the past"))),
            );
        }
        match self.sleep(ms) {
            Wait::Ready(()) => Wait::Ready(Ok(())),
            Wait::Suspend => Wait::Suspend,
        }
    }

    pub(super) fn timer_cancel(&mut self, timer: i64) -> bool {
        self.runtime().timers.cancel(TimerId(timer))
    }

    pub(super) fn timer_remaining(&mut self, timer: i64) -> Value<'p> {
        match self.runtime().timers.deadline(TimerId(timer)) {
            Some(deadline) => {
                let now = self.runtime().clock.ticks();
                let left = self.int(deadline.saturating_sub(now + 1) as i64);
                self.some(left)
            }
            None => self.none(),
        }
    }

    fn note_remote(&mut self, other: Pid) {
        if !other.is_local() {
            let own = self.process().pid();
            self.runtime().note_interest(other.node(), own);
        }
    }

    /// Changes the process's relations and sends what follows from it.
    fn relate(&mut self, change: impl FnOnce(&mut Relations, Pid, &mut Outbox)) {
        let own = self.process().pid();
        let mut out = Outbox::new();
        change(self.process().relations(), own, &mut out);
        self.worker().send_all(&mut out);
    }

    /// Looks at what has come in.
    fn take_in(&mut self) {
        let process: *mut Process = self.process();
        // SAFETY: worker and process are distinct, and both belong to this thread.
        unsafe { (*(*process).worker).drain(&mut *process) };
        if self.process().is_ending() {
            cancel_timer(self.process());
            self.process().action = crate::process::action::END;
        }
    }
}
