//! Maps a compiled program into memory and answers questions about its code.
//!
//! Code is mapped read-execute and, at the next page, data read-only after its addresses were put in.

use crate::fits::TypeFits;
use snow_abi::descriptor::DescriptorId;
use snow_abi::program::{Function, PAGE, Program};
use snow_abi::value::{Class, Word};
use snow_heap::Layouts;
use std::fmt;
use std::ptr::null_mut;

/// Why a program could not be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// The system has no memory to map it.
    Memory(std::io::Error),
    /// Its tables contradict one another.
    Damaged(&'static str),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Memory(error) => write!(f, "the system gives no memory for the program: {error}"),
            LoadError::Damaged(what) => write!(f, "the compiled program is damaged ({what}); build it again"),
        }
    }
}

impl std::error::Error for LoadError {}

/// A program in memory.
pub(crate) struct Image {
    base: usize,
    mapped_bytes: usize,
    code_bytes: usize,
    data: usize,
    /// The tables; code and data are emptied.
    pub program: Program,
    pub layouts: Layouts,
    /// The classes of the descriptors' values.
    pub classes: Box<[Class]>,
    pub fits: TypeFits,
    /// Open addressing: return-address offset to index of its stack map.
    map_index: Vec<u32>,
    map_shift: u32,
}

// SAFETY: the mapping is not written after loading and unmapped only when the image goes.
unsafe impl Send for Image {}
// SAFETY: as above.
unsafe impl Sync for Image {}

const NO_MAP: u32 = u32::MAX;

impl Image {
    pub fn load(mut program: Program) -> Result<Image, LoadError> {
        check(&program)?;
        let code = std::mem::take(&mut program.code);
        let data = std::mem::take(&mut program.data);
        let data_offset = code.len().next_multiple_of(PAGE);
        let mapped_bytes = (data_offset + data.len()).next_multiple_of(PAGE).max(PAGE);
        let base = map(mapped_bytes)?;
        // SAFETY: the mapping is new, writable and large enough for both parts.
        unsafe {
            std::ptr::copy_nonoverlapping(code.as_ptr(), base as *mut u8, code.len());
            std::ptr::copy_nonoverlapping(data.as_ptr(), (base + data_offset) as *mut u8, data.len());
            for at in &program.relocations {
                let word = (base + data_offset + *at as usize) as *mut u64;
                *word = (*word).wrapping_add(base as u64);
            }
        }
        protect(base, data_offset, libc::PROT_READ | libc::PROT_EXEC)?;
        protect(base + data_offset, mapped_bytes - data_offset, libc::PROT_READ)?;
        let (map_index, map_shift) = index_stack_maps(&program);
        Ok(Image {
            base,
            mapped_bytes,
            code_bytes: code.len(),
            data: base + data_offset,
            layouts: Layouts::new(&program.layouts, &program.descriptors),
            classes: program.descriptors.iter().map(|descriptor| descriptor.class()).collect(),
            fits: TypeFits::default(),
            program,
            map_index,
            map_shift,
        })
    }

    /// Address of a code offset.
    pub fn code_address(&self, offset: u32) -> u64 {
        (self.base + offset as usize) as u64
    }

    /// Offset of a code address.
    pub fn code_offset(&self, address: u64) -> Option<u32> {
        let offset = (address as usize).wrapping_sub(self.base);
        (offset < self.code_bytes).then_some(offset as u32)
    }

    /// The static closure that runs `main`.
    pub fn main_closure(&self) -> Word {
        (self.data + self.program.main as usize) as Word
    }

    /// Span and slots of the frame that continues at `pc`; `None` when `pc` is not Snow code. A call without live references has no map.
    #[inline]
    pub fn stack_map(&self, pc: u64) -> Option<(u32, &[u32])> {
        let offset = self.code_offset(pc)?;
        let mask = self.map_index.len() - 1;
        let mut at = hash(offset, self.map_shift);
        loop {
            let index = self.map_index[at];
            if index == NO_MAP {
                return Some((0, &[]));
            }
            let map = &self.program.stack_maps[index as usize];
            if map.pc == offset {
                let first = map.first as usize;
                return Some((map.span, &self.program.slots[first..first + map.count as usize]));
            }
            at = (at + 1) & mask;
        }
    }

    /// The function that a code offset belongs to.
    pub fn function(&self, offset: u32) -> Option<&Function> {
        let index = self.program.functions.partition_point(|f| f.entry <= offset).checked_sub(1)?;
        Some(&self.program.functions[index]).filter(|f| offset < f.end)
    }

    /// `file:line` of a code offset.
    pub fn location(&self, offset: u32) -> Option<(&str, u32)> {
        let index = self.program.lines.partition_point(|l| l.start <= offset).checked_sub(1)?;
        let line = self.program.lines.get(index).filter(|l| offset < l.end)?;
        Some((self.program.files.get(line.file as usize)?, line.line))
    }

    /// The mailbox type of a process whose start closure has this code.
    pub fn mailbox_of_code(&self, code: u32) -> Option<DescriptorId> {
        let table = &self.program.mailboxes;
        let index = table.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        Some(DescriptorId(table[index].1))
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: nothing runs in the image any more.
        unsafe { libc::munmap(self.base as *mut _, self.mapped_bytes) };
    }
}

/// What the loader relies on without looking again.
fn check(program: &Program) -> Result<(), LoadError> {
    let damaged = |what| Err(LoadError::Damaged(what));
    let slots = program.slots.len();
    if program.relocations.iter().any(|at| *at as usize + 8 > program.data.len() || at % 8 != 0) {
        return damaged("a relocation outside the data");
    }
    if program.stack_maps.iter().any(|m| m.first as usize + m.count as usize > slots) {
        return damaged("a stack map outside the slots");
    }
    if !program.functions.is_sorted_by_key(|f| f.entry)
        || !program.lines.is_sorted_by_key(|l| l.start)
        || !program.mailboxes.is_sorted()
    {
        return damaged("a table that is not sorted");
    }
    if program.main as usize + 16 > program.data.len() {
        return damaged("no main");
    }
    Ok(())
}

fn map(bytes: usize) -> Result<usize, LoadError> {
    // SAFETY: a new private mapping touches nothing that exists.
    let base = unsafe {
        let (protection, flags) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        libc::mmap(null_mut(), bytes, protection, flags, -1, 0)
    };
    if base == libc::MAP_FAILED {
        Err(LoadError::Memory(std::io::Error::last_os_error()))
    } else {
        Ok(base as usize)
    }
}

fn protect(base: usize, bytes: usize, protection: i32) -> Result<(), LoadError> {
    // SAFETY: the range is part of the loader's own mapping.
    let failed = bytes > 0 && unsafe { libc::mprotect(base as *mut _, bytes, protection) } != 0;
    if failed { Err(LoadError::Memory(std::io::Error::last_os_error())) } else { Ok(()) }
}

fn hash(offset: u32, shift: u32) -> usize {
    (offset.wrapping_mul(0x9E37_79B1) >> shift) as usize
}

fn index_stack_maps(program: &Program) -> (Vec<u32>, u32) {
    let len = (program.stack_maps.len() * 2 + 2).next_power_of_two();
    let shift = 32 - len.trailing_zeros();
    let mut index = vec![NO_MAP; len];
    for (i, map) in program.stack_maps.iter().enumerate() {
        let mut at = hash(map.pc, shift);
        while index[at] != NO_MAP {
            at = (at + 1) & (len - 1);
        }
        index[at] = i as u32;
    }
    (index, shift)
}
