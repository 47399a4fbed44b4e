// Redundant view removal: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/redundant_view.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/support.h"

namespace thalweg::redundant_view_test {
namespace {

using tests::declined;
using transforms::redundant_view;

struct Pieces {
  std::string view = "float64[M]", subset = "[2, 0:M]", range = "0:M", read = "v[i]", whole = "v[0:M]";
  std::string code = "o = a * 2.0", target = "B[i]", base = "float64[N, M]";
  std::string more, declarations;
};

// B = f(v) with v over A.
std::string reads(const Pieces& p = {}) {
  return "sdfg views(A, B, C)\n  symbols N: int64, M: int64\n  array A: " + p.base +
         "\n  array B: float64[M]\n  array C: float64[N, M]\n  transient view v: " + p.view + "\n" + p.declarations +
         "  assume 4 <= N\n  assume 3 <= M\n  state s\n    n0 = access A\n    n1 = access v connectors (views) -> ()\n"
         "    n2 = map one[i = " +
         p.range + "]\n    n3 = tasklet first(a: float64) -> (o: float64)\n      " + p.code +
         "\n    n4 = exit n2\n    n5 = access B\n    n0 -> n1.views : A" + p.subset +
         "\n    n1 -> n2.IN_v : " + p.whole + "\n    n2.OUT_v -> n3.a : " + p.read +
         "\n    n3.o -> n4.IN_B : " + p.target + "\n    n4.OUT_B -> n5 : B[0:M]\n" + p.more;
}
const std::map<std::string, int64_t> kSizes = {{"N", 5}, {"M", 4}};

TEST(RedundantView, ReadsWhatIsBehind) {
  auto graph = tests::graph_of(reads());
  EXPECT_EQ(tests::apply_checked(*graph, redundant_view, kSizes), 1);
  tests::expect_golden("transforms/redundant_view.txt", text::print(*graph));
}

TEST(RedundantView, ElementsOfAReshapedArrayHaveIndicesThere) {
  Pieces p;
  p.view = "float64[N*M]", p.subset = "[0:N, 0:M]", p.whole = "v[0:N*M]", p.read = "v[2*i + 1]";
  auto graph = tests::graph_of(reads(p));
  EXPECT_EQ(tests::apply_checked(*graph, redundant_view, kSizes), 1);
  tests::expect_golden("transforms/redundant_view_reshaped.txt", text::print(*graph));
}

TEST(RedundantView, WritesWhatIsBehind) {
  auto graph = tests::graph_of(R"(
sdfg writes(A, B)
  symbols N: int64, M: int64
  array A: float64[M]
  array B: float64[N, M]
  transient view v: float64[M]
  assume 3 <= N
  state s
    n0 = access A
    n1 = access v connectors () -> (views)
    n2 = access B
    n0 -> n1 : A[0:M]
    n1.views -> n2 : B[1, 0:M]
)");
  EXPECT_EQ(tests::apply_checked(*graph, redundant_view, kSizes), 1);
  tests::expect_golden("transforms/redundant_view_written.txt", text::print(*graph));
}

TEST(RedundantView, Declines) {
  Pieces p;
  p.view = "int64[M]";
  std::string text = reads(p);
  text.replace(text.find("first(a: float64)"), 17, "first(a: int64)");
  text.replace(text.find("o = a * 2.0"), 11, "o = float64(a)");
  EXPECT_EQ(declined(text, redundant_view), "v sees float64 as int64");
  p = {};
  p.view = "float64[M] storage CPU_Pinned";
  EXPECT_EQ(declined(reads(p), redundant_view), "v is kept in CPU_Pinned memory");
  p = {};
  p.view = "float64[M] strides (2)", p.subset = "[2, 0:M]", p.range = "0:1";
  EXPECT_EQ(declined(reads(p), redundant_view), "elements of v are no subset of A");
  p = {};
  p.read = "v[0:M]", p.code = "o = a[i]";
  EXPECT_EQ(declined(reads(p), redundant_view), "code sees the dimensions of v");
  p = {};
  p.view = "float64[N*M]", p.subset = "[0:N, 0:M]", p.whole = "v[0:N*M]", p.read = "v[0:M]", p.code = "o = a[i]";
  EXPECT_EQ(declined(reads(p), redundant_view), "code sees the dimensions of v");
  p = {};
  p.more = "    n6 = access C\n    n7 = access A\n    n6 -> n7 : C[0:N, 0:M]\n    n0 -> n6\n    n7 -> n1\n";
  EXPECT_EQ(declined(reads(p), redundant_view), "A is changed between its node and that of v");
}

TEST(RedundantView, KeepsTheMeaningOfRandomMaps) { tests::fuzz(redundant_view, tests::random_maps, 30); }

}  // namespace
}  // namespace thalweg::redundant_view_test
