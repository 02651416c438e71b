//! JSON text as a flat list of parts, and text as JSON. What a value becomes is decided in Snow.

mod reading;

use crate::call::{Call, Wait};
use reading::{Part, Problem};
use snow_heap::Value;

/// Longer texts are read on a thread of the pool.
const TEXT_BYTES_ASIDE: usize = 64 << 10;

impl<'p> Call<'p> {
    pub(super) fn json_parse(&mut self, text: Value<'p>) -> Wait<Value<'p>> {
        let read = if self.bytes_of(text).len() > TEXT_BYTES_ASIDE {
            let done = self.blocking(|call| {
                let text = call.text_of(text).to_owned();
                move || reading::parts(&text)
            });
            let Wait::Ready(read) = done else { return Wait::Suspend };
            read
        } else {
            reading::parts(self.text_of(text))
        };
        Wait::Ready(match read {
            Ok(parts) => {
                let list = self.json_parts(&parts);
                self.ok(list)
            }
            Err(Problem { line, column, text }) => {
                let problem = [self.int(line as i64), self.int(column as i64), self.text(&text)];
                let problem = self.tuple(&problem);
                self.err(problem)
            }
        })
    }

    fn json_parts(&mut self, parts: &[Part]) -> Value<'p> {
        let empty = self.text("");
        let mut list = self.immediate(0);
        for part in parts.iter().rev() {
            let (kind, number, text) = match part {
                Part::Null => (0, 0, empty),
                Part::Bool(value) => (1, i64::from(*value), empty),
                Part::Int(value) => (2, *value, empty),
                Part::Float(value) => (3, value.to_bits() as i64, empty),
                Part::Text(text) => (4, 0, self.text(text)),
                Part::Array(count) => (5, *count as i64, empty),
                Part::Object(count) => (6, *count as i64, empty),
            };
            let part = [self.int(kind), self.int(number), text];
            let part = self.tuple(&part);
            list = self.object(1, &[part, list]);
        }
        list
    }

    pub(super) fn json_escape(&mut self, text: Value<'p>) -> Value<'p> {
        let escaped = reading::escape(self.text_of(text));
        self.text(&escaped)
    }
}
