//! Patterns as text.

use super::Printer;
use crate::hir::{Expr, Pattern, PatternKind, ReceivePattern, SignalKind, VariantRef};

impl Printer<'_> {
    pub fn patterns(&mut self, patterns: &[Pattern]) {
        self.separated(patterns, |p, pattern| p.pattern(pattern));
    }

    fn with_parts(&mut self, parts: &[Pattern]) {
        if !parts.is_empty() {
            self.push("(");
            self.patterns(parts);
            self.push(")");
        }
    }

    pub fn variant(&mut self, variant: VariantRef) {
        let def = &self.program.types[variant.ty];
        let crate::hir::TypeDefKind::Sum(variants) = &def.kind else { return };
        self.shown(variants[variant.index as usize].name);
    }

    pub fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Error => self.push("?"),
            PatternKind::Wild => self.push("_"),
            PatternKind::Bind(local) => self.local(*local),
            PatternKind::As(inner, local) => {
                self.pattern(inner);
                self.push(" as ");
                self.local(*local);
            }
            PatternKind::Int(value) => self.shown(value),
            PatternKind::Float(value) => self.shown(format_args!("{value:?}")),
            PatternKind::Bool(value) => self.shown(value),
            PatternKind::String(text) => self.shown(format_args!("{text:?}")),
            PatternKind::Bytes(bytes) => self.shown(format_args!("bytes {bytes:?}")),
            PatternKind::Unit => self.push("()"),
            PatternKind::Pin(value) => {
                self.push("^");
                self.expr(value);
            }
            PatternKind::Tuple(parts) => self.with_parts(parts),
            PatternKind::Tag(name, parts) => {
                self.shown(format_args!(":{name}"));
                self.with_parts(parts);
            }
            PatternKind::Variant(variant, parts) => {
                self.variant(*variant);
                self.with_parts(parts);
            }
            PatternKind::Struct(id, parts) => {
                self.shown(self.program.types[*id].name);
                self.with_parts(parts);
            }
            PatternKind::Map(entries) => self.map_pattern(entries),
            PatternKind::Prefix(text, rest) => {
                self.shown(format_args!("{text:?} <> "));
                self.pattern(rest);
            }
            PatternKind::Range(first, last) => self.shown(format_args!("{first}..={last}")),
            PatternKind::Or(alternatives) => {
                for (index, alternative) in alternatives.iter().enumerate() {
                    self.push(if index > 0 { " | " } else { "" });
                    self.pattern(alternative);
                }
            }
            PatternKind::Typed(inner, ty) => {
                self.push("(");
                self.pattern(inner);
                self.annotation(Some(ty));
                self.push(")");
            }
        }
    }

    fn map_pattern(&mut self, entries: &[(Expr, Pattern)]) {
        self.push("%{");
        self.separated(entries, |p, (key, value)| {
            p.expr(key);
            p.push(" => ");
            p.pattern(value);
        });
        self.push("}");
    }

    pub fn receive_pattern(&mut self, pattern: &ReceivePattern) {
        match pattern {
            ReceivePattern::Message(pattern) => self.pattern(pattern),
            ReceivePattern::Signal(kind, parts) => {
                self.push("signal ");
                self.push(signal_name(*kind));
                self.with_parts(parts);
            }
        }
    }
}

fn signal_name(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Down => "down",
        SignalKind::Exit => "exit",
        SignalKind::NodeUp => "nodeup",
        SignalKind::NodeDown => "nodedown",
        SignalKind::GlobalConflict => "global_conflict",
        SignalKind::GroupJoin => "group_join",
        SignalKind::GroupLeave => "group_leave",
    }
}
