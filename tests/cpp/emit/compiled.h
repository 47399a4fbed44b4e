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
#include "thalweg/math.h"
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
  explicit Compiled(const std::string& text, const lower::Options& options = {}) : Compiled(lowered(text, options)) {}
  // `exporting` names a C++ compiler: the exported form of the program, made by it.
  explicit Compiled(lower::Program lowered_program, const std::string& exporting = "")
      : program(std::move(lowered_program)), exported_(!exporting.empty()) {
    static std::atomic<int> count{0};
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("thalweg_emit_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::string base = (folder / ("p" + std::to_string(count++))).string();
    // The runtime's vector functions are in this executable: the one that the tests use is handed in by pointer.
    source = exported_ ? exported_source()
                       : emit::emit_c(program) +
                             "double (*test_exp)(double);\ndouble thw_exp(double x) { return test_exp(x); }\n";
    std::ofstream(folder / "thalweg_export.h") << emit::export_header();
    std::ofstream(base + ".c") << source;
    // THALWEG_EMIT_CC: another compiler or sanitizer flags for the emitted text.
    const char* chosen = std::getenv("THALWEG_EMIT_CC");
    std::string command =
        exported_
            ? exporting + " -x c++ -std=c++17 -Wall -Wextra -Werror -Wno-unused -Wno-unused-parameter -DTHALWEG_NO_MATH"
            : std::string(chosen ? chosen : "clang-19 -O2 -march=native") +
                  " -std=gnu17 -w -Werror=implicit-function-declaration";
    command += " -ffp-contract=off -fno-math-errno -fPIC -shared -o " + base + ".so " + base + ".c 2> " + base + ".log";
    if (std::system(command.c_str()) != 0) {
      std::ifstream log(base + ".log");
      ADD_FAILURE() << std::string(std::istreambuf_iterator<char>(log), {}) << "\n" << source;
      return;
    }
    library_ = dlopen((base + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) {
      ADD_FAILURE() << dlerror();
      return;
    }
    *static_cast<double (**)(double)>(dlsym(library_, "test_exp")) = [](double x) { return thw_exp_f64(x); };
    entry_ = reinterpret_cast<Entry>(dlsym(library_, "thw_entry"));
    std::filesystem::remove_all(folder);
  }
  ~Compiled() {
    free_results();
    if (library_) dlclose(library_);
  }

  // Containers by name, symbols by name; gives 0, or 1 after a raise (see context).
  int run(const std::map<std::string, void*>& data, const std::map<std::string, int64_t>& symbols, int threads = 1) {
    std::vector<void*> pointers;
    static double nothing = 0;  // a vector without elements may have no memory; arrays of a caller always do
    for (const std::string& name : program.signature.data) pointers.push_back(data.at(name) ? data.at(name) : &nothing);
    std::vector<int64_t> values;
    for (const std::string& name : program.signature.symbols) values.push_back(symbols.at(name));
    free_results();
    results.assign(program.signature.results.size() + 1, thw_array{});
    thw_call call{pointers.data(), values.data(), results.data()};
    runtime = *thw_default_runtime();
    if (callback) runtime.callback = callback;
    if (poll) runtime.poll = poll;
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
  decltype(thw_runtime::poll) poll = nullptr;

 private:
  // The exported program, called through the ABI of the others.
  std::string exported_source() const {
    auto text = emit::emit_cpp(program);
    if (!text) {
      ADD_FAILURE() << text.error().message;
      return "";
    }
    size_t entry = text->rfind("\nvoid ") + 6, count = program.signature.results.size();
    std::string call = text->substr(entry, text->find('(', entry) - entry) + "(", comma;
    for (size_t k = 0; k < program.arguments.size(); ++k, comma = ", ") {
      const auto& argument = program.arguments[k];
      std::string type = argument.by_value ? program.variables.at(argument.name).dtype.row().c_name
                                           : program.buffers.at(argument.name).dtype.row().c_name;
      call += comma + (argument.by_value ? "*" : "") + "(" + type + "*)call->data[" + std::to_string(k) + "]";
    }
    for (size_t k = 0; k < program.symbol_variables.size(); ++k, comma = ", ")
      call += comma + "call->symbols[" + std::to_string(k) + "]";
    if (count) call += comma + "results";
    std::string keep;
    if (count)
      keep =
          "  for (auto& result : results) {\n    call->results[&result - results] = result;\n"
          "    kept.push_back(result.owner);\n  }\n";
    return *text + "extern \"C\" {\ndouble (*test_exp)(double);\ndouble thw_exp(double x) { return test_exp(x); }\n" +
           "int32_t thw_entry(thw_context* context, const thw_call* call) {\n" +
           "  static std::vector<std::shared_ptr<void>> kept;\n" +
           (count ? "  thalweg::array results[" + std::to_string(count) + "] = {};\n" : "") + "  try {\n    " + call +
           ");\n  } catch (const thalweg::error& error) {\n    context->site = error.site;\n" +
           "    return context->stop = 1;\n  }\n" + keep + "  return 0;\n}\n}\n";
  }
  void free_results() {
    if (exported_) return;  // kept there
    for (size_t k = 0; k < program.signature.results.size() && k < results.size(); ++k) {
      auto buffer = program.buffers.find(program.signature.results[k].name);
      bool fresh = buffer != program.buffers.end() && buffer->second.home == lower::Home::result;
      if (fresh && results[k].rank >= 0) free(results[k].data);
    }
  }

  using Entry = int32_t (*)(thw_context*, const thw_call*);
  bool exported_;
  void* library_ = nullptr;
  Entry entry_ = nullptr;
};

// Arguments of one run: arrays by container name, and symbols.
struct Inputs {
  std::map<std::string, std::vector<double>> doubles;
  std::map<std::string, std::vector<int64_t>> ints;
  std::map<std::string, std::vector<uint8_t>> bytes;
  std::map<std::string, int64_t> symbols;

  std::map<std::string, void*> pointers() {
    std::map<std::string, void*> all;
    for (auto& [name, values] : doubles) all[name] = values.data();
    for (auto& [name, values] : ints) all[name] = values.data();
    for (auto& [name, values] : bytes) all[name] = values.data();
    return all;
  }
  friend bool operator==(const Inputs&, const Inputs&) = default;
};

// Values that differ and are exact in few bits.
inline std::vector<double> numbers(int64_t count) {
  std::vector<double> values(count);
  for (int64_t i = 0; i < count; ++i) values[i] = static_cast<double>(i * 7919 % 1000) / 37.0 - 9;
  return values;
}
inline std::vector<int64_t> integers(int64_t count) {
  std::vector<int64_t> values(count);
  for (int64_t i = 0; i < count; ++i) values[i] = i * 7919 % 1000 - 300;
  return values;
}

template <class T>
std::string differences(const std::map<std::string, std::vector<T>>& a,
                        const std::map<std::string, std::vector<T>>& b) {
  std::string text;
  for (const auto& [name, values] : a)
    for (size_t k = 0; k < values.size(); ++k)
      if (std::memcmp(&values[k], &b.at(name)[k], sizeof(T)) != 0) {
        text += name + "[" + std::to_string(k) + "]: compiled " + std::to_string(values[k]) + ", interpreted " +
                std::to_string(b.at(name)[k]) + "\n";
        break;
      }
  return text;
}

// Compiled (on one and two threads, with and without fusion) and interpreted give the same bits, or raise the same
// kind of error.
inline void expect_same(const std::string& text, const Inputs& inputs, const lower::Options& options = {},
                        const std::string& exporting = "") {
  auto graph = graph_of(text);
  Inputs oracle = inputs;
  interpret::Arguments arguments;
  arguments.symbols = oracle.symbols;
  for (auto& [name, pointer] : oracle.pointers()) arguments.containers[name] = {pointer, {}, {}};
  interpret::Options interpreting;
  auto outcome = interpret::run(*graph, arguments, interpreting);
  Inputs last;
  for (bool fuse : {false, true}) {
    if (!exporting.empty() && !fuse) continue;
    lower::Options chosen = options;
    chosen.fuse = fuse;
    chosen.parallel_threshold = 0;  // every region goes to the pool
    Compiled compiled(lowered(text, chosen), exporting);
    for (int threads : {1, 2}) {
      last = inputs;
      int stopped = compiled.run(last.pointers(), last.symbols, threads);
      std::string what = std::string(fuse ? "fused" : "unfused") + ", " + std::to_string(threads) + " threads\n";
      EXPECT_EQ(stopped, outcome.ok() ? 0 : 1) << what << (outcome.ok() ? "" : outcome.error().message);
      if (!outcome.ok()) {
        EXPECT_NE(outcome.error().kind, base::ErrorKind::internal) << outcome.error().message;
        if (stopped == 1 && compiled.context.site >= 0) {
          EXPECT_EQ(compiled.raised().kind, outcome.error().kind) << what;
        }
        continue;
      }
      std::string found = differences(last.doubles, oracle.doubles) + differences(last.ints, oracle.ints) +
                          differences(last.bytes, oracle.bytes);
      EXPECT_EQ(found, "") << what << emit::emit_body(compiled.program);
      for (size_t k = 0; k < outcome->returns.size() && stopped == 0; ++k) {
        const interpret::Returned& expected = outcome->returns[k];
        const thw_array& got = compiled.results[k];
        if (expected.kind == ir::ReturnValue::Kind::none) continue;
        if (expected.kind == ir::ReturnValue::Kind::symbol) {
          EXPECT_EQ(compiled.scalar_result<int64_t>(static_cast<int>(k)), expected.symbol) << what;
          continue;
        }
        size_t bytes = static_cast<size_t>(expected.dtype.bytes());
        if (expected.shape.empty()) {
          EXPECT_EQ(std::memcmp(got.rank < 0 ? static_cast<const void*>(got.shape) : got.data, expected.data, bytes), 0)
              << what;
          continue;
        }
        ASSERT_EQ(got.rank, static_cast<int64_t>(expected.shape.size())) << what;
        int64_t count = 1;
        for (size_t d = 0; d < expected.shape.size(); ++d) {
          EXPECT_EQ(got.shape[d], expected.shape[d]) << what;
          count *= expected.shape[d];
        }
        for (int64_t flat = 0; flat < count; ++flat) {
          int64_t rest = flat, ours = 0, theirs = 0;
          for (size_t d = expected.shape.size(); d-- > 0;) {
            int64_t at = rest % expected.shape[d];
            rest /= expected.shape[d];
            ours += at * got.strides[d];
            theirs += at * expected.strides[d] * expected.dtype.bytes();
          }
          if (std::memcmp(static_cast<char*>(got.data) + ours, expected.data + theirs, bytes) != 0) {
            ADD_FAILURE() << what << "result " << k << " differs at " << flat << "\n"
                          << emit::emit_body(compiled.program);
            break;
          }
        }
      }
    }
  }
}

}  // namespace thalweg::tests
