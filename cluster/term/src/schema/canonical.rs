//! From descriptors to the canonical graph: reachable types, equal ones merged, numbered breadth first.

use super::{Case, Member, Node, NodeId, list_element};
use snow_abi::descriptor::{Descriptor, DescriptorId, Field};
use std::collections::HashMap;

/// The types reachable from `root`, which becomes node 0.
pub(super) fn graph(descriptors: &[Descriptor], atoms: &[String], root: DescriptorId) -> Vec<Node> {
    let mut numbering = Numbering::default();
    numbering.number(root);
    let mut nodes = vec![];
    while nodes.len() < numbering.order.len() {
        let id = numbering.order[nodes.len()];
        nodes.push(node(descriptors, atoms, id, &mut numbering));
    }
    nodes
}

/// Descriptors in the order in which they were met.
#[derive(Default)]
struct Numbering {
    order: Vec<DescriptorId>,
    numbers: HashMap<DescriptorId, NodeId>,
}

impl Numbering {
    fn number(&mut self, id: DescriptorId) -> NodeId {
        let next = NodeId(self.order.len() as u32);
        *self.numbers.entry(id).or_insert_with(|| {
            self.order.push(id);
            next
        })
    }

    fn members(&mut self, fields: &[Field]) -> Vec<Member> {
        fields.iter().map(|f| Member { name: f.name.clone(), ty: self.number(f.ty) }).collect()
    }

    fn positional(&mut self, types: &[DescriptorId]) -> Vec<Member> {
        types.iter().map(|t| Member { name: String::new(), ty: self.number(*t) }).collect()
    }
}

fn node(descriptors: &[Descriptor], atoms: &[String], id: DescriptorId, numbering: &mut Numbering) -> Node {
    if let Some(element) = list_element(descriptors, id) {
        return Node::List(numbering.number(element));
    }
    match &descriptors[id.0 as usize] {
        Descriptor::Unit => Node::Unit,
        Descriptor::Bool => Node::Bool,
        Descriptor::Int => Node::Int,
        Descriptor::Float => Node::Float,
        Descriptor::String => Node::String,
        Descriptor::Bytes => Node::Bytes,
        Descriptor::Never => Node::Never,
        Descriptor::ProcessId => Node::ProcessId,
        Descriptor::MonitorRef => Node::MonitorRef,
        Descriptor::Function => Node::Function,
        Descriptor::Opaque(name) => Node::Opaque(name.clone()),
        Descriptor::Pid(m) => Node::Pid(numbering.number(*m)),
        Descriptor::Array(t) => Node::Array(numbering.number(*t)),
        Descriptor::Set(t) => Node::Set(numbering.number(*t)),
        Descriptor::Map(k, v) => Node::Map(numbering.number(*k), numbering.number(*v)),
        Descriptor::Tuple(items) => Node::Tuple(items.iter().map(|t| numbering.number(*t)).collect()),
        Descriptor::Struct { name, fields } => Node::Struct(name.clone(), numbering.members(fields)),
        Descriptor::Sum { name, variants } => {
            let case = |v: &snow_abi::descriptor::Variant| (v.name.clone(), v.fields.clone());
            let cases = variants.iter().map(case).collect::<Vec<_>>();
            let cases = cases.into_iter().map(|(name, f)| Case { name, members: numbering.members(&f) });
            Node::Sum(name.clone(), cases.collect())
        }
        Descriptor::Tags(tags) => {
            let case = |t: &snow_abi::descriptor::Tag| Case {
                name: atoms[t.atom as usize].clone(),
                members: numbering.positional(&t.payload),
            };
            Node::Tags(tags.iter().map(case).collect())
        }
    }
}

/// Merges equal nodes and renumbers. Classes start as one and are split by node and children's classes until
/// nothing changes: the coarsest partition, in which a recursive type equals its unfoldings.
pub(super) fn canonical(nodes: &[Node]) -> Vec<Node> {
    let mut classes = vec![NodeId(0); nodes.len()];
    let mut class_count = 1;
    loop {
        let mut numbers: HashMap<Node, NodeId> = HashMap::new();
        let refined: Vec<NodeId> = nodes
            .iter()
            .map(|node| {
                let signature = node.map_children(|child| classes[child.0 as usize]);
                let next = NodeId(numbers.len() as u32);
                *numbers.entry(signature).or_insert(next)
            })
            .collect();
        let count = numbers.len();
        classes = refined;
        if count == class_count {
            break;
        }
        class_count = count;
    }
    renumber(nodes, &classes)
}

fn renumber(nodes: &[Node], classes: &[NodeId]) -> Vec<Node> {
    let mut numbers: HashMap<NodeId, NodeId> = HashMap::from([(classes[0], NodeId(0))]);
    let mut order = vec![0usize];
    let mut out = vec![];
    while out.len() < order.len() {
        let node = nodes[order[out.len()]].map_children(|child| {
            let next = NodeId(order.len() as u32);
            *numbers.entry(classes[child.0 as usize]).or_insert_with(|| {
                order.push(child.0 as usize);
                next
            })
        });
        out.push(node);
    }
    out
}
