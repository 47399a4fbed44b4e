// The verifier: a graph that holds everything passes; each invariant has graphs that break it and nothing else.
#include "ir/verify.h"

#include <gtest/gtest.h>

#include "text/text.h"

namespace thalweg {
namespace {

const char* const valid = R"(
sdfg good(A, B, n)
  symbols N: int64, i: int64, n: pyint
  array A: float64[N, N]
  array B: float64[N]
  scalar x: float64
  transient array tmp: float64[N]
  transient stream S: float64
  transient reference R: float64[N] targets (B, tmp)
  transient view V: float64[N * N]
  assume N >= 4
  returns container x
  returns view A[0:N, 0] dims [0]
  state start
    n0 = access A
    n1 = access B
    n2 = map rows[p = 0:N]
    n3 = map columns[q = 0:p + 1]
    n4 = tasklet add(a, b: float64) -> (o)
      check(a > 0.0, ValueError, 'too small')
      o = a + b[p]
    n5 = exit n3
    n6 = exit n2
    n7 = access tmp
    n0 -> n2.IN_A : A[0:N, 0:N]
    n1 -> n2.IN_B : B[0:N]
    n2.OUT_A -> n3.IN_A : A[p, 0:p + 1]
    n2.OUT_B -> n3.IN_B : B[0:N]
    n3.OUT_A -> n4.a : A[p, q]
    n3.OUT_B -> n4.b : B[0:N]
    n4.o -> n5.IN_tmp : tmp[p] wcr custom combine old + new
    n5.OUT_tmp -> n6.IN_tmp : tmp[p] wcr custom combine old + new
    n6.OUT_tmp -> n7 : tmp[0:N] wcr custom combine old + new
  set i = 0
  loop l var i from 0 while i < 10 and B[0] < x update i + 1
    conditional c
      branch yes if x > 0.0
        break out
      branch no
        continue next
  state pointers
    n0 = access B
    n1 = access R
    n2 = access A
    n3 = access V
    n4 = access tmp
    n5 = nested inner(B) -> (B) where [M = N]
      sdfg inner(B)
        symbols M: int64, j: int64
        array B: float64[M]
        state s
          n0 = access B
          n1 = access B
          n0 -> n1 : B[0] -> [1]
        set j = 1
        return done
    n6 = access tmp
    n0 -> n1.set : B[0:N]
    n2 -> n3.views : A[0:N, 0:N] -> [0:N * N]
    n4 -> n5.B : tmp[0:N]
    n5.B -> n6 : tmp[0:N]
    n0 -> n4 : B[0:N]
    n1 -> n4
)";

std::vector<std::string> codes_of(const std::string& text, ir::VerifyOptions options = {}) {
  auto sdfg = text::parse(text);
  if (!sdfg) return {"does not parse: " + sdfg.error().message};
  std::vector<std::string> out;
  for (const auto& problem : ir::find_problems(**sdfg, options)) out.push_back(problem.code + " " + problem.message);
  return out;
}

TEST(Verify, AGoodGraphPasses) { EXPECT_EQ(codes_of(valid), std::vector<std::string>{}); }

struct Broken {
  const char *code, *text;
};

void expect_broken(const Broken& broken) {
  SCOPED_TRACE(broken.text);
  const std::vector<std::string> found = codes_of(broken.text);
  ASSERT_FALSE(found.empty());
  for (const std::string& problem : found) EXPECT_EQ(problem.substr(0, 6), broken.code) << problem;
}

TEST(Verify, Declarations) {
  for (const Broken& broken : {
           Broken{"TW0310", "sdfg 'a b'()"},
           {"TW0310", "sdfg f()\n  array 'a b': int8[3]"},
           {"TW0310", "sdfg f()\n  symbols N: int64\n  array N: int8[3]"},
           {"TW0310", "sdfg f()\n  symbols nan: int64"},
           {"TW0311", "sdfg f(A)"},
           {"TW0311", "sdfg f(A, A)\n  array A: int8[3]"},
           {"TW0311", "sdfg f(A)\n  transient array A: int8[3]"},
           {"TW0312", "sdfg f()\n  returns container A"},
           {"TW0312", "sdfg f()\n  transient array A: int8[3]\n  returns container A"},
           {"TW0312", "sdfg f()\n  array A: int8[3]\n  returns view A[0:3, 0] dims [0]"},
           {"TW0312", "sdfg f()\n  array A: int8[3]\n  returns view A[0:3] dims [1]"},
           {"TW0312", "sdfg f()\n  returns symbol N"},
           {"TW0313", "sdfg f()\n  array A: int8[3] strides (1, 3)"},
           {"TW0313", "sdfg f()\n  scalar A: int8[3]"},
           {"TW0313", "sdfg f()\n  array A: int8[-1]"},
           {"TW0313", "sdfg f()\n  array A: int8[N]"},
           {"TW0313", "sdfg f()\n  array A: int8[3] alignment 3"},
           {"TW0313", "sdfg f()\n  array A: int8[3] targets (A)"},
           {"TW0313", "sdfg f()\n  transient reference R: int8[3] targets (B)"},
           {"TW0313", "sdfg f()\n  array A: int16[3]\n  transient reference R: int8[3] targets (A)"},
           {"TW0313", "sdfg f()\n  view V: int8[3]"},
           {"TW0314", "sdfg f()\n  symbols N: float64"},
       })
    expect_broken(broken);
}

TEST(Verify, ControlFlow) {
  for (const Broken& broken : {
           Broken{"TW0315", "sdfg f()\n  state a\n  state a"},
           {"TW0316", "sdfg f()\n  break b"},
           {"TW0316", "sdfg f()\n  return r\n  state after"},
           {"TW0317", "sdfg f()\n  loop l\n    state a"},
           {"TW0317", "sdfg f()\n  loop l while 3\n    state a"},
           {"TW0317", "sdfg f()\n  loop l var i from 0 while True update i + 1"},
           {"TW0317", "sdfg f()\n  symbols i: pyint\n  loop l var i from 0 while True update pyindex(i)"},
           {"TW0317", "sdfg f()\n  symbols i: int64\n  loop l var i while True update i"},
           {"TW0317", "sdfg f()\n  loop l from 0 while True"},
           {"TW0318", "sdfg f()\n  conditional c"},
           {"TW0318", "sdfg f()\n  conditional c\n    branch a\n    branch b if True"},
           {"TW0318", "sdfg f()\n  conditional c\n    branch a if 3"},
           {"TW0319", "sdfg f()\n  state a\n  state b\n  transitions\n    a -> b if 1.5"},
           {"TW0319", "sdfg f()\n  state a\n  set i = 3\n  state b"},
           {"TW0319", "sdfg f()\n  symbols i: int64\n  state a\n  set i = 3, i = 4\n  state b"},
           {"TW0319", "sdfg f()\n  symbols i: int64\n  state a\n  set i = pyint(3)\n  state b"},
           {"TW0320", "sdfg f()\n  loop l while x < 3"},
           {"TW0320", "sdfg f()\n  array A: int64[3, 3]\n  loop l while A[0] < 3"},
           {"TW0320", "sdfg f()\n  stream S: int64\n  loop l while S < 3"},
           {"TW0320", "sdfg f()\n  array A: int64[3] storage GPU_Global\n  loop l while A[0] < 3"},
       })
    expect_broken(broken);
}

// A state over arrays A and B of ten float64, a scalar c, a stream S and a symbol N >= 1.
std::string with_state(const std::string& lines) {
  std::string out =
      "sdfg f(A, B)\n  symbols N: int64\n  array A: float64[10]\n  array B: float64[10]\n  scalar c: float64\n"
      "  transient stream S: float64\n  transient reference R: float64[10]\n  transient view V: float64[10]\n"
      "  array G: float64[10] storage GPU_Global\n  array M: float64[N, 10]\n  array k: int64[10]\n  assume N >= 1\n  "
      "state s\n";
  size_t start = 0;
  while (start < lines.size()) {
    const size_t end = std::min(lines.find('\n', start), lines.size());
    out += "    " + lines.substr(start, end - start) + "\n";
    start = end + 1;
  }
  return out;
}

void expect_broken_state(const char* code, const std::string& lines) {
  const std::string text = with_state(lines);
  expect_broken({code, text.c_str()});
}

const char* const ends = "a = access A\nb = access B\n";

TEST(Verify, ScopesAndMaps) {
  expect_broken_state("TW0321", "a = access A\nb = access B\na -> b\nb -> a");
  expect_broken_state("TW0322", "m = map m[i = 0:3]");
  expect_broken_state("TW0322", "m = map m[i = 0:3]\ne = exit m\nf = exit m\nm -> e\nm -> f");
  expect_broken_state(
      "TW0323",
      std::string(ends) + "m = map m[i = 0:3]\ne = exit m\nq = access c\nm -> e\nm -> a\na -> e\nq -> b\na -> b");
  expect_broken_state("TW0323",
                      "m = map m[i = 0:3]\nn = map n[j = 0:3]\ne = exit m\nf = exit n\nm -> n\nn -> e\nm -> f");
  expect_broken_state("TW0324", "m = map m[]\ne = exit m\nm -> e");
  expect_broken_state("TW0324", "m = map m[i = 0:3, i = 0:3]\ne = exit m\nm -> e");
  expect_broken_state("TW0324", "m = map m[N = 0:3]\ne = exit m\nm -> e");
  expect_broken_state("TW0324", "m = map m[A = 0:3]\ne = exit m\nm -> e");
  expect_broken_state("TW0324", "m = map m[i = 3:0:-1]\ne = exit m\nm -> e");
  expect_broken_state("TW0324", "m = map m[i = 3:0]\ne = exit m\nm -> e");
  expect_broken_state("TW0332", "m = map m[i = 0:Q]\ne = exit m\nm -> e");
  expect_broken_state("TW0324", "m = consume m[i < 3]\ne = exit m\nm -> e");
}

TEST(Verify, ConnectorsAndMemlets) {
  const std::string two = ends;
  const std::string copy = "t = tasklet t(i) -> (o)\n  o = i\n";
  expect_broken_state("TW0310", two + "t = tasklet t(N) -> (o)\n  o = 1.0\na -> t.N : A[0]\nt.o -> b : B[0]");
  expect_broken_state("TW0310", two + "t = tasklet t(o) -> (o)\n  o = 1.0\na -> t.o : A[0]\nt.o -> b : B[0]");
  expect_broken_state("TW0325", two + copy + "a -> t.i : A[0]\na -> t.i : A[1]\nt.o -> b : B[0]");
  expect_broken_state("TW0325", two + "t = tasklet t(i: float64) -> (o)\n  o = i\nt.o -> b : B[0]");
  expect_broken_state("TW0325", two + "t = tasklet t() -> (o)\n  o = 1.0\na -> t.i : A[0]\nt.o -> b : B[0]");
  expect_broken_state("TW0325", two + copy + "a -> t.i : A[0]\nt.o -> b : B[0]\nt.o -> b : B[1]");
  expect_broken_state("TW0325", two + "t = tasklet t() -> (o)\n  o = 1.0\na -> t : A[0]\nt.o -> b : B[0]");
  expect_broken_state("TW0325", two + "t = tasklet t(i: float64) -> (o)\n  o = 1.0\na -> t.i\nt.o -> b : B[0]");
  const std::string in_map = "m = map m[i = 0:10]\nt = tasklet t(x) -> (o)\n  o = x\ne = exit m\n";
  expect_broken_state(
      "TW0326",
      two + in_map + "a -> m.A : A[0:10]\nm.OUT_A -> t.x : A[i]\nt.o -> e.IN_B : B[i]\ne.OUT_B -> b : B[0:10]");
  expect_broken_state(
      "TW0326",
      two + in_map + "a -> m.IN_Q : A[0:10]\nm.OUT_A -> t.x : A[i]\nt.o -> e.IN_B : B[i]\ne.OUT_B -> b : B[0:10]");
  expect_broken_state("TW0327", two + copy + "a -> t.i : B[0]\nt.o -> b : B[0]");
  expect_broken_state("TW0327", two + "a -> b : Q[0]");
  expect_broken_state("TW0327", two + "a -> b : M[0, 0]");
  expect_broken_state("TW0327", two + copy + "a -> t.i : A[0] -> [0]\nt.o -> b : B[0]");
  expect_broken_state("TW0327",
                      "t = tasklet t() -> (o: float64)\n  o = 1.0\nu = tasklet u(i: float64) -> ()\n  check(i > 0.0, "
                      "ValueError, '')\nt.o -> u.i : c");
  expect_broken_state("TW0328", two + "a -> b : A[0, 0]");
  expect_broken_state("TW0328", two + "a -> b : A[0] -> [0, 0]");
  expect_broken_state("TW0329", two + "a -> b : A[0:3] -> [0:4]");
  expect_broken_state("TW0329", "a = access A\nb = access k\na -> b : A[0:10]");
  expect_broken_state("TW0330", two + "a -> b : A[10] -> [0]");
  expect_broken_state("TW0330", two + "a -> b : A[0] -> [-1]");
  expect_broken_state("TW0330", "a = access M\nb = access B\na -> b : M[N, 0:10] -> [0:10]");
  expect_broken_state(
      "TW0330",
      two + in_map + "a -> m.IN_A : A[0:10]\nm.OUT_A -> t.x : A[i + 10]\nt.o -> e.IN_B : B[i]\ne.OUT_B -> b : B[0:10]");
  expect_broken_state("TW0331", two + copy + "a -> t.i : A[0] wcr sum\nt.o -> b : B[0]");
  expect_broken_state("TW0331", two + copy + "a -> t.i : A[0]\nt.o -> b : B[0] combine old + new");
  expect_broken_state("TW0331", two + copy + "a -> t.i : A[0]\nt.o -> b : B[0] wcr custom");
  expect_broken_state("TW0331", two + copy + "a -> t.i : A[0]\nt.o -> b : B[0] wcr bitwise_and");
  expect_broken_state("TW0331", two + copy + "a -> t.i : A[0]\nt.o -> b : B[0] wcr custom combine old < new");
  expect_broken_state("TW0332", two + "a -> b : A[Q] -> [0]");
  expect_broken_state("TW0333", "a = access Q");
  expect_broken_state("TW0333", two + "a -> b.set : A[0:10]");
  expect_broken_state("TW0333", "v = access V\nb = access B\nv -> b : V[0:10]");
  expect_broken_state("TW0333", two + "a -> b.views : A[0:10]");
}

TEST(Verify, BoundsUseWhatIsKnown) {
  // An index that may be out of bounds is no error; one in a scope that never runs neither.
  EXPECT_EQ(codes_of(with_state(std::string(ends) + "a -> b : A[N] -> [0]")), std::vector<std::string>{});
  EXPECT_EQ(codes_of(with_state(std::string(ends) + "a -> b : A[20] -> [0] allow_oob")), std::vector<std::string>{});
  EXPECT_EQ(codes_of(with_state(std::string(ends) + "a -> b : A[20:20] -> [0:0]")), std::vector<std::string>{});
  // What is empty follows from the assumptions: the only row of M has no other before it.
  const std::string one_row =
      "a = access M\nb = access B\nm = map m[i = 0:N - 1]\ne = exit m\nt = tasklet t(x: float64) -> (o: float64)\n"
      "  o = x\na -> m.IN_M : M[1:N, 0]\nm.OUT_M -> t.x : M[i + 1, 0]\nt.o -> e.IN_B : B[i]\ne.OUT_B -> b : B[0:N - 1]";
  std::string text = with_state(one_row);
  EXPECT_EQ(codes_of(text), std::vector<std::string>{});
  EXPECT_EQ(codes_of(text.replace(text.find("N >= 1"), 6, "N == 1")), std::vector<std::string>{});
}

TEST(Verify, Tasklets) {
  const std::string two = ends;
  auto tasklet = [&](const std::string& head, const std::string& code, const std::string& in = "A[0]",
                     const std::string& out = "B[0]") {
    return two + "t = tasklet t" + head + "\n" + code + "\na -> t.i : " + in + "\nt.o -> b : " + out;
  };
  expect_broken_state("TW0334", tasklet("(i: float32) -> (o)", "  o = 1.0"));
  expect_broken_state("TW0334", tasklet("(i) -> (o)", "  o = 1.0", "A[0]", "B[0:3]"));
  expect_broken_state("TW0334", tasklet("(i) -> (o)", "  o[0] = 1.0"));
  expect_broken_state("TW0334", tasklet("(i) -> (o)", "  o = i", "A[0:3]"));
  expect_broken_state("TW0334", tasklet("(i) -> (o)", "  o = i[0]"));
  expect_broken_state("TW0334", tasklet("(i) -> (o)", "  check(i > 0.0, ValueError, '')"));
  expect_broken_state("TW0334", tasklet("(i) -> (o)", ""));
  expect_broken_state("TW0334", tasklet("(i) -> (o) language CPP", "  o = i"));
  expect_broken_state("TW0334", tasklet("(i) -> (o)", "  | o = i;"));
  expect_broken_state("TW0332", tasklet("(i) -> (o)", "  o = float64(Q)"));
  expect_broken_state("TW0335",
                      "a = access G\nb = access B\nt = tasklet t(i) -> (o)\n  o = i\na -> t.i : G[0]\nt.o -> b : B[0]");
  EXPECT_EQ(codes_of(with_state(
                "a = access G\nb = access G\nm = map m[p = 0:10] schedule GPU_Device\nt = tasklet t(i) -> (o)\n"
                "  o = i\ne = exit m\na -> m.IN_G : G[0:10]\nm.OUT_G -> t.i : G[p]\nt.o -> e.IN_G : G[p]\n"
                "e.OUT_G -> b : G[0:10]")),
            std::vector<std::string>{});
}

TEST(Verify, NestedGraphs) {
  const std::string two = ends;
  auto nested = [&](const std::string& head, const std::string& declarations, const std::string& edges) {
    return two + "n = nested g" + head + "\n  sdfg g()\n" + declarations + "    state s\n" + edges;
  };
  const std::string b_out = "n.B -> b : B[0:10]";
  const std::string writes =
      "      b = access B\n      t = tasklet t() -> (o)\n        o = 1.0\n      t.o -> b : B[0]\n";
  EXPECT_EQ(codes_of(with_state(nested("() -> (B)", "    array B: float64[10]\n", writes + b_out))),
            std::vector<std::string>{});
  expect_broken_state("TW0336", nested("() -> (B)", "", b_out));
  expect_broken_state("TW0336", nested("() -> (B)", "    transient array B: float64[10]\n", b_out));
  expect_broken_state("TW0336", nested("() -> (B)", "    array B: float32[10]\n", b_out));
  expect_broken_state("TW0336", nested("() -> (B)", "    array B: float64[9]\n", b_out));
  expect_broken_state("TW0336", nested("() -> (B)", "    array B: float64[10]\n    array C: int8[3]\n", b_out));
  expect_broken_state("TW0336", nested("(B) -> ()", "    array B: float64[10]\n", writes + "b -> n.B : B[0:10]"));
  expect_broken_state("TW0336", nested("() -> (B)", "    symbols K: int64\n    array B: float64[10]\n", b_out));
  expect_broken_state("TW0336", nested("() -> (B) where [K = 3]", "    array B: float64[10]\n", b_out));
  expect_broken_state("TW0332",
                      nested("() -> (B) where [K = Q]", "    symbols K: int64\n    array B: float64[10]\n", b_out));
  expect_broken_state("TW0336", nested("(B) -> (B)", "    array B: float64[10]\n", "a -> n.B : A[0:10]\n" + b_out));
  expect_broken_state(
      "TW0320", two + "n = nested g() -> (B)\n  sdfg g()\n    array B: float64[10]\n    loop l while x < 3\n" + b_out);
}

TEST(Verify, LocationsWhereAskedFor) {
  const std::string without = with_state(std::string(ends) + "a -> b : A[0:10]");
  EXPECT_EQ(codes_of(without), std::vector<std::string>{});
  ASSERT_EQ(codes_of(without, {.locations = true}).size(), 1u);
  EXPECT_EQ(codes_of(without, {.locations = true})[0].substr(0, 6), "TW0337");
  EXPECT_EQ(codes_of(with_state(std::string(ends) + "a -> b : A[0:10] @ 'f.py' 1:0-1:3"), {.locations = true}),
            std::vector<std::string>{});
}

TEST(Verify, ErrorsNameTheElementAndTheUsersLine) {
  auto sdfg = text::parse(with_state(std::string(ends) + "a -> b : A[10] -> [0] @ 'f.py' 7:2-7:9"));
  ASSERT_TRUE(sdfg.ok());
  auto status = ir::verify(**sdfg);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message,
            "edge from access node 'A' to access node 'B' in state 's' of 'f': index 10 of dimension 0 of 'A' is not "
            "within 0 and 10");
  EXPECT_EQ(status.error().span.line, 7);
}

}  // namespace
}  // namespace thalweg
