// Reductions whose result depends on the values and their number only, never on threads or chunks.
// Compiles as C, pasted after abi.h and scalar.h, and as C++ for the interpreter: both give the same bits.
//
// A floating-point sum or product works in blocks of THW_BLOCK elements. Inside a block, lane l takes elements
// l, l + lanes, l + 2 lanes ... in this order (32 lanes of f64, 64 of f32); then the upper half of the lanes is
// added to the lower half until one is left. Block results are combined as a binary counter carries: two results
// of equal level give one of the next level, the earlier one on the left. So the result of a chunk of
// THW_BLOCK << k elements is one node of the tree: chunks may run anywhere and their results, put into a
// thw_tree in order, give the bits of one serial pass. The error is at most that of NumPy's pairwise sum.
//
// Minimum and maximum return NaN if there is one. Where zeros of both signs tie, the earlier block wins.
#ifndef THALWEG_REDUCE_H
#define THALWEG_REDUCE_H

#ifdef __cplusplus
#include "thalweg/scalar.h"
#endif

enum { THW_BLOCK = 512 };

// L lanes of T; loads and stores need only the alignment of T.
typedef double thw_v8_f64 __attribute__((vector_size(64), aligned(8), may_alias));
typedef double thw_v4_f64 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double thw_v2_f64 __attribute__((vector_size(16), aligned(8), may_alias));
typedef float thw_v16_f32 __attribute__((vector_size(64), aligned(4), may_alias));
typedef float thw_v8_f32 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float thw_v4_f32 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float thw_v2_f32 __attribute__((vector_size(8), aligned(4), may_alias));
typedef int64_t thw_v8_m64 __attribute__((vector_size(64), aligned(8), may_alias));
typedef int32_t thw_v16_m32 __attribute__((vector_size(64), aligned(4), may_alias));

// ------------------------------------------------------------------------------------ sums and products
// From 8 lanes down to two: out[0] takes the even lanes, out[1] the odd ones (real and imaginary parts).
#define THW_FOLD_F64(NAME, OP)                                                                                  \
  THW_FN void thw_fold_##NAME##_f64(thw_v8_f64 lanes, double* out) {                                            \
    thw_v4_f64 four =                                                                                           \
        __builtin_shufflevector(lanes, lanes, 0, 1, 2, 3) OP __builtin_shufflevector(lanes, lanes, 4, 5, 6, 7); \
    thw_v2_f64 two = __builtin_shufflevector(four, four, 0, 1) OP __builtin_shufflevector(four, four, 2, 3);    \
    out[0] = two[0];                                                                                            \
    out[1] = two[1];                                                                                            \
  }
#define THW_FOLD_F32(NAME, OP)                                                                                  \
  THW_FN void thw_fold_##NAME##_f32(thw_v16_f32 lanes, float* out) {                                            \
    thw_v8_f32 eight = __builtin_shufflevector(lanes, lanes, 0, 1, 2, 3, 4, 5, 6, 7)                            \
        OP __builtin_shufflevector(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15);                                 \
    thw_v4_f32 four =                                                                                           \
        __builtin_shufflevector(eight, eight, 0, 1, 2, 3) OP __builtin_shufflevector(eight, eight, 4, 5, 6, 7); \
    thw_v2_f32 two = __builtin_shufflevector(four, four, 0, 1) OP __builtin_shufflevector(four, four, 2, 3);    \
    out[0] = two[0];                                                                                            \
    out[1] = two[1];                                                                                            \
  }

