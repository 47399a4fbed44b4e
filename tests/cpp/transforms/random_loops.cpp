#include "transforms/random_loops.h"

#include "support/loop_text.h"
#include "transforms/support.h"

namespace thalweg::tests {

namespace {

// Arrays have 6*N + 20 elements and indices begin around 2*N + 8: whatever is drawn lies inside.
class Loops {
 public:
  explicit Loops(uint64_t seed) : random_(seed) {}

  std::string text() {
    body_ = state_of({"s", {}}, "init_s", "  ") + state_of({"t", {"b[0]"}}, "init_t", "  ");
    if (below(2)) begin_reductions();
    const int loops = 1 + static_cast<int>(below(3));
    for (int k = 0; k < loops; ++k) loop("  ", "i");
    if (below(3) == 0) body_ += state_of({"a[0]", {scalar()}}, "last", "  ");
    if (!whole_.empty())
      body_ += code_state("last_c", "  ", "int64", "h[N]", "x", {"c"}) +
               code_state("last_q", "  ", "bool", "h[N + 1]", "select(x, 7, 8)", {"q"});
    if (below(4) == 0) body_ += state_of({"b[1]", {}}, "at", "  ") + state_of({"b[i + 8]", {"a[1]"}}, "last_i", "  ");
    const std::string arguments = whole_.empty() ? "a, b, d, w" : "a, b, d, w, g, h";
    return "sdfg loops(" + arguments +
           ")\n  symbols N: int64, i: int64, j: int64, k: int64\n  array a: float64[6*N + 20]\n"
           "  array b: float64[6*N + 20]\n  array d: float64[N + 2, 6*N + 20]\n  array w: float64[4*N*N + 8]\n"
           "  transient scalar s: float64\n  transient scalar t: float64\n  assume 0 <= N\n" +
           whole_ + body_;
  }
  int64_t below(size_t bound) { return static_cast<int64_t>(random_() % bound); }

 private:
  std::string label(const char* base) { return base + std::to_string(labels_++); }
  std::string scalar() { return below(2) ? "s" : "t"; }

  std::string header(const std::string& variable, bool inner) {
    const std::string v = variable;
    switch (below(inner ? 5 : 4)) {
      case 0: return " from N - 1 while " + v + " >= 0 update " + v + " - 1";
      case 1: return " from 0 while " + v + " < N update " + v + " + 2";
      case 2: return " from 1 while " + v + " <= N update " + v + " + 1";
      case 3: return " from 0 while " + v + " < N update " + v + " + 1";
      default: return " from 0 while " + v + " < i update " + v + " + 1";
    }
  }

  std::string index(bool inner) {
    const std::string factor[] = {"-1*", "0*", "1*", "1*", "1*", "2*"};
    std::string out = std::to_string(6 + below(4)) + " + 2*N + " + factor[below(6)] + "i";
    if (inner && below(3)) out += (below(4) ? " + " : " - ") + std::string("j");
    return out;
  }
  // A matrix stored row by row.
  std::string row(bool inner) {
    const std::string strides[] = {"N*i", "N*i", "2*N*i", "(N - 1)*i", "i"};
    std::string out = "w[" + strides[below(5)];
    if (inner && below(4)) out += below(4) ? " + j" : " + N*j";
    return out + " + " + std::to_string(below(2)) + "]";
  }
  std::string element(bool inner, bool write) {
    if (below(6) == 0) return row(inner);
    switch (below(write ? 6 : 7)) {
      case 0: return "d[" + std::string(below(4) ? "i" : "1") + ", " + (inner && below(2) ? "j" : index(inner)) + "]";
      case 1: return scalar();
      case 2: return "a[" + index(inner) + "]";
      case 3:
      case 4: return "b[" + index(inner) + "]";
      case 5: return std::string(below(2) ? "a" : "b") + "[" + std::to_string(below(5)) + "]";
      default: return "a[2*N + 8 + i]";
    }
  }

  // Whole numbers and a truth that loops combine values with.
  void begin_reductions() {
    whole_ =
        "  array g: int64[6*N + 20]\n  array h: int64[N + 4]\n  transient scalar c: int64\n"
        "  transient scalar q: bool\n";
    body_ += code_state("init_c", "  ", "int64", "c", "x", {"g[0]"}) +
             code_state("init_q", "  ", "int64", "q", "x > 2", {"g[1]"});
  }

