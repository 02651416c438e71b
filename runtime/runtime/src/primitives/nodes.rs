//! Nodes: handed to the distribution, the blocking ones through the pool.

use crate::call::{Call, Wait};
use crate::router::{Distribution, NodeFailure, NodeOptions};
use snow_heap::Value;
use snow_process::MonitorRef;
use std::sync::Arc;

/// Name of a node that has not been started.
pub(crate) const NO_NODE: &str = "nonode@nohost";
/// Flag bits of `node_start`.
const HIDDEN: i64 = 1;
const NO_SPAWN: i64 = 2;
/// The `NodeError` of a program without a distribution: its last variant, with a text.
const OTHER: i64 = 255;

/// Takes one setting of `node_start`: its name, or that of a node whose address it is.
fn take_setting(options: &mut NodeOptions, name: &str, value: &str) {
    let value = value.to_owned();
    let tls = &mut options.tls;
    match name {
        "listen" => options.listen = value,
        "certificates" => tls.get_or_insert_default().certificates = value,
        "key" => tls.get_or_insert_default().key = value,
        "authority" => tls.get_or_insert_default().authority = value,
        "hosts" => options.hosts.push(value),
        node => options.addresses.push((node.to_owned(), value)),
    }
}

type Answer<T> = Result<T, NodeFailure>;

impl<'p> Call<'p> {
    fn distribution(&self) -> Option<Arc<dyn Distribution>> {
        self.runtime().distribution.clone()
    }

    /// Runs a blocking operation of the distribution.
    fn on_node<T: Send + 'static>(
        &mut self,
        prepare: impl FnOnce(&mut Self) -> Box<dyn FnOnce(&dyn Distribution) -> Answer<T> + Send>,
    ) -> Wait<Answer<T>> {
        self.blocking(|call| {
            let distribution = call.distribution();
            let operation = prepare(call);
            move || match distribution {
                Some(distribution) => operation(&*distribution),
                None => Err(NodeFailure {
                    kind: OTHER,
                    text: "this program was started without the cluster".into(),
                }),
            }
        })
    }

    /// `Result<T, (Int, String)>`
    fn node_result<T>(
        &mut self,
        answer: Answer<T>,
        value: impl FnOnce(&mut Self, T) -> Value<'p>,
    ) -> Value<'p> {
        match answer {
            Ok(answer) => {
                let value = value(self, answer);
                self.ok(value)
            }
            Err(NodeFailure { kind, text }) => {
                let error = [self.int(kind), self.text(&text)];
                let error = self.tuple(&error);
                self.err(error)
            }
        }
    }

    fn strings(&self, list: Value<'p>) -> Vec<String> {
        list.list().map(|item| self.string(item).to_owned()).collect()
    }

    pub(super) fn node_start(
        &mut self,
        name: Value<'p>,
        cookie: Value<'p>,
        numbers: Value<'p>,
        join: Value<'p>,
        settings: Value<'p>,
    ) -> Wait<Value<'p>> {
        let started = self.on_node(|call| {
            let mut numbers = numbers.list().map(Value::int);
            let mut next = |fallback| numbers.next().unwrap_or(fallback);
            let flags = next(0);
            let mut options = NodeOptions {
                name: call.string(name).to_owned(),
                cookie: call.string(cookie).to_owned(),
                hidden: flags & HIDDEN != 0,
                allow_spawn: flags & NO_SPAWN == 0,
                heartbeat_ms: next(60_000),
                connect_timeout_ms: next(5_000),
                message_bytes_max: next(256 << 20),
                send_buffer_bytes: next(8 << 20),
                join: call.strings(join),
                listen: String::new(),
                tls: None,
                addresses: vec![],
                hosts: vec![],
            };
            for setting in settings.list() {
                let [name, value] = [0, 1].map(|i| setting.field(i).map_or("", |text| call.string(text)));
                take_setting(&mut options, name, value);
            }
            Box::new(move |distribution| distribution.start(options))
        });
        self.conclude(started, |call, ()| call.unit())
    }

    fn conclude<T>(
        &mut self,
        wait: Wait<Answer<T>>,
        value: impl FnOnce(&mut Self, T) -> Value<'p>,
    ) -> Wait<Value<'p>> {
        match wait {
            Wait::Ready(answer) => Wait::Ready(self.node_result(answer, value)),
            Wait::Suspend => Wait::Suspend,
        }
    }

    pub(super) fn node_stop(&mut self) -> Wait<()> {
        let stopped = self.on_node(|_| {
            Box::new(|distribution: &dyn Distribution| {
                distribution.stop();
                Ok(())
            })
        });
        match stopped {
            Wait::Ready(_) => Wait::Ready(()),
            Wait::Suspend => Wait::Suspend,
        }
    }

    pub(super) fn node_connect(&mut self, name: Value<'p>) -> Wait<Value<'p>> {
        let connected = self.on_node(|call| {
            let name = call.string(name).to_owned();
            Box::new(move |distribution| distribution.connect(&name))
        });
        self.conclude(connected, |call, ()| call.unit())
    }

    pub(super) fn node_disconnect(&mut self, name: Value<'p>) {
        let name = self.string(name);
        if let Some(distribution) = self.distribution() {
            distribution.disconnect(name);
        }
    }

    pub(super) fn node_self(&mut self) -> Value<'p> {
        let name = self.distribution().map_or(NO_NODE.to_owned(), |distribution| distribution.own_name());
        self.text(&name)
    }

    pub(super) fn node_list(&mut self) -> Value<'p> {
        let peers = self.distribution().map_or(Vec::new(), |distribution| distribution.peers());
        self.text_list(peers.iter())
    }

    pub(super) fn node_ping(&mut self, name: Value<'p>) -> Wait<Value<'p>> {
        let answered = self.on_node(|call| {
            let name = call.string(name).to_owned();
            Box::new(move |distribution| distribution.ping(&name))
        });
        self.conclude(answered, |call, microseconds| call.int(microseconds))
    }

    pub(super) fn node_monitor(&mut self, name: Value<'p>) -> i64 {
        let reference = self.worker().fresh_reference();
        let (watcher, name) = (self.process().pid(), self.string(name));
        if let Some(distribution) = self.distribution() {
            distribution.monitor_node(watcher, name, reference);
        }
        reference.0 as i64
    }

    pub(super) fn node_demonitor(&mut self, reference: i64) {
        let watcher = self.process().pid();
        if let Some(distribution) = self.distribution() {
            distribution.demonitor_node(watcher, MonitorRef(reference as u64));
        }
    }

    pub(super) fn node_stats(&mut self) -> Value<'p> {
        let stats = self.distribution().map_or(Vec::new(), |distribution| distribution.stats());
        let mut peers = Vec::with_capacity(stats.len());
        for (name, figures) in stats {
            let mut rows = Vec::with_capacity(figures.len());
            for (figure, number) in figures {
                let row = [self.text(&figure), self.int(number)];
                rows.push(self.tuple(&row));
            }
            let row = [self.text(&name), self.list(rows.into_iter())];
            peers.push(self.tuple(&row));
        }
        self.list(peers.into_iter())
    }
}
