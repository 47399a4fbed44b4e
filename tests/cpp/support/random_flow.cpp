#include "support/random_flow.h"

#include "base/result.h"
#include "text/text.h"

namespace thalweg::tests {

namespace {

// Writes the text of a program. Everything has a value from the first block on, so that any statement may stand anywhere.
class Flow {
 public:
  explicit Flow(uint64_t seed, bool scratch = false)
      : random_(seed), with_scratch_(scratch), with_shortened_(seed % 3 == 0) {}

  std::string text() {
    begin();
    const size_t count = 6 + below(8);
    for (size_t k = 0; k < count; ++k) statement(2);
    if (with_shortened_) shortened();
    line("state end");
    std::string symbols, declared;
    for (const std::string& name : counters_) symbols += ", " + name + ": int64";
    for (int k = 0; k < temporaries_; ++k) declared += "  transient scalar t" + std::to_string(k) + ": float64\n";
    for (int k = 0; k < vectors_; ++k) declared += "  transient array w" + std::to_string(k) + ": float64[N]\n";
    return "sdfg flow(A, B, C, x, N)\n  symbols N: int64, j: int64, k: int64, m: int64, n: pyint" + symbols +
           "\n  array A: float64[N]\n  array B: float64[N]\n  array C: float64[N]\n  scalar x: float64\n"
           "  transient scalar p: pyint\n  transient scalar q: int64\n  transient scalar u: float64\n"
           "  transient scalar v: float64\n" +
           (with_shortened_ ? "  transient array shorter: float64[N - 10]\n" : "") + scratch_ + declared +
           "  assume 8 <= N\n" + body_;
  }

 private:
  size_t below(size_t bound) { return random_() % bound; }
  bool chance(size_t percent) { return below(100) < percent; }
  template <class T, size_t N>
  const T& one(const T (&list)[N]) {
    return list[below(N)];
  }
  std::string number(size_t bound) { return std::to_string(below(bound)); }
  std::string label(const char* base) { return base + std::to_string(labels_++); }
  void line(const std::string& text) { body_ += std::string(2 * static_cast<size_t>(depth_) + 2, ' ') + text + "\n"; }

  // ---------------------------------------------------------------------------------------------- states

  // One tasklet at the top: what it reads, each as (connector, memlet), and where its value goes.
  void tasklet(const std::vector<std::pair<std::string, std::string>>& reads, const std::string& target,
               const std::string& type, const std::string& code) {
    line("state " + label("s"));
    std::string inputs;
    for (const auto& [connector, memlet] : reads) inputs += (inputs.empty() ? "" : ", ") + connector;
    line("  c = tasklet c(" + inputs + ") -> (o: " + type + ")");
    line("    o = " + code);
    line("  w = access " + target.substr(0, target.find('[')));
    int at = 0;
    for (const auto& [connector, memlet] : reads) {
      const std::string node = "r" + std::to_string(at++);
      line("  " + node + " = access " + memlet.substr(0, memlet.find('[')));
      line("  " + node + " -> c." + connector + " : " + memlet);
    }
    line("  c.o -> w : " + target);
  }
  // to[i] = from[i] and what scalars and symbols hold
  void map(const std::string& to, const std::string& from, bool fixed) {
    line("state " + label("s"));
    line("  m = map m[i = 0:N]");
    line("  c = tasklet c(_a, _s) -> (o: float64)");
    const std::string symbol = fixed ? "N" : one(kSymbols);
    line(std::string("    o = _a * 0.5 + ") + (chance(50) ? "float64(_s)" : "1.5 + float64(_s)") + " + float64(" +
         symbol + ")");
    line("  e = exit m");
    const std::string scalar = one(kScalars);
    line("  r0 = access " + from);
    line("  r1 = access " + scalar);
    line("  w = access " + to);
    line("  r0 -> m.IN_a : " + from + "[0:N]");
    line("  r1 -> m.IN_s : " + scalar + " volume N");
    line("  m.OUT_a -> c._a : " + from + "[i]");
    line("  m.OUT_s -> c._s : " + scalar);
    line("  c.o -> e.IN_x : " + to + "[i]");
    line("  e.OUT_x -> w : " + to + "[0:N]");
  }

