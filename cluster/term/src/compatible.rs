//! Whether values of a writer's type can be read as a reader's, and if not, where and why.
//!
//! Fields are matched by name, and one that the reader lacks is skipped; one that only the reader has is a mismatch,
//! since no value for it exists in the bytes. Variants and tags are matched by name; one that the reader lacks is an
//! error for such a value only. `Int` may be read as `Float`. In keys of maps and sets only what keeps different keys
//! different is allowed. Behind `Pid` the direction turns round: what the reader may send must fit what the process
//! receives, with no variant missing.

use crate::error::Mismatch;
use crate::schema::{Case, Member, Node, NodeId, Schema, base_name};
use std::collections::HashSet;

/// Checks that values of `written` can be read as `expected`.
///
/// # Errors
/// The first difference that no rule covers.
pub fn check(written: &Schema, expected: &Schema) -> Result<(), Box<Mismatch>> {
    compare(written, expected, Mode { turned: false, key: false, pid: false })
}

/// Checks that whatever is of type `sent` may be sent to a process that receives `received`: no variant is missing.
///
/// # Errors
/// The first difference that no rule covers.
pub fn check_mailbox(sent: &Schema, received: &Schema) -> Result<(), Box<Mismatch>> {
    compare(sent, received, Mode { turned: false, key: false, pid: true })
}

fn compare(written: &Schema, expected: &Schema, mode: Mode) -> Result<(), Box<Mismatch>> {
    if written.fingerprint() == expected.fingerprint() {
        return Ok(());
    }
    let root = Step { parent: None, text: root_name(written) };
    let mut checker = Checker { written, expected, queue: vec![], steps: vec![root], seen: HashSet::new() };
    checker.add(Pair { from: NodeId(0), to: NodeId(0), mode }, 0);
    while let Some((pair, at)) = checker.queue.pop() {
        checker.pair(at, pair).map_err(|(at, difference)| checker.mismatch(at, difference))?;
    }
    Ok(())
}

