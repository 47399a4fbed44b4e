// Matrix products inside the runtime: which BLAS there is, and our own product for where there is none.
#pragma once

#include <cstdint>

namespace thalweg::runtime {

// A strided matrix; strides in elements.
template <typename T>
struct Matrix {
  T* data;
  int64_t rows, columns;
  int64_t row, column;

  Matrix transposed() const { return {data, columns, rows, column, row}; }
  T& at(int64_t i, int64_t j) const { return data[i * row + j * column]; }
};

// As NumPy lays complex numbers out.
template <typename T>
struct Complex {
  T re, im;
};

// C = A B by register tiles over packed panels, in the calling thread.
void blocked_matmul(const Matrix<const double>& a, const Matrix<const double>& b, const Matrix<double>& c);
void blocked_matmul(const Matrix<const float>& a, const Matrix<const float>& b, const Matrix<float>& c);
// By four products of their parts.
void blocked_matmul(const Matrix<const Complex<double>>& a, const Matrix<const Complex<double>>& b,
                    const Matrix<Complex<double>>& c);
void blocked_matmul(const Matrix<const Complex<float>>& a, const Matrix<const Complex<float>>& b,
                    const Matrix<Complex<float>>& c);

// C = A B with every sum over k upwards, starting from zero, without fma.
void plain_matmul(const Matrix<const double>& a, const Matrix<const double>& b, const Matrix<double>& c);
void plain_matmul(const Matrix<const float>& a, const Matrix<const float>& b, const Matrix<float>& c);
void plain_matmul(const Matrix<const Complex<double>>& a, const Matrix<const Complex<double>>& b,
                  const Matrix<Complex<double>>& c);
void plain_matmul(const Matrix<const Complex<float>>& a, const Matrix<const Complex<float>>& b,
                  const Matrix<Complex<float>>& c);

// LAPACK's gesv, matrices by columns: the order, right sides, the matrix and its leading extent, the rows exchanged, right
// sides that become the solution and their leading extent, and whether it failed.
template <typename T>
using Solver = void (*)(const int64_t*, const int64_t*, T*, const int64_t*, int64_t*, T*, const int64_t*, int64_t*);
// That of the BLAS library in use; null where it has none. For double and Complex<double>.
template <typename T>
Solver<T> lapack_solver();

// Whether the calling thread is inside a parallel region (as its caller or as a worker).
bool inside_parallel_region();

}  // namespace thalweg::runtime
