//! Forms of Unicode in which equivalent texts become equal.

use unicode_normalization::UnicodeNormalization;

/// A normalisation form, by its number in the table of primitives: NFC, NFD, NFKC, NFKD.
pub fn normalize(text: &str, form: i64) -> String {
    match form {
        0 => text.nfc().collect(),
        1 => text.nfd().collect(),
        2 => text.nfkc().collect(),
        _ => text.nfkd().collect(),
    }
}

/// Full case folding.
pub fn fold_case(text: &str) -> String {
    caseless::default_case_fold_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_compose_and_decompose() {
        assert_eq!(normalize("e\u{301}", 0), "\u{e9}");
        assert_eq!(normalize("\u{e9}", 1), "e\u{301}");
        assert_eq!(normalize("\u{fb01}", 0), "\u{fb01}");
        assert_eq!(normalize("\u{fb01}", 2), "fi");
        assert_eq!(normalize("\u{fb01}\u{e9}", 3), "fie\u{301}");
    }

    #[test]
    fn folding_is_full() {
        assert_eq!(fold_case("Straße"), "strasse");
        assert_eq!(fold_case("STRASSE"), "strasse");
        assert_eq!(fold_case("ΣΊΣΥΦΟΣ"), fold_case("σίσυφος"));
    }
}
