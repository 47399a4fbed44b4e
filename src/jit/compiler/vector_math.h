// thw_exp and its kin: how calls of them become libmvec's vector functions.
#pragma once
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Module.h"
#include "session.h"

namespace thalweg::jit {

// Tells the vectorisers under which names thw_* exist as vector functions of any width.
void add_vector_math(llvm::TargetLibraryInfoImpl& library, const Target& target);

// Gives every thw_* function that is still called, scalar or vector, a body: it fills the lanes of the one form of
// the function that this target uses. Call it after optimisation, before code generation.
void define_vector_math(llvm::Module& module, const Target& target);

}  // namespace thalweg::jit
