// Small graphs that the tests of lower/ and emit/ share, as text.
#pragma once

namespace thalweg::tests {

inline const char* jacobi_2d = R"(sdfg jacobi_2d(A, B, T)
  symbols N: int64, T: int64, t: int64
  array A: float64[N, N]
  array B: float64[N, N]
  assume 3 <= N
  loop for_2 var t from 0 while t < T update t + 1
    state line_3
      n0 = access A
      n2 = map m0[i = 1:N - 1, j = 1:N - 1]
      n3 = tasklet average(c: float64, n: float64, s: float64, w: float64, e: float64) -> (out: float64)
        out = 0.2 * (c + w + e + s + n)
      n4 = exit n2
      n5 = access B
      n0 -> n2.IN_A : A[0:N, 0:N]
      n2.OUT_A -> n3.c : A[i, j]
      n2.OUT_A -> n3.n : A[i - 1, j]
      n2.OUT_A -> n3.s : A[i + 1, j]
      n2.OUT_A -> n3.w : A[i, j - 1]
      n2.OUT_A -> n3.e : A[i, j + 1]
      n3.out -> n4.IN_B : B[i, j]
      n4.OUT_B -> n5 : B[1:N - 1, 1:N - 1]
    state line_4
      n0 = access B
      n1 = access A
      n0 -> n1 : B[1:N - 1, 1:N - 1] -> [1:N - 1, 1:N - 1]
)";

}  // namespace thalweg::tests
