// Finds a BLAS and hands matrix products to it as NumPy does, so that with NumPy's own OpenBLAS the bits are NumPy's.
//
// Searched in this order: the library given to thw_set_blas_path; an OpenBLAS that the process has already loaded
// (NumPy's wheel brings libscipy_openblas64_). Its threads are left as their owner set them.
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstring>
#include <memory>
#include <string>

#include "matmul.h"
#include "thalweg/forks.h"
#include "thalweg/runtime.h"
#include "turns.h"

namespace {

using thalweg::runtime::blocked_matmul;
using thalweg::runtime::Complex;
using thalweg::runtime::inside_parallel_region;
using thalweg::runtime::Matrix;
using thalweg::runtime::NoForks;
using thalweg::runtime::OthersTurn;
using thalweg::runtime::plain_matmul;
using thalweg::runtime::Solver;

// CBLAS constants.
enum { kRowMajor = 101, kColumnMajor = 102, kNoTranspose = 111, kTranspose = 112, kUpper = 121 };

// How CBLAS takes and gives a number: complex ones by their address.
template <typename T>
struct Number {
  using Taken = T;
  static constexpr char letter = sizeof(T) == 8 ? 'd' : 's';
  static constexpr const char* dot = "dot";
  using Dot = T (*)(int64_t, const T*, int64_t, const T*, int64_t);
  static Taken take(const T& x) { return x; }
  static void apply(Dot dot, int64_t n, const T* x, int64_t x_step, const T* y, int64_t y_step, T* into) {
    *into = dot(n, x, x_step, y, y_step);
  }
};
template <typename T>
struct Number<Complex<T>> {
  using Taken = const Complex<T>*;
  static constexpr char letter = sizeof(T) == 8 ? 'z' : 'c';
  static constexpr const char* dot = "dotu_sub";
  using Dot = void (*)(int64_t, const Complex<T>*, int64_t, const Complex<T>*, int64_t, Complex<T>*);
  static Taken take(const Complex<T>& x) { return &x; }
  static void apply(Dot dot, int64_t n, const Complex<T>* x, int64_t x_step, const Complex<T>* y, int64_t y_step,
                    Complex<T>* into) {
    dot(n, x, x_step, y, y_step, into);
  }
};

// The CBLAS calls of one type T with indices of type Int.
template <typename T, typename Int>
struct Calls {
  using Taken = typename Number<T>::Taken;
  void (*gemm)(int, int, int, Int, Int, Int, Taken, const T*, Int, const T*, Int, Taken, T*, Int) = nullptr;
  void (*syrk)(int, int, int, Int, Int, Taken, const T*, Int, Taken, T*, Int) = nullptr;
  void (*gemv)(int, int, Int, Int, Taken, const T*, Int, const T*, Int, Taken, T*, Int) = nullptr;
  typename Number<T>::Dot dot = nullptr;
  bool complete() const { return gemm && syrk && gemv && dot; }
};

struct Library {
  std::string path;
  Calls<double, int64_t> f64;
  Calls<float, int64_t> f32;
  Calls<Complex<double>, int64_t> c128;
  Calls<Complex<float>, int64_t> c64;
  Solver<double> solve_f64 = nullptr;
  Solver<Complex<double>> solve_c128 = nullptr;
};

template <typename T>
Calls<T, int64_t> find_calls(void* handle, const char* prefix, const char* suffix) {
  const auto find = [&](auto* target, const char* name) {
    const std::string symbol = std::string(prefix) + "cblas_" + Number<T>::letter + name + suffix;
    *target = reinterpret_cast<std::remove_pointer_t<decltype(target)>>(dlsym(handle, symbol.c_str()));
  };
  Calls<T, int64_t> calls;
  find(&calls.gemm, "gemm");
  find(&calls.syrk, "syrk");
  find(&calls.gemv, "gemv");
  find(&calls.dot, Number<T>::dot);
  return calls;
}

// Only the 64-bit interface, whose symbols say so in their names (scipy_cblas_dgemm64_, cblas_dgemm64_): with the
// plain names nothing tells the width of the integers.
std::unique_ptr<Library> bind(void* handle, const char* path) {
  for (const char* prefix : {"scipy_", ""}) {
    auto library = std::make_unique<Library>();
    library->path = path;
    library->f64 = find_calls<double>(handle, prefix, "64_");
    library->f32 = find_calls<float>(handle, prefix, "64_");
    library->c128 = find_calls<Complex<double>>(handle, prefix, "64_");
    library->c64 = find_calls<Complex<float>>(handle, prefix, "64_");
    const auto solver = [&](const char* name) { return dlsym(handle, (std::string(prefix) + name + "64_").c_str()); };
    library->solve_f64 = reinterpret_cast<Solver<double>>(solver("dgesv_"));
    library->solve_c128 = reinterpret_cast<Solver<Complex<double>>>(solver("zgesv_"));
    if (library->f64.complete() && library->f32.complete() && library->c128.complete() && library->c64.complete())
      return library;
  }
  return nullptr;
}

// Process-wide because loaded libraries are: what was found, never freed, and how many libraries had been loaded
// when the last search found nothing.
std::atomic<const Library*> the_library{nullptr};
std::atomic<unsigned long long> searched_at{0};
std::atomic<bool> disabled{false};

int count_loaded(dl_phdr_info* info, size_t, void* result) {
  *static_cast<unsigned long long*>(result) = info->dlpi_adds;
  return 1;
}

int visit(dl_phdr_info* info, size_t, void* result) {
  if (info->dlpi_name == nullptr || strstr(info->dlpi_name, "openblas") == nullptr) return 0;
  *static_cast<std::string*>(result) = info->dlpi_name;
  return 1;
}

const Library* find_library() {
  if (disabled.load(std::memory_order_relaxed)) return nullptr;
  if (const Library* known = the_library.load(std::memory_order_acquire)) return known;
  const NoForks reading;
  unsigned long long loaded = 0;
  dl_iterate_phdr(count_loaded, &loaded);
  if (loaded == searched_at.load(std::memory_order_relaxed)) return nullptr;
  std::string path;
  if (dl_iterate_phdr(visit, &path) != 0) {
    // The handle is kept open for good: the calls below must stay valid.
    if (void* handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD)) {
      if (auto library = bind(handle, path.c_str())) {
        const Library* none = nullptr;
        if (!the_library.compare_exchange_strong(none, library.get())) return none;
        thw_watch_forks();
        return library.release();
      }
    }
  }
  searched_at.store(loaded, std::memory_order_relaxed);
  return nullptr;
}

