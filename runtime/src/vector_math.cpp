// The interpreter's thw_exp and its kin: one lane of libmvec's widest form for this processor, chosen at run time,
// so that its bits are those of generated code. Where libmvec lacks a function (glibc before 2.35), libm serves, and
// generated code, which cannot be linked then, does not exist to differ from.
#include <dlfcn.h>

#include <cmath>
#include <string>

#include "thalweg/forks.h"
#include "thalweg/math.h"

namespace {

using thalweg::runtime::NoForks;

#pragma GCC diagnostic ignored "-Wpsabi"
#pragma GCC diagnostic ignored "-Wignored-attributes"
template <typename T, int bytes>
struct VectorOf {
  typedef T Type __attribute__((vector_size(bytes)));
};
template <typename T, int bytes>
using Vector = VectorOf<T, bytes>::Type;

int widest_vector() {
  static const int bytes = __builtin_cpu_supports("avx512f") ? 64 : __builtin_cpu_supports("avx2") ? 32 : 16;
  return bytes;
}

// The address of the widest form of `name`; `arguments` is "v" or "vv". Null where there is none.
template <typename T>
void* find_form(const char* arguments, const char* name) {
  const NoForks reading;
  static void* const library = dlopen("libmvec.so.1", RTLD_LAZY | RTLD_LOCAL);  // stays open for good
  if (library == nullptr) return nullptr;
  const int bytes = widest_vector();
  const char isa = bytes == 64 ? 'e' : bytes == 32 ? 'd' : 'b';
  const std::string symbol = std::string("_ZGV") + isa + "N" + std::to_string(bytes / int{sizeof(T)}) + arguments +
                             "_" + name + (sizeof(T) == 4 ? "f" : "");
  return dlsym(library, symbol.c_str());
}

// One call per width: the caller must be compiled for the registers that the vector travels in. All lanes get the
// value, so no lane holds a special case that was not asked for.
#define THW_CALL_FORM(ISA, BYTES)                                                      \
  template <typename T, typename... Ts>                                                \
  __attribute__((target(ISA), noinline)) T call_##BYTES(void* form, T x, Ts... more) { \
    using V = Vector<T, BYTES>;                                                        \
    const V zero = {};                                                                 \
    if constexpr (sizeof...(more) == 0) {                                              \
      return reinterpret_cast<V (*)(V)>(form)(x - zero)[0];                            \
    } else {                                                                           \
      return reinterpret_cast<V (*)(V, V)>(form)(x - zero, (more - zero)...)[0];       \
    }                                                                                  \
  }
THW_CALL_FORM("avx512f", 64)
THW_CALL_FORM("avx2", 32)
THW_CALL_FORM("sse2", 16)

template <typename T, typename... Ts>
T call(void* form, T x, Ts... more) {
  switch (widest_vector()) {
    case 64: return call_64(form, x, more...);
    case 32: return call_32(form, x, more...);
    default: return call_16(form, x, more...);
  }
}

}  // namespace

extern "C" {
#define THW_DEFINE_1(N)                                   \
  double thw_##N(double x) {                              \
    static void* const form = find_form<double>("v", #N); \
    return form != nullptr ? call(form, x) : ::N(x);      \
  }                                                       \
  float thw_##N##f(float x) {                             \
    static void* const form = find_form<float>("v", #N);  \
    return form != nullptr ? call(form, x) : ::N##f(x);   \
  }
#define THW_DEFINE_2(N)                                       \
  double thw_##N(double x, double y) {                        \
    static void* const form = find_form<double>("vv", #N);    \
    return form != nullptr ? call(form, x, y) : ::N(x, y);    \
  }                                                           \
  float thw_##N##f(float x, float y) {                        \
    static void* const form = find_form<float>("vv", #N);     \
    return form != nullptr ? call(form, x, y) : ::N##f(x, y); \
  }
THW_VECTOR_MATH_1(THW_DEFINE_1)
THW_VECTOR_MATH_2(THW_DEFINE_2)
}
