// Loop to map, of loops that combine whole numbers: what it makes of them, and which ones it leaves in order.
#include "support/golden.h"
#include "transforms/combination.h"
#include "transforms/loop_to_map.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

using transforms::loop_to_map;

// One tasklet of a state: "o = code" over connectors that read these places.
struct Line {
  std::string target, type, code;
  std::vector<std::string> reads = {};  // "x: int64 = a[i]"
};

std::string array_of(const std::string& place) { return place.substr(0, place.find('[')); }

std::string state(const Line& line, const std::string& label, const std::string& indent) {
  std::string inputs, nodes, edges;
  const std::string in = indent + "  ";
  for (size_t k = 0; k < line.reads.size(); ++k) {
    const std::string& read = line.reads[k];
    const std::string name = read.substr(0, read.find(':')), node = "n" + std::to_string(k + 2),
                      place = read.substr(read.find(" = ") + 3);
    inputs += (k ? ", " : "") + read.substr(0, read.find(" = "));
    nodes += in + node + " = access " + array_of(place) + "\n";
    edges += in + node + " -> n0." + name + " : " + place + "\n";
  }
  return indent + "state " + label + "\n" + in + "n0 = tasklet t(" + inputs + ") -> (o: " + line.type + ")\n" + in +
         "  o = " + line.code + "\n" + in + "n1 = access " + array_of(line.target) + "\n" + nodes + edges + in +
         "n0.o -> n1 : " + line.target + "\n";
}

std::string loop_of(const std::vector<Line>& lines) {
  std::string out = "  loop l var i from 0 while i < N update i + 1\n";
  for (size_t k = 0; k < lines.size(); ++k) out += state(lines[k], "s" + std::to_string(k), "    ");
  return out;
}

const std::vector<Line> kStart = {{"c", "int64", "3"},
                                  {"n", "pyint", "pyint(2)"},
                                  {"f", "float64", "0.5"},
                                  {"q", "bool", "x > 4", {"x: int64 = a[0]"}}};
const std::vector<Line> kEnd = {{"a[0]", "int64", "x", {"x: int64 = c"}},
                                {"a[1]", "int64", "int64(x)", {"x: pyint = n"}},
                                {"b[0]", "float64", "x", {"x: float64 = f"}},
                                {"a[2]", "int64", "select(x, 5, 6)", {"x: bool = q"}}};

// The scalars have a value before the loop, which is seen behind it.
std::string program(const std::string& loop) {
  std::string out =
      "sdfg f(a, b, h)\n  symbols N: int64, i: int64, j: int64\n  array a: int64[N + 3]\n  array b: float64[N + 3]\n"
      "  array h: int32[N + 3]\n  transient scalar c: int64\n  transient scalar n: pyint\n"
      "  transient scalar f: float64\n  transient scalar q: bool\n  assume 3 <= N\n";
  for (size_t k = 0; k < kStart.size(); ++k) out += state(kStart[k], "first" + std::to_string(k), "  ");
  out += loop;
  for (size_t k = 0; k < kEnd.size(); ++k) out += state(kEnd[k], "last" + std::to_string(k), "  ");
  return out;
}

std::string declined(const std::vector<Line>& lines) { return tests::declined(program(loop_of(lines)), loop_to_map); }

int applied(const std::vector<Line>& lines) {
  auto graph = tests::graph_of(program(loop_of(lines)));
  return tests::apply_checked(*graph, loop_to_map, {{"N", 6}});
}

const Line kSum{"c", "int64", "x + y", {"x: int64 = c", "y: int64 = a[i]"}};

TEST(LoopReductions, AreCombiningWrites) {
  const std::string branch = "    conditional if1\n      branch then if h[i] > 2\n" +
                             state({"n", "pyint", "x + pyint(1)", {"x: pyint = n"}}, "s8", "        ") +
                             state({"q", "bool", "True"}, "s9", "        ");
  auto sums = tests::graph_of(program(loop_of({kSum}) + branch));
  EXPECT_EQ(tests::apply_checked(*sums, loop_to_map, {{"N", 6}}), 1);
  tests::expect_golden("transforms/loop_reductions.txt", text::print(*sums));
}