fn root_name(schema: &Schema) -> String {
    match schema.node(NodeId(0)) {
        Node::Struct(name, _) | Node::Sum(name, _) => base_name(name).to_owned(),
        Node::Tags(_) => "message".to_owned(),
        _ => "value".to_owned(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Mode {
    /// Values flow from the reader's type to the writer's.
    turned: bool,
    /// Inside a key.
    key: bool,
    /// Inside a pid's mailbox type.
    pid: bool,
}

/// Values flow from type `from` of one schema to `to` of the other.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Pair {
    from: NodeId,
    to: NodeId,
    mode: Mode,
}

/// One step of the path from the root.
struct Step {
    parent: Option<usize>,
    text: String,
}

/// A difference and the step at which it was found.
type Difference = (usize, String);

struct Checker<'a> {
    written: &'a Schema,
    expected: &'a Schema,
    /// Pairs still to check, each with its step.
    queue: Vec<(Pair, usize)>,
    steps: Vec<Step>,
    seen: HashSet<Pair>,
}

impl<'a> Checker<'a> {
    fn add(&mut self, pair: Pair, step: usize) {
        if self.seen.insert(pair) {
            self.queue.push((pair, step));
        }
    }

    fn step(&mut self, parent: usize, text: String) -> usize {
        self.steps.push(Step { parent: Some(parent), text });
        self.steps.len() - 1
    }

    fn child(&mut self, at: usize, pair: Pair, text: &str) {
        if !self.seen.contains(&pair) {
            let step = self.step(at, text.to_owned());
            self.add(pair, step);
        }
    }

    fn schemas(&self, mode: Mode) -> (&'a Schema, &'a Schema) {
        if mode.turned { (self.expected, self.written) } else { (self.written, self.expected) }
    }

    fn mismatch(&self, at: usize, difference: String) -> Box<Mismatch> {
        let mut texts = vec![];
        let mut step = Some(at);
        while let Some(index) = step {
            texts.push(self.steps[index].text.as_str());
            step = self.steps[index].parent;
        }
        texts.reverse();
        let (written, expected) = (self.written.to_string(), self.expected.to_string());
        Box::new(Mismatch { written, expected, path: texts.concat(), difference })
    }

    fn pair(&mut self, at: usize, pair: Pair) -> Result<(), Difference> {
        let (from_schema, to_schema) = self.schemas(pair.mode);
        let (from, to) = (from_schema.node(pair.from), to_schema.node(pair.to));
        let mode = pair.mode;
        let inner = |from: NodeId, to: NodeId| Pair { from, to, mode };
        match (from, to) {
            (Node::Never, _) => {}
            (Node::Int, Node::Float) if !mode.key => {}
            (Node::Opaque(a), Node::Opaque(b)) if a == b => {}
            (Node::Pid(a), Node::Pid(b)) => {
                let mode = Mode { turned: !mode.turned, key: false, pid: true };
                self.child(at, Pair { from: *b, to: *a, mode }, ".pid");
            }
            (Node::Array(a), Node::Array(b)) | (Node::List(a), Node::List(b)) => {
                self.child(at, inner(*a, *b), "[]");
            }
            (Node::Set(a), Node::Set(b)) => self.key(at, inner(*a, *b)),
            (Node::Map(a, b), Node::Map(c, d)) => {
                self.key(at, inner(*a, *c));
                self.child(at, inner(*b, *d), "[]");
            }
            (Node::Tuple(a), Node::Tuple(b)) if a.len() == b.len() => {
                for (i, (a, b)) in a.iter().zip(b).enumerate() {
                    self.child(at, inner(*a, *b), &format!(".{i}"));
                }
            }
            (Node::Struct(a, from), Node::Struct(b, to)) if base_name(a) == base_name(b) => {
                self.members(at, mode, from, to)?;
            }
            (Node::Sum(a, from), Node::Sum(b, to)) if base_name(a) == base_name(b) => {
                self.cases(at, mode, from, to)?;
            }
            (Node::Tags(from), Node::Tags(to)) => self.cases(at, mode, from, to)?,
            (from, to) if same_leaf(from, to) => {}
            _ => return Err((at, self.different(pair))),
        }
        Ok(())
    }

    fn different(&self, pair: Pair) -> String {
        let (from_schema, to_schema) = self.schemas(pair.mode);
        let (from, to) = (from_schema.print(pair.from), to_schema.print(pair.to));
        match pair.mode.pid {
            false => format!("{from} was written and {to} is expected"),
            true => format!("{from} may be sent and {to} is received"),
        }
    }

    fn key(&mut self, at: usize, pair: Pair) {
        let mode = Mode { key: true, ..pair.mode };
        self.child(at, Pair { mode, ..pair }, ".key");
    }

    fn cases(&mut self, at: usize, mode: Mode, from: &[Case], to: &[Case]) -> Result<(), Difference> {
        for case in from {
            match to.iter().find(|c| c.name == case.name) {
                Some(other) => {
                    let step = self.step(at, format!(".{}", case.name));
                    self.members(step, mode, &case.members, &other.members)?;
                }
                None if mode.pid => {
                    return Err((at, format!("{} may be sent and is not received", case.name)));
                }
                None => {}
            }
        }
        Ok(())
    }

    fn members(&mut self, at: usize, mode: Mode, from: &[Member], to: &[Member]) -> Result<(), Difference> {
        let positional = |members: &[Member]| members.iter().all(|m| m.name.is_empty());
        if positional(from) && positional(to) && from.len() != to.len() {
            return Err((at, format!("{} values were written and {} are expected", from.len(), to.len())));
        }
        for (i, member) in to.iter().enumerate() {
            let Some(source) = member_index(from, to, i) else {
                return Err((at, format!("the field {} is expected and was not written", member.name)));
            };
            let text = if member.name.is_empty() { format!(".{i}") } else { format!(".{}", member.name) };
            self.child(at, Pair { from: from[source].ty, to: member.ty, mode }, &text);
        }
        match from.iter().find(|m| mode.key && to.iter().all(|t| t.name != m.name)) {
            Some(extra) => Err((at, format!("the field {} of a key would be lost", extra.name))),
            None => Ok(()),
        }
    }
}

/// Which of the writer's members the reader's member `index` comes from.
pub(crate) fn member_index(from: &[Member], to: &[Member], index: usize) -> Option<usize> {
    match to[index].name.as_str() {
        "" => from.get(index).filter(|m| m.name.is_empty()).map(|_| index),
        name => from.iter().position(|m| m.name == name),
    }
}

fn same_leaf(from: &Node, to: &Node) -> bool {
    let leaf = !matches!(
        from,
        Node::Opaque(_) | Node::Tuple(_) | Node::Struct(..) | Node::Sum(..) | Node::Tags(_) | Node::Map(..)
    );
    leaf && std::mem::discriminant(from) == std::mem::discriminant(to)
}
