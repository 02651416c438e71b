//! Regular expressions. A pattern is compiled once for the node; what takes long is done on a thread of the pool.

pub(crate) mod searching;

use crate::call::{Call, Wait};
use ::regex::Regex;
use searching::{Problem, Scan, scan};
use snow_heap::Value;
use std::ops::Range;
use std::sync::Arc;

/// Longer texts are searched on a thread of the pool.
const TEXT_BYTES_ASIDE: usize = 16 << 10;

/// A text that was searched, and what was found. The text is the process's own unless it was copied for another thread.
type Searched<T> = Result<T, Problem>;

impl<'p> Call<'p> {
    /// Does `work` with a compiled pattern and a text, aside when it may take long.
    fn with_regex<T: Send + 'static>(
        &mut self,
        (pattern, options): (Value<'p>, i64),
        text: Value<'p>,
        work: impl FnOnce(&Regex, &str) -> T + Send + 'static,
    ) -> Wait<Searched<T>> {
        let regexes = Arc::clone(&self.runtime().regexes);
        let is_short = self.bytes_of(text).len() <= TEXT_BYTES_ASIDE;
        if !self.is_waiting()
            && is_short
            && let Some(regex) = regexes.kept(self.text_of(pattern), options)
        {
            return Wait::Ready(Ok(work(&regex, self.text_of(text))));
        }
        self.blocking(|call| {
            let (pattern, text) = (call.text_of(pattern).to_owned(), call.text_of(text).to_owned());
            move || regexes.compiled(&pattern, options).map(|regex| work(&regex, &text))
        })
    }

    /// The names of the groups, the whole one first, `""` for one without a name; or what is wrong: `(at, text)`, or `(-1, limit)`.
    pub(super) fn regex_groups(&mut self, pattern: Value<'p>, options: i64) -> Wait<Value<'p>> {
        let names = |regex: &Regex| -> Vec<String> {
            regex.capture_names().map(|name| name.unwrap_or_default().to_owned()).collect()
        };
        let Wait::Ready(names) = self.with_regex((pattern, options), pattern, move |regex, _| names(regex))
        else {
            return Wait::Suspend;
        };
        Wait::Ready(match names {
            Ok(names) => {
                let names = self.text_list(names.iter());
                self.ok(names)
            }
            Err(problem) => {
                let (at, text) = match problem {
                    Problem::Syntax(at, text) => (at as i64, text),
                    Problem::TooBig(limit) => (-1, limit.to_string()),
                };
                let problem = [self.int(at), self.text(&text)];
                let problem = self.tuple(&problem);
                self.err(problem)
            }
        })
    }

    pub(super) fn regex_matches(&mut self, pattern: Value<'p>, options: i64, text: Value<'p>) -> Wait<bool> {
        match self.with_regex((pattern, options), text, |regex, text| regex.is_match(text)) {
            Wait::Ready(matches) => Wait::Ready(matches.unwrap_or_default()),
            Wait::Suspend => Wait::Suspend,
        }
    }

    /// Some matches behind `place`, which is `(byte, code point)` of the end of the last one, byte -1 at the beginning.
    pub(super) fn regex_scan(
        &mut self,
        pattern: Value<'p>,
        options: i64,
        text: Value<'p>,
        place: Value<'p>,
        limit: i64,
    ) -> Wait<Value<'p>> {
        let place = self.place_of(place);
        let limit = usize::try_from(limit).unwrap_or(0);
        let found =
            self.with_regex((pattern, options), text, move |regex, text| scan(regex, text, place, limit));
        let Wait::Ready(found) = found else { return Wait::Suspend };
        let nothing = Scan { found: Vec::new(), end: place.unwrap_or_default(), more: false };
        Wait::Ready(self.scanned(text, &found.unwrap_or(nothing)))
    }

    fn place_of(&self, place: Value<'p>) -> Option<(usize, usize)> {
        let part = |index| place.field(index).map_or(-1, |part| part.int());
        Some((usize::try_from(part(0)).ok()?, usize::try_from(part(1)).ok()?))
    }

    /// `(matches, rest, place, more)`, a match being `(before, start, stop, groups)`.
    fn scanned(&mut self, text: Value<'p>, scan: &Scan) -> Value<'p> {
        let mut list = self.immediate(0);
        for found in scan.found.iter().rev() {
            let mut groups = self.immediate(0);
            for group in found.groups.iter().rev() {
                let group = match group {
                    Some(range) => {
                        let part = self.range_of(text, range);
                        self.some(part)
                    }
                    None => self.none(),
                };
                groups = self.cell(group, groups);
            }
            let (start, stop) = (self.int(found.start as i64), self.int(found.stop as i64));
            let fields = [self.range_of(text, &found.before), start, stop, groups];
            let found = self.tuple(&fields);
            list = self.cell(found, list);
        }
        let rest = scan.end.0..self.bytes_of(text).len();
        let rest = self.range_of(text, &rest);
        let place = [self.int(scan.end.0 as i64), self.int(scan.end.1 as i64)];
        let (place, more) = (self.tuple(&place), self.int(i64::from(scan.more)));
        self.tuple(&[list, rest, place, more])
    }

    fn range_of(&mut self, text: Value<'p>, range: &Range<usize>) -> Value<'p> {
        self.slice(text, range.start, range.len())
    }

    pub(super) fn regex_escape(&mut self, text: Value<'p>) -> Value<'p> {
        let escaped = ::regex::escape(self.text_of(text));
        self.text(&escaped)
    }
}