  // ---------------------------------------------------------------------------------------------- values

  static constexpr const char* kScalars[] = {"p", "q", "u", "v"};
  static constexpr const char* kSymbols[] = {"j", "k", "m", "N"};
  static constexpr const char* kVectors[] = {"A", "B", "C"};

  // An index of a vector, and one that is known to be inside without looking at a condition.
  std::string index() {
    const std::string symbol = one(kSymbols);
    switch (below(4)) {
      case 0: return number(8);
      case 1: return symbol + "%8";
      case 2: return loop_.empty() ? number(8) : loop_ + "%8";
      default: return "(" + symbol + " + " + number(4) + ")%8";
    }
  }
  std::string value(std::vector<std::pair<std::string, std::string>>& reads) {
    reads.emplace_back("_a", std::string(one(kVectors)) + "[" + index() + "]");
    switch (below(3)) {
      case 0: reads.emplace_back("_b", one(kFloats)); return "_a * 0.5 + _b";
      case 1: reads.emplace_back("_b", std::string(one(kVectors)) + "[" + index() + "]"); return "_a - _b * 0.25";
      default: return "_a * 0.75 + float64(" + std::string(one(kSymbols)) + ")";
    }
  }
  static constexpr const char* kFloats[] = {"u", "v", "x"};

  std::string condition() {
    switch (below(10)) {
      case 0: return "index(N) < 4";
      case 1: return "index(N) >= 8";
      case 2: return "index(N) > 9";
      case 3: return std::string("index(") + one(kSymbols) + ") < " + number(5);
      case 4: return std::string("index(") + one(kSymbols) + ") == index(" + one(kSymbols) + ")";
      case 5: return std::string(one(kFloats)) + " > 0.5";
      case 6: return std::string(one(kVectors)) + "[" + number(8) + "] > x";
      case 7: return "bool(p < pyint(" + number(4) + "))";
      case 8: return "q > " + number(4);
      default: return chance(50) ? "True" : "index(k) < index(k + 1)";
    }
  }

  // ---------------------------------------------------------------------------------------------- statements

  void begin() {
    line("state first");
    line("set j = 0, k = 1, m = 2, n = pyint(3)");
    tasklet({}, "p", "pyint", "pyint(" + number(4) + ")");
    tasklet({}, "q", "int64", number(4));
    tasklet({}, "u", "float64", "0.25");
    tasklet({}, "v", "float64", "1.75");
  }

  void statement(int nesting) {
    if (with_scratch_ && chance(35)) return scratch(nesting);
    if (nesting > 0 && chance(45)) switch (below(8)) {
        case 0:
        case 1: return choice();
        case 2: return conditional(nesting);
        case 3: return diamond(nesting);
        case 4: return dead_blocks(nesting);
        default: return loop(nesting);
      }
    switch (below(8)) {
      case 0: return assign_scalar();
      case 1: return invariant(false);
      case 2: return map(one(kVectors), one(kVectors), false);
      case 3: {
        std::vector<std::pair<std::string, std::string>> reads;
        const std::string code = value(reads);
        return tasklet(reads, std::string(one(kVectors)) + "[" + index() + "]", "float64", code);
      }
      default: return assign_symbol();
    }
  }

  void assign_scalar() {
    switch (below(6)) {
      case 0: return tasklet({}, "p", "pyint", "pyint(" + number(4) + ")");
      case 1: return tasklet({{"_p", "p"}}, "p", "pyint", "_p + pyint(1)");
      case 2: return tasklet({}, "q", "int64", number(4));
      case 3: return tasklet({{"_p", "p"}}, "q", "int64", "int64(_p) % 5 + " + number(3));
      case 4: return tasklet({}, one(kFloatScalars), "float64", number(3) + ".5");
      default:
        return tasklet({{"_a", std::string(one(kVectors)) + "[" + index() + "]"}}, one(kFloatScalars), "float64",
                       "_a * 0.5");
    }
  }
  static constexpr const char* kFloatScalars[] = {"u", "v"};