#define THW_AT(K, UNIT) (count > K ? x[K] : UNIT)
// NAME sum or prod, S suffix, T type, V vector of L lanes, OP + or *, UNIT the neutral element.
#define THW_FOLDED(NAME, S, T, V, L, OP, UNIT)                                                                     \
  /* One block, count <= THW_BLOCK: out[0] and out[1] are the even and the odd lanes. */                           \
  THW_SLOW void thw_##NAME##_pair_##S(const T* x, int64_t count, T* out) {                                         \
    if (count <= 8) { /* short rows: what is below, without the lanes that stay empty */                           \
      T p = UNIT OP THW_AT(0, UNIT), q = UNIT OP THW_AT(1, UNIT), r = UNIT OP THW_AT(2, UNIT);                     \
      T s = UNIT OP THW_AT(3, UNIT);                                                                               \
      out[0] = (p OP THW_AT(4, UNIT))OP(r OP THW_AT(6, UNIT));                                                     \
      out[1] = (q OP THW_AT(5, UNIT))OP(s OP THW_AT(7, UNIT));                                                     \
      return;                                                                                                      \
    }                                                                                                              \
    V a = (V){} + UNIT, b = a, c = a, d = a;                                                                       \
    int64_t i = 0;                                                                                                 \
    for (; i + 4 * L <= count; i += 4 * L) {                                                                       \
      a = a OP * (const V*)(x + i);                                                                                \
      b = b OP * (const V*)(x + i + L);                                                                            \
      c = c OP * (const V*)(x + i + 2 * L);                                                                        \
      d = d OP * (const V*)(x + i + 3 * L);                                                                        \
    }                                                                                                              \
    if (i < count) {                                                                                               \
      V last = (V){} + UNIT;                                                                                       \
      int64_t full = (count - i) / L, rest = (count - i) % L;                                                      \
      for (int64_t k = 0; k < rest; ++k) ((T*)&last)[k] = x[i + full * L + k];                                     \
      if (full > 0) a = a OP * (const V*)(x + i);                                                                  \
      if (full > 1) b = b OP * (const V*)(x + i + L);                                                              \
      if (full > 2) c = c OP * (const V*)(x + i + 2 * L);                                                          \
      if (full == 0) a = a OP last;                                                                                \
      if (full == 1) b = b OP last;                                                                                \
      if (full == 2) c = c OP last;                                                                                \
      if (full == 3) d = d OP last;                                                                                \
    }                                                                                                              \
    thw_fold_##NAME##_##S((a OP c)OP(b OP d), out);                                                                \
  }                                                                                                                \
  THW_FN T thw_##NAME##_block_##S(const T* x, int64_t count) {                                                     \
    T pair[2];                                                                                                     \
    thw_##NAME##_pair_##S(x, count, pair);                                                                         \
    return pair[0] OP pair[1];                                                                                     \
  }                                                                                                                \
  /* Adds the result of the next THW_BLOCK << level elements; those before it are whole nodes of that level. */    \
  THW_FN void thw_##NAME##_push_##S(thw_tree_##S* tree, T value, int32_t level) {                                  \
    int32_t k = level;                                                                                             \
    for (; tree->count >> k & 1; ++k) value = tree->node[k] OP value;                                              \
    tree->node[k] = value;                                                                                         \
    tree->count += 1ULL << level;                                                                                  \
  }                                                                                                                \
  THW_FN T thw_##NAME##_finish_##S(const thw_tree_##S* tree) {                                                     \
    if (tree->count == 0) return UNIT;                                                                             \
    int32_t k = __builtin_ctzll(tree->count);                                                                      \
    T value = tree->node[k];                                                                                       \
    for (uint64_t rest = tree->count >> k >> 1; rest != 0; rest >>= 1) {                                           \
      ++k;                                                                                                         \
      if (rest & 1) value = tree->node[k] OP value;                                                                \
    }                                                                                                              \
    return value;                                                                                                  \
  }                                                                                                                \
  /* The whole reduction, or that of one chunk; stride in elements. */                                             \
  THW_SLOW T thw_##NAME##_##S(const T* x, int64_t count, int64_t stride) {                                         \
    if (stride == 1 && count <= THW_BLOCK) return thw_##NAME##_block_##S(x, count);                                \
    thw_tree_##S tree;                                                                                             \
    tree.count = 0;                                                                                                \
    T buffer[THW_BLOCK];                                                                                           \
    for (int64_t i = 0; i < count; i += THW_BLOCK) {                                                               \
      int64_t size = count - i < THW_BLOCK ? count - i : (int64_t)THW_BLOCK;                                       \
      const T* from = x + i * stride;                                                                              \
      if (stride != 1) {                                                                                           \
        for (int64_t k = 0; k < size; ++k) buffer[k] = from[k * stride];                                           \
        from = buffer;                                                                                             \
      }                                                                                                            \
      thw_##NAME##_push_##S(&tree, thw_##NAME##_block_##S(from, size), 0);                                         \
    }                                                                                                              \
    return thw_##NAME##_finish_##S(&tree);                                                                         \
  }                                                                                                                \
  /* Combines the results of equal chunks (of THW_BLOCK << k elements each, the last may be shorter), in order. */ \
  THW_SLOW T thw_##NAME##_chunks_##S(const T* result, int64_t count) {                                             \
    thw_tree_##S tree;                                                                                             \
    tree.count = 0;                                                                                                \
    for (int64_t i = 0; i < count; ++i) thw_##NAME##_push_##S(&tree, result[i], 0);                                \
    return thw_##NAME##_finish_##S(&tree);                                                                         \
  }

