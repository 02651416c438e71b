//! Civil time, UTC: moments as seconds since 1970 and nanoseconds.

mod civil;

use crate::call::Call;
use snow_heap::Value;

impl<'p> Call<'p> {
    pub(super) fn calendar_date(&mut self, seconds: i64) -> Value<'p> {
        let parts = civil::date(seconds).map(|part| self.int(part));
        self.tuple(&parts)
    }

    pub(super) fn calendar_week(&mut self, seconds: i64) -> Value<'p> {
        let parts = civil::week(seconds).map(|part| self.int(part));
        self.tuple(&parts)
    }

    pub(super) fn calendar_day(&mut self, year: i64, month: i64, day: i64) -> Value<'p> {
        match civil::day(year, month, day) {
            Some(seconds) => {
                let seconds = self.int(seconds);
                self.some(seconds)
            }
            None => self.none(),
        }
    }

    pub(super) fn calendar_parse(&mut self, text: Value<'p>) -> Value<'p> {
        match civil::parse(self.text_of(text)) {
            Ok(moment) => self.ok_moment(moment),
            Err(is_out_of_range) => {
                let flag = self.int(i64::from(is_out_of_range));
                self.err(flag)
            }
        }
    }

    pub(super) fn calendar_format(&mut self, seconds: i64, nanos: i64, format: Value<'p>) -> Value<'p> {
        match civil::format(seconds, nanos, self.text_of(format)) {
            Ok(text) => {
                let text = self.text(&text);
                self.ok(text)
            }
            Err(problem) => self.err_text(&problem.0),
        }
    }

    pub(super) fn calendar_parse_format(&mut self, text: Value<'p>, format: Value<'p>) -> Value<'p> {
        match civil::parse_format(self.text_of(text), self.text_of(format)) {
            Ok(moment) => self.ok_moment(moment),
            Err(problem) => self.err_text(&problem.0),
        }
    }

    fn ok_moment(&mut self, (seconds, nanos): (i64, i64)) -> Value<'p> {
        let pair = [self.int(seconds), self.int(nanos)];
        let pair = self.tuple(&pair);
        self.ok(pair)
    }

    fn err_text(&mut self, text: &str) -> Value<'p> {
        let text = self.text(text);
        self.err(text)
    }
}
