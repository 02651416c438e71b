//! Proof over finished machine code: no frame stores a stack address.
//!
//! Process stacks move. Compiled frames may hold the saved frame pointers of the chain, which the mover adjusts, and nothing else that
//! points into the stack. So no instruction of a body may copy the stack or frame pointer, or an address made of them, to another place;
//! allowed are the prologue and epilogue, adjustments of the stack pointer itself, and memory operands.

use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Formatter, Instruction, IntelFormatter, Mnemonic, OpKind, Register,
};
use snow_abi::program::Program;

/// An instruction that breaks the rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Its offset in the body.
    pub offset: u32,
    /// Its text.
    pub text: String,
}

/// Inspects a function's body. `block_starts` are the offsets of its basic blocks: behind the jump that ends one may lie a jump table, and
/// behind the last one constants.
pub fn inspect_body(code: &[u8], block_starts: &[u32]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut code_end = code.len();
    for (index, &start) in block_starts.iter().enumerate() {
        let end = block_starts.get(index + 1).map_or(code_end, |&next| next as usize).min(code_end);
        for instruction in block(&code[..end], start as usize) {
            if !is_allowed(&instruction) {
                let offset = u32::try_from(instruction.ip()).expect("a function of less than 4 GB");
                findings.push(Finding { offset, text: format_instruction(&instruction) });
            }
            if let Some(constant) = constant_offset(&instruction) {
                code_end = code_end.min(constant);
            }
        }
    }
    findings
}

/// The instructions of a block, what it leaves behind its end apart: a jump table, or padding before the constants.
fn block(code: &[u8], start: usize) -> Vec<Instruction> {
    let mut decoder = Decoder::with_ip(64, &code[start..], start as u64, DecoderOptions::NONE);
    let mut instructions = Vec::new();
    let mut end = code.len();
    while decoder.can_decode() {
        let instruction = decoder.decode();
        let rest = start + decoder.position();
        if let Some(constant) = constant_offset(&instruction) {
            end = end.min(constant);
        }
        instructions.push(instruction);
        let leaves = match instruction.flow_control() {
            FlowControl::IndirectBranch => true,
            FlowControl::Next => false,
            _ => code[rest.min(end)..end].iter().all(|&byte| byte == 0),
        };
        if leaves || rest >= end {
            break;
        }
    }
    instructions
}

/// Where in the function a constant lies that an instruction reads.
fn constant_offset(instruction: &Instruction) -> Option<usize> {
    let reads = instruction.is_ip_rel_memory_operand() && instruction.mnemonic() != Mnemonic::Lea;
    reads.then(|| usize::try_from(instruction.ip_rel_memory_address()).unwrap_or(usize::MAX))
}

fn is_allowed(instruction: &Instruction) -> bool {
    if instruction.is_invalid() {
        return false;
    }
    match instruction.mnemonic() {
        Mnemonic::Lea => instruction.op0_register() == Register::RSP || !is_stack_memory(instruction),
        Mnemonic::Push | Mnemonic::Pop => instruction.op0_register() != Register::RSP,
        Mnemonic::Add | Mnemonic::Sub if instruction.op0_register() == Register::RSP => {
            instruction.op1_kind() != OpKind::Register
        }
        Mnemonic::Mov => {
            let pair = (instruction.op0_register(), instruction.op1_register());
            matches!(pair, (Register::RBP, Register::RSP) | (Register::RSP, Register::RBP))
                || reloads_frame_pointer(instruction)
                || !names_stack_register(instruction)
        }
        _ => !names_stack_register(instruction),
    }
}

/// `mov rbp, [rbp]` of a tail call that resizes the argument area.
fn reloads_frame_pointer(instruction: &Instruction) -> bool {
    instruction.op0_register() == Register::RBP && instruction.op1_kind() == OpKind::Memory
}

fn is_stack_register(register: Register) -> bool {
    matches!(register.full_register(), Register::RSP | Register::RBP)
}

fn is_stack_memory(instruction: &Instruction) -> bool {
    is_stack_register(instruction.memory_base()) || is_stack_register(instruction.memory_index())
}

fn names_stack_register(instruction: &Instruction) -> bool {
    (0..instruction.op_count()).any(|index| {
        instruction.op_kind(index) == OpKind::Register && is_stack_register(instruction.op_register(index))
    })
}

fn format_instruction(instruction: &Instruction) -> String {
    let mut text = String::new();
    IntelFormatter::new().format(instruction, &mut text);
    text
}

/// A function of an image as text: offset in the code blob, instruction, line where it changes.
pub fn disassemble(program: &Program, function: usize) -> String {
    let Some(function) = program.functions.get(function) else { return String::new() };
    let code = &program.code[function.entry as usize..function.end as usize];
    let mut decoder = Decoder::with_ip(64, code, u64::from(function.entry), DecoderOptions::NONE);
    let mut text = format!("{}:\n", function.name);
    let mut line = 0;
    while decoder.can_decode() {
        let instruction = decoder.decode();
        let pc = u32::try_from(instruction.ip()).unwrap_or(u32::MAX);
        if let Some(now) = line_at(program, pc)
            && now != line
        {
            line = now;
            text.push_str(&format!("  ; line {line}\n"));
        }
        text.push_str(&format!(
            "  {pc:6x}  {}{}\n",
            format_instruction(&instruction),
            callee(program, &instruction)
        ));
    }
    text
}

fn callee(program: &Program, instruction: &Instruction) -> String {
    let target = u32::try_from(instruction.near_branch_target()).unwrap_or(0);
    let found = program.functions.binary_search_by_key(&target, |function| function.entry);
    match found {
        Ok(index) if instruction.is_call_near() || instruction.is_jmp_near() => {
            format!("  ; {}", program.functions[index].name)
        }
        _ => String::new(),
    }
}

fn line_at(program: &Program, pc: u32) -> Option<u32> {
    let after = program.lines.partition_point(|line| line.start <= pc);
    let line = program.lines.get(after.checked_sub(1)?)?;
    (pc < line.end).then_some(line.line)
}