TEST(LoopReductions, OfEveryOperation) {
  for (const char* code : {"x + y", "y + x + 2", "x - y", "x - y + y * 3", "x * y", "minimum(x, y)", "maximum(y, x)",
                           "x & y", "y | x", "x ^ y", "select(y < x, y, x)", "select(y >= x, y, x)",
                           "select(x > y, y, x)", "select(y > 2, x + y, x)", "select(y > 2, x, minimum(x, y))"})
    EXPECT_EQ(applied({{"c", "int64", code, {"x: int64 = c", "y: int64 = a[i]"}}}), 1) << code;
  for (const char* code :
       {"x and y > 1", "y > 3 or x", "x & (y > 1)", "x ^ (y > 1)", "select(y > 1, True, x)", "select(y > 1, x, False)"})
    EXPECT_EQ(applied({{"q", "bool", code, {"x: bool = q", "y: int64 = a[i]"}}}), 1) << code;
  for (const char* code : {"y - x", "x + x", "x + y * x", "x * 2 + y", "select(x > 2, x + y, x)", "y"})
    EXPECT_EQ(applied({{"c", "int64", code, {"x: int64 = c", "y: int64 = a[i]"}}}), 0) << code;
}

TEST(LoopReductions, InLoopsInLoops) {
  const std::string inner = "    loop l2 var j from 0 while j <= i update j + 1\n";
  auto sums = tests::graph_of(
      program("  loop l var i from 0 while i < N update i + 1\n" + inner +
              state({"h[j]", "int32", "x + int32(y)", {"x: int32 = h[j]", "y: int64 = a[i]"}}, "s0", "      ")));
  EXPECT_EQ(tests::apply_checked(*sums, loop_to_map, {{"N", 6}}), 2);
  auto seen = tests::graph_of(
      program("  loop l var i from 0 while i < N update i + 1\n" + inner +
              state({"h[j]", "int32", "x + y", {"x: int32 = h[j]", "y: int32 = h[N + 1]"}}, "s0", "      ")));
  EXPECT_EQ(tests::apply_checked(*seen, loop_to_map, {{"N", 6}}), 1);  // the inner one writes other elements
}

TEST(LoopReductions, OfFloatingPointStayInOrder) {
  EXPECT_EQ(declined({{"f", "float64", "x + y", {"x: float64 = f", "y: float64 = b[i]"}}}),
            "an iteration reads f, which the iteration before wrote (distance 1)");
}

TEST(LoopReductions, ThatAreLookedAtStayInOrder) {
  EXPECT_EQ(declined({kSum}), "");
  EXPECT_EQ(declined({kSum, {"h[i]", "int32", "int32(x)", {"x: int64 = c"}}}),
            "an iteration reads c, which the iteration before wrote (distance 1)");
}

TEST(LoopReductions, OfTwoKindsStayInOrder) {
  EXPECT_EQ(declined({kSum, {"c", "int64", "x * y", {"x: int64 = c", "y: int64 = a[i + 1]"}}}),
            "an iteration reads c, which the iteration before wrote (distance 1)");
}

TEST(LoopReductions, ReadTheElementThatTheyWrite) {
  EXPECT_EQ(declined({{"a[0]", "int64", "x + y", {"x: int64 = a[0]", "y: int64 = c"}}}), "");
  EXPECT_NE(declined({{"a[0]", "int64", "x + y", {"x: int64 = a[1]", "y: int64 = c"}}}), "");
}

TEST(LoopReductions, OfPythonIntegersFitInto64Bits) {
  EXPECT_EQ(applied({{"n", "pyint", "x + pyint(7)", {"x: pyint = n"}}}), 1);
  EXPECT_EQ(applied({{"n", "pyint", "x - pyint(7)", {"x: pyint = n"}}}), 1);
  const std::string may =
      "an iteration reads n, which the iteration before wrote (distance 1); the Python integer n "
      "may leave 64 bits on the way";
  EXPECT_EQ(declined({{"n", "pyint", "x + pyint(y)", {"x: pyint = n", "y: int64 = a[i]"}}}), may);
  EXPECT_EQ(declined({{"n", "pyint", "x + pyint(3000000000)", {"x: pyint = n"}}}), may);
  EXPECT_EQ(declined({{"n", "pyint", "x * pyint(2)", {"x: pyint = n"}}}), may);
  EXPECT_EQ(
      declined({{"n", "pyint", "x + pyint(7)", {"x: pyint = n"}}, {"n", "pyint", "x - pyint(7)", {"x: pyint = n"}}}),
      may);
}

}  // namespace
}  // namespace thalweg
