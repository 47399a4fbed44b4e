#include "transforms/random_counters.h"

#include <set>

#include "support/loop_text.h"
#include "transforms/support.h"

namespace thalweg::tests {

namespace {

// Arrays have 16 elements; every index is a remainder.
class Counters {
 public:
  explicit Counters(uint64_t seed) : random_(seed) {}

  std::string text() {
    body_ = "  state first\n  set k = " + number() + ", m = " + number() + ", i = 0, j = 0\n";
    plain("  ");
    for (int64_t loops = 2 + below(2); loops > 0; --loops) loop("  ", 0);
    body_ +=
        "  state last\n    n0 = tasklet t() -> (o: float64)\n      o = float64(k) + 0.5*float64(m + i)\n"
        "    n1 = access a\n    n0.o -> n1 : a[3]\n";
    return "sdfg counters(a, b)\n  symbols N: int64, s: int64, i: int64, j: int64, k: int64, m: int64\n"
           "  array a: float64[16]\n  array b: float64[16]\n  assume 0 <= N\n  assume 1 <= s\n" +
           body_;
  }
  int64_t below(size_t bound) { return static_cast<int64_t>(random_() % bound); }

 private:
  std::string label(const char* base) { return base + std::to_string(labels_++); }
  std::string number() { return std::to_string(below(6)); }
  std::string symbol() { return below(2) ? "k" : "m"; }

  std::string place(int depth) {
    const std::string names[] = {"k", "m", "k + 2*m", depth > 0 ? "i" : "k", depth > 1 ? "j + k" : "m + 1"};
    return "[(" + names[below(5)] + ") % 16]";
  }
  void plain(const std::string& indent, int depth = 0) {
    body_ += state_of({"a" + place(depth), {(below(2) ? "a" : "b") + place(depth)}}, label("s"), indent);
  }
  // Not of what a while loop around counts with: it might never end.
  void step(const std::string& indent, const std::string& which) {
    if (held_.count(which)) return;
    const std::string steps[] = {" + 1", " + 2", " - 1", " + 3", "*2 - 1", " + 5"};
    body_ += indent + "set " + which + " = " + which + steps[below(6)] + "\n";
  }
  void skip(const std::string& indent, int depth) {
    body_ += indent + "conditional " + label("if") + "\n" + indent + "  branch " + label("then") + " if a" +
             place(depth) + " > 1.5\n";
    if (below(2)) {
      plain(indent + "    ", depth);
      if (below(2)) step(indent + "    ", symbol());
    }
    body_ += indent + "    " + (below(8) ? "continue" : "break") + " " + label("out") + "\n";
  }

  void loop(const std::string& indent, int depth) {
    const std::string variable = depth == 0 ? "i" : "j", counter = symbol();
    const bool is_while = below(3) == 0;
    const std::string headers[] = {
        " from 0 while index(V) < N update index(V + 1)", " from N while index(V) > 0 update index(V - 1)",
        " from 1 while index(V) < N update index(V + s)", " from N while index(V) > 1 update index(V - s)",
        " from 0 while index(V) <= N update index(V + 2)"};
    std::string header = headers[below(5)];
    for (size_t at; (at = header.find('V')) != std::string::npos;) header.replace(at, 1, variable);
    body_ +=
        indent + "loop " + label("l") + (is_while ? " while " + counter + " < N" : " var " + variable + header) + "\n";
    const std::string in = indent + "  ";
    if (is_while) held_.insert(counter);
    plain(in, depth + 1);
    for (int64_t k = below(3); k > 0; --k) {
      const int64_t kind = below(6);
      if (kind == 0 && depth == 0)
        loop(in, 1);
      else if (kind == 1 && !is_while && below(2))
        skip(in, depth + 1);
      else if (kind > 1 && !is_while)
        step(in, symbol());
      plain(in, depth + 1);
    }
    if (!is_while) return;
    held_.erase(counter);
    body_ += in + "set " + counter + " = " + counter + " + " + std::to_string(1 + below(3)) + "\n" + in + "state " +
             label("e") + "\n";
    if (below(4) == 0) plain(in, depth + 1);
  }

  std::mt19937_64 random_;
  std::string body_;
  std::set<std::string> held_;
  int labels_ = 0;
};

}  // namespace

RandomGraph random_counters(uint64_t seed) {
  Counters counters(seed);
  RandomGraph out;
  out.sdfg = graph_of(counters.text());
  locate(*out.sdfg, "counters.py");
  out.sdfg->log()->forget();
  out.symbols["N"] = counters.below(7);
  out.symbols["s"] = 1 + counters.below(3);
  return out;
}

}  // namespace thalweg::tests
