// One small graph for each rule of lowering that no short Python program shows; tests/planted_faults.txt breaks them.
#include "compiled.h"

namespace thalweg::tests {
namespace {

std::vector<double> counted(size_t count) {
  std::vector<double> out;
  for (size_t k = 0; k < count; ++k) out.push_back(0.5 + static_cast<double>(k * k));
  return out;
}

// a, b = b, a: both right sides are taken before either symbol changes.
TEST(Rules, SymbolsOfOneTransitionChangeTogether) {
  expect_same(R"(sdfg exchange(A)
  symbols i: int64, k: int64
  array A: int64[2]
  state a
  state b
  state c
    n0 = tasklet put() -> (x: int64, y: int64)
      x = index(i)
      y = index(k)
    n1 = access A
    n0.x -> n1 : A[0]
    n0.y -> n1 : A[1]
  transitions
    a -> b set i = 3, k = 8
    b -> c set i = k, k = i
)",
              {{}, {{"A", {0, 0}}}, {}, {}});
}

// In turn k the second nest reads what the first one wrote in turn 0: the rows of t outlive an iteration.
TEST(Rules, WhatALaterTurnReadsIsKept) {
  expect_same(R"(sdfg kept(A, B)
  symbols N: int64, k: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[N, 4]
  loop l var k from 0 while k < 3 update k + 1
    state s
      n0 = access A
      n1 = map m0[i = 0:N]
      n2 = tasklet first(a: float64) -> (o: float64)
        o = a + float64(k)
      n3 = exit n1
      n4 = access t
      n5 = map m1[i = 0:N]
      n6 = tasklet second(x: float64) -> (o: float64)
        o = x * 2.0
      n7 = exit n5
      n8 = access B
      n0 -> n1.IN_A : A[0:N]
      n1.OUT_A -> n2.a : A[i]
      n2.o -> n3.IN_t : t[i, k]
      n3.OUT_t -> n4 : t[0:N, k]
      n4 -> n5.IN_t : t[0:N, 0]
      n5.OUT_t -> n6.x : t[i, 0]
      n6.o -> n7.IN_B : B[i]
      n7.OUT_B -> n8 : B[0:N]
)",
              {{{"A", counted(9)}, {"B", counted(9)}}, {}, {}, {{"N", 9}}});
}

// The same in a branch that alone touches t: its memory is asked for there, once a turn, and holds what it held.
TEST(Rules, WhatALaterTurnReadsIsKeptInItsBranch) {
  const char* text = R"(sdfg kept_in_a_branch(A, B)
  symbols N: int64, k: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[N, 4]
  loop l var k from 0 while k < 3 update k + 1
    conditional if_1
      branch small if N < 100
        state s
          n0 = access A
          n1 = map m0[i = 0:N]
          n2 = tasklet first(a: float64) -> (o: float64)
            o = a + float64(k)
          n3 = exit n1
          n4 = access t
          n5 = map m1[i = 0:N]
          n6 = tasklet second(x: float64) -> (o: float64)
            o = x * 2.0
          n7 = exit n5
          n8 = access B
          n0 -> n1.IN_A : A[0:N]
          n1.OUT_A -> n2.a : A[i]
          n2.o -> n3.IN_t : t[i, k]
          n3.OUT_t -> n4 : t[0:N, k]
          n4 -> n5.IN_t : t[0:N, 0]
          n5.OUT_t -> n6.x : t[i, 0]
          n6.o -> n7.IN_B : B[i]
          n7.OUT_B -> n8 : B[0:N]
)";
  std::string entry = emit::emit_body(lowered(text), emit::c_dialect());
  EXPECT_LT(entry.find("if (N < 100)"), entry.find("thw_reserve")) << entry;
  expect_same(text, {{{"A", counted(9)}, {"B", counted(9)}}, {}, {}, {{"N", 9}}});
}

