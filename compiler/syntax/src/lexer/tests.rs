//! Kinds of the tokens of small texts.

use super::*;

fn check(text: &str, expected: &str) {
    let tokens = lex(text);
    let joined: String = tokens.iter().map(|token| token.text).collect();
    assert_eq!(joined, text);
    let significant = tokens.iter().filter(|token| token.kind != SyntaxKind::Whitespace);
    let kinds: Vec<String> = significant.map(|token| format!("{:?} {}", token.kind, token.text)).collect();
    assert_eq!(kinds.join(", "), expected);
}

#[test]
fn numbers() {
    check("1..5", "IntNumber 1, DotDot .., IntNumber 5");
    check("3.to_float", "IntNumber 3, Dot ., Ident to_float");
    check("1e-9 3.14", "FloatNumber 1e-9, FloatNumber 3.14");
    check("1_000 0xff 12ab", "IntNumber 1_000, IntNumber 0xff, IntNumber 12ab");
}

#[test]
fn tags_and_labels() {
    check(":a x:y x :y", "Tag :a, Ident x, Colon :, Ident y, Ident x, Tag :y");
    check(":\"a b\" ::", "Tag :\"a b\", ColonColon ::");
}

#[test]
fn strings_nest() {
    check(
        "\"a${\"b${c}\"}\"",
        "StringStart \", StringText a, InterpolationStart ${, StringStart \", StringText b, \
         InterpolationStart ${, Ident c, InterpolationEnd }, StringEnd \", InterpolationEnd }, StringEnd \"",
    );
    check(
        "\"${%{1 => 2}}\"",
        "StringStart \", InterpolationStart ${, PercentBrace %{, IntNumber 1, FatArrow =>, IntNumber 2, \
         RightBrace }, InterpolationEnd }, StringEnd \"",
    );
    check("\"\"\"a\"b\"\"\"", "StringStart \"\"\", StringText a\"b, StringEnd \"\"\"");
    check("\"a$\\n", "StringStart \", StringText a$, StringEscape \\n");
}

#[test]
fn comments_nest() {
    check("#= a #= b =# c =# d", "BlockComment #= a #= b =# c =#, Ident d");
    check("#{1}", "HashBrace #{, IntNumber 1, RightBrace }");
    check("##! m\n## d\n# c", "ModuleDoc ##! m, Newline \n, DocComment ## d, Newline \n, Comment # c");
}
