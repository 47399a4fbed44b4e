// The host of an exported program: memory that releases itself, parallel loops by OpenMP, errors as C++ exceptions.
// Stands at the end of thalweg_export.h, after the texts of abi.h, scalar.h, math.h and reduce.h.
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#if defined(_OPENMP)
#include <omp.h>
#endif

// Mathematical functions by the C library, unless a program that brings its own says so. (Inside Thalweg they are its vector forms, whose last bit may differ.)
#ifndef THALWEG_NO_MATH
#define THW_EXPORT_1(N)                                        \
  inline double thw_##N(double x) { return __builtin_##N(x); } \
  inline float thw_##N##f(float x) { return __builtin_##N##f(x); }
#define THW_EXPORT_2(N)                                                     \
  inline double thw_##N(double x, double y) { return __builtin_##N(x, y); } \
  inline float thw_##N##f(float x, float y) { return __builtin_##N##f(x, y); }
extern "C" {
THW_VECTOR_MATH_1(THW_EXPORT_1)
THW_VECTOR_MATH_2(THW_EXPORT_2)
}
#undef THW_EXPORT_1
#undef THW_EXPORT_2
#endif

namespace thalweg {

// A place of the program that may raise: what Python would raise there, with {0} to {3} for numbers.
struct raise_site {
  const char *exception, *message, *where;
};

// What an exported function throws where NumPy or Python raises `exception`.
struct error : std::runtime_error {
  error(const char* exception_, const std::string& text) : std::runtime_error(text), exception(exception_) {}
  const char* exception;  // "IndexError"
  int site = -1;          // which of the program's sites
};

// A result: strides in bytes; its memory is an argument's or lives as long as `owner`.
struct array : thw_array {
  std::shared_ptr<void> owner;
  // The value of a result without dimensions.
  template <class T>
  T value() const {
    T result;
    __builtin_memcpy(&result, rank == -1 ? static_cast<const void*>(shape) : data, sizeof result);
    return result;
  }
};

inline void* aligned_memory(int64_t bytes) {
  if (bytes < 1) bytes = 1;
  if (bytes > INT64_MAX - 64) return nullptr;
  return std::aligned_alloc(64, static_cast<size_t>((bytes + 63) / 64 * 64));
}

// One call of an exported function.
class context : public thw_context {
 public:
  context() : thw_context{} {
    runtime = &table();
    host = this;
#if defined(_OPENMP)
    threads = omp_in_parallel() ? 1 : omp_get_max_threads();
#else
    threads = 1;
#endif
    owned_ = std::make_shared<std::vector<std::shared_ptr<void>>>();
  }
  // Hands the memory of results to them, or throws what was raised.
  void finish(const raise_site* sites, array* results, int count) {
    if (stop && site < 0) throw std::bad_alloc();
    if (stop) {
      std::string text = sites[site].message;
      for (int k = 0; k < THW_MAX_RAISE_VALUES; ++k) {
        const std::string mark = "{" + std::to_string(k) + "}";
        for (size_t at; (at = text.find(mark)) != std::string::npos;)
          text.replace(at, mark.size(), std::to_string(values[k]));
      }
      error raised(sites[site].exception, std::string(sites[site].where) + ": " + sites[site].exception + ": " + text);
      raised.site = site;
      throw raised;
    }
    for (int k = 0; k < count; ++k) results[k].owner = owned_;
  }

