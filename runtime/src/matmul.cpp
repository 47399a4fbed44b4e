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

#ifdef __clang__
#define THW_KERNEL static __attribute__((noinline))
#else
// Contraction to fma is NumPy's freedom here (BLAS does it too); everywhere else it is off.
#define THW_KERNEL                                             \
  __attribute__((noinline, optimize("O3", "fp-contract=fast"), \
                 target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"))) static
#endif

#define THW_TILE_KERNEL(NAME, T)                                         \
  THW_KERNEL void NAME(int64_t depth, const T* a, const T* b, T* tile) { \
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

// Strips of `strip` rows, each strip column after column; rows that are missing are zero.
template <typename T>
void pack(const Matrix<const T>& from, int64_t row0, int64_t rows, int64_t column0, int64_t columns, int64_t strip,
          T* to) {
  for (int64_t i = 0; i < rows; i += strip) {
    const int64_t real = std::min(strip, rows - i);
    for (int64_t k = 0; k < columns; ++k) {
      for (int64_t r = 0; r < real; ++r) to[r] = from.at(row0 + i + r, column0 + k);
      for (int64_t r = real; r < strip; ++r) to[r] = 0;
      to += strip;
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
      pack<T>(b.transposed(), j, columns, k, steps, Tile<T>::columns, packed_b.get());
      for (int64_t i = 0; i < a.rows; i += height) {
        const int64_t rows = std::min(height, a.rows - i);
        pack<T>(a, i, rows, k, steps, kRows, packed_a.get());
        multiply_panel<T>(c, i, rows, j, columns, steps, packed_a.get(), packed_b.get(), k == 0);
      }
    }
  }
}

}  // namespace

void blocked_matmul(const Matrix<const double>& a, const Matrix<const double>& b, const Matrix<double>& c) {
  blocked(a, b, c);
}
void blocked_matmul(const Matrix<const float>& a, const Matrix<const float>& b, const Matrix<float>& c) {
  blocked(a, b, c);
}

}  // namespace thalweg::runtime

namespace {

// Every sum runs over k upwards, starting from zero, without fma.
template <typename T>
void reference(int64_t m, int64_t n, int64_t k, const T* a, int64_t a_row, int64_t a_column, const T* b, int64_t b_row,
               int64_t b_column, T* c, int64_t c_row, int64_t c_column) {
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      T sum = 0;
      for (int64_t l = 0; l < k; ++l) sum += a[i * a_row + l * a_column] * b[l * b_row + j * b_column];
      c[i * c_row + j * c_column] = sum;
    }
  }
}

}  // namespace

extern "C" void thw_matmul_reference_f64(int64_t m, int64_t n, int64_t k, const double* a, int64_t a_row,
                                         int64_t a_column, const double* b, int64_t b_row, int64_t b_column, double* c,
                                         int64_t c_row, int64_t c_column) {
  reference(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, c_column);
}
extern "C" void thw_matmul_reference_f32(int64_t m, int64_t n, int64_t k, const float* a, int64_t a_row,
                                         int64_t a_column, const float* b, int64_t b_row, int64_t b_column, float* c,
                                         int64_t c_row, int64_t c_column) {
  reference(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, c_column);
}
