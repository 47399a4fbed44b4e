// Our own matrix product: right for any strides, used where no BLAS is loaded and inside parallel regions, where a
// threaded BLAS would fight with our workers for the processors. Also the interpreter's product in plain order.
#include "matmul.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "thalweg/reduce.h"
#include "thalweg/runtime.h"

namespace thalweg::runtime {
namespace {

constexpr int64_t kRows = 6;      // of a register tile
constexpr int64_t kDepth = 256;   // of a packed panel: kDepth * tile width * 8 bytes stay in the L1 cache
constexpr int64_t kHeight = 96;   // rows of A packed at once: 192 KiB, in L2
constexpr int64_t kWidth = 2048;  // columns of B packed at once: 4 MiB at most

// Two vectors of columns; GNU C vectors compile to whatever the target clone has.
template <typename T>
struct Tile {
  static constexpr int64_t lanes = 64 / sizeof(T);
  static constexpr int64_t columns = 2 * lanes;
  typedef T Vector __attribute__((vector_size(64), aligned(alignof(T)), may_alias));
};

// Contraction to fma is NumPy's freedom here (BLAS does it too); everywhere else it is off.
#define THW_CLONES target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")
#ifdef __clang__
#define THW_CONTRACT _Pragma("clang fp contract(fast)")
#if !defined(__x86_64__) || __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer) || \
    __has_feature(thread_sanitizer)
#define THW_KERNEL __attribute__((noinline)) static  // under a sanitizer: what chooses a clone runs before it is ready
#else
#define THW_KERNEL __attribute__((THW_CLONES)) static
#endif
#else
#define THW_CONTRACT
#define THW_KERNEL __attribute__((noinline, optimize("O3", "fp-contract=fast"), THW_CLONES)) static
#endif

#define THW_TILE_KERNEL(NAME, T)                                         \
  THW_KERNEL void NAME(int64_t depth, const T* a, const T* b, T* tile) { \
    THW_CONTRACT                                                         \
    using Vector = Tile<T>::Vector;                                      \
    constexpr int64_t lanes = Tile<T>::lanes;                            \
    Vector sum[kRows][2] = {};                                           \
    for (int64_t k = 0; k < depth; ++k) {                                \
      const Vector left = *reinterpret_cast<const Vector*>(b);           \
      const Vector right = *reinterpret_cast<const Vector*>(b + lanes);  \
      _Pragma("GCC unroll 6") for (int i = 0; i < kRows; ++i) {          \
        sum[i][0] += a[i] * left;                                        \
        sum[i][1] += a[i] * right;                                       \
      }                                                                  \
      a += kRows;                                                        \
      b += 2 * lanes;                                                    \
    }                                                                    \
    memcpy(tile, sum, sizeof sum);                                       \
  }

THW_TILE_KERNEL(tile_f64, double)
THW_TILE_KERNEL(tile_f32, float)

void run_tile(int64_t depth, const double* a, const double* b, double* tile) { tile_f64(depth, a, b, tile); }
void run_tile(int64_t depth, const float* a, const float* b, float* tile) { tile_f32(depth, a, b, tile); }

// Strips of `strip` rows, each strip column after column; rows that are missing are zero. Where the rows lie side by side
// in memory, several strips at a time, so that memory is read in longer pieces.
template <int64_t strip, typename T>
void pack(const Matrix<const T>& from, int64_t row0, int64_t rows, int64_t column0, int64_t columns, T* to) {
  const int64_t together = from.row == 1 ? 8 * strip : strip;
  for (int64_t first = 0; first < rows; first += together) {
    for (int64_t k = 0; k < columns; ++k) {
      for (int64_t i = first; i < std::min(first + together, rows); i += strip) {
        T* out = to + i * columns + k * strip;
        if (from.row == 1 && rows - i >= strip) {
          memcpy(out, &from.at(row0 + i, column0 + k), strip * sizeof(T));
          continue;
        }
        const int64_t real = std::min(strip, rows - i);
        for (int64_t r = 0; r < real; ++r) out[r] = from.at(row0 + i + r, column0 + k);
        for (int64_t r = real; r < strip; ++r) out[r] = 0;
      }
    }
  }
}

int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

template <typename T>
void multiply_panel(const Matrix<T>& c, int64_t row0, int64_t rows, int64_t column0, int64_t columns, int64_t depth,
                    const T* packed_a, const T* packed_b, bool first) {
  constexpr int64_t wide = Tile<T>::columns;
  alignas(64) T tile[kRows * wide];
  for (int64_t j = 0; j < columns; j += wide) {
    for (int64_t i = 0; i < rows; i += kRows) {
      run_tile(depth, packed_a + i * depth, packed_b + j * depth, tile);
      for (int64_t r = 0; r < std::min(kRows, rows - i); ++r) {
        for (int64_t s = 0; s < std::min(wide, columns - j); ++s) {
          T& target = c.at(row0 + i + r, column0 + j + s);
          target = first ? tile[r * wide + s] : target + tile[r * wide + s];
        }
      }
    }
  }
}

// A dot product: the lane tree over blocks of products, as generated programs do short ones.
template <typename T, typename Tree>
T dot(const Matrix<const T>& a, const Matrix<const T>& b, Tree tree, T (*block_sum)(const T*, int64_t),
      void (*push)(Tree*, T, int32_t), T (*finish)(const Tree*)) {
  T products[THW_BLOCK];
  tree.count = 0;
  for (int64_t k = 0; k < a.columns; k += THW_BLOCK) {
    const int64_t size = std::min<int64_t>(THW_BLOCK, a.columns - k);
    for (int64_t i = 0; i < size; ++i) products[i] = a.at(0, k + i) * b.at(k + i, 0);
    push(&tree, block_sum(products, size), 0);
  }
  return finish(&tree);
}
double dot(const Matrix<const double>& a, const Matrix<const double>& b) {
  return dot(a, b, thw_tree_f64{}, thw_sum_block_f64, thw_sum_push_f64, thw_sum_finish_f64);
}
float dot(const Matrix<const float>& a, const Matrix<const float>& b) {
  return dot(a, b, thw_tree_f32{}, thw_sum_block_f32, thw_sum_push_f32, thw_sum_finish_f32);
}

// A row of numbers times a matrix with its rows in memory: four rows at a time are added up.
#define THW_ROWS_KERNEL(NAME, T)                                                                             \
  THW_KERNEL void NAME(int64_t depth, int64_t columns, const T* x, const T* b, int64_t row, T* sum) {        \
    THW_CONTRACT                                                                                             \
    for (int64_t j = 0; j < columns; ++j) sum[j] = 0;                                                        \
    int64_t k = 0;                                                                                           \
    for (; k + 4 <= depth; k += 4) {                                                                         \
      const T *b0 = b + k * row, *b1 = b0 + row, *b2 = b1 + row, *b3 = b2 + row;                             \
      const T x0 = x[k], x1 = x[k + 1], x2 = x[k + 2], x3 = x[k + 3];                                        \
      for (int64_t j = 0; j < columns; ++j) sum[j] += (x0 * b0[j] + x1 * b1[j]) + (x2 * b2[j] + x3 * b3[j]); \
    }                                                                                                        \
    for (; k < depth; ++k)                                                                                   \
      for (int64_t j = 0; j < columns; ++j) sum[j] += x[k] * b[k * row + j];                                 \
  }

// The same with the columns in memory: each is a dot product of its own, in lanes.
#define THW_COLUMNS_KERNEL(NAME, T)                                                                      \
  THW_KERNEL void NAME(int64_t depth, int64_t columns, const T* x, const T* b, int64_t column, T* sum) { \
    THW_CONTRACT                                                                                         \
    using Vector = Tile<T>::Vector;                                                                      \
    constexpr int64_t lanes = Tile<T>::lanes;                                                            \
    for (int64_t j = 0; j < columns; ++j, b += column) {                                                 \
      Vector part[2] = {};                                                                               \
      int64_t k = 0;                                                                                     \
      for (; k + 2 * lanes <= depth; k += 2 * lanes)                                                     \
        for (int64_t s = 0; s < 2; ++s)                                                                  \
          part[s] += *reinterpret_cast<const Vector*>(x + k + s * lanes) *                               \
                     *reinterpret_cast<const Vector*>(b + k + s * lanes);                                \
      part[0] += part[1];                                                                                \
      T total = 0;                                                                                       \
      for (int64_t l = 0; l < lanes; ++l) total += part[0][l];                                           \
      for (; k < depth; ++k) total += x[k] * b[k];                                                       \
      sum[j] = total;                                                                                    \
    }                                                                                                    \
  }

THW_ROWS_KERNEL(rows_f64, double)
THW_ROWS_KERNEL(rows_f32, float)
THW_COLUMNS_KERNEL(columns_f64, double)
THW_COLUMNS_KERNEL(columns_f32, float)

void add_rows(int64_t k, int64_t n, const double* x, const double* b, int64_t row, double* sum) {
  rows_f64(k, n, x, b, row, sum);
}
void add_rows(int64_t k, int64_t n, const float* x, const float* b, int64_t row, float* sum) {
  rows_f32(k, n, x, b, row, sum);
}
void add_columns(int64_t k, int64_t n, const double* x, const double* b, int64_t column, double* sum) {
  columns_f64(k, n, x, b, column, sum);
}
void add_columns(int64_t k, int64_t n, const float* x, const float* b, int64_t column, float* sum) {
  columns_f32(k, n, x, b, column, sum);
}

// A row times a matrix whose rows or columns lie in memory; false for other matrices.
template <typename T>
bool row_times_matrix(const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c) {
  constexpr int64_t piece = 512;  // columns whose sums stay in the L1 cache
  if (a.rows != 1 || a.columns == 0 || (b.column != 1 && b.row != 1)) return false;
  const auto x = std::make_unique_for_overwrite<T[]>(a.columns);
  for (int64_t k = 0; k < a.columns; ++k) x[k] = a.at(0, k);
  T sum[piece];
  for (int64_t j = 0; j < b.columns; j += piece) {
    const int64_t width = std::min(piece, b.columns - j);
    if (b.column == 1)
      add_rows(a.columns, width, x.get(), &b.at(0, j), b.row, sum);
    else
      add_columns(a.columns, width, x.get(), &b.at(0, j), b.column, sum);
    for (int64_t s = 0; s < width; ++s) c.at(0, j + s) = sum[s];
  }
  return true;
}

template <typename T>
void blocked(const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c) {
  if (c.rows == 1 && c.columns == 1) {
    *c.data = dot(a, b);
    return;
  }
  if (row_times_matrix(a, b, c) || (b.columns == 1 && row_times_matrix(b.transposed(), a.transposed(), c.transposed())))
    return;
  const int64_t depth = a.columns, height = std::min(kHeight, a.rows), width = std::min(kWidth, b.columns);
  const int64_t deep = std::min(kDepth, depth);
  const auto packed_a = std::make_unique_for_overwrite<T[]>(round_up(height, kRows) * deep);
  const auto packed_b = std::make_unique_for_overwrite<T[]>(round_up(width, Tile<T>::columns) * deep);
  for (int64_t j = 0; j < b.columns; j += width) {
    const int64_t columns = std::min(width, b.columns - j);
    for (int64_t k = 0; k < depth; k += deep) {
      const int64_t steps = std::min(deep, depth - k);
      pack<Tile<T>::columns, T>(b.transposed(), j, columns, k, steps, packed_b.get());
      for (int64_t i = 0; i < a.rows; i += height) {
        const int64_t rows = std::min(height, a.rows - i);
        pack<kRows, T>(a, i, rows, k, steps, packed_a.get());
        multiply_panel<T>(c, i, rows, j, columns, steps, packed_a.get(), packed_b.get(), k == 0);
      }
    }
  }
}

// Its real or imaginary parts.
template <typename T>
Matrix<T> part(const Matrix<Complex<T>>& x, int which) {
  return {reinterpret_cast<T*>(x.data) + which, x.rows, x.columns, 2 * x.row, 2 * x.column};
}
template <typename T>
Matrix<const T> part(const Matrix<const Complex<T>>& x, int which) {
  return {reinterpret_cast<const T*>(x.data) + which, x.rows, x.columns, 2 * x.row, 2 * x.column};
}

template <typename T>
void blocked(const Matrix<const Complex<T>>& a, const Matrix<const Complex<T>>& b, const Matrix<Complex<T>>& c) {
  const auto memory = std::make_unique_for_overwrite<T[]>(static_cast<size_t>(c.rows * c.columns));
  const Matrix<T> more{memory.get(), c.rows, c.columns, c.columns, 1};
  const auto add = [&](const Matrix<T>& to, T sign) {
    for (int64_t i = 0; i < c.rows; ++i)
      for (int64_t j = 0; j < c.columns; ++j) to.at(i, j) += sign * more.at(i, j);
  };
  const Matrix<T> re = part(c, 0), im = part(c, 1);
  blocked(part(a, 0), part(b, 0), re);
  blocked(part(a, 1), part(b, 1), more);
  add(re, -1);
  blocked(part(a, 0), part(b, 1), im);
  blocked(part(a, 1), part(b, 0), more);
  add(im, 1);
}

// One step of a sum.
template <typename T>
void add_product(T& sum, T a, T b) {
  sum += a * b;
}
template <typename T>
void add_product(Complex<T>& sum, Complex<T> a, Complex<T> b) {
  sum.re += a.re * b.re - a.im * b.im;
  sum.im += a.re * b.im + a.im * b.re;
}

template <typename T>
void reference(const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c) {
  for (int64_t i = 0; i < c.rows; ++i) {
    for (int64_t j = 0; j < c.columns; ++j) {
      T sum{};
      for (int64_t k = 0; k < a.columns; ++k) add_product(sum, a.at(i, k), b.at(k, j));
      c.at(i, j) = sum;
    }
  }
}

}  // namespace

#define THW_PRODUCTS(T)                                                                                             \
  void blocked_matmul(const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c) { blocked(a, b, c); } \
  void plain_matmul(const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c) { reference(a, b, c); }
THW_PRODUCTS(double)
THW_PRODUCTS(float)
THW_PRODUCTS(Complex<double>)
THW_PRODUCTS(Complex<float>)

}  // namespace thalweg::runtime

extern "C" void thw_matmul_reference_f64(int64_t m, int64_t n, int64_t k, const double* a, int64_t a_row,
                                         int64_t a_column, const double* b, int64_t b_row, int64_t b_column, double* c,
                                         int64_t c_row, int64_t c_column) {
  thalweg::runtime::plain_matmul({a, m, k, a_row, a_column}, {b, k, n, b_row, b_column}, {c, m, n, c_row, c_column});
}
extern "C" void thw_matmul_reference_f32(int64_t m, int64_t n, int64_t k, const float* a, int64_t a_row,
                                         int64_t a_column, const float* b, int64_t b_row, int64_t b_column, float* c,
                                         int64_t c_row, int64_t c_column) {
  thalweg::runtime::plain_matmul({a, m, k, a_row, a_column}, {b, k, n, b_row, b_column}, {c, m, n, c_row, c_column});
}
