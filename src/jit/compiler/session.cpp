// One-time initialisation of the private LLVM, host detection, and the guard against its fatal errors.
#include "session.h"

#include <pthread.h>

#include <csignal>
#include <mutex>

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/TargetParser/Host.h"

extern "C" {
void LLVMInitializeX86TargetInfo();
void LLVMInitializeX86Target();
void LLVMInitializeX86TargetMC();
void LLVMInitializeX86AsmPrinter();
void LLVMInitializeX86AsmParser();
void LLVMInitializeNVPTXTargetInfo();
void LLVMInitializeNVPTXTarget();
void LLVMInitializeNVPTXTargetMC();
void LLVMInitializeNVPTXAsmPrinter();
}

namespace thalweg::jit {
namespace {

constexpr unsigned stack_bytes = 16u << 20;  // a module of 600 loop nests needs more than a default thread has

thread_local std::string fatal_message;

// LLVM gives up on the whole process here; we give up on this compile only.
void on_fatal_error(void*, const char* reason, bool) {
  fatal_message = reason;
  if (llvm::CrashRecoveryContext* context = llvm::CrashRecoveryContext::GetCurrent()) context->HandleExit(1);
}

// CrashRecoveryContext recovers only when enabled, and enabling installs signal handlers. Ours is a guest in
// somebody's process: the handlers that were there are put back at once, so only fatal errors are recovered.
void enable_recovery_without_signal_handlers() {
  const int signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
  struct sigaction before[std::size(signals)];
  for (size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], nullptr, &before[i]);
  llvm::CrashRecoveryContext::Enable();
  for (size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], &before[i], nullptr);
}

// "O2 tuned": less than half of stock compile time and code no slower (docs/jit.md has the figures).
void set_switches() {
  const char* switches[] = {
      "thalweg",
      "-unroll-runtime=false",                 // run-time unrolling makes read-modify-write loops 12x slower on Zen 4
      "-disable-lsr",                          // half of code generation time, no gain on x86
      "-disable-x86-domain-reassignment",      // quadratic in function size
      "-epilogue-vectorization-minimum-VF=4",  // remainders in half-width vectors: short rows run up to 4x faster
  };
  llvm::cl::ParseCommandLineOptions(std::size(switches), switches, "", &llvm::nulls());
}

void initialise() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  LLVMInitializeX86AsmParser();
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
  set_switches();
  llvm::install_fatal_error_handler(on_fatal_error);
  enable_recovery_without_signal_handlers();
}

// Processors with AVX and no AVX2 count as SSE: libmvec's 256-bit forms are made for AVX2.
unsigned vector_bits_of(const Target& target) {
  auto has = [&](const char* feature) { return llvm::is_contained(target.features, feature); };
  if (has("+avx512f")) return 512;
  return has("+avx2") ? 256 : 128;
}

constexpr const char* host_triple = "x86_64-pc-linux-gnu";

}  // namespace

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, initialise);
}

std::string Target::feature_list() const { return llvm::join(features, ","); }

Target host_target() {
  Target target{host_triple, llvm::sys::getHostCPUName().str(), {}, 0};
  for (const auto& feature : llvm::sys::getHostCPUFeatures()) {
    target.features.push_back((feature.second ? "+" : "-") + feature.first().str());
  }
  llvm::sort(target.features, [](const auto& a, const auto& b) { return a.substr(1) < b.substr(1); });
  target.vector_bits = vector_bits_of(target);
  return target;
}

Target named_target(const std::string& cpu) {
  Target target{host_triple, cpu, {}, 128};
  std::string error;
  const llvm::Target* description = llvm::TargetRegistry::lookupTarget(host_triple, error);
  if (!description) return target;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(description->createMCSubtargetInfo(host_triple, cpu, ""));
  if (subtarget->checkFeatures("+avx512f")) {
    target.vector_bits = 512;
  } else if (subtarget->checkFeatures("+avx2")) {
    target.vector_bits = 256;
  }
  return target;
}

// Without +ptx85 here the text says ".version 7.8", which ptxas refuses for sm_90.
Target ptx_target() { return {"nvptx64-nvidia-cuda", "sm_90", {"+ptx85"}, 0}; }

std::unique_ptr<llvm::TargetMachine> make_target_machine(const Target& target, std::string& error) {
  const llvm::Target* description = llvm::TargetRegistry::lookupTarget(target.triple, error);
  if (!description) return nullptr;
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;  // never fuse what the text has not fused
  return std::unique_ptr<llvm::TargetMachine>(
      description->createTargetMachine(target.triple, target.cpu, target.feature_list(), options, llvm::Reloc::PIC_,
                                       std::nullopt, llvm::CodeGenOptLevel::Default));
}

namespace {

// On a thread with stack enough for LLVM; where no thread is to be had, on this one.
void on_large_stack(std::function<void()> work) {
  auto start = [](void* function) -> void* {
    (*static_cast<std::function<void()>*>(function))();
    return nullptr;
  };
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, start, &work) == 0;
  pthread_attr_destroy(&attributes);
  if (started) {
    pthread_join(thread, nullptr);
  } else {
    work();
  }
}

}  // namespace

bool run_guarded(const std::function<void()>& work, std::string& error) {
  bool finished = false;
  on_large_stack([&] {
    llvm::CrashRecoveryContext guard;  // on this thread, because what LLVM said is kept per thread
    finished = guard.RunSafely(work);
    if (!finished) error = "the compiler gave up: " + fatal_message;
  });
  return finished;
}

}  // namespace thalweg::jit
