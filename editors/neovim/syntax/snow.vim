" Colours of Snow.
if exists("b:current_syntax")
  finish
endif

syn keyword snowKeyword do end if else case when while for in receive return break continue
syn keyword snowImport import as
syn match snowImport "^\s*from\>"
syn keyword snowOperatorWord and or not
syn keyword snowDefinition fn let struct type interface impl actor service supervisor
syn keyword snowModifier pub where
syn keyword snowBoolean true false
syn match snowContextual "^\s*\zs\(call\|cast\)\>\ze\s\+\u"
syn match snowContextual "^\s*\zstest\>\ze\s*\""
syn match snowContextual "^\s*\zs\(after\|terminate\)\>"
syn keyword snowSelf self
syn keyword snowForm spawn spawn_link spawn_monitor send assert assert_matches assert_receive refute_receive

syn match snowType "\<\u\w*"
syn match snowCall "\<[a-z_]\w*\ze("
syn match snowTag ":\@<!:\h\w*"
syn match snowTag ":\@<!:\"[^\"]*\""
syn match snowNumber "\<\d[0-9_]*\(\.\d[0-9_]*\)\?\([eE][+-]\?\d\+\)\?\>"
syn match snowNumber "\<0x[0-9a-fA-F_]\+\>"
syn match snowNumber "\<0[bo][0-7_]\+\>"
syn match snowOperator "|>\|->\|=>\|::\|\.\.=\?\|<>\|++\|[=!<>]=\|[-+*/%<>=|?^]"

syn match snowEscape contained "\\\(u{\x\+}\|x\x\x\|.\)"
syn region snowInterpolation contained matchgroup=snowDelimiter start="\${" end="}" contains=TOP
syn region snowString start=/"/ skip=/\\./ end=/"/ contains=snowEscape,snowInterpolation
syn region snowString start=/"""/ end=/"""/ contains=snowEscape,snowInterpolation
syn region snowBytes start=/\<b"/ skip=/\\./ end=/"/ contains=snowEscape

syn match snowComment "#.*$" contains=@Spell
syn match snowDoc "##.*$" contains=@Spell
syn region snowBlockComment start="#=" end="=#" contains=snowBlockComment,@Spell
syn match snowOperator "[#%]{"

hi def link snowKeyword Keyword
hi def link snowImport Include
hi def link snowOperatorWord Operator
hi def link snowDefinition Keyword
hi def link snowModifier StorageClass
hi def link snowBoolean Boolean
hi def link snowContextual Keyword
hi def link snowSelf Special
hi def link snowForm Special
hi def link snowType Type
hi def link snowCall Function
hi def link snowTag Constant
hi def link snowNumber Number
hi def link snowOperator Operator
hi def link snowEscape SpecialChar
hi def link snowDelimiter Delimiter
hi def link snowString String
hi def link snowBytes String
hi def link snowComment Comment
hi def link snowDoc SpecialComment
hi def link snowBlockComment Comment

let b:current_syntax = "snow"