 private:
  static void raise(thw_context* c, int32_t site, int64_t v0, int64_t v1, int64_t v2, int64_t v3) {
#if defined(_OPENMP)
#pragma omp critical(thalweg_raise)
#endif
    if (!c->stop) {
      c->site = site;
      const int64_t values[] = {v0, v1, v2, v3};
      for (int k = 0; k < THW_MAX_RAISE_VALUES; ++k) c->values[k] = values[k];
      c->stop = 1;
    }
  }
  static int32_t poll(thw_context* c) {
    c->countdown = 1 << 20;
    return c->stop;
  }
  static void* allocate(thw_context* c, int64_t bytes) {
    void* memory = aligned_memory(bytes);
    if (!memory) raise(c, -1, 0, 0, 0, 0);
    return memory;
  }
  static void release(thw_context*, void* memory) { std::free(memory); }
  static void* allocate_result(thw_context* c, void* previous, int64_t bytes) {
    auto& owned = *static_cast<context*>(c->host)->owned_;
    owned.erase(std::remove_if(owned.begin(), owned.end(), [&](auto& block) { return block.get() == previous; }),
                owned.end());
    void* memory = allocate(c, bytes);
    if (memory) owned.emplace_back(memory, std::free);
    return memory;
  }
  template <class T>
  static void matmul(thw_context* c, int64_t m, int64_t n, int64_t k, const T* a, int64_t a_row, int64_t a_column,
                     const T* b, int64_t b_row, int64_t b_column, T* out, int64_t out_row, int64_t out_column);
  template <class T>
  static void matmul_complex(thw_context* c, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row,
                             int64_t a_column, const void* b, int64_t b_row, int64_t b_column, void* out,
                             int64_t out_row, int64_t out_column);
  template <class T, class Pointer>
  static void solve(thw_context* c, int64_t n, int64_t sides, const Pointer* a, int64_t a_row, int64_t a_column,
                    const Pointer* b, int64_t b_row, int64_t b_column, Pointer* out, int64_t out_row,
                    int64_t out_column);
  static const thw_runtime& table();

  std::shared_ptr<std::vector<std::shared_ptr<void>>> owned_;
};

// Memory that grows and is released where its scope ends; used as the pointer that it holds.
template <class T>
class memory {
 public:
  memory() = default;
  memory(const memory&) = delete;
  memory& operator=(const memory&) = delete;
  ~memory() { std::free(data_); }
  // At least so many bytes; false, and recorded, where there is no memory. Contents are lost.
  bool reserve(thw_context* c, int64_t bytes) {
    if (data_ && bytes <= held_) return true;
    std::free(data_);
    data_ = static_cast<T*>(c->runtime->allocate(c, bytes));
    held_ = data_ ? bytes : 0;
    return data_ != nullptr;
  }
  // The memory of one that is no longer needed.
  void take(memory& other) {
    std::swap(data_, other.data_);
    std::swap(held_, other.held_);
  }
  operator T*() const { return data_; }

 private:
  T* data_ = nullptr;
  int64_t held_ = 0;
};

// body(begin, end) over [begin, end) in equal parts of at least `grain` iterations, one a thread.
template <class Body>
void parallel_for(thw_context* c, int64_t begin, int64_t end, int64_t grain, const Body& body) {
  int64_t parts = grain > 0 ? (end - begin) / grain : c->threads;
  if (parts > c->threads) parts = c->threads;
  if (parts <= 1) return body(begin, end);
#if defined(_OPENMP)
#pragma omp parallel for schedule(static, 1) num_threads(static_cast<int>(parts))
#endif
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t share = (end - begin) / parts, more = (end - begin) % parts;
    const int64_t first = begin + part * share + (part < more ? part : more);
    body(first, first + share + (part < more ? 1 : 0));
  }
}

// out[m, n] = a[m, k] @ b[k, n]; strides in elements. Rows in parallel, in the order of memory.
template <class T>
void context::matmul(thw_context* c, int64_t m, int64_t n, int64_t k, const T* a, int64_t a_row, int64_t a_column,
                     const T* b, int64_t b_row, int64_t b_column, T* out, int64_t out_row, int64_t out_column) {
  parallel_for(c, 0, m, 1 + 65536 / (1 + n * k), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      for (int64_t j = 0; j < n; ++j) out[i * out_row + j * out_column] = 0;
      for (int64_t p = 0; p < k; ++p) {
        const T factor = a[i * a_row + p * a_column];
        for (int64_t j = 0; j < n; ++j) out[i * out_row + j * out_column] += factor * b[p * b_row + j * b_column];
      }
    }
  });
}

