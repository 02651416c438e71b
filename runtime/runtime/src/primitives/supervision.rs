//! What supervisors and the forms that start processes need of the runtime.

use crate::call::{Call, Crash};
use crate::ending;
use crate::process::flag;
use snow_heap::Value;
use snow_process::Pid;
use snow_process::supervision::{Ended, Restart, Strategy, Verdict, verdict};

impl<'p> Call<'p> {
    pub(super) fn process_ending(&mut self) -> Value<'p> {
        let reason = ending::reason(self.process());
        self.reason(&reason)
    }

    pub(super) fn spawn_owned(&mut self) {
        self.process().flags |= flag::OWNS_NEXT;
    }

    pub(super) fn spawn_bounded(&mut self, bytes: i64) -> Result<(), Crash> {
        if bytes <= 0 {
            return Err(
                self.crash(&format!("spawn: max_heap must be a positive number of bytes, not {bytes}"))
            );
        }
        let process = self.process();
        process.flags |= flag::BOUNDS_NEXT;
        process.extra().next_heap_bytes_max = bytes as u64;
        Ok(())
    }

    pub(super) fn spawn_watching(&mut self, target: i64) -> i64 {
        let reference = self.worker().fresh_reference();
        let process = self.process();
        process.flags |= flag::WATCHES_NEXT;
        process.extra().next_watch = Some((Pid(target as u64), reference));
        reference.0 as i64
    }

    pub(super) fn supervision_begin(&mut self) -> Value<'p> {
        self.process_trap_exit(1);
        let process = self.process();
        let (pid, supervised) = (process.pid(), process.flags & flag::SUPERVISED != 0);
        let above: Vec<i64> = process.relations().links().map(|pid| pid.0 as i64).collect();
        if !supervised {
            process.flags |= flag::ROOT;
            self.runtime().shutdown.add(pid);
        }
        self.int_list(above.into_iter())
    }

    pub(super) fn child_start(&mut self) {
        self.process().flags |= flag::STARTS_CHILD;
    }

    pub(super) fn child_started(&mut self, child: i64) {
        let process = self.process();
        process.flags &= !flag::STARTS_CHILD;
        let aside = std::mem::take(&mut process.extra().spawned_aside);
        for other in aside.into_iter().filter(|other| other.0 != child as u64) {
            self.process_unlink(other.0 as i64);
        }
        // A child that was not spawned just now is not linked yet.
        self.process_link(child);
    }

    pub(super) fn supervision_verdict(&mut self, case: Value<'p>) -> Value<'p> {
        let verdict = self.case(case).map_or(Verdict::GiveUp, |ended| verdict(&ended));
        let words = match verdict {
            Verdict::Leave => Vec::new(),
            Verdict::Restart(range) => vec![range.start as i64, range.end as i64],
            Verdict::GiveUp => vec![-1],
        };
        self.int_list(words.into_iter())
    }

    /// What std passes of a child that has ended; `None` when it is not what the table of primitives says.
    fn case(&mut self, list: Value<'p>) -> Option<Ended> {
        let words: Vec<i64> = list.list().map(Value::int).collect();
        let [strategy, restart, is_clean, index, count, restarts, restarts_max] = words[..] else {
            return None;
        };
        Some(Ended {
            strategy: [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne]
                .get(strategy as usize)
                .copied()?,
            restart: [Restart::Permanent, Restart::Transient, Restart::Temporary]
                .get(restart as usize)
                .copied()?,
            is_clean: is_clean != 0,
            index: index as usize,
            child_count: count as usize,
            restart_count: restarts as u64,
            restarts_max: restarts_max as u64,
        })
    }
}
