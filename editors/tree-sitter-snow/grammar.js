// The grammar of Snow for colours: words, literals with what is interpolated in them, and brackets that nest.
//
// Structure beyond that depends on line breaks and belongs to the language server, which shows outlines and layouts. So
// every text has a tree here, half-typed ones too, and the queries tell roles by neighbours: a name behind `fn`, before `(`.

// The reserved words; a test compares them with those of the compiler.
const KEYWORDS = [
  "actor", "and", "as", "break", "case", "continue", "do", "else", "end", "fn", "for", "if", "impl", "import", "in",
  "interface", "let", "not", "or", "pub", "receive", "return", "service", "struct", "supervisor", "type", "when",
  "where", "while",
];

// Words that mean something in one construct only are names; the queries colour them by their neighbours.
const OPERATORS = [
  "..=", "..", "::", "->", "=>", "==", "!=", "<=", ">=", "<>", "++", "|>", "=", "<", ">", "+", "-", "*", "/", "%", "|",
  "?", "^", "!",
];

module.exports = grammar({
  name: "snow",

  extras: () => [/\s/],

  word: ($) => $.identifier,

  rules: {
    source_file: ($) => repeat($._part),

    _part: ($) =>
      choice(
        $.comment,
        $.doc_comment,
        $.block_comment,
        ...KEYWORDS,
        $.boolean,
        $.identifier,
        $.type_identifier,
        $.integer,
        $.float,
        $.string,
        $.bytes,
        $.tag,
        $.operator,
        ",",
        ";",
        ":",
        ".",
        $.parentheses,
        $.brackets,
        $.braces,
      ),

    parentheses: ($) => seq("(", repeat($._part), ")"),
    brackets: ($) => seq("[", repeat($._part), "]"),
    braces: ($) => seq(choice("{", "%{", "#{"), repeat($._part), "}"),

    comment: () => token(/#([^#=!{\n][^\n]*)?/),
    doc_comment: () => token(/##[^\n]*/),
    // One inside another ends the outer one too: telling them apart needs a scanner of its own.
    block_comment: () => token(seq("#=", /([^=]|=+[^=#])*/, /=+#/)),

    boolean: () => choice("true", "false"),
    operator: () => choice(...OPERATORS),
    identifier: () => /[\p{Ll}\p{Lo}_][\p{L}\p{N}_]*/,
    type_identifier: () => /\p{Lu}[\p{L}\p{N}_]*/,
    integer: () => /0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*/,
    float: () => /[0-9][0-9_]*(\.[0-9][0-9_]*([eE][+-]?[0-9_]+)?|[eE][+-]?[0-9_]+)/,
    tag: () => token(seq(":", choice(/[\p{L}_][\p{L}\p{N}_]*/, /"([^"\\]|\\.)*"/))),
    bytes: () => token(seq('b"', /([^"\\]|\\(.|\n))*/, '"')),

    string: ($) =>
      choice(
        seq('"""', repeat(choice($._block_text, $.escape, $.interpolation)), '"""'),
        seq('"', repeat(choice($._text, $.escape, $.interpolation)), '"'),
      ),
    _text: () => token.immediate(/[^"\\$]+|\$[^{"\\$]?/),
    _block_text: () => token.immediate(/[^"\\$]+|\$[^{"\\$]?|"|""/),
    escape: () => token.immediate(/\\(u\{[0-9a-fA-F]+\}|.)/),
    interpolation: ($) => seq(token.immediate("${"), repeat($._part), "}"),
  },
});
