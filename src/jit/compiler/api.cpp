// The C door: checks, then modules to objects, objects to the linker, errors to text.
#include "api.h"

#include <cstdlib>
#include <cstring>

#include "clang/Basic/Version.h"
#include "clock.h"
#include "link.h"
#include "modules.h"

namespace thalweg::jit {
namespace {

Target target_of(const thw_jit_options& options) {
  if (options.product == THW_JIT_PTX) return ptx_target();
  static const Target host = host_target();
  return options.cpu ? named_target(options.cpu) : host;
}

// Returns the error's text, empty if there was none.
std::string compile(const thw_jit_source* sources, size_t count, const thw_jit_options& options, std::string& bytes,
                    thw_jit_times& times) {
  if (count == 0) return "nothing to compile";
  if (options.product == THW_JIT_PTX && count != 1) return "PTX is made from exactly one module";
  Stopwatch watch;
  initialise_once();
  const Target target = target_of(options);
  const double start_ms = watch.lap();
  ModulesResult modules = compile_modules(sources, count, target, options);
  times = modules.times;
  times.setup += start_ms;
  if (!modules.error.empty()) return modules.error;
  if (options.product != THW_JIT_SHARED_OBJECT) {
    for (const std::string& text : modules.products) bytes += text;
    return "";
  }
  watch.lap();
  LinkResult linked;
  std::string fatal;
  if (!run_guarded([&] { linked = link_shared(modules.products); }, fatal)) return fatal;
  times.link = watch.lap();
  bytes = std::move(linked.bytes);
  return linked.error;
}

char* copy(const std::string& text) {
  char* result = static_cast<char*>(std::malloc(text.size() + 1));
  if (result) std::memcpy(result, text.c_str(), text.size() + 1);
  return result;
}

}  // namespace
}  // namespace thalweg::jit

using namespace thalweg::jit;

extern "C" {

int32_t thw_jit_compile(const thw_jit_source* sources, size_t count, const thw_jit_options* options,
                        thw_jit_output* output) {
  *output = {};
  Stopwatch watch;
  std::string bytes;
  std::string error = compile(sources, count, *options, bytes, output->times);
  output->times.total = watch.lap();
  if (error.empty()) {
    output->bytes = copy(bytes);
    output->size = bytes.size();
    if (!output->bytes) error = "out of memory";
  }
  if (!error.empty()) output->error = copy(error);
  return error.empty() ? 0 : 1;
}

void thw_jit_free(thw_jit_output* output) {
  std::free(output->bytes);
  std::free(output->error);
  *output = {};
}

int32_t thw_jit_api_version(void) { return THW_JIT_API_VERSION; }

const char* thw_jit_compiler_version(void) { return "clang " CLANG_VERSION_STRING; }

const char* thw_jit_host_cpu(void) {
  static const std::string name = host_target().cpu;
  return name.c_str();
}

const char* thw_jit_host_features(void) {
  static const std::string features = host_target().feature_list();
  return features.c_str();
}

}  // extern "C"