  // An assignment on the way between two states.
  void assign_symbol() {
    static constexpr const char* own[] = {"j", "k", "m"};
    const std::string name = one(own);
    std::string text = name;
    switch (below(6)) {
      case 0: text += " = " + number(5); break;
      case 1: text += std::string(" = index(") + one(own) + ")"; break;
      case 2: text += std::string(" = index(") + one(own) + "%4 + 1)"; break;
      case 3: text += " = q"; break;
      case 4: text += " = index(N - " + number(4) + ")"; break;
      default: text += " = index(" + (done_.empty() ? std::string(one(own)) : done_[below(done_.size())]) + ")"; break;
    }
    if (chance(20)) text += ", n = pyint(" + number(5) + ")";
    line("state " + label("s"));
    line("set " + text);
    line("state " + label("s"));
  }

  // A value that is the same in every turn of a loop around it, and a use of it.
  void invariant(bool vector) {
    const std::string other = kVectors[2];  // loops write A and B, mostly
    if (vector) {
      const std::string name = "w" + std::to_string(vectors_++);
      map(name, other, true);
      return map(chance(70) ? "A" : "B", name, false);
    }
    const std::string name = "t" + std::to_string(temporaries_++);
    const std::string at = chance(80) ? number(8) : index();
    tasklet({{"_a", other + "[" + at + "]"}, {"_b", one(kFloats)}}, name, "float64", "_a * 0.5 + _b");
    tasklet({{"_t", name}}, std::string(chance(80) ? "A" : "C") + "[" + index() + "]", "float64", "_t + 0.5");
  }

  // A temporary with a part for each turn (or iteration), written and read.
  void scratch(int nesting) {
    const std::string name = "z" + std::to_string(scratches_++);
    switch (below(4)) {
      case 0: return scratch_rows(name);
      case 1: return scratch_in_map(name);
      case 2:
        if (nesting > 0) return scratch_again(name);
        [[fallthrough]];
      default: return scratch_element(name);
    }
  }
  std::string own_part() { return loop_.empty() ? number(8) : loop_; }
  void declare(const std::string& name, const std::string& shape) {
    scratch_ += "  transient array " + name + ": float64[" + shape + "]\n";
  }
  // z[part, c] = value; A[index] = z[part, c], with another element of the part now and then
  void scratch_element(const std::string& name) {
    declare(name, "N + 8, 4");
    const std::string part = own_part(), element = name + "[" + part + ", " + number(4) + "]";
    std::vector<std::pair<std::string, std::string>> reads;
    const std::string code = value(reads);
    tasklet(reads, element, "float64", code);
    if (chance(30)) tasklet({{"_z", element}}, name + "[" + part + ", " + number(4) + "]", "float64", "_z + 1.0");
    tasklet({{"_z", element}}, std::string(one(kVectors)) + "[" + index() + "]", "float64", "_z * 0.5");
  }
  // z[part, i] = A[i]; B[i] = z[part, i]
  void scratch_rows(const std::string& name) {
    declare(name, "N + 8, N");
    const std::string part = own_part();
    move(std::string(one(kVectors)), "", name, part + ", ");
    move(name, part + ", ", one(kVectors), "");
  }
  void move(const std::string& from, const std::string& before, const std::string& to, const std::string& there) {
    line("state " + label("s"));
    line("  m = map m[i = 0:N]");
    line("  c = tasklet c(_a) -> (o: float64)");
    line("    o = _a * 0.75 + 1.0");
    line("  e = exit m");
    line("  r = access " + from);
    line("  w = access " + to);
    line("  r -> m.IN_a : " + from + "[" + before + "0:N]");
    line("  m.OUT_a -> c._a : " + from + "[" + before + "i]");
    line("  c.o -> e.IN_x : " + to + "[" + there + "i]");
    line("  e.OUT_x -> w : " + to + "[" + there + "0:N]");
  }
  // z[i] inside of a map only
  void scratch_in_map(const std::string& name) {
    declare(name, "N");
    const std::string from = one(kVectors), to = one(kVectors);
    line("state " + label("s"));
    line("  m = map m[i = 0:N]");
    line("  c = tasklet c(_a) -> (o: float64)");
    line("    o = _a * 0.75 + 1.0");
    line("  z = access " + name);
    line("  d = tasklet d(_z) -> (o: float64)");
    line("    o = _z + float64(i)");
    line("  e = exit m");
    line("  r = access " + from);
    line("  w = access " + to);
    line("  r -> m.IN_a : " + from + "[0:N]");
    line("  m.OUT_a -> c._a : " + from + "[i]");
    line("  c.o -> z : " + name + "[i]");
    line("  z -> d._z : " + name + "[i]");
    line("  d.o -> e.IN_x : " + to + "[i]");
    line("  e.OUT_x -> w : " + to + "[0:N]");
  }
  // Each turn of the outer loop but the first reads what the one before left.
  void scratch_again(const std::string& name) {
    declare(name, "N");
    std::string variables[2];
    for (std::string& variable : variables) {
      variable = "it" + std::to_string(counters_.size());
      counters_.push_back(variable);
      line("loop " + label("l") + " var " + variable + " from 0 while index(" + variable + ") < 3 update index(" +
           variable + " + 1)");
      ++depth_;
    }
    const std::string element = name + "[" + variables[1] + "]";
    const bool first = chance(50);
    if (first) tasklet({{"_a", "A[" + variables[1] + "]"}}, element, "float64", "_a + 1.0");
    line("conditional " + label("again"));
    ++depth_;
    line("branch " + label("way") + " if index(" + variables[0] + ") > 0");
    ++depth_;
    tasklet({{"_z", element}}, std::string(one(kVectors)) + "[" + number(8) + "]", "float64", "_z * 0.5");
    depth_ -= 2;
    if (!first) tasklet({{"_a", "A[" + variables[1] + "]"}}, element, "float64", "_a + 1.0");
    depth_ -= 2;
  }

