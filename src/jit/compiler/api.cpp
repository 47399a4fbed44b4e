// The C door: modules to threads, their objects to the linker, errors to text.
#include "api.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "back_end.h"
#include "clang/Basic/Version.h"
#include "clock.h"
#include "front_end.h"
#include "link.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"

namespace thalweg::jit {
namespace {

// Keeps LLVM's remarks and warnings quiet and its errors from ending the process.
class QuietDiagnostics : public llvm::DiagnosticHandler {
 public:
  explicit QuietDiagnostics(std::string& errors) : errors_(errors) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    if (info.getSeverity() == llvm::DS_Error) {
      llvm::raw_string_ostream stream(errors_);
      llvm::DiagnosticPrinterRawOStream printer(stream);
      info.print(printer);
    }
    return true;
  }

 private:
  std::string& errors_;
};

struct ModuleResult {
  std::string bytes, error;
  thw_jit_times times{};
};

void compile_module(const thw_jit_source& source, const Target& target, const thw_jit_options& options,
                    ModuleResult& result) {
  llvm::LLVMContext context;
  std::string backend_errors;
  context.setDiagnosticHandler(std::make_unique<QuietDiagnostics>(backend_errors));
  FrontEndResult parsed = parse_c({source.text, source.size}, source.name ? source.name : "program.c", target,
                                  options.line_tables != 0, context);
  result.times.setup = parsed.setup_ms;
  result.times.front_end = parsed.front_end_ms;
  if (!parsed.module) {
    result.error = parsed.error;
    return;
  }
  BackEndResult generated = generate(*parsed.module, target, thw_jit_product(options.product));
  result.times.optimise = generated.optimise_ms;
  result.times.codegen = generated.codegen_ms;
  result.bytes = std::move(generated.bytes);
  result.error = generated.error.empty() ? backend_errors : generated.error;
}

void compile_module_guarded(const thw_jit_source& source, const Target& target, const thw_jit_options& options,
                            ModuleResult& result) {
  std::string fatal;
  if (!run_guarded([&] { compile_module(source, target, options, result); }, fatal)) result.error = fatal;
}

std::vector<ModuleResult> compile_modules(const thw_jit_source* sources, size_t count, const Target& target,
                                          const thw_jit_options& options) {
  std::vector<ModuleResult> results(count);
  std::atomic<size_t> next{0};
  auto work = [&] {
    for (size_t i = next++; i < count; i = next++) compile_module_guarded(sources[i], target, options, results[i]);
  };
  std::vector<std::thread> helpers;
  size_t threads = std::min(count, size_t(std::max(1, options.threads)));
  for (size_t i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  return results;
}

Target target_of(const thw_jit_options& options) {
  if (options.product == THW_JIT_PTX) return ptx_target();
  static const Target host = host_target();
  return options.cpu ? named_target(options.cpu) : host;
}

void add(thw_jit_times& sum, const thw_jit_times& more) {
  sum.setup += more.setup;
  sum.front_end += more.front_end;
  sum.optimise += more.optimise;
  sum.codegen += more.codegen;
}

// Returns the error's text, empty if there was none.
std::string compile(const thw_jit_source* sources, size_t count, const thw_jit_options& options, std::string& bytes,
                    thw_jit_times& times) {
  if (count == 0) return "nothing to compile";
  if (options.product == THW_JIT_PTX && count != 1) return "PTX is made from exactly one module";
  Stopwatch watch;
  initialise_once();
  const Target target = target_of(options);
  times.setup = watch.lap();
  std::vector<std::string> objects;
  for (ModuleResult& result : compile_modules(sources, count, target, options)) {
    add(times, result.times);
    if (!result.error.empty()) return result.error;
    objects.push_back(std::move(result.bytes));
  }
  if (options.product != THW_JIT_SHARED_OBJECT) {
    for (const std::string& text : objects) bytes += text;
    return "";
  }
  watch.lap();
  LinkResult linked;
  std::string fatal;
  if (!run_guarded([&] { linked = link_shared(objects); }, fatal)) return fatal;
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
