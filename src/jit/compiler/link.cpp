// lld as a function from bytes to bytes.
//
// lld reads its inputs by path and writes its output through llvm::FileOutputBuffer, which makes a temporary file
// beside it. Inputs are given as memfds (/proc/self/fd/N). The output needs no file at all: this file defines
// FileOutputBuffer::create itself, so the archive's own definition is never linked in, and what lld "writes"
// lands in a string. Nothing depends on /tmp, $HOME or the working directory.
#include "link.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <mutex>
#include <set>

#include "elf_stub.h"
#include "lld/Common/Driver.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

namespace thalweg::jit {
namespace {

// Where the link now in progress puts its output; guarded by the mutex of link_shared.
std::string* output_sink = nullptr;

class OutputInMemory : public llvm::FileOutputBuffer {
 public:
  OutputInMemory(llvm::StringRef path, size_t size) : FileOutputBuffer(path), bytes_(size, '\0') {}
  uint8_t* getBufferStart() const override { return reinterpret_cast<uint8_t*>(bytes_.data()); }
  uint8_t* getBufferEnd() const override { return getBufferStart() + bytes_.size(); }
  size_t getBufferSize() const override { return bytes_.size(); }
  llvm::Error commit() override {
    if (output_sink) *output_sink = std::move(bytes_);
    return llvm::Error::success();
  }

 private:
  mutable std::string bytes_;
};

// A file that exists in memory only, for as long as this object.
class MemoryFile {
 public:
  MemoryFile(const char* name, llvm::StringRef bytes) : descriptor_(memfd_create(name, MFD_CLOEXEC)) {
    while (descriptor_ >= 0 && !bytes.empty()) {
      ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written <= 0) {
        close(descriptor_);
        descriptor_ = -1;
      } else {
        bytes = bytes.drop_front(size_t(written));
      }
    }
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
  }
  MemoryFile(MemoryFile&& other) noexcept : descriptor_(other.descriptor_), path_(std::move(other.path_)) {
    other.descriptor_ = -1;
  }
  ~MemoryFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  bool ok() const { return descriptor_ >= 0; }
  const char* path() const { return path_.c_str(); }

 private:
  int descriptor_;
  std::string path_;
};

// The names that the objects want from outside, sorted.
std::set<std::string> undefined_names(const std::vector<std::string>& objects) {
  std::set<std::string> wanted, given;
  for (const std::string& object : objects) {
    auto file = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(object, "object"));
    if (!file) {
      llvm::consumeError(file.takeError());  // lld will say what is wrong
      continue;
    }
    for (const llvm::object::SymbolRef& symbol : (*file)->symbols()) {
      uint32_t flags = llvm::cantFail(symbol.getFlags());
      std::string name = llvm::cantFail(symbol.getName()).str();
      (flags & llvm::object::SymbolRef::SF_Undefined ? wanted : given).insert(std::move(name));
    }
  }
  wanted.erase("");  // the null symbol
  for (const std::string& name : given) wanted.erase(name);
  return wanted;
}

// The libraries that have those names, by the looks of them; a name that none has is an error at load.
std::vector<std::string> needed_libraries(const std::set<std::string>& names) {
  bool vector = false, math = false, compiler = false;
  for (llvm::StringRef name : names) {
    if (name.starts_with("_ZGV")) {
      vector = true;
    } else if (name.starts_with("__")) {
      compiler = true;  // __truncdfhf2, __divti3 ...
    } else if (!name.starts_with("mem")) {
      math = true;  // memcpy and the like are in every process
    }
  }
  std::vector<std::string> result;
  if (vector) result.push_back("libmvec.so.1");
  if (math || vector) result.push_back("libm.so.6");
  if (compiler) result.push_back("libgcc_s.so.1");
  return result;
}

std::string run_lld(const std::vector<const char*>& arguments, std::string& output) {
  std::string said;
  llvm::raw_string_ostream stream(said);
  output_sink = &output;
  lld::Result result = lld::lldMain(arguments, stream, stream, {{lld::Gnu, &lld::elf::link}});
  output_sink = nullptr;
  stream.flush();
  if (result.retCode == 0 && !output.empty()) return "";
  output.clear();
  return said.empty() ? "the linker failed without saying why" : said;
}

}  // namespace

LinkResult link_shared(const std::vector<std::string>& objects) {
  LinkResult result;
  std::vector<MemoryFile> files;
  for (const std::string& object : objects) files.emplace_back("thalweg-object", object);
  for (const std::string& library : needed_libraries(undefined_names(objects))) {
    files.emplace_back("thalweg-needed", shared_object_stub(library));
  }
  // --no-as-needed: the stubs define nothing, and yet their names must become DT_NEEDED entries.
  std::vector<const char*> arguments = {"ld.lld",
                                        "-shared",
                                        "-o",
                                        "thalweg",
                                        "--threads=1",
                                        "--no-as-needed",
                                        "-Bsymbolic",
                                        "--hash-style=gnu",
                                        "-znorelro",
                                        "-zmax-page-size=4096",
                                        "-znoseparate-code",
                                        "--build-id=none",
                                        "--color-diagnostics=never"};
  for (const MemoryFile& file : files) {
    if (!file.ok()) {
      result.error = std::string("cannot make a file in memory: ") + std::strerror(errno);
      return result;
    }
    arguments.push_back(file.path());
  }
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  result.error = run_lld(arguments, result.bytes);
  return result;
}

}  // namespace thalweg::jit

// Takes the place of llvm::cl::ResetAllOptionOccurrences by the linker's --wrap. lld calls it at every link, which
// would undo set_switches() in session.cpp: the second compile of a process would produce other code than the first.
extern "C" void __wrap__ZN4llvm2cl25ResetAllOptionOccurrencesEv() {}

// Replaces the definition in libLLVMSupport.a; see the head of this file.
llvm::Expected<std::unique_ptr<llvm::FileOutputBuffer>> llvm::FileOutputBuffer::create(StringRef path, size_t size,
                                                                                       unsigned) {
  return std::make_unique<thalweg::jit::OutputInMemory>(path, size);
}
