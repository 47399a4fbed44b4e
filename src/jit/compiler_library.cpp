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

namespace thalweg::jit {
namespace {

constexpr const char* library_name = "libthalweg_jit.so";

// One per process: the library holds LLVM's process-wide state, so two copies of this record would be two LLVMs.
struct Opened {
  std::mutex mutex;  // guards all but `open`
  std::string path;
  std::optional<CompilerLibrary> library;
  std::atomic<bool> open{false};
  std::thread preloading;

  std::mutex use_mutex;  // guards the next two; held during a fork
  int users = 0, forks_waiting = 0;

  Opened();
  ~Opened() { finish_preloading(); }  // it may still be in dlopen
  void finish_preloading() {
    std::unique_lock lock(mutex);
    std::thread thread = std::move(preloading);
    lock.unlock();
    if (thread.joinable()) thread.join();
  }
};

Opened& opened() {
  static Opened record;
  return record;
}

// Waiting is by naps: a condition variable would count threads that do not exist in the child.
void nap() { usleep(100); }

void before_fork() {
  Opened& record = opened();
  record.finish_preloading();
  record.use_mutex.lock();
  ++record.forks_waiting;
  while (record.users != 0) {
    record.use_mutex.unlock();
    nap();
    record.use_mutex.lock();
  }
  record.mutex.lock();
}

void after_fork_in_parent() {
  Opened& record = opened();
  --record.forks_waiting;
  record.mutex.unlock();
  record.use_mutex.unlock();
}

void after_fork_in_child() {
  Opened& record = opened();
  record.forks_waiting = 0;
  if (record.preloading.joinable()) record.preloading.detach();  // started in between; it is not in this process
  record.mutex.unlock();
  record.use_mutex.unlock();
}

Opened::Opened() { pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }

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

bool in_use_by_others() {
  Opened& record = opened();
  std::lock_guard lock(record.use_mutex);
  return record.users > 0;
}

// A first compile touches pages and tables that later ones find warm; this one is small and thrown away. Where a
// real one is waiting already, it would only be in the way.
void warm_up(const CompilerLibrary& library) {
  if (in_use_by_others()) return;
  const char text[] = "void f(double*restrict a,const double*restrict b,long n){for(long i=0;i<n;++i)a[i]=b[i]*2.0;}";
  const thw_jit_source source{text, sizeof text - 1, "warm.c"};
  const thw_jit_options options{THW_JIT_SHARED_OBJECT, 0, 1, nullptr};
  thw_jit_output output;
  CompilerInUse in_use;
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

CompilerInUse::CompilerInUse() {
  Opened& record = opened();
  std::unique_lock lock(record.use_mutex);
  while (record.forks_waiting != 0) {
    lock.unlock();
    nap();
    lock.lock();
  }
  ++record.users;
}

CompilerInUse::~CompilerInUse() {
  Opened& record = opened();
  std::lock_guard lock(record.use_mutex);
  --record.users;
}

base::Result<const CompilerLibrary*> compiler_library() {
  Opened& record = opened();
  std::lock_guard lock(record.mutex);
  return open_locked(record);
}

void set_compiler_path(std::string path) {
  Opened& record = opened();
  std::lock_guard lock(record.mutex);
  TW_CHECK(!record.library || record.path == path, "the compiler is open already");
  record.path = std::move(path);
}

std::string compiler_path() {
  Opened& record = opened();
  std::lock_guard lock(record.mutex);
  return path_locked(record);
}

bool compiler_is_open() { return opened().open; }

void preload() {
  Opened& record = opened();
  std::lock_guard lock(record.mutex);
  if (record.library || record.preloading.joinable()) return;
  try {
    record.preloading = std::thread([] {
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
