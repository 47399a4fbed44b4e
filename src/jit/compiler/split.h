// Shares the functions of one module out among threads that optimise and generate code for their share.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "llvm/IR/Module.h"

namespace thalweg::jit {

struct Split {
  unsigned parts = 1;
  std::string bitcode;                    // the whole module
  std::map<std::string, unsigned> owner;  // which part has the body of a function; every part has those not named here
};

// At most `most_parts` parts, fewer where the work is not worth it. Prepares the module: functions that other parts
// call become hidden instead of static.
Split plan_split(llvm::Module& module, unsigned most_parts);

// One part as a module of its own context; null if the bitcode cannot be read.
std::unique_ptr<llvm::Module> read_part(const Split& split, unsigned part, llvm::LLVMContext& context);

}  // namespace thalweg::jit
