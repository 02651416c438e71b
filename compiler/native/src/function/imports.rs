//! What a function refers to: other functions, static objects, and the signatures of its calls.

use std::collections::HashMap;

use cranelift_codegen::ir::{
    ExtFuncData, ExternalName, FuncRef, GlobalValue, GlobalValueData, InstBuilder, SigRef, Signature,
    UserExternalName, Value, types::I64,
};
use snow_mono::ir::{FunctionId, StaticId};

use super::{Emitter, signature_of};

/// Name space of functions; the index is the function's id.
pub const FUNCTIONS: u32 = 0;
/// Name space of static objects; the index is the object's id.
pub const STATICS: u32 = 1;

/// Imports made so far.
#[derive(Debug, Default)]
pub struct Imports {
    functions: HashMap<FunctionId, FuncRef>,
    statics: HashMap<StaticId, GlobalValue>,
    signatures: HashMap<Signature, SigRef>,
}

impl Emitter<'_> {
    /// A function as a callee.
    pub fn callee(&mut self, id: FunctionId) -> FuncRef {
        if let Some(&found) = self.imports.functions.get(&id) {
            return found;
        }
        let signature = self.signature(signature_of(&self.program.functions[id]));
        let name = self.external(FUNCTIONS, id.0);
        let data = ExtFuncData { name, signature, colocated: true, patchable: false };
        let made = self.builder.import_function(data);
        self.imports.functions.insert(id, made);
        made
    }

    /// The address of a function's entry.
    pub fn code_address(&mut self, id: FunctionId) -> Value {
        let callee = self.callee(id);
        self.builder.ins().func_addr(I64, callee)
    }

    /// The address of a static object.
    pub fn static_address(&mut self, id: StaticId) -> Value {
        let global = match self.imports.statics.get(&id) {
            Some(&found) => found,
            None => {
                let name = self.external(STATICS, id.0);
                let data = GlobalValueData::Symbol { name, offset: 0.into(), colocated: true, tls: false };
                let made = self.builder.create_global_value(data);
                self.imports.statics.insert(id, made);
                made
            }
        };
        self.builder.ins().symbol_value(I64, global)
    }

    /// A signature, imported once.
    pub fn signature(&mut self, signature: Signature) -> SigRef {
        if let Some(&found) = self.imports.signatures.get(&signature) {
            return found;
        }
        let made = self.builder.import_signature(signature.clone());
        self.imports.signatures.insert(signature, made);
        made
    }

    fn external(&mut self, namespace: u32, index: u32) -> ExternalName {
        let name = UserExternalName { namespace, index };
        ExternalName::user(self.builder.func.declare_imported_user_function(name))
    }
}
