// C text to callable code inside this process, and what a cached program needs: load without the compiler.
//
// The compiler (clang, LLVM and lld in libthalweg_jit.so, see compiler/api.h) is opened on first use only.
// Nothing here starts a child process, writes a file or reads one other than that library.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace thalweg::jit {

struct Source {
  std::string name;  // for diagnostics and line tables: "terrain.c"
  std::string text;  // gnu17 without includes
};

struct Options {
  int threads = 0;           // how many threads may compile at once; 0: as many as may run, at most 8
  bool line_tables = false;  // for debuggers and profilers
  std::string cpu;           // LLVM's name of another x86-64 processor; empty: this machine
};

// Milliseconds; with several threads the phases of all modules are added up, total is wall time.
struct PhaseTimes {
  double setup = 0, front_end = 0, optimise = 0, codegen = 0, link = 0, total = 0;
};

struct CompiledObject {
  std::string bytes;  // an ELF shared object, or text
  PhaseTimes times;
};

enum class TextKind { llvm_ir, assembly };

base::Result<CompiledObject> compile(std::span<const Source> modules, const Options& options = {});
base::Result<CompiledObject> compile_ptx(const Source& module, const Options& options = {});
// What the machine code is made from, for people and tests.
base::Result<CompiledObject> compile_to_text(std::span<const Source> modules, TextKind kind,
                                             const Options& options = {});

// Machine code in this process; unloaded by the destructor.
class Loaded {
 public:
  Loaded() = default;
  Loaded(const Loaded&) = delete;
  Loaded(Loaded&& other) noexcept;
  Loaded& operator=(const Loaded&) = delete;
  Loaded& operator=(Loaded&& other) noexcept;
  ~Loaded();

  explicit operator bool() const { return handle_ != nullptr; }
  void* symbol(const char* name) const;  // null if there is none
  template <class F>
  F* function(const char* name) const {
    return reinterpret_cast<F*>(symbol(name));
  }

 private:
  friend base::Result<Loaded> load(std::string_view bytes);
  friend base::Result<Loaded> load_file(const std::string& path);
  explicit Loaded(void* handle) : handle_(handle) {}
  void* handle_ = nullptr;
};

// Through a file in memory: works with /tmp noexec and a read-only home.
base::Result<Loaded> load(std::string_view bytes);
base::Result<Loaded> load_file(const std::string& path);

// Where libthalweg_jit.so is; call it before the first compile. Without it the library is looked for beside the
// module or program that this code is in, and in lib/ of the three folders above.
void set_compiler_path(std::string path);
std::string compiler_path();
// Opens the compiler in a background thread, so that the first compile does not wait for the disk.
void preload();
bool compiler_is_open();

// The next three are for cache keys. None opens the compiler.
std::string target_id();          // the processor, with every instruction set it offers: "6-207-2-91f3..."
std::string compiler_build_id();  // of the library file; empty if there is none
std::string own_build_id();       // of the library or program that this code, and with it all of Thalweg, is in

}  // namespace thalweg::jit
