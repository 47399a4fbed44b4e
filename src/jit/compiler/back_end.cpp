// The pass pipeline ("O2 tuned": stock O2, its costly parts switched off in session.cpp) and code generation.
#include "back_end.h"

#include "clock.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"
#include "vector_math.h"

namespace thalweg::jit {
namespace {

void optimise(llvm::Module& module, llvm::TargetMachine& machine, const Target& target) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = !target.is_gpu();
  tuning.SLPVectorization = !target.is_gpu();
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
  add_vector_math(library, target);
  // Before registerFunctionAnalyses, which would register the stock table: the first one stays.
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

bool generate_code(llvm::Module& module, llvm::TargetMachine& machine, llvm::CodeGenFileType type, std::string& bytes) {
  llvm::SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream stream(buffer);
  llvm::legacy::PassManager passes;
  llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
  passes.add(new llvm::TargetLibraryInfoWrapperPass(library));
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type, /*DisableVerify=*/true)) return false;
  passes.run(module);
  bytes.assign(buffer.begin(), buffer.end());
  return true;
}

}  // namespace

BackEndResult generate(llvm::Module& module, const Target& target, thw_jit_product product) {
  BackEndResult result;
  Stopwatch watch;
  auto machine = make_target_machine(target, result.error);
  if (!machine) return result;
  module.setDataLayout(machine->createDataLayout());
  optimise(module, *machine, target);
  define_vector_math(module, target);
  result.optimise_ms = watch.lap();
  if (product == THW_JIT_LLVM_IR) {
    llvm::raw_string_ostream stream(result.bytes);
    module.print(stream, nullptr);
    return result;
  }
  auto type =
      product == THW_JIT_SHARED_OBJECT ? llvm::CodeGenFileType::ObjectFile : llvm::CodeGenFileType::AssemblyFile;
  if (!generate_code(module, *machine, type, result.bytes)) result.error = "this target cannot produce such a file";
  result.codegen_ms = watch.lap();
  return result;
}

}  // namespace thalweg::jit