// The first nest fails in its iteration 7, the second would in its iteration 2: the first one's error is the one.
TEST(Rules, TheFirstNestFailsFirst) {
  expect_same(R"(sdfg checked(A, I, J, B)
  symbols N: int64
  array A: float64[N]
  array I: int64[N]
  array J: int64[N]
  array B: float64[N]
  transient array t: float64[N]
  state s
    n0 = access A
    n1 = access I
    n2 = map m0[i = 0:N]
    n3 = tasklet first(a: float64, k: int64) -> (o: float64)
      check(k < 5, IndexError, "index {0}", k)
      o = a * 2.0
    n4 = exit n2
    n5 = access t
    n6 = access J
    n7 = map m1[i = 0:N]
    n8 = tasklet second(x: float64, k: int64) -> (o: float64)
      check(k < 5, ValueError, "value {0}", k)
      o = x + 1.0
    n9 = exit n7
    n10 = access B
    n0 -> n2.IN_A : A[0:N]
    n1 -> n2.IN_I : I[0:N]
    n2.OUT_A -> n3.a : A[i]
    n2.OUT_I -> n3.k : I[i]
    n3.o -> n4.IN_t : t[i]
    n4.OUT_t -> n5 : t[0:N]
    n5 -> n7.IN_t : t[0:N]
    n6 -> n7.IN_J : J[0:N]
    n7.OUT_t -> n8.x : t[i]
    n7.OUT_J -> n8.k : J[i]
    n8.o -> n9.IN_B : B[i]
    n9.OUT_B -> n10 : B[0:N]
)",
              {{{"A", counted(9)}, {"B", counted(9)}},
               {{"I", {0, 1, 2, 3, 4, 0, 1, 9, 2}}, {"J", {0, 1, 9, 3, 4, 0, 1, 2, 2}}},
               {},
               {{"N", 9}}});
}

// Turns of the first map are counted, and the second one moves into it: t and u have the size of i all the same.
TEST(Rules, TemporariesHaveTheSizeOfTheirTurn) {
  auto nest = [](const std::string& i, const std::string& t, const std::string& size, const std::string& from,
                 const std::string& target) {
    return "  state " + t + "\n    n0 = access A\n    n1 = map " + t + "[" + i + " = 1:N:2]\n    n2 = nested " + t +
           "(A) -> (B) where [N = N, k = " + i + "]\n      sdfg " + t +
           "()\n        symbols N: int64, k: int64\n        array A: float64[N]\n        array B: float64[N, 2]\n"
           "        transient array " +
           t + ": float64[" + size + "]\n        transient scalar sum: float64\n        state s\n" +
           "          n0 = access A\n          n1 = access " + t +
           "\n          n2 = library Reduce(_in) -> (_out) label sum\n            axes = [0]\n"
           "            wcr = wcr(sum)\n          n3 = access sum\n          n4 = access B\n"
           "          n0 -> n1 : A[" +
           from + ":" + from + " + " + size + "] -> [0:" + size + "]\n          n1 -> n2._in : " + t + "[0:" + size +
           "]\n          n2._out -> n3 : sum\n          n3 -> n4 : sum -> [k, " + target +
           "]\n    n3 = exit n1\n    n4 = access B\n    n0 -> n1.IN_A : A[0:N]\n    n1.OUT_A -> n2.A : A[0:N]\n"
           "    n2.B -> n3.IN_B : B[0:N, 0:2]\n    n3.OUT_B -> n4 : B[0:N, 0:2]\n";
  };
  expect_same("sdfg steps(A, B)\n  symbols N: int64\n  array A: float64[N]\n  array B: float64[N, 2]\n" +
                  nest("i", "t", "k", "0", "0") + nest("j", "u", "N - k", "k", "1"),
              {{{"A", counted(9)}, {"B", counted(18)}}, {}, {}, {{"N", 9}}});
}

// A loop that is not known to count makes t anew in every turn, too.
TEST(Rules, TemporariesOfAWhileLoopHaveTheSizeOfTheirTurn) {
  expect_same(R"(sdfg turns(A)
  symbols N: int64, i: int64, s: int64
  array A: float64[N]
  transient array t: float64[i]
  loop l var i from 1 while i < N update i + s
    state first
      n0 = access A
      n1 = access t
      n0 -> n1 : A[0:i] -> [0:i]
    state second
      n0 = access t
      n1 = access A
      n0 -> n1 : t[0:i] -> [N - i:N]
)",
              {{{"A", counted(4000)}}, {}, {}, {{"N", 4000}, {"s", 700}}});
}

}  // namespace
}  // namespace thalweg::tests