  void branch(const std::string& condition, int nesting, size_t most) {
    line("branch " + label("way") + (condition.empty() ? "" : " if " + condition));
    ++depth_;
    const size_t count = chance(15) ? 0 : 1 + below(most);
    for (size_t k = 0; k < count; ++k) statement(nesting);
    if (count == 0) line("state " + label("s"));
    --depth_;
  }

  void conditional(int nesting) {
    line("conditional " + label("if"));
    ++depth_;
    branch(condition(), nesting - 1, 2);
    if (chance(30)) branch(condition(), nesting - 1, 2);
    if (chance(50)) branch("", nesting - 1, 2);
    --depth_;
  }

  // What is made in a branch has no size where the branch is not taken.
  void shortened() {
    line("conditional " + label("if"));
    line("  branch " + label("long") + " if index(N) >= 10");
    depth_ += 2;
    for (const auto& [from, to] : {std::pair("A[0:N - 10]", "shorter"), std::pair("shorter[0:N - 10]", "B")}) {
      const std::string source(from);
      line("state " + label("s"));
      line("  r = access " + source.substr(0, source.find('[')));
      line(std::string("  w = access ") + to);
      line("  r -> w : " + source);
    }
    tasklet({}, "C[1]", "float64", "2.5");
    depth_ -= 2;
  }

  // Both ways write elements, and nothing else.
  void choice() {
    const std::string target =
        chance(50) ? std::string(one(kFloatScalars)) : std::string(one(kVectors)) + "[" + index() + "]";
    const bool both = chance(60);
    line("conditional " + label("if"));
    ++depth_;
    for (int side = 0; side < (both ? 2 : 1); ++side) {
      line("branch " + label("way") + (side ? "" : " if " + condition()));
      ++depth_;
      std::vector<std::pair<std::string, std::string>> reads;
      std::string code = value(reads);
      if (chance(30)) reads[0].second = target, code = "_a * 0.5 + 1.0", reads.resize(1);
      const std::string to = side && chance(20) ? std::string(one(kFloatScalars)) : target;
      tasklet(reads, to, "float64", code);
      --depth_;
    }
    --depth_;
  }

  void diamond(int nesting) {
    line("region " + label("diamond"));
    ++depth_;
    const std::string names[] = {label("d"), label("d"), label("d"), label("d")};
    for (const std::string& name : names) {
      line("region " + name);
      ++depth_;
      statement(nesting - 1);
      --depth_;
    }
    line("transitions");
    const std::string set = chance(50) ? " set k = " + number(4) : "";
    line("  " + names[0] + " -> " + names[1] + " if " + condition() + set);
    line("  " + names[0] + " -> " + names[2] + (chance(50) ? " set k = " + number(4) : set));
    line("  " + names[1] + " -> " + names[3]);
    line("  " + names[2] + " -> " + names[3]);
    --depth_;
  }

