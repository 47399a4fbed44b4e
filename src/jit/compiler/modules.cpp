// Front end and back end of every module, each on a guarded thread of its own; a single module is split if that pays.
#include "modules.h"

#include <atomic>
#include <functional>
#include <thread>

#include "back_end.h"
#include "clock.h"
#include "front_end.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "split.h"

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

struct PieceResult {
  std::string product, error;
  Split split;  // with more than one part, nothing was generated yet
  thw_jit_times times{};
};

void run_back_end(llvm::Module& module, const Target& target, const thw_jit_options& options,
                  const std::string& errors_of_context, PieceResult& result) {
  BackEndResult generated = generate(module, target, thw_jit_product(options.product));
  result.times.optimise += generated.optimise_ms;
  result.times.codegen += generated.codegen_ms;
  result.product = std::move(generated.bytes);
  result.error = generated.error.empty() ? errors_of_context : generated.error;
}

void compile_text(const thw_jit_source& source, const Target& target, const thw_jit_options& options,
                  unsigned most_parts, PieceResult& result) {
  llvm::LLVMContext context;
  std::string errors;
  context.setDiagnosticHandler(std::make_unique<QuietDiagnostics>(errors));
  FrontEndResult parsed = parse_c({source.text, source.size}, source.name ? source.name : "program.c", target,
                                  options.line_tables != 0, context);
  result.times.setup = parsed.setup_ms;
  result.times.front_end = parsed.front_end_ms;
  if (!parsed.module) {
    result.error = parsed.error;
    return;
  }
  Stopwatch watch;
  result.split = plan_split(*parsed.module, most_parts);
  result.times.setup += watch.lap();
  if (result.split.parts == 1) run_back_end(*parsed.module, target, options, errors, result);
}

void compile_part(const Split& split, unsigned part, const Target& target, const thw_jit_options& options,
                  PieceResult& result) {
  llvm::LLVMContext context;
  std::string errors;
  context.setDiagnosticHandler(std::make_unique<QuietDiagnostics>(errors));
  Stopwatch watch;
  std::unique_ptr<llvm::Module> module = read_part(split, part, context);
  result.times.setup += watch.lap();
  if (module) {
    run_back_end(*module, target, options, errors, result);
  } else {
    result.error = "a part of the module cannot be read";
  }
}

// Work on every index, one of them on the calling thread, each guarded against LLVM's fatal errors.
using Work = std::function<void(size_t, PieceResult&)>;
std::vector<PieceResult> run_all(size_t count, size_t threads, const Work& work) {
  std::vector<PieceResult> results(count);
  std::atomic<size_t> next{0};
  auto run = [&] {
    for (size_t i = next++; i < count; i = next++) {
      std::string fatal;
      if (!run_guarded([&] { work(i, results[i]); }, fatal)) results[i].error = fatal;
    }
  };
  std::vector<std::thread> helpers;
  try {
    for (size_t i = 1; i < std::min(count, threads); ++i) helpers.emplace_back(run);
  } catch (const std::system_error&) {  // no more threads to be had: fewer do the work
  }
  run();
  for (std::thread& helper : helpers) helper.join();
  return results;
}

void collect(std::vector<PieceResult>& pieces, ModulesResult& result) {
  for (PieceResult& piece : pieces) {
    result.times.setup += piece.times.setup;
    result.times.front_end += piece.times.front_end;
    result.times.optimise += piece.times.optimise;
    result.times.codegen += piece.times.codegen;
    if (result.error.empty()) result.error = piece.error;
    if (!piece.product.empty()) result.products.push_back(std::move(piece.product));
  }
}

}  // namespace

ModulesResult compile_modules(const thw_jit_source* sources, size_t count, const Target& target,
                              const thw_jit_options& options) {
  ModulesResult result;
  const size_t threads = size_t(std::max(1, options.threads));
  // Several modules are shared out as they are.
  const bool may_split = count == 1 && options.product == THW_JIT_SHARED_OBJECT;
  auto pieces = run_all(count, threads, [&](size_t i, PieceResult& piece) {
    compile_text(sources[i], target, options, may_split ? unsigned(threads) : 1, piece);
  });
  collect(pieces, result);
  if (!result.error.empty() || !may_split || pieces[0].split.parts == 1) return result;
  const Split& split = pieces[0].split;
  auto parts = run_all(split.parts, threads,
                       [&](size_t i, PieceResult& piece) { compile_part(split, unsigned(i), target, options, piece); });
  collect(parts, result);
  return result;
}

}  // namespace thalweg::jit