template <typename T>
const Calls<T, int64_t>& calls_of(const Library& library) {
  if constexpr (std::is_same_v<T, double>)
    return library.f64;
  else if constexpr (std::is_same_v<T, float>)
    return library.f32;
  else if constexpr (std::is_same_v<T, Complex<double>>)
    return library.c128;
  else
    return library.c64;
}

// NumPy's is_blasable2d: rows at stride `row`, elements of a row adjacent.
bool rows_fit(int64_t row, int64_t column, int64_t columns) { return column == 1 && row >= columns; }
template <typename T>
bool fits(const Matrix<T>& x) {
  return rows_fit(x.row, x.column, x.columns) || rows_fit(x.column, x.row, x.rows);
}

template <typename T>
struct Operand {
  int transpose;
  int64_t leading;
  explicit Operand(const Matrix<T>& x)
      : transpose(rows_fit(x.row, x.column, x.columns) ? kNoTranspose : kTranspose),
        leading(std::max<int64_t>(1, transpose == kNoTranspose ? x.row : x.column)) {}
};

// A dense copy, for operands that BLAS cannot describe.
template <typename T>
class Dense {
 public:
  explicit Dense(const Matrix<const T>& x)
      : memory_(std::make_unique_for_overwrite<T[]>(static_cast<size_t>(x.rows * x.columns))),
        view_{memory_.get(), x.rows, x.columns, x.columns, 1} {
    for (int64_t i = 0; i < x.rows; ++i)
      for (int64_t j = 0; j < x.columns; ++j) memory_[i * x.columns + j] = x.at(i, j);
  }
  const Matrix<const T>& view() const { return view_; }

