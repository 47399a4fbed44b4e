// Shared objects into this process, from memory or from a file.
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "jit/compiler_library.h"
#include "jit/jit.h"
#include "thalweg/forks.h"

namespace thalweg::jit {
namespace {

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

int make_memory_file() {
  // Since Linux 6.3 an administrator may have memory files not executable by default.
  int file = memfd_create("thalweg", MFD_CLOEXEC | MFD_EXEC);
  if (file < 0 && errno == EINVAL) file = memfd_create("thalweg", MFD_CLOEXEC);
  return file;
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(size_t(written));
  }
  return true;
}

// dlopen returns an object that is loaded already if the path reads the same, and descriptor numbers are reused:
// so every load spells /proc/self/fd/N in its own way, with "/." and "//" as the binary digits of a counter.
std::string unique_path(int file) {
  static std::atomic<uint64_t> counter{0};
  std::string path = "/proc/self/fd";
  for (uint64_t rest = ++counter; rest != 0; rest >>= 1) path += rest & 1 ? "//" : "/.";
  return path + "/" + std::to_string(file);
}

}  // namespace

Loaded::Loaded(Loaded&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Loaded& Loaded::operator=(Loaded&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Loaded::~Loaded() {
  const runtime::NoForks unloading;
  if (handle_) dlclose(handle_);
}

void* Loaded::symbol(const char* name) const {
  const runtime::NoForks reading;
  return handle_ ? dlsym(handle_, name) : nullptr;
}

base::Result<Loaded> load_file(const std::string& path) {
  const runtime::NoForks loading;
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return jit_error("TW0905", std::string("compiled code cannot be loaded: ") + dlerror());
  return Loaded(handle);
}

base::Result<Loaded> load(std::string_view bytes) {
  int file = make_memory_file();
  if (file < 0) return jit_error("TW0906", std::string("no file in memory can be made: ") + std::strerror(errno));
  bool written = write_all(file, bytes);
  int reason = errno;
  base::Result<Loaded> result =
      written ? load_file(unique_path(file))
              : base::Result<Loaded>(
                    jit_error("TW0906", std::string("a file in memory cannot be filled: ") + std::strerror(reason)));
  close(file);
  return result;
}

}  // namespace thalweg::jit
