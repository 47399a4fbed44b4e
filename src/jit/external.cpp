// A temporary folder, one child process, the bytes of what it made.
#include "jit/external.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "jit/compiler_library.h"

namespace thalweg::jit {
namespace {

// A folder of our own below the system's temporary one, gone with this object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    std::string pattern = (std::filesystem::temp_directory_path(error) / "thalweg_cc_XXXXXX").string();
    if (mkdtemp(pattern.data())) path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  explicit operator bool() const { return !path_.empty(); }
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

std::optional<std::string> external_compiler() {
  const char* command = std::getenv("THALWEG_CC");
  return command && *command ? std::optional<std::string>(command) : std::nullopt;
}

base::Result<CompiledObject> compile_external(const Source& source, const std::string& command) {
  TemporaryFolder folder;
  if (!folder) return jit_error("TW0907", "no temporary folder can be made for THALWEG_CC");
  const std::string text = folder.file("program.c"), object = folder.file("program.so"), log = folder.file("log");
  std::ofstream(text, std::ios::binary) << source.text;
  const std::string line = command +
                           " -std=gnu17 -w -ffp-contract=off -Xclang -ffloat16-excess-precision=none -fno-math-errno"
                           " -march=native -fPIC -shared -o '" +
                           object + "' '" + text + "' -lm > '" + log + "' 2>&1";
  if (std::system(line.c_str()) != 0)
    return jit_error("TW0904", "the generated C was not accepted: " + contents(log), "unset THALWEG_CC");
  CompiledObject result;
  result.bytes = contents(object);
  return result;
}

}  // namespace thalweg::jit
