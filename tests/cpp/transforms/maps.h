// Texts of small graphs for the tests of map transformations.
#pragma once
#include <map>
#include <string>

namespace thalweg::tests {

inline const std::map<std::string, int64_t> kSizes = {{"N", 5}, {"M", 4}, {"it", 0}};

// A graph on matrices A, B, C[N, M], vectors V, W[N] and a stream X, with one state.
inline std::string matrices(const std::string& state, const std::string& declarations = "") {
  return R"(sdfg matrices(A, B, C, V, W)
  symbols N: int64, M: int64, it: int64
  array A: float64[N, M]
  array B: float64[N, M]
  array C: float64[N, M]
  array V: float64[N]
  array W: float64[N]
)" + declarations +
         "  assume 3 <= N\n  assume 3 <= M\n  state s\n" + state;
}

// B = f(A) by two maps within one another; `more` may use n1 (outer), n2 (inner), n4, n5 (their exits).
inline std::string nested_maps(const std::string& outer, const std::string& inner, const std::string& at = "i, j",
                               const std::string& more = "", const std::string& declarations = "") {
  return matrices("    n0 = access A\n    n1 = map outer[" + outer + "\n    n2 = map inner[" + inner +
                      R"(
    n3 = tasklet first(a: float64) -> (o: float64)
      o = a * 2.0 + float64(i)
    n4 = exit n2
    n5 = exit n1
    n6 = access B
    n0 -> n1.IN_A : A[0:N, 0:M]
    n1.OUT_A -> n2.IN_A : A[i, 0:M]
    n2.OUT_A -> n3.a : A[)" +
                      at + R"(]
    n3.o -> n4.IN_B : B[)" +
                      at + R"(]
    n4.OUT_B -> n5.IN_B : B[i, 0:M]
    n5.OUT_B -> n6 : B[0:N, 0:M]
)" + more,
                  declarations);
}

// B = f(A) by one map; `more` may use n1 (its entry), n3 (its exit).
inline std::string one_map(const std::string& map, const std::string& more = "", const std::string& declarations = "",
                           const std::string& at = "i, j") {
  return matrices("    n0 = access A\n    n1 = map one[" + map +
                      R"(
    n2 = tasklet first(a: float64) -> (o: float64)
      o = a * 2.0 + float64(i)
    n3 = exit n1
    n4 = access B
    n0 -> n1.IN_A : A[0:N, 0:M]
    n1.OUT_A -> n2.a : A[)" +
                      at + R"(]
    n2.o -> n3.IN_B : B[)" +
                      at + R"(]
    n3.OUT_B -> n4 : B[0:N, 0:M]
)" + more,
                  declarations);
}

// A tasklet in a map that pushes to a stream X.
inline std::string pushing(const std::string& entry, const std::string& exit) {
  return "    p0 = tasklet push() -> (o: float64)\n      o = 1.0\n    p1 = access X\n    " + entry +
         " -> p0\n    p0.o -> " + exit + ".IN_X : X volume 1\n    " + exit + ".OUT_X -> p1 : X volume 1\n";
}
inline const char* const kStream = "  transient stream X: float64\n";

}  // namespace thalweg::tests
