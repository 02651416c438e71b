//! `test` blocks and their options.

use super::{Resolver, Want};
use crate::codes;
use crate::hir::{FunctionId, Test};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast;
use snow_text::Span;

/// An option of a test.
enum Setting {
    TimeoutMs(u32),
    Tags(Vec<String>),
}

impl Resolver<'_> {
    pub fn test(&mut self, id: FunctionId, written: &ast::Test) {
        let title = written.title().map_or_else(String::new, |t| t.text());
        let mut test = Test { title, function: id, timeout_ms: Test::TIMEOUT_MS, tags: Vec::new() };
        for option in written.options() {
            match self.setting(&option) {
                Some(Setting::TimeoutMs(ms)) => test.timeout_ms = ms,
                Some(Setting::Tags(tags)) => test.tags = tags,
                None => {}
            }
        }
        self.body.in_test = true;
        let body = match written.body() {
            Some(block) => self.block(&block, Want::Nothing),
            None => self.unit(written.span()),
        };
        self.plain_function(id, None, body, written.span());
        self.output.tests.push(test);
    }

    /// What an option says. The tester reads it without running anything, so it is a literal.
    fn setting(&mut self, option: &ast::Arg) -> Option<Setting> {
        let name = option.name();
        match name.as_ref().map(|name| name.text()) {
            Some("timeout") => {
                let ms = option.value().and_then(|value| whole_number(&value));
                if ms.is_none() {
                    self.wrong_setting(
                        option.span(),
                        "`timeout:` is a number of milliseconds above zero, as in `timeout: 5000`",
                    );
                }
                ms.map(Setting::TimeoutMs)
            }
            Some("tags") => {
                let tags = option.value().and_then(|value| texts(&value));
                if tags.is_none() {
                    self.wrong_setting(
                        option.span(),
                        "`tags:` is a list of plain texts, as in `tags: [\"slow\"]`",
                    );
                }
                tags.map(Setting::Tags)
            }
            _ => {
                self.wrong_setting(option.span(), "a test has the options `timeout:` and `tags:`");
                None
            }
        }
    }

    fn wrong_setting(&mut self, span: Span, help: &str) {
        let text = "this is not an option of a test";
        self.report(Diagnostic::new(codes::FORM, span, text).help(help));
    }
}

fn whole_number(value: &ast::Expr) -> Option<u32> {
    let ast::Expr::Int(literal) = value else { return None };
    literal.value().ok().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
}

fn texts(value: &ast::Expr) -> Option<Vec<String>> {
    let ast::Expr::List(list) = value else { return None };
    if list.rest().is_some() {
        return None;
    }
    list.items().iter().map(plain_text).collect()
}

fn plain_text(value: &ast::Expr) -> Option<String> {
    let ast::Expr::String(literal) = value else { return None };
    let is_text = |part: &ast::StringPart| matches!(part, ast::StringPart::Text(_));
    literal.parts().iter().all(is_text).then(|| literal.text())
}
