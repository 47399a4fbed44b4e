// Linear equations: by LAPACK's gesv where the BLAS library has it and no region of ours runs, as NumPy does it, with its
// bits; else by our own elimination.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "matmul.h"
#include "thalweg/forks.h"
#include "thalweg/runtime.h"
#include "turns.h"

namespace {

using thalweg::runtime::Complex;
using thalweg::runtime::inside_parallel_region;
using thalweg::runtime::Matrix;
using thalweg::runtime::NoForks;
using thalweg::runtime::OthersTurn;

double size(double x) { return std::abs(x); }
double size(Complex<double> x) { return std::abs(x.re) + std::abs(x.im); }
double quotient(double a, double b) { return a / b; }
Complex<double> quotient(Complex<double> a, Complex<double> b) {
  if (std::abs(b.re) >= std::abs(b.im)) {
    const double ratio = b.im / b.re, scale = b.re + b.im * ratio;
    return {(a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale};
  }
  const double ratio = b.re / b.im, scale = b.re * ratio + b.im;
  return {(a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale};
}
void subtract_product(double& from, double a, double b) { from -= a * b; }
void subtract_product(Complex<double>& from, Complex<double> a, Complex<double> b) {
  from.re -= a.re * b.re - a.im * b.im;
  from.im -= a.re * b.im + a.im * b.re;
}

// In squares that fit the cache, whichever of the two lies across memory.
template <typename From, typename To>
void copy(const Matrix<From>& from, const Matrix<To>& to) {
  constexpr int64_t side = 16;
  for (int64_t i = 0; i < to.rows; i += side)
    for (int64_t j = 0; j < to.columns; j += side)
      for (int64_t r = i; r < std::min(i + side, to.rows); ++r)
        for (int64_t c = j; c < std::min(j + side, to.columns); ++c) to.at(r, c) = from.at(r, c);
}

// Elimination with the largest pivot of each column; both are overwritten. False where a is singular.
template <typename T>
bool eliminate(const Matrix<T>& a, const Matrix<T>& x) {
  const int64_t n = a.rows;
  for (int64_t k = 0; k < n; ++k) {
    int64_t place = k;
    for (int64_t i = k + 1; i < n; ++i)
      if (size(a.at(i, k)) > size(a.at(place, k))) place = i;
    if (size(a.at(place, k)) == 0) return false;
    if (place != k) {
      for (int64_t j = 0; j < n; ++j) std::swap(a.at(k, j), a.at(place, j));
      for (int64_t j = 0; j < x.columns; ++j) std::swap(x.at(k, j), x.at(place, j));
    }
    for (int64_t i = k + 1; i < n; ++i) {
      const T factor = quotient(a.at(i, k), a.at(k, k));
      for (int64_t j = k + 1; j < n; ++j) subtract_product(a.at(i, j), factor, a.at(k, j));
      for (int64_t j = 0; j < x.columns; ++j) subtract_product(x.at(i, j), factor, x.at(k, j));
    }
  }
  for (int64_t k = n; k-- > 0;) {
    for (int64_t i = k + 1; i < n; ++i)
      for (int64_t j = 0; j < x.columns; ++j) subtract_product(x.at(k, j), a.at(k, i), x.at(i, j));
    for (int64_t j = 0; j < x.columns; ++j) x.at(k, j) = quotient(x.at(k, j), a.at(k, k));
  }
  return true;
}

template <typename T>
std::unique_ptr<T[]> room(int64_t count) {
  return std::make_unique_for_overwrite<T[]>(static_cast<size_t>(std::max<int64_t>(count, 1)));
}

template <typename T>
void solve(thw_context* context, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) try {
  const int64_t n = a.rows, sides = c.columns;
  const auto factors_memory = room<T>(n * n), x_memory = room<T>(n * sides);
  const auto solver = n > 0 && !inside_parallel_region() ? thalweg::runtime::lapack_solver<T>() : nullptr;
  // Columns in memory for LAPACK, rows for us.
  const Matrix<T> factors{factors_memory.get(), n, n, solver ? 1 : n, solver ? n : 1};
  const Matrix<T> x{x_memory.get(), n, sides, solver ? 1 : sides, solver ? n : 1};
  copy(a, factors);
  copy(b, x);
  bool regular = true;
  if (solver) {
    const auto order = room<int64_t>(n);
    int64_t info = 0;
    const OthersTurn turn(context);
    if (!turn.taken()) return;
    const NoForks computing;
    solver(&n, &sides, factors.data, &n, order.get(), x.data, &n, &info);
    regular = info == 0;
  } else {
    regular = eliminate(factors, x);
  }
  copy(x, Matrix<T>{c.data, n, sides, c.row, c.column});
  for (int64_t j = 0; j < sides; ++j) c.at(n, j) = T{regular ? 0.0 : 1.0};
} catch (const std::bad_alloc&) {
  thw_raise(context, THW_SITE_MEMORY, 0, 0, 0, 0);
}

}  // namespace

extern "C" void thw_solve_f64(thw_context* context, int64_t n, int64_t sides, const double* a, int64_t a_row,
                              int64_t a_column, const double* b, int64_t b_row, int64_t b_column, double* c,
                              int64_t c_row, int64_t c_column) {
  solve<double>(context, {a, n, n, a_row, a_column}, {b, n, sides, b_row, b_column},
                {c, n + 1, sides, c_row, c_column});
}

extern "C" void thw_solve_c128(thw_context* context, int64_t n, int64_t sides, const void* a, int64_t a_row,
                               int64_t a_column, const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row,
                               int64_t c_column) {
  using Element = Complex<double>;
  solve<Element>(context, {static_cast<const Element*>(a), n, n, a_row, a_column},
                 {static_cast<const Element*>(b), n, sides, b_row, b_column},
                 {static_cast<Element*>(c), n + 1, sides, c_row, c_column});
}
