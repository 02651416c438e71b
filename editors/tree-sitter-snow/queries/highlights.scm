; Colours. Of the patterns that fit a node the last one counts.

(identifier) @variable
(type_identifier) @type
((identifier) @variable.builtin (#any-of? @variable.builtin "self" "_"))

[
  "actor" "as" "break" "case" "continue" "do" "else" "end" "fn" "for" "if" "impl" "import" "in" "interface" "let" "pub"
  "receive" "return" "service" "struct" "supervisor" "type" "when" "where" "while"
] @keyword
["and" "or" "not"] @keyword.operator
; `true` and `false`
(boolean) @boolean

; Words that mean something in one construct only.
((identifier) @keyword . (type_identifier) (#any-of? @keyword "call" "cast" "from"))
((identifier) @keyword . (string) (#eq? @keyword "test"))
((identifier) @keyword . "do" (#any-of? @keyword "terminate" "opaque"))
((identifier) @keyword . (identifier) . "do" (#eq? @keyword "child"))
((identifier) @keyword . (parentheses) (#eq? @keyword "deriving"))
((identifier) @keyword (#any-of? @keyword "assert" "assert_matches" "assert_receive" "refute_receive" "after"))

((identifier) @function.call . (parentheses))
(["fn" "actor"] . (identifier) @function . (parentheses))
("." . (identifier) @property)
("." . (identifier) @function.call . (parentheses))
((identifier) @property . ":")

(integer) @number
(float) @number.float
(string) @string
(bytes) @string
(escape) @string.escape
(interpolation ["${" "}"] @punctuation.special)
(tag) @string.special.symbol
(operator) @operator

["(" ")" "[" "]" "{" "}" "#{" "%{"] @punctuation.bracket
["," ";" ":" "."] @punctuation.delimiter

(comment) @comment
(block_comment) @comment
(doc_comment) @comment.documentation
