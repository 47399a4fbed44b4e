// What is set up once per process (targets, LLVM's switches, the fatal-error handler) and what a target is.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "llvm/Target/TargetMachine.h"

namespace thalweg::jit {

// The machine that a module is compiled for.
struct Target {
  std::string triple, cpu;
  std::vector<std::string> features;  // "+avx2", "-sse4a", ... sorted by name
  unsigned vector_bits = 0;           // width of the widest usable vector register; 0 on a GPU

  bool is_gpu() const { return vector_bits == 0; }
  std::string feature_list() const;  // joined by commas
};

Target host_target();
// A named x86-64 processor, for looking at code of other machines; the host's tuning is not mixed in.
Target named_target(const std::string& cpu);
Target ptx_target();

std::unique_ptr<llvm::TargetMachine> make_target_machine(const Target& target, std::string& error);

// Runs `work` on a thread of its own with a 16 MiB stack. A fatal error inside LLVM ends the work, not the
// process: false is returned and `error` says what LLVM said.
bool run_guarded(const std::function<void()>& work, std::string& error);

// Must be called before anything else of LLVM; later calls cost nothing.
void initialise_once();

}  // namespace thalweg::jit
