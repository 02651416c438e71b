//! Strings with interpolation, maps, sets, struct literals and updates.

use super::Resolver;
use super::patterns::Record;
use crate::codes;
use crate::definition::FieldInfo;
use crate::hir::{Expr, ExprKind, Sugar};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Name, StringPart};
use snow_text::{Span, Symbol};

impl Resolver<'_> {
    pub fn string(&mut self, written: &ast::StringLiteral) -> Expr {
        let span = written.span();
        let mut parts = Vec::new();
        for part in written.parts() {
            parts.push(match part {
                StringPart::Text(text) => self.text(&text, span),
                StringPart::Expr(expr) => {
                    let value = Box::new(self.value(&expr));
                    self.expr(ExprKind::Show(value), expr.span())
                }
            });
        }
        match parts.len() {
            0 => self.text("", span),
            1 => parts.remove(0),
            _ => self.sugared(ExprKind::Concat(parts), span, Sugar::Interpolation),
        }
    }

    /// Entries as a list of pairs.
    fn pairs(&mut self, entries: &[ast::MapEntry], span: Span) -> Expr {
        let mut items = Vec::new();
        for entry in entries {
            let at = entry.span();
            let key = self.optional_expr(entry.key(), at);
            let value = self.optional_expr(entry.value(), at);
            items.push(self.expr(ExprKind::Tuple(vec![key, value]), at));
        }
        self.expr(ExprKind::List { items, rest: None }, span)
    }

    pub fn map(&mut self, written: &ast::Map) -> Expr {
        let span = written.span();
        let entries = written.entries();
        let kind = if entries.is_empty() {
            self.std_call("Map", "new", Vec::new(), span)
        } else {
            let pairs = self.pairs(&entries, span);
            self.std_call("Map", "from_list", vec![pairs], span)
        };
        self.sugared(kind, span, Sugar::Collection)
    }

    pub fn set(&mut self, written: &ast::Set) -> Expr {
        let span = written.span();
        let items = self.all_values(&written.items());
        let kind = if items.is_empty() {
            self.std_call("Set", "new", Vec::new(), span)
        } else {
            let list = self.expr(ExprKind::List { items, rest: None }, span);
            self.std_call("Set", "from_list", vec![list], span)
        };
        self.sugared(kind, span, Sugar::Collection)
    }

    /// `%{m | k => v}` puts into a map, `%{p | x: 2}` changes a struct.
    pub fn update(&mut self, written: &ast::Update) -> Expr {
        let span = written.span();
        let mut base = self.optional_expr(written.base(), span);
        let fields = written.fields();
        if fields.is_empty() {
            for entry in written.entries() {
                let key = self.optional_expr(entry.key(), span);
                let value = self.optional_expr(entry.value(), span);
                let kind = self.std_call("Map", "put", vec![base, key, value], span);
                base = self.sugared(kind, span, Sugar::Collection);
            }
            return base;
        }
        let mut made: Vec<(Symbol, Span, Expr)> = Vec::new();
        for field in &fields {
            let Some(name) = field.name() else { continue };
            let value = self.field_value(field, name);
            if made.iter().any(|(known, _, _)| *known == name.symbol) {
                self.given_twice(name);
                continue;
            }
            made.push((name.symbol, name.span, value));
        }
        self.expr(ExprKind::Update { base: Box::new(base), fields: made }, span)
    }

    fn given_twice(&mut self, name: Name) {
        let text = format!("the field `{}` is given twice", name.text());
        self.report(Diagnostic::new(codes::NAMED_ARGUMENT, name.span, text));
    }

    /// `x: e`, or `x` alone, which is the value of that name.
    fn field_value(&mut self, field: &ast::FieldValue, name: Name) -> Expr {
        if let Some(value) = field.value() {
            return self.value(&value);
        }
        if let Some(kind) = self.local(name) {
            return self.expr(kind, name.span);
        }
        if let Some(value) = self.own_value(name.symbol) {
            self.mention_function(name, value.id);
            return self.function_value(value.id, name.span);
        }
        let candidates = self.value_candidates();
        self.unknown(name, "value", &candidates);
        self.error(name.span)
    }

    pub fn struct_literal(&mut self, written: &ast::StructLiteral) -> Expr {
        let span = written.span();
        let segments = written.path().map_or_else(Vec::new, |p| p.segments());
        let record = self.record_path(&segments);
        let (owner, infos) = match record {
            Some(record) => self.record_fields(record),
            None => (Symbol::new(""), Vec::new()),
        };
        if let Some(record) = record {
            self.mention_fields(record, written.fields().iter().filter_map(|field| field.name()));
        }
        let mut fields: Vec<(u32, Expr)> = Vec::new();
        for field in written.fields() {
            let Some(name) = field.name() else { continue };
            let value = self.field_value(&field, name);
            match infos.iter().position(|i| i.name == Some(name.symbol)) {
                Some(index) if fields.iter().any(|(i, _)| *i == index as u32) => self.given_twice(name),
                Some(index) => fields.push((index as u32, value)),
                None if record.is_none() => {}
                None => self.unknown_field(owner.as_str(), name, &infos),
            }
        }
        let Some(record) = record else { return self.error(span) };
        self.missing_fields(owner, &infos, &mut fields, span);
        match record {
            Record::Struct(ty) => self.expr(ExprKind::Struct { ty, fields }, span),
            Record::Variant(variant) => self.named_variant(variant, fields, infos.len(), span),
        }
    }

    /// Fields that are not given take their defaults; others are reported.
    fn missing_fields(
        &mut self,
        owner: Symbol,
        infos: &[FieldInfo],
        fields: &mut Vec<(u32, Expr)>,
        span: Span,
    ) {
        let mut missing = Vec::new();
        for (index, info) in infos.iter().enumerate() {
            if fields.iter().any(|(i, _)| *i == index as u32) {
                continue;
            }
            let value = match info.default {
                Some(default) => {
                    let kind = self.call_of(default, Vec::new(), span);
                    self.expr(kind, span)
                }
                None => {
                    missing.push(
                        info.name.map_or_else(|| format!("number {}", index + 1), |n| format!("`{n}`")),
                    );
                    self.error(span)
                }
            };
            fields.push((index as u32, value));
        }
        if !missing.is_empty() {
            let fields = if missing.len() == 1 { "field" } else { "fields" };
            let text = format!("{owner} lacks the {fields} {}", missing.join(", "));
            self.report(
                Diagnostic::new(codes::FIELD, span, text).help("give every field that has no default"),
            );
        }
    }

    /// A variant by field names: evaluated as written, then put in order.
    fn named_variant(
        &mut self,
        variant: crate::hir::VariantRef,
        fields: Vec<(u32, Expr)>,
        count: usize,
        span: Span,
    ) -> Expr {
        let in_order = fields.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let mut statements = Vec::new();
        let mut slots: Vec<Option<Expr>> = (0..count).map(|_| None).collect();
        for (index, value) in fields {
            slots[index as usize] = Some(if in_order || super::calls::is_silent(&value) {
                value
            } else {
                let at = value.span;
                let (statement, local) = self.kept_value(value, "%field");
                statements.push(statement);
                self.local_use(local, at)
            });
        }
        let args = slots.into_iter().map(|s| s.expect("every field has a value")).collect();
        let value = self.expr(ExprKind::Construct { variant, args }, span);
        self.after(statements, value)
    }
}
