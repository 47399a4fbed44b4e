// Small graphs that the tests of lower/ and emit/ share, as text: loops, branches, what is known only at run time.
#pragma once

namespace thalweg::tests {

// The swap A, B = B, A in a time loop: pointers move, data does not.
inline const char* swap = R"(sdfg swap(A, B, T)
  symbols N: int64, T: int64, t: int64
  array A: float64[N]
  array B: float64[N]
  transient reference a: float64[N] targets (A, B) distinct (b)
  transient reference b: float64[N] targets (A, B) distinct (a)
  assume 3 <= N
  returns view a[0:N] dims [0]
  state begin
    n0 = access A
    n1 = access B
    n2 = access a
    n3 = access b
    n0 -> n2.set : A[0:N]
    n1 -> n3.set : B[0:N]
  loop for_2 var t from 0 while t < T update t + 1
    state smooth
      n0 = access a
      n2 = map m0[i = 1:N - 1]
      n3 = tasklet average(x: float64, y: float64) -> (out: float64)
        out = 0.5 * (x + y)
      n4 = exit n2
      n5 = access b
      n0 -> n2.IN_a : a[0:N]
      n2.OUT_a -> n3.x : a[i - 1]
      n2.OUT_a -> n3.y : a[i + 1]
      n3.out -> n4.IN_b : b[i]
      n4.OUT_b -> n5 : b[1:N - 1]
    state exchange
      n0 = access a
      n1 = access b
      n2 = access a
      n3 = access b
      n0 -> n3.set : a[0:N]
      n1 -> n2.set : b[0:N]
)";

// A Python int that may leave 64 bits, a while loop, a conditional, checks.
inline const char* python_int = R"(sdfg python_int(n)
  symbols n: pyint, i: pyint, total: pyint
  returns symbol total
  state a
  set total = pyint(1), i = pyint(0)
  loop while_3 while pyindex(i) < pyindex(n)
    conditional if_4
      branch odd if pyindex(i) % pyint(2) == pyint(1)
        state b
        set total = pyindex(total) * pyint(3)
        state c
      branch even
        state d
        set total = pyindex(total) + pyindex(i)
        state e
    set i = pyindex(i) + pyint(1)
    state f
)";

// An array of one branch: nothing of it where the other one is taken.
inline const char* ways = R"(sdfg ways(a, n)
  symbols N: int64, n: int64
  array a: float64[N]
  transient array t: float64[n + 1]
  assume 0 < N
  conditional if_0
    branch few if n < 100
      state squares
        n0 = map squares[i = 0:n]
        n1 = tasklet square() -> (out: float64)
          out = float64(i*i)
        n2 = exit n0
        n3 = access t
        n0 -> n1
        n1.out -> n2.IN_t : t[i]
        n2.OUT_t -> n3 : t[0:n]
      state totals
        n0 = access t
        n1 = map totals[i = 0:N]
        n2 = tasklet take(x: float64) -> (out: float64)
          out = x
        n3 = exit n1
        n4 = access a
        n0 -> n1.IN_t : t[0]
        n1.OUT_t -> n2.x : t[0]
        n2.out -> n3.IN_a : a[i]
        n3.OUT_a -> n4 : a[0:N]
)";

// x = a[a > 0]; y = x * 2
inline const char* compress = R"(sdfg compress(a)
  symbols N: int64, n: int64
  array a: float64[N]
  transient array mask: bool[N]
  transient scalar count: int64
  transient array x: float64[n]
  array y: float64[n]
  returns container y
  state compare
    n0 = access a
    n1 = map m0[i = 0:N]
    n2 = tasklet positive(v: float64) -> (m: bool)
      m = v > 0.0
    n3 = exit n1
    n4 = access mask
    n0 -> n1.IN_a : a[0:N]
    n1.OUT_a -> n2.v : a[i]
    n2.m -> n3.IN_mask : mask[i]
    n3.OUT_mask -> n4 : mask[0:N]
    n5 = library Reduce(_in) -> (_out)
      axes = [0]
      wcr = wcr(sum)
    n6 = access count
    n4 -> n5._in : mask[0:N]
    n5._out -> n6 : count
  set n = count
  state take
    n0 = access a
    n1 = access mask
    n2 = library Compress(_in, _mask) -> (_out)
    n3 = access x
    n0 -> n2._in : a[0:N]
    n1 -> n2._mask : mask[0:N]
    n2._out -> n3 : x[0:n]
    n4 = map m1[i = 0:n]
    n5 = tasklet twice(v: float64) -> (w: float64)
      w = v * 2.0
    n6 = exit n4
    n7 = access y
    n3 -> n4.IN_x : x[0:n]
    n4.OUT_x -> n5.v : x[i]
    n5.w -> n6.IN_y : y[i]
    n6.OUT_y -> n7 : y[0:n]
)";

// Each row through a nested graph with its own transients and loop: a running sum, and its last value.
inline const char* nested = R"(sdfg nested(A, B, last)
  symbols N: int64, M: int64
  array A: float64[N, M]
  array B: float64[N, M]
  array last: float64[N]
  assume 1 <= M
  state s
    n0 = access A
    n1 = map rows[r = 0:N]
    n2 = nested running(x) -> (y, z) where [K = M]
      sdfg running()
        symbols K: int64, k: int64
        array x: float64[K]
        array y: float64[K]
        scalar z: float64
        transient scalar total: float64
        transient array copy: float64[K]
        state zero
          n0 = tasklet init() -> (o: float64)
            o = 0.0
          n1 = access total
          n0.o -> n1 : total
          n2 = access x
          n3 = access copy
          n2 -> n3 : x[0:K]
        loop for_1 var k from 0 while k < K update k + 1
          state add
            n0 = access copy
            n1 = access total
            n2 = tasklet add(a: float64, t: float64) -> (u: float64, v: float64)
              u = a + t
              v = u
            n3 = access total
            n4 = access y
            n0 -> n2.a : copy[k]
            n1 -> n2.t : total
            n2.u -> n3 : total
            n2.v -> n4 : y[k]
        state finish
          n0 = access total
          n1 = access z
          n0 -> n1 : total
    n3 = exit n1
    n4 = access B
    n5 = access last
    n0 -> n1.IN_A : A[0:N, 0:M]
    n1.OUT_A -> n2.x : A[r, 0:M]
    n2.y -> n3.IN_B : B[r, 0:M]
    n2.z -> n3.IN_last : last[r]
    n3.OUT_B -> n4 : B[0:N, 0:M]
    n3.OUT_last -> n5 : last[0:N]
)";

// Blocks without structure, with a cycle.
inline const char* unstructured = R"(sdfg unstructured(A)
  symbols i: int64, k: int64
  array A: int64[10]
  state start
  region inner
    state a
    state b
    state c
    transitions
      start b
      b -> a if A[i] < 5
      b -> c set k = i + 100
      a -> b set i = i + 1, k = i
  state last
    n0 = tasklet put() -> (o: int64)
      o = index(k)
    n1 = access A
    n0.o -> n1 : A[0]
)";

}  // namespace thalweg::tests
