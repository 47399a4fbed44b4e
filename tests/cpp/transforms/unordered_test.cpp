// Accesses in no order: what is found, and what is none.
#include "transforms/unordered.h"

#include "transforms/support.h"

namespace thalweg {
namespace {

using transforms::unordered_accesses;

// Two maps: the first reads A into B, the second writes A at `stored`; `more` are further lines of the state.
std::string two_maps(const std::string& more, const std::string& stored = "i", const std::string& whole = "0:N",
                     const std::string& written = "A") {
  return R"(
sdfg two(A, B)
  symbols N: int64
  array A: float64[2 * N]
  array B: float64[2 * N]
  transient view v: float64[2 * N]
  assume 3 <= N
  state s
    n0 = access A
    n1 = map m0[i = 0:N]
    n2 = tasklet twice(a: float64) -> (o: float64)
      o = a * 2.0
    n3 = exit n1
    n4 = access B
    n5 = map m1[i = 0:N]
    n6 = tasklet one() -> (o: float64)
      o = 1.0
    n7 = exit n5
    n8 = access )" +
         written + R"(
    n0 -> n1.IN_A : A[0:N]
    n1.OUT_A -> n2.a : A[i]
    n2.o -> n3.IN_B : B[i]
    n3.OUT_B -> n4 : B[0:N]
    n5 -> n6
    n6.o -> n7.IN_A : )" +
         written + "[" + stored + "]\n    n7.OUT_A -> n8 : " + written + "[" + whole + "]\n" + more;
}
std::vector<std::string> found_in(const std::string& text) { return unordered_accesses(*tests::graph_of(text)); }

TEST(Unordered, NamesTheMemoryAndBothNodes) {
  EXPECT_EQ(found_in(two_maps("")).size(), 1u);
  const std::string line = found_in(two_maps(""))[0];
  for (const char* part : {"A: ", "m0", "reads", "m1", "writes", "in state s"})
    EXPECT_NE(line.find(part), std::string::npos) << line;
}

TEST(Unordered, AnyPathOrders) {
  EXPECT_TRUE(found_in(two_maps("    n3 -> n5\n")).empty());
  EXPECT_TRUE(found_in(two_maps("    n4 -> n5\n")).empty());
  EXPECT_TRUE(found_in(two_maps("    n8 -> n1\n")).empty());
  EXPECT_EQ(found_in(two_maps("    n0 -> n5\n")).size(), 1u);  // A is there, but may not have been read yet
}

TEST(Unordered, OtherElementsNeedNone) {
  EXPECT_TRUE(found_in(two_maps("", "i + N", "N:2 * N")).empty());
  EXPECT_EQ(found_in(two_maps("", "i + 1", "1:N + 1")).size(), 1u);
}

TEST(Unordered, CopiesBelongToWhereTheyGo) {
  const std::string copy = R"(
sdfg copies(A, B)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  assume 3 <= N
  state s
    n0 = access A
    n1 = access B
    n2 = tasklet one() -> (o: float64)
      o = 1.0
    n3 = access A
    n0 -> n1 : A[0:N]
    n2.o -> n3 : A[0]
)";
  EXPECT_EQ(found_in(copy).size(), 1u);
  EXPECT_EQ(found_in(copy + "    n0 -> n2\n").size(), 1u);
  EXPECT_TRUE(found_in(copy + "    n1 -> n2\n").empty());
  EXPECT_TRUE(found_in(copy + "    n3 -> n1\n").empty());
}

TEST(Unordered, ViewsAreWhatTheyAreOf) {
  const std::string view = "    n9 = access A\n    n8.views -> n9 : A[0:2 * N]\n";
  EXPECT_EQ(found_in(two_maps(view, "i", "0:N", "v")).size(), 1u);
  EXPECT_TRUE(found_in(two_maps(view + "    n3 -> n5\n", "i", "0:N", "v")).empty());
  const std::string of_another = "    n9 = access B\n    n4 -> n5\n    n8.views -> n9 : B[0:2 * N]\n";
  EXPECT_TRUE(found_in(two_maps(of_another, "i", "0:N", "v")).empty());
}

TEST(Unordered, SumsMayMeet) {
  const auto sums = [](const std::string& wcr) {
    std::string text = "sdfg sums(x)\n  array x: int64[1]\n  state s\n";
    for (int k : {0, 2}) {
      const std::string one = "n" + std::to_string(k), two = "n" + std::to_string(k + 1);
      text += "    " + one + " = tasklet one() -> (o: int64)\n      o = 1\n    " + two + " = access x\n    " + one +
              ".o -> " + two + " : x[0]" + wcr + "\n";
    }
    return text;
  };
  EXPECT_TRUE(found_in(sums(" wcr sum")).empty());
  EXPECT_EQ(found_in(sums("")).size(), 1u);
}

TEST(Unordered, LooksIntoScopes) {
  const auto text = [](const std::string& order) {
    return R"(
sdfg inside(A)
  symbols N: int64
  array A: float64[N]
  transient array t: float64[2]
  assume 3 <= N
  state s
    n0 = map m0[i = 0:N]
    n1 = tasklet one() -> (o: float64)
      o = 1.0
    n2 = access t
    n3 = tasklet two() -> (o: float64)
      o = 2.0
    n4 = access t
    n5 = tasklet out(a: float64) -> (o: float64)
      o = a
    n6 = exit n0
    n7 = access A
    n0 -> n1
    n0 -> n3
    n1.o -> n2 : t[0]
    n3.o -> n4 : t[0]
    n4 -> n5.a : t[0]
    n5.o -> n6.IN_A : A[i]
    n6.OUT_A -> n7 : A[0:N]
)" + order;
  };
  EXPECT_EQ(found_in(text("")).size(), 2u);  // both writes, and the read
  EXPECT_TRUE(found_in(text("    n2 -> n3\n")).empty());
}

}  // namespace
}  // namespace thalweg