  // One tasklet: the target is code over x and y, the sources (of one type).
  static std::string code_state(const std::string& label, const std::string& indent, const std::string& type,
                                const std::string& target, const std::string& code,
                                const std::vector<std::string>& sources) {
    const std::string in = indent + "  ", names[] = {"x", "y"};
    auto array = [](const std::string& place) { return place.substr(0, place.find('[')); };
    std::string inputs, nodes, edges;
    for (size_t k = 0; k < sources.size(); ++k) {
      const std::string node = "n" + std::to_string(k + 2), kind = array(sources[k]) == "q" ? "bool" : type;
      inputs += (k ? ", " : "") + names[k] + ": " + kind;
      nodes += in + node + " = access " + array(sources[k]) + "\n";
      edges += in + node + " -> n0." + names[k] + " : " + sources[k] + "\n";
    }
    const std::string out = array(target) == "q" ? "bool" : "int64";
    return indent + "state " + label + "\n" + in + "n0 = tasklet t(" + inputs + ") -> (o: " + out + ")\n" + in +
           "  o = " + code + "\n" + in + "n1 = access " + array(target) + "\n" + nodes + edges + in +
           "n0.o -> n1 : " + target + "\n";
  }

  // Mostly combinations, mostly of one kind a loop.
  void reduction(const std::string& indent, bool inner) {
    const std::string codes[] = {"x + y", "x - y",        "x * y", "minimum(x, y)", "select(y > x, y, x)",
                                 "x ^ y", "x & y | y",    "y - x", "x | y",         "select(y > 0, x + 1, x)",
                                 "x + y", "y + x + y * 3"};
    const std::string places[] = {"c", "c", "h[0]", "h[1]", "h[i]", "h[" + std::string(inner ? "j" : "N - i") + "]"};
    const std::string values[] = {"g[i]", "g[2*N + i]", "g[3]", "g[i + 1]", below(3) ? "g[i]" : "h[2]"};
    if (below(6) == 0) {
      body_ += code_state(label("q"), indent, "int64", "q", below(3) ? "True" : below(2) ? "False" : "x > 1", {"g[i]"});
      return;
    }
    if (below(9) == 0) {
      body_ += code_state(label("g"), indent, "int64", "g[i]", "x", {below(2) ? "c" : "h[1]"});
      return;
    }
    if (below(8) == 0) code_ = below(12);
    const std::string place = places[below(6)], value = values[below(5)];
    body_ += code_state(label("c"), indent, "int64", place, codes[code_], {place, value});
  }

  void step(const std::string& indent, bool inner) {
    if (!whole_.empty() && below(3)) return reduction(indent, inner);
    Step one{element(inner, true), {}};
    for (int64_t k = below(3); k > 0; --k) one.sources.push_back(element(inner, false));
    body_ += state_of(one, label("s"), indent);
  }

  void branch(const std::string& indent, bool inner) {
    const std::string conditions[] = {"s > 1.5", "i < N - 2", "a[i] > 0.0", "i > 1"};
    body_ += indent + "conditional " + label("if") + "\n" + indent + "  branch " + label("then") + " if " +
             conditions[below(4)] + "\n";
    step(indent + "    ", inner);
    if (below(2)) {
      body_ += indent + "  branch " + label("else") + "\n";
      step(indent + "    ", inner);
    }
  }

  void loop(const std::string& indent, const std::string& variable) {
    const bool inner = variable == "j";
    if (!inner) code_ = below(12);
    body_ += indent + "loop " + label("l") + " var " + variable + header(variable, inner) + "\n";
    for (int64_t k = 1 + below(inner ? 2 : 3); k > 0; --k) {
      const int64_t kind = below(8);
      if (kind == 0 && !inner)
        loop(indent + "  ", "j");
      else if (kind == 1)
        branch(indent + "  ", inner);
      else
        step(indent + "  ", inner);
    }
  }

  std::mt19937_64 random_;
  std::string body_, whole_;
  int64_t code_ = 0;  // what the reductions of this loop do
  int labels_ = 0;
};

}  // namespace

RandomGraph random_loops(uint64_t seed) {
  Loops loops(seed);
  RandomGraph out;
  out.sdfg = graph_of(loops.text());
  locate(*out.sdfg, "loops.py");
  out.sdfg->log()->forget();
  const int64_t sizes[] = {0, 1, 2, 3, 5, 6};
  out.symbols["N"] = sizes[loops.below(6)];
  return out;
}

}  // namespace thalweg::tests