 private:
  std::unique_ptr<T[]> memory_;
  Matrix<const T> view_;
};

// y = A x, as NumPy's gemv: row-major A is told to BLAS as a transposed column-major one.
template <typename T>
void gemv(const Calls<T, int64_t>& calls, const Matrix<const T>& a, const T* x, int64_t x_step, T* y, int64_t y_step) {
  const bool rows = rows_fit(a.row, a.column, a.columns);
  const T one{1}, zero{0};
  calls.gemv(rows ? kColumnMajor : kRowMajor, kTranspose, a.columns, a.rows, Number<T>::take(one), a.data,
             std::max<int64_t>(1, rows ? a.row : a.column), x, x_step, Number<T>::take(zero), y, y_step);
}

// C = A B with C's rows contiguous.
template <typename T>
void gemm(const Calls<T, int64_t>& calls, const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c) {
  const Operand<const T> left(a), right(b);
  const T one{1}, zero{0};
  const bool symmetric = a.data == b.data && a.rows == b.columns && a.row == b.column && a.column == b.row &&
                         left.transpose != right.transpose;
  if (!symmetric) {
    calls.gemm(kRowMajor, left.transpose, right.transpose, a.rows, b.columns, a.columns, Number<T>::take(one), a.data,
               left.leading, b.data, right.leading, Number<T>::take(zero), c.data, c.row);
    return;
  }
  calls.syrk(kRowMajor, kUpper, left.transpose, a.rows, a.columns, Number<T>::take(one), a.data, left.leading,
             Number<T>::take(zero), c.data, c.row);
  for (int64_t i = 0; i < c.rows; ++i)
    for (int64_t j = i + 1; j < c.columns; ++j) c.at(j, i) = c.at(i, j);
}

// NumPy's choice of routine: dot, gemv, or gemm with copies of operands that BLAS cannot describe; plain loops for
// vectors that it cannot. Not while the process forks: see forks.cpp.
template <typename T>
void by_blas(const Calls<T, int64_t>& calls, const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c) {
  const NoForks computing;
  const bool row = c.rows == 1, column = c.columns == 1;
  constexpr bool real = std::is_floating_point_v<T>;  // whose single products have the same bits everywhere
  if (a.columns == 1 && (row || column || !real)) return plain_matmul(a, b, c);  // NumPy's own loop, too
  if (row && column) {
    if (a.column <= 0 || b.row <= 0) return plain_matmul(a, b, c);
    return Number<T>::apply(calls.dot, a.columns, a.data, a.column, b.data, b.row, c.data);
  }
  if (row) {
    if (!fits(b) || a.column <= 0 || c.column <= 0) return plain_matmul(a, b, c);
    return gemv(calls, b.transposed(), a.data, a.column, c.data, c.column);
  }
  if (column) {
    if (!fits(a) || b.row <= 0 || c.row <= 0) return plain_matmul(a, b, c);
    return gemv(calls, a, b.data, b.row, c.data, c.row);
  }
  if (!fits(a)) return by_blas(calls, Dense<T>(a).view(), b, c);
  if (!fits(b)) return by_blas(calls, a, Dense<T>(b).view(), c);
  if (rows_fit(c.row, c.column, c.columns)) return gemm(calls, a, b, c);
  if (rows_fit(c.column, c.row, c.rows)) return gemm(calls, b.transposed(), a.transposed(), c.transposed());
  const auto memory = std::make_unique_for_overwrite<T[]>(static_cast<size_t>(c.rows * c.columns));
  const Matrix<T> dense{memory.get(), c.rows, c.columns, c.columns, 1};
  gemm(calls, a, b, dense);
  for (int64_t i = 0; i < c.rows; ++i)
    for (int64_t j = 0; j < c.columns; ++j) c.at(i, j) = dense.at(i, j);
}