// --------------------------------------------------------------------------------------- float min and max
// LESS is < for the minimum. NaN is tracked beside the lanes, because a comparison with NaN keeps the old value.
#define THW_EXTREME_FLOAT(NAME, S, T, V, M, L, LESS)                                          \
  THW_SLOW T thw_##NAME##_block_##S(const T* x, int64_t count) {                              \
    V a = x[0] - (V){}, b = a, c = a, d = a; /* adding to zero would lose the sign of -0.0 */ \
    M nan = (a != a);                                                                         \
    int64_t i = 0;                                                                            \
    for (; i < count; i += 4 * L) {                                                           \
      V buffer[4];                                                                            \
      const V* from = (const V*)(x + i);                                                      \
      if (count - i < 4 * L) {                                                                \
        for (int64_t k = 0; k < 4 * L; ++k) ((T*)buffer)[k] = x[i + (k < count - i ? k : 0)]; \
        from = buffer;                                                                        \
      }                                                                                       \
      V p = from[0], q = from[1], r = from[2], s = from[3];                                   \
      M ma = (p LESS a), mb = (q LESS b), mc = (r LESS c), md = (s LESS d);                   \
      a = (V)(((M)p & ma) | ((M)a & ~ma));                                                    \
      b = (V)(((M)q & mb) | ((M)b & ~mb));                                                    \
      c = (V)(((M)r & mc) | ((M)c & ~mc));                                                    \
      d = (V)(((M)s & md) | ((M)d & ~md));                                                    \
      nan = nan | (p != p) | (q != q) | (r != r) | (s != s);                                  \
    }                                                                                         \
    M mb = (b LESS a), md = (d LESS c);                                                       \
    a = (V)(((M)b & mb) | ((M)a & ~mb));                                                      \
    c = (V)(((M)d & md) | ((M)c & ~md));                                                      \
    M mc = (c LESS a);                                                                        \
    a = (V)(((M)c & mc) | ((M)a & ~mc));                                                      \
    T best = a[0];                                                                            \
    int64_t bad = nan[0];                                                                     \
    for (int k = 1; k < L; ++k) {                                                             \
      best = a[k] LESS best ? a[k] : best;                                                    \
      bad |= nan[k];                                                                          \
    }                                                                                         \
    return bad ? (T)__builtin_nan("") : best;                                                 \
  }                                                                                           \
  /* The caller has refused count == 0. */                                                    \
  THW_SLOW T thw_##NAME##imum_##S(const T* x, int64_t count, int64_t stride) {                \
    T best = x[0], buffer[THW_BLOCK];                                                         \
    for (int64_t i = 0; i < count; i += THW_BLOCK) {                                          \
      int64_t size = count - i < THW_BLOCK ? count - i : (int64_t)THW_BLOCK;                  \
      const T* from = x + i * stride;                                                         \
      if (stride != 1) {                                                                      \
        for (int64_t k = 0; k < size; ++k) buffer[k] = from[k * stride];                      \
        from = buffer;                                                                        \
      }                                                                                       \
      T block = thw_##NAME##_block_##S(from, size);                                           \
      if (block != block) return block;                                                       \
      best = i == 0 || block LESS best ? block : best;                                        \
    }                                                                                         \
    return best;                                                                              \
  }                                                                                           \
  /* First position of the extreme value; of the first NaN if there is one. */                \
  THW_SLOW int64_t thw_arg##NAME##_##S(const T* x, int64_t count, int64_t stride) {           \
    T best = x[0], buffer[THW_BLOCK];                                                         \
    int64_t position = 0;                                                                     \
    if (best != best) return 0;                                                               \
    for (int64_t i = 0; i < count; i += THW_BLOCK) {                                          \
      int64_t size = count - i < THW_BLOCK ? count - i : (int64_t)THW_BLOCK, k = 0;           \
      const T* from = x + i * stride;                                                         \
      if (stride != 1) {                                                                      \
        for (int64_t j = 0; j < size; ++j) buffer[j] = from[j * stride];                      \
        from = buffer;                                                                        \
      }                                                                                       \
      T block = thw_##NAME##_block_##S(from, size);                                           \
      if (block != block) {                                                                   \
        while (from[k] == from[k]) ++k;                                                       \
        return i + k;                                                                         \
      }                                                                                       \
      if (block LESS best) {                                                                  \
        while (from[k] != block) ++k;                                                         \
        best = block;                                                                         \
        position = i + k;                                                                     \
      }                                                                                       \
    }                                                                                         \
    return position;                                                                          \
  }

