// Random straight-line programs on vectors, as text: the small world in which fusion and copy removal meet often.
#include "transforms/state_fusion.h"
#include "transforms/support.h"

namespace thalweg::tests {

namespace {

// A vector whose elements low .. N - high have values.
struct Vector {
  std::string name;
  int low = 0, high = 0;
  bool transient = false;
};

class Chain {
 public:
  explicit Chain(uint64_t seed) : random_(seed) {}

  std::string text() {
    for (const char* name : {"A", "B", "C"}) vectors_.push_back({name});
    const int statements = 4 + static_cast<int>(below(8));
    for (int k = 0; k < statements; ++k) {
      if (!looping_ && below(6) == 0) open_loop();
      statement();
      if (looping_ && below(3) == 0) close_loop();
    }
    std::string declarations;
    for (const Vector& vector : made_) declarations += "  transient array " + vector.name + ": float64[N]\n";
    return "sdfg chain(A, B, C)\n  symbols N: int64, it: int64\n  array A: float64[N]\n  array B: float64[N]\n"
           "  array C: float64[N]\n" +
           declarations + "  assume 8 <= N\n" + body_;
  }

 private:
  size_t below(size_t bound) { return random_() % bound; }

  void open_loop() {
    body_ += "  loop steps" + std::to_string(labels_++) + " var it from 0 while it < 2 update it + 1\n";
    looping_ = true;
  }
  // What was made in the loop keeps its values: the loop runs at least once.
  void close_loop() { looping_ = false; }

  void line(const std::string& text) { body_ += (looping_ ? "    " : "  ") + text + "\n"; }

  Vector& target(bool whole) {
    if (below(5) < 2) return vectors_[below(3)];
    if (below(4) == 0) {
      Vector& old = vectors_[below(vectors_.size())];
      if (!whole || (old.low == 0 && old.high == 0)) return old;
    }
    made_.push_back({"t" + std::to_string(made_.size()), 0, 0, true});
    vectors_.push_back(made_.back());
    fresh_ = true;
    return vectors_.back();
  }

  void statement() {
    fresh_ = false;
    if (below(4) == 0)
      copy();
    else
      map();
  }

  void copy() {
    const Vector from = vectors_[below(vectors_.size())];
    if (from.low || from.high) return map();
    Vector& to = target(true);
    if (to.name == from.name) return;
    line("state s" + std::to_string(labels_++));
    line("  n0 = access " + from.name);
    line("  n1 = access " + to.name);
    line("  n0 -> n1 : " + (below(2) ? from.name : to.name) + "[0:N]");
  }

  // X[low : N - high] = f(Y[i + a], Z[i + b])
  void map() {
    struct Read {
      Vector vector;
      int shift;
    };
    std::vector<Read> reads;
    for (size_t k = 0; k < 1 + below(2); ++k)
      reads.push_back({vectors_[below(3) == 0 ? below(vectors_.size())
                                              : vectors_.size() - 1 - below(std::min<size_t>(vectors_.size(), 3))],
                       static_cast<int>(below(5)) / 2 - 1});
    Vector& to = target(false);
    int low = 0, high = 0;
    for (Read& read : reads) {
      if (read.vector.name == to.name) read.shift = 0;
      low = std::max(low, read.vector.low - read.shift);
      high = std::max(high, read.vector.high + read.shift);
    }
    if (low + high > 6) {  // too little would be left: a constant instead
      reads.clear();
      low = high = 0;
    }
    if (fresh_)
      to.low = low, to.high = high;
    else if (to.transient && below(2))
      low = std::max(low, to.low), high = std::max(high, to.high);
    emit(to.name, low, high, [&](size_t k) { return std::pair(reads[k].vector.name, reads[k].shift); }, reads.size());
    // Elements that have had values keep them.
    to.low = std::min(to.low, low), to.high = std::min(to.high, high);
  }

  template <class ReadAt>
  void emit(const std::string& to, int low, int high, ReadAt read, size_t count) {
    const std::string range = std::to_string(low) + ":N - " + std::to_string(high);
    line("state s" + std::to_string(labels_++));
    line("  m = map m[i = " + range + "]");
    std::string inputs, code;
    for (size_t k = 0; k < count; ++k) {
      inputs += (k ? ", a" : "a") + std::to_string(k) + ": float64";
      code += " + a" + std::to_string(k) + "*" + std::to_string(k + 2) + ".5";
    }
    line("  c = tasklet c(" + inputs + ") -> (o: float64)");
    line("    o = float64(i) + " + std::to_string(labels_) + ".0" + code);
    line("  e = exit m");
    line("  w = access " + to);
    for (size_t k = 0; k < count; ++k) {
      const std::string id = std::to_string(k);
      line("  r" + id + " = access " + read(k).first);
      line("  r" + id + " -> m.IN_" + id + " : " + read(k).first + "[" + std::to_string(low + read(k).second) +
           ":N + " + std::to_string(read(k).second - high) + "]");
      line("  m.OUT_" + id + " -> c.a" + id + " : " + read(k).first + "[i + " + std::to_string(read(k).second) + "]");
    }
    if (count == 0) line("  m -> c");
    line("  c.o -> e.IN_x : " + to + "[i]");
    line("  e.OUT_x -> w : " + to + "[" + range + "]");
  }

  std::mt19937_64 random_;
  std::vector<Vector> vectors_, made_;
  std::string body_;
  int labels_ = 0;
  bool looping_ = false, fresh_ = false;
};

}  // namespace

void locate(ir::SDFG& graph, const std::string& name) {
  const auto file = std::make_shared<const std::string>(name);
  int line = 0;
  for (ir::ControlFlowBlock* block : ir::all_blocks(graph)) {
    block->set_location({base::Span{file, ++line, 0, line, 9, nullptr}});
    auto* state = ir::as<ir::State>(block);
    if (!state) continue;
    for (const auto& node : state->nodes()) node->set_location(block->location());
    for (const auto& edge : state->edges()) edge->set_location(block->location());
  }
}

RandomGraph random_chain(uint64_t seed) {
  RandomGraph out{graph_of(Chain(seed).text()), {{"N", 8 + static_cast<int64_t>(seed % 4)}}};
  locate(*out.sdfg, "chain.py");
  out.sdfg->log()->forget();
  return out;
}

RandomGraph in_one_state(RandomGraph graph) {
  rewrite::Journal journal;
  auto fused = journal.apply_repeated(*graph.sdfg, transforms::state_fusion);
  EXPECT_TRUE(fused.ok());
  graph.sdfg->log()->forget();
  return graph;
}

RandomGraph random_program(uint64_t seed) {
  GraphFeatures features;
  features.statements = 12;
  features.nesting = 1;
  return random_graph(seed, features);
}

}  // namespace thalweg::tests
