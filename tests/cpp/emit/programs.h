// Small graphs that the tests of lower/ and emit/ share, as text: maps and library nodes (flow.h: what goes from state to state).
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

// max, exp, sum, divide over the last axis.
inline const char* softmax = R"(sdfg softmax(x, out)
  symbols N: int64, M: int64
  array x: float64[N, M]
  array out: float64[N, M]
  transient array top: float64[N]
  transient array e: float64[N, M]
  transient array total: float64[N]
  assume 1 <= N
  assume 1 <= M
  state maximum
    n0 = access x
    n1 = library Reduce(_in) -> (_out)
      axes = [1]
      wcr = wcr(max)
    n2 = access top
    n0 -> n1._in : x[0:N, 0:M]
    n1._out -> n2 : top[0:N]
    n3 = map m0[i = 0:N, j = 0:M]
    n4 = tasklet shifted(a: float64, b: float64) -> (c: float64)
      c = exp(a - b)
    n5 = exit n3
    n6 = access e
    n0 -> n3.IN_x : x[0:N, 0:M]
    n2 -> n3.IN_top : top[0:N]
    n3.OUT_x -> n4.a : x[i, j]
    n3.OUT_top -> n4.b : top[i]
    n4.c -> n5.IN_e : e[i, j]
    n5.OUT_e -> n6 : e[0:N, 0:M]
    n7 = library Reduce(_in) -> (_out)
      axes = [1]
      wcr = wcr(sum)
    n8 = access total
    n6 -> n7._in : e[0:N, 0:M]
    n7._out -> n8 : total[0:N]
    n9 = map m1[i = 0:N, j = 0:M]
    n10 = tasklet divide(a: float64, b: float64) -> (c: float64)
      c = a / b
    n11 = exit n9
    n12 = access out
    n6 -> n9.IN_e : e[0:N, 0:M]
    n8 -> n9.IN_total : total[0:N]
    n9.OUT_e -> n10.a : e[i, j]
    n9.OUT_total -> n10.b : total[i]
    n10.c -> n11.IN_out : out[i, j]
    n11.OUT_out -> n12 : out[0:N, 0:M]
)";

// Sums over each axis, of everything, of integers, and of an expression.
inline const char* reductions = R"(sdfg reductions(A, I)
  symbols N: int64, M: int64
  array A: float64[N, M]
  array I: int64[N, M]
  array rows: float64[N]
  array columns: float64[M]
  array top: float64[M]
  scalar all: float64
  scalar count: int64
  scalar low: int64
  returns container rows
  returns container columns
  returns container top
  returns container all
  returns container count
  returns container low
  state s
    n0 = access A
    n1 = library Reduce(_in) -> (_out)
      axes = [1]
      wcr = wcr(sum)
    n2 = access rows
    n0 -> n1._in : A[0:N, 0:M]
    n1._out -> n2 : rows[0:N]
    n3 = library Reduce(_in) -> (_out)
      axes = [0]
      wcr = wcr(sum)
    n4 = access columns
    n0 -> n3._in : A[0:N, 0:M]
    n3._out -> n4 : columns[0:M]
    n5 = library Reduce(_in) -> (_out)
      axes = [0, 1]
      wcr = wcr(sum)
    n6 = access all
    n0 -> n5._in : A[0:N, 0:M]
    n5._out -> n6 : all
    n7 = access I
    n8 = library Reduce(_in) -> (_out)
      axes = [0, 1]
      wcr = wcr(sum)
    n9 = access count
    n7 -> n8._in : I[0:N, 0:M]
    n8._out -> n9 : count
    n10 = library Reduce(_in) -> (_out)
      axes = [0, 1]
      wcr = wcr(min)
    n11 = access low
    n7 -> n10._in : I[0:N, 0:M]
    n10._out -> n11 : low
    n12 = library Reduce(_in) -> (_out)
      axes = [0]
      wcr = wcr(max)
    n13 = access top
    n0 -> n12._in : A[0:N, 0:M]
    n12._out -> n13 : top[0:M]
)";

// A histogram: iterations of a map meet in one element.
inline const char* histogram = R"(sdfg histogram(where, weight, bins)
  symbols N: int64, M: int64
  array where: int64[N]
  array weight: float64[N]
  array bins: float64[M]
  state s
    n0 = access where
    n1 = access weight
    n2 = map m0[i = 0:N]
    n3 = tasklet add(k: int64, w: float64) -> (b: float64)
      check(k >= 0 and k < index(M), IndexError, "index {0} is out of bounds for size {1}", k, index(M))
      b[k] = w
    n4 = exit n2
    n5 = access bins
    n0 -> n2.IN_where : where[0:N]
    n1 -> n2.IN_weight : weight[0:N]
    n2.OUT_where -> n3.k : where[i]
    n2.OUT_weight -> n3.w : weight[i]
    n3.b -> n4.IN_bins : bins[0:M] wcr sum
    n4.OUT_bins -> n5 : bins[0:M] wcr sum
)";

