// Where the compiler is, opening it lazily or ahead of time, and its build id read from the file.
#include "jit/compiler_library.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include "jit/jit.h"
#include "thalweg/forks.h"

namespace thalweg::jit {
namespace {

constexpr const char* library_name = "libthalweg_jit.so";

// One per process: the library holds LLVM's process-wide state, so two copies of this record would be two LLVMs.
struct Opened {
  std::mutex mutex;  // guards all but `open`; only ever held by a Locked
  std::string path;
  std::optional<CompilerLibrary> library;
  std::atomic<bool> open{false};
  std::thread preloading;

  Opened();
  ~Opened() {  // it may still be in dlopen
    if (preloading.joinable()) preloading.join();
  }
};

Opened& opened() {
  static Opened record;
  return record;
}

// A child must not inherit the mutex while it is held.
class Locked {
 public:
  explicit Locked(Opened& record) : lock_(record.mutex) {}

 private:
  runtime::NoForks no_forks_;
  std::lock_guard<std::mutex> lock_;
};

// The compiles that somebody waits for.
std::atomic<int> compiles{0};

// The child has no such thread, so nothing to wait for.
void after_fork_in_child() { new (&opened().preloading) std::thread; }

Opened::Opened() { pthread_atfork(nullptr, nullptr, after_fork_in_child); }

// The shared library or program that this function is in; empty if it is not to be found.
std::string own_file() {
  Dl_info info{};
  const bool known = dladdr(reinterpret_cast<void*>(&own_file), &info) && info.dli_fname;
  // For a program the name is what it was called by, which need not be a path.
  const char* name = known && std::strchr(info.dli_fname, '/') ? info.dli_fname : "/proc/self/exe";
  char path[PATH_MAX];
  return realpath(name, path) ? path : "";
}

std::string own_folder() {
  const std::string path = own_file();
  return path.empty() ? "." : path.substr(0, path.rfind('/'));
}

std::string search_for_library() {
  std::string folder = own_folder();
  std::string path = folder + "/" + library_name;
  for (int up = 0; up < 4; ++up) {
    if (access(path.c_str(), R_OK) == 0) return path;
    path = folder + "/lib/" + library_name;
    folder += "/..";
  }
  return access(path.c_str(), R_OK) == 0 ? path : "";
}

const std::string& path_locked(Opened& record) {
  if (record.path.empty()) record.path = search_for_library();
  return record.path;
}

template <class F>
F* look_up(void* handle, const char* name) {
  return reinterpret_cast<F*>(dlsym(handle, name));
}

base::Result<const CompilerLibrary*> open_locked(Opened& record) {
  if (record.library) return &*record.library;
  const std::string& path = path_locked(record);
  if (path.empty()) {
    return jit_error("TW0901", std::string(library_name) + ", the compiler library, was not found",
                     "reinstall thalweg; in a source tree build the target thalweg_jit_compiler");
  }
  // Never closed: its destructors never run (compiler/no_exit.cpp).
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle) return jit_error("TW0902", std::string("the compiler library cannot be loaded: ") + dlerror());
  auto* version = look_up<thw_jit_api_version_fn>(handle, "thw_jit_api_version");
  CompilerLibrary library{look_up<thw_jit_compile_fn>(handle, "thw_jit_compile"),
                          look_up<thw_jit_free_fn>(handle, "thw_jit_free")};
  if (!version || version() != THW_JIT_API_VERSION || !library.compile || !library.free) {
    return jit_error("TW0903", path + " belongs to another version of thalweg", "reinstall thalweg");
  }
  record.library = library;
  record.open = true;
  return &*record.library;
}

// A first compile touches pages and tables that later ones find warm; this one is small and thrown away. Where a
// real one is waiting already, it would only be in the way.
void warm_up(const CompilerLibrary& library) {
  if (compiles != 0) return;
  const char text[] = "void f(double*restrict a,const double*restrict b,long n){for(long i=0;i<n;++i)a[i]=b[i]*2.0;}";
  const thw_jit_source source{text, sizeof text - 1, "warm.c"};
  const thw_jit_options options{THW_JIT_SHARED_OBJECT, 0, 1, nullptr};
  thw_jit_output output;
  library.compile(&source, 1, &options, &output);
  library.free(&output);
}

// The identifier that the linker put into the file: the note sits in its first page.
std::string read_build_id(const std::string& path) {
  alignas(8) char page[4096];
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  ssize_t size = read(file, page, sizeof page);
  close(file);
  Elf64_Ehdr header;
  if (size < ssize_t(sizeof header)) return "";
  std::memcpy(&header, page, sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "";
  for (int i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    uint64_t at = header.e_phoff + uint64_t(i) * sizeof segment;
    if (at + sizeof segment > uint64_t(size)) return "";
    std::memcpy(&segment, page + at, sizeof segment);
    if (segment.p_type != PT_NOTE || segment.p_offset + segment.p_filesz > uint64_t(size)) continue;
    Elf64_Nhdr note;
    std::memcpy(&note, page + segment.p_offset, sizeof note);
    uint64_t start = segment.p_offset + sizeof note + (note.n_namesz + 3) / 4 * 4;
    if (note.n_type != NT_GNU_BUILD_ID || start + note.n_descsz > uint64_t(size)) continue;
    std::string result;
    for (uint64_t k = 0; k < note.n_descsz; ++k) {
      auto byte = static_cast<unsigned char>(page[start + k]);
      result += "0123456789abcdef"[byte >> 4];
      result += "0123456789abcdef"[byte & 15];
    }
    return result;
  }
  return "";
}

}  // namespace

base::Diagnostic jit_error(std::string code, std::string message, std::string fix) {
  base::Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.kind = base::ErrorKind::internal;
  diagnostic.message = std::move(message);
  diagnostic.fix = std::move(fix);
  return diagnostic;
}

CompilerInUse::CompilerInUse() { ++compiles; }

CompilerInUse::~CompilerInUse() { --compiles; }

base::Result<const CompilerLibrary*> compiler_library() {
  Opened& record = opened();
  const Locked lock(record);
  return open_locked(record);
}

void set_compiler_path(std::string path) {
  Opened& record = opened();
  const Locked lock(record);
  TW_CHECK(!record.library || record.path == path, "the compiler is open already");
  record.path = std::move(path);
}

std::string compiler_path() {
  Opened& record = opened();
  const Locked lock(record);
  return path_locked(record);
}

bool compiler_is_open() { return opened().open; }

void preload() {
  Opened& record = opened();
  const Locked lock(record);
  if (record.library || record.preloading.joinable()) return;
  try {
    record.preloading = std::thread([] {
      const runtime::NoForks opening;
      auto library = compiler_library();
      if (library) warm_up(**library);  // a failure is reported by whoever compiles
    });
  } catch (const std::system_error&) {  // no more threads to be had: who compiles opens it
  }
}

std::string compiler_build_id() { return read_build_id(compiler_path()); }

std::string own_build_id() {
  const std::string path = own_file();
  std::string id = read_build_id(path);
  struct stat status;
  if (id.empty() && stat(path.c_str(), &status) == 0) {
    id = path + " " + std::to_string(status.st_size) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
  }
  return id;
}

}  // namespace thalweg::jit
