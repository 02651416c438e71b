//! Patterns and the names they bind.

use super::Resolver;
use super::scope::Meaning;
use crate::codes;
use crate::definition::{FieldInfo, Shape, TypeName};
use crate::hir::{Expr, ExprKind, LocalId, ModuleId, Pattern, PatternKind, Target, TypeDefId, VariantRef};
use snow_diagnostics::{Diagnostic, Fix};
use snow_syntax::ast::{self, LiteralValue, Name};
use snow_text::{Span, Symbol};

/// The names that a pattern binds, in order.
#[derive(Default)]
pub(crate) struct Binder {
    pub names: Vec<(Name, LocalId)>,
    /// Names of the first alternative of an or-pattern: the others bind the same locals.
    shared: Vec<(Name, LocalId)>,
}

impl Resolver<'_> {
    /// A pattern whose names are in scope from here on.
    pub fn binding_pattern(&mut self, written: Option<ast::Pattern>, span: Span) -> Pattern {
        let Some(written) = written else { return self.pattern_node(PatternKind::Error, span) };
        let mut binder = Binder::default();
        let pattern = self.pattern(&written, &mut binder);
        self.bind_all(binder);
        pattern
    }

    /// The patterns of one arm, which may not bind a name twice.
    pub fn arm_patterns(
        &mut self,
        written: Vec<(Option<ast::Pattern>, Option<ast::Type>, Span)>,
    ) -> Vec<Pattern> {
        let mut binder = Binder::default();
        let mut patterns = Vec::new();
        for (pattern, ty, span) in written {
            let pattern = match pattern {
                Some(pattern) => self.pattern(&pattern, &mut binder),
                None => self.pattern_node(PatternKind::Error, span),
            };
            patterns.push(match ty {
                Some(ty) => {
                    let ty = self.ty(&ty);
                    self.pattern_node(PatternKind::Typed(Box::new(pattern), ty), span)
                }
                None => pattern,
            });
        }
        self.bind_all(binder);
        patterns
    }

    pub fn bind_all(&mut self, binder: Binder) {
        for (name, local) in binder.names {
            self.body.bind(name.symbol, Meaning::Local(local));
        }
    }

    /// A pattern whose names go to the binder.
    pub fn pattern(&mut self, written: &ast::Pattern, binder: &mut Binder) -> Pattern {
        let span = written.span();
        let kind = match written {
            ast::Pattern::Wildcard(_) => PatternKind::Wild,
            ast::Pattern::Name(it) => self.name_pattern(it.name(), binder),
            ast::Pattern::Literal(it) => self.literal_pattern(it),
            ast::Pattern::Pin(it) => self.pin(it),
            ast::Pattern::Unit(_) => PatternKind::Unit,
            ast::Pattern::Paren(it) => return self.optional_pattern(it.inner(), span, binder),
            ast::Pattern::Typed(it) => {
                let inner = self.boxed_pattern(it.inner(), span, binder);
                PatternKind::Typed(inner, self.optional_ty(it.ty(), span))
            }
            ast::Pattern::Tuple(it) => PatternKind::Tuple(self.all_patterns(&it.parts(), binder)),
            ast::Pattern::Tag(it) => {
                it.tag().map_or(PatternKind::Error, |t| PatternKind::Tag(t.symbol, vec![]))
            }
            ast::Pattern::Tagged(it) => {
                let payload = self.all_patterns(&it.payload(), binder);
                it.tag().map_or(PatternKind::Error, |t| PatternKind::Tag(t.symbol, payload))
            }
            ast::Pattern::Path(it) => self.variant_pattern(it.path(), &[], &[], binder, span),
            ast::Pattern::Variant(it) => {
                self.variant_pattern(it.path(), &it.args(), &it.fields(), binder, span)
            }
            ast::Pattern::Record(it) => self.record_pattern(it, binder),
            ast::Pattern::List(it) => return self.list_pattern(it, binder),
            ast::Pattern::Cons(it) => {
                let head = self.optional_pattern(it.head(), span, binder);
                if self.is_bare_type(it.tail(), span) {
                    return head;
                }
                let tail = self.optional_pattern(it.tail(), span, binder);
                self.cons_pattern(head, tail)
            }
            ast::Pattern::Map(it) => self.map_pattern(it, binder),
            ast::Pattern::Concat(it) => self.prefix_pattern(it, binder),
            ast::Pattern::Range(it) => self.range_pattern(it),
            ast::Pattern::Or(it) => self.or_pattern(it, binder),
            ast::Pattern::As(it) => {
                let inner = self.boxed_pattern(it.inner(), span, binder);
                match it.name() {
                    Some(name) => PatternKind::As(inner, self.bind_in(name, binder)),
                    None => PatternKind::Error,
                }
            }
            ast::Pattern::Error(_) => PatternKind::Error,
        };
        self.pattern_node(kind, span)
    }

    fn optional_pattern(
        &mut self,
        written: Option<ast::Pattern>,
        span: Span,
        binder: &mut Binder,
    ) -> Pattern {
        match written {
            Some(pattern) => self.pattern(&pattern, binder),
            None => self.pattern_node(PatternKind::Error, span),
        }
    }

    fn boxed_pattern(
        &mut self,
        written: Option<ast::Pattern>,
        span: Span,
        binder: &mut Binder,
    ) -> Box<Pattern> {
        Box::new(self.optional_pattern(written, span, binder))
    }

    fn all_patterns(&mut self, written: &[ast::Pattern], binder: &mut Binder) -> Vec<Pattern> {
        written.iter().map(|p| self.pattern(p, binder)).collect()
    }

    fn name_pattern(&mut self, name: Option<Name>, binder: &mut Binder) -> PatternKind {
        name.map_or(PatternKind::Error, |name| PatternKind::Bind(self.bind_in(name, binder)))
    }

    fn bind_in(&mut self, name: Name, binder: &mut Binder) -> LocalId {
        let before = binder.names.iter().find(|(n, _)| n.symbol == name.symbol).map(|(_, local)| *local);
        let before = before.filter(|_| !name.text().starts_with('_'));
        let shared = binder.shared.iter().find(|(n, _)| n.symbol == name.symbol);
        let local = match shared {
            Some((_, local)) => {
                let local = *local;
                self.mention(name.span, Target::Local(local));
                local
            }
            None => self.new_local(name),
        };
        if let Some(before) = before {
            self.output.used.extend([before, local]);
            self.bound_twice(name);
        }
        binder.names.push((name, local));
        local
    }

    fn literal_pattern(&mut self, written: &ast::LiteralPattern) -> PatternKind {
        match written.value() {
            Some(LiteralValue::Int(value)) => value.map_or(PatternKind::Error, PatternKind::Int),
            Some(LiteralValue::Float(value)) => PatternKind::Float(value),
            Some(LiteralValue::Bool(value)) => PatternKind::Bool(value),
            Some(LiteralValue::String(text)) => PatternKind::String(text.into()),
            Some(LiteralValue::Bytes(bytes)) => PatternKind::Bytes(bytes.into()),
            None => PatternKind::Error,
        }
    }

    fn pin(&mut self, written: &ast::PinPattern) -> PatternKind {
        let Some(name) = written.name() else { return PatternKind::Error };
        let kind = match self.local(name) {
            None => self.own_value(name.symbol).map(|value| {
                self.mention_function(name, value.id);
                self.function_value(value.id, name.span).kind
            }),
            local => local,
        };
        match kind {
            Some(kind @ (ExprKind::Local(_) | ExprKind::Call { .. })) => {
                PatternKind::Pin(Box::new(self.expr(kind, name.span)))
            }
            Some(_) => {
                let text = format!("`^{}` is a function, which cannot be compared", name.text());
                self.report(Diagnostic::new(codes::PATTERN, name.span, text));
                PatternKind::Error
            }
            None => {
                let candidates: Vec<&str> = self.body.names().map(|n| n.as_str()).collect();
                self.unknown(name, "value", &candidates);
                PatternKind::Error
            }
        }
    }

    // ---- Variants and structs

    /// The variant that a path means; reports one that does not exist.
    pub fn variant_path(&mut self, path: &[Name]) -> Option<VariantRef> {
        let last = *path.last()?;
        let found = match path {
            [name] => self.variants(name.symbol),
            _ => self.qualified_variants(path)?,
        };
        match found.as_slice() {
            [] => {
                self.unknown_variant(last);
                None
            }
            [variant] => {
                self.mention(last.span, Target::Variant(*variant));
                Some(*variant)
            }
            [first, second, ..] => {
                let types = [first, second].map(|v| self.definitions.types[v.ty].name);
                let text = format!("`{}` is a variant of {} and of {}", last.text(), types[0], types[1]);
                let help = format!("write `{}.{}`", types[0], last.text());
                self.report(Diagnostic::new(codes::AMBIGUOUS, last.span, text).help(help));
                Some(*first)
            }
        }
    }

    /// `Type.Variant`, `Module.Variant`, `Module.Type.Variant`; `None` when reported already.
    fn qualified_variants(&mut self, path: &[Name]) -> Option<Vec<VariantRef>> {
        let (last, front) = path.split_last()?;
        if let [ty] = front
            && let Some(TypeName::Def(id)) = self.type_name(ty.symbol)
        {
            if let Some(variant) = self.definitions.variant_of(id, last.symbol) {
                self.mention(ty.span, Target::Type(id));
                return Some(vec![variant]);
            }
            if self.module_prefix(front).is_none() {
                self.no_such_variant(id, *last);
                return None;
            }
        }
        let Some((module, length)) = self.module_prefix(path) else {
            let candidates = self.capitalised_candidates();
            self.unknown(path[0], "type or module", &candidates);
            return None;
        };
        self.mention_module(&path[..length], module);
        if length + 1 < path.len() {
            let TypeName::Def(id) = self.find_type(front)? else { return Some(Vec::new()) };
            let variant = self.definitions.variant_of(id, last.symbol);
            if variant.is_none() {
                self.no_such_variant(id, *last);
            }
            return variant.map(|v| vec![v]);
        }
        let variants =
            self.definitions.tables[module].variants.get(&last.symbol).cloned().unwrap_or_default();
        let visible = variants.iter().copied().filter(|v| self.variant_visible(*v)).collect::<Vec<_>>();
        if visible.is_empty() {
            self.unknown_in_module(module, *last, !variants.is_empty());
            return None;
        }
        Some(visible)
    }

    fn no_such_variant(&mut self, id: TypeDefId, name: Name) {
        if self.is_wanted(name) {
            return self.offer_variants(id);
        }
        let info = &self.definitions.types[id];
        let known: Vec<&str> = match &info.shape {
            Shape::Sum(variants) => variants.iter().map(|v| v.name.as_str()).collect(),
            _ => Vec::new(),
        };
        let text = format!("{} has no variant `{}`", info.name, name.text());
        let problem = Diagnostic::new(codes::UNKNOWN_VARIANT, name.span, text);
        let problem = match crate::suggest::nearest(name.text(), known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None if known.is_empty() => problem,
            None => problem.help(format!("its variants are {}", known.join(", "))),
        };
        self.report(problem);
    }

    /// Whether the tail of a `head :: tail`, all of which is at `span`, is a type, which is reported.
    fn is_bare_type(&mut self, tail: Option<ast::Pattern>, span: Span) -> bool {
        let Some(ast::Pattern::Path(path)) = tail else { return false };
        let path = path.path().map_or_else(Vec::new, |path| path.segments());
        let [name] = path.as_slice() else { return false };
        if self.type_name(name.symbol).is_none() || !self.variants(name.symbol).is_empty() {
            return false;
        }
        let text = format!("`{}` is a type, and `::` in a pattern takes a list apart", name.text());
        let (start, end) = (Span { end: span.start, ..span }, Span { start: span.end, ..span });
        let mut problem = Diagnostic::new(codes::UNKNOWN_VARIANT, name.span, text);
        let title = "put parentheses around a pattern with its type".to_string();
        problem.fixes.push(Fix { title, edits: vec![(start, "(".into()), (end, ")".into())] });
        self.report(problem);
        true
    }

    fn unknown_variant(&mut self, name: Name) {
        if self.is_wanted(name) {
            return self.offer_scope();
        }
        if self.own_value(name.symbol).is_some() {
            let text = format!("`{}` is a constant, which cannot be a pattern", name.text());
            let help = format!("bind a name and compare it: `x when x == {}`", name.text());
            return self.report(Diagnostic::new(codes::PATTERN, name.span, text).help(help));
        }
        if !self.reported.insert((self.module, name.symbol)) {
            return;
        }
        if let Some(TypeName::Def(id)) = self.type_name(name.symbol)
            && let Shape::Struct(fields) = &self.definitions.types[id].shape
        {
            let written: Vec<String> =
                fields.iter().filter_map(|field| field.name).map(|field| format!("{field}: …")).collect();
            let text = format!("`{}` is a struct: its fields are given by name, in braces", name.text());
            let help = format!("as in `{} {{ {} }}`", name.text(), written.join(", "));
            return self.report(Diagnostic::new(codes::UNKNOWN_VARIANT, name.span, text).help(help));
        }
        let candidates = self.capitalised_candidates();
        let text = format!("there is no variant `{}` here", name.text());
        let problem = Diagnostic::new(codes::UNKNOWN_VARIANT, name.span, text);
        if let Some((ty, module)) = self.imported_type_with(name.symbol) {
            let shown = self.definitions.tables[module].shown();
            let full = format!("{ty}.{}", name.text());
            let help = format!(
                "write `{full}`, or import the variant too: `from {shown} import {ty}, {}`",
                name.text()
            );
            return self.report(problem.help(help).fix(format!("write `{full}`"), name.span, full));
        }
        self.report(match crate::suggest::nearest(name.text(), candidates) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).fix(
                format!("write `{near}`"),
                name.span,
                near,
            ),
            None => problem,
        });
    }

    /// The imported type that has a variant of this name, and the module it comes from. It counts as used.
    fn imported_type_with(&mut self, variant: Symbol) -> Option<(Symbol, ModuleId)> {
        let imported = &self.definitions.tables[self.file_module()].imported;
        let types = imported.iter().filter_map(|(name, imported)| {
            let TypeName::Def(id) = *self.definitions.tables[imported.module].types.get(name)? else {
                return None;
            };
            self.definitions.variant_of(id, variant).map(|_| (*name, imported.module))
        });
        let (name, module) = types.min_by_key(|(name, _)| name.as_str())?;
        self.own_type(name);
        Some((name, module))
    }

    fn variant_pattern(
        &mut self,
        path: Option<ast::Path>,
        args: &[ast::Pattern],
        fields: &[ast::FieldPattern],
        binder: &mut Binder,
        span: Span,
    ) -> PatternKind {
        let segments = path.map_or_else(Vec::new, |p| p.segments());
        let positional = self.all_patterns(args, binder);
        let Some(variant) = self.variant_path(&segments) else {
            self.field_patterns(fields, &[], "", binder);
            return PatternKind::Error;
        };
        self.mention_fields(Record::Variant(variant), fields.iter().filter_map(|field| field.name()));
        let info = self.definitions.variant(variant);
        let (name, infos) = (info.name, info.fields.clone());
        if positional.len() > infos.len() || (fields.is_empty() && positional.len() < infos.len()) {
            let text = count_text(name, infos.len(), positional.len());
            self.report(Diagnostic::new(codes::ARGUMENT_COUNT, span, text));
            return PatternKind::Error;
        }
        let named = self.field_patterns(fields, &infos, name.as_str(), binder);
        let given = positional.len();
        let mut slots: Vec<Option<Pattern>> = positional.into_iter().map(Some).collect();
        slots.resize_with(infos.len(), || None);
        for (index, pattern) in named {
            if index < given {
                let text = format!("the field at place {} of {name} is given twice", index + 1);
                self.report(Diagnostic::new(codes::NAMED_ARGUMENT, pattern.span, text));
            }
            slots[index] = Some(pattern);
        }
        PatternKind::Variant(variant, self.fill(slots, span))
    }

    fn fill(&mut self, slots: Vec<Option<Pattern>>, span: Span) -> Vec<Pattern> {
        let wild = |r: &mut Self| r.pattern_node(PatternKind::Wild, span);
        slots.into_iter().map(|slot| slot.unwrap_or_else(|| wild(self))).collect()
    }

    /// Patterns by field; what is wrong with them is reported.
    fn field_patterns(
        &mut self,
        written: &[ast::FieldPattern],
        infos: &[FieldInfo],
        owner: &str,
        binder: &mut Binder,
    ) -> Vec<(usize, Pattern)> {
        let mut named: Vec<(usize, Pattern)> = Vec::new();
        for field in written {
            let Some(name) = field.name() else { continue };
            let pattern = match field.pattern() {
                Some(pattern) => self.pattern(&pattern, binder),
                None => {
                    let kind = self.name_pattern(Some(name), binder);
                    self.pattern_node(kind, name.span)
                }
            };
            match infos.iter().position(|i| i.name == Some(name.symbol)) {
                Some(index) if named.iter().any(|(i, _)| *i == index) => {
                    let text = format!("the field `{}` is given twice", name.text());
                    self.report(Diagnostic::new(codes::NAMED_ARGUMENT, name.span, text));
                }
                Some(index) => named.push((index, pattern)),
                None if owner.is_empty() => {}
                None => self.unknown_field(owner, name, infos),
            }
        }
        named
    }

    /// Reports a field that a struct or variant does not have.
    pub fn unknown_field(&mut self, owner: &str, name: Name, infos: &[FieldInfo]) {
        let known: Vec<&str> = infos.iter().filter_map(|i| i.name).map(|n| n.as_str()).collect();
        let text = format!("{owner} has no field `{}`", name.text());
        let problem = Diagnostic::new(codes::FIELD, name.span, text);
        self.report(match crate::suggest::nearest(name.text(), known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).fix(
                format!("write `{near}`"),
                name.span,
                near,
            ),
            None if known.is_empty() => problem,
            None => problem.help(format!("its fields are {}", known.join(", "))),
        });
    }

    fn record_pattern(&mut self, written: &ast::RecordPattern, binder: &mut Binder) -> PatternKind {
        let span = written.span();
        let segments = written.path().map_or_else(Vec::new, |p| p.segments());
        let Some(record) = self.record_path(&segments) else {
            self.field_patterns(&written.fields(), &[], "", binder);
            return PatternKind::Error;
        };
        self.mention_fields(record, written.fields().iter().filter_map(|field| field.name()));
        let (name, infos) = self.record_fields(record);
        let named = self.field_patterns(&written.fields(), &infos, name.as_str(), binder);
        let mut slots: Vec<Option<Pattern>> = Vec::new();
        slots.resize_with(infos.len(), || None);
        for (index, pattern) in named {
            slots[index] = Some(pattern);
        }
        if !written.is_open() {
            let missing = infos.iter().zip(&slots).filter(|(_, s)| s.is_none()).filter_map(|(i, _)| i.name);
            let missing: Vec<&str> = missing.map(|n| n.as_str()).collect();
            if !missing.is_empty() {
                let text = format!("this pattern does not mention {} of {name}", missing.join(", "));
                let problem = Diagnostic::new(codes::FIELD, span, text);
                self.report(problem.help("end it in `..` if the other fields may be anything"));
            }
        }
        let patterns = self.fill(slots, span);
        match record {
            Record::Struct(id) => PatternKind::Struct(id, patterns),
            Record::Variant(variant) => PatternKind::Variant(variant, patterns),
        }
    }

    // ---- Lists, maps, text

    fn list_pattern(&mut self, written: &ast::ListPattern, binder: &mut Binder) -> Pattern {
        let span = written.span();
        let items = self.all_patterns(&written.items(), binder);
        let mut tail = match written.rest() {
            Some(rest) => match rest.pattern() {
                Some(pattern) => self.pattern(&pattern, binder),
                None => self.pattern_node(PatternKind::Wild, rest.span()),
            },
            None => {
                let kind =
                    self.list_variant(0).map_or(PatternKind::Error, |v| PatternKind::Variant(v, vec![]));
                self.pattern_node(kind, span)
            }
        };
        for item in items.into_iter().rev() {
            let kind = self.cons_pattern(item, tail);
            tail = self.pattern_node(kind, span);
        }
        tail
    }

    fn list_variant(&self, index: u32) -> Option<VariantRef> {
        self.definitions.std_type("List").map(|ty| VariantRef { ty, index })
    }

    fn cons_pattern(&mut self, head: Pattern, tail: Pattern) -> PatternKind {
        let cons = self.list_variant(1);
        cons.map_or(PatternKind::Error, |v| PatternKind::Variant(v, vec![head, tail]))
    }

    fn map_pattern(&mut self, written: &ast::MapPattern, binder: &mut Binder) -> PatternKind {
        let mut entries = Vec::new();
        for entry in written.entries() {
            let span = entry.span();
            let key = match entry.key() {
                Some(key) => self.key(&key),
                None => self.error(span),
            };
            entries.push((key, self.optional_pattern(entry.value(), span, binder)));
        }
        PatternKind::Map(entries)
    }

    /// A key of a map pattern as an expression.
    fn key(&mut self, written: &ast::Pattern) -> Expr {
        let span = written.span();
        let kind = match written {
            ast::Pattern::Literal(literal) => match self.literal_pattern(literal) {
                PatternKind::Int(value) => ExprKind::Int(value),
                PatternKind::Float(value) => ExprKind::Float(value),
                PatternKind::Bool(value) => ExprKind::Bool(value),
                PatternKind::String(text) => ExprKind::String(text),
                PatternKind::Bytes(bytes) => ExprKind::Bytes(bytes),
                _ => ExprKind::Error,
            },
            ast::Pattern::Tag(tag) => match tag.tag() {
                Some(name) => ExprKind::Tag { name: name.symbol, args: Vec::new() },
                None => ExprKind::Error,
            },
            ast::Pattern::Pin(pin) => match self.pin(pin) {
                PatternKind::Pin(value) => value.kind,
                _ => ExprKind::Error,
            },
            _ => {
                let text = "a key of a map pattern is a literal, a tag or `^name`";
                let problem = Diagnostic::new(codes::PATTERN, span, text);
                let meant = match written {
                    ast::Pattern::Name(it) => it.name().filter(|name| self.local(*name).is_some()),
                    _ => None,
                };
                self.report(match meant {
                    Some(name) => {
                        let pinned = format!("^{}", name.text());
                        problem.fix(format!("write `{pinned}`"), span, pinned)
                    }
                    None => problem,
                });
                ExprKind::Error
            }
        };
        self.expr(kind, span)
    }

    fn prefix_pattern(&mut self, written: &ast::ConcatPattern, binder: &mut Binder) -> PatternKind {
        let span = written.span();
        let prefix = match written.prefix() {
            Some(ast::Pattern::Literal(literal)) => self.literal_pattern(&literal),
            _ => PatternKind::Error,
        };
        let rest = self.boxed_pattern(written.rest(), span, binder);
        match prefix {
            PatternKind::String(text) => PatternKind::Prefix(text, rest),
            _ => {
                let text = "only a string can stand in front of `<>` in a pattern";
                self.report(Diagnostic::new(codes::PATTERN, span, text).help("as in `\"GET \" <> path`"));
                PatternKind::Error
            }
        }
    }

    fn range_pattern(&mut self, written: &ast::RangePattern) -> PatternKind {
        let bound = |r: &mut Self, literal: Option<ast::LiteralPattern>| match literal {
            Some(literal) => match r.literal_pattern(&literal) {
                PatternKind::Int(value) => Some(value),
                PatternKind::Error => None,
                _ => {
                    let text = "the bounds of a range pattern are Ints";
                    r.report(Diagnostic::new(codes::PATTERN, literal.span(), text));
                    None
                }
            },
            None => None,
        };
        let (start, end) = (bound(self, written.start()), bound(self, written.end()));
        let (Some(start), Some(end)) = (start, end) else { return PatternKind::Error };
        let last = if written.is_inclusive() { Some(end) } else { end.checked_sub(1) };
        match last.filter(|last| *last >= start) {
            Some(last) => PatternKind::Range(start, last),
            None => {
                let text = "this range is empty, so the pattern can never match";
                self.report(Diagnostic::new(codes::PATTERN, written.span(), text));
                PatternKind::Error
            }
        }
    }

    fn or_pattern(&mut self, written: &ast::OrPattern, binder: &mut Binder) -> PatternKind {
        let mut alternatives = written.alternatives().into_iter();
        let Some(first) = alternatives.next() else { return PatternKind::Error };
        let before = binder.names.len();
        let mut patterns = vec![self.pattern(&first, binder)];
        let bound: Vec<(Name, LocalId)> = binder.names[before..].to_vec();
        for alternative in alternatives {
            let shared = bound.iter().chain(&binder.shared).copied().collect();
            let mut other = Binder { names: Vec::new(), shared };
            patterns.push(self.pattern(&alternative, &mut other));
            self.same_names(&bound, &other.names, alternative.span());
            let extra =
                other.names.into_iter().filter(|(n, _)| !bound.iter().any(|(b, _)| b.symbol == n.symbol));
            binder.names.extend(extra);
        }
        PatternKind::Or(patterns)
    }

    fn same_names(&mut self, bound: &[(Name, LocalId)], other: &[(Name, LocalId)], span: Span) {
        let has = |names: &[(Name, LocalId)], name: Symbol| names.iter().any(|(n, _)| n.symbol == name);
        let lacks = bound.iter().find(|(n, _)| !has(other, n.symbol)).map(|(n, _)| *n);
        let extra = other.iter().find(|(n, _)| !has(bound, n.symbol)).map(|(n, _)| *n);
        let help = "every alternative of a pattern must bind the same names";
        if lacks.is_some() || extra.is_some() {
            self.output.used.extend(bound.iter().chain(other).map(|(_, local)| *local));
        }
        if let Some(name) = lacks {
            let text = format!("this alternative does not bind `{}`", name.text());
            let problem = Diagnostic::new(codes::OR_NAMES, span, text);
            self.report(problem.label(name.span, "bound here").help(help));
        } else if let Some(name) = extra {
            let text = format!("only this alternative binds `{}`", name.text());
            self.report(Diagnostic::new(codes::OR_NAMES, name.span, text).help(help));
        }
    }
}