// The same of complex numbers, each two of T.
template <class T>
void context::matmul_complex(thw_context* c, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row,
                             int64_t a_column, const void* b, int64_t b_row, int64_t b_column, void* out,
                             int64_t out_row, int64_t out_column) {
  struct number {
    T re, im;
  };
  const number *left = static_cast<const number*>(a), *right = static_cast<const number*>(b);
  number* to = static_cast<number*>(out);
  parallel_for(c, 0, m, 1 + 16384 / (1 + n * k), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      for (int64_t j = 0; j < n; ++j) to[i * out_row + j * out_column] = number{0, 0};
      for (int64_t p = 0; p < k; ++p) {
        const number x = left[i * a_row + p * a_column];
        for (int64_t j = 0; j < n; ++j) {
          const number y = right[p * b_row + j * b_column];
          number& sum = to[i * out_row + j * out_column];
          sum.re += x.re * y.re - x.im * y.im;
          sum.im += x.re * y.im + x.im * y.re;
        }
      }
    }
  });
}

// out[0:n, sides]: the solution of a[n, n] x = b[n, sides], of doubles or complex numbers; out[n, sides]: 0, or 1 where a is
// singular.
template <class T, class Pointer>
void context::solve(thw_context* c, int64_t n, int64_t sides, const Pointer* a, int64_t a_row, int64_t a_column,
                    const Pointer* b, int64_t b_row, int64_t b_column, Pointer* out, int64_t out_row,
                    int64_t out_column) {
  T* left = static_cast<T*>(c->runtime->allocate(c, n * n * static_cast<int64_t>(sizeof(T))));
  if (!left) return;
  const T *from = static_cast<const T*>(a), *right = static_cast<const T*>(b);
  T* to = static_cast<T*>(out);
  const auto at = [=](int64_t i, int64_t j) -> T& { return left[i * n + j]; };
  const auto x = [=](int64_t i, int64_t j) -> T& { return to[i * out_row + j * out_column]; };
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) at(i, j) = from[i * a_row + j * a_column];
    for (int64_t j = 0; j < sides; ++j) x(i, j) = right[i * b_row + j * b_column];
  }
  for (int64_t j = 0; j < sides; ++j) x(n, j) = T(0);
  for (int64_t k = 0; k < n; ++k) {
    int64_t place = k;
    for (int64_t i = k + 1; i < n; ++i)
      if (std::abs(at(i, k)) > std::abs(at(place, k))) place = i;
    if (at(place, k) == T(0))
      for (int64_t j = 0; j < sides; ++j) x(n, j) = T(1);
    for (int64_t j = 0; place != k && j < n; ++j) std::swap(at(k, j), at(place, j));
    for (int64_t j = 0; place != k && j < sides; ++j) std::swap(x(k, j), x(place, j));
    for (int64_t i = 0; i < n; ++i) {
      if (i == k) continue;
      const T factor = at(i, k) / at(k, k);
      for (int64_t j = k; j < n; ++j) at(i, j) -= factor * at(k, j);
      for (int64_t j = 0; j < sides; ++j) x(i, j) -= factor * x(k, j);
    }
  }
  for (int64_t k = 0; k < n; ++k)
    for (int64_t j = 0; j < sides; ++j) x(k, j) /= at(k, k);
  c->runtime->release(c, left);
}

inline const thw_runtime& context::table() {
  static const thw_runtime functions = [] {
    thw_runtime t{};
    t.raise = raise;
    t.poll = poll;
    t.look = poll;
    t.allocate = allocate;
    t.release = release;
    t.allocate_result = allocate_result;
    t.matmul_f64 = matmul<double>;
    t.matmul_f32 = matmul<float>;
    t.matmul_c128 = matmul_complex<double>;
    t.matmul_c64 = matmul_complex<float>;
    t.solve_f64 = solve<double, double>;
    t.solve_c128 = solve<std::complex<double>, void>;
    return t;
  }();
  return functions;
}

}  // namespace thalweg
