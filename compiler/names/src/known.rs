//! Definitions of std that the compiler knows by name.

use crate::definition::Definitions;
use crate::hir::Known;

/// All of them; `None` when std lacks one.
pub(crate) fn find(definitions: &Definitions) -> Option<Known> {
    let ty = |name| definitions.std_type(name);
    let interface = |name| definitions.std_interface(name);
    Some(Known {
        child_started: definitions.std_function("Supervisor", "started")?,
        list: ty("List")?,
        array: ty("Array")?,
        option: ty("Option")?,
        result: ty("Result")?,
        ordering: ty("Ordering")?,
        map: ty("Map")?,
        set: ty("Set")?,
        range: ty("Range")?,
        exit_reason: ty("ExitReason")?,
        eq: interface("Eq")?,
        ord: interface("Ord")?,
        hash: interface("Hash")?,
        display: interface("Display")?,
        debug: interface("Debug")?,
        default: interface("Default")?,
        add: interface("Add")?,
        sub: interface("Sub")?,
        mul: interface("Mul")?,
        div: interface("Div")?,
        rem: interface("Rem")?,
        neg: interface("Neg")?,
        from: interface("From")?,
        iterable: interface("Iterable")?,
        json: interface("Json")?,
        json_type: ty("Json")?,
        json_error: ty("JsonError")?,
        tagged: interface("Tagged")?,
        named: interface("TagNamed")?,
    })
}