// Iterations meet in elements of whole numbers: a table, a total and a product, each combined in any order.
inline const char* counts = R"(sdfg counts(where, bins, total, odd)
  symbols N: int64, M: int64
  array where: int64[N]
  array bins: int64[M, 2]
  array total: int64[1]
  array odd: uint8[1]
  state s
    n0 = access where
    n1 = map m0[i = 1:N]
    n2 = tasklet add(k: int64) -> (b: int64, t: int64, o: uint8)
      check(k >= 0 and k < index(M), IndexError, "index {0} is out of bounds for size {1}", k, index(M))
      b[k, k & 1] = k + 3
      t = k * k
      o = uint8(2*k + 1)
    n3 = exit n1
    n4 = access bins
    n5 = access total
    n6 = access odd
    n0 -> n1.IN_where : where[0:N]
    n1.OUT_where -> n2.k : where[i]
    n2.b -> n3.IN_bins : bins[0:M, 0:2] wcr sum
    n2.t -> n3.IN_total : total[0] wcr bitwise_xor
    n2.o -> n3.IN_odd : odd[0] wcr product
    n3.OUT_bins -> n4 : bins[0:M, 0:2] wcr sum
    n3.OUT_total -> n5 : total[0] wcr bitwise_xor
    n3.OUT_odd -> n6 : odd[0] wcr product
)";

// A total of floating point over a matrix read by columns: the order of the parameters counts, not that of memory.
inline const char* column_total = R"(sdfg column_total(A, total)
  symbols N: int64, M: int64
  array A: float64[N, M]
  array total: float64[1]
  state s
    n0 = access A
    n1 = map m0[j = 0:M, i = 0:N]
    n2 = tasklet add(a: float64) -> (t: float64)
      t = a*a
    n3 = exit n1
    n4 = access total
    n0 -> n1.IN_A : A[0:N, 0:M]
    n1.OUT_A -> n2.a : A[i, j]
    n2.t -> n3.IN_total : total[0] wcr sum
    n3.OUT_total -> n4 : total[0] wcr sum
)";

// Two and three rows: too few for threads.
inline const char* channels = R"(sdfg channels(A, B, C, D)
  symbols N: int64, M: int64
  array A: float64[3, M]
  array B: float64[3, M]
  array C: float64[2, N, M]
  array D: float64[2, N, M]
  state s
    n0 = access A
    n1 = map m0[c = 0:3, j = 1:M]
    n2 = tasklet scale(a: float64) -> (b: float64)
      b = a*2.0 + float64(index(c))
    n3 = exit n1
    n4 = access B
    n5 = access C
    n6 = map m1[c = 0:2, i = 0:N, j = 0:M]
    n7 = tasklet square(x: float64) -> (y: float64)
      y = x*x
    n8 = exit n6
    n9 = access D
    n0 -> n1.IN_A : A[0:3, 0:M]
    n1.OUT_A -> n2.a : A[c, j - 1]
    n2.b -> n3.IN_B : B[c, j]
    n3.OUT_B -> n4 : B[0:3, 1:M]
    n5 -> n6.IN_C : C[0:2, 0:N, 0:M]
    n6.OUT_C -> n7.x : C[c, i, j]
    n7.y -> n8.IN_D : D[c, i, j]
    n8.OUT_D -> n9 : D[0:2, 0:N, 0:M]
)";

// Rows that run independently, each with a recurrence along it.
inline const char* recurrence = R"(sdfg recurrence(A)
  symbols N: int64, M: int64
  array A: float64[N, M]
  state rows
    n0 = map rows[i = 0:N]
    n1 = exit n0
    n2 = nested row(A) -> (A) where [N = N, M = M, i = i]
      sdfg row()
        symbols N: int64, M: int64, i: int64, j: int64
        array A: float64[N, M]
        assume 0 <= i
        assume i < N
        loop for_j var j from 1 while j < M update j + 1
          state sum
            n0 = tasklet sum(a: float64, last: float64) -> (o: float64)
              o = a + 0.5 * last
            n1 = access A
            n2 = access A
            n1 -> n0.a : A[i, j]
            n1 -> n0.last : A[i, j - 1]
            n0.o -> n2 : A[i, j]
    n3 = access A
    n4 = access A
    n3 -> n0.IN_A : A[0:N, 0:M]
    n0.OUT_A -> n2.A : A[0:N, 0:M]
    n2.A -> n1.IN_A : A[0:N, 0:M]
    n1.OUT_A -> n4 : A[0:N, 0:M]
)";

