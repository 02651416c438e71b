//! Marks below two values where they differ.

/// Labels of the two lines that an assertion shows its values on.
const LABELS: [(&str, &str); 2] = [("  left:  ", "  right: "), ("  got:    ", "  wanted: ")];

/// The text with a line of marks behind two values that have something in common and differ.
pub fn marked(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        out.push_str(line);
        out.push('\n');
        if let Some(previous) = index.checked_sub(1)
            && let Some((indent, first, second)) = sides(lines[previous], line)
            && let Some(marks) = marks(first, second)
        {
            out.push_str(&" ".repeat(indent));
            out.push_str(&marks);
            out.push('\n');
        }
    }
    out
}

/// The values of two lines that belong together, and how far they are indented.
fn sides<'t>(first: &'t str, second: &'t str) -> Option<(usize, &'t str, &'t str)> {
    LABELS
        .iter()
        .find_map(|(one, other)| Some((one.len(), first.strip_prefix(one)?, second.strip_prefix(other)?)))
}

/// `^` below the part of the second value that is not the first's.
fn marks(first: &str, second: &str) -> Option<String> {
    let (first, second): (Vec<char>, Vec<char>) = (first.chars().collect(), second.chars().collect());
    let before = first.iter().zip(&second).take_while(|(a, b)| a == b).count();
    let rest = first.len().min(second.len()) - before;
    let after = first.iter().rev().zip(second.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    if before + after == 0 || first == second {
        return None;
    }
    Some(" ".repeat(before) + &"^".repeat((second.len() - before - after).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_differs_is_marked() {
        let text = "assertion failed: a == b\n  left:  [1, 2, 3]\n  right: [1, 20, 3]\nat f\n";
        let wanted =
            "assertion failed: a == b\n  left:  [1, 2, 3]\n  right: [1, 20, 3]\n              ^\nat f\n";
        assert_eq!(marked(text), wanted);
    }

    #[test]
    fn what_is_missing_has_a_mark_too() {
        assert_eq!(marks("[1, 2, 3]", "[1, 3]").as_deref(), Some("    ^"));
        assert_eq!(marks("\"ab\"", "\"axyb\"").as_deref(), Some("  ^^"));
    }

    #[test]
    fn values_with_nothing_in_common_and_equal_ones_have_no_marks() {
        assert_eq!(marks("3", "4"), None);
        assert_eq!(marks("34", "34"), None);
    }
}
