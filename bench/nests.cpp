// Emitted loop nests against C written by hand (bench/nests/NAME.c): both compiled by the in-process compiler with the
// same flags and passes, run by one thread, in interleaved pairs.
//
//   ./dev bench nests [PAIRS]       default 11
//
// The graphs are those that the frontend makes of the texts (tests/golden/frontend/NAME.txt). Prints per size the median
// of the emitted program's seconds over the hand-written one's: below 1 the emitted one is faster.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "driver/build.h"
#include "text/text.h"
#include "thalweg/runtime.h"

namespace {

using namespace thalweg;

template <typename T>
T checked(base::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", base::render(result.error(), "").c_str());
  std::exit(1);
}

std::string file(const std::string& path) {
  std::ifstream in(std::string(THALWEG_SOURCE_DIR) + "/" + path);
  if (!in) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

// The graph of a golden file; what the test notes below it (guards, written arguments) is not indented.
std::string graph_of(const std::string& name) {
  std::string golden = file("tests/golden/frontend/" + name + ".txt"), graph;
  for (size_t at = 0; at < golden.size();) {
    size_t end = std::min(golden.find('\n', at), golden.size() - 1) + 1;
    if (at > 0 && golden[at] != ' ') break;
    graph += golden.substr(at, end - at);
    at = end;
  }
  return graph;
}

jit::Loaded machine_code(const std::string& name, const std::string& text) {
  jit::Source source{name, text};
  return checked(jit::load(checked(jit::compile({&source, 1})).bytes));
}

// Results go to this memory: fresh pages are not what is measured.
std::vector<float> result_memory;
void* result_block(thw_context*, void*, int64_t) { return result_memory.data(); }

// The emitted program of a text, called on one thread.
class Emitted {
 public:
  explicit Emitted(const std::string& name) {
    ir::Ref<ir::SDFG> graph = checked(text::parse(graph_of(name)));
    if (auto status = driver::optimise(*graph); !status) std::exit(1);
    driver::Emitted emitted = checked(driver::emit_program(*graph, false));
    plan_ = std::move(emitted.plan);
    code_ = machine_code(name + ".c", emitted.c_text);
    entry_ = code_.function<int32_t(thw_context*, const thw_call*)>("thw_entry");
  }

  void run(const std::map<std::string, void*>& data, const std::map<std::string, int64_t>& symbols) {
    std::vector<void*> pointers;
    for (const std::string& name : plan_.data) pointers.push_back(data.at(name));
    std::vector<int64_t> values;
    for (const std::string& name : plan_.symbols) values.push_back(symbols.at(name));
    std::vector<thw_array> results(plan_.results.size() + 1);
    thw_call call{pointers.data(), values.data(), results.data()};
    thw_runtime runtime = *thw_default_runtime();
    runtime.allocate_result = result_block;
    thw_context context;
    thw_context_init(&context, &runtime);
    context.threads = 1;
    if (entry_(&context, &call) != 0) std::exit(1);
  }

 private:
  driver::EntryPlan plan_;
  jit::Loaded code_;
  int32_t (*entry_)(thw_context*, const thw_call*) = nullptr;
};

double seconds(const std::function<void()>& work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(const std::string& what, int pairs, const std::function<void()>& emitted,
             const std::function<void()>& hand) {
  emitted(), hand();
  std::vector<double> ratios, ours, theirs;
  for (int k = 0; k < pairs; ++k) {
    double first = seconds(k % 2 ? emitted : hand), second = seconds(k % 2 ? hand : emitted);
    ours.push_back(k % 2 ? first : second);
    theirs.push_back(k % 2 ? second : first);
    ratios.push_back(ours.back() / theirs.back());
  }
  std::printf("%-32s %6.2f %12.6f %12.6f\n", what.c_str(), median(ratios), median(ours), median(theirs));
  std::fflush(stdout);
}

void jacobi_2d(int pairs) {
  Emitted program("jacobi_2d");
  jit::Loaded code = machine_code("hand.c", file("bench/nests/jacobi_2d.c"));
  auto* hand = code.function<void(double*, double*, long long, long long)>("hand");
  for (auto [n, steps] :
       {std::pair<int64_t, int64_t>{100, 800}, {250, 150}, {350, 80}, {500, 60}, {1000, 30}, {2000, 12}}) {
    std::vector<double> a(static_cast<size_t>(n * n), 0.5), b(a);
    for (size_t k = 0; k < a.size(); ++k) a[k] = static_cast<double>(k % 97) / 97;
    compare(
        "jacobi_2d N=" + std::to_string(n) + (n == 350 ? " (main)" : ""), pairs,
        [&] { program.run({{"A", a.data()}, {"B", b.data()}}, {{"N", n}, {"TSTEPS", steps}}); },
        [&] { hand(a.data(), b.data(), n, steps); });
  }
}

void softmax(int pairs) {
  Emitted program("softmax");
  jit::Loaded code = machine_code("hand.c", file("bench/nests/softmax.c"));
  auto* hand = code.function<void(const float*, float*, long long, long long)>("hand");
  struct Size {
    int64_t n, h, sm;
  };
  for (auto [n, h, sm] : {Size{4, 4, 33}, {4, 4, 128}, {16, 16, 128}, {16, 16, 256}, {4, 4, 1024}, {64, 16, 512}}) {
    std::vector<float> x(static_cast<size_t>(n * h * sm * sm));
    for (size_t k = 0; k < x.size(); ++k) x[k] = static_cast<float>(k % 101) / 101;
    result_memory.assign(x.size(), 0);
    std::string size = "softmax " + std::to_string(n) + "x" + std::to_string(h) + "x" + std::to_string(sm) + "x" +
                       std::to_string(sm) + (n == 64 ? " (main)" : "");
    compare(
        size, pairs, [&] { program.run({{"x", x.data()}}, {{"N", n}, {"H", h}, {"SM", sm}}); },
        [&] { hand(x.data(), result_memory.data(), n * h * sm, sm); });
  }
}

}  // namespace

int main(int count, char** words) {
  int pairs = count > 1 ? std::max(1, std::atoi(words[1])) : 11;
  std::printf("%-32s %6s %12s %12s\n", "one thread", "ratio", "emitted s", "by hand s");
  jacobi_2d(pairs);
  softmax(pairs);
}
