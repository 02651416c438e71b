//! Definitions of std that the compiler knows by name.

use super::{FunctionId, InterfaceId, TypeDefId};

/// Definitions of std that the compiler knows.
#[derive(Debug, Clone)]
pub struct Known {
    /// `Supervisor.started`: what every start function of a child is handed to.
    pub child_started: FunctionId,
    /// `List`, variants `Nil`, `Cons(head, tail)`.
    pub list: TypeDefId,
    /// `Array`.
    pub array: TypeDefId,
    /// `Option`, variants `None`, `Some`.
    pub option: TypeDefId,
    /// `Result`, variants `Ok`, `Err`.
    pub result: TypeDefId,
    /// `Ordering`, variants `Less`, `Equal`, `Greater`.
    pub ordering: TypeDefId,
    /// `Map`.
    pub map: TypeDefId,
    /// `Set`.
    pub set: TypeDefId,
    /// `Range`.
    pub range: TypeDefId,
    /// Alias of the closed tagged type of exit reasons.
    pub exit_reason: TypeDefId,
    /// `eq(self, other) -> Bool`
    pub eq: InterfaceId,
    /// `compare(self, other) -> Ordering`
    pub ord: InterfaceId,
    /// `hash(self) -> Int`
    pub hash: InterfaceId,
    /// `to_string(self) -> String`
    pub display: InterfaceId,
    /// `inspect(self) -> String`
    pub debug: InterfaceId,
    /// static `default() -> Self`
    pub default: InterfaceId,
    /// `add(self, other) -> Self` and so on
    pub add: InterfaceId,
    /// `sub`
    pub sub: InterfaceId,
    /// `mul`
    pub mul: InterfaceId,
    /// `div`
    pub div: InterfaceId,
    /// `rem`
    pub rem: InterfaceId,
    /// `neg(self)`
    pub neg: InterfaceId,
    /// `From<T>`, static `from(value :: T) -> Self`
    pub from: InterfaceId,
    /// `Iterable`, `type Item`, `iter(self) -> Iter<Self.Item>`
    pub iterable: InterfaceId,
    /// `to_json(self) -> Json`, static `from_json_value(j :: Json) -> Self!JsonError`, and what follows from them
    pub json: InterfaceId,
    /// The type `Json`.
    pub json_type: TypeDefId,
    /// `JsonError`.
    pub json_error: TypeDefId,
    /// `tag_name(self) -> String`
    pub tagged: InterfaceId,
    /// Static `tag_named(name :: String) -> Option<Self>`
    pub named: InterfaceId,
}