// Two rows in parallel, each a long loop around a short one.
inline const char* long_rows = R"(sdfg long_rows(out)
  symbols M: int64
  array out: float64[2]
  state s
    n0 = map rows[r = 0:2]
    n1 = nested running() -> (z) where [K = M]
      sdfg running()
        symbols K: int64, k: int64, l: int64
        scalar z: float64
        transient scalar total: float64
        state zero
          n0 = tasklet init() -> (o: float64)
            o = 0.0
          n1 = access total
          n0.o -> n1 : total
        loop for_1 var k from 0 while k < K update k + 1
          loop for_2 var l from 0 while l < 100 update l + 1
            state add
              n0 = access total
              n1 = tasklet add(t: float64) -> (u: float64)
                u = t + 1.0
              n2 = access total
              n0 -> n1.t : total
              n1.u -> n2 : total
        state finish
          n0 = access total
          n1 = access z
          n0 -> n1 : total
    n2 = exit n0
    n3 = access out
    n0 -> n1
    n1.z -> n2.IN_out : out[r]
    n2.OUT_out -> n3 : out[0:2]
)";

// A view of a reshaped transient, and a triangle.
inline const char* view = R"(sdfg view(A, B)
  symbols N: int64
  array A: float64[N, N]
  array B: float64[N*N]
  transient array t: float64[N, N]
  transient view flat: float64[N*N]
  state s
    n0 = access A
    n1 = map lower[i = 0:N, j = 0:i + 1]
    n2 = tasklet copy(a: float64) -> (b: float64)
      b = a + 1.0
    n3 = exit n1
    n4 = access t
    n0 -> n1.IN_A : A[0:N, 0:N]
    n1.OUT_A -> n2.a : A[i, j]
    n2.b -> n3.IN_t : t[i, j]
    n3.OUT_t -> n4 : t[0:N, 0:N]
  state u
    n0 = access A
    n1 = map upper[i = 0:N, j = i + 1:N]
    n2 = tasklet copy(a: float64) -> (b: float64)
      b = a - 1.0
    n3 = exit n1
    n4 = access t
    n0 -> n1.IN_A : A[0:N, 0:N]
    n1.OUT_A -> n2.a : A[i, j]
    n2.b -> n3.IN_t : t[i, j]
    n3.OUT_t -> n4 : t[0:N, 0:N]
  state v
    n0 = access t
    n1 = access flat
    n2 = access B
    n0 -> n1.views : t[0:N, 0:N]
    n3 = map m0[k = 0:N*N]
    n4 = tasklet twice(a: float64) -> (b: float64)
      b = a * 2.0
    n5 = exit n3
    n1 -> n3.IN_flat : flat[0:N*N]
    n3.OUT_flat -> n4.a : flat[k]
    n4.b -> n5.IN_B : B[k]
    n5.OUT_B -> n2 : B[0:N*N]
)";

// Matrix products of each kind, on floats and on integers.
inline const char* matmul = R"(sdfg matmul(A, B, x, I)
  symbols N: int64, M: int64, K: int64
  array A: float64[N, K]
  array B: float64[K, M]
  array x: float64[K]
  array I: int64[K, K]
  array C: float64[N, M]
  array y: float64[N]
  array J: int64[N, N]
  scalar d: float64
  returns container C
  returns container y
  returns container J
  returns container d
  state s
    n0 = access A
    n1 = access B
    n2 = access x
    n3 = access I
    n4 = library MatMul(_a, _b) -> (_c)
      a_rank = 2
      b_rank = 2
    n5 = access C
    n0 -> n4._a : A[0:N, 0:K]
    n1 -> n4._b : B[0:K, 0:M]
    n4._c -> n5 : C[0:N, 0:M]
    n6 = library MatMul(_a, _b) -> (_c)
      a_rank = 2
      b_rank = 1
    n7 = access y
    n0 -> n6._a : A[0:N, 0:K]
    n2 -> n6._b : x[0:K]
    n6._c -> n7 : y[0:N]
    n8 = library MatMul(_a, _b) -> (_c)
      a_rank = 2
      b_rank = 2
    n9 = access J
    n3 -> n8._a : I[0:N, 0:K]
    n3 -> n8._b : I[0:K, 0:N]
    n8._c -> n9 : J[0:N, 0:N]
    n10 = library MatMul(_a, _b) -> (_c)
      a_rank = 1
      b_rank = 1
    n11 = access d
    n2 -> n10._a : x[0:K]
    n2 -> n10._b : x[0:K]
    n10._c -> n11 : d
)";

}  // namespace thalweg::tests
