#include "transforms/support.h"

#include <cstdlib>
#include <cstring>
#include <iostream>

#include "interpret/interpret.h"
#include "ir/verify.h"
#include "transforms/unordered.h"

namespace thalweg::tests {

namespace {

// The graph is well-formed after each application, and no more accesses are in no order than before.
class Verifier final : public rewrite::Oracle {
 public:
  void before(const ir::SDFG& graph, const rewrite::Application&) override {
    unordered_ = transforms::unordered_accesses(graph).size();
  }
  base::Status after(const ir::SDFG& graph, const rewrite::Application&) override {
    if (auto found = transforms::unordered_accesses(graph); found.size() > unordered_)
      return base::Diagnostic{.kind = base::ErrorKind::internal,
                              .message = "left in no order: " + found.back() + "\n" + text::print(graph)};
    return ir::verify(graph);
  }

 private:
  size_t unordered_ = 0;
};

// Every object of a graph, to see that a rollback puts the same ones back.
std::vector<const ir::Element*> objects(ir::SDFG& graph) {
  std::vector<const ir::Element*> found;
  for (ir::SDFG* sdfg : ir::all_sdfgs(graph)) {
    found.push_back(sdfg);
    for (const auto& container : sdfg->containers()) found.push_back(container.get());
    for (const auto& edge : sdfg->edges()) found.push_back(edge.get());
    for (ir::ControlFlowBlock* block : ir::all_blocks(*sdfg)) {
      found.push_back(block);
      if (auto* region = ir::as<ir::ControlFlowRegion>(block))
        for (const auto& edge : region->edges()) found.push_back(edge.get());
      auto* state = ir::as<ir::State>(block);
      if (!state) continue;
      for (const auto& node : state->nodes()) found.push_back(node.get());
      for (const auto& edge : state->edges()) {
        found.push_back(edge.get());
        found.push_back(&edge->memlet());
        found.push_back(edge->memlet().owner());
      }
    }
  }
  return found;
}

Buffer copy_of(const interpret::Returned& value) {
  Buffer out;
  out.dtype = value.dtype;
  out.shape = value.shape;
  if (value.kind == ir::ReturnValue::Kind::symbol) {
    out.bytes.resize(sizeof value.symbol);
    std::memcpy(out.bytes.data(), &value.symbol, sizeof value.symbol);
    out.dtype = ir::dtypes::int64;
    return out;
  }
  std::vector<int64_t> at(value.shape.size(), 0);
  int64_t count = 1;
  for (int64_t extent : value.shape) count *= extent;
  const auto bytes = static_cast<size_t>(value.dtype.bytes());
  for (int64_t n = 0; n < count; ++n) {
    int64_t position = 0, rest = n;
    for (size_t d = value.shape.size(); d-- > 0; rest /= value.shape[d])
      position += rest % value.shape[d] * value.strides[d];
    const std::byte* element = value.data + position * static_cast<int64_t>(bytes);
    out.bytes.insert(out.bytes.end(), element, element + bytes);
  }
  return out;
}

}  // namespace

ir::Ref<ir::SDFG> graph_of(std::string_view text) {
  auto parsed = text::parse(text);
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : base::render(parsed.error(), std::string(text)));
  if (!parsed) return ir::make_ref<ir::SDFG>("none");
  auto status = ir::verify(**parsed);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message) << "\n" << text;
  return *parsed;
}

base::Result<Run> run_graph(ir::SDFG& graph, const std::map<std::string, int64_t>& symbols, uint64_t data,
                            uint64_t order) {
  Run out{random_buffers(graph, symbols, data), {}};
  interpret::Arguments arguments;
  arguments.symbols = symbols;
  for (auto& [name, buffer] : out.memory)
    arguments.containers[name] = {buffer.bytes.data(), buffer.shape, buffer.strides};
  interpret::Options options;
  options.seed = order;
  options.max_steps = 10'000'000;
  TW_TRY(interpret::Outcome outcome, interpret::run(graph, arguments, options));
  for (const auto& value : outcome.returns) out.returned.push_back(copy_of(value));
  return out;
}

std::string run_difference(const Run& a, const Run& b) {
  if (std::string difference = first_difference(a.memory, b.memory); !difference.empty()) return difference;
  if (a.returned.size() != b.returned.size()) return "another number of results";
  for (size_t k = 0; k < a.returned.size(); ++k) {
    const Buffer &x = a.returned[k], &y = b.returned[k];
    if (!(x.dtype == y.dtype) || x.bytes.size() != y.bytes.size())
      return "result " + std::to_string(k) + " is of another kind";
    const auto bytes = static_cast<size_t>(x.dtype.bytes());
    for (size_t at = 0; at < x.bytes.size(); at += bytes)
      if (!same_element(x.dtype, &x.bytes[at], &y.bytes[at]))
        return "result " + std::to_string(k) + " differs at element " + std::to_string(at / bytes);
  }
  return "";
}

std::vector<std::string> places(ir::SDFG& graph, const rewrite::Transformation& transformation) {
  std::vector<std::string> found;
  for (const rewrite::Candidate& candidate : transformation.candidates(graph))
    found.push_back(candidate.place + (candidate.declined.empty() ? "" : ": " + candidate.declined));
  return found;
}

