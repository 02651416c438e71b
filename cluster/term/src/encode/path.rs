//! Where in a value something is, in the user's words: `Job.on_done`, `Queue.jobs[2].Some`.

use super::{Frame, Parts};
use crate::schema::base_name;
use crate::types::Types;
use snow_abi::descriptor::{Descriptor, DescriptorId};

/// The path from the innermost struct, or from the root when there is none.
pub(super) fn path(frames: &[Frame<'_, '_>], types: &Types, root: DescriptorId) -> String {
    let innermost = frames.iter().rposition(|f| matches!(f, Frame::Object { is_struct: true, .. }));
    let mut out = match (innermost.map(|i| &frames[i]), types.descriptor(root)) {
        (Some(Frame::Object { name, .. }), _) => base_name(name).to_owned(),
        (_, Descriptor::Sum { name, .. }) => base_name(name).to_owned(),
        _ => "the message".to_owned(),
    };
    for frame in &frames[innermost.unwrap_or(0)..] {
        out.push_str(&segment(frame));
    }
    out
}

fn segment(frame: &Frame<'_, '_>) -> String {
    match frame {
        Frame::Object { name, is_struct, parts, next, .. } => {
            let index = next.saturating_sub(1);
            let variant = if *is_struct || name.is_empty() { String::new() } else { format!(".{name}") };
            match parts {
                Parts::Fields(fields) if !fields[index].name.is_empty() => {
                    format!("{variant}.{}", fields[index].name)
                }
                _ if parts.len() == 1 && !variant.is_empty() => variant,
                _ => format!("{variant}.{index}"),
            }
        }
        Frame::List { next, .. } | Frame::Array { next, .. } => format!("[{}]", next.saturating_sub(1)),
        Frame::Entries { value: Some(_), next, .. } if *next % 2 == 0 => "[]".to_owned(),
        Frame::Entries { .. } => ".key".to_owned(),
    }
}