#define THW_REDUCE_FLOAT(S, T, V, M, L)    \
  typedef struct thw_tree_##S {            \
    uint64_t count;                        \
    T node[56];                            \
  } thw_tree_##S;                          \
  THW_FOLDED(sum, S, T, V, L, +, (T)0)     \
  THW_FOLDED(prod, S, T, V, L, *, (T)1)    \
  THW_EXTREME_FLOAT(min, S, T, V, M, L, <) \
  THW_EXTREME_FLOAT(max, S, T, V, M, L, >)

#if defined(THW_USE_F32) || defined(THW_USE_COMPLEX) || defined(THW_USE_F16)
THW_FOLD_F32(sum, +)
THW_FOLD_F32(prod, *)
THW_REDUCE_FLOAT(f32, float, thw_v16_f32, thw_v16_m32, 16)
#endif
#if defined(THW_USE_F64) || defined(THW_USE_COMPLEX)
THW_FOLD_F64(sum, +)
THW_FOLD_F64(prod, *)
THW_REDUCE_FLOAT(f64, double, thw_v8_f64, thw_v8_m64, 8)
#endif

// ---------------------------------------------------------------------------------------------- float16
// Reduced in float32 and rounded once, as NumPy does.
#ifdef THW_USE_F16
THW_FN void thw_widen_f16(const _Float16* x, int64_t count, int64_t stride, float* out) {
  for (int64_t i = 0; i < count; ++i) out[i] = (float)x[i * stride];
}
#define THW_FOLDED_HALF(NAME)                                                            \
  THW_SLOW _Float16 thw_##NAME##_f16(const _Float16* x, int64_t count, int64_t stride) { \
    thw_tree_f32 tree;                                                                   \
    float block[THW_BLOCK];                                                              \
    tree.count = 0;                                                                      \
    for (int64_t i = 0; i < count; i += THW_BLOCK) {                                     \
      int64_t size = count - i < THW_BLOCK ? count - i : (int64_t)THW_BLOCK;             \
      thw_widen_f16(x + i * stride, size, stride, block);                                \
      thw_##NAME##_push_f32(&tree, thw_##NAME##_block_f32(block, size), 0);              \
    }                                                                                    \
    return (_Float16)thw_##NAME##_finish_f32(&tree);                                     \
  }
