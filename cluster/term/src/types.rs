//! A program's types as the codec wants them: schemas made on first use, layouts found by shape.

use crate::schema::{Schema, list_element};
use snow_abi::descriptor::{Descriptor, DescriptorId};
use snow_abi::value::Class;
use snow_heap::Layouts;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The types of one program.
pub struct Types {
    descriptors: Vec<Descriptor>,
    atoms: Vec<String>,
    layouts: Arc<Layouts>,
    list_elements: Vec<Option<DescriptorId>>,
    schemas: Vec<OnceLock<Arc<Schema>>>,
}

impl Types {
    /// The types of a loaded program; `layouts` has a layout for every shape that they need.
    pub fn new(descriptors: Vec<Descriptor>, atoms: Vec<String>, layouts: Arc<Layouts>) -> Types {
        let ids = (0..descriptors.len() as u32).map(DescriptorId);
        let list_elements = ids.map(|id| list_element(&descriptors, id)).collect();
        let schemas = descriptors.iter().map(|_| OnceLock::new()).collect();
        Types { descriptors, atoms, layouts, list_elements, schemas }
    }

    /// The descriptor of an id.
    pub fn descriptor(&self, id: DescriptorId) -> &Descriptor {
        &self.descriptors[id.0 as usize]
    }

    /// Number of descriptors.
    pub fn descriptor_count(&self) -> usize {
        self.descriptors.len()
    }

    /// The name of an atom.
    pub fn atom(&self, id: u32) -> &str {
        &self.atoms[id as usize]
    }

    /// The element type when `id` is a `List`.
    pub fn list_element(&self, id: DescriptorId) -> Option<DescriptorId> {
        self.list_elements[id.0 as usize]
    }

    /// The schema of a type.
    pub fn schema(&self, id: DescriptorId) -> &Arc<Schema> {
        self.schemas[id.0 as usize]
            .get_or_init(|| Arc::new(Schema::of_descriptor(&self.descriptors, &self.atoms, id)))
    }

    /// The program's layouts.
    pub fn layouts(&self) -> &Arc<Layouts> {
        &self.layouts
    }

    /// The layout of a body with words of these classes; `None` when the program has no object of that shape.
    pub fn layout(&self, classes: impl IntoIterator<Item = Class>) -> Option<u32> {
        self.layouts.of_classes(classes)
    }

    /// The class of a type's word.
    pub fn class(&self, id: DescriptorId) -> Class {
        self.descriptor(id).class()
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Types({})", self.descriptors.len())
    }
}
