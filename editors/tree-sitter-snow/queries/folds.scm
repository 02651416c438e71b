[(parentheses) (brackets) (braces) (block_comment)] @fold