/// What can be written with braces.
#[derive(Clone, Copy)]
pub(crate) enum Record {
    Struct(TypeDefId),
    Variant(VariantRef),
}

impl Resolver<'_> {
    /// The struct or variant of `Name { … }`; reports one that does not exist.
    pub fn record_path(&mut self, path: &[Name]) -> Option<Record> {
        let struct_id = match path {
            [name] => self.type_name(name.symbol),
            [ty, name] if self.module_prefix(&[*ty]).is_some() => {
                let (module, _) = self.module_prefix(&[*ty])?;
                self.definitions.tables[module].types.get(&name.symbol).copied()
            }
            _ => None,
        };
        if let Some(TypeName::Def(id)) = struct_id
            && matches!(self.definitions.types[id].shape, Shape::Struct(_))
        {
            let TypeName::Def(_) = self.find_type(path)? else { return None };
            self.check_opaque(id, *path.last()?);
            return Some(Record::Struct(id));
        }
        self.variant_path(path).map(Record::Variant)
    }

    fn check_opaque(&mut self, id: TypeDefId, name: Name) {
        let info = &self.definitions.types[id];
        if info.opaque && !self.is_home(info.module) {
            let home = self.definitions.tables[info.module].shown();
            let text = format!("the fields of {} are private to {home}", info.name);
            let help = format!("use the functions of {home}");
            self.report(Diagnostic::new(codes::PRIVATE, name.span, text).help(help));
        }
    }

    /// Name and fields of a record.
    pub fn record_fields(&self, record: Record) -> (Symbol, Vec<FieldInfo>) {
        match record {
            Record::Struct(id) => match &self.definitions.types[id].shape {
                Shape::Struct(fields) => (self.definitions.types[id].name, fields.clone()),
                _ => unreachable!("a record of a struct is a struct"),
            },
            Record::Variant(variant) => {
                let info = self.definitions.variant(variant);
                (info.name, info.fields.clone())
            }
        }
    }
}

/// "`Some` takes one value, but 2 are given"
pub(crate) fn count_text(name: Symbol, wanted: usize, given: usize) -> String {
    let wanted = match wanted {
        0 => "no values".to_string(),
        1 => "one value".to_string(),
        n => format!("{n} values"),
    };
    let given = match given {
        0 => "none is given".to_string(),
        1 => "one is given".to_string(),
        n => format!("{n} are given"),
    };
    format!("`{name}` takes {wanted}, but {given}")
}
