// C text to an unoptimised LLVM module, in memory.
#pragma once
#include <memory>
#include <string>

#include "llvm/IR/Module.h"
#include "session.h"

namespace thalweg::jit {

struct FrontEndResult {
  std::unique_ptr<llvm::Module> module;  // null after an error
  std::string error;
  double setup_ms = 0, front_end_ms = 0;
};

// `name` is what diagnostics and line tables call the text. The context must outlive the module.
FrontEndResult parse_c(llvm::StringRef text, const std::string& name, const Target& target, bool line_tables,
                       llvm::LLVMContext& context);

}  // namespace thalweg::jit
