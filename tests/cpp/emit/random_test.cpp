// Random graphs, compiled and interpreted: the same bits in every array and result.
#include "compiled.h"
#include "support/random_graph.h"

namespace thalweg::tests {
namespace {

std::map<std::string, void*> pointers_of(Buffers& buffers) {
  std::map<std::string, void*> pointers;
  for (auto& [name, buffer] : buffers) pointers[name] = buffer.bytes.data();
  return pointers;
}

std::string difference(const interpret::Returned& expected, const thw_array& got) {
  size_t bytes = static_cast<size_t>(expected.dtype.bytes());
  if (expected.kind == ir::ReturnValue::Kind::none) return "";
  if (expected.kind == ir::ReturnValue::Kind::symbol)
    return std::memcmp(got.shape, &expected.symbol, 8) == 0 ? "" : "another symbol";
  if (expected.shape.empty()) {
    auto* data = got.rank < 0 ? reinterpret_cast<const std::byte*>(got.shape) : static_cast<std::byte*>(got.data);
    return same_element(expected.dtype, expected.data, data) ? "" : "another scalar";
  }
  int64_t count = 1;
  for (size_t d = 0; d < expected.shape.size(); ++d) {
    if (got.shape[d] != expected.shape[d]) return "another shape";
    count *= expected.shape[d];
  }
  for (int64_t flat = 0; flat < count; ++flat) {
    int64_t rest = flat, ours = 0, theirs = 0;
    for (size_t d = expected.shape.size(); d-- > 0;) {
      int64_t at = rest % expected.shape[d];
      rest /= expected.shape[d];
      ours += at * got.strides[d];
      theirs += at * expected.strides[d] * static_cast<int64_t>(bytes);
    }
    if (!same_element(expected.dtype, expected.data + theirs, static_cast<std::byte*>(got.data) + ours))
      return "element " + std::to_string(flat);
  }
  return "";
}

TEST(RandomGraphs, CompiledIsInterpreted) {
  auto [first, last] = fuzz_seeds(10);
  int refused = 0;
  for (uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("THALWEG_FUZZ_SEEDS=" + std::to_string(seed) + "-" + std::to_string(seed));
    RandomGraph graph = random_graph(seed);
    Buffers expected = random_buffers(*graph.sdfg, graph.symbols, seed);
    interpret::Arguments arguments;
    arguments.symbols = graph.symbols;
    for (auto& [name, buffer] : expected)
      arguments.containers[name] = {buffer.bytes.data(), buffer.shape, buffer.strides};
    auto outcome = interpret::run(*graph.sdfg, arguments);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    for (bool fuse : {false, true}) {
      lower::Options options;
      options.fuse = fuse;
      options.parallel_threshold = 0;
      auto program = lower::lower(*graph.sdfg, options);
      if (!program) {
        ++refused;
        std::cout << "seed " << seed << ": " << program.error().message << "\n";
        break;
      }
      Compiled compiled(std::move(*program));
      Buffers buffers = random_buffers(*graph.sdfg, graph.symbols, seed);
      int stopped = compiled.run(pointers_of(buffers), graph.symbols, 2);
      std::string context =
          std::string(fuse ? "fused\n" : "unfused\n") + text::print(*graph.sdfg) + emit::emit_body(compiled.program);
      ASSERT_EQ(stopped, 0) << context;
      ASSERT_EQ(first_difference(buffers, expected), "") << context;
      for (size_t k = 0; k < outcome->returns.size(); ++k)
        ASSERT_EQ(difference(outcome->returns[k], compiled.results[k]), "") << "result " << k << "\n" << context;
    }
  }
  EXPECT_LE(refused, static_cast<int>(last - first + 1) / 2);
}

}  // namespace
}  // namespace thalweg::tests