#define THW_EXTREME_HALF(NAME, LESS)                                                       \
  THW_SLOW int64_t thw_arg##NAME##_f16(const _Float16* x, int64_t count, int64_t stride) { \
    float block[THW_BLOCK], best = (float)x[0];                                            \
    int64_t position = 0;                                                                  \
    for (int64_t i = 0; i < count && best == best; i += THW_BLOCK) {                       \
      int64_t size = count - i < THW_BLOCK ? count - i : (int64_t)THW_BLOCK;               \
      thw_widen_f16(x + i * stride, size, stride, block);                                  \
      int64_t k = thw_arg##NAME##_f32(block, size, 1);                                     \
      if (block[k] LESS best || block[k] != block[k]) best = block[k], position = i + k;   \
    }                                                                                      \
    return position;                                                                       \
  }                                                                                        \
  THW_FN _Float16 thw_##NAME##imum_f16(const _Float16* x, int64_t count, int64_t stride) { \
    return x[thw_arg##NAME##_f16(x, count, stride) * stride];                              \
  }
THW_FOLDED_HALF(sum)
THW_FOLDED_HALF(prod)
THW_EXTREME_HALF(min, <)
THW_EXTREME_HALF(max, >)
#endif

// ---------------------------------------------------------------------------------------- complex sums
// Real and imaginary parts are the even and odd lanes; a block has THW_BLOCK / 2 numbers.
#define THW_REDUCE_COMPLEX(S, T, R)                                                  \
  THW_SLOW thw_##S thw_sum_##S(const thw_##S* x, int64_t count, int64_t stride) {    \
    thw_tree_##R re, im;                                                             \
    thw_##S buffer[THW_BLOCK / 2];                                                   \
    re.count = im.count = 0;                                                         \
    for (int64_t i = 0; i < count; i += THW_BLOCK / 2) {                             \
      int64_t size = count - i < THW_BLOCK / 2 ? count - i : (int64_t)THW_BLOCK / 2; \
      const thw_##S* from = x + i * stride;                                          \
      if (stride != 1) {                                                             \
        for (int64_t k = 0; k < size; ++k) buffer[k] = from[k * stride];             \
        from = buffer;                                                               \
      }                                                                              \
      T pair[2];                                                                     \
      thw_sum_pair_##R((const T*)from, 2 * size, pair);                              \
      thw_sum_push_##R(&re, pair[0], 0);                                             \
      thw_sum_push_##R(&im, pair[1], 0);                                             \
    }                                                                                \
    return thw_make_##S(thw_sum_finish_##R(&re), thw_sum_finish_##R(&im));           \
  }

#ifdef THW_USE_COMPLEX
THW_REDUCE_COMPLEX(c64, float, f32)
THW_REDUCE_COMPLEX(c128, double, f64)
#endif

// -------------------------------------------------------------------------------------------- integers
// Sums and products wrap in 64 bits (W, as NumPy accumulates), so their order is free.
#define THW_EXTREME_INTEGER(NAME, S, T, LESS)                                                    \
  THW_SLOW T thw_##NAME##imum_##S(const T* x, int64_t count, int64_t stride) {                   \
    T best = x[0];                                                                               \
    if (stride == 1) {                                                                           \
      for (int64_t i = 1; i < count; ++i) best = x[i] LESS best ? x[i] : best;                   \
    } else {                                                                                     \
      for (int64_t i = 1; i < count; ++i) best = x[i * stride] LESS best ? x[i * stride] : best; \
    }                                                                                            \
    return best;                                                                                 \
  }                                                                                              \
  THW_SLOW int64_t thw_arg##NAME##_##S(const T* x, int64_t count, int64_t stride) {              \
    T best = thw_##NAME##imum_##S(x, count, stride);                                             \
    int64_t i = 0;                                                                               \
    while (x[i * stride] != best) ++i;                                                           \
    return i;                                                                                    \
  }
