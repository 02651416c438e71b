//! Reads JSON with `serde_json` into parts that stand in the order of the text.

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// How deep arrays and objects may lie in each other.
const DEPTH_MAX: usize = 128;
const TOO_DEEP: &str = "nested too deeply";

/// A value, or the beginning of one.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// So many values follow.
    Array(usize),
    /// So many texts follow, each with a value behind it.
    Object(usize),
}

/// What is wrong, and where; line 0: it is nested too deeply.
#[derive(PartialEq, Debug)]
pub struct Problem {
    pub line: usize,
    pub column: usize,
    pub text: String,
}

/// The parts of a text that is one JSON value.
pub fn parts(text: &str) -> Result<Vec<Part>, Problem> {
    let mut parts = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    // Depth is counted here: that of the library is one less than what the language promises
    reader.disable_recursion_limit();
    Collect { parts: &mut parts, depth: 0 }.deserialize(&mut reader).map_err(|error| problem(&error))?;
    reader.end().map_err(|error| problem(&error))?;
    Ok(parts)
}

fn problem(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let plain = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    if plain == TOO_DEEP {
        return Problem { line: 0, column: 0, text: plain.to_owned() };
    }
    Problem { line: error.line(), column: error.column(), text: plain.to_owned() }
}

/// Puts what comes next behind the parts.
struct Collect<'a> {
    parts: &'a mut Vec<Part>,
    /// Arrays and objects around it.
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Collect<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl Collect<'_> {
    fn put<E>(self, part: Part) -> Result<(), E> {
        self.parts.push(part);
        Ok(())
    }

    /// Begins an array or object; gives its place.
    fn enter<E: de::Error>(&mut self) -> Result<usize, E> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(E::custom(TOO_DEEP));
        }
        self.parts.push(Part::Null);
        Ok(self.parts.len() - 1)
    }

    /// For what lies in it.
    fn inner(&mut self) -> Collect<'_> {
        Collect { parts: self.parts, depth: self.depth }
    }
}

impl<'de> Visitor<'de> for Collect<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(Part::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(Part::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(Part::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(i64::try_from(value).map_or(Part::Float(value as f64), Part::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.put(Part::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.put(Part::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut values: A) -> Result<(), A::Error> {
        let place = self.enter()?;
        let mut count = 0;
        while values.next_element_seed(self.inner())?.is_some() {
            count += 1;
        }
        self.parts[place] = Part::Array(count);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let place = self.enter()?;
        let mut count = 0;
        while entries.next_key_seed(self.inner())?.is_some() {
            entries.next_value_seed(self.inner())?;
            count += 1;
        }
        self.parts[place] = Part::Object(count);
        Ok(())
    }
}

/// A text as JSON, with quotes.
pub fn escape(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_in_order() {
        let read = parts(r#" {"a": [1, -2.5, null], "b": {"c": true}, "a": ""} "#).unwrap();
        let text = |text: &str| Part::Text(text.to_owned());
        let wanted = [
            Part::Object(3),
            text("a"),
            Part::Array(3),
            Part::Int(1),
            Part::Float(-2.5),
            Part::Null,
            text("b"),
            Part::Object(1),
            text("c"),
            Part::Bool(true),
            text("a"),
            text(""),
        ];
        assert_eq!(read, wanted);
    }

    #[test]
    fn numbers_beyond_int_are_floats() {
        assert_eq!(parts("9223372036854775807"), Ok(vec![Part::Int(i64::MAX)]));
        assert_eq!(parts("9223372036854775808"), Ok(vec![Part::Float(9_223_372_036_854_775_808.0)]));
        assert_eq!(parts("-1e400").unwrap_err().line, 1);
    }

    #[test]
    fn problems_say_where() {
        let problem = parts("[1,\n 2,,]").unwrap_err();
        assert_eq!((problem.line, problem.column, problem.text.as_str()), (2, 4, "expected value"));
        assert_eq!(parts("1 2").unwrap_err().text, "trailing characters");
        assert_eq!(parts(&"[".repeat(100_000)).unwrap_err().line, 0);
        let nested = |depth| parts(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        assert!(nested(128).is_ok() && nested(129).is_err());
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(escape("a\"\\\n\u{1}é/"), r#""a\"\\\n\u0001é/""#);
    }
}
