//! A finding made small: as long as it stays the same finding, lines and then tokens are taken out.

use super::Case;
use crate::run::fewer;

/// A small case of which `is_it` holds still.
pub fn shrink(case: &Case, is_it: &dyn Fn(&Case) -> bool) -> Case {
    let mut small = case.clone();
    for at in (0..small.files.len()).rev() {
        let mut without = small.clone();
        without.files.remove(at);
        if is_it(&without) {
            small = without;
        }
    }
    for at in 0..small.files.len() {
        for split in [lines as fn(&str) -> Vec<String>, tokens] {
            let parts = split(&small.files[at].text);
            let holds = |parts: &[String]| {
                let mut other = small.clone();
                other.files[at].text = parts.concat();
                is_it(&other)
            };
            let parts = fewer(parts, &|parts| holds(parts));
            small.files[at].text = parts.concat();
        }
    }
    small
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn tokens(text: &str) -> Vec<String> {
    snow_syntax::lex(text).iter().map(|token| token.text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_stays() {
        let case = Case::of("let a = 1\nlet b = f(2, x)\nlet c = 3\n");
        let small = shrink(&case, &|case| {
            let text = case.files.first().map_or("", |file| &*file.text);
            text.contains("f(") && text.contains('x')
        });
        assert_eq!(small.files[0].text, "f(x");
    }
}
