//! Receives: a loop over the mailbox that ends in an arm or at the timeout.

use crate::function::{Cursor, Dest, Diverged, FunctionLowering};
use crate::ir::{Block, Call, End, JoinId, Operand, Operation};
use snow_abi::entries::{self, Entry};
use snow_abi::value::Class;
use snow_core::ir::{self as core, ExprKind};

impl FunctionLowering<'_, '_> {
    /// Lowers a receive whose value goes to `dest`; the block ends.
    pub fn receive(
        &mut self,
        receive: &core::Receive,
        dest: Dest,
        cursor: &mut Cursor,
    ) -> Result<End, Diverged> {
        if let Some(timeout) = &receive.timeout {
            let timeout = self.value(timeout, cursor)?;
            self.effect(cursor, Operation::Entry(Entry::ReceiveStart, vec![timeout]));
        }
        let again = self.join();
        let body = self.look(receive, again, dest, cursor.location);
        self.define_join(cursor, again, vec![], true, body);
        Ok(End::Jump(again, vec![]))
    }

    /// Looks at the next message and decides.
    fn look(
        &mut self,
        receive: &core::Receive,
        again: JoinId,
        dest: Dest,
        location: crate::ir::Location,
    ) -> Block {
        let mut cursor = Cursor::at(location);
        let kind = self.local(Class::Int);
        let message = self.bind_new(receive.message);
        let signal = self.local(Class::Ref);
        self.state.vars.insert(receive.signal, Operand::Local(signal));
        let mask = receive.signals | self.wanted(receive);
        let next = Call::Entry(Entry::ReceiveNext, vec![Operand::Int(mask)]);
        self.call(&mut cursor, vec![kind, message, signal], next);
        let mut cases = Vec::new();
        if let Some(on_timeout) = &receive.on_timeout {
            let mut timeout = Cursor::at(location);
            self.effect(&mut timeout, Operation::Entry(Entry::ReceiveEnd, vec![]));
            let block = self.tail(on_timeout, dest, timeout);
            cases.push((entries::RECEIVED_TIMEOUT, block));
        }
        let mut arm = |this: &mut Self, kind: i64, body: &Option<core::Expr>| {
            let block = match body {
                Some(body) => this.in_receive(again, body, dest),
                None => Cursor::at(location).end(End::Jump(again, vec![])),
            };
            cases.push((kind, block));
        };
        arm(self, entries::RECEIVED_MESSAGE, &receive.on_message);
        arm(self, entries::RECEIVED_SIGNAL, &receive.on_signal);
        let default = Some(Box::new(Cursor::at(location).end(End::Jump(again, vec![]))));
        cursor.end(End::Switch { on: Operand::Local(kind), cases, default })
    }

    /// Which messages arms can take, as bits for `ReceiveNext`; 0: any.
    fn wanted(&mut self, receive: &core::Receive) -> i64 {
        let Some(keys) = receive.on_message.as_ref().and_then(|body| taken_keys(body, receive.message))
        else {
            return 0;
        };
        let tag = |key: &core::Key| match key {
            core::Key::Tag(name) => Some(self.s.descriptors.atom(*name)),
            core::Key::Variant(index) => Some(*index),
            core::Key::Int(_) => None,
        };
        let tags: Option<Vec<u32>> = keys.into_iter().map(tag).collect();
        tags.map_or(0, |tags| tags.into_iter().fold(0, |bits, tag| bits | entries::wanted_bit(tag)))
    }

    fn in_receive(&mut self, again: JoinId, body: &core::Expr, dest: Dest) -> Block {
        let outer = self.state.receive.replace(again);
        let block = self.block(body, dest);
        self.state.receive = outer;
        block
    }
}

/// The keys of the messages that a body does not leave where they are at once; `None` when it begins with something else than a look at
/// the key, or takes all of them.
fn taken_keys(body: &core::Expr, message: core::Var) -> Option<Vec<&core::Key>> {
    match &body.kind {
        ExprKind::Join { rest, recursive: false, .. } => taken_keys(rest, message),
        ExprKind::Switch { subject, cases, default } if *subject == message => {
            let leaves = |body: &core::Expr| matches!(body.kind, ExprKind::Retry);
            if default.as_ref().is_some_and(|default| !leaves(default)) {
                return None;
            }
            let taken: Vec<&core::Key> =
                cases.iter().filter(|(_, body)| !leaves(body)).map(|(key, _)| key).collect();
            (default.is_some() || taken.len() < cases.len()).then_some(taken)
        }
        _ => None,
    }
}
