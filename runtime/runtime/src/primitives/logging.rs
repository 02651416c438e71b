//! Log lines of the program.

use crate::call::{Call, Wait};
use crate::log::{Field, Line};
use crate::report::{Level, LogSink, stderr_sink};
use snow_heap::Value;
use std::io::Write;
use std::sync::{Arc, Mutex};

impl<'p> Call<'p> {
    pub(super) fn log_enabled(&mut self, level: i64, module: Value<'p>) -> bool {
        self.runtime().log.is_on(Level::from_number(level), self.text_of(module))
    }

    pub(super) fn log_write(
        &mut self,
        level: i64,
        module: Value<'p>,
        place: Value<'p>,
        text: Value<'p>,
        fields: Value<'p>,
    ) {
        let context = self.process().extra.as_ref().and_then(|extra| extra.log_context.clone());
        let mut all: Vec<Field> = context.map_or_else(Vec::new, |fields| fields.to_vec());
        all.extend(self.log_fields(fields));
        let pid = self.process().pid();
        let line = Line {
            level: Level::from_number(level),
            module: self.text_of(module).to_owned(),
            place: self.text_of(place).to_owned(),
            process: self.runtime().pid_text(pid),
            text: self.text_of(text).to_owned(),
            fields: all,
            ..Line::default()
        };
        self.runtime().log_line(line);
    }

    pub(super) fn log_set_level(&mut self, level: i64, module: Value<'p>) {
        self.runtime().log.set_level(level, self.text_of(module));
    }

    pub(super) fn log_set_json(&mut self, is_json: i64) {
        self.runtime().log.set_json(is_json != 0);
    }

    /// Fields that are set again take the place of the old ones.
    pub(super) fn log_set_context(&mut self, fields: Value<'p>) {
        let fields = self.log_fields(fields);
        let extra = self.process().extra();
        let old = extra.log_context.take();
        let kept =
            old.iter().flat_map(|old| old.iter()).filter(|old| fields.iter().all(|new| new.name != old.name));
        let all: Vec<Field> = kept.cloned().chain(fields.iter().cloned()).collect();
        extra.log_context = Some(all.into());
    }

    pub(super) fn log_to(&mut self, path: Value<'p>) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let path = call.text_of(path).to_owned();
            move || sink_of(&path)
        });
        let log = &self.runtime().log;
        self.file_result(done, |call, sink| {
            log.set_sink(sink);
            call.unit()
        })
    }

    fn log_fields(&self, list: Value<'p>) -> Vec<Field> {
        let part = |field: Value<'p>, index| field.field(index).expect("a field has three parts");
        list.list()
            .map(|field| Field {
                name: self.text_of(part(field, 0)).to_owned(),
                text: self.text_of(part(field, 1)).to_owned(),
                is_plain: part(field, 2).int() != 0,
            })
            .collect()
    }
}

/// Standard error, or a file that grows.
fn sink_of(path: &str) -> Result<LogSink, super::files::Failure> {
    if path.is_empty() {
        return Ok(stderr_sink());
    }
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    let file = Mutex::new(super::files::named(path, file)?);
    Ok(Box::new(move |_, text| {
        // A log that cannot be written must not end the program
        let written = writeln!(file.lock().expect("no holder panics"), "{text}");
        drop(written);
    }))
}

/// The fields that a child takes over.
pub(crate) fn inherited(parent: &crate::process::Process) -> Option<Arc<[Field]>> {
    parent.extra.as_ref().and_then(|extra| extra.log_context.clone())
}