  // Blocks that only a condition which never holds leads to, or nothing at all.
  void dead_blocks(int nesting) {
    line("region " + label("dead"));
    ++depth_;
    const std::string names[] = {label("d"), label("d"), label("d")};
    for (const std::string& name : names) {
      line("region " + name);
      ++depth_;
      statement(nesting - 1);
      --depth_;
    }
    line("transitions");
    if (chance(60)) line("  " + names[0] + " -> " + names[1] + " if " + (chance(50) ? "False" : "index(N) < 3"));
    line("  " + names[0] + " -> " + names[2] + (chance(50) ? " if index(N) > 3" : ""));
    line("  " + names[1] + " -> " + names[2]);
    --depth_;
  }

  void loop(int nesting) {
    static constexpr const char* ends[] = {"0", "1", "2", "3", "index(N)", "index(N - 6)", "index(k)"};
    const std::string name = "it" + std::to_string(counters_.size());
    const std::string end = one(ends);
    counters_.push_back(name);
    std::string header = " var " + name + " from " + (chance(20) ? "1" : "0") + " while index(" + name + ") < " + end;
    if (end == "index(k)") header = " var " + name + " from 0 while index(" + name + ") < index(k%4)";
    if (chance(10)) header += chance(50) ? " and " + condition() : "";
    header += " update index(" + name + " + " + (chance(20) ? "2" : "1") + ")";
    if (chance(10)) header += " inverted";
    line("loop " + label("l") + header);
    const std::string outer = std::exchange(loop_, name);
    ++depth_;
    const bool empty = chance(20);
    if (empty) {
      line("state " + label("s"));
      if (chance(30)) line("state " + label("s"));
    } else {
      if (chance(50)) invariant(chance(40));
      const size_t count = 1 + below(2);
      for (size_t k = 0; k < count; ++k) statement(nesting - 1);
      if (chance(15)) leave();
    }
    --depth_;
    loop_ = outer;
    if (depth_ == 0) done_.push_back(name);
  }

  void leave() {
    line("conditional " + label("leave"));
    ++depth_;
    line("branch " + label("way") + " if " + condition());
    line((chance(50) ? "  break " : "  continue ") + label("jump"));
    --depth_;
    statement(0);
  }

  std::mt19937_64 random_;
  std::string body_, loop_;
  std::vector<std::string> counters_, done_;  // variables of loops; of loops that are over for certain
  const bool with_scratch_, with_shortened_;
  std::string scratch_;  // declarations of temporaries
  int scratches_ = 0;
  int labels_ = 0, depth_ = 0, temporaries_ = 0, vectors_ = 0;
};

RandomGraph parsed_flow(uint64_t seed, const std::string& text) {
  auto parsed = text::parse(text);
  TW_CHECK(parsed.ok(),
           "a random program does not parse: " + (parsed.ok() ? "" : parsed.error().message) + "\n" + text);
  RandomGraph out{*parsed, {{"N", 8 + static_cast<int64_t>(seed % 4)}}};
  static const auto file = std::make_shared<const std::string>("flow.py");
  int line = 0;
  for (ir::ControlFlowBlock* block : ir::all_blocks(*out.sdfg)) {
    block->set_location({base::Span{file, ++line, 0, line, 9, nullptr}});
    auto* state = ir::as<ir::State>(block);
    if (!state) continue;
    for (const auto& node : state->nodes()) {
      node->set_location(block->location());
      if (auto* entry = ir::as<ir::MapEntry>(node.get())) entry->scope().set_location(block->location());
    }
    for (const auto& edge : state->edges()) edge->set_location(block->location());
  }
  out.sdfg->log()->forget();
  return out;
}

}  // namespace

RandomGraph random_flow(uint64_t seed) { return parsed_flow(seed, Flow(seed).text()); }
RandomGraph random_scratch(uint64_t seed) { return parsed_flow(seed, Flow(seed, true).text()); }

}  // namespace thalweg::tests