#define THW_REDUCE_INTEGER(S, T, W)                                            \
  THW_SLOW W thw_sum_##S(const T* x, int64_t count, int64_t stride) {          \
    uint64_t total = 0;                                                        \
    if (stride == 1) {                                                         \
      for (int64_t i = 0; i < count; ++i) total += (uint64_t)(W)x[i];          \
    } else {                                                                   \
      for (int64_t i = 0; i < count; ++i) total += (uint64_t)(W)x[i * stride]; \
    }                                                                          \
    return (W)total;                                                           \
  }                                                                            \
  THW_SLOW W thw_prod_##S(const T* x, int64_t count, int64_t stride) {         \
    uint64_t total = 1;                                                        \
    for (int64_t i = 0; i < count; ++i) total *= (uint64_t)(W)x[i * stride];   \
    return (W)total;                                                           \
  }                                                                            \
  THW_EXTREME_INTEGER(min, S, T, <)                                            \
  THW_EXTREME_INTEGER(max, S, T, >)

#ifdef THW_USE_I8
THW_REDUCE_INTEGER(i8, int8_t, int64_t)
#endif
#ifdef THW_USE_I16
THW_REDUCE_INTEGER(i16, int16_t, int64_t)
#endif
#ifdef THW_USE_I32
THW_REDUCE_INTEGER(i32, int32_t, int64_t)
#endif
#ifdef THW_USE_I64
THW_REDUCE_INTEGER(i64, int64_t, int64_t)
#endif
#ifdef THW_USE_U8
THW_REDUCE_INTEGER(u8, uint8_t, uint64_t)
#endif
#ifdef THW_USE_U16
THW_REDUCE_INTEGER(u16, uint16_t, uint64_t)
#endif
#ifdef THW_USE_U32
THW_REDUCE_INTEGER(u32, uint32_t, uint64_t)
#endif
#ifdef THW_USE_U64
THW_REDUCE_INTEGER(u64, uint64_t, uint64_t)
#endif

// bool, one byte each, 0 or 1. thw_sum_b8 is NumPy's count_nonzero and its sum of a mask.
THW_SLOW int64_t thw_sum_b8(const uint8_t* x, int64_t count, int64_t stride) {
  int64_t total = 0;
  if (stride == 1) {
    for (int64_t i = 0; i < count; ++i) total += x[i];
  } else {
    for (int64_t i = 0; i < count; ++i) total += x[i * stride];
  }
  return total;
}
// Looks at whole blocks without leaving early inside one, so that it vectorises, and stops after the first hit.
THW_SLOW uint8_t thw_any_b8(const uint8_t* x, int64_t count, int64_t stride) {
  for (int64_t i = 0; i < count; i += THW_BLOCK) {
    int64_t size = count - i < THW_BLOCK ? count - i : (int64_t)THW_BLOCK;
    const uint8_t* from = x + i * stride;
    uint8_t found = 0;
    if (stride == 1) {
      for (int64_t k = 0; k < size; ++k) found |= from[k];
    } else {
      for (int64_t k = 0; k < size; ++k) found |= from[k * stride];
    }
    if (found) return 1;
  }
  return 0;
}
THW_SLOW uint8_t thw_all_b8(const uint8_t* x, int64_t count, int64_t stride) {
  for (int64_t i = 0; i < count; i += THW_BLOCK) {
    int64_t size = count - i < THW_BLOCK ? count - i : (int64_t)THW_BLOCK;
    const uint8_t* from = x + i * stride;
    uint8_t kept = 1;
    if (stride == 1) {
      for (int64_t k = 0; k < size; ++k) kept &= from[k];
    } else {
      for (int64_t k = 0; k < size; ++k) kept &= from[k * stride];
    }
    if (!kept) return 0;
  }
  return 1;
}

#endif
