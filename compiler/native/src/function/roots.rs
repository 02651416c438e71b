//! Where locals live, and how references survive a collection.
//!
//! A reference that is live at some point of collection is *rooted*: it has a stack slot. It stays in a register, is stored before such a point
//! unless its slot is up to date already, and is loaded again after it. One that is live at many points is *resident*: stored when it is
//! defined, loaded at each use. No other local is ever in memory that the collector reads.
//!
//! **Invariant:** a slot is up to date from the store on for as long as its local is live, because every later point lists it.

use cranelift_codegen::ir::{
    Inst, InstBuilder, StackSlot, StackSlotData, StackSlotKind, UserStackMapEntry, Value, types::I64,
};
use cranelift_frontend::{FunctionBuilder, Variable};
use snow_mono::ir::{Function, Local};
use snow_text::{Id, IdVec};

use super::Emitter;
use crate::liveness::Liveness;
use crate::local_set::LocalSet;

/// A local live at more points than this is resident: storing and loading around each would cost more code than it saves.
const POINTS_MAX: usize = 12;

/// Where a local is.
#[derive(Clone, Copy, Debug)]
enum Place {
    Undefined,
    Register(Value),
    Rooted(Variable, StackSlot),
    Resident(StackSlot),
}

/// The places of all locals of a function.
#[derive(Debug)]
pub struct Roots {
    places: IdVec<Local, Place>,
    /// Rooted locals whose slot is up to date, on the path that is being emitted.
    stored: LocalSet,
}

impl Roots {
    /// Decides on a place for each reference that is live at a point of collection.
    pub fn new(builder: &mut FunctionBuilder, function: &Function, liveness: &Liveness) -> Roots {
        let mut places: IdVec<Local, Place> = function.locals.values().map(|_| Place::Undefined).collect();
        let mut points_of: IdVec<Local, Vec<usize>> = function.locals.values().map(|_| Vec::new()).collect();
        for (point, live) in liveness.points().iter().enumerate() {
            live.iter().for_each(|&local| points_of[local].push(point));
        }
        let mut sharing =
            Sharing { taken: vec![LocalSet::default(); liveness.points().len()], slots: Vec::new() };
        for (local, points) in points_of.iter() {
            places[local] = match points.len() {
                0 => continue,
                1..=POINTS_MAX => Place::Rooted(builder.declare_var(I64), sharing.slot(builder, points)),
                _ => Place::Resident(new_slot(builder)),
            };
        }
        Roots { places, stored: LocalSet::default() }
    }

    /// Which slots are up to date here; kept where paths part and compared where they meet.
    pub fn stored(&self) -> &LocalSet {
        &self.stored
    }

    /// Goes on with another path.
    pub fn set_stored(&mut self, stored: LocalSet) {
        self.stored = stored;
    }
}

/// Rooted locals that are never live at the same point share a slot.
struct Sharing {
    /// Per point: numbers of the slots in use (a set of small numbers, like one of locals).
    taken: Vec<LocalSet>,
    slots: Vec<StackSlot>,
}

impl Sharing {
    fn slot(&mut self, builder: &mut FunctionBuilder, points: &[usize]) -> StackSlot {
        let is_free = |number: usize| {
            points.iter().all(|&point| !self.taken[point].contains(Local::from_index(number)))
        };
        let number = (0..).find(|&number| is_free(number)).expect("numbers do not end");
        points.iter().for_each(|&point| self.taken[point].insert(Local::from_index(number)));
        if number == self.slots.len() {
            self.slots.push(new_slot(builder));
        }
        self.slots[number]
    }
}

fn new_slot(builder: &mut FunctionBuilder) -> StackSlot {
    builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, 8, 3))
}

impl Emitter<'_> {
    /// Defines a local.
    pub fn bind(&mut self, local: Local, value: Value) {
        self.roots.stored.remove(local);
        match self.roots.places[local] {
            Place::Undefined | Place::Register(_) => self.roots.places[local] = Place::Register(value),
            Place::Rooted(variable, _) => self.builder.def_var(variable, value),
            Place::Resident(slot) => {
                self.builder.ins().stack_store(I64, value, slot, 0);
            }
        }
    }

    /// The value of a local.
    pub fn read(&mut self, local: Local) -> Value {
        match self.roots.places[local] {
            Place::Undefined => {
                panic!("{}: local {} is used before its definition", self.function.name, local.0)
            }
            Place::Register(value) => value,
            Place::Rooted(variable, _) => self.builder.use_var(variable),
            Place::Resident(slot) => self.builder.ins().stack_load(I64, I64, slot, 0),
        }
    }

    /// Brings the slots of live references up to date before a point of collection.
    pub fn store_roots(&mut self, live: &[Local]) {
        for &local in live {
            if let Place::Rooted(variable, slot) = self.roots.places[local]
                && !self.roots.stored.contains(local)
            {
                let value = self.builder.use_var(variable);
                self.builder.ins().stack_store(I64, value, slot, 0);
                self.roots.stored.insert(local);
            }
        }
    }

    /// Gives the call its stack map and loads what a collection may have moved.
    pub fn load_roots(&mut self, call: Inst, live: &[Local]) {
        for &local in live {
            if let Place::Rooted(_, slot) | Place::Resident(slot) = self.roots.places[local] {
                let entry = UserStackMapEntry { ty: I64, slot, offset: 0 };
                self.builder.func.dfg.append_user_stack_map_entry(call, entry);
            }
        }
        for &local in live {
            if let Place::Rooted(variable, slot) = self.roots.places[local] {
                let value = self.builder.ins().stack_load(I64, I64, slot, 0);
                self.builder.def_var(variable, value);
            }
        }
    }
}
