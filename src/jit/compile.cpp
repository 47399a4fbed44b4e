// Hands texts to the compiler library and its answers back as Results.
#include <sched.h>

#include <algorithm>

#include "jit/compiler_library.h"
#include "jit/jit.h"

namespace thalweg::jit {
namespace {

int threads_of(const Options& options) {
  if (options.threads > 0) return options.threads;
  cpu_set_t usable;
  return sched_getaffinity(0, sizeof usable, &usable) == 0 ? std::clamp(CPU_COUNT(&usable), 1, 8) : 1;
}

base::Result<CompiledObject> run_compiler(std::span<const Source> modules, thw_jit_product product,
                                          const Options& options) {
  CompilerInUse in_use;
  TW_TRY(const CompilerLibrary* library, compiler_library());
  std::vector<thw_jit_source> sources;
  for (const Source& module : modules) sources.push_back({module.text.data(), module.text.size(), module.name.c_str()});
  const thw_jit_options settings{product, options.line_tables ? 1 : 0, threads_of(options),
                                 options.cpu.empty() ? nullptr : options.cpu.c_str()};
  thw_jit_output output;
  int32_t failed = library->compile(sources.data(), sources.size(), &settings, &output);
  const thw_jit_times& t = output.times;
  CompiledObject object;
  object.times = {t.setup, t.front_end, t.optimise, t.codegen, t.link, t.total};
  std::string error;
  if (failed) {
    error = output.error ? output.error : "out of memory";
  } else {
    object.bytes.assign(output.bytes, output.size);
  }
  library->free(&output);
  // Users do not write this C: whatever is wrong with it is a bug of ours.
  if (failed) return jit_error("TW0904", "the generated C was not accepted: " + error);
  return object;
}

}  // namespace

base::Result<CompiledObject> compile(std::span<const Source> modules, const Options& options) {
  return run_compiler(modules, THW_JIT_SHARED_OBJECT, options);
}

base::Result<CompiledObject> compile_ptx(const Source& module, const Options& options) {
  return run_compiler({&module, 1}, THW_JIT_PTX, options);
}

base::Result<CompiledObject> compile_to_text(std::span<const Source> modules, TextKind kind, const Options& options) {
  return run_compiler(modules, kind == TextKind::llvm_ir ? THW_JIT_LLVM_IR : THW_JIT_ASSEMBLY, options);
}

}  // namespace thalweg::jit
