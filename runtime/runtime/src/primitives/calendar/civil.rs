//! The calendar itself, by `jiff`: proleptic Gregorian, years -9999 to 9999, no leap seconds.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::fmt::temporal::Pieces;
use jiff::{SignedDuration, tz::Offset};

const SECONDS_PER_DAY: i64 = 86_400;
/// A day far from both ends of the calendar.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// What is wrong with a text or format, in words.
#[derive(Debug)]
pub struct Problem(pub String);

impl From<jiff::Error> for Problem {
    fn from(error: jiff::Error) -> Problem {
        Problem(error.to_string())
    }
}

/// The day of a moment; the calendar's ends stand for what lies beyond.
fn date_of(seconds: i64) -> Date {
    let days = seconds.div_euclid(SECONDS_PER_DAY).clamp(-8_000_000, 8_000_000);
    EPOCH.saturating_add(SignedDuration::from_hours(days * 24))
}

/// A moment of the calendar as seconds since 1970 and nanoseconds; `None` when the offset leads out of it.
fn moment(date: Date, time: Time, offset: Offset) -> Option<(i64, i64)> {
    let of_day = i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    let local = date.duration_since(EPOCH).as_secs() + of_day;
    let seconds = local - i64::from(offset.seconds());
    let ends = [Date::MIN, Date::MAX].map(|end| end.duration_since(EPOCH).as_secs());
    let is_within = seconds >= ends[0] && seconds < ends[1] + SECONDS_PER_DAY;
    is_within.then_some((seconds, i64::from(time.subsec_nanosecond())))
}

/// Year, month, day of the month.
pub fn date(seconds: i64) -> [i64; 3] {
    let date = date_of(seconds);
    [date.year().into(), date.month().into(), date.day().into()]
}

/// Weekday from 1 for Monday, day of the year, ISO week.
pub fn week(seconds: i64) -> [i64; 3] {
    let date = date_of(seconds);
    let weekday = date.weekday().to_monday_one_offset();
    [weekday.into(), date.day_of_year().into(), date.iso_week_date().week().into()]
}

/// The seconds at which a day begins, if the calendar has it.
pub fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    let small = |number: i64| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    Some(date.duration_since(EPOCH).as_secs())
}

/// RFC 3339 or ISO 8601 with an offset or `Z`. The error tells whether it is a moment beyond the calendar.
pub fn parse(text: &str) -> Result<(i64, i64), bool> {
    let pieces = Pieces::parse(text).map_err(|error| error.is_range())?;
    let (time, offset) = (pieces.time().ok_or(false)?, pieces.to_numeric_offset().ok_or(false)?);
    moment(pieces.date(), time, offset).ok_or(true)
}

/// By the letters of strftime.
pub fn format(seconds: i64, nanos: i64, format: &str) -> Result<String, Problem> {
    let second = seconds.rem_euclid(SECONDS_PER_DAY);
    let small = |number: i64| i8::try_from(number).unwrap_or(0);
    let nanos = i32::try_from(nanos).unwrap_or(0);
    let time = Time::new(small(second / 3_600), small(second / 60 % 60), small(second % 60), nanos)?;
    let mut parts = BrokenDownTime::from(DateTime::from_parts(date_of(seconds), time));
    parts.set_offset(Some(Offset::UTC));
    Ok(parts.to_string(format)?)
}

/// By the letters of strftime; without an offset it is UTC, without a time of day midnight.
pub fn parse_format(text: &str, format: &str) -> Result<(i64, i64), Problem> {
    let parts = strtime::parse(format, text)?;
    let start = parts.to_datetime().or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0)))?;
    let found = moment(start.date(), start.time(), parts.offset().unwrap_or(Offset::UTC));
    found.ok_or_else(|| Problem("the moment lies outside the years -9999 to 9999".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(day(1970, 1, 1), Some(0));
        assert_eq!(day(2000, 3, 1), Some(951_868_800));
        assert_eq!(day(2023, 2, 29), None);
        assert_eq!(day(10_000, 1, 1), None);
        assert_eq!((date(951_868_800 + 3_661), week(951_868_800)), ([2000, 3, 1], [3, 61, 9]));
        assert_eq!((date(-1), week(-1)), ([1969, 12, 31], [3, 365, 1]));
        for (year, month, of_month) in [(-9999, 1, 1), (9999, 12, 31)] {
            let seconds = day(year, month, of_month).unwrap();
            assert_eq!(date(seconds), [year, month, of_month]);
        }
    }

    #[test]
    fn texts_have_an_offset() {
        assert_eq!(parse("1970-01-01T00:00:01.5Z").unwrap(), (1, 500_000_000));
        assert_eq!(parse("1970-01-01T02:00:00+02:00").unwrap(), (0, 0));
        assert_eq!(parse("1969-12-31T23:59:59.25Z").unwrap(), (-1, 250_000_000));
        assert!(parse("1970-01-01T00:00:00").is_err());
        assert!(parse("tomorrow").is_err());
    }

    #[test]
    fn formats_by_letters() {
        assert_eq!(format(0, 0, "%d.%m.%Y %H:%M").unwrap(), "01.01.1970 00:00");
        assert!(format(0, 0, "%!").is_err());
        assert_eq!(parse_format("02.01.1970 01:00", "%d.%m.%Y %H:%M").unwrap(), (90_000, 0));
        assert_eq!(parse_format("1970-01-02", "%Y-%m-%d").unwrap(), (86_400, 0));
        assert_eq!(parse_format("1970-01-02 00:00 +0100", "%Y-%m-%d %H:%M %z").unwrap(), (82_800, 0));
        assert!(parse_format("x", "%Y").is_err());
    }
}
