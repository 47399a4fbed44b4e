// Runs clang on text in memory. The file system it sees is empty: there is nothing to include.
#include "front_end.h"

#include "clang/Basic/Diagnostic.h"
#include "clang/CodeGen/CodeGenAction.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clock.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace thalweg::jit {
namespace {

// The floating-point flags are one line and never vary. The front end's defaults already are: errno not kept by
// mathematical functions, no reassociation, no reciprocals, NaN, infinity and signed zeros honoured.
// (-fno-math-errno is the driver's spelling; cc1 has only -fmath-errno, which we do not pass.)
constexpr const char* floating_point_flags[] = {"-ffp-contract=off", "-ffloat16-excess-precision=none"};

std::vector<std::string> arguments(const Target& target, bool line_tables) {
  // -disable-free, which the driver passes, is left out: it would leak 200 KB a compile.
  std::vector<std::string> result = {"-triple",
                                     target.triple,
                                     "-target-cpu",
                                     target.cpu,
                                     "-emit-llvm-only",
                                     "-disable-llvm-passes",
                                     "-disable-llvm-verifier",
                                     "-discard-value-names",
                                     "-nobuiltininc",
                                     "-nostdsysteminc",
                                     "-mrelocation-model",
                                     "pic",
                                     "-pic-level",
                                     "2",
                                     "-O2",
                                     "-vectorize-loops",
                                     "-vectorize-slp",
                                     "-std=gnu17",
                                     "-w",
                                     "-x",
                                     "c"};
  result.insert(result.end(), std::begin(floating_point_flags), std::end(floating_point_flags));
  for (const std::string& feature : target.features) {
    result.push_back("-target-feature");
    result.push_back(feature);
  }
  if (!target.is_gpu()) {
    result.push_back("-mframe-pointer=none");
    result.push_back("-mprefer-vector-width=" + std::to_string(target.vector_bits));
  }
  if (line_tables) {
    result.push_back("-debug-info-kind=line-tables-only");
    result.push_back("-dwarf-version=5");
    result.push_back("-debugger-tuning=gdb");
  }
  return result;
}

}  // namespace

FrontEndResult parse_c(llvm::StringRef text, const std::string& name, const Target& target, bool line_tables,
                       llvm::LLVMContext& context) {
  FrontEndResult result;
  Stopwatch watch;
  llvm::raw_string_ostream diagnostics_text(result.error);
  auto diagnostic_options = llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>();
  auto ids = llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>();
  auto printer = std::make_unique<clang::TextDiagnosticPrinter>(diagnostics_text, diagnostic_options.get());
  clang::DiagnosticsEngine argument_diagnostics(ids, diagnostic_options, printer.get(), /*ShouldOwnClient=*/false);

  std::vector<std::string> words = arguments(target, line_tables);
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  auto invocation = std::make_shared<clang::CompilerInvocation>();
  if (!clang::CompilerInvocation::CreateFromArgs(*invocation, argv, argument_diagnostics)) return result;

  // Clang wants the byte after the end to be zero; the caller's text need not have one.
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(text, name);
  auto& front_end = invocation->getFrontendOpts();
  front_end.Inputs = {clang::FrontendInputFile(buffer->getMemBufferRef(), front_end.DashX)};
  invocation->getCodeGenOpts().MainFileName = name;

  clang::CompilerInstance instance;
  instance.setInvocation(std::move(invocation));
  instance.setVerboseOutputStream(std::make_unique<llvm::raw_null_ostream>());  // "1 error generated."
  instance.createDiagnostics(printer.get(), /*ShouldOwnClient=*/false);
  instance.createFileManager(llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>());
  result.setup_ms = watch.lap();

  clang::EmitLLVMOnlyAction action(&context);
  if (instance.ExecuteAction(action)) result.module = action.takeModule();
  diagnostics_text.flush();
  if (result.module) {
    result.error.clear();
  } else if (result.error.empty()) {
    result.error = "the front end failed without saying why";
  }
  result.front_end_ms = watch.lap();
  return result;
}

}  // namespace thalweg::jit
