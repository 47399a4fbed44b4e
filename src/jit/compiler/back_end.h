// An unoptimised module to an object file or text.
#pragma once
#include <string>

#include "api.h"
#include "llvm/IR/Module.h"
#include "session.h"

namespace thalweg::jit {

struct BackEndResult {
  std::string bytes;  // empty after an error
  std::string error;
  double optimise_ms = 0, codegen_ms = 0;
};

// THW_JIT_SHARED_OBJECT gives a relocatable object here: linking comes later.
BackEndResult generate(llvm::Module& module, const Target& target, thw_jit_product product);

}  // namespace thalweg::jit