// Below these sizes OpenBLAS stays in the calling thread, so it may be called inside our parallel regions too.
template <typename T>
bool stays_serial(int64_t m, int64_t n, int64_t k) {
  constexpr bool real = std::is_floating_point_v<T>;
  if (m == 1 && n == 1) return k <= 10000;
  const double work = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  return work <= (m == 1 || n == 1 ? (real ? 9000 : 4000) : (real ? 262144 : 32768));
}

template <typename T>
void matmul(thw_context* context, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) try {
  if (c.rows <= 0 || c.columns <= 0) return;
  if (a.columns <= 0) {
    for (int64_t i = 0; i < c.rows; ++i)
      for (int64_t j = 0; j < c.columns; ++j) c.at(i, j) = T{};
    return;
  }
  const Library* library = find_library();
  if (library != nullptr && stays_serial<T>(c.rows, c.columns, a.columns)) {
    by_blas(calls_of<T>(*library), a, b, c);
  } else if (library != nullptr && !inside_parallel_region()) {
    const OthersTurn turn(context);
    if (turn.taken()) by_blas(calls_of<T>(*library), a, b, c);
  } else {
    blocked_matmul(a, b, c);
  }
} catch (const std::bad_alloc&) {
  thw_raise(context, THW_SITE_MEMORY, 0, 0, 0, 0);
}

}  // namespace

template <>
Solver<double> thalweg::runtime::lapack_solver<double>() {
  const Library* library = find_library();
  return library == nullptr ? nullptr : library->solve_f64;
}
template <>
Solver<Complex<double>> thalweg::runtime::lapack_solver<Complex<double>>() {
  const Library* library = find_library();
  return library == nullptr ? nullptr : library->solve_c128;
}

extern "C" int32_t thw_set_blas_path(const char* path) {
  disabled.store(path != nullptr && *path == '\0');
  if (path == nullptr || *path == '\0') return 0;
  const NoForks reading;
  void* handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) return 1;
  auto library = bind(handle, path);
  if (library == nullptr) return 1;
  thw_watch_forks();
  the_library.store(library.release(), std::memory_order_release);
  return 0;
}

extern "C" const char* thw_blas_path(void) {
  const Library* library = find_library();
  return library == nullptr ? "" : library->path.c_str();
}

extern "C" void thw_matmul_f64(thw_context* context, int64_t m, int64_t n, int64_t k, const double* a, int64_t a_row,
                               int64_t a_column, const double* b, int64_t b_row, int64_t b_column, double* c,
                               int64_t c_row, int64_t c_column) {
  matmul<double>(context, {a, m, k, a_row, a_column}, {b, k, n, b_row, b_column}, {c, m, n, c_row, c_column});
}

extern "C" void thw_matmul_f32(thw_context* context, int64_t m, int64_t n, int64_t k, const float* a, int64_t a_row,
                               int64_t a_column, const float* b, int64_t b_row, int64_t b_column, float* c,
                               int64_t c_row, int64_t c_column) {
  matmul<float>(context, {a, m, k, a_row, a_column}, {b, k, n, b_row, b_column}, {c, m, n, c_row, c_column});
}

extern "C" void thw_matmul_c128(thw_context* context, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row,
                                int64_t a_column, const void* b, int64_t b_row, int64_t b_column, void* c,
                                int64_t c_row, int64_t c_column) {
  using Element = Complex<double>;
  matmul<Element>(context, {static_cast<const Element*>(a), m, k, a_row, a_column},
                  {static_cast<const Element*>(b), k, n, b_row, b_column},
                  {static_cast<Element*>(c), m, n, c_row, c_column});
}

extern "C" void thw_matmul_c64(thw_context* context, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row,
                               int64_t a_column, const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row,
                               int64_t c_column) {
  using Element = Complex<float>;
  matmul<Element>(context, {static_cast<const Element*>(a), m, k, a_row, a_column},
                  {static_cast<const Element*>(b), k, n, b_row, b_column},
                  {static_cast<Element*>(c), m, n, c_row, c_column});
}
