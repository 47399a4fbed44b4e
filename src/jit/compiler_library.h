// Finds and opens libthalweg_jit.so once. Private to this room.
#pragma once
#include "base/result.h"
#include "jit/compiler/api.h"
#include "thalweg/forks.h"

namespace thalweg::jit {

struct CompilerLibrary {
  thw_jit_compile_fn* compile = nullptr;
  thw_jit_free_fn* free = nullptr;
};

// Opens it on the first call, waiting for a preload() in progress; later calls cost nothing.
base::Result<const CompilerLibrary*> compiler_library();

// Lives as long as a compile that somebody waits for. A child that inherited it half done, with its locks held and
// its threads gone, could never compile again.
class CompilerInUse {
 public:
  CompilerInUse();
  ~CompilerInUse();
  CompilerInUse(const CompilerInUse&) = delete;
  CompilerInUse& operator=(const CompilerInUse&) = delete;

 private:
  runtime::NoForks no_forks_;
};

base::Diagnostic jit_error(std::string code, std::string message, std::string fix = "");

}  // namespace thalweg::jit
