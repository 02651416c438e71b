//! What names that other languages use are called here.

/// Names for one thing, by which Elixir, Erlang, Gleam, Rust, Python, JavaScript and Snow know it.
const SYNONYMS: &[&[&str]] = &[
    &["length", "len", "size", "byte_size", "count"],
    &["to_upper", "upcase", "upper", "uppercase", "to_uppercase", "to_upper_case"],
    &["to_lower", "downcase", "lower", "lowercase", "to_lowercase", "to_lower_case"],
    &["trim", "strip"],
    &["trim_start", "lstrip", "trim_left", "trim_leading"],
    &["trim_end", "rstrip", "trim_right", "trim_trailing"],
    &["slice", "substring", "substr", "sub"],
    &["contains", "includes", "include", "has", "member", "is_member", "any_equal"],
    &["has_key", "contains_key", "contains", "has", "exists", "is_key", "member"],
    &["find", "fetch", "lookup", "at", "get"],
    &["put", "add", "insert", "set", "store"],
    &["delete", "remove", "erase", "discard"],
    &["reduce", "fold", "fold_left", "foldl", "inject", "accumulate"],
    &["fold_right", "foldr"],
    &["filter", "select", "keep", "retain"],
    &["each", "for_each", "foreach", "iter"],
    &["map", "collect", "transform"],
    &["and_then", "bind", "flat_map", "then", "try_map"],
    &["first", "head", "hd"],
    &["tail", "rest", "tl"],
    &["append", "push", "add", "concat"],
    &["concat", "join", "append"],
    &["reverse", "rev", "reversed"],
    &["unique", "uniq", "distinct", "dedup"],
    &["enumerate", "with_index", "each_with_index"],
    &["frequencies", "tally"],
    &["words", "split_whitespace"],
    &["to_list", "to_vec", "list"],
    &["merge", "union", "extend", "update"],
    &["unwrap_or", "get_or", "with_default", "unwrap", "get_with_default", "or"],
    &["to_int", "parse_int", "to_integer"],
    &["to_float", "parse_float"],
    &["pad_start", "pad_left", "pad_leading", "rjust"],
    &["pad_end", "pad_right", "pad_trailing", "ljust"],
    &["alive", "is_alive"],
    &["println", "puts", "print_line", "echo", "putStrLn"],
];

/// A name of the module that means what `name` means elsewhere.
pub fn synonym(name: &str, has: impl Fn(&str) -> bool) -> Option<&'static str> {
    let groups = SYNONYMS.iter().filter(|group| group.contains(&name));
    groups.flat_map(|group| group.iter()).find(|other| **other != name && has(other)).copied()
}

/// What to write in place of a function that a module does not have and another language does.
pub(crate) fn function(module: &str, name: &str) -> Option<&'static str> {
    Some(match (module, name) {
        ("String", "format" | "sprintf" | "interpolate") => {
            "put the values into the text: `\"${name} is ${age}\"`; for digits there are `Float.format` and `Int.format`"
        }
        ("IO", "puts" | "println" | "print" | "inspect") => "print with `println(\"…\")`",
        ("Process", "spawn" | "start") => "write `spawn(actor, arguments…)`",
        ("Process", "send") => "write `send(pid, message)`",
        ("Process", "self" | "current") => "write `self()`",
        ("Int", "parse" | "from_string") => "write `String.to_int(text)`",
        ("Float", "parse" | "from_string") => "write `String.to_float(text)`",
        ("Int" | "Float" | "Bool", "to_string") => "write `\"${x}\"` or `x.to_string()`",
        _ => return None,
    })
}

/// What to write in place of a word of another language.
pub(crate) fn word(name: &str) -> Option<&'static str> {
    Some(match name {
        "null" | "undefined" | "Nil" => {
            "Snow has no null: write `None` for a missing value, `()` for no value"
        }
        "def" | "defp" => "functions begin with `fn`",
        "match" | "switch" => "write `case e do … end`",
        "elsif" | "elif" => "write `else if`",
        "Enum" | "Vec" => {
            "lists are in `List`, what is made lazily in `Iter`; for access by position there is `Array`"
        }
        "Stream" => "what is made lazily is in `Iter`",
        "Dict" | "HashMap" | "Hashtbl" | "Keyword" => "maps are in `Map`",
        "HashSet" | "MapSet" => "sets are in `Set`",
        "Integer" | "Number" | "i64" | "i32" | "u64" | "usize" => "whole numbers are `Int`",
        "f64" | "Double" => "numbers with a fraction are `Float`",
        "Boolean" => "the type of `true` and `false` is `Bool`",
        "Str" | "str" | "Text" | "Char" => "text is `String`",
        "Atom" => "what Elixir calls atoms are tags, as in `:ok`; their functions are in `Tag`",
        "GenServer" => "write a `service Name do … end`",
        "Task" => "write `Job.async(fn -> … end)` and `Job.await(job)`",
        "Agent" => "write a `service Name do … end`",
        "Logger" | "logger" => "log lines are written with `Log.info(\"…\")`",
        "Maybe" => "a value that may be missing is an `Option`: `Some(value)` or `None`",
        "Just" => "write `Some(value)`",
        "Nothing" => "write `None`",
        "Right" | "Success" => "write `Ok(value)`",
        "Left" | "Failure" => "write `Err(error)`",
        "console" | "System" => "print with `println(\"…\")`",
        "puts" | "printf" | "echo" | "print_line" => "print with `println(\"…\")`",
        "raise" | "throw" => "crash with `panic(\"…\")`, or give an `Err(…)`",
        "str_to_int" | "parseInt" => "write `String.to_int(text)`",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synonym_is_one_that_the_module_has() {
        assert_eq!(synonym("len", |name| ["length", "count"].contains(&name)), Some("length"));
        assert_eq!(synonym("len", |name| name == "size"), Some("size"));
        assert_eq!(synonym("length", |name| name == "length"), None);
        assert_eq!(synonym("frobnicate", |_| true), None);
    }
}