std::string declined(std::string_view text, const rewrite::Transformation& transformation) {
  auto graph = graph_of(text);
  auto candidates = transformation.candidates(*graph);
  if (candidates.empty()) return "none";
  EXPECT_EQ(candidates.size(), 1u) << "several places";
  EXPECT_EQ(transformation.first(*graph).has_value(), candidates[0].declined.empty());
  return candidates[0].declined;
}

int apply_checked(ir::SDFG& graph, const rewrite::Transformation& transformation,
                  const std::map<std::string, int64_t>& symbols) {
  auto before = run_graph(graph, symbols, 1, 0);
  EXPECT_TRUE(before.ok()) << (before.ok() ? "" : before.error().message);
  Verifier verifier;
  rewrite::Journal journal(&verifier);
  auto count = journal.apply_repeated(graph, transformation);
  EXPECT_TRUE(count.ok()) << (count.ok() ? "" : count.error().message) << "\n" << text::print(graph);
  if (!before || !count) return 0;
  for (uint64_t order : {0, 1, 2}) {
    auto after = run_graph(graph, symbols, 1, order);
    EXPECT_TRUE(after.ok()) << (after.ok() ? "" : after.error().message) << "\n" << text::print(graph);
    if (after) EXPECT_EQ(run_difference(*before, *after), "") << "order " << order << "\n" << text::print(graph);
  }
  return *count;
}

namespace {

// One application after the other, each held against the run before all; the text around the first guilty one.
std::string first_guilty(uint64_t seed, const rewrite::Transformation& transformation,
                         const std::function<RandomGraph(uint64_t)>& make, const Run& expected) {
  RandomGraph random = make(seed);
  for (int count = 0; count < 1000; ++count) {
    std::optional<rewrite::Candidate> candidate;
    for (ir::SDFG* sdfg : ir::all_sdfgs(*random.sdfg))
      if (!candidate) candidate = transformation.first(*sdfg);
    if (!candidate) return "no single application changes the meaning";
    const std::string before = text::print(*random.sdfg), place = candidate->place;
    candidate->apply();
    auto report = [&](const std::string& what) {
      return "application " + std::to_string(count) + " at " + place + ": " + what + "\n--- before\n" + before +
             "--- after\n" + text::print(*random.sdfg);
    };
    if (auto status = ir::verify(*random.sdfg); !status) return report(status.error().message);
    for (uint64_t order : {0, 1, 2}) {
      auto run = run_graph(*random.sdfg, random.symbols, seed, order);
      if (!run) return report(run.error().message);
      if (std::string difference = run_difference(expected, *run); !difference.empty()) return report(difference);
    }
  }
  return "endless";
}

void fuzz_one(uint64_t seed, const rewrite::Transformation& transformation,
              const std::function<RandomGraph(uint64_t)>& make, int& total) {
  RandomGraph random = make(seed);
  ir::SDFG& graph = *random.sdfg;
  auto before = run_graph(graph, random.symbols, seed, 0);
  ASSERT_TRUE(before.ok()) << "seed " << seed << ": " << before.error().message << "\n" << text::print(graph);
  const std::string text = text::print(graph, {.locations = true});
  const auto same = objects(graph);
  const size_t mark = graph.log()->mark();
  Verifier verifier;
  rewrite::Journal journal(&verifier);
  auto count = journal.apply_repeated(graph, transformation);
  ASSERT_TRUE(count.ok()) << "seed " << seed << ": " << count.error().message << "\n"
                          << first_guilty(seed, transformation, make, *before);
  total += *count;
  if (*count == 0) return;
  for (uint64_t order : {0, 1, 2}) {
    auto after = run_graph(graph, random.symbols, seed, order);
    ASSERT_TRUE(after.ok() && run_difference(*before, *after).empty())
        << "seed " << seed << ", order " << order << ": " << (after.ok() ? "" : after.error().message) << "\n"
        << first_guilty(seed, transformation, make, *before);
  }
  auto status = ir::verify(graph, {.locations = true});
  ASSERT_TRUE(status.ok()) << "seed " << seed << ": " << status.error().message << "\n" << text::print(graph);
  graph.log()->rollback(mark);
  ASSERT_EQ(text::print(graph, {.locations = true}), text) << "seed " << seed << ": the rollback left changes";
  ASSERT_TRUE(objects(graph) == same) << "seed " << seed << ": the rollback put other objects in place";
}

}  // namespace

void fuzz(const rewrite::Transformation& transformation, const std::function<RandomGraph(uint64_t)>& make, int least) {
  const char* variable = std::getenv("THALWEG_FUZZ");
  const int wanted = variable ? std::atoi(variable) : 0;
  constexpr int kUsual = 200, kMostTries = 100;  // graphs looked at, and for each one that is wanted
  int seed = 0, changed = 0, total = 0;
  auto more = [&] { return variable ? changed < wanted && seed < wanted * kMostTries : seed < kUsual; };
  while (more() && !::testing::Test::HasFatalFailure()) {
    const int before = total;
    fuzz_one(static_cast<uint64_t>(++seed), transformation, make, total);
    changed += total > before;
  }
  const std::string found =
      std::to_string(total) + " applications to " + std::to_string(changed) + " of " + std::to_string(seed) + " graphs";
  ::testing::Test::RecordProperty("applications", found);
  if (variable) std::cout << transformation.name << ": " << found << "\n";
  if (seed >= kUsual) EXPECT_GE(total, least) << "the random graphs hardly exercise " << transformation.name;
  if (variable) EXPECT_GE(changed, wanted) << "the random graphs hardly exercise " << transformation.name;
}

}  // namespace thalweg::tests
