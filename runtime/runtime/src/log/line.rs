//! A log line as text and as JSON.

use crate::report::Level;
use std::fmt::Write;

/// Longest line in bytes; longer ones are cut.
const LINE_BYTES_MAX: usize = 64 << 10;

/// What every line may have as JSON; a field of such a name gets an underscore behind it.
const OWN_NAMES: [&str; 8] = ["time", "level", "module", "file", "line", "process", "node", "text"];

/// A named value of a line.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Field {
    pub name: String,
    pub text: String,
    /// Whether the text is a number or `true` or `false`.
    pub is_plain: bool,
}

/// What is known about a line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub level: Level,
    /// Nanoseconds since 1970.
    pub time_ns: i64,
    /// Empty for the runtime's own lines.
    pub module: String,
    /// `file:line`, or empty.
    pub place: String,
    /// `<0.1.1>`, or empty.
    pub process: String,
    /// Empty unless it has a name.
    pub node: String,
    pub text: String,
    pub fields: Vec<Field>,
}

impl Line {
    fn time(&self, format: &str) -> String {
        jiff::Timestamp::from_nanosecond(self.time_ns.into())
            .expect("nanoseconds in 64 bits lie within the calendar")
            .strftime(format)
            .to_string()
    }

    /// `12:00:00.123 INFO  Shop.Orders order stored id=17 ms=3`
    pub fn to_text(&self) -> String {
        let mut line = format!("{} {:5}", self.time("%H:%M:%S.%3f"), self.level.name().to_uppercase());
        for part in [&self.module, &self.text] {
            if !part.is_empty() {
                let _infallible = write!(line, " {part}");
            }
        }
        for Field { name, text, .. } in &self.fields {
            let is_one_word =
                !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '"' || c == '=');
            let _infallible = match is_one_word {
                true => write!(line, " {name}={text}"),
                false => write!(line, " {name}={}", serde_json::Value::from(text.as_str())),
            };
        }
        cut(line)
    }

    /// One JSON object.
    pub fn to_json(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let time = self.time("%Y-%m-%dT%H:%M:%S.%3fZ");
        let mut line = format!("{{\"time\":\"{time}\",\"level\":\"{}\"", self.level.name());
        let place = self.place.rsplit_once(':').unwrap_or((&self.place, ""));
        let known = [("module", self.module.as_str()), ("file", place.0), ("line", place.1)];
        for (name, text) in known.into_iter().chain([("process", &*self.process), ("node", &self.node)]) {
            if text.is_empty() {
                continue;
            }
            let value = if name == "line" { text.to_owned() } else { quoted(text) };
            let _infallible = write!(line, ",\"{name}\":{value}");
        }
        let mut text = self.text.clone();
        if text.len() > LINE_BYTES_MAX {
            text = cut(text);
        }
        let _infallible = write!(line, ",\"text\":{}", quoted(&text));
        for field in &self.fields {
            let is_number = field.is_plain && serde_json::from_str::<serde_json::Value>(&field.text).is_ok();
            let value = if is_number { field.text.clone() } else { quoted(&field.text) };
            let is_taken = OWN_NAMES.contains(&field.name.as_str());
            let name = if is_taken { format!("{}_", field.name) } else { field.name.clone() };
            let _infallible = write!(line, ",{}:{value}", quoted(&name));
        }
        line.push('}');
        line
    }
}

fn cut(mut line: String) -> String {
    if line.len() > LINE_BYTES_MAX {
        line.truncate(line.floor_char_boundary(LINE_BYTES_MAX));
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        let field = |name: &str, text: &str, is_plain| Field {
            name: name.to_owned(),
            text: text.to_owned(),
            is_plain,
        };
        Line {
            level: Level::Info,
            time_ns: 1_772_366_400_123_000_000,
            module: "Shop.Orders".to_owned(),
            place: "shop/orders.snow:12".to_owned(),
            process: "<0.5.1>".to_owned(),
            text: "order stored".to_owned(),
            fields: vec![field("id", "17", true), field("by", "A \"B\"", false), field("at", "NaN", true)],
            ..Line::default()
        }
    }

    #[test]
    fn as_text() {
        let wanted = r#"12:00:00.123 INFO  Shop.Orders order stored id=17 by="A \"B\"" at=NaN"#;
        assert_eq!(line().to_text(), wanted);
    }

    #[test]
    fn as_json() {
        let wanted = concat!(
            r#"{"time":"2026-03-01T12:00:00.123Z","level":"info","module":"Shop.Orders","file":"shop/orders.snow","#,
            r#""line":12,"process":"<0.5.1>","text":"order stored","id":17,"by":"A \"B\"","at":"NaN"}"#
        );
        assert_eq!(line().to_json(), wanted);
    }

    #[test]
    fn long_lines_are_cut() {
        let long = Line { text: "é".repeat(LINE_BYTES_MAX), ..Line::default() };
        assert!(long.to_text().ends_with('…') && long.to_text().len() < LINE_BYTES_MAX + 10);
        assert!(serde_json::from_str::<serde_json::Value>(&long.to_json()).is_ok());
    }
}
