// Graph text -> lower -> emit -> host clang -> shared object -> call, and the same through the interpreter.
#pragma once
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "emit/emit.h"
#include "interpret/interpret.h"
#include "lower/lower.h"
#include "text/text.h"
#include "thalweg/runtime.h"

namespace thalweg::tests {

inline ir::Ref<ir::SDFG> graph_of(const std::string& text) {
  auto graph = text::parse(text);
  if (!graph) {
    ADD_FAILURE() << base::render(graph.error(), text);
    return nullptr;
  }
  return *graph;
}

inline lower::Program lowered(const std::string& text, const lower::Options& options = {}) {
  auto graph = graph_of(text);
  auto program = lower::lower(*graph, options);
  if (!program) {
    ADD_FAILURE() << base::render(program.error(), "");
    return {};
  }
  return std::move(*program);
}

// The program as machine code, made by the host's clang with the product's floating-point flags.
class Compiled {
 public:
  explicit Compiled(const std::string& text, const lower::Options& options = {}) : program(lowered(text, options)) {
    source = emit::emit_c(program);
    static std::atomic<int> count{0};
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("thalweg_emit_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::string base = (folder / ("p" + std::to_string(count++))).string();
    std::ofstream(base + ".c") << source;
    // THALWEG_EMIT_CC: another compiler or sanitizer flags for the emitted text.
    const char* chosen = std::getenv("THALWEG_EMIT_CC");
    std::string command = std::string(chosen ? chosen : "clang-19 -O2 -march=native") +
                          " -std=gnu17 -Werror=all -Wno-unused -Wno-ignored-qualifiers -ffp-contract=off -fno-math-errno"
                          " -fPIC -shared -o " + base + ".so " + base + ".c 2> " + base + ".log";
    if (std::system(command.c_str()) != 0) {
      std::ifstream log(base + ".log");
      ADD_FAILURE() << std::string(std::istreambuf_iterator<char>(log), {}) << "\n" << emit::emit_body(program);
      return;
    }
    library_ = dlopen((base + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) {
      ADD_FAILURE() << dlerror();
      return;
    }
    entry_ = reinterpret_cast<Entry>(dlsym(library_, "thw_entry"));
    std::filesystem::remove_all(folder);
  }
  ~Compiled() {
    if (library_) dlclose(library_);
  }

  // Containers by name, symbols by name; gives 0, or 1 after a raise (see context).
  int run(const std::map<std::string, void*>& data, const std::map<std::string, int64_t>& symbols, int threads = 1) {
    std::vector<void*> pointers;
    for (const std::string& name : program.signature.data) pointers.push_back(data.at(name));
    std::vector<int64_t> values;
    for (const std::string& name : program.signature.symbols) values.push_back(symbols.at(name));
    results.assign(program.signature.results.size() + 1, thw_array{});
    thw_call call{pointers.data(), values.data(), results.data()};
    runtime = *thw_default_runtime();
    if (callback) runtime.callback = callback;
    thw_context_init(&context, &runtime);
    context.threads = threads;
    return entry_ ? entry_(&context, &call) : -1;
  }
  template <class T>
  T scalar_result(int index) const {
    T value;
    EXPECT_EQ(results[index].rank, -1);
    std::memcpy(&value, results[index].shape, sizeof value);
    return value;
  }
  const lower::RaiseSite& raised() const { return program.signature.raise_sites.at(context.site); }

  lower::Program program;
  std::string source;
  std::vector<thw_array> results;
  thw_context context{};
  thw_runtime runtime{};
  decltype(thw_runtime::callback) callback = nullptr;

 private:
  using Entry = int32_t (*)(thw_context*, const thw_call*);
  void* library_ = nullptr;
  Entry entry_ = nullptr;
};

}  // namespace thalweg::tests
