// If-conversion: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/if_conversion.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::if_conversion_test {
namespace {

using tests::declined;
using transforms::if_conversion;

struct Parts {
  std::string condition = "x > 0.5", code = "_a * 2.0", read = "A[k]", write = "B[k]", more, declarations, flags;
};
// if condition: write = code(read); else: B[k] = 1.0
std::string program(const Parts& parts, bool otherwise = true) {
  const std::string from = parts.read.substr(0, parts.read.find('[')),
                    to = parts.write.substr(0, parts.write.find('['));
  return "sdfg program(A, B, x, n)\n  symbols N: int64, n: pyint, k: int64\n  array A: float64[N]\n"
         "  array B: float64[N]\n  scalar x: float64\n" +
         parts.declarations +
         "  assume 8 <= N\n  loop l var k from 0 while index(k) < index(N) update index(k + 1)\n    conditional c\n"
         "      branch yes if " +
         parts.condition + "\n        state s0\n          n0 = access " + from +
         "\n          n1 = tasklet t(_a) -> (o)" + parts.flags + "\n            o = " + parts.code +
         "\n          n2 = access " + to + "\n          n0 -> n1._a : " + parts.read +
         "\n          n1.o -> n2 : " + parts.write + "\n" + parts.more +
         (otherwise ? "      branch no\n        state s1\n          n0 = tasklet t() -> (o)\n            o = 1.0\n"
                      "          n1 = access B\n          n0.o -> n1 : B[k]\n"
                    : "");
}

TEST(IfConversion, ChoosesBetweenValues) {
  auto graph = tests::graph_of(program({.condition = "x > 0.5 and A[k] < 3.0",
                                        .read = "B[k]",
                                        .more = "          n3 = tasklet u(_b) -> (o)\n            o = _b + 1.0\n"
                                                "          n4 = access A\n          n2 -> n3._b : B[k]\n"
                                                "          n3.o -> n4 : A[k]\n"}));
  EXPECT_EQ(tests::apply_checked(*graph, if_conversion, {{"N", 9}, {"n", 3}}), 1);
  tests::expect_golden("transforms/if_conversion.txt", text::print(*graph));
}

TEST(IfConversion, KeepsWhatWasThere) {
  auto graph = tests::graph_of(program({}, false));
  EXPECT_EQ(tests::apply_checked(*graph, if_conversion, {{"N", 9}, {"n", 3}}), 1);
  // A read of what the other side writes comes first.
  auto crossed = tests::graph_of(program({.read = "B[k]", .write = "A[k]"}));
  EXPECT_EQ(tests::apply_checked(*crossed, if_conversion, {{"N", 9}, {"n", 3}}), 1);
}

TEST(IfConversion, Declines) {
  EXPECT_EQ(declined(program({}), if_conversion), "");
  EXPECT_EQ(declined(program({.condition = "bool(pyindex(n) + pyint(1) > pyint(2))"}), if_conversion),
            "its condition may raise an exception");
  EXPECT_EQ(declined(program({.condition = "A[int64(x)] > 2.0"}), if_conversion),
            "its condition reads an element chosen by a value");
  EXPECT_EQ(declined(program({.condition = "index(k) > 0 and A[index(k - 1)] > 2.0"}), if_conversion),
            "an element of A in its condition may not exist");
  EXPECT_EQ(declined(program({.condition = "A[index(N)] > 2.0"}), if_conversion), "");
  EXPECT_EQ(declined(program({.code = "_a", .flags = " side_effects"}), if_conversion), "t has side effects");
  EXPECT_EQ(declined(program({.code = "float64(pyfloat(_a) / pyfloat(2.0))"}), if_conversion),
            "t may raise an exception");
  EXPECT_EQ(declined(program({.condition = "index(k) > 0", .read = "A[k - 1]"}), if_conversion),
            "an element of A may not exist where the condition does not hold");
  EXPECT_EQ(declined(program({.declarations = "  transient reference r: float64[N] targets (B)\n"}), if_conversion),
            "B may be the same memory as another container");
  EXPECT_EQ(declined(program({.code = "sin(_a)"}), if_conversion),
            "both sides together are too much work to be done each time");
  EXPECT_EQ(declined(program({.write = "t[k]", .declarations = "  transient array t: float64[N]\n"}), if_conversion),
            "t may have no value yet");
  EXPECT_EQ(declined(program({.write = "B[0]"}), if_conversion), "several elements of B are written");
  EXPECT_EQ(
      declined(program({.more = "          n3 = access B\n          n4 = tasklet u(_b) -> (o)\n            o = _b\n"
                                "          n5 = access A\n          n3 -> n4._b : B[k]\n"
                                "          n4.o -> n5 : A[k]\n          n2 -> n4\n"}),
               if_conversion),
      "B is read again behind the write");
  EXPECT_EQ(declined(program({.more = "          n3 = tasklet u(_b) -> (o)\n            o = _b\n"
                                      "          n4 = access A\n          n2 -> n3._b : B[0]\n"
                                      "          n3.o -> n4 : A[k]\n"}),
                     if_conversion),
            "another element of B is read behind the write");
}

// Where a map runs the choice, only the iteration that chooses to write may touch the element.
TEST(IfConversion, DeclinesForElementsOfOtherIterations) {
  auto inside = [](const std::string& otherwise) {
    auto graph = tests::graph_of(
        "sdfg program(A, B, N)\n  symbols N: int64\n  array A: float64[N]\n  array B: float64[N]\n  assume 8 <= N\n"
        "  state s\n    n0 = access A\n    n1 = access B\n    n2 = map m[i = 0:N]\n"
        "    n3 = nested body(a, b) -> (b) where [i = i]\n      sdfg body()\n        symbols i: int64\n"
        "        scalar a: float64\n        scalar b: float64\n        conditional c\n          branch yes if index(i) "
        "== 3\n"
        "            state t\n              n0 = access a\n              n1 = tasklet t(x) -> (o)\n                o = "
        "x\n"
        "              n2 = access b\n              n0 -> n1.x : a\n              n1.o -> n2 : b\n" +
        otherwise +
        "    n4 = exit n2\n    n5 = access B\n    n0 -> n2.IN_a : A[0:N]\n    n1 -> n2.IN_b : B[0] volume N\n"
        "    n2.OUT_a -> n3.a : A[i]\n    n2.OUT_b -> n3.b : B[0]\n    n3.b -> n4.IN_b : B[0] dynamic\n"
        "    n4.OUT_b -> n5 : B[0] dynamic\n");
    for (ir::SDFG* sdfg : ir::all_sdfgs(*graph))
      if (sdfg->parent_node()) return tests::places(*sdfg, if_conversion);
    return std::vector<std::string>{};
  };
  EXPECT_EQ(inside(""),
            (std::vector<std::string>{"conditional c: another iteration of a map around may write the element of b"}));
  EXPECT_EQ(inside("          branch no\n            state t\n              n0 = tasklet t() -> (o)\n"
                   "                o = 1.0\n              n1 = access b\n              n0.o -> n1 : b\n"),
            (std::vector<std::string>{"conditional c"}));
}

TEST(IfConversion, KeepsTheMeaningOfRandomFlow) { tests::fuzz(if_conversion, tests::random_flow, 100); }

}  // namespace
}  // namespace thalweg::if_conversion_test
