// What differs between the C-like languages that the writer prints: words and conventions, no code.
#pragma once
#include <string>

namespace thalweg::emit {

struct Dialect {
  std::string name;
  std::string restrict_word = "restrict";
  std::string nest_prefix = "static __attribute__((noinline)) void ";  // before a nest function's name
  std::string kernel_prefix;    // before a device kernel's name; empty: no kernels
  std::string global_index[3];  // x, y, z: index of the work item in the whole grid
  bool host_runtime = true;     // has thw_context, allocation, parallel_for
  bool cplusplus = false;       // memory releases itself, so that errors leave by return; regions are lambdas
};

const Dialect& c_dialect();     // GNU C17 for clang and gcc: what the JIT compiles
const Dialect& cpp_dialect();   // C++17 with OpenMP behind thalweg_export.h: for other people's compilers
const Dialect& cuda_dialect();  // the same C for nvptx: map nests as kernels

}  // namespace thalweg::emit
